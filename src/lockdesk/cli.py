"""The `lockdesk` command, for authors and instructors. Learners never need it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import coverage, guessing
from .bank import read_all
from .course import Course, check, confirm_translations, covered, practice_habits, store_outputs
from .errors import LockdeskError
from .text import LANGS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if all is well, 1 if something has to be mended, 2 if the call itself is wrong."""
    parser = _parser()
    given = parser.parse_args(arguments)
    course = Course(given.course.resolve())
    if not course.notebooks.is_dir():
        parser.error(
            f"{given.course}: no course here, for it has no notebooks/. Run this in the course's folder, or name it with --course."
        )
    try:
        return int(given.run(course, given))
    except LockdeskError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lockdesk", description="Chores of the Locked Terminals course.")
    parser.add_argument("--course", type=Path, default=Path(), help="the course's folder (this one)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    checking = _command(commands, "check", "name every fault of questions, lessons, twins and cases")
    instead = checking.add_mutually_exclusive_group()
    instead.add_argument("--strategies", action="store_true", help="instead: answer and play by fixed habits, and say what each earns")
    instead.add_argument("--coverage", action="store_true", help="instead: map where each mark and each statement is taught and asked")
    checking.set_defaults(run=_check)
    _command(commands, "lessons", "store each question in words in the lessons, for readers without a kernel").set_defaults(run=_lessons)
    translated = _command(commands, "translated", "confirm that these cells' Chinese says what the English says now")
    translated.add_argument("cells", nargs="+", metavar="CELL", help="a cell id, or LESSON/ID where several lessons have it")
    translated.set_defaults(run=_translated)
    release = _command(commands, "release", "build release/ from source/, with nbgrader")
    release.set_defaults(run=_release)
    pack = _command(commands, "pack", "make the folder that learners get: lessons, released assignments, the package")
    pack.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new folder")
    pack.set_defaults(run=_pack)
    grade = _command(commands, "grade", "grade everybody who has handed in, and say how each one stands")
    grade.add_argument("assignment", metavar="ASSIGNMENT")
    grade.add_argument("--again", action="store_true", help="grade those too who have been graded; for a corrected key")
    grade.set_defaults(run=_grade)
    replay = _command(commands, "replay", "say what a learner did in a call, task or question, and why it earned what it did")
    replay.add_argument("learner", metavar="LEARNER")
    replay.add_argument("assignment", metavar="ASSIGNMENT")
    replay.add_argument("exercise", metavar="CASE", help="the id of a call, task or question")
    replay.add_argument("--lang", choices=LANGS, help="the learner's own, unless given")
    replay.set_defaults(run=_replay)
    extend = _command(commands, "extend", "give one learner more time for an assignment than the class has")
    extend.add_argument("learner", metavar="LEARNER")
    extend.add_argument("assignment", metavar="ASSIGNMENT")
    extend.add_argument("days", type=float, metavar="DAYS", help="counted from the deadline; 0 takes them back")
    extend.set_defaults(run=_extend)
    rename = _command(commands, "rename", "make everything that is one name's another name's: work, points and feedback")
    rename.add_argument("old", metavar="OLD")
    rename.add_argument("new", metavar="NEW")
    rename.set_defaults(run=_rename)
    demo = _command(commands, "demo", "take a simulated class through nbgrader, and compare its scores with those worked out by hand")
    demo.add_argument("--learners", type=int, default=12, metavar="N")
    demo.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new folder; the class stays there to be looked at")
    demo.add_argument("--term", action="store_true", help="instead: a class of twelve through every assignment, with a corrected key")
    demo.set_defaults(run=_demo)
    return parser


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")


def _check(course: Course, given: argparse.Namespace) -> int:
    if given.strategies:
        return _strategies(course)
    if given.coverage:
        return _coverage(course)
    report = check(course)
    for line in report.summary:
        print(line)
    for fault in report.faults:
        print(fault, file=sys.stderr)
    count = len(report.faults)
    print(f"{count} fault{'' if count == 1 else 's'}.")
    return 1 if count else 0


def _strategies(course: Course) -> int:
    from . import strategies

    cases = course.cases()
    rows = strategies.table(cases) if cases else []
    for line in strategies.report(rows):
        print(line)
    habits = practice_habits(read_all(course.questions))
    for line in guessing.report(habits):
        print(line)
    faults = [*strategies.faults_in(rows), *guessing.faults_in(habits, "notebooks/questions")]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _coverage(course: Course) -> int:
    topics = covered(course)
    for line in coverage.report(topics):
        print(line)
    holes = list(coverage.faults_in(topics))
    for hole in holes:
        print(hole, file=sys.stderr)
    print(f"{len(topics)} marks and statements, {len(holes)} hole{'' if len(holes) == 1 else 's'}.")
    return 1 if holes else 0


def _lessons(course: Course, given: argparse.Namespace) -> int:
    for path in store_outputs(course):
        print(f"rewritten: {path.relative_to(course.folder)}")
    return 0


def _translated(course: Course, given: argparse.Namespace) -> int:
    missing = confirm_translations(course, given.cells)
    for cell in missing:
        print(f"{cell}: no Markdown cell of that id in any lesson; nothing was confirmed for it.", file=sys.stderr)
    return 1 if missing else 0


def _release(course: Course, given: argparse.Namespace) -> int:
    from .grading.batch import release_all

    release_all(course.folder, print)
    return 0


def _pack(course: Course, given: argparse.Namespace) -> int:
    from .grading.kit import pack

    paths = pack(course.folder, given.to)
    print(f"{len(paths)} files in {given.to}. Learners open them with `make lab` there.")
    return 0


def _grade(course: Course, given: argparse.Namespace) -> int:
    from .grading.batch import grade, is_whole, table

    if not (course.folder / "source" / given.assignment / "questions.toml").is_file():
        known = ", ".join(path.name for path in course.assignments()) or "none"
        print(f"{given.assignment}: no such assignment in source/. There: {known}.", file=sys.stderr)
        return 2
    rows = grade(course.folder, given.assignment, given.again, lambda line: print(line, flush=True))
    for line in table(rows) if rows else ():
        print(line)
    return 0 if is_whole(rows) else 1


def _replay(course: Course, given: argparse.Namespace) -> int:
    from .grading.retell import retell

    for line in retell(course.folder, given.learner, given.assignment, given.exercise, given.lang):
        print(line)
    return 0


def _extend(course: Course, given: argparse.Namespace) -> int:
    from .grading.register import extend

    for line in extend(course.folder, given.learner, given.assignment, given.days):
        print(line)
    return 0


def _rename(course: Course, given: argparse.Namespace) -> int:
    from .grading.register import rename

    for line in rename(course.folder, given.old, given.new):
        print(line)
    return 0


def _demo(course: Course, given: argparse.Namespace) -> int:
    from .grading.demo import demo
    from .grading.term import term

    if given.term:
        return 0 if term(course.folder, given.to, lambda line: print(line, flush=True)) else 1
    return 0 if demo(course.folder, given.to, given.learners, lambda line: print(line, flush=True)) else 1
