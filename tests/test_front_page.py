from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from builders import EDITION, LESSON, REPOSITORY, entry, model_answer, multi, question_file, single, written, wrong_answer
from lockdesk import __version__, progress
from lockdesk.answers import AnswerLog, Entry
from lockdesk.bank import QuestionFile, read_questions
from lockdesk.front_page import FrontPage, Practice, lessons_in, practice_in, spoken, standing
from lockdesk.lessons import read_notebook, source_of
from lockdesk.practice import Standing, calls, tasks
from lockdesk.replay.reading import read_task
from lockdesk.text import LANGS, Lang, word

THREE = (single(), multi(), written())


class Seen(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def links(self) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]


@pytest.fixture
def file(tmp_path: Path) -> QuestionFile:
    return read_questions(question_file(tmp_path / "notebooks/questions", *THREE))


def right(question_id: str = "who-calls") -> Entry:
    question = next(question for question in THREE if question.id == question_id)
    return entry(question_id, model_answer(question))


def wrong(question_id: str = "who-calls") -> Entry:
    question = next(question for question in THREE if question.id == question_id)
    return entry(question_id, wrong_answer(question))


@pytest.mark.parametrize(
    ("entries", "answered", "done"),
    [
        ([], 0, 0),
        ([right()], 1, 1),
        ([wrong()], 1, 0),
        ([wrong(), right()], 1, 1),
        ([right(), wrong()], 1, 1),
        ([right(), right()], 1, 1),
        ([right(), right("which-signs")], 2, 2),
        ([entry("which-signs", ["beta"])], 1, 0),
        ([entry("say-it", "Something.")], 1, 1),
        ([entry("say-it", "")], 1, 0),
        ([entry("who-calls", 7)], 1, 0),
        ([entry("no-such-question")], 0, 0),
        ([entry("who-calls", edition="2020-01")], 0, 0),
    ],
)
def test_how_far_a_learner_is(file: QuestionFile, entries: list[Entry], answered: int, done: int) -> None:
    assert standing(file, entries) == Standing(answered, done, 3)


@pytest.mark.parametrize(
    ("reached", "lang", "said"),
    [
        (Standing(0, 0, 3), "en", "Not started"),
        (Standing(2, 1, 3), "en", "Started: 1 of 3"),
        (Standing(1, 0, 3), "zh", "进行中：0/3"),
        (Standing(3, 3, 3), "en", "Done: 3 of 3"),
        (Standing(3, 3, 3), "zh", "已完成：3/3"),
    ],
)
def test_a_standing_is_spoken_with_numbers(reached: Standing, lang: Lang, said: str) -> None:
    assert spoken(reached, lang) == said


def test_each_lesson_is_linked_in_both_languages(file: QuestionFile) -> None:
    page = Seen(FrontPage([(file, None)], [])._repr_html_())

    assert page.links == ["en/01-small.ipynb", "zh/01-small.ipynb"]
    assert {LESSON["title"]["en"], LESSON["title"]["zh"], "5 min", "5 分钟"} <= set(page.words)


def test_words_of_each_language_say_so_to_a_screen_reader(file: QuestionFile) -> None:
    page = FrontPage([(file, Standing(1, 1, 3))], [])._repr_html_()

    assert '<span lang="en">Started: 1 of 3</span>' in page
    assert '<span lang="zh-CN">进行中：1/3</span>' in page


def test_where_nobody_learns_no_standing_is_shown(file: QuestionFile) -> None:
    page = FrontPage([(file, None)], [])._repr_html_()

    assert "Not started" not in page


def test_the_page_names_its_edition_once_in_each_language() -> None:
    words = "".join(Seen(FrontPage([], [])._repr_html_()).words)

    assert words.count(__version__) == 2


def test_titles_and_troubles_are_words_and_never_markup(tmp_path: Path) -> None:
    lesson = LESSON | {"title": {"en": "<script>alert(1)</script>", "zh": "<b>粗</b> & 细"}}
    file = read_questions(question_file(tmp_path, single(), lesson=lesson))

    page = Seen(FrontPage([(file, None)], ["<img src=x>"])._repr_html_())

    assert not {"script", "b", "img"} & {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in "".join(page.words)
    assert "<img src=x>" in page.words


def test_the_plain_page_lists_the_lessons_in_two_languages(file: QuestionFile) -> None:
    assert repr(FrontPage([(file, None)], [])).splitlines() == ["01-small  A small lesson  小小一课"]


def test_a_faulty_lesson_is_named_and_the_others_are_shown(tmp_path: Path) -> None:
    question_file(tmp_path, single(right="nobody"), name="01-bad")
    question_file(tmp_path, single(), name="02-good")

    lessons, faults = lessons_in(tmp_path)

    assert [file.path.stem for file in lessons] == ["02-good"]
    assert len(faults) == 1
    assert "01-bad.toml" in faults[0]


def test_progress_shows_what_this_learner_has_done(kernel: Callable[..., Path]) -> None:
    questions = kernel(*THREE)
    log = AnswerLog(questions.parent / "answers.jsonl")
    log.append(right())
    log.append(wrong("which-signs"))

    page = progress()._repr_html_()

    assert "Started: 1 of 3" in page
    assert 'role="alert"' not in page


def test_progress_before_the_first_answer_says_not_started(kernel: Callable[..., Path]) -> None:
    kernel(*THREE)

    assert "Not started" in progress()._repr_html_()


def test_progress_with_a_record_that_is_not_ours_says_so_in_both_languages_and_lists_the_lessons(kernel: Callable[..., Path]) -> None:
    questions = kernel(*THREE)
    record = questions.parent / "answers.jsonl"
    record.write_text("my notes\n")

    page = Seen(progress()._repr_html_())
    alerts = [attributes for _, attributes in page.tags if attributes.get("role") == "alert"]
    words = "".join(page.words)

    assert len(alerts) == 2
    assert page.links == ["en/01-small.ipynb", "zh/01-small.ipynb"]
    assert words.count(str(record)) == 2
    assert "Not started" not in words
    assert record.read_text() == "my notes\n"


def test_progress_with_a_record_of_a_newer_edition_says_so(kernel: Callable[..., Path]) -> None:
    questions = kernel(*THREE)
    (questions.parent / "answers.jsonl").write_text('{"v":2,"x":1}\n')

    assert "newer edition" in progress()._repr_html_()


def test_progress_names_a_faulty_lesson_below_the_table(kernel: Callable[..., Path]) -> None:
    questions = kernel(*THREE)
    question_file(questions, single(right="nobody"), name="02-bad")

    page = Seen(progress()._repr_html_())

    assert "en/01-small.ipynb" in page.links
    assert "02-bad.toml" in "".join(page.words)


def test_progress_outside_the_course_shows_an_empty_table(tmp_path: Path, kernel: Callable[..., Path]) -> None:
    kernel(lang="en")

    assert Seen(progress()._repr_html_()).links == []


def test_an_answer_to_the_present_edition_is_needed(file: QuestionFile) -> None:
    assert file.edition == EDITION
    assert standing(file, [entry(edition=EDITION)]).answered == 1


# ---- calls and tasks

CASE, TASK = "thirty-slips", "full-journal"
TICKET = {"act": "ticket", "ticket": {"lock": "L12"}}


@pytest.fixture
def notebooks(kernel: Callable[..., Path]) -> Path:
    """A course of one lesson, all calls and all tasks."""
    top = kernel(*THREE).parent
    for folder in ("cases", "tasks"):
        shutil.copytree(REPOSITORY / "notebooks" / folder, top / folder)
    for lang in LANGS:
        (top / lang).mkdir(exist_ok=True)
        for page in ("desk", "terminal"):
            (top / lang / f"{page}.ipynb").touch()
    return top


def solved() -> list[Entry]:
    """What the record holds of a task that was solved."""
    task = read_task(REPOSITORY / "notebooks/tasks" / f"{TASK}.toml")
    return [entry(TASK, answer, variant="v00") for answer in msgspec.to_builtins(task.solution)]


STARTED_AGAIN, SWITCHED_OFF = entry(TASK, {"start": 2}, variant="v00"), entry(TASK, {"do": "restart"}, variant="v00")


@pytest.mark.parametrize(
    ("entries", "begun", "done"),
    [
        ([], 0, 0),
        ([entry(CASE, {"act": "ask-who"})], 1, 0),
        ([entry(CASE, TICKET)], 1, 1),
        ([entry(CASE, TICKET), entry(CASE, {"start": 2}), entry(CASE, {"act": "ask-who"})], 1, 1),
        ([entry(CASE, TICKET), entry(CASE, TICKET), entry("gate-fourteen", TICKET)], 2, 2),
        ([entry(CASE, TICKET, edition="2020-01")], 0, 0),
        ([entry(CASE, ["ticket"]), entry(CASE, "ticket"), entry(CASE, None)], 1, 0),
        ([entry("no-such-call", TICKET), entry(TASK, TICKET)], 0, 0),
    ],
)
def test_a_call_is_done_once_its_ticket_is_written(notebooks: Path, entries: list[Entry], begun: int, done: int) -> None:
    faults: list[str] = []

    assert calls(notebooks / "cases", entries, faults) == Standing(begun, done, len(list((notebooks / "cases").glob("*.toml"))))
    assert faults == []


@pytest.mark.parametrize(
    ("entries", "begun", "done"),
    [
        ([], 0, 0),
        ([SWITCHED_OFF], 1, 0),
        (solved(), 1, 1),
        (solved()[:-1], 1, 0),
        ([*solved(), SWITCHED_OFF], 1, 1),
        ([*solved(), STARTED_AGAIN, SWITCHED_OFF], 1, 1),
        ([*solved()[:12], STARTED_AGAIN, *solved()[12:]], 1, 0),
        ([*solved()[:2], STARTED_AGAIN, *solved()], 1, 1),
        ([msgspec.structs.replace(one, edition="2020-01") for one in solved()], 0, 0),
        ([msgspec.structs.replace(one, variant="nonsense") for one in solved()], 1, 0),
        ([entry(TASK, {"do": "no-such-thing"}, variant="v00"), entry(TASK, 7, variant="v00"), *solved()], 1, 1),
    ],
)
def test_a_task_is_done_once_every_check_was_met_in_one_try(notebooks: Path, entries: list[Entry], begun: int, done: int) -> None:
    faults: list[str] = []

    assert tasks(notebooks / "tasks", entries, faults) == Standing(begun, done, len(list((notebooks / "tasks").glob("*.toml"))))
    assert faults == []


def test_progress_shows_calls_and_tasks_in_both_languages(notebooks: Path) -> None:
    log = AnswerLog(notebooks / "answers.jsonl")
    log.append(entry(CASE, TICKET))
    for one in solved():
        log.append(one)

    page = Seen(progress()._repr_html_())
    words = "".join(page.words)

    assert page.links[2:] == ["en/desk.ipynb", "zh/desk.ipynb", "en/terminal.ipynb", "zh/terminal.ipynb"]
    assert "Started: 1 of 11" in words
    assert "进行中：1/11" in words
    assert "Started: 1 of 8" in words
    assert "11 calls" in words
    assert "8 项任务" in words


def test_a_page_that_is_not_there_is_not_linked(notebooks: Path) -> None:
    (notebooks / "zh/desk.ipynb").unlink()

    assert [one.page for one in practice_in(notebooks, None, [])] == ["terminal"]


def test_progress_without_calls_and_tasks_has_no_table_for_them(kernel: Callable[..., Path]) -> None:
    kernel(*THREE)

    assert "lockdesk-practice" not in progress()._repr_html_()


def test_progress_with_a_record_that_is_not_ours_shows_calls_without_a_standing(notebooks: Path) -> None:
    (notebooks / "answers.jsonl").write_text("my notes\n")

    page = progress()._repr_html_()

    assert "en/desk.ipynb" in page
    assert "Not started" not in page


def test_a_faulty_call_that_was_begun_is_named(notebooks: Path) -> None:
    (notebooks / "cases" / f"{CASE}.toml").write_text("= broken", "utf-8")
    AnswerLog(notebooks / "answers.jsonl").append(entry(CASE, TICKET))

    page = progress()._repr_html_()

    assert f"{CASE}.toml" in page
    assert "Not started" in page


def test_a_call_nobody_has_begun_is_not_even_opened(notebooks: Path) -> None:
    (notebooks / "cases" / f"{CASE}.toml").write_text("= broken", "utf-8")

    assert practice_in(notebooks, [entry("gate-fourteen", TICKET)], faults := []) == [
        Practice("desk", 11, Standing(1, 1, 11)),
        Practice("terminal", 8, Standing(0, 0, 8)),
    ]
    assert faults == []


def test_the_front_page_of_somebody_without_tasks_does_not_wait_for_the_replay() -> None:
    code = "import sys, lockdesk; lockdesk.progress()._repr_html_(); print(sorted(n for n in sys.modules if n.startswith('lockdesk.')))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY / "notebooks", capture_output=True, text=True, check=True)

    assert "lockdesk.front_page" in ran.stdout
    assert "lockdesk.replay" not in ran.stdout
    assert "lockdesk.cases" not in ran.stdout


@pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in ("desk", "terminal") for lang in LANGS])
def test_a_page_of_practice_is_called_by_its_title(name: str, lang: Lang) -> None:
    title = source_of(read_notebook(REPOSITORY / "notebooks" / lang / f"{name}.ipynb")["cells"][0]).splitlines()[0]

    assert title == f"# {word(name, lang)}"
