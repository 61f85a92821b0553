"""What reaches a learner plays the same call, and says nothing of what is right."""

from __future__ import annotations

import json

import pytest

from builders import REPOSITORY
from lockdesk.cases import Case, draw, named, start, step
from lockdesk.cases.publishing import HELD_BACK, from_published, published
from lockdesk.course import Course
from lockdesk.errors import ContentError
from lockdesk.proofs import plays_of

CASES = {case.id: case for case in Course(REPOSITORY).cases()}
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@each_case
def test_a_published_case_holds_nothing_of_the_key(case: Case) -> None:
    text = json.dumps(published(case), ensure_ascii=False)

    assert not published(case).keys() & set(HELD_BACK)
    for listed in plays_of(case):
        assert listed.why.en not in text
        assert listed.why.zh not in text
        assert f'"{listed.id}"' not in text
    for check in case.checks:
        assert check.why.en not in text
        assert f'"{check.id}"' not in text
    assert all(clock["cap"] == 0 for clock in published(case)["clock"])


@each_case
def test_a_published_case_plays_as_the_authors_does(case: Case) -> None:
    public = from_published(json.loads(json.dumps(published(case))), "questions.json")
    for listed in plays_of(case):
        ours, theirs = draw(case, "v31"), draw(public, "v31")
        one, other = start(ours), start(theirs)
        assert one == other
        for text in listed.steps:
            one, lines = step(ours, one, named(ours, one, text))
            other, heard = step(theirs, other, named(theirs, other, text))
            assert heard == lines
        assert one == other


@pytest.mark.parametrize("data", [None, [], {}, {"id": 7}])
def test_what_is_no_published_case_is_a_fault(data: object) -> None:
    with pytest.raises(ContentError):
        from_published(data, "questions.json")
