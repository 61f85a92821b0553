from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from lockdesk.place import here, learner_name, place_of


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    """The folder `notebooks` of a course."""
    for name in ("questions", "en", "zh", "en/deeper"):
        (tmp_path / "notebooks" / name).mkdir(parents=True)
    return tmp_path / "notebooks"


@pytest.mark.parametrize(("folder", "lang"), [("en", "en"), ("zh", "zh"), (".", "en"), ("en/deeper", "en")])
def test_a_lessons_language_is_its_folders(lessons: Path, folder: str, lang: str) -> None:
    assert place_of(lessons / folder, {}).lang == lang


@pytest.mark.parametrize("folder", ["en", "zh", "."])
def test_all_lessons_share_the_questions_and_one_record(lessons: Path, folder: str) -> None:
    place = place_of(lessons / folder, {})

    assert place.questions == lessons / "questions"
    assert place.log == lessons / "answers.jsonl"


def test_a_notebook_outside_the_course_has_no_questions_and_records_nothing(tmp_path: Path) -> None:
    place = place_of(tmp_path, {})

    assert place.questions is None
    assert place.log is None


def test_questions_two_folders_up_are_not_this_notebooks(lessons: Path) -> None:
    assert place_of(lessons / "en/deeper", {}).questions is None


def test_a_file_called_questions_is_no_folder_of_questions(tmp_path: Path) -> None:
    (tmp_path / "questions").write_text("")

    assert place_of(tmp_path, {}).questions is None


def test_the_environment_can_send_answers_elsewhere(lessons: Path, tmp_path: Path) -> None:
    place = place_of(lessons / "en", {"LOCKDESK_ANSWERS_DIR": str(tmp_path / "desk")})

    assert place.log == tmp_path / "desk" / "answers.jsonl"


def test_an_empty_name_in_the_environment_sends_answers_nowhere_else(lessons: Path) -> None:
    assert place_of(lessons / "en", {"LOCKDESK_ANSWERS_DIR": ""}).log == lessons / "answers.jsonl"


@pytest.mark.parametrize("how", ["validate", "autograde", ""])
def test_nothing_is_recorded_under_nbgrader(lessons: Path, how: str) -> None:
    place = place_of(lessons / "en", {"NBGRADER_EXECUTION": how, "LOCKDESK_ANSWERS_DIR": "/tmp"})

    assert place.questions is not None
    assert place.log is None


def test_nothing_is_recorded_in_a_release(tmp_path: Path) -> None:
    (tmp_path / "release/week-1/questions").mkdir(parents=True)

    assert place_of(tmp_path / "release/week-1", {}).log is None


@pytest.mark.parametrize("course", ["release/course", "release"])
@pytest.mark.parametrize("folder", ["notebooks", "notebooks/en"])
def test_a_course_that_lies_in_somebodys_folder_called_release_records_all_the_same(tmp_path: Path, course: str, folder: str) -> None:
    for name in ("questions", "en"):
        (tmp_path / course / "notebooks" / name).mkdir(parents=True)

    assert place_of(tmp_path / course / folder, {}).log == tmp_path / course / "notebooks/answers.jsonl"


def test_the_running_notebook_is_where_jupyterlab_says(lessons: Path, kernel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    kernel(lang="en")
    monkeypatch.setenv("JPY_SESSION_NAME", str(lessons / "zh/01-small.ipynb"))

    assert here().folder == lessons / "zh"


@pytest.mark.parametrize("said", ["", "01-small.ipynb", "notebooks/zh/01-small.ipynb", "/no/such/folder/01-small.ipynb"])
def test_where_nothing_useful_is_said_it_is_the_working_directory(
    lessons: Path, kernel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    kernel(lang="zh")
    monkeypatch.setenv("JPY_SESSION_NAME", said)

    assert here().folder == lessons / "zh"


def test_changing_the_working_directory_later_changes_nothing(
    lessons: Path, kernel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel(lang="zh")
    before = here()
    monkeypatch.chdir(lessons)

    assert here() is before


# ---- assignments


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    """A fetched assignment."""
    (tmp_path / "work/small").mkdir(parents=True)
    (tmp_path / "work/small/questions.json").write_text("{}")
    return tmp_path / "work/small"


def test_an_assignment_has_its_questions_and_its_record_beside_it(fetched: Path) -> None:
    place = place_of(fetched, {"USER": "luo"})

    assert (place.assignment, place.log, place.questions) == (fetched, fetched / "answers.jsonl", None)
    assert place.learner == learner_name({})


@pytest.mark.parametrize("step", ["release", "outbound", "inbound", "submitted", "autograded", "feedback"])
@pytest.mark.parametrize("between", ["", "luo/"])
def test_nothing_is_recorded_in_a_folder_of_the_grading_process(tmp_path: Path, step: str, between: str) -> None:
    folder = tmp_path / f"{step}/{between}small"
    folder.mkdir(parents=True)
    (folder / "questions.json").write_text("{}")

    place = place_of(folder, {"LOCKDESK_ANSWERS_DIR": str(tmp_path)})

    assert (place.assignment, place.log) == (folder, None)


def test_a_folder_of_that_name_further_up_is_somebodys_own(tmp_path: Path) -> None:
    folder = tmp_path / "release/course/work/small"
    folder.mkdir(parents=True)
    (folder / "questions.json").write_text("{}")

    assert place_of(folder, {}).log == folder / "answers.jsonl"


@pytest.mark.parametrize("files", [("questions.toml",), ("questions.toml", "questions.json")])
def test_nothing_is_recorded_beside_an_authors_questions(tmp_path: Path, files: tuple[str, ...]) -> None:
    for name in files:
        (tmp_path / name).write_text("")

    assert (place_of(tmp_path, {}).assignment, place_of(tmp_path, {}).log) == (tmp_path, None)


@pytest.mark.parametrize("how", ["validate", "autograde", ""])
def test_nothing_is_recorded_in_an_assignment_under_nbgrader(fetched: Path, how: str) -> None:
    assert place_of(fetched, {"NBGRADER_EXECUTION": how}).log is None


def test_the_environment_can_send_an_assignments_answers_elsewhere(fetched: Path, tmp_path: Path) -> None:
    assert place_of(fetched, {"LOCKDESK_ANSWERS_DIR": str(tmp_path)}).log == tmp_path / "answers.jsonl"


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN"}, "en"),
    ],
)
def test_an_assignment_begins_in_the_language_of_the_account(fetched: Path, environment: dict[str, str], lang: str) -> None:
    assert place_of(fetched, environment).lang == lang


def test_a_learner_is_whom_nbgrader_would_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.utils import get_username

    assert learner_name({}) == get_username()
    monkeypatch.setattr(pwd, "getpwuid", lambda _: SimpleNamespace(pw_name="jovyan"))
    assert learner_name({"JUPYTERHUB_USER": "luo"}) == "luo"
    assert learner_name({}) == "jovyan"
    monkeypatch.setattr(pwd, "getpwuid", lambda _: SimpleNamespace(pw_name="chen"))
    assert learner_name({"JUPYTERHUB_USER": "luo"}) == "chen"


def test_an_account_without_an_entry_has_a_name_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: object) -> object:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)

    assert learner_name({"USER": "luo"}) == "luo"
    assert learner_name({}) == str(os.getuid())
