"""questions.json: an assignment's questions as its learners get them, without a key. Written by the instructor's side, read by both."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from .answers import Entry
from .bank import QuestionFile, read_questions, spoken
from .errors import ContentError, Fault, UnknownQuestion
from .questions import Asked, asked, is_answer
from .text import Text

FILE: Final = "questions.json"
SOURCE: Final = "questions.toml"


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions of one assignment, in the order in which they are asked."""

    form: Literal[1]
    assignment: str
    edition: str
    title: Text
    questions: tuple[Asked, ...]

    def question(self, question_id: str) -> Asked:
        """The question called `question_id`.

        Raises:
            UnknownQuestion: the assignment does not ask it.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise UnknownQuestion(question_id, (), self.assignment)


def recorded_in(published: Published, entries: Iterable[Entry]) -> set[str]:
    """The questions whose last entry is a whole answer to this edition."""
    last = {entry.q: entry for entry in entries}
    found = ((question, last.get(question.id)) for question in published.questions)
    return {question.id for question, entry in found if entry and entry.edition == published.edition and is_answer(question, entry.answer)}


def publish(assignment: str, file: QuestionFile) -> Published:
    """What learners get of a question file."""
    return Published(1, assignment, file.edition, file.lesson.title, tuple(map(asked, file.questions.values())))


def encode(published: Published) -> bytes:
    """The file's bytes: the same for the same questions, one line each field, so that a change can be read in a comparison."""
    data: dict[str, Any] = msgspec.to_builtins(published)
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def file_of(folder: Path) -> Path:
    """The file that holds the questions of the assignment in `folder`: the author's where there is one."""
    return folder / (SOURCE if (folder / SOURCE).is_file() else FILE)


def read_published(folder: Path) -> Published:
    """The assignment in `folder`: as published, or straight from the author's file where that is.

    Raises:
        ContentError: neither file is there, or the one that is cannot be used.
    """
    path = file_of(folder)
    if path.name == SOURCE:
        return publish(folder.name, read_questions(path))
    try:
        return msgspec.json.decode(path.read_bytes(), type=Published)
    except (OSError, ValueError) as error:  # of ValueError: not JSON, not UTF-8, another shape
        raise ContentError([Fault(spoken(path), f"cannot be used: {error}. Fetch the assignment again.")]) from None
