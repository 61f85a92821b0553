"""A small course with a class in it: answers are handed in as nbgrader's own submit leaves them, and graded by its own commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from builders import ONE_OF_EACH, assignment, entry, model_answer, question_file
from lockdesk.answers import Entry, encode
from lockdesk.grading.batch import Row, grade
from lockdesk.grading.commands import Run, nbgrader
from lockdesk.place import LOG
from lockdesk.questions import Question

QUESTIONS = {question.id: question for question in ONE_OF_EACH.values()}
AUTO = {question_id: question.points for question_id, question in QUESTIONS.items() if question_id != "say-it"}
"""The points of every question that no person has to read."""
PERFECT = {question_id: model_answer(question) for question_id, question in QUESTIONS.items()} | {"say-it": "My own words."}
BLANK = dict.fromkeys(QUESTIONS, 0.0)
TIME = "2026-11-22 04:10:{:02}.000000 UTC"


def entries(answers: Mapping[str, Any], learner: str, **given: Any) -> list[Entry]:
    """A line for each answer, as the learner's own notebook records it: with their name, a millisecond apart."""
    usual = {"variant": learner}
    stamps = (f"2026-11-22T04:{minute:02}:{sum(map(ord, learner)) % 60:02}.000Z" for minute in range(60))
    return [entry(question, answer, **usual | {"at": at} | given) for (question, answer), at in zip(answers.items(), stamps, strict=False)]


def record(answers: Mapping[str, Any], learner: str, **given: Any) -> bytes:
    return b"".join(map(encode, entries(answers, learner, **given)))


class Classroom:
    """A course of one assignment, `small`, released; with a folder in which a class hands in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: list[str] = []

    @classmethod
    def build(cls, root: Path, *questions: Question) -> Classroom:
        """A course made from nothing. Takes a second; a copy of one takes none."""
        assignment(root, *questions)
        (root / "notebooks").mkdir()
        (root / "exchange").mkdir()
        room = cls(root)
        for command in ("generate_assignment", "release_assignment"):
            room.run(command, "small")
        return room

    def copy(self, to: Path) -> Classroom:
        shutil.copytree(self.root, to)
        return Classroom(to)

    def ask(self, *questions: Question, **top: Any) -> None:
        """Ask other questions instead, and release them; `top` replaces the edition or lesson of their file."""
        assignment(self.root, *questions)
        question_file(self.source, *questions, name="questions", **top)
        shutil.rmtree(self.root / "exchange/locked-terminals/outbound")
        self.run("generate_assignment", "small", "--force")
        self.run("release_assignment", "small")

    @property
    def source(self) -> Path:
        return self.root / "source/small"

    @property
    def release(self) -> Path:
        return self.root / "release/small"

    @property
    def inbound(self) -> Path:
        return self.root / "exchange/locked-terminals/inbound"

    def submitted(self, learner: str) -> Path:
        return self.root / "submitted" / learner / "small"

    def run(self, *arguments: str) -> Run:
        """One of nbgrader's commands, which must succeed."""
        done = nbgrader(self.root, *arguments)
        assert done.exit_code == 0, done.said
        return done

    def folder(self, learner: str, answers: Mapping[str, Any] | bytes | None = None, to: Path | None = None) -> Path:
        """What a learner hands in, in the exchange or in the folder `to`: the released files and a record of their answers."""
        folder = to or self.inbound / f"{learner}+small+{TIME.format(1)}+{learner}"
        shutil.copytree(self.release, folder)
        (folder / "timestamp.txt").write_text(TIME.format(1))
        if answers is not None:
            (folder / LOG).write_bytes(answers if isinstance(answers, bytes) else record(answers, learner))
        return folder

    def by_hand(self, learner: str, answers: Mapping[str, Any] | bytes | None = None) -> Path:
        """The same, put into submitted/ by a person."""
        return self.folder(learner, answers, self.submitted(learner))

    def collect(self) -> Run:
        return self.run("collect", "small")

    def grade(self, again: bool = False) -> dict[str, Row]:
        self.told = []
        return {row.learner: row for row in grade(self.root, "small", again, self.told.append)}

    def graded(self) -> dict[str, Row]:
        self.collect()
        return self.grade()

    def feedback(self, learner: str) -> str:
        self.run("generate_feedback", "small")
        return (self.root / f"feedback/{learner}/small/small.html").read_text("utf-8")

    def read(self, learner: str, points: float, question: str = "say-it") -> None:
        """Give a written answer its points, as Formgrader does."""
        with self.gradebook() as gradebook:
            grade_of = gradebook.find_grade(question, "small", "small", learner)
            grade_of.manual_score, grade_of.needs_manual_grade = points, False
            gradebook.db.commit()

    def gradebook(self) -> Any:
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "locked-terminals")

    def edit(self, path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
        """Change a notebook on disk."""
        data = json.loads(path.read_text("utf-8"))
        change(data)
        path.write_text(json.dumps(data), "utf-8")

    def change_key(self, old: str, new: str) -> None:
        path = self.source / "questions.toml"
        words = path.read_text("utf-8")
        assert old in words
        path.write_text(words.replace(old, new), "utf-8")


def flags(row: Row) -> dict[str, str]:
    """The flags of a row, with what they say in detail."""
    return {flag.reason: flag.detail for flag in row.flags}
