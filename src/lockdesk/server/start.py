"""`python -m lockdesk.server.start lab|teach`: JupyterLab on this course, with all its folders inside the course.

Further arguments go to JupyterLab. LOCKDESK_JUPYTER_HOME puts Jupyter's own folders elsewhere than in .jupyter.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

COURSE = Path(__file__).resolve().parents[3]
FRONT_PAGE = "/lab/tree/notebooks/start.ipynb"
CONTENTS = {"lab": "lockdesk.server.contents.LearnerContents", "teach": "lockdesk.server.contents.AuthorContents"}


def environment(role: str, course: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of JupyterLab for `role` ("lab" or "teach"): the person's own Jupyter folders are neither read nor written."""
    home = Path(given.get("LOCKDESK_JUPYTER_HOME") or course / ".jupyter") / role
    desk = course / "labconfig" / {"lab": "learner", "teach": "author"}[role]
    return dict(given) | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(desk), str(course)]),
        "JUPYTER_PATH": str(course / "share" / "jupyter"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), given.get("PATH", "")]),
    }


def arguments(role: str, course: Path, given: Mapping[str, str], is_root: bool) -> list[str]:
    """The arguments of `jupyter lab`: on 127.0.0.1, with a token, on the front page, no browser where there is no display."""
    has_display = sys.platform == "darwin" or any(given.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
    return [
        "lab",
        f"--ServerApp.root_dir={course}",
        f"--LabApp.default_url={FRONT_PAGE}",
        f"--ServerApp.contents_manager_class={CONTENTS[role]}",
        "--ServerApp.ip=127.0.0.1",
        "--Application.log_level=WARN",
        *([] if has_display else ["--no-browser"]),
        *(["--allow-root"] if is_root else []),
    ]


def main() -> None:
    """Become JupyterLab."""
    if len(sys.argv) < 2 or sys.argv[1] not in CONTENTS:
        sys.exit(f"usage: python -m lockdesk.server.start {'|'.join(CONTENTS)} [JUPYTERLAB ARGUMENTS]")
    role, rest = sys.argv[1], sys.argv[2:]
    settings = environment(role, COURSE, os.environ)
    jupyter = str(Path(sys.executable).parent / "jupyter")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    os.execve(jupyter, [jupyter, *arguments(role, COURSE, os.environ, is_root), *rest], settings)


if __name__ == "__main__":
    main()
