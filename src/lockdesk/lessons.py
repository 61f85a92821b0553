"""Lesson notebooks as data: what a lesson's code may be, what it stores, and how twins stay twins. Author's side."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .bank import QuestionFile, spoken
from .cases import Case
from .errors import ContentError, Fault
from .front_page import FrontPage
from .questions import Question
from .replay.task import Task
from .text import LANGS, Lang
from .widgets.desk import CaseExercise
from .widgets.device import FreeDevice, TaskDevice
from .widgets.exercise import Exercise
from .widgets.fallback import page_of, plain_of

FRONT_DOOR = ("quiz", "case", "terminal", "check", "progress")
_NAMES = "|".join(FRONT_DOOR)
_IMPORT = re.compile(rf"from lockdesk import (?:{_NAMES})(?:, (?:{_NAMES}))*")
_CALL = re.compile(rf'(?:{_NAMES})\((?:"[a-z0-9-]+")?\)')
_TERMINAL = re.compile(r'^terminal\((?:"([a-z0-9-]+)")?\)$', re.MULTILINE)
_CASE = re.compile(r'^case\("([a-z0-9-]+)"\)$', re.MULTILINE)
_QUIZ = re.compile(r'^quiz\("([a-z0-9-]+)"\)$', re.MULTILINE)
_CELL_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)")
_CJK = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_CHINESE_BREAK = re.compile(rf"\S*{_CJK}\n(?![-*+>|#\d\s])\S{{1,8}}")
_BOLD = re.compile(r"\*\*(?!\s)((?:(?!\*\*).)+?)\*\*")
_OPENS = re.compile(r"[（“‘《【〔]")
_CLOSES = re.compile(r"[，。、：；！？）”’》】〕…]")
MAX_LINES = 12
STORED_COUNT = 1  # the same in every cell; nbval holds an output without a count for a broken notebook
MAX_CELLS_WITHOUT_QUESTION = 8

Notebook = dict[str, Any]


def is_lesson_code(source: str) -> bool:
    """Whether every line is an import from the front door or one of its calls with a literal argument.

    The same rule as in the JupyterLab extension, which runs a lesson unasked; both are tested with the same hostile lines.
    """
    lines = [line for line in source.split("\n") if line]
    return bool(lines) and all(_IMPORT.fullmatch(line) or _CALL.fullmatch(line) for line in lines)


def source_of(cell: dict[str, Any]) -> str:
    """A cell's source as one text, whichever way the file holds it."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def read_notebook(path: Path) -> Notebook:
    """The notebook at `path`.

    Raises:
        ContentError: it is no notebook of format 4.5 or later.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        new_enough = (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
        cells = notebook["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContentError([Fault(spoken(path), f"is no notebook: {error}.")]) from None
    if not new_enough or not isinstance(cells, list):
        raise ContentError([Fault(spoken(path), "wanted: notebook format 4.5 or later, which gives cells their ids.")])
    return dict(notebook)


def write_notebook(path: Path, notebook: Notebook) -> None:
    """Write it the way JupyterLab does, so that saving it there changes nothing."""
    path.write_text(text_of(notebook), encoding="utf-8")


def text_of(notebook: Notebook) -> str:
    """A notebook as its file holds it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def fingerprint(source: str) -> str:
    """What a Chinese cell remembers of the English cell it was written from."""
    return sha256(source.encode()).hexdigest()[:12]


Tasks = dict[str, Task | Case]
"""What a lesson can ask besides questions: tasks on the terminal and calls, by id."""


def stored_outputs(
    source: str, lang: Lang, questions: dict[str, Question], front: FrontPage | None = None, tasks: Tasks | None = None
) -> list[dict[str, Any]]:
    """What a lesson's code cell holds in the file: the question in words, for readers without a kernel."""
    if front is not None and "progress()" in source:
        return [_output(front._repr_html_(), repr(front))]
    if names := _TERMINAL.findall(source):
        return _stored_terminal(names, lang, tasks or {})
    if names := _CASE.findall(source):
        return _stored_call(names, lang, tasks or {})
    ids = _QUIZ.findall(source)
    if len(ids) != 1 or ids[0] not in questions:
        return []
    view = Exercise(questions[ids[0]], "", lang, None, lambda: datetime.now(UTC)).view()
    return [_output(page_of(view, lang), plain_of(view, lang))]


def _stored_terminal(names: list[str], lang: Lang, tasks: Tasks) -> list[dict[str, Any]]:
    """As for a question; an empty name is free play."""
    task = tasks.get(names[0])
    if len(names) != 1 or (names[0] and not isinstance(task, Task)):
        return []
    device = TaskDevice(task, "", lang, None, lambda: datetime.now(UTC)) if isinstance(task, Task) else FreeDevice(lang)
    return [_output(page_of(device.view(), lang), plain_of(device.view(), lang))]


def _stored_call(names: list[str], lang: Lang, tasks: Tasks) -> list[dict[str, Any]]:
    """A call's title and the caller's first words."""
    case = tasks.get(names[0])
    if len(names) != 1 or not isinstance(case, Case):
        return []
    view = CaseExercise(case, "", lang, None, lambda: datetime.now(UTC)).view()
    return [_output(page_of(view, lang), plain_of(view, lang))]


def _output(html: str, text: str) -> dict[str, Any]:
    data = {"text/html": html.splitlines(keepends=True), "text/plain": text.splitlines(keepends=True)}
    return {"data": data, "execution_count": STORED_COUNT, "metadata": {}, "output_type": "execute_result"}


def with_stored_outputs(
    notebook: Notebook, lang: Lang, questions: dict[str, Question], front: FrontPage | None = None, tasks: Tasks | None = None
) -> Notebook:
    """The notebook as it is committed: no widget state, each code cell's output the question in words."""
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            outputs = stored_outputs(source_of(cell), lang, questions, front, tasks)
            cells.append(cell | {"execution_count": STORED_COUNT if outputs else None, "outputs": outputs})
        else:
            cells.append(cell)
    metadata = {name: value for name, value in notebook["metadata"].items() if name != "widgets"}
    return notebook | {"cells": cells, "metadata": metadata}


def lang_of(path: Path) -> Lang:
    """A notebook's language is its folder's; the front page, which holds both, counts as English."""
    return next((lang for lang in LANGS if lang == path.parent.name), "en")


def faults_in(
    path: Path, notebook: Notebook, file: QuestionFile | None, front: FrontPage | None = None, tasks: Tasks | None = None
) -> Iterator[Fault]:
    """Every fault of one notebook. `file` holds its questions; None for a page that asks none."""
    where = spoken(path)
    cells = notebook["cells"]
    questions = file.questions if file else {}
    ids = [cell.get("id", "") for cell in cells]
    for cell_id, times in Counter(ids).items():
        if times > 1 or not _CELL_ID.fullmatch(cell_id):
            yield Fault(f"{where}, cell '{cell_id}'", f"the id stands {times} times; wanted: kebab-case words, once.")
    name = notebook["metadata"].get("lockdesk", {}).get("lesson")
    if name != path.stem:
        yield Fault(f"{where}, metadata lockdesk.lesson", f"is {name!r}; wanted: {path.stem!r}, the file's name.")
    for cell in cells:
        at = f"{where}, cell '{cell.get('id')}'"
        if cell["cell_type"] == "code":
            yield from _code_faults(at, cell, stored_outputs(source_of(cell), lang_of(path), questions, front, tasks))
            for what, found in (("task", _TERMINAL), ("case", _CASE)):
                for name in found.findall(source_of(cell)):
                    if name and name not in (tasks or {}):
                        yield Fault(at, f"asks the {what} '{name}', which notebooks/{what}s does not have.")
        else:
            yield from _prose_faults(at, source_of(cell), path)
            yield from _gap_faults(at, source_of(cell))
            yield from _bold_faults(at, source_of(cell))
    yield from _heading_faults(where, cells)
    if file:
        yield from _question_faults(where, cells, file)


def _code_faults(at: str, cell: dict[str, Any], stored: list[dict[str, Any]]) -> Iterator[Fault]:
    if not is_lesson_code(source_of(cell)):
        yield Fault(at, f"is no lesson code. Wanted: an import from lockdesk and one call of {', '.join(FRONT_DOOR)} with a literal id.")
    if not cell["metadata"].get("jupyter", {}).get("source_hidden"):
        yield Fault(at, "shows its code. Wanted: metadata jupyter.source_hidden true; learners never read code.")
    if cell.get("execution_count") != (STORED_COUNT if stored else None) or cell.get("outputs") != stored:
        yield Fault(at, "its stored output is not the question in words. Run `make lessons`.")


def _prose_faults(at: str, source: str, path: Path) -> Iterator[Fault]:
    lines = [line for line in source.split("\n") if line.strip()]
    if len(lines) > MAX_LINES and not any(line.startswith("|") for line in lines):
        yield Fault(at, f"{len(lines)} lines; wanted: at most {MAX_LINES}, one idea a cell.")
    for alt, target in _IMAGE.findall(source):
        if not alt.strip():
            yield Fault(at, f"the picture {target} has no alt text.")
    for target in [target for _, target in _IMAGE.findall(source)] + _LINK.findall(source):
        if "://" not in target and not target.startswith("#") and not (path.parent / target.split("#")[0]).exists():
            yield Fault(at, f"links to {target}, which does not exist.")


def _gap_faults(at: str, source: str) -> Iterator[Fault]:
    """A line break inside a Chinese paragraph is shown as a gap, so such a paragraph is one line."""
    for broken in _CHINESE_BREAK.findall(source):
        yield Fault(at, f"a line break inside a Chinese paragraph leaves a gap: {broken!r}. Put the paragraph on one line.")


def _bold_faults(at: str, source: str) -> Iterator[Fault]:
    """Bold that ends in a punctuation mark right before a character, or begins with one right after it, shows its asterisks."""
    for bold in _BOLD.finditer(source):
        before, after = source[: bold.start()][-1:], source[bold.end() :][:1]
        if (_CLOSES.match(bold[1][-1]) and after.isalnum()) or (_OPENS.match(bold[1][0]) and before.isalnum()):
            yield Fault(at, f"{bold[0]!r} would show its asterisks: move the punctuation mark out of the bold.")


def _heading_faults(where: str, cells: list[dict[str, Any]]) -> Iterator[Fault]:
    titles = sum(bool(re.match(r"# ", line)) for cell in cells if cell["cell_type"] == "markdown" for line in source_of(cell).split("\n"))
    if titles != 1:
        yield Fault(where, f"{titles} headings of the first rank; wanted: one, the title.")


def _question_faults(where: str, cells: list[dict[str, Any]], file: QuestionFile) -> Iterator[Fault]:
    asked: Counter[str] = Counter()
    since = 0
    for cell in cells:
        found = _QUIZ.findall(source_of(cell)) if cell["cell_type"] == "code" else []
        asked.update(found)
        since = 0 if found else since + 1
        if since == MAX_CELLS_WITHOUT_QUESTION + 1:
            yield Fault(
                f"{where}, cell '{cell.get('id')}'", f"the ninth cell without a question; wanted: one every {MAX_CELLS_WITHOUT_QUESTION}."
            )
    for question_id in asked.keys() - file.questions.keys():
        yield Fault(where, f"asks '{question_id}', which {spoken(file.path)} does not have.")
    for question_id in file.questions:
        if asked[question_id] != 1:
            yield Fault(where, f"asks '{question_id}' {asked[question_id]} times; wanted: once.")


def twin_faults(where: str, en: Notebook, zh: Notebook) -> Iterator[Fault]:
    """How two notebooks fail to be twins: other cells, other code, or a translation of an older text."""
    for one, other in zip_longest(en["cells"], zh["cells"]):
        if one is None or other is None or (one["id"], one["cell_type"]) != (other["id"], other["cell_type"]):
            found = [cell and cell["id"] for cell in (one, other)]
            yield Fault(
                where, f"cells differ from here on: en has {found[0]!r}, zh has {found[1]!r}. Wanted: the same ids in the same order."
            )
            return
        if one["cell_type"] == "code":
            if source_of(one) != source_of(other):
                yield Fault(f"{where}, cell '{one['id']}'", "code differs between en and zh; wanted: the same.")
        elif other["metadata"].get("lockdesk", {}).get("of") != fingerprint(source_of(one)):
            yield Fault(
                f"{where}, cell '{one['id']}'",
                f"the English text has changed since the Chinese was written. Mend the Chinese, then `make translated CELLS={one['id']}`.",
            )


def confirm_translation(en: Notebook, zh: Notebook, cell_ids: Iterable[str]) -> tuple[Notebook, set[str]]:
    """`zh` with the named cells marked as written from the present English, and the names that were found."""
    wanted = set(cell_ids)
    sources = {cell["id"]: source_of(cell) for cell in en["cells"] if cell["cell_type"] == "markdown"}
    found = wanted & sources.keys()
    cells = [_marked(cell, sources[cell["id"]]) if cell["id"] in found else cell for cell in zh["cells"]]
    return zh | {"cells": cells}, found


def _marked(cell: dict[str, Any], english: str) -> dict[str, Any]:
    mark = cell["metadata"].get("lockdesk", {}) | {"of": fingerprint(english)}
    return cell | {"metadata": cell["metadata"] | {"lockdesk": mark}}
