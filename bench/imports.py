"""What a lesson's first cell costs in a kernel, beside what any lesson with widgets costs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from statistics import median

from jupyter_client.manager import start_new_kernel

COURSE = Path(__file__).resolve().parents[1]
ROUNDS = 15
PLAIN = "import ipywidgets"
OURS = 'from lockdesk import quiz; quiz("first-sentence-at-noon")'
TIMED = "import time; _start = time.perf_counter(); {}; print(time.perf_counter() - _start)"


def seconds(code: str) -> float:
    """How long `code` takes in a kernel that has run nothing yet."""
    manager, client = start_new_kernel(cwd=str(COURSE / "notebooks" / "en"), stderr=subprocess.DEVNULL)
    said: list[str] = []
    try:
        client.execute_interactive(
            TIMED.format(code), timeout=60, output_hook=lambda message: said.append(message["content"].get("text", ""))
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return float("".join(said))


def ratio() -> float:
    seconds(PLAIN), seconds(OURS)  # once for the disk's cache
    rounds = [(seconds(OURS), seconds(PLAIN)) for _ in range(ROUNDS)]
    return median(ours for ours, _ in rounds) / median(plain for _, plain in rounds)
