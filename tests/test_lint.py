from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import ONE_OF_EACH, both, match, multi, number, order, question_file, single, written
from lockdesk.bank import QuestionFile, read_questions
from lockdesk.lint import faults_in, odds, order_faults, sections_of, text_faults
from lockdesk.questions import Question, Single, asked
from lockdesk.text import Text

SECTIONS = frozenset({"A", "A1", "B2"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def file_of(folder: Path, *questions: Question) -> QuestionFile:
    return read_questions(question_file(folder, *questions))


def faults(folder: Path, *questions: Question) -> list[str]:
    return [str(fault) for fault in faults_in(file_of(folder, *questions), "f", SECTIONS)]


def replaced(kind: str, **fields: Any) -> list[Question]:
    """A set of questions without a fault, but for one that is changed."""
    return [msgspec.structs.replace(question, **fields) if name == kind else question for name, question in ONE_OF_EACH.items()]


def test_a_good_set_of_questions_has_no_fault(folder: Path) -> None:
    assert faults(folder, *ONE_OF_EACH.values()) == []


def test_an_objective_asked_only_once_is_a_fault(folder: Path) -> None:
    found = faults(folder, single(), multi(), order())

    assert found == ["f, objective 'locks': is asked 1 times; wanted: at least twice."]


def test_an_objective_of_no_lesson_is_a_fault(folder: Path) -> None:
    (fault,) = faults(folder, *replaced("single", objective="caller"))

    assert fault == "f, question 'who-calls', objective: 'caller' is none of this lesson's (callers, locks)."


@pytest.mark.parametrize("source", ["domain A1", "domain B2", "domain A1, B2", "domain A1 row 3", "domain A"])
def test_a_source_is_a_section_of_the_domain(folder: Path, source: str) -> None:
    assert faults(folder, *replaced("single", source=source)) == []


@pytest.mark.parametrize("source", ["domain Z9", "domain", "A1", "domain a1", "the web", "domain A12"])
def test_another_source_is_a_fault(folder: Path, source: str) -> None:
    (fault,) = faults(folder, *replaced("single", source=source))

    assert fault.startswith("f, question 'who-calls', source: ")
    assert "A, A1, B2" in fault


def test_sections_are_the_headings_of_the_domain_page(tmp_path: Path) -> None:
    page = tmp_path / "domain.md"
    page.write_text(
        "# Domain\n## A Article\n### A1 Claims\n#### A2 too deep\n### H2 Caveats\n## Index\nA3 is text\n### B10 none\n", "utf-8"
    )

    assert sections_of(page) == {"A", "A1", "H2"}


def test_two_targets_for_four_items_are_too_easily_guessed(folder: Path) -> None:
    easy = match({"pin": "shop", "place": "bank", "alarm": "shop", "risk": "bank"}, ("shop", "bank"))

    (fault,) = faults(folder, *replaced("match", items=easy.items, targets=easy.targets))

    assert fault.startswith("f, question 'who-decides-what': guessing earns 3")
    assert "at most 15%" in fault


@pytest.mark.parametrize(("question_id", "told"), [("beta-or-not", True), ("not-that-one", False)])
def test_an_id_that_tells_the_answer_is_a_fault(folder: Path, question_id: str, told: bool) -> None:
    found = faults(folder, *replaced("single", id=question_id))

    assert found == (["f, question 'beta-or-not', id: tells the answer (beta)."] if told else [])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (Text("Pay {sum} now", "请支付"), "other placeholders"),
        (Text("Pay", "请支付 {sum}"), "other placeholders"),
        (Text("Pay {sum}", "请支付 {total}"), "other placeholders"),
        (Text("Call 收单机构", "致电收单机构"), "Chinese in the English text"),
        (Text("First, second", "第一,第二"), "half-width ','"),
        (Text("Who?", "是谁?"), "half-width '?'"),
        (Text("It (this)", "它(这个)"), "half-width '('"),
        (Text("Note: this", "注意:这个"), "half-width ':'"),
    ],
)
def test_a_fault_of_wording_is_named(text: Text, what: str) -> None:
    (fault,) = text_faults(text, "here")

    assert fault.where == "here"
    assert what in fault.what


@pytest.mark.parametrize(
    "text",
    [
        Text("Pay {sum} by {day}", "请在 {day} 前支付 {sum}"),
        Text("Notice 259, part 3(3)", "259 号文第三部分（三）"),
        Text("Part III(3), 三(三)", "第三部分：三(三)1"),
        Text("R0, R1", "R0,R1"),
        Text("At 12:30", "12:30 到"),
    ],
)
def test_sound_wording_is_no_fault(text: Text) -> None:
    assert list(text_faults(text, "here")) == []


def test_wording_is_looked_at_wherever_it_stands() -> None:
    bad = Text("Who?", "是谁?")
    question = single(prompt=bad, hint=bad, options=[*single().options[:2], msgspec.structs.replace(single().options[2], why=bad)])

    places = [fault.where for fault in text_faults({"x": (question,)}, "f")]

    assert places == ["f 'who-calls', prompt", "f 'who-calls', hint", "f 'who-calls', options 'gamma', why"]


def singles(rights: list[str], longer: str = "", lang: str = "en") -> list[Question]:
    """Single questions whose right options are `rights`; in each, the option `longer` is longer than the others."""
    same = Text("eleven long", "十一个字这么长的一句话")
    made: list[Question] = []
    for number_, right in enumerate(rights):
        question = single(right, id=f"q-{number_}", objective="callers" if number_ % 2 else "locks")
        options = tuple(
            msgspec.structs.replace(option, text=msgspec.structs.replace(same, **{lang: "x" * 14}))
            if option.key == (right if longer == "right" else longer)
            else msgspec.structs.replace(option, text=same)
            for option in question.options
        )
        made.append(msgspec.structs.replace(question, options=options))
    return made


def test_right_options_that_mostly_stand_first_are_a_fault(folder: Path) -> None:
    found = faults(folder, *singles(["alpha", "alpha", "alpha", "gamma"]))

    assert found == ["f: the right option stands first in 3 of 4 single questions."]


def test_right_options_that_stand_first_as_often_as_not_are_no_fault(folder: Path) -> None:
    assert faults(folder, *singles(["alpha", "beta", "alpha", "gamma"])) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_right_options_that_are_mostly_the_longest_are_a_fault(folder: Path, lang: str) -> None:
    found = faults(folder, *singles(["alpha", "beta", "beta", "gamma"], longer="right", lang=lang))

    assert f"f: the right option is the longest in 4 of 4 single questions ({lang})." in found


def test_a_wrong_option_that_is_the_longest_is_no_fault(folder: Path) -> None:
    assert faults(folder, *singles(["alpha", "beta", "beta", "gamma"], longer="gamma")) == []


def test_right_options_that_are_longer_on_average_are_a_fault(folder: Path) -> None:
    options = [
        msgspec.structs.replace(option, text=both("a choice with many more words") if option.correct else option.text)
        for option in multi().options
    ]

    found = faults(folder, *replaced("multi", options=tuple(options)))

    assert len(found) == 2
    assert all("times as long as wrong ones" in fault for fault in found)


def test_what_guessing_earns_is_weighted_by_points(folder: Path) -> None:
    file = file_of(folder, single(points=3), number(points=3), written((2,)))

    assert odds(file).guess == pytest.approx((1 / 3) * 3 / 8)
    assert odds(file).select_all == 0


def test_the_fixture_of_singles_is_what_it_says() -> None:
    made = singles(["alpha", "beta"], longer="right")

    assert all(isinstance(question, Single) for question in made)
    assert [[option.correct for option in question.options] for question in made if isinstance(question, Single)] == [
        [True, False, False],
        [False, True, False],
    ]


# ---- an assignment's published order


def order_of(folder: Path, *questions: Question) -> list[str]:
    return [str(fault) for fault in order_faults(file_of(folder, *questions), "f")]


def test_an_order_that_is_published_as_it_is_right_is_a_fault(folder: Path) -> None:
    keys = ["one", "two", "three", "four", "five"]
    published = [choice.key for choice in asked(order(keys)).choices]

    assert order_of(folder, order(published)) == [
        "f, question 'first-things': is published nearly in its right order; name the steps' keys otherwise."
    ]
    assert order_of(folder, order(published[1:] + published[:1])) == []


@pytest.mark.parametrize(("in_place", "count"), [(1, 0), (2, 1), (3, 1)])
def test_one_step_in_its_place_is_chance_and_two_are_not(folder: Path, in_place: int, count: int) -> None:
    published = [choice.key for choice in asked(order(["one", "two", "three", "four", "five", "six"])).choices]
    moved = published[in_place:]

    assert len(order_of(folder, order(published[:in_place] + moved[1:] + moved[:1]))) == count


def test_pairs_that_are_published_side_by_side_are_a_fault(folder: Path) -> None:
    published = asked(match())
    items, targets = [one.key for one in published.choices], [one.key for one in published.targets]

    side_by_side = order_of(folder, match(dict(zip(items, targets, strict=True)), targets))
    turned = order_of(folder, match(dict(zip(items, targets[1:] + targets[:1], strict=True)), targets))
    one_pair = order_of(folder, match(dict(zip(items, [targets[0], targets[0], targets[1], targets[1]], strict=True)), targets))

    assert side_by_side == ["f, question 'who-decides-what': is published nearly pair by pair; name the items' keys otherwise."]
    assert (turned, one_pair) == ([], [])


def test_questions_of_other_kinds_have_no_order_to_tell(folder: Path) -> None:
    assert order_of(folder, single(), multi(), number(), written()) == []
