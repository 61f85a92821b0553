"""`lockdesk pack`: what learners get. Lessons, released assignments and the package; nothing of the instructor's side."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from ..errors import ContentError, Fault
from ..place import LOG
from ..published import FILE, encode, publish
from .assess import key_of

_LESSONS = ("start.ipynb", "en", "zh", "questions", "cases", "tasks", "pictures")
_PICTURES = (".svg", ".png")
_PLAIN = ("requirements.lock", "LICENSE", "LICENSE-CONTENT")


def pack(course: Path, to: Path) -> list[Path]:
    """Write the learners' folder `to` and name its files.

    Raises:
        ContentError: `to` is not empty, or a released assignment is not what source/ says now.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ContentError([Fault(str(to), "is not empty. Name a new folder, or empty this one.")])
    assignments = [path for path in sorted((course / "release").glob("*")) if path.is_dir()]
    _refuse_stale(course, assignments)
    to.mkdir(parents=True, exist_ok=True)
    leave = shutil.ignore_patterns(f"{LOG}*", ".ipynb_checkpoints")
    for name in _LESSONS:
        if (course / "notebooks" / name).is_dir():
            shutil.copytree(course / "notebooks" / name, to / "notebooks" / name, ignore=leave)
        elif (course / "notebooks" / name).exists():
            (to / "notebooks").mkdir(exist_ok=True)
            shutil.copyfile(course / "notebooks" / name, to / "notebooks" / name)
    for path in assignments:  # in work/: what lies in a folder called release/ is only looked at
        for file in path.rglob("*"):
            if file.name in (f"{path.name}.ipynb", FILE) or file.suffix in _PICTURES:
                target = to / "work" / file.relative_to(path.parent)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
    shutil.copytree(course / "labconfig" / "learner", to / "labconfig" / "learner")
    shutil.copyfile(course / "labconfig" / "default_setting_overrides.json", to / "labconfig" / "default_setting_overrides.json")
    for name in _PLAIN:
        shutil.copyfile(course / name, to / name)
    for resource in (one for one in files("lockdesk.grading").joinpath("kit_files").iterdir() if one.is_file()):
        (to / resource.name).write_bytes(resource.read_bytes())
    _wheel(course, to)
    return sorted(path for path in to.rglob("*") if path.is_file())


def _refuse_stale(course: Path, assignments: list[Path]) -> None:
    faults = []
    for path in assignments:
        published = path / FILE
        if not published.is_file() or published.read_bytes() != encode(publish(path.name, key_of(course, path.name))):
            faults.append(Fault(f"release/{path.name}", f"is not what source/{path.name}/ says now. Build it with `make release`."))
    if faults:
        raise ContentError(faults)


def _wheel(course: Path, to: Path) -> None:
    """Build the package with its data files.

    Raises:
        ContentError: it could not be built; carries what was said.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to.resolve())]
    run = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)  # noqa: S603 (our own package)
    if run.returncode:
        raise ContentError([Fault("the package", f"could not be built.\n{run.stdout}{run.stderr}")])
