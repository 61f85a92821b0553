"""One act of the agent after the other: `step(call, world, act)` gives the next world and what was heard and seen. Pure and total.

Nothing is forbidden here: what an agent must not do can be done, and is judged elsewhere. What cannot be done says why.
"""

from __future__ import annotations

from msgspec.structs import replace

from ..terminal import Message, State, is_sound, locks, say
from ..terminal import step as step_terminal
from ..terminal.events import Isolate, Wait
from ..text import Text
from . import law, remedies
from .call import Call, fill
from .catalogue import ActKind, acts
from .speech import answer, own, phrase, phrases, values
from .world import Act, Line, World, device_of, full_name, level

Result = tuple[World, tuple[Line, ...]]
RUNG = {
    "basic-steps": "R0",
    "settle": "R0",
    "upload": "R0",
    "admin-reset": "R1",
    "clear-code": "R2",
    "push-profile": "R2",
    "vendor-token": "R4",
    "wipe": "R5",
    "swap": "R6",
    "lift-lock": "lift",
    "clear-batch": "clear",
}
"""The option an act carries out, when it changes something."""
ON_THE_NETWORK = frozenset({"upload", "settle", "basic-steps", "clear-code", "push-profile", "wipe", "test-and-void"})
"""Acts that reach a terminal over its network."""
WITHOUT_DEVICE = frozenset({"match-record", "route"})
"""Acts that name a terminal where there is one, and need none in a case without."""


def step(call: Call, world: World, act: Act) -> Result:
    """The world after `act`, and the lines that answer it.

    Raises:
        KeyError: no such kind of act; the log reader lets none through.
    """
    if world.ticket is not None:
        return world, (Line("world", phrases()["closed"]),)
    if act.act == "ticket":
        return replace(world, ticket=act.ticket, number=world.number + 1), (Line("world", phrases()["ticket"]),)
    kind = acts()[act.act]
    world = replace(world, number=world.number + 1)
    if kind.by == "caller" and world.gone:
        return world, (Line("world", phrases()["gone"]),)
    device = device_of(call, world, act.on) if kind.device else ""
    if kind.device and not device and (call.devices or kind.id not in WITHOUT_DEVICE):
        lines: tuple[Line, ...] = (Line("screen", fill(phrases()["no-device"], {"serial": act.on})),)
        return _pass_time(call, world, 1, lines)
    after, lines = _do(call, world, act, kind, device)
    after = replace(after, done=(*after.done, full_name(act, device)))
    return _pass_time(call, _notice(call, after, act, device), kind.minutes, lines)


def _notice(call: Call, world: World, act: Act, device: str) -> World:
    """The case's telling facts that this act brings to light."""
    full = full_name(act, device)
    for flag in call.case.flags:
        if flag.id not in world.facts and any(full.split("@")[0] == source or act.act == source for source in flag.sources):
            world = _learn(world, flag.id)
    return world


def _learn(world: World, *facts: str) -> World:
    return replace(world, facts={**dict.fromkeys(facts, world.number), **world.facts})


def _pass_time(call: Call, world: World, minutes: int, lines: tuple[Line, ...]) -> Result:
    """Minutes pass on every terminal; clocks strike; patience ends."""
    devices = {name: step_terminal(state, Wait(minutes))[0] for name, state in world.devices.items()}
    world = replace(world, minute=world.minute + minutes, devices=devices)
    for number, clock in enumerate(call.case.clocks):
        if number in world.fired or world.minute < clock.minute or any(world.did(act) for act in clock.unless):
            continue
        hurt = dict(world.devices)
        if call.subject:
            hurt[call.subject], _ = remedies.run(hurt[call.subject], clock.history)
        world = replace(world, fired=world.fired | {number}, devices=hurt)
        lines = (*lines, Line("meanwhile", fill(clock.text, values(call, world))))
    if not world.gone and world.minute > call.case.patience:
        world = replace(world, gone=True)
        lines = (*lines, Line("caller", phrases()["patience"]))
    return world, lines


def _do(call: Call, world: World, act: Act, kind: ActKind, device: str) -> Result:
    if kind.group == "verify":
        return _verify(call, world, act, device)
    if kind.group in ("ask", "look"):
        return _learn(world, kind.fact), answer(call, world, act, device)
    if kind.device and kind.by == "caller" and world.held[device] != "merchant":
        return world, (Line("caller", phrases()["not-with-them"]),)
    if kind.fact:
        return _learn(world, kind.fact), answer(call, world, act, device)
    if act.act in ("explain", "refuse", "route", "take-payment"):
        return _speak(call, world, act)
    if not kind.device:
        return world, answer(call, world, act, device)
    world, lines = _put_back(call, world, act, device)
    work = _tend if act.act in ("keep-receipts", "test-and-void", "reconcile", "harden") else _work
    world, said = work(call, world, act, device)
    return world, (*lines, *said)


def _put_back(call: Call, world: World, act: Act, device: str) -> Result:
    """A terminal that was taken off the network goes back on it for an act that needs it, where nothing is held against it any more.

    Under a tamper flag or a threat that takes security's release (docs/domain.md B3, D1).
    """
    state = world.devices[device]
    released = "security" in world.proofs or (state.tamper == "none" and call.case.threat == "none")
    idle = act.act != "test-and-void" and _cannot(call, act, state)
    if act.act not in ON_THE_NETWORK or not state.isolated or not released or idle:
        return world, ()
    state, _ = remedies.run(state, (Isolate(on=False),))
    return _put(world, device, state), (Line("desk", phrases()["back-on"]),)


def _verify(call: Call, world: World, act: Act, device: str) -> Result:
    """A check that truly proves something, and succeeds, raises the level; a true one that fails is a fact of its own."""
    proof = call.case.caller.proof
    world = replace(world, tried=world.tried | {full_name(act, "")})
    match act.act, act.arg:
        case "match-record", _:
            return _match_record(call, world, act, device)
        case "call-back", "on-file":
            proved, name = "call-back", "call-back"
        case "portal-approval", _:
            proved, name = "portal", "portal"
        case "second-approval", _:
            proved, name = "second", "second"
        case "security-release", _:
            proved, name = "security", "security"
            if level(world) < 3:
                return world, answer(call, world, act, "", "security-no")
        case _:
            return world, answer(call, world, act, "", "call-back-given" if act.act == "call-back" else act.act)
    if proved in proof:
        return replace(world, proofs=world.proofs | {proved}), answer(call, world, act, "", f"{name}-yes")
    return _learn(world, "cannot-prove"), answer(call, world, act, "", f"{name}-no")


def _match_record(call: Call, world: World, act: Act, device: str) -> Result:
    """What was read out beside one row of the device list; only the row of the terminal in question can agree."""
    if "who" not in world.facts:
        return world, (Line("screen", phrases()["match-nothing"]),)
    if device != call.subject:
        return world, answer(call, world, act, device, "match-row")
    world = _learn(world, "matched", "devices")
    caller = call.case.caller
    subject = next((one for one in call.case.devices if one.id == call.subject), None)
    if subject is not None and subject.read:
        return _learn(world, "mismatch"), answer(call, world, act, "", "match-serial")
    if caller.standing in ("unlisted", "impostor"):
        world = _learn(world, "cannot-prove")
    elif "match" in caller.proof:
        world = replace(world, proofs=world.proofs | {"match"})
    name = {"staff": "match-staff", "unlisted": "match-other", "impostor": "match-other"}.get(caller.standing, "match-same")
    return world, answer(call, world, act, "", name)


def _speak(call: Call, world: World, act: Act) -> Result:
    if act.act == "route":
        result = law.answer_of(call, world, act.arg)
        desk = next(choice.name for choice in acts()["route"].choices if choice.key == act.arg)
        text = phrase(call, world, "route-issuer" if act.arg == "issuer" and result == "not-ours" else f"route-{result}", desk=desk)
        return (replace(world, desk=act.arg) if result == "taken" else world), (Line("desk", text),)
    world = replace(world, said=world.said | {act.arg or act.act})
    return world, answer(call, world, act, "", f"explain-{act.arg}" if act.act == "explain" else "")


def _tend(call: Call, world: World, act: Act, device: str) -> Result:
    if act.act == "keep-receipts":
        return replace(world, receipts=world.receipts | {device}), answer(call, world, act, device)
    if act.act == "test-and-void":
        state, approved = remedies.try_sale(world.devices[device])
        world = _put(world, device, state)
        world = replace(world, said=world.said | {f"tested@{device}"}) if approved else world
        return world, answer(call, world, act, device, "test-approved" if approved else "test-refused")
    return world, answer(call, world, act, device)


def _work(call: Call, world: World, act: Act, device: str) -> Result:
    """What is done to a terminal. The screen tells what happened, whatever the case has its people say."""
    state = world.devices[device]
    if refusal := _cannot(call, act, state):
        return world, answer(call, world, act, device, refusal)
    after, said = remedies.run(state, remedies.programme(act.act, state, receipts=device in world.receipts))
    world = _use(_put(world, device, after), act, state, after)
    if act.act == "send-code":
        world = replace(world, codes_sent=world.codes_sent | {act.arg})
    if act.act == "swap":
        world = replace(world, held={**world.held, device: "merchant"})
    name = {"send-code": "code-delivered" if act.arg == "registered" else "code-told", "admin-reset": "administrator"}.get(act.act, act.act)
    has_words = name in phrases() or (not call.quiet and own(call, world, act, device) is not None)
    spoken = answer(call, world, act, device, name) if has_words else ()
    return world, spoken if call.quiet else (*spoken, *_shown(said))


def _cannot(call: Call, act: Act, state: State) -> str:
    """Why an order has nothing to work on, as the name of a phrase."""
    if act.act == "admin-reset" and call.case.administrator == "unreachable":
        return "no-administrator"
    if act.act == "swap" and not call.case.spare:
        return "no-spare"
    if remedies.programme(act.act, state):
        return ""
    return {"push-profile": "nothing-to-push", "lift-lock": "nothing-to-lift", "send-code": "no-code"}.get(act.act, "nothing-to-clear")


def _put(world: World, device: str, state: State) -> World:
    return replace(world, devices={**world.devices, device: state})


def _use(world: World, act: Act, before: State, after: State) -> World:
    """Remembers which option has changed something. A plain fix counts when a lock class, or what kept it from selling, is gone."""
    rung = RUNG.get(act.act, "")
    if rung == "R0":
        changed = locks(before) != locks(after) or is_sound(before) != is_sound(after)
    else:
        changed = remedies.essence(before) != remedies.essence(after)
    return replace(world, used=(*world.used, rung)) if rung and changed else world


def _shown(said: tuple[Message, ...]) -> tuple[Line, ...]:
    """The last thing the systems said."""
    texts: list[Text] = [say(message) for message in said if message.name]
    return (Line("screen", texts[-1]),) if texts else ()
