"""nbgrader's settings for this course. Paths follow from where this file stands; none is written down."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent

c = get_config()  # noqa: F821  (Jupyter provides it)
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "locked-terminals"
c.Exchange.root = str(ROOT / "exchange")
c.Exchange.cache = str(ROOT / ".jupyter" / "nbgrader-cache")
