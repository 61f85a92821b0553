"""What a case must prove before anybody plays it: plays earn what they say, checks bite, calls end, sets vary. Author's side."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from msgspec.structs import replace

from .cases import Act, Call, Case, Ticket, acts, draw, law, opening, start
from .cases.call import fill
from .cases.model import Clock, Play
from .cases.speech import known_terminals, values
from .errors import Fault
from .lint import text_faults
from .replay import CaseScore, Played, money_of, play, play_steps, resolved, score_of
from .replay.own import is_met
from .text import LANGS

TOLERANCE: Final = 0.5
"""How far, in percent, a listed play may be from what it says."""
OWN_LINES: Final = 12
DEPENDING: Final = 3
SLACK: Final = 4
"""Minutes the model solution must have to spare before a clock strikes."""
PATIENCE: Final = 1.35
"""How many times the model's minutes a caller waits at least."""
SHARED: Final = 0.6
"""The share of acts, in order, that two model solutions may have in common."""
SAME_OPTION: Final = 0.3
"""The share of a set's cases in which the same option may be right."""
RANDOM_PLAYS: Final = 1000
RANDOM_ACTS: Final = 60
QUICK_PLAYS: Final = 100
"""How many random sequences `lockdesk check` tries a case; the tests try all `RANDOM_PLAYS`."""


def play_listed(call: Call, listed: Play) -> Played:
    """A listed play in this variant, its ticket filled in: where it names no sum, the one the world then shows."""
    played = play_steps(call, listed.steps)
    if not listed.ticket:
        return played
    place, amount = money_of(call, played.world)
    ticket = Ticket(
        lock_class=listed.lock_class,
        authority=listed.authority,
        option=listed.option,
        reason=listed.reason,
        money=listed.money or place,
        amount=listed.amount if listed.amount is not None else amount,
    )
    return play_steps(call, listed.steps, Act("ticket", ticket=ticket))


def score_listed(call: Call, listed: Play) -> CaseScore:
    """What a listed play earns in this variant."""
    return score_of(play_listed(call, listed))


def plays_of(case: Case) -> tuple[Play, ...]:
    """The model solution, the imperfect paths and the mistakes."""
    return (case.solution, *case.paths, *case.mistakes)


def faults_in(case: Case, where: str, plays: int = RANDOM_PLAYS) -> Iterator[Fault]:
    """Everything one case fails to prove. `plays`: how many random sequences are tried."""
    yield from _score_faults(case, where)
    yield from _check_faults(case, where)
    yield from _step_faults(case, where)
    yield from _terminal_faults(case, where)
    yield from _clock_faults(case, where)
    yield from _line_faults(case, where)
    yield from _patience_faults(case, where)
    yield from _amount_faults(case, where)
    yield from closing_faults(case, where, plays)


def _lost(result: CaseScore) -> str:
    """What a play did not earn, and why, in the words of the debrief."""
    lines = []
    for line in result.lines:
        missing = [text.en for text, is_there in line.seen if not is_there]
        if line.kind not in ("check", "own") or line.earned < line.possible - TOLERANCE / 10:
            lines.append(f"{line.name.en}{': ' if missing else ''}{'; '.join(missing)}")
    return f"Not earned: {' · '.join(lines)}." if lines else ""


def _score_faults(case: Case, where: str) -> Iterator[Fault]:
    """Each listed play earns what it says, the model 100 in every variant tried, and misses the checks it names."""
    for listed in plays_of(case):
        wanted = 100 if listed is case.solution else listed.score
        played = play_listed(draw(case, "v00"), listed)
        result = score_of(played)
        found = result.percent
        at = f"{where}, play '{listed.id}'"
        if abs(found - wanted) > TOLERANCE:
            yield Fault(f"{at}, score", f"earns {found:g}; wanted: {wanted:g}. {_lost(result)}")
        missed = {check.id for check in case.checks if not is_met(check, played)}
        if missed != set(listed.misses):
            yield Fault(f"{at}, misses", f"misses {sorted(missed)}; wanted: {sorted(listed.misses)}.")
    for variant in ("v17", "v42", "v63"):
        if (found := score_listed(draw(case, variant), case.solution).percent) < 100:
            yield Fault(f"{where}, solution", f"earns {found:g} in variant {variant}; wanted: 100 in each.")


def _check_faults(case: Case, where: str) -> Iterator[Fault]:
    """Every check of the case is both met and missed by some listed play."""
    played = [play_listed(draw(case, "v00"), listed) for listed in plays_of(case)]
    for check in case.checks:
        outcomes = {is_met(check, one) for one in played}
        if outcomes != {True, False}:
            yield Fault(f"{where}, check '{check.id}'", f"is {'met' if True in outcomes else 'missed'} by every listed play.")


def idle_steps(case: Case) -> list[str]:
    """The steps of the model solution that cost nothing when left out, and without which it can still be played."""
    call = draw(case, "v00")
    steps = case.solution.steps
    shorter = (replace(case.solution, steps=(*steps[:number], *steps[number + 1 :])) for number in range(len(steps)))
    left_out = zip(steps, (play_listed(call, one) for one in shorter), strict=True)
    return [step for step, one in left_out if score_of(one).percent >= 100 and not too_early(one)]


def _step_faults(case: Case, where: str) -> Iterator[Fault]:
    if idle := idle_steps(case):
        yield Fault(f"{where}, solution", f"these steps have no effect on the score: {', '.join(idle)}. Give each a meaning, or remove it.")


def too_early(played: Played) -> list[str]:
    """The acts done to a terminal before the agent could name it: the desk does not offer these yet."""
    return [
        row.act.act
        for row in played.rows
        if played.call.devices and row.act.act != "ticket" and acts()[row.act.act].device
        if row.act.on not in known_terminals(played.call, row.before)
    ]


def _terminal_faults(case: Case, where: str) -> Iterator[Fault]:
    for listed in plays_of(case):
        if early := too_early(play_listed(draw(case, "v00"), listed)):
            what = f"done to a terminal whose serial nobody has read or heard yet: {', '.join(early)}. Put ask-who or view-devices before."
            yield Fault(f"{where}, play '{listed.id}', steps", what)


def _clock_faults(case: Case, where: str) -> Iterator[Fault]:
    """A clock announces itself before it strikes, and leaves the model solution time."""
    for number, clock in enumerate(case.clocks, 1):
        at = f"{where}, clock number {number}"
        yield from (
            Fault(f"{at}, cue", f"{clock.cue[lang]!r} is not said in {clock.heard!r} ({lang}).")
            for lang in LANGS
            if not _is_audible(case, clock, lang)
        )
        played = play_listed(draw(case, "v00"), case.solution)
        stopping = [row for row in played.rows if row.act.act != "ticket" and any(row.after.did(act) for act in clock.unless)]
        if not stopping or stopping[0].after.minute + SLACK > clock.minute:
            yield Fault(at, f"strikes at minute {clock.minute}; wanted: at least {SLACK} minutes after the model solution has stopped it.")
        heard = [row for row in played.rows if clock.heard == "opens" or row.after.did(clock.heard)]
        if stopping and (not heard or heard[0].number > stopping[0].number):
            yield Fault(at, "is stopped by the model solution before it was heard of.")


def _is_audible(case: Case, clock: Clock, lang: str) -> bool:
    call = draw(case, "v00")
    world = start(call)
    texts = (
        [opening(call, world)]
        if clock.heard == "opens"
        else [fill(one.text, values(call, world)) for one in case.says if one.act == clock.heard]
    )
    return any(clock.cue[lang] in text[lang] for text in texts)  # type: ignore[index]


def _line_faults(case: Case, where: str) -> Iterator[Fault]:
    depending = sum(bool(one.after) for one in case.says)
    if len(case.says) < OWN_LINES:
        yield Fault(f"{where}, say", f"{len(case.says)} lines of its own; wanted: at least {OWN_LINES}.")
    if depending < DEPENDING:
        yield Fault(f"{where}, say", f"{depending} lines depend on what was done before; wanted: at least {DEPENDING}.")


def _amount_faults(case: Case, where: str) -> Iterator[Fault]:
    """The sum the model's ticket names is heard in the model's own call."""
    call = draw(case, "v00")
    _, amount = money_of(call, play_listed(call, case.solution).world)
    aloud = play(call, resolved(call, case.solution.steps), aloud=True)
    heard = [line.text.en for row in aloud.rows for line in row.lines]
    if amount and not any(f"{amount:.2f}" in text for text in heard):
        yield Fault(f"{where}, solution", f"the ticket's sum, ¥{amount:.2f}, is said nowhere in the call.")


def _patience_faults(case: Case, where: str) -> Iterator[Fault]:
    minutes = play_listed(draw(case, "v00"), case.solution).world.minute
    if case.patience < PATIENCE * minutes:
        yield Fault(
            f"{where}, patience",
            f"is {case.patience}; the model solution takes {minutes} minutes; wanted: at least {PATIENCE * minutes:.0f}.",
        )


def closing_faults(case: Case, where: str, plays: int) -> Iterator[Fault]:
    """After any acts at all the ticket can still be written and the call scored."""
    chance = random.Random(f"{case.edition} {case.id}")  # noqa: S311 drawn for a test, not for a secret
    call = draw(case, "v00")
    for number in range(plays):
        doings = random_acts(call, chance, chance.randrange(RANDOM_ACTS + 1))
        played = play(call, [*doings, Act("ticket", ticket=Ticket())])
        if played.world.ticket is None or not 0 <= score_of(played).percent <= 100:
            yield Fault(where, f"random play {number} cannot be closed: {' '.join(act.act for act in doings)}.")
            return


def random_acts(call: Call, chance: random.Random, most: int) -> list[Act]:
    """Acts drawn at random, each with one of its choices and one of the merchant's terminals."""
    serials = [state.serial for state in call.devices.values()] or [""]
    kinds = list(acts().values())
    found = []
    for _ in range(most):
        kind = chance.choice(kinds)
        argument = chance.choice(kind.choices).key if kind.choices else ""
        found.append(Act(kind.id, argument, chance.choice(serials) if kind.device else ""))
    return found


def set_faults(cases: Sequence[Case], where: str) -> Iterator[Fault]:
    """What a set of cases fails to prove together: solutions too much alike, one option right too often."""
    for one, other in combinations(cases, 2):
        if (share := shared(one.solution.steps, other.solution.steps)) > SHARED:
            yield Fault(
                where,
                f"the solutions of {one.id!r} and {other.id!r} share {share:.0%} of their acts in order; wanted: at most {SHARED:.0%}.",
            )
    ends = Counter(law.best(draw(case, "v00")) for case in cases)
    for end, times in ends.items():
        if len(cases) >= 5 and times > SAME_OPTION * len(cases):
            yield Fault(where, f"{end} is right in {times} of {len(cases)} cases; wanted: at most {SAME_OPTION:.0%}.")


def twin_faults(cases: Iterable[Case], where: str) -> Iterator[Fault]:
    """Over the whole bank: at least one pair opens with the same words and differs in its truth (docs/domain.md F S8, S9)."""
    opened: dict[str, set[str]] = {}
    for case in cases:
        opened.setdefault(_plain(case.opens.en), set()).add(law.best(draw(case, "v00")))
    if not any(len(ends) > 1 for ends in opened.values()):
        yield Fault(where, "no two cases open with the same words and end differently; wanted: at least one such pair.")


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def shared(one: Sequence[str], other: Sequence[str]) -> float:
    """The longest common sequence of acts, as a share of the longer list; devices are left out."""
    a = [name.partition("@")[0] for name in one]
    b = [name.partition("@")[0] for name in other]
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            best[i + 1][j + 1] = best[i][j] + 1 if left == right else max(best[i][j + 1], best[i + 1][j])
    return best[-1][-1] / max(1, len(a), len(b))


def check_cases(cases: Sequence[Case], folder: str, sections: frozenset[str], plays: int = QUICK_PLAYS) -> tuple[list[str], list[Fault]]:
    """What `lockdesk check` says of a set of cases: a summary line a case, and every fault. `sections`: those of docs/domain.md."""
    summary: list[str] = []
    faults: list[Fault] = []
    for case in cases:
        where = f"{folder}/{case.id}.toml"
        minutes = play_listed(draw(case, "v00"), case.solution).world.minute
        best = law.best(draw(case, "v00"))
        summary.append(f"{where}: {case.sketch}, {len(case.solution.steps)} acts, {minutes} minutes, best {best}, {len(case.says)} lines")
        faults += [*faults_in(case, where, plays), *text_faults(case, where), *_source_faults(case, where, sections)]
    return summary, [*faults, *set_faults(cases, folder)]


def _source_faults(case: Case, where: str, sections: frozenset[str]) -> Iterator[Fault]:
    for source in (case.source, *(check.source for check in case.checks)):
        named_section = source.removeprefix("domain ").split(" ")[0]
        if not source.startswith("domain ") or named_section not in sections:
            yield Fault(where, f"the source {source!r} names no section of docs/domain.md.")
