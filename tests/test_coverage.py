from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from builders import prose, question_file, single
from lockdesk.bank import QuestionFile, read_questions
from lockdesk.coverage import claim_faults, coverage, faults_in, marks_in_bold, report, topics_of
from lockdesk.doctrine import doctrine
from lockdesk.questions import CLAIMS
from lockdesk.text import LANGS, Text


def notebook(*sources: str, claims: Any = None) -> dict[str, Any]:
    cells = [prose(f"cell-{at}", source) for at, source in enumerate(sources)]
    if claims is not None:
        cells[0]["metadata"]["lockdesk"] = {"claims": claims}
    return {"cells": cells, "metadata": {}}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, QuestionFile]:
    """One lesson that asks about L7 in English and Chinese, about R5 in English only, and about statement 6."""
    asks = replace(single(), prompt=Text("Is it L7, or R5?", "是 L7 吗？"), claims=(6,))
    return {"01-small": read_questions(question_file(tmp_path, asks))}


def test_everything_promised_is_a_topic() -> None:
    names = topics_of(doctrine())

    assert len(names) == len(set(names)) == 15 + 8 + 8 + 5 + 16 + 51
    assert {"L15", "R0", "G8", "ID4", "E16", "claim 1", "claim 51"} <= set(names)


def test_a_mark_is_taught_where_it_is_bold_and_asked_where_a_question_says_it(files: dict[str, QuestionFile]) -> None:
    en = notebook("**L7** Remote lock", "R5 is only mentioned, **as is this**, L7 too.")
    zh = notebook("**L7** 远程锁机", "**R5**恢复出厂")

    lock, reset = coverage(["L7", "R5"], files, {("01-small", "en"): en, ("01-small", "zh"): zh})

    assert lock.taught == {"en": ("01-small/cell-0",), "zh": ("01-small/cell-0",)}
    assert lock.asked == {"en": ("who-calls",), "zh": ("who-calls",)}
    assert reset.taught == {"en": (), "zh": ("01-small/cell-1",)}
    assert reset.asked == {"en": ("who-calls",), "zh": ()}
    assert [str(fault) for fault in faults_in([lock, reset])] == [
        "R5: is taught in no lesson (en).",
        "R5: is asked by no practice question (zh).",
    ]


def test_a_statement_is_taught_in_the_cells_that_name_it_in_both_languages(files: dict[str, QuestionFile]) -> None:
    pair = {("01-small", "en"): notebook("Not so.", claims=[6, 51]), ("01-small", "zh"): notebook("不对。")}

    six, last = coverage(["claim 6", "claim 51"], files, pair)

    assert six.untaught() == six.unasked() == []
    assert last.untaught() == []
    assert last.unasked() == list(LANGS)


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("**L1** and **L12**", {"L1", "L12"}),
        ("**G3 正确的设备**、**ID2**", {"G3", "ID2"}),
        ("**安卓L5锁屏**", {"L5"}),
        ("L1, `E4`, **RL5**, **L123**, **X7**", set()),
    ],
)
def test_marks_are_read_in_either_script(source: str, marks: set[str]) -> None:
    assert marks_in_bold(source) == marks


@pytest.mark.parametrize("claims", [[0], [52], ["6"], [True], 6, [6.0]])
def test_a_statement_that_the_article_does_not_have_is_a_fault(claims: Any) -> None:
    (fault,) = claim_faults("f", notebook("Words.", claims=claims))

    assert str(fault).endswith(f"wanted: numbers from {CLAIMS[0]} to {CLAIMS[-1]}.")


def test_statements_of_the_article_are_no_fault() -> None:
    assert list(claim_faults("f", notebook("Words.", claims=[1, 51]))) == []


def test_the_map_names_three_places_and_counts_the_rest(files: dict[str, QuestionFile]) -> None:
    en = notebook(*["**L7**"] * 5)

    lines = report(coverage(["L7"], files, {("01-small", "en"): en, ("01-small", "zh"): notebook("无")}))

    assert lines == [
        "L7 en: taught 01-small/cell-0, 01-small/cell-1, 01-small/cell-2 and 2 more; asked who-calls",
        "L7 zh: taught nowhere; asked who-calls",
    ]
