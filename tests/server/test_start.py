from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from builders import REPOSITORY
from lockdesk.server import start
from lockdesk.server.start import CONTENTS, FRONT_PAGE, arguments, environment

COURSE = Path("/somewhere/course")
ROLES = ["lab", "teach"]
OWN_FOLDERS = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]


def setting(given: list[str], name: str) -> str:
    (value,) = [one.partition("=")[2] for one in given if one.startswith(f"--{name}=")]
    return value


@pytest.mark.parametrize("role", ROLES)
def test_jupyters_own_folders_lie_inside_the_course(role: str) -> None:
    settings = environment(role, COURSE, {"HOME": "/home/luo"})

    assert all(Path(settings[name]).is_relative_to(COURSE / ".jupyter") for name in OWN_FOLDERS)
    assert len({settings[name] for name in OWN_FOLDERS}) == len(OWN_FOLDERS)


def test_learner_and_author_share_no_folder_of_jupyters() -> None:
    lab, teach = (environment(role, COURSE, {}) for role in ROLES)

    assert not {lab[name] for name in OWN_FOLDERS} & {teach[name] for name in OWN_FOLDERS}


@pytest.mark.parametrize("name", OWN_FOLDERS)
def test_a_persons_own_jupyter_folders_are_not_used(name: str) -> None:
    assert environment("lab", COURSE, {name: "/home/luo/.jupyter"})[name] != "/home/luo/.jupyter"


def test_jupyters_folders_can_be_put_elsewhere() -> None:
    settings = environment("lab", COURSE, {"LOCKDESK_JUPYTER_HOME": "/tmp/desk"})

    assert all(Path(settings[name]).is_relative_to("/tmp/desk/lab") for name in OWN_FOLDERS)


def test_an_empty_name_for_jupyters_folders_is_no_name() -> None:
    settings = environment("lab", COURSE, {"LOCKDESK_JUPYTER_HOME": ""})

    assert Path(settings["JUPYTER_DATA_DIR"]).is_relative_to(COURSE)


@pytest.mark.parametrize("role", ROLES)
def test_the_courses_settings_and_extension_are_found_by_path(role: str) -> None:
    settings = environment(role, REPOSITORY, {})
    config = settings["JUPYTER_CONFIG_PATH"].split(os.pathsep)

    assert str(REPOSITORY) in config
    assert (Path(config[0]) / "labconfig/page_config.json").exists()
    assert (Path(settings["JUPYTER_PATH"]) / "labextensions/lockdesk/package.json").exists()


def test_learner_and_author_have_settings_of_their_own() -> None:
    assert environment("lab", COURSE, {})["JUPYTER_CONFIG_PATH"] != environment("teach", COURSE, {})["JUPYTER_CONFIG_PATH"]


def test_the_commands_of_this_python_come_first_on_the_path() -> None:
    path = environment("lab", COURSE, {"PATH": "/usr/bin"})["PATH"].split(os.pathsep)

    assert path == [str(Path(sys.executable).parent), "/usr/bin"]


def test_the_rest_of_the_environment_is_handed_on_and_the_given_one_left_alone() -> None:
    given = {"LANG": "zh_CN.UTF-8", "PATH": "/bin"}

    settings = environment("lab", COURSE, given)

    assert settings["LANG"] == "zh_CN.UTF-8"
    assert given == {"LANG": "zh_CN.UTF-8", "PATH": "/bin"}


@pytest.mark.parametrize("role", ROLES)
def test_jupyterlab_opens_the_front_page_of_this_course_for_this_computer_only(role: str) -> None:
    given = arguments(role, COURSE, {}, is_root=False)

    assert given[0] == "lab"
    assert setting(given, "ServerApp.root_dir") == str(COURSE)
    assert setting(given, "LabApp.default_url") == FRONT_PAGE
    assert setting(given, "ServerApp.ip") == "127.0.0.1"


def test_the_front_page_exists() -> None:
    assert (REPOSITORY / FRONT_PAGE.removeprefix("/lab/tree/")).exists()


@pytest.mark.parametrize("role", ROLES)
def test_the_token_is_left_on(role: str) -> None:
    given = " ".join(arguments(role, COURSE, {}, is_root=True)).lower()

    assert "token" not in given
    assert "password" not in given


@pytest.mark.parametrize(("role", "name"), [("lab", "LearnerContents"), ("teach", "AuthorContents")])
def test_each_role_has_its_own_rule_for_saving(role: str, name: str) -> None:
    module, _, found = setting(arguments(role, COURSE, {}, is_root=False), "ServerApp.contents_manager_class").rpartition(".")

    assert found == name
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize(("is_root", "expected"), [(True, True), (False, False)])
def test_root_is_allowed_only_where_it_is_root(is_root: bool, expected: bool) -> None:
    assert ("--allow-root" in arguments("lab", COURSE, {}, is_root)) == expected


@pytest.mark.parametrize(
    ("given", "platform", "opens"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", True),
        ({}, "darwin", True),
    ],
)
def test_a_browser_is_opened_where_there_is_a_display(
    monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str], platform: str, opens: bool
) -> None:
    monkeypatch.setattr(sys, "platform", platform)

    assert ("--no-browser" not in arguments("lab", COURSE, given, is_root=False)) == opens


class Become(Exception):
    """What `execve` would have started."""


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> None:
    def execve(program: str, given: list[str], settings: dict[str, str]) -> None:
        raise Become(program, given, settings)

    monkeypatch.setattr(os, "execve", execve)


def started(*given: str) -> tuple[Any, ...]:
    sys.argv[1:] = given
    with pytest.raises(Become) as caught:
        start.main()
    return caught.value.args


@pytest.mark.usefixtures("become")
@pytest.mark.parametrize("role", ROLES)
def test_it_becomes_this_pythons_jupyterlab_with_what_else_was_asked_for(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    monkeypatch.setattr(sys, "argv", ["start"])
    monkeypatch.chdir(REPOSITORY)

    program, given, settings = started(role, "--port=9000")

    assert Path(program) == Path(sys.executable).parent / "jupyter"
    assert (given[0], given[1], given[-1]) == (program, "lab", "--port=9000")
    assert setting(given, "ServerApp.root_dir") == str(REPOSITORY)
    assert setting(given, "ServerApp.contents_manager_class") == CONTENTS[role]
    assert Path(settings["JUPYTER_DATA_DIR"]).parent.name == role


@pytest.mark.usefixtures("become")
@pytest.mark.parametrize("given", [[], ["labs"], ["--port=1"]])
def test_a_wrong_call_is_told_how_to_be_made(monkeypatch: pytest.MonkeyPatch, given: list[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["start", *given])
    monkeypatch.chdir(REPOSITORY)

    with pytest.raises(SystemExit, match=r"usage: .*lab\|teach"):
        start.main()


@pytest.mark.usefixtures("become")
def test_a_folder_without_the_course_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["start", "lab"])
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit, match="no course"):
        start.main()
