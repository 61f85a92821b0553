"""Keys pressed in a question stay in the question; those that belong to the notebook still reach it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.desk import COURSE, PATIENCE, Desk, notebook_json, open_lesson, question

LESSON = "notebooks/en/01-what-is-locked.ipynb"
SINGLE, MULTI = "first-sentence-at-noon", "agent-under-contract"
ORDER, MATCH = "one-call-in-order", "five-locks-five-deciders"
PLACES = [(SINGLE, "input"), (MULTI, "input"), (SINGLE, ".ld-check"), (ORDER, ".ld-arrow"), (MATCH, "select")]
DANGEROUS = [
    ["d", "d"],
    ["b"],
    ["a"],
    ["x"],
    ["m"],
    ["Shift+M"],
    ["y"],
    ["0", "0"],
    ["i", "i"],
    ["ArrowDown", "ArrowUp"],
    ["Escape", "d", "d"],
]


@pytest.mark.parametrize("app", ["lab/tree", "notebooks"])
def test_notebook_keys_pressed_in_a_question_never_touch_the_notebook(page: Page, learner: Desk, app: str) -> None:
    open_lesson(page, learner, LESSON, app)
    before = notebook_json(page)

    for question_id, control in PLACES:
        for keys in DANGEROUS:
            question(page, question_id).locator(control).first.focus()
            for key in keys:
                page.keyboard.press(key)
        page.wait_for_timeout(300)

        assert notebook_json(page) == before, control
        assert page.get_by_role("dialog").count() == 0
        expect(question(page, question_id)).to_be_visible()


def active_cell(page: Page) -> int:
    return int(page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"))


def test_shift_enter_in_a_question_still_runs_the_cell_and_goes_on(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, LESSON)
    question(page, SINGLE).locator("input").first.click()
    before = active_cell(page)

    page.keyboard.press("Shift+Enter")

    page.wait_for_function(
        "before => window.jupyterapp.shell.currentWidget.content.activeCellIndex === before + 1", arg=before, timeout=PATIENCE
    )
    expect(question(page, SINGLE)).to_be_visible()


def test_ctrl_s_in_a_question_still_saves_and_the_lesson_on_disk_is_untouched(page: Page, learner: Desk) -> None:
    file = COURSE / LESSON
    before = file.read_bytes()
    open_lesson(page, learner, LESSON)
    question(page, SINGLE).locator("input").first.focus()

    with page.expect_response(lambda answer: answer.request.method == "PUT" and "01-what-is-locked" in answer.url) as saved:
        page.keyboard.press("Control+s")

    assert saved.value.ok
    assert file.read_bytes() == before
    assert page.get_by_role("dialog").count() == 0


def test_a_slip_of_the_keyboard_beside_a_question_deletes_nothing(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, LESSON)
    before = notebook_json(page)

    page.get_by_role("heading", name="Ten past twelve").click()
    page.keyboard.press("Escape")
    for key in ["d", "d"]:
        page.keyboard.press(key)
    page.get_by_role("heading", name="Ten past twelve").dblclick()
    page.keyboard.type("oops")

    assert notebook_json(page) == before


def test_typing_in_a_field_keeps_every_letter(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, LESSON)
    area = page.locator("textarea.ld-text")

    area.press_sequentially("abdd mixyz 00 dd ii")

    expect(area).to_have_value("abdd mixyz 00 dd ii")
