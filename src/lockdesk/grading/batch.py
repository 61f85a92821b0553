"""`lockdesk grade`: nbgrader's autograde over a whole class, and a last table in which nobody is missing."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from ..answers import examine
from ..errors import ContentError, Fault
from ..key import Key
from ..place import LOG
from ..published import FILE, encode, publish
from .assess import Assessment, Flag, assess_folder, key_of
from .commands import nbgrader
from .preprocessors import with_notes
from .present import flag_words
from .submission import prepare

State = Literal["graded", "waiting", "older key", "not graded"]
SAME_LINES = 2
"""How many records with the same time to the millisecond two learners may share before it is said."""


class Row(msgspec.Struct, frozen=True):
    """One learner in the last table. `earned` is None where there is no score yet; points by question in `points`."""

    learner: str
    state: State
    earned: float | None
    possible: float
    flags: tuple[Flag, ...]
    points: dict[str, float | None] = {}

    def spoken(self, width: int) -> list[str]:
        """The row as lines of text."""
        earned = "-" if self.earned is None else _spoken(self.earned)
        first = f"{self.learner:<{width}}  {earned:>7} of {self.possible:g}  {self.state}"
        return [first, *(f"{'':<{width}}  {'':>7}  ! {flag_words(flag, 'en')}" for flag in self.flags)]


def grade(course: Path, assignment: str, again: bool, tell: Callable[[str], None]) -> list[Row]:
    """Grade everybody in submitted/ who has not been graded, or everybody `again`, and say how each one stands.

    Graded again, it tells first whose score has changed, by how much and where.

    Raises:
        ContentError: the key or the released notebook cannot be used.
    """
    key = key_of(course, assignment)
    _ready(course, assignment, key, tell)
    folders = {path.parent.name: path for path in sorted((course / "submitted").glob(f"*/{assignment}")) if path.is_dir()}
    if not folders:
        tell(f"Nobody has handed in {assignment}: submitted/ is empty. Collect first: nbgrader collect {assignment}")
        return []
    for folder in folders.values():
        prepare(folder, course / "release" / assignment)
    tell(f"Grading {len(folders)} of {assignment} …")
    before = _points(course, assignment) if again else {}
    run = nbgrader(course, "autograde", assignment, *(["--force"] if again else []))
    rows = standing(course, assignment, key, folders)
    if before:
        for line in changes(before, rows):
            tell(line)
    if any(row.state == "not graded" for row in rows):
        tell(run.said)
    return rows


def _ready(course: Path, assignment: str, key: Key, tell: Callable[[str], None]) -> None:
    """See that the assignment is built, and known to the gradebook."""
    released = course / "release" / assignment / FILE
    if released.is_file() and released.read_bytes() != encode(publish(assignment, key)):
        tell(f"Note: release/{assignment}/ was built from an earlier source/{assignment}/. It is graded by the key as it is now.")
    if not released.is_file() or not _is_known(course, assignment):
        build(course, assignment)


def build(course: Path, assignment: str) -> None:
    """Build release/<assignment>/ with nbgrader, and enter it in the gradebook.

    Raises:
        ContentError: the key cannot be used, answers lie beside it, or nbgrader refused; carries what it said.
    """
    key_of(course, assignment)  # before nbgrader deletes what lies in release/: what was built last, or somebody's answers
    run = nbgrader(course, "generate_assignment", assignment, "--force")
    if run.exit_code:
        raise ContentError([Fault(f"source/{assignment}", f"could not be built. nbgrader says:\n{run.said.strip()}")])


def _is_known(course: Path, assignment: str) -> bool:
    from nbgrader.api import MissingEntry

    if not (course / "gradebook.db").is_file():  # nbgrader's own commands make it; they know where their tools are
        return False
    with gradebook_of(course) as gradebook:
        try:
            return bool(gradebook.find_assignment(assignment).notebooks)
        except MissingEntry:
            return False


def gradebook_of(course: Path) -> Any:
    """The course's gradebook, to be used in a `with`."""
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{course / 'gradebook.db'}", "locked-terminals")


def _points(course: Path, assignment: str) -> dict[str, dict[str, float]]:
    """The points in the gradebook by learner and exercise, of those who have been graded."""
    with gradebook_of(course) as gradebook:
        return {
            submission.student_id: {grade.name: grade.score for notebook in submission.notebooks for grade in notebook.grades}
            for submission in gradebook.find_assignment(assignment).submissions
            if any(grade.auto_score is not None for notebook in submission.notebooks for grade in notebook.grades)
        }


def changes(before: dict[str, dict[str, float]], rows: Sequence[Row]) -> list[str]:
    """Whose score changed when everybody was graded again: from what to what, and by which exercises; and one line that sums it up."""
    lines = []
    regraded = [row for row in rows if row.learner in before and row.earned is not None]
    width = max((len(row.learner) for row in regraded), default=0)
    up = 0
    for row in regraded:
        old = before[row.learner]
        moved = [
            (name, old.get(name, 0.0), now or 0.0) for name, now in row.points.items() if abs((now or 0.0) - old.get(name, 0.0)) > 1e-9
        ]
        if moved:
            was, now = sum(old.values()), row.earned or 0.0
            up += now > was
            where = ", ".join(f"{name} {_spoken(a)} → {_spoken(b)}" for name, a, b in moved)
            lines.append(f"changed: {row.learner:<{width}}  {_spoken(was)} → {_spoken(now)} ({_spoken(now - was, '+')})  {where}")
    if not lines:
        return [f"Nobody's score changed; {len(regraded)} were graded again."]
    return [*lines, f"{len(lines)} of {len(regraded)} scores changed, {up} of them upwards. Return the feedback anew, with --force."]


def _spoken(points: float, sign: str = "") -> str:
    """Points as the table writes them, with a sign where one is asked for."""
    return f"{points:{sign}.2f}".rstrip("0").rstrip(".")


def standing(course: Path, assignment: str, key: Key, folders: dict[str, Path]) -> list[Row]:
    """How each learner in `folders` (by name, where the submission lies) stands in the gradebook."""
    assessments = {name: with_notes(assess_folder(key, folder, name), folder) for name, folder in folders.items()}
    alike = _alike(folders)
    rows = []
    with gradebook_of(course) as gradebook:
        submissions = {submission.student_id: submission for submission in gradebook.find_assignment(assignment).submissions}
        known = {student.id for student in gradebook.students} | set(folders)
        for name, assessment in assessments.items():
            flags = _class_flags(name, assessment, known, alike[name])
            is_graded = (course / "autograded" / name / assignment / f"{assignment}.ipynb").is_file()  # nbgrader removes what failed
            rows.append(_row(name, submissions.get(name) if is_graded else None, assessment, flags, key))
    return rows


def _row(name: str, submission: Any, assessment: Assessment, flags: list[Flag], key: Key) -> Row:
    possible = sum(question.points for question in key.exercises.values())
    grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades} if submission else {}
    if submission is not None and submission.total_seconds_late > 0:
        flags.append(Flag("late"))
    points = {question_id: grades[question_id].score if question_id in grades else None for question_id in key.exercises}
    state: State = "graded"
    if any(one not in grades or _is_unscored(grades[one]) for one in points):
        return Row(name, "not graded", None, possible, tuple(flags), points)
    if any(grades[one].needs_manual_grade for one in points):
        state = "waiting"
    by_key = {one: outcome.score.earned for one, outcome in assessment.outcomes.items() if outcome.score.verdict != "by-hand"}
    if any(grades[one].auto_score is not None and abs(grades[one].auto_score - earned) > 1e-9 for one, earned in by_key.items()):
        state = "older key"
    return Row(name, state, sum(value or 0.0 for value in points.values()), possible, tuple(flags), points)


def _is_unscored(grade: Any) -> bool:
    """Whether autograding never came to this grade; one that a person gives has no score by itself."""
    return grade.auto_score is None and grade.manual_score is None and grade.cell.type == "GradeCell"


def _class_flags(name: str, assessment: Assessment, known: set[str], alike: Iterable[str]) -> list[Flag]:
    """The submission's own flags, those that only the whole class can show added."""
    mates = [other for other in assessment.recorded_by if other != name and other in known]
    flags = [flag for flag in assessment.flags if not (mates and flag.reason == "other-learner")]
    flags += [Flag("classmate", ", ".join(mates))] if mates else []
    others = sorted(set(alike) - set(mates))
    return flags + ([Flag("same-answers", ", ".join(others[:3]))] if others else [])


def _alike(folders: dict[str, Path]) -> dict[str, set[str]]:
    """For each learner those whose records share lines with theirs: the same question, answer and time to the millisecond."""
    owners: dict[str, set[str]] = defaultdict(set)
    for name, folder in folders.items():
        for entry in examine(folder / LOG).entries:
            owners[json.dumps([entry.at, entry.q, entry.answer], sort_keys=True)].add(name)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for names in owners.values():
        for one in names:
            for other in names - {one}:
                shared[one, other] += 1
    alike: dict[str, set[str]] = {name: set() for name in folders}
    for (one, other), lines in shared.items():
        if lines >= SAME_LINES:
            alike[one].add(other)
    return alike


def table(rows: Sequence[Row]) -> list[str]:
    """The last table, and one line that sums it up."""
    width = max((len(row.learner) for row in rows), default=0)
    lines = [line for row in rows for line in row.spoken(width)]
    count = {state: sum(row.state == state for row in rows) for state in ("graded", "waiting", "older key", "not graded")}
    flagged = sum(bool(row.flags) for row in rows)
    summary = f"{len(rows)} in submitted/: {count['graded']} graded, {count['waiting']} waiting for a person to read the written answer"
    if count["older key"]:
        summary += f", {count['older key']} graded by an older key (grade them with --again)"
    if count["not graded"]:
        summary += f", {count['not graded']} NOT GRADED (what nbgrader said is above)"
    return [*lines, f"{summary}; {flagged} to look at."]


def is_whole(rows: Sequence[Row]) -> bool:
    """Whether everybody has a score by the present key, or waits for a person only."""
    return all(row.state in ("graded", "waiting") for row in rows)


def release_all(course: Path, tell: Callable[[str], None]) -> None:
    """Build release/ from source/, every assignment, from nothing but what is in source/.

    Raises:
        ContentError: an assignment is faulty; nothing of it is released then.
    """
    names = [path.name for path in sorted((course / "source").iterdir()) if (path / "questions.toml").is_file()]
    for name in names:
        build(course, name)
        tell(f"built: release/{name}/")
    for path in sorted((course / "release").iterdir()):
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)
            tell(f"removed: release/{path.name}/, which source/ does not have")
