"""Graded calls and tasks on the terminal: from the author's folder to the learner, into the record, and to the points."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import JSON, REPOSITORY, call_lines, entry, played_assignment, said, single, task_lines, written
from grading.classroom import Classroom, flags
from grading.leaks import leaks_in_folder
from grading.test_parity import STOCK
from lockdesk.answers import Entry, encode
from lockdesk.cases import Case, variant_for
from lockdesk.cases.publishing import HELD_BACK
from lockdesk.errors import ContentError
from lockdesk.grading.assess import Assessment, assess_folder
from lockdesk.grading.cells import cell_faults
from lockdesk.grading.commands import nbgrader
from lockdesk.grading.present import flags_page, grader_page, question_page
from lockdesk.key import Key, read_key
from lockdesk.lessons import read_notebook
from lockdesk.place import LOG
from lockdesk.published import encode as encode_published
from lockdesk.published import publish, read_published
from lockdesk.replay import MAX_ENTRIES
from lockdesk.replay.task import MAX_EVENTS, Task
from lockdesk.text import LANGS

CALL, TASK = "small-call", "small-task"
RIGHT = entry("who-calls", "beta", variant="luo")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return read_key(played_assignment(tmp_path_factory.mktemp("played"), single(), written()))


@pytest.fixture
def case(key: Key) -> Case:
    return key.cases[CALL]


@pytest.fixture
def task(key: Key) -> Task:
    return key.tasks[TASK]


@pytest.fixture(scope="module")
def built(built: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom whose assignment has a question, a written one, a call and a task."""
    room = built.copy(tmp_path_factory.mktemp("classroom") / "course")
    shutil.rmtree(room.source)
    played_assignment(room.root, single(), written())
    shutil.rmtree(room.root / "exchange/locked-terminals/outbound")
    room.run("generate_assignment", "small", "--force")
    room.run("release_assignment", "small")
    return room


def assessed(key: Key, *lines: Entry | bytes) -> Assessment:
    """What a record of these lines comes to, handed in by luo; all that is shown of it is made too, for that must not fail either."""
    with TemporaryDirectory() as folder:
        (Path(folder) / LOG).write_bytes(b"".join(line if isinstance(line, bytes) else encode(line) for line in lines))
        done = assess_folder(key, Path(folder), "luo")
    for outcome in done.outcomes.values():
        for lang in (*LANGS, None):
            assert question_page(outcome, lang).encode()
            assert grader_page(outcome, lang).encode()
    flags_page(done.flags).encode()
    return done


def earned(done: Assessment, name: str) -> float:
    return done.outcomes[name].score.earned


def state(done: Assessment, name: str) -> str:
    return done.outcomes[name].state


def reasons(done: Assessment) -> set[str]:
    return {flag.reason for flag in done.flags}


# ---- what a call earns


def test_the_model_solution_earns_every_point(key: Key, case: Case, task: Task) -> None:
    done = assessed(key, RIGHT, *call_lines(case, "luo"), *task_lines(task, "luo"))

    assert {name: earned(done, name) for name in ("who-calls", CALL, TASK)} == {"who-calls": 2, CALL: 10, TASK: 4}
    assert {state(done, name) for name in (CALL, TASK)} == {"answered"}
    assert (done.flags, done.recorded_by) == ((), ("luo",))


def test_nothing_done_is_blank(key: Key) -> None:
    done = assessed(key, RIGHT)

    assert [(state(done, name), earned(done, name)) for name in (CALL, TASK)] == [("blank", 0), ("blank", 0)]


def test_a_call_without_a_ticket_is_graded_as_it_stands_and_capped(key: Key, case: Case) -> None:
    done = assessed(key, *call_lines(case, "luo")[:-1])

    assert state(done, CALL) == "unfinished"
    assert 0 < earned(done, CALL) <= 6


def test_nothing_done_after_the_ticket_counts(key: Key, case: Case) -> None:
    lines = call_lines(case, "luo")
    bad = [said(case, {"act": "clear-batch"}, lines[0].variant), said(case, "no act", lines[0].variant), *lines[:3], lines[-1]] * 60

    assert earned(assessed(key, *lines, *bad), CALL) == 10


def test_a_ticket_written_at_once_cannot_be_mended_by_the_model_solution(key: Key, case: Case) -> None:
    lines = call_lines(case, "luo")
    first = lines[-1]

    done = assessed(key, first, said(case, {"start": 2}, first.variant), *lines)

    assert earned(done, CALL) < 1


def test_a_call_is_graded_in_the_numbers_it_was_taken_in_and_another_learners_are_flagged(key: Key, case: Case) -> None:
    theirs = next(f"v{n:02}" for n in range(64) if f"v{n:02}" != variant_for(case, "luo"))
    done = assessed(key, *call_lines(case, "luo", variant=theirs))

    assert earned(done, CALL) == 10
    assert {flag.reason: flag.detail for flag in done.flags} == {"other-variant": CALL}


def test_lines_of_another_variant_are_none_of_this_call(key: Key, case: Case) -> None:
    theirs = next(f"v{n:02}" for n in range(64) if f"v{n:02}" != variant_for(case, "luo"))
    lines = call_lines(case, "luo")

    assert earned(assessed(key, lines[0], *call_lines(case, "luo", variant=theirs), *lines[1:]), CALL) == 10


HOSTILE: dict[str, Callable[[Case, list[Entry]], list[Entry]]] = {
    "an unknown act": lambda case, lines: [said(case, {"act": "grant-points"}, lines[0].variant), *lines],
    "an unknown choice": lambda case, lines: [said(case, {"act": "call-back", "arg": "x"}, lines[0].variant), *lines],
    "no act": lambda case, lines: [*lines[:-1], said(case, None, lines[0].variant), lines[-1]],
    "a ticket that is none": lambda case, lines: [*lines[:-1], said(case, {"act": "ticket", "ticket": 7}, lines[0].variant), lines[-1]],
    "an endless amount": lambda case, lines: [said(case, {"act": "ticket", "ticket": {"amount": 1e15}}, lines[0].variant), *lines],
    "thousands of acts": lambda case, lines: [*[lines[0]] * 5000, *lines],
    "one act too many": lambda case, lines: [*[lines[0]] * MAX_ENTRIES, lines[-1]],
    "no variant of this edition": lambda case, lines: [msgspec.structs.replace(line, variant="v64") for line in lines],
    "no name of a variant": lambda case, lines: [msgspec.structs.replace(line, variant="luo") for line in lines],
    "an empty variant": lambda case, lines: [msgspec.structs.replace(line, variant="") for line in lines],
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_record_that_is_no_honest_call_earns_nothing_and_says_why(key: Key, case: Case, how: str) -> None:
    done = assessed(key, RIGHT, *HOSTILE[how](case, call_lines(case, "luo")))

    assert (state(done, CALL), earned(done, CALL), earned(done, "who-calls")) == ("unusable", 0, 2)
    assert (
        "no act" in question_page(done.outcomes[CALL], "en")
        or "variant" in question_page(done.outcomes[CALL], "en")
        or ("more than" in question_page(done.outcomes[CALL], "en"))
    )


def test_the_order_of_the_file_counts_and_not_the_clock(key: Key, case: Case) -> None:
    lines = call_lines(case, "luo")
    stamps = [line.at for line in reversed(lines)]

    done = assessed(key, *(msgspec.structs.replace(line, at=at) for line, at in zip(lines, stamps, strict=True)))

    assert earned(done, CALL) == 10


@pytest.mark.parametrize("name", [CALL, TASK])
def test_another_editions_lines_count_nothing_and_are_flagged(key: Key, name: str) -> None:
    lines = call_lines(key.cases[CALL], "luo") if name == CALL else task_lines(key.tasks[TASK], "luo")
    old = [msgspec.structs.replace(line, edition="2025-01") for line in lines]
    alone, before = assessed(key, *old), assessed(key, *old, *lines)

    assert (state(alone, name), earned(alone, name), reasons(alone)) == ("other-edition", 0, {"other-edition"})
    assert (state(before, name), earned(before, name)) == ("answered", key.exercises[name].points)


@given(st.lists(st.tuples(st.sampled_from(["v01", "v99", "", "luo"]), JSON), max_size=8))
def test_no_record_of_a_call_or_task_raises_or_earns_beyond_its_points(key: Key, lines: list[tuple[str, Any]]) -> None:
    record = []
    for name in (CALL, TASK):
        for variant, answer in lines:
            try:
                record.append(encode(said(key.exercises[name], answer, variant)))  # type: ignore[arg-type]
            except (ValueError, RecursionError):
                continue  # the log does not hold what JSON cannot
    done = assessed(key, *record)

    assert all(0 <= earned(done, name) <= key.exercises[name].points for name in (CALL, TASK))


# ---- what a task earns


def test_the_last_terminal_handed_over_counts(key: Key, task: Task) -> None:
    whole = task_lines(task, "luo")
    fresh = said(task, {"start": 2}, whole[0].variant)
    done = said(task, {"done": 2}, whole[0].variant)

    assert earned(assessed(key, *whole, fresh, whole[0]), TASK) == 4
    assert earned(assessed(key, *whole, fresh, whole[0], done), TASK) == 0
    assert earned(assessed(key, whole[0], done, fresh, *whole), TASK) == 4


def test_what_follows_the_handing_over_is_no_part_of_it(key: Key, task: Task) -> None:
    whole = task_lines(task, "luo")

    assert earned(assessed(key, whole[0], whole[-1], *whole), TASK) == 0
    assert earned(assessed(key, whole[-1], *whole), TASK) == 4  # nothing was in hand yet


def test_a_terminal_that_was_not_handed_over_is_graded_as_it_stands(key: Key, task: Task) -> None:
    lines = task_lines(task, "luo", done=False)
    part, whole = assessed(key, *lines[:6]), assessed(key, *lines)

    assert [(state(one, TASK), earned(one, TASK)) for one in (part, whole)] == [("unfinished", 3), ("unfinished", 4)]


@pytest.mark.parametrize(
    "bad",
    [{"do": "remote-settle"}, {"do": "lock", "kind": "risk"}, "settled", None, {"done": True}, {"done": 1, "score": 4}],
    ids=["unknown", "not by hand", "a word", "nothing", "done by no number", "done with a score"],
)
def test_a_step_nobody_can_do_spoils_its_own_try_and_no_other(key: Key, task: Task, bad: Any) -> None:
    whole = task_lines(task, "luo")
    spoilt = [said(task, bad, whole[0].variant), *whole]
    again = [said(task, {"start": 2}, whole[0].variant), *whole]
    alone, mended = assessed(key, *spoilt), assessed(key, *spoilt, *again)

    assert (state(alone, TASK), earned(alone, TASK)) == ("unusable", 0)
    assert (state(mended, TASK), earned(mended, TASK)) == ("answered", 4)


def test_too_many_steps_and_a_variant_that_is_none_earn_nothing(key: Key, task: Task) -> None:
    whole = task_lines(task, "luo")
    many = assessed(key, *[whole[0]] * (MAX_EVENTS + 1), *whole)
    other = assessed(key, *task_lines(task, "luo", variant="v99"))

    assert [(state(one, TASK), earned(one, TASK)) for one in (many, other)] == [("unusable", 0)] * 2


# ---- what learners get


UNTOLD = ["Who else?", "还有谁？", "All of it.", "样样都做。", "others-go-on", "nothing-done", "domain A1", "sketch", "Settling is 4."]
UNTOLD += ["Nothing was deleted.", "测试交易已撤销。", "nobody-pays", "journal-has-room"]
FIELDS = ['"did"', '"steps"', '"check"', '"path"', '"mistake"', '"objective"', '"authority"', '"hint"', "after_grading"]


def test_what_is_released_holds_nothing_of_the_key_of_a_call_or_task(built: Classroom) -> None:
    for where in ("release", "exchange/locked-terminals/outbound"):
        assert leaks_in_folder(built.root / where, [*UNTOLD, *FIELDS]) == set()
    assert leaks_in_folder(built.source, UNTOLD) == {*UNTOLD}
    data = json.loads((built.release / "questions.json").read_text("utf-8"))
    assert [{*one} & {*HELD_BACK, "source"} for one in (*data["cases"], *data["tasks"])] == [set()] * 2


def test_what_is_released_is_a_notebook_and_its_questions(built: Classroom) -> None:
    assert {path.name for path in built.release.rglob("*")} == {"small.ipynb", "questions.json"}


def test_a_published_call_and_task_play_as_the_authors_do(built: Classroom, key: Key) -> None:
    published = read_published(built.release)

    assert encode_published(published) == encode_published(publish("small", key))
    assert published.ids == ("who-calls", "say-it", CALL, TASK)
    assert published.case(CALL).devices == key.cases[CALL].devices
    assert (published.task(TASK).device, published.task(TASK).checks, published.task(TASK).hint) == (key.tasks[TASK].device, (), None)


@pytest.mark.parametrize("field", ["cases", "tasks"])
def test_a_published_call_or_task_that_is_none_is_a_fault(built: Classroom, tmp_path: Path, field: str) -> None:
    data = json.loads((built.release / "questions.json").read_text("utf-8"))
    data[field] = [{"id": "small-call", "solution": {}}]
    (tmp_path / "questions.json").write_text(json.dumps(data), "utf-8")

    with pytest.raises(ContentError, match=r"(?s)questions\.json: cannot be used.*Fetch the assignment again"):
        read_published(tmp_path)


# ---- the author's notebook


def faults(course: Path, change: Callable[[list[dict[str, Any]]], object] = lambda cells: None) -> list[str]:
    folder = played_assignment(course)
    notebook = read_notebook(folder / "small.ipynb")
    change(notebook["cells"])
    return [str(fault) for fault in cell_faults("f", notebook, read_key(folder), "small")]


FAULTS: dict[str, tuple[Callable[[list[dict[str, Any]]], object], str]] = {
    "not shown": (lambda cells: cells.pop(3), "asks 'small-call' with case 0 times"),
    "shown twice": (lambda cells: cells.append(cells[5]), "asks 'small-task' with terminal 2 times"),
    "not graded": (lambda cells: cells.pop(4), "grades 'small-call' 0 times"),
    "other points": (lambda cells: cells[4]["metadata"]["nbgrader"].update(points=9), "the 10 of 'small-call' in cases/small-call.toml"),
    "a tasks points": (lambda cells: cells[6]["metadata"]["nbgrader"].update(points=9), "the 4 of 'small-task' in tasks/small-task.toml"),
    "shown as a question": (
        lambda cells: cells[3].update(source='from lockdesk import quiz\n\nquiz("small-call")'),
        "asks 'small-call' with quiz; wanted: case(\"small-call\")",
    ),
    "nowhere": (
        lambda cells: cells[3].update(source='from lockdesk import case\n\ncase("big-call")'),
        "asks 'big-call', which questions.toml, cases/ and tasks/ do not have",
    ),
    "read by a person": (lambda cells: cells[4]["metadata"]["nbgrader"].update(grade=False, task=True), "wanted for 'small-call'"),
}


def test_a_sound_notebook_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_calls_or_tasks_cells_is_named(tmp_path: Path, fault: str) -> None:
    change, what = FAULTS[fault]

    assert any(what in one for one in faults(tmp_path, change)), faults(tmp_path, change)


def test_an_id_serves_one_exercise(tmp_path: Path) -> None:
    folder = played_assignment(tmp_path)
    shutil.copyfile(folder / "tasks/small-task.toml", folder / "tasks/who-calls.toml")
    words = (folder / "tasks/who-calls.toml").read_text("utf-8")
    (folder / "tasks/who-calls.toml").write_text(words.replace('id = "small-task"', 'id = "who-calls"'), "utf-8")

    with pytest.raises(ContentError, match="'who-calls': is the id of 2 exercises"):
        read_key(folder)


def test_building_names_every_fault_of_a_call_and_keeps_what_was_built(built: Classroom, tmp_path: Path) -> None:
    room = built.copy(tmp_path / "course")
    path = room.source / "cases/small-call.toml"
    path.write_text(path.read_text("utf-8").replace('act = "refuse"', 'act = "refuze"').replace('"2026-11"', "2026"), "utf-8")

    with pytest.raises(ContentError) as caught:
        read_key(room.source)
    run = nbgrader(room.root, "generate_assignment", "small", "--force")

    assert "cases/small-call.toml" in str(caught.value)
    assert run.exit_code != 0


# ---- through nbgrader


def test_a_class_is_graded_on_its_calls_and_tasks(built: Classroom, key: Key, tmp_path: Path) -> None:
    room = built.copy(tmp_path / "course")
    case, task = key.cases[CALL], key.tasks[TASK]
    room.folder("luo", b"".join(map(encode, [RIGHT, *call_lines(case, "luo", lang="zh"), *task_lines(task, "luo", lang="zh")])))
    room.folder("wen", b"".join(map(encode, call_lines(case, "wen")[:4])))
    room.folder("none", b"")

    rows = room.graded()

    assert rows["luo"].points == {"who-calls": 2, "say-it": 0, CALL: 10, TASK: 4}
    assert (rows["luo"].state, rows["luo"].possible, flags(rows["luo"])) == ("graded", 19, {})
    assert 0 < (rows["wen"].points[CALL] or 0) < 5
    assert rows["none"].earned == 0
    page = (room.root / "autograded/luo/small/small.ipynb").read_text("utf-8")
    assert "达到" in page
    assert "还有谁？" in page  # for the grader
    assert "第" not in room.feedback("none") or "还有谁？" not in room.feedback("none")


def _class_of(room: Classroom, key: Key) -> dict[str, dict[str, float | None]]:
    """The points of a small class, as nbgrader's autograde with this room's settings gives them."""
    case, task = key.cases[CALL], key.tasks[TASK]
    calls, steps = call_lines(case, "luo"), task_lines(task, "luo")
    for learner, lines in {
        "whole": [*calls, *steps],
        "part": [*calls[:5], *steps[:7]],
        "hostile": [said(case, {"act": "x"}, calls[0].variant), *calls, said(task, "x", steps[0].variant), *steps],
        "blank": [],
    }.items():
        room.by_hand(learner, b"".join(map(encode, lines)))
    room.run("autograde", "small")
    with room.gradebook() as gradebook:
        return {
            submission.student_id: {grade.name: grade.auto_score for grade in submission.notebooks[0].grades if grade.name in (CALL, TASK)}
            for submission in gradebook.find_assignment("small").submissions
        }


@pytest.mark.slow
def test_stock_nbgrader_gives_calls_and_tasks_the_same_points(
    built: Classroom, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "src"))
    monkeypatch.delenv("LOCKDESK_ANSWERS_DIR", raising=False)
    ours, stock = built.copy(tmp_path / "ours"), built.copy(tmp_path / "stock")
    with (stock.root / "nbgrader_config.py").open("a") as file:
        file.write(STOCK)

    points = _class_of(ours, key)

    assert points == _class_of(stock, key)
    assert points["whole"] == {CALL: 10, TASK: 4}
    assert points["hostile"] == points["blank"] == {CALL: 0, TASK: 0}
    assert 0 < (points["part"][CALL] or 0) < 10
