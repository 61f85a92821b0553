"""What a graded call or task came to, as its learner may read it: what was done, what followed, which checks were met. Pure.

Nothing here says what would have been best, and a case's own check gives its reason only where the author allows that after grading:
the same call is given to others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from ..cases import Case, Ticket, draw, law, ticket_lists
from ..terminal import State, step
from ..terminal import say as device_says
from ..terminal.events import Connect, Event, Plug, PresentCard, Press
from ..text import WORDS, Text
from . import ScoreLine, act_of, play, score_log, score_of
from .checks import end_name
from .debrief import debrief
from .log import Try
from .rows import Played
from .sheet import part
from .task import MAX_EVENTS, Task, begin, event_of, score_task

EVEN: Final = 1e-6
MUCH: Final = 1e9
"""A sum on a ticket that is no sum any more."""


class Moment(msgspec.Struct, frozen=True):
    """One act, and at which minute of the call or step on the terminal it was over; what followed, and what it cost."""

    unit: Literal["minute", "step"]
    at: int
    act: Text
    followed: tuple[Text, ...] = ()
    meant: tuple[Text, ...] = ()


class Point(msgspec.Struct, frozen=True):
    """One line of the score, in points of the exercise. For a cap `earned` is what is left at most, for a fine it is below 0."""

    name: Text
    mark: Literal["met", "partly", "missed", "fine", "cap", "breach"]
    earned: float
    possible: float
    parts: tuple[tuple[Text, bool], ...] = ()
    why: Text | None = None


class Account(msgspec.Struct, frozen=True):
    """The whole of it. `refused`: why the record was not graded at all; then there is nothing else."""

    moments: tuple[Moment, ...] = ()
    points: tuple[Point, ...] = ()
    refused: Text | None = None


def account_of(exercise: Case | Task, taken: Try) -> Account:
    """The account of the try that counts. Never raises, whatever the record holds."""
    if not taken.entries:
        return Account()
    return _call(exercise, taken) if isinstance(exercise, Case) else _task(exercise, taken)


def _call(case: Case, taken: Try) -> Account:
    refused = next((line.name for line in score_log(case, list(taken.entries), taken.variant).lines if line.kind == "refused"), None)
    if refused:
        return Account(refused=refused)
    doings = [act for entry in taken.entries if (act := act_of(entry)) is not None]
    played = play(draw(case, taken.variant), doings, aloud=True)
    found = debrief(played)
    fact = part("fact")
    moments = [
        Moment(
            "minute",
            entry.minute,
            _on(entry.act, row.act.on),
            (
                *_written(row.act.ticket),
                *(text for text in entry.caused if text != fact),
                *(line.text for line in entry.heard if line.speaker == "meanwhile"),
            ),
            entry.meant,
        )
        for entry, row in zip(found.entries, played.rows, strict=True)
    ]
    return Account(tuple(moments), tuple(_point(played, line) for line in score_of(played).lines))


def _written(ticket: Ticket | None) -> Iterator[Text]:
    """What a ticket says, in the words of its form; a dash for what a forged record holds instead."""
    if ticket is None:
        return
    fields: dict[str, str | Text] = {"amount": f"{ticket.amount:.2f}" if 0 <= ticket.amount < MUCH else "—"}
    for field, rows in ticket_lists().items():
        fields[field] = next((_marked(row.key, row.name) for row in rows if row.key == getattr(ticket, field)), "—")
    yield part("ticket-said", **fields)


def _marked(mark: str, name: Text) -> Text:
    """A lock class or option with its mark before it; the rest has none."""
    return Text(f"{mark} · {name.en}", f"{mark} · {name.zh}") if mark[:1] in "LR" and mark[1:].isdigit() else name


def _on(act: Text, serial: str) -> Text:
    """An act with the terminal it was done to."""
    return Text(f"{act.en} · {serial}", f"{act.zh} · {serial}") if serial.isprintable() and serial else act


def _point(played: Played, line: ScoreLine) -> Point:
    case = played.call.case
    worth = case.points / 100
    why: Text | None = line.why
    parts = line.seen
    name = line.name
    own = next(((number, check) for number, check in enumerate(case.checks, 1) if check.id == line.id and line.why == check.why), None)
    if own:
        number, check = own
        why, parts, name = (check.why if check.after_grading else None), (), part("own-check", number=str(number))
    elif line.id == "option":
        parts = ((_end(played), line.earned >= line.possible - EVEN),)
    elif line.id == "verified" and line.earned < line.possible - EVEN:
        parts = ()
    return Point(name, _mark(line), line.earned * worth, line.possible * worth, parts, why)


def _mark(line: ScoreLine) -> Literal["met", "partly", "missed", "fine", "cap", "breach"]:
    if line.kind in ("fine", "cap", "breach"):
        return line.kind
    return _share(line.earned, line.possible)


def _share(earned: float, possible: float) -> Literal["met", "partly", "missed"]:
    return "met" if earned >= possible - EVEN else "partly" if earned > EVEN else "missed"


def _end(played: Played) -> Text:
    """How the call ended; not how it should have."""
    return part("ended-by", ended=end_name(law.ended(played.call, played.world)))


def _task(task: Task, taken: Try) -> Account:
    result = score_task(task, list(taken.entries), taken.variant)
    if result.refused:
        return Account(refused=_why_refused(result.refused))
    events = [event for entry in taken.entries if (event := event_of(entry)) is not None]
    whole = sum(check.points for check in task.checks)
    points = [
        Point(
            part("task-check", number=str(number)),
            "met" if result.met[check.id] else "missed",
            task.points * check.points / whole * result.met[check.id],
            task.points * check.points / whole,
            (),
            check.why if check.after_grading else None,
        )
        for number, check in enumerate(task.checks, 1)
    ]
    return Account(tuple(_steps(begin(task, taken.variant), events)), tuple(points))


def _why_refused(reason: str) -> Text:
    if reason == "too-long":
        return part("too-long", most=str(MAX_EVENTS))
    return part("bad-step" if reason == "bad-entry" else reason)


def _steps(state: State, events: list[Event]) -> Iterator[Moment]:
    """What was done on the terminal, keys gathered up to the next thing that it said."""
    done: list[Text] = []
    for number, event in enumerate(events, 1):
        state, messages = step(state, event)
        done.append(_name(event))
        said = tuple(device_says(message) for message in messages)
        if said or number == len(events) or not isinstance(event, Press):
            yield Moment("step", number, Text(" ".join(one.en for one in done), " ".join(one.zh for one in done)), said)
            done = []


def _name(event: Event) -> Text:
    """What was done to the terminal, as its page calls it."""
    match event:
        case Press():
            return WORDS.get(f"key-{event.key}", Text(event.key, event.key))
        case PresentCard():
            return WORDS["card-good" if event.card == "good" else "card-bad"]
        case Plug():
            return WORDS["plug" if event.on else "unplug"]
        case Connect():
            return WORDS["offline" if event.link == "none" else "online"]
        case _:
            tag = str(type(event).__struct_config__.tag)
            return WORDS.get({"power": "key-power"}.get(tag, tag), Text(tag, tag))
