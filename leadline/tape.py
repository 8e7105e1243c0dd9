"""Collects what books and trades of a stream bring, as Arrow tables of their datasets."""

from array import array
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.book import Applied, Gap
from leadline.depth import BANDS, CHANGE, N_TOLD, Floats, Ints

PLACES = 1_000_000  # rows that one line may bring; a sequence is the line times this and its place
_TEXT, _ID, _SIZE, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_MOMENT = pa.timestamp("us", "UTC")
_NOTHING = np.empty(0)
PLACE = {"venue": _TEXT, "pair": _TEXT}
IDS = [*PLACE, "epoch", "update_id", "exchange_at", "known_at"]
_SIDES = ("bid", "ask")
# What a book tells after a message: of the narrowest band and the best five, its top; of the rest,
# what stands beside each change. Of both the sequence is that behind the message's last change.
_TOP = [f"best_{side}" for side in _SIDES]
_TOP += [f"{side}_{what}" for what in ("size", "size_5", f"size_{BANDS[0]}bps") for side in _SIDES]
_AROUND = [f"{side}_size_{bps}bps" for bps in BANDS[1:] for side in _SIDES]
_AROUND += [f"{side}_size_all" for side in _SIDES]
TOLD = _TOP + _AROUND
BESIDE = [*IDS, "is_snapshot", *_TOP[:2], *_AROUND]
TOP = [*IDS, *_TOP, "sequence"]
_CHAIN = PLACE | {"epoch": _TEXT}
_MESSAGE = {
    "update_id": _ID, "exchange_at": _MOMENT, "known_at": _MOMENT, "is_snapshot": _FLAG,
    "sequence": _ID,
}  # fmt: skip
_NEVER = -(1 << 63)
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
        self._said: set[tuple[object, ...]] = set()
        self._clear()

    def _clear(self) -> None:
        self.trades, self.gaps = [], []
        self._chains: dict[tuple[str, ...], int] = {}  # PLACE and epoch, numbered
        self._messages = array("q")  # the six of _MESSAGE, again and again
        self._changes: list[Floats] = []
        self._told: list[Floats] = []
        self._order_ids: list[list[int] | None] = []
        self._last = (0, 0)

    def add_gap(self, place: tuple[str, str], gap: Gap, channel: str = "book") -> None:
        """Add a gap, once while it lasts and once when it is over."""
        key = (*place, channel, gap.began_at, gap.ended_at, gap.expected)
        if key in self._said:
            return
        self._said.add(key)
        known_at = gap.ended_at or gap.found_at
        said = (gap.reason, gap.expected, gap.found, gap.n_dropped)
        self.gaps.append((*place, channel, gap.began_at, gap.ended_at, *said, known_at))

    def add_book(self, place: tuple[str, str], applied: list[Applied], number: int) -> None:
        """Add what a book took; messages of one line keep their order."""
        line, offset = self._last
        offset = offset if line == number else 0
        chains = self._chains
        for message, known_at, epoch, is_snapshot, changes, told, order_ids in applied:
            end = number * PLACES + offset + len(changes)
            offset += len(changes) + 1
            chain = chains.setdefault((*place, epoch), len(chains))
            exchange_at = _NEVER if message.exchange_at is None else message.exchange_at
            said = (chain, message.last, exchange_at, known_at, is_snapshot, end)
            self._messages.extend(said)
            self._changes.append(changes)
            self._told.append(told)
            self._order_ids.append(order_ids)
        self._last = (number, offset)

    def taken(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield what came since the last time, as tables in the order of the card."""
        messages = self._told_messages()
        told = np.concatenate(self._told or [_NOTHING]).reshape(-1, N_TOLD)
        for name, values in zip(TOLD, told.T, strict=True):
            messages = messages.append_column(name, pa.array(values, from_pandas=True))
        tops = messages.select(TOP).filter(messages.column("best_bid").is_valid())
        held = {"feed_gaps": _table(GAP, self.gaps), "book_updates": self._updates(messages)}
        held |= {"book_tops": tops, "crypto_trades": _table(TRADE, self.trades)}
        self._clear()
        yield from ((name, table) for name, table in held.items() if len(table))

    def _told_messages(self) -> pa.Table:
        chain, *said = np.array(self._messages).reshape(-1, 1 + len(_MESSAGE)).T
        chains = _table(_CHAIN, list(self._chains)).take(pa.array(chain))
        columns = dict(zip(_CHAIN, chains.columns, strict=True))
        for (name, kind), values in zip(_MESSAGE.items(), said, strict=True):
            is_missing = values == _NEVER if name == "exchange_at" else None
            columns[name] = pa.array(values, mask=is_missing).cast(kind)
        return pa.table(columns)

    def _updates(self, messages: pa.Table) -> pa.Table:
        counts = np.array([len(each) for each in self._changes], dtype=np.int64)
        of_message = np.repeat(np.arange(len(counts)), counts)
        own = np.concatenate(self._changes or [_NOTHING]).reshape(-1, len(CHANGE)).T
        columns: dict[str, Any] = dict(zip(CHANGE, own, strict=True))
        columns["book_side"] = own[0].astype(np.int64)
        beside = messages.select(BESIDE).take(pa.array(of_message))
        columns |= dict(zip(BESIDE, beside.columns, strict=True))
        columns["order_id"] = self._ids(counts)
        ends = messages.column("sequence").to_numpy() - np.cumsum(counts)
        columns["sequence"] = ends[of_message] + np.arange(len(of_message))
        return pa.table(columns)

    def _ids(self, counts: Ints) -> Ints:
        """Return the order of each change; that of a level is 0."""
        if not any(self._order_ids):
            return np.zeros(counts.sum(), dtype=np.int64)
        told = zip(self._order_ids, counts, strict=True)
        return np.array([n for ids, count in told for n in ids or repeat(0, count)], dtype=np.int64)


def _table(columns: dict[str, pa.DataType], rows: list[tuple[Any, ...]]) -> pa.Table:
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    named = zip(columns.items(), values, strict=True)
    return pa.table({name: pa.array(held, kind) for (name, kind), held in named})
