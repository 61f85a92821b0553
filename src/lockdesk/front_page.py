"""The front page's table: every lesson in both languages, and how far the learner is."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from . import __version__
from .answers import AnswerLog, Entry
from .bank import QuestionFile, read_questions
from .errors import ContentError, NotSaved
from .place import LOG, here
from .practice import Standing, calls, tasks
from .questions import Written
from .scoring import score
from .text import HTML_LANG, LANG_NAMES, LANGS, Lang, word

if TYPE_CHECKING:
    from .published import Published


class Practice(msgspec.Struct, frozen=True):
    """A page of exercises beside the lessons: its name, how many there are, and how far the learner is."""

    page: str
    count: int
    reached: Standing | None


def spoken(reached: Standing, lang: Lang) -> str:
    """Not started, started or done, with numbers."""
    if not reached.answered:
        return word("not-started", lang)
    return word("done" if reached.done == reached.all else "started", lang, done=reached.done, all=reached.all)


def standing(file: QuestionFile, entries: Iterable[Entry]) -> Standing:
    """A question is done once it has been answered right; a written one once something has been written."""
    answered: set[str] = set()
    done: set[str] = set()
    for entry in entries:
        question = file.questions.get(entry.q)
        if question is None or entry.edition != file.edition:
            continue
        answered.add(entry.q)
        verdict = score(question, entry.answer).verdict
        if verdict == "right" or (isinstance(question, Written) and verdict == "by-hand" and entry.answer):
            done.add(entry.q)
    return Standing(len(answered), len(done), len(file.questions))


class FrontPage:
    """The table as HTML; `standings` is None where nobody's progress is to be shown."""

    def __init__(
        self,
        lessons: list[tuple[QuestionFile, Standing | None]],
        trouble: list[str],
        fetched: Iterable[tuple[Published, int]] = (),
        practice: Iterable[Practice] = (),
    ) -> None:
        self._lessons = lessons
        self._trouble = trouble
        self._fetched = list(fetched)
        self._practice = list(practice)

    def __repr__(self) -> str:
        lessons = [f"{file.path.stem}  {file.lesson.title.en}  {file.lesson.title.zh}" for file, _ in self._lessons]
        practice = [f"{one.page}  {word(one.page, 'en')}  {word(one.page, 'zh')}" for one in self._practice]
        return "\n".join(lessons + practice)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col" {_LEFT} lang="{HTML_LANG[lang]}">{LANG_NAMES[lang]}</th>' for lang in LANGS)
        rows = "".join(self._row(file, standing) for file, standing in self._lessons)
        trouble = "".join(f'<p role="alert" style="color:var(--jp-error-color0,#b3261e)">{escape(line)}</p>' for line in self._trouble)
        return (
            f'<table class="lockdesk-lessons"><thead><tr><th scope="col" {_LEFT}>#</th>{head}'
            f'<th scope="col" {_LEFT}>{_both("progress")}</th></tr></thead><tbody>{rows}</tbody></table>'
            f"{self._exercises()}{self._assignments()}{trouble}<p>{_both('version', version=__version__)}</p>"
        )

    def _exercises(self) -> str:
        """The calls and the tasks, in both languages, and how far the learner is; "" where there are none."""
        if not self._practice:
            return ""
        head = "".join(f'<th scope="col" {_LEFT} lang="{HTML_LANG[lang]}">{word("practice", lang)}</th>' for lang in LANGS)
        rows = "".join(self._exercise(one) for one in self._practice)
        return (
            f'<table class="lockdesk-practice"><thead><tr>{head}<th scope="col" {_LEFT}>{_both("progress")}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _exercise(self, practice: Practice) -> str:
        titles = "".join(
            f'<td {_LEFT} lang="{HTML_LANG[lang]}"><a href="{lang}/{practice.page}.ipynb">{word(practice.page, lang)}</a>'
            f"<br>{word(f'{practice.page}-count', lang, count=practice.count)}</td>"
            for lang in LANGS
        )
        return f"<tr>{titles}<td {_LEFT}>{_state(practice.reached)}</td></tr>"

    def _assignments(self) -> str:
        """The graded assignments the learner has fetched, and how far they are in each; "" where there is none."""
        if not self._fetched:
            return ""
        rows = "".join(self._assignment(published, recorded) for published, recorded in self._fetched)
        return (
            f'<table class="lockdesk-assignments"><thead><tr><th scope="col" {_LEFT}>{_both("assignment")}</th>'
            f'<th scope="col" {_LEFT}>{_both("progress")}</th></tr></thead><tbody>{rows}</tbody></table>'
        )

    def _assignment(self, published: Published, recorded: int) -> str:
        name = escape(published.assignment)
        title = "<br>".join(f'<span lang="{HTML_LANG[lang]}">{escape(published.title[lang])}</span>' for lang in LANGS)
        state = "<br>".join(
            f'<span lang="{HTML_LANG[lang]}">{word("recorded-of", lang, done=recorded, all=len(published.ids))}</span>' for lang in LANGS
        )
        return f'<tr><td {_LEFT}><a href="../work/{name}/{name}.ipynb">{title}</a></td><td {_LEFT}>{state}</td></tr>'

    def _row(self, file: QuestionFile, reached: Standing | None) -> str:
        number = file.path.stem.split("-")[0]
        titles = "".join(
            f'<td {_LEFT} lang="{HTML_LANG[lang]}"><a href="{lang}/{escape(file.path.stem)}.ipynb">{escape(file.lesson.title[lang])}</a>'
            f"<br>{word('minutes', lang, count=file.lesson.minutes)}</td>"
            for lang in LANGS
        )
        return f"<tr><td {_LEFT}>{number}</td>{titles}<td {_LEFT}>{_state(reached)}</td></tr>"


_LEFT = 'style="text-align:left;vertical-align:top"'


def _state(reached: Standing | None) -> str:
    return "<br>".join(f'<span lang="{HTML_LANG[lang]}">{spoken(reached, lang)}</span>' for lang in LANGS) if reached else ""


def _both(name: str, **values: object) -> str:
    return " · ".join(f'<span lang="{HTML_LANG[lang]}">{escape(word(name, lang, **values))}</span>' for lang in LANGS)


def progress() -> FrontPage:
    """The front page for this learner. A faulty lesson or record is named below the table; the rest is shown."""
    place = here()
    folder = place.questions or Path("questions")
    trouble: list[str] = []
    entries: tuple[Entry, ...] | None = ()
    try:
        entries = AnswerLog(place.log).read().entries if place.log else ()
    except NotSaved as refusal:
        entries = None
        trouble += [word(f"unreadable-{refusal.reason}", lang, detail=refusal.detail) for lang in LANGS]
    lessons, faults = lessons_in(folder)
    fetched, unusable = assignments_in(folder.parent.parent / "work")
    standings = [(file, None if entries is None else standing(file, entries)) for file in lessons]
    practice = practice_in(folder.parent, entries, faults)
    return FrontPage(standings, trouble + faults + unusable, fetched, practice)


def practice_in(notebooks: Path, entries: Iterable[Entry] | None, faults: list[str]) -> list[Practice]:
    """The pages of calls and of tasks, where there are any; without `entries` nobody's progress is to be shown."""
    found = []
    for page, folder, count in (("desk", notebooks / "cases", calls), ("terminal", notebooks / "tasks", tasks)):
        number = len(list(folder.glob("*.toml")))
        if number and all((notebooks / lang / f"{page}.ipynb").exists() for lang in LANGS):
            found.append(Practice(page, number, None if entries is None else count(folder, entries, faults)))
    return found


def assignments_in(work: Path) -> tuple[list[tuple[Published, int]], list[str]]:
    """The assignments fetched to `work`, each with how much of it is recorded, and what cannot be read."""
    fetched: list[tuple[Published, int]] = []
    faults: list[str] = []
    paths = sorted(work.glob("*/questions.json"))
    if paths:
        from .published import read_published, recorded_in  # here, for a front page without an assignment must not wait for it
    for path in paths:
        try:
            published = read_published(path.parent)
            recorded = recorded_in(published, AnswerLog(path.parent / LOG).read().entries)
        except ContentError as error:
            faults += map(str, error.faults)
        except NotSaved as refusal:
            faults += [word(f"unreadable-{refusal.reason}", lang, detail=refusal.detail) for lang in LANGS]
        else:
            fetched.append((published, len(recorded)))
    return fetched, faults


def lessons_in(folder: Path) -> tuple[list[QuestionFile], list[str]]:
    """The lessons of a folder of question files, and what is wrong with those that cannot be read."""
    lessons: list[QuestionFile] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            lessons.append(read_questions(path))
        except ContentError as error:
            faults += map(str, error.faults)
    return lessons, faults
