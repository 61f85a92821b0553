from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from builders import ONE_OF_EACH, REPOSITORY, question_file, single
from grading.classroom import Classroom
from grading.leaks import LESSON, leaks_in_folder, secret, secrets
from lockdesk.cli import main
from lockdesk.errors import ContentError
from lockdesk.grading import kit
from lockdesk.grading.kit import pack
from lockdesk.place import place_of
from lockdesk.published import read_published

MARKED = [secret(question) for question in ONE_OF_EACH.values()]
OURS = ("pyproject.toml", "README.md", "README.zh-CN.md", "LICENSE", "LICENSE-CONTENT", "requirements.lock", ".gitignore")
FOLDERS = ("src", "labconfig", "share")


@pytest.fixture(scope="module")
def whole(built: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A course with all that is packed: this package, a lesson with a practice question, and an assignment full of secrets."""
    room = built.copy(tmp_path_factory.mktemp("whole") / "course")
    for name in OURS:
        shutil.copyfile(REPOSITORY / name, room.root / name)
    for name in FOLDERS:
        shutil.copytree(REPOSITORY / name, room.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    question_file(room.root / "notebooks/questions", single(id="practice"))
    for name in ("start.ipynb", "en/01-small.ipynb", "zh/01-small.ipynb"):
        (room.root / "notebooks" / name).parent.mkdir(exist_ok=True)
        (room.root / "notebooks" / name).write_text("{}")
    (room.root / "notebooks/answers.jsonl").write_text("the author's")
    (room.root / "notebooks/en/answers.jsonl.bak").write_text("the author's")
    (room.root / "source/small/demo.toml").write_text("")
    (room.root / "source/small/pictures").mkdir()
    (room.root / "source/small/pictures/device.png").write_bytes(b"PNG")
    room.ask(*MARKED, lesson=LESSON)
    room.by_hand("luo", {})
    room.grade()
    return room


@pytest.fixture(scope="module")
def packed(whole: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("packed") / "kit"
    assert main(["--course", str(whole.root), "pack", "--to", str(to)]) == 0
    return to


def test_learners_get_lessons_assignments_and_the_package(packed: Path) -> None:
    (wheel,) = packed.glob("lockdesk-*.whl")
    names = {path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()}

    assert names >= {
        *("Makefile", "README.md", "README.zh-CN.md", "LICENSE", "LICENSE-CONTENT", "requirements.lock", "nbgrader_config.py"),
        *("notebooks/start.ipynb", "notebooks/en/01-small.ipynb", "notebooks/zh/01-small.ipynb", "notebooks/questions/01-small.toml"),
        *("work/small/small.ipynb", "work/small/questions.json", "work/small/pictures/device.png"),
    }
    assert {name.split("/")[0] for name in names} == {
        *("Makefile", "README.md", "README.zh-CN.md", "LICENSE", "LICENSE-CONTENT", "requirements.lock", "nbgrader_config.py"),
        *("notebooks", "work", "labconfig", wheel.name),
    }


def test_learners_get_nothing_of_the_instructors_side(packed: Path) -> None:
    names = {part for path in packed.rglob("*") for part in path.relative_to(packed).parts}

    assert not names & {
        "release",
        "source",
        "submitted",
        "autograded",
        "feedback",
        "exchange",
        "gradebook.db",
        "teach",
        "demo.toml",
        "docs",
    }
    assert not {name for name in names if name.startswith("answers.jsonl")}


def test_nothing_of_a_graded_questions_key_is_packed_not_even_in_the_package(packed: Path) -> None:
    assert leaks_in_folder(packed, secrets(MARKED)) == set()
    assert leaks_in_folder(packed, {"why alpha"}) == {"why alpha"}, "practice questions carry their key"


def test_the_package_brings_its_own_files(packed: Path) -> None:
    (wheel,) = packed.glob("lockdesk-*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert {"lockdesk/doctrine.toml", "lockdesk/widgets/static/question.js"} <= set(names)
    assert any(name.endswith("share/jupyter/labextensions/lockdesk/package.json") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"lockdesk"}


def test_an_assignment_is_packed_as_it_was_released_and_records(whole: Classroom, packed: Path) -> None:
    place = place_of(packed / "work/small", {})

    assert (packed / "work/small/questions.json").read_bytes() == (whole.release / "questions.json").read_bytes()
    assert place.log == packed / "work/small/answers.jsonl"
    assert [question.id for question in read_published(packed / "work/small").questions] == [question.id for question in MARKED]
    assert place_of(packed / "notebooks/en", {}).log == packed / "notebooks/answers.jsonl"


def test_the_kit_has_settings_of_the_learners_side_only(packed: Path) -> None:
    settings = (packed / "nbgrader_config.py").read_text()

    assert "lockdesk.grading" not in settings
    assert "work" in settings
    assert [path.name for path in (packed / "labconfig").iterdir() if path.is_dir()] == ["learner"]
    assert json.loads((packed / "labconfig/default_setting_overrides.json").read_text())


# ---- what is refused


def _no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "_wheel", lambda course, to: None)


def test_a_folder_that_holds_something_is_refused_and_left_alone(
    whole: Classroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    assert main(["--course", str(whole.root), "pack", "--to", str(tmp_path)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_is_refused(whole: Classroom, tmp_path: Path) -> None:
    (tmp_path / "kit").write_text("mine")

    with pytest.raises(ContentError, match="is not empty"):
        pack(whole.root, tmp_path / "kit")


def test_an_empty_folder_will_do(whole: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _no_wheel(monkeypatch)
    (tmp_path / "kit").mkdir()

    assert pack(whole.root, tmp_path / "kit")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda room: room.change_key("Who calls?", "Who rings?"), r"release/small: is not what source/small/ says now"),
        (lambda room: (room.release / "questions.json").unlink(), r"release/small: is not what source/small/ says now"),
        (lambda room: (room.release / "answers.jsonl").write_text(""), "are somebody's answers"),
        (lambda room: (room.source / "questions.toml").unlink(), r"questions\.toml"),
    ],
    ids=["older", "nothing published", "answers", "no key"],
)
def test_a_stale_release_is_refused(whole: Classroom, tmp_path: Path, spoil: object, said: str) -> None:
    room = whole.copy(tmp_path / "course")
    spoil(room)  # type: ignore[operator]

    with pytest.raises(ContentError, match=said):
        pack(room.root, tmp_path / "kit")
    assert not (tmp_path / "kit").exists()


def test_a_package_that_cannot_be_built_is_told_with_what_was_said(whole: Classroom, tmp_path: Path) -> None:
    room = whole.copy(tmp_path / "course")
    (room.root / "pyproject.toml").write_text("[project")

    with pytest.raises(ContentError, match="the package: could not be built"):
        pack(room.root, tmp_path / "kit")
