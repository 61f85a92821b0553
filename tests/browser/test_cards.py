"""The printed cards: one A4 page each, legible in print and on the desk, and reached from the look-up page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser.desk import COURSE, PATIENCE, Desk
from browser.test_axe import axe, faults

A4_IN_POINTS = (595, 842)
each_card = pytest.mark.parametrize("card", [f"{lang}/card-{name}.html" for lang in ("en", "zh") for name in ("desk", "merchant")])


@each_card
def test_a_card_is_one_page_of_a4(page: Page, card: str) -> None:
    page.goto((COURSE / "notebooks" / card).as_uri())

    printed = page.pdf(prefer_css_page_size=True)

    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert len(boxes) == 1
    assert tuple(round(float(side)) for side in boxes[0]) == A4_IN_POINTS


@each_card
def test_a_card_has_no_accessibility_faults_and_small_print_is_not_too_small(page: Page, card: str) -> None:
    page.goto((COURSE / "notebooks" / card).as_uri())

    sizes = page.evaluate("[...document.querySelectorAll('main *')].map(one => parseFloat(getComputedStyle(one).fontSize) * 0.75)")

    assert faults(axe(page, "html")) == {}
    assert min(sizes) >= 7


@pytest.mark.parametrize(("lang", "link"), [("en", "The desk's card"), ("zh", "服务台卡片")])
def test_the_look_up_page_opens_the_card(page: Page, learner: Desk, lang: str, link: str) -> None:
    page.goto(learner.url(f"notebooks/{lang}/lookup.ipynb") + "?reset")
    page.get_by_role("link", name=link).click(timeout=PATIENCE)

    frame = page.frame_locator("iframe")

    expect(frame.locator("h1")).to_be_visible(timeout=PATIENCE)
    assert frame.locator("td").first.evaluate("cell => getComputedStyle(cell).fontSize") == frame.locator("li").first.evaluate(
        "item => getComputedStyle(item).fontSize"
    )


def test_the_address_a_card_is_printed_from_shows_it(page: Page, learner: Desk) -> None:
    page.goto(learner.url("notebooks/en/card-merchant.html", "files"))

    expect(page.locator("h1")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".tip")).to_be_hidden()
