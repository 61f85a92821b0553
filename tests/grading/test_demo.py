"""The class of `lockdesk demo`: its table, worked out by hand, fits the assignment that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import REPOSITORY
from lockdesk.cases import Case
from lockdesk.grading.batch import Row
from lockdesk.grading.demo import ASSIGNMENT, Learner, _agrees, _class, demo
from lockdesk.key import read_key
from lockdesk.replay.task import Task

KEY = read_key(REPOSITORY / "source" / ASSIGNMENT)
LEARNERS = _class(REPOSITORY, 14)


def test_every_learner_expects_points_for_each_exercise() -> None:
    assert {learner.name: set(learner.expected) ^ set(KEY.exercises) for learner in LEARNERS} == {one.name: set() for one in LEARNERS}


def test_who_knows_everything_expects_all_points_and_who_hands_in_nothing_none() -> None:
    sums = {learner.name: sum(learner.expected.values()) for learner in LEARNERS}

    assert sums["perfect"] == sums["late"] == sum(exercise.points for exercise in KEY.exercises.values())
    assert sums["blank"] == 0


def test_only_calls_and_tasks_are_played() -> None:
    played = {name for learner in LEARNERS for name in learner.played}

    assert played == {name for name, exercise in KEY.exercises.items() if isinstance(exercise, Case | Task)}


def test_the_demo_plays_grades_and_agrees(tmp_path: Path) -> None:
    told: list[str] = []

    assert demo(REPOSITORY, tmp_path / "class", 2, told.append), "\n".join(told)
    assert [line.split()[:4] for line in told if line.startswith("perfect ")] == [["perfect", "100.00", "100.00", "yes"]]


@pytest.mark.slow
def test_every_row_of_the_whole_class_agrees(tmp_path: Path) -> None:
    told: list[str] = []

    assert demo(REPOSITORY, tmp_path / "class", 14, told.append), "\n".join(told)


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
