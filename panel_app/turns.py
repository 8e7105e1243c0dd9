"""Turns of many who ask, each at a pace of his own; nobody's pace is kept for ever."""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from pyrate_limiter import Rate, RateItem, StateBucket

MOST = 4_096  # of whom the pace is known at once; a bucket takes about a kilobyte


class Turns:
    """So many turns in a stretch of time, by name; who was quiet for longest is forgotten first."""

    def __init__(
        self, n: int, seconds: float, most: int = MOST, now_ms: Callable[[], int] | None = None
    ) -> None:
        self._rates, self._most, self._now_ms = [Rate(n, int(seconds * 1_000))], most, now_ms
        self._buckets: OrderedDict[str, StateBucket] = OrderedDict()

    def take(self, name: str) -> int:
        """Take a turn and return 0, or return after how many seconds there is one again."""
        bucket = self._buckets.pop(name, None) or StateBucket(self._rates)
        self._buckets[name] = bucket
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        now = self._now_ms() if self._now_ms else bucket.now()
        said = bucket.put_decision(RateItem(name, int(now)))
        return 0 if said.allowed else max(1, ceil((said.retry_after_ms or 0) / 1_000))  # type: ignore[union-attr]

    def forget(self, name: str) -> None:
        """Give somebody all his turns back."""
        self._buckets.pop(name, None)

    def __len__(self) -> int:
        return len(self._buckets)
