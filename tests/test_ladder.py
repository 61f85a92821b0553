"""Imports only go down; what is heavy, impure or the instructor's is imported where it belongs and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from builders import REPOSITORY

PACKAGE = REPOSITORY / "src/lockdesk"
RUNGS = [
    {"errors", "text"},
    {"typed", "questions"},
    {"bank", "scoring", "answers", "doctrine", "place", "terminal"},
    {"cases", "glossary", "lookup"},
    {"replay", "cards"},
    {"key"},
    {"published"},
    {"practice"},
    {"front_page", "widgets"},
    {"lessons", "lint", "guessing"},
    {"proofs", "coverage", "pages"},
    {"grading"},
    {"strategies"},
    {"course", "recorded"},
    {"cli", "server"},
]
RUNG = {name: number for number, names in enumerate(RUNGS) for name in names}
AUTHORS = {
    "cards",
    "cli",
    "course",
    "coverage",
    "glossary",
    "guessing",
    "lookup",
    "pages",
    "lessons",
    "lint",
    "proofs",
    "server",
    "strategies",
    "grading",
}
PURE = {"questions", "scoring", "text"}
PURE_PARTS = {"terminal", "cases", "replay"}
READING = {"cases/reading", "replay/reading"}
FILES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(tree: ast.AST, module: str) -> Iterator[str]:
    """The full name of every module or name a module imports, however deep in it, with `from .` resolved."""
    package = ["lockdesk", *module.split("/")][:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("__import__", "import_module"):
            yield "a computed import"


def outside(module: str) -> set[str]:
    """The packages a module imports from elsewhere."""
    return {name.split(".")[0] for name in imports_of(ast.parse(FILES[module].read_text("utf-8")), module)} - {"lockdesk"}


def inside(module: str) -> set[str]:
    """The modules of ours that a module imports, as they are called on the ladder."""
    names = [name.split(".") for name in imports_of(ast.parse(FILES[module].read_text("utf-8")), module)]
    return {parts[1] for parts in names if parts[0] == "lockdesk" and parts[1] in RUNG}


def place_of(module: str) -> str:
    return module.split("/", maxsplit=1)[0]


def calls_in(module: str) -> set[str]:
    """The plain names a module calls."""
    nodes = ast.walk(ast.parse(FILES[module].read_text("utf-8")))
    return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


MODULES = [module for module in FILES if module != "__init__"]
PURE |= {module for module in MODULES if place_of(module) in PURE_PARTS} - READING


def test_every_module_has_its_place_on_the_ladder() -> None:
    assert {place_of(module) for module in MODULES} == set(RUNG)


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_go_down_the_ladder(module: str) -> None:
    own = place_of(module)

    assert {name for name in inside(module) if name != own and RUNG[name] >= RUNG[own]} == set()


@pytest.mark.parametrize("module", FILES)
def test_only_the_server_knows_jupyters_server(module: str) -> None:
    assert place_of(module) == "server" or not {"jupyter_server", "tornado"} & outside(module)


@pytest.mark.parametrize("module", FILES)
def test_only_the_widgets_know_ipywidgets(module: str) -> None:
    assert place_of(module) == "widgets" or not (
        {"ipywidgets", "anywidget", "traitlets"} - ({"traitlets"} if place_of(module) == "grading" else set())
    ) & outside(module)


@pytest.mark.parametrize("module", [module for module in FILES if place_of(module) not in AUTHORS])
def test_a_learners_modules_import_nothing_of_the_instructors(module: str) -> None:
    assert not {"nbgrader", "nbformat", "jsonschema", "pandas"} & outside(module)
    assert not AUTHORS & inside(module) or module == "recorded"


def test_a_graded_cell_asks_the_graders_side_only_while_it_is_graded() -> None:
    tree = ast.parse(FILES["recorded"].read_text("utf-8"))
    asked = [case for case in ast.walk(tree) if isinstance(case, ast.match_case) and "grading.assess" in ast.unparse(case)]

    assert inside("recorded") & AUTHORS == {"grading"}
    assert [ast.unparse(case.pattern) for case in asked] == ["'autograde'"]


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_pure_module_has_neither_clock_nor_chance_nor_files(module: str) -> None:
    assert not {"datetime", "time", "random", "os", "secrets", "uuid", "pathlib", "io", "subprocess", "socket"} & outside(module)


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_pure_module_opens_nothing(module: str) -> None:
    assert not {"open", "print", "input"} & calls_in(module)


@pytest.mark.parametrize("module", FILES)
def test_no_import_is_computed(module: str) -> None:
    assert "a computed import" not in imports_of(ast.parse(FILES[module].read_text("utf-8")), module)


@pytest.mark.parametrize("module", FILES)
def test_nothing_runs_text_as_code(module: str) -> None:
    assert not {"eval", "exec", "compile"} & calls_in(module)


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("bank", "from .errors import Fault", "lockdesk.errors.Fault"),
        ("bank", "from . import lint", "lockdesk.lint"),
        ("bank", "def f():\n    from .cli import main", "lockdesk.cli.main"),
        ("bank", "import lockdesk.cli as c", "lockdesk.cli"),
        ("widgets/exercise", "from ..answers import AnswerLog", "lockdesk.answers.AnswerLog"),
        ("widgets/exercise", "from .fallback import page_of", "lockdesk.widgets.fallback.page_of"),
        ("widgets/__init__", "from ..text import word", "lockdesk.text.word"),
        ("text", "import os.path", "os.path"),
        ("text", "importlib.import_module('os')", "a computed import"),
    ],
)
def test_an_import_is_seen_however_it_is_written(module: str, source: str, found: str) -> None:
    assert list(imports_of(ast.parse(source), module)) == [found]


def test_the_package_was_found() -> None:
    assert {"questions", "widgets/exercise", "server/start"} <= FILES.keys()
