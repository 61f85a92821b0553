"""What follows a practice call: what you did, what it caused, what it meant, where each sale ended, and what was still open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import msgspec

from ..cases import Call, Line, acts, law
from ..cases.world import World
from ..terminal import State, locks, yuan
from ..terminal.state import Place
from ..text import Text
from .checks import checked, end_name
from .marks import Given, marks_of
from .own import is_met
from .rows import Played, Row
from .sheet import mark_words, part, sheet


class Entry(msgspec.Struct, frozen=True):
    """One act: when it was over (minute of the call), what it was, what was heard, what it caused and what it meant."""

    minute: int
    act: Text
    heard: tuple[Line, ...]
    caused: tuple[Text, ...]
    meant: tuple[Text, ...]


class Open(msgspec.Struct, frozen=True):
    """Something that was missing: the check it belongs to, the missing part, why it matters, and its source."""

    name: Text
    missing: Text
    why: Text
    source: str


class Debrief(msgspec.Struct, frozen=True):
    """The whole of it. `before` and `after`: fen by place, of the terminal in question; `lawful`: the ends open, best first."""

    entries: tuple[Entry, ...]
    before: dict[str, int]
    after: dict[str, int]
    lawful: tuple[Text, ...]
    still_open: tuple[Open, ...]


def debrief(played: Played) -> Debrief:
    """The debrief of a call that was played aloud."""
    call = played.call
    marks = marks_of(played)
    ends = sorted(law.lawful(call).items(), key=lambda item: item[1])
    return Debrief(
        tuple(_entry(call, row, marks) for row in played.rows),
        money(call.devices.get(call.subject)),
        money(played.world.devices.get(call.subject)),
        tuple(end_name(end) for end, _ in ends),
        tuple(_still_open(played)),
    )


def money(state: State | None) -> dict[str, int]:
    """Fen by the place the claims are in; empty without a terminal. Places nothing is in are left out; traced claims have their own."""
    sums: dict[str, int] = {}
    for place in get_args(Place):
        for claim in state.claims if state is not None else ():
            if claim.place == place:
                name = "traced" if claim.traced and place == "batch" else place
                sums[name] = sums.get(name, 0) + claim.amount
    return sums


def _entry(call: Call, row: Row, marks: tuple[Given, ...]) -> Entry:
    meant = tuple(mark_words(mark.id).name for mark in marks if row.number in mark.rows)
    return Entry(row.after.minute, act_name(row), row.lines, tuple(_caused(call, row.before, row.after)), meant)


def act_name(row: Row) -> Text:
    """The act in words, its choice with it."""
    if row.act.act == "ticket":
        return part("ticket-closed")
    kind = acts()[row.act.act]
    chosen = next((choice.name for choice in kind.choices if choice.key == row.act.arg), None)
    return kind.name if chosen is None else Text(f"{kind.name.en}: {chosen.en}", f"{kind.name.zh}：{chosen.zh}")


def _caused(call: Call, before: World, after: World) -> Iterator[Text]:
    """What the act changed: facts, money, locks, the desk that took the call."""
    for fact in after.facts:
        if fact not in before.facts:
            yield part("fact")
            break
    for name, state in after.devices.items():
        old, new = money(before.devices[name]), money(state)
        yield from (part("moved", place=part(f"place-{place}"), sum=yuan(new[place])) for place in new if new[place] > old.get(place, 0))
        if gone := set(locks(before.devices[name])) - set(locks(state)):
            yield part("unlocked", marks=", ".join(sorted(gone)))
        if come := set(locks(state)) - set(locks(before.devices[name])):
            yield part("locked", marks=", ".join(sorted(come)))
    if after.desk and not before.desk:
        yield part("taken", desk=next(choice.name for choice in acts()["route"].choices if choice.key == after.desk))


def _still_open(played: Played) -> Iterator[Open]:
    words = {check.id: check for check in sheet().checks}
    for name, seen in checked(played):
        for text, is_there in seen.parts:
            if not is_there:
                yield Open(words[name].name, text, words[name].why, words[name].source)
    for check in played.call.case.checks:
        if not is_met(check, played):
            yield Open(part("this-case"), check.why, check.why, check.source)
