"""A learner takes a graded assignment in JupyterLab: fetched, done by keyboard, validated, submitted. And what a grader's browser shows."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.desk import COURSE, PATIENCE, READY, Desk, desk, notebook_json, question
from browser.test_axe import THEMES, axe, contrasts, faults, use_theme
from browser.test_case import doings, give, over_the_edge, said, steer, type_act, type_ticket
from browser.test_lesson import steer_to_up, tab_until
from builders import call_lines
from lockdesk.answers import AnswerLog
from lockdesk.cases import Case
from lockdesk.grading.batch import grade
from lockdesk.grading.commands import nbgrader
from lockdesk.key import Exercise, read_key
from lockdesk.lessons import read_notebook
from lockdesk.place import LOG, learner_name
from lockdesk.questions import Match, Multi, Number, Order, Question, Single, Written, right_keys
from lockdesk.replay.task import Task
from lockdesk.terminal.events import Press
from lockdesk.text import word
from lockdesk.widgets.device import move

NAME = "lock-types"
KEY = read_key(COURSE / "source" / NAME)
QUESTIONS = KEY.questions
ORDER = [
    cell["metadata"]["nbgrader"]["grade_id"]
    for cell in read_notebook(COURSE / "source" / NAME / f"{NAME}.ipynb")["cells"]
    if "nbgrader" in cell["metadata"]
]
EXERCISES: dict[str, Exercise] = {name: KEY.exercises[name] for name in ORDER}
CALLS, (TASK,) = [EXERCISES[name] for name in ORDER if name in KEY.cases], KEY.tasks.values()
BY_RULE = sum(item.points for item in EXERCISES.values() if not isinstance(item, Written))
BUTTONS = ("card-good", "card-bad", "restart", "plug", "unplug", "offline", "online", "wait")
TYPED = {"ok": "Enter", "clear": "Backspace", "cancel": "Escape"}
WRITING = {"en": "Neither, please. Call the number on file first.", "zh": "两件都先别做，请先回拨档案中的号码。"}
HTML_LANG = {"en": "en", "zh": "zh-CN"}
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\n"
    "[points](javascript:document.title='owned') {{ 7*7 }} {% raw %} $\\href{javascript:document.title='owned'}{x}$\n"
    "```\n\n    </code></pre><b>full points</b>"
)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the assignment released."""
    course = tmp_path_factory.mktemp("school") / "course"
    for folder in ("notebooks", "labconfig", "share", "source"):
        shutil.copytree(COURSE / folder, course / folder, ignore=shutil.ignore_patterns("answers.jsonl", ".ipynb_checkpoints"))
    shutil.copyfile(COURSE / "nbgrader_config.py", course / "nbgrader_config.py")
    (course / "exchange").mkdir()
    for command in ("generate_assignment", "release_assignment"):
        run = nbgrader(course, command, NAME)
        assert run.exit_code == 0, run.said
    return course


@pytest.fixture(scope="module")
def school_desk(browser: Browser, school: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A learner's desk on that course; answers go where learners' answers go."""
    with desk(tmp_path_factory.mktemp("desk"), course=school, LOCKDESK_ANSWERS_DIR="") as running:
        running.answers = school / "work" / NAME
        yield running


@pytest.fixture
def classroom(school: Path) -> Path:
    """The course without anybody's work."""
    for found in (school / "work" / NAME, *(school / "exchange/locked-terminals/inbound").iterdir()):
        shutil.rmtree(found, ignore_errors=True)
    for step in ("submitted", "autograded", "feedback", ".jupyter/nbgrader-cache"):
        shutil.rmtree(school / step, ignore_errors=True)
    return school


@pytest.fixture
def own_desk(school_desk: Desk, classroom: Path) -> Desk:
    """The desk with no kernel left over."""
    school_desk.end_sessions()
    return school_desk


def fetch(page: Page, own_desk: Desk) -> None:
    page.goto(own_desk.url("notebooks/start.ipynb") + "?reset")
    page.wait_for_selector(".jp-Notebook", timeout=PATIENCE)
    assignments(page)
    page.get_by_role("button", name="Fetch").press("Enter")
    expect(page.get_by_role("button", name="Submit")).to_be_visible(timeout=PATIENCE)


def open_fetched(page: Page, own_desk: Desk, classroom: Path) -> None:
    """Open the assignment as if it had been fetched."""
    shutil.copytree(classroom / "release" / NAME, classroom / "work" / NAME)
    open_assignment(page, own_desk)


def assignments(page: Page) -> None:
    page.evaluate("() => window.jupyterapp.commands.execute('nbgrader:open-assignment-list')")
    expect(page.get_by_text("Released assignments", exact=True)).to_be_visible(timeout=PATIENCE)


def open_assignment(page: Page, own_desk: Desk) -> None:
    page.goto(own_desk.url(f"work/{NAME}/{NAME}.ipynb") + "?reset")
    page.wait_for_function(f"() => document.querySelectorAll({READY!r}).length === {len(EXERCISES)}", timeout=PATIENCE)


def speak(page: Page, lang: str) -> None:
    """Switch the language in the first question, by keyboard."""
    button = page.locator("button.ld-lang").first
    if button.get_attribute("lang") == HTML_LANG[lang]:
        button.focus()
        page.keyboard.press("Enter")
    expect(page.locator(f"form.lockdesk[lang={HTML_LANG[lang]}]")).to_have_count(len(EXERCISES))


def saved(page: Page, question_id: str) -> Locator:
    return question(page, question_id).locator(".ld-save[data-state=saved]")


def give_by_keyboard(page: Page, item: Question, lang: str) -> None:
    form = question(page, item.id)
    tab_until(page, lambda at: at["question"] == item.id and at["css"] != "ld-lang", most=120)
    match item:
        case Single():
            shown = form.locator("input").evaluate_all("all => all.map(one => one.value)")
            page.keyboard.press("Space")
            for _ in range(shown.index(*right_keys(item))):
                page.keyboard.press("ArrowDown")
        case Multi():
            for key in form.locator("input").evaluate_all("all => all.map(one => one.value)"):
                if key in right_keys(item):
                    page.keyboard.press("Space")
                page.keyboard.press("Tab")
        case Order():
            for place, step in enumerate(item.steps):
                shown = form.locator("li").evaluate_all("items => items.map(item => item.key)")
                steer_to_up(page, shown, step.key)
                for _ in range(shown.index(step.key) - place):
                    page.keyboard.press("Enter")
        case Match():
            targets = form.locator("select").first.locator("option").evaluate_all("all => all.map(one => one.value)")
            wanted = {pair.key: pair.target for pair in item.items}
            for key in ordered_items(form, item, lang):
                for _ in range(targets.index(wanted[key])):
                    page.keyboard.press("ArrowDown")
                page.keyboard.press("Tab")
        case Number():
            page.keyboard.type(f"{item.answer:g}")
            page.keyboard.press("Tab")
        case Written():
            page.keyboard.insert_text(WRITING[lang])
            page.keyboard.press("Tab")
    expect(saved(page, item.id)).to_be_visible(timeout=PATIENCE)


def ordered_items(form: Locator, item: Match, lang: str) -> list[str]:
    """The items' keys in the order in which this learner sees them."""
    texts = {pair.text[lang]: pair.key for pair in item.items}  # type: ignore[index]
    return [texts[text] for text in form.locator(".ld-pair label").all_inner_texts()]


def validated(page: Page) -> str:
    """What Validate says, the dialog closed again."""
    page.locator(".jp-ToolbarButtonComponent:has-text('Validate')").first.click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("Validation Results", timeout=PATIENCE)
    said = dialog.inner_text()
    page.keyboard.press("Escape")
    return said


def entries(own_desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in own_desk.records()]


def expect_recorded(page: Page, number: int, item: Exercise, lang: str) -> None:
    """Its line says how many of the assignment's parts are recorded."""
    expect(question(page, item.id).locator(".ld-save")).to_contain_text(word("recorded-of", lang, done=number, all=len(EXERCISES)))  # type: ignore[arg-type]


def take_by_keyboard(page: Page, case: Case) -> None:
    """The rest of the model solution of a call, act by act, and its ticket."""
    played = doings(case)
    done = question(page, case.id).locator(".ld-line[data-who=you]").count()
    for doing in played[done:-1]:
        type_act(page, case, doing)
    type_ticket(page, case, played[-1]["ticket"])


def work_by_keyboard(page: Page, task: Task) -> None:
    """The solution of a task, key by key, and the terminal handed over."""
    for event in task.solution:
        if isinstance(event, Press) and event.key not in ("menu", "power"):
            steer(page, task, ".ld-screen")
            page.keyboard.press(TYPED.get(event.key, event.key))
            continue
        button = event.key if isinstance(event, Press) else next(name for name in BUTTONS if move(name, task.device.link) == event)
        steer(page, task, f"[data-key='{button}'], [data-move='{button}']")
        page.keyboard.press("Enter")
    expect(question(page, task.id).locator(".ld-count")).to_contain_text(str(len(task.solution)))
    steer(page, task, ".ld-check")
    page.keyboard.press("Enter")


def missing_words(item: Exercise, lang: str, begun: bool = False) -> str:
    """What Validate says of a part that is not recorded, up to its name."""
    kind = "call" if isinstance(item, Case) else "task" if isinstance(item, Task) else ""
    name = f"{kind}-{'unfinished' if begun else 'not-begun'}" if kind else "not-recorded-for"
    words = item.title if isinstance(item, Case) else item.prompt
    said = word(name, lang, title=words[lang], prompt=words[lang])  # type: ignore[arg-type, index]
    return " ".join(said.split())


@pytest.mark.parametrize(
    ("lang", "played"),
    [("en", len(CALLS)), ("zh", 1), pytest.param("zh", len(CALLS), marks=pytest.mark.slow)],
)
def test_an_assignment_is_fetched_done_by_keyboard_validated_and_submitted(
    page: Page, own_desk: Desk, classroom: Path, lang: str, played: int
) -> None:
    fetch(page, own_desk)
    for case in CALLS[played:]:  # these were taken yesterday
        for line in call_lines(case, learner_name(os.environ), lang=lang):
            AnswerLog(own_desk.answers / LOG).append(line)
    open_assignment(page, own_desk)
    before = notebook_json(page)
    speak(page, lang)
    to_do = [item for item in EXERCISES.values() if item not in CALLS[played:]]

    for number, item in enumerate(to_do):
        if item is CALLS[0]:
            break_off(page, own_desk, to_do[number:], lang)
        if isinstance(item, Case):
            take_by_keyboard(page, item)
        elif isinstance(item, Task):
            work_by_keyboard(page, item)
        else:
            give_by_keyboard(page, item, lang)
        expect_recorded(page, len(EXERCISES) - len(to_do) + number + 1, item, lang)

    assert {entry["lang"] for entry in entries(own_desk)} == {lang}
    assert notebook_json(page) == before
    assert "Success" in validated(page)
    assignments(page)
    page.get_by_role("button", name="Submit").press("Enter")
    expect(page.get_by_text("Submitted assignments", exact=True)).to_be_visible()
    page.wait_for_function("() => !document.body.innerText.includes('There are no submitted assignments')", timeout=PATIENCE)
    assert nbgrader(classroom, "collect", NAME).exit_code == 0
    (row,) = grade(classroom, NAME, again=False, tell=print)
    assert (row.state, row.earned, row.flags) == ("waiting", BY_RULE, ())


def break_off(page: Page, own_desk: Desk, to_do: list[Exercise], lang: str) -> None:
    """Half of the next call, then the page is opened anew: it stands where it stood; Validate names it and what else is to be done."""
    case = to_do[0]
    assert isinstance(case, Case)
    played = doings(case)
    for doing in played[: len(played) // 2]:
        type_act(page, case, doing)
    heard = said(page, case)

    open_assignment(page, own_desk)

    assert said(page, case) == heard
    expect_recorded(page, len(EXERCISES) - len(to_do), case, lang)
    shown = " ".join(validated(page).split())
    by_rule = [item for item in EXERCISES.values() if not isinstance(item, Written)]
    missing = [item.id for item in by_rule if missing_words(item, lang, begun=item is case) in shown]
    assert missing == [item.id for item in to_do if not isinstance(item, Written)]


def test_nothing_on_the_page_of_an_assignment_tells_right_from_wrong(page: Page, own_desk: Desk, classroom: Path) -> None:
    received: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(str(data))))
    open_fetched(page, own_desk, classroom)
    form = question(page, "leaflet-in-the-box")
    for radio in form.locator("input").all():
        radio.check()
        expect(saved(page, "leaflet-in-the-box")).to_be_visible()

    everything = page.content() + "".join(received)

    assert "leaflet-in-the-box" in everything
    for item in QUESTIONS.values():
        for part in (*getattr(item, "options", ()), *getattr(item, "steps", ()), *getattr(item, "items", ())):
            assert part.why.en[:40] not in everything
            assert part.why.zh[:20] not in everything
    expect(form.locator(".ld-reason:visible")).to_have_count(0)


def test_answers_and_the_language_are_there_again_after_a_kernel_restart_and_a_reload(page: Page, own_desk: Desk, classroom: Path) -> None:
    open_fetched(page, own_desk, classroom)
    speak(page, "zh")
    question(page, "two-lanes-down").locator("input[value=level-two]").check()
    expect(saved(page, "two-lanes-down")).to_be_visible()

    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    restored = question(page, "two-lanes-down").locator(".ld-save[data-state=restored]")
    expect(restored).to_contain_text(f"1/{len(EXERCISES)}", timeout=PATIENCE)
    open_assignment(page, own_desk)

    expect(question(page, "two-lanes-down")).to_have_attribute("lang", "zh-CN")
    expect(question(page, "two-lanes-down").locator("input[value=level-two]")).to_be_checked()


def test_taking_an_answer_back_is_recorded_and_said(page: Page, own_desk: Desk, classroom: Path) -> None:
    open_fetched(page, own_desk, classroom)
    box = question(page, "wishes-of-an-owner").locator("input[value=trainee]")
    box.check()
    expect(saved(page, "wishes-of-an-owner")).to_contain_text(f"1 of {len(EXERCISES)}")

    box.uncheck()

    expect(saved(page, "wishes-of-an-owner")).to_contain_text(f"0 of {len(EXERCISES)}")
    assert [entry["answer"] for entry in entries(own_desk)] == [["trainee"], None]


def test_switching_the_language_keeps_what_is_only_half_filled_in(page: Page, own_desk: Desk, classroom: Path) -> None:
    open_fetched(page, own_desk, classroom)
    speak(page, "en")
    pair = question(page, "seven-people-say-password").locator("select").first
    pair.select_option("android")
    text = question(page, "colleague-on-day-two").locator("textarea")
    text.fill("Half a sent")

    speak(page, "zh")

    expect(pair).to_have_value("android")
    expect(text).to_have_value("Half a sent")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_assignment_fits_and_has_no_accessibility_faults_in_light_and_dark(
    page: Page, own_desk: Desk, classroom: Path, lang: str
) -> None:
    """Questions untouched and answered, a call in its middle and a closed one, and a terminal that was handed over."""
    open_fetched(page, own_desk, classroom)
    page.set_viewport_size({"width": 1024, "height": 14_000})
    speak(page, lang)
    question(page, "leaflet-in-the-box").locator("input").first.check()
    question(page, "seven-in-one-van").locator("input").fill("about three")
    page.keyboard.press("Tab")
    expect(question(page, "seven-in-one-van").locator(".ld-say")).not_to_have_text("")
    first, second = CALLS[:2]
    give(page, own_desk, first, [{"act": "ask-screen"}, {"act": "ask-who"}, {"act": "view-history"}])
    for choose in ("[role=tab][id$=verify]", "[data-act=call-back]", ".ld-ticket summary", ".ld-ticket .ld-check"):
        question(page, first.id).locator(choose).click()
    give(page, own_desk, second, [{"act": "ask-screen"}])
    type_ticket(page, second, doings(second)[-1]["ticket"])
    expect(question(page, second.id).locator(".ld-closed")).to_be_visible()
    for choose in ("[data-key=menu]", ".ld-check"):
        question(page, TASK.id).locator(choose).click()
    expect(question(page, TASK.id).locator(".ld-say")).not_to_have_text("")

    for theme in THEMES:
        use_theme(page, theme)
        result = axe(page, "form.lockdesk")

        assert faults(result) == {}, theme
        assert contrasts(result) > 150
        assert [over_the_edge(question(page, case.id)) for case in (first, second)] == [[], []]
        for form in page.locator("form.lockdesk").all():
            assert form.evaluate("form => form.scrollWidth - form.clientWidth") <= 0
            expect(form).to_have_css("display", "block")  # the style sheets of question, call and terminal share the page
        expect(page.locator(".lockdesk-check:visible, .ld-reason:visible, .ld-results:visible, .ld-debrief:visible")).to_have_count(0)


def test_what_is_in_release_is_a_preview_that_records_nothing(page: Page, own_desk: Desk, classroom: Path) -> None:
    page.goto(own_desk.url(f"release/{NAME}/{NAME}.ipynb") + "?reset")
    form = question(page, "two-lanes-down")
    expect(form.locator(".ld-save")).to_contain_text("Preview", timeout=PATIENCE)

    form.locator("input").first.check()
    page.wait_for_timeout(800)

    expect(form.locator(".ld-save")).to_contain_text("Preview")
    assert list((classroom / "release").rglob("answers.jsonl")) == []


def hand_in(classroom: Path, student: str, text: str) -> None:
    """Put a submission with one written answer where collected ones lie."""
    folder = classroom / "submitted" / student / NAME
    shutil.copytree(classroom / "release" / NAME, folder)
    edition = json.loads((folder / "questions.json").read_text(encoding="utf-8"))["edition"]
    entry = {"v": 1, "at": "2026-11-22T10:00:00.000Z", "q": "colleague-on-day-two", "edition": edition}
    entry |= {"variant": student, "attempt": 1, "lang": "en", "answer": text}
    (folder / "answers.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")


def expect_harmless(place: Page, css: str) -> None:
    """The hostile text is there to be read, and nothing of it has come to life."""
    shown = place.locator(css, has_text="full points")
    expect(shown).to_contain_text("<script>document.title='owned'</script>")
    expect(shown).to_contain_text("{{ 7*7 }}")
    expect(place.locator("a[href^=javascript], b:has-text('full points'), img[src=x]")).to_have_count(0)


def test_script_links_and_templates_in_a_written_answer_do_nothing_to_grader_or_learner(
    page: Page, classroom: Path, tmp_path: Path, browser: Browser
) -> None:
    hand_in(classroom, "mallory", HOSTILE)
    (row,) = grade(classroom, NAME, again=False, tell=print)
    assert row.state == "waiting"
    with desk(tmp_path / "desk", role="teach", course=classroom) as teacher:
        page.goto(f"http://127.0.0.1:{teacher.port}/formgrader/gradebook/{NAME}/{NAME}")
        page.get_by_role("link", name="Submission #").first.click()
        expect_harmless(page, "pre code")
        page.wait_for_timeout(500)
        assert "owned" not in page.title()
        # The grader reads the rubric, gives points and writes a comment, as on any day.
        expect(page.get_by_text("For the grader only").last).to_be_visible()
        page.locator("input.score#colleague-on-day-two").fill("5")
        page.locator("#colleague-on-day-two-comment").fill("Good start. 继续努力。")
        with page.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
            page.locator("input.score#leaflet-in-the-box").focus()
        page.wait_for_timeout(500)
    assert nbgrader(classroom, "generate_feedback", NAME).exit_code == 0

    page.goto((classroom / "feedback/mallory" / NAME / f"{NAME}.html").as_uri(), wait_until="domcontentloaded")

    expect_harmless(page, "p.own")
    page.wait_for_timeout(500)
    assert "owned" not in page.title()
    expect(page.get_by_text("Good start. 继续努力。")).to_be_visible()
    expect(page.get_by_text("5 of 8").last).to_be_visible()
    expect(page.get_by_text("For the grader only")).to_have_count(0)
