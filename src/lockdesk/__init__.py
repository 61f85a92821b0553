"""Locked Terminals: the front door for notebooks. Each name is loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .front_page import progress
    from .recorded import check
    from .widgets import case, quiz

__version__ = "0.1.0"
__all__ = ["case", "check", "progress", "quiz"]


def __getattr__(name: str) -> Any:
    if name == "quiz":
        from .widgets import quiz

        return quiz
    if name == "case":
        from .widgets import case

        return case
    if name == "check":
        from .recorded import check

        return check
    if name == "progress":
        from .front_page import progress

        return progress
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
