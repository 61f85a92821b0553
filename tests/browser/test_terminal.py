"""The simulated terminal as a learner meets it: by keyboard alone, across a restart, in both languages and themes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.desk import COURSE, PATIENCE, Desk, notebook_json, open_lesson, question, wait_alive
from browser.test_axe import THEMES, axe, contrasts, faults, use_theme
from builders import NOON
from lockdesk.replay.reading import read_tasks
from lockdesk.replay.task import score_task
from lockdesk.text import Lang, word
from lockdesk.widgets.device import TaskDevice

TASKS = read_tasks(COURSE / "notebooks" / "tasks")
TASK = TASKS["second-shift"]


def lesson(lang: str) -> str:
    return f"notebooks/{lang}/terminal.ipynb"


def recorded(desk: Desk) -> list[Any]:
    return [json.loads(line)["answer"] for line in desk.records()]


def focus(page: Page) -> dict[str, Any]:
    """What has the keyboard's focus: its task, key or move, class and role."""
    return dict(
        page.evaluate(
            """() => { const e = document.activeElement; return {task: e.closest("form.lockdesk")?.dataset.question ?? null,
            key: e.dataset.key ?? "", move: e.dataset.move ?? "", css: e.className, role: e.getAttribute("role") ?? ""}; }"""
        )
    )


def tab_to(page: Page, *, most: int = 200, **wanted: str) -> None:
    for _ in range(most):
        now = focus(page)
        if all(now[name] == value for name, value in wanted.items()):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab, and the focus is at {focus(page)}")


def lines(form: Locator) -> Locator:
    return form.locator(".ld-lines")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_task_is_solved_by_keyboard_alone_across_a_kernel_restart(page: Page, learner: Desk, lang: Lang) -> None:
    open_lesson(page, learner, lesson(lang))
    before = notebook_json(page)
    form = question(page, TASK.id)

    tab_to(page, task=TASK.id, key="menu")
    page.keyboard.press("Enter")
    page.keyboard.type("8")
    expect(lines(form)).to_contain_text({"en": "Operator number:", "zh": "操作员号："}[lang])
    page.keyboard.type("02")
    page.keyboard.press("Enter")
    page.keyboard.type("26")
    expect(lines(form)).to_have_text({"en": "Operator password: **", "zh": "操作员密码：**"}[lang])

    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    expect(form.locator(".ld-save")).to_contain_text({"en": "As you left it at", "zh": "已恢复到您在"}[lang], timeout=PATIENCE)
    wait_alive(page)
    expect(lines(form)).to_have_text({"en": "Operator password: **", "zh": "操作员密码：**"}[lang])

    tab_to(page, task=TASK.id, role="application")
    page.keyboard.type("02")
    page.keyboard.press("Enter")
    expect(lines(form)).to_contain_text({"en": "Operator logged on", "zh": "操作员已登录"}[lang])
    page.keyboard.type("1850")
    page.keyboard.press("Enter")
    tab_to(page, task=TASK.id, move="card-good")
    page.keyboard.press("Space")
    expect(form.locator(".ld-paper")).to_contain_text("¥18.50")
    tab_to(page, task=TASK.id, css="ld-check")
    page.keyboard.press("Enter")

    expect(form.locator(".ld-say")).to_have_text(word("task-done", lang, all=3))
    assert score_task(TASK, recorded(learner), TaskDevice(TASK, "", lang, None, lambda: NOON).variant).share == 1
    assert {json.loads(line)["lang"] for line in learner.records()} == {lang}
    assert notebook_json(page) == before


def test_keys_typed_on_the_terminal_do_not_reach_the_notebook(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    before = notebook_json(page)
    form = question(page, TASK.id)
    tab_to(page, task=TASK.id, role="application")

    for key in ("d", "d", "a", "b", "x", "0", "0", "Enter", "Escape", "d", "d", "Backspace", "7"):
        page.keyboard.press(key)
    tab_to(page, task=TASK.id, key="5")
    for key in ("d", "d", "Escape", "d", "d", "m", "4"):
        page.keyboard.press(key)

    expect(lines(form)).to_have_text("Amount ¥0.04")
    assert notebook_json(page) == before
    assert focus(page)["role"] == "application"


def test_after_a_click_on_a_key_typing_and_enter_go_on_at_the_display(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    form = question(page, "second-shift")

    form.locator("[data-key='5']").click()
    page.keyboard.type("00")
    page.keyboard.press("Enter")

    expect(lines(form)).to_have_text("Amount ¥5.00. Present card.")


def test_fast_typing_arrives_whole_and_in_order(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    form = question(page, TASK.id)
    form.locator(".ld-screen").focus()

    page.keyboard.type("123456789", delay=5)

    expect(lines(form)).to_have_text("Amount ¥1234567.89")
    assert [one["key"] for one in recorded(learner)] == list("123456789")


def test_an_unsaved_step_is_told_in_red_when_the_kernel_is_gone(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    form = question(page, TASK.id)

    form.locator("[data-key='menu']").click()

    expect(form.locator(".ld-save[data-state=failed]")).to_contain_text("Not saved", timeout=20_000)
    assert learner.records() == []


def work_a_little(page: Page) -> None:
    """A receipt, a lit lamp, a failed check, a hint and a dark display, so that every colour is on the page."""
    free = question(page, "")
    free.locator("select").select_option("tampered")
    expect(lines(free)).to_contain_text("H90")
    for form in page.locator("form.ld-terminal").all():
        if form.get_attribute("data-question"):
            form.locator("[data-key='7']").click()
            form.locator(".ld-actions button").nth(2).click()
            form.locator(".ld-check").click()
            expect(form.locator(".ld-results")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_terminal_has_no_accessibility_faults_in_light_and_dark(page: Page, learner: Desk, lang: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 9_000})
    open_lesson(page, learner, lesson(lang))
    work_a_little(page)

    for theme in THEMES:
        use_theme(page, theme)
        result = axe(page, "form.lockdesk")

        assert faults(result) == {}, theme
        assert contrasts(result) > 150


def test_lamps_display_and_receipt_are_there_for_a_screen_reader(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    form = question(page, "")

    form.locator("select").select_option("offline-sales")

    expect(form.get_by_role("list", name="Lamps").get_by_role("listitem")).to_have_text(
        ["Power on", "Network on", "Not sent on", "Alarm off"]
    )
    expect(form.get_by_role("group", name="Keypad").get_by_role("button")).to_have_count(15)
    expect(form.get_by_role("application").get_by_role("status")).to_have_attribute("class", "ld-lines")
    expect(form.get_by_role("group", name="Last receipt").get_by_role("status")).to_have_text("Nothing printed yet.")


def test_keys_are_large_enough_and_the_page_fits_at_768(page: Page, learner: Desk) -> None:
    page.set_viewport_size({"width": 768, "height": 1000})
    open_lesson(page, learner, lesson("zh"))
    form = question(page, "")

    boxes = [key.bounding_box() for key in form.locator(".ld-key").all()]
    overflow = form.evaluate("form => form.scrollWidth - form.clientWidth")

    assert min(min(box["width"], box["height"]) for box in boxes if box) >= 44
    assert overflow <= 0
