"""What a lesson's cell shows. The only place that knows ipywidgets."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..answers import AnswerLog
from ..bank import find_question, spoken
from ..errors import ContentError, UnknownQuestion
from ..place import Place, here, learner_name
from ..text import Lang, word
from .base import ExerciseWidget
from .exercise import Exercise
from .fallback import Notice
from .question import QuestionWidget

if TYPE_CHECKING:
    from .desk import CaseExercise
    from .device import TaskDevice
    from .handset import TerminalWidget
    from .sheet import Sheet

_shown: dict[str, ExerciseWidget] = {}
_sheets: dict[Path, tuple[int, Sheet]] = {}
_terminals: dict[str, TerminalWidget] = {}


def quiz(question_id: str) -> ExerciseWidget | Notice:
    """The question called `question_id`, with what the learner answered before.

    A cell that is run again, and a second tab, show the same widget. What cannot be shown becomes a notice in the cell
    and never an exception, which would stop the cells after it.
    """
    place = here()
    try:
        return _graded(question_id, place.assignment, place) if place.assignment else _practice(question_id, place)
    except (UnknownQuestion, ContentError) as error:
        return _notice(error, place)


def terminal(task_id: str = "") -> TerminalWidget | Notice:
    """A simulated terminal: an intact one to try out, or with `task_id` the one of that task, as the learner left it.

    As with `quiz`, a cell that is run again shows the same widget, and what cannot be shown becomes a notice.
    """
    from .device import FreeDevice, TaskDevice  # here, for a lesson's first question must not wait for it
    from .handset import TerminalWidget

    place = here()
    device: FreeDevice | TaskDevice
    if not task_id:
        if "" not in _terminals:
            _terminals[""] = TerminalWidget(FreeDevice(place.lang), place.lang)
        return _terminals[""]
    try:
        device = _task(task_id, place)
    except (UnknownQuestion, ContentError) as error:
        return _notice(error, place)
    shown = _terminals.get(task_id)
    if shown and isinstance(shown.exercise, TaskDevice) and shown.exercise.task == device.task:
        shown.take_up(device)
    else:
        shown = _terminals[task_id] = TerminalWidget(device, place.lang)
    if place.assignment:
        _show_all()
    return shown


def _task(task_id: str, place: Place) -> TaskDevice:
    from ..replay.reading import find_task
    from .device import TaskDevice

    if place.assignment:
        sheet = _sheet(place.assignment, place)
        return TaskDevice(sheet.published.task(task_id), sheet.learner, sheet.lang, sheet.log, _now, sheet)
    if place.questions is None:
        raise UnknownQuestion(task_id, (), str(place.folder))
    task = find_task(place.questions.with_name("tasks"), task_id)
    return TaskDevice(task, place.learner, place.lang, AnswerLog(place.log) if place.log else None, _now)


def _notice(error: UnknownQuestion | ContentError, place: Place) -> Notice:
    if isinstance(error, ContentError):
        lines = [str(fault) for fault in error.faults]
    else:
        lines = [word("unknown-question", place.lang, id=error.question_id, where=error.looked_in)]
        if error.near:
            lines.append(word("did-you-mean", place.lang, near=" · ".join(error.near)))
    return Notice(place.lang, [*lines, word("tell-author", place.lang)])


def case(case_id: str) -> ExerciseWidget | Notice:
    """The support call `case_id`, as far as the learner has come. What cannot be shown becomes a notice, never an exception."""
    place = here()
    try:
        return _graded_call(case_id, place.assignment, place) if place.assignment else _call(case_id, place)
    except (UnknownQuestion, ContentError) as error:
        return _notice(error, place)


def _call(case_id: str, place: Place) -> ExerciseWidget:
    from ..cases.reading import read_case  # here, for a lesson's first question must not wait for it
    from .desk import CaseExercise

    folder = (place.questions or place.folder).parent / "cases"
    path = folder / f"{case_id}.toml"
    if not path.is_file():
        from difflib import get_close_matches

        near = get_close_matches(case_id, [found.stem for found in folder.glob("*.toml")], 3)
        raise UnknownQuestion(case_id, near, spoken(folder))
    log = AnswerLog(place.log) if place.log else None
    return _show_call(CaseExercise(read_case(path), learner_name(os.environ), place.lang, log, _now), place.lang)


def _graded_call(case_id: str, folder: Path, place: Place) -> ExerciseWidget:
    from .desk import CaseExercise

    sheet = _sheet(folder, place)
    exercise = CaseExercise(sheet.published.case(case_id), sheet.learner, sheet.lang, sheet.log, _now, sheet)
    shown = _show_call(exercise, sheet.lang)
    _show_all()
    return shown


def _show_call(exercise: CaseExercise, lang: Lang) -> ExerciseWidget:
    from .call import CaseWidget

    shown = _shown.get(exercise.case.id)
    if shown:
        shown.take_up(exercise)
    else:
        shown = _shown[exercise.case.id] = CaseWidget(exercise, lang)
    return shown


def _practice(question_id: str, place: Place) -> ExerciseWidget:
    if place.questions is None:
        raise UnknownQuestion(question_id, (), str(place.folder))
    edition, question = find_question(place.questions, question_id)
    log = AnswerLog(place.log) if place.log else None
    exercise = Exercise(question, edition, place.lang, log, _now)
    shown = _shown.get(question_id)
    if shown and isinstance(shown.exercise, Exercise) and shown.exercise.question == question:
        shown.take_up(exercise)
        return shown
    _shown[question_id] = QuestionWidget(exercise, place.lang)
    return _shown[question_id]


def _graded(question_id: str, folder: Path, place: Place) -> ExerciseWidget:
    from .sheet import GradedExercise

    sheet = _sheet(folder, place)
    exercise = GradedExercise(sheet.published.question(question_id), sheet)
    shown = _shown.get(question_id)
    if shown and isinstance(shown.exercise, GradedExercise) and shown.exercise.question == exercise.question:
        shown.take_up(exercise)
    else:
        shown = _shown[question_id] = QuestionWidget(exercise, sheet.lang)
    _show_all()
    return shown


def _sheet(folder: Path, place: Place) -> Sheet:
    """What the parts of the assignment in `folder` share; made anew when a file of it has changed."""
    from ..published import changed_at, read_published  # here, for a lesson's first question must not wait for it
    from .sheet import Sheet

    changed = changed_at(folder)
    known = _sheets.get(folder)
    if known is None or known[0] != changed:
        log = AnswerLog(place.log) if place.log else None
        lang = known[1].lang if known else place.lang
        sheet = Sheet(read_published(folder), place.learner, lang, log, _now)
        sheet.changed = _show_all
        _sheets[folder] = (changed, sheet)
    return _sheets[folder][1]


def _show_all() -> None:
    for widget in (*_shown.values(), *_terminals.values()):
        widget.show()


def _now() -> datetime:
    return datetime.now().astimezone()
