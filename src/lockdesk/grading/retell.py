"""`lockdesk replay`: what a learner did in one exercise and why it earned what it did, as text that the learner may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from ..cases import Case
from ..errors import ContentError, Fault
from ..place import LOG
from ..questions import Written
from ..replay.account import Account, Point
from ..replay.task import Task
from ..text import Lang
from .assess import Outcome, assess_folder, key_of, printable
from .present import account_in, answer_words, digits, points_words, reasons_of, state_words, title_of
from .words import say

EARNED: Final = ("met", "partly", "missed")


def retell(course: Path, learner: str, assignment: str, exercise_id: str, lang: Lang | None = None) -> list[str]:
    """The lines of the story, in `lang` or the language in which the learner answered last.

    Raises:
        ContentError: there is no such learner, assignment or exercise, or nothing is recorded for it.
    """
    _one_of(assignment, [path.name for path in sorted((course / "source").glob("*")) if path.is_dir()], "source/", "assignment")
    key = key_of(course, assignment)
    exercise = key.exercises.get(_one_of(exercise_id, list(key.exercises), f"source/{assignment}", "question, call or task"))
    assert exercise is not None
    handed_in = [path.parent.name for path in sorted((course / "submitted").glob(f"*/{assignment}")) if path.is_dir()]
    _one_of(learner, handed_in, f"submitted/*/{assignment}", "learner")
    folder = course / "submitted" / learner / assignment
    assessment = assess_folder(key, folder, learner)
    outcome = assessment.outcomes[exercise_id]
    spoken: Lang = lang or assessment.lang or "en"
    if outcome.state == "blank":
        where = f"submitted/{learner}/{assignment}/{LOG}"
        what = f"holds nothing for {exercise_id!r}. Collect again if it should, or choose another: lockdesk replay {learner} {assignment} …"
        raise ContentError([Fault(where, what)])
    return list(_lines(outcome, spoken, f"{printable(learner)} · {assignment} · {exercise_id}"))


def _one_of(name: str, known: Sequence[str], where: str, what: str) -> str:
    """`name`, if it is known.

    Raises:
        ContentError: it is not; names those that are nearest, or all.
    """
    if name in known:
        return name
    near = get_close_matches(name, known, 3)
    there = f"Did you mean {', '.join(near)}?" if near else f"There: {', '.join(known) or 'none'}."
    raise ContentError([Fault(where, f"has no {what} {name!r}. {there}")])


def _lines(outcome: Outcome, lang: Lang, head: str) -> Iterator[str]:
    yield head
    yield title_of(outcome.question)[lang]
    if isinstance(outcome.question, Written):
        yield say("read-by-person", lang, possible=digits(outcome.score.possible))
    else:
        yield say("points-of", lang, earned=digits(outcome.score.earned), possible=digits(outcome.score.possible))
    if (words := state_words(outcome, lang)) is not None:
        yield words
    if not isinstance(outcome.question, Case | Task):
        if outcome.state == "answered":
            yield from ("", say("answer", lang), *(f"  {line}" for line in answer_words(outcome, lang)))
            yield from (f"  {reason[lang]}" for reason in reasons_of(outcome))
        return
    account = account_in(outcome)
    if account.refused:
        yield account.refused[lang]
        return
    yield from ("", say("timeline", lang))
    for place, moment in enumerate(account.moments, 1):
        yield f"  {place:>2}. {say(moment.unit, lang, at=moment.at)} · {moment.act[lang]}"
        yield from (f"      → {text[lang]}" for text in moment.followed)
        yield from (f"      ! {text[lang]}" for text in moment.meant)
    yield from ("", say("checks", lang))
    for point in account.points:
        yield from _point_lines(point, lang)
    yield from ("", sum_words(account, outcome.score.earned, lang))


def _point_lines(point: Point, lang: Lang) -> Iterator[str]:
    yield f"  {say(f'mark-{point.mark}', lang)} · {point.name[lang]} · {points_words(point, lang)}"
    yield from (f"    {'✓' if is_there else '✗'} {text[lang]}" for text, is_there in point.parts)
    if point.why and point.mark != "met":
        yield f"    {point.why[lang]}"


def sum_words(account: Account, earned: float, lang: Lang) -> str:
    """How the points of a call or task come about, as one sentence."""
    met = sum(point.earned for point in account.points if point.mark in EARNED)
    off = -sum(point.earned for point in account.points if point.mark == "fine")
    limits = [point.earned for point in account.points if point.mark in ("cap", "breach")]
    parts = [say("sum-met", lang, points=digits(met))]
    parts += [say("sum-off", lang, points=digits(off))] if off else []
    parts += [say("at-most", lang, points=digits(min(limits)))] if limits else []
    return say("sum", lang, parts=("，" if lang == "zh" else ", ").join(parts), earned=digits(earned))
