"""One JupyterLab and one Chromium for a whole worker; a fresh context and record for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.desk import COURSE, Desk, chromium, desk, launch


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group(item.path.stem))  # a file shares its JupyterLab


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        said = "No Chromium on this machine, so nothing a person sees was tested (on Debian: apt install chromium)."
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def shared_desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture
def learner(shared_desk: Desk) -> Desk:
    """The shared desk with an empty record and no kernel left over."""
    shared_desk.end_sessions()
    (shared_desk.answers / "answers.jsonl").unlink(missing_ok=True)
    return shared_desk


# What Notebook 7.6.5 itself throws on every page, with our extension and without it; and Formgrader where there is no internet.
NOT_OURS = {
    "Cannot read properties of undefined (reading 'schema')",
    "Command 'filebrowser:open-path' not registered.",
    "MathJax is not defined",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when a script on it fails."""
    errors: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.goto("about:blank")
    context.close()
    assert [error for error in errors if error not in NOT_OURS] == []


@pytest.fixture
def course_copy(tmp_path: Path) -> Path:
    """A copy of the course that a test may spoil."""
    copy = tmp_path / "course"
    for folder in ("notebooks", "labconfig", "share"):
        shutil.copytree(COURSE / folder, copy / folder, ignore=shutil.ignore_patterns("answers.jsonl", ".ipynb_checkpoints"))
    return copy
