"""A pair's book at Bitfinex, of orders or of levels, and the texts that its checksums are of."""

from collections.abc import Sequence
from typing import TypeAlias

from leadline.book import Applied, Book, Level, Message, Order
from leadline.orders import OrderBook
from loaders._bitfinex import (
    CHECKED,
    DECIMALS,
    amount_of,
    checksum,
    price_of,
    written_out,
)

TICKS = 10**DECIMALS

Entries: TypeAlias = Sequence[Sequence[str]]


class Kept:
    """What is common to both: it begins with a snapshot and is proven by each checksum."""

    book: Book

    def __init__(self, depth: int) -> None:
        self.n_proven = 0
        self.is_doubted = False  # its last checksum was wrong
        self._depth = depth
        self._proven_at = 0

    def take(
        self, entries: Entries, sequence: int, at: int, exchange_at: int | None, is_snapshot: bool
    ) -> list[Applied]:
        """Take what a message of the book's channel says."""
        if is_snapshot:
            self._forget()
            snapshot = Message(sequence, sequence, self._levels(entries), at, exchange_at)
            self._proven_at = at
            return self.book.begin(snapshot, depth=self._depth, is_told=True, ticks=TICKS)
        levels = self._levels(entries)
        previous = self.book.last  # the numbers of the connection say that nothing is between
        return self.book.apply(Message(sequence, sequence, levels, at, exchange_at, previous))

    def prove(self, said: int, at: int) -> bool:
        """Hold the book against a checksum; if that is another, the book is broken."""
        if self.book.state != "synced":
            return True
        if self._agrees(said):
            self.n_proven += 1
            self.is_doubted, self._proven_at = False, at
            return True
        self.book.fail("checksum", at, since=self._proven_at)
        return False

    def _forget(self) -> None:
        raise NotImplementedError

    def _levels(self, entries: Entries) -> list[Level] | list[Order]:
        raise NotImplementedError

    def _agrees(self, said: int) -> bool:
        raise NotImplementedError


class KeptOrders(Kept):
    """A raw book: [id, price, amount], where a price of 0 takes the order away."""

    def __init__(self, depth: int) -> None:
        super().__init__(depth)
        self.book: OrderBook = OrderBook()
        self._texts: dict[int, str] = {}

    def _forget(self) -> None:
        self._texts = {}

    def _levels(self, entries: Entries) -> list[Order]:
        return [self._order(*entry[:3]) for entry in entries]

    def _order(self, id_text: str, price: str, amount: str) -> Order:
        order_id = int(id_text)
        if float(price) == 0:
            self._texts.pop(order_id, None)
            return 1, 0.0, 0.0, order_id  # sources disagree about what its sign means
        size = amount_of(amount)
        self._texts[order_id] = f"{order_id}:{amount}"
        return (1 if size > 0 else -1), price_of(price), abs(size), order_id

    def _agrees(self, said: int) -> bool:
        bids, asks = self.book.best_orders(CHECKED)
        texts = self._texts.__getitem__
        return said == checksum([*map(texts, bids)], [*map(texts, asks)])


class KeptLevels(Kept):
    """An aggregated book: [price, count, amount], where a count of 0 takes the level away."""

    def __init__(self, depth: int) -> None:
        super().__init__(depth)
        self.book = Book()
        self._texts: dict[float, tuple[str, str]] = {}  # an ask's price is below zero

    def _forget(self) -> None:
        self._texts = {}

    def _levels(self, entries: Entries) -> list[Level]:
        return [self._level(*entry[:3]) for entry in entries]

    def _level(self, price_text: str, count: str, amount: str) -> Level:
        price, size = price_of(price_text), amount_of(amount)
        book_side = 1 if size > 0 else -1
        if int(count) == 0:
            self._texts.pop(book_side * price, None)
            return book_side, price, 0.0
        self._texts[book_side * price] = price_text, amount
        return book_side, price, abs(size)

    def _agrees(self, said: int) -> bool:
        best = [
            [self._texts[side * price] for price, _ in self.book.best(side, CHECKED)]
            for side in (1, -1)
        ]
        if said == checksum(*([":".join(entry) for entry in side] for side in best)):
            return True
        plain = ([f"{written_out(price)}:{amount}" for price, amount in side] for side in best)
        return said == checksum(*plain)
