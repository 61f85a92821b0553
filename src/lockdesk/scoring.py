"""What an answer earns. Pure: the same question and answer give the same score, always finite and within [0, points]."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from .questions import Match, Multi, Number, Order, Question, Single, Written, fits, is_near, right_keys

Verdict = Literal["right", "partly", "wrong", "by-hand", "unusable"]
Mark = Literal["right", "wrong"]


class Score(msgspec.Struct, frozen=True):
    """Points earned out of `possible`, and what was right or wrong in the parts the learner chose.

    `marks` maps the key of a chosen part to its mark; what was not chosen is not in it.
    `unusable` is the verdict on an answer whose shape does not fit the question: it earns 0.
    `by-hand` is the verdict on a written answer: a person decides, so `earned` is 0 until then.
    """

    verdict: Verdict
    earned: float
    possible: float
    marks: dict[str, Mark] = {}


def worth(points: float, share: float) -> float:
    """A share of a call's or task's points, to the cent of a point, never more than all of them."""
    return min(points, round(points * share, 2))


def score(question: Question, answer: object) -> Score:
    """The score of `answer`, by the rule of its kind. Never raises for any JSON value."""
    if not fits(question, answer):
        return Score("unusable", 0.0, question.points)
    if isinstance(question, Written):
        return Score("by-hand", 0.0, question.points)
    marks = _marks(question, answer)
    share = _share(question, answer, marks)
    verdict: Verdict = "right" if share == 1 else "partly" if share > 0 else "wrong"
    return Score(verdict, share * question.points, question.points, marks)


def _marks(question: Question, answer: object) -> dict[str, Mark]:
    match question, answer:
        case Single(), str():
            return {answer: _mark(answer in right_keys(question))}
        case Multi(), list():
            right = right_keys(question)
            return {key: _mark(key in right) for key in answer}
        case Order(), list():
            return {key: _mark(key == step.key) for key, step in zip(answer, question.steps, strict=True)}
        case Match(), dict():
            return {item.key: _mark(answer[item.key] == item.target) for item in question.items}
        case _:
            return {}


def _mark(is_right: bool) -> Mark:
    return "right" if is_right else "wrong"


def _share(question: Question, answer: object, marks: dict[str, Mark]) -> float:
    """The share of the points, in [0, 1]."""
    right = sum(mark == "right" for mark in marks.values())
    wrong = len(marks) - right
    match question:
        case Single():
            return float(right)
        case Multi():
            all_right = len(right_keys(question))
            all_wrong = len(question.options) - all_right
            return max(0.0, right / all_right - wrong / all_wrong)
        case Order() | Match():
            return max(0.0, (right - 1) / (len(marks) - 1))
        case Number():
            assert isinstance(answer, int | float)
            return float(is_near(question, answer))
        case _:
            return 0.0


def expected_guess(question: Question) -> float:
    """The share of the points that blind guessing earns on average, in [0, 1]. Numbers and texts cannot be guessed: 0."""
    match question:
        case Single():
            return 1 / len(question.options)
        case Multi():
            return _expected_ticks(question)
        case Order():
            return _expected_order(len(question.steps))
        case Match():
            return _expected_match(len(question.items), len(question.targets))
        case _:
            return 0.0


def expected_select_all(question: Multi) -> float:
    """The share of the points for ticking everything: 0 by the rule, whatever the question."""
    return score(question, [option.key for option in question.options]).earned / question.points


def _expected_ticks(question: Multi) -> float:
    """Each option is ticked or not with equal chance; nothing ticked is no answer and earns 0."""
    right = len(right_keys(question))
    wrong = len(question.options) - right
    total = sum(
        math.comb(right, r) * math.comb(wrong, w) * max(0.0, r / right - w / wrong) for r in range(right + 1) for w in range(wrong + 1)
    )
    return float(total / 2 ** (right + wrong))


def _expected_order(n: int) -> float:
    """Over all permutations of n steps, by how many steps they leave in place."""
    return sum(math.comb(n, k) * _derangements(n - k) * max(0, k - 1) for k in range(n + 1)) / (math.factorial(n) * (n - 1))


def _derangements(n: int) -> int:
    """In how many orders of n things none is in its place."""
    return 1 if n == 0 else n * _derangements(n - 1) + (1 if n % 2 == 0 else -1)


def _expected_match(n: int, targets: int) -> float:
    """Each of n items gets one of the targets with equal chance."""
    p = 1 / targets
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) * max(0.0, (k - 1) / (n - 1)) for k in range(n + 1))
