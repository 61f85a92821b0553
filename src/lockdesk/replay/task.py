"""A task on the simulated terminal: a device in some state, a person's events on it, and a score by the share of checks met.

The checks speak of what the device said (names in `terminal.words`, such as "settled" or "uploaded") in the vocabulary of the cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import field

from ..cases.call import is_variant, terminals
from ..cases.model import Device, Vary
from ..terminal import Event, State, is_sound, locks, step
from ..terminal.events import ChangeCode, Connect, Plug, Power, PresentCard, Press, Restart, Upload, Wait
from ..terminal.words import WORDS
from ..text import Text, Word

MAX_EVENTS: Final = 500
"""More events than any task needs; a longer log is refused unread."""
BY_HAND: Final = (Press, PresentCard, Power, Restart, Plug, Connect, ChangeCode, Wait)
"""What somebody standing before the device can do; host and TMS commands are not the learner's here."""


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class TaskCheck(_Value, frozen=True, kw_only=True):
    """One check; all that is given must hold, and something must have been said at all.

    `did`: the device said all of these; `did_not`: none of them; `before`: the first was said, and before the second;
    `sound`: in the end the terminal sells and no class holds it; `free_of`: classes that do not hold it in the end.
    In an assignment `after_grading` lets the learner read `why` in the feedback.
    """

    id: Word
    points: float
    why: Text
    source: Word
    did: tuple[str, ...] = ()
    did_not: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    sound: bool | None = None
    free_of: tuple[str, ...] = ()
    after_grading: bool = False


class Task(_Value, frozen=True, kw_only=True):
    """One task. `solution`: events that meet every check."""

    edition: Word
    id: Word
    objective: Word
    points: float
    source: Word
    prompt: Text
    device: Device
    solution: tuple[Event, ...]
    hint: Text | None = None
    vary: tuple[Vary, ...] = ()
    checks: tuple[TaskCheck, ...] = field(name="check")


class TaskScore(msgspec.Struct, frozen=True):
    """The share of the task's points in [0, 1], and for each check whether it was met. `refused`: why a log was not graded at all."""

    share: float
    met: dict[str, bool]
    refused: str = ""


def begin(task: Task, variant: str) -> State:
    """The device as the learner finds it, in this variant."""
    return terminals(task, (task.device,), variant)[1][task.device.id]


def score_task(task: Task, log: object, variant: str) -> TaskScore:
    """The score of a log of events. Never raises, whatever the log is."""
    if not is_variant(variant):
        return TaskScore(0.0, {}, "bad-variant")
    if not isinstance(log, list):
        return TaskScore(0.0, {}, "not-a-log")
    if len(log) > MAX_EVENTS:
        return TaskScore(0.0, {}, "too-long")
    state = begin(task, variant)
    said: list[str] = []
    for entry in log:
        event = event_of(entry)
        if event is None:
            return TaskScore(0.0, {}, "bad-entry")
        state, messages = step(state, event)
        said += [message.name for message in messages]
    met = {check.id: _is_met(check, said, state) for check in task.checks}
    whole = sum(check.points for check in task.checks)
    earned = sum(check.points for check in task.checks if met[check.id])
    return TaskScore(earned / whole if whole else 0.0, met)


def was_met(task: Task, answers: Iterable[object], variant: str) -> bool:
    """Whether in some try there was a moment at which every check was met, whatever was done after it."""
    said: list[str] = []
    state, count = begin(task, variant), 0
    for answer in answers:
        if is_start(answer):
            state, said, count = begin(task, variant), [], 0
        elif count < MAX_EVENTS and (event := event_of(answer)) is not None:
            state, messages = step(state, event)
            said, count = said + [message.name for message in messages], count + 1
            if all(_is_met(check, said, state) for check in task.checks):
                return True
    return False


def last_try(answers: Iterable[object]) -> tuple[int, list[Event]]:
    """The number of the try that was begun last, from 1, and its events. What is neither event nor beginning is passed over."""
    tries = 1
    events: list[Event] = []
    for answer in answers:
        if is_start(answer):
            tries, events = tries + 1, []
        elif len(events) < MAX_EVENTS and (event := event_of(answer)) is not None:
            events.append(event)
    return tries, events


def is_start(answer: object) -> bool:
    """Whether a line of the log begins a new try: {"start": n}, n being its number."""
    return isinstance(answer, dict) and answer.keys() == {"start"} and type(answer["start"]) is int


def event_of(entry: object) -> Event | None:
    """One entry of a log as an event by hand; None when it is none."""
    try:
        event: Event = msgspec.convert(entry, Event)
    except (msgspec.ValidationError, RecursionError):
        return None
    by_hand = isinstance(event, BY_HAND) or (isinstance(event, Upload) and not event.remote)
    return event if by_hand else None


def _is_met(check: TaskCheck, said: list[str], state: State) -> bool:
    if not said:
        return False
    holds = [name in said for name in check.did] + [name not in said for name in check.did_not]
    if check.before:
        early, late = check.before
        holds.append(early in said and (late not in said or said.index(early) < said.index(late)))
    if check.sound is not None:
        holds.append(is_sound(state) is check.sound)
    holds += [mark not in locks(state) for mark in check.free_of]
    return all(holds)


def unknown_words(task: Task) -> list[str]:
    """Names in the checks that no device ever says."""
    names = [name for check in task.checks for name in (*check.did, *check.did_not, *check.before)]
    return [name for name in names if name not in WORDS]
