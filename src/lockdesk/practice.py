"""How far a learner is in calls and in tasks on the terminal. Only files that the record names are opened, so that it is quick."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from .answers import Entry
from .bank import read_toml, spoken
from .errors import ContentError


class Standing(msgspec.Struct, frozen=True):
    """How far a learner is: what was begun or answered at all, what is done, what there is."""

    answered: int
    done: int
    all: int


def calls(folder: Path, entries: Iterable[Entry], faults: list[str]) -> Standing:
    """A call is done once its ticket is written."""
    return _standing(folder, entries, _is_closed, faults)


def tasks(folder: Path, entries: Iterable[Entry], faults: list[str]) -> Standing:
    """A task is done once every check was met in one try."""
    return _standing(folder, entries, _is_met, faults)


def _standing(folder: Path, entries: Iterable[Entry], is_done: Callable[[Path, list[Entry]], bool], faults: list[str]) -> Standing:
    """Counts the files of `folder` by what `entries` say of them; what is wrong with a file is added to `faults`."""
    files = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    recorded: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.q in files:
            recorded.setdefault(entry.q, []).append(entry)
    begun = done = 0
    for name, found in recorded.items():
        try:
            edition = read_toml(files[name], spoken(files[name])).get("edition")
            if present := [entry for entry in found if entry.edition == edition]:
                done += is_done(files[name], present)
                begun += 1
        except ContentError as error:
            faults += map(str, error.faults)
    return Standing(begun, done, len(files))


def _is_closed(path: Path, entries: list[Entry]) -> bool:
    return any(isinstance(entry.answer, dict) and entry.answer.get("act") == "ticket" for entry in entries)


def _is_met(path: Path, entries: list[Entry]) -> bool:
    from .cases import is_variant  # here, for a front page without a task on record must not wait for it
    from .replay.reading import read_task
    from .replay.task import was_met

    task = read_task(path)
    variants = {entry.variant for entry in entries if is_variant(entry.variant)}
    return any(was_met(task, [entry.answer for entry in entries if entry.variant == name], name) for name in variants)
