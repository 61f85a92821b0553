"""The scoring sheet in words, as data (`sheet.toml`): what each check, fine, cap and breach is called, why it matters, and its source."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import field

from ..cases.call import fill
from ..cases.catalogue import Named
from ..text import Text
from ..typed import convert


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class CheckWords(_Value, frozen=True, kw_only=True):
    """A check of the doctrine, with its weight."""

    id: str
    weight: float
    name: Text
    why: Text
    source: str


class MarkWords(_Value, frozen=True, kw_only=True):
    """A fine (points off), a cap (no more than this) or a breach (0). All in percentage points."""

    id: str
    kind: Literal["fine", "cap", "breach"]
    value: float
    name: Text
    why: Text
    source: str


class Sheet(_Value, frozen=True, kw_only=True):
    """All of it, in the order it is shown."""

    checks: tuple[CheckWords, ...] = field(name="check")
    marks: tuple[MarkWords, ...] = field(name="mark")
    parts: tuple[Named, ...] = field(name="part")


@cache
def sheet() -> Sheet:
    """The sheet, read once."""
    text = files(__package__).joinpath("sheet.toml").read_text(encoding="utf-8")
    return convert(tomllib.loads(text), Sheet, "src/lockdesk/replay/sheet.toml")


@cache
def _marks() -> dict[str, MarkWords]:
    return {mark.id: mark for mark in sheet().marks}


def mark_words(mark_id: str) -> MarkWords:
    """The words of a fine, cap or breach."""
    return _marks()[mark_id]


@cache
def _parts() -> dict[str, Text]:
    return {part.key: part.name for part in sheet().parts}


def part(key: str, **values: str | Text) -> Text:
    """The words for one thing that was seen or missing."""
    return fill(_parts()[key], dict(values))
