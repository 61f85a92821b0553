from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lockdesk.place import here, place_of


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
