"""Notices that nobody took yet, and when each is tried next, as rows say: no kill forgets one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from leadline.errors import NoticeError
from live.channel import Channel

Row = Mapping[str, Any]

# Short at first, for a receiver that restarts; then over half a night, for one that is repaired.
_WAITS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1_800, 3_600, 10_800))
_REST = timedelta(minutes=1)  # of a channel whose receiver is down, so that others' turn comes


@dataclass(frozen=True)
class Letter:
    """A notice on its way, and how often it was tried."""

    notice_id: str
    channel: str
    action_ids: Sequence[str]
    subject: str
    rule: str | None
    queued_at: datetime
    attempt: int
    due_at: datetime

    def step(self, outcome: str, at: datetime, **said: Any) -> dict[str, Any]:
        """Return what happened to it, as a row."""
        return {
            "notice_id": self.notice_id, "channel": self.channel, "attempt": self.attempt + 1,
            "outcome": outcome, "tried_at": at, "known_at": at, "rule": self.rule, **said,
        }  # fmt: skip

    def sent(self, at: datetime, duration_ms: int, said: str | None) -> dict[str, Any]:
        """Return that it was taken."""
        return self.step("sent", at, duration_ms=duration_ms, reason=said)

    def missed(
        self, at: datetime, duration_ms: int, error: NoticeError, tries: int
    ) -> dict[str, Any]:
        """Return that it was not: when it is tried again, or that it is dead."""
        said = {"duration_ms": duration_ms, "reason": str(error)}
        if error.is_final or self.attempt + 1 >= tries:
            return self.step("dead", at, **said)
        wait = _WAITS[min(self.attempt, len(_WAITS) - 1)]
        spread = 1 + crc32(self.notice_id.encode()) % 100 / 1_000  # not all at one moment
        due_at = at + max(wait * spread, error.wait or timedelta())
        return self.step("failed", at, due_at=due_at, **said)


@dataclass
class Letters:
    """Those of these channels that nobody took yet."""

    channels: Mapping[str, Channel]
    _open: dict[str, Letter] = field(default_factory=dict)
    _queued: dict[str, datetime] = field(default_factory=dict)  # when each was composed
    _rests: dict[str, datetime] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Letter]:
        return iter(self._open.values())

    def hear(self, row: Row) -> Letter | None:
        """Take in a step; return the letter that it ends."""
        notice_id, channel, at = row["notice_id"], row["channel"], row["tried_at"]
        if row["outcome"] == "queued":
            composed = self._queued.setdefault(notice_id, at)
            self._open[notice_id] = Letter(
                notice_id, channel, tuple(row["action_ids"] or ()), row["subject"] or "",
                row["rule"], composed, row["attempt"], row["due_at"] or at,
            )  # fmt: skip
            return None
        letter = self._open.get(notice_id)
        if row["outcome"] == "failed" and letter:
            due_at = row["due_at"] or at
            values = {**vars(letter), "attempt": row["attempt"], "due_at": due_at}
            self._open[notice_id] = Letter(**values)
            self._rests[channel] = min(due_at, at + _REST)
        elif row["outcome"] in ("sent", "dead"):
            self._rests.pop(channel, None)
            return self._open.pop(notice_id, None)
        return None

    def rest(self, channel: str, until: datetime) -> None:
        """Leave a channel alone that asks for it."""
        self._rests[channel] = max(until, self._rests.get(channel, until))

    def queued_at(self, notice_id: str) -> datetime | None:
        """Return when a notice was composed."""
        return self._queued.get(notice_id)

    def due(self, now: datetime) -> dict[str, list[Letter]]:
        """Return what is to be tried now, by channel, the oldest first."""
        found: dict[str, list[Letter]] = {}
        for letter in sorted(self._open.values(), key=lambda letter: letter.queued_at):
            rest = self._rests.get(letter.channel)
            if letter.due_at <= now and not (rest and rest > now):
                found.setdefault(letter.channel, []).append(letter)
        return found
