"""nbgrader's own commands, run in this process: the same code and configuration as on the command line, without a start each time."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import msgspec


class Run(msgspec.Struct, frozen=True):
    """How a command ended, and all that it said."""

    exit_code: int
    said: str


def nbgrader(course: Path, *arguments: str) -> Run:
    """Run `nbgrader ARGUMENTS` in the course's folder and wait for its end. Never raises for what the command does."""
    from nbgrader.apps.nbgraderapp import NbGraderApp  # takes a second to load
    from traitlets.config import Application

    said = StringIO()
    with _working_in(course), redirect_stdout(said), redirect_stderr(said), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are about nbgrader's own code, and nobody reads them here
        try:
            NbGraderApp.launch_instance(list(arguments))
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception:  # on the command line it would end with what it says
            code = 1
            said.write(traceback.format_exc())
        finally:
            if app := Application._instance:  # by now the subcommand; it would keep its course and options for the next one
                app.close_handlers()
                type(app).clear_instance()
    return Run(code, said.getvalue())


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Work in `folder`, with this environment's commands first on the path: nbgrader calls one of them by name."""
    before, path = Path.cwd(), os.environ.get("PATH", "")
    os.chdir(folder)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        yield
    finally:
        os.environ["PATH"] = path
        os.chdir(before)
