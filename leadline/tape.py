"""Collects what books and trades of a stream bring, as Arrow tables of their datasets."""

from array import array
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.book import Applied, Gap, Sizes, Top

PLACES = 1_000_000  # rows that one line may bring; a sequence is the line times this and its place
_TEXT, _ID, _SIZE, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_MOMENT = pa.timestamp("us", "UTC")
PLACE = {"venue": _TEXT, "pair": _TEXT}
IDS = PLACE | {"epoch": _TEXT, "update_id": _ID, "exchange_at": _MOMENT, "known_at": _MOMENT}
CHANGE = {"book_side": _ID, "price": _SIZE, "size": _SIZE, "prev_size": _SIZE}
# What stands beside each change of a message, and what is told of the top after it. Of both the
# sequence is that behind the message's last change.
BESIDE = [*IDS, "is_snapshot", "best_bid", "best_ask", *Sizes._fields]
TOP = [*IDS, *Top._fields, "sequence"]
MESSAGE = IDS | {"is_snapshot": _FLAG, **dict.fromkeys((*Top._fields, *Sizes._fields), _SIZE)}
MESSAGE |= {"sequence": _ID}
_NO_TOP = (None,) * len(Top._fields)
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
        self._counts: list[int] = []
        self._changes = array("d")  # the four of CHANGE, again and again
        self._order_ids: list[list[int] | None] = []
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
            end = number * PLACES + offset + len(changes)
            offset += len(changes) + 1
            ids = (*place, epoch, message.last, message.exchange_at, known_at, is_snapshot)
            self._messages.append((*ids, *(top or _NO_TOP), *sizes, end))
            self._counts.append(len(changes))
            self._changes.extend(chain.from_iterable(changes))
            self._order_ids.append(order_ids)
        self._last = (number, offset)

    def taken(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield what came since the last time, as tables in the order of the card."""
        messages = _table(MESSAGE, self._messages)
        tops = messages.select(TOP).filter(messages.column("best_bid").is_valid())
        held = {"feed_gaps": _table(GAP, self.gaps), "book_updates": self._updates(messages)}
        held |= {"book_tops": tops, "crypto_trades": _table(TRADE, self.trades)}
        self._clear()
        yield from ((name, table) for name, table in held.items() if len(table))

    def _updates(self, messages: pa.Table) -> pa.Table:
        counts = np.array(self._counts, dtype=np.int64)
        of_message = np.repeat(np.arange(len(counts)), counts)
        own = zip(CHANGE, np.array(self._changes).reshape(-1, len(CHANGE)).T, strict=True)
        columns = {name: pa.array(values).cast(CHANGE[name]) for name, values in own}
        beside = messages.select(BESIDE).take(pa.array(of_message))
        columns |= dict(zip(BESIDE, beside.columns, strict=True))
        columns["order_id"] = self._ids()
        ends = messages.column("sequence").to_numpy() - np.cumsum(counts)
        columns["sequence"] = ends[of_message] + np.arange(len(of_message))
        return pa.table(columns)

    def _ids(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the order of each change; that of a level is 0."""
        if not any(self._order_ids):
            return np.zeros(sum(self._counts), dtype=np.int64)
        told = zip(self._order_ids, self._counts, strict=True)
        return np.array([n for ids, count in told for n in ids or repeat(0, count)], dtype=np.int64)


def _table(columns: dict[str, pa.DataType], rows: list[tuple[Any, ...]]) -> pa.Table:
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    named = zip(columns.items(), values, strict=True)
    return pa.table({name: pa.array(held, kind) for (name, kind), held in named})
