"""`lockdesk demo` on the real course: what was worked out by hand is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import REPOSITORY
from lockdesk.grading.batch import Row
from lockdesk.grading.demo import Learner, _agrees, demo


@pytest.mark.slow
def test_every_row_of_the_demos_class_agrees(tmp_path: Path) -> None:
    told: list[str] = []

    assert demo(REPOSITORY, tmp_path / "class", 14, told.append), "\n".join(told)
    assert any("Every row agrees." in line for line in told)


@pytest.mark.parametrize(
    ("points", "agrees"),
    [
        ({"asked": 2.0, "called": 0.0}, True),
        ({"asked": 1.0, "called": 0.0}, False),
        ({"asked": 2.0, "called": 3.0}, False),
        ({"asked": 2.0, "called": None}, False),
        ({"called": 0.0}, False),
    ],
)
def test_what_the_table_does_not_name_must_earn_nothing(points: dict[str, float | None], agrees: bool) -> None:
    learner = Learner(name="luo", habit="answers", lang="en", expected={"asked": 2.0})

    assert _agrees(learner, Row("luo", "graded", 2.0, 10.0, (), points)) is agrees
