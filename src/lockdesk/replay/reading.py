"""Task files → tasks. Every fault of a file is reported at once, with file, id and field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..bank import read_toml, spoken
from ..cases.call import VARIANTS
from ..errors import ContentError, Fault, UnknownQuestion
from ..terminal.events import Restart
from ..typed import convert
from .task import MAX_EVENTS, Task, TaskCheck, event_of, score_task, unknown_words

_KEBAB = r"[a-z0-9]+(-[a-z0-9]+)*"
_CLASS = r"L([1-9]|1[0-5])"
NOTHING_DONE = [msgspec.to_builtins(Restart())]
"""A log of somebody who only switched the device off and on: it must meet no check."""


def find_task(folder: Path, task_id: str) -> Task:
    """The task called `task_id`, from the file of that name in `folder`.

    Raises:
        UnknownQuestion: there is no such file; carries the nearest names.
        ContentError: all that is wrong with it.
    """
    names = [path.stem for path in sorted(folder.glob("*.toml"))]
    if task_id in names:
        return read_task(folder / f"{task_id}.toml")
    from difflib import get_close_matches  # here, for a lesson without faults must not wait for it

    raise UnknownQuestion(task_id, get_close_matches(task_id, names, 3), spoken(folder))


def read_task(path: Path) -> Task:
    """The task at `path`.

    Raises:
        ContentError: all that is wrong with it.
    """
    where = spoken(path)
    task = convert(read_toml(path, where), Task, where)
    faults = list(faults_of(task, where))
    if task.id != path.stem:
        faults.insert(0, Fault(f"{where}, id", f"is {task.id!r}; wanted: {path.stem!r}, the file's name."))
    if faults:
        raise ContentError(faults)
    return task


def read_tasks(folder: Path) -> dict[str, Task]:
    """Every task file of `folder`, by id.

    Raises:
        ContentError: all that is wrong with all of them.
    """
    found: dict[str, Task] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            task = read_task(path)
        except ContentError as error:
            faults += error.faults
        else:
            found[task.id] = task
    if faults:
        raise ContentError(faults)
    return found


def faults_of(task: Task, where: str) -> Iterator[Fault]:
    """What makes a task unusable: numbers that cannot be drawn, checks that ask for nothing, a solution that is none."""
    if not re.fullmatch(_KEBAB, task.id):
        yield Fault(f"{where}, id", "wanted: kebab-case, as in 'full-journal'.")
    if not 0 < task.points < 10_000:
        yield Fault(f"{where}, points", f"is {task.points:g}; wanted: more than 0.")
    before = list(_device_faults(task, where))
    yield from before
    if not task.checks:
        yield Fault(f"{where}, check", "missing. Wanted: at least one.")
    for check_id, times in Counter(check.id for check in task.checks).items():
        if times > 1:
            yield Fault(f"{where}, check '{check_id}'", f"the id stands {times} times; wanted: once.")
    for check in task.checks:
        yield from _check_faults(check, f"{where}, check '{check.id}'")
    for name in unknown_words(task):
        yield Fault(f"{where}, check", f"{name!r} is nothing the terminal ever says; its words stand in terminal/words.py.")
    if not before:
        yield from _play_faults(task, where)


def _device_faults(task: Task, where: str) -> Iterator[Fault]:
    for vary in task.vary:
        if vary.low >= vary.high:
            yield Fault(f"{where}, vary '{vary.name}'", "low must be below high.")
    known = {vary.name for vary in task.vary}
    for name in ("batch", "stored"):
        sales = getattr(task.device, name)
        if sales is None:
            continue
        if isinstance(sales.total, str) and sales.total.removeprefix("$") not in known:
            yield Fault(f"{where}, device, {name}", f"{sales.total!r} is no [[vary]] of this task.")
        if not 0 <= sales.count <= 500:
            yield Fault(f"{where}, device, {name}", f"{sales.count} sales; wanted: 0 to 500.")


def _check_faults(check: TaskCheck, where: str) -> Iterator[Fault]:
    if not (check.did or check.did_not or check.before or check.free_of or check.sound is not None):
        yield Fault(where, "asks for nothing; wanted: did, did_not, before, sound or free_of.")
    if check.before and len(check.before) != 2:
        yield Fault(f"{where}, before", "wanted: two things the terminal says.")
    if not check.points > 0:
        yield Fault(f"{where}, points", f"is {check.points:g}; wanted: more than 0.")
    for mark in check.free_of:
        if not re.fullmatch(_CLASS, mark):
            yield Fault(f"{where}, free_of", f"{mark!r}; wanted: a lock class, L1 to L15.")


def _play_faults(task: Task, where: str) -> Iterator[Fault]:
    """The solution must meet every check in every variant, and switching off and on must meet none."""
    solution = msgspec.to_builtins(list(task.solution))
    if len(solution) > MAX_EVENTS:
        yield Fault(f"{where}, solution", f"{len(solution)} events; at most {MAX_EVENTS} are allowed.")
        return
    for number, entry in enumerate(solution, 1):
        if event_of(entry) is None:
            yield Fault(f"{where}, solution number {number}", f"{entry['do']!r} is nothing somebody in front of the terminal can do.")
            return
    if any(len(check.before) not in (0, 2) for check in task.checks):
        return
    for variant in (f"v{number:02d}" for number in range(VARIANTS)):
        score = score_task(task, solution, variant)
        if missed := [check_id for check_id, met in score.met.items() if not met]:
            yield Fault(f"{where}, solution", f"misses {', '.join(missed)} in variant {variant}; wanted: it meets every check.")
            return
    for check_id, met in score_task(task, NOTHING_DONE, "v00").met.items():
        if met:
            yield Fault(f"{where}, check '{check_id}'", "is met by a restart alone; wanted: something the learner has to do.")
