"""The promised ratios hold, measured side by side in one run by the same command that prints them (`make bench`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench import clicks, grading, imports

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
