"""Fines, caps and breaches: what an act costs when it is done where it should not be. Read off each row of a played call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from ..cases import law, remedies
from ..cases.call import Call
from ..cases.catalogue import acts, level_of
from ..cases.playing import RUNG
from ..cases.world import World, level
from ..terminal import State, count, locks, stopped, total
from ..terminal.condition import can_send
from .rows import Played, Row
from .sheet import mark_words

FREE_IDLE: Final = 2
"""Acts without effect that cost nothing."""
ONCE: Final = frozenset({"closing-note", "offer-alternative", "reconcile", "harden", "test-and-void"})
"""Acts whose first time is never idle, though they change nothing in the world."""


class Given(msgspec.Struct, frozen=True):
    """A fine, cap or breach, by the id of its words, and the numbers of the acts it stands on. `value` replaces the sheet's own."""

    id: str
    rows: tuple[int, ...]
    value: float | None = None


def marks_of(played: Played) -> tuple[Given, ...]:
    """Every fine, cap and breach of the call, the same one on several acts gathered where it is of the whole call."""
    by_mark: dict[str, list[int]] = {}
    for row in played.rows:
        for mark in _of_row(played.call, row) if row.counted and row.act.act != "ticket" else ():
            by_mark.setdefault(mark, []).append(row.number)
    found = [Given(mark, tuple(rows), _value(mark, len(rows))) for mark, rows in by_mark.items()]
    idle = tuple(row.number for row in played.rows if row.act.act != "ticket" and _is_idle(row))
    found += [Given("idle", idle[FREE_IDLE:], len(idle) - FREE_IDLE)] if len(idle) > FREE_IDLE else []
    return (*found, *_of_end(played))


def _value(mark: str, times: int) -> float:
    """A fine is paid each time; a cap or a breach holds once, and so does a change that verification came too late for."""
    words = mark_words(mark)
    return words.value * (times if words.kind == "fine" and mark != "unverified" else 1)


def _of_row(call: Call, row: Row) -> Iterator[str]:
    kind = acts()[row.act.act]
    if row.device:
        before, after = row.before.devices[row.device], row.after.devices[row.device]
        yield from _of_work(call, row, before, after)
    yield from _of_words(call, row)
    if not kind.changes and level(row.before) < level_of(row.act.act, row.act.arg) and not _may_protect(call, row):
        yield "below-level"


def _may_protect(call: Call, row: Row) -> bool:
    """A block, or a report to a desk that takes it, has a lower bar than a release once half the evidence of a threat is in.

    docs/domain.md D1 (protective block), C1 R7.
    """
    protects = row.act.act == "block" or (row.act.act == "route" and row.act.arg in law.owners(call))
    return protects and call.case.threat != "none" and law.share_known(call, row.before) >= 0.5


def _of_work(call: Call, row: Row, before: State, after: State) -> Iterator[str]:
    act = row.act.act
    kind = acts()[act]
    changed = remedies.essence(before) != remedies.essence(after)
    in_doubt = before.tamper != "none" or (call.case.threat == "substitution" and row.device == call.subject)
    if kind.changes and changed:
        yield from _of_change(call, row, before, after)
    in_use = before.tamper == "none" and (stopped(before) is None or count(before, "stored") > 0)
    if act in ("isolate", "block") and changed and in_use and (call.case.threat == "none" or row.device != call.subject):
        yield "stopped-sound"
    if act in ("wipe", "push-profile") and in_doubt:
        yield "tampered-work"
    if act in ("basic-steps", "admin-reset", "clear-code", "settle") and in_doubt:
        yield "touched-tampered"
    if act == "vendor-token" and before.tamper != "none" and not before.reactivation:
        yield "token-barred"
    helped = locks(before) != locks(after) if act == "basic-steps" else changed
    if kind.group == "recover" and not helped and not in_doubt:
        yield "no-use"
    if act == "send-code" and not changed:
        yield "no-code"


def _of_change(call: Call, row: Row, before: State, after: State) -> Iterator[str]:
    act = row.act.act
    if act == "lift-lock":
        yield "lock-lifted"
    if acts()[act].destroys and row.device != call.subject:
        yield "wrong-terminal"
    if not _has_right(call, act):
        yield "no-right"
    if act == "send-code" and row.act.arg != "registered":
        yield "code-told"
    if total(after, "lost") > total(before, "lost"):
        could_be_saved = act == "clear-batch" or can_send(before, remote=True) is None
        if could_be_saved:
            yield "destroyed"
        elif row.device not in row.before.receipts:
            yield "untraced"
    missing = _needed(call, row) - level(row.before)
    if missing > 0 and act != "lift-lock":
        yield "unverified"
        yield "far-short" if missing > 1 or level(row.before) == 0 else "short"


def _has_right(call: Call, act: str) -> bool:
    """Whether this caller may have this changed at all. R1 is the administrator's own act, whoever is pointed there."""
    if call.case.threat != "none":
        return False
    standing = call.case.caller.standing
    return (
        act == "admin-reset"
        or standing in ("administrator", "authorised")
        or (standing == "staff" and RUNG.get(act) in ("R0", "R1", "clear"))
    )


def _needed(call: Call, row: Row) -> int:
    mark = law.class_of(call)
    rung = "R2" if row.act.act == "send-code" else RUNG.get(row.act.act, "")
    if rung == "R6":
        return 2 if mark in law.ALARM and row.before.desk == "security" else 3
    if rung == "R2" and "R4" in row.before.used:
        return 4
    return law.needed(rung, mark) if rung in law.RANK else level_of(row.act.act, row.act.arg)


def _of_words(call: Call, row: Row) -> Iterator[str]:
    best = law.best(call)
    match row.act.act, row.act.arg:
        case "explain", "detection-rule":
            yield "rule-told-genuine" if call.case.threat == "none" else "rule-told"
        case "explain", "promise":
            yield "promise"
        case "explain", "system-error":
            yield "untruth"
        case "take-payment", _:
            yield "payment-taken"
        case "refuse", _ if best not in ("refuse", "R7"):
            yield "turned-away"
        case "call-back", "number-given":
            yield "number-given"
        case "route", desk:
            answer = law.answer_of(call, row.before, desk)
            if answer == "not-ours":
                yield "false-alarm" if desk == "security" else "wrong-desk"
            elif answer == "second":
                yield "second-desk"


def _is_idle(row: Row) -> bool:
    if not row.counted:
        return True
    first = row.act.act in ONCE and not any(done.startswith(row.act.act) for done in row.before.done)
    return not first and _essence(row.before) == _essence(row.after)


def _essence(world: World) -> World:
    devices = {name: remedies.essence(state) for name, state in world.devices.items()}
    return replace(world, devices=devices, minute=0, number=0, done=(), tried=frozenset(), gone=False)


def _of_end(played: Played) -> Iterator[Given]:
    call, world = played.call, played.world
    end = law.ended(call, world)
    last = (len(played.rows),)
    if not law.is_right_end(call, world):
        yield Given("level2-took-it" if end == "level2" else "wrong-end", last)
    for number in sorted(world.fired):
        rows = tuple(row.number for row in played.rows if number in row.after.fired and number not in row.before.fired)
        yield Given("clock", rows, call.case.clocks[number].cap)
    if world.ticket is None:
        yield Given("no-ticket", last)
    elif world.ticket.option and world.ticket.option != as_option(end):
        yield Given("contradicts", last)


def as_option(end: str) -> str:
    """An end as a ticket writes it: a refusal is R7 (docs/domain.md C1), saying that all is well is none."""
    return {"refuse": "R7", "explain": "none", "reassure": "none", "level2": "none", "open": "none"}.get(end, end)
