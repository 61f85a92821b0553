"""A support call in JupyterLab: by keyboard alone, across a restart and a reload, in both languages and themes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.desk import COURSE, PATIENCE, Desk, desk, notebook_json, open_lesson, question, wait_alive
from browser.test_axe import TALL, THEMES, axe, contrasts, faults, use_theme
from builders import code, notebook, prose, write_json
from lockdesk.cases import Case, acts, draw, ticket_lists, variant_for
from lockdesk.cases.reading import read_cases
from lockdesk.place import learner_name
from lockdesk.proofs import play_listed
from lockdesk.text import HTML_LANG, Lang
from lockdesk.widgets.desk_words import say

CASES = read_cases(COURSE / "notebooks/cases")
NOODLES, VIDEO = CASES["operator-three-at-noon"], CASES["after-the-video"]
TRIAL = "98-trial"
each_lang = pytest.mark.parametrize("lang", ["en", "zh"])
Doing = dict[str, Any]


@pytest.fixture(scope="module")
def call_desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk on a course with a notebook of two calls in each language."""
    course = tmp_path_factory.mktemp("calls") / "course"
    for folder in ("notebooks", "labconfig", "share"):
        shutil.copytree(COURSE / folder, course / folder, ignore=shutil.ignore_patterns("answers.jsonl", ".ipynb_checkpoints"))
    cells = [code(f"case-{name}", f'from lockdesk import case\ncase("{name}")') for name in (NOODLES.id, VIDEO.id)]
    trial = notebook(TRIAL, prose("title", "# Two calls · 两通来电"), *cells)
    trial["metadata"]["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    for lang in ("en", "zh"):
        write_json(course / f"notebooks/{lang}/{TRIAL}.ipynb", trial)
    with desk(tmp_path_factory.mktemp("desk"), course=course) as running:
        yield running


@pytest.fixture
def caller(call_desk: Desk) -> Desk:
    """The desk with an empty record and no kernel left over."""
    call_desk.end_sessions()
    (call_desk.answers / "answers.jsonl").unlink(missing_ok=True)
    return call_desk


def open_calls(page: Page, desk: Desk, lang: str = "en") -> None:
    open_lesson(page, desk, f"notebooks/{lang}/{TRIAL}.ipynb")


def doings(case: Case, name: str = "model") -> list[Doing]:
    """A listed play, ticket included, as this machine's learner would record it."""
    listed = next(play for play in (case.solution, *case.paths, *case.mistakes) if play.id == name)
    played = play_listed(draw(case, variant_for(case, learner_name(os.environ))), listed)
    plain = [msgspec.to_builtins(row.act) for row in played.rows]
    return [{name: value for name, value in one.items() if value not in ("", None)} for one in plain]


def answers(desk: Desk) -> list[Any]:
    return [json.loads(line)["answer"] for line in desk.records()]


# ---- by keyboard

WHERE = """([id, css]) => {
  const to = document.querySelector(`form.lockdesk[data-question="${id}"]`).querySelector(css), at = document.activeElement;
  if (!to) return "nowhere";
  if (to === at) return "there";
  return at.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_FOLLOWING ? "Tab" : "Shift+Tab";
}"""


def steer(page: Page, case: Case, css: str, most: int = 150) -> None:
    """Give what `css` names the focus, by Tab or Shift+Tab alone."""
    for _ in range(most):
        found = page.evaluate(WHERE, [case.id, css])
        if found == "there":
            return
        assert found != "nowhere", css
        page.keyboard.press(found)
    raise AssertionError(f"{most} times Tab, and {css} has no focus")


def pick_tab(page: Page, case: Case, row: int, name: str) -> None:
    """Choose a tab of the look-ups (row 0) or of the groups of acts (row 1) by the arrow keys."""
    tablist = question(page, case.id).locator("[role=tablist]").nth(row)
    ids = tablist.locator("[role=tab]").evaluate_all("all => all.map(one => one.id)")
    wanted = next(number for number, one in enumerate(ids) if one.endswith(f"-{name}"))
    now = tablist.locator("[role=tab]").evaluate_all("all => all.findIndex(one => one.ariaSelected === 'true')")
    steer(page, case, f"#{ids[now]}")
    for _ in range(abs(wanted - now)):
        page.keyboard.press("ArrowRight" if wanted > now else "ArrowLeft")
    expect(page.locator(f"#{ids[wanted]}")).to_be_focused()


def type_act(page: Page, case: Case, doing: Doing) -> None:
    """One act, by keyboard, waited for until it is saved."""
    form = question(page, case.id)
    before = form.locator(".ld-line").count()
    kind = acts()[doing["act"]]
    if kind.group == "look":
        pick_tab(page, case, 0, kind.id)
        steer(page, case, f"[data-act='{kind.id}']")
    else:
        pick_tab(page, case, 1, kind.group)
        if kind.device and form.locator(".ld-terminal select").input_value() != doing["on"]:
            pick_terminal(page, case, doing["on"])
        steer(page, case, f"[data-act='{kind.id}']")
        if "arg" in doing:
            page.keyboard.press("Enter")
            steer(page, case, f"[data-act='{kind.id}:{doing['arg']}']")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "([id, n]) => document.querySelectorAll(`form[data-question='${id}'] .ld-line`).length > n", arg=[case.id, before]
    )
    expect(form.locator(".ld-save[data-state=saved]")).to_be_visible()


def pick_terminal(page: Page, case: Case, serial: str) -> None:
    steer(page, case, ".ld-terminal select")
    select = question(page, case.id).locator(".ld-terminal select")
    shown = select.locator("option").evaluate_all("all => all.map((one) => one.value)")
    away = shown.index(serial) - shown.index(select.input_value())
    for _ in range(abs(away)):
        page.keyboard.press("ArrowDown" if away > 0 else "ArrowUp")


def type_ticket(page: Page, case: Case, ticket: Doing) -> None:
    steer(page, case, ".ld-ticket summary")
    page.keyboard.press("Enter")
    for number, (name, rows) in enumerate(ticket_lists().items()):
        steer(page, case, f".ld-ticket .ld-pair:nth-of-type({number + 1}) select")
        for _ in range([row.key for row in rows].index(ticket[name]) + 1):
            page.keyboard.press("ArrowDown")
    steer(page, case, ".ld-ticket input")
    page.keyboard.insert_text(f"{ticket['amount']:,.2f}")
    steer(page, case, ".ld-ticket .ld-check")
    page.keyboard.press("Enter")


def restart(page: Page) -> None:
    page.evaluate("() => { for (const form of document.querySelectorAll('form.lockdesk')) form.dataset.old = 'true'; }")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    page.wait_for_function("() => document.querySelectorAll('form.lockdesk[data-ready]:not([data-old])').length === 2", timeout=PATIENCE)


def said(page: Page, case: Case) -> list[str]:
    return question(page, case.id).locator(".ld-line").all_inner_texts()


@each_lang
@pytest.mark.parametrize("case", [NOODLES], ids=lambda case: case.id)
def test_a_call_is_solved_by_keyboard_across_a_restart_and_a_reload(page: Page, caller: Desk, lang: Lang, case: Case) -> None:
    open_calls(page, caller, lang)
    before = notebook_json(page)
    played = doings(case)
    third = len(played) // 3

    for doing in played[:third]:
        type_act(page, case, doing)
    heard = said(page, case)
    restart(page)
    expect(question(page, case.id).locator(".ld-line")).to_have_count(len(heard))
    assert said(page, case) == heard
    for doing in played[third : 2 * third]:
        type_act(page, case, doing)
    heard = said(page, case)
    page.reload()
    wait_alive(page)
    assert said(page, case) == heard
    for doing in played[2 * third : -1]:
        type_act(page, case, doing)
    type_ticket(page, case, played[-1]["ticket"])

    expect(question(page, case.id).locator(".ld-percent")).to_have_text(say("percent", lang, percent="100", count=1))
    assert answers(caller) == played
    assert {json.loads(line)["lang"] for line in caller.records()} == {lang}
    assert notebook_json(page) == before


def test_the_focus_goes_to_the_debrief_and_back_to_the_call(page: Page, caller: Desk) -> None:
    open_calls(page, caller)
    before = notebook_json(page)
    give(page, caller, NOODLES, doings(NOODLES)[:-1])
    type_ticket(page, NOODLES, doings(NOODLES)[-1]["ticket"])
    form = question(page, NOODLES.id)

    expect(form.locator(".ld-percent")).to_be_focused()
    page.keyboard.type("ddx")
    steer(page, NOODLES, ".ld-debrief .ld-check")
    page.keyboard.press("Enter")
    expect(form.locator(".ld-talk")).to_be_focused()
    page.keyboard.type("ddx")

    expect(form.locator(".ld-line")).to_have_count(1)
    assert notebook_json(page) == before


def test_keys_typed_in_a_call_never_reach_the_notebook(page: Page, caller: Desk) -> None:
    open_calls(page, caller)
    before = notebook_json(page)
    pick_tab(page, NOODLES, 0, "view-host")
    for css in (".ld-systems [aria-selected=true]", ".ld-systems [data-act]", ".ld-panel", ".ld-talk", ".ld-acts [data-act]", "summary"):
        steer(page, NOODLES, css)
        page.keyboard.type("ddxbazm")
    page.keyboard.press("Enter")
    steer(page, NOODLES, ".ld-ticket input")
    page.keyboard.type("ddxb")

    assert notebook_json(page) == before
    expect(question(page, NOODLES.id).locator(".ld-ticket input")).to_have_value("ddxb")
    assert caller.records() == []


# ---- by mouse


def give(page: Page, desk: Desk, case: Case, played: list[Doing]) -> None:
    """Some acts by mouse; a ticket among them closes the call."""
    form = question(page, case.id)
    for doing in played:
        count = len(desk.records())
        if doing["act"] == "ticket":
            if form.locator(".ld-ticket:not([open])").count():
                form.locator(".ld-ticket summary").click()
            for name, select in zip(ticket_lists(), form.locator(".ld-ticket select").all(), strict=True):
                select.select_option(doing["ticket"][name])
            form.locator(".ld-ticket input").fill(str(doing["ticket"]["amount"]))
            form.locator(".ld-ticket .ld-check").click()
            expect(form.locator(".ld-debrief")).to_be_visible()
        else:
            kind = acts()[doing["act"]]
            form.locator(f"[role=tab][id$='-{kind.id if kind.group == 'look' else kind.group}']").click()
            form.locator(f"[data-act='{kind.id}']").click()
            if "arg" in doing:
                form.locator(f"[data-act='{kind.id}:{doing['arg']}']").click()
        expect_recorded(page, desk, count + 1)


def expect_recorded(page: Page, desk: Desk, count: int) -> None:
    for _ in range(200):
        if len(desk.records()) >= count:
            page.wait_for_timeout(60)
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"{len(desk.records())} lines are recorded; wanted: {count}.")


def test_a_wrong_play_shows_what_was_missing_and_another_try_begins_afresh(page: Page, caller: Desk) -> None:
    open_calls(page, caller)
    form = question(page, NOODLES.id)

    give(page, caller, NOODLES, doings(NOODLES, "reboot-and-hope"))

    missing = form.locator(".ld-score[data-mark=wrong]")
    assert missing.count() > 3
    assert missing.evaluate_all("all => all.every(one => one.open)")
    assert not form.locator(".ld-score[data-mark=right][open]").count()
    expect(form.locator(".ld-percent")).to_have_text(say("percent", "en", percent="12.93", count=1))
    expect(form.locator(".ld-do")).to_be_hidden()

    form.get_by_role("button", name=say("again", "en")).click()
    expect(form.locator(".ld-debrief")).to_be_hidden()
    expect(form.locator(".ld-line")).to_have_count(1)
    expect(form.locator(".ld-clock")).to_have_text(say("clock", "en", minute=0))
    give(page, caller, NOODLES, doings(NOODLES))
    expect(form.locator(".ld-percent")).to_have_text(say("percent", "en", percent="100", count=2))


def test_a_ticket_with_an_open_field_says_so_and_keeps_what_was_filled_in(page: Page, caller: Desk) -> None:
    open_calls(page, caller)
    form = question(page, NOODLES.id)
    form.locator(".ld-ticket summary").click()
    form.locator(".ld-ticket select").first.select_option("L3")

    form.locator(".ld-ticket .ld-check").click()
    expect(form.locator(".ld-ticket .ld-say")).to_have_text(say("incomplete", "en"))
    give(page, caller, NOODLES, [{"act": "ask-screen"}])

    expect(form.locator(".ld-ticket select").first).to_have_value("L3")
    assert answers(caller) == [{"act": "ask-screen"}]


def test_an_act_on_a_terminal_asks_for_one_first(page: Page, caller: Desk) -> None:
    open_calls(page, caller)
    form = question(page, NOODLES.id)
    form.locator("[role=tab][id$='-verify']").click()

    form.locator("[data-act=match-record]").press("Enter")  # it says why it cannot be done yet, so it can be reached

    expect(form.locator(".ld-console > .ld-say")).to_have_text(say("no-terminal", "en"))
    assert caller.records() == []


def test_two_tabs_stay_in_step(page: Page, caller: Desk) -> None:
    open_calls(page, caller)
    give(page, caller, NOODLES, doings(NOODLES)[:2])
    other = page.context.new_page()
    open_calls(other, caller)
    expect(question(other, NOODLES.id).locator(".ld-line")).to_have_count(5)

    give(other, caller, NOODLES, doings(NOODLES)[2:4])
    expect(question(page, NOODLES.id).locator(".ld-line")).to_have_count(9)
    assert said(page, NOODLES) == said(other, NOODLES)
    give(page, caller, NOODLES, doings(NOODLES)[4:])

    expect(question(other, NOODLES.id).locator(".ld-percent")).to_have_text(say("percent", "en", percent="100", count=1))
    question(other, NOODLES.id).get_by_role("button", name=say("again", "en")).click()
    expect(question(page, NOODLES.id).locator(".ld-line")).to_have_count(1)


# ---- how it looks


@each_lang
def test_a_call_has_no_accessibility_faults_in_light_and_dark(page: Page, caller: Desk, lang: Lang) -> None:
    page.set_viewport_size(TALL)
    open_calls(page, caller, lang)
    give(page, caller, NOODLES, [*doings(NOODLES)[:4], {"act": "view-tms"}])
    question(page, NOODLES.id).locator(".ld-ticket summary").click()
    question(page, VIDEO.id).locator("[role=tab][id$='-verify']").click()
    question(page, VIDEO.id).locator("[data-act=call-back]").click()

    for moment in ("open", "closed"):
        for theme in THEMES:
            use_theme(page, theme)
            result = axe(page, "form.ld-case")
            assert faults(result) == {}, (moment, theme)
            assert contrasts(result) > 60, (moment, theme)
        if moment == "open":
            give(page, caller, NOODLES, doings(NOODLES, "reset-for-the-cashier")[-1:])
    assert question(page, NOODLES.id).get_attribute("lang") == HTML_LANG[lang]


@each_lang
@pytest.mark.parametrize("width", [1280, 768])
def test_nothing_runs_over_the_edge(page: Page, caller: Desk, lang: Lang, width: int, look: Callable[[str], None]) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    open_calls(page, caller, lang)
    form = question(page, VIDEO.id)
    give(page, caller, VIDEO, [*doings(VIDEO)[:12], {"act": "view-devices"}, {"act": "view-tms"}, {"act": "view-host"}])
    form.locator("[role=tab][id$='-verify']").click()
    form.locator("[data-act=call-back]").click()
    form.locator(".ld-ticket summary").click()

    assert over_the_edge(form) == []
    look(f"{lang}-{width}-open")
    give(page, caller, VIDEO, doings(VIDEO, "one-approval-is-enough")[-1:])
    assert over_the_edge(form) == []
    look(f"{lang}-{width}-debrief")


def over_the_edge(form: Locator) -> list[str]:
    """What is wider than its place."""
    found: list[str] = form.evaluate(
        """form => [form, ...form.querySelectorAll("*")].filter((one) => one.checkVisibility() && getComputedStyle(one).display !== "inline"
           && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && one.tagName !== "SELECT")
           .map((one) => one.outerHTML.slice(0, 90))"""
    )
    return found


@pytest.fixture
def look(page: Page, request: pytest.FixtureRequest) -> Callable[[str], None]:
    folder = os.environ.get("LOCKDESK_LOOK")

    def save(name: str) -> None:
        if folder:
            page.set_viewport_size({"width": page.viewport_size["width"], "height": 4200})  # type: ignore[index]
            for theme in THEMES:
                use_theme(page, theme)
                question(page, VIDEO.id).screenshot(path=Path(folder) / f"{name}-{theme.split()[-1].lower()}.png")

    return save
