"""What an agent can do on a call and write in a ticket, as data (`catalogue.toml`), with the labels in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import field

from ..doctrine import doctrine
from ..text import Text
from ..typed import convert


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Choice(_Value, frozen=True, kw_only=True):
    """One argument of an act. `level` replaces the act's own."""

    key: str
    name: Text
    level: int | None = None


class ActKind(_Value, frozen=True, kw_only=True):
    """One kind of act. `minutes` of the call it takes; `level` of proof it needs, 0 to 4 (docs/domain.md D1)."""

    id: str
    group: str
    minutes: int
    name: Text
    level: int = 0
    by: Literal["desk", "caller"] = "desk"
    fact: str = ""
    device: bool = False
    commits: bool = False
    changes: bool = False
    destroys: bool = False
    choices: tuple[Choice, ...] = field(name="choice", default=())


class Group(_Value, frozen=True, kw_only=True):
    """A heading of the console."""

    id: str
    name: Text


class Named(_Value, frozen=True, kw_only=True):
    """One entry of a list in the ticket."""

    key: str
    name: Text


class Catalogue(_Value, frozen=True, kw_only=True):
    """All of it, in the order of the console."""

    groups: tuple[Group, ...] = field(name="group")
    acts: tuple[ActKind, ...] = field(name="act")
    authorities: tuple[Named, ...] = field(name="authority")
    reasons: tuple[Named, ...] = field(name="reason")
    money: tuple[Named, ...] = field(name="money")


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once."""
    text = files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    return convert(tomllib.loads(text), Catalogue, "src/lockdesk/cases/catalogue.toml")


@cache
def acts() -> dict[str, ActKind]:
    """The kinds of act by their id."""
    return {act.id: act for act in catalogue().acts}


def level_of(act_id: str, argument: str) -> int:
    """The level of proof this act needs, with this argument."""
    kind = acts()[act_id]
    chosen = next((choice for choice in kind.choices if choice.key == argument), None)
    return kind.level if chosen is None or chosen.level is None else chosen.level


@cache
def ticket_lists() -> dict[str, tuple[Named, ...]]:
    """What each field of a ticket may hold: class and option with *none* among them, authority, reason, money."""
    none = Named(key="none", name=Text("None", "无"))
    words = catalogue()
    return {
        "lock_class": (*(Named(key=one.mark, name=one.name) for one in doctrine().classes), none),
        "authority": words.authorities,
        "option": (*(Named(key=one.mark, name=one.name) for one in doctrine().options), none),
        "reason": words.reasons,
        "money": words.money,
    }
