"""The simulated terminal, an invented make and model: state, events, `step(state, event)`, and what one sees of it. Pure."""

from __future__ import annotations

from .condition import is_sound, locks, sells, signs, stopped
from .events import Event
from .state import Message, State, count, is_online, total
from .step import step, yuan
from .views import Lamps, display, lamps, receipt, say

__all__ = [
    "Event",
    "Lamps",
    "Message",
    "State",
    "count",
    "display",
    "is_online",
    "is_sound",
    "lamps",
    "locks",
    "receipt",
    "say",
    "sells",
    "signs",
    "step",
    "stopped",
    "total",
    "yuan",
]
