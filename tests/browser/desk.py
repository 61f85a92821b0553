"""A learner's desk for tests: JupyterLab on the course as `make lab` starts it, and Chromium in front of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Locator, Page, Playwright

COURSE = Path(__file__).resolve().parents[2]
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
READY = "form.lockdesk[data-ready]"
PATIENCE = 60_000


def chromium() -> str | None:
    """The system's Chromium, if there is one."""
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=FLAGS)


class Desk:
    """A running JupyterLab. `answers` is the folder its learner's answers go to."""

    def __init__(self, port: int, answers: Path, log: Path) -> None:
        self.port = port
        self.answers = answers
        self.log = log

    def url(self, path: str, app: str = "lab/tree") -> str:
        return f"http://127.0.0.1:{self.port}/{app}/{path}"

    def kernels(self) -> list[int]:
        """The process ids of the running kernels."""
        found = subprocess.run(["pgrep", "-f", f"ipykernel_launcher.*{self.log.parent}"], capture_output=True, text=True, check=False)
        return [int(line) for line in found.stdout.split()]

    def end_sessions(self) -> None:
        """Shut every kernel down, so that the next test starts with a notebook that nobody has opened."""
        for session in json.load(urlopen(self.url("sessions", "api"))):
            urlopen(Request(self.url(f"sessions/{session['id']}", "api"), method="DELETE"))

    def records(self) -> list[str]:
        log = self.answers / "answers.jsonl"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@contextmanager
def desk(home: Path, role: str = "lab", course: Path = COURSE, **environment: str) -> Iterator[Desk]:
    """A desk of its own, with all its folders in `home`, ended by the handle it was started with."""
    answers = home / "answers"
    answers.mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"LOCKDESK_JUPYTER_HOME": str(home / "jupyter"), "LOCKDESK_ANSWERS_DIR": str(answers)} | environment
    command = [sys.executable, "-m", "lockdesk.server.start", role, "--no-browser", f"--ServerApp.port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    command += ["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=course, env=dict(os.environ) | settings, stdout=log, stderr=log)
        try:
            _wait_for(port, server)
            yield Desk(port, answers, home / "server.log")
        finally:
            end(server)


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server by its handle; one that does not stop when asked, for a kernel that hangs, is killed."""
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab ended with {server.returncode} before it listened.")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("JupyterLab did not listen within a minute.")


def open_lesson(page: Page, desk: Desk, path: str, app: str = "lab/tree") -> None:
    """Open a notebook and wait until every question in it is alive; nothing is clicked."""
    page.goto(desk.url(path, app) + ("?reset" if app == "lab/tree" else ""))
    wait_alive(page)


def wait_alive(page: Page) -> None:
    page.wait_for_selector(READY, timeout=PATIENCE)
    page.wait_for_function(
        "() => document.querySelectorAll('form.lockdesk[data-ready]').length"
        " === document.querySelectorAll('.jp-Notebook .jp-CodeCell').length",
        timeout=PATIENCE,
    )


def wait_idle(page: Page) -> None:
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=PATIENCE
    )


def question(page: Page, question_id: str) -> Locator:
    return page.locator(f"form.lockdesk[data-question='{question_id}']")


def notebook_json(page: Page) -> str:
    """The notebook as the front end holds it: its cells' ids and sources."""
    return str(
        page.evaluate(
            "() => JSON.stringify(window.jupyterapp.shell.currentWidget.context.model.toJSON()"
            ".cells.map((cell) => [cell.id, cell.cell_type, cell.source]))"
        )
    )
