"""`lockdesk replay`: what somebody did and why it earned what it did, told so that they may read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from builders import call_lines, entry, played_assignment, said, single, small_course, task_lines, written
from grading.classroom import PERFECT, record
from lockdesk.answers import Entry, encode
from lockdesk.cli import main
from lockdesk.errors import ContentError
from lockdesk.grading.retell import retell
from lockdesk.key import Key, read_key
from lockdesk.place import LOG
from lockdesk.text import LANGS

CALL, TASK = "small-call", "small-task"
HandIn = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    course = small_course(tmp_path / "course").folder
    played_assignment(course, single(), written())
    return course


@pytest.fixture
def key(root: Path) -> Key:
    return read_key(root / "source/small")


@pytest.fixture
def hand_in(root: Path) -> HandIn:
    def put(*lines: Entry, learner: str = "luo") -> Path:
        folder = root / "submitted" / learner / "small"
        folder.mkdir(parents=True)
        (folder / LOG).write_bytes(b"".join(map(encode, lines)))
        return folder

    return put


def told(root: Path, exercise: str = CALL, learner: str = "luo", lang: str | None = None) -> str:
    return "\n".join(retell(root, learner, "small", exercise, lang))  # type: ignore[arg-type]


def test_a_perfect_call_is_told_act_by_act_with_every_check_met(root: Path, key: Key, hand_in: HandIn) -> None:
    hand_in(*call_lines(key.cases[CALL], "luo"))
    text = told(root)

    assert text.startswith("luo · small · small-call\nA small call\n10 of 10 points\n")
    assert text.index("Ask what is on the screen") < text.index("no longer L1") < text.index("Ticket closed")
    assert "Not met" not in text
    assert text.endswith("Together: requirements met 10; that is 10.")


def test_what_was_missed_and_what_cost_points_is_said_with_its_reason(root: Path, key: Key, hand_in: HandIn) -> None:
    lines = call_lines(key.cases[CALL], "luo")
    bad = said(key.cases[CALL], {"act": "take-payment"}, lines[0].variant)
    hand_in(lines[0], bad, lines[-1])
    text = told(root)

    assert "Breach · " in text
    assert "Not met · " in text
    assert "Identity is checked before any code" in text
    assert text.endswith("at most 0; that is 0.")


def test_the_parts_add_up_to_the_points(root: Path, key: Key, hand_in: HandIn) -> None:
    lines = call_lines(key.cases[CALL], "luo")
    hand_in(*lines[:4], *lines[5:])
    text = told(root)

    points = float(text.splitlines()[2].split(" of ")[0])
    assert 0 < points < 10
    assert text.endswith(f"that is {points:g}.")


def test_it_tells_nobody_what_would_have_been_best(root: Path, key: Key, hand_in: HandIn) -> None:
    case = key.cases[CALL]
    lines = call_lines(case, "luo")
    refusal = msgspec.structs.replace(lines[0], answer={"act": "refuse"})
    own = {**lines[-1].answer["ticket"], "option": "R7"}
    hand_in(lines[0], refusal, msgspec.structs.replace(lines[-1], answer={"act": "ticket", "ticket": own}))

    for lang in LANGS:
        text = told(root, lang=lang)
        assert not [check for check in case.checks if check.why[lang] in text]
        assert "R1" not in text
        assert "ID1" not in text
        assert case.solution.why[lang] not in text


def test_a_reason_the_author_allows_is_told(root: Path, key: Key, hand_in: HandIn) -> None:
    path = root / "source/small/cases/small-call.toml"
    path.write_text(path.read_text("utf-8").replace("[[check]]\n", "[[check]]\nafter_grading = true\n", 1), "utf-8")
    hand_in(call_lines(key.cases[CALL], "luo")[0])

    assert "Who else?" in told(root)


def test_it_speaks_the_learners_language_unless_another_is_asked_for(root: Path, key: Key, hand_in: HandIn) -> None:
    hand_in(*call_lines(key.cases[CALL], "luo", lang="zh"))

    assert "10 分得 10 分" in told(root)
    assert "10 of 10 points" in told(root, lang="en")


def test_an_unfinished_call_and_one_that_cannot_be_graded_say_so(root: Path, key: Key, hand_in: HandIn) -> None:
    lines = call_lines(key.cases[CALL], "luo")
    hand_in(*lines[:3])
    hand_in(said(key.cases[CALL], {"act": "x"}, lines[0].variant), *lines, learner="wen")

    assert "No ticket was written. The call is graded as it stands." in told(root)
    assert "is no act of this course" in told(root, learner="wen")
    assert "0 of 10 points" in told(root, learner="wen")


def test_a_task_is_told_by_what_the_terminal_said(root: Path, key: Key, hand_in: HandIn) -> None:
    hand_in(*task_lines(key.tasks[TASK], "luo"))
    hand_in(*task_lines(key.tasks[TASK], "wen", done=False)[:8], learner="wen")
    whole, part = told(root, TASK), told(root, TASK, "wen")

    assert "4 of 4 points" in whole
    assert "Menu 4" in whole
    assert "Met · Requirement 1 · 3 of 3" in whole
    assert "3 of 4 points\nThe terminal was not handed over." in part
    assert "Not met · Requirement 2 · 0 of 1" in part
    assert "The test sale is gone." not in part


def test_a_question_is_told_with_its_answer(root: Path, hand_in: HandIn) -> None:
    hand_in(entry("who-calls", "gamma", variant="luo"), entry("say-it", "My\x1b[2J words\u202e.", variant="luo"))

    assert told(root, "who-calls").splitlines()[1:] == ["Who calls?", "0 of 2 points", "", "Recorded answer", "  choice gamma"]
    assert told(root, "say-it").splitlines()[2:] == ["3 points, given by a person who reads it", "", "Recorded answer", "  My[2J words."]


@pytest.mark.parametrize(
    ("learner", "assignment", "exercise", "what"),
    [
        ("lou", "small", CALL, "submitted/*/small: has no learner 'lou'. Did you mean luo?"),
        ("luo", "smal", CALL, "source/: has no assignment 'smal'. Did you mean small?"),
        ("luo", "../small", CALL, "has no assignment '../small'"),
        ("luo", "small", "small-cal", "source/small: has no question, call or task 'small-cal'. Did you mean small-call"),
        ("luo", "small", "xyz", "There: who-calls, say-it, small-call, small-task."),
        ("luo", "small", TASK, "submitted/luo/small/answers.jsonl: holds nothing for 'small-task'"),
        ("empty", "small", CALL, "submitted/empty/small/answers.jsonl: holds nothing for 'small-call'"),
    ],
)
def test_what_cannot_be_told_is_said_with_what_there_is(
    root: Path, key: Key, hand_in: HandIn, learner: str, assignment: str, exercise: str, what: str
) -> None:
    hand_in(*call_lines(key.cases[CALL], "luo"))
    (root / "submitted/empty/small").mkdir(parents=True)

    with pytest.raises(ContentError) as caught:
        retell(root, learner, assignment, exercise)
    assert what in str(caught.value)


def test_the_command_prints_it_or_says_why_not(root: Path, hand_in: HandIn, capsys: pytest.CaptureFixture[str]) -> None:
    folder = hand_in()
    (folder / LOG).write_bytes(record({"who-calls": PERFECT["who-calls"]}, "luo"))

    assert main(["--course", str(root), "replay", "luo", "small", "who-calls", "--lang", "zh"]) == 0
    assert "choice beta（中文）" in capsys.readouterr().out
    assert main(["--course", str(root), "replay", "luo", "small", CALL]) == 1
    assert "holds nothing" in capsys.readouterr().err
