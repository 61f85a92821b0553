"""Spelling and typography of everything a person reads: English by hunspell's British dictionary, Chinese by AutoCorrect."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import autocorrect_py
import pytest

from builders import REPOSITORY
from lockdesk.bank import read_all, read_questions
from lockdesk.course import PACKAGE_WORDS, Course
from lockdesk.coverage import words_of
from lockdesk.doctrine import doctrine
from lockdesk.lessons import read_notebook, source_of
from lockdesk.replay.reading import read_tasks
from lockdesk.text import LANGS, Lang

COURSE = Course(REPOSITORY)
KNOWN = Path(__file__).parent / "known-words.txt"
# Wi and Gu: the dictionary has them as parts of other words only, and no list of known words overrules that.
_UNSPOKEN = re.compile(
    r"\bWi-Fi\b|\bGu\b|```.*?```|`[^`]*`|\]\([^)]*\)|\{[a-z0-9_.-]+\}|<[^>\n]+>|https?://\S+|\$\$.*?\$\$"
    r"|[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+|\b[\w-]*\d[\w-]*\b",
    re.DOTALL,
)
_GENITIVE = re.compile(r"['’](?:s\b|(?![a-z]))")
_LAW = re.compile(r"〔\d{4}〕第?\d+号|[一二三四五六七八九十]+\([一二三四五六七八九十]+\)\d?")
"""How notices are numbered, 〔2021〕259号 and 三(三): set as in the notice itself, without a space."""


def texts(lang: Lang) -> Iterator[tuple[str, str]]:
    """Everything the course says in one language, each text with the place where it stands."""
    for path in COURSE.lessons():
        notebook = read_notebook(path)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown" and path.parent.name in (lang, COURSE.notebooks.name):
                source = source_of(cell)
                said = source if path.parent.name == lang else "\n".join(line for line in source.split("\n") if _lang_of(line) == lang)
                yield f"{path.parent.name}/{path.name}, {cell['id']}", said
    for file in [*read_all(COURSE.questions), *(read_questions(folder / "questions.toml") for folder in COURSE.assignments())]:
        yield from ((f"{file.path.name}, title", text) for text in words_of(file.lesson, lang))
        for question in file.questions.values():
            yield from ((f"{file.path.name}, {question.id}", text) for text in words_of(question, lang))
    for one in [*COURSE.cases(), *read_tasks(COURSE.tasks).values()]:
        yield from ((one.id, text) for text in words_of(one, lang))
    for where, read in {"doctrine.toml": doctrine, **PACKAGE_WORDS}.items():
        yield from ((where, text) for text in words_of(read(), lang))


def _lang_of(line: str) -> Lang:
    """The language a line of the bilingual front page begins in."""
    return "zh" if re.match(r"[^A-Za-z]*[\u3400-\u9fff]", line) else "en"


def english() -> list[tuple[str, str]]:
    """The course's English and the documentation's; of docs/domain.md without its list of sources, which holds addresses."""
    pages = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
    written = [(path.name, path.read_text(encoding="utf-8").partition("\n## H.")[0]) for path in pages if ".zh-CN" not in path.name]
    return [*texts("en"), *written]


def spoken(text: str) -> str:
    """The words of a Markdown text: without code, links' targets, values to be filled in, numbers, Chinese and the genitive."""
    return _GENITIVE.sub("", _UNSPOKEN.sub(" ", text))


def misspelt(text: str) -> set[str]:
    """The words that neither the British dictionary nor the course's own list knows."""
    command = ["hunspell", "-l", "-d", "en_GB", "-p", str(KNOWN)]
    ran = subprocess.run(command, input=spoken(text), capture_output=True, text=True, check=True, encoding="utf-8")
    return set(ran.stdout.split())


def mended(text: str) -> str:
    """A Chinese text as AutoCorrect sets it: a space beside Latin words and numbers, full-width punctuation."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found.group())
        return f"甲{len(kept) - 1:03d}乙".translate(_DIGITS)

    masked = _LAW.sub(keep, text)
    result = str(autocorrect_py.format_for(masked, "markdown"))
    for number, law in enumerate(kept):
        result = result.replace(f"甲{number:03d}乙".translate(_DIGITS), law)
    return result


_DIGITS = str.maketrans("0123456789", "子丑寅卯辰巳午未申酉")


@pytest.fixture(scope="module")
def speller() -> None:
    if shutil.which("hunspell") is None or "en_GB" not in _dictionaries():
        said = "No hunspell with a British dictionary, so no spelling was read (on Debian: apt install hunspell hunspell-en-gb)."
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)


def _dictionaries() -> str:
    return subprocess.run(["hunspell", "-D"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False).stderr


@pytest.mark.usefixtures("speller")
def test_english_is_spelt_as_in_britain() -> None:
    found = english()
    unknown = misspelt("\n".join(text for _, text in found))

    named = {word: next(where for where, text in found if word in spoken(text)) for word in sorted(unknown)}
    assert named == {}, f"Mend them, or add them to {KNOWN.relative_to(REPOSITORY)} if they are right."


@pytest.mark.usefixtures("speller")
def test_a_slip_is_found_and_a_known_word_is_not() -> None:
    assert misspelt("The acquirer recieves the Haylark's batch; `teh` in code, and ¥{fair-sum}.") == {"recieves"}
    assert "color" in misspelt("the color of the seal")


def test_chinese_is_set_as_typographers_set_it() -> None:
    faults = {f"{where}: {text!r}": mended(text) for where, text in texts("zh") if mended(text) != text}

    assert faults == {}


def test_a_gap_that_is_missing_is_found() -> None:
    assert mended("共12项,见PCI DSS。") == "共 12 项，见 PCI DSS。"
    assert mended("银发〔2021〕259号三(三)，¥{sum}。") == "银发〔2021〕259号三(三)，¥{sum}。"


def test_the_known_words_are_sorted_and_each_is_needed() -> None:
    words = KNOWN.read_text(encoding="utf-8").split()
    said = " ".join(spoken(text) for _, text in english())

    assert words == sorted(set(words), key=lambda word: (word.casefold(), word))
    assert [word for word in words if not re.search(rf"(?<![A-Za-z]){re.escape(word)}", said, re.IGNORECASE)] == []


def test_every_language_is_read() -> None:
    assert all(len(list(texts(lang))) > 500 for lang in LANGS)
