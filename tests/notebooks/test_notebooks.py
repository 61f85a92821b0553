"""Every notebook of the course runs clean from top to bottom, in its own kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"), key=str)
LIVING = [
    path for path in NOTEBOOKS if ".ipynb_checkpoints" not in path.parts and '"cell_type": "code"' in path.read_text(encoding="utf-8")
]
SHELVES = {name: [path for path in LIVING if path.parent.name == name] for name in ("notebooks", "en", "zh")}


@pytest.mark.parametrize("shelf", [pytest.param(name, marks=pytest.mark.xdist_group(f"notebooks-{name}")) for name in SHELVES])
def test_notebooks_run_without_an_error_or_a_notice(shelf: str, tmp_path: Path) -> None:
    """One run for all notebooks of a language, for most of the time goes into starting pytest; each still gets its own kernel."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-c", os.devnull, "-p", "no:cacheprovider", "-q", *map(str, SHELVES[shelf])]

    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, env=dict(os.environ) | {"LOCKDESK_ANSWERS_DIR": str(tmp_path)}
    )

    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout
    assert list(tmp_path.iterdir()) == []


def test_every_notebook_with_code_stands_on_a_shelf() -> None:
    assert sorted(path for shelf in SHELVES.values() for path in shelf) == sorted(LIVING)
    assert all(SHELVES.values())
