from __future__ import annotations

from html.parser import HTMLParser

import pytest

from builders import NOON, ONE_OF_EACH, match, parts, single
from lockdesk.questions import Question
from lockdesk.text import HTML_LANG, LANGS, Lang, Text, word
from lockdesk.widgets.exercise import Exercise, View
from lockdesk.widgets.fallback import Notice, page_of, plain_of

MARKUP = Text("<script>alert('x')</script> & \"more\"", "<b>粗</b>")


class Seen(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes = dict(attrs) | self.attributes

    def handle_data(self, data: str) -> None:
        self.words += data


def view(question: Question, lang: Lang = "en") -> View:
    return Exercise(question, "2026-11", lang, None, lambda: NOON).view()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
def test_a_sleeping_question_shows_its_words_and_what_to_press(kind: str, lang: Lang) -> None:
    question = ONE_OF_EACH[kind]

    page = Seen(page_of(view(question, lang), lang))

    assert page.attributes["lang"] == HTML_LANG[lang]
    assert question.prompt[lang] in page.words
    assert word("asleep", lang) in page.words
    assert all(text[lang] in page.words for text in parts(question))


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
def test_a_sleeping_question_tells_neither_reason_nor_hint_nor_sample(kind: str) -> None:
    words = page_of(view(ONE_OF_EACH[kind]), "en") + plain_of(view(ONE_OF_EACH[kind]), "en")

    assert not [secret for secret in ("why ", "the hint", "the sample", "criterion ") if secret in words]


@pytest.mark.parametrize("lang", LANGS)
def test_the_words_of_a_question_are_never_markup(lang: Lang) -> None:
    question = single(prompt=MARKUP)

    page = Seen(page_of(view(question, lang), lang))

    assert not {"script", "b"} & set(page.tags)
    assert MARKUP[lang] in page.words


def test_choices_and_targets_are_never_markup() -> None:
    html = page_of(view(match()) | {"choices": [{"key": "k", "text": "<i>"}], "targets": [{"key": "t", "text": "<u>"}]}, "en")

    assert not {"i", "u"} & set(Seen(html).tags)


def test_a_question_without_kernel_and_without_html_is_two_lines() -> None:
    question = single()

    assert plain_of(view(question), "en").splitlines() == [question.prompt.en, f"({word('asleep', 'en')})"]


@pytest.mark.parametrize("lang", LANGS)
def test_a_notice_says_that_the_cell_is_broken_and_why(lang: Lang) -> None:
    notice = Notice(lang, ["one", "two"])

    page = Seen(notice._repr_html_())

    assert repr(notice).splitlines() == [word("broken-cell", lang), "one", "two"]
    assert all(line in page.words for line in (word("broken-cell", lang), "one", "two"))
    assert page.attributes["lang"] == HTML_LANG[lang]
    assert page.attributes["role"] == "alert"


def test_the_words_of_a_notice_are_never_markup() -> None:
    page = Seen(Notice("en", ["<script>alert(1)</script>"])._repr_html_())

    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.words
