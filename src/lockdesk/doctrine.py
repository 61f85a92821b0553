"""What the course teaches, as data: lock classes L, options R, gates G, levels ID, checklist E, in both languages.

The only place they are written down; `doctrine.toml` holds the words, docs/domain.md the reasons and sources.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import field

from .errors import ContentError, Fault
from .text import Text
from .typed import convert

RiskMark = Literal["O", "B", "P", "K", "C", "J", "E"]


class _Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    mark: str
    name: Text


class LockClass(_Named, frozen=True, kw_only=True):
    """L1–L15: what is locked, how it looks, who may decide, and by which options (docs/domain.md B1)."""

    what: Text
    sign: Text
    authority: Text
    options: tuple[str, ...]
    at_risk: tuple[RiskMark, ...]
    source: str


class Option(_Named, frozen=True, kw_only=True):
    """R0–R7, least destructive first (docs/domain.md C1). `destructive` ones need the gates on record."""

    what: Text
    authority: Text
    hands: Text
    classes: tuple[str, ...]
    level: str
    level_note: Text
    destructive: bool
    loss: Text
    source: str


class Gate(_Named, frozen=True, kw_only=True):
    """G1–G8: what must be on record before R4, R5 or R6 (docs/domain.md C2)."""

    what: Text
    source: str


class Level(_Named, frozen=True, kw_only=True):
    """ID0–ID4: how sure the desk is who calls (docs/domain.md D1)."""

    needed_for: Text
    proof: Text
    source: str


class CheckItem(_Named, frozen=True, kw_only=True):
    """E1–E16: what to do after service is restored (docs/domain.md E). `after` empty: after every option."""

    what: Text
    who: tuple[Literal["M", "A", "T", "S"], ...]
    after: tuple[str, ...]
    source: str


class Risk(_Named, frozen=True, kw_only=True):
    """What may be lost: O un-uploaded sales, B batch, P pre-authorisations, K keys, C configuration, J journal, E evidence."""


class SpineStep(_Named, frozen=True, kw_only=True):
    """One of the seven steps every call follows."""

    what: Text


class Role(_Named, frozen=True, kw_only=True):
    """Somebody around the terminal: what they do, and what they can never decide."""

    what: Text
    never: Text
    source: str


class Doctrine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it, each list in the order of its marks."""

    edition: str
    classes: tuple[LockClass, ...] = field(name="lock_class")
    options: tuple[Option, ...] = field(name="option")
    gates: tuple[Gate, ...] = field(name="gate")
    levels: tuple[Level, ...] = field(name="level")
    checklist: tuple[CheckItem, ...] = field(name="item")
    risks: tuple[Risk, ...] = field(name="risk")
    spine: tuple[SpineStep, ...] = field(name="spine")
    roles: tuple[Role, ...] = field(name="role")


@cache
def doctrine() -> Doctrine:
    """The course's doctrine, read once."""
    text = files(__package__).joinpath("doctrine.toml").read_text(encoding="utf-8")
    return convert(tomllib.loads(text), Doctrine, "src/lockdesk/doctrine.toml")


def check(data: Doctrine) -> None:
    """That all marks are there, in order, and that classes and options name each other.

    Raises:
        ContentError: every mark that is missing, and every reference that does not answer.
    """
    where = "src/lockdesk/doctrine.toml"
    faults: list[Fault] = []
    for rows, marks in (
        (data.classes, [f"L{n}" for n in range(1, 16)]),
        (data.options, [f"R{n}" for n in range(8)]),
        (data.gates, [f"G{n}" for n in range(1, 9)]),
        (data.levels, [f"ID{n}" for n in range(5)]),
        (data.checklist, [f"E{n}" for n in range(1, 17)]),
    ):
        found = [row.mark for row in rows]
        if found != marks:
            faults.append(Fault(where, f"marks are {' '.join(found)}; wanted: {' '.join(marks)}."))
    options = {option.mark: option for option in data.options}
    for lock in data.classes:
        for mark in lock.options:
            if mark not in options or lock.mark not in options[mark].classes:
                faults.append(Fault(f"{where}, lock_class '{lock.mark}', options", f"{mark} does not name {lock.mark}."))
    classes = {lock.mark: lock for lock in data.classes}
    for option in data.options:
        for mark in option.classes:
            if mark not in classes or option.mark not in classes[mark].options:
                faults.append(Fault(f"{where}, option '{option.mark}', classes", f"{mark} does not name {option.mark}."))
    levels = {level.mark for level in data.levels}
    faults += [
        Fault(f"{where}, option '{option.mark}', level", f"{option.level} is no level.")
        for option in data.options
        if option.level not in levels
    ]
    if faults:
        raise ContentError(faults)
