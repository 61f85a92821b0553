"""What of a case reaches a learner: all that an act can reveal, for the world runs there; nothing that says what is right.

Out stay the model solution, paths, mistakes, checks, caps, sources, the sketch, and what a ticket should name as authority and reason.
Who calls and what threatens stay in, because desks and clocks answer by them; knowing a fact earns nothing (docs/decisions).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ..text import Text
from ..typed import convert
from .model import Case, Play

_UNTOLD: Final = "-"
_NO_TEXT: Final = Text(_UNTOLD, _UNTOLD)
HELD_BACK: Final = ("solution", "path", "mistake", "check", "authority", "reason", "reasons", "source", "sketch", "objective")
"""Fields, as written in TOML, that no published case has."""


def published(case: Case) -> dict[str, Any]:
    """The case as JSON values without its key."""
    clocks = tuple(replace(clock, cap=0, cue=_NO_TEXT, heard="opens") for clock in case.clocks)
    data: dict[str, Any] = msgspec.to_builtins(replace(case, clocks=clocks))
    return {name: value for name, value in data.items() if name not in HELD_BACK}


def from_published(data: object, where: str) -> Case:
    """A published case to be played: `step` needs no more of it. It cannot be scored.

    Raises:
        ContentError: it is no published case.
    """
    rest = {"solution": Play(id=_UNTOLD, steps=(), why=_NO_TEXT), "source": _UNTOLD, "sketch": _UNTOLD, "objective": _UNTOLD}
    filled = {**msgspec.to_builtins(rest), **data} if isinstance(data, dict) else data
    return convert(filled, Case, where)
