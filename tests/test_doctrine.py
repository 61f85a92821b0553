from __future__ import annotations

from typing import Any

import msgspec
import pytest

from lockdesk import doctrine as module
from lockdesk.doctrine import Doctrine, check, doctrine
from lockdesk.errors import ContentError
from lockdesk.text import Text


def faults_of(data: Doctrine) -> list[str]:
    with pytest.raises(ContentError) as caught:
        check(data)
    return [str(fault) for fault in caught.value.faults]


def changed(rows: tuple[Any, ...], mark: str, **fields: Any) -> tuple[Any, ...]:
    return tuple(msgspec.structs.replace(row, **fields) if row.mark == mark else row for row in rows)


def marks(rows: tuple[Any, ...]) -> list[str]:
    return [row.mark for row in rows]


def texts_in(value: object) -> list[Text]:
    if isinstance(value, Text):
        return [value]
    if isinstance(value, msgspec.Struct):
        return [text for name in value.__struct_fields__ for text in texts_in(getattr(value, name))]
    return [text for one in value for text in texts_in(one)] if isinstance(value, tuple) else []


def test_the_doctrine_has_every_mark_in_order() -> None:
    data = doctrine()

    assert marks(data.classes) == [f"L{n}" for n in range(1, 16)]
    assert marks(data.options) == ["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7"]
    assert marks(data.gates) == [f"G{n}" for n in range(1, 9)]
    assert marks(data.levels) == ["ID0", "ID1", "ID2", "ID3", "ID4"]
    assert marks(data.checklist) == [f"E{n}" for n in range(1, 17)]
    assert marks(data.spine) == list("1234567")


def test_the_doctrine_agrees_with_itself() -> None:
    check(doctrine())

    assert {mark for lock in doctrine().classes for mark in lock.options} <= set(marks(doctrine().options))


def test_the_doctrine_is_read_once() -> None:
    assert doctrine() is doctrine()


def test_every_name_and_sentence_stands_in_both_languages() -> None:
    texts = texts_in(doctrine())

    assert len(texts) > 100
    assert [text for text in texts if not (text.en.strip() and text.zh.strip())] == []


def test_only_options_that_change_the_device_for_good_are_destructive() -> None:
    assert [option.mark for option in doctrine().options if option.destructive] == ["R4", "R5", "R6"]


def test_a_decision_of_the_acquirer_is_lifted_by_the_acquirer_and_by_nothing_done_to_the_device() -> None:
    options = {lock.mark: lock.options for lock in doctrine().classes}

    assert options["L7"] == options["L9"] == ("R3",)


def test_a_tampered_device_is_never_cleared_by_a_code() -> None:
    options = {lock.mark: lock.options for lock in doctrine().classes}

    assert not {"R0", "R1", "R2"} & {*options["L10"], *options["L11"]}


@pytest.mark.parametrize("rows", ["classes", "options", "gates", "levels", "checklist"])
def test_a_missing_mark_is_a_fault(rows: str) -> None:
    data = msgspec.structs.replace(doctrine(), **{rows: getattr(doctrine(), rows)[:-1]})

    assert any("marks are" in fault for fault in faults_of(data))


def test_marks_out_of_order_are_a_fault() -> None:
    data = msgspec.structs.replace(doctrine(), gates=doctrine().gates[::-1])

    (fault,) = faults_of(data)

    assert "marks are G8 G7" in fault


def test_a_class_that_names_an_option_which_does_not_name_it_is_a_fault() -> None:
    data = msgspec.structs.replace(doctrine(), classes=changed(doctrine().classes, "L7", options=("R3", "R5")))

    assert faults_of(data) == ["src/lockdesk/doctrine.toml, lock_class 'L7', options: R5 does not name L7."]


def test_an_option_that_names_a_class_which_does_not_name_it_is_a_fault() -> None:
    option = next(option for option in doctrine().options if option.mark == "R5")
    data = msgspec.structs.replace(doctrine(), options=changed(doctrine().options, "R5", classes=(*option.classes, "L7")))

    assert faults_of(data) == ["src/lockdesk/doctrine.toml, option 'R5', classes: L7 does not name R5."]


@pytest.mark.parametrize("mark", ["L7", "R9"])
def test_a_reference_to_a_mark_that_is_none_is_a_fault(mark: str) -> None:
    data = msgspec.structs.replace(doctrine(), classes=changed(doctrine().classes, "L1", options=("R1", "R2", mark)))

    assert faults_of(data) == [f"src/lockdesk/doctrine.toml, lock_class 'L1', options: {mark} does not name L1."]


def test_a_level_that_is_none_is_a_fault() -> None:
    data = msgspec.structs.replace(doctrine(), options=changed(doctrine().options, "R2", level="ID9"))

    assert faults_of(data) == ["src/lockdesk/doctrine.toml, option 'R2', level: ID9 is no level."]


def test_every_fault_of_the_doctrine_is_reported_at_once() -> None:
    data = msgspec.structs.replace(
        doctrine(), options=changed(doctrine().options, "R2", level="ID9"), gates=doctrine().gates[1:], levels=doctrine().levels[1:]
    )

    assert len(faults_of(data)) >= 3


def test_a_faulty_doctrine_file_is_told_by_mark_and_field(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def joinpath(self, name: str) -> Broken:
            return self

        def read_text(self, encoding: str) -> str:
            return 'edition = "x"\n[[gate]]\nmark = "G1"\nname = {en = "one"}\nwhat = 3\nsource = "domain C2"\n'

    monkeypatch.setattr(module, "files", lambda package: Broken())

    with pytest.raises(ContentError) as caught:
        doctrine.__wrapped__()
    faults = "\n".join(map(str, caught.value.faults))

    assert "doctrine.toml, gate 'G1', name.zh: missing" in faults
    assert "doctrine.toml, gate 'G1', what: wanted a table, found 3" in faults
    assert "doctrine.toml, lock_class: missing" in faults
