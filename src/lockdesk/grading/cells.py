"""An assignment's notebook as its author must write it: each exercise shown once and graded once, for the points of its key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from ..cases import Case
from ..errors import Fault
from ..key import CASES, SOURCE, TASKS, Exercise, Key
from ..lessons import is_lesson_code, source_of
from ..place import LOG
from ..questions import Written
from ..replay.task import Task

GRADER_ONLY: Final = "lockdesk-grader"
"""The tag of cells that never reach a learner."""
MAY_LIE_IN_SOURCE: Final = (".ipynb", ".toml", ".svg", ".png")
_PLACES: Final = f"{SOURCE}, {CASES}/ and {TASKS}/"
_CALL = re.compile(r'^(quiz|case|terminal|check)\("([a-z0-9-]+)"\)$', re.MULTILINE)


def cell_faults(where: str, notebook: dict[str, Any], key: Key, assignment: str) -> Iterator[Fault]:
    """What is wrong with an assignment's notebook, given its key."""
    name = notebook["metadata"].get("lockdesk", {}).get("assignment")
    if name != assignment:
        yield Fault(f"{where}, metadata lockdesk.assignment", f"is {name!r}; wanted: {assignment!r}, the folder's name.")
    seen: Counter[tuple[str, str]] = Counter()
    for cell in notebook["cells"]:
        at = f"{where}, cell '{cell.get('id')}'"
        ours = cell["metadata"].get("nbgrader", {})
        calls = _CALL.findall(source_of(cell)) if cell["cell_type"] == "code" else []
        if cell["cell_type"] == "code" and (len(calls) != 1 or not is_lesson_code(source_of(cell))):
            what = "is no assignment code. Wanted: one import from lockdesk and one call of quiz, case, terminal or check with an id."
            yield Fault(at, what)
            continue
        if any(ours.get(name) for name in ("grade", "task", "solution")):
            yield from _graded_faults(at, cell, calls, key)
            seen["graded", str(ours.get("grade_id"))] += 1
        elif calls and calls[0][0] == "check":
            yield Fault(at, f"checks '{calls[0][1]}' but is no graded cell; wanted: nbgrader's grade, with its grade_id and points.")
        seen.update(call for call in calls if call[0] != "check")
    yield from _missing(where, seen, key)


def _graded_faults(at: str, cell: dict[str, Any], calls: Sequence[tuple[str, str]], key: Key) -> Iterator[Fault]:
    ours = cell["metadata"]["nbgrader"]
    question = key.exercises.get(ours.get("grade_id", ""))
    if question is None:
        yield Fault(at, f"is graded as '{ours.get('grade_id')}', which {_PLACES} do not have.")
        return
    if ours.get("points") != question.points:
        what = f"is worth {ours.get('points')} points; wanted: the {question.points:g} of '{question.id}' in {_home_of(question)}."
        yield Fault(at, what)
    wanted = _flags_of(question)
    found = {name: bool(ours.get(name)) for name in wanted}
    if found != wanted:
        yield Fault(at, f"has {found}; wanted for '{question.id}': {wanted}.")
    elif not isinstance(question, Written) and list(calls) != [("check", question.id)]:
        yield Fault(at, f"is graded as '{question.id}' but does not check it; wanted: check(\"{question.id}\").")


def _home_of(exercise: Exercise) -> str:
    """The file in which an exercise is written, from the assignment's folder on."""
    folder = CASES if isinstance(exercise, Case) else TASKS if isinstance(exercise, Task) else ""
    return f"{folder}/{exercise.id}.toml" if folder else SOURCE


def _verb_of(exercise: Exercise) -> str:
    """The call that shows an exercise."""
    return "case" if isinstance(exercise, Case) else "terminal" if isinstance(exercise, Task) else "quiz"


def _flags_of(question: Exercise) -> dict[str, bool]:
    by_hand = isinstance(question, Written)
    return {"grade": not by_hand, "task": by_hand, "solution": False, "locked": True}


def _missing(where: str, seen: Counter[tuple[str, str]], key: Key) -> Iterator[Fault]:
    for exercise_id, exercise in key.exercises.items():
        for what, verb in ((_verb_of(exercise), "asks"), ("graded", "grades")):
            if (times := seen[what, exercise_id]) != 1:
                call = f" with {what}" if what in ("case", "terminal") else ""
                yield Fault(where, f"{verb} '{exercise_id}'{call} {times} times; wanted: once.")
    for what, exercise_id in seen:
        if what == "graded":
            continue
        if exercise_id not in key.exercises:
            yield Fault(where, f"asks '{exercise_id}', which {_PLACES} do not have.")
        elif what != (wanted := _verb_of(key.exercises[exercise_id])):
            yield Fault(where, f"asks '{exercise_id}' with {what}; wanted: {wanted}(\"{exercise_id}\").")


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
