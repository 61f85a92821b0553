"""`check("id")`, a graded cell: what is recorded for its learner, what is missing for Validate, the score for the grader."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from .answers import AnswerLog
from .cases import Case
from .errors import LockdeskError, NotSaved
from .place import LOG, Place, here
from .published import Published, is_begun, read_published, recorded_in
from .questions import Asked
from .text import HTML_LANG, Lang, word


class NotRecorded(LockdeskError):
    """Validate's one sentence about a question without an answer, or a call or task that is not brought to its end."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Recorded:
    """What is recorded, as a line of text. In the course's JupyterLab the question itself says so, and this is hidden."""

    def __init__(self, text: str, lang: Lang) -> None:
        self._text = text
        self._lang: Lang = lang

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return f'<p class="lockdesk-check" lang="{HTML_LANG[self._lang]}">{escape(self._text)}</p>'


def check(question_id: str) -> Recorded | float | None:
    """What is recorded for `question_id`.

    In an open notebook a line of text, and never an error or a score. Under Validate nothing, or an error while no answer is
    recorded, a call has no ticket, or a task's terminal is not handed over. Under nbgrader's own execution the score, by the
    key in source/; without a key an error.

    Raises:
        NotRecorded: under Validate, no answer is recorded.
        LockdeskError: under autograding, the key cannot be found or used.
    """
    place = here()
    match os.environ.get("NBGRADER_EXECUTION"):
        case "autograde":
            from .grading.assess import points_by_source  # the instructor's side

            return points_by_source(place.folder, question_id)
        case "validate":
            text, lang = _spoken(place, question_id, place.folder / LOG)
            if text:
                raise NotRecorded(text)
            return None
        case _:
            try:
                text, lang = _spoken(place, question_id, place.log or place.folder / LOG)
            except LockdeskError as error:
                return Recorded(str(error), place.lang)
            return Recorded(text or word("is-recorded", lang), lang)


def _spoken(place: Place, question_id: str, log: Path) -> tuple[str, Lang]:
    """What is missing, in one sentence, "" if nothing is; and the language the learner last answered in."""
    published: Published = read_published(place.folder)
    exercise = published.exercise(question_id)
    try:
        entries = AnswerLog(log).read().entries
    except NotSaved:
        return word("record-unreadable", place.lang, detail=log.name), place.lang
    lang = entries[-1].lang if entries else place.lang
    if question_id in recorded_in(published, entries):
        return "", lang
    if isinstance(exercise, Asked):
        return word("not-recorded-for", lang, prompt=exercise.prompt[lang]), lang
    kind, title = ("call", exercise.title) if isinstance(exercise, Case) else ("task", exercise.prompt)
    return word(f"{kind}-{'unfinished' if is_begun(exercise, entries) else 'not-begun'}", lang, title=title[lang]), lang
