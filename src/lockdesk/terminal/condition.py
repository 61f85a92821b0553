"""What is the matter with a terminal: which lock classes it is under, and what stops a sale first (docs/domain.md B1)."""

from __future__ import annotations

from typing import Final

from .state import MAX_STORED, RemoteLock, State, count, is_online

REMOTE_CLASS: Final[dict[RemoteLock, str]] = {"risk": "L7", "arrears": "L8", "location": "L9", "lifecycle": "L15"}
SHUTTING: Final[frozenset[RemoteLock]] = frozenset({"arrears", "lifecycle"})
"""Remote locks that close the whole device, so that nothing is uploaded or settled either; the others only stop new payments."""


def locks(state: State) -> tuple[str, ...]:
    """The lock classes the terminal is under, in the order L1 to L15. L14 is a card's and never among them."""
    found = {
        "L1": any(operator.locked or operator.temporary for operator in state.operators),
        "L2": any((code.locked or code.temporary) and code.name in ("supervisor", "refund") for code in state.codes),
        "L3": state.system_asked or any(code.locked for code in state.codes if code.name == "system"),
        "L4": not state.credential,
        "L5": state.screen_locked or not state.kiosk or any(code.temporary for code in state.codes if code.name == "screen"),
        "L6": not state.enrolled,
        "L7": "risk" in state.remote,
        "L8": "arrears" in state.remote,
        "L9": "location" in state.remote,
        "L10": state.tamper in ("opened", "dropped"),
        "L11": state.tamper in ("cell", "cold"),
        "L12": _has_operating_fault(state),
        "L13": state.sim != "ready",
        "L15": "lifecycle" in state.remote,
    }
    return tuple(mark for mark, is_there in found.items() if is_there)


def signs(state: State) -> tuple[str, ...]:
    """The lock classes that show: `locks`, and L14 while the last card was refused for its PIN tries."""
    return (*locks(state), *(["L14"] if state.result == "card-pin-blocked" else []))


def _has_operating_fault(state: State) -> bool:
    """L12; what a tamper or a reset has taken away is part of L10, L11 and L6."""
    if state.tamper != "none" or not state.enrolled:
        return False
    set_up = state.application == "approved" and state.parameters and state.keys == "loaded"
    return not (set_up and state.signed_in and state.clock_right and state.link != "none") or is_full(state)


def is_full(state: State) -> bool:
    """Whether the journal holds as many sales as it can before a settlement."""
    if len(state.claims) < state.batch_limit:  # asked after every act, and nearly always settled here
        return False
    return sum(claim.place in ("batch", "stored") for claim in state.claims) >= state.batch_limit


def stopped(state: State) -> str | None:
    """What stops the next sale first, as the name of a display page in `words.WORDS`; None when sales work."""
    return out_of_order(state) or _not_ready(state)


def out_of_order(state: State) -> str | None:
    """What keeps the payment app from being used at all; None when it can be."""
    checks = (
        ("dark", not state.powered),
        ("tampered", state.tamper != "none"),
        ("wizard", not state.enrolled),
        ("screen-lock", state.screen_locked),
        ("no-kiosk", not state.kiosk),
        ("arrears", "arrears" in state.remote),
        ("lifecycle", "lifecycle" in state.remote),
        ("no-app", state.application == "missing"),
        ("app-expired", state.application == "expired"),
    )
    return next((page for page, is_there in checks if is_there), None)


def _not_ready(state: State) -> str | None:
    checks = (
        ("risk", "risk" in state.remote),
        ("location", "location" in state.remote),
        ("blocked", state.blocked),
        ("key-missing", state.keys == "missing"),
        ("mac-error", state.keys == "faulty"),
        ("no-parameters", not state.parameters),
        ("clock", not state.clock_right),
        ("sign-in", not state.signed_in),
        ("settle-first", is_full(state)),
        ("log-on", not any(one.id == state.on_duty and not one.locked for one in state.operators)),
        ("store-full", not is_online(state) and count(state, "stored") >= MAX_STORED),
    )
    return next((page for page, is_there in checks if is_there), None)


def sells(state: State) -> bool:
    """Whether an online sale would go through now: E4 of docs/domain.md in one predicate."""
    return stopped(state) is None and is_online(state) and state.touch


def is_sound(state: State) -> bool:
    """Whether the terminal sells and no lock class holds it: what a finished recovery looks like."""
    return sells(state) and not locks(state)


def can_send(state: State, remote: bool) -> str | None:
    """Why stored sales or a batch cannot be sent now, as a message name; None when they can.

    A locked or dead screen stops the person in front of it, never the TMS. A risk or location lock stops new payments only.
    """
    if not is_online(state):
        return "no-network"
    if state.tamper != "none" or state.keys != "loaded" or not state.enrolled or state.application == "missing":
        return "cannot-send"
    if state.remote & SHUTTING:
        return "cannot-send"
    if not remote and (not state.touch or out_of_order(state) is not None):
        return "cannot-reach-menu"
    return None
