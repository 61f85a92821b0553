from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from builders import ANY_QUESTION, ONE_OF_EACH, match, multi, order, single
from lockdesk.guessing import HABITS, Earned, earned, faults_in, report
from lockdesk.questions import Option, Question, fits, shown_steps, shown_targets
from lockdesk.text import LANGS, Text


def texts(*said: str, right: int = 0) -> tuple[Option, ...]:
    return tuple(Option(key=f"k{at}", text=Text(one, one), why=Text("w", "w"), correct=at == right) for at, one in enumerate(said))


def shares(*questions: Question) -> dict[str, float]:
    return {row.habit: row.share for row in earned(questions) if row.lang == "en"}


@pytest.mark.parametrize(
    ("habit", "said", "right"),
    [
        ("longest", ("aa", "bbbb", "c"), 1),
        ("shortest", ("aa", "bbbb", "c"), 2),
        ("first-letter", ("cc", "ab", "bb"), 1),
        ("last-letter", ("cc", "ab", "bb"), 0),
        ("first-place", ("cc", "ab", "bb"), 0),
        ("second-place", ("cc", "ab", "bb"), 1),
        ("third-place", ("cc", "ab", "bb"), 2),
        ("last-place", ("cc", "ab", "bb", "dd"), 3),
    ],
)
def test_a_habit_takes_the_option_it_is_named_for(habit: str, said: tuple[str, ...], right: int) -> None:
    assert shares(single(options=texts(*said, right=right)))[habit] == 1
    assert shares(single(options=texts(*said, right=(right + 1) % len(said))))[habit] == 0


def test_ticking_everything_earns_nothing() -> None:
    assert shares(multi())["select-all"] == 0


def test_steps_and_pairs_are_taken_as_they_are_shown() -> None:
    steps, pairs = order(), match()

    first = HABITS["first-place"](steps, "en")
    pairing = HABITS["first-place"](pairs, "en")

    assert first == [step.key for step in shown_steps(steps)]
    assert pairing[pairs.items[0].key] == shown_targets(pairs)[0].key


@given(question=ANY_QUESTION)
def test_a_habit_gives_a_whole_answer_to_whatever_can_be_guessed(question: Question) -> None:
    for habit in HABITS.values():
        for lang in LANGS:
            answer: Any = habit(question, lang)
            assert answer is None or fits(question, answer)


def test_what_cannot_be_guessed_is_left_out() -> None:
    assert list(earned([ONE_OF_EACH["number"], ONE_OF_EACH["written"]])) == []


def test_a_habit_that_pays_is_named_with_its_language() -> None:
    rows = [Earned("longest", "zh", 0.36, 0.25, 40), Earned("longest", "en", 0.35, 0.25, 40), Earned("shortest", "zh", 1, 0.25, 39)]

    (fault,) = faults_in(rows, "notebooks/questions")

    assert str(fault).startswith("notebooks/questions, habit 'longest' (zh): earns 36%, blind guessing 25%; wanted: at most 10% more.")
    assert report(rows)[:2] == ["questions-blind 25.0", "questions-longest-zh 36.0"]
    assert report([]) == []
