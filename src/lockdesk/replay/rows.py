"""A call as it was played: one row an act, with the world before and after it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from ..cases import law
from ..cases.call import Call
from ..cases.catalogue import acts
from ..cases.playing import RUNG, step
from ..cases.world import Act, Line, World, device_of, named, start
from ..terminal import locks


class Row(msgspec.Struct, frozen=True):
    """One act. `device`: the id of the terminal it was done to; `counted`: whether it happened at all (a dead line, an unknown serial)."""

    number: int
    act: Act
    device: str
    before: World
    after: World
    lines: tuple[Line, ...]
    counted: bool


class Played(msgspec.Struct, frozen=True):
    """A whole call: its rows, and the world at the end."""

    call: Call
    rows: tuple[Row, ...]
    world: World


def play(call: Call, doings: Iterable[Act], aloud: bool = False) -> Played:
    """What comes of these acts, up to the ticket. Only when played `aloud` do the rows hold what was heard."""
    world = start(call)
    heard = call if aloud else replace(call, quiet=True)
    rows: list[Row] = []
    for act in doings:
        if world.ticket is not None:
            break
        before = world
        device = device_of(call, before, act.on) if act.on else ""
        world, lines = step(heard, before, act)
        rows.append(Row(len(rows) + 1, act, device, before, world, lines, len(world.done) > len(before.done) or act.act == "ticket"))
    return Played(call, tuple(rows), world)


def play_steps(call: Call, steps: Iterable[str], last: Act | None = None) -> Played:
    """What comes of acts as an author writes them; each is named in the world it happens in."""
    return play(call, [*resolved(call, steps), *([last] if last is not None else [])])


def resolved(call: Call, steps: Iterable[str]) -> list[Act]:
    """Steps as an author writes them, as the acts of a log: each terminal by the serial it has when its turn comes."""
    quiet = replace(call, quiet=True)
    world = start(call)
    found: list[Act] = []
    for text in steps:
        act = named(call, world, text)
        found.append(act)
        world, _ = step(quiet, world, act)
    return found


def decision(played: Played) -> Row | None:
    """The first act that commits: what one knows by then is what counts."""
    call = played.call
    for row in played.rows:
        if row.act.act == "ticket" or not row.counted:
            continue
        if acts()[row.act.act].commits or (row.act.act == "settle" and "L12" in locks(row.before.devices[row.device])):
            return row
        if (row.act.act, row.act.arg) == ("explain", "reason-and-route") and law.best(call) in ("explain", "reassure"):
            return row
    return None


def ending(played: Played) -> Row | None:
    """The act by which the call ended as it did; None for a call left open."""
    end = law.ended(played.call, played.world)
    for row in played.rows:
        if end.startswith("R") and len(row.after.used) > len(row.before.used) and RUNG.get(row.act.act) == end:
            return row
        if end in ("R3", "R7", "level2") and row.after.desk and not row.before.desk:
            return row
        if (end == "refuse" and row.act.act == "refuse") or (end in ("explain", "reassure") and row.act.arg == "reason-and-route"):
            return row
    return None
