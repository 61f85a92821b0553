"""What habits earn on a bank of questions: ways of answering that read nothing but length, place or letters. Author's side.

A bank is sound when no habit earns much more than blind guessing does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from statistics import mean
from typing import Any, Final

import msgspec

from .errors import Fault
from .questions import Match, Multi, Order, Question, Single, parts_of, right_keys, shown_steps, shown_targets
from .scoring import expected_guess, score
from .text import LANGS, Lang

MOST_ABOVE_CHANCE: Final = 0.10
"""How far above blind guessing a habit may come, as a share of the points."""

ENOUGH: Final = 40
"""From how many questions on a habit is judged; over a handful, chance alone does what it likes."""

Answering = Callable[[Question, Lang], Any]


class Earned(msgspec.Struct, frozen=True):
    """What a habit earns on a bank and what blind guessing earns there, as shares of the points in [0, 1]."""

    habit: str
    lang: Lang
    share: float
    chance: float
    questions: int


def _by(rank: Callable[[str], Any]) -> Answering:
    """Takes what comes first when the parts are sorted by `rank` of their text; as many ticks as are right."""

    def answer(question: Question, lang: Lang) -> Any:
        parts = sorted(shown_steps(question) if isinstance(question, Order) else parts_of(question), key=lambda part: rank(part.text[lang]))
        keys = [part.key for part in parts]
        match question:
            case Single():
                return keys[0]
            case Multi():
                return keys[: len(right_keys(question))]
            case Order():
                return keys
            case Match():
                first = min(shown_targets(question), key=lambda target: rank(target.text[lang]))
                return dict.fromkeys(keys, first.key)
            case _:
                return None

    return answer


def _at(place: int) -> Answering:
    """Takes the part at `place` (counted from the end if below 0), and for ticks the ones after it, in a circle."""

    def answer(question: Question, lang: Lang) -> Any:
        match question:
            case Single() | Multi():
                keys = [option.key for option in question.options]
                start = place % len(keys)
                turned = keys[start:] + keys[:start]
                return turned[0] if isinstance(question, Single) else turned[: len(right_keys(question))]
            case Order():
                keys = [step.key for step in shown_steps(question)]
                start = place % len(keys)
                return keys[start:] + keys[:start]
            case Match():
                targets = [target.key for target in shown_targets(question)]
                return {item.key: targets[(place + number) % len(targets)] for number, item in enumerate(question.items)}
            case _:
                return None

    return answer


def _everything(question: Question, lang: Lang) -> Any:
    """Ticks every box; where only one can be chosen, there is nothing to tick everywhere, and the first is taken."""
    return [option.key for option in question.options] if isinstance(question, Multi) else _at(0)(question, lang)


HABITS: Final[dict[str, Answering]] = {
    "longest": _by(lambda text: -len(text)),
    "shortest": _by(len),
    "first-letter": _by(str.casefold),
    "last-letter": _by(lambda text: [-ord(letter) for letter in text.casefold()]),
    "first-place": _at(0),
    "second-place": _at(1),
    "third-place": _at(2),
    "last-place": _at(-1),
    "select-all": _everything,
}


def earned(questions: Iterable[Question]) -> Iterator[Earned]:
    """What each habit earns over `questions`, each counted alike, in either language; questions that a habit cannot answer are left out."""
    asked = [question for question in questions if isinstance(question, Single | Multi | Order | Match)]
    if not asked:
        return
    chance = mean(map(expected_guess, asked))
    for name, answering in HABITS.items():
        for lang in LANGS:
            shares = [score(question, answering(question, lang)).earned / question.points for question in asked]
            yield Earned(name, lang, mean(shares), chance, len(asked))


def faults_in(rows: Iterable[Earned], where: str) -> Iterator[Fault]:
    """The habits that come more than `MOST_ABOVE_CHANCE` above blind guessing on a bank of at least `ENOUGH` questions."""
    for row in rows:
        if row.questions >= ENOUGH and row.share > row.chance + MOST_ABOVE_CHANCE:
            yield Fault(
                f"{where}, habit '{row.habit}' ({row.lang})",
                f"earns {row.share:.0%}, blind guessing {row.chance:.0%}; wanted: at most {MOST_ABOVE_CHANCE:.0%} more. "
                "Vary where, how long and with which words right options stand.",
            )


def report(rows: Iterable[Earned]) -> list[str]:
    """One line a habit and language, `questions-HABIT-LANG PERCENT`, and first what blind guessing earns."""
    listed = list(rows)
    blind = [f"questions-blind {100 * listed[0].chance:.1f}"] if listed else []
    return [*blind, *(f"questions-{row.habit}-{row.lang} {100 * row.share:.1f}" for row in listed)]
