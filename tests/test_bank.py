from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builders import EDITION, LESSON, ONE_OF_EACH, both, multi, question_file, single, table, toml
from lockdesk.bank import QuestionFile, find_question, ids_in, read_all, read_questions
from lockdesk.errors import ContentError, UnknownQuestion
from lockdesk.questions import Question


def faults_of(path: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_questions(path)
    return [str(fault) for fault in caught.value.faults]


def changed(question: Question, **fields: Any) -> dict[str, Any]:
    return table(question) | fields


def test_a_question_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = question_file(tmp_path, *ONE_OF_EACH.values(), edition="2027-01")

    file = read_questions(path)

    assert isinstance(file, QuestionFile)
    assert file.edition == "2027-01"
    assert file.lesson.title.zh == LESSON["title"]["zh"]
    assert list(file.questions.values()) == list(ONE_OF_EACH.values())


def test_dotted_names_and_indented_tables_are_read_as_in_the_course(tmp_path: Path) -> None:
    text = toml({"edition": "2026-11", "lesson": LESSON})
    text += """
[[question]]
id = "who-calls"
kind = "single"
objective = "callers"
points = 2
source = "domain A1"
prompt.en = "Who calls?"
prompt.zh = "谁来电？"
"""
    for key in ("alpha", "beta", "gamma"):
        text += f"""
  [[question.option]]
  key = "{key}"
  correct = {"true" if key == "beta" else "false"}
  text.en = "en {key}"
  text.zh = "zh {key}"
  why.en = "en why"
  why.zh = "zh why"
"""
    path = tmp_path / "01-small.toml"
    path.write_text(text, encoding="utf-8")

    question = read_questions(path).questions["who-calls"]

    assert question.prompt.zh == "谁来电？"


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    path = question_file(
        tmp_path,
        changed(single(), kind="singel"),
        changed(multi(), points="three"),
        changed(single(), prompt={"en": "Who?"}),
        changed(single(right="nobody"), id="no-right-one"),
        changed(single(), id="Not Kebab"),
        edition=2026,
        lesson=LESSON | {"minutes": "five"},
        answer=3,
    )

    faults = faults_of(path)

    assert len(faults) == 8


@pytest.mark.parametrize(
    ("broken", "where", "what"),
    [
        (changed(single(), kind="singel"), "question 'who-calls', kind", "'singel'; wanted: one of single, multi"),
        (changed(single(), kind=["single"]), "question 'who-calls', kind", "wanted: one of"),
        ({"id": "who-calls"}, "question 'who-calls', kind", "None; wanted"),
        (changed(single(), points="two"), "question 'who-calls', points", "found 'two'"),
        (changed(single(), hint={"en": "x"}), "question 'who-calls', hint.zh", "missing"),
        (changed(single(), hints={"en": "x"}), "question 'who-calls', hints", "Did you mean 'hint'?"),
        (changed(single(), id="Who Calls"), "question 'Who Calls', id", "kebab-case"),
        (changed(single(), id="who-"), "question 'who-', id", "kebab-case"),
        (changed(single(right="nobody")), "question 'who-calls', option", "exactly one"),
    ],
)
def test_a_fault_names_file_question_and_field(tmp_path: Path, broken: dict[str, Any], where: str, what: str) -> None:
    path = question_file(tmp_path / "notebooks/questions", broken)

    (fault,) = faults_of(path)

    assert fault.startswith(f"notebooks/questions/01-small.toml, {where}: ")
    assert what in fault


def test_a_missing_reason_names_the_option_and_the_language(tmp_path: Path) -> None:
    broken = table(single())
    del broken["option"][1]["why"]["zh"]
    path = question_file(tmp_path, broken)

    assert faults_of(path) == [
        "01-small.toml, question 'who-calls', option 'beta', why.zh: missing. Every text is needed in both languages."
    ]


def test_an_empty_reason_is_as_bad_as_none(tmp_path: Path) -> None:
    broken = table(single())
    broken["option"][1]["why"]["zh"] = ""
    path = question_file(tmp_path, broken)

    assert faults_of(path) == ["01-small.toml, question 'who-calls', option 'beta', why.zh: is empty."]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("edition = ", "is not valid TOML"),
        ('id = "a"\nid = "b"\n', "is not valid TOML"),
        ("", "has no [[question]]"),
        ('question = "x"\n', "has no [[question]]"),
        ("question = []\n", "has no [[question]]"),
        ("question = [3]\n", "question number 1, kind"),
        ('editon = "x"\n', "editon: is no field here"),
        ("", "edition: missing"),
        ("", "lesson: missing"),
    ],
)
def test_a_file_that_is_no_question_file_says_what_is_wrong(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "01-small.toml"
    path.write_text(text, encoding="utf-8")

    assert what in "\n".join(faults_of(path))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "0", "-2", "1" + "0" * 400])
def test_points_are_a_finite_number_above_nothing(tmp_path: Path, value: str) -> None:
    path = question_file(tmp_path, single())
    path.write_text(path.read_text("utf-8").replace("points = 2", f"points = {value}"), encoding="utf-8")

    assert "points" in "\n".join(faults_of(path))


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "01-small.toml"
    path.write_bytes("edition = '现在'".encode("gb18030"))

    (fault,) = faults_of(path)

    assert "is not UTF-8: byte 11" in fault


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "none.toml")

    assert fault.startswith("none.toml: cannot be read: ")


def test_an_id_used_twice_in_a_file_is_a_fault(tmp_path: Path) -> None:
    path = question_file(tmp_path, single(), multi(id="who-calls"))

    (fault,) = faults_of(path)

    assert "'who-calls': the id is used 2 times" in fault


def test_an_id_used_in_two_files_is_a_fault_of_the_course(tmp_path: Path) -> None:
    question_file(tmp_path, single(), name="01-small")
    question_file(tmp_path, single(), name="02-small")

    with pytest.raises(ContentError, match="'who-calls': the id is used 2 times; wanted: once in the whole course"):
        read_all(tmp_path)


def test_all_faulty_files_of_a_folder_are_reported_together(tmp_path: Path) -> None:
    question_file(tmp_path, changed(single(), kind="x"), name="01-small")
    question_file(tmp_path, changed(multi(), kind="y"), name="02-small")

    with pytest.raises(ContentError) as caught:
        read_all(tmp_path)

    assert [fault.where.split(",")[0] for fault in caught.value.faults] == ["01-small.toml", "02-small.toml"]


def test_the_files_of_a_folder_come_by_name(tmp_path: Path) -> None:
    for name in ("03-c", "01-a", "02-b"):
        question_file(tmp_path, single(id=f"q-{name}"), name=name)

    assert [file.path.stem for file in read_all(tmp_path)] == ["01-a", "02-b", "03-c"]


def test_a_question_is_found_with_the_edition_of_its_file(tmp_path: Path) -> None:
    question_file(tmp_path, single(), name="01-small")
    path = question_file(tmp_path, multi(), name="02-small")
    path.write_text(path.read_text("utf-8").replace(EDITION, "2031-01"), encoding="utf-8")

    edition, question = find_question(tmp_path, "which-signs")

    assert edition == "2031-01"
    assert question == multi()


def test_a_question_read_alone_is_the_one_in_the_whole_file(tmp_path: Path) -> None:
    path = question_file(tmp_path, *ONE_OF_EACH.values())

    for question_id, question in read_questions(path).questions.items():
        assert find_question(tmp_path, question_id) == (EDITION, question)


def test_a_fault_in_one_question_leaves_the_others_of_its_file_alone(tmp_path: Path) -> None:
    question_file(tmp_path, single(), changed(multi(), kind="x"))

    _, question = find_question(tmp_path, "who-calls")

    assert question == single()


def test_a_question_written_in_an_unusual_way_is_found_all_the_same(tmp_path: Path) -> None:
    path = question_file(tmp_path, single(), multi())
    path.write_text(path.read_text("utf-8").replace("[[question]]\n", "[[question]]  # here\n"), encoding="utf-8")

    _, question = find_question(tmp_path, "which-signs")

    assert question == multi()


def test_a_question_that_its_file_has_twice_is_a_fault(tmp_path: Path) -> None:
    question_file(tmp_path, single(), single())

    with pytest.raises(ContentError, match="used 2 times"):
        find_question(tmp_path, "who-calls")


def test_a_faulty_file_does_not_hide_the_questions_of_another(tmp_path: Path) -> None:
    (tmp_path / "00-broken.toml").write_text("[[[", encoding="utf-8")
    question_file(tmp_path, changed(multi(), kind="x"), name="01-broken")
    question_file(tmp_path, single(), name="02-small")

    _, question = find_question(tmp_path, "who-calls")

    assert question == single()


def test_a_question_in_a_faulty_file_brings_all_faults_of_the_file(tmp_path: Path) -> None:
    question_file(tmp_path, single(), changed(multi(), kind="x"), changed(multi(id="more"), points="y"))

    with pytest.raises(ContentError) as caught:
        find_question(tmp_path, "more")

    assert len(caught.value.faults) == 2


def test_an_unknown_question_is_told_with_near_misses_from_every_file(tmp_path: Path) -> None:
    question_file(tmp_path / "questions", single(id="who-calls-first"), name="01-small")
    question_file(tmp_path / "questions", multi(id="who-calls-last"), name="02-small")

    with pytest.raises(UnknownQuestion) as caught:
        find_question(tmp_path / "questions", "who-calls-frist")

    assert set(caught.value.near) == {"who-calls-first", "who-calls-last"}
    assert caught.value.looked_in == "questions"


def test_the_id_of_an_objective_is_the_id_of_no_question(tmp_path: Path) -> None:
    question_file(tmp_path, single(objective="callers"))

    with pytest.raises(UnknownQuestion):
        find_question(tmp_path, "callers")


def test_an_objective_is_never_suggested_for_a_question(tmp_path: Path) -> None:
    question_file(tmp_path, single(objective="callers", id="who-rings"))

    with pytest.raises(UnknownQuestion) as caught:
        find_question(tmp_path, "callerz")

    assert caught.value.near == ()


def test_a_folder_in_which_no_file_can_be_read_is_a_fault_of_content(tmp_path: Path) -> None:
    (tmp_path / "01-small.toml").write_bytes(toml({"edition": "x"}).encode("utf-16"))

    with pytest.raises(ContentError, match="is not UTF-8"):
        find_question(tmp_path, "who-calls")


def test_an_empty_or_absent_folder_has_no_question(tmp_path: Path) -> None:
    with pytest.raises(UnknownQuestion):
        find_question(tmp_path / "nowhere", "who-calls")


def test_ids_are_read_even_from_a_faulty_file(tmp_path: Path) -> None:
    path = tmp_path / "01-small.toml"
    path.write_text('[[question]]\nid = "one"\nkind = \n[[question]]\n  id=\'two\'\n# id = "three"\n', encoding="utf-8")

    assert ids_in(path) == ["one", "two"]


@pytest.mark.parametrize("name", ["bytes.toml", "none.toml"])
def test_a_file_that_cannot_be_read_is_a_fault_and_not_an_empty_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "bytes.toml").write_bytes(b'id = "\xff"')

    with pytest.raises(ContentError, match=name):
        ids_in(tmp_path / name)


def test_a_file_that_is_no_text_hides_no_question_of_another(tmp_path: Path) -> None:
    (tmp_path / "00-bytes.toml").write_bytes(b'id = "\xff"')
    question_file(tmp_path, single())

    _, question = find_question(tmp_path, "who-calls")

    assert question == single()


def test_a_question_file_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    question_file(tmp_path, single())
    find_question(tmp_path, "who-calls")
    question_file(tmp_path, single(prompt=both("Who rings there?")))

    _, question = find_question(tmp_path, "who-calls")

    assert question.prompt.en == "Who rings there?"


def test_no_file_is_parsed_whole_for_one_sound_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question_file(tmp_path, single(), name="01-small")
    question_file(tmp_path, multi(), name="02-small")
    parsed: list[str] = []

    def spy(path: Path) -> QuestionFile:
        parsed.append(path.stem)
        return read_questions(path)

    monkeypatch.setattr("lockdesk.bank.read_questions", spy)
    find_question(tmp_path, "which-signs")

    assert parsed == []


@pytest.mark.parametrize(
    ("folder", "spoken"),
    [
        ("notebooks/questions", "notebooks/questions/01-small.toml"),
        ("notebooks/mine/notebooks/questions", "notebooks/questions/01-small.toml"),
        ("somewhere", "01-small.toml"),
    ],
)
def test_a_fault_names_the_file_from_the_courses_folder_on(tmp_path: Path, folder: str, spoken: str) -> None:
    path = question_file(tmp_path / folder, single(right="nobody", prompt=both("x")))

    (fault,) = faults_of(path)

    assert fault.startswith(f"{spoken}, question ")
