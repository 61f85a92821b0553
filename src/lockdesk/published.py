"""questions.json: an assignment as its learners get it, without a key. Written by the instructor's side, read by both."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from .answers import Entry
from .bank import spoken
from .cases import Case, publishing
from .errors import ContentError, Fault, UnknownQuestion
from .key import CASES, SOURCE, TASKS, Key, read_key
from .questions import Asked, asked, is_answer
from .replay import publishing as task_publishing
from .replay.log import Said, call_in, task_in
from .replay.task import Task
from .text import Text

FILE: Final = "questions.json"


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The questions, calls and tasks of one assignment. Calls and tasks are as `cases.publishing` and `replay.publishing` write them."""

    form: Literal[1]
    assignment: str
    edition: str
    title: Text
    questions: tuple[Asked, ...]
    cases: tuple[dict[str, Any], ...] = ()
    tasks: tuple[dict[str, Any], ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Everything that can be recorded."""
        return (*(question.id for question in self.questions), *(one["id"] for one in (*self.cases, *self.tasks)))

    def question(self, question_id: str) -> Asked:
        """The question called `question_id`.

        Raises:
            UnknownQuestion: the assignment does not ask it.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise self._unknown(question_id)

    def case(self, case_id: str) -> Case:
        """The call `case_id`, to be played.

        Raises:
            UnknownQuestion: the assignment does not have it.
        """
        for data in self.cases:
            if data["id"] == case_id:
                return publishing.from_published(data, FILE)
        raise self._unknown(case_id)

    def task(self, task_id: str) -> Task:
        """The task `task_id`, to be worked on.

        Raises:
            UnknownQuestion: the assignment does not have it.
        """
        for data in self.tasks:
            if data["id"] == task_id:
                return task_publishing.from_published(data, FILE)
        raise self._unknown(task_id)

    def exercise(self, exercise_id: str) -> Asked | Case | Task:
        """The question, call or task of this id.

        Raises:
            UnknownQuestion: the assignment has none.
        """
        if any(data["id"] == exercise_id for data in self.cases):
            return self.case(exercise_id)
        return self.task(exercise_id) if any(data["id"] == exercise_id for data in self.tasks) else self.question(exercise_id)

    def _unknown(self, name: str) -> UnknownQuestion:
        from difflib import get_close_matches  # here, for a cell that finds what it wants must not wait for it

        return UnknownQuestion(name, get_close_matches(name, self.ids, 3), self.assignment)


def recorded_in(published: Published, entries: Iterable[Entry]) -> set[str]:
    """What counts as recorded: a question by its last entry, a call by its ticket, a task by a terminal handed over."""
    last: dict[str, Entry] = {}
    said: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for entry in entries:
        last[entry.q] = entry
        said[entry.q, entry.edition].append((entry.variant, entry.answer))
    ours = {one.id: last[one.id] for one in published.questions if one.id in last and last[one.id].edition == published.edition}
    found = {one.id for one in published.questions if one.id in ours and is_answer(one, ours[one.id].answer)}
    found |= {one["id"] for one in published.cases if call_in(said[one["id"], one["edition"]]).is_whole}
    return found | {one["id"] for one in published.tasks if task_in(said[one["id"], one["edition"]]).is_whole}


def is_begun(exercise: Case | Task, entries: Iterable[Entry]) -> bool:
    """Whether anything was done in a call or task, of this edition."""
    said = [(entry.variant, entry.answer) for entry in entries if (entry.q, entry.edition) == (exercise.id, exercise.edition)]
    return bool((call_in(said) if isinstance(exercise, Case) else task_in(said)).entries)


def publish(assignment: str, key: Key) -> Published:
    """What learners get of a key."""
    return Published(
        1,
        assignment,
        key.edition,
        key.lesson.title,
        tuple(map(asked, key.questions.values())),
        tuple(map(publishing.published, key.cases.values())),
        tuple(map(task_publishing.published, key.tasks.values())),
    )


def encode(published: Published) -> bytes:
    """The file's bytes: the same for the same questions, one line each field, so that a change can be read in a comparison."""
    data: dict[str, Any] = msgspec.to_builtins(published)
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def file_of(folder: Path) -> Path:
    """The file that holds the questions of the assignment in `folder`: the author's where there is one."""
    return folder / (SOURCE if (folder / SOURCE).is_file() else FILE)


def changed_at(folder: Path) -> int:
    """When anything was last changed of which the assignment in `folder` is read, in nanoseconds."""
    parts = [file_of(folder), *(path for name in (CASES, TASKS) for path in (folder / name).glob("*.toml"))]
    return max(path.stat().st_mtime_ns for path in parts)


def read_published(folder: Path) -> Published:
    """The assignment in `folder`: as published, or straight from the author's files where those are.

    Raises:
        ContentError: no file is there, or one that is cannot be used.
    """
    path = file_of(folder)
    if path.name == SOURCE:
        return publish(folder.name, read_key(folder))
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Published)
        for data in found.cases:
            publishing.from_published(data, FILE)
        for data in found.tasks:
            task_publishing.from_published(data, FILE)
    except (OSError, ValueError, ContentError) as error:  # of ValueError: not JSON, not UTF-8, another shape
        what = str(error).rstrip(".")
        raise ContentError([Fault(spoken(path), f"cannot be used: {what}. Fetch the assignment again.")]) from None
    return found
