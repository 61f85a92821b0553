"""What makes a set of questions poor though usable: bias, guessing, missing objectives, words that betray. Author's side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from .bank import QuestionFile
from .errors import Fault
from .glossary import Glossary, avoided_in
from .questions import Match, Multi, Order, Question, Single, asked, right_keys
from .scoring import expected_guess, expected_select_all
from .text import LANGS, Lang, Text

MAX_GUESS = {Multi: 0.25, Order: 0.15, Match: 0.15}
_PLACEHOLDER = re.compile(r"\{[a-z0-9_.-]+\}")
_HAN = r"[\u4e00-\u9fff]"
_NUMERAL = r"[一二三四五六七八九十]+"
_SECTION_NUMBER = re.compile(rf"{_NUMERAL}\({_NUMERAL}\)\d?")  # how Chinese notices number their parts: 三(三)
_HALF_WIDTH = re.compile(rf"(?<={_HAN})[,;:?!()]|[,;:?!()](?={_HAN})")


class Odds(msgspec.Struct, frozen=True):
    """The share of a file's points that habits earn, in [0, 1]: guessing each question, and ticking everything."""

    guess: float
    select_all: float


def odds(file: QuestionFile) -> Odds:
    """What habits earn on `file`, weighted by points."""
    questions = file.questions.values()
    total = sum(question.points for question in questions)
    guess = sum(expected_guess(question) * question.points for question in questions)
    everything = sum(expected_select_all(question) * question.points for question in questions if isinstance(question, Multi))
    return Odds(guess / total, everything / total)


def faults_in(file: QuestionFile, where: str, sections: frozenset[str], also: Iterable[str] = ()) -> Iterator[Fault]:
    """Every lint on one question file. `sections` are the headings of docs/domain.md a source may name.

    `also`: the objectives of what is asked beside the questions, calls and tasks of an assignment.
    """
    objectives = {objective.id for objective in file.lesson.objectives}
    asked = Counter([*(question.objective for question in file.questions.values()), *also])
    for objective in objectives:
        if asked[objective] < 2:
            yield Fault(f"{where}, objective '{objective}'", f"is asked {asked[objective]} times; wanted: at least twice.")
    for question in file.questions.values():
        at = f"{where}, question '{question.id}'"
        if question.objective not in objectives:
            yield Fault(f"{at}, objective", f"{question.objective!r} is none of this lesson's ({', '.join(sorted(objectives))}).")
        yield from _source_faults(at, question.source, sections)
        yield from _guess_faults(at, question)
        if isinstance(question, Single | Multi) and (told := [key for key in right_keys(question) if key in question.id]):
            yield Fault(f"{at}, id", f"tells the answer ({told[0]}).")
    yield from text_faults(file, where)
    yield from _bias_faults(file, where)


def _source_faults(at: str, source: str, sections: frozenset[str]) -> Iterator[Fault]:
    first = source.removeprefix("domain ").split(" ")[0]
    if not source.startswith("domain ") or first.rstrip(",") not in sections:
        yield Fault(f"{at}, source", f"{source!r}; wanted: 'domain' and a section of docs/domain.md ({', '.join(sorted(sections))}).")


def sections_of(domain: Path) -> frozenset[str]:
    """The names of the sections of docs/domain.md: A, A1, … H2."""
    headings = re.findall(r"^#{2,3} ([A-H]\d?)\b", domain.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(headings)


def _guess_faults(at: str, question: Question) -> Iterator[Fault]:
    bound = MAX_GUESS.get(type(question))
    if bound is not None and (share := expected_guess(question)) > bound:
        yield Fault(at, f"guessing earns {share:.0%} on average; wanted: at most {bound:.0%}. Add a wrong choice.")


def order_faults(file: QuestionFile, where: str) -> Iterator[Fault]:
    """In an assignment the published order of steps and pairs must not be the right one: it is there for everybody to read."""
    for question in file.questions.values():
        published = asked(question)
        if isinstance(question, Order):
            places = zip(published.choices, question.steps, strict=True)
            if sum(choice.key == step.key for choice, step in places) > 1:
                yield Fault(f"{where}, question '{question.id}'", "is published nearly in its right order; name the steps' keys otherwise.")
        elif isinstance(question, Match):
            right = {item.key: item.target for item in question.items}
            if sum(right[choice.key] == target.key for choice, target in zip(published.choices, published.targets, strict=False)) > 1:
                yield Fault(f"{where}, question '{question.id}'", "is published nearly pair by pair; name the items' keys otherwise.")


def text_faults(value: object, where: str) -> Iterator[Fault]:
    """Faults of wording in every text below `value`: other placeholders, another script, half-width punctuation in Chinese."""
    for at, text in texts_below(value, where):
        if set(_PLACEHOLDER.findall(text.en)) != set(_PLACEHOLDER.findall(text.zh)):
            yield Fault(at, f"other placeholders in en than in zh: {text.en!r}.")
        if re.search(_HAN, _SECTION_NUMBER.sub("", text.en)):
            yield Fault(at, f"Chinese in the English text: {text.en!r}.")
        if half := _HALF_WIDTH.search(_SECTION_NUMBER.sub("", text.zh)):
            yield Fault(at, f"half-width {half.group()!r} in the Chinese text: {text.zh!r}.")


def word_faults(value: object, where: str, glossary: Glossary) -> Iterator[Fault]:
    """Words that the course does not use, in every text below `value`."""
    for at, text in texts_below(value, where):
        for lang in LANGS:
            yield from prose_faults(text[lang], at, glossary)


def prose_faults(text: str, where: str, glossary: Glossary) -> Iterator[Fault]:
    """Words that the course does not use, in one text."""
    for word, avoid in avoided_in(text, glossary):
        yield Fault(where, f"{word!r} outside “ ”; wanted: {avoid.use}. {avoid.why}")


def texts_below(value: object, where: str) -> Iterator[tuple[str, Text]]:
    """Every text below `value`, with its place."""
    if isinstance(value, Text):
        yield where, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts_below(getattr(value, name), _below(where, value, name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts_below(one, where)
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_below(one, where)


def _below(where: str, value: msgspec.Struct, name: str) -> str:
    names = [getattr(value, field) for field in ("id", "key", "mark") if field in value.__struct_fields__]
    return f"{where} '{names[0]}', {name}" if names else f"{where}, {name}"


def _bias_faults(file: QuestionFile, where: str) -> Iterator[Fault]:
    """Right options that stand out by length or by place, over the whole file."""
    singles = [question for question in file.questions.values() if isinstance(question, Single)]
    chosen = [question for question in file.questions.values() if isinstance(question, Single | Multi)]
    if len(singles) >= 3:
        first = sum(question.options[0].correct for question in singles)
        if first > len(singles) / 2:
            yield Fault(where, f"the right option stands first in {first} of {len(singles)} single questions.")
    for lang in LANGS:
        longest = sum(_is_longest_right(question, lang) for question in singles)
        if len(singles) >= 3 and longest > len(singles) / 2:
            yield Fault(where, f"the right option is the longest in {longest} of {len(singles)} single questions ({lang}).")
        right = [len(option.text[lang]) for question in chosen for option in question.options if option.correct]
        wrong = [len(option.text[lang]) for question in chosen for option in question.options if not option.correct]
        if right and wrong and not 0.8 <= (ratio := _mean(right) / _mean(wrong)) <= 1.25:
            yield Fault(where, f"right options are {ratio:.2f} times as long as wrong ones ({lang}); wanted: 0.8 to 1.25.")


def _is_longest_right(question: Single, lang: Lang) -> bool:
    lengths = {option.correct: 0 for option in question.options}
    for option in question.options:
        lengths[option.correct] = max(lengths[option.correct], len(option.text[lang]))
    return lengths[True] > lengths[False]


def _mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)
