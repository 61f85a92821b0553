"""Where a call stands, as a value: what has been learned, proved, done and handed over, and every terminal as it is now."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..terminal import State
from ..text import Text
from .call import Call
from .catalogue import acts
from .model import Ticket


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act of the agent. `on`: the serial of the terminal it is done to, as the agent saw it. `ticket` closes the call."""

    act: str
    arg: str = ""
    on: str = ""
    ticket: Ticket | None = None


class Line(msgspec.Struct, frozen=True):
    """Something heard or seen during the call."""

    speaker: Literal["caller", "desk", "screen", "meanwhile", "world"]
    text: Text


class World(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of a call. `facts` maps what is known to the number of the act that brought it; `done` holds acts as `act:arg@device`."""

    devices: dict[str, State]
    held: dict[str, str]
    minute: int = 0
    gone: bool = False
    number: int = 0
    facts: dict[str, int] = {}
    proofs: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    done: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    receipts: frozenset[str] = frozenset()
    codes_sent: frozenset[str] = frozenset()
    desk: str = ""
    said: frozenset[str] = frozenset()
    fired: frozenset[int] = frozenset()
    ticket: Ticket | None = None

    def did(self, name: str) -> bool:
        """Whether an act was done; `name` may leave out argument and device."""
        return any(matches(name, one) for one in self.done)


def matches(name: str, done: str) -> bool:
    """Whether the act `done`, written in full, is one that `name` means."""
    act, _, device = done.partition("@")
    wanted, _, wanted_device = name.partition("@")
    return wanted in (act, act.split(":")[0]) and wanted_device in ("", device)


def start(call: Call) -> World:
    """The world when the telephone rings."""
    return World(devices=dict(call.devices), held={device.id: device.held_by for device in call.case.devices})


def level(world: World) -> int:
    """The level of proof reached so far, 0 to 4 (docs/domain.md D1)."""
    steps = ("match" in world.proofs, bool({"call-back", "portal"} & world.proofs), "second" in world.proofs, "security" in world.proofs)
    reached = 0
    for passed in steps:
        if not passed:
            return reached
        reached += 1
    return reached


def full_name(act: Act, device: str) -> str:
    """The act as it stands in `World.done`."""
    return f"{act.act}{':' if act.arg else ''}{act.arg}{'@' if device else ''}{device}"


def device_of(call: Call, world: World, serial: str) -> str:
    """The id of the terminal with this serial, empty when the merchant has none such."""
    return next((name for name, state in world.devices.items() if state.serial == serial), "")


def named(call: Call, world: World, text: str) -> Act:
    """The act an author writes as `act:arg@device`, with the serial of the device; without one it is the terminal in question."""
    head, _, device = text.partition("@")
    act, _, argument = head.partition(":")
    kind = acts().get(act)
    if kind is not None and kind.device:
        device = device or call.subject
    state = world.devices.get(device)
    return Act(act, argument, state.serial if state is not None else device)
