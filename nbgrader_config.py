"""nbgrader's settings for this course. Paths follow from where this file stands; none is written down."""

from pathlib import Path

from lockdesk.grading.configuration import configure

configure(get_config(), Path(__file__).resolve().parent)  # noqa: F821  (Jupyter provides it)
