from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from builders import entry, model_answer, multi, number, question_file, single, written
from grading.classroom import AUTO, BLANK, PERFECT, QUESTIONS, TIME, Classroom, entries, flags, record
from lockdesk.answers import encode
from lockdesk.cli import main
from lockdesk.errors import ContentError
from lockdesk.grading import exchange, preprocessors
from lockdesk.grading.batch import Row, is_whole, release_all, table
from lockdesk.grading.commands import nbgrader

GOOD = {"who-calls": "beta", "how-many": 12}


def lockdesk(room: Classroom, *arguments: str) -> int:
    return main(["--course", str(room.root), *arguments])


# ---- the table and the exit code


def test_a_class_that_is_graded_is_told_row_by_row(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    room.by_hand("chen", {"who-calls": "beta"})
    room.by_hand("luo", PERFECT)
    room.by_hand("nobody")

    status = lockdesk(room, "grade", "small")

    assert status == 0
    assert capsys.readouterr().out.splitlines() == [
        "Grading 3 of small …",
        "chen          2 of 18  graded",
        "luo          15 of 18  waiting",
        "nobody        0 of 18  graded",
        "                 ! There is no answer record.",
        "3 in submitted/: 2 graded, 1 waiting for a person to read the written answer; 1 to look at.",
    ]


def test_points_are_shown_with_two_digits_at_most() -> None:
    shown = [Row("luo", "graded", earned, 18, ()).spoken(3) for earned in (4 / 3, 2.0, 1.5, 0.0)]

    assert [line.split()[1] for (line,) in shown] == ["1.33", "2", "1.5", "0"]


def test_a_table_counts_every_state() -> None:
    rows = [
        Row("a", "graded", 1, 2, ()),
        Row("b", "waiting", 1, 2, ()),
        Row("c", "older key", 1, 2, ()),
        Row("d", "not graded", None, 2, ()),
    ]

    summary = table(rows)[-1]

    assert [is_whole([row]) for row in rows] == [True, True, False, False]
    assert summary.startswith("4 in submitted/: 1 graded, 1 waiting")
    assert "1 graded by an older key (grade them with --again), 1 NOT GRADED" in summary
    assert summary.endswith("; 0 to look at.")


def test_an_assignment_that_does_not_exist_is_a_wrong_call(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert lockdesk(room, "grade", "smal") == 2
    assert "There: small." in capsys.readouterr().err


def test_when_nobody_has_handed_in_it_is_said(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert lockdesk(room, "grade", "small") == 0
    assert "Nobody has handed in small" in capsys.readouterr().out


def _fails_for(learner: str, step: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    real = step.preprocess

    def preprocess(self: Any, nb: Any, resources: Any) -> Any:
        if resources["nbgrader"]["student"] == learner:
            raise RuntimeError("no luck")
        return real(self, nb, resources)

    monkeypatch.setattr(step, "preprocess", preprocess)


@pytest.mark.parametrize("step", ["RestoreRelease", "ScoreAnswers", "SaveScores"])
def test_somebody_who_cannot_be_graded_is_named_and_stops_nobody(
    room: Classroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    for learner in ("chen", "luo", "wang"):
        room.by_hand(learner, GOOD)
    _fails_for("luo", getattr(preprocessors, step), monkeypatch)

    status = lockdesk(room, "grade", "small")
    said = capsys.readouterr().out

    assert status == 1
    assert "luo         - of 18  not graded" in said
    assert "no luck" in said
    assert "2 graded, 0 waiting for a person to read the written answer, 1 NOT GRADED" in said
    monkeypatch.undo()
    assert lockdesk(room, "grade", "small") == 0


def test_somebody_who_cannot_be_graded_is_named_where_a_person_grades_everything(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.ask(written())
    room.by_hand("luo", {"say-it": "My own words."})
    room.by_hand("chen", {})
    _fails_for("luo", preprocessors.ScoreAnswers, monkeypatch)

    rows = room.grade()

    assert {name: row.state for name, row in rows.items()} == {"luo": "not graded", "chen": "graded"}


def test_somebody_whose_second_grading_fails_is_named(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.by_hand("luo", GOOD)
    first = room.grade()["luo"].state
    _fails_for("luo", preprocessors.ScoreAnswers, monkeypatch)

    assert (first, room.grade(again=True)["luo"].state) == ("graded", "not graded")


def test_a_row_that_is_gone_from_the_gradebook_is_named(room: Classroom) -> None:
    room.by_hand("luo", GOOD)
    room.by_hand("chen", GOOD)
    room.grade()
    with room.gradebook() as gradebook:
        gradebook.remove_submission("small", "luo")

    rows = room.grade()

    assert {name: (row.state, row.earned) for name, row in rows.items()} == {"luo": ("not graded", None), "chen": ("graded", 4)}
    assert room.grade(again=True)["luo"].earned == 4


def test_what_nbgrader_cannot_do_is_an_exit_code_and_words(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(exchange, "take_in", fail)
    room.folder("luo", GOOD)
    before = Path.cwd()

    run = nbgrader(room.root, "collect", "small")

    assert run.exit_code == 1
    assert "the disk is gone" in run.said
    assert Path.cwd() == before
    assert nbgrader(room.root, "collect", "--nonsense=1").exit_code != 0


def test_a_command_knows_nothing_of_the_course_before_it(built: Classroom, tmp_path: Path) -> None:
    for turn in (1, 2):
        room = built.copy(tmp_path / f"{turn}")
        room.by_hand(f"learner-{turn}", GOOD)
        assert list(room.grade()) == [f"learner-{turn}"]
        assert [path.name for path in (room.root / "autograded").iterdir()] == [f"learner-{turn}"]


# ---- a corrected key


def test_a_corrected_key_is_told_until_everybody_is_graded_by_it(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    room.by_hand("luo", {"how-many": 13})
    room.by_hand("chen", {"who-calls": "beta"})
    assert {name: row.earned for name, row in room.grade().items()} == {"luo": 0, "chen": 2}
    room.change_key("answer = 12", "answer = 13")

    assert lockdesk(room, "grade", "small") == 1
    said = capsys.readouterr().out
    assert "luo         0 of 18  older key" in said
    assert "chen        2 of 18  graded" in said
    assert lockdesk(room, "grade", "small", "--again") == 0
    assert "luo         2 of 18  graded" in capsys.readouterr().out


def test_a_key_that_asks_otherwise_than_the_release_is_refused_by_name(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    room.by_hand("luo", GOOD)
    room.change_key("points = 4", "points = 5")

    status = lockdesk(room, "grade", "small")
    said = capsys.readouterr().out

    assert status == 1
    assert "release/small/ was built from an earlier source/small/" in said
    assert "asks other questions, or for other points, than the released notebook" in said
    assert "- of 20  not graded" in said


def test_after_a_corrected_key_it_says_whose_score_changed_by_how_much_and_where(room: Classroom) -> None:
    room.by_hand("gains", {"who-calls": "gamma", "how-many": 12})
    room.by_hand("loses", {"who-calls": "beta"})
    room.by_hand("stays", {"who-calls": "alpha"})
    room.grade()
    room.grade(again=True)
    unchanged = room.told[-1]
    question_file(room.source, single("gamma"), *list(QUESTIONS.values())[1:], name="questions")
    room.grade(again=True)

    assert unchanged == "Nobody's score changed; 3 were graded again."
    assert [line for line in room.told if "chang" in line] == [
        "changed: gains  2 → 4 (+2)  who-calls 0 → 2",
        "changed: loses  2 → 0 (-2)  who-calls 2 → 0",
        "2 of 3 scores changed, 1 of them upwards. Return the feedback anew, with --force.",
    ]


def test_who_is_graded_for_the_first_time_has_not_changed(room: Classroom) -> None:
    room.by_hand("luo", {"who-calls": "beta"})
    room.grade()
    room.by_hand("new", {"who-calls": "beta"})
    room.grade(again=True)

    assert room.told[-1] == "Nobody's score changed; 1 were graded again."


def test_what_a_person_gave_stays_when_everybody_is_graded_again(room: Classroom) -> None:
    room.by_hand("luo", PERFECT)
    room.by_hand("chen", PERFECT)
    room.grade()
    room.read("luo", 2.5)
    before = room.grade()
    room.change_key("answer = 12", "answer = 13")

    after = room.grade(again=True)

    assert {name: (row.state, row.earned) for name, row in before.items()} == {"luo": ("graded", 17.5), "chen": ("waiting", 15)}
    assert {name: (row.state, row.earned) for name, row in after.items()} == {"luo": ("waiting", 15.5), "chen": ("waiting", 13)}


def test_a_point_that_a_person_gave_for_another_question_stays_too(room: Classroom) -> None:
    room.by_hand("luo", {"who-calls": "alpha"})
    room.grade()
    room.read("luo", 1, "who-calls")

    rows = [room.grade()["luo"], room.grade(again=True)["luo"]]

    assert [(row.state, row.earned) for row in rows] == [("graded", 1), ("waiting", 1)]


@pytest.mark.parametrize("words", [None, "", "  ", "absent"])
def test_a_written_answer_without_a_word_is_nothing_and_waits_for_nobody(room: Classroom, words: str | None) -> None:
    room.by_hand("luo", {} if words == "absent" else {"say-it": words})

    row = room.grade()["luo"]

    assert (row.state, row.points) == ("graded", BLANK)


def test_a_written_answer_that_came_later_waits(room: Classroom) -> None:
    folder = room.by_hand("luo", {})
    room.grade()
    (folder / "answers.jsonl").write_bytes(record(PERFECT, "luo"))

    assert room.grade()["luo"].state == "older key"
    assert room.grade(again=True)["luo"].state == "waiting"


# ---- other people's answers


def test_a_neighbours_whole_record_is_flagged_with_the_neighbours_name(room: Classroom) -> None:
    room.by_hand("chen", PERFECT)
    room.by_hand("luo", record(PERFECT, "chen"))

    rows = room.grade()

    assert flags(rows["luo"]) == {"classmate": "chen"}
    assert rows["luo"].points["who-calls"] == 2
    assert set(flags(rows["chen"])) == {"same-answers"}


def test_a_neighbour_who_did_not_hand_in_is_known_by_the_gradebook(room: Classroom) -> None:
    room.run("db", "student", "add", "chen")
    room.by_hand("luo", record(PERFECT, "chen"))

    assert flags(room.grade()["luo"]) == {"classmate": "chen"}


def test_a_name_that_nobody_has_is_another_flag(room: Classroom) -> None:
    room.by_hand("luo", record(PERFECT, "chen"))

    assert flags(room.grade()["luo"]) == {"other-learner": "chen"}


def test_a_neighbours_record_with_the_names_replaced_is_flagged(room: Classroom) -> None:
    room.by_hand("chen", PERFECT)
    room.by_hand("luo", record(PERFECT, "chen").replace(b'"chen"', b'"luo"'))
    room.by_hand("wang", PERFECT)

    rows = room.grade()

    assert {name: flags(row) for name, row in rows.items()} == {
        "luo": {"same-answers": "chen"},
        "chen": {"same-answers": "luo"},
        "wang": {},
    }


@pytest.mark.parametrize(("shared", "is_said"), [(1, False), (2, True)])
def test_one_line_in_common_is_no_sign(room: Classroom, shared: int, is_said: bool) -> None:
    lines = entries(PERFECT, "chen")
    room.by_hand("chen", b"".join(map(encode, lines)))
    own = b"".join(encode(entry(question, answer, variant="luo")) for question, answer in PERFECT.items())
    room.by_hand("luo", own + b"".join(encode(entry(one.q, one.answer, at=one.at, variant="luo")) for one in lines[:shared]) * 3)

    assert ("same-answers" in flags(room.grade()["luo"])) is is_said


def test_equal_answers_at_other_times_are_no_sign(room: Classroom) -> None:
    room.by_hand("chen", PERFECT)
    room.by_hand("luo", PERFECT)

    assert [row.flags for row in room.grade().values()] == [(), ()]


# ---- what is refused


@pytest.mark.parametrize("step", ["source", "release"])
@pytest.mark.parametrize("name", ["answers.jsonl", "answers.jsonl.bak"])
def test_an_authors_own_answers_are_neither_published_nor_released_nor_graded_by(room: Classroom, step: str, name: str) -> None:
    room.by_hand("luo", {})
    (room.root / step / "small" / name).write_bytes(record(PERFECT, "teacher"))
    shutil.rmtree(room.root / "exchange/locked-terminals/outbound")

    runs = [nbgrader(room.root, command, "small") for command in ("generate_assignment", "release_assignment", "autograde")]
    status = lockdesk(room, "grade", "small")

    assert ["are somebody's answers" in run.said for run in runs] == [step == "source", True, True] or step == "source"
    assert runs[1].exit_code != 0
    assert runs[2].exit_code != 0
    assert status == 1
    assert not list((room.root / "exchange").rglob("answers.jsonl*"))
    with room.gradebook() as gradebook:
        assert all(grade.auto_score is None for grade in gradebook.find_submission("small", "luo").notebooks[0].grades)


def test_and_publishing_over_them_is_refused_too(room: Classroom) -> None:
    (room.source / "answers.jsonl").write_bytes(record(PERFECT, "teacher"))

    run = nbgrader(room.root, "generate_assignment", "small", "--force")

    assert run.exit_code != 0
    assert "source/small/answers.jsonl: are somebody's answers" in run.said
    assert not list((room.root / "release").rglob("*"))


def test_building_anew_deletes_nobodys_answers_from_the_release(room: Classroom) -> None:
    answers = room.root / "release/small/answers.jsonl"
    answers.write_bytes(record(PERFECT, "teacher"))

    with pytest.raises(ContentError, match=r"release/small/answers\.jsonl: are somebody's answers"):
        release_all(room.root, print)

    assert answers.read_bytes() == record(PERFECT, "teacher")


def test_grading_without_a_release_is_an_error_of_nbgraders_and_mended_by_ours(room: Classroom) -> None:
    room.by_hand("luo", GOOD)
    shutil.rmtree(room.release)

    run = nbgrader(room.root, "autograde", "small")

    assert run.exit_code != 0
    assert "Build it with `make release`" in run.said
    assert room.grade(again=True)["luo"].earned == 4


def test_grading_without_a_key_is_an_error(room: Classroom) -> None:
    room.by_hand("luo", GOOD)
    (room.source / "questions.toml").unlink()

    run = nbgrader(room.root, "autograde", "small")

    assert run.exit_code != 0
    assert "questions.toml" in run.said
    with pytest.raises(ContentError):
        room.grade()


def test_an_assignment_that_nbgrader_never_heard_of_is_built_first(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # as where the environment was never activated
    (room.root / "gradebook.db").unlink()
    room.by_hand("luo", GOOD)

    assert room.grade()["luo"].earned == 4


def test_one_faulty_assignment_is_named_with_all_that_nbgrader_says(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    (room.source / "notes.txt").write_text("key: beta")

    assert lockdesk(room, "release") == 1
    assert "source/small/notes.txt: would be given to learners" in capsys.readouterr().err


def test_releasing_builds_every_assignment_and_removes_what_has_no_source(room: Classroom) -> None:
    (room.root / "release/gone").mkdir()
    (room.root / "source/idea").mkdir()
    before = {path.name: path.read_bytes() for path in room.release.iterdir()}
    told: list[str] = []

    release_all(room.root, told.append)

    assert told == ["built: release/small/", "removed: release/gone/, which source/ does not have"]
    assert not (room.root / "release/gone").exists()
    assert {path.name: path.read_bytes() for path in room.release.iterdir()} == before


# ---- other classes than the usual one


def test_questions_of_one_kind_with_their_own_points(room: Classroom) -> None:
    asked = (multi(points=0.3), number(points=10))
    room.ask(*asked)
    room.by_hand("luo", {question.id: model_answer(question) for question in asked})
    room.by_hand("chen", {"which-signs": ["beta"]})

    rows = room.grade()

    assert {name: row.earned for name, row in rows.items()} == {"luo": 10.3, "chen": 0.15}
    assert all(row.state == "graded" for row in rows.values())


def test_another_edition_is_graded_as_nothing_and_said(room: Classroom) -> None:
    room.by_hand("luo", record(PERFECT, "luo", edition="2025-01"))
    question_file(room.source, *QUESTIONS.values(), name="questions")

    row = room.grade()["luo"]

    assert (row.state, row.points, flags(row)) == ("graded", BLANK, {"other-edition": "2025-01"})
    assert sum(AUTO.values()) == 15


def test_late_is_said_and_costs_nothing(room: Classroom) -> None:
    room.run("db", "assignment", "add", "small", f"--duedate={TIME.format(0)}")
    room.by_hand("luo", GOOD)

    row = room.grade()["luo"]

    assert (row.earned, flags(row)) == (4, {"late": ""})
