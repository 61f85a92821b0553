"""One practice question in the hands of one learner: what is shown, what is recorded, what is said back. Knows no ipywidgets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..answers import AnswerLog
from ..questions import (
    MAX_WRITTEN,
    Match,
    Multi,
    Number,
    Option,
    Order,
    Question,
    Single,
    Step,
    Written,
    fits,
    kind_of,
    parts_of,
    right_keys,
    shown_steps,
    shown_targets,
)
from ..scoring import Score, score
from ..text import HTML_LANG, WORDS, Lang, word
from .record import Record

_INTERFACE = (
    *("check", "compare", "hint", "reveal", "your-answer", "choose", "move-up", "move-down", "moved", "characters-left"),
    *("mark-right", "mark-wrong", "mark-missed", "model-answer", "criteria", "saving", "no-reply"),
)
_GROUPED = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"
_PLAIN = r"[+-]?(\d+(\.\d*)?|\.\d+)"

View = dict[str, Any]


class Exercise:
    """A question, its record and its feedback. `view()` is all a front end gets; the key stays here until it is shown.

    `log` is None where nothing may be recorded. `now` gives the time, with its zone.
    """

    def __init__(self, question: Question, edition: str, lang: Lang, log: AnswerLog | None, now: Callable[[], datetime]) -> None:
        self.question = question
        self.edition = edition
        self._lang = lang
        self._record = Record(question.id, edition, "", log, now)
        self._answer: Any = None
        self._score: Score | None = None
        self._say = ""
        self._hint = False
        self._revealed = False
        self._compared = False
        self._restore()

    def _restore(self) -> None:
        """Take up what the log holds for this question."""
        last = self._record.restore(lambda entry: fits(self.question, entry.answer))
        if last is None:
            return
        self._answer = last.answer
        if not isinstance(self.question, Written):
            self._judge(last.answer)

    def handle(self, event: str, answer: object = None) -> None:
        """Do what the learner asked for: "answer", "draft", "hint" or "reveal". Anything else is ignored."""
        if event == "hint":
            self._hint = True
        elif event == "reveal" and self._may_reveal():
            self._revealed = True
            self._say = word("revealed", self._lang)
        elif event == "answer" or (event == "draft" and isinstance(self.question, Written)):
            self._take(answer, judge=event == "answer")

    def view(self) -> View:
        """What the learner may see now, as JSON. Holds no key, no reason and no sample that has not been asked for."""
        question, lang = self.question, self._lang
        return {
            "id": question.id,
            "kind": kind_of(question),
            "graded": False,
            "lang": HTML_LANG[lang],
            "other": None,
            "prompt": question.prompt[lang],
            "task": word(f"do-{kind_of(question)}", lang),
            "choices": self._choices(),
            "targets": self._targets(),
            "unit": question.unit[lang] if isinstance(question, Number) else "",
            "max": MAX_WRITTEN,
            "answer": self._answer,
            "say": self._say,
            "verdict": self._score.verdict if self._score else "",
            "reasons": self._reasons(),
            "note": self._note(),
            "save": self._record.view(lang),
            "canHint": question.hint is not None and not self._hint,
            "hint": question.hint[lang] if question.hint and self._hint else "",
            "canReveal": self._may_reveal(),
            "criteria": self._criteria(),
            "sample": question.sample[lang] if isinstance(question, Written) and self._compared else "",
            "words": {name: WORDS[name][lang] for name in _INTERFACE},
        }

    def _take(self, answer: object, judge: bool) -> None:
        """Record an answer; say what it is worth when the learner asked (`judge`), not while they still write."""
        if isinstance(self.question, Number):
            answer = parse_number(answer)
        if not fits(self.question, answer) or (judge and answer == ""):
            self._say = word(self._missing(), self._lang)
            return
        if isinstance(answer, str):
            answer = answer.encode("utf-8", "replace").decode()  # half of a character pair cannot be stored
        unchanged = isinstance(self.question, Written) and answer == self._answer and self._record.is_saved
        if not unchanged:
            self._record.write(answer, self._lang)
        self._answer = answer
        self._revealed = False
        if judge:
            self._judge(answer)
            self._compared = isinstance(self.question, Written)

    def _missing(self) -> str:
        name = f"need-{kind_of(self.question)}"
        return name if name in WORDS else "need-other"

    def _judge(self, answer: Any) -> None:
        self._answer = answer
        self._score = score(self.question, answer)
        self._say = self._feedback(self._score)

    def _feedback(self, result: Score) -> str:
        right = sum(mark == "right" for mark in result.marks.values())
        numbers = {"right": right, "wrong": len(result.marks) - right, "all": len(result.marks)}
        match self.question, result.verdict:
            case _, "right":
                attempt = self._record.attempts
                return word("right-again", self._lang, attempt=attempt) if attempt > 1 else word("right", self._lang)
            case Multi(), "partly":
                return word("partly-multi", self._lang, **numbers | {"all": len(right_keys(self.question))})
            case Multi(), _:
                return word("wrong-multi", self._lang, **numbers)
            case Order(), _:
                return word("in-place", self._lang, **numbers)
            case Match(), _:
                return word("matched", self._lang, **numbers)
            case Number(), _:
                return word("wrong-number", self._lang)
            case Written(), _:
                return word("compared", self._lang)
            case _:
                return word("wrong", self._lang)

    def _choices(self) -> list[dict[str, str]]:
        """The parts as the learner sees them; steps to be ordered never stand in their right order."""
        if isinstance(self.question, Written):
            return []
        parts = shown_steps(self.question) if isinstance(self.question, Order) else parts_of(self.question)
        return [{"key": part.key, "text": part.text[self._lang]} for part in parts]

    def _targets(self) -> list[dict[str, str]]:
        if not isinstance(self.question, Match):
            return []
        return [{"key": target.key, "text": target.text[self._lang]} for target in shown_targets(self.question)]

    def _may_reveal(self) -> bool:
        """The answer may be shown after two tries that were not right."""
        return self._score is not None and self._score.verdict in ("partly", "wrong") and self._record.attempts >= 2 and not self._revealed

    def _reasons(self) -> dict[str, dict[str, str]]:
        """By key of a part: its mark and its reason. All parts once the answer is right or shown, else the chosen ones."""
        if self._score is None or isinstance(self.question, Number | Written):
            return {}
        complete = self._revealed or self._score.verdict == "right"
        return {
            part.key: {"mark": self._mark(part.key, complete), "text": self._reason(part, complete)}
            for part in parts_of(self.question)
            if complete or part.key in self._score.marks
        }

    def _mark(self, key: str, complete: bool) -> str:
        if self._score and key in self._score.marks:
            return self._score.marks[key]
        is_right = isinstance(self.question, Single | Multi) and key in right_keys(self.question)
        return "missed" if complete and is_right else ""

    def _reason(self, part: Any, complete: bool) -> str:
        why: str = part.why[self._lang]
        if isinstance(part, Option):
            return why
        if not complete and self._mark(part.key, complete) == "wrong":
            return ""  # the reason of a place or a pair would give it away
        if isinstance(self.question, Match) and self._revealed:
            target = next(target for target in self.question.targets if target.key == part.target)
            return word("belongs-to", self._lang, target=target.text[self._lang]) + " " + why
        if isinstance(part, Step) and isinstance(self.question, Order) and self._revealed:
            return f"{self.question.steps.index(part) + 1}. {why}"
        return why

    def _note(self) -> str:
        """The reason below a number: how one gets there, or the mistake that leads to what was given."""
        if not isinstance(self.question, Number) or self._score is None:
            return ""
        if self._score.verdict == "right":
            return self.question.why[self._lang]
        if self._revealed:
            answer, unit, why = _digits(self.question.answer), self.question.unit[self._lang], self.question.why[self._lang]
            return word("answer-and-why", self._lang, answer=answer, unit=unit, why=why)
        return next((mistake.why[self._lang] for mistake in self.question.mistakes if mistake.value == self._answer), "")

    def _criteria(self) -> list[str]:
        if not isinstance(self.question, Written) or not self._compared:
            return []
        return [criterion.text[self._lang] for criterion in self.question.criteria]


def parse_number(text: object) -> int | float | None:
    """The number a person typed, None if it is none. Full-width digits and thousands commas are understood, "1,5" is not."""
    if not isinstance(text, str):
        return None
    import unicodedata  # here, for a lesson's first question must not wait for it

    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("−", "-")
    if re.fullmatch(_GROUPED, plain):
        plain = plain.replace(",", "")
    if len(plain) > 15 or not re.fullmatch(_PLAIN, plain):
        return None
    number = float(plain)
    return int(number) if number.is_integer() else number


def _digits(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)
