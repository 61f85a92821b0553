"""The steps nbgrader takes with a notebook, ours among them: publishing without a key, scoring without running, showing safely."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Assignment, BaseCell, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from nbgrader.utils import determine_grade, is_grade, is_task
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from ..errors import ContentError, Fault
from ..published import FILE, encode, publish
from ..text import Lang
from .assess import Assessment, assess_folder, key_of
from .cells import GRADER_ONLY, cell_faults, stray_faults
from .present import flags_page, grader_page, question_page
from .submission import notes_in

Resources = dict[str, Any]
Result = tuple[NotebookNode, Resources]


class _Step(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader carries no types
    """A preprocessor that knows where the course is and whose work this is."""

    def course(self) -> Any:
        """Nbgrader's course folder, wherever up the chain of parents it hangs."""
        above = self.parent
        while above is not None and not hasattr(above, "coursedir"):
            above = above.parent
        if above is None:
            raise ContentError([Fault("nbgrader", "gave no course folder. Run this through nbgrader or lockdesk.")])
        return above.coursedir

    def root(self) -> Path:
        return Path(self.course().root)

    def submitted(self, resources: Resources) -> Path:
        """Where the submission lies as it was collected: not the copy that nbgrader made of it, for a copy follows links."""
        course, ours = self.course(), resources["nbgrader"]
        return Path(course.format_path(course.submitted_directory, ours["student"], ours["assignment"]))


class PublishQuestions(_Step):
    """Write questions.json beside the released notebook; refuse an assignment that is faulty or would leak."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """`nb` as it is.

        Raises:
            ContentError: all that is wrong with the assignment.
        """
        name = resources["nbgrader"]["assignment"]
        key = key_of(self.root(), name)
        where = f"source/{name}/{resources['nbgrader']['notebook']}.ipynb"
        faults = [*stray_faults(self.root(), name), *cell_faults(where, nb, key, name)]
        if faults:
            raise ContentError(faults)
        resources.setdefault("outputs", {})[FILE] = encode(publish(name, key))
        return nb, resources


class RestoreRelease(_Step):
    """Grade the notebook that was released, whatever became of the learner's: answers are in the record, and nowhere else."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """The released notebook instead of `nb`.

        Raises:
            ContentError: it has not been built.
        """
        course, ours = self.course(), resources["nbgrader"]
        path = Path(course.format_path(course.release_directory, ".", ours["assignment"])) / f"{ours['notebook']}.ipynb"
        try:
            released = _read(path, path.stat().st_mtime_ns)
        except OSError as error:
            what = f"cannot be read: {error.strerror}. Build it with `make release`, then grade again."
            raise ContentError([Fault(f"release/{ours['assignment']}/{path.name}", what)]) from None
        return copy.deepcopy(released), resources


class ScoreAnswers(_Step):
    """Give each graded cell the points that the answer record earns by the key in source/."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """`nb` with a number below each graded cell, and the assessment in `resources`.

        Raises:
            ContentError: the key cannot be used, or grades other cells than the released ones.
        """
        ours = resources["nbgrader"]
        key = key_of(self.root(), ours["assignment"])
        folder = self.submitted(resources)
        assessment = assess_folder(key, folder, ours["student"])
        cells = [cell for cell in nb.cells if is_grade(cell) or is_task(cell)]
        graded = {cell.metadata.nbgrader.grade_id: cell for cell in cells}
        if {name: float(cell.metadata.nbgrader.points) for name, cell in graded.items()} != {
            name: float(exercise.points) for name, exercise in key.exercises.items()
        }:
            what = "asks other questions, or for other points, than the released notebook. Build it with `make release`, then grade again."
            raise ContentError([Fault(f"source/{ours['assignment']}", what)])
        for name, cell in graded.items():
            if is_grade(cell):
                earned = assessment.outcomes[name].score.earned
                cell.outputs = [_result(repr(earned))]
                cell.execution_count = 1
        resources["lockdesk"] = with_notes(assessment, folder)
        return nb, resources


def with_notes(assessment: Assessment, folder: Path) -> Assessment:
    """The assessment with what was noted while the submission was collected, which tells more than that nothing is there."""
    notes = notes_in(folder)
    told = {note.reason for note in notes} & {"link", "not-a-file", "too-big", "unreadable", "not-collected"}
    flags = [flag for flag in assessment.flags if not (told and flag.reason == "missing")]
    return Assessment(assessment.outcomes, (*notes, *flags), assessment.lang, assessment.recorded_by)


class SaveScores(_Step):
    """Write the points to nbgrader's gradebook, in one go; a written answer waits for a person, a blank one does not.

    nbgrader's own SaveAutoGrades commits after each cell, and leaves a blank written answer waiting for a grader for ever.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """`nb` as it is, its points in the gradebook. What a person gave by hand stays, and is marked for another look."""
        ours = resources["nbgrader"]
        outcomes = resources["lockdesk"].outcomes
        with _session(ours["db_url"]) as session:
            grades = {name: grade for grade, name in session.execute(_grades_of(ours)).all()}
            for cell in nb.cells:
                if is_grade(cell):
                    score, _ = determine_grade(cell, self.log)
                elif is_task(cell):
                    score = 0.0 if outcomes[cell.metadata.nbgrader.grade_id].state != "answered" else None
                else:
                    continue
                grade = grades[cell.metadata.nbgrader.grade_id]
                grade.auto_score = score
                grade.needs_manual_grade = grade.manual_score is not None or score is None
            notebook = next(iter(grades.values())).notebook
            notebook.late_submission_penalty = None
            ours["is_late"] = notebook.assignment.total_seconds_late > 0
            session.commit()
        return nb, resources


class PenalizeLate(AssignLatePenalties):  # type: ignore[misc]  # nbgrader carries no types
    """nbgrader's own late penalties, by whatever plugin is configured; nothing is asked where nothing was late."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """`nb` as it is, the penalty in the gradebook."""
        return super().preprocess(nb, resources) if resources["nbgrader"]["is_late"] else (nb, resources)


def _session(url: str) -> Session:
    """A session on the gradebook. The engine is kept, and with it the statements it has compiled; connections are not."""
    return Session(_engine(url))


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def _grades_of(ours: dict[str, str]) -> Any:
    """The grades of one submitted notebook, each with the name of its cell."""
    return (
        select(Grade, BaseCell.name)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Notebook.name == ours["notebook"], Assignment.name == ours["assignment"], SubmittedAssignment.student_id == ours["student"])
    )


class ShowAnswers(_Step):
    """Turn the graded notebook into what a grader reads: each question in words, the answer, and cells for the grader alone."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """The notebook without code: prose, graded cells as text, and grader's cells that the feedback will drop."""
        assessment: Assessment = resources["lockdesk"]
        cells = []
        for cell in nb.cells:
            if is_grade(cell) or is_task(cell):
                cells += _shown(cell, assessment, assessment.lang)
            elif cell.cell_type == "markdown":
                cells.append(cell)
        if words := flags_page(assessment.flags):
            cells.insert(0, _grader_cell("flags", words))
        nb.cells = cells
        return nb, resources


def _shown(cell: NotebookNode, assessment: Assessment, lang: Lang | None) -> list[NotebookNode]:
    outcome = assessment.outcomes[cell.metadata.nbgrader.grade_id]
    shown = _markdown(cell.id, question_page(outcome, lang), cell.metadata)
    return [shown, _grader_cell(cell.id, grader_page(outcome, lang))]


def _grader_cell(name: str, words: str) -> NotebookNode:
    return _markdown(f"grader-{name}"[:64], words, NotebookNode(tags=[GRADER_ONLY]))


def _markdown(cell_id: str, words: str, metadata: NotebookNode) -> NotebookNode:
    return NotebookNode(cell_type="markdown", id=cell_id, metadata=metadata, source=words)


def _result(text: str) -> NotebookNode:
    """What running a cell would have shown; the whole notebook is validated once, when it is written."""
    data = NotebookNode({"text/plain": text})
    return NotebookNode(output_type="execute_result", data=data, metadata=NotebookNode(), execution_count=1)


class DropGraderCells(_Step):
    """Take what only the grader may see out of the feedback."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """`nb` without the cells that carry the grader's tag."""
        nb.cells = [cell for cell in nb.cells if GRADER_ONLY not in cell.metadata.get("tags", [])]
        return nb, resources


@lru_cache(maxsize=8)
def _read(path: Path, changed_at: int) -> NotebookNode:
    """The notebook at `path` as of `changed_at`."""
    return nbformat.read(path, as_version=4)
