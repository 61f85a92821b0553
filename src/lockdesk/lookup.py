"""“I have this on the line”: the questions of triage in their order, and under each what a call can be and what to do first.

Written in notebooks/lookup.toml; what a class is called, how it looks, who decides and by which options comes from the doctrine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import field

from .bank import read_toml, spoken
from .doctrine import Doctrine
from .errors import ContentError, Fault
from .text import Text, Word
from .typed import convert


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Row(_Value, frozen=True, kw_only=True):
    """What a call can be. With `lock`, a class of the doctrine, the next four are the doctrine's; without it they stand here."""

    lock: str = field(name="class", default="")
    name: Text | None = None
    sign: Text | None = None
    decides: Text | None = None
    options: tuple[Word, ...] | None = None
    says: Text
    first: Text
    never: Text
    lessons: tuple[Word, ...]


class Step(_Value, frozen=True, kw_only=True):
    """One question of triage; `short` is what a card has room for."""

    id: Word
    source: Word
    ask: Text
    short: Text
    rows: tuple[Row, ...] = field(name="row")


class Lookup(_Value, frozen=True, kw_only=True):
    """The whole page."""

    steps: tuple[Step, ...] = field(name="step")


class Found(msgspec.Struct, frozen=True):
    """What a row says of its call, wherever it comes from."""

    mark: str
    name: Text
    sign: Text
    decides: Text
    options: tuple[str, ...]


def read_lookup(path: Path, doctrine: Doctrine) -> Lookup:
    """The page's data at `path`.

    Raises:
        ContentError: they cannot be read, or do not fit the doctrine.
    """
    where = spoken(path)
    lookup = convert(read_toml(path, where), Lookup, where)
    if faults := list(_faults(lookup, doctrine, where)):
        raise ContentError(faults)
    return lookup


def found(row: Row, doctrine: Doctrine) -> Found:
    """What `row` is about."""
    for lock in doctrine.classes:
        if lock.mark == row.lock:
            return Found(lock.mark, lock.name, lock.sign, lock.authority, lock.options)
    assert row.name
    assert row.sign
    assert row.decides
    assert row.options is not None
    return Found("", row.name, row.sign, row.decides, row.options)


def _faults(lookup: Lookup, doctrine: Doctrine, where: str) -> Iterator[Fault]:
    classes = [lock.mark for lock in doctrine.classes]
    options = {option.mark for option in doctrine.options}
    named = Counter(row.lock for step in lookup.steps for row in step.rows if row.lock)
    for mark in classes:
        if named[mark] != 1:
            yield Fault(where, f"{mark} stands {named[mark]} times; wanted: every class once.")
    for step_id, times in Counter(step.id for step in lookup.steps).items():
        if times > 1:
            yield Fault(f"{where}, step {step_id!r}", f"stands {times} times; wanted: once.")
    for step in lookup.steps:
        for number, row in enumerate(step.rows, 1):
            at = f"{where}, step {step.id!r}, row {number}"
            own = {name: getattr(row, name) is not None for name in ("name", "sign", "decides", "options")}
            if row.lock and row.lock not in classes:
                yield Fault(f"{at}, class", f"{row.lock!r} is no class of the doctrine.")
            if row.lock and any(own.values()):
                yield Fault(at, f"has a class and {', '.join(name for name in own if own[name])} of its own; the doctrine says that.")
            if not row.lock and not all(own.values()):
                yield Fault(at, f"has no class; wanted: {', '.join(name for name in own if not own[name])}.")
            if unknown := set(row.options or ()) - options:
                yield Fault(f"{at}, options", f"{', '.join(sorted(unknown))}: no option of the doctrine.")
