"""Locked Terminals: the front door for notebooks. Each name is loaded when it is first used."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .front_page import progress
    from .recorded import check
    from .widgets import case, quiz, terminal

__version__ = "0.1.0"
__all__ = ["case", "check", "progress", "quiz", "terminal"]


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


class _FrontDoor(ModuleType):
    """The package, with `terminal` always the widget: importing the subpackage of that name would put itself in its place."""

    @property
    def terminal(self) -> Any:
        from .widgets import terminal

        return terminal

    @terminal.setter
    def terminal(self, subpackage: ModuleType) -> None:
        """Python sets this when `lockdesk.terminal` is first imported; `from lockdesk.terminal import …` does not need it."""


sys.modules[__name__].__class__ = _FrontDoor
