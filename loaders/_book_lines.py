"""Books out of files with a line a level: lines become messages, messages become rows."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from math import inf

import pyarrow as pa

from leadline.book import Applied, Level, Message
from leadline.errors import FeedError
from leadline.feed import Relation, meaning, streamed
from loaders._books import Books, Place

Told = tuple[int, str, bool, Message]  # line, symbol, whether it is a snapshot, and what it says

LINES = 50_000  # that are in memory at once
FLUSH = 200_000  # levels after which rows are handed on


def messages(rows: Relation, kinds: Mapping[str, bool], sides: Mapping[str, int]) -> Iterator[Told]:
    """Yield the messages of a file that has a header; lines that say the same one stand together.

    The query's columns are symbol, message, kind, first, last, previous, at_us, exchange_us,
    book_side, price and size; kinds say which are snapshots. The first three tell messages apart,
    and of the rest the last line counts. exchange_us is null where the venue says none.
    """
    origin = rows.file.origin
    lines = (
        line
        for batch in streamed(rows, size=LINES)
        for line in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    )
    of_message = groupby(enumerate(lines, start=2), key=lambda numbered: numbered[1][:3])
    for (symbol, _, kind), own in of_message:
        levels: list[Level] = []
        start = 0
        for number, line in own:
            start = start or number
            _, _, _, first, last, previous, at, exchange_at, side, price, size = line
            if None in line[:5] or None in (at, side, price, size):
                raise FeedError(f"{origin}:{number}: a value is missing; fetch it again")
            if not (0 < price < inf and 0 <= size < inf):
                raise FeedError(
                    f"{origin}:{number}: a size of {size:g} at a price of {price:g} is no level; "
                    f"fetch it again"
                )
            if side not in sides:
                meaning(f"{origin}:{number}", sides, side)
            levels.append((sides[side], price, size))
        said = Message(first, last, settled(levels), at, exchange_at, previous)
        yield start, symbol, meaning(f"{origin}:{start}", kinds, kind), said


def settled(levels: Iterable[Level]) -> list[Level]:
    """Return each level once, with the last size that is said of it."""
    sizes = {(side, price): size for side, price, size in levels}
    return [(side, price, size) for (side, price), size in sizes.items()]


class LineBooks(Books):
    """Books of files that may be long: their rows are taken as soon as they are many."""

    def __init__(self) -> None:
        super().__init__()
        self._n_levels = 0

    def restart(self, place: Place, snapshot: Message, line: int) -> None:
        """Give a book a snapshot."""
        self.applied(place, self.books[place].restart(snapshot), line)

    def apply(self, place: Place, message: Message, line: int) -> None:
        """Give a book a message."""
        self.applied(place, self.books[place].apply(message), line)

    def applied(self, place: Place, applied: list[Applied], number: int) -> None:
        """Tell what a book took, and its gaps that are over."""
        super().applied(place, applied, number)
        self._n_levels += sum(len(each.changes) for each in applied)

    def taken(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield the rows so far where they are many."""
        if self._n_levels >= FLUSH:
            self._n_levels = 0
            yield from self.rows.taken()

    def rest(self) -> Iterator[tuple[str, pa.Table]]:
        """Return what is left at the end of a file, with each gap that lasts."""
        self._n_levels = 0
        return super().rest()
