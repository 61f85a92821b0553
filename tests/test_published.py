from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from builders import ANY_QUESTION, EDITION, ONE_OF_EACH, both, empty_answer, entry, model_answer, question_file, single
from lockdesk.errors import ContentError, UnknownQuestion
from lockdesk.key import read_key
from lockdesk.published import Published, encode, file_of, publish, read_published, recorded_in
from lockdesk.questions import Question, Written, asked, parts_of


def of(*questions: Question) -> Published:
    return Published(1, "small", EDITION, both("An assignment"), tuple(map(asked, questions)))


ALL = of(*ONE_OF_EACH.values())


def test_what_is_published_is_read_again_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "questions.json").write_bytes(encode(ALL))

    assert read_published(tmp_path) == ALL


@given(ANY_QUESTION)
def test_any_question_is_published_with_all_its_choices_and_nothing_of_its_key(question: Question) -> None:
    data = encode(of(question))
    (published,) = json.loads(data)["questions"]

    parts = () if isinstance(question, Written) else parts_of(question)
    assert {choice["key"] for choice in published.get("choices", [])} == {part.key for part in parts}
    assert published["points"] == question.points
    assert not [secret for secret in (b"why ", b"correct", b"the hint", b"the sample", b"criterion ", b"domain A1") if secret in data]


def test_a_published_file_is_the_same_for_the_same_questions_and_ends_with_a_line() -> None:
    assert encode(ALL) == encode(of(*ONE_OF_EACH.values()))
    assert encode(ALL).endswith(b"}\n")
    assert "（中文）".encode() in encode(ALL)


def test_a_question_is_found_by_its_id() -> None:
    assert ALL.question("how-many").kind == "number"
    with pytest.raises(UnknownQuestion, match="'how-few' in small"):
        ALL.question("how-few")


def test_the_authors_file_comes_before_the_published_one(tmp_path: Path) -> None:
    (tmp_path / "questions.json").write_bytes(encode(of(single(prompt=both("An older question")))))
    path = question_file(tmp_path, single(), name="questions")

    assert file_of(tmp_path) == path
    assert read_published(tmp_path) == publish(tmp_path.name, read_key(tmp_path))
    assert read_published(tmp_path).question("who-calls").prompt.en == "Who calls?"


BROKEN = {
    "nothing": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"form": "\xff"}',
    "a list": b"[]",
    "a newer form": encode(ALL).replace(b'"form": 1', b'"form": 2'),
    "a field more": encode(ALL).replace(b'"form": 1', b'"form": 1, "correct": 1'),
    "a field less": encode(ALL).replace(b'"edition": "2026-11",', b""),
    "a kind that is none": encode(ALL).replace(b'"single"', b'"singel"'),
    "points that are none": encode(ALL).replace(b'"points": 2,', b'"points": "two",'),
    "nested without end": b"[" * 100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "questions.json").write_bytes(content)

    with pytest.raises(ContentError, match=r"questions\.json: cannot be used.*Fetch the assignment again"):
        read_published(tmp_path)


def test_a_folder_without_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"questions\.json"):
        read_published(tmp_path)


# ---- how much of it is recorded


def test_a_question_is_recorded_by_its_last_entry() -> None:
    entries = [entry(question.id, model_answer(question)) for question in ONE_OF_EACH.values()]

    assert recorded_in(ALL, []) == set()
    assert recorded_in(ALL, entries) == {question.id for question in ONE_OF_EACH.values()}
    assert recorded_in(ALL, [*entries, entry("who-calls", None)]) == {one.q for one in entries} - {"who-calls"}


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_what_is_no_answer_is_not_recorded(kind: str) -> None:
    question = ONE_OF_EACH[kind]
    none = [
        entry(question.id, empty_answer(question)),
        entry(question.id, {"a": 1}),
        entry(question.id, model_answer(question), edition="x"),
    ]

    assert [recorded_in(ALL, [one]) for one in none] == [set()] * 3
    assert recorded_in(ALL, [entry("foreign", "beta")]) == set()
