"""`make pictures`: the README's pictures, taken of the real course in JupyterLab. Needs Chromium."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from browser.desk import PATIENCE, Desk, desk, launch, open_lesson, question  # noqa: E402

SIZE = {"width": 1180, "height": 760}
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


if __name__ == "__main__":
    main()
