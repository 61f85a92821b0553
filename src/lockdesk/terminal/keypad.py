"""From keys to events: what a key press does to the page that is open, and which event it completes."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from .condition import out_of_order
from .events import ChangeCode, EnterCode, Event, GiveBack, Key, LogOn, Power, Settle, SignIn, Upload, Void
from .state import Code, CodeName, Entry, Operator, State

MAX_DIGITS: Final = 9
MENU: Final[dict[str, str]] = {
    "1": "amount",
    "2": "void",
    "3": "refund",
    "4": "settle",
    "5": "sign-in",
    "6": "upload",
    "7": "status",
    "8": "operator",
    "9": "system",
}
"""What each digit chooses in the menu."""


def press(state: State, key: Key) -> tuple[State, Event | None]:
    """The state with the page and digits after the key, and the event the key completes, if any."""
    if key == "power":
        return state, Power(not state.powered)
    page = out_of_order(state)
    if not state.touch or page not in (None, "screen-lock"):
        return state, None
    entry = state.entry
    if page == "screen-lock" and entry.about != "screen":
        entry = Entry(page="code", about="screen")
    if key == "cancel":
        return replace(state, entry=Entry(), result=""), None
    if key == "clear":
        return replace(state, entry=replace(entry, digits="")), None
    if key == "menu":
        return (state if page else replace(state, entry=Entry(page="menu"), result="")), None
    if key == "ok":
        return _confirm(replace(state, entry=entry))
    return _digit(replace(state, entry=entry), key)


def _digit(state: State, digit: str) -> tuple[State, Event | None]:
    entry = state.entry
    if entry.page == "menu":
        return _choose(state, digit)
    if entry.page in ("card", "status"):
        return state, None
    if entry.page == "idle":  # somebody begins anew: what was said before is gone
        state, entry = replace(state, result=""), Entry(page="amount")
    return replace(state, entry=replace(entry, digits=(entry.digits + digit)[:MAX_DIGITS])), None


def _choose(state: State, digit: str) -> tuple[State, Event | None]:
    idle = replace(state, entry=Entry())
    match MENU.get(digit):
        case "settle":
            return idle, Settle()
        case "sign-in":
            return idle, SignIn()
        case "upload":
            return idle, Upload()
        case "amount" | "void" | "status" | "operator" as page:
            return replace(state, entry=Entry(page=page)), None
        case "refund":
            return replace(state, entry=Entry(page="code", about="refund")), None
        case "system":
            return replace(state, entry=Entry(page="code", about="system"), system_asked=True), None
        case _:
            return state, None


def _confirm(state: State) -> tuple[State, Event | None]:
    entry = state.entry
    idle = replace(state, entry=Entry())
    match entry.page:
        case "amount" if entry.digits:
            return replace(state, entry=replace(entry, page="card")), None
        case "operator" if entry.digits:
            return replace(state, entry=Entry(page="pin", about=entry.digits)), None
        case "pin":
            operator = next((one for one in state.operators if one.id == entry.about), None)
            return _then_new_code(state, operator), LogOn(entry.about, entry.digits)
        case "new-code":
            return idle, ChangeCode(entry.about, entry.digits)
        case "code" if entry.about == "refund":
            return _refund_code(state)
        case "code":
            names: dict[str, CodeName] = {"system": "system", "screen": "screen", "supervisor": "supervisor"}
            name = names.get(entry.about, "supervisor")
            code = next((one for one in state.codes if one.name == name), None)
            return _then_new_code(state, code), EnterCode(name, entry.digits)
        case "refund" if entry.digits:
            return idle, GiveBack(int(entry.digits))
        case "void" if entry.digits:
            return idle, Void(int(entry.digits))
        case _:
            return state, None


def _refund_code(state: State) -> tuple[State, Event | None]:
    """The refund code opens the page for the sum; a wrong one counts as any wrong code."""
    code = next((one for one in state.codes if one.name == "refund"), None)
    right = code is not None and code.value == state.entry.digits and not code.locked and not code.temporary
    after = replace(state, entry=Entry(page="refund")) if right else _then_new_code(state, code)
    return after, EnterCode("refund", state.entry.digits)


def _then_new_code(state: State, found: Operator | Code | None) -> State:
    """The page after a password: one for a new password where a temporary one was given right."""
    if found is None or found.locked or not found.temporary:
        return replace(state, entry=Entry())
    right, who = (found.pin, found.id) if isinstance(found, Operator) else (found.value, found.name)
    return replace(state, entry=Entry(page="new-code", about=who) if right == state.entry.digits else Entry())
