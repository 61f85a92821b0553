"""What a record says of one graded call or task: which try counts, in which variant, and whether it was brought to its end.

The same rules for the widget's count, for `check` and for the grader. Nothing here raises, whatever the lines are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from . import act_of
from .task import event_of, is_start

Said = tuple[str, object]
"""A line of the record about one call or task: the variant it names, and what was done."""


class Try(msgspec.Struct, frozen=True):
    """The try that counts: its variant, what was done in it as it stands in the record, and whether it was brought to its end."""

    variant: str = ""
    entries: tuple[object, ...] = ()
    is_whole: bool = False


def call_in(said: Iterable[Said]) -> Try:
    """The one try of a call: up to its first ticket, in the variant that its first line names.

    Passed over are lines that name another variant, and beginnings of further tries, which a graded call does not have.
    """
    entries: list[object] = []
    lines = _of_one_variant(said)
    for _, answer in lines:
        if is_start(answer):
            continue
        entries.append(answer)
        if is_ticket(answer):
            return Try(lines[0][0], tuple(entries), is_whole=True)
    return Try(lines[0][0], tuple(entries)) if entries else Try()


def is_ticket(answer: object) -> bool:
    """Whether a line of the record is the ticket that ends a call."""
    act = act_of(answer)
    return act is not None and act.act == "ticket"


def task_in(said: Iterable[Said]) -> Try:
    """The try of a task that counts: the last terminal handed over; where none was, the last one that was worked on."""
    lines = _of_one_variant(said)
    variant = lines[0][0] if lines else ""
    whole: list[object] | None = None
    worked_on: list[object] = []
    entries: list[object] = []
    is_over = False
    for _, answer in lines:
        if is_start(answer):
            entries, is_over = [], False
        elif is_over:
            continue  # it is out of the learner's hands
        elif not is_done(answer):
            entries.append(answer)
            worked_on = entries
        elif entries:
            whole, is_over = entries, True
    return Try(variant, tuple(worked_on)) if whole is None else Try(variant, tuple(whole), is_whole=True)


def is_done(answer: object) -> bool:
    """Whether a line of the record hands a terminal over: {"done": n}, n being the number of the try."""
    return isinstance(answer, dict) and answer.keys() == {"done"} and type(answer["done"]) is int


def is_of_task(answer: object) -> bool:
    """Whether a line of the record is one that the terminal's page writes."""
    return is_start(answer) or is_done(answer) or event_of(answer) is not None


def _of_one_variant(said: Iterable[Said]) -> Sequence[Said]:
    lines = list(said)
    return [line for line in lines if line[0] == lines[0][0]]
