"""How claims, refunds and pre-authorisations move. Nothing here ever adds to or drops from the ledger what is already in it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from .state import Claim, Hold, Place, Refund, State


def add_claim(state: State, amount: int, place: Place) -> State:
    """A new sale's claim, with the next trace number."""
    claim = Claim(trace=state.next_trace, amount=amount, place=place)
    return replace(state, claims=(*state.claims, claim), next_trace=state.next_trace + 1, last_sale=state.now)


def move(state: State, origin: Place, to: Place, only: Callable[[Claim], bool] = lambda claim: True, traced: bool = False) -> State:
    """Every claim of `origin` that `only` accepts goes to `to`."""
    moved = tuple(
        replace(claim, place=to, traced=claim.traced or traced) if claim.place == origin and only(claim) else claim
        for claim in state.claims
    )
    return replace(state, claims=moved)


def claim_of(state: State, trace: int) -> Claim | None:
    """The claim with this trace number."""
    return next((claim for claim in state.claims if claim.trace == trace), None)


def add_refund(state: State, amount: int) -> State:
    """A refund in the open batch."""
    refund = Refund(trace=state.next_trace, amount=amount, place="batch")
    return replace(state, refunds=(*state.refunds, refund), next_trace=state.next_trace + 1)


def add_hold(state: State, amount: int) -> State:
    """An open pre-authorisation."""
    hold = Hold(trace=state.next_trace, amount=amount, place="open")
    return replace(state, holds=(*state.holds, hold), next_trace=state.next_trace + 1)


def hold_of(state: State, trace: int) -> Hold | None:
    """The open pre-authorisation with this trace number."""
    return next((hold for hold in state.holds if hold.trace == trace and hold.place == "open"), None)


def close_hold(state: State, hold: Hold, completed: bool) -> State:
    """Complete or cancel an open pre-authorisation."""
    done = replace(hold, place="completed" if completed else "cancelled")
    return replace(state, holds=tuple(done if one is hold else one for one in state.holds))


def settle(state: State) -> State:
    """The batch is closed and agreed with the host, refunds with it; stored sales stay where they are."""
    refunds = tuple(replace(one, place="settled") if one.place == "batch" else one for one in state.refunds)
    return replace(move(state, "batch", "settled"), refunds=refunds)


def erase(state: State) -> State:
    """What goes when the device's memory goes: stored sales always, the batch unless the host captured it, and every open hold's handle."""
    state = move(state, "stored", "lost")
    if state.capture == "device":
        lost = tuple(replace(one, place="lost") if one.place == "batch" else one for one in state.refunds)
        state = replace(move(state, "batch", "lost"), refunds=lost)
    holds = tuple(replace(one, place="orphaned") if one.place == "open" else one for one in state.holds)
    return replace(state, holds=holds)


def leave_behind(state: State, receipts: bool) -> State:
    """What happens to the money in a unit that is swapped: what only the unit knew is traced by receipts, or lost."""
    only_inside: tuple[Place, ...] = ("stored", "batch") if state.capture == "device" else ("stored",)
    for place in only_inside:
        state = move(state, place, "batch" if receipts else "lost", traced=receipts)
    refunds = state.refunds
    if state.capture == "device" and not receipts:
        refunds = tuple(replace(one, place="lost") if one.place == "batch" else one for one in refunds)
    holds = tuple(replace(one, place="orphaned") if one.place == "open" else one for one in state.holds)
    return replace(state, refunds=refunds, holds=holds)
