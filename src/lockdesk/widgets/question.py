"""A question on the page."""

from __future__ import annotations

from .base import ExerciseWidget, static


class QuestionWidget(ExerciseWidget):
    """One question, of practice or of an assignment."""

    _esm = static("keyboard.js", "page.js", "link.js", "kinds.js", "question.js")
    _css = static("question.css")

    def __repr__(self) -> str:
        return f"<question {self.exercise.view()['id']!r}>"
