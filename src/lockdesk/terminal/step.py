"""One event after the other: `step(state, event)` gives the next state and what was said. Pure, and total: no event raises."""

from __future__ import annotations

from msgspec.structs import replace

from . import money
from .condition import can_send, out_of_order, stopped
from .events import (
    AdminReset,
    ApplyToken,
    Authorise,
    Block,
    BreakTouch,
    CallTms,
    Cancel,
    ChangeCode,
    ChangeSim,
    ClearBatch,
    ClearCode,
    Complete,
    Connect,
    DropTasks,
    EnterCode,
    Event,
    GiveBack,
    Hurt,
    Isolate,
    Lift,
    Lock,
    LockScreen,
    LogOn,
    MenuReset,
    Move,
    Plug,
    Power,
    PowerCut,
    PresentCard,
    Press,
    Push,
    Queue,
    Restart,
    Sale,
    Settle,
    SignIn,
    Spoil,
    Swap,
    Upload,
    Void,
    Wait,
    Wipe,
)
from .keypad import press
from .remote import admin_reset, apply_token, clear_code, pass_time, push, swap, wipe
from .state import MAX_TRIES, Code, Message, Operator, State, count, is_online, total
from .words import WORDS

Step = tuple[State, tuple[Message, ...]]


def step(state: State, event: Event) -> Step:
    """The state after `event`, and what device, host and TMS say to it.

    An event that cannot happen in this state changes nothing but the result line, and says why.
    """
    if isinstance(event, Press):
        state, caused = press(state, event.key)
        return step(state, caused) if caused is not None else (state, ())
    state, name = _happen(state, event)
    state = _host_looks(state)
    return replace(state, result=name), ((_message(state, name),) if name else ())


def _message(state: State, name: str) -> Message:
    return Message(name=name, values=values_of(state) if "{" in WORDS[name].en else {})


def values_of(state: State) -> dict[str, str]:
    """What the placeholders of any message of this state stand for."""
    return {
        "stored": str(count(state, "stored")),
        "stored_sum": yuan(total(state, "stored")),
        "batch": str(count(state, "batch")),
        "batch_sum": yuan(total(state, "batch")),
        "amount": yuan(state.claims[-1].amount) if state.claims else yuan(0),
        "trace": f"{max(state.next_trace - 1, 0):06d}",
        "serial": state.serial,
    }


def yuan(fen: int) -> str:
    """An amount as it is printed: two decimals, in yuan."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _host_looks(state: State) -> State:
    """What the acquirer's side does by itself as soon as it sees the device: stop one that is away from its registered place."""
    if is_online(state) and state.place == "elsewhere" and state.enrolled:
        return replace(state, remote=state.remote | {"location"})
    return state


def _happen(state: State, event: Event) -> tuple[State, str]:  # noqa: PLR0912 one line per kind of event is the clearest table
    match event:
        case Wait(minutes=minutes):
            return pass_time(state, minutes), ""
        case LogOn() | EnterCode() | ChangeCode():
            return _give_code(state, event)
        case Sale() | PresentCard():
            return _take_card(state, event)
        case Void() | GiveBack() | Authorise() | Complete() | Cancel():
            return _other_payment(state, event)
        case SignIn():
            return _sign_in(state)
        case Upload(remote=remote):
            refused = can_send(state, remote)
            return (state, refused) if refused else (money.move(state, "stored", "batch"), "uploaded")
        case Settle(remote=remote):
            return _settle(state, remote)
        case ClearBatch():
            return _clear_batch(state)
        case MenuReset():
            return replace(wipe(state), enrolled=False), "reset-done"
        case (
            Power() | Restart() | PowerCut() | Plug() | Connect() | Isolate() | ChangeSim() | Move() | Hurt() | BreakTouch() | LockScreen()
        ):
            return _physical(state, event)
        case CallTms():
            return state, "no-network" if not is_online(state) else "tms-refused" if not state.credential else "tms-ok"
        case Lock(kind=kind):
            return replace(state, remote=state.remote | {kind}), f"locked-{kind}"
        case Lift(kind=kind):
            place = "registered" if kind == "location" else state.place
            return replace(state, remote=state.remote - {kind}, place=place), "lifted"
        case Block(on=on):
            return replace(state, blocked=on), "blocked-now" if on else "unblocked"
        case Spoil() | Queue() | DropTasks():
            return _backstage(state, event)
        case AdminReset(who=who, value=value):
            return admin_reset(state, who, value)
        case ClearCode(who=who, value=value):
            return clear_code(state, who, value)
        case Push(part=part):
            return push(state, part)
        case ApplyToken(serial=serial):
            return apply_token(state, serial)
        case Wipe():
            return (wipe(state), "wiped") if is_online(state) else (state, "unreachable")
        case _:
            return (swap(state, event.serial, event.receipts), "swapped") if isinstance(event, Swap) else (state, "")


def _give_code(state: State, event: LogOn | EnterCode | ChangeCode) -> tuple[State, str]:
    if (page := _before_codes(state, event)) is not None:
        return state, page
    match event:
        case LogOn(operator=who, pin=value):
            found: Operator | Code | None = next((one for one in state.operators if one.id == who), None)
            right = isinstance(found, Operator) and value == found.pin
        case EnterCode(name=name, value=value):
            found = next((one for one in state.codes if one.name == name), None)
            right = isinstance(found, Code) and value == found.value
        case ChangeCode(who=who, value=value):
            return _change_code(state, who, value)
    if found is None:
        return state, "no-operator"
    if found.locked:
        return state, _lock_page(found)
    return _right_code(state, found) if right else _wrong_code(state, found)


def _wrong_code(state: State, found: Operator | Code) -> tuple[State, str]:
    tries = found.tries + 1
    locked = tries >= MAX_TRIES
    failed = replace(found, tries=tries, locked=locked)
    return keep(state, failed), _lock_page(found) if locked else "wrong-code"


def _right_code(state: State, found: Operator | Code) -> tuple[State, str]:
    state = keep(state, replace(found, tries=0))
    if found.temporary:
        return state, "change-now"
    if isinstance(found, Operator):
        return replace(state, on_duty=found.id), "logged-on"
    if found.name == "screen":
        return replace(state, screen_locked=False), "screen-open"
    return replace(state, system_asked=False), "code-right"


def _before_codes(state: State, event: LogOn | EnterCode | ChangeCode) -> str | None:
    """Why no code can be given now. The lock screen takes its own code, and a dead screen none."""
    about_screen = (isinstance(event, EnterCode) and event.name == "screen") or (isinstance(event, ChangeCode) and event.who == "screen")
    page = out_of_order(state)
    if not state.touch:
        return "no-touch"
    return None if about_screen and page in ("screen-lock", "no-kiosk", None) else page


def _change_code(state: State, who: str, value: str) -> tuple[State, str]:
    """A temporary code gives way to one its user chose: at least four digits, and another one."""
    everyone: tuple[Operator | Code, ...] = (*state.operators, *state.codes)
    for one in everyone:
        name = one.id if isinstance(one, Operator) else one.name
        old = one.pin if isinstance(one, Operator) else one.value
        if name == who:
            if not one.temporary or not value.isdigit() or len(value) < 4 or value == old:
                return state, "not-changed"
            changed = replace(one, pin=value) if isinstance(one, Operator) else replace(one, value=value)
            state = keep(state, replace(changed, temporary=False, tries=0))
            return (replace(state, screen_locked=False) if who == "screen" else state), "changed"
    return state, "not-changed"


def keep(state: State, found: Operator | Code) -> State:
    """The state with this operator or code in the place of the old one."""
    if isinstance(found, Operator):
        return replace(state, operators=tuple(found if one.id == found.id else one for one in state.operators))
    return replace(state, codes=tuple(found if one.name == found.name else one for one in state.codes))


def _lock_page(found: Operator | Code) -> str:
    return "operator-locked" if isinstance(found, Operator) else f"{found.name}-locked"


def _take_card(state: State, event: Sale | PresentCard) -> tuple[State, str]:
    if isinstance(event, PresentCard):
        if state.entry.page != "card":
            return state, "no-card-wanted"
        amount = int(state.entry.digits or "0")
        state = replace(state, entry=type(state.entry)())
    else:
        amount = event.amount
    if (page := stopped(state)) is not None:
        return state, page
    if not state.touch:
        return state, "no-touch"
    if amount <= 0:
        return state, "no-amount"
    if event.card == "pin-blocked":
        return state, "card-pin-blocked"
    if event.card == "declined":
        return state, "card-declined"
    if not is_online(state):
        return _print(money.add_claim(state, amount, "stored"), "stored"), "stored"
    if event.card == "no-answer":
        return money.add_claim(state, amount, "reversed"), "reversed"
    return _print(money.add_claim(state, amount, "batch"), "approved"), "approved"


def _print(state: State, kind: str) -> State:
    claim = state.claims[-1]
    return replace(state, receipt=(kind, f"{claim.trace:06d}", yuan(claim.amount), state.tid, state.mid, state.on_duty))


def _other_payment(state: State, event: Void | GiveBack | Authorise | Complete | Cancel) -> tuple[State, str]:
    if (page := stopped(state)) is not None:
        return state, page
    if not state.touch:
        return state, "no-touch"
    match event:
        case Void(trace=trace):
            claim = money.claim_of(state, trace)
            if claim is None or claim.place not in ("batch", "stored") or (claim.place == "batch" and not is_online(state)):
                return state, "not-voided"
            return money.move(state, claim.place, "voided", lambda one: one.trace == trace), "voided"
        case GiveBack(amount=amount):
            code = next((one for one in state.codes if one.name == "refund"), None)
            if code is not None and (code.locked or code.temporary):
                return state, "refund-locked"
            return (money.add_refund(state, amount), "refunded") if amount > 0 and is_online(state) else (state, "not-refunded")
        case Authorise(amount=amount):
            return (money.add_hold(state, amount), "authorised") if amount > 0 and is_online(state) else (state, "not-authorised")
        case Complete(trace=trace) | Cancel(trace=trace):
            hold = money.hold_of(state, trace)
            if hold is None or not is_online(state):
                return state, "no-hold"
            done = money.close_hold(state, hold, isinstance(event, Complete))
            return (money.add_claim(done, hold.amount, "batch"), "completed") if isinstance(event, Complete) else (done, "cancelled")


def _sign_in(state: State) -> tuple[State, str]:
    """Proves the terminal to the host, which sends working keys and the time; a missing master key cannot be signed in."""
    page = out_of_order(state)
    if page is not None:
        return state, page
    if not state.touch:
        return state, "no-touch"
    if not is_online(state):
        return state, "no-network"
    if state.keys != "loaded":
        return state, "key-missing" if state.keys == "missing" else "mac-error"
    return replace(state, signed_in=True, clock_right=True), "signed-in"


def _settle(state: State, remote: bool) -> tuple[State, str]:
    refused = can_send(state, remote)
    if refused is not None:
        return state, refused
    if not state.signed_in:
        return state, "sign-in"
    done = money.settle(state)
    receipt = ("settlement", str(count(state, "batch")), yuan(total(state, "batch")), state.tid, state.mid, state.on_duty)
    return replace(done, receipt=receipt), "settled"


def _clear_batch(state: State) -> tuple[State, str]:
    if not state.powered:
        return state, "dark"
    lost = tuple(replace(one, place="lost") if one.place == "batch" else one for one in state.refunds)
    return replace(money.move(money.move(state, "stored", "lost"), "batch", "lost"), refunds=lost), "batch-cleared"


def _physical(
    state: State,
    event: Power | Restart | PowerCut | Plug | Connect | Isolate | ChangeSim | Move | Hurt | BreakTouch | LockScreen,
) -> tuple[State, str]:
    match event:
        case Power(on=on):
            return _power(state, on), ""
        case Restart():
            return _power(_power(state, False), True), "restarted"
        case PowerCut():
            return replace(_power(state, False), clock_right=False, signed_in=False), ""
        case Plug(on=on):
            return replace(state, charging=on), ""
        case Connect(link=link):
            return replace(state, link=link), "connected" if link != "none" else "no-network"
        case Isolate(on=on):
            return replace(state, isolated=on), "isolated" if on else "connected"
        case ChangeSim(sim=sim):
            return replace(state, sim=sim), ""
        case Move(to=to):
            return replace(state, place=to), ""
        case Hurt(by=by):
            return replace(state, tamper=by, keys="missing", signed_in=False), "tampered"
        case BreakTouch():
            return replace(state, touch=False), ""
        case LockScreen():
            return replace(state, screen_locked=True, kiosk=False), "screen-lock"


def _power(state: State, on: bool) -> State:
    """Switching off ends what somebody was typing; switching on finds the clock where it was."""
    if on and not state.charging and state.battery == 0:
        return state
    return replace(state, powered=on, unpowered_for=0 if on else state.unpowered_for, entry=type(state.entry)())


def _backstage(state: State, event: Spoil | Queue | DropTasks) -> tuple[State, str]:
    match event:
        case Queue(task=task):
            return replace(state, tasks=(*state.tasks, task)), "queued"
        case DropTasks():
            return replace(state, tasks=()), "tasks-stopped"
        case Spoil(part="keys"):
            return replace(state, keys="faulty"), ""
        case Spoil(part="application"):
            return replace(state, application="expired"), ""
        case Spoil(part="parameters"):
            return replace(state, parameters=False), ""
        case _:
            return replace(state, credential=False), ""
