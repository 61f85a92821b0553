"""Every lesson and page of the course as it is opened: alive by itself, pictures there, nothing cut off, no accessibility fault."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.desk import COURSE, PATIENCE, Desk, open_lesson
from browser.test_axe import THEMES, axe, faults, use_theme

LESSONS = sorted(path.stem for path in (COURSE / "notebooks/questions").glob("*.toml"))
PAGES = ["glossary", "help", "lookup"]
BROKEN = (
    "() => [...document.querySelectorAll('.jp-Notebook img')].filter((one) => !one.complete || !one.naturalWidth).map((one) => one.src)"
)
STARRED = (
    "() => [...document.querySelectorAll('.jp-RenderedMarkdown')].map((one) => one.innerText)"
    ".filter((text) => text.includes('**') || /\\]\\(/.test(text))"
)
CUT = (
    "() => [...document.querySelectorAll('form.lockdesk, .jp-RenderedMarkdown')]"
    ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText.slice(0, 80))"
)
FALLEN = (
    "() => [...document.querySelectorAll('.ld-pair.ld-line')].filter((one) => one.querySelector('.ld-unit').getBoundingClientRect().top"
    " > one.querySelector('input').getBoundingClientRect().bottom).map((one) => one.innerText)"
)
TALL = {"width": 1180, "height": 16_000}  # so that JupyterLab renders every cell, and axe can see it


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_opens_alive_and_whole_in_both_themes(page: Page, learner: Desk, name: str, lang: str) -> None:
    page.set_viewport_size(TALL)
    open_lesson(page, learner, f"notebooks/{lang}/{name}.ipynb")

    assert page.evaluate(BROKEN) == []
    assert page.evaluate(STARRED) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(FALLEN) == []
    for theme in THEMES:
        use_theme(page, theme)
        assert faults(axe(page, "form.lockdesk")) == {}, theme
    assert learner.records() == []


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_to_read_is_whole(page: Page, learner: Desk, name: str, lang: str) -> None:
    page.set_viewport_size(TALL)
    page.goto(learner.url(f"notebooks/{lang}/{name}.ipynb") + "?reset")
    page.locator(".jp-RenderedMarkdown h1").first.wait_for(timeout=PATIENCE)

    assert page.evaluate(BROKEN) == []
    assert page.evaluate(STARRED) == []
    assert page.evaluate(CUT) == []
