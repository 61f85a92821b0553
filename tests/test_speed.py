"""The promised ratios hold, measured side by side in one run by the same command that prints them (`make bench`)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import msgspec
import pytest

from bench import clicks, grading, imports
from builders import REPOSITORY
from lockdesk.cases import Case, draw
from lockdesk.cases.reading import read_cases
from lockdesk.proofs import random_acts
from lockdesk.replay import score_log

pytestmark = pytest.mark.slow
PROMISED = [pytest.param(imports.ratio, 1.8, id="import"), pytest.param(clicks.ratio, 1.2, id="click", marks=pytest.mark.browser)]


@pytest.mark.parametrize(("measure", "most"), PROMISED)
def test_a_promised_ratio_holds(measure: Callable[[], float], most: float) -> None:
    measured = []
    while len(measured) < 3 and (not measured or min(measured) > most):  # a busy machine gets a second and a third chance
        measured.append(measure())

    assert min(measured) <= most, f"measured {measured}"


def test_grading_costs_a_tenth_of_stock_nbgrader_at_most() -> None:
    measured = []
    while len(measured) < 2 and (not measured or max(measured) < 10):
        measured.append(grading.ratio())

    assert max(measured) >= 10, f"measured {measured}"


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in read_cases(REPOSITORY / "notebooks/cases").items()])
def test_two_hundred_acts_are_replayed_and_scored_in_five_milliseconds(case: Case) -> None:
    call = draw(case, "v00")
    log = [
        {name: value for name, value in msgspec.to_builtins(act).items() if value is not None}
        for act in random_acts(call, random.Random(3), 200)
    ]
    score_log(case, log, "v00")
    times = []
    for _ in range(25):
        begun = time.perf_counter()
        score_log(case, log, "v00")
        times.append(time.perf_counter() - begun)

    assert min(times) < 0.005
