"""Where the course teaches and asks what it promises: every mark of the doctrine, every statement of the article. Author's side.

A mark is taught in a lesson's Markdown cell where it stands in bold, and asked by a question whose words hold it; both for each
language. A statement of the article is taught in a cell whose English metadata names it, and asked by a question that names it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from .bank import QuestionFile
from .doctrine import Doctrine
from .errors import Fault
from .lessons import Notebook, source_of
from .questions import CLAIMS
from .text import LANGS, Lang, Text

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_MARK = re.compile(r"(?<![A-Za-z0-9])(?:ID|[LRGE])\d{1,2}(?![0-9A-Za-z])")
SHOWN: Final = 3
"""How many places the map names before it counts the rest."""


class Topic(msgspec.Struct, frozen=True):
    """Where one mark or statement is taught (`lesson/cell`) and asked (question ids), in each language."""

    name: str
    taught: Mapping[Lang, tuple[str, ...]]
    asked: Mapping[Lang, tuple[str, ...]]

    def untaught(self) -> list[Lang]:
        """The languages in which no cell teaches it."""
        return [lang for lang in LANGS if not self.taught[lang]]

    def unasked(self) -> list[Lang]:
        """The languages in which no question asks it."""
        return [lang for lang in LANGS if not self.asked[lang]]


def topics_of(data: Doctrine) -> list[str]:
    """Everything the course must teach and ask: the marks of the doctrine, then the article's statements."""
    rows = (*data.classes, *data.options, *data.gates, *data.levels, *data.checklist)
    return [*(row.mark for row in rows), *map(_claim, CLAIMS)]


def _claim(number: int) -> str:
    return f"claim {number}"


def coverage(topics: Iterable[str], files: Mapping[str, QuestionFile], notebooks: Mapping[tuple[str, Lang], Notebook]) -> list[Topic]:
    """Where each of `topics` is taught and asked. `files` by lesson, `notebooks` by lesson and language."""
    taught: dict[tuple[str, Lang], list[str]] = defaultdict(list)
    asked: dict[tuple[str, Lang], list[str]] = defaultdict(list)
    for (lesson, lang), notebook in notebooks.items():
        claims = {cell["id"]: claims_of(cell) for cell in notebooks.get((lesson, "en"), notebook)["cells"]}
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                for name in marks_in_bold(source_of(cell)) | {_claim(number) for number in claims.get(cell["id"], ())}:
                    taught[name, lang].append(f"{lesson}/{cell['id']}")
    for file in files.values():
        for question in file.questions.values():
            for lang in LANGS:
                for name in {mark for text in words_of(question, lang) for mark in _MARK.findall(text)} | set(map(_claim, question.claims)):
                    asked[name, lang].append(question.id)
    return [
        Topic(name, {lang: tuple(taught[name, lang]) for lang in LANGS}, {lang: tuple(asked[name, lang]) for lang in LANGS})
        for name in topics
    ]


def claims_of(cell: Mapping[str, Any]) -> tuple[int, ...]:
    """The statements of the article that a cell says it answers."""
    return tuple(cell["metadata"].get("lockdesk", {}).get("claims", ()))


def marks_in_bold(source: str) -> set[str]:
    """The marks that stand in bold in a Markdown source."""
    return {mark for bold in _BOLD.findall(source) for mark in _MARK.findall(bold)}


def words_of(value: object, lang: Lang) -> Iterator[str]:
    """Every text of a question in one language."""
    if isinstance(value, Text):
        yield value[lang]
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from words_of(getattr(value, name), lang)
    elif isinstance(value, tuple):
        for one in value:
            yield from words_of(one, lang)


def faults_in(topics: Iterable[Topic]) -> Iterator[Fault]:
    """Every hole in the map."""
    for topic in topics:
        if langs := topic.untaught():
            yield Fault(topic.name, f"is taught in no lesson ({', '.join(langs)}).")
        if langs := topic.unasked():
            yield Fault(topic.name, f"is asked by no practice question ({', '.join(langs)}).")


def claim_faults(where: str, notebook: Notebook) -> Iterator[Fault]:
    """Cells that name statements which the article does not have, or name them in code."""
    for cell in notebook["cells"]:
        claims = cell["metadata"].get("lockdesk", {}).get("claims", [])
        if not isinstance(claims, list) or any(type(number) is not int or number not in CLAIMS for number in claims):
            yield Fault(f"{where}, cell '{cell.get('id')}', claims", f"{claims!r}; wanted: numbers from {CLAIMS[0]} to {CLAIMS[-1]}.")


def report(topics: Iterable[Topic]) -> list[str]:
    """One line a topic and language: where it is taught, where it is asked."""
    return [
        f"{topic.name} {lang}: taught {_named(topic.taught[lang])}; asked {_named(topic.asked[lang])}" for topic in topics for lang in LANGS
    ]


def _named(places: tuple[str, ...]) -> str:
    rest = len(places) - SHOWN
    return (", ".join(places[:SHOWN]) or "nowhere") + (f" and {rest} more" if rest > 0 else "")
