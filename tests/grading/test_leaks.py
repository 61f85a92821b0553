from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from builders import ONE_OF_EACH, model_answer, single, wrong_answer
from grading.classroom import Classroom, record
from grading.leaks import LESSON, leaks, leaks_in_folder, secret, secrets
from lockdesk.grading.commands import nbgrader
from lockdesk.questions import Question

MARKED: list[Question] = [secret(question) for question in ONE_OF_EACH.values()]
SECRETS = secrets(MARKED)
OBJECTIVES = {text for objective in LESSON["objective"] for text in objective["text"].values()}  # type: ignore[attr-defined]
"""What the feedback tells everybody: by objective it counts the points."""


@pytest.fixture(scope="module")
def marked(built: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom whose key is full of words that can be found again; with a learner of each kind, graded."""
    room = built.copy(tmp_path_factory.mktemp("marked") / "course")
    room.ask(*MARKED, lesson=LESSON)
    for learner, answers in {
        "blank": {},
        "right": {question.id: model_answer(question) for question in MARKED} | {"say-it": "My words."},
        "wrong": {question.id: wrong_answer(question) for question in MARKED},
    }.items():
        room.folder(learner, answers)
    room.graded()
    room.run("generate_feedback", "small")
    room.run("release_feedback", "small")
    return room


# ---- the search itself


ZH, EN = "秘密why-who-calls-alpha!", "secret-why-who-calls-alpha!"


def _zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deeper/file.json", data)
    return file.getvalue()


HIDING: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "json": lambda word: json.dumps({"a": word}).encode(),
    "json in json": lambda word: json.dumps({"a": json.dumps([word])}).encode(),
    "html": lambda word: html.escape(word).encode(),
    "entities": lambda word: "".join(f"&#{ord(letter)};" for letter in word).encode(),
    "json of entities": lambda word: json.dumps("".join(f"&#x{ord(letter):x};" for letter in word)).encode(),
    "percent": lambda word: quote(word, safe="").encode(),
    "utf-16": lambda word: b"\0" + word.encode("utf-16-le"),
    "base64 at 0": lambda word: base64.b64encode(f"abc{word}xyz".encode()),
    "base64 at 1": lambda word: base64.b64encode(f"a{word}xyz".encode()),
    "base64 at 2": lambda word: base64.b64encode(f"ab{word}".encode()),
    "base64 for addresses": lambda word: base64.urlsafe_b64encode(f"ab{word}".encode()),
    "base64 in lines": lambda word: base64.encodebytes(f"{'a' * 50}{word}{'a' * 50}".encode()),
    "base64 of utf-8": lambda word: base64.b64encode(f"{word}".encode()).rstrip(b"="),
    "zip": lambda word: _zipped(json.dumps(word).encode()),
    "zip in zip": lambda word: _zipped(_zipped(word.encode())),
    "gzip": lambda word: gzip.compress(word.encode()),
}


@pytest.mark.parametrize("how", HIDING)
@pytest.mark.parametrize("word", [EN, ZH])
def test_the_search_finds_what_was_hidden(how: str, word: str) -> None:
    assert leaks(b"before " * (how == "plain") + HIDING[how](word), SECRETS) == {word}


def test_the_search_finds_names_of_files_and_nothing_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Nothing.")
    before = leaks_in_folder(tmp_path, SECRETS)
    (tmp_path / f"{EN}.txt").write_text("")

    assert (before, leaks_in_folder(tmp_path, SECRETS)) == (set(), {EN})


def test_the_search_knows_every_secret_of_the_key(marked: Classroom) -> None:
    assert leaks((marked.source / "questions.toml").read_bytes(), SECRETS) == SECRETS
    assert len(SECRETS) > 60


# ---- what learners get


@pytest.mark.parametrize("where", ["release", "exchange/locked-terminals/outbound"])
def test_what_is_released_holds_nothing_of_the_key(marked: Classroom, where: str) -> None:
    assert leaks_in_folder(marked.root / where, SECRETS) == set()
    assert (
        leaks_in_folder(marked.root / where, ["correct", "tolerance", "mistake", "after_grading", "hint", 'target"', "criterion"]) == set()
    )


def test_what_is_released_is_a_notebook_and_its_questions(marked: Classroom) -> None:
    outbound = marked.root / "exchange/locked-terminals/outbound/small"

    assert (
        {path.name for path in marked.release.rglob("*")}
        == {path.name for path in outbound.rglob("*")}
        == {"small.ipynb", "questions.json"}
    )


def test_a_questions_own_words_are_released(marked: Classroom) -> None:
    words = {"Who calls?", "choice alpha（中文）", "step one", "item pin", "party bank", "calls"}

    assert leaks_in_folder(marked.release, words) == words


@pytest.mark.parametrize("learner", ["blank", "right", "wrong"])
def test_the_feedback_holds_nothing_of_the_key(marked: Classroom, learner: str) -> None:
    assert leaks_in_folder(marked.root / "feedback" / learner / "small", SECRETS - OBJECTIVES) == set()
    assert leaks_in_folder(marked.root / "exchange/locked-terminals/feedback", SECRETS - OBJECTIVES) == set()


def test_the_grader_sees_the_key(marked: Classroom) -> None:
    seen = leaks_in_folder(marked.root / "autograded/wrong", SECRETS)

    assert {"secret-why-who-calls-alpha!", "secret-sample-say-it!", "secret-criterion-say-it-point-1!", "secret-why-how-many!"} <= seen
    assert not {word for word in seen if "hint" in word or "source" in word or "objective" in word}


def test_a_reason_that_may_be_read_after_grading_is_read_by_those_who_chose_that_part(room: Classroom) -> None:
    shown = {"alpha": True, "two": True, "pin": True, "10": True}
    asked = [secret(question, **shown) for question in ONE_OF_EACH.values()]
    room.ask(*asked, lesson=LESSON)
    chosen = {
        "chose": {
            "who-calls": "alpha",
            "which-signs": ["alpha", "beta"],
            "first-things": ["one", "two", "three", "four"],
            "who-decides-what": {"pin": "bank", "place": "bank", "alarm": "bank", "risk": "bank"},
            "how-many": 10,
        },
        "other": {"who-calls": "gamma", "which-signs": ["beta", "delta"], "how-many": 8},
        "blank": {},
    }
    for learner, answers in chosen.items():
        room.folder(learner, answers)
    room.graded()
    room.run("generate_feedback", "small")

    seen = {learner: leaks_in_folder(room.root / "feedback" / learner, secrets(asked) - OBJECTIVES) for learner in chosen}

    reasons = {"who-calls-alpha", "which-signs-alpha", "first-things-two", "who-decides-what-pin", "how-many-10"}
    assert seen == {"chose": {f"secret-why-{reason}!" for reason in reasons}, "other": set(), "blank": set()}
    assert leaks_in_folder(room.root / "exchange/locked-terminals/outbound", secrets(asked)) == set()


def test_the_feedback_is_in_the_learners_language(room: Classroom) -> None:
    room.ask(secret(single(), alpha=True), lesson=LESSON)
    room.folder("luo", record({"who-calls": "alpha"}, "luo", lang="zh"))
    room.graded()

    in_chinese = {objective["text"]["zh"] for objective in LESSON["objective"]}  # type: ignore[index]
    assert leaks(room.feedback("luo").encode(), SECRETS) == {"秘密why-who-calls-alpha!", *in_chinese}


# ---- what may lie in source/


STRAYS = [
    "notes.txt",
    "key.txt",
    ".hidden",
    "questions.toml~",
    "small.ipynb.bak",
    "deeper/key.csv",
    "questions.json",
    "README.md",
    "key.TOML",
    ".key.png",
]


def _refused(room: Classroom, name: str) -> None:
    shutil.rmtree(room.release)
    run = nbgrader(room.root, "generate_assignment", "small", "--force")

    assert run.exit_code != 0
    assert f"source/small/{name}: would be" in run.said or (room.root / "source/small" / name).resolve().name == "nowhere"
    assert not [path for path in (room.root / "release").rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", STRAYS)
def test_a_stray_file_in_source_refuses_publishing(room: Classroom, name: str) -> None:
    (room.source / name).parent.mkdir(exist_ok=True)
    (room.source / name).write_text("beta is right")

    _refused(room, name)


def test_a_second_notebook_refuses_publishing(room: Classroom) -> None:
    shutil.copyfile(room.source / "small.ipynb", room.source / "solution.ipynb")

    _refused(room, "solution.ipynb")


@pytest.mark.parametrize("target", ["file.png", "folder", "nowhere"])
@pytest.mark.parametrize("name", ["picture.png", "deeper"])
def test_a_link_refuses_publishing_whatever_it_points_to(room: Classroom, name: str, target: str) -> None:
    (room.root / "file.png").write_text("beta is right")
    (room.root / "folder").mkdir()
    (room.root / "folder/picture.png").write_text("beta is right")
    (room.source / name).symlink_to(room.root / target)

    _refused(room, name)


def test_a_picture_is_released_and_a_checkpoint_is_not(room: Classroom) -> None:
    (room.source / "pictures").mkdir()
    (room.source / "pictures/device.png").write_bytes(b"PNG")
    (room.source / ".ipynb_checkpoints").mkdir()
    (room.source / ".ipynb_checkpoints/small-checkpoint.ipynb").write_text("{}")
    (room.source / "demo.toml").write_text("")

    room.run("generate_assignment", "small", "--force")

    assert sorted(path.relative_to(room.release).as_posix() for path in room.release.rglob("*") if path.is_file()) == [
        "pictures/device.png",
        "questions.json",
        "small.ipynb",
    ]
    assert os.access(room.release / "questions.json", os.W_OK)
