"""Everything nbgrader is told for this course; nbgrader_config.py calls it with its own folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ..answers import MAX_FILE

COURSE_ID = "locked-terminals"
_OURS = "lockdesk.grading.preprocessors"


def exchange_of(root: Path) -> Path:
    """A folder that a whole class shares, or our own."""
    return Path(os.environ.get("LOCKDESK_EXCHANGE") or root / "exchange")


def configure(c: Any, root: Path) -> None:
    """Fill nbgrader's configuration `c` for the course in `root`. Every path is absolute, none is written down anywhere."""
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = COURSE_ID
    # nbgrader's own four, then what stays with the instructor: keys, editors' copies, learners' own notebooks.
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.toml", "*.toml?*", "*~", ".*", "*.theirs*"]
    c.CourseDirectory.max_file_size = MAX_FILE // 1000 + 1000  # kilobytes; above the record's own limit, or it would be dropped in silence
    c.Exchange.root = str(exchange_of(root))
    c.Exchange.cache = str(root / ".jupyter" / "nbgrader-cache")
    c.Exchange.assignment_dir = str(root / "work")
    c.ExchangeFactory.collect = "lockdesk.grading.exchange.CollectAnswers"
    c.ExchangeFactory.release_assignment = "lockdesk.grading.exchange.ReleaseWithoutAnswers"
    c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".jsonl"]
    c.GenerateAssignment.preprocessors = [
        f"{_OURS}.PublishQuestions",
        "nbgrader.preprocessors.LockCells",
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.CheckCellMetadata",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.SaveCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # Nothing a learner wrote is executed: the released notebook is scored by the answer record.
    c.Autograde.sanitize_preprocessors = [f"{_OURS}.RestoreRelease"]
    c.Autograde.autograde_preprocessors = [
        f"{_OURS}.ScoreAnswers",
        f"{_OURS}.SaveScores",
        f"{_OURS}.PenalizeLate",
        f"{_OURS}.ShowAnswers",
    ]
    c.GenerateFeedback.preprocessors = []
    c.GenerateFeedback.exporter_class = "lockdesk.grading.exporter.FeedbackPage"
    c.ExportApp.plugin_class = "lockdesk.grading.export.ExportGrades"
