"""Case files → cases. Every fault of a file is reported at once, with file, id and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..bank import read_toml, spoken
from ..errors import ContentError, Fault
from ..text import Text
from ..typed import convert
from .call import draw, fill
from .catalogue import acts, ticket_lists
from .model import Case, Check, Play
from .speech import values
from .world import start

_KEBAB = r"[a-z0-9]+(-[a-z0-9]+)*"
TICKET_FIELDS = ("lock_class", "authority", "option", "reason", "money")


def read_case(path: Path) -> Case:
    """The case at `path`.

    Raises:
        ContentError: all that is wrong with it.
    """
    where = spoken(path)
    case = convert(read_toml(path, where), Case, where)
    if faults := list(faults_of(case, where)):
        raise ContentError(faults)
    return case


def read_cases(folder: Path) -> dict[str, Case]:
    """Every case file of `folder`, by id.

    Raises:
        ContentError: all that is wrong with all of them, repeated ids included.
    """
    found: dict[str, Case] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            case = read_case(path)
        except ContentError as error:
            faults += error.faults
            continue
        if case.id in found:
            faults.append(Fault(f"{spoken(path)}, id", f"{case.id!r} is the id of another case too."))
        if case.id != path.stem:
            faults.append(Fault(f"{spoken(path)}, id", f"is {case.id!r}; wanted: {path.stem!r}, as the file is named."))
        found[case.id] = case
    if faults:
        raise ContentError(faults)
    return found


def faults_of(case: Case, where: str) -> Iterator[Fault]:
    """What makes a case unusable: names that nothing answers to, and texts that cannot be filled."""
    if not re.fullmatch(_KEBAB, case.id):
        yield Fault(f"{where}, id", "wanted: kebab-case, as in 'noodle-shop-at-noon'.")
    for name, number in (("points", case.points), ("patience", case.patience)):
        if not 0 < number < 10_000:
            yield Fault(f"{where}, {name}", f"is {number:g}; wanted: more than 0.")
    yield from _vary_faults(case, where)
    for at, given, known in (
        ("reasons", case.reasons, {one.key for one in ticket_lists()["reason"]}),
        ("desks", case.desks, {choice.key for choice in acts()["route"].choices}),
    ):
        yield from (Fault(f"{where}, {at}", f"{name!r} is none of {', '.join(sorted(known))}.") for name in given if name not in known)
    for at, name in _named_acts(case):
        if (what := _act_fault(case, name)) is not None:
            yield Fault(f"{where}, {at}", what)
    for check in case.checks:
        yield from _check_faults(case, check, f"{where}, check '{check.id}'")
    for play in (case.solution, *case.paths, *case.mistakes):
        yield from _play_faults(case, play, f"{where}, play '{play.id}'")
    for say in case.says:
        if not 0 <= say.struck <= len(case.clocks):
            yield Fault(f"{where}, say '{say.act}', struck", f"there is no clock number {say.struck} in this case.")
        if say.act.partition(":")[0] == "route":
            yield Fault(f"{where}, say '{say.act}'", "is never heard: desks answer for themselves.")
    yield from _text_faults(case, where)


def _vary_faults(case: Case, where: str) -> Iterator[Fault]:
    known = {vary.name for vary in case.vary}
    for vary in case.vary:
        if vary.low >= vary.high:
            yield Fault(f"{where}, vary '{vary.name}'", "low must be below high.")
    for device in case.devices:
        for sales in (device.batch, device.stored):
            if sales is None:
                continue
            if isinstance(sales.total, str) and (sales.total[:1] != "$" or sales.total[1:] not in known):
                yield Fault(
                    f"{where}, device '{device.id}'", f'{sales.total!r} is no [[vary]] of this case; wanted: a number, or "$name" of one.'
                )
            if not 0 <= sales.count <= 500:
                yield Fault(f"{where}, device '{device.id}'", f"{sales.count} sales; wanted: 0 to 500.")


def _named_acts(case: Case) -> Iterator[tuple[str, str]]:
    """Every act the case names, with the place where it does."""
    for say in case.says:
        yield "say", say.act
        yield from (("say, after", act) for act in say.after)
    for flag in case.flags:
        yield from ((f"flag '{flag.id}'", act) for act in flag.sources)
    for clock in case.clocks:
        yield from (("clock, unless", act) for act in clock.unless)
        if clock.heard != "opens":
            yield "clock, heard", clock.heard
    for check in case.checks:
        for act in (*check.did, *check.any, *check.did_not, *check.before, *check.within[:1]):
            yield f"check '{check.id}'", str(act)
    for play in (case.solution, *case.paths, *case.mistakes):
        yield from ((f"play '{play.id}'", act) for act in play.steps)


def _act_fault(case: Case, name: str) -> str | None:
    head, _, device = name.partition("@")
    act, _, argument = head.partition(":")
    kind = acts().get(act)
    if kind is None:
        return f"{name!r}: there is no act {act!r}."
    if argument and argument not in {choice.key for choice in kind.choices}:
        return f"{name!r}: {act!r} has no choice {argument!r}."
    if device and device not in {one.id for one in case.devices}:
        return f"{name!r}: there is no device {device!r} in this case."
    return None


def _check_faults(case: Case, check: Check, where: str) -> Iterator[Fault]:
    given = [name for name in ("did", "any", "did_not", "before", "within", "seen") if getattr(check, name)]
    if not given:
        yield Fault(where, "asks for nothing; wanted: did, any, did_not, before, within or seen.")
    if check.before and len(check.before) != 2:
        yield Fault(f"{where}, before", "wanted: two acts.")
    if check.within and not (len(check.within) == 2 and isinstance(check.within[0], str) and isinstance(check.within[1], int)):
        yield Fault(f"{where}, within", "wanted: an act and a minute.")
    known = {kind.fact for kind in acts().values()} | {flag.id for flag in case.flags} | {"cannot-prove", "mismatch"}
    for fact in check.seen:
        if fact not in known:
            yield Fault(f"{where}, seen", f"{fact!r} is no fact of this case.")
    if not 0 < check.points <= 8:
        yield Fault(f"{where}, points", f"is {check.points:g}; wanted: more than 0, at most 8.")


def _play_faults(case: Case, play: Play, where: str) -> Iterator[Fault]:
    lists = ticket_lists()
    for name in TICKET_FIELDS:
        value = getattr(play, name)
        if value and value not in {one.key for one in lists[name]}:
            yield Fault(f"{where}, {name}", f"{value!r} is none of {', '.join(one.key for one in lists[name])}.")
    for act in play.steps:
        kind = acts().get(act.partition("@")[0].partition(":")[0])
        if kind is not None and kind.choices and ":" not in act:
            yield Fault(where, f"{act!r}: wanted: a choice, as in '{kind.id}:{kind.choices[0].key}'.")
    checks = {check.id for check in case.checks}
    for name in play.misses:
        if name not in checks:
            yield Fault(f"{where}, misses", f"{name!r} is no check of this case.")


def _text_faults(case: Case, where: str) -> Iterator[Fault]:
    """Texts whose placeholders nothing fills. Only tried when the numbers can be drawn."""
    try:
        call = draw(case, "v00")
    except (KeyError, ValueError):
        return
    filled = values(call, start(call))
    texts: list[tuple[str, Text]] = [("opens", case.opens), *((f"say '{one.act}'", one.text) for one in case.says)]
    texts += [("clock", one.text) for one in case.clocks]
    for at, text in texts:
        try:
            fill(text, filled)
        except (KeyError, ValueError, IndexError) as error:
            yield Fault(f"{where}, {at}", f"the placeholder {error} is filled by nothing. Known: {', '.join(filled)}.")
