from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import ONE_OF_EACH, REPOSITORY, assignment_notebook, match, multi, order, question_file, single, write_json
from grading.classroom import Classroom
from lockdesk.errors import ContentError
from lockdesk.grading.batch import release_all
from lockdesk.grading.cells import cell_faults, stray_faults
from lockdesk.grading.commands import nbgrader
from lockdesk.key import read_key
from lockdesk.published import encode, publish, read_published
from lockdesk.questions import Match, Multi, Order, Question, Single, asked
from lockdesk.scoring import expected_guess, score

Notebook = dict[str, Any]


# ---- what makes a notebook one that can be published


def faults(folder: Path, change: Callable[[Notebook], object] = lambda notebook: None) -> list[str]:
    notebook = json.loads(json.dumps(assignment_notebook("small", *ONE_OF_EACH.values())))
    change(notebook)
    file = read_key(question_file(folder, *ONE_OF_EACH.values(), name="questions").parent)
    return [str(fault) for fault in cell_faults("f", notebook, file, "small")]


def test_a_sound_notebook_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


def _marks(number: int, **fields: Any) -> Callable[[Notebook], object]:
    return lambda notebook: notebook["cells"][number]["metadata"]["nbgrader"].update(fields)


def _source(number: int, words: str) -> Callable[[Notebook], object]:
    return lambda notebook: notebook["cells"][number].update(source=words)


FAULTS: dict[str, tuple[Callable[[Notebook], object], str]] = {
    "another name": (lambda notebook: notebook["metadata"]["lockdesk"].update(assignment="big"), "is 'big'; wanted: 'small'"),
    "no name": (lambda notebook: notebook["metadata"].pop("lockdesk"), "is None; wanted: 'small'"),
    "other points": (_marks(2, points=3), "is worth 3 points; wanted: the 2 of 'who-calls'"),
    "no points": (_marks(2, points=None), "is worth None points"),
    "an unknown id": (_marks(2, grade_id="who-knows"), "is graded as 'who-knows', which questions.toml, cases/ and tasks/ do not"),
    "not locked": (_marks(2, locked=False), "'locked': False"),
    "a solution": (_marks(2, solution=True), "'solution': True"),
    "a task that is a grade": (_marks(12, grade=True, task=False), "wanted for 'say-it'"),
    "checks another": (_source(2, 'from lockdesk import check\n\ncheck("how-many")'), 'wanted: check("who-calls")'),
    "code of its own": (_source(1, 'print("beta")'), "is no assignment code"),
    "code beside the call": (_source(1, 'from lockdesk import quiz\n\nquiz("who-calls")\nprint(1)'), "is no assignment code"),
    "two calls": (_source(1, 'from lockdesk import quiz\n\nquiz("who-calls")\nquiz("how-many")'), "is no assignment code"),
    "asked twice": (lambda notebook: notebook["cells"].append(dict(notebook["cells"][1])), "asks 'who-calls' 2 times"),
    "graded twice": (lambda notebook: notebook["cells"].append(dict(notebook["cells"][2])), "grades 'who-calls' 2 times"),
    "not asked": (lambda notebook: notebook["cells"].pop(1), "asks 'who-calls' 0 times"),
    "not graded": (lambda notebook: notebook["cells"].pop(2), "grades 'who-calls' 0 times"),
    "checked and not graded": (lambda notebook: notebook["cells"][2]["metadata"].pop("nbgrader"), "is no graded cell"),
    "asks what is not there": (
        _source(1, 'from lockdesk import quiz\n\nquiz("who-knows")'),
        "asks 'who-knows', which questions.toml, cases/",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_notebook_is_named(tmp_path: Path, fault: str) -> None:
    change, what = FAULTS[fault]

    assert any(what in one for one in faults(tmp_path, change)), faults(tmp_path, change)


def test_all_faults_are_named_at_once_and_nothing_is_released(room: Classroom) -> None:
    _change(room, _marks(2, points=3))
    _change(room, _marks(4, points=9))
    (room.source / "notes.txt").write_text("")

    run = nbgrader(room.root, "generate_assignment", "small", "--force")

    assert run.exit_code != 0
    assert all(what in run.said for what in ("is worth 3 points", "is worth 9 points", "notes.txt: would be given"))
    assert not [path for path in (room.root / "release").rglob("*") if path.is_file()]


def _change(room: Classroom, change: Callable[[Notebook], object]) -> None:
    room.edit(room.source / "small.ipynb", change)


def test_a_faulty_question_file_is_told_with_all_its_faults(room: Classroom) -> None:
    before = {path: path.read_bytes() for path in (room.root / "release").rglob("*") if path.is_file()}
    room.change_key('kind = "single"', 'kind = "singel"')
    room.change_key("answer = 12", 'answer = "twelve"')

    with pytest.raises(ContentError, match=r"(?s)singel.*answer"):
        release_all(room.root, print)
    assert before == {path: path.read_bytes() for path in (room.root / "release").rglob("*") if path.is_file()} != {}


def test_publishing_under_stock_lists_does_not_go_unseen(room: Classroom) -> None:
    """Where nbgrader runs without our settings, nothing is published that our notebooks could show."""
    (room.root / "nbgrader_config.py").write_text("")
    run = nbgrader(room.root, "generate_assignment", "small", "--force")

    assert run.exit_code == 0
    assert not (room.release / "questions.json").exists()


# ---- what is published


def test_building_twice_changes_no_byte(room: Classroom) -> None:
    before = {path.name: path.read_bytes() for path in room.release.iterdir()}

    release_all(room.root, lambda line: None)

    assert {path.name: path.read_bytes() for path in room.release.iterdir()} == before


def test_the_releases_of_this_repository_are_what_their_sources_say() -> None:
    sources = [path for path in (REPOSITORY / "source").iterdir() if (path / "questions.toml").is_file()]
    for source in sources:
        built = REPOSITORY / "release" / source.name / "questions.json"
        assert built.read_bytes() == encode(publish(source.name, read_key(source)))
        assert list(stray_faults(REPOSITORY, source.name)) == []
    assert sources
    assert {path.name for path in (REPOSITORY / "release").iterdir() if path.is_dir()} == {path.name for path in sources}


def test_the_order_in_the_file_changes_nothing_that_is_published(room: Classroom) -> None:
    reordered: list[Question] = []
    for question in ONE_OF_EACH.values():
        for field in ("options", "items", "targets"):
            if hasattr(question, field):
                question = msgspec.structs.replace(question, **{field: tuple(reversed(getattr(question, field)))})  # noqa: PLW2901
        reordered.append(question)
    question_file(room.source, *reordered, name="questions")

    assert encode(publish("small", read_key(room.source))) == (room.release / "questions.json").read_bytes()
    assert reordered[0] != ONE_OF_EACH["single"]


def test_a_published_question_has_these_fields_and_no_others(room: Classroom) -> None:
    published = json.loads((room.release / "questions.json").read_text())

    assert published.keys() == {"form", "assignment", "edition", "title", "questions"}
    assert {name for question in published["questions"] for name in question} <= {
        "id",
        "kind",
        "points",
        "prompt",
        "choices",
        "targets",
        "unit",
    }
    assert {name for question in published["questions"] for choice in question.get("choices", []) for name in choice} == {"key", "text"}
    assert read_published(room.release).questions == tuple(asked(question) for question in ONE_OF_EACH.values())


# ---- habits on what is published earn no more than guessing


WORDS = [
    f"{a}-{b}" for a in ("bank", "shop", "call", "lock", "risk", "code", "desk", "line") for b in ("one", "open", "held", "late", "sent")
]


def _bank(seed: int, size: int = 60) -> list[Question]:
    """Questions whose authors write the right answer first, which is the strongest habit a file can have."""
    chance = random.Random(seed)
    made: list[Question] = []
    for _ in range(size):
        keys = chance.sample(WORDS, 5)
        made.append(single(keys[0], keys[:4]))
        made.append(multi(keys[:2], keys))
        made.append(order(keys))
        made.append(match(dict(zip(keys, ("to-a", "to-b", "to-c", "to-d", "to-a"), strict=True)), ("to-a", "to-b", "to-c", "to-d")))
    return made


STRATEGIES: dict[str, Callable[[list[str]], list[str]]] = {"first": list, "last": lambda keys: keys[::-1], "alphabetical": sorted}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("kind", [Single, Multi, Order, Match])
def test_a_habit_on_what_is_published_earns_what_guessing_earns(strategy: str, kind: type[Question]) -> None:
    arrange = STRATEGIES[strategy]
    questions = [question for seed in range(8) for question in _bank(seed) if isinstance(question, kind)]
    earned, guessed = 0.0, 0.0
    for question in questions:
        published = asked(question)
        keys, targets = arrange([one.key for one in published.choices]), arrange([one.key for one in published.targets])
        answer: Any = keys
        if isinstance(question, Single):
            answer = keys[0]
        elif isinstance(question, Multi):
            answer = keys[:2]
        elif isinstance(question, Match):
            answer = {key: targets[place % len(targets)] for place, key in enumerate(keys)}
        earned += score(question, answer).earned / question.points / len(questions)
        guessed += expected_guess(question) / len(questions)

    assert earned <= guessed + 0.1
    assert kind is not Single or abs(earned - guessed) < 0.07


def test_such_a_habit_would_show_if_the_order_of_the_file_were_published() -> None:
    questions = [question for question in _bank(0) if isinstance(question, Single)]

    assert all(score(question, question.options[0].key).verdict == "right" for question in questions)


def test_a_notebook_of_the_small_assignment_is_as_its_builder_writes_it(room: Classroom) -> None:
    assert (
        write_json(room.root / "again.ipynb", assignment_notebook("small", *ONE_OF_EACH.values())).read_bytes()
        == (room.source / "small.ipynb").read_bytes()
    )
