"""No habit passes the practice cases; the model does; and a set that a habit passes is named."""

from __future__ import annotations

import pytest

from builders import REPOSITORY
from lockdesk.cases import draw, law
from lockdesk.cases.catalogue import acts
from lockdesk.cases.reading import read_cases
from lockdesk.strategies import HABITS, Row, everything, faults_in, neighbour, report, search, table

CASES = list(read_cases(REPOSITORY / "notebooks/cases").values())
ROWS = table(CASES, searches=1, search_steps=5)


def row(name: str) -> Row:
    return next(one for one in ROWS if one.name == name)


def test_the_model_earns_a_hundred_in_every_case() -> None:
    assert set(row("model").scores) == {100}


@pytest.mark.parametrize("name", [habit.name for habit in HABITS] + ["reader"])
def test_no_habit_passes(name: str) -> None:
    found = row(name)

    assert found.mean < 50
    assert [score for score, right in zip(found.scores, found.right, strict=True) if score > 75 and not right] == []


def test_the_table_holds() -> None:
    assert faults_in(ROWS) == []


@pytest.mark.slow
def test_a_searched_for_list_of_acts_does_not_pass_either() -> None:
    found = table(CASES, searches=1, search_steps=1200)[-1]

    assert found.name == "searched"
    assert found.mean < 50


def test_searching_finds_more_than_it_started_with_and_the_same_again() -> None:
    calls = [draw(case, "v00") for case in CASES[:3]]

    assert search(calls, 1, 30) == search(calls, 1, 30)
    assert search(calls, 1, 60) != search(calls, 1, 0)


def test_a_passing_habit_is_named() -> None:
    rows = [Row("lucky", (80.0, 40.0), (False, True)), Row("model", (100.0, 99.0), (True, True))]

    assert [fault.split(" ")[0] for fault in faults_in(rows)] == ["lucky", "lucky", "model"]


def test_a_habit_may_pass_where_its_way_is_the_right_one() -> None:
    assert faults_in([Row("steady", (87.0, 0.0), (True, False))]) == []


def test_everything_is_every_act_with_every_choice() -> None:
    assert len(everything()) == sum(len(kind.choices) or 1 for kind in acts().values())


def test_the_report_prints_a_name_and_a_percentage_a_line() -> None:
    lines = report(ROWS)

    assert "model 100.0" in lines
    assert all(len(line.split(" ")) == 2 and 0 <= float(line.split(" ")[1]) <= 100 for line in lines)


def test_a_neighbours_acts_earn_less_than_half_on_average() -> None:
    found = [neighbour(case, "v03", "v44") for case in CASES]

    assert sum(found) / len(found) < 50


def test_the_reader_knows_the_class_and_still_fails_for_asking_nobody() -> None:
    assert row("reader").mean < 30


def test_the_right_ends_of_the_practice_set_are_spread() -> None:
    ends = {law.best(draw(case, "v00")) for case in CASES}

    assert len(ends) >= 7
