"""Where a notebook stands: which questions it may ask, in which language, and where its answers go."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import msgspec

from .text import LANGS, Lang


class Place(msgspec.Struct, frozen=True):
    """A notebook's surroundings.

    `questions` is the folder of question files, None if the notebook lies outside the course.
    `log` is where answers are recorded, None where nothing may be recorded (a preview).
    """

    folder: Path
    lang: Lang
    questions: Path | None
    log: Path | None


@cache
def here() -> Place:
    """The place of the running notebook, resolved once, before anything can change the working directory."""
    return place_of(_notebook_folder(), dict(os.environ))


def place_of(folder: Path, environment: dict[str, str]) -> Place:
    """The place of a notebook in `folder`. Lessons lie in notebooks/<lang>/, the front page in notebooks/."""
    lang: Lang = next((lang for lang in LANGS if lang == folder.name), "en")
    top = next((up for up in (folder, folder.parent) if (up / "questions").is_dir()), None)
    questions = top / "questions" if top else None
    released = folder.parent.name == "release" and folder.name != "notebooks"
    preview = questions is None or "NBGRADER_EXECUTION" in environment or released
    beside = Path(environment.get("LOCKDESK_ANSWERS_DIR") or top or folder)
    return Place(folder, lang, questions, None if preview else beside / "answers.jsonl")


def _notebook_folder() -> Path:
    """JupyterLab and Notebook 7 say where the notebook is; elsewhere a kernel starts in the notebook's folder."""
    session = Path(os.environ.get("JPY_SESSION_NAME", ""))
    if session.is_absolute() and session.parent.is_dir():
        return session.parent
    return Path.cwd()
