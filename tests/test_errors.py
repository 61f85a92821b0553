from __future__ import annotations

import pytest

from lockdesk.errors import ContentError, Fault, LockdeskError, NotSaved, UnknownQuestion


def test_a_fault_says_where_before_what() -> None:
    fault = Fault("01.toml, question 'x', why.zh", "missing.")

    assert str(fault) == "01.toml, question 'x', why.zh: missing."


def test_a_content_error_carries_and_speaks_every_fault() -> None:
    faults = [Fault("a", "one."), Fault("b", "two.")]

    error = ContentError(iter(faults))

    assert list(error.faults) == faults
    assert str(error).splitlines() == ["a: one.", "b: two."]


def test_an_unknown_question_names_its_place_and_the_near_misses() -> None:
    error = UnknownQuestion("who-cals", ["who-calls"], "notebooks/questions")

    assert "'who-cals'" in str(error)
    assert "notebooks/questions" in str(error)
    assert "Did you mean 'who-calls'?" in str(error)


def test_an_unknown_question_without_near_misses_suggests_nothing() -> None:
    error = UnknownQuestion("zzz", [], "here")

    assert "Did you mean" not in str(error)


@pytest.mark.parametrize(("detail", "spoken"), [("", "log-full"), ("/a/b", "log-full: /a/b")])
def test_a_refusal_to_save_speaks_its_reason_and_detail(detail: str, spoken: str) -> None:
    assert str(NotSaved("log-full", detail)) == spoken


@pytest.mark.parametrize("error", [ContentError([]), UnknownQuestion("x", [], "y"), NotSaved("log-full")])
def test_everything_raised_on_purpose_can_be_caught_by_one_name(error: Exception) -> None:
    assert isinstance(error, LockdeskError)
