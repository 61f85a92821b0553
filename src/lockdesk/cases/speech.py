"""What is answered to an act: the case's own words where it has some, else the phrase book's, filled from the world."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec.structs import replace

from ..terminal import State, count, display, is_online, locks, stopped, total, yuan
from ..text import Text
from ..typed import convert
from .call import Call, fill
from .world import Act, Line, World, full_name, matches, start

OF_NOW: Final = frozenset({"ask-screen", "ask-scope", "ask-pending", "view-tms", "view-host"})
"""Acts whose answer tells how the terminals stand, which what was done to them may have changed since the telephone rang."""


@cache
def phrases() -> dict[str, Text]:
    """The phrase book, read once."""
    where = "src/lockdesk/cases/phrases.toml"
    data = tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
    return {name: convert(text, Text, f"{where}, {name}") for name, text in data.items()}


def phrase(call: Call, world: World, name: str, device: str = "", **more: str | Text) -> Text:
    """A phrase, filled with what call and world hold."""
    text = phrases()[name]
    if call.quiet:
        return text
    return fill(text, {**values(call, world, device), **more}) if is_open(text) else text


def is_open(text: Text) -> bool:
    """Whether a text has placeholders to fill."""
    return "{" in text.en or "{" in text.zh


def own(call: Call, world: World, act: Act, device: str) -> Text | None:
    """The case's own answer to this act: the last one in the file whose act, earlier acts and clock fit.

    A line that tells how the terminals stand, and depends on nothing, was written for the beginning. Once they stand otherwise the
    phrase book answers; of what a system showed, the beginning is repeated, for its clues.
    """
    full = full_name(act, device)
    found = [
        one
        for one in call.case.says
        if matches(one.act, full) and all(world.did(earlier) for earlier in one.after) and one.struck - 1 in {-1, *world.fired}
    ]
    if not found:
        return None
    line = found[-1]
    if act.act in OF_NOW and not line.after and not line.struck and call.devices:
        first, later = start(call), _settled(world)
        now = _default(call, later, act, device, "")
        if now != _default(call, _settled(first), act, device, "") or _locks(act, later) != _locks(act, first):
            before = fill(line.text, values(call, first, device))
            return phrase(call, world, "before-and-now", before=before, now=now) if act.act.startswith("view-") else None
    return fill(line.text, values(call, world, device)) if is_open(line.text) else line.text


def _settled(world: World) -> World:
    """The world with what its terminals said last gone from their screens."""
    return replace(world, devices={name: replace(state, result="") for name, state in world.devices.items()})


def _locks(act: Act, world: World) -> tuple[tuple[str, ...], ...]:
    """The lock classes the terminals are under, where the answer tells of them."""
    return tuple(locks(state) for state in world.devices.values()) if act.act in ("ask-screen", "ask-scope", "view-tms") else ()


def opening(call: Call, world: World) -> Text:
    """The caller's first words."""
    return fill(call.case.opens, values(call, world))


def values(call: Call, world: World, device: str = "") -> dict[str, str | Text]:
    """What placeholders stand for: drawn numbers, the caller, and the terminal an act is about."""
    filled: dict[str, str | Text] = {"serial": "—", "tid": "—", "read": "—", **call.values, "caller": call.case.caller.name}
    device = device or call.subject
    state = world.devices.get(device)
    if state is None:
        return filled
    for name, one in world.devices.items():
        filled[f"serial-{name}"] = one.serial
    open_batch = [one.amount for one in state.claims if one.place == "batch" and not one.traced]
    read = next((one.read for one in call.case.devices if one.id == device), "")
    return filled | {
        "serial": state.serial,
        "tid": state.tid,
        "read": state.serial[: len(state.serial) - len(read)] + read,
        "stored": str(count(state, "stored")),
        "stored_sum": yuan(total(state, "stored")),
        "batch": str(len(open_batch)),
        "batch_sum": yuan(sum(open_batch)),
        "traced_sum": yuan(sum(one.amount for one in state.claims if one.traced and one.place == "batch")),
        "lost_sum": yuan(total(state, "lost")),
    }


def answer(call: Call, world: World, act: Act, device: str, name: str = "") -> tuple[Line, ...]:
    """The line that answers an act; `name` is the phrase to use when the case has no words of its own."""
    if call.quiet:
        return ()
    return (spoken(own(call, world, act, device) or _default(call, world, act, device, name)),)


def spoken(text: Text) -> Line:
    """A line with its speaker: what stands in quotation marks from its first character on, the caller says."""
    return Line("caller" if text.en.startswith("“") else "desk", text)


def _default(call: Call, world: World, act: Act, device: str, name: str) -> Text:
    match act.act:
        case "ask-screen":
            return _screen(call, world)
        case "ask-scope":
            return phrase(call, world, f"ask-scope-{_scope(call, world)}")
        case "ask-who":
            return phrase(call, world, "ask-who", serial=values(call, world)["read"])
        case "ask-pending":
            state = world.devices.get(call.subject)
            can_look = state is not None and state.touch and stopped(state) not in ("tampered", "wizard", "screen-lock", "no-kiosk", "dark")
            return phrase(call, world, f"ask-pending-{'some' if can_look else 'unknown'}")
        case "view-merchant":
            return _contacts(call, world)
        case "view-devices" | "view-tms" | "view-host":
            return _table(call, world, act.act)
        case _:
            return phrase(call, world, name or act.act, device)


def _screen(call: Call, world: World) -> Text:
    state = world.devices.get(call.subject)
    lines = display(state) if state is not None else ()
    if not lines:
        return phrase(call, world, "ask-screen-dark")
    first = tuple(Text(line.en.rstrip("."), line.zh.rstrip("。")) for line in lines[:-1])
    return phrase(call, world, "ask-screen", screen=_join((*first, lines[-1]), "; ", "；"))


def _join(texts: tuple[Text, ...], en: str, zh: str) -> Text:
    return Text(en.join(text.en for text in texts), zh.join(text.zh for text in texts))


def _scope(call: Call, world: World) -> str:
    working = [stopped(state) is None for name, state in world.devices.items() if name != call.subject]
    if working:
        return "others" if any(working) else "all"
    state = world.devices.get(call.subject)
    return "works" if state is not None and stopped(state) is None else "only"


def _contacts(call: Call, world: World) -> Text:
    rows = tuple(fill(phrases()["contact"], {"name": one.name, "role": one.role}) for one in call.case.contacts)
    if not rows:
        return phrase(call, world, "view-merchant-nobody")
    return phrase(call, world, "view-merchant", contacts=_join(rows, ", ", "、"))


def _table(call: Call, world: World, act: str) -> Text:
    rows = tuple(_row(call, world, act, device.id, device.label) for device in call.case.devices)
    devices = _join(rows, ". ", "。") if rows else phrases()["none"]
    if act != "view-host":
        return phrase(call, world, act, devices=devices)
    notices = tuple(one for name, state in world.devices.items() for one in _notices(call, world, name, state))
    return phrase(
        call,
        world,
        act,
        devices=_join(rows, " ", ""),
        notices=_join(tuple(dict.fromkeys(notices)), "; ", "；") if notices else phrases()["none"],
    )


def _row(call: Call, world: World, act: str, name: str, label: Text) -> Text:
    state = world.devices[name]
    if act == "view-devices":
        return phrase(call, world, "device-row", name, label=label)
    if act == "view-host":
        return phrase(call, world, f"host-row-{state.capture}", name, label=label)
    marks = tuple(_marks(call, world, state))
    tasks = tuple(phrases()[f"task-{task}"] for task in state.tasks)
    return phrase(
        call,
        world,
        "tms-row",
        name,
        label=label,
        online=phrases()["online" if is_online(state) else "offline"],
        place=phrases()["at-home" if state.place == "registered" else "elsewhere"],
        locks=_join(marks, ", ", "、") if marks else phrases()["none"],
        tasks=_join(tasks, ", ", "、") if tasks else phrases()["none"],
    )


def _marks(call: Call, world: World, state: State) -> list[Text]:
    """What the TMS knows to be locked on a terminal; why, it does not know."""
    found = [phrases()[f"lock-{kind}"] for kind in sorted(state.remote)]
    for name, is_there in (("tamper", state.tamper != "none"), ("screen", "L5" in locks(state)), ("enrolment", not state.enrolled)):
        if is_there:
            found.append(phrases()[f"lock-{name}"])
    found += [phrase(call, world, "lock-operator", who=one.id) for one in state.operators if one.locked]
    found += [phrase(call, world, "lock-code", who=phrases()[f"code-{one.name}"]) for one in state.codes if one.locked]
    return found


def _notices(call: Call, world: World, name: str, state: State) -> list[Text]:
    found = [phrases()[f"notice-{kind}"] for kind in sorted(state.remote)]
    return [*found, *([phrase(call, world, "notice-blocked", name)] if state.blocked else [])]


def known_terminals(call: Call, world: World) -> dict[str, str]:
    """The serial numbers the agent has read or heard so far, each with its device in the list; "" for one that was only read out."""
    known: dict[str, str] = {}
    if "who" in world.facts and call.subject:
        known[str(values(call, world)["read"])] = ""
    if "devices" in world.facts:
        known |= {state.serial: name for name, state in world.devices.items()}
    return known
