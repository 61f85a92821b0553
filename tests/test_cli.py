from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders import REPOSITORY, case_file
from lockdesk import guessing, strategies
from lockdesk.cli import main
from lockdesk.course import Course


def run(course: Course, *arguments: str) -> int:
    return main(["--course", str(course.folder), *arguments])


def spoil(course: Course) -> Path:
    """Change an English cell, so that its Chinese is stale."""
    path = course.notebooks / "en/01-small.ipynb"
    path.write_text(path.read_text("utf-8").replace("And more.", "And much more."), "utf-8")
    return path


def test_a_course_without_a_fault_passes(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(course, "check")
    said = capsys.readouterr()

    assert status == 0
    assert said.out.splitlines()[-1] == "0 faults."
    assert said.out.startswith("01-small: 6 questions")
    assert said.err == ""


def test_a_course_with_a_fault_fails_and_names_it(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(course)

    status = run(course, "check")
    said = capsys.readouterr()

    assert status == 1
    assert said.out.splitlines()[-1] == "1 fault."
    assert said.err.startswith("notebooks/zh/01-small.ipynb, cell 'some-words': ")


def test_several_faults_are_all_named(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(course)
    (course.notebooks / "start.ipynb").write_text("{}", "utf-8")

    status = run(course, "check")
    said = capsys.readouterr()

    assert status == 1
    assert said.out.splitlines()[-1] == "2 faults."
    assert len(said.err.splitlines()) == 2


def test_strategies_are_printed_by_name_and_percentage(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On two practice cases; searching is left out, for in so small a set the best list of acts is a solution."""
    (course.notebooks / "cases").mkdir()
    for name in ("glass-and-tiles.toml", "gate-fourteen.toml"):
        (course.notebooks / "cases" / name).write_bytes((REPOSITORY / "notebooks/cases" / name).read_bytes())
    monkeypatch.setattr(strategies, "search", lambda *_: strategies.Habit("searched", ()))

    status = run(course, "check", "--strategies")
    said = capsys.readouterr()
    rows = [line.split(" ") for line in said.out.splitlines()]

    assert status == 0
    assert said.err == ""
    assert rows[0] == ["model", "100.0"]
    assert {"reader", "searched", *(habit.name for habit in strategies.HABITS)} <= {name for name, _ in rows}
    assert all(0 <= float(percent) <= 100 for _, percent in rows)


def test_a_habit_that_passes_is_named_and_fails_the_check(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case_file(course.notebooks / "cases")
    lucky = strategies.Row("lucky", (80.0,), (False,), ("small-call",))
    monkeypatch.setattr(strategies, "table", lambda cases: [lucky])

    status = run(course, "check", "--strategies")
    said = capsys.readouterr()

    assert status == 1
    assert said.out.splitlines()[0] == "lucky 80.0"
    assert said.err.splitlines() == [
        "lucky earns 80.0 on average; wanted: below 50.",
        "lucky earns 80 in 'small-call', where its end is wrong; wanted: at most 75.",
    ]


def test_coverage_maps_each_mark_in_each_language_and_fails_while_there_is_a_hole(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(course, "check", "--coverage")
    said = capsys.readouterr()

    assert status == 1
    assert "L7 zh: taught nowhere; asked nowhere" in said.out.splitlines()
    assert "L7: is taught in no lesson (en, zh)." in said.err.splitlines()
    assert said.out.splitlines()[-1] == "103 marks and statements, 206 holes."


def test_strategies_of_a_course_without_cases_are_those_of_its_questions(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(course, "check", "--strategies") == 0
    assert {line.split("-")[0] for line in capsys.readouterr().out.splitlines()} == {"questions"}


def test_a_habit_that_pays_in_the_questions_fails_the_check(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "ENOUGH", 1)

    assert run(course, "check", "--strategies") == 1
    assert "notebooks/questions, habit 'shortest' (zh): earns 42%, blind guessing 19%" in capsys.readouterr().err
    assert run(course, "check") == 1
    assert "notebooks/questions, habit 'shortest' (zh)" in capsys.readouterr().err


def test_strategies_of_a_faulty_case_name_its_fault(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    case_file(course.notebooks / "cases", patience="")

    status = run(course, "check", "--strategies")

    assert status == 1
    assert "notebooks/cases/small-call.toml: is not valid TOML" in capsys.readouterr().err


def test_check_writes_nothing(course: Course) -> None:
    spoil(course)
    before = {path: path.read_bytes() for path in course.folder.rglob("*") if path.is_file()}

    run(course, "check")

    assert {path: path.read_bytes() for path in course.folder.rglob("*") if path.is_file()} == before


def test_lessons_names_what_it_has_rewritten(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    path = course.notebooks / "zh/01-small.ipynb"
    data = json.loads(path.read_text("utf-8"))
    data["cells"][2]["execution_count"] = 9
    path.write_text(json.dumps(data), "utf-8")

    status = run(course, "lessons")

    assert status == 0
    assert capsys.readouterr().out == "rewritten: notebooks/zh/01-small.ipynb\n"
    assert run(course, "check") == 0


def test_lessons_with_a_faulty_question_file_names_every_fault_without_a_traceback(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course.questions / "01-small.toml"
    path.write_text(path.read_text("utf-8").replace('kind = "', 'kind = "x'), "utf-8")

    status = run(course, "lessons")
    said = capsys.readouterr()

    assert status == 1
    assert len(said.err.splitlines()) == 6
    assert "Traceback" not in said.err


def test_translated_confirms_the_cells_it_is_given(course: Course) -> None:
    spoil(course)
    before = run(course, "check")

    status = run(course, "translated", "some-words")

    assert (before, status) == (1, 0)
    assert run(course, "check") == 0


def test_translated_names_a_cell_it_does_not_find_and_confirms_the_others(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(course)

    status = run(course, "translated", "nowhere", "some-words")
    said = capsys.readouterr()

    assert status == 1
    assert said.err.startswith("nowhere: ")
    assert len(said.err.splitlines()) == 1
    assert run(course, "check") == 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["chek"], ["translated"], ["check", "--loud"], ["check", "more"]],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_a_wrong_call_is_told_how_to_be_made(course: Course, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(course, *arguments)

    assert stopped.value.code == 2
    assert "usage: lockdesk" in capsys.readouterr().err


def test_a_folder_that_holds_no_course_is_said_to_hold_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--course", str(tmp_path), "check"])

    assert stopped.value.code == 2
    assert "no course here" in capsys.readouterr().err


def test_the_course_is_the_working_directorys_if_none_is_named(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.folder)

    assert main(["check"]) == 0
    assert "0 faults." in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    said = capsys.readouterr().out

    assert stopped.value.code == 0
    assert {"check", "lessons", "translated"} <= set(said.split())
