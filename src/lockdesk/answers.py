"""The answer log: one JSON line an interaction, written so that a crash, a second tab or a second kernel loses nothing.

A line: {"v":1,"at":"…Z","q":"id","edition":"…","variant":"…","attempt":n,"lang":"zh","answer":…}
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import msgspec

from .errors import NotSaved
from .text import Lang

FORM: Final = 1
MAX_LINE: Final = 4096
MAX_DEPTH: Final = 8
MAX_FILE: Final = 20 * 1024 * 1024
WARN_AT: Final = 0.8
_TAIL: Final = 256
_START: Final = b'{"v":'
_O_NOFOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_O_NONBLOCK: Final = getattr(os, "O_NONBLOCK", 0)


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One interaction. `at` is UTC in ISO 8601 with a Z; `attempt` counts from 1; `variant` is "" where there are none."""

    v: Literal[1]
    at: str
    q: str
    edition: str
    variant: str
    attempt: int
    lang: Lang
    answer: Any


class Reading(msgspec.Struct, frozen=True):
    """What a log holds. Torn lines are what a crash leaves: ignored, and counted."""

    entries: tuple[Entry, ...]
    torn: int = 0


class Trouble(msgspec.Struct, frozen=True):
    """Why a record, or one line of it, cannot be used. `line` counts from 1; 0 is the file as a whole."""

    reason: Literal["missing", "link", "not-a-file", "unreadable", "too-big", "bad-line"]
    line: int = 0
    detail: str = ""


class Examined(msgspec.Struct, frozen=True):
    """What a record holds that can be used, and what cannot, in the order of the file."""

    entries: tuple[Entry, ...]
    troubles: tuple[Trouble, ...] = ()


class AnswerLog:
    """The record of one learner's answers in one file. Knows what others append to it meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: list[Entry] = []
        self._torn = 0
        self._read_to = 0
        self._tail = b""

    @property
    def fullness(self) -> float:
        """The share of the size limit that is used, from 0 to 1."""
        return self._read_to / MAX_FILE

    def read(self) -> Reading:
        """All that is recorded, what other kernels wrote included; an absent file is an empty record.

        Raises:
            NotSaved: the file is not an answer log of ours, or of a newer edition, or cannot be read.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | _O_NOFOLLOW | _O_NONBLOCK)
        except FileNotFoundError:
            self._forget()
            return Reading(())
        except OSError as error:
            raise self._refusal(error) from None
        try:
            new = self._news(descriptor)
        except OSError as error:
            raise self._refusal(error) from None
        finally:
            os.close(descriptor)
        whole, newline, rest = new.rpartition(b"\n")
        entries, torn = _entries_of(whole.split(b"\n") if newline else (), self.path)
        torn_end = _torn(rest, self.path) if rest.strip(b"\0") else 0
        self._entries += entries
        self._torn += torn
        self._read_to += len(whole) + len(newline)
        self._tail = (self._tail + whole + newline)[-_TAIL:]
        return Reading(tuple(self._entries), self._torn + torn_end)

    def _news(self, descriptor: int) -> bytes:
        """The bytes that were added since the last reading; all of them if the file is another or was overwritten."""
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotSaved("not-ours", str(self.path))
        known = self._read_to - len(self._tail)
        if status.st_size < self._read_to or os.pread(descriptor, len(self._tail), known) != self._tail:
            self._forget()
        return os.pread(descriptor, MAX_FILE + 1, self._read_to)

    def append(self, entry: Entry) -> None:
        """Write `entry` as one line, in one call, and wait until the disk has it.

        Raises:
            NotSaved: it was not written. What was in the file before is untouched.
        """
        line = encode(entry)
        self.read()
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _O_NOFOLLOW | _O_NONBLOCK, 0o600)
        except OSError as error:
            raise self._refusal(error) from None
        try:
            self._write(descriptor, line)
        except OSError as error:
            raise self._refusal(error) from None
        finally:
            os.close(descriptor)

    def _write(self, descriptor: int, line: bytes) -> None:
        size = os.fstat(descriptor).st_size
        if size + len(line) + 1 > MAX_FILE:
            raise NotSaved("log-full", str(self.path))
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line  # after a torn line: what a crash cut off stays apart from what follows
        if os.write(descriptor, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
        if size == 0:
            _sync_folder(self.path.parent)

    def _forget(self) -> None:
        self._entries, self._torn, self._read_to, self._tail = [], 0, 0, b""

    def _refusal(self, error: OSError) -> NotSaved:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return NotSaved("disk-full", str(self.path))
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
            return NotSaved("not-ours", str(self.path))
        return NotSaved("cannot-write", str(self.path.parent))


def encode(entry: Entry) -> bytes:
    """`entry` as a line of the log, its newline included.

    Raises:
        NotSaved: the line would be longer than `MAX_LINE` bytes.
    """
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
    line = json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
    if len(line) > MAX_LINE:
        raise NotSaved("too-long")
    return line


def decode(line: bytes) -> Entry:
    """The entry on `line`, refusing what JSON readers let through: repeated names, NaN, numbers beyond range, deep nesting.

    Raises:
        ValueError: the line is no entry of this form.
    """
    if len(line) > MAX_LINE:
        raise ValueError(f"a line of {len(line)} bytes; at most {MAX_LINE} are allowed")
    try:
        data = json.loads(
            line.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant, parse_float=_finite, parse_int=_in_range
        )
    except RecursionError:
        raise ValueError("nested too deep") from None
    _check_depth(data)
    return msgspec.convert(data, Entry)  # its ValidationError is a ValueError


def examine(path: Path) -> Examined:
    """Somebody else's record, trusted in nothing: it may be a link, a pipe, endless, or full of lies. Never raises.

    A line that is no entry is named and left out; the others count. A file that is none, or over the limit, counts nothing.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _O_NOFOLLOW | _O_NONBLOCK)
    except FileNotFoundError:
        return Examined((), (Trouble("missing"),))
    except OSError as error:
        known: dict[int | None, Literal["link", "not-a-file"]] = {errno.ELOOP: "link", errno.ENXIO: "not-a-file"}
        return Examined((), (Trouble(known.get(error.errno, "unreadable"), detail=os.strerror(error.errno or 0)),))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Examined((), (Trouble("not-a-file"),))
        if status.st_size > MAX_FILE:
            return Examined((), (Trouble("too-big", detail=str(status.st_size)),))
        data = _read_up_to(descriptor, MAX_FILE)
    except OSError as error:
        return Examined((), (Trouble("unreadable", detail=os.strerror(error.errno or 0)),))
    finally:
        os.close(descriptor)
    entries: list[Entry] = []
    troubles: list[Trouble] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if bare := line.strip(b"\0\r\t "):
            try:
                entries.append(decode(bare))
            except ValueError as error:
                troubles.append(Trouble("bad-line", number, str(error)))
    return Examined(tuple(entries), tuple(troubles))


def _read_up_to(descriptor: int, limit: int) -> bytes:
    """What is in the file, at most `limit` bytes of it: it may grow while it is read."""
    chunks: list[bytes] = []
    left = limit
    while left and (chunk := os.read(descriptor, min(left, 1 << 20))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def latest(entries: Iterable[Entry], question_id: str) -> Entry | None:
    """The last entry for a question, or None."""
    return next((entry for entry in reversed(tuple(entries)) if entry.q == question_id), None)


def _entries_of(lines: Iterable[bytes], path: Path) -> tuple[list[Entry], int]:
    entries: list[Entry] = []
    torn = 0
    for line in (line.strip(b"\0") for line in lines):  # a power cut can leave zeros where text should be
        if not line:
            continue
        try:
            entries.append(decode(line))
        except ValueError:
            torn += _torn(line, path)
    return entries, torn


def _torn(line: bytes, path: Path) -> int:
    """1 for a line of ours that a crash cut off.

    Raises:
        NotSaved: it is no line of ours, or one of a newer form.
    """
    if _form_of(line) > FORM:
        raise NotSaved("newer-log", str(path))
    if not (line.startswith(_START) or _START.startswith(line)):
        raise NotSaved("not-ours", str(path))
    return 1


def _form_of(line: bytes) -> int:
    """The number a log line gives its form by; 0 if it gives none."""
    digits = line[len(_START) : len(_START) + 6].split(b",")[0] if line.startswith(_START) else b""
    return int(digits) if digits.isdigit() else 0


def _check_depth(data: object) -> None:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [child for item in level if isinstance(item, dict | list) for child in (item.values() if isinstance(item, dict) else item)]
        if not level:
            return
    raise ValueError("nested too deep")


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a name is given twice")
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text} is out of range")
    return number


def _in_range(text: str) -> int:
    if len(text) > 17:
        raise ValueError(f"a number of {len(text)} digits is out of range")
    return int(text)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name as durable as its contents."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
