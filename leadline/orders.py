"""One pair's book of orders, each by its venue's id; its levels are the sums of their orders.

Its states, gaps and epochs are those of a level book. An order that changes its price is one that
goes and one that comes, for it stands behind all others there.
"""

from collections.abc import Sequence
from math import fsum
from typing import Any

import numpy as np

from leadline.book import Book, Level, Order
from leadline.depth import CHANGE, Floats


class OrderBook(Book):
    """The book of one pair at one venue that shows every order."""

    n_unknown = 0  # removals of orders that are not in the book: they lay behind its window

    def best_orders(self, count: int) -> tuple[list[int], list[int]]:
        """Return the best orders of both sides, so many at most: by price, then by id."""
        bids, asks = (self._first(sign, count) for sign in (1, -1))
        return bids, asks

    def _first(self, sign: int, count: int) -> list[int]:
        found: list[int] = []
        for price, _ in self.best(sign, count):
            found += sorted(self._levels[sign * price])
            if len(found) >= count:
                break
        return found[:count]

    def _clear(self) -> None:
        super()._clear()
        self._orders: dict[int, tuple[int, float, float]] = {}
        self._levels: dict[float, dict[int, float]] = {}  # an ask's price is below zero
        self._n = {1: 0, -1: 0}

    def _change(self, levels: Sequence[Any]) -> tuple[Floats, list[int] | None]:
        changes: list[tuple[int, float, float, float]] = []
        order_ids: list[int] = []
        orders: Sequence[Order] = levels
        for book_side, price, size, order_id in orders:
            before = 0.0
            if old := self._orders.get(order_id):
                if size and old[:2] == (book_side, price):
                    before = old[2]
                else:
                    self._put(*old[:2], 0.0, order_id)
                    changes.append((*old[:2], 0.0, old[2]))
                    order_ids.append(order_id)
            elif not size:
                self.n_unknown += 1
            if size != before:
                self._put(book_side, price, size, order_id)
                changes.append((book_side, price, size, before))
                order_ids.append(order_id)
        sums: dict[Level, None] = {}
        for book_side, price, *_ in changes:
            level = self._levels.get(book_side * price, {})
            sums[book_side, price, fsum(level.values())] = None
        self._depth.take([*sums])
        return np.array(changes, dtype=np.float64).reshape(-1, len(CHANGE)), order_ids

    def _put(self, book_side: int, price: float, size: float, order_id: int) -> None:
        """Give an order its size; 0 takes it away."""
        level = self._levels.setdefault(book_side * price, {})
        self._n[book_side] += bool(size) - (order_id in level)
        if size:
            level[order_id] = size
            self._orders[order_id] = book_side, price, size
        else:
            del level[order_id], self._orders[order_id]
            if not level:
                del self._levels[book_side * price]

    def _slide(self, window: int, changes: Floats) -> Floats:
        # A venue that shows orders tells which of them go.
        for side, sign in enumerate((1, -1)):
            self._depth.fill(side, self._n[sign], window, is_cut_inside=True)
        return changes
