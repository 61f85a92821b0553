"""The record of one question: what was answered before, and whether what is answered now was saved. In words, in either language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ..answers import WARN_AT, AnswerLog, Entry, latest
from ..errors import NotSaved
from ..questions import MAX_WRITTEN
from ..text import Lang, word


class Record:
    """`log` is None where nothing may be recorded. `now` gives the time, with its zone."""

    def __init__(self, question_id: str, edition: str, variant: str, log: AnswerLog | None, now: Callable[[], datetime]) -> None:
        self._question_id = question_id
        self._edition = edition
        self.variant = variant
        self._log = log
        self._now = now
        self.attempts = 0
        self.state = ""
        self._said: tuple[tuple[str, dict[str, object]], ...] = ()
        if log is None:
            self._say("preview", "preview")

    def restore(self, is_usable: Callable[[Entry], bool]) -> Entry | None:
        """The last entry if it is usable; what no longer fits the question is left in the log and not shown."""
        entries = self._entries()
        if entries is None:
            return None
        last = latest(entries, self._question_id)
        self.attempts = max((entry.attempt for entry in entries), default=0)
        if last is None:
            return None
        usable = last.edition == self._edition and is_usable(last)
        self._say("restored" if usable else "older", "restored" if usable else "restored-older", time=self._spoken_stamp(last.at))
        return last if usable else None

    def history(self) -> list[tuple[str, object]]:
        """Every answer to this edition of the question, with its variant, in the order given; for what is recorded act by act."""
        entries = self._entries() or []
        self.attempts = max((entry.attempt for entry in entries), default=0)
        ours = [entry for entry in entries if entry.edition == self._edition]
        if entries:
            state, name = ("restored", "left-at") if ours else ("older", "restored-older")
            self._say(state, name, time=self._spoken_stamp(entries[-1].at))
        return [(entry.variant, entry.answer) for entry in ours]

    def restore_all(self, is_usable: Callable[[Entry], bool], known: int) -> list[Entry] | None:
        """Every usable entry in order, for what is recorded step by step; None unless there are more or fewer of them than `known`."""
        entries = self._entries()
        if entries is None:
            return None
        usable = [entry for entry in entries if entry.edition == self._edition and entry.variant == self.variant and is_usable(entry)]
        if entries and not usable:
            self._say("older", "restored-older", time=self._spoken_stamp(entries[-1].at))
        if len(usable) == known:
            return None
        if usable:
            self._say("restored", "left-at", time=self._spoken_stamp(usable[-1].at))
        return usable

    def _entries(self) -> list[Entry] | None:
        """What the log holds for this question; None where there is no log, or it cannot be read, which is said."""
        if self._log is None:
            return None
        try:
            return [entry for entry in self._log.read().entries if entry.q == self._question_id]
        except NotSaved as refusal:
            self._refuse(refusal)
            return None

    def write(self, answer: object, lang: Lang, attempt: int = 0) -> bool:
        """Whether `answer` was written to the log and is on disk. Either way it counts as an attempt, or belongs to `attempt`."""
        self.attempts = attempt or self.attempts + 1
        if self._log is None:
            return False
        now = self._now()
        at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        entry = Entry(1, at, self._question_id, self._edition, self.variant, self.attempts, lang, answer)
        try:
            self._log.append(entry)
        except NotSaved as refusal:
            self._refuse(refusal)
            return False
        self._say("saved", "saved", time=self._spoken_time(now))
        if self._log.fullness >= WARN_AT:
            self._said += (("log-nearly-full", {"percent": int(self._log.fullness * 100)}),)
        return True

    @property
    def is_saved(self) -> bool:
        """Whether what is shown is what the log holds."""
        return self.state in ("saved", "restored")

    def say(self, name: str) -> None:
        """Say something else about what has just been saved; the time is filled in."""
        self._say(self.state, name, time=self._spoken_time(self._now()))

    def view(self, lang: Lang) -> dict[str, str]:
        """How saving went: its state, and the same in words."""
        return {"state": self.state, "text": " ".join(word(name, lang, **values) for name, values in self._said)}

    def _say(self, state: str, name: str, **values: object) -> None:
        self.state = state
        self._said = ((name, values),)

    def _refuse(self, refusal: NotSaved) -> None:
        self._say("failed", refusal.reason, detail=refusal.detail, max=MAX_WRITTEN)

    def _spoken_stamp(self, at: str) -> str:
        """A recorded time as the learner's clock says it; as it stands where it is no time."""
        try:
            return self._spoken_time(datetime.fromisoformat(at))
        except (ValueError, OverflowError):
            return at

    def _spoken_time(self, when: datetime) -> str:
        now = self._now()
        local = when.astimezone(now.tzinfo)
        return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")
