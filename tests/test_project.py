"""The files around the code agree with each other."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", LOCK, re.MULTILINE | re.IGNORECASE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PROMISED = ["setup", "lab", "teach", "test", "test-all", "check", "lessons", "translated", "bench", "pictures", "clean"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def wanted() -> list[Requirement]:
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in [*PROJECT["dependencies"], *extras]]


def test_the_lock_holds_every_package_the_project_asks_for_at_a_version_it_allows() -> None:
    pins = {name.lower().replace("_", "-"): Version(version) for name, version in PINS.items()}

    missing = [str(one) for one in wanted() if pins.get(one.name.lower()) not in one.specifier]

    assert missing == []
    assert len(pins) > 50


def test_every_package_in_the_lock_has_hashes_and_no_address_stands_in_it() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())

    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in LOCK


def test_environment_yml_installs_the_lock_on_a_python_the_project_supports() -> None:
    text = read("environment.yml")
    python = re.search(r"- python=(\S+)", text)

    assert python
    assert Version(python[1]) >= Version(PROJECT["requires-python"].removeprefix(">="))
    assert re.findall(r"- (-r \S+)", text) == ["-r requirements.lock"]


def test_post_build_installs_the_package_without_asking_for_others() -> None:
    script = read("postBuild")

    assert "--no-deps" in script
    assert os.access(ROOT / "postBuild", os.X_OK)


def test_bare_make_lists_every_promised_chore() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert [chore for chore in PROMISED if f"make {chore} " not in listed] == []


@pytest.mark.parametrize("kept", ["answers.jsonl", "gradebook.db", "exchange", "submitted", "work", ".jupyter", "feedback", "autograded"])
def test_make_clean_never_removes_what_a_person_made(kept: str) -> None:
    planned = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "clean"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert ".venv" in planned
    assert kept not in planned


@pytest.mark.parametrize(
    "name",
    [
        "notebooks/answers.jsonl",
        "work/notes/x.ipynb",
        ".jupyter/x",
        "gradebook.db",
        "exchange/x",
        "submitted/x",
        "downloaded/x",
        "grades.csv",
        "class.csv",
    ],
)
def test_git_ignores_what_learners_and_instructors_make(name: str) -> None:
    if not (ROOT / ".git").exists():
        pytest.fail("This is no git checkout, so what git ignores cannot be told.")
    ignored = subprocess.run(["git", "check-ignore", "--quiet", name], cwd=ROOT, check=False)

    assert ignored.returncode == 0


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_its_two_commands_and_only_files_that_exist(name: str) -> None:
    text = read(name)
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    named = [path for path in re.findall(r"`([\w./-]+/[\w./-]*\w)`", text) if "NN-name" not in path and "NAME" not in path]

    assert "```\nmake lab\n```" in text
    assert "```\nmake test\n```" in text
    assert [path for path in linked + named if not (ROOT / path).exists() and path != "notebooks/answers.jsonl"] == []


def test_both_readmes_have_the_same_shape() -> None:
    shapes = [
        [line[:2] for line in read(name).split("\n") if line.startswith(("#", "|", "```"))] for name in ("README.md", "README.zh-CN.md")
    ]

    assert shapes[0] == shapes[1]


def test_the_version_is_the_same_wherever_it_stands() -> None:
    from lockdesk import __version__

    extension = read("share/jupyter/labextensions/lockdesk/package.json")

    assert f'"version": "{__version__}"' in extension
    assert f"## {__version__} " in read("CHANGELOG.md")


def test_ci_runs_the_checks_and_all_suites() -> None:
    script = read(".ci/run")

    assert re.search(r"^make check$", script, re.MULTILINE)
    assert re.search(r"^make test-all$", script, re.MULTILINE)
    assert "test-all: test" in read("Makefile")


def test_every_test_named_in_the_security_page_exists() -> None:
    named = re.findall(r"`(test_\w+)`", read("docs/security.md"))
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))

    assert [name for name in named if f"def {name}(" not in tests] == []
    assert len(named) > 30


def test_every_promise_of_the_security_page_has_its_test() -> None:
    rows = [line for line in read("docs/security.md").split("\n") if line.startswith("| ") and not line.startswith("| promise")]

    assert [row for row in rows if "`test_" not in row.split(" | ")[-1]] == []
    assert len(rows) > 30


def test_both_instructors_guides_have_the_same_shape_and_commands() -> None:
    pages = [read(name) for name in ("docs/instructor.md", "docs/instructor.zh-CN.md")]
    shapes = [[line[:2] for line in page.split("\n") if line.startswith(("#", "|", "```"))] for page in pages]
    commands = [re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL) for page in pages]

    assert shapes[0] == shapes[1]
    assert commands[0] == commands[1]
    assert len(commands[0]) > 15


@pytest.mark.parametrize("name", ["docs/instructor.md", "docs/instructor.zh-CN.md", "docs/security.md", "docs/authoring.md"])
def test_a_guide_links_only_to_what_exists(name: str) -> None:
    linked = re.findall(r"\]\(([\w./-]+)[)#]", read(name))

    assert linked or name == "docs/security.md"
    assert [path for path in linked if not (ROOT / "docs" / path).exists()] == []


def test_every_flag_is_explained_to_instructors() -> None:
    from lockdesk.grading.words import WORDS

    page = read("docs/instructor.md")
    starts = [text.en.split("{")[0].strip(" (") for name, text in WORDS.items() if name.startswith("flag-")]

    assert [start for start in starts if f"| {start}" not in page] == []


def test_the_readmes_count_what_is_there() -> None:
    from lockdesk.bank import read_all

    def count(pattern: str) -> int:
        return len(list(ROOT.glob(pattern)))

    lessons = read_all(ROOT / "notebooks/questions")
    terms = len(tomllib.loads(read("notebooks/glossary.toml"))["term"])
    there = [count("notebooks/questions/*.toml"), sum(len(one.questions) for one in lessons)]
    there += [count("notebooks/cases/*.toml"), count("notebooks/tasks/*.toml"), terms, count("notebooks/en/card-*.html")]
    there += [count("source/*/questions.toml"), 100]

    for name, start in (("README.md", "In both languages: 13"), ("README.zh-CN.md", "中英文都有：13")):
        line = next(line for line in read(name).split("\n") if line.startswith(start))
        assert [int(number) for number in re.findall(r"\d+", line)] == there


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh-CN.md", "docs/instructor.md", "docs/instructor.zh-CN.md", "docs/authoring.md", "docs/cases.md"]
)
def test_every_command_named_in_a_guide_exists(name: str) -> None:
    from lockdesk.cli import _parser

    help_text = _parser().format_help()
    text = read(name)
    chores = {chore for line in re.findall(r"(?:^|`|= )make ([a-z -]+)", text, re.MULTILINE) for chore in line.split()}
    commands = set(re.findall(r"(?:^|`|/)lockdesk ([a-z]+)", text, re.MULTILINE))

    assert [chore for chore in chores if not re.search(rf"^{chore}:", read("Makefile"), re.MULTILINE)] == []
    assert [one for one in commands if not re.search(rf"^    {one}\b", help_text, re.MULTILINE)] == []
    assert chores | commands


def test_the_instructors_guides_name_every_assignment_and_what_it_holds() -> None:
    from lockdesk.cases import Case
    from lockdesk.key import read_key
    from lockdesk.questions import Written
    from lockdesk.replay.task import Task

    for folder in sorted(path.parent for path in ROOT.glob("source/*/questions.toml")):
        exercises = read_key(folder).exercises.values()
        sizes = [sum(isinstance(one, kind) for one in exercises) for kind in (Case, Task, Written)]
        minutes = tomllib.loads((folder / "questions.toml").read_text("utf-8"))["lesson"]["minutes"]
        wanted = [number for number in (len(exercises) - sum(sizes), *sizes, minutes) if number]
        assert sum(one.points for one in exercises) == 100
        for name in ("docs/instructor.md", "docs/instructor.zh-CN.md"):
            row = next(line for line in read(name).split("\n") if line.startswith(f"| `{folder.name}` |"))
            assert [int(number) for number in re.findall(r"\d+", row)][: len(wanted)] == wanted
