"""What host, TMS and the merchant's portal do to a terminal, and what time does: the true effects of the options R1 to R6."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from . import money
from .state import CELL_LIFE, DAY, DORMANT, Code, Entry, Operator, Part, State, is_online

FRESH: Final = State()
MAX_WAIT: Final = 20 * 365 * DAY
"""The longest single wait; longer ones count as this."""


def pass_time(state: State, minutes: int) -> State:
    """The state some minutes later: battery, backup cell, queued tasks and dormancy move on; below 0 counts as 0."""
    minutes = max(0, min(minutes, MAX_WAIT))
    state = replace(state, now=state.now + minutes)
    if state.powered and not state.charging:
        battery = max(0, state.battery - minutes // 6)
        state = replace(state, battery=battery, powered=battery > 0)
    elif state.charging and state.battery < 100:
        state = replace(state, battery=min(100, state.battery + minutes))
    if not state.powered and not state.charging:
        state = _age_cell(state, minutes)
    if minutes and state.tasks and is_online(state):
        state = _run_tasks(state)
    if state.now - state.last_sale >= DORMANT:
        state = replace(state, remote=state.remote | {"lifecycle"})
    return state


def _age_cell(state: State, minutes: int) -> State:
    state = replace(state, unpowered_for=state.unpowered_for + minutes)
    if state.unpowered_for >= CELL_LIFE and state.tamper == "none":
        return replace(state, tamper="cell", keys="missing", signed_in=False)
    return state


def _run_tasks(state: State) -> State:
    done = state
    for task in state.tasks:
        done = wipe(done) if task == "wipe" else replace(done, parameters=True)
    return replace(done, tasks=())


def admin_reset(state: State, who: str, value: str) -> tuple[State, str]:
    """R1: an operator's PIN, or the supervisor or refund code, set anew by the merchant's administrator; its user must change it."""
    if not _is_code(value):
        return state, "not-changed"
    if who in ("system", "screen"):
        return state, "not-the-merchants"
    return _set(state, who, value)


def clear_code(state: State, who: str, value: str) -> tuple[State, str]:
    """R2: one code cleared through the TMS, which leaves a temporary one; nothing else is touched. The device must be online."""
    if not is_online(state) or not state.enrolled:
        return state, "unreachable"
    if not state.credential:
        return state, "tms-refused"
    if not _is_code(value):
        return state, "not-changed"
    state, said = _set(state, who, value)
    return (replace(state, kiosk=True) if who == "screen" else state), said


def _is_code(value: str) -> bool:
    return value.isdigit() and 4 <= len(value) <= 12


def _set(state: State, who: str, value: str) -> tuple[State, str]:
    for operator in state.operators:
        if operator.id == who:
            new = Operator(id=who, pin=value, temporary=True)
            return replace(state, operators=tuple(new if one.id == who else one for one in state.operators)), "code-set"
    for code in state.codes:
        if code.name == who:
            fresh = Code(name=code.name, value=value, temporary=True)
            return replace(state, codes=tuple(fresh if one.name == who else one for one in state.codes)), "code-set"
    return state, "no-operator"


def push(state: State, part: Part) -> tuple[State, str]:
    """One part of the set-up sent to one device. Keys into a tampered device do not take: it has no master key to hold them.

    The SIM card is released at its operator by its owner, the payment institution, which no locked card can prevent; one that is not
    there cannot be released (docs/domain.md B1 L13).
    """
    if part == "sim":
        return (state, "not-taken") if state.sim == "missing" else (replace(state, sim="ready"), "pushed")
    if not is_online(state):
        return state, "unreachable"
    if not state.enrolled and part != "enrolment":
        return state, "unreachable"
    if not state.credential and part != "credential":
        return state, "tms-refused"
    if state.tamper != "none" and part in ("keys", "application"):
        return state, "not-taken"
    match part:
        case "credential":
            state = replace(state, credential=True)
        case "system":
            codes = tuple(Code(name="system", value=one.value) if one.name == "system" else one for one in state.codes)
            state = replace(state, codes=codes, system_asked=False)
        case "kiosk":
            codes = tuple(replace(one, locked=False, tries=0, temporary=False) if one.name == "screen" else one for one in state.codes)
            state = replace(state, kiosk=True, screen_locked=False, codes=codes)
        case "parameters":
            state = replace(state, parameters=True)
        case "keys":
            state = replace(state, keys="loaded", signed_in=False)
        case "application":
            state = replace(state, application="approved")
        case "enrolment":
            state = replace(state, enrolled=True)
    return state, "pushed"


def apply_token(state: State, serial: str) -> tuple[State, str]:
    """R4: clears the tamper state on models that allow it, and codes of the system; the memory goes, keys stay missing."""
    if serial != state.serial or not state.powered:
        return state, "token-refused"
    if state.tamper != "none" and not state.reactivation:
        return state, "token-refused"
    codes = tuple(Code(name=one.name, value=one.value) if one.name == "system" else one for one in state.codes)
    erased = money.erase(state)
    return (
        replace(erased, tamper="none", keys="missing", parameters=False, signed_in=False, codes=codes, system_asked=False, credential=True),
        "token-applied",
    )


def wipe(state: State) -> State:
    """R5: the memory goes with all codes and the set-up; enrolment, position, locks of the acquirer and hardware stay as they are.

    Keys are taken as gone, which is what the course assumes until a host confirms otherwise (docs/domain.md H2.2).
    """
    return replace(
        money.erase(state),
        operators=FRESH.operators,
        codes=FRESH.codes,
        on_duty=FRESH.on_duty,
        screen_locked=False,
        kiosk=True,
        system_asked=False,
        application="missing",
        parameters=False,
        keys="missing",
        signed_in=False,
        tasks=(),
        entry=Entry(),
        receipt=(),
    )


def swap(state: State, serial: str, receipts: bool) -> State:
    """R6: another unit on the same TID and MID, provisioned and signed in. Locks that are decisions travel with the merchant."""
    left = money.leave_behind(state, receipts)
    return replace(
        FRESH,
        serial=serial,
        tid=left.tid,
        mid=left.mid,
        capture=left.capture,
        link=left.link if left.link != "none" else "mobile",
        place=left.place,
        remote=left.remote,
        batch_limit=left.batch_limit,
        now=left.now,
        last_sale=left.last_sale,
        next_trace=left.next_trace,
        claims=left.claims,
        refunds=left.refunds,
        holds=left.holds,
    )
