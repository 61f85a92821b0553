"""nbgrader's `generate_feedback` with our own page: the exporter it writes feedback/<learner>/<assignment>/ with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade, is_task

from ..bank import read_questions
from ..errors import ContentError, Fault
from ..key import Key
from ..questions import Objective
from ..text import Text
from .assess import Assessment, assess_folder, key_of
from .feedback import Given, feedback_page

Resources = dict[str, Any]


class FeedbackPage(Exporter):  # type: ignore[misc]  # nbconvert carries no types
    """From the submission's record, the key and the gradebook; of the graded notebook only the order of its cells is looked at."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(self, nb: NotebookNode, resources: Resources | None = None, **given: Any) -> tuple[str, Resources]:
        """The page as text.

        Raises:
            ContentError: the key cannot be used, or the gradebook holds points by another key or other answers than these.
        """
        copy, found = super().from_notebook_node(nb, resources, **given)
        ours = found["nbgrader"]
        course = self.parent.coursedir
        root = Path(course.root)
        key = key_of(root, ours["assignment"])
        folder = Path(course.format_path(course.submitted_directory, ours["student"], ours["assignment"]))
        assessment = assess_folder(key, folder, ours["student"])
        points, penalty = _in_gradebook(ours)
        _refuse_outdated(key, assessment, points, ours)
        order = [cell.metadata.nbgrader.grade_id for cell in copy.cells if is_grade(cell) or is_task(cell)]
        outcomes = [(assessment.outcomes[name], points[name][0]) for name in order]
        page = feedback_page(key.lesson, outcomes, assessment.lang, titles_of(root, key.lesson.objectives), penalty)
        found["output_extension"] = self.file_extension
        return page, found


def titles_of(course: Path, objectives: tuple[Objective, ...]) -> dict[str, Text]:
    """The titles of the lessons that objectives name, by the name of the lesson; one that cannot be read is left out."""
    titles: dict[str, Text] = {}
    for name in {objective.revise for objective in objectives if objective.revise}:
        try:
            titles[name] = read_questions(course / "notebooks" / "questions" / f"{name}.toml").lesson.title
        except ContentError:
            continue
    return titles


def _in_gradebook(ours: dict[str, str]) -> tuple[dict[str, tuple[Given, float | None]], float]:
    """For each exercise what is given, and the points by rule behind it; and what is taken off for being late."""
    with Gradebook(ours["db_url"]) as gradebook:
        notebook = gradebook.find_submission_notebook(ours["notebook"], ours["assignment"], ours["student"])
        comments = {comment.name: comment.manual_comment or "" for comment in notebook.comments}
        points: dict[str, tuple[Given, float | None]] = {}
        for grade in notebook.grades:
            is_unread = grade.manual_score is None and grade.needs_manual_grade
            total = None if is_unread else grade.score + (grade.extra_credit or 0.0)
            given = Given(total, grade.manual_score is not None or bool(grade.extra_credit), comments.get(grade.name, ""))
            points[grade.name] = given, grade.auto_score
        return points, notebook.late_submission_penalty or 0.0


def _refuse_outdated(key: Key, assessment: Assessment, points: dict[str, tuple[Given, float | None]], ours: dict[str, str]) -> None:
    for name in key.exercises:
        outcome = assessment.outcomes[name]
        by_rule = points[name][1] if name in points else None
        is_same = by_rule is not None and abs(by_rule - outcome.score.earned) < 1e-9
        if name not in points or (outcome.score.verdict != "by-hand" and not is_same):
            assignment = ours["assignment"]
            what = (
                f"the gradebook holds other points for {name!r} than the answers and the key give now. "
                f"Grade again with `lockdesk grade {assignment} --again`, then generate the feedback again."
            )
            raise ContentError([Fault(f"submitted/{ours['student']}/{assignment}", what)])
