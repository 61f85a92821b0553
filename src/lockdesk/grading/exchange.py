"""Our two ends of nbgrader's exchange: collecting takes in nothing but answers, releasing refuses to hand out somebody's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment

from ..errors import LockdeskError
from .assess import key_of, printable
from .submission import prepare, take_in

_LEARNER: Final = re.compile(r"\w[\w.@' -]{0,99}")
_TIME: Final = "%Y-%m-%d %H:%M:%S.%f UTC"


class CollectAnswers(ExchangeCollect):  # type: ignore[misc]  # nbgrader carries no types
    """Collect answer records and nothing else; a submission nobody can use is taken in as a blank one, with the reason."""

    def init_src(self) -> None:
        """Find the newest submission of each learner; a folder whose name is no submission's is named and left alone."""
        self._taking: dict[str, dict[str, Any]] = {}
        super().init_src()
        self.src_records: list[dict[str, Any]] = [record for record in vars(self)["src_records"] if record["username"]]
        self._taking = {str(Path(self.inbound_path) / record["filename"]): record for record in self.src_records}

    def _path_to_record(self, path: str) -> dict[str, Any]:
        try:
            record: dict[str, Any] = super()._path_to_record(path)
            if _LEARNER.fullmatch(record["username"]):
                return record
        except (ExchangeError, ValueError, OverflowError, TypeError):
            pass
        self.log.warning("Left in the exchange, for its name is no submission's: %s", printable(Path(path).name))
        return {"username": "", "filename": Path(path).name, "timestamp": _never()}

    def copy_files(self) -> None:
        """Take in every submission. nbgrader alone would stop at a broken time, and at a link to nowhere, whose owner it asks for."""
        for record in self.src_records:
            there = self.coursedir.format_path(self.coursedir.submitted_directory, record["username"], self.coursedir.assignment_id)
            prepare(Path(there), self._release())
        there_is = {record["filename"]: (Path(self.inbound_path) / record["filename"]).exists() for record in self.src_records}
        nowhere = [record for record in self.src_records if not there_is[record["filename"]]]
        self.src_records = [record for record in self.src_records if there_is[record["filename"]]]
        super().copy_files()
        if nowhere:
            self.src_records, self.check_owner = nowhere, False
            super().copy_files()

    def _release(self) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.release_directory, ".", self.coursedir.assignment_id))

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Take in one submission."""
        take_in(Path(src), Path(dest), self._release())
        stamp = self._taking[src]["timestamp"].strftime(_TIME)  # what the folder is called, whatever the file in it says
        (Path(dest) / "timestamp.txt").write_text(stamp, encoding="utf-8")


class ReleaseWithoutAnswers(ExchangeReleaseAssignment):  # type: ignore[misc]
    """Refuse to release while somebody's answers lie in source/ or release/."""

    def init_src(self) -> None:
        """Find the assignment to release.

        Raises:
            ExchangeError: answers lie beside it, or its key cannot be used.
        """
        try:
            key_of(Path(self.coursedir.root), self.coursedir.assignment_id)
        except LockdeskError as error:
            self.fail(str(error))
        super().init_src()


def _never() -> Any:
    from datetime import datetime

    return datetime(1970, 1, 1)
