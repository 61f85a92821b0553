"""What of a task on the terminal reaches a learner: the prompt and the device; nothing of checks, solution, hint or source."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ..typed import convert
from .task import Task

_UNTOLD: Final = "-"
HELD_BACK: Final = ("solution", "check", "source", "objective", "hint")
"""Fields, as written in TOML, that no published task has."""


def published(task: Task) -> dict[str, Any]:
    """The task as JSON values without its key."""
    data: dict[str, Any] = msgspec.to_builtins(task)
    return {name: value for name, value in data.items() if name not in HELD_BACK}


def from_published(data: object, where: str) -> Task:
    """A published task to be worked on. It cannot be scored.

    Raises:
        ContentError: it is no published task.
    """
    rest: dict[str, Any] = {"solution": [], "source": _UNTOLD, "objective": _UNTOLD, "check": []}
    return convert({**rest, **data} if isinstance(data, dict) else data, Task, where)
