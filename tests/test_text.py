from __future__ import annotations

import ast
import string

import pytest

from builders import REPOSITORY
from lockdesk.text import HTML_LANG, LANGS, WORDS, Lang, Text, word


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def reasons_in_code() -> set[str]:
    """Every reason that the package's code gives for not saving."""
    calls = [node for path in (REPOSITORY / "src").rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    return {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotSaved" and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize(("lang", "words"), [("en", "yes"), ("zh", "是")])
def test_a_text_is_read_by_language(lang: Lang, words: str) -> None:
    assert Text("yes", "是")[lang] == words


@pytest.mark.parametrize("name", sorted(WORDS))
def test_words_stand_in_both_languages_with_the_same_placeholders(name: str) -> None:
    words = WORDS[name]

    assert words.en.strip()
    assert words.zh.strip()
    assert placeholders(words.en) == placeholders(words.zh)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_the_two_languages_are_not_the_same_words(name: str) -> None:
    assert WORDS[name].en != WORDS[name].zh


def test_placeholders_are_filled_in() -> None:
    assert word("minutes", "en", count=25) == "25 min"
    assert word("minutes", "zh", count=25) == "25 分钟"


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    assert "{detail}" in word("unknown-question", "en", id="{detail}", where="here")


def test_unknown_words_are_an_error() -> None:
    with pytest.raises(KeyError):
        word("no-such-words", "en")


@pytest.mark.parametrize("given", [{}, {"place": 1}], ids=["nothing given", "another given"])
def test_a_placeholder_without_its_value_is_an_error(given: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        word("saved", "en", **given)


def test_the_code_gives_reasons_for_not_saving() -> None:
    assert {"log-full", "not-ours", "newer-log", "too-long"} <= reasons_in_code()


@pytest.mark.parametrize("reason", sorted(reasons_in_code()))
@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_for_not_saving_can_be_spoken(reason: str, lang: Lang) -> None:
    spoken = word(reason, lang, detail="DETAIL", max=7)

    assert spoken.startswith({"en": "Not saved: ", "zh": "未保存："}[lang])


def test_every_language_has_its_name_in_html() -> None:
    assert HTML_LANG.keys() == set(LANGS)
