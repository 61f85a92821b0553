"""The checks of the doctrine on a played call: each gives a share between 0 and 1, with what was seen; None where it does not apply.

Only what the agent causes earns points: not having done something never pays by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

import msgspec

from ..cases import law
from ..cases.call import Call, draw
from ..cases.model import Case, Ticket
from ..cases.world import World, level
from ..doctrine import doctrine
from ..terminal import State, count, total
from ..text import Text
from .marks import as_option
from .rows import Played, decision, ending, play_steps
from .sheet import part

Parts = tuple[tuple[Text, bool], ...]
DESTRUCTIVE: Final = frozenset({"R4", "R5", "R6"})
CODES: Final = frozenset({"L1", "L2", "L3", "L4", "L5"})
FREE_TIME: Final = 1.25
"""How many times the model's minutes cost nothing; at `LATE` nothing is left."""
LATE: Final = 2.0


class Seen(msgspec.Struct, frozen=True):
    """What a check found: the share earned, and the parts that were there or missing."""

    share: float
    parts: Parts = ()


def _sum(*weighted: tuple[float, Text, bool]) -> Seen:
    """Parts with their weights, whatever they add up to."""
    whole = sum(weight for weight, _, _ in weighted)
    met = sum(weight for weight, _, is_met in weighted if is_met)
    return Seen(met / whole if whole else 0.0, tuple((text, is_met) for _, text, is_met in weighted))


def triage(played: Played) -> Seen | None:
    """The share of the evidence known at the moment of deciding."""
    row = decision(played)
    rows = law.evidence(played.call)
    known = sum(bool(group & row.before.facts.keys()) for group in rows) if row is not None else 0
    share = known / len(rows)
    return Seen(share, ((part("evidence", known=str(known), all=str(len(rows))), share == 1),))


def verified(played: Played) -> Seen | None:
    """The level reached when it counted, as a share of what the best end needs; for a refusal an honest try."""
    call = played.call
    best = law.best(call)
    if law.class_of(call) == "L14" or best == "reassure":
        return None
    row = ending(played) or decision(played)
    if row is None:
        return Seen(0.0, ((part("tried"), False),))
    if best in ("R7", "refuse", "level2"):
        return _tried(played, row.before)
    needed = max(1, law.needed(best, law.class_of(call)))
    reached = level(row.before)
    share = min(1.0, reached / needed) * (1.0 if law.is_right_end(call, played.world) else 0.5)
    return Seen(share, ((part("level", reached=str(reached), needed=str(needed)), share == 1),))


def _tried(played: Played, before: World) -> Seen:
    honest = any(one.startswith(("call-back:on-file", "portal")) for one in before.tried) or "cannot-prove" in before.facts
    share = 1.0 if honest else 0.5 if "match-record" in before.tried else 0.0
    if not law.is_right_end(played.call, played.world):
        share /= 2
    return Seen(share, ((part("tried"), share == 1),))


def right_device(played: Played) -> Seen | None:
    """Numbers read out were compared with the record before deciding."""
    if law.class_of(played.call) == "L14" or not played.call.subject:
        return None
    row = decision(played)
    done = row is not None and "matched" in row.before.facts
    return Seen(float(done), ((part("numbers"), done),))


def inspected(played: Played) -> Seen | None:
    """The case was looked at before anything was decided, and evidence kept."""
    call = played.call
    if not call.subject or call.case.devices[0].held_by != "merchant":
        return None
    in_doubt = call.devices[call.subject].tamper != "none" or call.case.threat in ("substitution", "third-party")
    if not in_doubt and law.best(call) not in DESTRUCTIVE:
        return None
    row = ending(played)
    before = row is not None and "body" in row.before.facts
    return _sum((0.6, part("body"), before), (0.4, part("photos"), "evidence" in played.world.facts))


def gates(played: Played) -> Seen | None:
    """G1 to G8, read off what was known and done when the destructive act came (docs/domain.md C2)."""
    if law.best(played.call) not in DESTRUCTIVE:
        return None
    row = next((row for row in played.rows if row.counted and {"R4", "R5", "R6"} & (set(row.after.used) - set(row.before.used))), None)
    if row is None:
        return Seen(0.0, tuple((_gate(mark), False) for mark in _GATES))
    world = row.before
    state = world.devices[row.device]
    inside = count(state, "stored") + (count(state, "batch") if state.capture == "device" else 0)
    facts = world.facts
    met = (
        level(world) >= 2,
        "list" in facts,
        "matched" in facts,
        "body" in facts,
        bool({"pending", "host"} & facts.keys()),
        inside == 0 or row.device in world.receipts,
        "evidence" in facts,
        "tms" in facts or world.did("offer-alternative"),
    )
    return _sum(*((1.0, _gate(mark), is_met) for mark, is_met in zip(_GATES, met, strict=True)))


_GATES: Final = tuple(f"G{number}" for number in range(1, 9))


def _gate(mark: str) -> Text:
    name = next(gate.name for gate in doctrine().gates if gate.mark == mark)
    return Text(f"{mark} {name.en}", f"{mark} {name.zh}")


def protected(played: Played) -> Seen | None:
    """Money inside: asked about, sent or traceable, and not lost by the end."""
    call = played.call
    if not is_money_at_stake(call):
        return None
    first = call.devices[call.subject]
    now = played.world.devices[call.subject]
    at_risk = total(first, "stored") + total(first, "batch")
    lost = (total(now, "lost") - total(first, "lost")) / at_risk
    asked = bool({"pending", "host"} & played.world.facts.keys())
    safe = count(now, "stored") == 0 and total(now, "lost") == total(first, "lost") and _was_moved(first, now)
    kept = safe or call.subject in played.world.receipts
    seen = _sum((0.4, part("asked"), asked), (0.6, part("kept"), kept))
    return Seen(seen.share * max(0.0, 1 - lost), (*seen.parts, (part("not-lost"), lost == 0)))


def is_money_at_stake(call: Call) -> bool:
    """Whether this call can lose money: sales are stored, or there is a batch and the terminal may be erased, exchanged or settled."""
    if not call.subject:
        return False
    first = call.devices[call.subject]
    careful = law.best(call) in DESTRUCTIVE or first.tamper != "none" or law.class_of(call) == "L12"
    return count(first, "stored") > 0 or (careful and count(first, "batch") > 0)


def _was_moved(first: State, now: State) -> bool:
    """Whether the agent caused the money to be safe: what was stored went on, or the batch was settled or left the unit."""
    if count(first, "stored"):
        return True
    return total(now, "settled") > total(first, "settled") or any(claim.traced for claim in now.claims)


def option(played: Played) -> Seen | None:
    """The best end earns all, another lawful one half, an alarm where a refusal was due half, level 2 a quarter."""
    call = played.call
    best, end = law.best(call), law.ended(call, played.world)
    right = law.is_right_end(call, played.world)
    share = 0.0
    if right:
        share = 1.0 if end == best else 0.5
    elif end == "level2":
        share = 0.25
    return Seen(share, ((part("best", best=end_name(best), ended=end_name(end)), share == 1),))


def end_name(end: str) -> Text:
    """An end in words."""
    if end.startswith("R") and end in law.RANK:
        name = next(one.name for one in doctrine().options if one.mark == end)
        return Text(f"{end} {name.en}", f"{end} {name.zh}")
    return part(f"end-{end}")


def result(played: Played) -> Seen | None:
    """What the call came to: nothing without a right end. Under a risk lock (L7) no other way to sell is offered."""
    call, world = played.call, played.world
    if not law.is_right_end(call, world):
        return Seen(0.0, ((part("right-end"), False),))
    rows = [
        (2.0, part("right-end"), True),
        *([] if law.class_of(call) == "L7" else [(1.0, part("can-sell"), law.can_sell(world))]),
        (1.0, part("told"), bool({"reason-and-route", "refuse"} & world.said)),
    ]
    if call.case.threat != "none" and call.subject and call.case.threat != "impostor":
        state = world.devices[call.subject]
        rows.append(
            (
                2.0,
                part("contained"),
                state.blocked or state.isolated or (call.case.threat == "third-party" and "reason-and-route" in world.said),
            )
        )
    return _sum(*rows)


def after(played: Played) -> Seen | None:
    """What follows a recovery; it pays in a call that ended rightly, and a test only when it was approved."""
    call, world = played.call, played.world
    if call.case.threat == "impostor":
        return None
    best = law.best(call)
    rows = [(part("note"), world.did("closing-note"))]
    first = call.devices.get(call.subject)
    if best in ("R0", "R2", "R4", "R5", "R6"):
        rows.append((part("tested"), f"tested@{call.subject}" in world.said))
    if first is not None and (count(first, "stored") or (count(first, "batch") and best in (*DESTRUCTIVE, "R0"))):
        rows.append((part("reconciled"), world.did("reconcile")))
    if law.class_of(call) in CODES and best in ("R1", "R2"):
        rows.append((part("hardened"), world.did("harden")))
    seen = _sum(*((1.0, text, is_met) for text, is_met in rows))
    return seen if law.is_right_end(call, world) else Seen(0.0, tuple((text, False) for text, _ in seen.parts))


def ticket(played: Played) -> Seen | None:
    """Each field for itself. Class, authority and reason only with half the evidence seen; the option both right and what the log shows."""
    call, world = played.call, played.world
    given = world.ticket
    names = ("t-class", "t-authority", "t-option", "t-reason", "t-money")
    if given is None:
        return Seen(0.0, tuple((part(name), False) for name in names))
    grounded = law.share_known(call, world) >= 0.5
    best = law.best(call)
    end = as_option(law.ended(call, world))
    shares = (
        (0.30, _class_share(given.lock_class, law.classes(call)) if grounded else 0.0),
        (0.20, float(grounded and given.authority == law.authority(call))),
        (0.20, float(given.option == end and law.is_right_end(call, world)) * (1.0 if end == as_option(best) else 0.5)),
        (0.15, float(grounded and given.reason in law.reasons(call))),
        (0.15, _money_share(given, played) if grounded else 0.0),
    )
    return Seen(
        sum(weight * share for weight, share in shares),
        tuple((part(name), share == 1) for name, (_, share) in zip(names, shares, strict=True)),
    )


def _class_share(given: str, truths: frozenset[str]) -> float:
    if given in truths:
        return 1.0
    return 0.4 if any(frozenset({given, truth}) in law.NEAR for truth in truths) else 0.0


def _money_share(given: Ticket, played: Played) -> float:
    """Half for where the money is, half more for how much; the sum counts only with its place.

    Where nothing is at risk, an everyday batch is as true an answer as "safe".
    """
    place, amount = money_of(played.call, played.world)
    state = played.world.devices.get(played.call.subject)
    if place == "safe" and given.money == "in-batch" and state is not None and total(state, "batch"):
        place, amount = "in-batch", total(state, "batch") / 100
    if given.money != place:
        return 0.0
    return 1.0 if abs(given.amount - amount) < 0.005 else 0.5


def money_of(call: Call, world: World) -> tuple[str, float]:
    """Where the money of the terminal in question stands now, and the sum in yuan: what is lost first, what is safe last.

    An open batch is everyday business, and worth a line in the ticket only where money was at stake.
    """
    state = world.devices.get(call.subject)
    if state is None:
        return "safe", 0.0
    traced = sum(claim.amount for claim in state.claims if claim.traced and claim.place == "batch")
    in_batch = total(state, "batch") if is_money_at_stake(call) else 0
    sums = (("lost", total(state, "lost")), ("traced", traced), ("not-sent", total(state, "stored")), ("in-batch", in_batch))
    return next(((place, fen / 100) for place, fen in sums if fen), ("safe", 0.0))


def time(played: Played) -> Seen | None:
    """Full up to a quarter more than the model needs, nothing at twice as much; only in a call that ended rightly."""
    if not law.is_right_end(played.call, played.world):
        return None
    model = model_minutes(played.call.case)
    used = played.world.minute
    share = min(1.0, max(0.0, (LATE - used / model) / (LATE - FREE_TIME)))
    return Seen(share, ((part("minutes", minutes=str(used), model=str(model)), share == 1),))


@lru_cache(maxsize=256)
def model_minutes(case: Case) -> int:
    """The minutes of the model solution, at least one."""
    return max(1, play_steps(draw(case, "v00"), case.solution.steps).world.minute)


CHECKS: Final[dict[str, Callable[[Played], Seen | None]]] = {
    "triage": triage,
    "verified": verified,
    "right-device": right_device,
    "inspected": inspected,
    "gates": gates,
    "protected": protected,
    "option": option,
    "result": result,
    "after": after,
    "ticket": ticket,
    "time": time,
}


def checked(played: Played) -> Iterator[tuple[str, Seen]]:
    """Every check that applies, by the id of its words."""
    for name, check in CHECKS.items():
        seen = check(played)
        if seen is not None:
            yield name, seen
