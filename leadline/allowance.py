"""How much a source lets itself be asked: a burst at once, then so much a minute and no more."""

from collections.abc import Callable
from time import monotonic


class Allowance:
    """What is taken out of it comes back evenly; no minute gives more than its rate and a burst."""

    def __init__(
        self, per_minute: float, burst: float, now: Callable[[], float] = monotonic
    ) -> None:
        self._per_s, self._burst, self._now = per_minute / 60, burst, now
        self._owed, self._seen_at = 0.0, now()

    def wait_s(self, cost: float = 1) -> float:
        """Take what something costs, and return how long to wait before it is done."""
        now = self._now()
        self._owed = max(0.0, self._owed - (now - self._seen_at) * self._per_s) + cost
        self._seen_at = now
        return max(0.0, (self._owed - self._burst) / self._per_s)
