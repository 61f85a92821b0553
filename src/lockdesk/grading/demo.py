"""`lockdesk demo`: a simulated class taken through nbgrader's real commands, its scores compared with a table worked out by hand.

What the learners answer, and what each answer earns, stands in source/<assignment>/demo.toml. Nothing here can compute a score.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from ..answers import AnswerLog, Entry
from ..cases import Case, variant_for
from ..errors import ContentError, Fault, LockdeskError
from ..key import Exercise
from ..place import LOG
from ..published import read_published
from ..replay.task import Task
from ..text import Lang
from ..typed import convert
from .assess import key_of
from .batch import Row, grade, standing
from .commands import nbgrader
from .habits import solution_of
from .present import flag_words

ASSIGNMENT: Final = "lock-types"
_COURSE: Final = ("notebooks", "source", "labconfig", "share", "docs", "nbgrader_config.py")
_SAID: Final = "Read by the demo's grader. 由演示评分人批阅。"


class Learner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One simulated learner: what they answer, what becomes of their files, and what they must earn.

    `played` names the calls and tasks in which they do what the solution does. `expected` holds the points of each question,
    call and task. `by_hand` holds those a person gives for a written answer.
    """

    name: str
    habit: str
    lang: Lang
    deed: Literal["", "broken-file", "forged-file", "link", "no-notebook", "broken-notebook", "late"] = ""
    answers: dict[str, Any] = {}
    played: tuple[str, ...] = ()
    by_hand: dict[str, float] = {}
    expected: dict[str, float]
    flags: tuple[str, ...] = ()


class Class(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The simulated class."""

    learners: tuple[Learner, ...] = msgspec.field(name="learner")


def demo(course: Path, to: Path, count: int, tell: Callable[[str], None]) -> bool:
    """Take `count` learners through nbgrader in a copy of the course in `to`. Whether every score and flag is as expected.

    Raises:
        LockdeskError: `to` is not empty, or a command of nbgrader failed.
    """
    new_folder(to)
    learners = _class(course, count)
    to = to.resolve()
    tell(f"Copying the course to {to}")
    copy_course(course, to)
    tell(f"Releasing {ASSIGNMENT}")
    run(to, "generate_assignment", ASSIGNMENT)
    run(to, "release_assignment", ASSIGNMENT)
    for number, learner in enumerate(learners, 1):
        if learner.deed != "late":
            tell(f"[{number:>2}/{len(learners)}] {learner.name}: {learner.habit}")
            _hand_in(to, learner)
    due = datetime.now(UTC) + timedelta(hours=1)
    run(to, "db", "assignment", "add", ASSIGNMENT, f"--duedate={due:%Y-%m-%d %H:%M:%S} UTC")
    for number, learner in enumerate(learners, 1):
        if learner.deed == "late":
            tell(f"[{number:>2}/{len(learners)}] {learner.name}: {learner.habit}")
            _hand_in(to, learner, late=timedelta(hours=4))
    tell("Collecting")
    run(to, "collect", ASSIGNMENT)
    grade(to, ASSIGNMENT, again=False, tell=tell)
    tell("Reading the written answers")
    for learner in learners:
        read_by_hand(to, ASSIGNMENT, learner.name, learner.by_hand)
    tell("Returning feedback")
    run(to, "generate_feedback", ASSIGNMENT)
    run(to, "release_feedback", ASSIGNMENT)
    run(to, "export", f"--to={to / 'grades.csv'}")
    return _compare(to, learners, tell)


def _class(course: Path, count: int) -> list[Learner]:
    """The first `count` learners of the hand-worked table; beyond its end it starts anew, with numbered names."""
    path = course / "source" / ASSIGNMENT / "demo.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError([Fault(f"source/{ASSIGNMENT}/demo.toml", f"cannot be read: {error}.")]) from None
    table = convert(data, Class, f"source/{ASSIGNMENT}/demo.toml").learners
    if count < 1:
        raise ContentError([Fault("--learners", f"is {count}; wanted: 1 or more.")])
    return [
        table[number % len(table)]
        if number < len(table)
        else msgspec.structs.replace(table[number % len(table)], name=f"{table[number % len(table)].name}-{number // len(table) + 1}")
        for number in range(count)
    ]


def new_folder(to: Path) -> None:
    """See that `to` can be filled.

    Raises:
        ContentError: there is something in it already.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ContentError([Fault(str(to), "is not empty. Name a new folder, or empty this one.")])


def copy_course(course: Path, to: Path) -> None:
    """Copy what a class needs of the course to `to`; nobody's answers."""
    to.mkdir(parents=True, exist_ok=True)
    leave = shutil.ignore_patterns(f"{LOG}*", ".ipynb_checkpoints", "__pycache__")
    for name in _COURSE:
        if (course / name).is_dir():
            shutil.copytree(course / name, to / name, ignore=leave)
        elif (course / name).exists():
            shutil.copyfile(course / name, to / name)
    (to / "exchange").mkdir()


def run(to: Path, *arguments: str) -> None:
    """Run one of nbgrader's commands, which must succeed.

    Raises:
        LockdeskError: it did not; carries what it said.
    """
    done = nbgrader(to, *arguments)
    if done.exit_code:
        raise LockdeskError(f"nbgrader {' '.join(arguments)} ended with {done.exit_code}:\n{done.said.strip()}")


def _hand_in(to: Path, learner: Learner, late: timedelta = timedelta()) -> None:
    """Fetch, answer and submit, the way the learner's own notebook would."""
    work = to / "work" / ASSIGNMENT
    shutil.rmtree(work, ignore_errors=True)
    run(to, "fetch_assignment", ASSIGNMENT)
    edition = read_published(work).edition
    log = AnswerLog(work / LOG)
    for question_id, answer in learner.answers.items():
        log.append(Entry(1, _now(), question_id, edition, learner.name, 1, learner.lang, answer))
    for played in learner.played:
        _play(log, key_of(to, ASSIGNMENT).exercises[played], learner)
    notebook = work / f"{ASSIGNMENT}.ipynb"
    match learner.deed:
        case "broken-file":  # what was written first survives; then garbage, and a line cut off in its middle
            with (work / LOG).open("ab") as file:
                file.write(b'\xff\xfe\x00garbage\n{"v":1,"at":"2026-')
        case "forged-file":
            _forge(work / LOG, list(read_published(work).questions), edition, learner)
            notebook.write_text(notebook.read_text(encoding="utf-8").replace("check(", "max(99,"), encoding="utf-8")
            (work / "gradebook.db").write_bytes(b"every point to the bearer")
        case "no-notebook":
            notebook.unlink()
        case "broken-notebook":
            notebook.write_text('{"cells": [', encoding="utf-8")
    run(to, "submit", ASSIGNMENT, f"--student={learner.name}")
    sent = max((to / "exchange/locked-terminals/inbound").glob(f"{learner.name}+{ASSIGNMENT}+*"))
    if learner.deed == "link":
        neighbour = next(sent.parent.glob(f"perfect+{ASSIGNMENT}+*")) / LOG
        (sent / LOG).unlink(missing_ok=True)
        (sent / LOG).symlink_to(neighbour)
    if late:
        backdate(sent, datetime.now(UTC) + late)
    shutil.rmtree(work)


def _play(log: AnswerLog, exercise: Exercise, learner: Learner) -> None:
    """Record a call or a task, act by act, in which the learner does what its solution does."""
    assert isinstance(exercise, Case | Task), f"{exercise.id} is no call and no task, so it cannot be played."
    variant = variant_for(exercise, learner.name)
    for number, act in enumerate(solution_of(exercise, variant), 1):
        log.append(Entry(1, _now(), exercise.id, exercise.edition, variant, number, learner.lang, act))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _forge(log: Path, questions: list[Any], edition: str, learner: Learner) -> None:
    """Claims instead of answers: points, forms no question has, names that are twice there, numbers beyond all bounds."""
    lines = [f'{{"v":1,"q":"{question.id}","score":{question.points:g},"passed":true}}' for question in questions]
    head = f'"v":1,"at":"2026-11-22T10:00:00.000Z","edition":"{edition}","variant":"{learner.name}","attempt":1,"lang":"en"'
    lines += [f'{{{head},"q":"{question.id}","answer":{answer}}}' for question in questions for answer in ("true", "[[]]", "{}", "1e999")]
    lines += [f'{{{head},"q":"{questions[0].id}","q":"{questions[1].id}","answer":"full-points"}}', "[" * 3000]
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")


def backdate(sent: Path, when: datetime) -> None:
    """Make a submission of another time: its folder's name is where nbgrader reads the time."""
    name, assignment, _, rest = sent.name.split("+")
    sent.rename(sent.with_name("+".join((name, assignment, f"{when:%Y-%m-%d %H:%M:%S.%f} UTC", rest))))


def read_by_hand(to: Path, assignment: str, learner: str, points: dict[str, float]) -> None:
    """Give written answers their points and a comment, as Formgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{to / 'gradebook.db'}", "locked-terminals") as gradebook:
        for question_id, given in points.items():
            grade_of = gradebook.find_grade(question_id, assignment, assignment, learner)
            grade_of.manual_score = given
            grade_of.needs_manual_grade = False
            gradebook.find_comment(question_id, assignment, assignment, learner).manual_comment = _SAID
        gradebook.db.commit()


def _compare(to: Path, learners: list[Learner], tell: Callable[[str], None]) -> bool:
    """Print what was expected and what came out, a line each; whether they agree."""
    folders = {learner.name: to / "submitted" / learner.name / ASSIGNMENT for learner in learners}
    rows = {row.learner: row for row in standing(to, ASSIGNMENT, key_of(to, ASSIGNMENT), folders)}
    width = max(len(learner.name) for learner in learners)
    tell(f"\n{'learner':<{width}}  expected   actual  agrees")
    whole = True
    for learner in learners:
        row = rows[learner.name]
        agrees = _agrees(learner, row)
        whole = whole and agrees
        wanted, found = sum(learner.expected.values()), row.earned
        shown = "-" if found is None else f"{found:.2f}"
        tell(f"{learner.name:<{width}}  {wanted:>8.2f}  {shown:>7}  {'yes' if agrees else 'NO'}  {learner.habit}")
        for flag in row.flags:
            tell(f"{'':<{width}}  {'':>8}  {'':>7}       ! {flag_words(flag, 'en')}")
        if not agrees:
            tell(f"    expected {learner.expected}, flags {sorted(learner.flags)}")
            tell(f"    found    {row.points}, flags {sorted(flag.reason for flag in row.flags)}, {row.state}")
    tell(f"\n{'Every row agrees.' if whole else 'Some rows differ.'} The class is in {to}:")
    tell("  submitted/   what was collected        autograded/  what a grader reads")
    tell("  feedback/    what learners get back    grades.csv   the table")
    tell(f"Look at it in Formgrader: cd {to} && {sys.executable} -m lockdesk.server.start teach")
    return whole


def _agrees(learner: Learner, row: Row) -> bool:
    same = row.points.keys() >= learner.expected.keys() and all(
        found is not None and abs(found - learner.expected.get(name, 0.0)) < 0.005 for name, found in row.points.items()
    )
    return same and row.state == "graded" and sorted(flag.reason for flag in row.flags) == sorted(learner.flags)
