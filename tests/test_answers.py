from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import SOUND_JSON, entry
from lockdesk.answers import MAX_FILE, MAX_LINE, AnswerLog, Reading, decode, encode, examine, latest
from lockdesk.errors import NotSaved
from lockdesk.questions import MAX_WRITTEN

LIMIT = 20 * 1024 * 1024
RAW = {
    "v": "1",
    "at": '"2026-11-22T04:10:00.000Z"',
    "q": '"who-calls"',
    "edition": '"2026-11"',
    "variant": '""',
    "attempt": "1",
    "lang": '"en"',
    "answer": '"beta"',
}


def raw(**fields: str | None) -> bytes:
    """A line with the given JSON put in as it is; None leaves a field out."""
    return ("{" + ",".join(f'"{name}":{value}' for name, value in (RAW | fields).items() if value is not None) + "}").encode()


def names(reading: Reading) -> list[str]:
    return [one.q for one in reading.entries]


def refusal(action: Callable[[], object]) -> NotSaved:
    with pytest.raises(NotSaved) as caught:
        action()
    return caught.value


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails instead of hanging."""

    def ring(*_: object) -> None:
        pytest.fail(f"this took longer than {seconds} s")  # no OSError, which the code under test would catch

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- a line


@given(SOUND_JSON, st.integers(1, 10**6), st.text(max_size=20), st.sampled_from(["en", "zh"]))
def test_what_is_encoded_is_decoded_to_the_same(answer: Any, attempt: int, edition: str, lang: str) -> None:
    one = entry(answer=answer, attempt=attempt, edition=edition, lang=lang)

    assert decode(encode(one)) == one


def test_an_entry_is_one_line_of_json_as_the_design_has_it() -> None:
    line = encode(entry(answer={"pin": "shop"}, lang="zh"))

    assert line == (
        b'{"v":1,"at":"2026-11-22T04:10:00.000Z","q":"who-calls","edition":"2026-11","variant":"","attempt":1,"lang":"zh",'
        b'"answer":{"pin":"shop"}}\n'
    )


def test_a_text_of_several_lines_stays_on_one_line() -> None:
    line = encode(entry(answer="one\ntwo\r\nthree\u2028four"))

    assert line.count(b"\n") == 1
    assert decode(line).answer == "one\ntwo\r\nthree\u2028four"


@pytest.mark.parametrize("answer", [float("nan"), float("inf"), {"x": [float("-inf")]}])
def test_a_number_that_is_none_is_never_written(answer: Any) -> None:
    with pytest.raises(ValueError):
        encode(entry(answer=answer))


@pytest.mark.parametrize("character", ["a", "啊", "“", "\n"])
def test_the_longest_written_answer_fits_a_line_in_either_language(character: str) -> None:
    one = entry("a-question-with-a-rather-long-name", character * MAX_WRITTEN, attempt=10_000)

    assert decode(encode(one)) == one


def test_a_line_of_exactly_the_limit_is_written_and_a_longer_one_refused() -> None:
    room = MAX_LINE - len(encode(entry(answer="")))

    assert len(encode(entry(answer="x" * room))) == MAX_LINE
    assert refusal(lambda: encode(entry(answer="x" * (room + 1)))).reason == "too-long"


REFUSED = {
    "a name twice": raw(answer='"beta","q":"other"'),
    "a name twice, deep inside": raw(answer='{"a":1,"a":2}'),
    "a name twice, once in disguise": raw(answer=r'{"a":1,"\u0061":2}'),
    "NaN": raw(answer="NaN"),
    "Infinity": raw(answer="Infinity"),
    "-Infinity": raw(answer="-Infinity"),
    "NaN deep inside": raw(answer='{"x":[[NaN]]}'),
    "beyond every float": raw(answer="1e999"),
    "below every float": raw(answer="-1e999"),
    "beyond every float, deep inside": raw(answer="[0.1, 1e400]"),
    "eighteen digits": raw(answer="9" * 18),
    "four hundred digits": raw(answer="-" + "9" * 400),
    "nested too deep": raw(answer="[" * 1900 + "]" * 1900),
    "too long": raw(answer=f'"{"x" * MAX_LINE}"'),
    "no answer": raw(answer=""),
    "single quotes": raw(answer="'beta'"),
    "a comma too many": raw(answer='"beta",'),
    "a comment": raw(answer='"beta" // sic'),
    "two entries on a line": raw() + raw(),
    "cut off": raw()[:-1],
    "an unknown field": raw(more="1"),
    "not UTF-8": raw(answer='"\xff"').replace(b"\xc3\xbf", b"\xff"),
    "a byte order mark": b"\xef\xbb\xbf" + raw(),
    "UTF-16": raw().decode().encode("utf-16"),
    "nothing": b"",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "a text": b'"{}"',
    **{f"no {name}": raw(**{name: None}) for name in RAW},
    **{f"v is {value}": raw(v=value) for value in ('"1"', "true", "1.0", "0", "2", "-1", "null", "[1]")},
    **{f"attempt is {value}": raw(attempt=value) for value in ('"1"', "true", "1.5", "null")},
    **{f"{name} is a number": raw(**{name: "3"}) for name in ("at", "q", "edition", "variant", "lang")},
    **{f"{name} is null": raw(**{name: "null"}) for name in ("at", "q", "edition", "variant", "lang")},
    "another language": raw(lang='"fr"'),
    "a language in capitals": raw(lang='"EN"'),
}


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED)
def test_a_line_that_is_no_entry_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        decode(line)


@pytest.mark.parametrize(
    "line",
    [raw(), raw(answer="null"), raw(answer="true"), raw(answer="[[],{}]"), raw(answer="-1.5e3"), raw(lang='"zh"'), raw() + b"\n"],
)
def test_a_sound_line_is_an_entry(line: bytes) -> None:
    assert decode(line).q == "who-calls"


def outcome(line: bytes) -> str:
    try:
        decode(line)
    except ValueError:
        return "refused"
    return "an entry"


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_nesting_of_any_depth_is_read_or_refused(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    deepest = MAX_LINE // (len(opening) + 1) - 100

    outcomes = {outcome(raw(answer=opening * depth + "1" + closing * depth)) for depth in range(1, deepest, 7)}

    assert outcomes <= {"an entry", "refused"}


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_refused(line: bytes) -> None:
    assert outcome(line) in ("an entry", "refused")


def test_the_latest_entry_of_a_question_is_the_last_one() -> None:
    entries = [entry("a", 1), entry("b", 2), entry("a", 3), entry("c", 4)]

    assert latest(iter(entries), "a") == entry("a", 3)


def test_a_question_never_answered_has_no_latest_entry() -> None:
    assert latest([entry("a")], "b") is None


# ---- a file, read and appended to


def test_an_absent_record_is_an_empty_one_and_reading_makes_no_file(log: AnswerLog) -> None:
    assert log.read() == Reading(())
    assert not log.path.exists()


def test_what_is_appended_is_read_in_order_by_another(log: AnswerLog) -> None:
    for number in range(3):
        log.append(entry(f"q-{number}"))

    assert names(AnswerLog(log.path).read()) == ["q-0", "q-1", "q-2"]


def test_a_record_can_be_read_by_its_owner_only(log: AnswerLog) -> None:
    before = os.umask(0)
    try:
        log.append(entry())
    finally:
        os.umask(before)

    assert log.path.stat().st_mode & 0o777 == 0o600


def test_two_kernels_that_take_turns_see_each_others_entries(log: AnswerLog) -> None:
    other = AnswerLog(log.path)
    for number in range(3):
        log.append(entry(f"mine-{number}"))
        other.append(entry(f"theirs-{number}"))

    assert names(log.read()) == names(other.read()) == ["mine-0", "theirs-0", "mine-1", "theirs-1", "mine-2", "theirs-2"]


def test_reading_twice_changes_nothing(log: AnswerLog) -> None:
    log.append(entry())

    assert log.read() == log.read()


def test_a_torn_last_line_is_ignored_and_kept(log: AnswerLog) -> None:
    whole = encode(entry("one"))
    log.path.write_bytes(whole + encode(entry("two"))[:40])
    before = log.path.read_bytes()

    reading = log.read()

    assert names(reading) == ["one"]
    assert reading.torn == 1
    assert log.path.read_bytes() == before


def test_what_follows_a_torn_line_stands_on_a_line_of_its_own(log: AnswerLog) -> None:
    torn = encode(entry("one")) + encode(entry("two"))[:40]
    log.path.write_bytes(torn)

    log.append(entry("three"))

    assert names(AnswerLog(log.path).read()) == ["one", "three"]
    assert log.path.read_bytes().startswith(torn)


def test_a_record_cut_at_any_byte_keeps_every_earlier_line_and_takes_new_ones(tmp_path: Path) -> None:
    lines = [encode(entry(f"q-{number}", answer)) for number, answer in enumerate(["beta", ["解锁", "b"], {"a": "b"}])]
    data = b"".join(lines)
    failed = []
    for cut in range(len(data) + 1):
        path = tmp_path / f"{cut}.jsonl"
        path.write_bytes(data[:cut])
        whole = [f"q-{number}" for number in range(data[:cut].count(b"\n"))]
        read = names(AnswerLog(path).read())
        AnswerLog(path).append(entry("new"))
        later = names(AnswerLog(path).read())
        # A line that lacks nothing but its newline counts once the newline is there.
        if read != whole or later[: len(whole)] != whole or later[-1] != "new" or len(later) - len(whole) > 2:
            failed.append((cut, read, later))

    assert failed == []


@pytest.mark.parametrize("zeros", [b"\0" * 7, b"\0" * 4096, b"\0\0\n\0\0"], ids=["few", "a page", "with a newline"])
def test_zeros_that_a_power_cut_left_are_passed_over(log: AnswerLog, zeros: bytes) -> None:
    log.path.write_bytes(encode(entry("one")) + zeros)

    log.append(entry("two"))

    assert names(AnswerLog(log.path).read()) == ["one", "two"]


def test_empty_lines_are_passed_over(log: AnswerLog) -> None:
    log.path.write_bytes(b"\n" + encode(entry("one")) + b"\n\n" + encode(entry("two")))

    assert log.read() == Reading((entry("one"), entry("two")))


def test_a_damaged_line_in_the_middle_costs_no_other_line(log: AnswerLog) -> None:
    log.path.write_bytes(encode(entry("one")) + raw(answer="NaN") + b"\n" + encode(entry("two")))

    reading = log.read()

    assert names(reading) == ["one", "two"]
    assert reading.torn == 1


def test_a_record_that_was_deleted_is_empty_again(log: AnswerLog) -> None:
    log.append(entry("one"))
    log.read()
    log.path.unlink()

    assert log.read() == Reading(())


def test_a_record_that_was_deleted_is_begun_anew(log: AnswerLog) -> None:
    log.append(entry("one"))
    log.read()
    log.path.unlink()

    log.append(entry("two"))

    assert names(log.read()) == ["two"]


def test_a_record_that_another_file_took_the_place_of_is_read_anew(log: AnswerLog) -> None:
    log.append(entry("one"))
    log.read()
    new = log.path.with_name("new")
    new.write_bytes(encode(entry("two")) + encode(entry("three")))
    new.replace(log.path)

    assert names(log.read()) == ["two", "three"]


def test_a_record_that_became_shorter_in_place_is_read_anew(log: AnswerLog) -> None:
    log.append(entry("one"))
    log.append(entry("two"))
    log.read()
    log.path.write_bytes(encode(entry("three")))

    assert names(log.read()) == ["three"]


@pytest.mark.parametrize("answer", ["beta", "beta and more"], ids=["cut between lines", "cut inside a line"])
def test_a_record_that_was_overwritten_in_place_by_a_longer_one_is_read_anew(log: AnswerLog, answer: str) -> None:
    """As when answers are brought from another computer: JupyterLab writes them into the same file."""
    log.append(entry("one"))
    log.read()
    log.path.write_bytes(encode(entry("two", answer)) + encode(entry("three")))

    assert names(log.read()) == ["two", "three"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"cells": [], "metadata": {}}\n',
        b'{\n "cells": []\n}\n',
        b"name,points\nluo,3\n",
        b"my answers\n",
        b"my answers",
        b" ",
        b"[1, 2]\n",
        b"\x89PNG\r\n\x1a\n\0\0",
        b'{"version": 1}\n',
        encode(entry()) + b"my notes\n",
        encode(entry()) + b"my notes",
        b"my notes\n" + encode(entry()),
        b"\xef\xbb\xbf" + encode(entry()),
        encode(entry()).decode().encode("utf-16"),
    ],
)
def test_a_file_that_is_not_ours_is_left_byte_for_byte(log: AnswerLog, content: bytes) -> None:
    log.path.write_bytes(content)

    reasons = {refusal(log.read).reason, refusal(lambda: log.append(entry())).reason}

    assert reasons == {"not-ours"}
    assert log.path.read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        raw(v="2") + b"\n",
        raw(v="2", more="1") + b"\n",
        raw(v="10") + b"\n",
        encode(entry()) + raw(v="2", answer='{"new":1}') + b"\n",
        raw(v="2") + b"\n" + encode(entry()),
        raw(v="2"),
        encode(entry()) + raw(v="2"),
    ],
    ids=["a line", "another shape", "form 10", "after ours", "before ours", "without its newline", "after ours without its newline"],
)
def test_a_file_of_a_newer_form_is_left_byte_for_byte(log: AnswerLog, content: bytes) -> None:
    log.path.write_bytes(content)

    reasons = {refusal(log.read).reason, refusal(lambda: log.append(entry())).reason}

    assert reasons == {"newer-log"}
    assert log.path.read_bytes() == content


@given(st.binary(max_size=120), st.sampled_from([b"", encode(entry()), encode(entry())[:30]]))
def test_reading_any_bytes_gives_entries_or_a_reason_and_leaves_them_alone(content: bytes, first: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.jsonl"
        path.write_bytes(first + content)
        try:
            reason = "" if AnswerLog(path).read() else "?"
        except NotSaved as refused:
            reason = refused.reason

        assert reason in ("", "not-ours", "newer-log")
        assert path.read_bytes() == first + content


# ---- what is no plain file


def test_a_link_is_not_followed(log: AnswerLog, tmp_path: Path) -> None:
    neighbour = tmp_path / "neighbour.jsonl"
    neighbour.write_bytes(encode(entry("theirs")))
    log.path.symlink_to(neighbour)

    reasons = {refusal(log.read).reason, refusal(lambda: log.append(entry())).reason}

    assert reasons == {"not-ours"}
    assert neighbour.read_bytes() == encode(entry("theirs"))


def test_a_link_to_nowhere_makes_no_file_there(log: AnswerLog, tmp_path: Path) -> None:
    log.path.symlink_to(tmp_path / "nowhere")

    reason = refusal(lambda: log.append(entry())).reason

    assert reason == "not-ours"
    assert not (tmp_path / "nowhere").exists()


def test_a_link_to_a_folder_above_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")

    AnswerLog(tmp_path / "linked/answers.jsonl").append(entry())

    assert (tmp_path / "real/answers.jsonl").read_bytes() == encode(entry())


def test_a_pipe_is_refused_at_once(log: AnswerLog) -> None:
    os.mkfifo(log.path)

    with within(5):
        reasons = {refusal(log.read).reason, refusal(lambda: log.append(entry())).reason}

    assert reasons == {"not-ours"}


def test_a_folder_is_refused(log: AnswerLog) -> None:
    log.path.mkdir()

    reasons = {refusal(log.read).reason, refusal(lambda: log.append(entry())).reason}

    assert reasons == {"not-ours"}


def test_a_folder_that_does_not_exist_is_said_to_be_unwritable(tmp_path: Path) -> None:
    log = AnswerLog(tmp_path / "nowhere/answers.jsonl")

    refused = refusal(lambda: log.append(entry()))

    assert (refused.reason, refused.detail) == ("cannot-write", str(tmp_path / "nowhere"))


@pytest.mark.parametrize("kind", ["pipe", "folder", "foreign", "newer"])
def test_a_refused_file_is_not_kept_open(log: AnswerLog, kind: str) -> None:
    make: dict[str, Callable[[Path], Any]] = {
        "pipe": os.mkfifo,
        "folder": Path.mkdir,
        "foreign": lambda path: path.write_text("notes\n"),
        "newer": lambda path: path.write_bytes(raw(v="2") + b"\n"),
    }
    make[kind](log.path)
    before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        with within(5):
            refusal(lambda: log.append(entry()))

    assert len(os.listdir("/dev/fd")) == before


# ---- disks and permissions that fail


def failing(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EACCES, "cannot-write"), (errno.EPERM, "cannot-write"), (errno.EIO, "cannot-write"), (errno.EMFILE, "cannot-write")],
)
def test_a_file_that_cannot_be_read_names_its_folder(log: AnswerLog, monkeypatch: pytest.MonkeyPatch, number: int, reason: str) -> None:
    log.append(entry())
    monkeypatch.setattr(os, "open", failing(number))

    refused = refusal(log.read)

    assert (refused.reason, refused.detail) == (reason, str(log.path.parent))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "cannot-write"),
        (errno.EROFS, "cannot-write"),
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
    ],
)
def test_a_file_that_cannot_be_opened_for_writing_says_why(
    log: AnswerLog, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    log.append(entry("one"))
    real = os.open

    def read_only(path: Any, flags: int, *mode: int) -> int:
        return failing(number)() if flags & (os.O_RDWR | os.O_WRONLY) else real(path, flags, *mode)

    monkeypatch.setattr(os, "open", read_only)

    assert refusal(lambda: log.append(entry("two"))).reason == reason
    assert log.path.read_bytes() == encode(entry("one"))


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "disk-full"), (errno.EDQUOT, "disk-full"), (errno.EIO, "cannot-write"), (errno.EFBIG, "cannot-write")],
)
def test_a_write_that_fails_says_why_and_leaves_the_file_alone(
    log: AnswerLog, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    log.append(entry("one"))
    monkeypatch.setattr(os, "write", failing(number))

    assert refusal(lambda: log.append(entry("two"))).reason == reason
    assert log.path.read_bytes() == encode(entry("one"))


@pytest.mark.parametrize("length", [1, 3, 5, 6, 60])
def test_a_line_of_which_only_a_part_was_written_is_reported_and_harmless(
    log: AnswerLog, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    log.append(entry("one"))
    real = os.write
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "write", lambda descriptor, line: real(descriptor, line[:length]))
        reason = refusal(lambda: log.append(entry("two"))).reason

    log.append(entry("three"))

    assert reason == "disk-full"
    assert names(log.read()) == names(AnswerLog(log.path).read()) == ["one", "three"]


def test_a_flush_that_fails_is_reported(log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))

    assert refusal(lambda: log.append(entry())).reason == "cannot-write"


def test_an_entry_is_written_in_one_call_and_flushed_after_it(log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.path.write_bytes(encode(entry("one")) + encode(entry("two"))[:9])
    calls: list[str] = []
    for name in ("write", "fsync"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real: (calls.append(name), real(*given))[1])

    log.append(entry("three"))

    assert calls == ["write", "fsync"]


def test_a_failed_append_keeps_no_file_open(log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    real = os.close
    monkeypatch.setattr(os, "write", failing(errno.ENOSPC))
    monkeypatch.setattr(os, "close", lambda descriptor: (closed.append(descriptor), real(descriptor))[1])

    refusal(lambda: log.append(entry()))

    assert len(closed) == 1


# ---- the size limit


def filled(path: Path, size: int) -> None:
    """A record of `size` bytes that is quick to read."""
    line = encode(entry("old"))
    path.write_bytes(b"\0" * (size - len(line) - 1) + b"\n" + line)


def test_a_record_may_hold_twenty_megabytes(log: AnswerLog) -> None:
    assert MAX_FILE == LIMIT
    filled(log.path, LIMIT - 1000)

    log.append(entry("new"))

    assert names(log.read()) == ["old", "new"]


def test_a_full_record_takes_no_more_and_can_still_be_read(log: AnswerLog) -> None:
    filled(log.path, LIMIT - 10)
    before = log.path.stat().st_size

    reason = refusal(lambda: log.append(entry("new"))).reason

    assert reason == "log-full"
    assert log.path.stat().st_size == before
    assert names(log.read()) == ["old"]


def test_a_record_never_grows_beyond_its_limit(log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lockdesk.answers.MAX_FILE", 2000)
    sizes = []
    with pytest.raises(NotSaved, match="log-full"):
        for number in range(100):
            log.append(entry(f"q-{number}"))
            sizes.append(log.path.stat().st_size)

    assert sizes[-1] <= 2000 < sizes[-1] + 2 * sizes[0]
    assert len(log.read().entries) == len(sizes)


def test_how_full_a_record_is_counts_what_was_read(log: AnswerLog) -> None:
    assert log.fullness == 0
    filled(log.path, LIMIT // 2)
    log.read()

    assert log.fullness == pytest.approx(0.5)


# ---- many at once


def test_threads_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    gate = threading.Barrier(8)

    def work(name: int) -> None:
        log = AnswerLog(path)
        gate.wait()
        for number in range(15):
            log.append(entry(f"q-{name}", number))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reading = AnswerLog(path).read()

    assert reading.torn == 0
    assert {(one.q, one.answer) for one in reading.entries} == {(f"q-{name}", number) for name in range(8) for number in range(15)}
    assert len(reading.entries) == 8 * 15


def test_processes_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    program = (
        "import sys, pathlib, lockdesk.answers as a\n"
        "log = a.AnswerLog(pathlib.Path(sys.argv[1]))\n"
        "sys.stdin.readline()\n"
        "for n in range(25):\n"
        "    log.append(a.Entry(1, '', sys.argv[2], 'e', '', n + 1, 'en', '解' * 900))\n"
    )
    workers = [subprocess.Popen([sys.executable, "-c", program, str(path), f"q-{name}"], stdin=subprocess.PIPE) for name in range(3)]
    for worker in workers:
        worker.communicate(b"go\n")
    lines = path.read_bytes().splitlines()

    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert sorted((json.loads(line)["q"], json.loads(line)["attempt"]) for line in lines) == sorted(
        (f"q-{name}", number) for name in range(3) for number in range(1, 26)
    )


@pytest.mark.parametrize(("depth", "is_read"), [(6, True), (7, False), (40, False)])
def test_a_line_is_nested_at_most_as_deep_as_any_answer_needs(depth: int, is_read: bool) -> None:
    line = raw(answer="[" * depth + "1" + "]" * depth)

    if is_read:
        assert decode(line)
    else:
        with pytest.raises(ValueError, match="too deep"):
            decode(line)


# ---- somebody else's record (tests/grading/test_assess.py proves what its answers are worth)


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED)
def test_a_line_of_somebody_elses_that_is_no_entry_is_numbered_and_the_others_count(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "theirs").write_bytes(encode(entry("one")) + line + b"\n" + encode(entry("two")))

    examined = examine(tmp_path / "theirs")

    assert [one.q for one in examined.entries] == ["one", "two"]
    assert [(trouble.reason, trouble.line) for trouble in examined.troubles] == (
        [("bad-line", 2)] if line.count(b"\n") == 0 and line else []
    )


@given(st.lists(st.binary(max_size=80) | st.sampled_from([encode(entry("one")), b"\n", b"\0", *REFUSED.values()]), max_size=6))
def test_examining_any_bytes_gives_what_reading_them_gives_or_more(pieces: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.jsonl"
        path.write_bytes(b"".join(pieces))
        examined = examine(path)
        try:
            read = AnswerLog(path).read().entries
        except NotSaved:
            read = ()

    assert list(read) == list(examined.entries)[: len(read)]
    assert all(trouble.reason == "bad-line" and trouble.line >= 1 for trouble in examined.troubles)


def test_a_last_line_without_its_newline_counts_where_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(encode(entry("one")).rstrip(b"\n"))

    assert [one.q for one in examine(tmp_path / "theirs").entries] == ["one"]


def test_examining_changes_nothing_and_keeps_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"rubbish")
    before = len(os.listdir("/dev/fd"))
    for name in ("theirs", "nowhere", "."):
        examine(tmp_path / name)

    assert len(os.listdir("/dev/fd")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]
    assert (tmp_path / "theirs").read_bytes() == b"rubbish"
