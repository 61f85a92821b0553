"""One submission's record against the key: what each exercise earns and why, and what a person should look at. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from ..answers import Entry, Examined, Trouble, examine, latest
from ..cases import Case, variant_for
from ..errors import ContentError, Fault, UnknownQuestion
from ..key import SOURCE, Exercise, Key, read_key
from ..place import LOG
from ..questions import Question, is_answer
from ..replay import score_log
from ..replay.log import Try, call_in, task_in
from ..replay.task import Task, score_task
from ..scoring import Score, Verdict, score, worth
from ..text import Lang

State = Literal["answered", "unfinished", "blank", "other-edition", "unusable"]
SHOWN = 40
"""How much of a stranger's words is repeated in a flag, in characters."""


class Outcome(msgspec.Struct, frozen=True):
    """What a question earned. `answer` is what was recorded last, None where that cannot be used or there is nothing.

    Of a call or task `answer` is the try that counts, with all that was done in it.
    """

    question: Exercise
    state: State
    score: Score
    answer: object = None


class Flag(msgspec.Struct, frozen=True):
    """Something a person should look at. It never changes points."""

    reason: str
    detail: str = ""


class Assessment(msgspec.Struct, frozen=True):
    """All of a submission. `lang` is the language last answered in, None where nothing was answered.

    `recorded_by` are the names that the lines of questions bear.
    """

    outcomes: dict[str, Outcome]
    flags: tuple[Flag, ...]
    lang: Lang | None
    recorded_by: tuple[str, ...] = ()


def assess(key: Key, examined: Examined, student: str) -> Assessment:
    """What the record `examined`, handed in as `student`, earns by the `key`. Pure; never raises."""
    ours: dict[str, list[Entry]] = {name: [] for name in key.exercises}
    for entry in examined.entries:
        if entry.q in ours:
            ours[entry.q].append(entry)
    outcomes = {name: _outcome_of(key, name, entries) for name, entries in ours.items()}
    names = tuple(sorted({entry.variant for name in key.questions for entry in ours[name]}))
    flags = [*_file_flags(examined.troubles), *_entry_flags(key, examined.entries, names, student), *_variant_flags(outcomes, student)]
    last = next((entry for entry in reversed(examined.entries) if entry.q in ours), None)
    return Assessment(outcomes, tuple(flags), last.lang if last else None, names)


def assess_folder(key: Key, folder: Path, student: str) -> Assessment:
    """The same for the submission in `folder`."""
    return assess(key, examine(folder / LOG), student)


def _outcome_of(key: Key, name: str, entries: list[Entry]) -> Outcome:
    exercise = key.exercises[name]
    if not isinstance(exercise, Case | Task):
        return _outcome(key, exercise, latest(entries, name))
    said = [(entry.variant, entry.answer) for entry in entries if entry.edition == exercise.edition]
    if entries and not said:
        return Outcome(exercise, "other-edition", _nothing(exercise))
    return _call(exercise, call_in(said)) if isinstance(exercise, Case) else _task(exercise, task_in(said))


def _call(case: Case, taken: Try) -> Outcome:
    """What a call earns: its percent by replay. One without a ticket is graded as it stands, which its replay caps."""
    if not taken.entries:
        return Outcome(case, "blank", _nothing(case))
    found = score_log(case, list(taken.entries), taken.variant)
    if any(line.kind == "refused" for line in found.lines):
        return Outcome(case, "unusable", _nothing(case), taken)
    return Outcome(case, "answered" if taken.is_whole else "unfinished", _share(case, found.percent / 100), taken)


def _task(task: Task, taken: Try) -> Outcome:
    """What a task earns: the share of its checks that were met on the terminal that counts."""
    if not taken.entries:
        return Outcome(task, "blank", _nothing(task))
    found = score_task(task, list(taken.entries), taken.variant)
    if found.refused:
        return Outcome(task, "unusable", _nothing(task), taken)
    return Outcome(task, "answered" if taken.is_whole else "unfinished", _share(task, found.share), taken)


def _nothing(exercise: Exercise) -> Score:
    return Score("unusable", 0.0, exercise.points)


def _share(exercise: Case | Task, share: float) -> Score:
    verdict: Verdict = "right" if share == 1 else "partly" if share > 0 else "wrong"
    return Score(verdict, worth(exercise.points, share), exercise.points)


def _variant_flags(outcomes: dict[str, Outcome], student: str) -> Iterator[Flag]:
    """Calls and tasks done with the numbers that another learner has."""
    foreign = [
        name
        for name, outcome in outcomes.items()
        if isinstance(outcome.question, Case | Task)
        and isinstance(outcome.answer, Try)
        and outcome.answer.variant != variant_for(outcome.question, student)
    ]
    if foreign:
        yield Flag("other-variant", _listed(foreign))


def _outcome(key: Key, question: Question, entry: Entry | None) -> Outcome:
    nothing = _nothing(question)
    if entry is None or entry.answer is None or entry.answer == "":
        return Outcome(question, "blank", nothing)
    if entry.edition != key.edition:
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


def _entry_flags(key: Key, entries: Iterable[Entry], names: Iterable[str], student: str) -> Iterator[Flag]:
    wanted = {name: key.edition_of(name) for name in key.exercises}
    foreign = sorted({entry.q for entry in entries if entry.q not in wanted})
    if foreign:
        yield Flag("foreign", _listed(foreign))
    editions = sorted({entry.edition for entry in entries if entry.q in wanted and entry.edition != wanted[entry.q]})
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


def key_of(course: Path, assignment: str) -> Key:
    """The key of an assignment.

    Raises:
        ContentError: there is none, or it cannot be used; or an author's own answers lie beside it.
    """
    refuse_answers(course, assignment)
    folder = course / "source" / assignment
    return _key(folder, tuple((path, (seen := path.lstat()).st_mtime_ns, seen.st_size) for path in sorted(folder.rglob("*.toml"))))


@lru_cache(maxsize=8)
def _key(folder: Path, files: tuple[tuple[Path, int, int], ...]) -> Key:
    """The key as these files were last changed, read once for a whole class."""
    return read_key(folder)


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
    """What the submission in `folder` earns on one exercise; for nbgrader's own execution in autograded/<student>/<assignment>/.

    Raises:
        ContentError: no key can be found or used.
        UnknownQuestion: the key has no such question.
    """
    student, assignment = folder.parent.name, folder.name
    key = key_of(folder.parents[2], assignment)
    if question_id not in key.exercises:
        raise UnknownQuestion(question_id, (), f"source/{assignment}/{SOURCE}")
    return assess_folder(key, folder, student).outcomes[question_id].score.earned
