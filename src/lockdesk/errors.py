"""What can go wrong, as values: each error says what was expected, what was found, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One thing an author has to mend: where it stands, and what is wrong with it.

    `where` reads from the outside in, as in ``notebooks/questions/04-triage.toml, question 'x', option 'y', why.zh``.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class LockdeskError(Exception):
    """The root of everything this package raises on purpose."""


class ContentError(LockdeskError):
    """Course content that cannot be used. Carries every fault found in the run, not the first one."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnknownQuestion(LockdeskError):
    """A notebook asks for a question id that no question file has."""

    def __init__(self, question_id: str, near: Iterable[str], looked_in: str) -> None:
        self.question_id = question_id
        self.near = tuple(near)
        self.looked_in = looked_in
        hint = f" Did you mean {', '.join(map(repr, self.near))}?" if self.near else ""
        super().__init__(f"There is no question {question_id!r} in {looked_in}.{hint}")


class NotSaved(LockdeskError):
    """An answer was not written. `reason` is the name of a sentence in `lockdesk.text.WORDS`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else reason)
