"""Calls and tasks of an assignment as one learner has them: one count and one language with the questions, and nothing right or wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import NOON, call_lines, entry, played_assignment, task_lines
from lockdesk import case, check, quiz, terminal
from lockdesk.answers import AnswerLog
from lockdesk.cases import variant_for
from lockdesk.errors import NotSaved
from lockdesk.front_page import assignments_in
from lockdesk.key import Key, read_key
from lockdesk.place import LOG, here
from lockdesk.published import Published, encode, publish, recorded_in
from lockdesk.recorded import NotRecorded
from lockdesk.text import HTML_LANG, Lang, word
from lockdesk.widgets.call import CaseWidget
from lockdesk.widgets.desk import CaseExercise
from lockdesk.widgets.device import TaskDevice
from lockdesk.widgets.fallback import Notice
from lockdesk.widgets.handset import TerminalWidget
from lockdesk.widgets.question import QuestionWidget
from lockdesk.widgets.sheet import Sheet

CALL, TASK = "small-call", "small-task"
Start = Callable[..., Path]
View = dict[str, Any]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return read_key(played_assignment(tmp_path_factory.mktemp("played")))


@pytest.fixture(scope="module")
def released(key: Key) -> Published:
    return publish("small", key)


@pytest.fixture
def fetched(kernel: Callable[..., Path], tmp_path: Path, released: Published, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts a kernel in the folder of the fetched assignment, with what is recorded there."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def start() -> Path:
        kernel()
        folder = tmp_path / "work/small"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "questions.json").write_bytes(encode(released))
        monkeypatch.chdir(folder)
        return folder

    return start


def sheet(released: Published, log: AnswerLog | None, learner: str = "luo", lang: Lang = "en") -> Sheet:
    return Sheet(released, learner, lang, log, lambda: NOON)


def call(of: Sheet) -> CaseExercise:
    return CaseExercise(of.published.case(CALL), of.learner, of.lang, of.log, of.now, of)


def device(of: Sheet) -> TaskDevice:
    return TaskDevice(of.published.task(TASK), of.learner, of.lang, of.log, of.now, of)


def play(one: CaseExercise, key: Key, learner: str = "luo", until: int | None = None) -> None:
    for line in call_lines(key.cases[CALL], learner)[:until]:
        one.handle("act", line.answer)


def settle(one: TaskDevice) -> None:
    for name in ("menu", "4", "1", "0", "0", "ok"):
        one.handle("move", name)


def texts(view: object) -> str:
    return json.dumps(view, ensure_ascii=False)


# ---- a call


def test_a_call_counts_as_recorded_once_its_ticket_is_written(released: Published, key: Key, log: AnswerLog) -> None:
    one = call(sheet(released, log))
    play(one, key, until=-1)
    before = one.view()
    play(one, key)
    after = one.view()

    assert before["save"]["text"].endswith("0 of 3 recorded.")
    assert after["save"]["text"].endswith("1 of 3 recorded.")
    assert (before["closed"], after["closed"], after["debrief"], after["graded"]) == (False, True, None, True)
    assert after["say"] == word("call-closed", "en")
    assert call(sheet(released, AnswerLog(log.path))).view()["save"]["text"].endswith("1 of 3 recorded.")


def test_nothing_on_the_page_of_a_call_or_task_tells_right_from_wrong(released: Published, key: Key, log: AnswerLog) -> None:
    of = sheet(released, log)
    one, other = call(of), device(of)
    play(one, key)
    settle(other)
    other.handle("check")
    other.handle("hint")
    shown = texts([one.view(), other.view()])

    whys = [check.why[lang] for each in (key.cases[CALL], key.tasks[TASK]) for check in each.checks for lang in ("en", "zh")]
    assert not [why for why in whys if why in shown]
    assert (other.view()["checks"], other.view().get("verdict"), other.view()["hint"]) == ([], "", "")
    assert word("points", "en", points="10") in one.view()["words"]["task-desk"]


def test_a_graded_call_says_its_rules(released: Published) -> None:
    view = call(sheet(released, None, lang="zh")).view()

    assert word("call-rules", "zh") in view["words"]["task-desk"]
    assert (view["lang"], view["other"]) == (HTML_LANG["zh"], {"lang": "en", "name": "English"})


def test_a_ticket_that_cannot_be_saved_leaves_the_call_open(
    released: Published, key: Key, log: AnswerLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = sheet(released, log)
    one = call(of)
    play(one, key, until=-1)
    with monkeypatch.context() as broken:
        broken.setattr(AnswerLog, "append", lambda self, entry: (_ for _ in ()).throw(NotSaved("disk-full")))
        one.handle("act", call_lines(key.cases[CALL], "luo")[-1].answer)
    refused = one.view()
    one.handle("act", call_lines(key.cases[CALL], "luo")[-1].answer)

    assert (refused["closed"], refused["save"]["state"], one.view()["closed"]) == (False, "failed", True)
    assert recorded_in(released, log.read().entries) == {CALL}


def test_an_act_of_another_variant_is_no_part_of_the_call(released: Published, key: Key, log: AnswerLog) -> None:
    case = key.cases[CALL]
    mine = variant_for(case, "luo")
    theirs = next(f"v{n:02}" for n in range(64) if f"v{n:02}" != mine)
    log.append(call_lines(case, "luo")[0])
    log.append(call_lines(case, "luo", variant=theirs)[1])

    assert len([line for line in call(sheet(released, log)).view()["lines"] if line["who"] == "you"]) == 1


# ---- a task


def test_a_task_counts_as_recorded_once_its_terminal_is_handed_over(released: Published, log: AnswerLog) -> None:
    one = device(sheet(released, log))
    settle(one)
    before = one.view()
    one.handle("check")
    after = one.view()
    one.handle("move", "menu")

    assert before["save"]["text"].endswith("0 of 3 recorded.")
    assert after["save"]["text"].endswith("1 of 3 recorded.")
    assert (before["canCheck"], after["canCheck"], after["say"]) == (True, False, word("handed-over", "en", number=1))
    assert [line.answer for line in log.read().entries][-1] == {"done": 1}
    assert after["words"]["check-task"] == word("hand-over", "en")


def test_a_fresh_terminal_may_be_taken_and_the_one_handed_over_still_counts(released: Published, log: AnswerLog) -> None:
    one = device(sheet(released, log))
    settle(one)
    one.handle("check")
    one.handle("start")
    one.handle("move", "menu")
    fresh = one.view()
    again = device(sheet(released, AnswerLog(log.path))).view()

    assert fresh["say"] == word("earlier-counts", "en", number=2)
    assert fresh["save"]["text"].endswith("1 of 3 recorded.")
    assert (again["say"], again["canCheck"], again["count"]) == (fresh["say"], True, fresh["count"])


def test_an_untouched_terminal_cannot_be_handed_over(released: Published, log: AnswerLog) -> None:
    one = device(sheet(released, log))
    one.handle("check")

    assert one.view()["say"] == word("need-terminal", "en")
    assert log.read().entries == ()


def test_a_task_goes_on_in_the_numbers_in_which_it_was_begun(released: Published, key: Key, log: AnswerLog) -> None:
    task = key.tasks[TASK]
    other = next(name for name in ("wen", "li", "zhao") if variant_for(task, name) != variant_for(task, "luo"))
    first = device(sheet(released, log))
    first.handle("move", "menu")
    then = device(sheet(released, AnswerLog(log.path), learner=other))
    then.handle("move", "4")

    assert (then.variant, len(then.events)) == (first.variant, 2)
    assert {line.variant for line in log.read().entries} == {first.variant}


def test_two_learners_have_other_numbers(released: Published) -> None:
    serials = {device(sheet(released, None, learner=name)).view()["device"]["serial"] for name in ("luo", "wen", "li", "zhao", "qian")}

    assert len(serials) > 2


# ---- in the notebook


def test_the_front_door_shows_everything_of_an_assignment_in_one_language_and_count(fetched: Start, key: Key) -> None:
    folder = fetched()
    asked, called, worked = quiz("who-calls"), case(CALL), terminal(TASK)
    assert isinstance(asked, QuestionWidget)
    assert isinstance(called, CaseWidget)
    assert isinstance(worked, TerminalWidget)
    learner = here().learner

    for number, line in enumerate(call_lines(key.cases[CALL], learner), 1):
        called.events = [{"client": "a", "n": number, "type": "act", "answer": line.answer}]
    asked.events = [{"client": "b", "n": 1, "type": "lang"}]

    views: list[View] = [asked.view, called.view, worked.view]
    assert {view["lang"] for view in views} == {HTML_LANG["zh"]}
    assert [word("recorded-of", "zh", done=1, all=3) in view["save"]["text"] for view in views] == [True] * 3
    assert {line.variant for line in AnswerLog(folder / LOG).read().entries} == {variant_for(key.cases[CALL], learner)}


def test_running_a_cell_again_shows_the_same_widget(fetched: Start) -> None:
    fetched()

    assert (case(CALL), terminal(TASK)) == (case(CALL), terminal(TASK))


@pytest.mark.parametrize(("front_door", "name"), [(case, "small-cal"), (terminal, "small-tusk"), (case, TASK), (terminal, "who-calls")])
def test_what_the_assignment_does_not_have_is_a_notice(fetched: Start, front_door: Callable[[str], object], name: str) -> None:
    fetched()

    assert isinstance(front_door(name), Notice)
    assert name in repr(front_door(name))


def test_check_says_what_is_recorded_and_what_is_unfinished(fetched: Start, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fetched()
    log = AnswerLog(folder / LOG)
    said = [repr(check(CALL)), repr(check(TASK))]
    calls, steps = call_lines(key.cases[CALL], "luo"), task_lines(key.tasks[TASK], "luo")
    for line in (calls[0], steps[0]):
        log.append(line)
    said += [repr(check(CALL)), repr(check(TASK))]
    with monkeypatch.context() as validating:
        validating.setenv("NBGRADER_EXECUTION", "validate")
        with pytest.raises(NotRecorded, match="not finished"):
            check(CALL)
    for line in (*calls[1:], *steps[1:]):
        log.append(line)
    said += [repr(check(CALL)), repr(check(TASK))]

    call_title, prompt = key.cases[CALL].title.en, key.tasks[TASK].prompt.en
    assert said == [
        word("call-not-begun", "en", title=call_title),
        word("task-not-begun", "en", title=prompt),
        word("call-unfinished", "en", title=call_title),
        word("task-unfinished", "en", title=prompt),
        word("is-recorded", "en"),
        word("is-recorded", "en"),
    ]


def test_the_front_page_counts_calls_and_tasks(fetched: Start, key: Key) -> None:
    folder = fetched()
    for line in (entry("who-calls", "beta"), *call_lines(key.cases[CALL], "luo"), *task_lines(key.tasks[TASK], "luo", done=False)):
        AnswerLog(folder / LOG).append(line)
    ((published, recorded),), faults = assignments_in(folder.parent)

    assert (recorded, len(published.ids), faults) == (2, 3, [])


def test_the_authors_folder_is_a_preview_that_follows_its_files(
    kernel: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = played_assignment(tmp_path)
    kernel()
    monkeypatch.chdir(folder)
    before = case(CALL)
    path = folder / "cases/small-call.toml"
    path.write_text(path.read_text("utf-8").replace("A small call", "A changed call"), "utf-8")
    os.utime(path, ns=(path.stat().st_mtime_ns + 10**9,) * 2)
    after = case(CALL)

    assert isinstance(before, CaseWidget)
    assert isinstance(after, CaseWidget)
    assert after.view["prompt"] == "A changed call"
    assert after.view["save"]["state"] == "preview"
