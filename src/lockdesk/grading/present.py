"""An assessed question, call or task as Markdown for Formgrader. What a learner wrote is shown and can do nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from ..cases import Case, draw, law
from ..key import Exercise
from ..questions import Item, Match, Multi, Number, Option, Order, Question, Single, Step, Written, parts_of
from ..replay.account import Account, Moment, Point, account_of
from ..replay.checks import end_name
from ..replay.log import Try
from ..replay.task import Task
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


def title_of(exercise: Exercise) -> Text:
    """What an exercise is called: a question or task by its prompt, a call by its title."""
    return exercise.title if isinstance(exercise, Case) else exercise.prompt


def account_in(outcome: Outcome) -> Account:
    """What a call or task came to; empty for a question, and where nothing is recorded."""
    exercise, taken = outcome.question, outcome.answer
    return account_of(exercise, taken) if isinstance(exercise, Case | Task) and isinstance(taken, Try) else Account()


def _question_lines(outcome: Outcome, lang: Lang) -> Iterator[str]:
    yield f"**{inert(title_of(outcome.question)[lang])}**"
    if isinstance(outcome.question, Case | Task):
        yield from _account_lines(outcome, lang)
        return
    if outcome.state != "answered":
        yield f"*{inert(say(outcome.state, lang))}*"
        return
    yield f"{inert(say('answer', lang))}{_colon(lang).rstrip()}"
    yield "\n".join(_answer_lines(outcome.question, outcome.answer, lang))
    for reason in reasons_of(outcome):
        yield f"> {inert(reason[lang])}"


def _account_lines(outcome: Outcome, lang: Lang) -> Iterator[str]:
    """A call or task: whether it came to its end, what was done, which checks were met."""
    if (words := state_words(outcome, lang)) is not None:
        yield f"*{inert(words)}*"
    account = account_in(outcome)
    if account.refused:
        yield f"*{inert(account.refused[lang])}*"
    if account.moments:
        yield "\n".join(f"{place}. {inert(moment_words(moment, lang))}" for place, moment in enumerate(account.moments, 1))
        yield f"{inert(say('checks', lang))}{_colon(lang).rstrip()}"
        yield "\n".join(f"- {inert(point_words(point, lang))}" for point in account.points)


def state_words(outcome: Outcome, lang: Lang) -> str | None:
    """Why an exercise earned nothing, or was not brought to its end; None where it was answered."""
    if outcome.state == "answered":
        return None
    kind = {Case: "call", Task: "task"}.get(type(outcome.question))
    name = f"{outcome.state}-{kind}" if kind and outcome.state in ("unfinished", "blank") else outcome.state
    return say(name, lang)


def moment_words(moment: Moment, lang: Lang) -> str:
    """One act and what came of it, on one line."""
    gap = "; " if lang == "en" else "；"
    rest = gap.join(text[lang] for text in (*moment.followed, *moment.meant))
    return f"{say(moment.unit, lang, at=moment.at)} · {moment.act[lang]}" + (f" → {rest}" if rest else "")


def point_words(point: Point, lang: Lang) -> str:
    """One line of a score, with its points and what was there or missing."""
    parts = [f"{'✓' if is_there else '✗'} {text[lang]}" for text, is_there in point.parts]
    gap, colon = (", ", ": ") if lang == "en" else ("，", "：")
    return f"{say(f'mark-{point.mark}', lang)} · {point.name[lang]}{colon}{points_words(point, lang)}" + (
        f" ({gap.join(parts)})" if parts and lang == "en" else f"（{gap.join(parts)}）" if parts else ""
    )


def points_words(point: Point, lang: Lang) -> str:
    """The points of one line of a score."""
    match point.mark:
        case "fine":
            return f"−{digits(-point.earned)}"
        case "cap" | "breach":
            return say("at-most", lang, points=digits(point.earned))
        case _:
            return say("of", lang, earned=digits(point.earned), possible=digits(point.possible))


def answer_words(outcome: Outcome, lang: Lang) -> list[str]:
    """A recorded answer to a question as plain lines; nothing in it can move, hide or reorder what stands around it."""
    question, answer = outcome.question, outcome.answer
    if isinstance(question, Written):
        return [_visible(line) for line in answer.encode("utf-8", "replace").decode().splitlines()] if isinstance(answer, str) else []
    lines = _chosen(question, answer, lang)
    return [f"{place}. {line}" for place, line in enumerate(lines, 1)] if isinstance(question, Order) else lines


def _chosen(question: Exercise, answer: object, lang: Lang) -> list[str]:
    """What was chosen, in words, a line each."""
    match question, answer:
        case Single(), str():
            return [option.text[lang] for option in question.options if option.key == answer]
        case Multi(), list():
            return [option.text[lang] for option in question.options if option.key in answer]
        case Order(), list():
            texts = {step.key: step.text[lang] for step in question.steps}
            return [texts[key] for key in answer]
        case Match(), dict():
            targets = {target.key: target.text[lang] for target in question.targets}
            return [f"{item.text[lang]} → {targets[answer[item.key]]}" for item in question.items]
        case Number(), int() | float():
            return [f"{_digits(answer)} {question.unit[lang]}"]
        case _:
            return []


def _answer_lines(question: Exercise, answer: object, lang: Lang) -> Iterator[str]:
    """The same as Markdown."""
    if isinstance(question, Written) and isinstance(answer, str):
        yield block(answer)
    for place, line in enumerate(_chosen(question, answer, lang), 1):
        yield f"{f'{place}.' if isinstance(question, Order) else '-'} {inert(line)}"


def _digits(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def digits(points: float) -> str:
    """Points as they are written: two decimals at most."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def reasons_of(outcome: Outcome) -> Iterator[Text]:
    """The reasons an author lets a learner read after grading, of the parts this learner chose."""
    question = outcome.question
    if isinstance(question, Case | Task):
        return
    if isinstance(question, Number):
        yield from (mistake.why for mistake in question.mistakes if mistake.after_grading and mistake.value == outcome.answer)
        return
    for part in parts_of(question):
        if isinstance(part, Option | Step | Item) and part.after_grading and part.key in outcome.score.marks:
            yield part.why


def _colon(lang: Lang) -> str:
    return "：" if lang == "zh" else ": "


def _stop(lang: Lang) -> str:
    return "。" if lang == "zh" else ". "


def _grader_heading() -> str:
    return f"**{' · '.join(inert(say('for-grader', lang)) for lang in LANGS)}**"


def _grader_lines(outcome: Outcome, lang: Lang) -> Iterator[str]:
    question = outcome.question
    if isinstance(question, Case | Task):
        yield from _own_checks(question, lang)
        return
    if isinstance(question, Written):
        yield f"{_grader_heading()}{_colon(lang)}{inert(say('by-hand', lang))}"
        yield "\n".join(
            f"{number}. {inert(say('criterion', lang, points=_digits(criterion.points), text=criterion.text[lang]))}"
            for number, criterion in enumerate(question.criteria, 1)
        )
        yield f"*{inert(say('sample', lang))}*"
        yield "> " + inert(question.sample[lang])
        return
    yield f"{_grader_heading()}{_colon(lang)}{inert(say('key', lang))}"
    yield "\n".join(_key_lines(question, lang))
    if outcome.score.verdict != "right" and (marked := "\n".join(_marked_lines(question, outcome.score, lang))):
        yield marked


def _own_checks(exercise: Case | Task, lang: Lang) -> Iterator[str]:
    """What the author asked for in this call or task, and how the call should end."""
    yield f"{_grader_heading()}{_colon(lang)}{inert(say('key', lang))}"
    lines = [check.why[lang] for check in exercise.checks]
    if isinstance(exercise, Case):
        lines.insert(0, end_name(law.best(draw(exercise, "v00")))[lang])
    yield "\n".join(f"- {inert(line)}" for line in lines)


def _key_lines(question: Question, lang: Lang) -> Iterator[str]:
    match question:
        case Single() | Multi():
            yield from (f"- {inert(option.text[lang])}" for option in question.options if option.correct)
        case Order():
            yield from (f"{place}. {inert(step.text[lang])}" for place, step in enumerate(question.steps, 1))
        case Match():
            yield from _answer_lines(question, {item.key: item.target for item in question.items}, lang)
        case Number():
            yield f"- {inert(_digits(question.answer))} {inert(question.unit[lang])}{_stop(lang)}{inert(question.why[lang])}"


def _marked_lines(question: Question, score: Score, lang: Lang) -> Iterator[str]:
    """What the learner chose, with its mark and its reason."""
    for part in parts_of(question):
        if isinstance(part, Option | Step | Item) and part.key in score.marks:
            mark = f"**{inert(say(score.marks[part.key], lang))}**"
            yield f"- {inert(part.text[lang])}{_colon(lang)}{mark}{_stop(lang)}{inert(part.why[lang])}"
