"""An assignment in the hands of one learner: its questions as they are asked, recorded and never judged. Knows no ipywidgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from ..answers import AnswerLog
from ..errors import NotSaved
from ..published import Published, recorded_in
from ..questions import MAX_WRITTEN, Asked, Choice, fits, is_answer
from ..text import HTML_LANG, LANG_NAMES, LANGS, WORDS, Lang, word
from .exercise import View, parse_number
from .record import Record

_INTERFACE = (
    *("your-answer", "choose", "move-up", "move-down", "moved", "characters-left", "saving", "no-reply"),
    *("mark-right", "mark-wrong", "mark-missed", "model-answer", "criteria", "hint", "reveal"),
)


class Sheet:
    """What the questions, calls and tasks of one assignment share: the learner, the language, the log, and how many are recorded.

    `log` is None where nothing may be recorded. `changed` is called when something that all of them show has changed.
    """

    def __init__(self, published: Published, learner: str, lang: Lang, log: AnswerLog | None, now: Callable[[], datetime]) -> None:
        self.published = published
        self.learner = learner
        self.log = log
        self.now = now
        self.lang: Lang = lang
        self.changed: Callable[[], None] = lambda: None
        self._ids = frozenset(published.ids)
        try:
            entries = log.read().entries if log else ()
        except NotSaved:
            entries = ()  # each question says so in red
        self._recorded = recorded_in(published, entries)
        for entry in entries:
            if entry.q in self._ids:
                self.lang = entry.lang

    def note(self, question: Asked, answer: object) -> None:
        """Count `question` as recorded with `answer`, or as not recorded where that is none."""
        self.count(question.id, is_answer(question, answer))

    def count(self, exercise_id: str, is_recorded: bool) -> None:
        """Count something as recorded, or not."""
        if is_recorded:
            self._recorded.add(exercise_id)
        else:
            self._recorded.discard(exercise_id)

    def switch(self) -> None:
        """Show everything in the other language from now on."""
        self.lang = self.other
        self.changed()

    @property
    def other(self) -> Lang:
        """The language that is not shown now."""
        return LANGS[1 - LANGS.index(self.lang)]

    def progress(self) -> str:
        """How many questions are recorded, in words."""
        return word("recorded-of", self.lang, done=len(self._recorded), all=len(self._ids))

    def frame(self, save: dict[str, str]) -> View:
        """What everything in an assignment shows besides itself: the languages, and how saving went and how much is recorded."""
        if save["state"] in ("saved", "restored", ""):
            save = save | {"text": joined(self.lang, save["text"], self.progress())}
        other = {"lang": HTML_LANG[self.other], "name": LANG_NAMES[self.other]}
        return {"graded": True, "lang": HTML_LANG[self.lang], "other": other, "save": save}


class GradedExercise:
    """One question of an assignment: the learner's answer, recorded at every change. Nothing here knows what is right."""

    def __init__(self, question: Asked, sheet: Sheet) -> None:
        self.question = question
        self.sheet = sheet
        self._record = Record(question.id, sheet.published.edition, sheet.learner, sheet.log, sheet.now)
        self._answer: Any = None
        self._say = ""
        last = self._record.restore(lambda entry: entry.answer is None or fits(question, entry.answer))
        if last is not None:
            self._answer = last.answer
            if last.answer is None:
                self._record.say("withdrawn")
        sheet.note(question, self._answer)  # another kernel may have recorded since the sheet was made

    def handle(self, event: str, answer: object = None) -> None:
        """Do what the learner asked for: "answer" and "draft" record, "lang" changes the language. Anything else is ignored."""
        if event == "lang":
            self.sheet.switch()
        elif event in ("answer", "draft"):
            self._take(answer)

    def view(self) -> View:
        """What the learner may see now, as JSON: a practice question's fields, those about right and wrong always empty."""
        question, lang = self.question, self.sheet.lang
        return self.sheet.frame(self._record.view(lang)) | {
            "id": question.id,
            "kind": question.kind,
            "prompt": question.prompt[lang],
            "task": joined(lang, word(f"do-{question.kind}", lang), word("points", lang, points=f"{question.points:g}")),
            "choices": [{"key": choice.key, "text": choice.text[lang]} for choice in self._varied(question.choices)],
            "targets": [{"key": target.key, "text": target.text[lang]} for target in self._varied(question.targets)],
            "unit": question.unit[lang] if question.unit else "",
            "max": MAX_WRITTEN,
            "answer": self._answer,
            "say": word(self._say, lang) if self._say else "",
            "verdict": "",
            "reasons": {},
            "note": "",
            "canHint": False,
            "hint": "",
            "canReveal": False,
            "criteria": [],
            "sample": "",
            "words": {name: WORDS[name][lang] for name in _INTERFACE}
            | {"check": word("keep-order", lang) if question.kind == "order" and self._answer is None else ""},
        }

    def _varied(self, choices: tuple[Choice, ...]) -> list[Choice]:
        """The choices in the order that is this learner's, the same every time."""
        sheet = self.sheet
        seed = f"{sheet.published.edition}/{sheet.learner}/{self.question.id}"
        return sorted(choices, key=lambda choice: sha256(f"{seed}/{choice.key}".encode("utf-8", "replace")).digest())

    def _take(self, given: object) -> None:
        """Record what is there; what is no whole answer takes an earlier one back, so that the page shows what counts."""
        answer = parse_number(given) if self.question.kind == "number" else given
        self._say = "need-number" if self.question.kind == "number" and given and answer is None else ""
        if isinstance(answer, str):
            answer = answer.encode("utf-8", "replace").decode()  # half of a character pair cannot be stored
        if not is_answer(self.question, answer):
            answer = None
        if answer == self._answer and (self._record.is_saved or (answer is None and self._record.state != "failed")):
            return
        saved = self._record.write(answer, self.sheet.lang)
        self._answer = answer
        if saved:
            if answer is None:
                self._record.say("withdrawn")
            self.sheet.note(self.question, answer)
            self.sheet.changed()


def joined(lang: Lang, *sentences: str) -> str:
    """Sentences one after the other; Chinese ones need no gap, for 。 brings its own."""
    return ("" if lang == "zh" else " ").join(filter(None, sentences))
