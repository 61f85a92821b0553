"""What a person sees of a terminal: display, lamps, receipt. Pure; nothing here tells more than the device itself would."""

from __future__ import annotations

import msgspec

from ..text import Text
from .condition import out_of_order, stopped
from .state import Message, State, count, is_online
from .step import values_of, yuan
from .words import WORDS

SIM_PAGES = {"pin-locked": "sim-pin", "suspended": "sim-suspended", "missing": "sim-missing"}


class Lamps(msgspec.Struct, frozen=True):
    """The four lamps above the display."""

    power: bool
    network: bool
    stored: bool
    alarm: bool


def display(state: State) -> tuple[Text, ...]:
    """The lines on the display, the most important first; none when the device is off."""
    if not state.powered:
        return ()
    page = out_of_order(state)
    if page is not None:
        lines = [_page(state)] if page == "screen-lock" and state.entry.about == "screen" else [WORDS[page]]
    elif state.entry.page != "idle":
        lines = [_page(state)]
    else:
        lines = [WORDS[stopped(state) or ("idle" if is_online(state) else "no-signal")]]
    if state.result and state.result != page and WORDS[state.result] not in lines:
        lines.append(say(Message(name=state.result, values=values_of(state))))
    if state.sim != "ready" and page is None:
        lines.append(WORDS[SIM_PAGES[state.sim]])
    return tuple(lines)


def _page(state: State) -> Text:
    entry = state.entry
    return _typed_page(state, f"code-{entry.about}" if entry.page == "code" else entry.page)


def _typed_page(state: State, name: str) -> Text:
    digits = state.entry.digits
    values = {**values_of(state), "digits": digits, "stars": "*" * len(digits), "typed": yuan(int(digits or "0"))}
    return _fill(WORDS[name], values)


def say(message: Message) -> Text:
    """A message in both languages."""
    return _fill(WORDS[message.name], message.values)


def _fill(text: Text, values: dict[str, str]) -> Text:
    return Text(text.en.format(**values), text.zh.format(**values))


def lamps(state: State) -> Lamps:
    """Which lamps are lit. `stored`: something has not been sent; `alarm`: tampered."""
    return Lamps(state.powered, is_online(state), state.powered and count(state, "stored") > 0, state.powered and state.tamper != "none")


def receipt(state: State) -> tuple[Text, ...]:
    """The lines of the last receipt; none when nothing was printed."""
    if not state.receipt:
        return ()
    kind, first, amount, tid, mid, operator = state.receipt
    head = {"approved": "receipt-sale", "stored": "receipt-stored"}.get(kind, "receipt-settlement")
    number = "receipt-count" if kind == "settlement" else "receipt-trace"
    rows = ((number, first), ("receipt-amount", amount), ("receipt-tid", tid), ("receipt-mid", mid), ("receipt-operator", operator))
    return (WORDS[head], *(_fill(WORDS[name], {"value": value}) for name, value in rows))
