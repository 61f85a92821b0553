"""What habits earn: fixed ways to play that look at nothing, a reader of the published facts, and a searcher for the best fixed list.

Author's side. A set of cases is sound when none of them passes: no habit's mean reaches 50, and none passes a single case unless it
happens to be right there. Re-run it whenever a case, a weight or an act changes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import mean
from typing import Final

import msgspec

from .cases import Act, Call, Case, Ticket, acts, draw, law, ticket_lists
from .doctrine import doctrine
from .proofs import play_listed
from .replay import Played, play, play_steps, score_of

ASK: Final = ("ask-screen", "ask-scope", "ask-change", "ask-machine", "ask-who", "ask-pending")
LOOK: Final = ("view-merchant", "view-devices", "view-tms", "view-host", "view-contract", "view-history")
VERIFY: Final = ("match-record", "call-back:on-file", "portal-approval", "second-approval")
SAFE: Final = ("inspect-body", "evidence", "keep-receipts", "upload", "settle", "offer-alternative")
AFTER: Final = ("test-and-void", "reconcile", "harden", "explain:reason-and-route", "closing-note")
DESKS: Final = ("risk", "operations", "contract", "security", "level2")


class Habit(msgspec.Struct, frozen=True):
    """A fixed list of acts and a fixed ticket, played whatever the call is about."""

    name: str
    steps: tuple[str, ...]
    ticket: tuple[str, str, str, str, str] = ("none", "desk", "none", "tries", "safe")


HABITS: Final = (
    Habit("nothing", ()),
    Habit("escalate-everything", ("ask-who", "route:level2"), ("none", "level2", "none", "software", "safe")),
    Habit("escalate-to-security", ("ask-who", "route:security"), ("none", "security", "R7", "tamper", "safe")),
    Habit("refuse-everything", ("ask-who", "refuse"), ("none", "security", "R7", "no-right", "safe")),
    Habit(
        "obey-the-caller",
        ("ask-screen", "admin-reset", "clear-code", "send-code:read-out", "lift-lock", "push-profile", "explain:promise"),
        ("L1", "desk", "R2", "tries", "safe"),
    ),
    Habit(
        "verify-then-reset",
        ("ask-who", "match-record", "call-back:on-file", "clear-code", "send-code:registered", "test-and-void", "closing-note"),
        ("L1", "desk", "R2", "tries", "safe"),
    ),
    Habit(
        "always-swap",
        (*ASK, *VERIFY, "keep-receipts", "swap", "test-and-void", "closing-note"),
        ("L10", "security", "R6", "hardware", "safe"),
    ),
    Habit(
        "reboot-first",
        ("ask-screen", "ask-who", "match-record", "basic-steps", "test-and-void"),
        ("L12", "desk", "R0", "not-settled", "safe"),
    ),
    Habit("catalogue-order", ()),
    Habit("verify-all-then-escalate", ("ask-who", *VERIFY, "route:level2", "closing-note"), ("none", "level2", "none", "software", "safe")),
    Habit(
        "thorough-everything",
        (*ASK, *LOOK, *VERIFY, *SAFE, "route:security", *AFTER),
        ("none", "security", "R7", "tamper", "safe"),
    ),
    Habit(
        "thorough-sensible",
        (*ASK, *LOOK, *VERIFY, "inspect-body", "evidence", "explain:reason-and-route", "refuse", "closing-note"),
        ("none", "security", "R7", "no-right", "safe"),
    ),
    Habit(
        "thorough-then-r3",
        (*ASK, *LOOK, *VERIFY, "route:operations", "explain:reason-and-route", "closing-note"),
        ("L9", "operations", "R3", "moved", "in-batch"),
    ),
    Habit(
        "route-to-every-desk",
        (*ASK, *LOOK, *VERIFY[:2], *(f"route:{desk}" for desk in DESKS), "explain:reason-and-route"),
        ("L7", "risk", "R3", "decision", "in-batch"),
    ),
    Habit("polite-and-empty", ("ask-screen", "ask-who", "explain:reason-and-route", "offer-alternative", "closing-note")),
)


def everything() -> tuple[str, ...]:
    """Every act with every choice, in the order of the catalogue."""
    return tuple(
        name for kind in acts().values() for name in ([f"{kind.id}:{choice.key}" for choice in kind.choices] if kind.choices else [kind.id])
    )


def play_habit(call: Call, habit: Habit) -> Played:
    """The habit on this call; device acts go to the first terminal of the list, whatever is wrong with it."""
    steps = everything() if habit.name == "catalogue-order" else habit.steps
    return play_steps(call, steps, Act("ticket", ticket=_ticket(habit.ticket)))


def _ticket(fields: Sequence[str]) -> Ticket:
    lock_class, authority, option, reason, money = fields
    return Ticket(lock_class=lock_class, authority=authority, option=option, reason=reason, money=money)


def read_and_guess(call: Call) -> Played:
    """A reader of questions.json: knows the published facts, takes the class table's word, and does only what ends the call.

    It sees every lock on every terminal and every answer, and asks nobody anything, for an answer it knows already.
    """
    mark = law.class_of(call)
    option = min((one for one in law.RANK if one != "R7" and mark in _classes(one)), key=lambda one: law.RANK[one], default="R7")
    ends = {
        "R0": ("basic-steps", "settle"),
        "R1": ("admin-reset",),
        "R2": ("push-profile", "clear-code", "send-code:registered"),
        "R3": (f"route:{law.OWNERS.get(mark, 'security')}",),
        "R4": ("vendor-token",),
        "R5": ("wipe",),
        "R6": ("swap",),
        "R7": ("route:security",),
    }[option]
    fields = (mark, law.AUTHORITY[mark], option, law.REASON[mark], "safe")
    return play_steps(call, ("ask-who", "match-record", *ends), Act("ticket", ticket=_ticket(fields)))


def _classes(option: str) -> tuple[str, ...]:
    return next(one.classes for one in doctrine().options if one.mark == option)


def percent(played: Played) -> float:
    """What a played call earns."""
    return score_of(played).percent


class Row(msgspec.Struct, frozen=True):
    """What one strategy earns: by case, in percent, and whether the way it ends is right there."""

    name: str
    scores: tuple[float, ...]
    right: tuple[bool, ...]

    @property
    def mean(self) -> float:
        """The mean over the cases."""
        return mean(self.scores) if self.scores else 0.0


def table(cases: Sequence[Case], searches: int = 2, search_steps: int = 400) -> list[Row]:
    """All strategies over all cases: the model first, the searcher last."""
    calls = [draw(case, "v00") for case in cases]
    rows = [_row("model", [play_listed(call, call.case.solution) for call in calls])]
    rows += [_row(habit.name, [play_habit(call, habit) for call in calls]) for habit in HABITS]
    rows.append(_row("reader", [read_and_guess(call) for call in calls]))
    found = search(calls, searches, search_steps)
    return [*rows, _row("searched", [play_habit(call, found) for call in calls])]


def _row(name: str, plays: Sequence[Played]) -> Row:
    return Row(name, tuple(percent(one) for one in plays), tuple(law.is_right_end(one.call, one.world) for one in plays))


def search(calls: Sequence[Call], climbs: int, steps: int, seed: str = "lockdesk") -> Habit:
    """The best fixed list of acts and ticket that hill climbing finds: `climbs` starts, `steps` changes each."""
    best = max((_climb(calls, steps, random.Random(f"{seed} {climb}")) for climb in range(climbs)), key=lambda one: one[0])  # noqa: S311
    return best[1]


def _climb(calls: Sequence[Call], steps: int, chance: random.Random) -> tuple[float, Habit]:
    habit = Habit("searched", (*ASK, *LOOK, *VERIFY))
    value = _mean(calls, habit)
    for _ in range(steps):
        changed = _change(habit, chance)
        found = _mean(calls, changed)
        if found >= value:
            habit, value = changed, found
    return value, habit


def _mean(calls: Sequence[Call], habit: Habit) -> float:
    return mean(percent(play_habit(call, habit)) for call in calls)


def _change(habit: Habit, chance: random.Random) -> Habit:
    """One change: an act put in, taken out or moved, or another word in the ticket."""
    steps = list(habit.steps)
    match chance.randrange(5):
        case 0 if len(steps) > 1:
            steps.pop(chance.randrange(len(steps)))
        case 1 if len(steps) > 1:
            steps.insert(chance.randrange(len(steps)), steps.pop(chance.randrange(len(steps))))
        case 2:
            names = ("lock_class", "authority", "option", "reason", "money")
            at = chance.randrange(5)
            fields = list(habit.ticket)
            fields[at] = chance.choice(ticket_lists()[names[at]]).key
            return msgspec.structs.replace(habit, ticket=tuple(fields))
        case _:
            steps.insert(chance.randrange(len(steps) + 1), chance.choice(everything()))
    return msgspec.structs.replace(habit, steps=tuple(steps[:60]))


def neighbour(case: Case, mine: str, theirs: str) -> float:
    """What a neighbour's log of the model solution earns in one's own variant, serials and sums as they stood at the neighbour's."""
    log = [row.act for row in play_listed(draw(case, theirs), case.solution).rows]
    return percent(play(draw(case, mine), log))


def report(rows: Sequence[Row]) -> list[str]:
    """One line a strategy, `NAME PERCENT`, the mean over all cases."""
    return [f"{row.name} {row.mean:.1f}" for row in rows]


def faults_in(rows: Sequence[Row], most: float = 50, most_single: float = 75) -> list[str]:
    """What speaks against the set: a habit whose mean reaches `most`, or that passes a case where its way is not the right one."""
    found = []
    for row in rows:
        if row.name == "model":
            found += [f"model earns {score:g} in case {number}; wanted: 100." for number, score in enumerate(row.scores, 1) if score < 100]
            continue
        if row.mean >= most:
            found.append(f"{row.name} earns {row.mean:.1f} on average; wanted: below {most:g}.")
        found += [
            f"{row.name} earns {score:g} in case {number}, where its end is wrong; wanted: at most {most_single:g}."
            for number, (score, right) in enumerate(zip(row.scores, row.right, strict=True), 1)
            if score > most_single and not right
        ]
    return found
