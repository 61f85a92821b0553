"""Other people's folders, taken in safely: only ordinary files, only those that count, never through a link."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Final

from ..answers import MAX_FILE
from ..place import LOG
from .assess import Flag, printable
from .words import WORDS

NOTES: Final = "collected.json"
"""What was refused or left out while this submission was collected; written by us, removed when it comes from a learner."""
THEIRS: Final = ".theirs"
"""Added to the name of a learner's own notebook, which is kept and never read."""
MAX_NOTEBOOK: Final = 10 * 1024 * 1024
_NBGRADERS = ("timestamp.txt", "submission_secret.txt")
_TIMESTAMP, _FEEDBACKS_NAME = _NBGRADERS


def take_in(source: Path, target: Path, release: Path) -> None:
    """Copy what counts of the submission in `source` into the new folder `target`, with the released notebooks beside it.

    Never raises for anything a learner can have put there; what was refused is noted for the grader.
    """
    target.mkdir(parents=True, exist_ok=True)
    flags: list[Flag] = []
    notebooks = [path.name for path in sorted(release.glob("*.ipynb"))]
    try:
        folder = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        flags.append(Flag("not-collected", os.strerror(error.errno or errno.EIO)))
    else:
        flags += _put_there_by_another(folder, target.parent.name)
        try:
            left_out = []
            for name in sorted(os.listdir(folder)):  # noqa: PTH208 (pathlib cannot list a descriptor)
                refused = _copy(folder, name, target, notebooks)
                flags += [refused] if isinstance(refused, Flag) else []
                left_out += [name] if refused is True else []
            if left_out:
                flags.append(Flag("left-out", ", ".join(map(printable, left_out[:5])) + (" …" if len(left_out) > 5 else "")))
        finally:
            os.close(folder)
    _complete(target)
    _restore_release(target, release)
    _note(target, flags)


def _put_there_by_another(folder: int, learner: str) -> Iterator[Flag]:
    """A submission in the exchange belongs to the account that handed it in; the grader's own account is no stranger."""
    uid = os.fstat(folder).st_uid
    try:
        import pwd

        owner = pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        owner = str(uid)
    if owner != learner and uid != os.getuid():
        yield Flag("other-owner", printable(owner))


def prepare(folder: Path, release: Path) -> None:
    """Make a submission that did not come through our collecting (a zip file, a copy by hand) as if it had."""
    if folder.is_symlink() or not folder.is_dir():
        return
    flags: list[Flag] = []
    for path in list(_special(folder)):
        reason = "link" if path.is_symlink() else "not-a-file"
        path.unlink()
        flags.append(Flag(reason) if path == folder / LOG else Flag("left-out", printable(path.name)))
    for name in (LOG, NOTES, *_NBGRADERS):
        if (folder / name).is_dir():
            shutil.move(folder / name, _free(folder / f"{name}{THEIRS}"))
            flags.append(Flag("not-a-file") if name == LOG else Flag("left-out", name))
    for path in sorted(folder.glob("*.ipynb")):
        released = release / path.name
        if not released.is_file() or path.is_dir() or path.read_bytes() != released.read_bytes():
            shutil.move(path, _free(path.with_name(path.name + THEIRS)))
    flags += _mended_timestamp(folder)
    _complete(folder)
    _restore_release(folder, release)
    _note(folder, [*notes_in(folder), *flags])


def _special(folder: Path) -> Iterator[Path]:
    """Everything below `folder` that is neither an ordinary file nor a folder."""
    for top, folders, files in os.walk(folder, followlinks=False):
        for path in (Path(top) / name for name in (*folders, *files)):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                yield path


def notes_in(folder: Path) -> list[Flag]:
    """What was noted while the submission in `folder` was collected; empty where nothing was, or the note is none of ours."""
    path = folder / NOTES
    try:
        if path.is_symlink():
            return []
        notes = [Flag(str(note["reason"]), printable(str(note["detail"]))) for note in json.loads(path.read_text(encoding="utf-8"))]
        return [note for note in notes if f"flag-{note.reason}" in WORDS]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _copy(folder: int, name: str, target: Path, notebooks: Iterable[str]) -> Flag | bool:
    """Copy one member of a submission. True if it is none that counts, a flag if it was refused, else False."""
    if name in notebooks:
        goal, limit = name + THEIRS, MAX_NOTEBOOK
    elif name == LOG or name in _NBGRADERS:
        goal, limit = name, MAX_FILE if name == LOG else 4096
    else:
        return name != "questions.json"
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        known = {errno.ELOOP: "link", errno.ENXIO: "not-a-file"}
        return Flag(known.get(error.errno or 0, "unreadable"), os.strerror(error.errno or errno.EIO)) if name == LOG else True
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Flag("not-a-file") if name == LOG else True
        if status.st_size > limit:
            return Flag("too-big", str(status.st_size)) if name == LOG else True
        with open(descriptor, "rb", closefd=False) as source, (target / goal).open("wb") as copy:
            copy.write(source.read(limit))
    except OSError as error:
        return Flag("unreadable", os.strerror(error.errno or errno.EIO)) if name == LOG else True
    finally:
        os.close(descriptor)
    return False


def _mended_timestamp(folder: Path) -> Iterator[Flag]:
    """Put a timestamp aside that nbgrader could not read: it would keep the submission from being graded at all."""
    from nbgrader.utils import parse_utc  # heavy, and wanted by nobody but a grader

    path = folder / _TIMESTAMP
    if not path.is_file() or not path.stat().st_size:
        return
    words = path.read_bytes()[:4096].decode("utf-8", "replace").strip()
    try:
        parse_utc(words)
    except (ValueError, OverflowError, TypeError):
        shutil.move(path, _free(path.with_name(path.name + THEIRS)))
        yield Flag("timestamp", printable(words))


def _complete(folder: Path) -> None:
    """See that the two files are there without which nbgrader would return nobody's feedback: a time, if an empty one, and a secret."""
    (folder / _TIMESTAMP).touch()
    if not (folder / _FEEDBACKS_NAME).is_file() or not (folder / _FEEDBACKS_NAME).read_bytes().isalnum():
        (folder / _FEEDBACKS_NAME).write_text(token_hex(64), encoding="ascii")


def _restore_release(target: Path, release: Path) -> None:
    for path in sorted(release.glob("*.ipynb")):
        shutil.copyfile(path, target / path.name)


def _note(target: Path, flags: Iterable[Flag]) -> None:
    unique = list(dict.fromkeys((flag.reason, flag.detail) for flag in flags))
    notes = [{"reason": reason, "detail": detail} for reason, detail in unique]
    (target / NOTES).write_text(json.dumps(notes, ensure_ascii=False) + "\n", encoding="utf-8")


def _free(path: Path) -> Path:
    """`path`, or the first name after it that nothing has."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
