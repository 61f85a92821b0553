"""`python -m lockdesk.server.start lab|teach`: JupyterLab on the course in this folder, with all its own folders inside.

Further arguments go to JupyterLab. LOCKDESK_JUPYTER_HOME puts Jupyter's own folders elsewhere than in .jupyter.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

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
    course = Path.cwd()
    if not (course / FRONT_PAGE.removeprefix("/lab/tree/")).exists():
        sys.exit(f"{course} is no course folder: it has no notebooks/start.ipynb. Change to the course's folder and try again.")
    print("Locked Terminals is starting. Leave this window open while you learn; Ctrl+C ends it.", flush=True)
    print("终端锁机课程正在启动。学习期间请保持本窗口打开，按 Ctrl+C 结束。", flush=True)
    for name in ("work", "exchange"):  # the Assignment List looks into both
        (course / name).mkdir(exist_ok=True)
    settings = environment(role, course, os.environ)
    jupyter = str(Path(sys.executable).parent / "jupyter")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    os.execve(jupyter, [jupyter, *arguments(role, course, os.environ, is_root), *rest], settings)


if __name__ == "__main__":
    main()
