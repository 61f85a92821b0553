"""Grades as a table: one row a learner and assignment, empty where nothing is known, and never a 0 for somebody who was not there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

COLUMNS: Final = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("state", "late_seconds", "raw_score", "late_submission_penalty", "score", "max_score"),
)


class ExportGrades(ExportPlugin):  # type: ignore[misc]  # nbgrader carries no types
    """`nbgrader export`: a CSV file with a byte order mark, so that a spreadsheet reads Chinese names.

    state: graded · waiting (a written answer has not been read) · not graded · absent. Only `graded` has a score.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write every learner of the class, for every assignment, or for those asked for."""
        target = Path(self.to or "grades.csv")
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(_rows(gradebook, set(self.assignment), set(self.student)))
        self.log.info("Exported to %s", target)


def _rows(gradebook: Gradebook, assignments: set[str], students: set[str]) -> Iterator[dict[str, Any]]:
    everyone = sorted((one for one in gradebook.students if not students or one.id in students), key=lambda one: str(one.id))
    for assignment in gradebook.assignments:
        if assignments and assignment.name not in assignments:
            continue
        handed_in = {submission.student_id: submission for submission in assignment.submissions}
        for student in everyone:
            row = {
                "assignment": assignment.name,
                "duedate": assignment.duedate or "",
                "student_id": student.id,
                "last_name": student.last_name or "",
                "first_name": student.first_name or "",
                "email": student.email or "",
                "max_score": assignment.max_score,
            }
            own = _standing(handed_in.get(student.id))
            yield {name: _harmless(value) for name, value in (row | own).items()}


def _standing(submission: Any) -> dict[str, Any]:
    """What is known of one submission, None being no submission."""
    if submission is None:
        return {"state": "absent"}
    known = {"timestamp": submission.timestamp or "", "late_seconds": round(submission.total_seconds_late)}
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    if not grades or any(grade.auto_score is None and grade.manual_score is None and grade.cell.type == "GradeCell" for grade in grades):
        return known | {"state": "not graded"}
    if any(grade.needs_manual_grade for grade in grades):
        return known | {"state": "waiting"}
    penalty = submission.late_submission_penalty or 0.0
    score = {
        "raw_score": round(submission.score, 4),
        "late_submission_penalty": penalty,
        "score": round(max(0.0, submission.score - penalty), 4),
    }
    return known | {"state": "graded"} | score


def _harmless(value: Any) -> Any:
    """A name that a spreadsheet would take for a formula is kept from becoming one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
