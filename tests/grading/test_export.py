from __future__ import annotations

import csv
from pathlib import Path

import pytest

from grading.classroom import PERFECT, TIME, Classroom
from lockdesk.grading import preprocessors
from lockdesk.grading.commands import nbgrader
from lockdesk.grading.export import COLUMNS

Table = dict[str, dict[str, str]]


def exported(room: Classroom, *arguments: str) -> Table:
    room.run("export", "--to=grades.csv", *arguments)
    with (room.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture
def table(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> Table:
    """A class with somebody in every state."""
    room.run("db", "assignment", "add", "small", f"--duedate={TIME.format(5)}")
    for learner in ("absent", "blank", "read", "waiting", "failed", "late"):
        room.run("db", "student", "add", learner)
    room.by_hand("blank", {})
    room.by_hand("read", PERFECT)
    room.by_hand("waiting", PERFECT)
    room.by_hand("failed", PERFECT)
    (room.by_hand("late", {"who-calls": "beta"}) / "timestamp.txt").write_text(TIME.format(35))
    real = preprocessors.ScoreAnswers.preprocess

    def preprocess(self: preprocessors.ScoreAnswers, nb: object, resources: dict[str, dict[str, str]]) -> object:
        if resources["nbgrader"]["student"] == "failed":
            raise RuntimeError
        return real(self, nb, resources)

    monkeypatch.setattr(preprocessors.ScoreAnswers, "preprocess", preprocess)
    room.grade()
    room.read("read", 2.5)
    return exported(room)


def test_everybody_has_a_row_and_only_those_who_are_graded_a_score(table: Table) -> None:
    assert {name: (row["state"], row["raw_score"], row["score"]) for name, row in table.items()} == {
        "absent": ("absent", "", ""),
        "blank": ("graded", "0.0", "0.0"),
        "read": ("graded", "17.5", "17.5"),
        "waiting": ("waiting", "", ""),
        "failed": ("not graded", "", ""),
        "late": ("graded", "2.0", "2.0"),
    }
    assert {row["max_score"] for row in table.values()} == {"18.0"}
    assert list(table) == sorted(table)


def test_late_is_told_in_seconds_and_costs_nothing(table: Table) -> None:
    assert {name: row["late_seconds"] for name, row in table.items()} == {
        "absent": "",
        "blank": "0",
        "read": "0",
        "waiting": "0",
        "failed": "0",
        "late": "30",
    }
    assert table["late"]["late_submission_penalty"] == "0.0"


def test_a_row_without_a_single_score_is_not_graded(room: Classroom) -> None:
    room.by_hand("luo", {})
    room.grade()
    with room.gradebook() as gradebook:
        for grade in gradebook.find_submission("small", "luo").notebooks[0].grades:
            grade.auto_score = None
        gradebook.db.commit()

    assert exported(room)["luo"]["state"] == "not graded"


def test_a_grade_that_was_looked_for_again_waits(room: Classroom) -> None:
    room.by_hand("luo", PERFECT)
    room.grade()
    room.read("luo", 2.5)
    room.grade(again=True)

    row = exported(room)["luo"]

    assert (row["state"], row["score"]) == ("waiting", "")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_name_does_not_become_a_formula(room: Classroom, formula: str) -> None:
    with room.gradebook() as gradebook:
        gradebook.add_student("luo", first_name=formula, last_name=formula, email=formula)

    row = exported(room)["luo"]

    assert {row[name] for name in ("first_name", "last_name", "email")} == {f"'{formula}"}


def test_a_learner_whose_id_is_a_formula_has_a_harmless_one(room: Classroom) -> None:
    room.run("db", "student", "add", "@luo")

    assert list(exported(room)) == ["'@luo"]


def test_chinese_names_are_read_by_a_spreadsheet(room: Classroom) -> None:
    room.by_hand("罗一", PERFECT)
    room.grade()
    with room.gradebook() as gradebook:
        gradebook.update_or_create_student("罗一", first_name="一", last_name="罗")

    assert exported(room)["罗一"]["last_name"] == "罗"
    assert (room.root / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbfassignment,")


def test_the_columns_and_lines_are_a_spreadsheets(room: Classroom) -> None:
    room.by_hand("luo", {})
    room.grade()
    exported(room)

    lines = (room.root / "grades.csv").read_bytes().decode("utf-8-sig").split("\r\n")

    assert lines[0].split(",") == list(COLUMNS)
    assert [len(line.split(",")) for line in lines] == [len(COLUMNS), len(COLUMNS), 1]


def test_one_assignment_and_one_learner_can_be_asked_for(room: Classroom) -> None:
    for learner in ("luo", "chen"):
        room.by_hand(learner, {})
    room.grade()

    assert set(exported(room, "--ExportPlugin.student=luo")) == {"luo"}
    assert set(exported(room, "--ExportPlugin.assignment=other")) == set()


def test_an_export_that_cannot_be_written_says_so(room: Classroom) -> None:
    run = nbgrader(room.root, "export", f"--to={Path('/nowhere/grades.csv')}")

    assert run.exit_code != 0
