"""`make pictures`: the README's and the guides' pictures, taken of the real course in JupyterLab. Needs Chromium."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from browser.desk import COURSE, PATIENCE, Desk, desk, launch, open_lesson, question  # noqa: E402
from lockdesk.grading.batch import gradebook_of  # noqa: E402
from lockdesk.grading.demo import ASSIGNMENT, demo, run  # noqa: E402

SIZE = {"width": 1180, "height": 760}
TALL = {"width": 1180, "height": 980}
LESSON = "notebooks/{lang}/01-what-is-locked.ipynb"


def use_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=str("Light" in theme).lower())


def show(page: Page, selector: str) -> None:
    """Scroll the lesson so that `selector` stands a little below its top."""
    page.evaluate(
        """selector => { const outer = document.querySelector(".jp-WindowedPanel-outer");
        outer.scrollTop += document.querySelector(selector).getBoundingClientRect().top - outer.getBoundingClientRect().top - 90; }""",
        selector,
    )
    page.mouse.move(5, 5)
    page.wait_for_timeout(600)


def front_page(page: Page, own: Desk) -> None:
    page.goto(own.url("notebooks/start.ipynb") + "?reset")
    expect(page.locator("table.lockdesk-lessons")).to_contain_text("Started", timeout=PATIENCE)
    use_theme(page, "JupyterLab Light")
    page.wait_for_timeout(1500)
    page.screenshot(path=HERE / "front-page.png")


def single(page: Page, own: Desk, lang: str, theme: str, key: str, name: str) -> None:
    open_lesson(page, own, LESSON.format(lang=lang))
    use_theme(page, theme)
    form = question(page, "first-sentence-at-noon")
    form.locator(f"input[value='{key}']").check()
    form.locator(".ld-check").click()
    expect(form.locator(".ld-save[data-state=saved]")).to_be_visible()
    show(page, "form[data-question=first-sentence-at-noon]")
    page.screenshot(path=HERE / name)


def matching(page: Page, own: Desk, lang: str, theme: str, name: str) -> None:
    open_lesson(page, own, LESSON.format(lang=lang))
    use_theme(page, theme)
    form = question(page, "five-locks-five-deciders")
    for at, select in enumerate(form.locator("select").all()):
        select.select_option(index=1 + at)
    form.locator(".ld-check").click()
    expect(form.locator(".ld-save[data-state=saved]")).to_be_visible()
    show(page, "form[data-question=five-locks-five-deciders]")
    page.screenshot(path=HERE / name)


def the_desk(page: Page, own: Desk, lang: str, theme: str, name: str) -> None:
    page.goto(own.url(f"notebooks/{lang}/desk.ipynb") + "?reset")
    form = page.locator("form[data-question=refund-of-318][data-ready]")
    form.wait_for(timeout=PATIENCE)
    use_theme(page, theme)
    for act in ("ask-screen", "ask-who"):
        form.locator(f"button[data-act={act}]").click()
        expect(form.locator(f"button[data-act={act}]")).to_be_visible()
        page.wait_for_timeout(300)
    form.locator(".ld-systems [role=tab][id$='view-merchant']").click()
    form.locator(".ld-panel button").click()
    expect(form.locator(".ld-panel .ld-record")).to_be_visible()
    show(page, "form[data-question=refund-of-318]")
    page.screenshot(path=HERE / name)


def the_terminal(page: Page, own: Desk, lang: str, theme: str, name: str) -> None:
    page.goto(own.url(f"notebooks/{lang}/terminal.ipynb") + "?reset")
    form = page.locator("form[data-question=full-journal][data-ready]")
    form.wait_for(timeout=PATIENCE)
    use_theme(page, theme)
    show(page, "form[data-question=full-journal]")
    page.screenshot(path=HERE / name)


READ = {  # by the name of the demo's learner: the language, the points and the comment that a grader gives
    "english": (
        "en",
        "7",
        "1: 2 both locks are named\n2: 2 both deciders are named\n3: 2 nothing is promised\n4: 1 say who will call back",
    ),
    "chinese": ("zh", "6", "1: 2 两把锁都说对了\n2: 2 由谁决定都说清了\n3: 2 两件事都拦下了\n4: 0 还要告诉店长谁会联系他"),
}
RETURNED = {"half": "en", "no-notebook": "zh"}
"""Learners with something to revise, and their languages."""
WRITTEN = "colleague-on-day-two"


def the_assignment(page: Page, own: Desk, lang: str, key: str) -> None:
    """An assignment that was fetched, one question of it answered: saved, and neither right nor wrong."""
    page.goto(own.url(f"work/{ASSIGNMENT}/{ASSIGNMENT}.ipynb") + "?reset")
    form = page.locator("form[data-question=leaflet-in-the-box][data-ready]")
    form.wait_for(timeout=PATIENCE)
    use_theme(page, "JupyterLab Light")
    button = form.locator("button.ld-lang")
    if str(button.get_attribute("lang")).startswith(lang):  # it offers the other language
        button.click()
    form.locator(f"input[value={key}]").check()
    expect(form.locator(".ld-save[data-state=saved]")).to_be_visible()
    show(page, "form[data-question=leaflet-in-the-box]")
    page.screenshot(path=HERE / f"assignment.{lang}.light.png")


def formgrader(page: Page, own: Desk, course: Path, learner: str) -> None:
    """A written answer in Formgrader: points and a comment given, the criteria below."""
    lang, points, comment = READ[learner]
    with gradebook_of(course) as gradebook:
        number = gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, learner).id
    page.goto(f"http://127.0.0.1:{own.port}/formgrader/submissions/{number}/")
    page.wait_for_load_state("networkidle")
    page.locator(f"input.score#{WRITTEN}").fill(points)
    with page.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
        page.locator(f"#{WRITTEN}-comment").fill(comment)
        page.locator("input.score#leaflet-in-the-box").focus()
    page.wait_for_timeout(500)
    page.locator(f"input.score#{WRITTEN}").evaluate("box => window.scrollBy(0, box.getBoundingClientRect().top - 70)")
    page.screenshot(path=HERE / f"formgrader.{lang}.light.png")


def feedback(page: Page, course: Path, learner: str) -> None:
    """The page that the learner gets back."""
    page.goto((course / "feedback" / learner / ASSIGNMENT / f"{ASSIGNMENT}.html").as_uri())
    page.screenshot(path=HERE / f"feedback.{RETURNED[learner]}.light.png")


def a_class(folder: Path, browser: Browser) -> None:
    """What a class's instructor and learners see: eleven of it, as the demo leaves it."""
    course = folder / "class"
    demo(COURSE, course, 11, lambda line: None)
    with desk(folder / "teacher", role="teach", course=course) as own:
        for learner in READ:
            formgrader(browser.new_page(viewport=TALL), own, course, learner)
    for learner in RETURNED:
        feedback(browser.new_page(viewport=TALL), course, learner)
    run(course, "fetch_assignment", ASSIGNMENT)
    with desk(folder / "learner", course=course, LOCKDESK_ANSWERS_DIR="") as own:
        for lang, key in (("en", "reserve"), ("zh", "house-number")):
            the_assignment(browser.new_page(viewport=SIZE), own, lang, key)
            own.end_sessions()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, desk(Path(folder) / "home") as own:
        browser = launch(playwright)
        wrong, right = "which-password", "numbers-then-screen"
        single(browser.new_page(viewport=SIZE), own, "en", "JupyterLab Light", wrong, "question.en.light.png")
        single(browser.new_page(viewport=SIZE), own, "zh", "JupyterLab Light", right, "question.zh.light.png")
        matching(browser.new_page(viewport=SIZE), own, "en", "JupyterLab Dark", "match.en.dark.png")
        matching(browser.new_page(viewport=SIZE), own, "zh", "JupyterLab Dark", "match.zh.dark.png")
        for lang in ("en", "zh"):
            the_desk(browser.new_page(viewport=SIZE), own, lang, "JupyterLab Light", f"desk.{lang}.light.png")
        the_terminal(browser.new_page(viewport=SIZE), own, "zh", "JupyterLab Dark", "terminal.zh.dark.png")
        front_page(browser.new_page(viewport=SIZE), own)
        a_class(Path(folder), browser)


if __name__ == "__main__":
    main()
