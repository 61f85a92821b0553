"""What opening and saving a lesson does: learners cannot change one, authors save one clean."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError

from ..course import Course
from ..lessons import lang_of, source_of, with_stored_outputs

Model = dict[str, Any]
NOTES = PurePosixPath("work/notes")
LOCKED = {"editable": False, "deletable": False}


class LearnerContents(AsyncLargeFileManager):
    """Lessons and assignments open locked and are never written: updating the course never conflicts, no graded cell is lost.

    Cells a learner adds to a lesson all the same are kept below work/notes. A copy under another name is theirs.
    """

    async def get(self, path: str, content: bool = True, *args: Any, **options: Any) -> Model:
        """The model of a file; the cells of a lesson can be neither edited nor deleted."""
        model: Model = await super().get(path, content, *args, **options)
        if content and model["type"] == "notebook" and _is_lesson(path, model["content"]):
            for cell in model["content"]["cells"]:
                cell["metadata"] |= LOCKED
        return model

    async def save(self, model: Model, path: str = "") -> Model:
        """Save a file; a lesson stays as it is on disk, and the learner's own cells go to their notes."""
        lesson = self._lesson_at(path)
        if lesson is None:
            return dict(await super().save(_unlocked(model), path))
        if model.get("type") != "notebook":
            raise HTTPError(403, f"{path} is a lesson of the course and cannot be overwritten. Give the file another name.")
        self._keep_notes(_own_cells(model, lesson), path)
        return dict(await super().get(path, content=False))

    async def delete_file(self, path: str) -> None:
        """Delete a file, unless it is a lesson."""
        self._refuse_lesson(path, "deleted")
        await super().delete_file(path)

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Rename a file or folder, unless it is a lesson or holds one."""
        self._refuse_lesson(old_path, "renamed or moved")
        await super().rename_file(old_path, new_path)

    async def restore_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Go back to a checkpoint; a lesson is as it always was."""
        if self._lesson_at(path) is None:
            await super().restore_checkpoint(checkpoint_id, path)

    def _refuse_lesson(self, path: str, what: str) -> None:
        below = Path(self._get_os_path(path)).rglob("*.ipynb")
        names = [path, *(f"{path}/{found.relative_to(self._get_os_path(path)).as_posix()}" for found in below)]
        if any(self._lesson_at(name) for name in names):
            raise HTTPError(403, f"{path} is a lesson of the course and cannot be {what}. To keep a copy: File, Save Notebook As.")

    def _lesson_at(self, path: str) -> Model | None:
        """The lesson that lies at `path` on disk, None if there is another file or none."""
        file = Path(self._get_os_path(path))
        if file.suffix != ".ipynb" or not file.is_file():
            return None
        try:
            content: Model = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return content if _is_lesson(path, content) else None

    def _keep_notes(self, cells: list[Model], path: str) -> None:
        """Add the learner's cells to their notes on this lesson; a cell that is there already is brought up to date."""
        if not cells:
            return
        notes = Path(self._get_os_path(str(NOTES / _noted(PurePosixPath(path.strip("/"))))))
        number = 1
        while (before := _notes_in(notes)) is None:  # something else lies there: it is left alone
            number += 1
            notes = notes.with_stem(f"{PurePosixPath(path).stem}-{number}")
        kept = {cell["id"]: cell for cell in before["cells"]} | {cell["id"]: cell for cell in cells}
        notes.parent.mkdir(parents=True, exist_ok=True)
        notes.write_text(json.dumps(before | {"cells": list(kept.values())}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


class AuthorContents(AsyncLargeFileManager):
    """Lessons are saved as they are committed: no widget state, each question stored in words."""

    async def save(self, model: Model, path: str = "") -> Model:
        """Save a file, a lesson or an assignment without what running it left behind; what is in release/ is only built."""
        step = PurePosixPath(path.strip("/")).parts[0] if path.strip("/") else ""
        if step == "release" and model.get("type") == "notebook" and Path(self._get_os_path(path)).is_file():
            return dict(await super().get(path, content=False))
        if step == "source" and model.get("type") == "notebook" and isinstance(model.get("content"), dict):
            return dict(await super().save(model | {"content": with_stored_outputs(model["content"], "en", {})}, path))
        if model.get("type") == "notebook" and isinstance(model.get("content"), dict) and _is_lesson(path, model["content"]):
            course = Course(Path(self.root_dir))
            file = course.question_file(PurePosixPath(path).stem)
            front = course.front() if PurePosixPath(path.strip("/")).parent.name == "notebooks" else None
            questions = file.questions if file else {}
            model = model | {
                "content": with_stored_outputs(model["content"], lang_of(Path(path)), questions, front, course.readable_tasks())
            }
        return dict(await super().save(model, path))


def _noted(lesson: PurePosixPath) -> PurePosixPath:
    """Where below the notes those on a lesson stand, or on an assignment."""
    return lesson.relative_to("notebooks") if lesson.parts[0] == "notebooks" else PurePosixPath(lesson.name)


def _notes_in(file: Path) -> Model | None:
    """The notes in `file`, empty ones if there is no file, None if it is no notebook that can be added to."""
    if not file.exists():
        return {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    try:
        notes: Model = json.loads(file.read_text(encoding="utf-8"))
        return notes if all(cell["id"] for cell in notes["cells"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_lesson(path: str, content: Model) -> bool:
    """Whether a notebook is the course's own: a lesson below notebooks/, or a fetched assignment work/NAME/NAME.ipynb.

    Either calls itself so by its file's name.
    """
    place = PurePosixPath(path.strip("/"))
    ours = content.get("metadata", {}).get("lockdesk", {}) if isinstance(content, dict) else {}
    if not isinstance(ours, dict):
        return False
    if place.parts[:1] == ("notebooks",):
        return bool(ours.get("lesson") == place.stem)
    return place.parts == ("work", place.stem, f"{place.stem}.ipynb") and bool(ours.get("assignment") == place.stem)


def _own_cells(model: Model, lesson: Model) -> list[Model]:
    """The cells whose words the lesson does not have, freed of the lock, without outputs."""
    content = model.get("content")
    cells = content.get("cells", []) if isinstance(content, dict) else []
    known = {source_of(cell).strip() for cell in lesson["cells"]} | {""}
    own = [_freed(cell) for cell in cells if source_of(cell).strip() not in known]
    return [cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell for cell in own]


def _unlocked(model: Model) -> Model:
    """A notebook to be saved under a name of the learner's, with cells they can write in."""
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return model
    return model | {"content": content | {"cells": [_freed(cell) for cell in content.get("cells", [])]}}


def _freed(cell: Model) -> Model:
    return cell | {"metadata": {name: value for name, value in cell.get("metadata", {}).items() if LOCKED.get(name) != value}}
