"""More time for one learner, and a learner whose name changes."""

from __future__ import annotations

import shutil

import pytest

from grading.classroom import PERFECT, TIME, Classroom
from lockdesk.cli import main
from lockdesk.errors import ContentError
from lockdesk.grading.register import extend, rename

DEADLINE = "2026-11-22 04:10:30 UTC"


@pytest.fixture
def late(room: Classroom) -> Classroom:
    """`luo` handed in five seconds late, `mei` in time."""
    room.run("db", "assignment", "add", "small", f"--duedate={DEADLINE}")
    for learner in ("luo", "mei"):
        room.by_hand(learner, PERFECT)
    (room.submitted("luo") / "timestamp.txt").write_text(TIME.format(35))
    return room


def reasons(room: Classroom, learner: str) -> set[str]:
    return {flag.reason for flag in room.grade()[learner].flags}


def test_more_time_takes_the_flag_away_and_none_brings_it_back(late: Classroom) -> None:
    assert "late" in reasons(late, "luo")

    assert extend(late.root, "luo", "small", 2) == ["luo has until 2026-11-24 04:10 UTC for small: handed in in time."]
    assert "late" not in reasons(late, "luo")

    assert extend(late.root, "luo", "small", 0) == ["luo has until 2026-11-22 04:10 UTC for small: handed in 0:00:05 late."]
    assert "late" in reasons(late, "luo")


def test_points_taken_off_come_back_when_graded_again(late: Classroom) -> None:
    config = late.root / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8") + '\nget_config().LateSubmissionPlugin.penalty_method = "zero"\n', "utf-8")
    late.grade()
    with late.gradebook() as gradebook:
        assert gradebook.find_submission("small", "luo").late_submission_penalty == 15

    told = extend(late.root, "luo", "small", 1)
    late.grade(again=True)

    assert told[1] == "Points were taken off for being late. Give them back with: lockdesk grade small --again"
    with late.gradebook() as gradebook:
        assert not gradebook.find_submission("small", "luo").late_submission_penalty


@pytest.mark.parametrize(
    ("learner", "days", "said"), [("nobody", 1, "has nothing of 'nobody'"), ("luo", -1, "0 to 365"), ("luo", 999, "0 to 365")]
)
def test_more_time_is_refused_where_there_is_nothing_to_extend(late: Classroom, learner: str, days: float, said: str) -> None:
    late.grade()

    with pytest.raises(ContentError, match=said):
        extend(late.root, learner, "small", days)


def test_more_time_wants_a_deadline_and_a_gradebook(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    room.by_hand("luo", PERFECT)
    room.grade()
    with pytest.raises(ContentError, match="no deadline"):
        extend(room.root, "luo", "small", 1)

    (room.root / "gradebook.db").unlink()
    assert main(["--course", str(room.root), "extend", "luo", "small", "1"]) == 1
    assert main(["--course", str(room.root), "rename", "luo", "mei"]) == 1
    assert capsys.readouterr().err.count("is not there yet") == 2


def test_a_renamed_learner_keeps_work_points_by_hand_and_name(late: Classroom) -> None:
    late.run("db", "student", "add", "luo", "--last-name=罗")
    late.grade()
    late.read("luo", 2.5)
    late.run("generate_feedback", "small")

    assert rename(late.root, "luo", "luo.yan") == ["luo is luo.yan now: small. Answers and points are as they were."]

    row = late.grade()["luo.yan"]
    assert (row.earned, row.state) == (17.5, "graded")
    assert {flag.reason: flag.detail for flag in row.flags}["other-learner"] == "luo"
    with late.gradebook() as gradebook:
        assert {one.id: one.last_name for one in gradebook.students} == {"luo.yan": "罗", "mei": None}
    for step in ("submitted", "autograded", "feedback"):
        assert (late.root / step / "luo.yan/small").is_dir()
        assert not (late.root / step / "luo").exists()


def test_two_names_of_one_person_become_one(late: Classroom) -> None:
    late.run("db", "student", "add", "luo.yan", "--last-name=罗")
    late.grade()

    rename(late.root, "luo", "luo.yan")

    assert late.grade()["luo.yan"].state == "waiting"
    with late.gradebook() as gradebook:
        assert {one.id: one.last_name for one in gradebook.students} == {"luo.yan": "罗", "mei": None}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("luo", "mei", "handed in small, and so did 'luo'"),
        ("nobody", "x", "no learner 'nobody'"),
        ("luo", "../x", "cannot be"),
        ("luo", "", "cannot be"),
        ("luo", "luo", "cannot be"),
    ],
)
def test_a_name_that_is_taken_or_none_changes_nothing(late: Classroom, old: str, new: str, said: str) -> None:
    late.grade()

    with pytest.raises(ContentError, match=said):
        rename(late.root, old, new)

    assert set(late.grade()) == {"luo", "mei"}
    assert (late.root / "autograded/luo/small").is_dir()


@pytest.mark.parametrize(("out", "earned"), [("luo", 2.0), ("mei", 15.0)])
def test_of_two_works_the_one_that_is_left_counts(room: Classroom, out: str, earned: float) -> None:
    room.by_hand("luo", PERFECT)
    room.by_hand("mei", {"who-calls": "beta"})
    room.grade()
    room.run("generate_feedback", "small")
    shutil.rmtree(room.submitted(out))

    rename(room.root, "luo", "mei")

    rows = room.grade()
    assert {name: row.earned for name, row in rows.items()} == {"mei": earned}
    assert [path.name for path in (room.root / "autograded").iterdir()] == ["mei"]


def test_work_that_has_not_been_graded_moves_too(late: Classroom) -> None:
    late.run("db", "student", "add", "luo")

    rename(late.root, "luo", "luo.yan")

    assert set(late.grade()) == {"luo.yan", "mei"}


def test_collecting_again_does_not_bring_the_old_name_back(room: Classroom) -> None:
    for learner in ("luo", "mei"):
        room.folder(learner, PERFECT)
    room.graded()

    rename(room.root, "luo", "luo.yan")
    room.run("collect", "small", "--update")

    assert {path.name for path in (room.root / "submitted").iterdir()} == {"luo.yan", "mei"}
    assert sorted(path.name.split("+")[0] for path in room.inbound.iterdir()) == ["luo.yan", "mei"]


def test_both_can_be_typed(late: Classroom) -> None:
    late.grade()

    assert main(["--course", str(late.root), "extend", "luo", "small", "1"]) == 0
    assert main(["--course", str(late.root), "rename", "luo", "luo.yan"]) == 0
    assert "luo.yan" in late.grade()
