from __future__ import annotations

import math
from decimal import Decimal
from itertools import combinations, permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    ANY_QUESTION,
    JSON,
    ONE_OF_EACH,
    answers_to,
    empty_answer,
    match,
    model_answer,
    multi,
    number,
    order,
    questions_of,
    single,
    wrong_answer,
)
from lockdesk.questions import Match, Multi, Order, Question, Single
from lockdesk.scoring import Score, expected_guess, expected_select_all, score, worth

SIX = ("one", "two", "three", "four", "five", "six")


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH.keys() - {"written"}))
def test_the_model_answer_earns_all_points(kind: str) -> None:
    question = ONE_OF_EACH[kind]

    result = score(question, model_answer(question))

    assert (result.verdict, result.earned, result.possible) == ("right", question.points, question.points)


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH.keys() - {"written"}))
def test_an_answer_with_nothing_right_earns_nothing(kind: str) -> None:
    question = ONE_OF_EACH[kind]

    result = score(question, wrong_answer(question))

    assert (result.verdict, result.earned) == ("wrong", 0)


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH.keys() - {"written"}))
def test_an_empty_answer_is_unusable_and_earns_nothing(kind: str) -> None:
    question = ONE_OF_EACH[kind]

    result = score(question, empty_answer(question))

    assert (result.verdict, result.earned, result.marks) == ("unusable", 0, {})


def test_a_written_answer_waits_for_a_person() -> None:
    question = ONE_OF_EACH["written"]

    assert score(question, "Anything.") == Score("by-hand", 0, question.points)


@pytest.mark.parametrize(
    ("ticked", "share"),
    [
        (("one", "two", "three"), 1),
        (("one", "two"), 2 / 3),
        (("one",), 1 / 3),
        (("one", "two", "three", "four"), 2 / 3),
        (("one", "two", "four"), 1 / 3),
        (("one", "four"), 0),
        (("four",), 0),
        (SIX, 0),
    ],
)
def test_ticks_earn_the_share_of_right_ones_less_the_share_of_wrong_ones(ticked: tuple[str, ...], share: float) -> None:
    question = multi(right=("one", "two", "three"), keys=SIX, points=6)

    assert score(question, list(ticked)).earned == pytest.approx(6 * share)


@pytest.mark.parametrize(
    ("given_order", "share"),
    [
        (("one", "two", "three", "four", "five", "six"), 1),
        (("two", "one", "three", "four", "five", "six"), 3 / 5),
        (("two", "three", "one", "four", "five", "six"), 2 / 5),
        (("one", "two", "six", "three", "four", "five"), 1 / 5),
        (("one", "six", "two", "three", "four", "five"), 0),
        (("six", "one", "two", "three", "four", "five"), 0),
    ],
)
def test_steps_earn_by_those_in_place_less_one(given_order: tuple[str, ...], share: float) -> None:
    question = order(keys=SIX, points=5)

    assert score(question, list(given_order)).earned == pytest.approx(5 * share)


@pytest.mark.parametrize(("wrong", "share"), [(0, 1), (1, 2 / 3), (2, 1 / 3), (3, 0), (4, 0)])
def test_pairs_earn_by_those_matched_less_one(wrong: int, share: float) -> None:
    question = match()
    answer = model_answer(question) | dict.fromkeys(list(model_answer(question))[:wrong], "nobody")

    assert score(question, answer).earned == pytest.approx(4 * share)


@pytest.mark.parametrize(("answer", "earned"), [(100, 2), (95, 2), (105.0, 2), (94.99, 0), (105.01, 0), (-100, 0), (1e308, 0), (10**15, 0)])
def test_a_number_is_right_within_its_tolerance_the_bounds_included(answer: float, earned: float) -> None:
    assert score(number(100, tolerance=5, mistakes=()), answer).earned == earned


@pytest.mark.parametrize(("right", "tolerance"), [("1.1", "0.1"), ("0.3", "0.1"), ("128.4", "0.05"), ("12", "0.01"), ("1280.55", "0.01")])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_bound_written_in_decimals_is_within_the_tolerance(right: str, tolerance: str, side: int) -> None:
    bound = float(Decimal(right) + side * Decimal(tolerance))

    assert score(number(float(right), float(tolerance), ()), bound).verdict == "right"


@pytest.mark.parametrize(
    ("right", "given_answer"), [(1234567890, 1234567891), (12345678.90, 12345678.91), (999_999_999_999, 10**12), (1280.55, 1280.56)]
)
def test_a_number_that_is_off_by_its_last_digit_is_wrong(right: float, given_answer: float) -> None:
    assert score(number(right, 0, ()), given_answer).verdict == "wrong"


def test_a_chosen_option_bears_its_mark_and_no_other_does() -> None:
    assert score(single(), "alpha").marks == {"alpha": "wrong"}
    assert score(single(), "beta").marks == {"beta": "right"}


def test_each_tick_bears_its_mark_and_what_is_not_ticked_bears_none() -> None:
    assert score(multi(), ["alpha", "beta"]).marks == {"alpha": "wrong", "beta": "right"}


def test_each_step_is_marked_by_its_place() -> None:
    assert score(order(), ["one", "three", "two", "four"]).marks == {"one": "right", "three": "wrong", "two": "wrong", "four": "right"}


def test_each_item_is_marked_by_its_partner() -> None:
    answer = model_answer(match()) | {"pin": "nobody"}

    assert score(match(), answer).marks == {"pin": "wrong", "place": "right", "alarm": "right", "risk": "right"}


def test_some_points_and_not_all_are_partly_right() -> None:
    assert score(multi(), ["beta"]).verdict == "partly"


@given(ANY_QUESTION, JSON)
def test_any_value_at_all_earns_a_finite_number_within_the_points(question: Question, answer: Any) -> None:
    result = score(question, answer)

    assert math.isfinite(result.earned)
    assert 0 <= result.earned <= question.points == result.possible


@given(st.data(), ANY_QUESTION)
def test_any_complete_answer_earns_a_finite_number_within_the_points(data: st.DataObject, question: Question) -> None:
    result = score(question, data.draw(answers_to(question)))

    assert 0 <= result.earned <= question.points
    assert (result.verdict == "right") == (result.earned == question.points)


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
@pytest.mark.parametrize("answer", [10**400, -(10**400), [10**400]], ids=["huge", "hugely negative", "huge in a list"])
def test_an_integer_beyond_every_float_earns_nothing(kind: str, answer: Any) -> None:
    assert score(ONE_OF_EACH[kind], answer).earned == 0


@given(st.data(), st.sampled_from(["single", "order", "match"]).flatmap(questions_of))
def test_only_the_model_answer_earns_all_points(data: st.DataObject, question: Question) -> None:
    answer = data.draw(answers_to(question))

    assert (score(question, answer).verdict == "right") == (answer == model_answer(question))


@given(st.data(), questions_of("multi"))
def test_only_the_right_ticks_earn_all_points(data: st.DataObject, question: Question) -> None:
    answer = data.draw(answers_to(question))

    assert (score(question, answer).verdict == "right") == (set(answer) == set(model_answer(question)))


@given(st.data(), questions_of("multi"))
def test_the_order_of_ticks_earns_nothing(data: st.DataObject, question: Question) -> None:
    ticks = data.draw(answers_to(question))

    assert score(question, ticks).earned == score(question, ticks[::-1]).earned


@given(questions_of("multi"))
def test_ticking_everything_earns_nothing(question: Question) -> None:
    assert isinstance(question, Multi)
    assert expected_select_all(question) == 0


def every_answer(question: Question) -> list[Any]:
    """All answers a blind guesser gives with equal chance."""
    match question:
        case Single():
            return [option.key for option in question.options]
        case Multi():
            keys = [option.key for option in question.options]
            return [list(some) for size in range(len(keys) + 1) for some in combinations(keys, size)]
        case Order():
            return [list(steps) for steps in permutations(step.key for step in question.steps)]
        case Match():
            targets = [target.key for target in question.targets]
            items = [item.key for item in question.items]
            return [dict(zip(items, some, strict=True)) for some in product(targets, repeat=len(items))]
        case _:
            return []


@given(st.sampled_from(["single", "multi", "order", "match"]).flatmap(questions_of))
def test_the_expected_guess_is_the_mean_over_all_answers(question: Question) -> None:
    answers = every_answer(question)
    mean = sum(score(question, answer).earned for answer in answers) / len(answers) / question.points

    assert expected_guess(question) == pytest.approx(mean)


def test_with_eight_steps_too_the_expected_guess_is_the_mean_to_a_thousandth() -> None:
    keys = [f"step-{n}" for n in range(8)]
    question = order(keys)
    mean = sum(score(question, list(one)).earned for one in permutations(keys)) / math.factorial(8) / question.points

    assert expected_guess(question) == pytest.approx(mean, abs=0.001)


@pytest.mark.parametrize("kind", ["number", "written"])
def test_numbers_and_texts_cannot_be_guessed(kind: str) -> None:
    assert expected_guess(ONE_OF_EACH[kind]) == 0


@given(st.floats(0.1, 100), st.floats(0, 1))
def test_a_share_of_the_points_is_never_more_than_all_and_near_the_truth(points: float, share: float) -> None:
    assert 0 <= worth(points, share) <= points
    assert abs(worth(points, share) - points * share) < 0.0051
    assert worth(points, 1) == pytest.approx(points, abs=0.0051)
