"""After a practice call one sees what was done, what it caused, what it meant, and what was still open."""

from __future__ import annotations

import pytest

from builders import REPOSITORY
from lockdesk.cases import Case, draw
from lockdesk.cases.reading import read_cases
from lockdesk.replay import play, resolved
from lockdesk.replay.debrief import Debrief, debrief

CASES = read_cases(REPOSITORY / "notebooks/cases")


def of(name: str, *steps: str) -> Debrief:
    call = draw(CASES[name], "v00")
    return debrief(play(call, resolved(call, steps), aloud=True))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_debrief_has_a_row_for_every_act_and_the_best_end_first(case: Case) -> None:
    for listed in (case.solution, *case.paths, *case.mistakes):
        found = of(case.id, *listed.steps)
        assert len(found.entries) == len(listed.steps)
        assert all(entry.heard and entry.act.zh for entry in found.entries)
        assert found.lawful


def test_it_shows_where_the_money_went() -> None:
    found = of("gate-fourteen", "upload", "settle")

    assert [text.en.split(":")[0] for text in found.entries[0].caused] == ["in the batch"]
    assert found.before.keys() == {"stored"}
    assert sum(found.before.values()) == sum(found.after.values())


def test_it_shows_lost_and_traced_sales_apart() -> None:
    assert of("glass-and-tiles", "swap").after.keys() == {"lost"}
    assert of("glass-and-tiles", "keep-receipts", "swap").after.keys() == {"traced"}


def test_it_names_what_an_act_meant_beside_the_act() -> None:
    found = of("glass-and-tiles", "ask-screen", "basic-steps")

    assert [text.en for text in found.entries[0].meant] == []
    assert "Worked on a possibly opened terminal" in [text.en for text in found.entries[1].meant]


def test_it_shows_the_lock_that_is_gone_and_the_desk_that_took_the_call() -> None:
    assert "no longer L1" in [text.en for text in of("operator-three-at-noon", "admin-reset").entries[0].caused]
    found = of("three-tills-since-nine", "ask-scope", "view-host", "ask-who", "route:risk")
    assert "taken by: risk and compliance" in [text.en for text in found.entries[3].caused]


def test_a_perfect_call_leaves_only_the_ticket_open() -> None:
    case = CASES["gate-fourteen"]

    assert {one.name.en for one in of(case.id, *case.solution.steps).still_open} == {"The ticket"}
    assert "G4 Integrity" in {one.missing.en for one in of(case.id, "swap").still_open}
