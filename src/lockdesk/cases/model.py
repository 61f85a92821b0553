"""A support case as typed values: what stands in its TOML file. No parsing, no playing, no scoring."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import field

from ..terminal import Event
from ..text import Text, Word

Proof = Literal["match", "call-back", "portal", "second", "security"]
Standing = Literal["administrator", "authorised", "staff", "unlisted", "impostor"]
Threat = Literal["none", "impostor", "third-party", "theft", "substitution"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a case as written in TOML: immutable, and without fields nobody asked for."""


class Caller(_Value, frozen=True, kw_only=True):
    """Who calls. `standing` is the truth; `proof` lists the checks this caller would pass (docs/domain.md D1)."""

    name: Text
    standing: Standing
    proof: tuple[Proof, ...] = ()


class Contact(_Value, frozen=True, kw_only=True):
    """Somebody on the merchant's authorised list, as the record shows it."""

    name: Text
    role: Text


class Sales(_Value, frozen=True, kw_only=True):
    """Some sales, by number and sum in yuan; a sum may be the name of a drawn value, as in "$stored"."""

    count: int
    total: float | str


class Device(_Value, frozen=True, kw_only=True):
    """A terminal of the merchant. The first one in the file is the one in question.

    `history`: what happened to it, as events of `terminal`, after its `batch` and `stored` sales.
    `read`: how the last digits of the serial are read out, where they differ from the list.
    """

    id: Word
    label: Text
    held_by: Literal["merchant", "stranger", "gone"] = "merchant"
    capture: Literal["device", "host"] = "device"
    link: Literal["mobile", "wifi"] = "wifi"
    batch: Sales | None = None
    stored: Sales | None = None
    batch_limit: int = 500
    reactivation: bool = False
    read: str = ""
    history: tuple[Event, ...] = ()


class Vary(_Value, frozen=True, kw_only=True):
    """A number drawn for each variant: whole, from `low` to `high`; with `cents` it gets two decimals."""

    name: Word
    low: int
    high: int
    cents: bool = False


class Say(_Value, frozen=True, kw_only=True):
    """What is answered to an act, instead of the phrase book; the last that fits wins.

    `after`: only once all those acts were done; `struck`: only once that clock, by its number in the file from 1, has struck.
    """

    act: Word
    text: Text
    after: tuple[str, ...] = ()
    struck: int = 0


class Flag(_Value, frozen=True, kw_only=True):
    """A telling fact of this case, and the acts that bring it to light."""

    id: Word
    sources: tuple[str, ...] = field(name="from")


class Clock(_Value, frozen=True, kw_only=True):
    """What happens at `minute` unless one of these acts came before; then the score is capped at `cap`.

    `cue`: words that announce it; they stand in the opening or in the answer to `heard`.
    """

    minute: int
    unless: tuple[str, ...]
    cap: int
    text: Text
    cue: Text
    heard: str = "opens"
    history: tuple[Event, ...] = ()


class Check(_Value, frozen=True, kw_only=True):
    """A case's own check; all that is given must hold. Acts are written `act`, `act:arg` or `act:arg@device`.

    `did`: all of these; `any`: one of these; `did_not`: none of these, which pays only when the call ended right;
    `before`: the first came, and before the second (which may never come); `within`: an act by a minute; `seen`: facts known.
    In an assignment `after_grading` lets the learner read `why` in the feedback.
    """

    id: Word
    points: float
    why: Text
    source: Word
    did: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    did_not: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    within: tuple[str | int, ...] = ()
    seen: tuple[str, ...] = ()
    cap: int | None = None
    after_grading: bool = False


class Ticket(_Value, frozen=True, kw_only=True):
    """What the agent testifies. `amount` in yuan."""

    lock_class: str = ""
    authority: str = ""
    option: str = ""
    reason: str = ""
    money: str = ""
    amount: float = 0.0


class Play(_Value, frozen=True, kw_only=True):
    """A listed way to play the case: its acts, its ticket (`amount` is filled in with the sum the world then shows, where it is not given).

    `score`: what it must earn, in percent; `misses`: the case's own checks it must miss.
    """

    id: Word
    steps: tuple[str, ...]
    why: Text
    lock_class: str = ""
    authority: str = ""
    option: str = ""
    reason: str = ""
    money: str = ""
    amount: float | None = None
    ticket: bool = True
    score: int = 100
    misses: tuple[str, ...] = ()


class Case(_Value, frozen=True, kw_only=True, eq=False):
    """One case. `patience` in minutes; `lock_class`, `authority`, `reason` only where the world cannot tell them.

    `reasons`: codes that a ticket may carry as well; `desks`: desks that take the call besides those its class belongs to.
    """

    edition: Word
    id: Word
    objective: Word
    points: float
    source: Word
    sketch: Word
    title: Text
    opens: Text
    patience: int
    caller: Caller
    solution: Play
    threat: Threat = "none"
    administrator: Literal["caller", "reachable", "unreachable"] = "unreachable"
    spare: bool = True
    lock_class: str = ""
    authority: str = ""
    reason: str = ""
    reasons: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = field(name="contact", default=())
    devices: tuple[Device, ...] = field(name="device", default=())
    vary: tuple[Vary, ...] = ()
    says: tuple[Say, ...] = field(name="say", default=())
    flags: tuple[Flag, ...] = field(name="flag", default=())
    clocks: tuple[Clock, ...] = field(name="clock", default=())
    checks: tuple[Check, ...] = field(name="check", default=())
    paths: tuple[Play, ...] = field(name="path", default=())
    mistakes: tuple[Play, ...] = field(name="mistake", default=())

    @property
    def standing_in_doubt(self) -> bool:
        """Whether the caller has no standing at the merchant."""
        return self.caller.standing in ("unlisted", "impostor")
