"""A simulated terminal on the page.

Not called `terminal.py`, for a module of that name would hide the function `terminal` of this package.
"""

from __future__ import annotations

from .base import ExerciseWidget, static


class TerminalWidget(ExerciseWidget):
    """One terminal: for free play, or with a task."""

    _esm = static("keyboard.js", "page.js", "link.js", "terminal.js")
    _css = static("question.css", "terminal.css")

    def __repr__(self) -> str:
        task_id = self.exercise.view()["id"]
        return f"<terminal {task_id!r}>" if task_id else "<terminal>"
