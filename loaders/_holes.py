"""What is missing where a source numbers its trades: a number that was left out is a hole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from leadline.feed import Row


@dataclass(eq=False)
class Hole:
    """Trades of one contract that did not come, between two that did."""

    contract: str
    group: str  # that it is fetched with
    reason: str
    began_at: datetime
    ended_at: datetime
    left: set[int]

    def gap(self, venue: str, known_at: datetime) -> Row:
        """Return it as a row of feed_gaps."""
        return {
            "venue": venue,
            "pair": self.contract,
            "channel": "trades",
            "began_at": self.began_at,
            "ended_at": self.ended_at,
            "reason": self.reason,
            "expected_id": min(self.left),
            "found_id": max(self.left) + 1,
            "n_dropped": 0,
            "known_at": known_at,
        }


class Counted:
    """The numbers of every contract's trades so far; each rises by one, and begins anywhere."""

    def __init__(self) -> None:
        self.holes: list[Hole] = []
        self._last: dict[str, tuple[int, datetime]] = {}

    def take(self, rows: Iterable[Row], at: datetime, group: str, reason: str) -> None:
        """Count trades that came at a moment; they open holes and fill them."""
        for row in rows:
            contract, number = row["contract"], row["sequence"]
            last, before = self._last.get(contract, (number, at))
            if number > last + 1:
                missing = set(range(last + 1, number))
                self.holes.append(Hole(contract, group, reason, before, at, missing))
            if number >= last:
                self._last[contract] = (number, at)
            else:
                self._fill(contract, number)

    def close(self, hole: Hole) -> None:
        """Wait for a hole's trades no longer."""
        self.holes = [other for other in self.holes if other is not hole]

    def _fill(self, contract: str, number: int) -> None:
        for hole in self.holes:
            if hole.contract == contract:
                hole.left.discard(number)
        self.holes = [hole for hole in self.holes if hole.left]
