"""An assignment's notebook as its author must write it: each question asked once and graded once, for the points of its key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from ..bank import QuestionFile
from ..errors import Fault
from ..lessons import is_lesson_code, source_of
from ..place import LOG
from ..questions import Question, Written

GRADER_ONLY: Final = "lockdesk-grader"
"""The tag of cells that never reach a learner."""
MAY_LIE_IN_SOURCE: Final = (".ipynb", ".toml", ".svg", ".png")
_CALL = re.compile(r'^(quiz|check)\("([a-z0-9-]+)"\)$', re.MULTILINE)


def cell_faults(where: str, notebook: dict[str, Any], file: QuestionFile, assignment: str) -> Iterator[Fault]:
    """What is wrong with an assignment's notebook, given its questions."""
    name = notebook["metadata"].get("lockdesk", {}).get("assignment")
    if name != assignment:
        yield Fault(f"{where}, metadata lockdesk.assignment", f"is {name!r}; wanted: {assignment!r}, the folder's name.")
    seen: Counter[tuple[str, str]] = Counter()
    for cell in notebook["cells"]:
        at = f"{where}, cell '{cell.get('id')}'"
        ours = cell["metadata"].get("nbgrader", {})
        calls = _CALL.findall(source_of(cell)) if cell["cell_type"] == "code" else []
        if cell["cell_type"] == "code" and (len(calls) != 1 or not is_lesson_code(source_of(cell))):
            yield Fault(at, "is no assignment code. Wanted: one import from lockdesk and one call of quiz or check with a question's id.")
            continue
        if any(ours.get(name) for name in ("grade", "task", "solution")):
            yield from _graded_faults(at, cell, calls, file)
            seen["graded", str(ours.get("grade_id"))] += 1
        elif calls and calls[0][0] == "check":
            yield Fault(at, f"checks '{calls[0][1]}' but is no graded cell; wanted: nbgrader's grade, with its grade_id and points.")
        seen.update(call for call in calls if call[0] == "quiz")
    yield from _missing(where, seen, file)


def _graded_faults(at: str, cell: dict[str, Any], calls: Sequence[tuple[str, str]], file: QuestionFile) -> Iterator[Fault]:
    ours = cell["metadata"]["nbgrader"]
    question = file.questions.get(ours.get("grade_id", ""))
    if question is None:
        yield Fault(at, f"is graded as '{ours.get('grade_id')}', which questions.toml does not have.")
        return
    if ours.get("points") != question.points:
        yield Fault(at, f"is worth {ours.get('points')} points; wanted: the {question.points:g} of '{question.id}' in questions.toml.")
    wanted = _flags_of(question)
    found = {name: bool(ours.get(name)) for name in wanted}
    if found != wanted:
        yield Fault(at, f"has {found}; wanted for '{question.id}': {wanted}.")
    elif not isinstance(question, Written) and list(calls) != [("check", question.id)]:
        yield Fault(at, f"is graded as '{question.id}' but does not check it; wanted: check(\"{question.id}\").")


def _flags_of(question: Question) -> dict[str, bool]:
    by_hand = isinstance(question, Written)
    return {"grade": not by_hand, "task": by_hand, "solution": False, "locked": True}


def _missing(where: str, seen: Counter[tuple[str, str]], file: QuestionFile) -> Iterator[Fault]:
    for what, verb in (("quiz", "asks"), ("graded", "grades")):
        for question_id in file.questions:
            if (times := seen[what, question_id]) != 1:
                yield Fault(where, f"{verb} '{question_id}' {times} times; wanted: once.")
    for what, question_id in seen:
        if what == "quiz" and question_id not in file.questions:
            yield Fault(where, f"asks '{question_id}', which questions.toml does not have.")


def stray_faults(course: Path, assignment: str) -> Iterator[Fault]:
    """Files in source/ that would be given to learners and are none of an assignment's."""
    folder = course / "source" / assignment
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if ".ipynb_checkpoints" in path.parts or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() or path.suffix not in MAY_LIE_IN_SOURCE or path.name.startswith((".", LOG)):
            what = f"would be given to learners. Wanted here: {', '.join(MAY_LIE_IN_SOURCE)} only. Move it out of source/."
            yield Fault(f"source/{assignment}/{name}", what)
        elif path.suffix == ".ipynb" and name != f"{assignment}.ipynb":
            yield Fault(f"source/{assignment}/{name}", f"would be released too; wanted: one notebook, {assignment}.ipynb.")
