from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import ONE_OF_EACH, assignment, both, case_file, order, played_assignment, question_file, single, table, task_file, write_json
from lockdesk import doctrine as doctrine_module
from lockdesk.course import PACKAGE_WORDS, Course, check, confirm_translations, store_outputs
from lockdesk.errors import ContentError, Fault
from lockdesk.questions import asked
from lockdesk.text import Text


def faults(course: Course) -> list[str]:
    return [str(fault) for fault in check(course).faults]


def changed(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change a notebook on disk."""
    data = json.loads(path.read_text("utf-8"))
    change(data)
    write_json(path, data)


def contents(course: Course) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in course.lessons()}


def test_the_small_course_has_no_fault(course: Course) -> None:
    assert faults(course) == []


def test_a_lessons_questions_are_summed_up_in_a_line(course: Course) -> None:
    (line,) = check(course).summary

    assert line.startswith("01-small: 6 questions, guessing earns ")
    assert line.endswith("ticking everything 0%")


def test_the_notebooks_of_a_course_are_the_front_page_and_both_languages(course: Course) -> None:
    assert [path.relative_to(course.folder).as_posix() for path in course.lessons()] == [
        "notebooks/start.ipynb",
        "notebooks/en/01-small.ipynb",
        "notebooks/zh/01-small.ipynb",
    ]


def test_copies_that_jupyter_keeps_aside_are_no_lessons(course: Course) -> None:
    write_json(course.notebooks / "en/.ipynb_checkpoints/01-small-checkpoint.ipynb", {})

    assert faults(course) == []


@pytest.mark.parametrize(
    ("path", "change", "what"),
    [
        (
            "en/01-small.ipynb",
            lambda lesson: lesson["cells"][1].update(source="New words."),
            "cell 'some-words': the English text has changed",
        ),
        ("zh/01-small.ipynb", lambda lesson: lesson["cells"][2].update(source="quiz()"), "code differs between en and zh"),
        ("zh/01-small.ipynb", lambda lesson: lesson["cells"].pop(), "asks 'say-it' 0 times"),
        ("en/01-small.ipynb", lambda lesson: lesson["cells"][2].update(outputs=[]), "stored output is not the question in words"),
        ("en/01-small.ipynb", lambda lesson: lesson.update(nbformat_minor=4), "wanted: notebook format 4.5"),
        ("start.ipynb", lambda page: page["cells"][1].update(outputs=[]), "notebooks/start.ipynb, cell 'lessons': its stored output"),
        ("start.ipynb", lambda page: page["metadata"].clear(), "notebooks/start.ipynb, metadata lockdesk.lesson"),
    ],
)
def test_a_faulty_notebook_is_named(course: Course, path: str, change: Callable[[dict[str, Any]], Any], what: str) -> None:
    changed(course.notebooks / path, change)

    assert any(what in fault for fault in faults(course))


def test_a_notebook_that_is_no_json_is_named_once_and_the_rest_is_looked_at(course: Course) -> None:
    (course.notebooks / "en/01-small.ipynb").write_text("<<<<<<< HEAD", "utf-8")
    changed(course.notebooks / "start.ipynb", lambda page: page["metadata"].clear())

    found = faults(course)

    assert len([fault for fault in found if fault.startswith("notebooks/en/01-small.ipynb: is no notebook")]) == 1
    assert any("notebooks/start.ipynb" in fault for fault in found)


def test_a_link_that_leaves_the_course_is_listed_with_the_day_it_was_read(course: Course) -> None:
    def link(page: dict[str, Any]) -> None:
        page["cells"][0]["source"] += "\nSee [the rule](https://example.org/rule) and <https://example.org/old>."

    changed(course.notebooks / "start.ipynb", link)
    (course.folder / "docs/links.md").write_text("| https://example.org/rule | 2026-11-22 |\n| https://example.org/old | soon |\n", "utf-8")

    (fault,) = [fault for fault in faults(course) if "https://" in fault]

    assert fault.startswith("notebooks/start.ipynb, cell ")
    assert "links to https://example.org/old, which docs/links.md does not list" in fault


@pytest.mark.parametrize(("gone", "left"), [("en", "zh"), ("zh", "en")])
def test_a_lesson_without_its_twin_is_a_fault(course: Course, gone: str, left: str) -> None:
    (course.notebooks / gone / "01-small.ipynb").unlink()

    assert any(f"only {left} exists; wanted: twins" in fault for fault in faults(course))


def test_questions_that_no_lesson_asks_are_a_fault(course: Course) -> None:
    question_file(course.questions, single(id="lonely"), single(id="lonelier", objective="locks"), name="02-more")

    assert any("02-more.toml: no lesson notebooks/en/02-more.ipynb asks these questions" in fault for fault in faults(course))


def test_a_faulty_question_file_is_told_with_the_faults_of_the_others(course: Course) -> None:
    question_file(course.questions, table(single()) | {"kind": "singel"}, name="02-bad")
    question_file(course.questions, single(id="odd", source="the web"), name="03-odd")

    found = faults(course)

    assert any("02-bad.toml, question 'who-calls', kind" in fault for fault in found)
    assert any("03-odd.toml, question 'odd', source" in fault for fault in found)


def test_an_id_in_two_files_is_a_fault_of_the_course(course: Course) -> None:
    question_file(course.questions, single(), name="02-more")

    assert any("'who-calls': the id is used 2 times" in fault for fault in faults(course))


def test_a_faulty_doctrine_is_told_with_everything_else(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ContentError([Fault("doctrine.toml", "is broken.")])

    monkeypatch.setattr(doctrine_module, "check", broken)
    (course.notebooks / "zh/01-small.ipynb").unlink()

    found = faults(course)

    assert "doctrine.toml: is broken." in found
    assert any("wanted: twins" in fault for fault in found)


def test_a_question_file_is_found_by_its_lesson(course: Course) -> None:
    file = course.question_file("01-small")

    assert file is not None
    assert list(file.questions) == [question.id for question in ONE_OF_EACH.values()]


def test_a_lesson_without_questions_has_no_question_file(course: Course) -> None:
    assert course.question_file("start") is None


def test_storing_outputs_mends_what_was_run_and_names_what_it_mended(course: Course) -> None:
    before = contents(course)
    lesson = course.notebooks / "en/01-small.ipynb"
    changed(lesson, lambda data: data["cells"][2].update(outputs=[], execution_count=4))

    rewritten = list(store_outputs(course))

    assert rewritten == [lesson]
    assert contents(course) == before


def test_storing_outputs_twice_rewrites_nothing(course: Course) -> None:
    assert list(store_outputs(course)) == []


def test_storing_outputs_follows_a_changed_question(course: Course) -> None:
    path = course.questions / "01-small.toml"
    path.write_text(path.read_text("utf-8").replace("Who calls?", "Who rings?"), "utf-8")

    rewritten = list(store_outputs(course))

    assert [path.parent.name for path in rewritten] == ["en", "zh"]
    assert "Who rings?" in rewritten[0].read_text("utf-8")


def test_outputs_are_not_touched_while_the_questions_cannot_be_read(course: Course) -> None:
    before = contents(course)
    (course.questions / "01-small.toml").write_text("[[[", "utf-8")

    with pytest.raises(ContentError):
        list(store_outputs(course))

    assert contents(course) == before


@pytest.mark.parametrize("name", ["some-words", "01-small/some-words"])
def test_a_confirmed_translation_is_no_fault_any_more(course: Course, name: str) -> None:
    changed(course.notebooks / "en/01-small.ipynb", lambda lesson: lesson["cells"][1].update(source="New words."))
    before = faults(course)

    missing = confirm_translations(course, [name])

    assert missing == []
    assert len(before) == 1
    assert faults(course) == []


@pytest.mark.parametrize("name", ["no-such-cell", "02-none/some-words", "01-small/no-such-cell", "quiz-who-calls"])
def test_a_cell_that_no_lesson_has_is_named_and_nothing_is_written(course: Course, name: str) -> None:
    before = contents(course)

    assert confirm_translations(course, [name]) == [name]
    assert contents(course) == before


def test_confirming_without_a_twin_confirms_nothing(course: Course) -> None:
    (course.notebooks / "zh/01-small.ipynb").unlink()

    assert confirm_translations(course, ["some-words"]) == ["some-words"]


def test_a_cell_of_two_lessons_is_confirmed_in_both_unless_the_lesson_is_named(course: Course) -> None:
    for lang in ("en", "zh"):
        copy = (course.notebooks / lang / "01-small.ipynb").read_text("utf-8")
        (course.notebooks / lang / "02-more.ipynb").write_text(copy, "utf-8")
    for name in ("01-small", "02-more"):
        changed(course.notebooks / f"en/{name}.ipynb", lambda lesson: lesson["cells"][1].update(source="New words."))
    before = contents(course)

    confirm_translations(course, ["02-more/some-words"])
    one = [path.name for path, data in contents(course).items() if data != before[path]]
    confirm_translations(course, ["some-words"])
    both = [path.name for path, data in contents(course).items() if data != before[path]]

    assert one == ["02-more.ipynb"]
    assert both == ["01-small.ipynb", "02-more.ipynb"]


# ---- assignments


PUBLISHED = [choice.key for choice in asked(order()).choices]
SHUFFLED = PUBLISHED[1:] + PUBLISHED[:1]
GRADED = [
    msgspec.structs.replace(question, id=f"graded-{question.id}")
    for question in (*(ONE_OF_EACH[kind] for kind in ("single", "multi", "number", "written")), order(SHUFFLED))
]


def test_an_assignment_without_a_fault_is_summed_up_beside_the_lessons(course: Course) -> None:
    assignment(course.folder, *GRADED)

    report = check(course)

    assert [str(fault) for fault in report.faults] == []
    assert [line.split(":")[0] for line in report.summary] == ["01-small", "small"]
    assert [path.name for path in course.assignments()] == ["small"]


def test_every_fault_of_an_assignment_is_told(course: Course) -> None:
    folder = assignment(course.folder, *GRADED[:3], msgspec.structs.replace(GRADED[3], source="the web"), *GRADED[4:])
    changed(folder / "small.ipynb", lambda notebook: notebook["cells"][2]["metadata"]["nbgrader"].update(points=9))
    (folder / "notes.txt").write_text("beta")
    (folder / "answers.jsonl").write_text("")
    question_file(folder, *GRADED[:4], order(PUBLISHED, id="graded-first-things"), name="questions")

    found = faults(course)

    for what in (
        "source/small/answers.jsonl: are somebody's answers",
        "source/small/notes.txt: would be given to learners",
        "source/small/small.ipynb, cell 'check-graded-who-calls': is worth 9 points",
        "source/small/questions.toml, question 'graded-first-things': is published nearly in its right order",
    ):
        assert any(fault.startswith(what) for fault in found), (what, found)


def test_an_id_of_a_lesson_and_of_an_assignment_is_a_fault(course: Course) -> None:
    assignment(course.folder, *ONE_OF_EACH.values())

    assert any("'who-calls': " in fault and "has this id too" in fault for fault in faults(course))


def test_an_assignment_that_cannot_be_read_is_told_with_the_faults_of_the_others(course: Course) -> None:
    assignment(course.folder, *GRADED, name="broken")
    (course.folder / "source/broken/questions.toml").write_text("[[[")
    other = assignment(course.folder, *GRADED, name="other")
    (other / "notes.txt").write_text("")
    (course.folder / "source/nothing").mkdir()

    found = faults(course)

    assert any(fault.startswith("source/broken/questions.toml") for fault in found)
    assert any(fault.startswith("source/nothing/questions.toml") for fault in found)
    assert any(fault.startswith("source/other/notes.txt") for fault in found)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_an_assignment_whose_notebook_is_none_is_told(course: Course, content: str) -> None:
    folder = assignment(course.folder, *GRADED)
    (folder / "small.ipynb").write_text(content)

    assert any("source/small/small.ipynb" in fault for fault in faults(course))


def test_an_assignment_without_a_notebook_is_told(course: Course) -> None:
    (assignment(course.folder, *GRADED) / "small.ipynb").unlink()

    assert any("source/small/small.ipynb" in fault for fault in faults(course))


# ---- cases


def test_a_sound_case_has_a_line_and_no_fault(course: Course) -> None:
    case_file(course.notebooks / "cases")

    report = check(course)

    assert report.faults == ()
    assert report.summary[1:] == ("notebooks/cases/small-call.toml: S1, 8 acts, 14 minutes, best R1, 12 lines",)


@pytest.mark.parametrize(
    ("instead", "what"),
    [
        ({"score": "50"}, "play 'nothing-done', score: earns 0; wanted: 50"),
        ({"source": '"domain F"'}, "names no section of docs/domain.md"),
        ({"opens": '{ en = "“Locked.”", zh = "“锁了,快点。”" }'}, "half-width ','"),
        ({"patience": "15"}, "patience: is 15"),
        ({"patience": ""}, "is not valid TOML"),
        ({"standing": '"boss"'}, "standing"),
    ],
)
def test_a_fault_of_a_case_is_told_with_those_of_the_lessons(course: Course, instead: dict[str, str], what: str) -> None:
    case_file(course.notebooks / "cases", **instead)
    (course.notebooks / "zh/01-small.ipynb").unlink()

    found = faults(course)

    assert any(fault.startswith("notebooks/cases/small-call.toml") and what in fault for fault in found)
    assert any("wanted: twins" in fault for fault in found)


def test_a_case_is_named_as_its_file(course: Course) -> None:
    case_file(course.notebooks / "cases").rename(course.notebooks / "cases/other.toml")

    assert any(fault.startswith("notebooks/cases/other.toml, id: is 'small-call'; wanted: 'other'") for fault in faults(course))


def test_the_cases_of_a_folder_are_looked_at_together(course: Course) -> None:
    for name in ("one-call", "other-call"):
        case_file(course.notebooks / "cases", name)

    assert any("'one-call' and 'other-call' share 100%" in fault for fault in faults(course))


def test_an_id_serves_a_question_or_a_case_and_not_both(course: Course) -> None:
    case_file(course.notebooks / "cases", "who-calls")

    assert faults(course) == [
        "notebooks/cases/who-calls.toml, case 'who-calls': notebooks/questions/01-small.toml has this id too; wanted: once in the course."
    ]


def test_graded_cases_are_looked_at_too(course: Course) -> None:
    assignment(course.folder, single(id="graded-one"), single(id="graded-other", objective="locks"))
    case_file(course.notebooks / "cases")
    case_file(course.folder / "source/small/cases")
    case_file(course.folder / "source/small/cases", "unsound", patience="15")

    found = faults(course)

    assert any(
        "source/small/cases/small-call.toml, case 'small-call': notebooks/cases/small-call.toml has this id" in fault for fault in found
    )
    assert any("source/small/cases/unsound.toml, patience: is 15" in fault for fault in found)


def test_the_bank_wants_a_pair_of_twins_once_it_has_graded_cases(course: Course) -> None:
    wanted = "no two cases open with the same words and end differently"
    case_file(course.notebooks / "cases")
    practice = faults(course)
    graded = case_file(course.folder / "source/small/cases", "twin-call")
    alike = faults(course)
    graded.write_text(graded.read_text("utf-8").replace('standing = "staff"', 'standing = "impostor"'), "utf-8")

    assert practice == []
    assert any(wanted in fault for fault in alike)
    assert not any(wanted in fault for fault in faults(course))


def test_a_graded_call_and_task_are_proved_with_their_assignment(course: Course) -> None:
    folder = played_assignment(course.folder, *GRADED)
    whole = faults(course)
    for path, old, new in (
        ("cases/small-call.toml", 'objective = "callers"', 'objective = "cashiers"'),
        ("tasks/small-task.toml", 'objective = "locks"', 'objective = "clocks"'),
        ("tasks/small-task.toml", 'source = "domain A1"\nwhy', 'source = "the web"\nwhy'),
    ):
        words = (folder / path).read_text("utf-8")
        assert old in words
        (folder / path).write_text(words.replace(old, new, 1), "utf-8")
    task_file(course.tasks)

    found = faults(course)

    assert [fault for fault in whole if "no two cases open" not in fault] == []
    for what in (
        "source/small/cases/small-call.toml, objective: 'cashiers' is none of source/small/questions.toml (callers, locks).",
        "source/small/tasks/small-task.toml, objective: 'clocks' is none of",
        "source/small/tasks/small-task.toml, source: 'the web'",
        "source/small/tasks/small-task.toml, task 'small-task': notebooks/tasks/small-task.toml has this id too",
    ):
        assert any(fault.startswith(what) for fault in found), (what, found)


def test_an_objective_is_asked_by_calls_and_tasks_too(course: Course) -> None:
    played_assignment(course.folder, single(id="graded-who"))

    assert not [fault for fault in faults(course) if "is asked" in fault and "'callers'" in fault]
    assert [fault for fault in faults(course) if "objective 'locks': is asked 1 times" in fault]


@pytest.mark.parametrize("where", PACKAGE_WORDS)
def test_the_wording_of_the_package_itself_is_looked_at(course: Course, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setitem(PACKAGE_WORDS, where, lambda: {"odd": Text("odd", "奇怪,真的"), "even": both("even")})

    assert faults(course) == [f"{where}: half-width ',' in the Chinese text: '奇怪,真的'."]


def test_package_words_that_cannot_be_read_are_told_with_everything_else(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise ContentError([Fault("phrases.toml", "is broken.")])

    monkeypatch.setitem(PACKAGE_WORDS, "src/lockdesk/cases/phrases.toml", broken)

    assert faults(course) == ["phrases.toml: is broken."]
