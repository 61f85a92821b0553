from __future__ import annotations

from typing import Any

import msgspec
import pytest

from lockdesk.errors import ContentError
from lockdesk.text import Text
from lockdesk.typed import convert, name_of


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    key: str
    text: Text
    worth: float = 1
    note: Text | None = None


class Tree(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    leaves: tuple[Leaf, ...] = msgspec.field(name="leaf")


def leaf(**given: Any) -> dict[str, Any]:
    return {"key": "oak", "text": {"en": "an oak", "zh": "橡树"}} | given


def faults_of(data: object) -> list[str]:
    with pytest.raises(ContentError) as caught:
        convert(data, Tree, "file")
    return [str(fault) for fault in caught.value.faults]


def test_sound_data_become_typed_values() -> None:
    tree = convert({"id": "wood", "leaf": [leaf(worth=2)]}, Tree, "file")

    assert tree == Tree(id="wood", leaves=(Leaf(key="oak", text=Text("an oak", "橡树"), worth=2),))


def test_every_fault_is_found_in_one_pass() -> None:
    faults = faults_of({"id": 7, "leaf": [leaf(worth="much"), leaf(key=3), leaf(text="an oak")]})

    assert len(faults) == 4


@pytest.mark.parametrize(
    ("broken", "where", "what"),
    [
        ({"worth": "much"}, "file, leaf 'oak', worth", "'much'"),
        ({"worth": True}, "file, leaf 'oak', worth", "True"),
        ({"text": "an oak"}, "file, leaf 'oak', text", "wanted a table"),
        ({"text": {"en": "an oak"}}, "file, leaf 'oak', text.zh", "missing. Every text is needed in both languages."),
        ({"text": {"en": "an oak", "zh": 3}}, "file, leaf 'oak', text.zh", "found 3"),
        ({"note": {"zh": "x"}}, "file, leaf 'oak', note.en", "missing"),
        ({"wort": 2}, "file, leaf 'oak', wort", "Did you mean 'worth'?"),
        ({"zzz": 2}, "file, leaf 'oak', zzz", "Known: key, text, worth, note."),
    ],
)
def test_a_fault_names_its_place_and_what_was_found(broken: dict[str, Any], where: str, what: str) -> None:
    (fault,) = faults_of({"id": "wood", "leaf": [leaf(**broken)]})

    assert fault.startswith(f"{where}: ")
    assert what in fault


@pytest.mark.parametrize("data", [None, 3, "tree", [], [leaf()]])
def test_what_is_no_table_is_said_to_be_none(data: object) -> None:
    (fault,) = faults_of(data)

    assert fault.startswith("file: wanted a table")


def test_what_is_no_list_is_said_to_be_none() -> None:
    (fault,) = faults_of({"id": "wood", "leaf": leaf()})

    assert fault.startswith("file, leaf: wanted a list")


def test_a_missing_field_is_named_as_the_file_writes_it() -> None:
    (fault,) = faults_of({"id": "wood"})

    assert fault == "file, leaf: missing."


def test_an_empty_text_beside_another_fault_is_a_fault_too() -> None:
    faults = faults_of({"id": 7, "leaf": [leaf(text={"en": "an oak", "zh": ""})]})

    assert "file, leaf 'oak', text.zh: is empty." in faults


def test_an_empty_text_is_a_fault_when_all_else_is_well() -> None:
    faults = faults_of({"id": "wood", "leaf": [leaf(text={"en": "an oak", "zh": ""})]})

    assert faults == ["file, leaf 'oak', text.zh: is empty."]


@pytest.mark.parametrize(
    ("data", "name"),
    [({"id": "a", "key": "b"}, "'a'"), ({"key": "b"}, "'b'"), ({"mark": "L1"}, "'L1'"), ({"id": 3}, "number 4"), ("x", "number 4")],
)
def test_a_part_is_called_by_its_id_its_key_its_mark_or_its_number(data: object, name: str) -> None:
    assert name_of(data, 4) == name
