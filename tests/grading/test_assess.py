from __future__ import annotations

import json
import math
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import EDITION, JSON, ONE_OF_EACH, answers_to, empty_answer, entry, model_answer, question_file, wrong_answer
from grading.classroom import AUTO, BLANK, PERFECT, QUESTIONS, entries, record
from lockdesk.answers import MAX_FILE, MAX_LINE, Entry, Examined, Trouble, encode, examine
from lockdesk.errors import ContentError, UnknownQuestion
from lockdesk.grading.assess import Assessment, Flag, assess, assess_folder, key_of, points_by_source, printable, refuse_answers
from lockdesk.grading.present import flag_words, flags_page, grader_page, question_page
from lockdesk.key import Key, read_key
from lockdesk.place import LOG
from lockdesk.scoring import score

WHOLE = record(PERFECT, "luo")
GOOD = encode(entry("who-calls", "beta", variant="luo"))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return read_key(question_file(tmp_path_factory.mktemp("key"), *ONE_OF_EACH.values(), name="questions").parent)


KEY = Key(Path("questions.toml"), EDITION, None, dict(QUESTIONS))  # type: ignore[arg-type]


def assessed(data: bytes) -> Assessment:
    """What a record of these bytes comes to, handed in by luo; all that is shown of it is made too, for that must not fail either."""
    with TemporaryDirectory() as folder:
        (Path(folder) / LOG).write_bytes(data)
        done = assess_folder(KEY, Path(folder), "luo")
    for outcome in done.outcomes.values():
        for lang in ("en", "zh", None):
            assert question_page(outcome, lang).encode()
            assert grader_page(outcome, lang).encode()
    flags_page(done.flags).encode()
    return done


def points(done: Assessment) -> dict[str, float]:
    return {name: outcome.score.earned for name, outcome in done.outcomes.items()}


def states(done: Assessment) -> dict[str, str]:
    return {name: outcome.state for name, outcome in done.outcomes.items()}


def reasons(done: Assessment) -> list[str]:
    return [flag.reason for flag in done.flags]


def line(**fields: str) -> bytes:
    """A line whose fields are JSON as it is given."""
    usual = {"v": "1", "at": '"2026-11-22T04:10:00.000Z"', "q": '"who-calls"', "edition": f'"{EDITION}"', "variant": '"luo"'}
    usual |= {"attempt": "1", "lang": '"en"', "answer": '"beta"'}
    return ("{" + ",".join(f'"{name}":{value}' for name, value in (usual | fields).items()) + "}\n").encode("utf-8", "surrogateescape")


# ---- what answers are worth


def test_a_perfect_record_earns_every_point_but_those_a_person_gives() -> None:
    done = assessed(WHOLE)

    assert points(done) == AUTO | {"say-it": 0}
    assert set(states(done).values()) == {"answered"}
    assert done.outcomes["say-it"].score.verdict == "by-hand"
    assert (done.flags, done.lang, done.recorded_by) == ((), "en", ("luo",))


def test_no_record_at_all_is_blank_and_named() -> None:
    done = assessed(b"")

    assert points(done) == BLANK
    assert set(states(done).values()) == {"blank"}
    assert (done.lang, done.recorded_by) == (None, ())


@pytest.mark.parametrize("worth", [model_answer, wrong_answer], ids=["right", "wrong"])
def test_the_last_line_for_a_question_counts(worth: Callable[[Any], Any]) -> None:
    first = {model_answer: wrong_answer, wrong_answer: model_answer}[worth]
    before = {name: first(question) for name, question in QUESTIONS.items()}
    after = {name: worth(question) for name, question in QUESTIONS.items()}

    done = assessed(record(before, "luo") + record(after, "luo"))

    assert points(done) == {name: score(question, after[name]).earned for name, question in QUESTIONS.items()}
    assert sum(points(done).values()) == (15 if worth is model_answer else 0)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_withdrawn_answer_counts_as_blank(name: str) -> None:
    done = assessed(WHOLE + encode(entry(name, None, variant="luo")))

    assert states(done)[name] == "blank"
    assert points(done) == AUTO | {"say-it": 0, name: 0}


def test_an_unusable_line_takes_no_earlier_answer_back() -> None:
    assert points(assessed(GOOD + b"rubbish\n"))["who-calls"] == 2


def test_an_unusable_answer_on_a_sound_line_does() -> None:
    done = assessed(GOOD + encode(entry("who-calls", ["beta"], variant="luo")))

    assert states(done)["who-calls"] == "unusable"
    assert points(done) == BLANK


@pytest.mark.parametrize("words", ["", "   ", "\n\t", "\u3000"])
def test_a_written_answer_without_a_word_is_blank(words: str) -> None:
    assert states(assessed(encode(entry("say-it", words))))["say-it"] == "blank"


def test_the_language_is_the_one_last_answered_in() -> None:
    done = assessed(encode(entry("who-calls", lang="zh")) + encode(entry("how-many", 12)) + encode(entry("another", lang="zh")))

    assert done.lang == "en"


# ---- what is no answer


WRONG_TYPES: list[Any] = [True, False, 0, -1, 1.5, "", "zeta", "ALPHA", "alpha ", [], {}, [[]], [{}], {"a": {}}, [None], ["beta", 1]]
WRONG_TYPES += [{"pin": ["shop"]}, {"pin": None}, [True], "\ud800", "a" * 1001, 1e300, -(10**17) + 1, {"": ""}, ["beta", "beta", "gamma"]]


@pytest.mark.parametrize("answer", WRONG_TYPES, ids=lambda answer: repr(answer)[:20])
def test_an_answer_of_another_shape_earns_nothing(answer: Any) -> None:
    given_to_all = b"".join(line(q=json.dumps(name), answer=json.dumps(answer)) for name in QUESTIONS)

    done = assessed(given_to_all)

    assert points(done) == BLANK
    assert {states(done)[name] for name in AUTO if not (isinstance(answer, float | int) and name == "how-many")} <= {"unusable", "blank"}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("other", [name for name in QUESTIONS if name != "say-it"])
def test_the_right_answer_to_another_question_earns_nothing(name: str, other: str) -> None:
    wanted = AUTO[name] if name == other else 0

    assert points(assessed(encode(entry(name, PERFECT[other]))))[name] == wanted


@given(st.sampled_from(sorted(QUESTIONS)), JSON)
def test_no_json_value_raises_or_earns_more_than_the_points(name: str, answer: Any) -> None:
    done = assess(KEY, Examined((Entry(1, "", name, EDITION, "luo", 1, "en", answer),)), "luo")

    outcome = done.outcomes[name]
    assert math.isfinite(outcome.score.earned)
    assert 0 <= outcome.score.earned <= QUESTIONS[name].points
    assert not (name != "say-it" and outcome.state == "answered" and answer is None)
    assert question_page(outcome, "zh").encode()


@given(st.data())
def test_an_answer_of_the_right_shape_earns_what_its_kind_gives(data: st.DataObject) -> None:
    answers = {name: data.draw(answers_to(question)) for name, question in QUESTIONS.items()}

    done = assess(KEY, Examined(tuple(entries(answers, "luo"))), "luo")

    assert points(done) == {name: score(question, answers[name]).earned for name, question in QUESTIONS.items()}


@pytest.mark.parametrize("edition", ["2025-01", "", "2026-11 ", "2030-01"])
def test_an_answer_to_another_edition_counts_nothing_and_is_said(edition: str) -> None:
    done = assessed(record(PERFECT, "luo", edition=edition))

    assert points(done) == BLANK
    assert set(states(done).values()) == {"other-edition"}
    assert done.flags == (Flag("other-edition", edition),)


def test_an_answer_to_another_edition_takes_the_place_of_an_earlier_one() -> None:
    """What counts is what was recorded last: the question on the learner's page asked that edition."""
    done = assessed(GOOD + encode(entry("who-calls", "beta", edition="2025-01", variant="luo")))

    assert (states(done)["who-calls"], reasons(done)) == ("other-edition", ["other-edition"])


def test_questions_that_are_not_asked_are_named_and_earn_nothing() -> None:
    done = assessed(GOOD + b"".join(encode(entry(f"foreign-{n}", "beta", variant="somebody", lang="zh")) for n in range(5)))

    assert sum(points(done).values()) == 2
    assert done.flags == (Flag("foreign", "foreign-0, foreign-1, foreign-2 … (5)"),)
    assert (done.lang, done.recorded_by) == ("en", ("luo",))


def test_answers_recorded_under_another_name_are_said_and_count() -> None:
    done = assessed(record(PERFECT, "chen"))

    assert done.flags == (Flag("other-learner", "chen"),)
    assert points(done)["who-calls"] == 2


# ---- lines that are none


BAD_LINES = {
    "too long": line(answer=json.dumps("x" * MAX_LINE)),
    "deep": line(answer="[" * 1500 + "]" * 1500),
    "just too deep": line(answer="[" * 8 + "]" * 8),
    "a name twice": line(answer='"beta","q":"which-signs"'),
    "a name twice in the answer": line(q='"who-decides-what"', answer='{"pin":"shop","pin":"bank"}'),
    "a name twice in disguise": line(q='"who-decides-what"', answer='{"pin":"shop","\\u0070in":"bank"}'),
    "NaN": line(q='"how-many"', answer="NaN"),
    "Infinity": line(q='"how-many"', answer="-Infinity"),
    "1e999": line(q='"how-many"', answer="1e999"),
    "a huge number": line(q='"how-many"', answer="9" * 3000),
    "a huge attempt": line(attempt="1" * 4000),
    "a score": line(score="2"),
    "a claim": b'{"v":1,"q":"who-calls","score":99,"passed":true}\n',
    "a form as text": line(v='"1"'),
    "a newer form": line(v="2"),
    "a newer form with more": line(v="2", more="true"),
    "no form": line(v="null"),
    "an id that is none": line(q="7"),
    "an id that is a list": line(q='["who-calls"]'),
    "a language that is none": line(lang='"fr"'),
    "an edition that is none": line(edition="202611"),
    "a name that is none": line(variant="null"),
    "an attempt that is none": line(attempt='"many"'),
    "an array": b"[1,2]\n",
    "a text": b'"beta"\n',
    "not UTF-8": line(answer='"\udcff\udcfe"'),
    "UTF-16": line().decode().encode("utf-16"),
    "a mark in front": b"\xef\xbb\xbf" + line(),
    "two on a line": line().strip() + line(),
    "cut off": line()[:60] + b"\n",
    "code": b"__import__('os').system('touch /tmp/pwned')\n",
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_is_no_entry_is_named_and_costs_no_other_line(bad: bytes) -> None:
    alone, among = assessed(bad), assessed(WHOLE + bad + encode(entry("who-calls", "alpha", variant="luo")))

    assert points(alone) == BLANK
    assert points(among) == AUTO | {"say-it": 0, "who-calls": 0}
    assert [flag.reason for flag in alone.flags] == [flag.reason for flag in among.flags] == ["bad-lines"]
    assert among.flags[0].detail.startswith("1 (7") or bad.count(b"\n") != 1


def test_the_first_lines_that_are_no_entries_are_numbered() -> None:
    done = assessed(b"x\n" + GOOD + b"x\n" * 9)

    assert done.flags == (Flag("bad-lines", "10 (1, 3, 4, 5, 6 …)"),)


@pytest.mark.parametrize("end", [b"\r\n", b"\r\n\r\n", b"\n\0\0\0\n", b"\n\n\n", b" \t\n", b"\0\0\n"], ids=repr)
def test_other_line_ends_empty_lines_and_zeros_cost_nothing(end: bytes) -> None:
    done = assessed(b"\0" * 4096 + WHOLE.replace(b"\n", end) + b"\0" * 4096)

    assert points(done) == AUTO | {"say-it": 0}
    assert done.flags == ()


def test_a_record_cut_at_any_byte_earns_what_its_whole_lines_earn() -> None:
    better = {name: wrong_answer(question) for name, question in QUESTIONS.items()}
    data = record(better, "luo") + WHOLE
    ends = [0, *(place + 1 for place, byte in enumerate(data) if byte == 10)]
    after = {end: points(assessed(data[:end])) for end in ends}
    for cut in range(len(data) + 1):
        done = assess(KEY, _examined(data[:cut]), "luo")
        whole = max(end for end in ends if end <= cut)
        full = min((end for end in ends if end >= cut), default=whole)

        assert points(done) in (after[whole], after[full] if cut == full - 1 else None)
        assert reasons(done) == ([] if cut in (whole, full - 1) else ["bad-lines"])


def _examined(data: bytes) -> Examined:
    with TemporaryDirectory() as folder:
        path = Path(folder) / LOG
        path.write_bytes(data)
        return examine(path)


@given(st.lists(st.binary(max_size=60) | st.sampled_from([GOOD, WHOLE, b"\n", b'{"v":1,', *BAD_LINES.values()]), max_size=8))
def test_no_bytes_raise(pieces: list[bytes]) -> None:
    done = assessed(b"".join(pieces))

    assert all(0 <= earned <= QUESTIONS[name].points for name, earned in points(done).items())
    assert all(len(flag_words(flag, "en")) < 400 for flag in done.flags)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_words_in_a_line_raise_or_reach_the_grader_unmade(question_id: str, edition: str, variant: str) -> None:
    fields = {"q": json.dumps(question_id), "edition": json.dumps(edition), "variant": json.dumps(variant)}

    done = assessed(line(**fields) + line(edition=json.dumps(edition), variant=json.dumps(variant)))

    assert all(word.isprintable() and "\n" not in word for flag in done.flags for word in (flag.detail, flag_words(flag, "zh")))


@pytest.mark.parametrize("nasty", ["\x1b[31m", "\u202e", "\ud800", "\x00", "\r\n", "\u2066", "\u2028", "\x85"])
def test_a_strangers_words_are_short_and_on_one_line(nasty: str) -> None:
    shown = printable(f"a{nasty}b" * 30)

    assert nasty not in shown
    assert shown.isprintable()
    assert len(shown) == 41
    assert shown.endswith("…")


# ---- files that are none


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's name must be short
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


def _neighbours(path: Path) -> Path:
    other = path.with_name("neighbour.jsonl")
    other.write_bytes(WHOLE)
    return other


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "missing"),
    "a link to a neighbour's": (lambda path: path.symlink_to(_neighbours(path)), "link"),
    "a link to nowhere": (lambda path: path.symlink_to("nowhere"), "link"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "link"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "link"),
    "a folder": (lambda path: path.mkdir(), "not-a-file"),
    "a pipe": (os.mkfifo, "not-a-file"),
    "a socket": (_socket, "not-a-file"),
    "over the limit": (lambda path: os.truncate(path.write_bytes(WHOLE) and path, MAX_FILE + 1), "too-big"),
}


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_ordinary_file_is_not_read_and_named(tmp_path: Path, kind: str) -> None:
    make, reason = FILES[kind]
    make(tmp_path / LOG)
    before = len(os.listdir("/dev/fd"))
    found: list[Assessment] = []
    reader = threading.Thread(target=lambda: found.append(assess_folder(KEY, tmp_path, "luo")), daemon=True)
    reader.start()
    reader.join(5)

    (done,) = found  # a reader that hangs has found nothing
    assert points(done) == BLANK
    assert reasons(done) == [reason]
    assert flags_page(done.flags)
    assert len(os.listdir("/dev/fd")) == before


def test_a_record_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(GOOD)
    os.truncate(tmp_path / LOG, MAX_FILE)

    assert points(assess_folder(KEY, tmp_path, "luo"))["who-calls"] == 2


@pytest.mark.parametrize("call", ["open", "fstat", "read"])
def test_a_record_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    (tmp_path / LOG).write_bytes(WHOLE)

    def fail(*_: object, **__: object) -> Any:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as denied:
        denied.setattr(f"lockdesk.answers.os.{call}", fail)
        found = examine(tmp_path / LOG)

    assert found == Examined((), (Trouble("unreadable", 0, "Permission denied"),))
    assert points(assess(KEY, found, "luo")) == BLANK


def test_a_record_that_grows_while_it_is_read_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lockdesk.answers.MAX_FILE", len(GOOD))
    (tmp_path / LOG).write_bytes(GOOD)
    real = os.read

    def growing(descriptor: int, count: int) -> bytes:
        with (tmp_path / LOG).open("ab") as file:
            file.write(GOOD)
        return real(descriptor, count)

    monkeypatch.setattr("lockdesk.answers.os.read", growing)

    assert len(examine(tmp_path / LOG).entries) == 1


# ---- the key


def test_an_assignment_without_a_key_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"questions\.toml"):
        key_of(tmp_path, "small")


@pytest.mark.parametrize("step", ["source", "release"])
@pytest.mark.parametrize("name", ["answers.jsonl", "answers.jsonl.bak", "deeper/answers.jsonl", "answers.jsonl~"])
def test_answers_beside_the_key_are_refused(tmp_path: Path, step: str, name: str) -> None:
    path = tmp_path / step / "small" / name
    path.parent.mkdir(parents=True)
    path.write_text("")

    with pytest.raises(ContentError, match=rf"{step}/small/{name}: are somebody's answers"):
        refuse_answers(tmp_path, "small")


def test_the_points_by_the_source_are_those_of_the_submission_in_the_folder(tmp_path: Path) -> None:
    question_file(tmp_path / "source/small", *ONE_OF_EACH.values(), name="questions")
    folder = tmp_path / "autograded/luo/small"
    folder.mkdir(parents=True)
    (folder / LOG).write_bytes(WHOLE + encode(entry("which-signs", ["beta"], variant="luo")))

    assert {name: points_by_source(folder, name) for name in AUTO} == AUTO | {"which-signs": 1.5}


@pytest.mark.parametrize(("folder", "error"), [("other", ContentError), ("small", UnknownQuestion)])
def test_no_key_and_a_question_it_does_not_have_are_errors(tmp_path: Path, folder: str, error: type[Exception]) -> None:
    question_file(tmp_path / "source/small", *ONE_OF_EACH.values(), name="questions")

    with pytest.raises(error):
        points_by_source(tmp_path / "autograded/luo" / folder, "nobody-asks-this")


def test_the_file_and_the_values_of_these_tests_agree(key: Key) -> None:
    assert msgspec.to_builtins(list(key.questions.values())) == msgspec.to_builtins(list(KEY.questions.values()))
    assert all(empty_answer(question) is not model_answer(question) for question in KEY.questions.values())
