from __future__ import annotations

import re
from pathlib import Path

import pytest

from builders import REPOSITORY
from lockdesk.doctrine import doctrine
from lockdesk.errors import ContentError
from lockdesk.lookup import found, read_lookup

DATA = (REPOSITORY / "notebooks/lookup.toml").read_text("utf-8")
STRANGE = 'name.en = "Not known yet"'


def read_with(folder: Path, old: str, new: str) -> None:
    assert DATA.count(old) >= 1
    (folder / "lookup.toml").write_text(DATA.replace(old, new, 1), "utf-8")
    read_lookup(folder / "lookup.toml", doctrine())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('class = "L9"', 'class = "L8"', "L9 stands 0 times"),
        ('class = "L9"', 'class = "L8"', "L8 stands 2 times"),
        ('class = "L9"', 'class = "L77"', "'L77' is no class of the doctrine"),
        ('class = "L9"\n', "", "has no class; wanted: name, sign, decides, options"),
        ('class = "L9"\n', 'class = "L9"\noptions = ["R0"]\n', "has a class and options of its own"),
        ('options = ["R7"]', 'options = ["R9"]', "R9: no option of the doctrine"),
        ('id = "moved"', 'id = "state"', "step 'state': stands 2 times"),
        ('id = "moved"', 'nid = "moved"', "nid"),
        (STRANGE, 'name.en = ""', "name.en"),
    ],
)
def test_what_does_not_fit_is_a_fault(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ContentError, match=re.escape(said)):
        read_with(tmp_path, old, new)


def test_with_a_class_a_row_says_what_the_doctrine_says() -> None:
    rows = [row for step in read_lookup(REPOSITORY / "notebooks/lookup.toml", doctrine()).steps for row in step.rows]
    lock = next(one for one in doctrine().classes if one.mark == "L9")

    what = found(next(row for row in rows if row.lock == "L9"), doctrine())

    assert (what.mark, what.name, what.sign, what.decides, what.options) == ("L9", lock.name, lock.sign, lock.authority, lock.options)


def test_without_a_class_a_row_says_its_own() -> None:
    rows = [row for step in read_lookup(REPOSITORY / "notebooks/lookup.toml", doctrine()).steps for row in step.rows]
    last = rows[-1]

    assert last.lock == ""
    assert found(last, doctrine()).name == last.name
