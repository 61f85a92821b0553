from __future__ import annotations

import asyncio
import copy
import json
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tornado.web import HTTPError

from builders import ONE_OF_EACH, REPOSITORY, assignment_notebook, code, notebook, prose, write_json
from lockdesk.server.contents import AuthorContents, LearnerContents

LESSON = "notebooks/en/01-what-is-locked.ipynb"
NOTEBOOKS = REPOSITORY / "notebooks"
ALL = sorted(path.relative_to(REPOSITORY).as_posix() for folder in (".", "en", "zh") for path in (NOTEBOOKS / folder).glob("*.ipynb"))
QUICK = ["notebooks/start.ipynb", LESSON, "notebooks/zh/desk.ipynb", "notebooks/zh/glossary.ipynb"]
PLAIN = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

ASIDE = ThreadPoolExecutor(1)  # one for all: Jupyter's signature database belongs to the thread that opened it
T = TypeVar("T")
Model = dict[str, Any]


def run(wanted: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine; on a thread of its own, for browser tests leave a loop running on this one."""
    return ASIDE.submit(asyncio.run, wanted).result()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the course's notebooks."""
    shutil.copytree(REPOSITORY / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints", "answers.jsonl*"))
    return tmp_path


Contents = TypeVar("Contents", LearnerContents, AuthorContents)


def managed(contents: Contents) -> Iterator[Contents]:
    """The manager for a test; its signature database is closed where it was opened."""

    def close() -> None:
        contents.notary.store.close()

    yield contents
    ASIDE.submit(close).result()


@pytest.fixture
def learner(root: Path) -> Iterator[LearnerContents]:
    yield from managed(LearnerContents(root_dir=str(root), delete_to_trash=False))


@pytest.fixture
def author(root: Path) -> Iterator[AuthorContents]:
    yield from managed(AuthorContents(root_dir=str(root), delete_to_trash=False))


def opened(contents: LearnerContents | AuthorContents, path: str = LESSON) -> Model:
    """A notebook as JupyterLab has it after opening: plain JSON, a copy of its own."""
    model: Model = json.loads(json.dumps(run(contents.get(path)), default=str))
    return {name: model[name] for name in ("type", "format", "content")}


def cell(words: str, cell_id: str = "mine-1") -> Model:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": words}


def ran(model: Model) -> Model:
    """The notebook after JupyterLab has run it: counts, widget views, the state of widgets."""
    model = copy.deepcopy(model)
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "abc"}, "text/plain": "<question>"}
    for number, one in enumerate(model["content"]["cells"]):
        if one["cell_type"] == "code":
            output = {"output_type": "execute_result", "data": view, "metadata": {}, "execution_count": number}
            one |= {"execution_count": number, "outputs": [output]}
    state = {"state": {}, "version_major": 2, "version_minor": 0}
    model["content"]["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": state}
    return model


def with_words(model: Model, words: str, day: str = "monday") -> Model:
    """The notebook with a cell more, as JupyterLab adds one: under an id of its own."""
    model = copy.deepcopy(model)
    model["content"]["cells"].append(cell(words, f"mine-{day}"))
    return model


def files(root: Path) -> dict[str, bytes]:
    """What a learner sees of the course, by path; Jupyter's own checkpoints apart."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


# ---- learners: what opens


@pytest.mark.parametrize("path", ALL)
def test_a_lesson_opens_locked(learner: LearnerContents, path: str) -> None:
    cells = opened(learner, path)["content"]["cells"]

    assert cells
    assert {(one["metadata"]["editable"], one["metadata"]["deletable"]) for one in cells} == {(False, False)}


def test_opening_a_lesson_writes_nothing(learner: LearnerContents, root: Path) -> None:
    before = files(root)

    opened(learner)

    assert files(root) == before


def test_a_lesson_can_be_asked_for_without_its_content(learner: LearnerContents) -> None:
    model = run(learner.get(LESSON, content=False))

    assert (model["type"], model["content"]) == ("notebook", None)


def test_a_notebook_of_the_learners_own_opens_as_it_is(learner: LearnerContents, root: Path) -> None:
    (root / "mine.ipynb").write_text(json.dumps(PLAIN | {"cells": [cell("My words.")]}))

    assert opened(learner, "mine.ipynb")["content"]["cells"][0]["metadata"] == {}


def test_other_files_open_as_they_are(learner: LearnerContents, root: Path) -> None:
    (root / "notes.txt").write_text("my notes\n")

    assert run(learner.get("notes.txt"))["content"] == "my notes\n"


# ---- learners: what is saved


@pytest.mark.parametrize("path", [LESSON, f"/{LESSON}"])
@pytest.mark.parametrize(
    "change",
    [
        ran,
        lambda model: with_words(model, "My words."),
        lambda model: model["content"]["cells"].pop() and model,
        lambda model: model["content"]["cells"].reverse() or model,
        lambda model: model["content"]["cells"][0].update(source="# My title") or model,
        lambda model: model["content"]["metadata"].pop("lockdesk") and model,
        lambda model: model["content"].update(cells=[], metadata={}) or model,
        lambda model: {"type": "file", "format": "text", "content": "my notes"},
        lambda model: {"type": "file", "format": "base64", "content": "bXkgbm90ZXM="},
    ],
    ids=[
        *("run", "with a cell more", "with a cell less", "in another order", "with other words", "no longer calling itself a lesson"),
        *("emptied", "as plain text", "as bytes"),
    ],
)
def test_a_lesson_stays_byte_for_byte_whatever_is_saved_over_it(
    learner: LearnerContents, root: Path, path: str, change: Callable[[Model], Model]
) -> None:
    before = (root / LESSON).read_bytes()
    model = change(opened(learner))

    with suppress(HTTPError):  # a refusal is as good
        run(learner.save(model, path))

    assert (root / LESSON).read_bytes() == before


@pytest.mark.parametrize("kind", ["text", "base64"])
def test_another_kind_of_file_is_not_taken_in_silence_where_a_lesson_lies(learner: LearnerContents, kind: str) -> None:
    """Nothing of it would be kept, so nobody may believe that it was saved."""
    with pytest.raises(HTTPError) as refused:
        run(learner.save({"type": "file", "format": kind, "content": "bXkgbm90ZXM="}, LESSON))

    assert refused.value.status_code == 403


def test_saving_a_lesson_answers_as_if_it_had_been_saved(learner: LearnerContents) -> None:
    saved = run(learner.save(ran(opened(learner)), LESSON))

    assert (saved["path"], saved["type"], saved["content"]) == (LESSON, "notebook", None)


def test_a_lesson_that_was_only_run_leaves_no_notes(learner: LearnerContents, root: Path) -> None:
    before = files(root)

    run(learner.save(ran(opened(learner)), LESSON))

    assert files(root) == before


@pytest.mark.parametrize("path", [LESSON, f"/{LESSON}"])
def test_a_cell_that_a_learner_adds_is_kept_in_the_notes(learner: LearnerContents, root: Path, path: str) -> None:
    before = files(root)

    run(learner.save(with_words(opened(learner), "My words."), path))
    added = files(root).keys() - before.keys()

    assert added == {"work/notes/en/01-what-is-locked.ipynb"}
    assert "My words." in (root / "work/notes/en/01-what-is-locked.ipynb").read_text("utf-8")


def test_a_cell_that_a_learner_changes_is_kept_in_the_notes(learner: LearnerContents, root: Path) -> None:
    model = opened(learner)
    model["content"]["cells"][1]["source"] += "\n\nMy words."

    run(learner.save(model, LESSON))

    assert "My words." in (root / "work/notes/en/01-what-is-locked.ipynb").read_text("utf-8")


def test_notes_follow_what_a_learner_goes_on_writing(learner: LearnerContents, root: Path) -> None:
    model = opened(learner)

    for words in ("My", "My wor", "My words."):
        run(learner.save(with_words(model, words), LESSON))

    assert "My words." in (root / "work/notes/en/01-what-is-locked.ipynb").read_text("utf-8")


def test_notes_of_another_day_take_nothing_away_from_earlier_ones(learner: LearnerContents, root: Path) -> None:
    """The lesson opens without them, for it is never written; so the next save does not hold them."""
    run(learner.save(with_words(opened(learner), "Monday's words."), LESSON))

    run(learner.save(with_words(opened(learner), "Tuesday's words.", "tuesday"), LESSON))
    kept = b"".join(data for path, data in files(root).items() if path.startswith("work/notes/"))

    assert b"Tuesday's words." in kept
    assert b"Monday's words." in kept


@pytest.mark.parametrize("before", [b'{"cells": [{"cell_type": "mark', b"[]", b'{"x": 1}', b"\xff\xfe"])
def test_notes_that_cannot_be_read_are_kept_and_new_ones_too(learner: LearnerContents, root: Path, before: bytes) -> None:
    """A crash, or a learner with an editor, may leave anything there."""
    (root / "work/notes/en").mkdir(parents=True)
    (root / "work/notes/en/01-what-is-locked.ipynb").write_bytes(before)

    with suppress(Exception):  # whether the words were kept is looked at below
        run(learner.save(with_words(opened(learner), "My words."), LESSON))
    kept = [data for path, data in files(root).items() if path.startswith("work/")]

    assert any(before in data for data in kept)
    assert any(b"My words." in data for data in kept)


def test_saving_without_additions_leaves_earlier_notes_alone(learner: LearnerContents, root: Path) -> None:
    run(learner.save(with_words(opened(learner), "My words."), LESSON))

    run(learner.save(ran(opened(learner)), LESSON))

    assert "My words." in (root / "work/notes/en/01-what-is-locked.ipynb").read_text("utf-8")


def test_an_added_cell_without_words_is_no_addition(learner: LearnerContents, root: Path) -> None:
    run(learner.save(with_words(opened(learner), "  \n"), LESSON))

    assert not (root / "work").exists()


@pytest.mark.parametrize(
    "path",
    [
        *("my-copy.ipynb", "/my-copy.ipynb", "notebooks/en/my-copy.ipynb", "work/my-copy.ipynb"),
        *("01-what-is-locked.ipynb", "work/01-what-is-locked.ipynb"),
    ],
)
def test_a_copy_of_a_lesson_is_the_learners_to_write_in(learner: LearnerContents, root: Path, path: str) -> None:
    """The help page says so: File, Save Notebook As."""
    (root / "work").mkdir()
    run(learner.save(opened(learner), path))
    model = opened(learner, path)
    first = model["content"]["cells"][0]
    may_edit = first["metadata"].get("editable", True)
    first["source"] = "# My title"

    run(learner.save(model, path))

    assert may_edit
    assert "# My title" in (root / path.strip("/")).read_text("utf-8")


@pytest.mark.parametrize("slash", ["", "/"])
def test_notes_can_be_opened_and_written_in(learner: LearnerContents, root: Path, slash: str) -> None:
    notes = f"{slash}work/notes/en/01-what-is-locked.ipynb"
    run(learner.save(with_words(opened(learner), "My words."), LESSON))
    model = with_words(opened(learner, notes), "More words.", "tuesday")

    run(learner.save(model, notes))

    assert "More words." in (root / notes.strip("/")).read_text("utf-8")
    assert not (root / "work/notes/work").exists()


def test_a_notebook_of_the_learners_own_is_saved(learner: LearnerContents, root: Path) -> None:
    run(learner.save({"type": "notebook", "format": "json", "content": PLAIN | {"cells": [cell("One.")]}}, "mine.ipynb"))
    run(learner.save({"type": "notebook", "format": "json", "content": PLAIN | {"cells": [cell("Two.")]}}, "mine.ipynb"))

    assert json.loads((root / "mine.ipynb").read_text("utf-8"))["cells"][0]["source"] in ("Two.", ["Two."])


def test_a_file_of_the_learners_own_is_saved(learner: LearnerContents, root: Path) -> None:
    run(learner.save({"type": "file", "format": "text", "content": "my notes"}, "notes.txt"))

    assert (root / "notes.txt").read_text() == "my notes"


# ---- learners: what is deleted and renamed


@pytest.mark.parametrize("path", [LESSON, f"/{LESSON}", "notebooks/start.ipynb"])
@pytest.mark.parametrize("action", ["delete", "rename", "move"])
def test_a_lesson_is_neither_deleted_nor_renamed_nor_moved(learner: LearnerContents, root: Path, path: str, action: str) -> None:
    before = files(root)
    to = {"rename": "notebooks/en/other.ipynb", "move": "other.ipynb", "delete": ""}[action]

    with pytest.raises(HTTPError) as refused:
        run(learner.rename_file(path, to) if to else learner.delete_file(path))

    assert refused.value.status_code == 403
    assert "is a lesson of the course" in str(refused.value)
    assert files(root) == before


@pytest.mark.parametrize("folder", ["notebooks", "notebooks/en"])
def test_a_folder_of_lessons_is_not_renamed(learner: LearnerContents, root: Path, folder: str) -> None:
    before = files(root)

    with pytest.raises(HTTPError):
        run(learner.rename_file(folder, "elsewhere"))

    assert files(root) == before


def test_a_learner_may_delete_and_rename_what_is_theirs(learner: LearnerContents, root: Path) -> None:
    (root / "mine.ipynb").write_text(json.dumps(PLAIN))
    (root / "answers.jsonl").write_text("")

    run(learner.rename_file("mine.ipynb", "ours.ipynb"))
    run(learner.delete_file("answers.jsonl"))

    assert (root / "ours.ipynb").exists()
    assert not (root / "mine.ipynb").exists()
    assert not (root / "answers.jsonl").exists()


def test_going_back_to_a_checkpoint_writes_no_lesson(learner: LearnerContents, root: Path) -> None:
    """JupyterLab makes one after each save; the course may have been updated since."""
    checkpoint = run(learner.create_checkpoint(LESSON))
    updated = (root / LESSON).read_bytes().replace(b"# What is locked", b"# What exactly is locked")
    (root / LESSON).write_bytes(updated)

    with suppress(HTTPError):  # a refusal is as good
        run(learner.restore_checkpoint(checkpoint["id"], LESSON))

    assert (root / LESSON).read_bytes() == updated


def test_deleting_what_is_not_there_is_an_error_and_no_crash(learner: LearnerContents) -> None:
    with pytest.raises(HTTPError):
        run(learner.delete_file("notebooks/en/none.ipynb"))


# ---- authors


@pytest.mark.parametrize("path", [path if path in QUICK else pytest.param(path, marks=pytest.mark.slow) for path in ALL])
def test_a_lesson_that_an_author_ran_and_saved_is_byte_for_byte_the_committed_one(author: AuthorContents, root: Path, path: str) -> None:
    before = (root / path).read_bytes()

    run(author.save(ran(opened(author, path)), path))

    assert (root / path).read_bytes() == before


@pytest.mark.parametrize("path", [LESSON, f"/{LESSON}"])
def test_what_an_author_writes_is_saved(author: AuthorContents, root: Path, path: str) -> None:
    model = ran(opened(author))
    model["content"]["cells"][0]["source"] = "# Another title"

    run(author.save(model, path))
    saved = json.loads((root / LESSON).read_text("utf-8"))

    assert "".join(saved["cells"][0]["source"]) == "# Another title"
    assert "widgets" not in saved["metadata"]


def test_the_lessons_of_an_author_are_not_locked(author: AuthorContents) -> None:
    cells = opened(author)["content"]["cells"]

    assert not [one for one in cells if {"editable", "deletable"} & one["metadata"].keys()]


def test_a_question_that_an_author_changes_is_stored_in_its_new_words(author: AuthorContents, root: Path) -> None:
    path = root / "notebooks/questions/01-what-is-locked.toml"
    old = next(line for line in path.read_text("utf-8").splitlines() if line.startswith("prompt.en = "))
    path.write_text(path.read_text("utf-8").replace(old, 'prompt.en = "Quite another prompt?"', 1), "utf-8")

    run(author.save(ran(opened(author)), LESSON))

    assert "Quite another prompt?" in (root / LESSON).read_text("utf-8")


def test_another_notebook_of_an_authors_keeps_its_outputs(author: AuthorContents, root: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "42\n"}
    one = {"cell_type": "code", "id": "try", "metadata": {}, "source": "6 * 7", "outputs": [output], "execution_count": 3}

    run(author.save({"type": "notebook", "format": "json", "content": PLAIN | {"cells": [one]}}, "try.ipynb"))
    saved = json.loads((root / "try.ipynb").read_text("utf-8"))["cells"][0]

    assert saved["execution_count"] == 3
    assert "".join(saved["outputs"][0]["text"]) == "42\n"


# ---- assignments


ASSIGNMENT = "work/small/small.ipynb"


@pytest.fixture
def fetched(root: Path) -> Path:
    """A fetched assignment's notebook, and copies of it where the course's own do not lie."""
    for folder in ("work/small", "work/other", "work/deeper/small", "small"):
        write_json(root / folder / "small.ipynb", assignment_notebook("small", *ONE_OF_EACH.values()))
    return root / ASSIGNMENT


@pytest.mark.parametrize("path", [ASSIGNMENT, f"/{ASSIGNMENT}"])
def test_a_fetched_assignment_opens_locked(learner: LearnerContents, fetched: Path, path: str) -> None:
    cells = opened(learner, path)["content"]["cells"]

    assert {(one["metadata"]["editable"], one["metadata"]["deletable"]) for one in cells} == {(False, False)}


def test_saving_an_assignment_writes_nothing_into_it_and_keeps_added_cells(learner: LearnerContents, root: Path, fetched: Path) -> None:
    before = fetched.read_bytes()
    model = opened(learner, ASSIGNMENT)
    del model["content"]["cells"][2]

    run(learner.save(with_words(ran(model), "My own thoughts."), ASSIGNMENT))

    assert fetched.read_bytes() == before
    assert "My own thoughts." in (root / "work/notes/small.ipynb").read_text("utf-8")


@pytest.mark.parametrize("action", ["delete", "rename"])
def test_an_assignment_is_neither_deleted_nor_renamed(learner: LearnerContents, fetched: Path, action: str) -> None:
    act = {"delete": lambda: learner.delete_file(ASSIGNMENT), "rename": lambda: learner.rename_file(ASSIGNMENT, "work/small/mine.ipynb")}

    with pytest.raises(HTTPError, match="403"):
        run(act[action]())
    assert fetched.is_file()


@pytest.mark.parametrize("path", ["work/other/small.ipynb", "work/deeper/small/small.ipynb", "small/small.ipynb"])
def test_a_copy_of_an_assignment_elsewhere_is_the_learners(learner: LearnerContents, root: Path, fetched: Path, path: str) -> None:
    model = opened(learner, path)
    run(learner.save(with_words(model, "Mine."), path))

    assert not [one for one in model["content"]["cells"] if one["metadata"].get("editable") is False]
    assert "Mine." in (root / path).read_text("utf-8")


def test_an_authors_assignment_is_saved_as_it_is_written(author: AuthorContents, root: Path) -> None:
    write_json(root / "source/small/small.ipynb", assignment_notebook("small", *ONE_OF_EACH.values()))
    model = opened(author, "source/small/small.ipynb")
    model["content"]["cells"][0]["source"] = "# Another title"

    run(author.save(model, "source/small/small.ipynb"))

    assert "# Another title" in (root / "source/small/small.ipynb").read_text("utf-8")


def test_looking_at_a_released_assignment_writes_nothing(author: AuthorContents, root: Path) -> None:
    released = write_json(root / "release/small/small.ipynb", notebook("small", prose("title", "# As it was built")))
    before = released.read_bytes()
    model = opened(author, "release/small/small.ipynb")
    model["content"]["cells"][0]["source"] = "# As it was looked at"

    run(author.save(model, "release/small/small.ipynb"))

    assert released.read_bytes() == before


def test_an_assignment_is_saved_without_what_running_it_left_behind(author: AuthorContents, root: Path) -> None:
    source = write_json(root / "source/small/small.ipynb", notebook("small", prose("title", "# One"), code("quiz-x", 'quiz("x")')))
    model = opened(author, "source/small/small.ipynb")
    model["content"]["cells"][0]["source"] = "# Two"
    model["content"]["cells"][1] |= {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": "shown"}]}

    run(author.save(model, "source/small/small.ipynb"))

    saved = json.loads(source.read_text(encoding="utf-8"))
    assert "".join(saved["cells"][0]["source"]) == "# Two"
    assert (saved["cells"][1]["outputs"], saved["cells"][1]["execution_count"]) == ([], None)
