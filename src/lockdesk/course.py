"""The whole course as a folder: everything `lockdesk check` looks at, in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from . import coverage, guessing, lint, proofs
from . import doctrine as doctrine_module
from .bank import QuestionFile, read_all, read_questions, spoken
from .cases import Case, catalogue
from .cases.reading import read_case, read_cases
from .cases.speech import phrases
from .errors import ContentError, Fault
from .front_page import FrontPage, lessons_in, practice_in
from .glossary import read_glossary
from .grading.assess import refuse_answers
from .grading.cells import cell_faults, stray_faults
from .key import CASES, TASKS, Key, read_key
from .lessons import (
    Notebook,
    Tasks,
    confirm_translation,
    faults_in,
    lang_of,
    read_notebook,
    source_of,
    twin_faults,
    with_stored_outputs,
    write_notebook,
)
from .pages import built
from .practice import Standing
from .replay.reading import read_tasks
from .replay.sheet import sheet
from .replay.task import Task
from .terminal import words as terminal_words
from .text import LANGS, WORDS

PACKAGE_WORDS: Final[dict[str, Callable[[], object]]] = {
    "src/lockdesk/text.py": lambda: WORDS,
    "src/lockdesk/terminal/words.py": lambda: terminal_words.WORDS,
    "src/lockdesk/cases/catalogue.toml": catalogue,
    "src/lockdesk/cases/phrases.toml": phrases,
    "src/lockdesk/replay/sheet.toml": sheet,
}
"""Where the package's own words stand, besides the doctrine, and how they are read."""


_ADDRESS: Final = re.compile(r"https?://[^\s)>\"'|]+")
_LISTED: Final = re.compile(r"^\| (https?://\S+) \| \d{4}-\d{2}-\d{2} \|", re.MULTILINE)


class Course(msgspec.Struct, frozen=True):
    """A checkout of the course, by its folder."""

    folder: Path

    @property
    def notebooks(self) -> Path:
        return self.folder / "notebooks"

    @property
    def questions(self) -> Path:
        return self.notebooks / "questions"

    @property
    def tasks(self) -> Path:
        return self.notebooks / "tasks"

    def assignments(self) -> list[Path]:
        """The folder of every graded assignment, by name."""
        return [path for path in sorted((self.folder / "source").glob("*")) if path.is_dir()]

    def case_folders(self) -> list[Path]:
        """The folders that hold cases: the practice cases first, then each assignment's."""
        folders = [self.notebooks / "cases", *(path / "cases" for path in self.assignments())]
        return [path for path in folders if path.is_dir()]

    def cases(self) -> list[Case]:
        """Every case of the course, practice and graded.

        Raises:
            ContentError: some of them cannot be read.
        """
        return [case for folder in self.case_folders() for case in read_cases(folder).values()]

    def lessons(self) -> list[Path]:
        """Every notebook of the course: the front page, then each language's, by name."""
        return [path for folder in (".", *LANGS) for path in sorted((self.notebooks / folder).glob("*.ipynb"))]

    def question_file(self, lesson: str) -> QuestionFile | None:
        """The questions of a lesson; None where it has none that can be read."""
        path = self.questions / f"{lesson}.toml"
        try:
            return read_questions(path) if path.exists() else None
        except ContentError:
            return None

    def readable_tasks(self) -> Tasks:
        """The tasks on the terminal, none if one cannot be read, and the practice cases that can."""
        found: Tasks = {}
        with suppress(ContentError):
            found |= read_tasks(self.tasks)
        for path in sorted((self.notebooks / "cases").glob("*.toml")):
            with suppress(ContentError):
                found[path.stem] = read_case(path)
        return found

    def pages(self) -> dict[Path, str]:
        """What each page built from data is, by its path; none if the data cannot be used."""
        with suppress(ContentError):
            return built(self.notebooks)
        return {}

    def front(self) -> FrontPage:
        """The front page as it is stored: lessons without anybody's progress."""
        lessons: list[tuple[QuestionFile, Standing | None]] = [(file, None) for file in lessons_in(self.questions)[0]]
        return FrontPage(lessons, [], practice=practice_in(self.notebooks, None, []))


class Report(msgspec.Struct, frozen=True):
    """What a check found: a line a question file and a case, and every fault."""

    summary: tuple[str, ...]
    faults: tuple[Fault, ...]


def check(course: Course) -> Report:
    """Every lint on doctrine, words, questions, lessons and twins, and what each case must prove; all faults at once."""
    faults: list[Fault] = []
    try:
        doctrine_module.check(doctrine_module.doctrine())
        faults += lint.text_faults(doctrine_module.doctrine(), "src/lockdesk/doctrine.toml")
    except ContentError as error:
        faults += error.faults
    faults += _word_faults()
    files: dict[str, QuestionFile] = {}
    try:
        files = {file.path.stem: file for file in read_all(course.questions)}
    except ContentError as error:
        faults += error.faults
        files = {file.path.stem: file for file in lessons_in(course.questions)[0]}
    sections = lint.sections_of(course.folder / "docs" / "domain.md")
    for name, file in files.items():
        faults += lint.faults_in(file, f"notebooks/questions/{name}.toml", sections)
    tasks: dict[str, Task] = {}
    try:
        tasks = read_tasks(course.tasks)
    except ContentError as error:
        faults += error.faults
    faults += _task_faults(tasks, "notebooks/tasks", sections)
    faults += guessing.faults_in(practice_habits(files.values()), "notebooks/questions")
    faults += _notebook_faults(course, files, course.readable_tasks())
    faults += _page_faults(course)
    graded: dict[str, Key] = {}
    for folder in course.assignments():
        try:
            graded[folder.name] = _assignment(course, folder.name, sections, faults)
        except ContentError as error:
            faults += error.faults
    lines, cases = _cases(course, sections, faults)
    faults += _words_avoided(course, {**files, **graded}, tasks, cases)
    asked = [(name, file.path, "question") for file in (*files.values(), *graded.values()) for name in file.questions]
    called = [(case.id, path, "case") for path, case in cases.items()]
    folders = {course.tasks: tasks, **{key.path.with_name(TASKS): key.tasks for key in graded.values()}}
    named = [(name, folder / f"{name}.toml", "task") for folder, found in folders.items() for name in found]
    faults += _ids_used_twice([*asked, *called, *named])
    return Report((*(_summary(name, file) for name, file in (files | graded).items()), *lines), tuple(dict.fromkeys(faults)))


def practice_habits(files: Iterable[QuestionFile]) -> list[guessing.Earned]:
    """What habits earn over all practice questions."""
    return list(guessing.earned(question for file in files for question in file.questions.values()))


def covered(course: Course) -> list[coverage.Topic]:
    """Where every mark of the doctrine and every statement of the article is taught and asked.

    Raises:
        ContentError: a question file or a lesson cannot be read.
    """
    files = {file.path.stem: file for file in read_all(course.questions)}
    paths = {(name, lang): course.notebooks / lang / f"{name}.ipynb" for name in files for lang in LANGS}
    notebooks = {key: read_notebook(path) for key, path in paths.items()}
    return coverage.coverage(coverage.topics_of(doctrine_module.doctrine()), files, notebooks)


def _word_faults() -> Iterator[Fault]:
    """Faults of wording in what the package itself says."""
    for where, read in PACKAGE_WORDS.items():
        try:
            yield from lint.text_faults(read(), where)
        except ContentError as error:
            yield from error.faults


def _cases(course: Course, sections: frozenset[str], faults: list[Fault]) -> tuple[list[str], dict[Path, Case]]:
    """A line a case, and the cases by their files; what they fail to prove is added to `faults`."""
    lines: list[str] = []
    found: dict[Path, Case] = {}
    folders = course.case_folders()
    for folder in folders:
        try:
            cases = read_cases(folder)
        except ContentError as error:
            faults += error.faults
            continue
        summary, wrong = proofs.check_cases(list(cases.values()), spoken(folder), sections)
        lines += summary
        faults += wrong
        found |= {folder / f"{case.id}.toml": case for case in cases.values()}
    if any(folder.parent != course.notebooks for folder in folders):
        faults += proofs.twin_faults(found.values(), "notebooks/cases, source/*/cases")
    return lines, found


def _assignment(course: Course, name: str, sections: frozenset[str], faults: list[Fault]) -> Key:
    """The key of an assignment; what is wrong with it is added to `faults`, but for what its cases must prove.

    Raises:
        ContentError: they cannot be read.
    """
    try:
        refuse_answers(course.folder, name)
    except ContentError as error:
        faults += error.faults
    faults += stray_faults(course.folder, name)
    key = read_key(course.folder / "source" / name)
    played: list[Case | Task] = [*key.cases.values(), *key.tasks.values()]
    faults += lint.faults_in(key, f"source/{name}/questions.toml", sections, [one.objective for one in played])
    faults += lint.order_faults(key, f"source/{name}/questions.toml")
    objectives = [objective.id for objective in key.lesson.objectives]
    for one in played:
        if one.objective not in objectives:
            what = f"{one.objective!r} is none of source/{name}/questions.toml ({', '.join(objectives)})."
            faults.append(Fault(f"source/{name}/{CASES if one.id in key.cases else TASKS}/{one.id}.toml, objective", what))
    faults += _task_faults(key.tasks, f"source/{name}/{TASKS}", sections)
    notebook = read_notebook(course.folder / "source" / name / f"{name}.ipynb")
    faults += cell_faults(f"source/{name}/{name}.ipynb", notebook, key, name)
    return key


def _ids_used_twice(named: Iterable[tuple[str, Path, str]]) -> Iterator[Fault]:
    """An id serves one question, case or task in the whole course: practice and graded answers may lie in one record."""
    first: dict[str, Path] = {}
    for name, path, kind in named:
        other = first.setdefault(name, path)
        if other != path:
            yield Fault(f"{spoken(path)}, {kind} '{name}'", f"{spoken(other)} has this id too; wanted: once in the course.")


def _summary(name: str, file: QuestionFile) -> str:
    odds = lint.odds(file)
    return f"{name}: {len(file.questions)} questions, guessing earns {odds.guess:.0%}, ticking everything {odds.select_all:.0%}"


def _task_faults(tasks: dict[str, Task], folder: str, sections: frozenset[str]) -> Iterator[Fault]:
    """Faults of wording, and sources that are none."""
    for task in tasks.values():
        where = f"{folder}/{task.id}.toml"
        yield from lint.text_faults(task, where)
        for source in (task.source, *(check.source for check in task.checks)):
            if (name := source.removeprefix("domain ").split(" ")[0]) not in sections:
                yield Fault(f"{where}, source", f"{source!r}: docs/domain.md has no section {name!r}.")


def _notebook_faults(course: Course, files: dict[str, QuestionFile], tasks: Tasks) -> Iterator[Fault]:
    read: dict[Path, Notebook] = {}
    for path in course.lessons():
        try:
            read[path] = read_notebook(path)
        except ContentError as error:
            yield from error.faults
            continue
        front = course.front() if path.parent == course.notebooks else None
        yield from faults_in(path, read[path], files.get(path.stem), front, tasks)
        yield from coverage.claim_faults(spoken(path), read[path])
    yield from _link_faults(course, read)
    names = {path.name for path in course.lessons() if path.parent != course.notebooks}
    pages = {path.name for path in course.pages()}  # their twin is their data
    for name in sorted(names):
        en, zh = (course.notebooks / lang / name for lang in LANGS)
        if not (en.exists() and zh.exists()):
            yield Fault(f"notebooks/{{en,zh}}/{name}", f"only {'en' if en.exists() else 'zh'} exists; wanted: twins.")
        elif en in read and zh in read and name not in pages:
            yield from twin_faults(f"notebooks/zh/{name}", read[en], read[zh])
    for name in files:
        if f"{name}.ipynb" not in names:
            yield Fault(f"notebooks/questions/{name}.toml", f"no lesson notebooks/en/{name}.ipynb asks these questions.")


def _link_faults(course: Course, notebooks: Mapping[Path, Notebook]) -> Iterator[Fault]:
    """Links that leave the course must stand in docs/links.md, with the day on which somebody read what is there."""
    listed = course.folder / "docs" / "links.md"
    known = set(_LISTED.findall(listed.read_text(encoding="utf-8"))) if listed.exists() else set()
    for path, notebook in notebooks.items():
        for cell in notebook["cells"]:
            for address in _ADDRESS.findall(source_of(cell)):
                if address not in known:
                    yield Fault(
                        f"{spoken(path)}, cell '{cell.get('id')}'",
                        f"links to {address}, which docs/links.md does not list. Read it, then add `| {address} | YYYY-MM-DD |` there.",
                    )


def _words_avoided(
    course: Course, files: Mapping[str, QuestionFile | Key], tasks: dict[str, Task], cases: dict[Path, Case]
) -> Iterator[Fault]:
    """Words that the glossary keeps out of the course, wherever somebody may read them."""
    try:
        glossary = read_glossary(course.notebooks / "glossary.toml")
    except ContentError:  # there is none, or its faults are told with the pages
        return
    read: dict[str, object] = {spoken(file.path): file for file in files.values()}
    read |= {f"notebooks/tasks/{name}.toml": task for name, task in tasks.items()}
    read |= {spoken(path): case for path, case in cases.items()}
    read["src/lockdesk/doctrine.toml"] = doctrine_module.doctrine()
    for where, words in PACKAGE_WORDS.items():
        with suppress(ContentError):
            read[where] = words()
    for where, value in read.items():
        yield from lint.word_faults(value, where, glossary)
    for path in [*course.lessons(), *(folder / f"{folder.name}.ipynb" for folder in course.assignments())]:
        with suppress(ContentError):
            for cell in read_notebook(path)["cells"]:
                if cell["cell_type"] == "markdown":
                    yield from lint.prose_faults(source_of(cell), f"{spoken(path)}, cell '{cell.get('id')}'", glossary)


def _page_faults(course: Course) -> Iterator[Fault]:
    """Pages that are not what their data give."""
    try:
        pages = built(course.notebooks)
    except ContentError as error:
        yield from error.faults
        return
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield Fault(spoken(path), "is not what its data give. Run `make lessons`; this page is never written by hand.")


def store_outputs(course: Course) -> Iterator[Path]:
    """Build the pages that come from data, rewrite what the notebooks store, and name the files that changed.

    Raises:
        ContentError: the questions or the data cannot be read.
    """
    for page, text in built(course.notebooks).items():
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            yield page
    files = {file.path.stem: file for file in read_all(course.questions)}
    tasks: Tasks = {**read_tasks(course.tasks), **read_cases(course.notebooks / "cases")}
    for path in course.lessons():
        notebook = read_notebook(path)
        file = files.get(path.stem)
        front = course.front() if path.parent == course.notebooks else None
        stored = with_stored_outputs(notebook, lang_of(path), file.questions if file else {}, front, tasks)
        if stored != notebook:
            write_notebook(path, stored)
            yield path


def confirm_translations(course: Course, cells: Iterable[str]) -> list[str]:
    """Mark the named cells of the Chinese lessons as up to date; the names that no lesson has."""
    missing = []
    for cell in cells:
        lesson, _, cell_id = cell.rpartition("/")
        lessons = sorted((course.notebooks / "en").glob(f"{lesson or '*'}.ipynb"))
        if not sum(_confirm(en, cell_id) for en in lessons):
            missing.append(cell)
    return missing


def _confirm(en: Path, cell_id: str) -> bool:
    zh = en.parent.parent / "zh" / en.name
    if not zh.exists():
        return False
    before = read_notebook(zh)
    after, found = confirm_translation(read_notebook(en), before, [cell_id])
    if after != before:
        write_notebook(zh, after)
    return bool(found)
