"""The words of the course: its terms in both languages, and words it does not use. Written down once, in notebooks/glossary.toml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import field

from .bank import read_toml, spoken
from .doctrine import Doctrine
from .errors import Fault
from .text import LANGS, Lang, Text, Word
from .typed import convert

PART: Final = " / "
"""Stands between several ways to say one thing."""
_QUOTED = re.compile("“[^”]*”")
_COMMON = {"password", "code", "terminal", "device", "lock"}


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Theme(_Value, frozen=True, kw_only=True):
    """A heading of the Chinese page; the English one goes by letter."""

    id: Word
    name: Word


class Term(_Value, frozen=True, kw_only=True):
    """One entry. `mark`: the doctrine's mark for the same thing; `lessons`: where it is taught."""

    term: Text
    meaning: Text
    theme: Word
    lessons: tuple[Word, ...]
    source: Word
    mark: str = ""
    note: Text | None = None

    def ways(self, lang: Lang) -> list[str]:
        """The ways to say it."""
        return self.term[lang].split(PART)


class Avoid(_Value, frozen=True, kw_only=True):
    """Words that only somebody who is quoted may say, what to say instead, and why. `allowed`: innocent phrases that hold one."""

    words: tuple[Word, ...]
    use: Word
    why: Word
    allowed: tuple[Word, ...] = ()


class Glossary(_Value, frozen=True, kw_only=True):
    """All of it, in the order of the file."""

    themes: tuple[Theme, ...] = field(name="theme")
    terms: tuple[Term, ...] = field(name="term")
    avoid: tuple[Avoid, ...] = ()


def read_glossary(path: Path) -> Glossary:
    """The glossary at `path`.

    Raises:
        ContentError: it cannot be read as one.
    """
    where = spoken(path)
    return convert(read_toml(path, where), Glossary, where)


def faults_of(glossary: Glossary, doctrine: Doctrine, where: str) -> Iterator[Fault]:
    """What makes a glossary contradict itself or the doctrine."""
    for lang in LANGS:
        for way, times in Counter(way.casefold() for term in glossary.terms for way in term.ways(lang)).items():
            if times > 1:
                yield Fault(f"{where}, term {way!r}", f"stands {times} times ({lang}); wanted: one entry for one thing.")
    themes = Counter(theme.id for theme in glossary.themes)
    used = {term.theme for term in glossary.terms}
    for name, times in themes.items():
        if times > 1 or name not in used:
            yield Fault(f"{where}, theme {name!r}", f"stands {times} times; wanted: once, with a term below it.")
    names = names_of(doctrine)
    for term in glossary.terms:
        at = f"{where}, term {term.term.en!r}"
        if term.theme not in themes:
            yield Fault(f"{at}, theme", f"{term.theme!r} is none of {', '.join(themes)}.")
        if not term.lessons:
            yield Fault(f"{at}, lessons", "is empty; wanted: the lesson that teaches it.")
        if term.mark and term.mark not in names:
            yield Fault(f"{at}, mark", f"the doctrine has no {term.mark!r}.")
        for mark, called in names.items():
            if _is_same(term, called) or mark == term.mark:
                yield from _name_faults(at, term, mark, called)


def names_of(doctrine: Doctrine) -> dict[str, Text]:
    """Every name of the doctrine by its mark."""
    rows = (
        *(doctrine.classes + doctrine.options + doctrine.gates),
        *(doctrine.levels + doctrine.checklist + doctrine.risks + doctrine.roles),
    )
    return {row.mark: row.name for row in rows}


def _is_same(term: Term, name: Text) -> bool:
    return any(name[lang].casefold() in map(str.casefold, term.ways(lang)) for lang in LANGS)


def _name_faults(at: str, term: Term, mark: str, name: Text) -> Iterator[Fault]:
    """Where term and doctrine mean one thing, the doctrine's name holds the term's characters, or shares a telling English word."""
    if not any(_runs_through(way, name.zh) for way in term.ways("zh")):
        yield Fault(f"{at}, term.zh", f"is {term.term.zh!r}, but {mark} of the doctrine is {name.zh!r}.")
    if not any(_words(way) & _words(name.en) for way in term.ways("en")):
        yield Fault(f"{at}, term.en", f"is {term.term.en!r}, but {mark} of the doctrine is {name.en!r}.")


def _runs_through(way: str, name: str) -> bool:
    """Whether the characters of `way` stand in `name` in this order."""
    rest = iter(name)
    return all(character in rest for character in re.sub("（.*?）", "", way))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{3,}", text.casefold()) if word not in _COMMON}


def avoided_in(text: str, glossary: Glossary) -> Iterator[tuple[str, Avoid]]:
    """The words of `text` that the course does not use. What stands between “ and ” is somebody's own and free."""
    plain = _QUOTED.sub("“”", text)
    for avoid in glossary.avoid:
        free = plain
        for phrase in avoid.allowed:
            free = re.sub(re.escape(phrase), "", free, flags=re.IGNORECASE)
        for word in avoid.words:
            if found := re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", free, re.IGNORECASE):
                yield found.group(), avoid
