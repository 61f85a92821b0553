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


@pytest.mark.parametrize("path", LIVING, ids=lambda path: str(path.relative_to(ROOT)))
@pytest.mark.xdist_group("notebooks")
def test_a_notebook_runs_without_an_error_or_a_notice(path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-c", os.devnull, "-p", "no:cacheprovider", "-q", str(path)]

    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, env=dict(os.environ) | {"LOCKDESK_ANSWERS_DIR": str(tmp_path)}
    )

    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout
    assert list(tmp_path.iterdir()) == []


def test_there_are_notebooks_to_run() -> None:
    assert len(LIVING) >= 3
