"""From a click to its feedback on the screen: a question of ours and plain ipywidgets RadioButtons, in one page."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

COURSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(COURSE / "tests"))

from browser.desk import PATIENCE, READY, desk, launch  # noqa: E402

ROUNDS = 30
PLAIN = """import ipywidgets
radio = ipywidgets.RadioButtons(options=["one", "two", "three"], value=None)
said = ipywidgets.HTML()
radio.observe(lambda change: setattr(said, "value", f"<p class='plain-said'>{change['new']}: not yet, read the reason.</p>"), "value")
ipywidgets.VBox([radio, said])"""
OURS = 'from lockdesk import quiz\nquiz("first-sentence-at-noon")'

# Each measures inside the page: from the click to the first change of the feedback's place, in ms.
WATCH = """
window.timed = (place, click) => new Promise((done) => {
  const seen = new MutationObserver(() => { seen.disconnect(); done(performance.now() - start); });
  seen.observe(place, {childList: true, subtree: true, characterData: true, attributes: true});
  const start = performance.now();
  click();
});
window.plainClick = (at) => {
  const box = document.querySelector(".widget-radio-box").closest(".jp-OutputArea-output");
  return window.timed(box.querySelector(".widget-html"), () => box.querySelectorAll("input")[at].click());
};
window.ourClick = (at) => {
  const form = document.querySelector("form.lockdesk");
  const row = form.querySelectorAll(".ld-row")[at];
  row.querySelector("input").click();
  return window.timed(row.querySelector(".ld-reason"), () => form.querySelector(".ld-check").click());
};
"""


def notebook() -> str:
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for name, source in (("plain", PLAIN), ("ours", OURS))
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def run(page: Page) -> tuple[list[float], list[float]]:
    """Times of our clicks and of plain ones, interleaved; the first two of each only warm up."""
    ours, plain = [], []
    for turn in range(ROUNDS + 2):
        plain.append(page.evaluate(f"() => plainClick({turn % 3})"))
        page.wait_for_timeout(60)
        ours.append(page.evaluate(f"() => ourClick({(0, 1, 3)[turn % 3]})"))
        page.wait_for_timeout(60)
    return ours[2:], plain[2:]


def ratio() -> float:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder, sync_playwright() as playwright:
        course = Path(folder) / "course"
        for part in ("notebooks", "labconfig", "share"):
            shutil.copytree(COURSE / part, course / part, ignore=shutil.ignore_patterns("answers.jsonl", ".ipynb_checkpoints"))
        (course / "notebooks" / "en" / "bench.ipynb").write_text(notebook())
        with desk(Path(folder) / "home", course=course) as own:
            page = launch(playwright).new_page(viewport={"width": 1280, "height": 1400})
            page.goto(own.url("notebooks/en/bench.ipynb") + "?reset")
            page.wait_for_function(
                "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'",
                timeout=PATIENCE,
            )
            page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
            page.wait_for_selector(READY, timeout=PATIENCE)
            page.wait_for_selector(".widget-radio-box")
            page.evaluate(f"() => {{ {WATCH} }}")
            ours, plain = run(page)
    return median(ours) / median(plain)
