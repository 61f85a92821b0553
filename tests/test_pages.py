from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from builders import REPOSITORY, case_file
from lockdesk import __version__
from lockdesk.cards import desk_card, merchant_card, read_cards
from lockdesk.course import Course, check, store_outputs
from lockdesk.doctrine import doctrine
from lockdesk.errors import ContentError
from lockdesk.glossary import read_glossary
from lockdesk.lookup import read_lookup
from lockdesk.pages import built, chinese_glossary, english_glossary, lookup_cells
from lockdesk.text import LANGS, Lang, Text
from test_front_page import Seen

NOTEBOOKS = REPOSITORY / "notebooks"
DATA = ("glossary.toml", "lookup.toml", "cards.toml")


@pytest.fixture
def with_pages(course: Course) -> Course:
    for name in DATA:
        shutil.copyfile(NOTEBOOKS / name, course.notebooks / name)
    list(store_outputs(course))
    return course


def faults(course: Course) -> list[str]:
    return [str(fault) for fault in check(course).faults if "which does not exist" not in str(fault)]


def test_a_course_without_the_data_has_no_pages(course: Course) -> None:
    assert built(course.notebooks) == {}
    assert faults(course) == []


def test_the_pages_are_built_once_and_then_left_alone(course: Course) -> None:
    for name in DATA:
        shutil.copyfile(NOTEBOOKS / name, course.notebooks / name)

    first = list(store_outputs(course))

    assert len(first) == 8
    assert list(store_outputs(course)) == []
    assert faults(course) == []


@pytest.mark.parametrize("place", ["en/glossary.ipynb", "zh/lookup.ipynb", "en/card-desk.html"])
def test_a_page_written_by_hand_is_a_fault_and_mended_by_building(with_pages: Course, place: str) -> None:
    path = with_pages.notebooks / place
    before = path.read_text("utf-8")
    path.write_text(before.replace("L", "X", 1), "utf-8")

    assert any(f"notebooks/{place}: is not what its data give" in fault for fault in faults(with_pages))

    assert list(store_outputs(with_pages)) == [path]
    assert path.read_text("utf-8") == before


def test_a_page_that_is_missing_is_a_fault(with_pages: Course) -> None:
    (with_pages.notebooks / "zh/card-merchant.html").unlink()

    assert any("zh/card-merchant.html: is not what its data give" in fault for fault in faults(with_pages))


def test_faulty_data_are_told_with_everything_else(with_pages: Course) -> None:
    for name, old, new in [("glossary.toml", 'mark = "L9"', 'mark = "L99"'), ("lookup.toml", 'class = "L9"', 'class = "L99"')]:
        path = with_pages.notebooks / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    found = faults(with_pages)

    assert any("glossary.toml" in fault and "'L99'" in fault for fault in found)
    assert any("lookup.toml" in fault and "'L99'" in fault for fault in found)
    with pytest.raises(ContentError):
        built(with_pages.notebooks)


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        ("notebooks/en/01-small.ipynb", "And more.", "And a bypass."),
        ("notebooks/zh/01-small.ipynb", "几句话。", "几句破解的话。"),
        ("notebooks/questions/01-small.toml", "A small lesson", "A small hack"),
    ],
)
def test_words_the_course_does_not_use_are_faults_wherever_they_stand(with_pages: Course, where: str, old: str, new: str) -> None:
    path = with_pages.folder / where
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    assert any(fault.startswith(where) and "outside “ ”" in fault for fault in faults(with_pages))


def test_words_of_calls_tasks_and_doctrine_are_looked_at(with_pages: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    case_file(with_pages.notebooks / "cases", title='{ en = "A hack", zh = "一通小来电" }')
    shutil.copytree(NOTEBOOKS / "tasks", with_pages.notebooks / "tasks")
    task = with_pages.notebooks / "tasks/full-journal.toml"
    task.write_text(task.read_text("utf-8").replace('prompt.en = "', 'prompt.en = "Hack it. ', 1), "utf-8")
    changed = msgspec.structs.replace(doctrine(), spine=(msgspec.structs.replace(doctrine().spine[0], what=Text("Hack it.", "好。")),))
    monkeypatch.setattr("lockdesk.doctrine.doctrine", lambda: changed)

    found = [fault.split(",")[0].split(" ")[0] for fault in faults(with_pages) if "outside “ ”" in fault]

    assert sorted(found) == ["notebooks/cases/small-call.toml", "notebooks/tasks/full-journal.toml", "src/lockdesk/doctrine.toml"]


def test_english_goes_by_letter_and_chinese_by_theme() -> None:
    glossary = read_glossary(NOTEBOOKS / "glossary.toml")

    english = [cell_id for cell_id, _ in english_glossary(glossary)]
    chinese = [source.splitlines()[0] for _, source in chinese_glossary(glossary)[1:-1]]

    assert english[1:-1] == sorted(english[1:-1])
    assert all(len(cell_id) == len("letter-a") for cell_id in english[1:-1])
    assert chinese == [f"## {theme.name}" for theme in glossary.themes]


@pytest.mark.parametrize("lang", LANGS)
def test_the_look_up_page_asks_before_it_answers(lang: Lang) -> None:
    lookup = read_lookup(NOTEBOOKS / "lookup.toml", doctrine())

    cells = lookup_cells(lookup, doctrine(), lang)[1:-1]

    assert [cell_id for cell_id, _ in cells] == [step.id for step in lookup.steps]
    for (_, source), step in zip(cells, lookup.steps, strict=True):
        assert step.ask[lang] in source.splitlines()[0]
        assert all(row.first[lang] in source and row.never[lang] in source and row.says[lang] in source for row in step.rows)


@pytest.mark.parametrize("lang", LANGS)
def test_the_desks_card_holds_the_doctrine(lang: Lang) -> None:
    card = desk_card(read_cards(NOTEBOOKS / "cards.toml").desk, read_lookup(NOTEBOOKS / "lookup.toml", doctrine()), doctrine(), lang)
    words = "".join(Seen(card).words)

    for row in (*doctrine().options, *doctrine().gates, *doctrine().levels, *doctrine().spine):
        assert row.name[lang] in words
    for level in doctrine().levels:
        assert level.needed_for[lang] in words
    assert __version__ in words


@pytest.mark.parametrize("lang", LANGS)
def test_a_card_needs_nothing_from_elsewhere(lang: Lang) -> None:
    cards = read_cards(NOTEBOOKS / "cards.toml")
    pages = [
        desk_card(cards.desk, read_lookup(NOTEBOOKS / "lookup.toml", doctrine()), doctrine(), lang),
        merchant_card(cards.merchant, lang),
    ]

    for page in pages:
        seen = Seen(page)
        assert not {"script", "img", "link", "iframe", "object"} & {tag for tag, _ in seen.tags}
        assert not any({"src", "href", "onclick"} & attributes.keys() for _, attributes in seen.tags)
        assert "url(" not in page
        assert "://" not in page
        assert {"en": 'lang="en"', "zh": 'lang="zh-CN"'}[lang] in page
        assert "size: A4" in page


@pytest.mark.parametrize("lang", LANGS)
def test_the_merchants_card_says_all_it_has(lang: Lang) -> None:
    card = read_cards(NOTEBOOKS / "cards.toml").merchant
    words = "".join(Seen(merchant_card(card, lang)).words)

    assert [one for one in (*card.lines, *card.asks, *card.reports, *card.meanwhiles) if one[lang] not in words] == []


def test_words_of_a_card_are_words_and_never_markup(tmp_path: Path) -> None:
    path = tmp_path / "cards.toml"
    path.write_text((NOTEBOOKS / "cards.toml").read_text("utf-8").replace("a card number", "<b>a card</b> number"), "utf-8")

    seen = Seen(merchant_card(read_cards(path).merchant, "en"))

    assert "b" not in {tag for tag, _ in seen.tags}
    assert "<b>a card</b> number" in "".join(seen.words)
