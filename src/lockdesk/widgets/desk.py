"""A support call in the hands of one learner: what was said, what can be done, what is recorded, what is said back. Knows no ipywidgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from ..answers import AnswerLog
from ..cases import Act, Case, Line, catalogue, draw, is_variant, opening, start, step, ticket_lists, variant_for
from ..cases.speech import known_terminals
from ..replay import MAX_ENTRIES, play, score_of
from ..replay import act_of as act_in
from ..replay.debrief import act_name, debrief
from ..replay.rows import Row
from ..replay.sheet import part
from ..terminal import yuan
from ..text import HTML_LANG, Lang, word
from .desk_words import DESK_WORDS, say
from .exercise import View
from .record import Record

if TYPE_CHECKING:
    from .sheet import Sheet

LOOK: Final = "look"


class Heard(NamedTuple):
    """What an act brought, and whether the caller's name was known by then; a line on the page stays as it was said."""

    minute: int
    act: Act | None
    lines: tuple[Line, ...]
    is_known: bool


class CaseExercise:
    """A case, its record and its debrief. `view()` is all a front end gets: what the console shows, never what is right.

    Every act is a line of the log: an act as `lockdesk.cases.Act`, or {"start": n} for try n, counted from 2.
    `log` is None where nothing may be recorded. `now` gives the time, with its zone. A call of an assignment belongs to its `sheet`:
    it has one try, no debrief, and the sheet's language.
    """

    def __init__(
        self, case: Case, learner: str, lang: Lang, log: AnswerLog | None, now: Callable[[], datetime], sheet: Sheet | None = None
    ) -> None:
        self.case = case
        self._sheet = sheet
        self._own_lang: Lang = lang
        self._variant = variant_for(case, learner)
        self._acts: list[Act] = []
        self._tries = 1
        self._say = ""
        self._unsaved: list[object] = []
        self._record = Record(case.id, case.edition, self._variant, log, now)
        for variant, answer in self._record.history():
            self._take_up(variant, answer)
        self._record.variant = self._variant
        self._begin()
        self._count()

    @property
    def _lang(self) -> Lang:
        return self._sheet.lang if self._sheet else self._own_lang

    def _count(self) -> None:
        """Tell the sheet whether this call is recorded: its ticket is written, and on disk."""
        if self._sheet:
            self._sheet.count(self.case.id, self.is_closed and not self._unsaved)

    def _take_up(self, variant: str, answer: object) -> None:
        """One line of the record; what could not have been done by then is passed over. A try has the variant of its first act."""
        if self._acts and self._acts[-1].act == "ticket":
            if not self._sheet and isinstance(answer, dict) and type(answer.get("start")) is int:
                self._tries, self._acts = self._tries + 1, []
        elif (act := _act_of(answer)) is not None and self._has_room_for(act) and self._fits(variant):
            self._variant = self._variant if self._acts else variant
            self._acts.append(act)

    def _fits(self, variant: str) -> bool:
        return variant == self._variant if self._acts else is_variant(variant)

    def _has_room_for(self, act: Act) -> bool:
        """Whether the log of this try stays one that is read: the last entry is kept for the ticket."""
        return len(self._acts) < MAX_ENTRIES - (act.act != "ticket")

    def _write(self, answer: object) -> None:
        """Record `answer`, after what could not be saved before: a call with a gap in it would be another call."""
        self._unsaved.append(answer)
        while self._unsaved and self._record.write(self._unsaved[0], self._lang):
            del self._unsaved[0]

    def _begin(self) -> None:
        """The telephone rings; what was done before a restart is done again."""
        self._call = draw(self.case, self._variant)
        self._world = start(self._call)
        self._heard = [Heard(0, None, (Line("caller", opening(self._call, self._world)),), False)]
        for act in self._acts:
            self._do(act)

    def _do(self, act: Act) -> None:
        self._world, lines = step(self._call, self._world, act)
        self._heard.append(Heard(self._world.minute, act, lines, self._knows("who")))

    @property
    def is_closed(self) -> bool:
        """Whether the ticket is written: then nothing more can be done in this try."""
        return self._world.ticket is not None

    def handle(self, event: str, answer: object = None) -> None:
        """Do what the learner asked for: "act" with an act or a ticket, "again" for another try, "lang". Anything else is ignored."""
        self._say = ""
        if event == "lang" and self._sheet:
            self._sheet.switch()
        elif event == "again" and self.is_closed and not self._sheet:
            self._tries += 1
            self._write({"start": self._tries})
            self._acts = []
            self._begin()
        elif event == "act" and not self.is_closed:
            self._take(answer)

    def _take(self, answer: object) -> None:
        act = _act_of(answer)
        if act is None:
            self._say = "incomplete" if isinstance(answer, dict) and answer.get("act") == "ticket" else "no-such-act"
        elif not self._has_room_for(act):
            self._say = "too-many"
        else:
            self._write(_plain(act))
            if act.act == "ticket" and self._sheet and self._record.state == "failed":
                self._unsaved.pop()  # a graded call has no other act after it with which it could be saved: it stays open
                return
            self._acts.append(act)
            self._do(act)
            if self._sheet and self.is_closed:
                self._count()
                self._sheet.changed()

    def view(self) -> View:
        """What the learner may see now, as JSON."""
        lang = self._lang
        save = self._record.view(lang)
        return {
            "id": self.case.id,
            "kind": "case",
            "graded": False,
            "lang": HTML_LANG[lang],
            "prompt": self.case.title[lang],
            "choices": [{"key": "opens", "text": self._heard[0][2][0].text[lang]}],
            "targets": [],
            "try": self._tries,
            "minute": self._world.minute,
            "clock": say("clock", lang, minute=self._world.minute),
            "gone": self._world.gone,
            "closed": self.is_closed,
            "lines": list(self._lines()),
            "tabs": [self._tab(kind.id, kind.minutes) for kind in catalogue().acts if kind.group == LOOK],
            "groups": self._groups(),
            "terminals": self._terminals(),
            "needsTerminal": bool(self._call.devices),
            "ticket": {
                name: [{"key": one.key, "name": _marked(one.key, one.name[lang])} for one in rows] for name, rows in ticket_lists().items()
            },
            "say": say(self._say, lang) if self._say else word("call-closed", lang) if self._sheet and self.is_closed else "",
            "save": save,
            "debrief": self._debrief() if self.is_closed and not self._sheet else None,
            "words": {name: text[lang] for name, text in DESK_WORDS.items()}
            | {name: word(name, lang) for name in ("saving", "no-reply", "choose")}
            | {"task-desk": self._task()},
        } | (self._sheet.frame(save) if self._sheet else {})

    def _task(self) -> str:
        """What is to be done; in an assignment with its rules and points."""
        lang = self._lang
        parts = [say("task-desk", lang)]
        if self._sheet:
            parts += [word("call-rules", lang), word("points", lang, points=f"{self.case.points:g}")]
        return ("" if lang == "zh" else " ").join(parts)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """The conversation: what the agent did, and what was heard and seen."""
        for minute, act, lines, is_known in self._heard:
            if act is not None:
                yield {"who": "you", "name": say("you", self._lang), "minute": minute, "text": self._spoken(act)}
            for line in lines:
                name = self.case.caller.name[self._lang] if line.speaker == "caller" and is_known else say(line.speaker, self._lang)
                yield {"who": line.speaker, "name": name, "minute": minute, "text": line.text[self._lang]}

    def _knows(self, fact: str) -> bool:
        return fact in self._world.facts

    def _spoken(self, act: Act) -> str:
        """An act as the console calls it, with the terminal it is done to."""
        if act.act == "ticket":
            return say("close-ticket", self._lang)
        text = act_name(Row(0, act, "", self._world, self._world, (), True))[self._lang]
        return f"{text} · {act.on}" if act.on else text

    def _tab(self, act: str, minutes: int) -> dict[str, Any]:
        """A look-up, with what it showed when it was opened last."""
        shown = [(one.minute, one.lines) for one in self._heard if one.act is not None and one.act.act == act]
        minute, lines = shown[-1] if shown else (0, ())
        return {
            "id": act,
            "name": say(f"tab-{act}", self._lang),
            "minutes": say("minutes", self._lang, count=minutes),
            "opened": bool(shown),
            "asOf": say("as-of", self._lang, minute=minute) if shown else "",
            "text": "\n".join(line.text[self._lang] for line in lines if line.speaker in ("desk", "screen")),
        }

    def _groups(self) -> list[dict[str, Any]]:
        """The acts by group, each with its minutes; look-ups are tabs of their own."""
        lang = self._lang
        return [
            {
                "id": group.id,
                "name": group.name[lang],
                "acts": [
                    {
                        "id": kind.id,
                        "name": kind.name[lang],
                        "minutes": say("minutes", lang, count=kind.minutes),
                        "device": kind.device,
                        "choices": [{"key": choice.key, "name": choice.name[lang]} for choice in kind.choices],
                    }
                    for kind in catalogue().acts
                    if kind.group == group.id
                ],
            }
            for group in catalogue().groups
            if group.id != LOOK
        ]

    def _terminals(self) -> list[dict[str, str]]:
        """The serial numbers the agent has seen or heard so far: in the device list, or read out."""
        labels = {device.id: device.label[self._lang] for device in self.case.devices} | {"": say("read-out", self._lang)}
        return [{"serial": serial, "name": labels[name]} for serial, name in known_terminals(self._call, self._world).items()]

    def _debrief(self) -> dict[str, Any]:
        """What you did, what it caused, what it meant, where the money went, what was still open."""
        lang = self._lang
        found = debrief(play(self._call, self._acts, aloud=True))
        result = score_of(play(self._call, self._acts))
        return {
            "percent": say("percent", lang, percent=f"{result.percent:g}", count=self._tries),
            "value": result.percent,
            "checks": [
                {
                    "name": line.name[lang],
                    "kind": line.kind,
                    "points": _points(line.kind, line.earned, line.possible, lang),
                    "met": line.kind in ("check", "own") and line.earned >= line.possible - 1e-9,
                    "seen": [{"text": text[lang], "met": met} for text, met in line.seen],
                    "why": line.why[lang],
                    "source": line.source.removeprefix("domain "),
                }
                for line in result.lines
            ],
            "acts": [
                {
                    "minute": entry.minute,
                    "text": entry.act[lang],
                    "caused": [text[lang] for text in entry.caused if text != part("fact")],
                    "meant": [text[lang] for text in entry.meant],
                }
                for entry in found.entries
            ],
            "before": _money(found.before, lang),
            "after": _money(found.after, lang),
            "ends": [text[lang] for text in found.lawful],
        }


def _marked(key: str, name: str) -> str:
    """A name with its mark before it, where it has one: "L4 · …"."""
    return f"{key} · {name}" if key[:1] in "LR" and key[1:].isdigit() else name


def _points(kind: str, earned: float, possible: float, lang: Lang) -> str:
    if kind in ("check", "own"):
        return f"{earned:.0f} / {possible:.0f}"
    return say("fine" if kind == "fine" else "ceiling", lang, points=f"{abs(earned):.0f}")


def _money(sums: dict[str, int], lang: Lang) -> list[dict[str, Any]]:
    """The sums by place, in fen and in words."""
    colon = "：" if lang == "zh" else ": "
    return [{"place": name, "fen": fen, "text": f"{part(f'place-{name}')[lang]}{colon}¥{yuan(fen)}"} for name, fen in sums.items()]


def _act_of(answer: object) -> Act | None:
    """What was asked for as an act; None for one that this console does not offer, or a ticket with a field left open."""
    act = act_in(answer)
    if act is None or not act.on.isprintable():
        return None
    ticket = act.ticket
    if ticket is None:
        return act
    is_whole = all(getattr(ticket, name) in {one.key for one in rows} for name, rows in ticket_lists().items())
    return act if is_whole and isinstance(answer, dict) and "amount" in answer["ticket"] else None


def _plain(act: Act) -> dict[str, Any]:
    """An act as it stands in the log: what is empty is left out."""
    data: dict[str, Any] = msgspec.to_builtins(act)
    return {name: value for name, value in data.items() if value not in ("", None)}
