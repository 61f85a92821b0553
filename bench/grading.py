"""CPU of nbgrader's autograde a submission: stock, which starts a kernel and runs the notebook, against ours, which reads the record."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lockdesk.answers import Entry, encode
from lockdesk.grading.commands import nbgrader
from lockdesk.grading.habits import doings
from lockdesk.key import read_key

COURSE = Path(__file__).resolve().parents[1]
ASSIGNMENT = "lock-types"
FEW, MANY = 10, 60
STOCK = 'del get_config()["Autograde"]  # noqa: F821  (nbgrader\'s own lists again)\n'


def prepared(folder: Path, learners: int, stock: bool) -> Path:
    """A course in which `learners` have handed in model answers, released but not graded."""
    shutil.copytree(COURSE / "source" / ASSIGNMENT, folder / "source" / ASSIGNMENT)
    config = (COURSE / "nbgrader_config.py").read_text(encoding="utf-8") + (STOCK if stock else "")
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    built = nbgrader(folder, "generate_assignment", ASSIGNMENT)
    assert built.exit_code == 0, built.said
    key = read_key(folder / "source" / ASSIGNMENT)
    for number in range(learners):
        own = folder / "submitted" / f"learner-{number}" / ASSIGNMENT
        shutil.copytree(folder / "release" / ASSIGNMENT, own)
        at = "2026-11-22T10:00:00.000Z"
        with (own / "answers.jsonl").open("wb") as log:
            for doing in doings(key, f"learner-{number}", "perfect", "en"):
                for tried, answer in enumerate(doing.answers, 1):
                    log.write(encode(Entry(1, at, doing.exercise.id, doing.edition, doing.variant, tried, "en", answer)))
    return folder


def cpu_seconds(course: Path) -> float:
    """User and system time of `nbgrader autograde` and of everything it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [str(Path(sys.executable).parent / "nbgrader"), "autograde", ASSIGNMENT]
    run = subprocess.run(command, cwd=course, env=dict(os.environ) | {"PATH": path}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def slope(folder: Path, stock: bool) -> float:
    """CPU seconds a submission, the command's own start left out."""
    few, many = (cpu_seconds(prepared(folder / f"{stock}-{count}", count, stock)) for count in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def ratio() -> float:
    with tempfile.TemporaryDirectory() as folder:
        return slope(Path(folder), stock=True) / slope(Path(folder), stock=False)
