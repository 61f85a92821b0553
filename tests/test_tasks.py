"""The course's tasks on the terminal, and what is said of faulty ones."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from builders import REPOSITORY
from lockdesk.cases.call import VARIANTS
from lockdesk.errors import ContentError, UnknownQuestion
from lockdesk.replay.reading import find_task, read_task, read_tasks
from lockdesk.replay.task import Task, begin, last_try, score_task
from lockdesk.terminal import is_sound, step

FOLDER = REPOSITORY / "notebooks/tasks"
TASKS = read_tasks(FOLDER)
SOUND = (FOLDER / "full-journal.toml").read_text(encoding="utf-8")
each_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


@each_task
def test_the_solution_meets_every_check_in_every_variant(task: Task) -> None:
    log = msgspec.to_builtins(list(task.solution))

    shares = {score_task(task, log, f"v{number:02d}").share for number in range(VARIANTS)}

    assert shares == {1}


@each_task
def test_an_empty_log_and_a_restart_meet_no_check(task: Task) -> None:
    for log in ([], [{"do": "restart"}]):
        assert not any(score_task(task, log, "v00").met.values())


@each_task
def test_no_check_is_met_by_part_of_the_solution_that_comes_before_its_point(task: Task) -> None:
    """Each task's last event matters, so a solution holds nothing that is not needed at its end."""
    log = msgspec.to_builtins(list(task.solution))[:-1]

    assert score_task(task, log, "v00").share < 1


@each_task
def test_the_solution_leaves_a_terminal_that_sells(task: Task) -> None:
    state = begin(task, "v07")
    for event in task.solution:
        state, _ = step(state, event)

    assert is_sound(state)


def test_there_are_tasks() -> None:
    assert len(TASKS) >= 4


def test_the_order_of_sending_and_settling_is_what_the_check_says() -> None:
    task = TASKS["unsent-sales"]
    keys = ["menu", "4", "menu", "6", "menu", "4"]

    wrong = score_task(task, [{"do": "connect", "link": "wifi"}, *({"do": "press", "key": key} for key in keys)], "v00")

    assert {name: met for name, met in wrong.met.items() if not met} == {"sent-first": False}


# ---- reading


def faults(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "full-journal.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as told:
        read_task(path)
    return [str(fault) for fault in told.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "full-journal"', 'id = "another"', "id: is 'another'; wanted: 'full-journal', the file's name."),
        ('id = "full-journal"', 'id = "Full Journal"', "id: wanted: kebab-case"),
        ("points = 4", "points = 0", "points: is 0; wanted: more than 0."),
        ("points = 4", 'points = "four"', "points: Expected `float`"),
        ("low = 2400", "low = 9400", "vary 'day': low must be below high."),
        ('"$day"', '"$night"', "device, batch: '$night' is no [[vary]] of this task."),
        ("count = 40", "count = 501", "device, batch: 501 sales; wanted: 0 to 500."),
        ('did = ["settled"]', 'did = ["setled"]', "check: 'setled' is nothing the terminal ever says"),
        ('did = ["settled"]\n', "", "check 'settled': asks for nothing"),
        ('before = ["settled", "approved"]', 'before = ["settled"]', "check 'test-sale', before: wanted: two things"),
        ('id = "test-sale"\npoints = 1', 'id = "test-sale"\npoints = -1', "check 'test-sale', points: is -1"),
        ('id = "test-sale"', 'id = "test-voided"', "check 'test-voided': the id stands 2 times"),
        ('did = ["settled"]', 'free_of = ["L16"]', "check 'settled', free_of: 'L16'; wanted: a lock class"),
        ('did = ["settled"]', "sound = false", "solution: misses settled in variant v00"),
        ('did = ["settled"]', 'did_not = ["batch-cleared"]', "check 'settled': is met by a restart alone"),
        ('{ do = "present-card" }', '{ do = "wipe" }', "'wipe' is nothing somebody in front of the terminal can do."),
        ('{ do = "present-card" }', '{ do = "present-crad" }', "present-crad"),
        ("why.zh = ", "wy.zh = ", "Did you mean 'why'?"),
        ("prompt.zh", "prompt.de", "prompt.zh: missing. Every text is needed in both languages."),
        ("edition = ", "edition ", "is not valid TOML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert [fault for fault in faults(tmp_path, (old, new)) if said in fault]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    told = faults(tmp_path, ("points = 4", "points = 0"), ("low = 2400", "low = 9400"), ('did = ["settled"]', 'did = ["setled"]'))

    assert len(told) == 3


def test_all_files_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text("[[[")
    (tmp_path / "two.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(ContentError) as told:
        read_tasks(tmp_path)

    assert len(told.value.faults) == 2


def test_an_unknown_task_names_its_neighbours() -> None:
    with pytest.raises(UnknownQuestion) as told:
        find_task(FOLDER, "full-jornal")

    assert told.value.near == ("full-journal",)


def test_the_last_try_is_counted_and_holds_only_events() -> None:
    press = {"do": "press", "key": "1"}

    tries, events = last_try([press, {"start": 2}, {"do": "wipe"}, "x", press, press, {"start": "3"}])

    assert (tries, len(events)) == (2, 2)
    assert last_try([]) == (1, [])
