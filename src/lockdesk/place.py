"""Where a notebook stands: which questions it may ask, in which language, and where its answers go."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from .text import LANGS, Lang

LOG: Final = "answers.jsonl"
STEPS: Final = ("release", "outbound", "inbound", "submitted", "autograded", "feedback")
"""Folders of the grading process: what lies in them is looked at, never answered."""


class Place(msgspec.Struct, frozen=True):
    """A notebook's surroundings.

    `questions` is the folder of a lesson's question files, None if the notebook lies outside the course.
    `assignment` is the folder of an assignment's questions, None in a lesson.
    `log` is where answers are recorded, None where nothing may be recorded (a preview).
    `learner` is the name an assignment would be submitted under.
    """

    folder: Path
    lang: Lang
    questions: Path | None
    log: Path | None
    assignment: Path | None = None
    learner: str = ""


@cache
def here() -> Place:
    """The place of the running notebook, resolved once, before anything can change the working directory."""
    return place_of(_notebook_folder(), dict(os.environ))


def place_of(folder: Path, environment: Mapping[str, str]) -> Place:
    """The place of a notebook in `folder`.

    Lessons lie in notebooks/<lang>/, the front page in notebooks/, an assignment beside its own questions.
    """
    if (folder / "questions.json").is_file() or (folder / "questions.toml").is_file():
        return _assignment(folder, environment)
    lang: Lang = next((lang for lang in LANGS if lang == folder.name), "en")
    top = next((up for up in (folder, folder.parent) if (up / "questions").is_dir()), None)
    questions = top / "questions" if top else None
    released = folder.parent.name == "release" and folder.name != "notebooks"
    preview = questions is None or "NBGRADER_EXECUTION" in environment or released
    beside = Path(environment.get("LOCKDESK_ANSWERS_DIR") or top or folder)
    return Place(folder, lang, questions, None if preview else beside / LOG)


def _assignment(folder: Path, environment: Mapping[str, str]) -> Place:
    authored = (folder / "questions.toml").is_file()
    on_its_way = any(up.name in STEPS for up in (folder.parent, folder.parent.parent))
    preview = authored or on_its_way or "NBGRADER_EXECUTION" in environment
    beside = Path(environment.get("LOCKDESK_ANSWERS_DIR") or folder)
    name = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    lang: Lang = "zh" if name.startswith("zh") else "en"
    return Place(folder, lang, None, None if preview else beside / LOG, folder, learner_name(environment))


def learner_name(environment: Mapping[str, str]) -> str:
    """The account that runs this, or the hub's name for it where everybody's account is jovyan: nbgrader's own rule."""
    try:
        import pwd

        name = pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # no such module on Windows; an account without an entry in a container
        name = environment.get("USER") or environment.get("USERNAME") or str(getattr(os, "getuid", lambda: "learner")())
    return environment.get("JUPYTERHUB_USER", name) if name == "jovyan" else name


def _notebook_folder() -> Path:
    """JupyterLab and Notebook 7 say where the notebook is; elsewhere a kernel starts in the notebook's folder."""
    session = Path(os.environ.get("JPY_SESSION_NAME", ""))
    if session.is_absolute() and session.parent.is_dir():
        return session.parent
    return Path.cwd()
