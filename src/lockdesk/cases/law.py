"""What the doctrine says about a call: the class it is, who owns it, what counts as evidence, and which options are lawful.

The least destructive option is computed and never written down: each option the class allows is tried on a copy of the terminal at the
highest level of proof this caller can reach (docs/domain.md C1, C5, D1).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from ..doctrine import doctrine
from ..terminal import State, count, is_sound, locks, stopped
from . import remedies
from .call import Call
from .world import World

Groups = tuple[frozenset[str], ...]


def _groups(*rows: str) -> Groups:
    return tuple(frozenset(row.split()) for row in rows)


EVIDENCE: Final[dict[str, Groups]] = {
    "L1": _groups("screen", "scope"),
    "L2": _groups("screen scope", "list"),
    "L3": _groups("screen", "machine change"),
    "L4": _groups("screen tms", "history change"),
    "L5": _groups("screen", "tms"),
    "L6": _groups("screen", "change", "devices tms"),
    "L7": _groups("scope tms", "host"),
    "L8": _groups("screen", "contract"),
    "L9": _groups("machine change", "devices tms", "contract list"),
    "L10": _groups("screen", "change", "body"),
    "L11": _groups("screen", "change", "body"),
    "L12": _groups("screen", "host tms"),
    "L13": _groups("screen", "tms scope"),
    "L14": _groups("scope", "screen"),
    "L15": _groups("screen tms", "host history"),
    "none": _groups("screen machine", "tms history"),
}
"""By class: groups of facts, one of each of which is needed to know what one is dealing with (docs/domain.md B3)."""

THREAT_EVIDENCE: Final[dict[str, Groups]] = {
    "third-party": _groups("change machine", "history"),
    "theft": _groups("machine change", "devices tms", "list"),
    "substitution": _groups("body", "devices"),
    "impostor": _groups("machine change", "list cannot-prove"),
}
OWNERS: Final[dict[str, str]] = {
    "L3": "level2",
    "L4": "level2",
    "L7": "risk",
    "L8": "contract",
    "L9": "operations",
    "L10": "security",
    "L11": "security",
    "L15": "operations",
}
"""The desk a class belongs to, where it does not belong to this one (docs/domain.md B1, "authority")."""
AUTHORITY: Final[dict[str, str]] = {
    "L1": "administrator",
    "L2": "administrator",
    "L3": "level2",
    "L4": "level2",
    "L5": "fleet",
    "L6": "fleet",
    "L7": "risk",
    "L8": "contract",
    "L9": "operations",
    "L10": "security",
    "L11": "security",
    "L12": "desk",
    "L13": "desk",
    "L14": "issuer",
    "L15": "operations",
    "none": "desk",
}
REASON: Final[dict[str, str]] = {
    "L1": "tries",
    "L2": "tries",
    "L3": "no-right",
    "L4": "software",
    "L5": "software",
    "L6": "reset",
    "L7": "decision",
    "L8": "arrears",
    "L9": "moved",
    "L10": "tamper",
    "L11": "tamper",
    "L12": "not-settled",
    "L13": "hardware",
    "L14": "card",
    "L15": "decision",
    "none": "hardware",
}
THREAT_REASON: Final[dict[str, str]] = {"third-party": "fraud", "theft": "theft", "substitution": "tamper", "impostor": "no-right"}
NEAR: Final[tuple[frozenset[str], ...]] = tuple(
    frozenset(pair.split()) for pair in ("L10 L11", "L1 L2", "L3 L4", "L5 L6", "L7 L15", "L12 none")
)
"""Classes that are easily taken for each other: worth a part of the point."""
RANK: Final[dict[str, int]] = {f"R{number}": number for number in range(8)}
BUSINESS: Final = frozenset({"L7", "L8", "L9", "L15"})
ALARM: Final = frozenset({"L10", "L11"})


def class_of(call: Call) -> str:
    """The lock class this call is truly about, or "none"."""
    state = call.devices.get(call.subject)
    marks = locks(state) if state is not None else ()
    return call.case.lock_class or (marks[0] if marks else "none")


def classes(call: Call) -> frozenset[str]:
    """The lock classes a ticket may name: of a fall nobody can tell before the inspection whether it is L10 or L11 (docs/domain.md B1)."""
    state = call.devices.get(call.subject)
    return frozenset({class_of(call)} | (ALARM if state is not None and state.tamper == "dropped" else frozenset()))


def evidence(call: Call) -> Groups:
    """The groups of facts one needs before deciding: of the class or the threat, of the caller's right, and the case's own flags."""
    case = call.case
    rows = EVIDENCE[class_of(call)] if case.threat == "none" else THREAT_EVIDENCE[case.threat]
    if case.standing_in_doubt and case.threat == "none":
        rows = (*rows, frozenset({"list", "cannot-prove"}))
    return (*rows, *(frozenset({flag.id}) for flag in case.flags))


def share_known(call: Call, world: World) -> float:
    """The share of the evidence that is known, 0 to 1."""
    rows = evidence(call)
    return sum(bool(row & world.facts.keys()) for row in rows) / len(rows)


def authority(call: Call) -> str:
    """Who decides, as the ticket lists it."""
    return call.case.authority or ("security" if call.case.threat != "none" else AUTHORITY[class_of(call)])


def reasons(call: Call) -> frozenset[str]:
    """The reason codes the ticket may carry."""
    case = call.case
    first = case.reason or THREAT_REASON.get(case.threat) or ("no-right" if best(call) == "refuse" else REASON[class_of(call)])
    return frozenset({first, *case.reasons})


def owners(call: Call) -> frozenset[str]:
    """The desks that take this call when it is handed to them with enough in it."""
    found = {OWNERS.get(class_of(call), "")} - {""}
    if call.case.threat != "none":
        found = {"security"} | (found & {"risk"})
    elif call.case.standing_in_doubt:
        found |= {"security"}
    return frozenset({*found, *call.case.desks})


def answer_of(call: Call, world: World, desk: str) -> str:
    """What a desk says to a hand-over: taken, thin, not-ours, or second when another one has the call already."""
    if world.desk:
        return "second"
    if desk != "level2" and desk not in owners(call):
        return "not-ours"
    return "taken" if "who" in world.facts and share_known(call, world) >= 0.5 else "thin"


def reach(call: Call) -> int:
    """The highest level of proof this caller can reach; 0 for somebody with no standing at the merchant."""
    caller = call.case.caller
    if caller.standing in ("unlisted", "impostor"):
        return 0
    order = (
        "match" in caller.proof,
        bool({"call-back", "portal"} & set(caller.proof)),
        "second" in caller.proof,
        "security" in caller.proof,
    )
    return order.index(False) if False in order else 4


def needed(option: str, mark: str) -> int:
    """The level of proof an option needs for a class (docs/domain.md D1)."""
    match option:
        case "R0" | "R1":
            return 1
        case "R2":
            return 3 if mark in ("L3", "L4") else 2
        case "R3":
            return 1 if mark == "L8" else 2
        case "R4":
            return 4
        case "R5":
            return 3
        case "R6":
            return 2 if mark in ALARM else 3
        case _:
            return 0


def lawful(call: Call) -> dict[str, tuple[int, int]]:
    """The lawful ends of this call, each with (sales lost, rank): options R0–R7, or one of refuse, reassure, explain, level2."""
    return _try_all(call)


def best(call: Call) -> str:
    """The least destructive lawful end."""
    return min(lawful(call).items(), key=lambda item: item[1])[0]


@lru_cache(maxsize=1024)
def _try_all(call: Call) -> dict[str, tuple[int, int]]:
    mark = class_of(call)
    if call.case.threat != "none":
        return {"R7": (0, 7)}
    if mark == "L14":
        return {"explain": (0, 0)}
    found = {option: (lost, RANK[option]) for option in RANK if (lost := _lost_by(call, option, mark)) is not None}
    if mark in ALARM:
        found["R7"] = (0, 7)
    return found or {_empty(call): (0, 8)}


def _empty(call: Call) -> str:
    """What an empty set means: nobody here has the right, nothing is wrong, or the means are missing."""
    state = call.devices.get(call.subject)
    if call.case.standing_in_doubt or reach(call) == 0:
        return "refuse"
    return "reassure" if state is None or is_sound(state) else "level2"


def _lost_by(call: Call, option: str, mark: str) -> int | None:
    """How many sales the option would lose here; None when it would not help, or nobody could order it for this caller."""
    state = call.devices.get(call.subject)
    if state is None or reach(call) < needed(option, mark) or not _has_right(call, option):
        return None
    if option == "R3":
        return 0 if mark in BUSINESS else None
    if option == "R7" or not _suits(option, mark, state):
        return None
    if option == "R1" and call.case.administrator == "unreachable":
        return None
    if option == "R6" and not call.case.spare:
        return None
    after = remedies.whole(option, state)
    return count(after, "lost") - count(state, "lost") if is_sound(after) and not is_sound(state) else None


def _has_right(call: Call, option: str) -> bool:
    """Staff may be helped with R0 and pointed to their administrator (R1); what changes more needs somebody authorised."""
    return call.case.caller.standing in ("administrator", "authorised") or (
        call.case.caller.standing == "staff" and option in ("R0", "R1", "R3")
    )


def _suits(option: str, mark: str, state: State) -> bool:
    """Whether doctrine names this option for this class; a hardware fault is no class and is swapped."""
    if mark == "none":
        return option == "R6" and not state.touch
    return mark in next(one.classes for one in doctrine().options if one.mark == option)


def ended(call: Call, world: World) -> str:
    """How the call ended: the highest option that changed something, else the desk that took it, else what was said; "open" if none.

    A refusal that is also reported to security stays a refusal (docs/domain.md D2, F S3, S25).
    """
    rungs = [option for option in world.used if option in RANK]
    if rungs:
        return max(rungs, key=lambda option: RANK[option])
    if world.desk == "security" and "refuse" in world.said and best(call) == "refuse":
        return "refuse"
    contained = call.case.threat != "none" and world.desk == "risk"
    by_desk = "R7" if contained else {"security": "R7", "level2": "level2", "": ""}.get(world.desk, "R3")
    if by_desk:
        return by_desk
    if "refuse" in world.said:
        return "refuse"
    if "reason-and-route" in world.said:
        return "explain" if class_of(call) == "L14" else "reassure"
    return "open"


def is_right_end(call: Call, world: World) -> bool:
    """Whether the call ended lawfully, with a terminal that truly works where the option promises one."""
    end = ended(call, world)
    if any(used not in RANK for used in world.used):
        return False
    if best(call) == "refuse":
        return end in ("refuse", "R7")
    if end not in lawful(call):
        return False
    state = world.devices.get(call.subject)
    works = state is None or is_sound(state)
    return works if end in ("R0", "R1", "R2", "R4", "R5", "R6") else True


def can_sell(world: World) -> bool:
    """Whether the shop can take payments: by any of its terminals, or by an alternative that was arranged."""
    return world.did("offer-alternative") or any(
        stopped(state) is None and world.held[name] == "merchant" for name, state in world.devices.items()
    )
