from __future__ import annotations

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import REPOSITORY, asking, code, notebook, prose, question_file, single, write_json
from lockdesk.bank import QuestionFile, read_questions
from lockdesk.errors import ContentError
from lockdesk.front_page import FrontPage
from lockdesk.lessons import (
    FRONT_DOOR,
    Notebook,
    confirm_translation,
    faults_in,
    fingerprint,
    is_lesson_code,
    lang_of,
    read_notebook,
    source_of,
    stored_outputs,
    twin_faults,
    with_stored_outputs,
    write_notebook,
)

LINES = tomllib.loads((REPOSITORY / "tests/hostile_lines.toml").read_text("utf-8"))
HOSTILE = {line["why"]: line["source"] for line in LINES["line"]}
GOOD = {line["why"]: line["source"] for line in LINES["good"]}
ASK = 'from lockdesk import quiz\nquiz("who-calls")'


# ---- what a lesson's code may be


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_line_is_no_lesson_code(source: str) -> None:
    assert not is_lesson_code(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_a_good_line_is_lesson_code(source: str) -> None:
    assert is_lesson_code(source)


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_line_is_refused_among_good_ones_too(source: str) -> None:
    empty_lines_only = not source.strip("\n")

    assert is_lesson_code(f"{ASK}\n{source}\n{ASK}") == empty_lines_only


@given(st.sampled_from([ASK, *GOOD.values()]), st.data())
def test_one_strange_character_anywhere_spoils_lesson_code(source: str, data: st.DataObject) -> None:
    strange = data.draw(st.characters(exclude_characters="abcdefghijklmnopqrstuvwxyz0123456789-\n"))
    at = data.draw(st.integers(0, len(source)))
    spoilt = source[:at] + strange + source[at:]

    assert not is_lesson_code(spoilt)


def test_every_call_of_the_front_door_is_lesson_code() -> None:
    assert all(is_lesson_code(f'from lockdesk import {name}\n{name}("x")') for name in FRONT_DOOR)


# ---- notebooks as files


def test_a_notebook_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    lesson = notebook("01-small", prose("title", "# 小小一课"), asking("who-calls"))

    write_notebook(tmp_path / "01-small.ipynb", lesson)

    assert read_notebook(tmp_path / "01-small.ipynb") == lesson


def test_a_notebook_is_written_as_jupyterlab_writes_it(tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", {"nbformat": 4, "cells": [], "metadata": {"b": "中", "a": 1}})

    text = (tmp_path / "x.ipynb").read_bytes().decode()

    assert text == '{\n "cells": [],\n "metadata": {\n  "a": 1,\n  "b": "中"\n },\n "nbformat": 4\n}\n'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"3",
        b"{}",
        b"<<<<<<< HEAD",
        b"\xff\xfe",
        b'{"cells": []}',
        b'{"cells": [], "nbformat": 4, "nbformat_minor": 4}',
        b'{"cells": [], "nbformat": 3, "nbformat_minor": 9}',
        b'{"cells": [], "nbformat": "4", "nbformat_minor": "5"}',
        b'{"cells": {}, "nbformat": 4, "nbformat_minor": 5}',
    ],
)
def test_a_file_that_is_no_notebook_with_cell_ids_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notebooks/en/01-small.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    with pytest.raises(ContentError, match=r"^notebooks/en/01-small\.ipynb: ") as caught:
        read_notebook(path)

    assert len(caught.value.faults) == 1


def test_an_absent_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"none\.ipynb"):
        read_notebook(tmp_path / "none.ipynb")


@pytest.mark.parametrize("source", ["a\nb", ["a\n", "b"]])
def test_a_source_is_one_text_whichever_way_the_file_holds_it(source: Any) -> None:
    assert source_of({"source": source}) == "a\nb"


def test_a_cell_without_a_source_has_an_empty_one() -> None:
    assert source_of({}) == ""


@pytest.mark.parametrize(
    ("path", "lang"), [("notebooks/en/x.ipynb", "en"), ("notebooks/zh/x.ipynb", "zh"), ("notebooks/start.ipynb", "en"), ("x.ipynb", "en")]
)
def test_a_notebooks_language_is_its_folders(path: str, lang: str) -> None:
    assert lang_of(Path(path)) == lang


# ---- what a lesson stores


def test_a_question_is_stored_in_the_words_of_its_language() -> None:
    question = single()
    (output,) = stored_outputs(ASK, "zh", {question.id: question})
    html = "".join(output["data"]["text/html"])

    assert question.prompt.zh in html
    assert all(option.text.zh in html for option in question.options)
    assert question.prompt.zh in "".join(output["data"]["text/plain"])


def test_what_is_stored_tells_neither_reason_nor_hint() -> None:
    question = single()

    stored = json.dumps(stored_outputs(ASK, "en", {question.id: question}))

    assert "why" not in stored
    assert "hint" not in stored


def test_what_is_stored_is_the_same_whichever_option_is_right() -> None:
    stored = {json.dumps(stored_outputs(ASK, "en", {"who-calls": single(right)})) for right in ("alpha", "beta", "gamma")}

    assert len(stored) == 1


def test_what_is_stored_is_the_same_every_time() -> None:
    questions = {"who-calls": single()}

    assert stored_outputs(ASK, "en", questions) == stored_outputs(ASK, "en", questions)


@pytest.mark.parametrize(
    "source", ["from lockdesk import quiz", 'quiz("nobody-knows")', ASK + '\nquiz("who-calls")', "progress()", "", "x = 1"]
)
def test_a_cell_that_asks_no_known_question_stores_nothing(source: str) -> None:
    assert stored_outputs(source, "en", {"who-calls": single()}) == []


def test_the_front_page_stores_its_table() -> None:
    front = FrontPage([], [])
    (output,) = stored_outputs("from lockdesk import progress\nprogress()", "en", {}, front)

    assert "".join(output["data"]["text/html"]) == front._repr_html_()


def test_a_lesson_is_stored_without_what_running_it_left_behind() -> None:
    lesson = notebook("01-small", prose("title", "# T"), asking("who-calls"))
    run = copy.deepcopy(lesson)
    run["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    run["cells"][1] |= {"execution_count": 7, "outputs": [{"output_type": "stream", "text": "noise"}]}

    assert with_stored_outputs(run, "en", {}) == lesson


def test_storing_twice_changes_nothing_and_the_given_notebook_stays() -> None:
    lesson = notebook("01-small", prose("title", "# T"), asking("who-calls"))
    before = copy.deepcopy(lesson)
    questions = {"who-calls": single()}

    once = with_stored_outputs(lesson, "en", questions)

    assert with_stored_outputs(once, "en", questions) == once != before
    assert lesson == before


# ---- faults of one notebook


@pytest.fixture
def file(tmp_path: Path) -> QuestionFile:
    return read_questions(question_file(tmp_path / "notebooks/questions", single()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "notebooks/en").mkdir(parents=True)
    return tmp_path / "notebooks/en/01-small.ipynb"


def sound(file: QuestionFile) -> Notebook:
    return with_stored_outputs(notebook("01-small", prose("title", "# T"), asking("who-calls")), "en", file.questions)


def faults(path: Path, lesson: Notebook, file: QuestionFile | None) -> list[str]:
    return [str(fault) for fault in faults_in(path, lesson, file)]


def test_a_sound_lesson_has_no_fault(path: Path, file: QuestionFile) -> None:
    assert faults(path, sound(file), file) == []


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ([prose("Title Case", "words")], "cell 'Title Case': the id stands 1 times; wanted: kebab-case"),
        ([prose("3rd", "words")], "cell '3rd': the id stands 1 times"),
        ([prose("twice", "words"), prose("twice", "more")], "cell 'twice': the id stands 2 times"),
        ([prose("second-title", "# Another")], "2 headings of the first rank"),
        ([prose("long", "\n".join(["A line."] * 13))], "cell 'long': 13 lines; wanted: at most 12"),
        ([prose("picture", "![](../nowhere.svg)")], "the picture ../nowhere.svg has no alt text"),
        ([prose("picture", "![A roof](../nowhere.svg)")], "links to ../nowhere.svg, which does not exist"),
        ([prose("link", "See [there](02-more.ipynb#title).")], "links to 02-more.ipynb#title, which does not exist"),
        ([prose("gap", "这是第一行，\n第二行。")], "a line break inside a Chinese paragraph"),
        ([prose("bold", "**谁申请的？**收单机构。")], "cell 'bold': '**谁申请的？**' would show its asterisks"),
        ([prose("bold", "见**（一）**和**二**。")], "cell 'bold': '**（一）**' would show its asterisks"),
        ([code("evil", "import os")], "cell 'evil': is no lesson code"),
        ([code("evil", 'quiz("who-calls"); 1')], "cell 'evil': is no lesson code"),
        ([asking("who-knows")], "asks 'who-knows', which notebooks/questions/01-small.toml does not have"),
        ([asking("who-calls") | {"id": "again"}], "asks 'who-calls' 2 times; wanted: once"),
        ([prose(f"p-{letter}", "Words.") for letter in "abcdefghi"], "cell 'p-i': the ninth cell without a question"),
    ],
)
def test_a_fault_of_a_lesson_is_named_with_its_cell(path: Path, file: QuestionFile, cells: list[dict[str, Any]], what: str) -> None:
    lesson = sound(file)
    lesson["cells"] += cells

    found = faults(path, lesson, file)

    assert any(what in fault for fault in found), found
    assert all(fault.startswith("notebooks/en/01-small.ipynb") for fault in found)


@pytest.mark.parametrize(
    "source", ["**谁申请**的？", "**谁申请的？** 收单机构。", "**L7**远程锁机", "Who? **You.** And **more** words.", "**甲**、**乙**"]
)
def test_bold_that_a_page_shows_as_bold_is_no_fault(path: Path, file: QuestionFile, source: str) -> None:
    lesson = sound(file)
    lesson["cells"] += [prose("bold", source)]

    assert not [fault for fault in faults(path, lesson, file) if "asterisks" in fault]


@pytest.mark.parametrize(
    "source",
    [
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 15,
        "\n\n".join(["A line."] * 12),
        "[a site](https://example.org) and [a heading](#title)",
        "- 第一项；\n- 第二项。",
        "> 引文。\n\n正文。",
        "1. 第一步，\n2. 第二步。",
    ],
)
def test_tables_links_and_lists_are_no_fault(path: Path, file: QuestionFile, source: str) -> None:
    lesson = sound(file)
    lesson["cells"].append(prose("more", source))

    assert faults(path, lesson, file) == []


def test_eight_cells_between_two_questions_are_no_fault(path: Path, file: QuestionFile) -> None:
    lesson = sound(file)
    lesson["cells"] += [prose(f"p-{letter}", "Words.") for letter in "abcdefgh"]

    assert faults(path, lesson, file) == []


def test_a_picture_that_exists_and_has_words_is_no_fault(path: Path, file: QuestionFile) -> None:
    (path.parent / "roof.svg").write_text("<svg/>")
    lesson = sound(file)
    lesson["cells"].append(prose("picture", "![A roof](roof.svg)"))

    assert faults(path, lesson, file) == []


@pytest.mark.parametrize("name", [None, "02-other", 3])
def test_a_lesson_that_bears_another_name_than_its_file_is_a_fault(path: Path, file: QuestionFile, name: object) -> None:
    lesson = sound(file)
    lesson["metadata"]["lockdesk"]["lesson"] = name

    (fault,) = faults(path, lesson, file)

    assert "metadata lockdesk.lesson" in fault


def test_a_lesson_that_does_not_call_itself_one_is_a_fault(path: Path, file: QuestionFile) -> None:
    (fault,) = faults(path, sound(file) | {"metadata": {}}, file)

    assert "metadata lockdesk.lesson" in fault


def test_a_question_that_is_never_asked_is_a_fault(path: Path, file: QuestionFile) -> None:
    lesson = notebook("01-small", prose("title", "# T"))

    assert faults(path, lesson, file) == ["notebooks/en/01-small.ipynb: asks 'who-calls' 0 times; wanted: once."]


@pytest.mark.parametrize(
    "change",
    [
        {"execution_count": 3},
        {"outputs": []},
        {"outputs": [{"output_type": "stream", "name": "stdout", "text": "noise"}]},
    ],
)
def test_another_output_than_the_question_in_words_is_a_fault(path: Path, file: QuestionFile, change: dict[str, Any]) -> None:
    lesson = sound(file)
    lesson["cells"][1] |= change

    (fault,) = faults(path, lesson, file)

    assert "stored output is not the question in words" in fault


def test_a_lesson_that_shows_its_code_is_a_fault(path: Path, file: QuestionFile) -> None:
    lesson = sound(file)
    lesson["cells"][1]["metadata"] = {}

    (fault,) = faults(path, lesson, file)

    assert "shows its code" in fault


def test_a_lesson_without_a_title_is_a_fault(path: Path, file: QuestionFile) -> None:
    lesson = sound(file)
    lesson["cells"][0]["source"] = "## T"

    (fault,) = faults(path, lesson, file)

    assert "0 headings of the first rank" in fault


def test_a_page_that_asks_nothing_needs_no_questions(path: Path) -> None:
    assert faults(path, notebook("01-small", prose("title", "# T")), None) == []


def test_all_faults_of_a_lesson_are_found_in_one_pass(path: Path, file: QuestionFile) -> None:
    lesson = sound(file)
    lesson["metadata"] = {}
    lesson["cells"] += [code("evil", "1"), prose("gap", "一，\n二。"), prose("title", "words")]

    assert len(faults(path, lesson, file)) >= 4


def test_a_fault_names_the_notebook_from_the_courses_own_folder_on(tmp_path: Path, file: QuestionFile) -> None:
    """Somebody may keep the course in a folder that is itself called notebooks."""
    path = write_json(tmp_path / "notebooks/course/notebooks/en/01-small.ipynb", {})

    (fault, *_) = faults(path, notebook("01-small"), file)

    assert fault.startswith("notebooks/en/01-small.ipynb")


# ---- twins


def twins() -> tuple[Notebook, Notebook]:
    en = notebook("01-small", prose("title", "# T"), asking("who-calls"), prose("end", "The end."))
    zh = notebook(
        "01-small",
        prose("title", "# 题", lockdesk={"of": fingerprint("# T")}),
        asking("who-calls"),
        prose("end", "完。", lockdesk={"of": fingerprint("The end.")}),
    )
    return en, zh


def test_twins_have_no_fault() -> None:
    assert list(twin_faults("x", *twins())) == []


def test_a_changed_english_text_makes_the_chinese_cell_stale() -> None:
    en, zh = twins()
    en["cells"][2]["source"] = "The very end."

    (fault,) = twin_faults("notebooks/zh/01-small.ipynb", en, zh)

    assert fault.where == "notebooks/zh/01-small.ipynb, cell 'end'"
    assert "make translated CELLS=end" in fault.what


def test_every_stale_cell_is_named() -> None:
    en, zh = twins()
    for cell in zh["cells"]:
        cell["metadata"].pop("lockdesk", None)

    assert [fault.where for fault in twin_faults("x", en, zh)] == ["x, cell 'title'", "x, cell 'end'"]


def test_other_code_in_a_twin_is_a_fault() -> None:
    en, zh = twins()
    zh["cells"][1]["source"] += "\n"

    (fault,) = twin_faults("x", en, zh)

    assert "cell 'quiz-who-calls'" in fault.where


@pytest.mark.parametrize(
    ("lang", "change", "names"),
    [
        ("zh", lambda cells: cells.pop(), "en has 'end', zh has None"),
        ("en", lambda cells: cells.pop(), "en has None, zh has 'end'"),
        ("zh", lambda cells: cells.reverse(), "en has 'title', zh has 'end'"),
        ("zh", lambda cells: cells[0].update(id="titel"), "en has 'title', zh has 'titel'"),
        ("zh", lambda cells: cells[0].update(cell_type="raw"), "en has 'title', zh has 'title'"),
    ],
)
def test_other_cells_in_a_twin_are_told_once_from_where_they_differ(lang: str, change: Any, names: str) -> None:
    en, zh = twins()
    change((zh if lang == "zh" else en)["cells"])

    (fault,) = twin_faults("x", en, zh)

    assert names in fault.what


def test_a_confirmed_translation_is_stale_no_more() -> None:
    en, zh = twins()
    en["cells"][2]["source"] = "The very end."

    after, found = confirm_translation(en, zh, ["end"])

    assert found == {"end"}
    assert list(twin_faults("x", en, after)) == []


def test_only_the_named_cells_are_confirmed() -> None:
    en, zh = twins()
    en["cells"][0]["source"] = "# Other"
    en["cells"][2]["source"] = "The very end."

    after, _ = confirm_translation(en, zh, ["end"])

    assert [fault.where for fault in twin_faults("x", en, after)] == ["x, cell 'title'"]


@pytest.mark.parametrize("name", ["no-such-cell", "quiz-who-calls"])
def test_what_is_no_cell_of_prose_cannot_be_confirmed(name: str) -> None:
    en, zh = twins()

    after, found = confirm_translation(en, zh, [name])

    assert found == set()
    assert after == zh


def test_confirming_keeps_the_rest_of_a_cells_metadata() -> None:
    en, zh = twins()
    zh["cells"][2]["metadata"] = {"tags": ["x"], "lockdesk": {"note": 1}}

    after, _ = confirm_translation(en, zh, ["end"])

    assert after["cells"][2]["metadata"] == {"tags": ["x"], "lockdesk": {"note": 1, "of": fingerprint("The end.")}}
    assert zh["cells"][2]["metadata"] == {"tags": ["x"], "lockdesk": {"note": 1}}


def test_a_fingerprint_tells_texts_apart_and_is_short() -> None:
    assert fingerprint("a") != fingerprint("b")
    assert len(fingerprint("中文" * 1000)) == len(fingerprint("a")) < 16
