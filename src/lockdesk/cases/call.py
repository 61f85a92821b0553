"""One learner's call: a case with the numbers of one variant drawn in, and its terminals as they stand when the telephone rings.

What varies is drawn by SHA-256 of edition, case, variant and name, so the same variant is the same call everywhere and for ever.
Sums, counts and serial numbers vary; clues, threats and locks never do.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from ..terminal import State, step, yuan
from ..terminal.events import Connect, Sale
from ..text import Text
from .model import Case, Device, Sales, Vary

VARIANTS: Final = 64
"""How many variants an edition of a case has, named "v00" to "v63"."""


class Call(msgspec.Struct, frozen=True, eq=False):
    """A case in one variant. `values` fill the placeholders of its texts; `devices` by their id, the one in question first.

    In a `quiet` call nobody says anything: for replays, which look at what is done and need no words.
    """

    case: Case
    variant: str
    values: dict[str, str]
    devices: dict[str, State]
    quiet: bool = False

    @property
    def subject(self) -> str:
        """The id of the terminal in question, empty when the case has none."""
        return next(iter(self.devices), "")


def variant_for(case: Drawn, learner: str) -> str:
    """The variant this learner gets."""
    return f"v{_draw(case, learner, 'variant') % VARIANTS:02d}"


def is_variant(name: object) -> bool:
    """Whether an edition has a variant of this name."""
    return (
        isinstance(name, str)
        and len(name) == 3
        and name[0] == "v"
        and name[1:].isascii()
        and name[1:].isdigit()
        and int(name[1:]) < VARIANTS
    )


class Drawn(Protocol):
    """What numbers are drawn for: a case or a task."""

    @property
    def edition(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def vary(self) -> tuple[Vary, ...]: ...


def _draw(case: Drawn, *names: str) -> int:
    text = "|".join((case.edition, case.id, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


@lru_cache(maxsize=256)
def draw(case: Case, variant: str) -> Call:
    """The call of this variant."""
    values, devices = terminals(case, case.devices, variant)
    return Call(case, variant, values, devices)


def terminals(case: Drawn, devices: tuple[Device, ...], variant: str) -> tuple[dict[str, str], dict[str, State]]:
    """The numbers of a variant, and the terminals they stand in, by id."""
    values = {vary.name: _number(case, vary, variant) for vary in case.vary}
    mid = f"{_draw(case, variant, 'mid') % 10**15:015d}"
    values["mid"] = mid
    stem = _draw(case, variant, "serial") % 10**4
    found: dict[str, State] = {}
    for one, tail in zip(devices, _tails(case, devices, variant), strict=True):
        state = _terminal(one, values, f"H2-{stem:04d}{tail:02d}", f"{stem:04d}{tail:04d}", mid)
        found[one.id] = state
        values[f"serial-{one.id}"] = state.serial
        values[f"tid-{one.id}"] = state.tid
    return values, found


def _tails(case: Drawn, devices: tuple[Device, ...], variant: str) -> list[int]:
    """Last digits of the serials: close to each other, as in a real row of terminals, and never the same."""
    first = _draw(case, variant, "tail") % 90
    rows = [(_draw(case, variant, "row", one.id), number) for number, one in enumerate(devices)]
    order = {number: place for place, (_, number) in enumerate(sorted(rows))}
    return [first + order[number] for number in range(len(devices))]


def _number(case: Drawn, vary: Vary, variant: str) -> str:
    if vary.cents:
        return yuan(vary.low * 100 + _draw(case, variant, vary.name) % ((vary.high - vary.low) * 100 + 1))
    return str(vary.low + _draw(case, variant, vary.name) % (vary.high - vary.low + 1))


def _terminal(device: Device, values: dict[str, str], serial: str, tid: str, mid: str) -> State:
    state = State(
        serial=serial,
        tid=tid,
        mid=mid,
        capture=device.capture,
        link=device.link,
        batch_limit=device.batch_limit,
        reactivation=device.reactivation,
    )
    for amount in _amounts(device.batch, values):
        state, _ = step(state, Sale(amount))
    if device.stored is not None:
        state, _ = step(state, Connect("none"))
        for amount in _amounts(device.stored, values):
            state, _ = step(state, Sale(amount))
        state, _ = step(state, Connect(device.link))
    for event in device.history:
        state, _ = step(state, event)
    return replace(state, receipt=())


def _amounts(sales: Sales | None, values: dict[str, str]) -> list[int]:
    """The sum in fen, spread over the number of sales; the last one takes the rest."""
    if sales is None or sales.count < 1:
        return []
    text = values[sales.total[1:]] if isinstance(sales.total, str) else sales.total
    fen = round(float(text) * 100)
    return [fen // sales.count] * (sales.count - 1) + [fen - fen // sales.count * (sales.count - 1)]


def fill(text: Text, values: dict[str, str | Text]) -> Text:
    """The text with its placeholders filled; a value may be in two languages itself."""
    en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
    return Text(text.en.format(**en), text.zh.format(**zh))
