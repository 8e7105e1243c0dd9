"""Collects what books and trades of a stream bring, as Arrow tables of their datasets."""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.book import Applied, Gap, Sizes

PLACES = 1_000_000  # rows that one line may bring; a sequence is the line times this and its place
_TEXT, _ID, _SIZE, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_MOMENT = pa.timestamp("us", "UTC")
PLACE = {"venue": _TEXT, "pair": _TEXT}
IDS = PLACE | {"epoch": _TEXT, "update_id": _ID, "exchange_at": _MOMENT, "known_at": _MOMENT}
MESSAGE = IDS | {
    "is_snapshot": _FLAG, "best_bid": _SIZE, "best_ask": _SIZE,
    **dict.fromkeys(Sizes._fields, _SIZE),
}  # fmt: skip
CHANGE = {"book_side": _ID, "price": _SIZE, "size": _SIZE, "prev_size": _SIZE}
TOP = IDS | {
    "best_bid": _SIZE, "best_ask": _SIZE, "bid_size": _SIZE, "ask_size": _SIZE,
    "bid_size_5": _SIZE, "ask_size_5": _SIZE, "bid_size_10bps": _SIZE, "ask_size_10bps": _SIZE,
    "sequence": _ID,
}  # fmt: skip
TRADE = PLACE | {
    "trade_id": _ID, "is_aggregate": _FLAG, "traded_at": _MOMENT, "price": _SIZE, "size": _SIZE,
    "side": _ID, "known_at": _MOMENT, "sequence": _ID,
}  # fmt: skip
GAP = PLACE | {
    "channel": _TEXT, "began_at": _MOMENT, "ended_at": _MOMENT, "reason": _TEXT,
    "expected_id": _ID, "found_id": _ID, "n_dropped": _ID, "known_at": _MOMENT,
}  # fmt: skip


class Tape:
    """What came so far, column by column, as the datasets of books and trades have it."""

    def __init__(self) -> None:
        self.trades: list[tuple[Any, ...]] = []
        self.gaps: list[tuple[Any, ...]] = []
        self._told: set[tuple[object, ...]] = set()
        self._clear()

    def _clear(self) -> None:
        self.trades, self.gaps = [], []
        self._messages: list[tuple[Any, ...]] = []
        self._tops: list[tuple[Any, ...]] = []
        self._counts: list[int] = []
        self._changes: list[tuple[int, float, float, float]] = []
        self._order_ids: list[list[int] | None] = []
        self._sequences: list[int] = []
        self._last = (0, 0)

    def add_gap(self, place: tuple[str, str], gap: Gap, channel: str = "book") -> None:
        """Add a gap, once while it lasts and once when it is over."""
        key = (*place, channel, gap.began_at, gap.ended_at, gap.expected)
        if key in self._told:
            return
        self._told.add(key)
        known_at = gap.ended_at or gap.found_at
        said = (gap.reason, gap.expected, gap.found, gap.n_dropped)
        self.gaps.append((*place, channel, gap.began_at, gap.ended_at, *said, known_at))

    def add_book(self, place: tuple[str, str], applied: list[Applied], number: int) -> None:
        """Add what a book took; messages of one line keep their order."""
        line, offset = self._last
        offset = offset if line == number else 0
        for message, known_at, epoch, is_snapshot, changes, top, sizes, order_ids in applied:
            start = number * PLACES + offset
            offset += len(changes) + 1
            ids = (*place, epoch, message.last, message.exchange_at, known_at)
            best = top[:2] if top else (None, None)
            self._messages.append((*ids, is_snapshot, *best, *sizes))
            self._counts.append(len(changes))
            self._changes += changes
            self._order_ids.append(order_ids)
            self._sequences += range(start, start + len(changes))
            if top:
                self._tops.append((*ids, *top, start + len(changes)))
        self._last = (number, offset)

    def taken(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield what came since the last time, as tables in the order of the card."""
        held = {"feed_gaps": _table(GAP, self.gaps), "book_updates": self._updates()}
        held |= {"book_tops": _table(TOP, self._tops), "crypto_trades": _table(TRADE, self.trades)}
        self._clear()
        yield from ((name, table) for name, table in held.items() if len(table))

    def _updates(self) -> pa.Table:
        messages = _table(MESSAGE, self._messages)
        index = np.repeat(np.arange(len(self._counts)), self._counts)
        own = zip(CHANGE, np.array(self._changes, dtype=float).reshape(-1, 4).T, strict=True)
        columns = {name: pa.array(values).cast(CHANGE[name]) for name, values in own}
        columns |= {name: messages.column(name).take(pa.array(index)) for name in MESSAGE}
        columns["order_id"] = pa.array(self._ids())
        return pa.table(columns | {"sequence": pa.array(self._sequences, pa.int64())})

    def _ids(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the order of each change; that of a level is 0."""
        if not any(self._order_ids):
            return np.zeros(len(self._changes), dtype=np.int64)
        told = zip(self._order_ids, self._counts, strict=True)
        return np.array([n for ids, count in told for n in ids or repeat(0, count)], dtype=np.int64)


def _table(columns: dict[str, pa.DataType], rows: list[tuple[Any, ...]]) -> pa.Table:
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    named = zip(columns.items(), values, strict=True)
    return pa.table({name: pa.array(held, kind) for (name, kind), held in named})
