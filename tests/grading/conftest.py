from __future__ import annotations

from pathlib import Path

import pytest

from grading.classroom import Classroom


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """The classroom that every test's own is a copy of; nobody may change it."""
    return Classroom.build(tmp_path_factory.mktemp("classroom") / "course")


@pytest.fixture
def room(built: Classroom, tmp_path: Path) -> Classroom:
    return built.copy(tmp_path / "course")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Warnings of nbgrader's own, about nbgrader's own code, are not ours to mend."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in ("ignore::sqlalchemy.exc.SAWarning", "ignore:unclosed file:ResourceWarning"):
                item.add_marker(pytest.mark.filterwarnings(warning))
