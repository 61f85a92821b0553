"""A learner works through lesson 01 in JupyterLab, as learners do."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.desk import COURSE, PATIENCE, Desk, desk, notebook_json, open_lesson, question, wait_alive
from lockdesk.answers import decode
from lockdesk.bank import read_questions
from lockdesk.questions import Match, Multi, Number, Order, Question, Single, Written, right_keys

LESSON = "01-what-is-locked"
QUESTIONS = read_questions(COURSE / "notebooks" / "questions" / f"{LESSON}.toml").questions
FIRST = next(iter(QUESTIONS))
WRITING = {"en": "I cannot give out a code. Please read me the words on the screen.", "zh": "密码我不能提供，请您念一下屏幕上的原话。"}
RIGHT = {"en": "Right.", "zh": "回答正确。"}


def lesson(lang: str) -> str:
    return f"notebooks/{lang}/{LESSON}.ipynb"


def focused(page: Page) -> Any:
    """The question, the part and the sort of what has the keyboard's focus."""
    return page.evaluate(
        """() => { const e = document.activeElement; const f = e.closest("form.lockdesk");
        return {question: f?.dataset.question ?? null, tag: e.tagName, type: e.type ?? "", value: e.value ?? "",
                step: e.closest("li")?.key ?? null, up: e.closest("li")?.up === e, css: e.className}; }"""
    )


def tab_until(page: Page, wanted: Any, key: str = "Tab", most: int = 80) -> Any:
    for _ in range(most):
        now = focused(page)
        if wanted(now):
            return now
        page.keyboard.press(key)
    raise AssertionError(f"{most} times {key}, and the focus is at {focused(page)}")


def answer_by_keyboard(page: Page, item: Question, lang: str) -> None:
    tab_until(page, lambda at: at["question"] == item.id)
    match item:
        case Single():
            keys = [option.key for option in item.options]
            page.keyboard.press("Space")
            for _ in range(keys.index(*right_keys(item))):
                page.keyboard.press("ArrowDown")
        case Multi():
            for option in item.options:
                if option.correct:
                    page.keyboard.press("Space")
                page.keyboard.press("Tab")
        case Order():
            for place, step in enumerate(item.steps):
                shown = question(page, item.id).locator("li").evaluate_all("items => items.map(item => item.key)")
                steer_to_up(page, shown, step.key)
                for _ in range(shown.index(step.key) - place):
                    page.keyboard.press("Enter")
        case Match():
            options = question(page, item.id).locator("select").first.locator("option").evaluate_all("all => all.map(one => one.value)")
            for pair in item.items:
                for _ in range(options.index(pair.target)):
                    page.keyboard.press("ArrowDown")
                page.keyboard.press("Tab")
        case Number():
            page.keyboard.type(f"{item.answer:g}")
        case Written():
            page.keyboard.insert_text(WRITING[lang])
    tab_until(page, lambda at: at["css"] == "ld-check")
    page.keyboard.press("Enter")


def steer_to_up(page: Page, shown: list[str], key: str) -> None:
    """From any button of the list to the up button of `key`, by Tab or Shift+Tab."""
    at = focused(page)
    behind = shown.index(at["step"]) > shown.index(key) or (at["step"] == key and not at["up"])
    tab_until(page, lambda now: now["step"] == key and now["up"], "Shift+Tab" if behind else "Tab")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lesson_is_done_from_first_to_last_question_by_keyboard_alone(page: Page, learner: Desk, lang: str) -> None:
    open_lesson(page, learner, lesson(lang))
    before = notebook_json(page)

    for item in QUESTIONS.values():
        answer_by_keyboard(page, item, lang)
        form = question(page, item.id)
        expect(form.locator(".ld-save[data-state=saved]")).to_be_visible()
        if isinstance(item, Written):
            expect(form.locator("blockquote")).to_have_text(item.sample[lang])  # type: ignore[index]
        else:
            expect(form.locator(".ld-say")).to_have_text(RIGHT[lang])

    assert [json.loads(line)["q"] for line in learner.records()] == list(QUESTIONS)
    assert {json.loads(line)["lang"] for line in learner.records()} == {lang}
    assert notebook_json(page) == before


def choose(form: Locator, key: str) -> None:
    form.locator(f"input[value='{key}']").check()


def test_a_wrong_choice_shows_its_reason_under_the_option_and_nothing_else(page: Page, learner: Desk) -> None:
    item = QUESTIONS[FIRST]
    assert isinstance(item, Single)
    wrong = next(option for option in item.options if not option.correct)
    open_lesson(page, learner, lesson("en"))
    form = question(page, FIRST)

    choose(form, wrong.key)
    form.get_by_role("button", name="Check").click()

    row = form.locator(".ld-row", has=page.locator(f"input[value='{wrong.key}']"))
    expect(row.locator(".ld-reason")).to_contain_text(wrong.why.en)
    expect(form.locator(".ld-reason:visible")).to_have_count(1)
    expect(form.get_by_role("status").first).to_have_text("Not yet. Read the reason, then try again.")


def test_the_right_answers_are_not_in_the_page_before_they_are_shown(page: Page, learner: Desk) -> None:
    received: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(str(frame))))

    open_lesson(page, learner, lesson("en"))

    everything = page.content() + "".join(received)
    for item in QUESTIONS.values():
        hidden = [part.why.en for part in getattr(item, "options", ())] + ([item.sample.en] if isinstance(item, Written) else [])
        assert item.prompt.en in everything
        assert [text for text in hidden if text in everything] == []


def answer_first_right(page: Page) -> None:
    item = QUESTIONS[FIRST]
    assert isinstance(item, Single)
    choose(question(page, FIRST), *right_keys(item))
    question(page, FIRST).locator(".ld-check").click()
    expect(question(page, FIRST).locator(".ld-save[data-state=saved]")).to_be_visible()


def expect_first_restored(page: Page) -> None:
    item = QUESTIONS[FIRST]
    assert isinstance(item, Single)
    form = question(page, FIRST)
    expect(form.locator(f"input[value='{next(iter(right_keys(item)))}']")).to_be_checked(timeout=PATIENCE)
    expect(form.locator(".ld-save")).to_contain_text("Your answer of")
    expect(form.locator(".ld-say")).to_have_text("Right.")


def test_answers_are_restored_after_a_kernel_restart_without_a_click(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    answer_first_right(page)

    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")

    expect_first_restored(page)


def test_answers_are_restored_after_a_page_reload(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    answer_first_right(page)

    page.reload()
    wait_alive(page)

    expect_first_restored(page)


def test_a_second_tab_shows_the_answers_and_both_stay_in_step(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    answer_first_right(page)
    second = list(QUESTIONS)[1]
    item = QUESTIONS[second]
    assert isinstance(item, Multi)
    other = page.context.new_page()

    open_lesson(other, learner, lesson("en"))
    expect_first_restored(other)
    for key in right_keys(item):
        choose(question(other, second), key)
    question(other, second).locator(".ld-check").click()
    expect(question(other, second).locator(".ld-say")).to_have_text("Right.")

    expect(question(page, second).locator(".ld-say")).to_have_text("Right.")
    for key in right_keys(item):
        expect(question(page, second).locator(f"input[value='{key}']")).to_be_checked()


def test_killing_the_kernel_while_answering_loses_nothing_acknowledged(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    answer_first_right(page)
    second = question(page, list(QUESTIONS)[1])
    second.locator("input").first.check()

    second.locator(".ld-check").click(no_wait_after=True)
    killed = learner.kernels()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    page.get_by_role("dialog").get_by_role("button", name="Ok").click(timeout=PATIENCE)

    expect_first_restored(page)
    assert killed
    first, *_ = learner.records()
    assert decode(first.encode()).q == FIRST
    second.locator("input").first.check()  # what was on its way when the kernel died may be there or not
    second.locator(".ld-check").click()
    expect(second.locator(".ld-save[data-state=saved]")).to_be_visible()


def test_an_unsaved_answer_is_told_in_red_when_the_kernel_is_gone(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    choose(question(page, FIRST), QUESTIONS[FIRST].options[0].key)  # type: ignore[union-attr]
    question(page, FIRST).locator(".ld-check").click()

    expect(question(page, FIRST).locator(".ld-save[data-state=failed]")).to_contain_text("Not saved", timeout=20_000)
    assert learner.records() == []


def test_a_record_that_is_not_ours_is_told_and_left_as_it_is(page: Page, learner: Desk) -> None:
    foreign = learner.answers / "answers.jsonl"
    foreign.write_text("dear diary\n")
    open_lesson(page, learner, lesson("en"))

    choose(question(page, FIRST), QUESTIONS[FIRST].options[0].key)  # type: ignore[union-attr]
    question(page, FIRST).locator(".ld-check").click()

    expect(question(page, FIRST).locator(".ld-save[data-state=failed]")).to_contain_text("not an answer record of this course")
    assert foreign.read_text() == "dear diary\n"


def test_a_folder_that_is_gone_is_told_and_nothing_is_shown_as_saved(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("zh"))
    away = learner.answers.rename(learner.answers.with_name("away"))
    try:
        choose(question(page, FIRST), QUESTIONS[FIRST].options[0].key)  # type: ignore[union-attr]
        question(page, FIRST).locator(".ld-check").click()

        expect(question(page, FIRST).locator(".ld-save[data-state=failed]")).to_contain_text("未保存")
        expect(question(page, FIRST).locator(".ld-save[data-state=saved]")).to_have_count(0)
    finally:
        away.rename(learner.answers)


def compose(page: Page, text: str) -> None:
    """Compose `text` as an input method does, without committing it."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def test_a_chinese_composition_is_neither_cut_short_nor_saved_half(page: Page, learner: Desk) -> None:
    written = next(question_id for question_id, item in QUESTIONS.items() if isinstance(item, Written))
    open_lesson(page, learner, lesson("zh"))
    area = question(page, written).locator("textarea")
    area.focus()

    compose(page, "qing'nin")
    page.wait_for_timeout(2600)  # longer than the pause after which a text saves itself
    held = area.input_value()
    saved_meanwhile = learner.records()
    page.keyboard.insert_text("请您念一下屏幕")
    expect(question(page, written).locator(".ld-save[data-state=saved]")).to_be_visible()

    assert held == "qing'nin"
    assert saved_meanwhile == []
    assert area.input_value() == "请您念一下屏幕"
    assert json.loads(learner.records()[-1])["answer"] == "请您念一下屏幕"


def test_enter_inside_a_composition_submits_nothing(page: Page, learner: Desk) -> None:
    number = next(question_id for question_id, item in QUESTIONS.items() if isinstance(item, Number))
    open_lesson(page, learner, lesson("zh"))
    field = question(page, number).locator("input")
    field.focus()

    compose(page, "san")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    page.keyboard.insert_text("３")
    before = question(page, number).locator(".ld-say").inner_text()
    page.keyboard.press("Enter")
    expect(question(page, number).locator(".ld-say")).not_to_have_text("")

    assert before == ""
    assert [json.loads(line)["answer"] for line in learner.records()] == [3]


def test_a_text_saves_itself_without_a_button(page: Page, learner: Desk) -> None:
    written = next(question_id for question_id, item in QUESTIONS.items() if isinstance(item, Written))
    open_lesson(page, learner, lesson("en"))

    question(page, written).locator("textarea").press_sequentially("Who is calling, please?")
    expect(question(page, written).locator(".ld-save[data-state=saved]")).to_be_visible()

    assert json.loads(learner.records()[-1])["answer"] == "Who is calling, please?"
    assert question(page, written).locator("blockquote").count() == 0


def test_the_front_page_follows_the_learner(page: Page, learner: Desk) -> None:
    page.goto(learner.url("notebooks/start.ipynb") + "?reset")
    table = page.locator("table.lockdesk-lessons:visible")
    expect(table).to_contain_text("Not started", timeout=PATIENCE)
    table.get_by_role("link", name="What is locked, and who may unlock it?").click()
    wait_alive_lesson(page)
    answer_first_right(page)

    page.get_by_role("tab", name="start.ipynb").click()

    expect(table).to_contain_text("Started: 1 of 12", timeout=PATIENCE)
    expect(table).to_contain_text("进行中：1/12")


def wait_alive_lesson(page: Page) -> None:
    page.wait_for_function(
        "count => document.querySelectorAll('form.lockdesk[data-ready]').length === count", arg=len(QUESTIONS), timeout=PATIENCE
    )


def test_a_faulty_question_is_told_in_its_cell_and_stops_no_other(page: Page, tmp_path: Path, course_copy: Path) -> None:
    file = course_copy / "notebooks" / "questions" / f"{LESSON}.toml"
    file.write_text(file.read_text().replace('kind = "single"', 'kind = "singel"', 1))
    with desk(tmp_path / "home", course=course_copy) as own:
        page.goto(own.url(lesson("en")) + "?reset")

        expect(page.locator(".lockdesk-notice").first).to_contain_text("'singel'; wanted: one of", timeout=PATIENCE)
        expect(page.locator(".lockdesk-notice")).to_have_count(1)
        expect(page.locator("form.lockdesk[data-ready]")).to_have_count(len(QUESTIONS) - 1)


def test_enter_in_a_number_field_checks_the_answer(page: Page, learner: Desk) -> None:
    number_id, item = next((key, item) for key, item in QUESTIONS.items() if isinstance(item, Number))
    open_lesson(page, learner, lesson("en"))

    question(page, number_id).get_by_label("Your answer").fill(f"{item.answer:g}")
    page.keyboard.press("Enter")

    expect(question(page, number_id).locator(".ld-say")).to_have_text("Right.")


def test_every_control_has_a_name_and_an_id_of_its_own(page: Page, learner: Desk) -> None:
    open_lesson(page, learner, lesson("en"))

    ids = page.eval_on_selector_all("form.lockdesk [id]", "all => all.map(one => one.id)")
    nameless = page.eval_on_selector_all(
        "form.lockdesk :is(input, select, textarea)",
        "all => all.filter(one => !one.labels.length || !one.labels[0].textContent.trim()).length",
    )

    assert len(ids) > len(QUESTIONS)
    assert len(set(ids)) == len(ids)
    assert nameless == 0
    for question_id, item in QUESTIONS.items():
        expect(question(page, question_id).get_by_role("group", name=item.prompt.en)).to_have_count(1)
