"""A task on the terminal: events by hand, and the share of its checks they meet."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockdesk.replay.task import MAX_EVENTS, Task, begin, score_task, unknown_words
from lockdesk.terminal import locks, total


def press(keys: str) -> list[dict[str, str]]:
    return [{"do": "press", "key": key} for word in keys.split() for key in (word if word.isdigit() else [word])]


TASK = msgspec.convert(
    {
        "edition": "1",
        "id": "journal-full",
        "objective": "plain-fix",
        "points": 4,
        "source": "domain B1 L12",
        "prompt": {"en": "Make it sell again.", "zh": "让它恢复收款。"},
        "vary": [{"name": "sum", "low": 100, "high": 900, "cents": True}],
        "device": {
            "id": "till",
            "label": {"en": "Till", "zh": "收银台"},
            "batch_limit": 6,
            "batch": {"count": 4, "total": "$sum"},
            "stored": {"count": 2, "total": 20},
        },
        "solution": press("menu 6 menu 4"),
        "check": [
            {"id": "sent", "points": 1, "source": "domain C2 G5", "why": {"en": "a", "zh": "甲"}, "before": ["uploaded", "settled"]},
            {"id": "sells", "points": 2, "source": "domain E", "why": {"en": "b", "zh": "乙"}, "sound": True, "free_of": ["L12"]},
            {"id": "kept", "points": 1, "source": "domain C2", "why": {"en": "c", "zh": "丙"}, "did_not": ["batch-cleared"]},
        ],
    },
    Task,
)


def share(*events: dict[str, Any]) -> float:
    return score_task(TASK, list(events), "v05").share


def test_the_solution_meets_every_check_in_every_variant() -> None:
    log = msgspec.to_builtins(list(TASK.solution))

    assert {score_task(TASK, log, f"v{number:02d}").share for number in range(64)} == {1}


def test_the_device_is_drawn_and_stands_as_described() -> None:
    assert locks(begin(TASK, "v05")) == ("L12",)
    assert len({total(begin(TASK, f"v{number:02d}"), "batch") for number in range(9)}) > 1


def test_each_check_counts_by_its_points() -> None:
    assert share(*press("menu 4 menu 6")) == pytest.approx(0.75)
    assert share(*press("menu 6")) == pytest.approx(0.5)


def test_doing_nothing_earns_nothing() -> None:
    assert share() == 0


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("x", "not-a-log"),
        ([{"do": "press", "key": "1"}] * (MAX_EVENTS + 1), "too-long"),
        ([{"do": "press", "key": "#"}], "bad-entry"),
        ([{"do": "wipe"}], "bad-entry"),
        ([{"do": "lift", "kind": "risk"}], "bad-entry"),
        ([{"do": "upload", "remote": True}], "bad-entry"),
        ([7], "bad-entry"),
    ],
)
def test_a_log_that_is_none_by_hand_earns_nothing_and_says_why(log: object, reason: str) -> None:
    found = score_task(TASK, log, "v05")

    assert (found.share, found.refused) == (0, reason)


@given(st.lists(st.sampled_from(press("0 1 2 3 4 5 6 7 8 9 ok clear cancel menu power")), max_size=80))
def test_any_keys_at_all_are_scored(log: list[Any]) -> None:
    assert 0 <= score_task(TASK, log, "v05").share <= 1


def test_a_word_no_device_says_is_named() -> None:
    wrong = msgspec.structs.replace(TASK.checks[0], before=("uploaded", "setled"))

    assert unknown_words(TASK) == []
    assert unknown_words(msgspec.structs.replace(TASK, checks=(wrong,))) == ["setled"]
