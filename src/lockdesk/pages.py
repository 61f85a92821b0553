"""The pages that are built from data and never written by hand: glossary, look-up page and cards, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from .cards import card_files, read_cards
from .doctrine import Doctrine
from .doctrine import doctrine as the_doctrine
from .errors import ContentError, Fault
from .glossary import Glossary, Term, faults_of, read_glossary
from .lessons import Notebook, text_of
from .lookup import Lookup, Row, found, read_lookup
from .text import LANGS, Lang, Text

Cell = tuple[str, str]
"""An id and Markdown."""

_GLOSSARY_TITLE: Final = Text(
    "# Glossary\n\nThe words of this course, by their first letter, with the Chinese term and the lesson that teaches each.\n"
    "Ctrl+F finds a word on this page.\n\nNot every desk says it the same way: your acquirer's own words come first.",
    "# 词汇表\n\n本课程的用语，按主题排列，附英文和讲到它的课。按 Ctrl+F 可在本页查找。\n\n各家叫法不尽相同，以贵司收单机构的用语为准。",
)
_GLOSSARY_HEAD: Final = Text(
    "| Term | 中文 | What it means | Lesson |\n|---|---|---|---|", "| 术语 | English | 含义 | 课程 |\n|---|---|---|---|"
)
_GLOSSARY_END: Final = Text(
    "## Where it comes from\n\n`docs/domain.md`, above all part G.\n"
    "What is known only from secondary sources says so; models and acquirers differ.\n\n"
    "[I have this on the line](lookup.ipynb) · [Front page](../start.ipynb)",
    "## 资料来源\n\n`docs/domain.md`，主要是 G 部分。只见于二手资料的，条目里已注明；各机型、各收单机构不尽相同。\n\n"
    "[来电速查](lookup.ipynb) · [首页](../start.ipynb)",
)
_LOOKUP_TITLE: Final = Text(
    "# I have this on the line\n\nAsk in this order and stop at the first yes.\n"
    "Read the line, do the first thing, promise nothing else.\n\n"
    "Before any of it: who is calling, and from which machine (merchant ID, terminal ID, serial number).\n"
    "A caller you cannot verify gets no change, whatever the screen says.",
    "# 来电速查\n\n按顺序问，第一个“是”就停下。看那一行，先做第一件事，别的不承诺。\n\n"
    "在此之前先问：来电的是谁，哪台机器（商户号、终端号、序列号）。核实不了来电人，不论屏幕显示什么，都不作改动。",
)
_LOOKUP_HEAD: Final = Text(
    "| On the line | It is | Who decides | First | Never |\n|---|---|---|---|---|",
    "| 电话里 | 属于 | 由谁决定 | 先做 | 绝不 |\n|---|---|---|---|---|",
)
_LOOKUP_END: Final = Text(
    "## While they wait\n\nPassword, PIN, one-time code, card number: nobody here asks for them, and nobody here says one.\n"
    "R0 to R7 are the ways to act, gentlest first; the first that fits is the one.\n"
    "Wording and order are this course's suggestion: your acquirer's procedure comes first.\n\n"
    "[The desk's card](card-desk.html) · [The merchant's card](card-merchant.html) · "
    "[Glossary](glossary.ipynb) · [Front page](../start.ipynb)",
    "## 对方等待的时候\n\n密码、交易密码、一次性密码、卡号：我们谁也不问，谁也不说。R0 到 R7 是处理方式，由轻到重，第一个合适的就是它。"
    "措辞和顺序是本课程的建议，以贵司收单机构的规程为准。\n\n"
    "[服务台卡片](card-desk.html) · [商户卡片](card-merchant.html) · [词汇表](glossary.ipynb) · [首页](../start.ipynb)",
)


def built(notebooks: Path) -> dict[Path, str]:
    """What each built page is, by its path. A course without the data of a page has no such page.

    Raises:
        ContentError: all that is wrong with the data.
    """
    doctrine = the_doctrine()
    faults: list[Fault] = []
    pages: dict[Path, str] = {}
    for name in _BUILDERS:
        path = notebooks / f"{name}.toml"
        if path.exists():
            try:
                pages |= {notebooks / place: text for place, text in _BUILDERS[name](path, doctrine)}
            except ContentError as error:
                faults += error.faults
    if faults:
        raise ContentError(faults)
    return pages


def _glossary(path: Path, doctrine: Doctrine) -> Iterator[tuple[str, str]]:
    glossary = read_glossary(path)
    if faults := list(faults_of(glossary, doctrine, f"notebooks/{path.name}")):
        raise ContentError(faults)
    cells = {"en": english_glossary(glossary), "zh": chinese_glossary(glossary)}
    for lang in LANGS:
        yield f"{lang}/glossary.ipynb", text_of(notebook("glossary", cells[lang]))


def _lookup(path: Path, doctrine: Doctrine) -> Iterator[tuple[str, str]]:
    lookup = read_lookup(path, doctrine)
    for lang in LANGS:
        yield f"{lang}/lookup.ipynb", text_of(notebook("lookup", lookup_cells(lookup, doctrine, lang)))


def _cards(path: Path, doctrine: Doctrine) -> Iterator[tuple[str, str]]:
    yield from card_files(read_cards(path), read_lookup(path.with_name("lookup.toml"), doctrine), doctrine).items()


_BUILDERS: Final = {"glossary": _glossary, "lookup": _lookup, "cards": _cards}


def notebook(stem: str, cells: list[Cell]) -> Notebook:
    """A page of prose as a notebook."""
    return {
        "cells": [
            {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source.splitlines(keepends=True)}
            for cell_id, source in cells
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "lockdesk": {"lesson": stem},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def english_glossary(glossary: Glossary) -> list[Cell]:
    """By first letter."""
    terms = sorted(glossary.terms, key=lambda term: term.term.en.casefold())
    letters = [
        (f"letter-{letter}", f"## {letter.upper()}\n\n{_table(list(group), 'en')}")
        for letter, group in groupby(terms, key=lambda term: term.term.en[0].casefold())
    ]
    return [("title", _GLOSSARY_TITLE.en), *letters, ("sources", _GLOSSARY_END.en)]


def chinese_glossary(glossary: Glossary) -> list[Cell]:
    """By theme, in the order of the file."""
    themes = [
        (f"theme-{theme.id}", f"## {theme.name}\n\n{_table([term for term in glossary.terms if term.theme == theme.id], 'zh')}")
        for theme in glossary.themes
    ]
    return [("title", _GLOSSARY_TITLE.zh), *themes, ("sources", _GLOSSARY_END.zh)]


def _table(terms: list[Term], lang: Lang) -> str:
    other: Lang = "zh" if lang == "en" else "en"
    rows = []
    for term in terms:
        meaning = term.meaning[lang] + (f" {term.note[lang]}" if term.note else "")
        rows.append(f"| {term.term[lang]} | {term.term[other]} | {meaning} | {_links(term.lessons)} |")
    return "\n".join([_GLOSSARY_HEAD[lang], *rows])


def _links(lessons: tuple[str, ...]) -> str:
    """The lessons by their numbers."""
    return " ".join(f"[{stem.split('-')[0]}]({stem}.ipynb)" for stem in lessons)


def lookup_cells(lookup: Lookup, doctrine: Doctrine, lang: Lang) -> list[Cell]:
    """A heading and a table for each question of triage."""
    steps = [
        (step.id, "\n".join([f"## {number}. {step.ask[lang]}\n\n{_LOOKUP_HEAD[lang]}", *(_row(row, doctrine, lang) for row in step.rows)]))
        for number, step in enumerate(lookup.steps, 1)
    ]
    return [("title", _LOOKUP_TITLE[lang]), *steps, ("while-they-wait", _LOOKUP_END[lang])]


def _row(row: Row, doctrine: Doctrine, lang: Lang) -> str:
    what = found(row, doctrine)
    name = f"{what.mark} {what.name[lang]}".strip()
    ways = f"→ {', '.join(what.options) if lang == 'en' else '、'.join(what.options)}" if what.options else ""
    taught = f"Lesson {_links(row.lessons)}" if lang == "en" else f"第 {_links(row.lessons)} 课"
    cells = [
        f"{row.says[lang]}<br>{what.sign[lang]}",
        "<br>".join(filter(None, [name, ways, taught])),
        what.decides[lang],
        row.first[lang],
        row.never[lang],
    ]
    return f"| {' | '.join(cells)} |"
