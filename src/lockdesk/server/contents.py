"""What opening and saving a lesson does: learners cannot change one, authors save one clean."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError

from ..course import Course
from ..lessons import lang_of, source_of, with_stored_outputs

Model = dict[str, Any]
NOTES = PurePosixPath("work/notes")


class LearnerContents(AsyncLargeFileManager):
    """Lessons open locked and are never written, so updating the course never conflicts.

    What a learner adds to a lesson all the same is kept as a copy below work/notes.
    """

    async def get(self, path: str, content: bool = True, *args: Any, **options: Any) -> Model:
        """The model of a file; the cells of a lesson can be neither edited nor deleted."""
        model: Model = await super().get(path, content, *args, **options)
        if content and _is_lesson(model):
            for cell in model["content"]["cells"]:
                cell["metadata"] |= {"editable": False, "deletable": False}
        return model

    async def save(self, model: Model, path: str = "") -> Model:
        """Save a file; a lesson stays as it is on disk, and the learner's additions go to work/notes."""
        if not _is_lesson(model) or not await self.file_exists(path):
            return dict(await super().save(model, path))
        authored = await super().get(path)
        if _is_lesson(authored):
            if _has_additions(model, authored):
                await self._keep_notes(model, path)
            return dict(await super().get(path, content=False))
        return dict(await super().save(model, path))

    async def delete_file(self, path: str) -> None:
        """Delete a file, unless it is a lesson."""
        await self._refuse_lesson(path, "deleted")
        await super().delete_file(path)

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Rename a file, unless it is a lesson."""
        await self._refuse_lesson(old_path, "renamed or moved")
        await super().rename_file(old_path, new_path)

    async def _refuse_lesson(self, path: str, what: str) -> None:
        if path.endswith(".ipynb") and await self.file_exists(path) and _is_lesson(await super().get(path)):
            raise HTTPError(403, f"{path} is a lesson of the course and cannot be {what}. To keep a copy: File, Save Notebook As.")

    async def _keep_notes(self, model: Model, path: str) -> None:
        notes = (
            NOTES / PurePosixPath(path.strip("/")).relative_to("notebooks") if path.strip("/").startswith("notebooks/") else NOTES / path
        )
        Path(self._get_os_path(str(notes.parent))).mkdir(parents=True, exist_ok=True)
        await super().save(model, str(notes))


class AuthorContents(AsyncLargeFileManager):
    """Lessons are saved as they are committed: no counts and no widget state, each question stored in words."""

    async def save(self, model: Model, path: str = "") -> Model:
        """Save a file, a lesson without what running it left behind."""
        if _is_lesson(model):
            course = Course(Path(self.root_dir))
            file = course.question_file(PurePosixPath(path).stem)
            front = course.front() if PurePosixPath(path.strip("/")).parent.name == "notebooks" else None
            questions = file.questions if file else {}
            model = model | {"content": with_stored_outputs(model["content"], lang_of(Path(path)), questions, front)}
        return dict(await super().save(model, path))


def _is_lesson(model: Model) -> bool:
    content = model.get("content")
    return model.get("type") == "notebook" and isinstance(content, dict) and "lesson" in content.get("metadata", {}).get("lockdesk", {})


def _has_additions(model: Model, authored: Model) -> bool:
    """Whether any cell holds words that the lesson does not have."""
    known = {source_of(cell).strip() for cell in authored["content"]["cells"]} | {""}
    return any(source_of(cell).strip() not in known for cell in model["content"]["cells"])
