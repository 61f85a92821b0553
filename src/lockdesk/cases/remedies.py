"""The acts on a terminal as programmes of terminal events: what the desk orders, done in order. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from ..terminal import Event, Message, State, locks, step
from ..terminal.events import (
    AdminReset,
    ApplyToken,
    Block,
    ChangeCode,
    ClearBatch,
    ClearCode,
    DropTasks,
    Isolate,
    Lift,
    Power,
    Push,
    Restart,
    Sale,
    Settle,
    SignIn,
    Swap,
    Upload,
    Void,
    Wipe,
)

NEW_CODE = "84617"
TEMPORARY = "59370"
"""Codes of the simulation only; nobody on the call ever hears one."""


def run(state: State, events: Iterator[Event] | tuple[Event, ...]) -> tuple[State, tuple[Message, ...]]:
    """The state after these events, and all that was said; the terminal's display goes back to its own page."""
    said: list[Message] = []
    for event in events:
        state, messages = step(state, event)
        said += messages
    return state, tuple(said)


FIXED: Final[dict[str, tuple[Event, ...]]] = {
    "isolate": (Isolate(),),
    "block": (Block(),),
    "stop-tasks": (DropTasks(),),
    "upload": (Upload(remote=True),),
    "basic-steps": (Restart(), Power(True), SignIn()),
    "clear-batch": (ClearBatch(),),
    "wipe": (Wipe(), Push("enrolment"), Push("application"), Push("parameters"), Push("keys"), SignIn()),
}
"""Acts that mean the same for every terminal."""


def programme(act: str, state: State, receipts: bool = False) -> tuple[Event, ...]:
    """The events an act means for this terminal. Empty: nothing to do here."""
    match act:
        case "settle":
            return (Settle(), *((SignIn(), Settle()) if not state.signed_in else ()))
        case "admin-reset":
            held = _held(state, ("supervisor", "refund"))
            return tuple(event for who in held for event in (AdminReset(who, TEMPORARY), ChangeCode(who, NEW_CODE)))
        case "clear-code":
            return tuple(ClearCode(who, TEMPORARY) for who in _held(state, ("supervisor", "refund", "screen")))
        case "send-code":
            return tuple(ChangeCode(who, NEW_CODE) for who in _temporary(state))
        case "push-profile":
            return _pushes(state)
        case "lift-lock":
            return tuple(Lift(kind) for kind in sorted(state.remote))
        case "vendor-token":
            return (ApplyToken(state.serial),)
        case "swap":
            return (Swap(_next(state.serial), receipts),)
        case _:
            return FIXED.get(act, ())


def _next(serial: str) -> str:
    """The serial of the spare: from another row, so that it is never a neighbour's."""
    return f"H2-9{serial[-5:]}"


def _held(state: State, codes: tuple[str, ...]) -> Iterator[str]:
    """Whose codes are locked: operators, and of the codes those named."""
    yield from (one.id for one in state.operators if one.locked)
    for code in state.codes:
        if code.name in codes and (code.locked or (code.name == "screen" and (state.screen_locked or not state.kiosk))):
            yield code.name


def _temporary(state: State) -> Iterator[str]:
    yield from (one.id for one in state.operators if one.temporary)
    yield from (one.name for one in state.codes if one.temporary)


def _pushes(state: State) -> tuple[Event, ...]:
    """Only what is wrong is sent: the SIM card, which all else may have to come through, and the TMS credential first."""
    wrong = {
        "sim": state.sim in ("pin-locked", "suspended"),
        "credential": not state.credential,
        "system": "L3" in locks(state),
        "kiosk": state.screen_locked or not state.kiosk,
        "parameters": not state.parameters,
        "application": state.application != "approved",
        "keys": state.keys != "loaded",
    }
    events: list[Event] = [Push(part) for part, is_wrong in wrong.items() if is_wrong]  # type: ignore[arg-type]
    return (*events, SignIn()) if events and (not state.signed_in or wrong["keys"]) else tuple(events)


def try_sale(state: State) -> tuple[State, bool]:
    """A test sale of one fen and its void; whether it was approved. It leaves no claim that counts."""
    after, said = run(state, (Sale(1),))
    approved = any(message.name == "approved" for message in said)
    after, _ = run(after, (Void(after.next_trace - 1),)) if approved else (state, ())
    return after, approved


def whole(option: str, state: State) -> State:
    """The terminal after an option done with care: money sent and receipts kept first, every following step done."""
    saved, _ = run(state, (Upload(remote=True),))
    acts = {
        "R0": ("basic-steps", "settle"),
        "R1": ("admin-reset",),
        "R2": ("push-profile", "clear-code", "send-code"),
        "R4": ("vendor-token", "push-profile"),
        "R5": ("wipe",),
        "R6": ("swap",),
    }[option]
    if option in ("R4", "R5"):
        saved, _ = run(saved, (Settle(remote=True),))
    for act in acts:
        saved, _ = run(saved, programme(act, saved, receipts=True))
    return saved


def essence(state: State) -> State:
    """What matters when one asks whether an act changed a terminal: not the time, not the display."""
    return replace(state, now=0, last_sale=0, battery=0, result="", receipt=(), entry=type(state.entry)(), next_trace=0)
