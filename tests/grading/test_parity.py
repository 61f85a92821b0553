from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import ONE_OF_EACH, REPOSITORY, entry, model_answer, wrong_answer
from grading.classroom import AUTO, QUESTIONS, Classroom
from lockdesk.answers import Entry, encode
from lockdesk.questions import Match, Multi, Order, Question

STOCK = """

c = get_config()
del c["Autograde"]  # nbgrader's own lists, with its own Execute
"""
Points = dict[str, float | None]


def _submission(number: int) -> bytes:
    """A record of right, partly right, wrong, withdrawn, blank, unusable and outdated answers, the same for the same number."""
    chance = random.Random(number)
    lines: list[Entry] = []
    for question in ONE_OF_EACH.values():
        for attempt in range(chance.randint(0 if number else 1, 2)):
            given: dict[str, Any] = {"attempt": attempt + 1, "variant": f"learner-{number}", "lang": chance.choice(["en", "zh"])}
            if chance.random() < 0.1:
                given["edition"] = "2025-01"
            lines.append(entry(question.id, _answer(question, chance), **given))
    rubbish = chance.choice([b"", b"", b"rubbish\n", b'{"v":1,"q":"who-calls","score":99}\n', b'{"v":1,"at":"2026'])
    return b"".join(map(encode, lines)) + rubbish


def _answer(question: Question, chance: random.Random) -> Any:
    right = model_answer(question)
    match chance.choices(["right", "partly", "wrong", "none", "unusable"], [4, 6, 2, 1, 1])[0], question:
        case "partly", Multi():
            return chance.sample([option.key for option in question.options], chance.randint(1, 3))
        case "partly", Order():
            return chance.choice([[*right[:1], right[2], right[1], *right[3:]], [*right[1:2], right[0], *right[2:]]])
        case "partly", Match():
            return right | dict.fromkeys(chance.sample(list(right), chance.randint(1, 2)), "nobody")
        case "wrong", _:
            return wrong_answer(question)
        case "none", _:
            return None
        case "unusable", _:
            return chance.choice([True, {}, [[]], "zeta", 1e300, ["beta", "beta"]])
        case _:
            return right


def _scores(room: Classroom) -> dict[str, Points]:
    with room.gradebook() as gradebook:
        return {
            submission.student_id: {grade.name: grade.auto_score for grade in submission.notebooks[0].grades if grade.name in AUTO}
            for submission in gradebook.find_assignment("small").submissions
        }


def _both(built: Classroom, folder: Path, count: int) -> Iterator[dict[str, Points]]:
    """The scores of the same submissions by our settings, and by nbgrader's own, which run the notebook."""
    for name, settings in (("ours", ""), ("stock", STOCK)):
        room = built.copy(folder / name)
        with (room.root / "nbgrader_config.py").open("a") as file:
            file.write(settings)
        for number in range(count):
            room.by_hand(f"learner-{number}", _submission(number))
        room.run("autograde", "small")
        was_run = "from lockdesk import check" in (room.root / "autograded/learner-0/small/small.ipynb").read_text("utf-8")
        assert was_run is (name == "stock")
        yield _scores(room)


@pytest.fixture(autouse=True)
def _the_kernels_find_this_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "src"))
    monkeypatch.delenv("LOCKDESK_ANSWERS_DIR", raising=False)


@pytest.mark.slow
def test_stock_nbgrader_gives_every_question_the_same_points(built: Classroom, tmp_path: Path) -> None:
    ours, stock = _both(built, tmp_path, 36)

    assert ours == stock
    assert len(ours) == 36
    assert all(set(points) == set(AUTO) for points in ours.values())


def test_the_submissions_earn_nothing_a_part_and_everything_of_every_kind(room: Classroom) -> None:
    for number in range(36):
        room.by_hand(f"learner-{number}", _submission(number))
    rows = room.grade()

    shares = {name: {round((row.points[name] or 0) / QUESTIONS[name].points, 3) for row in rows.values()} for name in AUTO}

    assert all({0, 1} <= found for found in shares.values())
    assert {name: len(found) > 2 for name, found in shares.items()} == {
        name: isinstance(question, Multi | Order | Match) for name, question in QUESTIONS.items() if name in AUTO
    }
    assert {flag.reason for row in rows.values() for flag in row.flags} >= {"bad-lines", "other-edition"}
