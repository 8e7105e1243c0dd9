"""How fast a host is asked: one pace a host, kept by all processes that share a folder."""

import sqlite3
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Self

from pyrate_limiter import Limiter, Rate, SingleBucketFactory, SQLiteBucket

from leadline import clock


class _Turns(sqlite3.Connection):
    def __enter__(self) -> Self:  # a bucket counts and adds in two statements; this is its lock
        self.execute("begin immediate")
        return self


class Pace:
    """Turns to ask a host, evenly spaced and never in a burst."""

    def __init__(self, folder: Path, per_second: float) -> None:
        """Keep the turns of every host in one file of a folder that is there."""
        self._file = str(folder / "pace.sqlite")
        self._rates = [Rate(1, max(1, round(1_000 / per_second)))]
        self._limiters: dict[str, Limiter] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._open.close()

    def take_turn(self, host: str, patience_s: float) -> bool:
        """Wait for the next turn at a host; say whether it came within the patience."""
        if host not in self._limiters:
            self._limiters[host] = self._limiter(host)
        return bool(self._limiters[host].try_acquire(host, timeout=patience_s))

    def _limiter(self, host: str) -> Limiter:
        SQLiteBucket.init_from_file(self._rates, host, self._file).conn.close()  # makes the table
        turns = sqlite3.connect(self._file, check_same_thread=False, factory=_Turns)
        self._open.callback(turns.close)
        bucket = SQLiteBucket(self._rates, turns, host, lock=turns)
        hour_ago = clock.now() - timedelta(hours=1)  # others may keep a slower pace
        bucket.leak(int(hour_ago.timestamp() * 1_000))
        # The library's own cleaner is a thread that outlives its bucket.
        return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=1)
