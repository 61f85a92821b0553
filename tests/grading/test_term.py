"""A whole term of a simulated class: what its learners do follows from the key, and what they earn is what the key says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from builders import ONE_OF_EACH, REPOSITORY, assignment, multi, played_assignment, question_file, single, small_course, written
from lockdesk.answers import Examined
from lockdesk.cases import Case
from lockdesk.cli import main
from lockdesk.errors import ContentError
from lockdesk.grading.assess import _share, assess
from lockdesk.grading.habits import SHARE, Habit, _worth, doings
from lockdesk.grading.term import CLASS, assignments_of, term, with_a_slip
from lockdesk.key import SOURCE, Key, read_key
from lockdesk.questions import Written, right_keys
from lockdesk.text import LANGS, Lang


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return read_key(played_assignment(tmp_path_factory.mktemp("term"), *ONE_OF_EACH.values()))


def together(key: Key, habit: Habit, learner: str = "luo", lang: Lang = "en") -> float:
    return sum(one.expected for one in doings(key, learner, habit, lang))


@pytest.mark.parametrize("lang", LANGS)
def test_habits_earn_what_they_are_called(key: Key, lang: Lang) -> None:
    whole = sum(exercise.points for exercise in key.exercises.values())

    assert together(key, "perfect", lang=lang) == whole
    assert 0 < together(key, "half", lang=lang) < whole * 0.75
    assert sum(together(key, "guess", name, lang) for name in "abcdefgh") / 8 < whole * 0.5
    assert together(key, "blank", lang=lang) == 0
    assert not [one for one in doings(key, "luo", "blank", lang) if one.answers]


@pytest.mark.parametrize("habit", SHARE)
def test_the_record_of_a_habit_earns_what_was_expected(key: Key, habit: Habit) -> None:
    from builders import entry

    plan = doings(key, "luo", habit, "zh")
    lines = [entry(one.exercise.id, answer, edition=one.edition, variant=one.variant) for one in plan for answer in one.answers]
    outcomes = assess(key, Examined(tuple(lines)), "luo").outcomes

    expected = {one.exercise.id: one.expected for one in plan if not isinstance(one.exercise, Written)}
    assert {name: outcomes[name].score.earned for name in expected} == pytest.approx(expected)


def test_a_share_on_the_edge_of_a_cent_is_rounded_as_grading_rounds_it(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    """8.55 % of ten points is 0.855, which is 0.85 or 0.86, as it is counted."""
    case = next(exercise for exercise in key.exercises.values() if isinstance(exercise, Case))
    monkeypatch.setattr("lockdesk.grading.habits.score_log", lambda *given: type("Score", (), {"percent": 8.55}))
    ten = msgspec.structs.replace(case, points=10.0)

    assert _worth(ten, "", ({},), "half") == _share(ten, 8.55 / 100).earned


def test_learners_guess_differently_and_each_the_same_every_time(key: Key) -> None:
    assert doings(key, "a", "guess", "en")[0].answers + doings(key, "a", "guess", "en")[1].answers != (
        doings(key, "b", "guess", "en")[0].answers + doings(key, "b", "guess", "en")[1].answers
    )
    assert [one.answers for one in doings(key, "a", "guess", "en")] == [one.answers for one in doings(key, "a", "guess", "en")]


def test_the_class_is_of_twelve_with_one_late_and_one_absent() -> None:
    assert len({member.name for member in CLASS}) == 12
    assert [sum(values) for values in zip(*((member.late, member.absent) for member in CLASS), strict=True)] == [1, 1]
    assert {member.lang for member in CLASS} == {*LANGS}


def test_assignments_stand_in_the_order_of_the_course(tmp_path: Path) -> None:
    for name in ("zeta", "capstone", "alpha", "recovery", "lock-types", "after-unlock"):
        assignment(tmp_path, single(), name=name)
    (tmp_path / "source/no-assignment").mkdir()

    assert assignments_of(tmp_path) == ["lock-types", "recovery", "after-unlock", "capstone", "alpha", "zeta"]


# ---- the slip of a key


def test_a_slip_marks_another_option_of_one_question_and_nothing_else(tmp_path: Path) -> None:
    for number, text in enumerate([None, (REPOSITORY / "source/lock-types/questions.toml").read_text("utf-8")]):
        folder = tmp_path / str(number)
        path = question_file(folder, multi(), single(), name="questions")
        if text:
            path.write_text(text, "utf-8")
        before = read_key(folder)
        slipped = with_a_slip(folder)
        after = read_key(folder)

        assert slipped is not None
        assert right_keys(before.questions[slipped]) != right_keys(after.questions[slipped])  # type: ignore[arg-type]
        assert {name: one for name, one in before.questions.items() if name != slipped} == {
            name: one for name, one in after.questions.items() if name != slipped
        }


def test_where_no_question_allows_a_slip_the_key_stays_as_it_was(tmp_path: Path) -> None:
    path = question_file(tmp_path, multi(), name="questions")
    before = path.read_bytes()

    assert with_a_slip(tmp_path) is None
    assert path.read_bytes() == before


# ---- the term


def test_a_term_goes_through_release_grades_a_corrected_key_and_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "lockdesk.grading.term.CLASS", [one for one in CLASS if one.name in ("perfect", "half-zh", "late", "absent", "blank")]
    )
    course = small_course(tmp_path / "course").folder
    played_assignment(course, single(), written())
    told: list[str] = []

    assert term(course, tmp_path / "term", told.append), "\n".join(told)

    text = "\n".join(told)
    assert "The key of 'who-calls' was wrong." in text
    assert "changed: perfect" in text
    assert "scores changed" in text
    assert [line.split() for line in told if line.startswith("perfect ")] == [["perfect", "19.00", "19.00"]]
    assert [line.split()[1] for line in told if line.startswith("absent ")] == ["absent"]
    grades = (tmp_path / "term/grades.csv").read_text("utf-8-sig").splitlines()
    assert len(grades) == 6
    assert [line.split(",")[3] for line in grades if ",absent,," in line] == ["absent"]
    late = next(line.split(",") for line in grades if ",late," in line)
    assert int(late[grades[0].split(",").index("late_seconds")]) > 3600
    assert (tmp_path / "term/source/small" / SOURCE).read_bytes() == (course / "source/small" / SOURCE).read_bytes()
    assert not list((course / "source").rglob("answers.jsonl*"))


def test_a_score_that_is_not_as_the_key_says_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = small_course(tmp_path / "course").folder
    assignment(course, single())
    monkeypatch.setattr("lockdesk.grading.term.CLASS", CLASS[:2])
    monkeypatch.setattr("lockdesk.grading.term.with_a_slip", lambda folder: None)
    monkeypatch.setattr("lockdesk.grading.habits.score", lambda question, answer: type("Score", (), {"earned": 1.0}))
    told: list[str] = []

    assert not term(course, tmp_path / "term", told.append)
    assert any("perfect: graded; expected {'who-calls': 1.0}, found {'who-calls': 2.0}" in line for line in told)
    assert "Some scores differ." in told[-1]


def test_a_term_wants_assignments_and_a_new_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = small_course(tmp_path / "course").folder
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()

    with pytest.raises(ContentError, match="holds no assignment"):
        term(course, tmp_path / "new", print)
    assignment(course, single())
    assert main(["--course", str(course), "demo", "--term", "--to", str(tmp_path / "full")]) == 1
    assert "is not empty" in capsys.readouterr().err
