"""What waiting for the disk costs when an answer is recorded."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from lockdesk.answers import AnswerLog, Entry

TMPFS = Path("/dev/shm")
COURSE = Path(__file__).resolve().parents[1]
ROUNDS = 200


def seconds(folder: Path) -> float:
    """The median time of one append in `folder`."""
    log = AnswerLog(folder / "answers.jsonl")
    times = []
    for attempt in range(1, ROUNDS + 1):
        entry = Entry(1, "2026-01-01T00:00:00.000Z", "a-question", "2026-11", "", attempt, "en", "an-answer")
        start = time.perf_counter()
        log.append(entry)
        times.append(time.perf_counter() - start)
    return median(times)


def ratio() -> float:
    with tempfile.TemporaryDirectory(dir=COURSE) as disk, tempfile.TemporaryDirectory(dir=TMPFS if TMPFS.is_dir() else None) as memory:
        return seconds(Path(disk)) / seconds(Path(memory))
