"""What wakes by itself, and what is left alone."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.desk import COURSE, PATIENCE, READY, Desk, desk, open_lesson, wait_alive, wait_idle

LESSON = "notebooks/en/01-what-is-locked.ipynb"
LINES = tomllib.loads((COURSE / "tests" / "hostile_lines.toml").read_text(encoding="utf-8"))


def test_a_lesson_is_alive_in_notebook_7_with_nothing_clicked(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, LESSON, "notebooks")

    expect(page.locator(READY).first).to_be_visible()


@pytest.mark.parametrize("app", ["lab/tree", "notebooks"])
def test_a_lesson_opens_at_its_title(page: Page, learner: Desk, app: str) -> None:
    open_lesson(page, learner, LESSON, app)
    page.wait_for_timeout(1000)

    expect(page.get_by_role("heading", name="What is locked, and who may")).to_be_in_viewport()


def test_learners_see_no_code_and_no_save_question(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, LESSON)
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=PATIENCE)

    expect(page.locator(".jp-CodeCell .jp-Cell-inputWrapper:visible")).to_have_count(0)


def lesson_of(sources: list[str], **ours: object) -> dict[str, Any]:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return {"metadata": {"lockdesk": {"lesson": "x"} | ours}, "cells": cells}


def may_run(page: Page, notebook: dict[str, Any]) -> bool:
    return bool(page.evaluate("async (notebook) => (await window._JUPYTERLAB.lockdesk.get())().isLesson(notebook)", notebook))


@pytest.fixture
def blank(page: Page) -> Page:
    page.goto("about:blank")
    page.add_script_tag(path=COURSE / "share/jupyter/labextensions/lockdesk/static/remoteEntry.js")
    return page


def test_every_hostile_line_is_refused_and_every_good_one_run(blank: Page) -> None:
    verdicts = {line["source"]: may_run(blank, lesson_of([line["source"]])) for line in LINES["line"] + LINES["good"]}

    assert [source for source, runs in verdicts.items() if runs] == [line["source"] for line in LINES["good"]]
    assert len(LINES["line"]) > 20


def test_one_hostile_cell_among_good_ones_stops_the_whole_notebook(blank: Page) -> None:
    good = 'from lockdesk import quiz\nquiz("a")'

    assert may_run(blank, lesson_of([good, good]))
    assert not may_run(blank, lesson_of([good, 'quiz("a"); print(1)', good]))


@pytest.mark.parametrize("metadata", [{}, {"lockdesk": {}}, {"lockdesk": {"lesson": 1}}, {"lockdesk": {"lesson": "x", "autorun": False}}])
def test_a_notebook_that_does_not_call_itself_a_lesson_is_left_alone(blank: Page, metadata: dict[str, Any]) -> None:
    good = lesson_of(['from lockdesk import quiz\nquiz("a")'])

    assert may_run(blank, good)
    assert not may_run(blank, good | {"metadata": metadata})


def test_a_page_without_code_is_set_like_a_lesson_and_asks_for_no_saving(page: Page, learner: Desk) -> None:
    page.goto(learner.url("notebooks/zh/lookup.ipynb") + "?reset")

    expect(page.locator(".lockdesk-lesson:lang(zh) td").first).to_have_css("text-align", "left", timeout=PATIENCE)
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=PATIENCE)
    assert page.locator("td").nth(1).bounding_box()["width"] > 100  # five columns have room


def spoil(path: Path, line: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["source"] = cell["source"] + ["\n" + line]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_a_lesson_with_other_code_is_opened_and_nothing_in_it_runs(page: Page, tmp_path: Path, course_copy: Path) -> None:
    witness = tmp_path / "ran"
    spoil(course_copy / LESSON, f"open({str(witness)!r}, 'w')")
    with desk(tmp_path / "home", course=course_copy) as own:
        page.goto(own.url(LESSON) + "?reset")
        wait_idle(page)
        page.wait_for_timeout(1500)

        assert page.locator("form.lockdesk").count() == 0
        assert not witness.exists()
        expect(page.get_by_text("choose Run ▸ Run All Cells").first).to_be_visible()


def test_the_settings_menu_switches_waking_off_and_on_again(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, LESSON)
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_role("menuitemcheckbox", name="Run Lessons When They Open").click()
    learner.end_sessions()

    page.goto(learner.url(LESSON) + "?reset")
    wait_idle(page)
    page.wait_for_timeout(1500)

    assert page.locator("form.lockdesk").count() == 0
    page.evaluate("() => window.jupyterapp.commands.execute('lockdesk:run-on-open')")
    page.reload()
    wait_alive(page)


def test_instructors_tools_and_news_are_not_on_a_learners_desk(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, LESSON)

    commands = page.evaluate("() => window.jupyterapp.commands.listCommands().filter((name) => name.startsWith('nbgrader'))")

    assert commands == ["nbgrader:open-assignment-list"]
    expect(page.get_by_text("Would you like to get notified")).to_have_count(0)


def test_chinese_menus_are_there_for_the_choosing(page: Page, learner: Desk) -> None:
    listed = json.loads(page.request.get(learner.url("translations", "lab/api")).text())

    assert "zh_CN" in listed["data"]


def test_instructors_have_their_tools_and_see_the_code_of_a_lesson(page: Page, tmp_path: Path) -> None:
    with desk(tmp_path / "home", role="teach") as own:
        open_lesson(page, own, LESSON)

        commands = page.evaluate("() => window.jupyterapp.commands.listCommands().filter((name) => name.startsWith('nbgrader'))")

        assert "nbgrader:open-formgrader" in commands
        expect(page.locator(".jp-CodeCell .jp-Cell-inputWrapper").first).to_be_visible()
