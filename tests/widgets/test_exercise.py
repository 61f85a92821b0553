from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    ANY_QUESTION,
    JSON,
    NOON,
    ONE_OF_EACH,
    answers_to,
    as_typed,
    both,
    entry,
    match,
    model_answer,
    multi,
    number,
    order,
    questions_of,
    single,
    written,
    wrong_answer,
)
from lockdesk.answers import AnswerLog
from lockdesk.questions import MAX_WRITTEN, Match, Multi, Number, Order, Question, Single, Written, fits, parts_of
from lockdesk.scoring import score
from lockdesk.text import LANGS, Lang, word
from lockdesk.widgets.exercise import Exercise, parse_number

Build = Callable[..., Exercise]
SCORED = sorted(ONE_OF_EACH.keys() - {"written"})
IN_PARTS = ["single", "multi", "order", "match"]


def words_in(value: object) -> Iterator[str]:
    """Every text in what a front end receives, decoded as it decodes it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from words_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from words_in(one)


def received(exercise: Exercise) -> dict[str, Any]:
    """The view as a front end has it."""
    view: dict[str, Any] = json.loads(json.dumps(exercise.view(), allow_nan=False))
    return view


def give(exercise: Exercise, answer: Any) -> dict[str, Any]:
    exercise.handle("answer", as_typed(exercise.question, answer) if not isinstance(answer, str) else answer)
    return received(exercise)


def recorded(log: AnswerLog) -> list[Any]:
    return [one.answer for one in AnswerLog(log.path).read().entries]


def keys(rows: list[dict[str, str]]) -> list[str]:
    return [row["key"] for row in rows]


# ---- an untouched question


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
def test_an_untouched_question_is_shown_in_its_language_and_tells_nothing(exercise: Build, kind: str, lang: Lang) -> None:
    question = ONE_OF_EACH[kind]

    view = received(exercise(question, lang))
    words = list(words_in(view))

    assert (view["id"], view["kind"], view["prompt"]) == (question.id, kind, question.prompt[lang])
    assert (view["answer"], view["verdict"], view["say"], view["reasons"], view["note"]) == (None, "", "", {}, "")
    assert not [text for text in words if text.startswith(("why ", "the sample", "criterion ", "the hint"))]


@pytest.mark.parametrize("kind", IN_PARTS)
def test_every_part_of_a_question_is_offered_once(exercise: Build, kind: str) -> None:
    question = ONE_OF_EACH[kind]

    view = received(exercise(question))

    assert sorted(keys(view["choices"])) == sorted(part.key for part in parts_of(question))


def test_the_view_is_the_same_whichever_option_of_a_single_is_right(exercise: Build) -> None:
    views = {json.dumps(exercise(single(right)).view()) for right in ("alpha", "beta", "gamma")}

    assert len(views) == 1


def test_the_view_is_the_same_whichever_options_of_a_multi_are_right(exercise: Build) -> None:
    views = {json.dumps(exercise(multi(right)).view()) for right in (("alpha", "beta"), ("gamma", "delta"), ("alpha", "delta"))}

    assert len(views) == 1


def test_the_view_is_the_same_whichever_targets_are_right(exercise: Build) -> None:
    pairs = model_answer(match())
    others = dict(zip(pairs, reversed(pairs.values()), strict=True))

    views = {json.dumps(exercise(match(one)).view()) for one in (pairs, others)}

    assert len(views) == 1


def test_the_view_is_the_same_in_whichever_order_the_file_holds_the_targets(exercise: Build) -> None:
    views = {json.dumps(exercise(match(targets=targets)).view()) for targets in (("shop", "bank", "maker"), ("maker", "shop", "bank"))}

    assert len(views) == 1


@given(questions_of("order"))
def test_steps_never_stand_in_their_right_order(question: Question) -> None:
    shown = keys(Exercise(question, "e", "en", None, lambda: NOON).view()["choices"])

    assert sorted(shown) == sorted(model_answer(question))
    assert shown != model_answer(question)


def test_steps_stand_in_the_same_order_for_everyone(exercise: Build) -> None:
    assert exercise(order()).view()["choices"] == exercise(order()).view()["choices"]


def test_a_hint_is_shown_once_it_is_asked_for(exercise: Build) -> None:
    one = exercise(single())
    before = received(one)

    one.handle("hint")
    after = received(one)

    assert (before["canHint"], before["hint"]) == (True, "")
    assert (after["canHint"], after["hint"]) == (False, "the hint")


def test_a_question_without_a_hint_offers_none(exercise: Build) -> None:
    one = exercise(single(hint=None))

    one.handle("hint")

    assert (received(one)["canHint"], received(one)["hint"]) == (False, "")


# ---- an answer and what is said back


@pytest.mark.parametrize("kind", SCORED)
def test_a_right_answer_is_said_to_be_right(exercise: Build, kind: str) -> None:
    question = ONE_OF_EACH[kind]

    view = give(exercise(question), model_answer(question))

    assert (view["verdict"], view["say"]) == ("right", word("right", "en"))
    assert view["answer"] == model_answer(question)


@pytest.mark.parametrize("kind", IN_PARTS)
def test_a_right_answer_brings_the_reason_of_every_part(exercise: Build, kind: str) -> None:
    question = ONE_OF_EACH[kind]

    reasons = give(exercise(question), model_answer(question))["reasons"]

    assert {key: reason["text"] for key, reason in reasons.items()} == {part.key: f"why {part.key}" for part in parts_of(question)}


def test_a_right_number_brings_its_reason(exercise: Build) -> None:
    assert give(exercise(number(12)), 12)["note"] == "why so many"


@pytest.mark.parametrize("kind", SCORED)
def test_a_wrong_answer_is_said_to_be_wrong_and_not_which_is_right(exercise: Build, kind: str) -> None:
    question = ONE_OF_EACH[kind]

    view = give(exercise(question), wrong_answer(question))

    assert view["verdict"] == "wrong"
    assert view["say"] not in ("", word("right", "en"))
    assert not any(reason["mark"] in ("right", "missed") for reason in view["reasons"].values())


def test_a_wrong_option_brings_its_own_reason_and_no_other(exercise: Build) -> None:
    assert give(exercise(single()), "alpha")["reasons"] == {"alpha": {"mark": "wrong", "text": "why alpha"}}


def test_ticks_bring_the_reasons_of_what_was_ticked_and_are_counted(exercise: Build) -> None:
    view = give(exercise(multi()), ["alpha", "beta"])

    assert view["reasons"] == {"alpha": {"mark": "wrong", "text": "why alpha"}, "beta": {"mark": "right", "text": "why beta"}}
    assert view["say"] == word("wrong-multi", "en", right=1, wrong=1)


def test_some_of_the_right_ticks_are_counted_out_of_all_right_ones(exercise: Build) -> None:
    assert give(exercise(multi()), ["beta"])["say"] == word("partly-multi", "en", right=1, all=2, wrong=0)


def test_a_step_out_of_place_is_marked_and_its_reason_kept_back(exercise: Build) -> None:
    view = give(exercise(order()), ["one", "three", "two", "four"])

    assert view["reasons"]["one"] == {"mark": "right", "text": "why one"}
    assert view["reasons"]["two"] == {"mark": "wrong", "text": ""}
    assert view["say"] == word("in-place", "en", right=2, all=4)


def test_a_wrong_pair_is_marked_and_its_reason_kept_back(exercise: Build) -> None:
    view = give(exercise(match()), model_answer(match()) | {"pin": "nobody"})

    assert view["reasons"]["pin"] == {"mark": "wrong", "text": ""}
    assert view["reasons"]["place"] == {"mark": "right", "text": "why place"}
    assert view["say"] == word("matched", "en", right=3, all=4)


@pytest.mark.parametrize(("typed", "note"), [("10", "why not 10"), ("8.0", "why not 8"), ("11", "")])
def test_a_known_wrong_number_brings_the_mistake_behind_it(exercise: Build, typed: str, note: str) -> None:
    one = exercise(number())

    one.handle("answer", typed)

    assert received(one)["note"] == note


def test_a_right_answer_after_a_wrong_one_says_at_which_attempt(exercise: Build) -> None:
    one = exercise(single())
    give(one, "alpha")

    assert give(one, "beta")["say"] == word("right-again", "en", attempt=2)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("single", None),
        ("single", "nobody"),
        ("multi", []),
        ("multi", None),
        ("match", {"pin": "shop"}),
        ("number", "1,5"),
        ("number", ""),
        ("number", None),
        ("number", 12),
        ("written", ""),
        ("order", ["one"]),
        ("order", None),
        ("written", "x" * (MAX_WRITTEN + 1)),
    ],
)
def test_an_incomplete_answer_is_told_what_it_lacks_and_is_not_recorded(exercise: Build, log: AnswerLog, kind: str, answer: Any) -> None:
    one = exercise(ONE_OF_EACH[kind])

    one.handle("answer", answer)
    view = received(one)

    assert view["say"] == word("need-other" if kind == "order" else f"need-{kind}", "en")
    assert (view["verdict"], view["answer"]) == ("", None)
    assert recorded(log) == []


@pytest.mark.parametrize("event", ["", "answers", "view", "__class__", "restore"])
def test_an_unknown_event_changes_nothing(exercise: Build, log: AnswerLog, event: str) -> None:
    one = exercise(single())
    before = received(one)

    one.handle(event, "beta")

    assert received(one) == before
    assert recorded(log) == []


# ---- showing the answer


def wrong_twice(exercise: Exercise) -> None:
    for _ in range(2):
        give(exercise, wrong_answer(exercise.question))


@pytest.mark.parametrize("kind", SCORED)
def test_the_answer_is_not_shown_before_two_tries(exercise: Build, kind: str) -> None:
    one = exercise(ONE_OF_EACH[kind])
    give(one, wrong_answer(one.question))
    before = received(one)

    one.handle("reveal")

    assert before["canReveal"] is False
    assert received(one) == before


@pytest.mark.parametrize("kind", IN_PARTS)
def test_after_two_wrong_tries_the_answer_can_be_shown(exercise: Build, kind: str) -> None:
    one = exercise(ONE_OF_EACH[kind])
    wrong_twice(one)
    offered = received(one)["canReveal"]

    one.handle("reveal")
    view = received(one)

    assert offered is True
    assert view["canReveal"] is False
    assert view["say"] == word("revealed", "en")
    assert all(f"why {part.key}" in view["reasons"][part.key]["text"] for part in parts_of(one.question))


@pytest.mark.parametrize("kind", IN_PARTS)
def test_the_shown_answer_can_be_read_off_and_given(exercise: Build, kind: str) -> None:
    one = exercise(ONE_OF_EACH[kind])
    wrong_twice(one)
    one.handle("reveal")
    view = received(one)
    reasons = view["reasons"]
    target_of = {target["text"]: target["key"] for target in view["targets"]}

    match one.question:
        case Single():
            answer: Any = next(key for key, reason in reasons.items() if reason["mark"] == "missed")
        case Multi():
            answer = [key for key, reason in reasons.items() if reason["mark"] == "missed"]
        case Order():
            answer = sorted(reasons, key=lambda key: int(reasons[key]["text"].split(".")[0]))
        case _:
            answer = {key: next(to for text, to in target_of.items() if text in reason["text"]) for key, reason in reasons.items()}

    assert give(one, answer)["verdict"] == "right"


@pytest.mark.parametrize("right", [12, 0, -3, 0.5, 1280.55, 12345.67, 1234567, 100000.25, 99999999])
def test_the_shown_number_is_the_right_one(exercise: Build, right: float) -> None:
    one = exercise(number(right, mistakes=()))
    wrong_twice(one)
    one.handle("reveal")

    shown = received(one)["note"].split(" ")[0]

    assert give(one, shown)["verdict"] == "right"


def test_showing_the_answer_records_nothing_and_earns_nothing(exercise: Build, log: AnswerLog) -> None:
    one = exercise(single())
    wrong_twice(one)

    one.handle("reveal")

    assert recorded(log) == ["alpha", "alpha"]
    assert received(one)["verdict"] == "wrong"


def test_a_new_try_hides_the_shown_answer_again(exercise: Build) -> None:
    one = exercise(single())
    wrong_twice(one)
    one.handle("reveal")

    view = give(one, "gamma")

    assert view["reasons"] == {"gamma": {"mark": "wrong", "text": "why gamma"}}
    assert view["canReveal"] is True


def test_a_right_answer_needs_no_showing(exercise: Build) -> None:
    one = exercise(single())
    wrong_twice(one)

    assert give(one, "beta")["canReveal"] is False


@pytest.mark.parametrize("why", ["a preview", "a full disk"])
def test_tries_that_could_not_be_recorded_count_as_tries(exercise: Build, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    one = exercise(single(), record=None) if why == "a preview" else exercise(single())
    monkeypatch.setattr(os, "write", _no_space)
    wrong_twice(one)

    one.handle("reveal")

    assert received(one)["say"] == word("revealed", "en")


def _no_space(*_: object) -> int:
    raise OSError(errno.ENOSPC, "no space")


# ---- a written answer


def test_a_draft_is_recorded_and_brings_no_sample(exercise: Build, log: AnswerLog) -> None:
    one = exercise(written())

    one.handle("draft", "Good mor")
    view = received(one)

    assert recorded(log) == ["Good mor"]
    assert (view["sample"], view["criteria"], view["verdict"]) == ("", [], "")
    assert view["save"]["state"] == "saved"


@pytest.mark.parametrize("kind", SCORED)
def test_a_draft_of_a_scored_answer_brings_no_reason(exercise: Build, kind: str) -> None:
    one = exercise(ONE_OF_EACH[kind])
    other = {"single": "gamma", "multi": ["delta"], "number": "8"}.get(kind, model_answer(one.question))
    before = give(one, wrong_answer(one.question))

    one.handle("draft", other)
    after = received(one)

    assert (after["reasons"], after["note"], after["verdict"]) == (before["reasons"], before["note"], before["verdict"])


def test_an_answer_is_compared_with_a_sample_and_its_points(exercise: Build) -> None:
    view = give(exercise(written()), "Good morning.")

    assert (view["sample"], view["criteria"]) == ("the sample", ["criterion 1", "criterion 2"])
    assert (view["verdict"], view["say"]) == ("by-hand", word("compared", "en"))


def test_a_text_that_is_recorded_already_is_not_written_again(exercise: Build, log: AnswerLog) -> None:
    one = exercise(written())
    one.handle("draft", "Good morning.")

    one.handle("draft", "Good morning.")
    one.handle("answer", "Good morning.")

    assert recorded(log) == ["Good morning."]
    assert received(one)["save"]["state"] == "saved"
    assert received(one)["sample"] == "the sample"


def test_a_text_that_is_taken_back_is_recorded_as_empty(exercise: Build, log: AnswerLog) -> None:
    one = exercise(written())
    one.handle("draft", "Good morning.")

    one.handle("draft", "")

    assert recorded(log) == ["Good morning.", ""]


def test_a_text_that_was_not_saved_is_written_when_it_comes_again(exercise: Build, log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    one = exercise(written())
    with monkeypatch.context() as full:
        full.setattr(os, "write", _no_space)
        one.handle("draft", "Good morning.")
        failed = received(one)["save"]["state"]

    one.handle("draft", "Good morning.")

    assert failed == "failed"
    assert recorded(log) == ["Good morning."]


def test_a_restored_text_brings_no_sample_until_it_is_compared_again(exercise: Build) -> None:
    give(exercise(written()), "Good morning.")

    view = received(exercise(written()))

    assert (view["answer"], view["sample"], view["criteria"]) == ("Good morning.", "", [])


def test_a_text_too_long_for_the_record_is_said_not_to_be_saved(exercise: Build, log: AnswerLog) -> None:
    view = give(exercise(written()), "\U0001f512" * MAX_WRITTEN)

    assert view["save"] == {"state": "failed", "text": word("too-long", "en", max=MAX_WRITTEN)}
    assert recorded(log) == []


@pytest.mark.parametrize("text", ["\ud83d", "half \udd12 a lock"])
def test_half_a_character_is_saved_or_refused_and_stops_nothing(exercise: Build, text: str) -> None:
    """A front end may cut a character beyond U+FFFF in two."""
    one = exercise(written())

    one.handle("draft", text)
    view = received(one)

    assert view["save"]["state"] in ("saved", "failed")
    assert json.dumps(view, ensure_ascii=False).encode()


# ---- saving


def test_an_answer_is_recorded_with_all_that_its_line_needs(exercise: Build, log: AnswerLog) -> None:
    give(exercise(single(), "zh", edition="2027-05"), "beta")

    (one,) = log.read().entries

    assert one == entry(answer="beta", lang="zh", edition="2027-05", at="2026-11-22T04:10:00.000Z")


def test_attempts_are_counted_on_over_kernels(exercise: Build, log: AnswerLog) -> None:
    give(exercise(single()), "alpha")
    give(exercise(multi()), ["alpha"])
    give(exercise(single()), "gamma")

    assert [(one.q, one.attempt) for one in log.read().entries] == [("who-calls", 1), ("which-signs", 1), ("who-calls", 2)]


def test_a_saved_answer_says_when(exercise: Build) -> None:
    assert give(exercise(single()), "beta")["save"] == {"state": "saved", "text": word("saved", "en", time="12:10")}


def test_a_preview_records_nothing_and_says_so(exercise: Build, log: AnswerLog) -> None:
    view = give(exercise(single(), record=None), "beta")

    assert view["save"] == {"state": "preview", "text": word("preview", "en")}
    assert view["verdict"] == "right"
    assert not log.path.exists()


@pytest.mark.parametrize(
    ("number_", "words"),
    [(errno.ENOSPC, ("disk-full", {})), (errno.EACCES, ("cannot-write", {"detail": "FOLDER"}))],
    ids=["full", "locked"],
)
def test_an_answer_that_was_not_saved_says_why_and_is_judged_all_the_same(
    exercise: Build, log: AnswerLog, monkeypatch: pytest.MonkeyPatch, number_: int, words: tuple[str, dict[str, str]]
) -> None:
    def fail(*_: object) -> int:
        raise OSError(number_, "no")

    monkeypatch.setattr(os, "write", fail)
    name, values = words

    view = give(exercise(single(), "zh"), "beta")

    assert view["save"]["state"] == "failed"
    assert view["save"]["text"].replace(str(log.path.parent), "FOLDER") == word(name, "zh", **values)
    assert view["verdict"] == "right"


def test_once_the_disk_has_room_again_answers_are_saved_again(exercise: Build, log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    one = exercise(single())
    with monkeypatch.context() as full:
        full.setattr(os, "write", _no_space)
        give(one, "alpha")

    view = give(one, "beta")

    assert view["save"]["state"] == "saved"
    assert recorded(log) == ["beta"]


@pytest.mark.parametrize(("percent", "warned"), [(79, False), (80, True), (95, True)])
def test_at_eighty_percent_the_learner_is_told(exercise: Build, log: AnswerLog, percent: int, warned: bool) -> None:
    log.path.write_bytes(b"\0" * (20 * 1024 * 1024 * percent // 100) + b"\n")

    text = give(exercise(single()), "beta")["save"]["text"]

    assert (word("log-nearly-full", "en", percent=percent) in text) == warned


def test_a_file_that_is_not_ours_is_named_when_the_question_is_shown(exercise: Build, log: AnswerLog) -> None:
    log.path.write_text("my notes\n")

    view = received(exercise(single(), "zh"))

    assert view["save"] == {"state": "failed", "text": word("not-ours", "zh", detail=str(log.path))}


# ---- restoring


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
def test_the_last_answer_is_there_again_with_what_was_said(exercise: Build, kind: str) -> None:
    question = ONE_OF_EACH[kind]
    give(exercise(question), wrong_answer(question))
    before = give(exercise(question), model_answer(question))

    view = received(exercise(question))

    assert view["answer"] == before["answer"]
    assert view["reasons"] == before["reasons"]
    assert view["save"] == {"state": "restored", "text": word("restored", "en", time="12:10")}


@pytest.mark.parametrize(
    ("ago", "spoken"),
    [(timedelta(minutes=70), "11:00"), (timedelta(days=1), "2026-11-21 12:10"), (timedelta(hours=13), "2026-11-21 23:10")],
)
def test_a_restored_answer_says_when_in_the_learners_time(exercise: Build, log: AnswerLog, ago: timedelta, spoken: str) -> None:
    at = (NOON - ago).astimezone(UTC).isoformat()
    log.append(entry(at=at))

    assert received(exercise(single()))["save"]["text"] == word("restored", "en", time=spoken)


def test_an_answer_to_an_older_edition_is_kept_and_asked_for_again(exercise: Build, log: AnswerLog) -> None:
    log.append(entry(answer="beta", edition="2020-01"))

    view = received(exercise(single()))

    assert (view["answer"], view["verdict"]) == (None, "")
    assert view["save"] == {"state": "older", "text": word("restored-older", "en", time="12:10")}
    assert recorded(log) == ["beta"]


@pytest.mark.parametrize("answer", ["no-such-option", 7, None, ["beta"], {"beta": True}, [[[]]]])
def test_a_recorded_answer_that_fits_no_longer_is_not_shown(exercise: Build, log: AnswerLog, answer: Any) -> None:
    log.append(entry(answer=answer))

    view = received(exercise(single()))

    assert (view["answer"], view["verdict"], view["save"]["state"]) == (None, "", "older")


def test_answers_to_other_questions_are_none_of_this_ones(exercise: Build, log: AnswerLog) -> None:
    log.append(entry("which-signs", ["beta"]))

    view = received(exercise(single()))

    assert (view["answer"], view["save"]["state"]) == (None, "")


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-45T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-11-22"])
def test_a_recorded_time_that_is_none_stops_no_lesson(exercise: Build, log: AnswerLog, at: str) -> None:
    log.append(entry(answer="beta", at=at))

    view = received(exercise(single()))

    assert view["prompt"] == "Who calls?"


# ---- whatever a front end may send


def secrets(question: Question) -> dict[str, set[str]]:
    """What is not to be seen before it is earned, by the part it belongs to."""
    match question:
        case Single() | Multi() | Order() | Match():
            return {part.key: {part.why.en, part.why.zh} for part in parts_of(question)}
        case Number():
            return {f"mistake {m.value}": {m.why.en, m.why.zh} for m in question.mistakes} | {"number": {question.why.en, question.why.zh}}
        case Written():
            texts = [question.sample, *(criterion.text for criterion in question.criteria)]
            return {"sample": {words for text in texts for words in (text.en, text.zh)}}


def earned_by(question: Question, answer: Any) -> set[str]:
    """The parts whose secret an answer earns."""
    result = score(question, answer)
    if isinstance(question, Number):
        return {"number"} if result.verdict == "right" else {f"mistake {m.value}" for m in question.mistakes if m.value == answer}
    if isinstance(question, Written) or result.verdict == "right":
        return set(secrets(question))
    own = isinstance(question, Single | Multi)
    return {key for key, mark in result.marks.items() if own or mark == "right"}


def events_for(question: Question) -> st.SearchStrategy[list[tuple[str, Any]]]:
    """What a learner does, and now and then what no front end sends."""
    typed = answers_to(question).map(lambda answer: as_typed(question, answer))
    learner = st.tuples(st.sampled_from(["answer", "answer", "answer", "draft"]), typed) | st.tuples(
        st.sampled_from(["hint", "reveal"]), st.none()
    )
    stranger = st.tuples(st.sampled_from(["answer", "draft", "hint", "reveal"]) | st.text(max_size=5), JSON)
    return st.lists(learner | learner | learner | stranger, max_size=8)


MORE_NUMBERS = st.builds(number, st.integers(-50, 50), st.just(0), st.just(()))


@settings(max_examples=200)
@given(ANY_QUESTION | st.just(number()) | MORE_NUMBERS, st.sampled_from(LANGS), st.data())
def test_no_event_raises_and_nothing_is_seen_before_it_is_earned(question: Question, lang: Lang, data: st.DataObject) -> None:
    hidden = secrets(question)
    earned: set[str] = set()
    tries, verdict, hinted = 0, "", False
    with TemporaryDirectory() as folder:
        exercise = Exercise(question, "e", lang, AnswerLog(Path(folder) / "answers.jsonl"), lambda: NOON)
        for event, answer in data.draw(events_for(question)):
            exercise.handle(event, answer)
            given_answer = parse_number(answer) if isinstance(question, Number) else answer
            if event in ("answer", "draft") and fits(question, given_answer):
                tries += 1
                if event == "answer" and given_answer != "":
                    verdict = score(question, given_answer).verdict
                if given_answer != "" and (event == "answer" or isinstance(question, Number)):  # drafts of numbers: see above
                    earned |= earned_by(question, given_answer)
            elif event == "reveal" and tries >= 2 and verdict in ("partly", "wrong"):
                earned |= {"number"} if isinstance(question, Number) else set(hidden)
            hinted |= event == "hint"

            seen = "\n".join(words_in(received(exercise)))

            assert [part for part in hidden.keys() - earned if any(words in seen for words in hidden[part])] == []
            assert hinted or "the hint" not in seen


# ---- numbers as people type them


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("+12", 12),
        ("-12", -12),
        ("−12", -12),
        ("－12", -12),
        ("12.5", 12.5),
        (".5", 0.5),
        ("12.", 12),
        ("007", 7),
        ("1,280", 1280),
        ("1，280", 1280),
        ("1 280", 1280),
        ("12,345,678.90", 12345678.9),
        ("１２", 12),
        ("１，２８０．５", 1280.5),
        ("-0", 0),
    ],
)
def test_a_number_is_understood_as_it_was_meant(typed: str, meant: float) -> None:
    assert parse_number(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", ".", "-", "+", ",", "--1", "1-", "1+1", "1/2", "½", "1e5", "0x10", "1_000", "NaN", "inf", "-Infinity"),
        *("1,5", "1,28", "12,80", "1,2800", ",128", "1,280,", "1,,280", "1.2.3", "1.280,5", "12 calls", "十二", "¥12", "12%"),
        *("9" * 16, "1" + "0" * 400, None, 12, 12.5, True, ["12"], {"12": 12}, b"12"),
    ],
)
def test_what_is_no_plain_number_is_not_guessed_at(typed: object) -> None:
    assert parse_number(typed) is None


@given(st.integers(-(10**10), 10**10))
def test_a_whole_number_is_read_with_and_without_commas_and_full_width(value: int) -> None:
    wide = str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert parse_number(str(value)) == parse_number(f"{value:,}") == parse_number(wide) == value


@given(st.decimals(-(10**6), 10**6, places=2))
def test_a_sum_of_money_is_read_to_the_cent(value: Any) -> None:
    assert parse_number(f"{value:,}") == float(value)


@given(st.text(max_size=20) | st.text("0123456789,.+-−１２， e", max_size=20) | JSON)
def test_whatever_is_typed_is_a_finite_number_or_none(typed: Any) -> None:
    value = parse_number(typed)

    assert value is None or fits(number(), value)


def test_a_whole_number_is_recorded_as_one(exercise: Build, log: AnswerLog) -> None:
    give(exercise(number()), "12.0")

    assert b'"answer":12}' in log.path.read_bytes()


def test_questions_are_values_and_no_exercise_changes_them(exercise: Build) -> None:
    question = msgspec.structs.replace(single(), prompt=both("Who?"))
    before = msgspec.json.encode(question)
    one = exercise(question)

    wrong_twice(one)
    one.handle("reveal")

    assert msgspec.json.encode(question) == before
