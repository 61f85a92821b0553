from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lockdesk
from builders import both, entry, multi, number, question_file, single, table, written
from lockdesk import quiz
from lockdesk.answers import AnswerLog
from lockdesk.text import LANGS, Lang, word
from lockdesk.widgets.fallback import Notice
from lockdesk.widgets.question import QuestionWidget

Kernel = Callable[..., Path]


def shown(question_id: str = "who-calls") -> QuestionWidget:
    widget = quiz(question_id)
    assert isinstance(widget, QuestionWidget), widget
    return widget


def told(question_id: str) -> str:
    notice = quiz(question_id)
    assert isinstance(notice, Notice)
    return repr(notice)


def send(widget: QuestionWidget, *events: dict[str, Any]) -> None:
    widget.events = [*events]


def event(n: int, answer: Any = None, what: str = "answer", client: str = "tab") -> dict[str, Any]:
    return {"client": client, "n": n, "type": what, "answer": answer}


def recorded(questions: Path) -> list[Any]:
    return [one.answer for one in AnswerLog(questions.parent / "answers.jsonl").read().entries]


# ---- the front door


def test_every_name_of_the_front_door_can_be_had() -> None:
    assert all(callable(getattr(lockdesk, name)) for name in lockdesk.__all__)
    assert len(lockdesk.__all__) <= 6


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="'lockdesk' has no attribute 'cheat'"):
        lockdesk.cheat  # noqa: B018


def test_opening_a_question_loads_nothing_of_the_instructors_side() -> None:
    program = (
        "import sys, lockdesk; lockdesk.quiz; lockdesk.progress\n"
        "print([name for name in ('nbgrader', 'nbformat', 'jsonschema', 'pandas', 'jupyter_server', 'tornado.web') if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "[]"


def test_importing_the_package_loads_no_widgets() -> None:
    program = "import sys, lockdesk; print('ipywidgets' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "False"


# ---- a question


@pytest.mark.parametrize("lang", LANGS)
def test_a_question_is_shown_in_the_language_of_the_folder(kernel: Kernel, lang: Lang) -> None:
    kernel(single(), lang=lang)

    assert shown().view["prompt"] == single().prompt[lang]


def test_the_stored_words_go_with_the_widget_for_readers_without_a_kernel(kernel: Kernel) -> None:
    kernel(single(), lang="zh")

    data, _ = shown()._repr_mimebundle_()

    assert single().prompt.zh in data["text/html"]
    assert single().prompt.zh in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_the_stored_words_are_the_same_before_and_after_an_answer(kernel: Kernel) -> None:
    kernel(single())
    widget = shown()
    before = widget._repr_mimebundle_()[0]["text/html"]

    send(widget, event(1, "beta"))
    kernel()

    assert widget._repr_mimebundle_()[0]["text/html"] == before == shown()._repr_mimebundle_()[0]["text/html"]


def test_what_is_said_in_a_traceback_or_a_list_is_short_and_tells_nothing(kernel: Kernel) -> None:
    kernel(single())

    assert repr(shown()) == "<question 'who-calls'>"


def test_an_answer_is_recorded_beside_the_questions_and_there_again_in_a_new_kernel(kernel: Kernel) -> None:
    questions = kernel(single())
    send(shown(), event(1, "beta"))

    kernel()

    assert recorded(questions) == ["beta"]
    assert shown().view["answer"] == "beta"


def test_both_languages_share_one_record(kernel: Kernel) -> None:
    kernel(single(), lang="en")
    send(shown(), event(1, "beta"))

    kernel(lang="zh")

    assert shown().view["answer"] == "beta"
    assert shown().view["prompt"] == single().prompt.zh


def test_answers_go_where_the_environment_says(kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = kernel(single())
    (tmp_path / "desk").mkdir()
    monkeypatch.setenv("LOCKDESK_ANSWERS_DIR", str(tmp_path / "desk"))

    send(shown(), event(1, "beta"))

    assert AnswerLog(tmp_path / "desk/answers.jsonl").read().entries[0].answer == "beta"
    assert not (questions.parent / "answers.jsonl").exists()


def test_under_nbgrader_nothing_is_recorded(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = kernel(single())
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    widget = shown()

    send(widget, event(1, "beta"))

    assert widget.view["save"]["state"] == "preview"
    assert recorded(questions) == []


# ---- one instance


def test_a_cell_that_is_run_again_and_a_second_tab_show_the_same_widget(kernel: Kernel) -> None:
    kernel(single(), multi())

    assert shown() is shown()
    assert shown() is not shown("which-signs")


def test_running_a_cell_again_takes_up_what_another_kernel_recorded(kernel: Kernel) -> None:
    questions = kernel(single())
    widget = shown()
    AnswerLog(questions.parent / "answers.jsonl").append(entry(answer="gamma", attempt=7))

    assert shown() is widget
    assert widget.view["answer"] == "gamma"


def test_running_a_cell_again_after_the_record_was_deleted_shows_an_untouched_question(kernel: Kernel) -> None:
    questions = kernel(single())
    send(shown(), event(1, "beta"))
    (questions.parent / "answers.jsonl").unlink()

    view = shown().view

    assert (view["answer"], view["verdict"], view["reasons"], view["say"]) == (None, "", {}, "")


def test_running_a_cell_again_takes_new_toml(kernel: Kernel) -> None:
    """In a new widget, for a front end builds its form once."""
    questions = kernel(single())
    before = shown()
    question_file(questions, single(prompt=both("Who rings?"), keys=("alpha", "beta", "delta")))

    after = shown()

    assert after is not before
    assert [choice["key"] for choice in after.view["choices"]] == ["alpha", "beta", "delta"]
    assert "Who rings?" in after._repr_mimebundle_()[0]["text/html"]


def test_a_new_edition_asks_again(kernel: Kernel) -> None:
    questions = kernel(single())
    send(shown(), event(1, "beta"))
    question_file(questions, single(), edition="2030-01")

    view = shown().view

    assert (view["answer"], view["save"]["state"]) == (None, "older")


# ---- what front ends send


def test_an_event_is_acknowledged_by_its_client_and_number(kernel: Kernel) -> None:
    kernel(single())
    widget = shown()

    send(widget, event(1, "alpha", client="a"), event(1, "gamma", client="b"))

    assert widget.view["acks"] == {"a": 1, "b": 1}
    assert widget.view["by"] == "b"


def test_an_event_that_is_sent_twice_counts_once(kernel: Kernel) -> None:
    questions = kernel(single())
    widget = shown()
    send(widget, event(1, "alpha"))

    send(widget, event(1, "alpha"), event(2, "beta"))
    send(widget, event(2, "beta"), event(1, "alpha"))

    assert recorded(questions) == ["alpha", "beta"]
    assert widget.view["answer"] == "beta"


def test_a_second_tab_sees_what_the_first_one_did(kernel: Kernel) -> None:
    kernel(single())
    send(shown(), event(1, "beta", client="first"))

    view = shown().view

    assert (view["answer"], view["verdict"]) == ("beta", "right")


def test_what_a_front_end_receives_is_json(kernel: Kernel) -> None:
    kernel(number())
    widget = shown("how-many")

    send(widget, event(1, "12"))

    assert json.loads(json.dumps(widget.view, allow_nan=False))["note"] == "why so many"


def test_no_synced_trait_holds_a_key_a_reason_or_a_sample(kernel: Kernel) -> None:
    kernel(single(), written())
    traits = [shown(one).get_state() for one in ("who-calls", "say-it")]
    synced = [{name: value for name, value in one.items() if name not in ("_esm", "_css")} for one in traits]

    state = json.dumps(synced, default=str)

    assert "Who calls?" in state
    assert not [secret for secret in ("why ", "correct", "the sample", "criterion ", "the hint") if secret in state]


# ---- what cannot be shown


@pytest.mark.parametrize("lang", LANGS)
def test_an_unknown_id_is_a_notice_with_near_misses_in_the_folders_language(kernel: Kernel, lang: Lang) -> None:
    kernel(single(), multi(), lang=lang)

    notice = told("who-cals")

    assert word("unknown-question", lang, id="who-cals", where="notebooks/questions") in notice
    assert word("did-you-mean", lang, near="who-calls") in notice
    assert word("tell-author", lang) in notice


def test_an_unknown_id_far_from_all_others_suggests_none(kernel: Kernel) -> None:
    kernel(single())

    assert "Did you mean" not in told("zzz")


def test_the_id_of_an_objective_is_a_notice_and_no_traceback(kernel: Kernel) -> None:
    kernel(single(objective="callers"))

    assert word("unknown-question", "en", id="callers", where="notebooks/questions") in told("callers")


@pytest.mark.parametrize("lang", LANGS)
def test_a_faulty_question_file_is_a_notice_with_all_its_faults(kernel: Kernel, lang: Lang) -> None:
    questions = kernel(single(), lang=lang)
    question_file(questions, table(single()) | {"points": "two"}, table(multi()) | {"kind": "mutli"}, table(written()) | {"smple": 1})

    notice = told("who-calls")

    assert len(notice.splitlines()) == 1 + 3 + 1
    assert "question 'who-calls', points" in notice
    assert "question 'which-signs', kind: 'mutli'" in notice
    assert "Did you mean 'sample'?" in notice
    assert word("tell-author", lang) in notice


@pytest.mark.parametrize("content", [b'[[question]]\nid = "who-calls"\nkind = ', b'id = "who-calls"\n', b"\xff\xfe"])
def test_a_file_that_is_no_question_file_is_a_notice(kernel: Kernel, content: bytes) -> None:
    questions = kernel(single())
    (questions / "01-small.toml").write_bytes(content)

    assert "01-small.toml" in told("who-calls")


def test_a_faulty_file_leaves_the_questions_of_the_others_alone(kernel: Kernel) -> None:
    questions = kernel(single())
    (questions / "00-broken.toml").write_text("[[[")

    assert shown().view["prompt"] == single().prompt.en


def test_a_notebook_outside_the_course_is_told_that_its_question_is_unknown_there(
    kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel(single())
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    assert str(tmp_path / "elsewhere") in told("who-calls")


def test_once_the_file_is_mended_the_question_is_shown(kernel: Kernel) -> None:
    questions = kernel(single())
    sound = (questions / "01-small.toml").read_bytes()
    (questions / "01-small.toml").write_bytes(b"[[[")
    before = quiz("who-calls")
    (questions / "01-small.toml").write_bytes(sound)

    assert isinstance(before, Notice)
    assert shown().view["answer"] is None


def test_a_record_with_a_time_that_is_none_stops_no_lesson(kernel: Kernel) -> None:
    questions = kernel(single())
    line = '{"v":1,"at":"soon","q":"who-calls","edition":"2026-11","variant":"","attempt":1,"lang":"en","answer":"beta"}\n'
    (questions.parent / "answers.jsonl").write_text(line)

    assert shown().view["prompt"] == single().prompt.en


def test_the_scripts_and_styles_of_the_widget_are_in_the_package() -> None:
    assert "export default" in QuestionWidget._esm
    assert QuestionWidget._css.strip()
