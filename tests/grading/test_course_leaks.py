"""Nothing of the real keys reaches a learner: not in what is released or packed, and in the feedback only what its author allows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders import REPOSITORY, entry
from grading.leaks import leaks, leaks_in_folder, reasons_in, words_of
from lockdesk.answers import Examined
from lockdesk.cases import publishing
from lockdesk.grading.assess import assess
from lockdesk.grading.exporter import titles_of
from lockdesk.grading.feedback import Given, feedback_page
from lockdesk.grading.habits import SHARE, Habit, doings
from lockdesk.grading.kit import pack
from lockdesk.grading.term import CLASS, ORDER, term
from lockdesk.key import read_key
from lockdesk.replay import publishing as task_publishing
from lockdesk.text import LANGS

KEYS = {name: read_key(REPOSITORY / "source" / name) for name in ORDER}
WORDS = {name: words_of(key) for name, key in KEYS.items()}
ALL = set[str]().union(*WORDS.values())
each_assignment = pytest.mark.parametrize("name", KEYS)


@each_assignment
def test_the_search_knows_the_key_it_looks_for(name: str) -> None:
    """In TOML a quotation mark inside a text is escaped or not; all else stands there as it is."""
    words = {word for word in WORDS[name] if '"' not in word.strip('"')}

    assert leaks_in_folder(REPOSITORY / "source" / name, words) == words
    assert len(words) > 150


@each_assignment
def test_a_release_holds_nothing_of_its_key(name: str) -> None:
    folder = REPOSITORY / "release" / name
    data = json.loads((folder / "questions.json").read_text("utf-8"))

    assert leaks_in_folder(folder, ALL) == set()
    assert leaks_in_folder(folder, [objective.text.en for objective in KEYS[name].lesson.objectives]) == set()
    assert leaks_in_folder(folder, ["domain ", "after_grading", "tolerance", "criterion", '"correct"', '"hint"', '"sketch"']) == set()
    assert [{*one} & {*publishing.HELD_BACK} for one in data.get("cases", [])] == [set()] * len(KEYS[name].cases)
    assert [{*one} & {*task_publishing.HELD_BACK} for one in data.get("tasks", [])] == [set()] * len(KEYS[name].tasks)


def page(name: str, habit: Habit, learner: str, lang: str) -> bytes:
    """The feedback of a learner of this habit, with no comment of a grader's; in both languages where nothing was answered."""
    key = KEYS[name]
    lines = [
        entry(one.exercise.id, answer, edition=one.edition, variant=one.variant, lang=lang)
        for one in doings(key, learner, habit, lang)  # type: ignore[arg-type]
        for answer in one.answers
    ]
    done = assess(key, Examined(tuple(lines)), learner)
    outcomes = [(outcome, Given(outcome.score.earned)) for outcome in done.outcomes.values()]
    return feedback_page(key.lesson, outcomes, done.lang, titles_of(REPOSITORY, key.lesson.objectives)).encode()


@each_assignment
def test_a_blank_learners_feedback_holds_nothing_of_the_key(name: str) -> None:
    found = page(name, "blank", "luo", "en")

    assert leaks(found, ALL) == set()
    assert leaks(found, [text for objective in KEYS[name].lesson.objectives for text in (objective.text.en, objective.text.zh)]) != set()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("habit", [habit for habit in SHARE if habit != "blank"])
@each_assignment
def test_anybodys_feedback_holds_of_the_key_only_what_its_author_allows(name: str, habit: Habit, lang: str) -> None:
    """A written answer is the sample itself where everything is right."""
    allowed = {words for text, is_shown in reasons_in(KEYS[name]) for words in (text.en, text.zh) if is_shown}
    own = {one.sample[lang] for one in KEYS[name].questions.values() if hasattr(one, "sample")} if habit != "guess" else set()  # type: ignore[index]

    assert leaks(page(name, habit, "luo", lang), ALL - own) - allowed == set()


def test_the_pack_holds_nothing_of_the_four_keys(tmp_path: Path) -> None:
    pack(REPOSITORY, tmp_path / "kit")
    texts = {word for word in ALL if not word.startswith('"')}  # checks and plays of practice cases may have the same names

    assert len(texts) > 0.7 * len(ALL)
    assert {path.name for path in (tmp_path / "kit/work").iterdir()} == set(KEYS)
    assert leaks_in_folder(tmp_path / "kit", texts) == set()


@pytest.mark.slow
def test_a_term_of_the_real_course_is_as_the_key_says_and_tells_the_blank_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "lockdesk.grading.term.CLASS", [one for one in CLASS if one.name in ("blank", "blank-zh", "half", "guess-1", "perfect-zh")]
    )
    told: list[str] = []

    assert term(REPOSITORY, tmp_path / "term", told.append), "\n".join(told)
    assert not [line for line in told if "; expected {" in line]
    for learner in ("blank", "blank-zh"):
        assert len(list((tmp_path / "term/feedback" / learner).rglob("*.html"))) == len(KEYS)
        assert leaks_in_folder(tmp_path / "term/feedback" / learner, ALL) == set()
    for where in ("release", "exchange/locked-terminals/outbound"):
        assert leaks_in_folder(tmp_path / "term" / where, ALL) == set()
