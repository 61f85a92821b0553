from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from builders import ANY_QUESTION, JSON, ONE_OF_EACH, answers_to, both, match, multi, number, order, single, written
from lockdesk.questions import KINDS, MAX_WRITTEN, Match, Question, faults_of, fits, kind_of, parts_of, right_keys


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
def test_a_question_knows_the_name_of_its_kind(kind: str) -> None:
    assert kind_of(ONE_OF_EACH[kind]) == kind
    assert KINDS[kind] is type(ONE_OF_EACH[kind])


def test_every_kind_has_an_example_here() -> None:
    assert KINDS.keys() == ONE_OF_EACH.keys()


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("single", ["alpha", "beta", "gamma"]),
        ("multi", ["alpha", "beta", "gamma", "delta"]),
        ("order", ["one", "two", "three", "four"]),
        ("match", ["pin", "place", "alarm", "risk"]),
        ("number", []),
        ("written", ["point-1", "point-2"]),
    ],
)
def test_the_parts_of_a_question_come_in_the_order_of_the_file(kind: str, keys: list[str]) -> None:
    assert [part.key for part in parts_of(ONE_OF_EACH[kind])] == keys


def test_the_right_keys_are_those_marked_correct() -> None:
    assert right_keys(multi(right=("alpha", "delta"))) == {"alpha", "delta"}


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
def test_a_usable_question_has_no_fault(kind: str) -> None:
    assert list(faults_of(ONE_OF_EACH[kind])) == []


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (single(points=0), "points"),
        (single(points=-1), "points"),
        (single(points=math.nan), "points"),
        (single(points=math.inf), "points"),
        (single(right="nobody"), "option"),
        (single(options=multi().options), "option"),
        (single(keys=("alpha", "beta")), "option"),
        (single(keys=("alpha", "alpha", "beta")), "key"),
        (multi(right=("alpha",)), "option"),
        (multi(right=("alpha", "beta", "gamma")), "option"),
        (order(keys=("one", "two", "three")), "step"),
        (order(keys=("one", "two", "three", "one")), "key"),
        (match({"pin": "shop", "place": "bank", "alarm": "maker"}), "item"),
        (match({"pin": "shop", "place": "bank", "alarm": "maker", "risk": "moon"}), "item 'risk', target"),
        (match(targets=("shop", "bank", "maker", "shop")), "key"),
        (number(math.nan), "answer"),
        (number(math.inf), "answer"),
        (number(tolerance=-1), "answer"),
        (number(tolerance=math.inf, mistakes=()), "answer"),
        (number(12, tolerance=2, mistakes=(10,)), "mistake"),
        (written((1, 2), points=4), "criterion"),
        (replace(single(), claims=(1, 51, 52)), "claims"),
        (replace(single(), claims=(0,)), "claims"),
    ],
)
def test_an_unusable_question_names_the_field_to_mend(question: Question, field: str) -> None:
    assert [name for name, _ in faults_of(question)] == [field]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("single", "alpha"),
        ("multi", ["alpha"]),
        ("multi", ["delta", "alpha", "beta", "gamma"]),
        ("order", ["four", "three", "two", "one"]),
        ("match", {"pin": "nobody", "place": "nobody", "alarm": "nobody", "risk": "nobody"}),
        ("number", 0),
        ("number", -1.5),
        ("written", ""),
        ("written", "啊" * MAX_WRITTEN),
    ],
)
def test_a_complete_answer_fits_be_it_right_or_wrong(kind: str, answer: Any) -> None:
    assert fits(ONE_OF_EACH[kind], answer)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("single", "nobody"),
        ("single", ""),
        ("single", None),
        ("single", ["beta"]),
        ("single", 0),
        ("multi", []),
        ("multi", ["beta", "beta"]),
        ("multi", ["beta", "nobody"]),
        ("multi", "beta"),
        ("multi", ["beta", ["gamma"]]),
        ("multi", {"beta": True}),
        ("order", ["one", "two", "three"]),
        ("order", ["one", "two", "three", "three"]),
        ("order", ["one", "two", "three", "four", "four"]),
        ("order", [1, 2, 3, 4]),
        ("order", "one two three four"),
        ("match", {"pin": "shop", "place": "bank", "alarm": "maker"}),
        ("match", {"pin": "shop", "place": "bank", "alarm": "maker", "risk": "moon"}),
        ("match", {"pin": "shop", "place": "bank", "alarm": "maker", "risk": "bank", "more": "bank"}),
        ("match", {"pin": "shop", "place": "bank", "alarm": "maker", "risk": ["bank"]}),
        ("match", ["pin", "place", "alarm", "risk"]),
        ("number", True),
        ("number", "12"),
        ("number", None),
        ("number", math.nan),
        ("number", -math.inf),
        ("written", None),
        ("written", 3),
        ("written", "x" * (MAX_WRITTEN + 1)),
    ],
)
def test_an_answer_of_another_shape_does_not_fit(kind: str, answer: Any) -> None:
    assert not fits(ONE_OF_EACH[kind], answer)


@given(ANY_QUESTION, JSON)
def test_whether_any_value_fits_can_be_asked(question: Question, answer: Any) -> None:
    assert fits(question, answer) in (True, False)


def test_an_integer_beyond_every_float_does_not_fit() -> None:
    assert not fits(number(), 10**400)


@given(st.data(), st.sampled_from(["single", "order", "match"]))
def test_what_a_front_end_can_send_fits(data: st.DataObject, kind: str) -> None:
    question = ONE_OF_EACH[kind]

    assert fits(question, data.draw(answers_to(question)))


def test_two_items_may_share_a_target_and_a_target_may_have_none() -> None:
    question = match({"a": "shop", "b": "shop", "c": "shop", "d": "shop"}, ("shop", "moon"), prompt=both("x"))

    assert isinstance(question, Match)
    assert list(faults_of(question)) == []
