"""How fast a source is asked, and when not at all; kept by all processes that share a folder."""

import sqlite3
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Self

from pyrate_limiter import Limiter, Rate, SingleBucketFactory, SQLiteBucket

from leadline import clock


class _Turns(sqlite3.Connection):
    def __enter__(self) -> Self:  # a bucket counts and adds in two statements; this is its lock
        self.execute("begin immediate")
        return self


class Rest(NamedTuple):
    """Until when a source is left alone, and the words by which it asked for that."""

    until: datetime
    said: str


class Pace:
    """Turns to ask a source, evenly spaced and never in a burst."""

    def __init__(self, folder: Path, per_second: float) -> None:
        """Keep the turns of every source in one file of a folder that is there."""
        self._file = str(folder / "pace.sqlite")
        self._rates = [Rate(1, max(1, round(1_000 / per_second)))]
        self._limiters: dict[str, Limiter] = {}
        self._open = ExitStack()
        self._rests = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None)
        self._open.callback(self._rests.close)
        self._rests.execute(
            "create table if not exists rests (source text primary key, until_s real, said text)"
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._open.close()

    def take_turn(self, source: str, patience_s: float) -> bool:
        """Wait for the next turn at a source; say whether it came within the patience."""
        if source not in self._limiters:
            self._limiters[source] = self._limiter(source)
        return bool(self._limiters[source].try_acquire(source, timeout=patience_s))

    def leave_alone(self, source: str, rest: Rest) -> None:
        """Let nobody ask a source until then; a longer rest stays."""
        self._rests.execute(
            "insert into rests values (?, ?, ?) on conflict (source) do update "
            "set until_s = excluded.until_s, said = excluded.said where until_s < excluded.until_s",
            (source, rest.until.timestamp(), rest.said),
        )

    def rest(self, source: str) -> Rest | None:
        """Return the rest that a source is having, if it has one."""
        found = self._rests.execute(
            "select until_s, said from rests where source = ? and until_s > ?",
            (source, clock.now().timestamp()),
        ).fetchone()
        return Rest(datetime.fromtimestamp(found[0], UTC), found[1]) if found else None

    def _limiter(self, source: str) -> Limiter:
        SQLiteBucket.init_from_file(self._rates, source, self._file).conn.close()  # makes the table
        turns = sqlite3.connect(self._file, check_same_thread=False, factory=_Turns)
        self._open.callback(turns.close)
        bucket = SQLiteBucket(self._rates, turns, source, lock=turns)
        hour_ago = clock.now() - timedelta(hours=1)  # others may keep a slower pace
        bucket.leak(int(hour_ago.timestamp() * 1_000))
        # The library's own cleaner is a thread that outlives its bucket.
        return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=1)
