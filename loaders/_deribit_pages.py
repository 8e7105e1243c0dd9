"""Walks through Deribit's option trades of a stretch, page by page; none is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from leadline.clock import stamp
from leadline.errors import FeedError
from leadline.feed import Json, from_ms
from loaders._deribit import NAME

METHOD = "get_last_trades_by_currency_and_time"
PAGE = 1_000  # as many as an answer may hold
OVERLAP_MS = 1_000  # trades of one currency may be a little out of order


@dataclass
class Pages:
    """The trades of a currency between two moments in milliseconds: since is in, until is out."""

    currency: str
    since: int
    until: int
    _seen: set[str] = field(default_factory=set)
    _is_over: bool = False

    @property
    def query(self) -> Mapping[str, object]:
        """What to ask for the next page; empty after the last one."""
        if self._is_over:
            return {}
        return {
            "currency": self.currency,
            "kind": "option",
            "start_timestamp": self.since,
            "end_timestamp": self.until - 1,
            "count": PAGE,
            "sorting": "asc",
        }

    def take(self, page: Sequence[Json]) -> list[Json]:
        """Return what is new on a page; one without anything new is the last, has_more or not."""
        fresh = [trade for trade in page if trade["trade_id"] not in self._seen]
        self._seen.update(trade["trade_id"] for trade in fresh)
        self._is_over = not fresh
        if fresh:
            newest = max(trade["timestamp"] for trade in page)
            again = newest - OVERLAP_MS
            self.since = again if again > self.since else newest
        elif len(page) >= PAGE:
            raise FeedError(
                f"{NAME}: {self.currency} has more than {PAGE:,} trades at "
                f"{stamp(from_ms(self.since))}, which no pages tell apart; mend the loader"
            )
        return fresh
