"""A simulated terminal in the hands of one learner: what it shows, what they did, what is recorded. Knows no ipywidgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec

from ..answers import AnswerLog, Entry
from ..cases.call import is_variant, variant_for
from ..replay.log import is_done, is_of_task
from ..replay.task import MAX_EVENTS, Task, TaskScore, begin, is_start, last_try, score_task
from ..terminal import Event, State, display, is_online, lamps, receipt, step
from ..terminal.events import AdminReset, Connect, Hurt, Key, LockScreen, LogOn, Plug, PresentCard, Press, Restart, Sale, Wait
from ..terminal.words import WORDS as DEVICE_WORDS
from ..text import HTML_LANG, WORDS, Lang, word
from .exercise import View
from .record import Record

if TYPE_CHECKING:
    from .sheet import Sheet

KEYS: Final[tuple[Key, ...]] = get_args(Key)
PAUSE: Final = 10
"""How many minutes one press of "wait" lets pass."""
BARE: Final = State(serial="H2-260117", tid="26011701", mid="260117000000026")
"""The intact terminal of free play: all its numbers are invented."""
PREPARED: Final[dict[str, tuple[State, tuple[Event, ...]]]] = {
    "sound": (BARE, ()),
    "operator-locked": (BARE, (LogOn("01", "0000"), LogOn("01", "0001"), LogOn("01", "0002"))),
    "temporary-password": (BARE, (AdminReset("02", "1357"),)),
    "journal-full": (msgspec.structs.replace(BARE, batch_limit=6), (*(Sale(1280 + 50 * one) for one in range(6)),)),
    "offline-sales": (BARE, (Connect("none"), Sale(3600), Sale(1850), Sale(920), Connect("wifi"))),
    "key-missing": (msgspec.structs.replace(BARE, keys="missing", signed_in=False), ()),
    "screen-lock": (BARE, (LockScreen(),)),
    "tampered": (BARE, (Hurt("opened"),)),
}
"""States a lesson can show: a terminal, and what happened to it."""
_INTERFACE = (
    *("check-task", "hint", "start-over", "saving", "no-reply", "terminal-keys", "terminal-screen", "terminal-lamps", "terminal-receipt"),
    *("terminal-no-receipt", "terminal-hands", "terminal-card", "terminal-slip", "terminal-state", "terminal-typing", "typing-hint"),
    *("card-good", "card-bad", "restart", "wait"),
    *(f"key-{key}" for key in ("ok", "clear", "cancel", "menu", "power")),
)


def move(name: object, link: str = "wifi") -> Event | None:
    """What one button of the page does to the device; None for a name that no button has. `link`: the network it goes back to."""
    if not isinstance(name, str):
        return None
    for key in KEYS:
        if name == key:
            return Press(key)
    others: dict[str, Event] = {
        "card-good": PresentCard(),
        "card-bad": PresentCard("declined"),
        "restart": Restart(),
        "plug": Plug(True),
        "unplug": Plug(False),
        "offline": Connect("none"),
        "online": Connect("mobile" if link == "mobile" else "wifi"),
        "wait": Wait(PAUSE),
    }
    return others.get(name)


def prepared(name: str) -> State:
    """A terminal in one of the states of `PREPARED`, as somebody comes upon it."""
    state, events = PREPARED[name]
    for event in events:
        state, _ = step(state, event)
    return msgspec.structs.replace(state, receipt=())


def look(state: State, lang: Lang) -> View:
    """All that can be seen of a terminal, as JSON."""
    seen = lamps(state)
    words = {name: word(f"lamp-{name}", lang) for name in ("power", "network", "stored", "alarm")}
    return {
        "make": word("terminal-make", lang),
        "serial": state.serial,
        "on": state.powered,
        "lines": [line[lang] for line in display(state)] or [DEVICE_WORDS["dark"][lang]],
        "strip": _strip(state, lang),
        "lamps": [
            {"key": key, "label": label, "lit": getattr(seen, key), "says": word("lamp-on" if getattr(seen, key) else "lamp-off", lang)}
            for key, label in words.items()
        ],
        "receipt": [line[lang] for line in receipt(state)],
        "hands": [{"move": name, "text": word(name, lang)} for name in _toggles(state)],
    }


def _strip(state: State, lang: Lang) -> list[str]:
    """The small line above the display: who is on duty, the network, the battery."""
    if not state.powered:
        return []
    network = f"link-{state.link}" if is_online(state) else "link-none"
    battery = word("battery-charging" if state.charging else "battery", lang, percent=state.battery)
    return [word("on-duty", lang, operator=state.on_duty), word(network, lang), battery]


def _toggles(state: State) -> tuple[str, str]:
    return ("unplug" if state.charging else "plug", "offline" if state.link != "none" else "online")


def _frame(lang: Lang, state: State, prompt: str, task: str) -> View:
    """What free play and a task have in common on the page; a question's other fields are empty."""
    return {
        "kind": "terminal",
        "graded": False,
        "lang": HTML_LANG[lang],
        "prompt": prompt,
        "task": task,
        "choices": [],
        "targets": [],
        "device": look(state, lang),
        "slip": [],
        "states": [],
        "prepared": "",
        "say": "",
        "checks": [],
        "count": "",
        "canHint": False,
        "hint": "",
        "canCheck": False,
        "save": {"state": "", "text": ""},
        "words": {name: WORDS[name][lang] for name in _INTERFACE},
    }


class FreeDevice:
    """A terminal to try out. Nothing is recorded; starting over gives it back as it was."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._prepared = "sound"
        self.state = prepared(self._prepared)

    def handle(self, event: str, answer: object = None) -> None:
        """Do what the learner asked for: "move" or "start", with the name of a button or of a prepared state. Ignores the rest."""
        if event == "start":
            self._prepared = answer if isinstance(answer, str) and answer in PREPARED else self._prepared
            self.state = prepared(self._prepared)
        elif event == "move" and (done := move(answer, PREPARED[self._prepared][0].link)) is not None:
            self.state, _ = step(self.state, done)

    def view(self) -> View:
        """What the learner may see now, as JSON."""
        lang = self._lang
        return _frame(lang, self.state, word("terminal-free", lang, make=word("terminal-make", lang)), word("do-terminal-free", lang)) | {
            "id": "",
            "slip": [
                word("slip-temporary" if one.temporary else "slip-operator", lang, operator=one.id, pin=one.pin)
                for one in prepared(self._prepared).operators
            ],
            "states": [{"key": key, "text": word(f"state-{key}", lang)} for key in PREPARED],
            "prepared": self._prepared,
        }


class TaskDevice:
    """A task on a terminal: each thing the learner does is a line of the log, and the log played again is where they stand.

    What could not be saved is tried again, in order, with the next thing that is done; so the log is always a beginning of the play.
    A task of an assignment belongs to its `sheet`: instead of being checked, the terminal is handed over, as {"done": n}.
    """

    def __init__(
        self, task: Task, learner: str, lang: Lang, log: AnswerLog | None, now: Callable[[], datetime], sheet: Sheet | None = None
    ) -> None:
        self.task = task
        self.variant = variant_for(task, learner)
        self._sheet = sheet
        self._own_lang: Lang = lang
        self._record = Record(task.id, task.edition, self.variant, log, now)
        if sheet:
            self._keep_variant()
        self.is_over = False
        self._is_handed_over = False
        self._known = 0
        self._unsaved: list[tuple[int, dict[str, Any]]] = []
        self._score: TaskScore | None = None
        self._say = ""
        self._hint = False
        self.tries = 1
        self.events: list[Event] = []
        self.state = begin(task, self.variant)
        self._follow()
        self._count()

    @property
    def _lang(self) -> Lang:
        return self._sheet.lang if self._sheet else self._own_lang

    def _keep_variant(self) -> None:
        """Go on in the variant in which the record begins, whoever has it in hand now: that is the one that is graded."""
        begun = self._record.history()
        if begun and is_variant(begun[0][0]):
            self.variant = self._record.variant = begun[0][0]

    def _count(self) -> None:
        """Tell the sheet whether a terminal has been handed over, and that is on disk."""
        if self._sheet:
            self._sheet.count(self.task.id, self._is_handed_over and not self._unsaved)

    def handle(self, event: str, answer: object = None) -> None:
        """Do what the learner asked for: "move" with the name of a button, "start", "check", "hint" or "lang". Ignores the rest."""
        if event == "hint":
            self._hint = True
            return
        if event == "lang" and self._sheet:
            self._sheet.switch()
            return
        if event not in ("move", "start", "check"):
            return
        self._follow()
        self._say, self._score = "", None
        if event == "check" and self._sheet:
            self._hand_over(self._sheet)
        elif event == "check":
            self._check()
        elif event == "start":
            self._start_over()
        elif not self.is_over and (done := move(answer, self.task.device.link)) is not None:
            self._do(done)

    def view(self) -> View:
        """What the learner may see now, as JSON. The checks are there once they have been asked for."""
        lang = self._lang
        return self._shown() | (self._graded(self._sheet) if self._sheet else {"save": self._record.view(lang)})

    def _graded(self, sheet: Sheet) -> View:
        """What differs in an assignment."""
        lang = sheet.lang
        points = word("points", lang, points=f"{self.task.points:g}")
        labels = {"check-task": word("hand-over", lang), "start-over": word("fresh-terminal", lang)}
        counts = word("handed-over" if self.is_over else "earlier-counts", lang, number=self.tries) if self._is_handed_over else ""
        return sheet.frame(self._record.view(lang)) | {
            "task": ("" if lang == "zh" else " ").join((word("do-terminal-graded", lang), points)),
            "say": self._say or counts,
            "canCheck": not self.is_over or bool(self._unsaved),
            "words": {name: WORDS[name][lang] for name in _INTERFACE} | labels,
        }

    def _shown(self) -> View:
        lang, task = self._lang, self.task
        return _frame(lang, self.state, task.prompt[lang], word("do-terminal", lang)) | {
            "id": task.id,
            "say": self._say,
            "checks": self._checks(),
            "verdict": ("right" if self._score.share == 1 else "partly" if self._score.share else "wrong") if self._score else "",
            "count": word("try-and-steps", lang, number=self.tries, steps=len(self.events)),
            "canHint": task.hint is not None and not self._hint,
            "hint": task.hint[lang] if task.hint and self._hint else "",
            "canCheck": True,
        }

    def _do(self, event: Event) -> None:
        if len(self.events) >= MAX_EVENTS:
            self._say = word("try-full", self._lang, most=MAX_EVENTS)
            return
        self.events.append(event)
        self.state, _ = step(self.state, event)
        self._keep(msgspec.to_builtins(event))

    def _start_over(self) -> None:
        if not self.events:
            return
        self.tries += 1
        self.events = []
        self.is_over = False
        self.state = begin(self.task, self.variant)
        self._keep({"start": self.tries})

    def _hand_over(self, sheet: Sheet) -> None:
        """End this try: from now on it is the one that counts."""
        self._save()
        if not self.events:
            self._say = word("need-terminal", self._lang)
        elif not self.is_over:
            self.is_over = self._is_handed_over = True
            self._keep({"done": self.tries})
        self._count()
        sheet.changed()

    def _check(self) -> None:
        self._save()
        if not self.events:
            self._say = word("need-terminal", self._lang)
            return
        self._score = score_task(self.task, msgspec.to_builtins(self.events), self.variant)
        met = sum(self._score.met.values())
        name = "task-done" if met == len(self._score.met) else "task-partly"
        self._say = word(name, self._lang, met=met, all=len(self._score.met), percent=f"{self._score.share:.0%}")

    def _checks(self) -> list[dict[str, Any]]:
        if self._score is None:
            return []
        rows = [(self._score.met[check.id], check.why[self._lang]) for check in self.task.checks]
        return [{"met": met, "mark": word("check-met" if met else "check-missed", self._lang), "text": why} for met, why in rows]

    def _keep(self, answer: dict[str, Any]) -> None:
        self._unsaved.append((self.tries, answer))
        self._save()

    def _save(self) -> None:
        while self._unsaved:
            attempt, first = self._unsaved[0]
            if not self._record.write(first, self._lang, attempt):
                return
            del self._unsaved[0]
            self._known += 1

    def _follow(self) -> None:
        """Take up what the log holds and this page has not seen: from before a restart, or from the other language's page."""
        found = self._record.restore_all(_is_usable, self._known)
        if found is None:
            return
        self._known = len(found)
        self._play([entry.answer for entry in found] + [answer for _, answer in self._unsaved])

    def _play(self, answers: list[Any]) -> None:
        self.is_over = self._is_handed_over = False
        done: list[Any] = []
        for answer in answers:
            if is_start(answer):
                self.is_over = False
            elif self.is_over:
                continue
            elif is_done(answer):
                if done and not is_start(done[-1]):
                    self.is_over = self._is_handed_over = True
                continue
            done.append(answer)
        self.tries, self.events = last_try(done)
        self.state = begin(self.task, self.variant)
        for event in self.events:
            self.state, _ = step(self.state, event)


def _is_usable(entry: Entry) -> bool:
    return is_of_task(entry.answer)
