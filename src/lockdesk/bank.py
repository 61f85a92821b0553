"""Question files → questions. Every fault of a file is reported at once, with file, id and field."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from .errors import ContentError, Fault, UnknownQuestion
from .questions import KINDS, Lesson, Question, faults_of
from .typed import convert, name_of

_HEADER_OR_ID = re.compile(r"""^\s*(?:(\[.*\])|id\s*=\s*["']([^"'\n]+)["'])""", re.MULTILINE)
_KEBAB = r"[a-z0-9]+(-[a-z0-9]+)*"


class QuestionFile(msgspec.Struct, frozen=True):
    """One lesson's questions, in the order of the file. `edition` is raised by the author when a meaning changes."""

    path: Path
    edition: str
    lesson: Lesson
    questions: dict[str, Question]


def read_questions(path: Path) -> QuestionFile:
    """The question file at `path`.

    Raises:
        ContentError: all that is wrong with it.
    """
    where = spoken(path)
    data = read_toml(path, where)
    faults: list[Fault] = []
    for name in data.keys() - {"edition", "lesson", "question"}:
        faults.append(Fault(f"{where}, {name}", "is no field here. Known: edition, lesson, question."))
    edition = _collect(faults, data.get("edition"), str, f"{where}, edition")
    lesson = _collect(faults, data.get("lesson"), Lesson, f"{where}, lesson")
    tables = data.get("question")
    if not isinstance(tables, list) or not tables:
        faults.append(Fault(where, "has no [[question]]."))
        tables = []
    questions = [_question(faults, table, number, where) for number, table in enumerate(tables, 1)]
    usable = [question for question in questions if question is not None]
    faults += _twice((question.id for question in usable), where)
    if faults or edition is None or lesson is None:
        raise ContentError(faults)
    return QuestionFile(path, edition, lesson, {question.id: question for question in usable})


def find_question(folder: Path, question_id: str) -> tuple[str, Question]:
    """The question called `question_id` among the files of `folder`, with its edition.

    Only this one question is parsed, so that a lesson's first cell is quick and a fault in another question stops no cell.

    Raises:
        UnknownQuestion: no file has it; carries the nearest ids.
        ContentError: it is faulty (all faults of its file are named), or a file cannot be read.
    """
    ids: list[str] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            text = _text(path, spoken(path))
            if alone := _alone(text, question_id):
                return alone
            found = ids_in(path)
            if question_id in found and question_id in (file := read_questions(path)).questions:
                return file.edition, file.questions[question_id]
            ids += found
        except ContentError as error:
            faults += error.faults
    if faults:
        raise ContentError(faults)
    raise UnknownQuestion(question_id, _near(question_id, ids), spoken(folder))


def _alone(text: str, question_id: str) -> tuple[str, Question] | None:
    """The one question read out of its file, None where that does not go smoothly: then the whole file is read."""
    head, *blocks = text.split("\n[[question]]\n")
    mine = [block for block in blocks if f'\nid = "{question_id}"\n' in f"\n{block}"]
    if len(mine) != 1:
        return None
    try:
        data = tomllib.loads(f"{head}\n[[question]]\n{mine[0]}")
        question = convert(data["question"][0], KINDS[data["question"][0]["kind"]], "")
    except (tomllib.TOMLDecodeError, ContentError, KeyError, TypeError):
        return None
    edition = data.get("edition")
    if not isinstance(edition, str) or question.id != question_id or any(faults_of(question)):
        return None
    return edition, question


def _near(question_id: str, ids: list[str]) -> list[str]:
    from difflib import get_close_matches  # here, for a lesson's first question must not wait for it

    return get_close_matches(question_id, ids, 3)


def ids_in(path: Path) -> list[str]:
    """The ids a question file seems to hold, read as text: quick, and good even when the TOML is faulty.

    Raises:
        ContentError: the file cannot be read as text.
    """
    ids: list[str] = []
    table = ""
    for header, question_id in _HEADER_OR_ID.findall(_text(path, spoken(path))):
        table = header or table
        if question_id and table in ("", "[[question]]"):
            ids.append(question_id)
    return ids


def read_all(folder: Path) -> list[QuestionFile]:
    """Every question file of `folder`, by name.

    Raises:
        ContentError: all that is wrong with all of them, repeated ids included.
    """
    files: list[QuestionFile] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            files.append(read_questions(path))
        except ContentError as error:
            faults += error.faults
    faults += _twice((question_id for file in files for question_id in file.questions), spoken(folder))
    if faults:
        raise ContentError(faults)
    return files


def _question(faults: list[Fault], table: object, number: int, where: str) -> Question | None:
    at = f"{where}, question {name_of(table, number)}"
    kind = table.get("kind") if isinstance(table, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        faults.append(Fault(f"{at}, kind", f"{kind!r}; wanted: one of {', '.join(KINDS)}."))
        return None
    question: Question | None = _collect(faults, table, KINDS[kind], at)
    if question is None:
        return None
    faults += [Fault(f"{at}, {field}", what) for field, what in faults_of(question)]
    if not re.fullmatch(_KEBAB, question.id):
        faults.append(Fault(f"{at}, id", "wanted: kebab-case, as in 'who-may-unlock'."))
    return question


def _collect(faults: list[Fault], data: object, wanted: type[Any], where: str) -> Any:
    """`data` as a `wanted`, or None and its faults added to `faults`."""
    if data is None:
        faults.append(Fault(where, "missing."))
        return None
    try:
        return convert(data, wanted, where)
    except ContentError as error:
        faults += error.faults
        return None


def _twice(ids: Iterable[str], where: str) -> list[Fault]:
    return [
        Fault(f"{where}, question {one!r}", f"the id is used {times} times; wanted: once in the whole course.")
        for one, times in Counter(ids).items()
        if times > 1
    ]


def read_toml(path: Path, where: str) -> dict[str, Any]:
    """The tables of an author's file, which is called `where`.

    Raises:
        ContentError: it cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(_text(path, where))
    except tomllib.TOMLDecodeError as error:
        raise ContentError([Fault(where, f"is not valid TOML: {error}.")]) from None


def _text(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError([Fault(where, f"is not UTF-8: byte {error.start} cannot be read.")]) from None
    except OSError as error:
        raise ContentError([Fault(where, f"cannot be read: {error.strerror}.")]) from None


def spoken(path: Path) -> str:
    """The path as an author says it: from the course's folder on."""
    parts = path.absolute().parts
    for top in ("notebooks", "source", "release"):
        if top in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(top) :])
    return path.name
