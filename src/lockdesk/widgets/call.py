"""A support call on the page.

Not called `case.py`, for a module of that name would hide the function `case` of this package.
"""

from __future__ import annotations

from .base import ExerciseWidget, static


class CaseWidget(ExerciseWidget):
    """One call: the conversation, the systems, the acts, the ticket and the debrief."""

    _esm = static("keyboard.js", "page.js", "link.js", "case.js")
    _css = static("question.css", "case.css")
