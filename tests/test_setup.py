"""A stranger clones the repository and types `make lab`: the whole of it, from an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab/tree/notebooks/start\.ipynb\?token=\w+")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone would hold: every file git knows or would add, in a folder with a space in its name."""
    clone = tmp_path_factory.mktemp("some where") / "locked terminals"
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    return clone


def start(clone: Path, most: float) -> tuple[str, float]:
    """The address that `make lab` prints, fetched once, and the seconds until it was printed."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    settings = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "VIRTUAL_ENV")}
    settings |= {"HOME": str(home), "JUPYTER_PORT": "0"}
    begun = time.monotonic()
    printed = clone.parent / "printed.txt"
    with printed.open("w") as sink:
        make = subprocess.Popen(["make", "lab"], cwd=clone, env=settings, stdout=sink, stderr=sink, start_new_session=True)
        try:
            while time.monotonic() - begun < most:
                if found := ADDRESS.search(printed.read_text()):
                    with urlopen(found[0]) as page:
                        assert page.status == 200
                    with pytest.raises(HTTPError, match="403"):
                        urlopen(re.sub(r"/lab/tree.*", "/api/contents", found[0]))
                    return found[0], time.monotonic() - begun
                assert make.poll() is None, printed.read_text()
                time.sleep(0.1)
            raise AssertionError(f"no address after {most} s:\n{printed.read_text()}")
        finally:
            os.killpg(make.pid, signal.SIGTERM)
            make.wait(30)


def test_make_lab_from_nothing_prints_the_address_and_a_second_start_takes_seconds(clone: Path) -> None:
    start(clone, 900)

    _, seconds = start(clone, 60)

    assert seconds < 20


def test_starting_leaves_the_persons_own_jupyter_folders_and_the_clone_untouched(clone: Path) -> None:
    start(clone, 900)

    home = clone.parent / "home"
    strange = [str(path.relative_to(home)) for path in home.rglob("*jupyter*")] + [
        str(path.relative_to(home)) for path in home.rglob(".ipython")
    ]
    made = {path.name for path in clone.iterdir()} - {path.name for path in ROOT.iterdir()}

    assert strange == []
    assert made <= {".venv", ".jupyter"}
