"""One submission's record against the key: what each question earns and why, and what a person should look at. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from ..answers import Entry, Examined, Trouble, examine, latest
from ..bank import QuestionFile, read_questions
from ..errors import ContentError, Fault, UnknownQuestion
from ..place import LOG
from ..published import SOURCE
from ..questions import Question, is_answer
from ..scoring import Score, score
from ..text import Lang

State = Literal["answered", "blank", "other-edition", "unusable"]
SHOWN = 40
"""How much of a stranger's words is repeated in a flag, in characters."""


class Outcome(msgspec.Struct, frozen=True):
    """What a question earned. `answer` is what was recorded last, None where that cannot be used or there is nothing."""

    question: Question
    state: State
    score: Score
    answer: object = None


class Flag(msgspec.Struct, frozen=True):
    """Something a person should look at. It never changes points."""

    reason: str
    detail: str = ""


class Assessment(msgspec.Struct, frozen=True):
    """All of a submission. `lang` is the language last answered in, None where nothing was answered."""

    outcomes: dict[str, Outcome]
    flags: tuple[Flag, ...]
    lang: Lang | None
    recorded_by: tuple[str, ...] = ()


def assess(file: QuestionFile, examined: Examined, student: str) -> Assessment:
    """What the record `examined`, handed in as `student`, earns by the key `file`. Pure; never raises."""
    ours = [entry for entry in examined.entries if entry.q in file.questions]
    outcomes = {name: _outcome(file, question, latest(ours, name)) for name, question in file.questions.items()}
    names = tuple(sorted({entry.variant for entry in ours}))
    flags = [*_file_flags(examined.troubles), *_entry_flags(file, examined.entries, names, student)]
    return Assessment(outcomes, tuple(flags), ours[-1].lang if ours else None, names)


def assess_folder(file: QuestionFile, folder: Path, student: str) -> Assessment:
    """The same for the submission in `folder`."""
    return assess(file, examine(folder / LOG), student)


def _outcome(file: QuestionFile, question: Question, entry: Entry | None) -> Outcome:
    nothing = Score("unusable", 0.0, question.points)
    if entry is None or entry.answer is None or entry.answer == "":
        return Outcome(question, "blank", nothing)
    if entry.edition != file.edition:
        return Outcome(question, "other-edition", nothing)
    if not is_answer(question, entry.answer):
        blank = isinstance(entry.answer, str) and not entry.answer.strip()
        return Outcome(question, "blank" if blank else "unusable", nothing)
    return Outcome(question, "answered", score(question, entry.answer), entry.answer)


def _file_flags(troubles: Iterable[Trouble]) -> Iterator[Flag]:
    lines = [trouble for trouble in troubles if trouble.reason == "bad-line"]
    for trouble in troubles:
        if trouble.reason != "bad-line":
            yield Flag(trouble.reason, trouble.detail)
    if lines:
        numbers = ", ".join(str(trouble.line) for trouble in lines[:5]) + (" …" if len(lines) > 5 else "")
        yield Flag("bad-lines", f"{len(lines)} ({numbers})")


def _entry_flags(file: QuestionFile, entries: Iterable[Entry], names: Iterable[str], student: str) -> Iterator[Flag]:
    foreign = sorted({entry.q for entry in entries if entry.q not in file.questions})
    if foreign:
        yield Flag("foreign", _listed(foreign))
    editions = sorted({entry.edition for entry in entries if entry.q in file.questions and entry.edition != file.edition})
    if editions:
        yield Flag("other-edition", _listed(editions))
    if others := [name for name in names if name != student]:
        yield Flag("other-learner", _listed(others))


def _listed(names: list[str]) -> str:
    shown = [printable(name) for name in names[:3]]
    return ", ".join(shown) + (f" … ({len(names)})" if len(names) > 3 else "")


def printable(words: str) -> str:
    """A stranger's words, short, on one line, without what a terminal or a page could act on."""
    kept = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words[:SHOWN])
    return kept + "…" * (len(words) > SHOWN)


def key_of(course: Path, assignment: str) -> QuestionFile:
    """The key of an assignment.

    Raises:
        ContentError: there is none, or it cannot be used; or an author's own answers lie beside it.
    """
    refuse_answers(course, assignment)
    return read_questions(course / "source" / assignment / SOURCE)


def refuse_answers(course: Path, assignment: str) -> None:
    """Answers lying in source/ or release/ would be given to every learner, and counted as theirs.

    Raises:
        ContentError: there are some.
    """
    found = [path for step in ("source", "release") for path in sorted((course / step / assignment).rglob(f"{LOG}*"))]
    if found:
        what = "are somebody's answers; they would be given to every learner and counted as theirs. Move the file away, then try again."
        raise ContentError([Fault(str(path.relative_to(course)), what) for path in found])


def points_by_source(folder: Path, question_id: str) -> float:
    """What the submission in `folder` earns on one question; for nbgrader's own execution in autograded/<student>/<assignment>/.

    Raises:
        ContentError: no key can be found or used.
        UnknownQuestion: the key has no such question.
    """
    student, assignment = folder.parent.name, folder.name
    file = key_of(folder.parents[2], assignment)
    if question_id not in file.questions:
        raise UnknownQuestion(question_id, (), f"source/{assignment}/{SOURCE}")
    return assess_folder(file, folder, student).outcomes[question_id].score.earned
