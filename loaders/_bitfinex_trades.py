"""Bitfinex's trades of each pair, each told once, however often and by which message it comes."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from leadline.book import Gap
from loaders._bitfinex import VENUE, amount_of, price_of
from loaders._capture import trade as row_of

_KEPT = 1_000  # trades that are known again; a snapshot brings far fewer

Trade = tuple[Any, ...]


@dataclass
class Pair:
    """What was told of one pair, and what may be missing of it."""

    known: dict[int, Trade] = field(default_factory=dict)
    newest: int = 0
    gap: Gap | None = None
    newest_before: int = 0  # the gap


class Trades:
    """The trades of every pair that is heard."""

    def __init__(self) -> None:
        self._pairs: dict[str, Pair] = defaultdict(Pair)
        self.ended: deque[tuple[str, Gap]] = deque()

    def begin(
        self, pair: str, entries: Sequence[Sequence[str]], at: int, number: int
    ) -> list[Trade]:
        """Take a snapshot, newest first: the trades that went before, so a gap if none is known.

        What went on while nobody listened is known since it was traded, as everybody could.
        """
        found = self._pairs[pair]
        told = [_read(entry) for entry in reversed(entries)]
        before = found.newest_before
        reaches_back = not before or any(trade[0] <= before for trade in told)
        if found.gap and not reaches_back:
            found.gap.ended_at = at
            self.ended.append((pair, found.gap))
        found.gap = None
        return [
            row
            for place, trade in enumerate(told)
            for row in self._take(found, pair, trade, min(trade[1], at), number, place)
        ]

    def take(self, pair: str, entry: Sequence[str], at: int, number: int) -> list[Trade]:
        """Take a trade as it happened, or as it is confirmed; a repeat tells nothing."""
        return self._take(self._pairs[pair], pair, _read(entry), at, number)

    def lose(self, pairs: Sequence[str], gap: Gap) -> None:
        """Take the trades of some pairs for missing, from a moment on or between two."""
        for pair in pairs:
            found = self._pairs[pair]
            if found.gap:
                found.gap.ended_at = gap.ended_at
            else:
                found.gap, found.newest_before = replace(gap), found.newest

    def lasting(self) -> list[tuple[str, Gap]]:
        """Return the gaps that no snapshot has closed."""
        return [(pair, found.gap) for pair, found in self._pairs.items() if found.gap]

    def _take(
        self, found: Pair, pair: str, trade: Trade, known_at: int, number: int, place: int = 0
    ) -> list[Trade]:
        trade_id, traded_at, amount, price = trade
        if found.known.get(trade_id) == trade:
            return []
        found.known[trade_id] = trade
        found.newest = max(found.newest, trade_id)
        if len(found.known) > 2 * _KEPT:
            for old in list(islice(found.known, _KEPT)):
                del found.known[old]
        side = 1 if amount > 0 else -1
        told = (trade_id, traded_at, price, abs(amount), side)
        return [row_of((VENUE, pair), *told, known_at, number, place)]


def _read(entry: Sequence[str]) -> Trade:
    trade_id, traded_ms, amount, price = entry[:4]
    return int(trade_id), int(traded_ms) * 1_000, amount_of(amount), price_of(price)
