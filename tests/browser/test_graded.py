"""Graded calls and tasks on a page, and the feedback: driven in a browser without JupyterLab, the exercise in Python behind it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.test_axe import AXE, contrasts, faults
from builders import NOON, ONE_OF_EACH, REPOSITORY, played_assignment
from grading.test_feedback import TITLES, graded, part, perfect
from lockdesk.answers import AnswerLog
from lockdesk.grading.feedback import Given, feedback_page
from lockdesk.key import Key, read_key
from lockdesk.published import publish, recorded_in
from lockdesk.text import LANGS, Lang, word
from lockdesk.widgets.call import CaseWidget
from lockdesk.widgets.desk import CaseExercise
from lockdesk.widgets.device import TaskDevice
from lockdesk.widgets.handset import TerminalWidget
from lockdesk.widgets.sheet import Sheet

CALL, TASK = "small-call", "small-task"
STAGE = """async ([script, view]) => {
  const listeners = [];
  const state = { view, events: [] };
  const model = {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    on: (name, listener) => listeners.push(listener),
    off: (name, listener) => listeners.splice(listeners.indexOf(listener), 1),
    save_changes: async () => {
      state.view = await window.handle(state.events);
      [...listeners].forEach((listener) => listener());
    },
  };
  const { default: widget } = await import(script);
  widget.render({ model, el: document.querySelector("main") });
}"""


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return read_key(played_assignment(tmp_path_factory.mktemp("graded"), *ONE_OF_EACH.values()))


def stage(page: Page, exercise: CaseExercise | TaskDevice, script: str, style: str) -> None:
    """Show an exercise as JupyterLab would: events go to it, its views come back."""
    acks: dict[str, int] = {}

    def view() -> dict[str, Any]:
        return dict(json.loads(json.dumps(exercise.view()))) | {"acks": dict(acks), "by": ""}

    def handle(events: list[dict[str, Any]]) -> dict[str, Any]:
        for event in events:
            if event["n"] > acks.get(event["client"], 0):
                acks[event["client"]] = event["n"]
                exercise.handle(event["type"], event.get("answer"))
        return view()

    page.expose_function("handle", handle)
    page.set_content(f"<!DOCTYPE html><html lang=en><head><title>x</title><style>{style}</style></head><body><main></main></body></html>")
    address = "data:text/javascript;base64," + base64.b64encode(script.encode()).decode()
    page.evaluate(STAGE, [address, view()])
    page.locator("form[data-ready=true]").wait_for()


def test_a_graded_call_is_taken_to_its_ticket_and_its_language_switched(page: Page, key: Key, tmp_path: Path) -> None:
    log = AnswerLog(tmp_path / "answers.jsonl")
    sheet = Sheet(publish("small", key), "luo", "en", log, lambda: NOON)
    exercise = CaseExercise(sheet.published.case(CALL), "luo", "en", log, lambda: NOON, sheet)
    stage(page, exercise, str(CaseWidget._esm), str(CaseWidget._css))

    expect(page.locator(".ld-task")).to_contain_text(word("call-rules", "en"))
    page.locator("[data-act=ask-screen]").click()
    page.locator(".ld-ticket summary").click()
    for select in page.locator(".ld-ticket select").all():
        select.select_option(index=1)
    page.locator(".ld-lang").click()

    expect(page.locator("form")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".ld-task")).to_contain_text(word("call-rules", "zh"))
    assert [select.input_value() != "" for select in page.locator(".ld-ticket select").all()] == [True] * 5
    assert page.evaluate("document.activeElement.className") == "ld-lang"
    page.locator(".ld-ticket input").fill("0")
    page.locator(".ld-ticket .ld-check").click()

    expect(page.locator(".ld-ticket")).to_be_hidden()
    expect(page.locator(".ld-closed")).to_have_text(word("call-closed", "zh"))
    expect(page.locator(".ld-closed")).to_be_visible()
    expect(page.locator("[data-act]:visible")).to_have_count(0)
    expect(page.locator(".ld-debrief")).to_be_hidden()
    expect(page.locator(".ld-save")).to_contain_text(word("recorded-of", "zh", done=1, all=len(sheet.published.ids)))
    assert recorded_in(sheet.published, log.read().entries) == {CALL}
    assert page.evaluate("document.activeElement !== document.body")


def test_switching_the_language_of_a_call_keeps_where_one_is(page: Page, tmp_path: Path) -> None:
    key = read_key(REPOSITORY / "source/lock-types")
    sheet = Sheet(publish("lock-types", key), "luo", "en", None, lambda: NOON)
    exercise = CaseExercise(sheet.published.case("medicine-at-two-tills"), "luo", "en", None, lambda: NOON, sheet)
    stage(page, exercise, str(CaseWidget._esm), str(CaseWidget._css))
    for choose in ("[role=tab][id$=view-devices]", "[data-act=view-devices]", "[role=tab][id$=verify]", "[data-act=call-back]"):
        page.locator(choose).click()
    page.locator(".ld-terminal select").select_option(index=2)
    chosen = page.locator(".ld-terminal select").input_value()

    page.locator(".ld-lang").click()

    expect(page.locator("form")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".ld-terminal select")).to_have_value(chosen)
    selected = page.locator("[role=tab][aria-selected=true]").evaluate_all("all => all.map((one) => one.id)")
    assert [name.split("-", 3)[-1] for name in selected] == ["view-devices", "verify"]
    expect(page.locator("[data-act='call-back:on-file']")).to_be_visible()


def test_a_graded_terminal_is_handed_over_and_a_fresh_one_taken(page: Page, key: Key, tmp_path: Path) -> None:
    log = AnswerLog(tmp_path / "answers.jsonl")
    sheet = Sheet(publish("small", key), "luo", "en", log, lambda: NOON)
    exercise = TaskDevice(sheet.published.task(TASK), "luo", "en", log, lambda: NOON, sheet)
    stage(page, exercise, str(TerminalWidget._esm), str(TerminalWidget._css))
    hand_over = page.locator(".ld-check")

    expect(hand_over).to_have_text(word("hand-over", "en"))
    page.locator("[data-key=menu]").click()
    filled = hand_over.evaluate("one => getComputedStyle(one).backgroundColor")
    hand_over.click()

    expect(page.locator(".ld-say")).to_have_text(word("handed-over", "en", number=1))
    expect(hand_over).to_have_attribute("aria-disabled", "true")
    expect(hand_over).not_to_have_css("background-color", filled)
    expect(page.locator(".ld-results")).to_be_hidden()
    page.locator(".ld-over").click()
    page.locator("[data-key=menu]").click()
    expect(page.locator(".ld-say")).to_have_text(word("earlier-counts", "en", number=2))
    expect(hand_over).to_have_attribute("aria-disabled", "false")
    page.locator(".ld-lang").click()
    expect(hand_over).to_have_text(word("hand-over", "zh"))
    assert page.evaluate("document.activeElement.className") == "ld-lang"
    assert recorded_in(sheet.published, log.read().entries) == {TASK}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", ["call", "task"])
def test_a_graded_exercise_has_no_accessibility_faults(page: Page, key: Key, make: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    sheet = Sheet(publish("small", key), "luo", "en", None, lambda: NOON)
    if make == "call":
        stage(
            page,
            CaseExercise(sheet.published.case(CALL), "luo", "en", None, lambda: NOON, sheet),
            str(CaseWidget._esm),
            str(CaseWidget._css),
        )
    else:
        stage(
            page,
            TaskDevice(sheet.published.task(TASK), "luo", "en", None, lambda: NOON, sheet),
            str(TerminalWidget._esm),
            str(TerminalWidget._css),
        )
    page.evaluate(AXE)

    assert faults(dict(page.evaluate("axe.run('main')"))) == {}


# ---- the feedback


RECORDS: dict[str, Callable[[Key], list[Any]]] = {"part": part, "perfect": perfect, "blank": lambda key: []}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", [*LANGS, None])
@pytest.mark.parametrize("record", RECORDS)
def test_the_feedback_has_no_accessibility_faults_and_fits_a_telephone(
    page: Page, key: Key, record: str, lang: Lang | None, scheme: Any
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 12_000})
    exercises = graded(key, *RECORDS[record](key), say_it=Given(2, True, "1: 1 named\nGood " + "very" * 60))
    page.set_content(feedback_page(key.lesson, exercises, lang, TITLES))
    page.evaluate(AXE)
    result = dict(page.evaluate("axe.run(document)"))

    assert faults(result) == {}
    assert contrasts(result) > 20
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [url for url in asked if not url.startswith("about:")] == []
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 23, 27)"}[scheme]


def test_the_feedback_prints_black_on_white_whatever_the_screen(page: Page, key: Key) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.set_content(feedback_page(key.lesson, graded(key, *part(key)), "en", TITLES))

    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    ends = page.locator("h2, h3, h4").evaluate_all("all => all.map((one) => getComputedStyle(one).breakAfter)")
    assert set(ends) == {"avoid"}
