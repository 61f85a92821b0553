from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from builders import NOON, question_file, small_course
from lockdesk.answers import AnswerLog
from lockdesk.course import Course
from lockdesk.place import here
from lockdesk.questions import Question
from lockdesk.text import Lang
from lockdesk.widgets import _sheets, _shown, _terminals
from lockdesk.widgets.exercise import Exercise

settings.register_profile("quick", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("quick")


@pytest.fixture
def log(tmp_path: Path) -> AnswerLog:
    return AnswerLog(tmp_path / "answers.jsonl")


@pytest.fixture
def exercise(log: AnswerLog) -> Callable[..., Exercise]:
    """Builds an exercise on a question; its clock stands at noon and its answers go to `log`."""

    def build(question: Question, lang: Lang = "en", edition: str = "2026-11", record: AnswerLog | None = log) -> Exercise:
        return Exercise(question, edition, lang, record, lambda: NOON)

    return build


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A small course without a fault."""
    return small_course(tmp_path / "course")


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Starts a kernel anew, as it were: in a lesson's folder, knowing nothing of earlier ones. Gives the folder of questions."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("LOCKDESK_ANSWERS_DIR", raising=False)

    def forget() -> None:
        here.cache_clear()
        _shown.clear()
        _sheets.clear()
        _terminals.clear()

    def start(*questions: Question, lang: str = "en") -> Path:
        forget()
        top = tmp_path / "notebooks"
        (top / lang).mkdir(parents=True, exist_ok=True)
        if questions:
            question_file(top / "questions", *questions)
        monkeypatch.chdir(top / lang)
        return top / "questions"

    yield start
    forget()
