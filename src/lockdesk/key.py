"""An assignment as its author wrote it: questions, calls and tasks on the terminal, with all that is right. The instructor's side."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from msgspec import field

from .bank import QuestionFile, read_questions, spoken
from .cases import Case
from .cases.reading import read_cases
from .errors import ContentError, Fault
from .questions import Question
from .replay.reading import read_tasks
from .replay.task import Task

SOURCE: Final = "questions.toml"
CASES: Final = "cases"
TASKS: Final = "tasks"

Exercise = Question | Case | Task
"""What a graded cell can be about."""


class Key(QuestionFile, frozen=True):
    """All of an assignment. Cases and tasks have editions of their own."""

    cases: dict[str, Case] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def exercises(self) -> dict[str, Exercise]:
        """Everything that is graded, by id."""
        return {**self.questions, **self.cases, **self.tasks}

    def edition_of(self, exercise_id: str) -> str:
        """The edition that answers must name to count."""
        exercise = self.exercises[exercise_id]
        return exercise.edition if isinstance(exercise, Case | Task) else self.edition


def read_key(folder: Path) -> Key:
    """The key in `folder`: questions.toml, cases/*.toml and tasks/*.toml.

    Raises:
        ContentError: all that is wrong with all of them, ids that are used twice included.
    """
    faults: list[Fault] = []
    file: QuestionFile | None = None
    cases: dict[str, Case] = {}
    tasks: dict[str, Task] = {}
    try:
        file = read_questions(folder / SOURCE)
    except ContentError as error:
        faults += error.faults
    try:
        cases = read_cases(folder / CASES)
    except ContentError as error:
        faults += error.faults
    try:
        tasks = read_tasks(folder / TASKS)
    except ContentError as error:
        faults += error.faults
    for one, times in Counter([*(file.questions if file else ()), *cases, *tasks]).items():
        if times > 1:
            faults.append(Fault(f"{spoken(folder)}, {one!r}", f"is the id of {times} exercises; wanted: of one."))
    if faults or file is None:
        raise ContentError(faults)
    return Key(file.path, file.edition, file.lesson, file.questions, cases, tasks)
