from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    EDITION,
    JSON,
    NOON,
    ONE_OF_EACH,
    as_typed,
    assignment,
    both,
    empty_answer,
    entry,
    model_answer,
    single,
    written,
    wrong_answer,
)
from lockdesk import quiz
from lockdesk.answers import AnswerLog
from lockdesk.published import Published, encode, read_published
from lockdesk.questions import MAX_WRITTEN, Choice, Question, asked
from lockdesk.scoring import score
from lockdesk.text import HTML_LANG, LANGS, Lang, word
from lockdesk.widgets.exercise import Exercise
from lockdesk.widgets.fallback import Notice
from lockdesk.widgets.question import QuestionWidget
from lockdesk.widgets.sheet import GradedExercise, Sheet

Kernel = Callable[..., Path]
KINDS = list(ONE_OF_EACH)
ALL = tuple(ONE_OF_EACH.values())


def published(*questions: Question, edition: str = EDITION) -> Published:
    return Published(1, "small", edition, both("An assignment"), tuple(asked(question) for question in questions or ALL))


def sheet(log: AnswerLog | None, lang: Lang = "en", learner: str = "luo", what: Published | None = None) -> Sheet:
    return Sheet(what or published(), learner, lang, log, lambda: NOON)


def on(kind: str, of: Sheet) -> GradedExercise:
    return GradedExercise(of.published.question(ONE_OF_EACH[kind].id), of)


def recorded(log: AnswerLog) -> list[Any]:
    return [one.answer for one in log.read().entries]


# ---- what a learner sees


@pytest.mark.parametrize("kind", KINDS)
def test_a_graded_question_has_the_fields_of_a_practice_question(kind: str, log: AnswerLog) -> None:
    practice = Exercise(ONE_OF_EACH[kind], EDITION, "en", None, lambda: NOON).view()

    view = on(kind, sheet(log)).view()

    assert practice.keys() <= view.keys()
    assert view.keys() - practice.keys() <= {"graded", "other"}
    assert {name: type(view[name]) for name in practice if practice[name] is not None} == {
        name: type(value) for name, value in practice.items() if value is not None
    }
    assert practice["words"].keys() - view["words"].keys() == {"compare"}  # with a model answer, which no graded question shows


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answered", [model_answer, wrong_answer, empty_answer])
def test_nothing_is_said_about_right_or_wrong(kind: str, answered: Callable[[Question], Any], log: AnswerLog) -> None:
    question = ONE_OF_EACH[kind]
    exercise = on(kind, sheet(log))
    for event in ("answer", "draft", "hint", "reveal", "retry"):
        exercise.handle(event, as_typed(question, answered(question)))

    view = exercise.view()

    empty = {"verdict": "", "reasons": {}, "note": "", "hint": "", "canHint": False, "canReveal": False, "criteria": [], "sample": ""}
    assert {name: view[name] for name in empty} == empty
    assert not [secret for secret in ("why ", "correct", "the hint", "criterion ") if secret in json.dumps(view, ensure_ascii=False)]


def test_right_and_wrong_answers_look_the_same(tmp_path: Path) -> None:
    views = []
    for number, answer in enumerate(["alpha", "beta", "gamma"]):
        exercise = on("single", sheet(AnswerLog(tmp_path / f"{number}.jsonl")))
        exercise.handle("answer", answer)
        views.append({name: value for name, value in exercise.view().items() if name != "answer"})

    assert views[0] == views[1] == views[2]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_graded_question_is_in_one_language_and_says_its_points(kind: str, lang: Lang) -> None:
    question = ONE_OF_EACH[kind]
    view = on(kind, sheet(None, lang)).view()

    assert view["prompt"] == question.prompt[lang]
    assert view["lang"] == HTML_LANG[lang]
    assert view["other"]["lang"] != view["lang"]
    assert word(f"do-{kind}", lang) in view["task"]
    assert word("points", lang, points=f"{question.points:g}") in view["task"]
    assert all(("（中文）" in choice["text"]) is (lang == "zh") for choice in (*view["choices"], *view["targets"]))


def test_what_the_sheet_holds_has_no_key_to_give() -> None:
    fields = {name for kind in KINDS for name in on(kind, sheet(None)).question.__struct_fields__}

    assert fields == {"id", "kind", "points", "prompt", "choices", "targets", "unit"}
    assert Choice.__struct_fields__ == ("key", "text")


# ---- recording


@pytest.mark.parametrize("kind", KINDS)
def test_every_change_is_recorded_with_the_learner_and_the_language(kind: str, log: AnswerLog) -> None:
    question = ONE_OF_EACH[kind]
    exercise = on(kind, sheet(log, "zh", "chen"))

    for answer in (wrong_answer(question), model_answer(question)):
        exercise.handle("answer", as_typed(question, answer))

    last = log.read().entries[-1]
    assert recorded(log) == [wrong_answer(question), model_answer(question)]
    assert (last.q, last.edition, last.variant, last.attempt, last.lang) == (question.id, EDITION, "chen", 2, "zh")
    assert (last.at, exercise.view()["save"]["state"]) == ("2026-11-22T04:10:00.000Z", "saved")
    assert score(question, last.answer).verdict in ("right", "by-hand")


def test_a_draft_is_recorded_as_an_answer_is(log: AnswerLog) -> None:
    on("written", sheet(log)).handle("draft", "half a sen")

    assert recorded(log) == ["half a sen"]


def test_the_same_answer_is_recorded_once(log: AnswerLog) -> None:
    exercise = on("single", sheet(log))
    for _ in range(3):
        exercise.handle("answer", "beta")
    on("single", sheet(log)).handle("answer", "beta")

    assert recorded(log) == ["beta"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_whole_answer_takes_an_earlier_one_back(kind: str, log: AnswerLog) -> None:
    question, of = ONE_OF_EACH[kind], sheet(log)
    exercise = on(kind, of)
    exercise.handle("answer", as_typed(question, model_answer(question)))

    exercise.handle("answer", "" if kind in ("single", "number") else empty_answer(question))

    assert recorded(log) == [model_answer(question), None]
    assert exercise.view()["answer"] is None
    assert word("withdrawn", "en", time="12:10") in exercise.view()["save"]["text"]
    assert of.progress() == word("recorded-of", "en", done=0, all=6)
    again = on(kind, sheet(log))
    assert again.view()["answer"] is None
    assert word("withdrawn", "en", time="12:10") in again.view()["save"]["text"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_recorded_of_an_untouched_question(kind: str, log: AnswerLog) -> None:
    exercise = on(kind, sheet(log))
    exercise.handle("answer", empty_answer(ONE_OF_EACH[kind]))
    exercise.handle("lang")
    exercise.handle("nonsense", "beta")

    assert not log.path.exists()
    assert exercise.view()["save"]["state"] == ""


@pytest.mark.parametrize(
    ("typed", "answer"), [("12", 12), (" 12.5 ", 12.5), ("1e999", None), ("twelve", None), ("nan", None), ("", None), (12, None)]
)
def test_a_number_that_is_none_is_said_and_takes_the_earlier_one_back(typed: Any, answer: Any, log: AnswerLog) -> None:
    exercise = on("number", sheet(log))
    exercise.handle("answer", "7")

    exercise.handle("answer", typed)

    assert (exercise.view()["answer"], recorded(log)[-1]) == (answer, answer)
    assert exercise.view()["say"] == (word("need-number", "en") if typed and answer is None else "")


def test_a_written_answer_that_is_too_long_or_half_a_character_does_no_harm(log: AnswerLog) -> None:
    exercise = on("written", sheet(log))
    shown = []
    for words in ("x" * MAX_WRITTEN, "\ud800 mine", "x" * (MAX_WRITTEN + 1), "  "):
        exercise.handle("draft", words)
        shown.append(exercise.view()["answer"])

    assert shown == ["x" * MAX_WRITTEN, "? mine", None, None]
    assert recorded(log) == ["x" * MAX_WRITTEN, "? mine", None]


@given(st.sampled_from(KINDS), st.lists(st.tuples(st.sampled_from(["answer", "draft", "lang", "hint", ""]), JSON), max_size=5))
def test_no_event_raises_and_what_is_shown_is_what_was_recorded(kind: str, events: list[tuple[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        log = AnswerLog(Path(folder) / "answers.jsonl")
        exercise = on(kind, sheet(log))
        for event, answer in events:
            exercise.handle(event, answer)

        entries = log.read().entries
        assert json.dumps(exercise.view(), allow_nan=False)
        assert exercise.view()["answer"] == (entries[-1].answer if entries else None)


# ---- coming back


@pytest.mark.parametrize("kind", KINDS)
def test_a_recorded_answer_is_there_again_with_its_time(kind: str, log: AnswerLog) -> None:
    question = ONE_OF_EACH[kind]
    on(kind, sheet(log)).handle("answer", as_typed(question, model_answer(question)))

    view = on(kind, sheet(log)).view()

    assert (view["answer"], view["save"]["state"]) == (model_answer(question), "restored")
    assert word("restored", "en", time="12:10") in view["save"]["text"]


def test_an_answer_to_another_edition_is_not_shown_and_not_counted(log: AnswerLog) -> None:
    log.append(entry("who-calls", "beta", edition="2025-01"))
    of = sheet(log)
    exercise = on("single", of)

    assert (exercise.view()["answer"], exercise.view()["save"]["state"]) == (None, "older")
    assert of.progress() == word("recorded-of", "en", done=0, all=6)
    exercise.handle("answer", "beta")
    assert recorded(log) == ["beta", "beta"]
    assert of.progress() == word("recorded-of", "en", done=1, all=6)


def test_an_answer_that_no_longer_fits_is_not_shown(log: AnswerLog) -> None:
    log.append(entry("who-calls", "zeta"))

    assert on("single", sheet(log)).view()["answer"] is None


# ---- how many are recorded


@pytest.mark.parametrize("lang", LANGS)
def test_the_count_goes_up_and_down_with_what_is_recorded(log: AnswerLog, lang: Lang) -> None:
    of = sheet(log, lang)
    exercises = {kind: on(kind, of) for kind in KINDS}
    counts = []
    for kind, answer in [("single", "alpha"), ("single", "beta"), ("written", "words"), ("number", "7"), ("single", ""), ("number", "x")]:
        exercises[kind].handle("answer", answer)
        counts.append(of.progress())

    assert counts == [word("recorded-of", lang, done=done, all=6) for done in (1, 1, 2, 3, 2, 1)]
    assert all(exercise.view()["save"]["text"].endswith(counts[-1]) for exercise in exercises.values())
    assert sheet(log, lang).progress() == counts[-1]


def test_entries_of_other_questions_count_nothing(log: AnswerLog) -> None:
    log.append(entry("somebody-else-asks", "beta", lang="zh"))
    of = sheet(log)

    assert (of.progress(), of.lang) == (word("recorded-of", "en", done=0, all=6), "en")


def test_a_question_that_is_made_again_counts_what_another_kernel_recorded(log: AnswerLog) -> None:
    of = sheet(log)
    on("single", of)
    AnswerLog(log.path).append(entry("who-calls", "beta"))
    on("single", of)

    assert of.progress() == word("recorded-of", "en", done=1, all=6)


# ---- the language


def test_switching_the_language_switches_every_question_and_is_remembered(log: AnswerLog) -> None:
    of = sheet(log)
    shown: list[str] = []
    of.changed = lambda: shown.append(of.lang)
    first, second = on("single", of), on("written", of)

    first.handle("lang")
    second.handle("answer", "说完了")

    assert (first.view()["prompt"], second.view()["prompt"]) == (single().prompt.zh, written().prompt.zh)
    assert shown == ["zh", "zh"]
    assert sheet(log).lang == "zh"
    second.handle("lang")
    assert first.view()["lang"] == HTML_LANG["en"]


def test_switching_the_language_records_nothing(log: AnswerLog) -> None:
    on("single", sheet(log)).handle("lang")

    assert not log.path.exists()


# ---- variants


def _keys(learner: str, kind: str = "order", edition: str = EDITION) -> list[str]:
    view = on(kind, sheet(None, learner=learner, what=published(edition=edition))).view()
    return [choice["key"] for choice in view["choices"] + view["targets"]]


@pytest.mark.parametrize("kind", ["single", "multi", "order", "match"])
def test_learners_see_different_orders_each_the_same_every_time(kind: str) -> None:
    learners = [f"learner-{number}" for number in range(12)]
    orders = [_keys(learner, kind) for learner in learners]

    assert orders == [_keys(learner, kind) for learner in learners]
    assert len(set(map(tuple, orders))) > 3
    assert {tuple(sorted(keys)) for keys in orders} == {tuple(sorted(orders[0]))}


def test_what_items_are_matched_with_is_in_another_order_too() -> None:
    assert {_keys(f"learner-{number}", "match")[4] for number in range(40)} == {"shop", "bank", "maker", "nobody"}


def test_another_edition_is_another_order() -> None:
    assert len({tuple(_keys("luo", edition=f"2026-{month:02}")) for month in range(1, 9)}) > 2


def test_the_order_is_not_the_keys_nor_the_publisheds() -> None:
    """Over a class, each step stands first for somebody."""
    assert {_keys(f"learner-{number}")[0] for number in range(40)} == {"one", "two", "three", "four"}


def test_a_learners_name_may_be_anything() -> None:
    assert _keys("\ud800") and _keys("") and _keys("罗一")  # noqa: PT018


# ---- what is not saved


def test_a_write_that_fails_is_said_and_counts_nothing(tmp_path: Path) -> None:
    log = AnswerLog(tmp_path / "nowhere/answers.jsonl")
    of = sheet(log)
    exercise = on("single", of)

    exercise.handle("answer", "beta")

    assert exercise.view()["save"] == {"state": "failed", "text": word("cannot-write", "en", detail=str(tmp_path / "nowhere"))}
    assert of.progress() == word("recorded-of", "en", done=0, all=6)
    log.path.parent.mkdir()
    exercise.handle("answer", "beta")
    assert (exercise.view()["save"]["state"], recorded(log)) == ("saved", ["beta"])


def test_taking_an_answer_back_that_could_not_be_saved_is_tried_again(log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    of = sheet(log)
    exercise = on("single", of)
    exercise.handle("answer", "beta")
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda *_: 0)
        exercise.handle("answer", "")
        states = [exercise.view()["save"]["state"], of.progress()]

    exercise.handle("answer", "")

    assert states == ["failed", word("recorded-of", "en", done=1, all=6)]
    assert (exercise.view()["save"]["state"], recorded(log)[-1]) == ("saved", None)


def test_a_record_that_cannot_be_read_is_said_by_each_question(log: AnswerLog) -> None:
    log.path.write_text("my notes\n")

    views = [on(kind, sheet(log)).view() for kind in KINDS]

    assert {view["save"]["state"] for view in views} == {"failed"}
    assert log.path.read_text() == "my notes\n"


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_records_nothing_and_says_so(kind: str) -> None:
    question = ONE_OF_EACH[kind]
    exercise = on(kind, sheet(None))

    exercise.handle("answer", as_typed(question, model_answer(question)))

    assert exercise.view()["save"] == {"state": "preview", "text": word("preview", "en")}
    assert exercise.view()["answer"] == model_answer(question)


# ---- in a notebook


@pytest.fixture
def work(kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Starts a kernel in the folder of an assignment that has been fetched."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def start(*questions: Question, step: str = "work") -> Path:
        kernel()
        folder = tmp_path / step / "small"
        folder.mkdir(parents=True, exist_ok=True)
        if questions:
            (folder / "questions.json").write_bytes(encode(published(*questions)))
        monkeypatch.chdir(folder)
        return folder

    return start


def shown(question_id: str = "who-calls") -> QuestionWidget:
    widget = quiz(question_id)
    assert isinstance(widget, QuestionWidget), repr(widget)
    return widget


def send(widget: QuestionWidget, n: int, answer: Any, what: str = "answer") -> None:
    widget.events = [{"client": "tab", "n": n, "type": what, "answer": answer}]


def test_an_assignments_question_is_recorded_beside_its_questions(work: Callable[..., Path]) -> None:
    folder = work(*ALL)
    send(shown(), 1, "beta")
    work()

    assert recorded(AnswerLog(folder / "answers.jsonl")) == ["beta"]
    assert shown().view["answer"] == "beta"


def test_all_questions_of_a_notebook_show_the_same_count_and_language(work: Callable[..., Path]) -> None:
    work(*ALL)
    first, second = shown(), shown("say-it")

    send(first, 1, "beta")
    send(second, 1, None, "lang")

    assert first.view["save"]["text"].endswith(word("recorded-of", "zh", done=1, all=6))
    assert second.view["save"]["text"].endswith(word("recorded-of", "zh", done=1, all=6))
    assert first.view["prompt"] == single().prompt.zh


def test_a_cell_that_is_run_again_shows_the_same_widget(work: Callable[..., Path]) -> None:
    work(*ALL)
    widget = shown()

    assert shown() is widget


def test_running_a_cell_again_takes_up_new_questions(work: Callable[..., Path]) -> None:
    folder = work(*ALL)
    before = shown()
    (folder / "questions.json").write_bytes(encode(published(single(keys=("alpha", "beta", "delta")))))
    os.utime(folder / "questions.json", ns=(1, 1))

    after = shown()

    assert {choice["key"] for choice in after.view["choices"]} == {"alpha", "beta", "delta"}
    assert after is not before


@pytest.mark.parametrize("step", ["release", "submitted/luo", "autograded/luo"])
def test_a_folder_of_the_grading_process_is_looked_at_and_not_answered(work: Callable[..., Path], step: str) -> None:
    folder = work(*ALL, step=step)
    send(shown(), 1, "beta")

    assert shown().view["save"]["state"] == "preview"
    assert [path.name for path in folder.iterdir()] == ["questions.json"]


def test_nothing_of_the_key_is_reachable_from_an_assignments_widget(work: Callable[..., Path]) -> None:
    work(*ALL)
    synced = {name: value for question in ALL for name, value in shown(question.id).get_state().items() if name not in ("_esm", "_css")}

    assert not [secret for secret in ("why ", "correct", "criterion ", "the hint") if secret in json.dumps(synced, default=str)]
    assert b"why " not in Path("questions.json").read_bytes()


def test_an_unknown_question_and_a_broken_file_are_notices(work: Callable[..., Path]) -> None:
    folder = work(*ALL)
    unknown = quiz("who-knows")
    (folder / "questions.json").write_text("{")
    os.utime(folder / "questions.json", ns=(1, 1))
    broken = quiz("who-calls")

    assert isinstance(unknown, Notice)
    assert word("unknown-question", "en", id="who-knows", where="small") in repr(unknown)
    assert isinstance(broken, Notice)
    assert "questions.json" in repr(broken)


def test_a_preview_of_the_authors_file_shows_what_learners_will_get(work: Callable[..., Path], tmp_path: Path) -> None:
    folder = assignment(tmp_path, *ALL)
    work(step="source")

    assert shown().view["prompt"] == single().prompt.en
    assert shown().view["save"]["state"] == "preview"
    assert read_published(folder).questions == published().questions
