"""An assessed question as Markdown for Formgrader and the feedback. What a learner wrote is shown and can do nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from ..questions import Item, Match, Multi, Number, Option, Order, Question, Single, Step, Written, parts_of
from ..scoring import Score
from ..text import LANGS, Lang, Text
from .assess import Flag, Outcome
from .words import say

WIDTH: Final = 88
"""Columns of a learner's text; a Chinese character takes two."""
_ACTIVE = re.compile(r"[!-/:-@\[-`{-~]")


def question_page(outcome: Outcome, lang: Lang | None) -> str:
    """The question and what was recorded, as the learner may see it; in both languages where nobody knows which."""
    return "\n\n---\n\n".join("\n\n".join(_question_lines(outcome, one)) for one in ([lang] if lang else LANGS))


def grader_page(outcome: Outcome, lang: Lang | None) -> str:
    """What only the grader may see of a question: key, marks and reasons, or criteria and sample."""
    return "\n\n---\n\n".join("\n\n".join(_grader_lines(outcome, one)) for one in ([lang] if lang else LANGS))


def flags_page(flags: Sequence[Flag]) -> str:
    """What a grader should look at before the points, in both languages; "" where there is nothing."""
    if not flags:
        return ""
    lines = [f"- {inert(flag_words(flag, lang))}" for lang in LANGS for flag in flags]
    return f"{_grader_heading()}: {' · '.join(inert(say('look-at', lang)) for lang in LANGS)}\n\n" + "\n".join(lines)


def flag_words(flag: Flag, lang: Lang) -> str:
    """A flag as a sentence."""
    return say(f"flag-{flag.reason}", lang, detail=flag.detail)


def inert(words: str) -> str:
    """Words as Markdown that means nothing but these words; nor does a page's MathJax find a command in them, such as a link's."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found.group())};", " ".join(words.split())).replace("&#92;", "&#92;&#8288;")


def block(words: str) -> str:
    """A learner's text as an indented code block, wrapped: no markup, no script, no formula in it comes to life."""
    clean = words.encode("utf-8", "replace").decode()
    lines = [part for line in clean.splitlines() for part in _wrapped(_visible(line))] or [""]
    return "\n".join(f"    {line}" for line in lines)


def _visible(line: str) -> str:
    """A line without what would hide, reorder or move the rest of it."""
    kept = ("    " if letter == "\t" else letter for letter in line if letter == "\t" or not _is_control(letter))
    return "".join(kept)


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co") and letter not in "\u200d\ufe0f"


def _wrapped(line: str) -> Iterator[str]:
    taken = ""
    width = 0
    for letter in line:
        step = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width + step > WIDTH:
            at = taken.rfind(" ") + 1 or len(taken)
            yield taken[:at].rstrip()
            taken = taken[at:]
            width = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in taken)
        taken += letter
        width += step
    yield taken


def _question_lines(outcome: Outcome, lang: Lang) -> Iterator[str]:
    yield f"**{inert(outcome.question.prompt[lang])}**"
    if outcome.state != "answered":
        yield f"*{inert(say(outcome.state, lang))}*"
        return
    yield f"{inert(say('answer', lang))}{':' if lang == 'en' else '：'}"
    yield "\n".join(_answer_lines(outcome.question, outcome.answer, lang))
    for reason in _reasons_for_all(outcome):
        yield f"> {inert(reason[lang])}"


def _answer_lines(question: Question, answer: object, lang: Lang) -> Iterator[str]:
    match question, answer:
        case Single(), str():
            yield from (f"- {inert(option.text[lang])}" for option in question.options if option.key == answer)
        case Multi(), list():
            yield from (f"- {inert(option.text[lang])}" for option in question.options if option.key in answer)
        case Order(), list():
            texts = {step.key: step.text[lang] for step in question.steps}
            yield from (f"{place}. {inert(texts[key])}" for place, key in enumerate(answer, 1))
        case Match(), dict():
            targets = {target.key: target.text[lang] for target in question.targets}
            yield from (f"- {inert(item.text[lang])} → {inert(targets[answer[item.key]])}" for item in question.items)
        case Number(), int() | float():
            yield f"- {inert(_digits(answer))} {inert(question.unit[lang])}"
        case _, str():
            yield block(answer)


def _digits(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def _reasons_for_all(outcome: Outcome) -> Iterator[Text]:
    """The reasons an author lets a learner read after grading, of the parts this learner chose."""
    question = outcome.question
    if isinstance(question, Number):
        yield from (mistake.why for mistake in question.mistakes if mistake.after_grading and mistake.value == outcome.answer)
        return
    for part in parts_of(question):
        if isinstance(part, Option | Step | Item) and part.after_grading and part.key in outcome.score.marks:
            yield part.why


def _grader_heading() -> str:
    return f"**{' · '.join(inert(say('for-grader', lang)) for lang in LANGS)}**"


def _grader_lines(outcome: Outcome, lang: Lang) -> Iterator[str]:
    question = outcome.question
    if isinstance(question, Written):
        yield f"{_grader_heading()}: {inert(say('by-hand', lang))}"
        yield "\n".join(
            f"- {inert(say('criterion', lang, points=_digits(criterion.points), text=criterion.text[lang]))}"
            for criterion in question.criteria
        )
        yield f"*{inert(say('sample', lang))}*"
        yield "> " + inert(question.sample[lang])
        return
    yield f"{_grader_heading()}: {inert(say('key', lang))}"
    yield "\n".join(_key_lines(question, lang))
    if outcome.score.verdict != "right" and (marked := "\n".join(_marked_lines(question, outcome.score, lang))):
        yield marked


def _key_lines(question: Question, lang: Lang) -> Iterator[str]:
    match question:
        case Single() | Multi():
            yield from (f"- {inert(option.text[lang])}" for option in question.options if option.correct)
        case Order():
            yield from (f"{place}. {inert(step.text[lang])}" for place, step in enumerate(question.steps, 1))
        case Match():
            yield from _answer_lines(question, {item.key: item.target for item in question.items}, lang)
        case Number():
            yield f"- {inert(_digits(question.answer))} {inert(question.unit[lang])}. {inert(question.why[lang])}"


def _marked_lines(question: Question, score: Score, lang: Lang) -> Iterator[str]:
    """What the learner chose, with its mark and its reason."""
    for part in parts_of(question):
        if isinstance(part, Option | Step | Item) and part.key in score.marks:
            yield f"- {inert(part.text[lang])}: **{inert(say(score.marks[part.key], lang))}**. {inert(part.why[lang])}"
