"""Every practice case proves what it must, and each proof fails where its case is broken."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import REPOSITORY
from lockdesk.cases import Case, draw, law
from lockdesk.cases.model import Clock
from lockdesk.cases.reading import read_cases
from lockdesk.lint import sections_of
from lockdesk.proofs import (
    check_cases,
    closing_faults,
    faults_in,
    idle_steps,
    play_listed,
    score_listed,
    set_faults,
    shared,
    too_early,
    twin_faults,
)
from lockdesk.text import Text

CASES = read_cases(REPOSITORY / "notebooks/cases")
GRADED = {name: case for folder in sorted((REPOSITORY / "source").glob("*/cases")) for name, case in read_cases(folder).items()}
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def changed(value: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(value, **changes)


def faults(case: Case) -> str:
    return "\n".join(map(str, faults_in(case, case.id, plays=5)))


@each_case
def test_a_practice_case_proves_everything(case: Case) -> None:
    assert faults(case) == ""


@pytest.mark.slow
@each_case
def test_a_call_can_be_closed_after_a_thousand_random_plays(case: Case) -> None:
    assert list(closing_faults(case, case.id, 1000)) == []


def test_the_practice_set_is_varied() -> None:
    assert list(set_faults(list(CASES.values()), "notebooks/cases")) == []


# ---- each proof, broken

CASE = CASES["gate-fourteen"]
BROKEN: dict[str, tuple[Case, str]] = {
    "a model solution that leaves something out": (
        changed(CASE, solution=changed(CASE.solution, steps=CASE.solution.steps[:-1])),
        "wanted: 100",
    ),
    "a path that earns other than it says": (changed(CASE, paths=(changed(CASE.paths[0], score=70),)), "wanted: 70"),
    "a mistake that misses other checks than it says": (
        changed(CASE, mistakes=(changed(CASE.mistakes[0], misses=()),)),
        "misses ['before-the-courier']",
    ),
    "a check nobody misses": (changed(CASE, mistakes=()), "is met by every listed play"),
    "a step without effect": (
        changed(CASE, solution=changed(CASE.solution, steps=("view-contract", *CASE.solution.steps))),
        "no effect on the score: view-contract",
    ),
    "an act on a terminal nobody has named yet": (
        changed(CASE, mistakes=(changed(CASE.mistakes[0], steps=("ask-screen", "isolate", "ask-who", "isolate")),)),
        "nobody has read or heard yet: isolate. Put",
    ),
    "too few lines": (changed(CASE, says=CASE.says[-11:]), "11 lines of its own"),
    "too few lines that depend on something": (changed(CASE, says=tuple(one for one in CASE.says if not one.after)), "0 lines depend"),
    "a clock nobody hears": (
        changed(CASE, clocks=(changed(CASE.clocks[0], cue=Text("half past nine", "九点半")),)),
        "is not said in 'opens' (en)",
    ),
    "a clock that is heard too late": (changed(CASE, clocks=(changed(CASE.clocks[0], heard="ask-change"),)), "was heard of"),
    "a clock without time to spare": (changed(CASE, clocks=(changed(CASE.clocks[0], minute=14),)), "at least 4 minutes after"),
    "a sum nobody can know": (
        changed(
            CASE,
            says=tuple(one for one in CASE.says if one.act != "reconcile"),
            solution=changed(CASE.solution, steps=CASE.solution.steps[:-2]),
        ),
        "is said nowhere in the call",
    ),
    "a caller without patience": (changed(CASE, patience=45), "wanted: at least"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_case_is_found_out(fault: str) -> None:
    case, wanted = BROKEN[fault]

    assert wanted in faults(case)


def test_a_clock_is_a_clock() -> None:
    assert all(isinstance(clock, Clock) for case in CASES.values() for clock in case.clocks)
    assert sum(bool(case.clocks) for case in CASES.values()) >= 3


def test_a_step_that_can_be_left_out_is_named() -> None:
    doubled = changed(CASE.solution, steps=(*CASE.solution.steps, "keep-receipts"))

    assert idle_steps(CASE) == []
    assert idle_steps(changed(CASE, solution=doubled)) == ["keep-receipts"]


def test_a_step_without_which_a_terminal_could_not_be_named_can_not_be_left_out() -> None:
    """It earns nothing by itself, but the desk would not offer what comes next."""
    case = read_cases(REPOSITORY / "source/after-unlock/cases")["window-three"]
    first, *rest = case.solution.steps
    unnamed = changed(case, solution=changed(case.solution, steps=tuple(rest)))

    assert first == "view-devices"
    assert idle_steps(case) == []
    assert score_listed(draw(case, "v00"), unnamed.solution).percent == 100
    assert too_early(play_listed(draw(case, "v00"), unnamed.solution)) == ["inspect-body", "isolate", "match-record"]


def test_two_solutions_that_are_alike_are_named() -> None:
    other = changed(CASE, id="another")

    assert "share 100%" in "\n".join(map(str, set_faults([CASE, other], "set")))


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [("abcd", "abcd", 1), ("abcd", "axcx", 0.5), ("abcd", "dcba", 0.25), ("ab", "abcd", 0.5), ("", "abcd", 0)],
)
def test_likeness_counts_acts_in_order(one: str, other: str, share: float) -> None:
    assert shared(tuple(one), tuple(other)) == share


def test_one_option_too_often_is_named() -> None:
    same = [changed(CASE, id=f"case-{number}") for number in range(5)]

    assert "R6 is right in 5 of 5" in "\n".join(map(str, set_faults(same, "set")))


def test_a_bank_wants_two_cases_that_open_alike_and_end_differently() -> None:
    genuine = CASES["booth-in-hall-seven"]
    impostor = changed(genuine, id="hall-seven-again", threat="impostor", caller=changed(genuine.caller, standing="impostor", proof=()))

    assert law.best(draw(impostor, "v00")) != law.best(draw(genuine, "v00"))
    assert list(twin_faults([*CASES.values(), impostor], "bank")) == []
    assert len(list(twin_faults([*CASES.values(), changed(genuine, id="the-same")], "bank"))) == 1


# ---- the set, as `lockdesk check` sees it

SECTIONS = sections_of(REPOSITORY / "docs/domain.md")


def test_the_practice_cases_have_no_fault_and_a_line_each() -> None:
    summary, found = check_cases(list(CASES.values()), "notebooks/cases", SECTIONS, plays=3)

    assert [str(fault) for fault in found] == []
    assert len(summary) == len(CASES) == 11
    assert all(line.startswith("notebooks/cases/") for line in summary)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('source = "domain F"', 'source = "domain Z9"', "names no section"),
        ("让它用不了", "让它用不了 ok?好", "half-width"),
        ("score = 79", "score = 12", "wanted: 12"),
    ],
)
def test_a_fault_in_one_case_is_reported_with_its_file(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    text = (REPOSITORY / "notebooks/cases/gone-at-closing-time.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "gone-at-closing-time.toml").write_text(text.replace(old, new, 1), encoding="utf-8")

    found = "\n".join(str(fault) for fault in check_cases(list(read_cases(tmp_path).values()), "cases", SECTIONS, plays=1)[1])

    assert wanted in found
    assert "cases/gone-at-closing-time.toml" in found


# ---- not a script


@each_case
def test_asking_and_looking_up_in_another_order_stays_right(case: Case) -> None:
    """What is asked and looked up before the first act that matters may come in any order; the numbers come before their match."""
    chance = random.Random(case.id)
    steps = list(case.solution.steps)
    free = [number for number, one in enumerate(steps) if one.startswith(("ask-", "view-"))]
    first = next(number for number, one in enumerate(steps) if not one.startswith(("ask-", "view-", "match-record")))
    free = [number for number in free if number < first]
    for _ in range(6):
        order = chance.sample(free, len(free))
        shuffled = list(steps)
        for place, source in zip(free, order, strict=True):
            shuffled[place] = steps[source]
        if "match-record" in shuffled and shuffled.index("ask-who") > shuffled.index("match-record"):
            continue
        assert score_listed(draw(case, "v00"), changed(case.solution, steps=tuple(shuffled))).percent >= 90


# ---- golden transcripts


@pytest.mark.parametrize("case", {**CASES, **GRADED}.values(), ids={**CASES, **GRADED})
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_model_solution_reads_as_it_did(case: Case, lang: Any) -> None:
    """To accept a change, write `transcript(case, lang)` into the file and read it."""
    golden = REPOSITORY / "tests/transcripts" / f"{case.id}.{lang}.txt"

    assert transcript(case, lang) == golden.read_text(encoding="utf-8")


def transcript(case: Case, lang: Any) -> str:
    """The model solution as one hears it, line by line."""
    from lockdesk.cases import opening, start
    from lockdesk.replay import play, resolved

    call = draw(case, "v00")
    played = play(call, resolved(call, case.solution.steps), aloud=True)
    lines = [f"0 {opening(call, start(call))[lang]}"]
    for row in played.rows:
        act = f"{row.act.act}{':' if row.act.arg else ''}{row.act.arg}"
        lines += [f"{row.after.minute} [{act}] {line.speaker}: {line.text[lang]}" for line in row.lines]
    ticket = play_listed(call, case.solution).world.ticket
    assert ticket is not None
    fields = (ticket.lock_class, ticket.authority, ticket.option, ticket.reason, ticket.money, f"{ticket.amount:.2f}")
    return "\n".join([*lines, f"ticket: {' '.join(fields)}", ""])
