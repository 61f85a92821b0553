"""Scoring by replay: a case and a log of acts give a score with its lines. Pure: the same log gives the same score everywhere.

A score says for each line what was seen, why it matters and where that is written. Any log is accepted: one that is no honest record
of a call (unknown acts, wrong types, too long, a variant the edition does not have) scores 0 and says why.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ..cases import Act, Case, Ticket, acts, draw, is_variant
from ..text import Text
from .checks import checked, money_of
from .marks import as_option, marks_of
from .own import is_met
from .rows import Played, Row, ending, play, play_steps, resolved
from .sheet import mark_words, part, sheet

MAX_ENTRIES: Final = 300
"""More entries than any call needs; a longer log is refused unread."""

__all__ = [
    "MAX_ENTRIES",
    "CaseScore",
    "Played",
    "Row",
    "ScoreLine",
    "as_option",
    "ending",
    "money_of",
    "play",
    "play_steps",
    "resolved",
    "score_log",
    "score_of",
]


class ScoreLine(msgspec.Struct, frozen=True):
    """One line of a score. `earned` of `possible` percentage points for a check; for a fine `earned` is below 0, for a cap its ceiling."""

    id: str
    kind: Literal["check", "own", "fine", "cap", "breach", "refused"]
    earned: float
    possible: float
    name: Text
    seen: tuple[tuple[Text, bool], ...]
    why: Text
    source: str


class CaseScore(msgspec.Struct, frozen=True):
    """Percent in [0, 100], and how it came about. `variant`: the one that was graded."""

    percent: float
    lines: tuple[ScoreLine, ...]
    variant: str = ""


def score_log(case: Case, log: object, variant: object) -> CaseScore:
    """The score of a log of acts, in the variant it names. Never raises, whatever the log is."""
    if not is_variant(variant):
        return _refused("bad-variant")
    assert isinstance(variant, str)
    if not isinstance(log, list):
        return _refused("not-a-log")
    if len(log) > MAX_ENTRIES:
        return _refused("too-long", most=str(MAX_ENTRIES))
    doings: list[Act] = []
    for number, entry in enumerate(log, 1):
        act = act_of(entry)
        if act is None:
            return _refused("bad-entry", number=str(number))
        doings.append(act)
    return score_of(play(draw(case, variant), doings))


def act_of(entry: object) -> Act | None:
    """One entry of a log as an act; None when it is none of this course's."""
    try:
        act = msgspec.convert(entry, Act)
    except (msgspec.ValidationError, RecursionError):
        return None
    if act.act == "ticket":
        return act if act.ticket is not None and _is_finite(act.ticket) else None
    kind = acts().get(act.act)
    if kind is None or act.ticket is not None or len(act.on) > 40:
        return None
    choices = {choice.key for choice in kind.choices}
    return act if (act.arg in choices if choices else act.arg == "") else None


def _is_finite(ticket: Ticket) -> bool:
    return abs(ticket.amount) <= 1e12


def _refused(reason: str, **values: str) -> CaseScore:
    text = part(reason, **values)
    return CaseScore(0.0, (ScoreLine(reason, "refused", 0.0, 100.0, text, (), text, "domain E14"),))


def score_of(played: Played) -> CaseScore:
    """The score of a played call: 100 × earned ÷ applicable weight − fines, then the lowest cap."""
    lines = [*_check_lines(played), *_own_lines(played)]
    possible = sum(line.possible for line in lines)
    earned = sum(line.earned for line in lines)
    scale = 100 / possible if possible else 0.0
    marks = list(_mark_lines(played))
    fines = -sum(line.earned for line in marks if line.kind == "fine")
    ceiling = min((line.earned for line in marks if line.kind in ("cap", "breach")), default=100.0)
    percent = max(0.0, min(100.0 * earned / possible - fines if possible else 0.0, ceiling))
    scaled = [msgspec.structs.replace(line, earned=line.earned * scale, possible=line.possible * scale) for line in lines]
    return CaseScore(round(percent, 2), (*scaled, *marks), played.call.variant)


def _check_lines(played: Played) -> list[ScoreLine]:
    words = {check.id: check for check in sheet().checks}
    return [
        ScoreLine(
            name,
            "check",
            words[name].weight * seen.share,
            words[name].weight,
            words[name].name,
            seen.parts,
            words[name].why,
            words[name].source,
        )
        for name, seen in checked(played)
    ]


def _own_lines(played: Played) -> list[ScoreLine]:
    name = Text("This case's own", "本案例的要求")
    found = []
    for check in played.call.case.checks:
        met = is_met(check, played)
        earned = check.points if met else 0.0
        found.append(ScoreLine(check.id, "own", earned, check.points, name, ((check.why, met),), check.why, check.source))
    return found


def _mark_lines(played: Played) -> list[ScoreLine]:
    found = []
    for given in marks_of(played):
        words = mark_words(given.id)
        value = words.value if given.value is None else given.value
        seen = ((part("acts", numbers=", ".join(map(str, given.rows))), False),) if given.rows else ()
        earned = -value if words.kind == "fine" else value
        found.append(ScoreLine(given.id, words.kind, earned, 0.0, words.name, seen, words.why, words.source))
    words = mark_words("own-cap")
    for check in played.call.case.checks:
        if check.cap is not None and not is_met(check, played):
            found.append(ScoreLine(check.id, "cap", check.cap, 0.0, words.name, ((check.why, False),), check.why, check.source))
    return found
