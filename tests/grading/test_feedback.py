"""The page a learner gets back: what it says, that it is sound HTML, and that nobody's words in it do anything."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import ONE_OF_EACH, REPOSITORY, call_lines, entry, played_assignment, question_file, said, single, task_lines, written
from grading.classroom import PERFECT, Classroom, record
from grading.test_present import NASTY
from lockdesk.answers import Examined, encode
from lockdesk.cases import Case, variant_for
from lockdesk.grading.assess import Outcome, assess
from lockdesk.grading.commands import nbgrader
from lockdesk.grading.exporter import titles_of
from lockdesk.grading.feedback import Given, by_criterion, feedback_page, to_revise
from lockdesk.grading.habits import Habit, doings
from lockdesk.grading.present import reasons_of
from lockdesk.grading.words import say
from lockdesk.key import Key, read_key
from lockdesk.questions import Item, Lesson, Number, Option, Step, Written, parts_of
from lockdesk.text import LANGS, Lang, Text

CALL, TASK = "small-call", "small-task"
VOID = {"meta", "br"}
TITLES = {"01-small": Text("A small lesson", "小小一课")}
Exercises = list[tuple[Outcome, Given]]


class Page(HTMLParser):
    """A page as a strict reader takes it: every tag closed in order; its tags, attributes, headings, and text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"<{tag}> has an attribute twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return read_key(played_assignment(tmp_path_factory.mktemp("page"), *ONE_OF_EACH.values()))


def graded(key: Key, *lines: Any, **given: Given) -> Exercises:
    """The exercises of a record, with their points as the gradebook would have them, or as `given`."""
    outcomes = assess(key, Examined(lines), "luo").outcomes
    by_rule = {name: None if one.score.verdict == "by-hand" else one.score.earned for name, one in outcomes.items()}
    return [(one, given.get(name.replace("-", "_"), Given(by_rule[name]))) for name, one in outcomes.items()]


def page_of(key: Key, exercises: Exercises, lang: Lang | None = "en", penalty: float = 0) -> Page:
    return Page(feedback_page(key.lesson, exercises, lang, TITLES, penalty))


def perfect(key: Key) -> list[Any]:
    answers = [entry(name, answer, variant="luo") for name, answer in PERFECT.items()]
    return [*answers, *call_lines(key.cases[CALL], "luo"), *task_lines(key.tasks[TASK], "luo")]


def part(key: Key) -> list[Any]:
    calls = call_lines(key.cases[CALL], "luo")
    answers = [entry("who-calls", "gamma", variant="luo"), entry("first-things", ["two", "one", "three", "four"], variant="luo")]
    return [*answers, calls[0], said(key.cases[CALL], {"act": "take-payment"}, calls[0].variant), *task_lines(key.tasks[TASK], "luo")[:8]]


RECORDS = {"perfect": perfect, "part": part, "blank": lambda key: []}


# ---- sound HTML


@pytest.mark.parametrize("lang", [*LANGS, None])
@pytest.mark.parametrize("record", RECORDS)
def test_the_page_is_sound_and_accessible_html_without_script_or_outside_resource(key: Key, record: str, lang: Lang | None) -> None:
    text = feedback_page(key.lesson, graded(key, *RECORDS[record](key)), lang, TITLES)
    page = Page(text)
    names = [name for name, _ in page.tags]

    assert text.startswith("<!DOCTYPE html>\n")
    assert (names.count("title"), names.count("main"), names.count("h1")) == (1, 1, 1 if lang else 2)
    assert dict(page.tags)["html"]["lang"] == {"en": "en", "zh": "zh-CN", None: "en"}[lang]
    assert [attrs["lang"] for name, attrs in page.tags if "lang" in attrs][1:] == (
        {"en": ["en"], "zh": ["zh-CN"], None: ["en", "zh-CN"]}[lang]
    )
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert all("scope" in attrs for name, attrs in page.tags if name == "th")
    assert not {"script", "img", "a", "link", "iframe", "form"} & set(names)
    assert not [attrs for _, attrs in page.tags if {name for name in attrs if name.startswith("on") or name in ("href", "src", "style")}]
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


@pytest.mark.parametrize("words", NASTY)
@pytest.mark.parametrize("where", ["answer", "comment", "serial"])
def test_nobodys_words_become_html(key: Key, words: str, where: str) -> None:
    harmless = [name for name, _ in Page(_with(key, where, "harmless")).tags]
    nasty = Page(_with(key, where, words))

    assert [name for name, _ in nasty.tags if name != "p"] == [name for name in harmless if name != "p"]
    assert {name for _, attrs in nasty.tags for name in attrs} <= {"lang", "charset", "http-equiv", "content", "name", "class", "scope"}
    assert not set(nasty.text) & {"\x00", "\x1b", "\u202e", "\u200b"}


def _with(key: Key, where: str, words: str) -> str:
    case = key.cases[CALL]
    record = perfect(key)
    if where == "answer":
        record.append(entry("say-it", words.encode("utf-8", "replace").decode() or "x", variant="luo"))
    if where == "serial":
        variant = call_lines(case, "luo")[0].variant
        record = [said(case, {"act": "wipe", "on": words[:40]}, variant), *record]
    return feedback_page(key.lesson, graded(key, *record, say_it=Given(1, True, words if where == "comment" else "")), "en", TITLES)


# ---- what it says


def test_a_perfect_record_reads_all_points_and_nothing_to_revise(key: Key) -> None:
    page = page_of(key, graded(key, *perfect(key), say_it=Given(3, True, "Well put.")))

    assert "32 of 32 points" in page.text
    assert say("nothing-to-revise", "en") in page.text
    assert "Not met" not in page.text
    assert "Well put." in page.text


def test_points_are_counted_by_objective_and_what_is_weak_is_to_be_revised(key: Key) -> None:
    exercises = graded(key, *part(key))
    page = page_of(key, exercises)
    zh = page_of(key, exercises, "zh")

    assert to_revise(key.lesson, exercises) == ["callers", "locks"]
    assert to_revise(key.lesson, graded(key, *perfect(key))) == []
    assert re.search(r"Know the caller\s*0 of 18", page.text)  # 2 + 3 + 3 + 10
    assert "Know the lock – lesson 01: A small lesson" in page.text
    assert "认识锁——第 01 课：小小一课" in zh.text


def test_what_has_not_been_read_is_said_and_is_no_zero(key: Key) -> None:
    unread = graded(key, *perfect(key))
    page = page_of(key, unread)

    assert say("unread", "en") in page.text
    assert say("not-all-read", "en") in page.text
    assert say("not-all-read", "en") not in page_of(key, graded(key, *perfect(key), say_it=Given(0))).text
    assert to_revise(key.lesson, unread) == []


def test_what_a_call_came_to_is_told_act_by_act(key: Key) -> None:
    text = page_of(key, graded(key, *part(key))).text

    assert text.index("Ask what is on the screen") < text.index("Accept what the caller offers to pay")
    assert "Breach" in text
    assert "No ticket was written." in text
    assert "Requirement 1" in text
    assert "The terminal was not handed over." in text


def test_what_the_ticket_said_can_be_read_again_and_each_requirement_has_a_name(key: Key) -> None:
    exercises = graded(key, *perfect(key))

    assert "Locked: L1 · Operator or cashier PIN; who decides:" in page_of(key, exercises).text.replace("operator or", "Operator or")
    assert "锁的是：L1 · 操作员密码；由谁决定：" in page_of(key, exercises, "zh").text
    assert "This call's own requirement 1" in page_of(key, exercises).text
    assert "本案例的要求 1" in page_of(key, exercises, "zh").text


def test_a_forged_ticket_is_told_by_dashes(key: Key) -> None:
    case = key.cases[CALL]
    ticket = {"lock_class": "<b>L1</b>", "authority": "", "option": "R9", "reason": "x", "money": "y", "amount": -1}
    text = page_of(key, graded(key, said(case, {"act": "ticket", "ticket": ticket}, variant_for(case, "luo")))).text

    assert "Locked: —; who decides: —; done: —; reason: —; money: —, ¥—" in text


REAL = sorted(path.parent.name for path in (REPOSITORY / "source").glob("*/questions.toml"))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("habit", ["half", "guess", "blank"])
@pytest.mark.parametrize("name", REAL)
def test_the_page_of_a_real_assignment_tells_no_key_and_keeps_to_its_language(name: str, habit: Habit, lang: Lang) -> None:
    key = read_key(REPOSITORY / "source" / name)
    lines = [
        entry(one.exercise.id, answer, number, edition=one.edition, variant=one.variant, lang=lang)
        for one in doings(key, "luo", habit, lang)
        for number, answer in enumerate(one.answers, 1)
        if not isinstance(one.exercise, Written)
    ]
    exercises = graded(key, *lines)
    text = feedback_page(key.lesson, exercises, lang, titles_of(REPOSITORY, key.lesson.objectives))
    page = Page(text).text
    told = {reason[lang] for outcome, _ in exercises for reason in reasons_of(outcome)}

    assert [words for words in hidden_words(key, lang) if words in page and words not in told] == []
    if lang == "en":
        assert re.search(r"[\u4e00-\u9fff]", page) is None
    else:
        assert re.search(r"[a-z]+ [a-z]+ [a-z]+", page) is None


def hidden_words(key: Key, lang: Lang) -> list[str]:
    """All that an author writes for the grader or the author alone."""
    texts = [part.why for item in key.questions.values() for part in parts_of(item) if isinstance(part, Option | Step | Item)]
    for item in key.questions.values():
        texts += [item.hint] if item.hint else []
        texts += [item.sample, *(one.text for one in item.criteria if not one.after_grading)] if isinstance(item, Written) else []
        texts += [item.why, *(one.why for one in item.mistakes)] if isinstance(item, Number) else []
    for case in key.cases.values():
        texts += [play.why for play in (case.solution, *case.paths, *case.mistakes)]
    texts += [one.why for each in (*key.cases.values(), *key.tasks.values()) for one in each.checks if not one.after_grading]
    return [text[lang] for text in texts]


@pytest.mark.parametrize("record", RECORDS)
def test_the_page_tells_no_key(key: Key, record: str) -> None:
    for lang in LANGS:
        text = page_of(key, graded(key, *RECORDS[record](key)), lang).text
        untold = [check.why[lang] for one in (key.cases[CALL], key.tasks[TASK]) for check in one.checks]
        untold += [
            key.cases[CALL].solution.why[lang],
            f"why beta{'（中文）' if lang == 'zh' else ''}",
            "the sample",
            "criterion 1",
            "the hint",
        ]
        assert not [words for words in untold if words in text]


def test_reasons_the_author_allows_are_read_by_those_they_are_for(key: Key) -> None:
    case: Case = key.cases[CALL]
    allowed = msgspec.structs.replace(case, checks=tuple(msgspec.structs.replace(check, after_grading=True) for check in case.checks))
    open_key = msgspec.structs.replace(key, cases={CALL: allowed})

    assert "Who else?" in page_of(open_key, graded(open_key, *part(key))).text
    assert "Who else?" not in page_of(open_key, graded(open_key, *perfect(key))).text
    assert "Who else?" not in page_of(open_key, graded(open_key)).text


def test_a_comment_written_by_criterion_becomes_a_table_and_the_rest_stays_a_comment(key: Key) -> None:
    comment = "1: 0.5 named the class\n2：2\nGood tone.\n9: 1 no such criterion"
    page = page_of(key, graded(key, *perfect(key), say_it=Given(2.5, True, comment)))

    assert by_criterion(comment, 2) == ([(1, 0.5, "named the class"), (2, 2.0, "")], "Good tone.\n9: 1 no such criterion")
    assert re.search(r"Criterion 1\s*named the class\s*0\.5 of 1", page.text)
    assert "Good tone.\n9: 1 no such criterion" in page.text


def test_points_set_by_a_person_and_a_penalty_are_said(key: Key) -> None:
    exercises = graded(key, *perfect(key), who_calls=Given(1, True), say_it=Given(3, True))
    text = page_of(key, exercises, penalty=2).text

    assert say("changed-by-hand", "en") in text
    assert "29 of 32 points" in text
    assert "Handed in late: 2 points were taken off." in text


def test_every_lesson_can_be_missing(key: Key) -> None:
    bare = Lesson(**{name: getattr(key.lesson, name) for name in ("title", "promise", "minutes", "objectives")})

    assert "Know the lock</li>" in feedback_page(bare, graded(key, *part(key)), "en", {})


# ---- through nbgrader


@pytest.fixture(scope="module")
def graded_class(built: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class of three on an assignment with everything, graded and read."""
    room = built.copy(tmp_path_factory.mktemp("feedback") / "course")
    shutil.rmtree(room.source)
    key = read_key(played_assignment(room.root, single(), written()))
    question_file(room.root / "notebooks/questions", single())
    shutil.rmtree(room.root / "exchange/locked-terminals/outbound")
    room.run("generate_assignment", "small", "--force")
    room.run("release_assignment", "small")
    lines = [entry("say-it", "<b>Mine</b>", variant="luo", lang="zh"), *call_lines(key.cases[CALL], "luo", lang="zh")]
    room.folder("luo", b"".join(map(encode, lines)))
    room.folder("wen", record({"who-calls": "gamma"}, "wen"))
    room.folder("none", b"")
    room.graded()
    room.read("luo", 2)
    return room


def html(room: Classroom, learner: str) -> str:
    return (room.root / f"feedback/{learner}/small/small.html").read_text("utf-8")


def test_nbgrader_generates_and_returns_our_page(graded_class: Classroom, tmp_path: Path) -> None:
    room = graded_class.copy(tmp_path / "course")
    room.run("generate_feedback", "small")
    room.run("release_feedback", "small")
    page = Page(html(room, "luo"))

    assert "19 分得 12 分" in page.text
    assert "<b>Mine</b>" in page.text
    assert "第 01 课：小小一课" in page.text
    assert Page(html(room, "none")).text.count("0 of 19 points") == 1
    assert "19 分得 0 分" in Page(html(room, "none")).text
    returned = [path for path in (room.root / "exchange/locked-terminals/feedback").rglob("*") if path.is_file()]
    assert {path.suffix for path in returned} == {".html"}
    assert len(returned) == 3


def test_formgraders_own_button_generates_our_page(graded_class: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = graded_class.copy(tmp_path / "course")
    monkeypatch.chdir(room.root)
    from nbgrader.apps import NbGrader, NbGraderAPI

    app = NbGrader()
    app.config_file_paths.append(str(room.root))
    app.load_config_file()
    result = NbGraderAPI(config=app.config).generate_feedback("small")

    assert result["success"], result
    assert "19 分得 12 分" in Page(html(room, "luo")).text


def test_the_grader_comment_is_text_on_the_page(graded_class: Classroom, tmp_path: Path) -> None:
    room = graded_class.copy(tmp_path / "course")
    with room.gradebook() as gradebook:
        gradebook.find_comment("say-it", "small", "small", "luo").manual_comment = "1: 1 <i>clear</i>\nThank you."
        gradebook.db.commit()
    page = Page(room.feedback("luo"))

    assert "<i>clear</i>" in page.text
    assert re.search(r"评分点 1\s*<i>clear</i>\s*1/1", page.text)
    assert "Thank you." in page.text


def test_no_page_is_made_of_points_by_an_older_key(graded_class: Classroom, tmp_path: Path) -> None:
    room = graded_class.copy(tmp_path / "course")
    words = (room.source / "questions.toml").read_text("utf-8")
    changed = (
        words.replace("correct = true", "correct = 0")
        .replace("correct = false", "correct = true", 1)
        .replace("correct = 0", "correct = false")
    )
    (room.source / "questions.toml").write_text(changed, "utf-8")
    (room.submitted("wen") / "answers.jsonl").write_bytes(record({"who-calls": "alpha"}, "wen"))

    run = nbgrader(room.root, "generate_feedback", "small")

    assert run.exit_code != 0
    assert "Grade again with `lockdesk grade small --again`" in run.said
    assert not (room.root / "feedback/wen/small/small.html").exists()
    assert (room.root / "feedback/luo/small/small.html").exists()
