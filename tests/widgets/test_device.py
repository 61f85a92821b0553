"""A terminal on the page: what is shown, what is recorded, and that the record played again is where the learner stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import JSON, NOON, REPOSITORY, entry
from lockdesk import terminal
from lockdesk.answers import AnswerLog
from lockdesk.replay.reading import read_tasks
from lockdesk.replay.task import MAX_EVENTS, Task, begin, score_task
from lockdesk.terminal import locks
from lockdesk.text import LANGS, Lang, word
from lockdesk.widgets.device import KEYS, PREPARED, FreeDevice, TaskDevice, move, prepared
from lockdesk.widgets.fallback import Notice
from lockdesk.widgets.handset import TerminalWidget

TASKS = read_tasks(REPOSITORY / "notebooks/tasks")
TASK = TASKS["second-shift"]
MOVES = [*KEYS, "card-good", "card-bad", "restart", "plug", "unplug", "offline", "online", "wait"]
Kernel = Callable[..., Path]


def device(log: AnswerLog | None, task: Task = TASK, lang: Lang = "en", learner: str = "") -> TaskDevice:
    return TaskDevice(task, learner, lang, log, lambda: NOON)


def press(device: FreeDevice | TaskDevice, keys: str) -> None:
    for name in (key for part in keys.split() for key in (part if part.isdigit() else [part])):
        device.handle("move", name)


def answers(log: AnswerLog) -> list[Any]:
    return [one.answer for one in log.read().entries]


def lines(device: FreeDevice | TaskDevice) -> list[str]:
    return list(device.view()["device"]["lines"])


LOG_ON = "menu 8 02 ok 2602 ok"
SALE = "1850 ok card-good"


# ---- free play


@pytest.mark.parametrize("lang", LANGS)
def test_free_play_shows_an_intact_terminal_with_its_passwords(lang: Lang) -> None:
    view = FreeDevice(lang).view()

    assert view["device"]["lines"] == [{"en": "Haylark H2. Ready for sale.", "zh": "禾雀 H2，可以收款。"}[lang]]
    assert [lamp["lit"] for lamp in view["device"]["lamps"]] == [True, True, False, False]
    assert word("slip-operator", lang, operator="02", pin="2602") in view["slip"]
    assert view["device"]["receipt"] == []


def test_a_sale_by_keys_prints_a_receipt() -> None:
    free = FreeDevice("en")

    press(free, SALE)

    assert "Amount ¥18.50" in free.view()["device"]["receipt"]


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        *[("sound", ()), ("operator-locked", ("L1",)), ("temporary-password", ("L1",)), ("journal-full", ("L12",))],
        *[("offline-sales", ()), ("key-missing", ("L12",)), ("screen-lock", ("L5",)), ("tampered", ("L10",))],
    ],
)
def test_each_prepared_state_is_what_it_is_called(name: str, classes: tuple[str, ...]) -> None:
    assert locks(prepared(name)) == classes


def test_every_prepared_state_can_be_chosen_and_has_a_name_in_both_languages() -> None:
    for lang in LANGS:
        free = FreeDevice(lang)
        for state in free.view()["states"]:
            free.handle("start", state["key"])
            assert free.view()["prepared"] == state["key"]
    assert {state["key"] for state in FreeDevice("en").view()["states"]} == set(PREPARED)


def test_starting_over_gives_the_prepared_state_back() -> None:
    free = FreeDevice("en")
    free.handle("start", "offline-sales")
    press(free, "menu 6")

    free.handle("start")

    assert free.state == prepared("offline-sales")


def test_a_temporary_password_is_changed_with_the_keys() -> None:
    free = FreeDevice("en")
    free.handle("start", "temporary-password")
    assert "Operator 02: 1357 (temporary)" in free.view()["slip"]

    press(free, "menu 8 02 ok 1357 ok")
    asked = lines(free)
    press(free, "8642 ok menu 8 02 ok 8642 ok")

    assert asked == ["New password: ", "H17 Temporary password. Choose a new one now."]
    assert free.state.on_duty == "02"


def test_a_wrong_temporary_password_opens_no_page_for_a_new_one() -> None:
    free = FreeDevice("en")
    free.handle("start", "temporary-password")

    press(free, "menu 8 02 ok 1358 ok")

    assert lines(free)[-1] == "H10 Wrong password"
    assert free.state.entry.page == "idle"


def test_the_buttons_by_hand_say_what_they_would_do_now() -> None:
    free = FreeDevice("en")
    before = [one["move"] for one in free.view()["device"]["hands"]]

    free.handle("move", "unplug")
    free.handle("move", "offline")

    assert before == ["unplug", "offline"]
    assert [one["move"] for one in free.view()["device"]["hands"]] == ["plug", "online"]


def test_a_terminal_without_power_says_that_its_display_is_dark() -> None:
    free = FreeDevice("zh")

    press(free, "power")

    assert (lines(free), free.view()["device"]["on"], free.view()["device"]["strip"]) == (["屏幕不亮"], False, [])


def test_every_button_does_something_known_and_nothing_else_does() -> None:
    assert all(move(name) is not None for name in MOVES)
    assert [move(name) for name in ("wipe", "", None, 7, ["1"], {"do": "wipe"})] == [None] * 6


# ---- a task


def test_each_step_is_one_line_of_the_log(log: AnswerLog) -> None:
    press(device(log), LOG_ON)

    first, *_ = log.read().entries
    assert (first.q, first.edition, first.variant, first.attempt) == ("second-shift", TASK.edition, device(log).variant, 1)
    assert answers(log) == [{"do": "press", "key": key} for key in ("menu", "8", "0", "2", "ok", "2", "6", "0", "2", "ok")]


def test_a_restart_gives_back_where_the_learner_stood(log: AnswerLog) -> None:
    played = device(log)
    press(played, "menu 8 02 ok 26")

    restored = device(log, lang="zh")

    assert restored.state == played.state
    assert lines(restored) == ["操作员密码：**"]
    assert restored.view()["save"] == {"state": "restored", "text": word("left-at", "zh", time="12:10")}


def test_starting_over_begins_a_new_try_that_is_recorded(log: AnswerLog) -> None:
    played = device(log)
    press(played, "1 2")

    played.handle("start")
    press(played, "3")

    assert answers(log)[2:] == [{"start": 2}, {"do": "press", "key": "3"}]
    assert [one.attempt for one in log.read().entries] == [1, 1, 2, 2]
    assert device(log).state == played.state
    assert device(log).tries == 2


def test_starting_over_before_anything_was_done_records_nothing(log: AnswerLog) -> None:
    device(log).handle("start")

    assert answers(log) == []


def test_a_check_tells_for_each_point_whether_it_is_met_and_why(log: AnswerLog) -> None:
    played = device(log)
    press(played, LOG_ON)

    played.handle("check")

    view = played.view()
    assert view["say"] == "2 of 3 points met, worth 75%. Go on, or start over."
    assert [(one["met"], one["text"]) for one in view["checks"]] == [
        (True, TASK.checks[0].why.en),
        (True, TASK.checks[1].why.en),
        (False, TASK.checks[2].why.en),
    ]


def test_a_check_of_all_points_says_done_and_the_next_step_takes_it_away(log: AnswerLog) -> None:
    played = device(log)
    press(played, f"{LOG_ON} {SALE}")
    played.handle("check")
    done = played.view()

    press(played, "menu")

    assert (done["say"], done["verdict"]) == ("Done: all 3 points met.", "right")
    assert (played.view()["say"], played.view()["checks"], played.view()["verdict"]) == ("", [], "")


def test_nothing_is_checked_before_something_was_done(log: AnswerLog) -> None:
    played = device(log)

    played.handle("check")

    assert (played.view()["say"], played.view()["checks"]) == ("Do something on the terminal first.", [])


def test_checks_and_hint_are_not_in_the_view_before_they_are_asked_for(log: AnswerLog) -> None:
    played = device(log)
    before = json.dumps(played.view(), ensure_ascii=False)

    played.handle("hint")

    assert TASK.hint is not None
    assert [text for text in (TASK.hint.en, *(check.why.en for check in TASK.checks)) if text in before] == []
    assert (played.view()["hint"], played.view()["canHint"]) == (TASK.hint.en, False)


def test_in_a_preview_the_terminal_works_and_nothing_is_recorded() -> None:
    played = device(None)

    press(played, LOG_ON)

    assert played.state.on_duty == "02"
    assert played.view()["save"]["state"] == "preview"


def test_what_could_not_be_saved_is_told_and_saved_with_the_next_step(log: AnswerLog) -> None:
    played = device(log)
    press(played, "menu")
    away = log.path.parent.rename(log.path.parent.with_name("away"))
    press(played, "8 0")
    told = played.view()["save"]
    away.rename(log.path.parent)

    press(played, "2")

    assert told["state"] == "failed"
    assert told["text"].startswith("Not saved:")
    assert [one["key"] for one in answers(log)] == ["menu", "8", "0", "2"]
    assert played.view()["save"]["state"] == "saved"
    assert device(log).state == played.state


def test_a_foreign_file_is_told_and_left_alone(log: AnswerLog) -> None:
    log.path.write_text("dear diary\n")
    played = device(log)

    press(played, "menu")

    assert played.view()["save"]["state"] == "failed"
    assert log.path.read_text() == "dear diary\n"


def test_the_page_in_the_other_language_goes_on_from_the_same_place(log: AnswerLog) -> None:
    english, chinese = device(log), device(log, lang="zh")
    press(english, "menu 8 02 ok")

    press(chinese, "2602 ok")
    press(english, SALE)

    assert english.state.on_duty == "02"
    assert score_task(TASK, answers(log), english.variant).share == 1


def test_the_longest_try_ends_with_a_sentence_and_no_further_line(log: AnswerLog) -> None:
    played = device(None)
    for _ in range(MAX_EVENTS + 3):
        played.handle("move", "clear")

    assert len(played.events) == MAX_EVENTS
    assert played.view()["say"] == word("try-full", "en", most=MAX_EVENTS)


def test_lines_of_another_edition_or_variant_are_not_played(log: AnswerLog) -> None:
    mine = device(None).variant
    log.append(entry("second-shift", {"do": "press", "key": "menu"}, edition="1999-01", variant=mine))
    log.append(entry("second-shift", {"do": "press", "key": "menu"}, edition=TASK.edition, variant="v99"))

    restored = device(log)

    assert restored.state == begin(TASK, mine)
    assert restored.view()["save"]["state"] == "older"


HOSTILE = [
    *("x", None, 7, [], {}, {"do": "wipe"}, {"do": "lift", "kind": "risk"}, {"do": "upload", "remote": True}, {"do": "press", "key": "#"}),
    *({"start": "2"}, {"start": True}, {"start": 1, "do": "press"}, {"do": "wait", "minutes": "long"}, {"do": ["press"]}),
]


@pytest.mark.parametrize("line", HOSTILE, ids=repr)
def test_a_hostile_line_of_the_log_is_passed_over(log: AnswerLog, line: Any) -> None:
    press(device(log), "menu 8")
    log.append(entry("second-shift", line, edition=TASK.edition, variant=device(None).variant))

    restored = device(log)
    press(restored, "0")

    assert lines(restored) == ["Operator number: 0"]
    assert restored.state == device(log).state


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(st.sampled_from([*MOVES, "start", "check", "hint"]), max_size=40), task=st.sampled_from(sorted(TASKS)))
def test_whatever_is_done_nothing_raises_and_the_record_is_where_one_stands(log: AnswerLog, done: list[str], task: str) -> None:
    log.path.unlink(missing_ok=True)
    played = device(log, TASKS[task])

    for name in done:
        played.handle(name) if name in ("start", "check", "hint") else played.handle("move", name)
        json.dumps(played.view(), allow_nan=False)
    restored = device(log, TASKS[task])

    assert (restored.state, restored.tries, restored.events) == (played.state, played.tries, played.events)


@given(kind=st.sampled_from(["move", "start", "check", "hint", "answer", "draft", ""]), answer=JSON)
def test_whatever_a_page_sends_nothing_raises(kind: str, answer: Any) -> None:
    for one in (device(None), FreeDevice("zh")):
        one.handle(kind, answer)
        json.dumps(one.view(), allow_nan=False)


# ---- the cell


@pytest.fixture
def lesson(kernel: Kernel) -> Callable[..., Path]:
    """A kernel in a folder beside the real tasks."""

    def start(lang: Lang = "en") -> Path:
        questions = kernel(lang=lang)
        questions.mkdir(exist_ok=True)
        if not questions.with_name("tasks").exists():
            questions.with_name("tasks").symlink_to(REPOSITORY / "notebooks/tasks")
        return questions

    return start


def shown(task_id: str = "") -> TerminalWidget:
    widget = terminal(task_id)
    assert isinstance(widget, TerminalWidget), widget
    return widget


def test_the_front_door_is_the_widget_whatever_was_imported_before(lesson: Callable[..., Path]) -> None:
    import lockdesk
    import lockdesk.terminal.state

    lesson()

    assert callable(lockdesk.terminal)
    assert isinstance(lockdesk.terminal(), TerminalWidget)


def test_a_cell_that_is_run_again_shows_the_same_widget(lesson: Callable[..., Path]) -> None:
    lesson()

    assert shown() is shown()
    assert shown("second-shift") is shown("second-shift")
    assert shown("second-shift") is not shown("full-journal")


def test_keys_that_a_page_sends_reach_the_device_and_the_record(lesson: Callable[..., Path]) -> None:
    questions = lesson()
    widget = shown("second-shift")

    widget.events = [{"client": "tab", "n": n, "type": "move", "answer": key} for n, key in enumerate(["menu", "8"], 1)]

    assert widget.view["acks"] == {"tab": 2}
    assert answers(AnswerLog(questions.parent / "answers.jsonl")) == [{"do": "press", "key": key} for key in ("menu", "8")]


def test_free_play_records_nothing(lesson: Callable[..., Path]) -> None:
    questions = lesson()

    shown().events = [{"client": "tab", "n": 1, "type": "move", "answer": "menu"}]

    assert not (questions.parent / "answers.jsonl").exists()


@pytest.mark.parametrize("lang", LANGS)
def test_readers_without_a_kernel_get_the_task_in_words(lesson: Callable[..., Path], lang: Lang) -> None:
    lesson(lang)

    data, _ = shown("second-shift")._repr_mimebundle_()

    assert TASK.prompt[lang] in data["text/plain"]
    assert word("asleep", lang) in data["text/html"]
    assert (repr(shown()), repr(shown("second-shift"))) == ("<terminal>", "<terminal 'second-shift'>")


def test_an_unknown_task_is_a_notice_with_near_misses(lesson: Callable[..., Path]) -> None:
    lesson()

    notice = terminal("second-shfit")

    assert isinstance(notice, Notice)
    assert word("did-you-mean", "en", near="second-shift") in repr(notice)


@pytest.mark.parametrize("name", ["../questions/x", "", "second-shift.toml", "a" * 300])
def test_a_name_that_is_none_leads_nowhere(lesson: Callable[..., Path], name: str) -> None:
    lesson()

    assert isinstance(terminal(name), TerminalWidget if not name else Notice)


def test_a_faulty_task_is_a_notice_with_its_faults(kernel: Kernel) -> None:
    questions = kernel()
    (questions.with_name("tasks")).mkdir(parents=True)
    questions.mkdir()
    (questions.with_name("tasks") / "broken.toml").write_text('edition = "1"\nid = "broken"\n')

    notice = repr(terminal("broken"))

    assert "notebooks/tasks/broken.toml, prompt: missing." in notice
    assert "device: missing." in notice


def test_no_synced_trait_holds_a_check_or_the_hint(lesson: Callable[..., Path]) -> None:
    lesson()
    state = {name: value for name, value in shown("second-shift").get_state().items() if name not in ("_esm", "_css")}

    told = json.dumps(state, default=str, ensure_ascii=False)

    assert TASK.prompt.en in told
    assert TASK.hint is not None
    assert [text for text in (TASK.hint.en, *(check.why.en for check in TASK.checks)) if text in told] == []
    assert msgspec.json.encode(shown("second-shift").view)
