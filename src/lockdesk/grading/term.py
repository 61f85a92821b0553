"""`lockdesk demo --term`: a whole term of a simulated class, assignment by assignment, through nbgrader's real commands.

The class answers by habit, computed from the key, so it works for any assignment. One is late, one absent, one key is corrected.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from ..answers import Entry, encode
from ..errors import ContentError, Fault
from ..key import SOURCE, Key, read_key
from ..place import LOG
from ..questions import Single, Written, right_keys
from ..text import Lang
from .assess import key_of
from .batch import grade, standing
from .demo import backdate, copy_course, new_folder, read_by_hand, run
from .habits import Doing, Habit, doings

ORDER: Final = ("lock-types", "recovery", "after-unlock", "capstone")
"""The assignments in the order of the course; others follow by name."""
CENT: Final = 0.005


class Member(msgspec.Struct, frozen=True):
    """One of the class. Who is `late` hands in every assignment after its deadline; who is `absent` does not hand in the last one."""

    name: str
    habit: Habit
    lang: Lang = "en"
    late: bool = False
    absent: bool = False


CLASS: Final = (
    Member("perfect", "perfect"),
    Member("perfect-zh", "perfect", "zh"),
    Member("half", "half"),
    Member("half-zh", "half", "zh"),
    Member("late", "half", late=True),
    Member("absent", "perfect", absent=True),
    *(Member(f"guess-{number}", "guess", "zh" if number % 2 else "en") for number in range(1, 5)),
    Member("blank", "blank"),
    Member("blank-zh", "blank", "zh"),
)


def term(course: Path, to: Path, tell: Callable[[str], None]) -> bool:
    """Take the class through every assignment of the course in a copy of it in `to`. Whether every score is as the key says.

    Raises:
        LockdeskError: `to` is not empty, there is no assignment, or a command of nbgrader failed.
    """
    names = assignments_of(course)
    if not names:
        raise ContentError([Fault("source/", "holds no assignment, so there is no term.")])
    new_folder(to)
    to = to.resolve()
    tell(f"Copying the course to {to}")
    copy_course(course, to)
    _enter(to)
    slipped = False
    earned: dict[str, dict[str, float]] = {member.name: {} for member in CLASS}
    whole = True
    for number, name in enumerate(names, 1):
        tell(f"\n[{number}/{len(names)}] {name}")
        here = [member for member in CLASS if not (member.absent and name == names[-1])]
        right = (to / "source" / name / SOURCE).read_text(encoding="utf-8")
        mistaken = None if slipped else with_a_slip(to / "source" / name)
        run(to, "generate_assignment", name)
        run(to, "release_assignment", name)
        plans = {member.name: doings(read_key(course / "source" / name), member.name, member.habit, member.lang) for member in here}
        _hand_in_all(to, name, here, plans)
        run(to, "collect", name)
        grade(to, name, again=False, tell=tell)
        for member in here:
            read_by_hand(to, name, member.name, {one.exercise.id: one.expected for one in plans[member.name] if _is_read(one)})
        if mistaken:
            slipped = True
            tell(f"The key of {mistaken!r} was wrong. It is corrected, and everybody is graded again:")
            (to / "source" / name / SOURCE).write_text(right, encoding="utf-8")
            grade(to, name, again=True, tell=tell)
            for member in here:  # who graded by hand looks again, and lets it stand
                read_by_hand(to, name, member.name, {one.exercise.id: one.expected for one in plans[member.name] if _is_read(one)})
        run(to, "generate_feedback", name)
        run(to, "release_feedback", name)
        whole = _compare(to, name, here, plans, earned, tell) and whole
    run(to, "export", f"--to={to / 'grades.csv'}")
    return _report(to, names, earned, whole, tell)


def assignments_of(course: Path) -> list[str]:
    """The names of the assignments, in the order of the course."""
    names = [path.parent.name for path in (course / "source").glob(f"*/{SOURCE}")]
    return sorted(names, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))


def with_a_slip(folder: Path) -> str | None:
    """Make an author's mistake in the key in `folder`: another option of one question is marked. Its id; None if none allows it."""
    path = folder / SOURCE
    text = path.read_text(encoding="utf-8")
    before = read_key(folder)
    for question in before.questions.values():
        if not isinstance(question, Single):
            continue
        path.write_text(_other_marked(text, question), encoding="utf-8")
        if _differs_in(before, folder, question.id):
            return question.id
    path.write_text(text, encoding="utf-8")
    return None


def _other_marked(text: str, question: Single) -> str:
    """The file's text, `question` with its first wrong option marked instead of the right one."""
    (right,) = right_keys(question)
    wrong = next(option.key for option in question.options if not option.correct)
    blocks = text.split("[[question]]")
    for number, block in enumerate(blocks):
        if re.search(rf'^id = "{question.id}"$', block, re.MULTILINE):
            parts = re.split(r'(?=\bkey = ")', re.sub(r"^\s*correct = false\n", "", block, flags=re.MULTILINE))
            blocks[number] = "".join(_marked(part, right, wrong) for part in parts)
    return "[[question]]".join(blocks)


def _marked(part: str, right: str, wrong: str) -> str:
    """One option's text, from its key on, with the mark taken away or given."""
    if part.startswith(f'key = "{right}"'):
        return part.replace("correct = true", "correct = false", 1)
    head = f'key = "{wrong}"'
    if not part.startswith(head):
        return part
    if "correct = false" in part:
        return part.replace("correct = false", "correct = true", 1)
    return part.replace(head, f"{head}{',' if part[len(head)] == ',' else chr(10)} correct = true", 1)


def _differs_in(before: Key, folder: Path, question_id: str) -> bool:
    """Whether the key in `folder` can be read, and differs from `before` in this question alone."""
    try:
        after = read_key(folder)
    except ContentError:
        return False
    return [name for name in before.questions if before.questions[name] != after.questions.get(name)] == [question_id]


def _is_read(one: Doing) -> bool:
    return isinstance(one.exercise, Written) and bool(one.answers)


def _enter(to: Path) -> None:
    """Enter the class in the gradebook, as a list."""
    path = to / "class.csv"
    path.write_text("id\n" + "".join(f"{member.name}\n" for member in CLASS), encoding="utf-8")
    run(to, "db", "student", "import", str(path))


def _hand_in_all(to: Path, name: str, here: list[Member], plans: dict[str, list[Doing]]) -> None:
    """Everybody's record, submitted from the folder they fetched; those who are late after the deadline."""
    run(to, "fetch_assignment", name)
    work = to / "work" / name
    for member in sorted(here, key=lambda member: member.late):
        lines = _record(plans[member.name], member)
        if lines:
            (work / LOG).write_bytes(lines)
        run(to, "submit", name, f"--student={member.name}")
        (work / LOG).unlink(missing_ok=True)
        if member.late:
            sent = max((to / "exchange/locked-terminals/inbound").glob(f"{member.name}+{name}+*"))
            backdate(sent, datetime.now(UTC) + timedelta(hours=4))
    due = datetime.now(UTC) + timedelta(hours=1)
    run(to, "db", "assignment", "add", name, f"--duedate={due:%Y-%m-%d %H:%M:%S} UTC")
    shutil.rmtree(work)


def _record(plan: list[Doing], member: Member) -> bytes:
    """What the learner's own notebook would have recorded."""
    start = datetime.now(UTC)
    lines: list[bytes] = []
    for one in plan:
        for number, answer in enumerate(one.answers, 1):
            at = start + timedelta(milliseconds=7 * len(lines) + sum(map(ord, member.name)))
            stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
            lines.append(encode(Entry(1, stamp, one.exercise.id, one.edition, one.variant, number, member.lang, answer)))
    return b"".join(lines)


def _compare(
    to: Path,
    name: str,
    here: list[Member],
    plans: dict[str, list[Doing]],
    earned: dict[str, dict[str, float]],
    tell: Callable[[str], None],
) -> bool:
    """Note what everybody earned, and say where it is not what the key says; whether it is for all."""
    folders = {member.name: to / "submitted" / member.name / name for member in here}
    rows = {row.learner: row for row in standing(to, name, key_of(to, name), folders)}
    whole = True
    for member in here:
        row = rows[member.name]
        expected = {one.exercise.id: one.expected for one in plans[member.name]}
        differing = [one for one, points in expected.items() if points is None or abs((row.points[one] or 0.0) - points) > CENT]
        if row.state != "graded" or row.earned is None or differing:
            whole = False
            tell(f"    {member.name}: {row.state}; expected {expected}, found {row.points}")
        if member.late != any(flag.reason == "late" for flag in row.flags):
            whole = False
            tell(f"    {member.name}: expected to be {'late' if member.late else 'in time'}")
        if not (to / "feedback" / member.name / name / f"{name}.html").is_file():
            whole = False
            tell(f"    {member.name}: no feedback")
        earned[member.name][name] = row.earned or 0.0
    return whole


def _report(to: Path, names: list[str], earned: dict[str, dict[str, float]], whole: bool, tell: Callable[[str], None]) -> bool:
    """The term's table, compared with what was exported; whether the two agree, and all was `whole` before."""
    with (to / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        exported = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    width = max(len(member.name) for member in CLASS)
    tell("\n" + f"{'learner':<{width}}  " + "  ".join(f"{name:>12}" for name in names) + f"  {'together':>8}")
    for member in CLASS:
        cells = []
        for name in names:
            row = exported.get((member.name, name), {"state": "", "score": ""})
            points = earned[member.name].get(name)
            agrees = (row["state"], row["score"]) == ("absent", "") if points is None else abs(float(row["score"] or "nan") - points) < CENT
            whole = whole and agrees
            cells.append(f"{row['state'] if points is None else f'{points:.2f}':>12}" if agrees else f"{'NOT ' + row['score']:>12}")
        tell(f"{member.name:<{width}}  " + "  ".join(cells) + f"  {sum(earned[member.name].values()):>8.2f}")
    tell(f"\n{'Every score is as the key says.' if whole else 'Some scores differ.'} The class is in {to}, its grades in grades.csv.")
    return whole
