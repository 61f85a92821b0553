"""A case's own checks: a small vocabulary over the acts that were done and the facts that were known."""

from __future__ import annotations

from collections.abc import Iterator

from ..cases import law
from ..cases.model import Check
from ..cases.world import matches
from .rows import Played, Row


def is_met(check: Check, played: Played) -> bool:
    """Whether all that the check asks for holds."""
    return all(_holds(check, played))


def _holds(check: Check, played: Played) -> Iterator[bool]:
    done = [(row, row.after.done[-1]) for row in played.rows if row.counted and row.act.act != "ticket"]
    if check.did:
        yield all(_first(done, act) for act in check.did)
    if check.any:
        yield any(_first(done, act) for act in check.any)
    if check.did_not:
        yield law.is_right_end(played.call, played.world) and not any(_first(done, act) for act in check.did_not)
    if check.before:
        early, late = (_first(done, act) for act in check.before)
        yield early is not None and (late is None or early.number < late.number)
    if check.within:
        act, minute = check.within
        row = _first(done, str(act))
        yield row is not None and row.after.minute <= int(minute)
    if check.seen:
        yield all(fact in played.world.facts for fact in check.seen)


def _first(done: list[tuple[Row, str]], act: str) -> Row | None:
    return next((row for row, name in done if matches(act, name)), None)
