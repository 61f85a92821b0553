"""The widget: carries what the learner does to the exercise, and what the exercise shows to every open view."""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from typing import Any, Protocol

import anywidget
import traitlets

from ..text import Lang
from .exercise import View
from .fallback import page_of, plain_of

_STATIC = Path(__file__).with_name("static")


def static(*names: str) -> str:
    """Files of the page, one after the other, as one."""
    return "\n".join(_STATIC.joinpath(name).read_text(encoding="utf-8") for name in names)


class Shown(Protocol):
    """What a widget shows: a question, a call, a terminal."""

    def handle(self, event: str, answer: object = None) -> None: ...

    def view(self) -> View: ...


class ExerciseWidget(anywidget.AnyWidget):
    """One exercise on the page. Every tab that shows it shares this one instance.

    `events` holds what front ends did and have not yet seen acknowledged: {"client", "n", "type", "answer"}, n counting
    from 1 for each client. `view` is what to show, with `acks`: for each client the last n that was dealt with.
    """

    view = traitlets.Dict().tag(sync=True)
    events: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True, echo_update=False)

    def __init__(self, exercise: Shown, lang: Lang) -> None:
        self.exercise = exercise
        self._lock = RLock()  # callbacks may arrive on another thread than the one that runs cells
        self._acks: dict[str, int] = {}
        self._busy = False
        untouched = exercise.view()
        self._fallback = {"text/html": page_of(untouched, lang), "text/plain": plain_of(untouched, lang)}
        super().__init__(view=self._seen(""))

    def take_up(self, exercise: Shown) -> None:
        """Show this exercise from now on, in every open view; for a cell that is run again."""
        with self._lock:
            self.exercise = exercise
            self.view = self._seen("")

    def show(self) -> None:
        """Show what another question has changed: the language, or how many are recorded."""
        with self._lock:
            if not self._busy:  # else what is being handled is shown at its end
                self.view = self._seen(self.view["by"])

    @traitlets.observe("events")
    def _handle(self, change: dict[str, Any]) -> None:
        with self._lock:
            self._busy = True
            try:
                for event in change["new"]:
                    client, n = event["client"], event["n"]
                    if n > self._acks.get(client, 0):
                        self._acks[client] = n
                        self.exercise.handle(event["type"], event.get("answer"))
                        self.view = self._seen(client)
            finally:
                self._busy = False

    def _seen(self, client: str) -> dict[str, Any]:
        """The view, and whose doing it is: the others take over the answer it holds."""
        return self.exercise.view() | {"acks": dict(self._acks), "by": client}

    def __repr__(self) -> str:
        return f"<{self.exercise.view()['kind']} {self.exercise.view()['id']!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)
        assert bundle is not None
        data, metadata = bundle
        return data | self._fallback, metadata
