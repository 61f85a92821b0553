"""What a lesson's cell shows. The only place that knows ipywidgets."""

from __future__ import annotations

from datetime import datetime

from ..answers import AnswerLog
from ..bank import find_question
from ..errors import ContentError, UnknownQuestion
from ..place import Place, here
from ..text import word
from .exercise import Exercise
from .fallback import Notice
from .question import QuestionWidget

_shown: dict[str, QuestionWidget] = {}


def quiz(question_id: str) -> QuestionWidget | Notice:
    """The practice question called `question_id`, with what the learner answered before.

    A cell that is run again, and a second tab, show the same widget. What cannot be shown becomes a notice in the cell
    and never an exception, which would stop the cells after it.
    """
    place = here()
    try:
        return _question(question_id, place)
    except UnknownQuestion as unknown:
        lines = [word("unknown-question", place.lang, id=unknown.question_id, where=unknown.looked_in)]
        if unknown.near:
            lines.append(word("did-you-mean", place.lang, near=" · ".join(unknown.near)))
        return Notice(place.lang, [*lines, word("tell-author", place.lang)])
    except ContentError as error:
        return Notice(place.lang, [*map(str, error.faults), word("tell-author", place.lang)])


def _question(question_id: str, place: Place) -> QuestionWidget:
    if place.questions is None:
        raise UnknownQuestion(question_id, (), str(place.folder))
    edition, question = find_question(place.questions, question_id)
    log = AnswerLog(place.log) if place.log else None
    exercise = Exercise(question, edition, place.lang, log, lambda: datetime.now().astimezone())
    shown = _shown.get(question_id)
    if shown and shown.exercise.question == question:
        shown.take_up(exercise)
        return shown
    _shown[question_id] = QuestionWidget(exercise, place.lang)
    return _shown[question_id]
