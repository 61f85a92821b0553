"""`lockdesk extend` and `lockdesk rename`: two things that happen to a learner in a term, and that nbgrader has no command for."""

from __future__ import annotations

import shutil
from datetime import timedelta
from glob import escape
from pathlib import Path
from typing import Final

from ..errors import ContentError, Fault
from .batch import gradebook_of
from .configuration import COURSE_ID, exchange_of

STEPS: Final = ("submitted", "autograded", "feedback")
_BOOK: Final = "gradebook.db"


def extend(course: Path, learner: str, assignment: str, days: float) -> list[str]:
    """Give a learner who has handed in `days` more than the class, instead of any given before; 0 takes them back. What to say.

    Raises:
        ContentError: there is no deadline, or nothing of this learner has been graded, so that there is nothing to extend.
    """
    from nbgrader.api import MissingEntry

    if not 0 <= days <= 365:
        raise ContentError([Fault("DAYS", f"is {days:g}; wanted: 0 to 365.")])
    _wants_book(course)
    with gradebook_of(course) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, learner)
        except MissingEntry:
            what = (
                f"has nothing of {learner!r} for {assignment!r}. Extra time is entered once the work is graded: lockdesk grade {assignment}"
            )
            raise ContentError([Fault(_BOOK, what)]) from None
        if submission.assignment.duedate is None:
            raise ContentError([Fault(_BOOK, f"has no deadline for {assignment!r}, so nobody is late.")])
        submission.extension = timedelta(days=days) if days else None
        gradebook.db.commit()
        late = submission.total_seconds_late
        stands = f"handed in {timedelta(seconds=round(late))} late" if late else "handed in in time"
        lines = [f"{learner} has until {submission.duedate:%Y-%m-%d %H:%M} UTC for {assignment}: {stands}."]
        if any(notebook.late_submission_penalty for notebook in submission.notebooks):
            lines.append(f"Points were taken off for being late. Give them back with: lockdesk grade {assignment} --again")
        return lines


def rename(course: Path, old: str, new: str) -> list[str]:
    """Everything that is `old`'s becomes `new`'s: work, points given by hand, feedback, and what the class list says. What to say.

    Raises:
        ContentError: there is no `old`, `new` cannot be a name, or both handed in the same assignment; then nothing is changed.
    """
    from nbgrader.api import MissingEntry, Student, SubmittedAssignment
    from sqlalchemy import delete, update

    if new == old or not new or new.startswith(".") or "/" in new or "+" in new or new != new.strip():
        raise ContentError([Fault("NEW", f"cannot be {new!r}; wanted: the name of an account, such as wang.lei.")])
    _wants_book(course)
    with gradebook_of(course) as gradebook:
        try:
            before = gradebook.find_student(old)
        except MissingEntry:
            raise ContentError([Fault(_BOOK, f"has no learner {old!r}. See the list: nbgrader db student list")]) from None
        there = next((one for one in gradebook.students if one.id == new), None)
        works = {one.assignment.name for one in before.submissions}
        sent = sorted((exchange_of(course) / COURSE_ID / "inbound").glob(f"{escape(old)}+*"))
        _refuse_both(course, old, new)
        for name in sorted(works & {one.assignment.name for one in (there.submissions if there is not None else ())}):
            loser = old if (course / "submitted" / new / name).is_dir() else new
            gradebook.remove_submission(name, loser)
            for step in STEPS:
                shutil.rmtree(course / step / loser / name, ignore_errors=True)
        moves = [path for step in STEPS for path in sorted((course / step / old).glob("*")) if path.is_dir()]
        works |= {path.name for path in moves}
        known = {name: getattr(there, name, None) or getattr(before, name) for name in ("last_name", "first_name", "email")}
        gradebook.update_or_create_student(new, **known)
        gradebook.db.execute(update(SubmittedAssignment).where(SubmittedAssignment.student_id == old).values(student_id=new))
        gradebook.db.execute(delete(Student).where(Student.id == old))
        for path in moves:
            target = course / path.parts[-3] / new / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        for path in sent:  # or the next collecting would bring the old name back
            path.rename(path.with_name(new + path.name.removeprefix(old)))
        gradebook.db.commit()
    for step in STEPS:
        if (course / step / old).is_dir() and not any((course / step / old).iterdir()):
            (course / step / old).rmdir()
    return [f"{old} is {new} now: {', '.join(sorted(works)) or 'nothing handed in'}. Answers and points are as they were."]


def _refuse_both(course: Path, old: str, new: str) -> None:
    """See that no work would be put upon another.

    Raises:
        ContentError: there is one that both handed in.
    """
    handed_in = [{path.name for path in (course / "submitted" / one).glob("*") if path.is_dir()} for one in (old, new)]
    if both := sorted(handed_in[0] & handed_in[1]):
        what = f"handed in {', '.join(both)}, and so did {old!r}. Decide which counts, remove the other from submitted/, then try again."
        raise ContentError([Fault(new, what)])


def _wants_book(course: Path) -> None:
    """See that there is a gradebook.

    Raises:
        ContentError: there is none.
    """
    if not (course / _BOOK).is_file():
        raise ContentError([Fault(_BOOK, "is not there yet. It is made when somebody is entered or graded.")])
