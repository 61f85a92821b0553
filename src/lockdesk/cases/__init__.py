"""The support case: a world a learner acts on. `draw` a call, `start` its world, `step` act by act. Pure but for reading files."""

from __future__ import annotations

from . import law
from .call import VARIANTS, Call, draw, is_variant, variant_for
from .catalogue import acts, catalogue, ticket_lists
from .model import Case, Ticket
from .playing import step
from .speech import opening
from .world import Act, Line, World, level, named, start

__all__ = [
    "VARIANTS",
    "Act",
    "Call",
    "Case",
    "Line",
    "Ticket",
    "World",
    "acts",
    "catalogue",
    "draw",
    "is_variant",
    "law",
    "level",
    "named",
    "opening",
    "start",
    "step",
    "ticket_lists",
    "variant_for",
]
