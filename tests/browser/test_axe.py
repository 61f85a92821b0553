"""No accessibility fault that a machine can find, in light and dark, in both languages; contrast really measured."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.desk import PATIENCE, Desk, open_lesson, question

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# JupyterLab's html and body have no height, so axe takes every cell for hidden and would skip contrast.
UNFOLD = "html, body { height: 100vh !important; overflow: visible !important }"


TALL = {"width": 1280, "height": 14_000}  # axe measures contrast only where it can see


def axe(page: Page, scope: str) -> dict[str, Any]:
    page.add_style_tag(content=UNFOLD)
    page.evaluate(AXE)
    return dict(page.evaluate("scope => axe.run(scope)", scope))


def faults(result: dict[str, Any]) -> dict[str, list[str]]:
    return {fault["id"]: [node["html"][:200] for node in fault["nodes"]] for fault in result["violations"]}


def contrasts(result: dict[str, Any]) -> int:
    """How many nodes had their contrast measured; axe also passes those it holds for hidden."""
    rule = next(rule for rule in result["passes"] if rule["id"] == "color-contrast")
    return sum("contrastRatio" in (check.get("data") or {}) for node in rule["nodes"] for check in node["any"])


def use_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=str("Light" in theme).lower())
    page.wait_for_selector("#jupyterlab-splash", state="detached")  # it covers the page while the theme changes


def answer_some(page: Page) -> None:
    """Right, wrong and partly right answers, a hint and an unfolded model answer, so that every colour is on the page."""
    for form in page.locator("form.lockdesk").all():
        kind = form.get_attribute("data-kind")
        if kind in ("single", "multi"):
            form.locator("input").first.check()
        if kind == "multi":
            form.locator("input").nth(1).check()
        if kind == "match":
            for select in form.locator("select").all():
                select.select_option(index=1)
        if kind == "number":
            form.locator("input").fill("5")
        if kind == "written":
            form.locator("textarea").fill("…")
        for button in form.locator(".ld-actions button:not(.ld-check):visible").all():
            button.click()
            expect(form.locator(".ld-hint")).to_be_visible()
        form.locator(".ld-check").click()
        expect(form.locator(".ld-say")).not_to_have_text("")


THEMES = ["JupyterLab Light", "JupyterLab Dark"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lesson_has_no_accessibility_faults_in_light_and_dark(page: Page, learner: Desk, lang: str) -> None:
    page.set_viewport_size(TALL)
    open_lesson(page, learner, f"notebooks/{lang}/01-what-is-locked.ipynb")
    answer_some(page)

    for theme in THEMES:
        use_theme(page, theme)
        result = axe(page, "form.lockdesk")

        assert faults(result) == {}, theme
        assert contrasts(result) > 100
    assert question(page, "first-sentence-at-noon").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[lang]


def test_the_front_page_has_no_accessibility_faults_in_light_and_dark(page: Page, learner: Desk) -> None:
    page.goto(learner.url("notebooks/start.ipynb") + "?reset")
    page.locator("table.lockdesk-lessons").wait_for(timeout=PATIENCE)

    for theme in THEMES:
        use_theme(page, theme)
        page.locator("table.lockdesk-lessons").wait_for()
        result = axe(page, ".jp-OutputArea-output")

        assert faults(result) == {}, theme
        assert contrasts(result) >= 5
