"""Where the Assignment List finds your course. LOCKDESK_EXCHANGE names the folder that your instructor shares, if there is one."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent

c = get_config()  # noqa: F821  (Jupyter provides it)
c.CourseDirectory.course_id = "locked-terminals"
c.Exchange.root = os.environ.get("LOCKDESK_EXCHANGE") or str(ROOT / "exchange")
c.Exchange.cache = str(ROOT / ".jupyter" / "nbgrader-cache")
c.Exchange.assignment_dir = str(ROOT / "work")
