"""One practice question in the hands of one learner: what is shown, what is recorded, what is said back. Knows no ipywidgets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from ..answers import WARN_AT, AnswerLog, Entry, latest
from ..errors import NotSaved
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
)
from ..scoring import Score, score
from ..text import HTML_LANG, WORDS, Lang, word

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
        self._log = log
        self._now = now
        self._answer: Any = None
        self._score: Score | None = None
        self._attempts = 0
        self._say = ""
        self._save = {"state": "preview", "text": word("preview", lang)} if log is None else {"state": "", "text": ""}
        self._hint = False
        self._revealed = False
        self._compared = False
        self._restore()

    def _restore(self) -> None:
        """Take up what the log holds for this question; what no longer fits it is left in the log and not shown."""
        if self._log is None:
            return
        try:
            entries = [entry for entry in self._log.read().entries if entry.q == self.question.id]
        except NotSaved as refusal:
            self._refused(refusal)
            return
        last = latest(entries, self.question.id)
        self._attempts = max((entry.attempt for entry in entries), default=0)
        if last is None:
            return
        when = self._spoken_stamp(last.at)
        if last.edition != self.edition or not fits(self.question, last.answer):
            self._save = {"state": "older", "text": word("restored-older", self._lang, time=when)}
            return
        self._answer = last.answer
        if not isinstance(self.question, Written):
            self._judge(last.answer)
        self._save = {"state": "restored", "text": word("restored", self._lang, time=when)}

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
            "lang": HTML_LANG[lang],
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
            "save": self._save,
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
        unchanged = isinstance(self.question, Written) and answer == self._answer and self._save["state"] in ("saved", "restored")
        if not unchanged and self._record(answer):
            self._save = {"state": "saved", "text": self._saved_words()}
        self._attempts += not unchanged
        self._answer = answer
        self._revealed = False
        if judge:
            self._judge(answer)
            self._compared = isinstance(self.question, Written)

    def _missing(self) -> str:
        name = f"need-{kind_of(self.question)}"
        return name if name in WORDS else "need-other"

    def _record(self, answer: object) -> bool:
        """Whether `answer` was written to the log and is on disk."""
        if self._log is None:
            return False
        now = self._now()
        at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        entry = Entry(1, at, self.question.id, self.edition, "", self._attempts + 1, self._lang, answer)
        try:
            self._log.append(entry)
        except NotSaved as refusal:
            self._refused(refusal)
            return False
        return True

    def _refused(self, refusal: NotSaved) -> None:
        text = word(refusal.reason, self._lang, detail=refusal.detail, max=MAX_WRITTEN)
        self._save = {"state": "failed", "text": text}

    def _saved_words(self) -> str:
        text = word("saved", self._lang, time=self._spoken_time(self._now()))
        if self._log is not None and self._log.fullness >= WARN_AT:
            text += " " + word("log-nearly-full", self._lang, percent=int(self._log.fullness * 100))
        return text

    def _spoken_stamp(self, at: str) -> str:
        """A recorded time as the learner's clock says it; as it stands where it is no time."""
        try:
            return self._spoken_time(datetime.fromisoformat(at))
        except (ValueError, OverflowError):
            return at

    def _spoken_time(self, when: datetime) -> str:
        now = self._now()
        local = when.astimezone(now.tzinfo)
        return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")

    def _judge(self, answer: Any) -> None:
        self._answer = answer
        self._score = score(self.question, answer)
        self._say = self._feedback(self._score)

    def _feedback(self, result: Score) -> str:
        right = sum(mark == "right" for mark in result.marks.values())
        numbers = {"right": right, "wrong": len(result.marks) - right, "all": len(result.marks)}
        match self.question, result.verdict:
            case _, "right":
                return word("right-again", self._lang, attempt=self._attempts) if self._attempts > 1 else word("right", self._lang)
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
        parts = _shuffled(self.question) if isinstance(self.question, Order) else parts_of(self.question)
        return [{"key": part.key, "text": part.text[self._lang]} for part in parts]

    def _targets(self) -> list[dict[str, str]]:
        if not isinstance(self.question, Match):
            return []
        targets = sorted(self.question.targets, key=lambda target: _digest(self.question.id, target.key))
        return [{"key": target.key, "text": target.text[self._lang]} for target in targets]

    def _may_reveal(self) -> bool:
        """The answer may be shown after two tries that were not right."""
        return self._score is not None and self._score.verdict in ("partly", "wrong") and self._attempts >= 2 and not self._revealed

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
            return f"{_digits(self.question.answer)} {self.question.unit[self._lang]}. {self.question.why[self._lang]}"
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


def _shuffled(question: Order) -> tuple[Step, ...]:
    """The steps in an order that is the same for everyone and not the right one."""
    steps = tuple(sorted(question.steps, key=lambda step: _digest(question.id, step.key)))
    return steps if steps != question.steps else steps[1:] + steps[:1]


def _digest(question_id: str, key: str) -> bytes:
    return sha256(f"{question_id}/{key}".encode()).digest()
