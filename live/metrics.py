"""How long each stage of the live process took, minute by minute, for ops.latency."""

import logging
import os
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from leadline import clock
from leadline.errors import LeadlineError
from leadline.publication import Publication
from leadline.store import Store

FEED = "live"
DATASET = "latencies"
STAGES = ("received", "stored", "evaluated", "ruled", "notified")
BOUNDS_MS = (1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000)
_MOST = 24 * 60  # minutes that are held for a store that can't be written to

_log = logging.getLogger("leadline.live")


@dataclass
class _Minute:
    """What passed one stage in one minute; each place counts the first bound that holds it."""

    n: int = 0
    sum_ms: float = 0
    max_ms: float = 0
    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_MS) + 1))


class Latency:
    """Counts in memory, from any thread; whole minutes go to the store when it is flushed."""

    def __init__(self, now: Callable[[], datetime] = clock.now) -> None:
        self._now, self._lock = now, Lock()
        self._run = f"{clock.stamp(now())} {os.getpid()}"
        self._minutes: dict[tuple[datetime, str], _Minute] = {}
        self._n_flushes = 0

    def observe(self, stage: str, seconds: float) -> None:
        """Count one that passed a stage; a stage of another name is a KeyError."""
        if stage not in STAGES:
            raise KeyError(f"'{stage}' is none of {', '.join(STAGES)}")
        took = max(0.0, seconds) * 1_000
        at = self._now().replace(second=0, microsecond=0)
        with self._lock:
            minute = self._minutes.setdefault((at, stage), _Minute())
            minute.n += 1
            minute.sum_ms += took
            minute.max_ms = max(minute.max_ms, took)
            minute.counts[bisect_left(BOUNDS_MS, took)] += 1

    def flush(self, store: Store, *, is_last: bool = False) -> None:
        """Append the minutes that are over, at the end all; what can't be is kept for later."""
        now = self._now().replace(second=0, microsecond=0)
        with self._lock:
            over = {key: each for key, each in self._minutes.items() if is_last or key[0] < now}
        if not over:
            return
        rows = [self._row(*key, minute) for key, minute in sorted(over.items(), key=_by_key)]
        coverage = f"{self._run} {self._n_flushes}"
        try:
            store.load(Publication(FEED, coverage, (DATASET,), [(DATASET, rows)], "live"))
        except LeadlineError as error:
            _log.warning("latencies left for later n=%d reason=%s", len(rows), error)
            with self._lock:
                for key in sorted(self._minutes)[: -_MOST * len(STAGES)]:
                    del self._minutes[key]
            return
        self._n_flushes += 1
        with self._lock:
            for key in over:
                del self._minutes[key]

    def _row(self, at: datetime, stage: str, minute: _Minute) -> dict[str, Any]:
        within, counts = 0, {}
        for bound, n in zip(BOUNDS_MS, minute.counts, strict=False):
            within += n
            counts[f"n_{bound}ms"] = within
        return {
            "run": self._run, "stage": stage, "minute_at": at, "known_at": at, "n": minute.n,
            "sum_ms": minute.sum_ms, "max_ms": minute.max_ms, **counts,
        }  # fmt: skip


def _by_key(item: tuple[tuple[datetime, str], _Minute]) -> tuple[datetime, str]:
    return item[0]
