from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html

from builders import both, match, multi, number, order, single, written
from grading.classroom import QUESTIONS
from lockdesk.grading.assess import Flag, Outcome, printable
from lockdesk.grading.present import WIDTH, block, flag_words, flags_page, grader_page, inert, question_page
from lockdesk.grading.words import WORDS
from lockdesk.questions import Question
from lockdesk.scoring import score
from lockdesk.text import LANGS, Lang, Text

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/a.png)",
    "<javascript:alert(1)>",
    "http://evil.example www.evil.example a@evil.example",
    "# heading\n\n- list\n\n> quote\n\n1. one\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "```\nfenced\n```\n~~~\nfenced\n~~~",
    "</code></pre><script>alert(1)</script>",
    "\n</code></pre>\n\n<b>out</b>",
    "&lt;script&gt; &#60;script&#62; &amp;",
    "$x$ $$\\href{javascript:alert(1)}{x}$$ \\(x\\) \\begin{x}",
    "{{ 7*7 }} {% raw %} {# c #}",
    "[x]: javascript:alert(1)\n\n[x]",
    "a\n===\n\n---\n\n***",
    "\x00\x07\x1b[31m\x7f\x9b",
    "\u202egnp.exe \u2066x\u2069 \u200b\ufeff",
    "\ud800 \U000e0041",
    "line\rline\r\nline\x0bline\x0cline\x85line\u2028line\u2029line",
    "\t\ttabs\n        deep\n  two",
    " " * 200 + "x",
    "x" * 1000,
    "很" * 500,
    "",
    "\n\n\n",
]


class _Reader(HTMLParser):
    """What a browser would see: the tags in their order, and the text inside <code>."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", ()))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("declaration", ()))

    def handle_pi(self, data: str) -> None:
        self.tags.append(("instruction", ()))


def rendered(markdown: str) -> _Reader:
    """Markdown as Formgrader and the feedback turn it into a page."""
    return _Reader(markdown2html(markdown))


def outcome(question: Question, answer: Any, state: Any = "answered") -> Outcome:
    return Outcome(question, state, score(question, answer), answer)


def visible(words: str) -> str:
    """What can be seen of a text: no spaces, nothing that controls or hides."""
    clean = words.encode("utf-8", "replace").decode()
    return "".join(letter for letter in clean if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co"))


def any_nasty(function: Any) -> Any:
    for words in NASTY:
        function = example(words=words)(function)
    return given(words=st.text(max_size=300) | st.lists(st.sampled_from(NASTY), max_size=3).map("\n".join))(function)


# ---- a learner's text


@any_nasty
def test_a_written_answer_is_text_in_a_block_and_nothing_else(words: str) -> None:
    tags = [tag for tag, _ in rendered(block(words)).tags]
    attributes = {name for _, attrs in rendered(block(words)).tags for name, _ in attrs}

    assert tags in ([], ["pre", "code"])
    assert attributes <= {"class"}


@any_nasty
def test_a_written_answer_loses_no_letter_that_can_be_seen(words: str) -> None:
    assert visible(rendered(block(words)).text) == visible(words)


@any_nasty
def test_no_line_of_a_written_answer_is_longer_than_the_page_is_wide(words: str) -> None:
    wide = [sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line) for line in block(words).split("\n")]

    assert max(wide) <= WIDTH + 4
    assert all(line.startswith("    ") for line in block(words).split("\n"))


@any_nasty
def test_nothing_in_a_written_answer_hides_or_reorders_the_rest(words: str) -> None:
    hidden = {letter for letter in block(words) if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co")} - {"\n", "\u200d", "\ufe0f"}

    assert hidden == set()


@any_nasty
def test_a_written_answer_stays_in_its_place_on_the_whole_page(words: str) -> None:
    answered = outcome(written(prompt=both("Say it")), words)
    page = rendered(question_page(answered, "en"))

    plain = [tag for tag, _ in rendered(question_page(outcome(written(prompt=both("Say it")), "word"), "en")).tags]
    assert [tag for tag, _ in page.tags] in (plain, [tag for tag in plain if tag not in ("pre", "code")])


@any_nasty
def test_whatever_was_recorded_for_a_question_its_page_has_no_tag_of_it(words: str) -> None:
    """An answer that does not fit is not shown at all."""
    for question in (single(), multi(), order(), match(), number()):
        shown = question_page(Outcome(question, "unusable", score(question, words), words), "en")
        assert "alert" not in shown
        assert {tag for tag, _ in rendered(shown).tags} <= {"p", "strong", "em"}


def test_a_long_text_is_wrapped_at_its_spaces() -> None:
    lines = block("word " * 40).split("\n")

    assert len(lines) == 3
    assert {line.strip().replace("word", "").replace(" ", "") for line in lines} == {""}


# ---- an author's and a stranger's words


@any_nasty
def test_words_that_are_inert_are_one_paragraph_of_these_words(words: str) -> None:
    page = rendered(inert(words.encode("utf-8", "replace").decode()))

    assert page.tags in ([], [("p", ())])
    assert visible(page.text).replace("\ufffd", "") == visible(words.replace("\x00", "")).replace("\ufffd", "")


@any_nasty
def test_words_that_are_inert_hold_no_command_for_a_pages_mathjax(words: str) -> None:
    """It reads all text outside of code."""
    page = rendered(inert(words.encode("utf-8", "replace").decode())).text

    assert re.search(r"\\(?!\u2060)", page) is None


@pytest.mark.parametrize("words", NASTY)
@pytest.mark.parametrize("kind", QUESTIONS)
def test_markup_in_a_prompt_is_shown_and_does_nothing(kind: str, words: str) -> None:
    question = msgspec.structs.replace(QUESTIONS[kind], prompt=Text(words.encode("utf-8", "replace").decode(), "问"))
    page = rendered(question_page(Outcome(question, "blank", score(question, None)), "en"))

    assert {tag for tag, _ in page.tags} <= {"p", "strong", "em", "hr"}
    assert not [attrs for _, attrs in page.tags if attrs]


@pytest.mark.parametrize("reason", [name.removeprefix("flag-") for name in WORDS if name.startswith("flag-")])
@pytest.mark.parametrize("words", NASTY[:13])
def test_a_flag_repeats_a_strangers_words_without_their_effect(reason: str, words: str) -> None:
    page = rendered(flags_page([Flag(reason, printable(words))]))

    assert {tag for tag, _ in page.tags} <= {"p", "strong", "ul", "li"}
    assert not [attrs for _, attrs in page.tags if attrs]


def test_every_flag_is_a_sentence_in_both_languages() -> None:
    for reason in (name.removeprefix("flag-") for name in WORDS if name.startswith("flag-")):
        assert flag_words(Flag(reason, "x"), "en").endswith(".")
        assert flag_words(Flag(reason, "x"), "zh").endswith("。")


def test_no_flags_are_no_page() -> None:
    assert flags_page([]) == ""


# ---- what a page says


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        (single(), "alpha", ["choice alpha"]),
        (multi(), ["beta", "alpha"], ["choice alpha", "choice beta"]),
        (order(), ["two", "one", "three", "four"], ["step two", "step one", "step three", "step four"]),
        (
            match(),
            {"pin": "bank", "place": "shop", "alarm": "maker", "risk": "nobody"},
            ["item pin → party bank", "item place → party shop"],
        ),
        (number(), 12.5, ["12.5 calls"]),
        (number(), 12.0, ["12 calls"]),
        (number(), 10**15, ["1000000000000000 calls"]),
        (written(), "My words", ["My words"]),
    ],
    ids=["single", "multi", "order", "match", "number", "whole number", "large number", "written"],
)
def test_the_learners_own_answer_is_shown_in_their_order_and_language(question: Question, answer: Any, said: list[str], lang: Lang) -> None:
    page = rendered(question_page(outcome(question, answer), lang)).text

    places = [page.replace("（中文）", "").index(words) for words in said]
    assert places == sorted(places)
    assert ("（中文）" in page) is (lang == "zh")
    assert "why" not in page
    assert "sample" not in page


def test_where_nobody_knows_the_language_both_are_shown() -> None:
    page = rendered(question_page(outcome(single(), None, "blank"), None)).text

    assert page.count("Who calls?") == 2
    assert WORDS["blank"].en in page
    assert WORDS["blank"].zh in page


@pytest.mark.parametrize("state", ["blank", "other-edition", "unusable"])
def test_what_counts_nothing_says_why(state: str) -> None:
    assert WORDS[state].zh in rendered(question_page(outcome(single(), None, state), "zh")).text


def test_the_grader_reads_key_marks_and_reasons() -> None:
    page = rendered(grader_page(outcome(multi(), ["alpha", "beta"]), "en")).text

    assert re.search(r"choice beta\s+choice gamma", page)
    assert "choice alpha: not right. why alpha" in page
    assert "choice beta: right. why beta" in page


@pytest.mark.parametrize(
    ("question", "answer"),
    [(multi(), ["alpha", "beta"]), (number(), 3), (written(), "x"), (order(), None), (match(), None), (single(), "alpha")],
)
def test_what_the_grader_reads_in_chinese_has_chinese_punctuation(question: Question, answer: Any) -> None:
    page = rendered(grader_page(outcome(question, answer), "zh")).text

    assert re.search(r"(?<!\d)[.:;,!?](?!\d)", page) is None
    assert "：" in page


def test_marks_stand_out_in_chinese_as_in_english() -> None:
    page = rendered(grader_page(outcome(multi(), ["alpha"]), "zh"))

    assert "choice alpha（中文）：不对。why alpha（中文）" in page.text
    assert [tag for tag, _ in page.tags].count("strong") == 2


def test_the_grader_reads_criteria_and_sample() -> None:
    page = rendered(grader_page(outcome(written(), "x"), "en")).text

    assert all(words in page for words in ("up to 1: criterion 1", "up to 2: criterion 2", "the sample"))
    assert "\n2. up to 2" in grader_page(outcome(written(), "x"), "en")  # the comment names them by number


@pytest.mark.parametrize(
    ("question", "said"),
    [(order(), ["1", "step one", "step four"]), (match(), ["item pin → party shop"]), (number(), ["12 calls", "why so many"])],
)
def test_the_grader_reads_the_key_of_every_kind(question: Question, said: list[str]) -> None:
    source = grader_page(outcome(question, None, "blank"), "en")

    assert all(words in rendered(source).text or words in source for words in said)


def test_a_right_answer_needs_no_marks() -> None:
    assert "why" not in grader_page(outcome(single(), "beta"), "en")
