"""The question kinds as typed values, and what an answer to each must look like. No parsing, no scoring."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Literal, TypeGuard

import msgspec
from msgspec import field

from .text import Text, Word

MAX_WRITTEN = 1000
"""The longest written answer, in characters; with its frame it fits a line of the answer log in either language."""


MAX_NUMBER = 1e15
"""The largest number that is taken for an answer, above and below zero."""

CLAIMS = range(1, 52)
"""The article's statements, as docs/domain.md A numbers them."""


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the course as written in TOML: immutable, and without fields nobody asked for."""


class Option(_Value, frozen=True, kw_only=True):
    """One choice of a `single` or `multi` question. `why` names the mistake it stands for, or why it is right.

    In an assignment `after_grading` lets a learner who chose this part read its reason in the feedback. So too below.
    """

    key: Word
    text: Text
    why: Text
    correct: bool = False
    after_grading: bool = False


class Step(_Value, frozen=True, kw_only=True):
    """One step of an `order` question; the file holds the steps in their right order."""

    key: Word
    text: Text
    why: Text
    after_grading: bool = False


class Target(_Value, frozen=True, kw_only=True):
    """What an item of a `match` question can be matched with. One without an item is a distractor."""

    key: Word
    text: Text


class Item(_Value, frozen=True, kw_only=True):
    """The left side of a `match` question, with the key of its target."""

    key: Word
    text: Text
    target: Word
    why: Text
    after_grading: bool = False


class Mistake(_Value, frozen=True, kw_only=True):
    """A wrong number that people arrive at, and how they arrive there."""

    value: float
    why: Text
    after_grading: bool = False


class Criterion(_Value, frozen=True, kw_only=True):
    """What a good written answer contains, and the points it is worth."""

    key: Word
    text: Text
    points: float
    after_grading: bool = False


class _Question(_Value, frozen=True, kw_only=True):
    """What all kinds share. `points` > 0; `source` names a section of docs/domain.md.

    `claims` are the rows of docs/domain.md A, the article's statements 1 to 51, that the question is about.
    """

    id: Word
    objective: Word
    points: float
    source: Word
    prompt: Text
    hint: Text | None = None
    claims: tuple[int, ...] = ()


class Single(_Question, frozen=True, kw_only=True, tag_field="kind", tag="single"):
    """Choose one."""

    options: tuple[Option, ...] = field(name="option")


class Multi(_Question, frozen=True, kw_only=True, tag_field="kind", tag="multi"):
    """Tick all that apply."""

    options: tuple[Option, ...] = field(name="option")


class Order(_Question, frozen=True, kw_only=True, tag_field="kind", tag="order"):
    """Put steps in order."""

    steps: tuple[Step, ...] = field(name="step")


class Match(_Question, frozen=True, kw_only=True, tag_field="kind", tag="match"):
    """Give each item its target; a target may serve several items, or none."""

    items: tuple[Item, ...] = field(name="item")
    targets: tuple[Target, ...] = field(name="target")


class Number(_Question, frozen=True, kw_only=True, tag_field="kind", tag="number"):
    """Give a number; right within `tolerance` (absolute, in the unit of the answer)."""

    answer: float
    unit: Text
    why: Text
    mistakes: tuple[Mistake, ...] = field(name="mistake")
    tolerance: float = 0


class Written(_Question, frozen=True, kw_only=True, tag_field="kind", tag="written"):
    """Write an answer in one's own words; a person grades it, criterion by criterion."""

    sample: Text
    criteria: tuple[Criterion, ...] = field(name="criterion")


Question = Single | Multi | Order | Match | Number | Written
KINDS: dict[str, type[Question]] = {
    "single": Single,
    "multi": Multi,
    "order": Order,
    "match": Match,
    "number": Number,
    "written": Written,
}


class Choice(_Value, frozen=True, kw_only=True):
    """What a learner can choose: a part without anything that is known about it."""

    key: Word
    text: Text


class Asked(_Value, frozen=True, kw_only=True, omit_defaults=True):
    """A question as it is asked in an assignment: what a learner may know before grading, and nothing else.

    `choices` and `targets` stand in an order that has nothing to do with right or wrong.
    """

    id: Word
    kind: Literal["single", "multi", "order", "match", "number", "written"]
    points: float
    prompt: Text
    choices: tuple[Choice, ...] = ()
    targets: tuple[Choice, ...] = ()
    unit: Text | None = None


class Objective(_Value, frozen=True, kw_only=True):
    """Something the learner will be able to do; its text starts with a verb.

    In an assignment `revise` names the lesson that teaches it, as its question file is called.
    """

    id: Word
    text: Text
    revise: str = ""


class Lesson(_Value, frozen=True, kw_only=True):
    """The head of a lesson's question file. `minutes` is what a careful reader needs."""

    title: Text
    promise: Text
    minutes: int
    objectives: tuple[Objective, ...] = field(name="objective")


def kind_of(question: Question | Asked) -> str:
    """The name of the question's kind, as written in TOML."""
    return question.kind if isinstance(question, Asked) else str(type(question).__struct_config__.tag)


def asked(question: Question) -> Asked:
    """The question without its key: choices and targets sorted by the SHA-256 of their keys."""
    return Asked(
        id=question.id,
        kind=kind_of(question),  # type: ignore[arg-type]
        points=question.points,
        prompt=question.prompt,
        choices=() if isinstance(question, Written) else _mixed(parts_of(question)),  # type: ignore[arg-type]
        targets=_mixed(question.targets) if isinstance(question, Match) else (),
        unit=question.unit if isinstance(question, Number) else None,
    )


def _mixed(parts: Iterable[Option | Step | Item | Target]) -> tuple[Choice, ...]:
    choices = [Choice(key=part.key, text=part.text) for part in parts]
    return tuple(sorted(choices, key=lambda choice: sha256(choice.key.encode()).digest()))


def parts_of(question: Question) -> tuple[Option | Step | Item | Criterion, ...]:
    """The parts an answer speaks about, in the order of the file; none for a number."""
    match question:
        case Single() | Multi():
            return question.options
        case Order():
            return question.steps
        case Match():
            return question.items
        case Written():
            return question.criteria
        case _:
            return ()


def shown_steps(question: Order) -> tuple[Step, ...]:
    """The steps in the order in which practice shows them: the same for everyone, and not the right one."""
    steps = tuple(sorted(question.steps, key=lambda step: _digest(question.id, step.key)))
    return steps if steps != question.steps else steps[1:] + steps[:1]


def shown_targets(question: Match) -> tuple[Target, ...]:
    """The targets in the order in which practice shows them, which tells nothing."""
    return tuple(sorted(question.targets, key=lambda target: _digest(question.id, target.key)))


def _digest(question_id: str, key: str) -> bytes:
    return sha256(f"{question_id}/{key}".encode()).digest()


def right_keys(question: Single | Multi) -> frozenset[str]:
    """The keys of the options that are right."""
    return frozenset(option.key for option in question.options if option.correct)


def faults_of(question: Question) -> Iterator[tuple[str, str]]:
    """What makes this question unusable, as (field, what is wanted). Taste is not judged here."""
    if not (math.isfinite(question.points) and question.points > 0):
        yield "points", f"is {question.points:g}; wanted: more than 0."
    for claim in question.claims:
        if claim not in CLAIMS:
            yield "claims", f"{claim} is none of the article's statements; wanted: {CLAIMS[0]} to {CLAIMS[-1]}, as in docs/domain.md A."
    yield from _repeated_keys(question)
    match question:
        case Single() | Multi():
            yield from _option_faults(question)
        case Order():
            if len(question.steps) < 4:
                yield "step", f"only {len(question.steps)}; wanted: at least four."
        case Match():
            yield from _match_faults(question)
        case Number():
            yield from _number_faults(question)
        case Written():
            total = sum(criterion.points for criterion in question.criteria)
            if not math.isclose(total, question.points):
                yield "criterion", f"the points add up to {total:g}; wanted: the question's {question.points:g}."


def _option_faults(question: Single | Multi) -> Iterator[tuple[str, str]]:
    right = len(right_keys(question))
    wrong = len(question.options) - right
    if isinstance(question, Multi):
        if min(right, wrong) < 2:
            yield "option", f"{right} right and {wrong} wrong; wanted: at least two of each."
    elif right != 1:
        yield "option", f"{right} are marked correct; wanted: exactly one."
    elif wrong < 2:
        yield "option", f"only {len(question.options)}; wanted: at least three."


def _match_faults(question: Match) -> Iterator[tuple[str, str]]:
    targets = {target.key for target in question.targets}
    if len(question.items) < 4:
        yield "item", f"only {len(question.items)}; wanted: at least four."
    for item in question.items:
        if item.target not in targets:
            yield f"item '{item.key}', target", f"{item.target!r} is no target of this question ({', '.join(sorted(targets))})."


def _number_faults(question: Number) -> Iterator[tuple[str, str]]:
    if not (math.isfinite(question.answer) and math.isfinite(question.tolerance) and question.tolerance >= 0):
        yield "answer", "answer and tolerance must be finite, and the tolerance not below 0."
        return
    for mistake in question.mistakes:
        if is_near(question, mistake.value):
            yield "mistake", f"{mistake.value:g} counts as right; a mistake must lie outside the tolerance."


def is_near(question: Number, value: float) -> bool:
    """Whether `value` lies within the tolerance; a bound written in decimals belongs to it."""
    slack = 1e-13 * max(1.0, abs(question.answer), abs(value))
    return abs(value - question.answer) <= question.tolerance + slack


def _repeated_keys(question: Question) -> Iterator[tuple[str, str]]:
    groups = [parts_of(question)]
    if isinstance(question, Match):
        groups.append(question.targets)  # type: ignore[arg-type]
    for group in groups:
        for key, times in Counter(part.key for part in group).items():
            if times > 1:
                yield "key", f"{key!r} is used {times} times; wanted: once."


def fits(question: Question | Asked, answer: object) -> bool:
    """Whether `answer` has the shape of a complete answer to `question`. Says nothing about right or wrong."""
    known = question.choices if isinstance(question, Asked) else parts_of(question)
    keys = {part.key for part in known}
    match kind_of(question):
        case "single":
            return isinstance(answer, str) and answer in keys
        case "multi":
            return _are_words(answer) and len(set(answer)) == len(answer) > 0 and keys.issuperset(answer)
        case "order":
            return _are_words(answer) and len(answer) == len(keys) and keys == set(answer)
        case "match":
            assert isinstance(question, Match | Asked)
            targets = {target.key for target in question.targets}
            return (
                isinstance(answer, dict)
                and keys == set(answer)
                and all(isinstance(target, str) and target in targets for target in answer.values())
            )
        case "number":
            return isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) <= MAX_NUMBER
        case _:
            return isinstance(answer, str) and len(answer) <= MAX_WRITTEN


def is_answer(question: Question | Asked, answer: object) -> bool:
    """Whether `answer` is a whole answer to `question`; a text without a word in it is none."""
    return fits(question, answer) and not (isinstance(answer, str) and not answer.strip())


def _are_words(answer: object) -> TypeGuard[list[str]]:
    return isinstance(answer, list) and all(isinstance(word, str) for word in answer)
