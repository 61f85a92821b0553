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
    """What the questions of one assignment share: the learner, the language, the log, and how many are recorded.

    `log` is None where nothing may be recorded. `changed` is called when something that every question shows has changed.
    """

    def __init__(self, published: Published, learner: str, lang: Lang, log: AnswerLog | None, now: Callable[[], datetime]) -> None:
        self.published = published
        self.learner = learner
        self.log = log
        self.now = now
        self.lang: Lang = lang
        self.changed: Callable[[], None] = lambda: None
        self._asked = {question.id: question for question in published.questions}
        try:
            entries = log.read().entries if log else ()
        except NotSaved:
            entries = ()  # each question says so in red
        self._recorded = recorded_in(published, entries)
        for entry in entries:
            if entry.q in self._asked:
                self.lang = entry.lang

    def note(self, question: Asked, answer: object) -> None:
        """Count `question` as recorded with `answer`, or as not recorded where that is none."""
        if is_answer(question, answer):
            self._recorded.add(question.id)
        else:
            self._recorded.discard(question.id)

    def speak(self, lang: Lang) -> None:
        """Show every question in `lang` from now on."""
        self.lang = lang
        self.changed()

    def progress(self) -> str:
        """How many questions are recorded, in words."""
        return word("recorded-of", self.lang, done=len(self._recorded), all=len(self._asked))


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
            self.sheet.speak("en" if self.sheet.lang == "zh" else "zh")
        elif event in ("answer", "draft"):
            self._take(answer)

    def view(self) -> View:
        """What the learner may see now, as JSON: a practice question's fields, those about right and wrong always empty."""
        question, lang = self.question, self.sheet.lang
        other = LANGS[1 - LANGS.index(lang)]
        save = self._record.view(lang)
        if save["state"] in ("saved", "restored", ""):
            save["text"] = _joined(lang, save["text"], self.sheet.progress())
        return {
            "id": question.id,
            "kind": question.kind,
            "graded": True,
            "lang": HTML_LANG[lang],
            "other": {"lang": HTML_LANG[other], "name": LANG_NAMES[other]},
            "prompt": question.prompt[lang],
            "task": _joined(lang, word(f"do-{question.kind}", lang), word("points", lang, points=f"{question.points:g}")),
            "choices": [{"key": choice.key, "text": choice.text[lang]} for choice in self._varied(question.choices)],
            "targets": [{"key": target.key, "text": target.text[lang]} for target in self._varied(question.targets)],
            "unit": question.unit[lang] if question.unit else "",
            "max": MAX_WRITTEN,
            "answer": self._answer,
            "say": word(self._say, lang) if self._say else "",
            "verdict": "",
            "reasons": {},
            "note": "",
            "save": save,
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


def _joined(lang: Lang, *sentences: str) -> str:
    """Sentences one after the other; Chinese ones need no gap, for 。 brings its own."""
    return ("" if lang == "zh" else " ").join(filter(None, sentences))
