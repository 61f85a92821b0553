from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import REPOSITORY, entry
from grading.classroom import AUTO, BLANK, PERFECT, TIME, Classroom, flags, record
from lockdesk.answers import MAX_FILE, AnswerLog
from lockdesk.grading.submission import notes_in, take_in
from lockdesk.place import LOG

FULL = AUTO | {"say-it": 0}
"""The points of a perfect record before anybody has read the written answer."""


both_ways = pytest.mark.parametrize("collected", [True, False], ids=["collected", "by hand"])


def hand_in(room: Classroom, collected: bool, learner: str, answers: dict[str, Any] | None = PERFECT) -> Path:
    """A submission in the exchange, or put into submitted/ by a person."""
    return room.folder(learner, answers) if collected else room.by_hand(learner, answers)


# ---- the way of an honest submission


def test_a_submission_goes_through_every_command_of_nbgrader(room: Classroom) -> None:
    room.run("fetch_assignment", "small")
    work = room.root / "work/small"
    assert sorted(path.name for path in work.iterdir()) == ["questions.json", "small.ipynb"]
    for line in (entry(question, answer, variant="luo") for question, answer in PERFECT.items()):
        AnswerLog(work / LOG).append(line)
    room.run("submit", "small", "--student=luo")

    row = room.graded()["luo"]
    room.read("luo", 2.5)
    page = room.feedback("luo")
    room.run("release_feedback", "small")
    room.run("export")

    assert (row.points | {"say-it": 0}, row.state, row.flags) == (FULL, "waiting", ())
    assert "My own words." in page
    assert "17.5" in (room.root / "grades.csv").read_text("utf-8-sig")
    assert list((room.root / "exchange/locked-terminals/feedback").iterdir())


def test_half_an_answer_earns_half(room: Classroom) -> None:
    swapped = ["two", "one", "three", "four"]
    nearly = {"pin": "shop", "place": "bank", "alarm": "maker", "risk": "shop"}
    room.folder("luo", {"which-signs": ["beta"], "first-things": swapped, "who-decides-what": nearly, "how-many": 10})

    points = room.graded()["luo"].points

    assert points == BLANK | {"which-signs": 1.5, "first-things": 4 / 3, "who-decides-what": pytest.approx(8 / 3)}


def test_the_newest_submission_counts(room: Classroom) -> None:
    room.folder("luo", {"who-calls": "alpha"})
    room.folder("luo", {"who-calls": "beta"}, room.inbound / f"luo+small+{TIME.format(30)}+x")
    room.folder("luo", {"who-calls": "gamma"}, room.inbound / f"luo+small+{TIME.format(0)}+y")

    assert room.graded()["luo"].earned == 2


def test_a_newer_submission_that_is_collected_later_takes_the_place_of_the_first(room: Classroom) -> None:
    room.folder("luo", {"who-calls": "alpha"})
    first = room.graded()["luo"].earned
    room.folder("luo", {"who-calls": "beta"}, room.inbound / f"luo+small+{TIME.format(30)}+x")
    room.run("collect", "small", "--update")

    assert (first, room.grade()["luo"].earned) == (0, 2)


# ---- what learners do to their files


def _cells(change: Callable[[list[dict[str, object]]], object]) -> Callable[[Classroom, Path], None]:
    return lambda room, folder: room.edit(folder / "small.ipynb", lambda data: change(data["cells"]))


def _marks(number: int, **fields: object) -> Callable[[Classroom, Path], None]:
    return _cells(lambda cells: cells[number]["metadata"]["nbgrader"].update(fields))  # type: ignore[index]


TAMPERING: dict[str, Callable[[Classroom, Path], object]] = {
    "notebook missing": lambda room, folder: (folder / "small.ipynb").unlink(),
    "notebook not JSON": lambda room, folder: (folder / "small.ipynb").write_text('{"cells": ['),
    "notebook empty": lambda room, folder: (folder / "small.ipynb").write_bytes(b""),
    "notebook a folder": lambda room, folder: ((folder / "small.ipynb").unlink(), (folder / "small.ipynb").mkdir()),
    "notebook another one": lambda room, folder: (folder / "small.ipynb").write_text('{"nbformat": 3, "worksheets": []}'),
    "cells deleted": _cells(lambda cells: cells.clear()),
    "a graded cell deleted": _cells(lambda cells: cells.pop(2)),
    "graded cells duplicated": _cells(lambda cells: cells.extend(json.loads(json.dumps(cells)))),
    "a cell renamed": _marks(2, grade_id="another"),
    "a cell re-flagged": _marks(2, grade=False, solution=True, locked=False),
    "a task re-flagged": _marks(12, grade=True, task=False, solution=True),
    "points raised": _marks(2, points=99),
    "another cell type": _marks(2, cell_type="markdown"),
    "cells reversed": _cells(lambda cells: cells.reverse()),
}


@both_ways
def test_what_became_of_the_notebook_changes_no_score(room: Classroom, collected: bool) -> None:
    for how, tamper in TAMPERING.items():
        tamper(room, hand_in(room, collected, how))

    rows = room.graded() if collected else room.grade()

    assert {how: (row.points | {"say-it": 0}, row.state) for how, row in rows.items()} == dict.fromkeys(TAMPERING, (FULL, "waiting"))
    assert all((room.root / f"autograded/{how}/small/small.ipynb").is_file() for how in TAMPERING)
    assert all(
        (room.submitted(how) / "small.ipynb.theirs").exists() for how in TAMPERING if how not in ("notebook missing", "notebook a folder")
    )
    released = (room.release / "small.ipynb").read_bytes()
    assert all((room.submitted(how) / "small.ipynb").read_bytes() == released for how in TAMPERING)


def test_nbgraders_own_autograde_starts_from_the_release_too(room: Classroom) -> None:
    hows = [how for how in TAMPERING if not how.startswith("notebook")]  # one that it cannot open is for `lockdesk grade` to mend
    for how in hows:
        TAMPERING[how](room, room.by_hand(how, PERFECT))

    room.run("autograde", "small")

    with room.gradebook() as gradebook:
        scores = {
            submission.student_id: {grade.name: grade.auto_score for grade in submission.notebooks[0].grades}
            for submission in gradebook.find_assignment("small").submissions
        }
    assert scores == dict.fromkeys(hows, AUTO | {"say-it": None})


def test_a_learners_own_notebook_is_kept_and_goes_no_further(room: Classroom) -> None:
    folder = room.folder("luo", PERFECT)
    (folder / "small.ipynb").write_text("mine")
    room.graded()

    assert (room.submitted("luo") / "small.ipynb.theirs").read_text() == "mine"
    assert not list((room.root / "autograded").rglob("*.theirs*"))


STRAYS = {
    "questions.json": b'{"form":1,"questions":[]}',
    "questions.toml": b'edition = "2026-11"',
    "gradebook.db": b"all points to me",
    "collected.json": b'[{"reason": "late", "detail": "forged"}]',
    "extra.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "small.html": b"<script>alert(1)</script>",
    "conftest.py": b"raise SystemExit",
    "lockdesk.py": b"open('/tmp/pwned', 'w')",
    "nbgrader_config.py": b"open('/tmp/pwned', 'w')",
    "sitecustomize.py": b"open('/tmp/pwned', 'w')",
    "deeper/answers.jsonl": b"{}",
    ".hidden": b"",
    "\udcff.txt": b"",
    "a" * 200: b"",
    "<script>alert(1)<": b"",
    "\x1b[31mred": b"",
}


@both_ways
def test_files_of_a_learners_own_change_nothing(room: Classroom, collected: bool) -> None:
    names = {f"learner {number}": name for number, name in enumerate(STRAYS)}
    for learner, name in names.items():
        path = hand_in(room, collected, learner) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(STRAYS[name])

    rows = room.graded() if collected else room.grade()

    assert {learner: row.points | {"say-it": 0} for learner, row in rows.items()} == dict.fromkeys(names, FULL)
    if collected:
        kept = {"answers.jsonl", "collected.json", "small.ipynb", "small.ipynb.theirs", "submission_secret.txt", "timestamp.txt"}
        assert {learner: set(flags(rows[learner])) for learner in names} == {
            learner: set() if name == "questions.json" else {"left-out"} for learner, name in names.items()
        }
        assert all({path.name for path in room.submitted(learner).iterdir()} == kept for learner in names)
    assert not Path("/tmp/pwned").exists()


def test_a_page_of_the_learners_own_is_not_returned_as_feedback(room: Classroom) -> None:
    (room.by_hand("luo", PERFECT) / "small.html").write_text("<script>alert(1)</script>")
    room.grade()

    assert "alert(1)" not in room.feedback("luo")


def test_a_second_notebook_put_there_by_hand_is_moved_aside(room: Classroom) -> None:
    folder = room.by_hand("luo", PERFECT)
    (folder / "extra.ipynb").write_bytes(STRAYS["extra.ipynb"])

    row = room.grade()["luo"]

    assert row.points | {"say-it": 0} == FULL
    assert not (folder / "extra.ipynb").exists()
    assert (folder / "extra.ipynb.theirs").is_file()


NOTES = [b"[" * 100_000, b"{}", b"7", b"[7]", b'[{"reason":1}]', b'[{"reason":"zz","detail":""}]', b"\xff", b"null", b"1e999", b"9" * 5000]


def test_a_note_that_is_none_of_ours_stops_nobody(room: Classroom) -> None:
    for number, content in enumerate(NOTES):
        (room.by_hand(f"learner-{number}", PERFECT) / "collected.json").write_bytes(content)

    rows = room.grade()

    assert [(row.points | {"say-it": 0}, flags(row)) for row in rows.values()] == [(FULL, {})] * len(NOTES)


def test_what_is_no_file_where_a_file_should_be_stops_nobody(room: Classroom) -> None:
    names = ["collected.json", "timestamp.txt", "questions.json", "small.ipynb.theirs", "answers.jsonl.theirs", "submission_secret.txt"]
    make: dict[str, Callable[[Path], object]] = {
        "folder": Path.mkdir,
        "link": lambda path: path.symlink_to("/etc/passwd"),
        "pipe": os.mkfifo,
    }
    for name in names:
        for kind, plant in make.items():
            folder = room.by_hand(f"{kind} {name}", PERFECT)
            (folder / name).unlink(missing_ok=True)
            (folder / "small.ipynb").write_text("mine")
            plant(folder / name)

    rows = room.grade()

    assert {learner: row.points["who-calls"] for learner, row in rows.items()} == {f"{kind} {name}": 2 for name in names for kind in make}
    assert {learner for learner, row in rows.items() if not row.flags} <= {f"folder {name}" for name in names}
    assert "root:" not in "".join(path.read_text("utf-8", "replace") for path in (room.root / "autograded").rglob("*") if path.is_file())


def test_a_linked_folder_goes_and_what_it_pointed_to_stays(room: Classroom) -> None:
    elsewhere = room.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "link").symlink_to("nowhere")
    (room.by_hand("luo", PERFECT) / "deeper").symlink_to(elsewhere)

    row = room.grade()["luo"]

    assert (row.points | {"say-it": 0}, flags(row)) == (FULL, {"left-out": "deeper"})
    assert (elsewhere / "link").is_symlink()


# ---- what is planted in the exchange


PLANTED: dict[str, tuple[Callable[[Classroom, Path], object], str]] = {
    "a link to a neighbour's record": (
        lambda room, log: log.symlink_to(room.inbound / f"chen+small+{TIME.format(1)}+chen" / LOG),
        "link",
    ),
    "a link to nowhere": (lambda room, log: log.symlink_to("nowhere"), "link"),
    "a pipe": (lambda room, log: os.mkfifo(log), "not-a-file"),
    "a folder": (lambda room, log: log.mkdir(), "not-a-file"),
    "nothing": (lambda room, log: None, "missing"),
    "too much": (lambda room, log: (log.write_bytes(record(PERFECT, "luo")), os.truncate(log, MAX_FILE + 1)), "too-big"),
}


@both_ways
def test_what_is_planted_instead_of_a_record_earns_nothing_and_stops_nobody(room: Classroom, collected: bool) -> None:
    room.folder("chen", PERFECT)
    for what, (plant, _) in PLANTED.items():
        plant(room, hand_in(room, collected, what, None) / LOG)

    rows = room.graded()

    chen = rows.pop("chen")
    assert (chen.points | {"say-it": 0}, chen.flags) == (FULL, ())
    assert {what: (row.points, row.state) for what, row in rows.items()} == dict.fromkeys(PLANTED, (BLANK, "graded"))
    assert {what: set(flags(row)) for what, row in rows.items()} == {what: {reason} for what, (_, reason) in PLANTED.items()}


def test_a_link_put_there_by_hand_earns_nothing_by_nbgraders_own_autograde_either(room: Classroom) -> None:
    neighbour = room.by_hand("chen", PERFECT)
    (room.by_hand("luo") / LOG).symlink_to(neighbour / LOG)

    room.run("autograde", "small")  # its copy of the submission follows links

    with room.gradebook() as gradebook:
        assert gradebook.find_submission("small", "luo").score == 0
        assert gradebook.find_submission("small", "chen").score == 15


def test_a_submission_that_is_a_link_as_a_whole_earns_nothing_and_stops_nobody(room: Classroom) -> None:
    neighbour = room.folder("chen", PERFECT)
    (room.inbound / "file").write_text("")
    targets = {"to chen": neighbour.name, "to nowhere": "nowhere", "to itself": f"to itself+small+{TIME.format(1)}+x", "to a file": "file"}
    for learner, target in targets.items():
        (room.inbound / f"{learner}+small+{TIME.format(1)}+x").symlink_to(target)

    rows = room.graded()

    assert rows.pop("chen").points | {"say-it": 0} == FULL
    assert {learner: (row.points, set(flags(row))) for learner, row in rows.items()} == dict.fromkeys(targets, (BLANK, {"not-collected"}))


def test_a_submission_that_is_a_file_is_taken_in_as_a_blank_one(room: Classroom) -> None:
    (room.inbound / f"luo+small+{TIME.format(1)}+x").write_text("")

    row = room.graded()["luo"]

    assert (row.points, set(flags(row))) == (BLANK, {"not-collected"})


def test_a_folder_whose_name_is_no_submissions_is_named_and_stops_nobody(room: Classroom) -> None:
    room.folder("chen", PERFECT)
    odd = ["+small+{}+x", "lu\x1b[31mo+small+{}+x", "luo+small+soon+x", "luo+small+", "luo+small+99999999999999999+x", "lu\no+small+{}+x"]
    for name in [*odd, "..+small+{}+x", ".+small+{}+x"]:  # nbgrader passes over the last two by itself
        room.folder("mallory", PERFECT, room.inbound / name.format(TIME.format(1)))

    said = room.collect().said
    rows = room.grade()

    assert set(rows) == {"chen"}
    assert said.count("Left in the exchange") == len(odd)
    assert "\x1b" not in said
    assert [path.name for path in (room.root / "submitted").iterdir()] == ["chen"]
    assert not (room.root / "small").exists()


def test_a_learner_may_have_any_usual_name(room: Classroom) -> None:
    names = ["罗一", "o'neil", "jean-luc", "luo@example.org", "a.b", "Ann Lee", "_x", "7"]
    for name in names:
        room.folder(name, PERFECT)

    assert {name: row.points | {"say-it": 0} for name, row in room.graded().items()} == dict.fromkeys(names, FULL)


@both_ways
def test_a_timestamp_that_is_no_time_stops_nobody(room: Classroom, collected: bool) -> None:
    times = ["soon", "!", "\0", "9" * 400, "2026-13-45", "\xff\xfe", "=1+1", "\x1b[31m"]
    for number, words in enumerate(times):
        (hand_in(room, collected, f"learner-{number}") / "timestamp.txt").write_bytes(words.encode("latin-1"))

    rows = room.graded() if collected else room.grade()

    assert [(row.points | {"say-it": 0}, set(flags(row))) for row in rows.values()] == [(FULL, set() if collected else {"timestamp"})] * 8


def test_a_submission_is_late_by_its_folders_name_whatever_its_timestamp_says(room: Classroom) -> None:
    room.run("db", "assignment", "add", "small", f"--duedate={TIME.format(0)}")
    folder = room.folder("luo", PERFECT)
    (folder / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")

    row = room.graded()["luo"]

    assert set(flags(row)) == {"late"}
    assert row.points | {"say-it": 0} == FULL


@both_ways
def test_a_missing_or_broken_secret_keeps_nobodys_feedback_back(room: Classroom, collected: bool) -> None:
    secrets = {"broken": b"\xff\xfe", "empty": b"", "long": b"a" * 5000, "fine": b"abc123"}
    for learner, secret in secrets.items():
        (hand_in(room, collected, learner) / "submission_secret.txt").write_bytes(secret)
    (hand_in(room, collected, "missing") / "timestamp.txt").unlink()
    if collected:
        room.collect()
        room.run("autograde", "small")  # as Formgrader does, which prepares nothing
    rows = room.grade()

    room.run("generate_feedback", "small")
    room.run("release_feedback", "small")

    assert all(row.points | {"say-it": 0} == FULL for row in rows.values())
    assert len(list((room.root / "exchange/locked-terminals/feedback").glob("*.html"))) == len(rows) == 5
    assert (room.submitted("fine") / "submission_secret.txt").read_bytes() == b"abc123"


def test_collecting_again_over_a_broken_timestamp_stops_nobody(room: Classroom) -> None:
    (room.by_hand("luo", PERFECT) / "timestamp.txt").write_text("soon")
    room.folder("luo", PERFECT)
    room.folder("chen", PERFECT)

    assert set(room.graded()) == {"luo", "chen"}


def test_a_zip_file_of_a_whole_class_is_graded(room: Classroom) -> None:
    downloads = room.root / "downloaded/small/archive"
    downloads.mkdir(parents=True)
    with zipfile.ZipFile(downloads / "class.zip", "w") as archive:
        for learner, answers in (("luo", PERFECT), ("chen", {"who-calls": "alpha"})):
            for name, data in (("small.ipynb", b"broken"), (LOG, record(answers, "student"))):
                archive.writestr(f"{learner}_small_attempt_2026-11-22-10-30-10_{name}", data)
    # A learning platform names files in its own way; the instructor says how, once.
    pattern = r".*/(?P<student_id>[a-z]+)_small_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>.+)"
    plain = f"--FileNameCollectorPlugin.named_regexp={pattern}"
    said = room.run("zip_collect", "small", plain).said

    rows = room.grade()

    assert {name: row.earned for name, row in rows.items()} == {"luo": 15, "chen": 0}, said
    assert {name: set(flags(row)) for name, row in rows.items()} == {"luo": {"other-learner"}, "chen": {"other-learner"}}


# ---- nothing of a learner's is run


def test_code_in_a_learners_notebook_is_not_run(room: Classroom, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    folder = room.folder("luo", {"who-calls": "alpha"})

    def forge(data: dict[str, list[dict[str, object]]]) -> None:
        for cell in data["cells"]:
            if cell["cell_type"] == "code":
                cell["source"] = f"open({str(proof)!r}, 'w').write('run')\nprint(99)\n99"
                cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "99"}, "metadata": {}, "execution_count": 1}]

    room.edit(folder / "small.ipynb", forge)
    (folder / "lockdesk.py").write_text(f"open({str(proof)!r}, 'w')")
    (folder / "sitecustomize.py").write_text(f"open({str(proof)!r}, 'w')")
    before = set(os.listdir(tmp_path))

    row = room.graded()["luo"]
    room.feedback("luo")

    assert row.points == BLANK
    assert not proof.exists()
    assert set(os.listdir(tmp_path)) == before


def test_and_not_where_a_person_put_it(room: Classroom, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    folder = room.by_hand("luo", {"who-calls": "alpha"})
    forged = f"open({str(proof)!r}, 'w')\n99"
    room.edit(folder / "small.ipynb", lambda data: [cell.update(source=forged) for cell in data["cells"] if cell["cell_type"] == "code"])
    (folder / "lockdesk.py").write_text(forged)

    row = room.grade()["luo"]

    assert row.points == BLANK
    assert not proof.exists()


def test_formgraders_own_button_runs_nothing_either(room: Classroom, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    folder = room.folder("luo", PERFECT)
    forged = f"open({str(proof)!r}, 'w')\n99"
    room.edit(folder / "small.ipynb", lambda data: [cell.update(source=forged) for cell in data["cells"] if cell["cell_type"] == "code"])
    room.collect()

    room.run("autograde", "small")

    assert not proof.exists()
    assert room.grade()["luo"].points | {"say-it": 0} == FULL


def test_claims_instead_of_answers_earn_nothing(room: Classroom) -> None:
    claims = b"".join(b'{"v":1,"q":"%s","score":99,"passed":true}\n' % name.encode() for name in PERFECT)
    room.folder("luo", claims + record(dict.fromkeys(PERFECT, True), "luo"))

    row = room.graded()["luo"]

    assert (row.points, set(flags(row))) == (BLANK, {"bad-lines"})


def test_the_whole_course_is_graded_by_its_own_settings(room: Classroom) -> None:
    """The settings that these tests run under are the repository's."""
    assert (room.root / "nbgrader_config.py").read_bytes() == (REPOSITORY / "nbgrader_config.py").read_bytes()
    shutil.rmtree(room.root / "exchange")


def test_a_submission_that_another_account_put_there_is_flagged(room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, taken = tmp_path / "sent", tmp_path / "ada" / "small"
    sent.mkdir()
    (sent / "answers.jsonl").write_text("", encoding="utf-8")
    monkeypatch.setattr("os.getuid", lambda: sent.stat().st_uid + 1)

    take_in(sent, taken, room.root / "release" / "small")

    assert [flag.reason for flag in notes_in(taken)] == ["other-owner"]
