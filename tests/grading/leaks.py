"""Searches files for words that must not be there, in every form in which they could be there and still be read."""

from __future__ import annotations

import base64
import gzip
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import msgspec

from lockdesk.key import Key
from lockdesk.proofs import plays_of
from lockdesk.questions import Number, Question, Written, parts_of
from lockdesk.text import Text

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
LESSON = {
    "title": {"en": "An assignment", "zh": "作业"},
    "promise": {"en": "secret-promise", "zh": "秘密承诺"},
    "minutes": 5,
    "objective": [
        {"id": "secret-callers", "text": {"en": "secret-objective callers", "zh": "秘密目标甲"}},
        {"id": "secret-locks", "text": {"en": "secret-objective locks", "zh": "秘密目标乙"}},
    ],
}


def secret(question: Question, **shown: bool) -> Question:
    """The question with words of its own wherever only the grader may look."""
    name = question.id
    data = msgspec.to_builtins(question) | {"objective": f"secret-{question.objective}", "source": f"secret-source-{name}"}
    data["hint"] = _text(f"hint-{name}")
    for field in ("why", "sample"):
        if field in data:
            data[field] = _text(f"{field}-{name}")
    for part in ("option", "step", "item", "mistake"):
        for one in data.get(part, []):
            one["why"] = _text(f"why-{name}-{one.get('key', one.get('value'))}")
            one["after_grading"] = shown.get(str(one.get("key", one.get("value"))), False)
    for one in data.get("criterion", []):
        one["text"] = _text(f"criterion-{name}-{one['key']}")
    return msgspec.convert(data, type(question))


def _text(words: str) -> dict[str, str]:
    return {"en": f"secret-{words}!", "zh": f"秘密{words}!"}  # with an end, for none may be the beginning of another


def secrets(questions: Iterable[Question]) -> set[str]:
    """Everything in `questions` that `secret` has put there, and their lesson's objectives."""
    found: set[str] = {LESSON["promise"]["zh"]} | {one["text"]["zh"] for one in LESSON["objective"]}  # type: ignore[index]
    waiting: list[object] = [msgspec.to_builtins(list(questions)), LESSON]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and one.startswith(("secret-", "秘密")):
            found.add(one)
        waiting += list(one.values()) if isinstance(one, dict) else one if isinstance(one, list | tuple) else []
    return found


def words_of(key: Key) -> set[str]:
    """What a real key says to graders only: reasons, samples, criteria and hints in both languages, and the names of checks and plays."""
    names = {one.id for case in key.cases.values() for one in (*case.checks, *case.paths, *case.mistakes)}
    names |= {check.id for task in key.tasks.values() for check in task.checks}
    return {f'"{name}"' for name in names} | {words for text, _ in reasons_in(key) for words in (text.en, text.zh)}


def reasons_in(key: Key) -> Iterator[tuple[Text, bool]]:
    """Each of the texts only graders read, and whether its author lets learners read it after grading."""
    for question in key.questions.values():
        yield from ((part.text if isinstance(question, Written) else part.why, part.after_grading) for part in parts_of(question))
        if isinstance(question, Number):
            yield from ((one.why, one.after_grading) for one in question.mistakes)
        yield from ((text, False) for text in (question.hint, getattr(question, "why", None), getattr(question, "sample", None)) if text)
    for case in key.cases.values():
        yield from ((one.why, False) for one in plays_of(case))
        yield from ((check.why, check.after_grading) for check in case.checks)
    for task in key.tasks.values():
        yield from ((check.why, check.after_grading) for check in task.checks)
        yield from ((text, False) for text in (task.hint,) if text)


def leaks_in_folder(folder: Path, words: Iterable[str]) -> set[str]:
    """Those of `words` that a file below `folder`, or its name, holds."""
    words = set(words)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files, f"nothing to search in {folder}"
    return {word for path in files for word in leaks(path.read_bytes(), words) | leaks(str(path.relative_to(folder)).encode(), words)}


def leaks(data: bytes, words: Iterable[str]) -> set[str]:
    """Those of `words` that `data` holds: as it is, escaped, in base64, in UTF-16, packed."""
    found: set[str] = set()
    if data.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                found |= leaks(archive.read(name), words) | leaks(name.encode(), words)
    if data.startswith(b"\x1f\x8b"):
        found |= leaks(gzip.decompress(data), words)
    readings = {data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace"), data[1:].decode("utf-16-le", "replace")}
    for _ in range(3):  # JSON in JSON in HTML
        readings |= (
            {html.unescape(text) for text in readings} | {_unescaped(text) for text in readings} | {unquote(text) for text in readings}
        )
    plain = data.replace(b"\n", b"").replace(b"\r", b"")
    for word in words:
        if any(word in text for text in readings) or any(part in plain for part in _in_base64(word)):
            found.add(word)
    return found


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text.replace("\\\\u", "\\u"))


@lru_cache(maxsize=4096)
def _in_base64(word: str) -> set[bytes]:
    """What `word` looks like inside base64, at each of the three places where it can begin; without what its neighbours decide."""
    found = set()
    for before in range(3):
        data = b"\0" * before + word.encode()
        whole = base64.b64encode(data)
        first, last = -(-before * 4 // 3), len(data) // 3 * 4
        found |= {whole[first:last], whole[first:last].translate(bytes.maketrans(b"+/", b"-_"))}
    return found
