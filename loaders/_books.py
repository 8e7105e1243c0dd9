"""The books of a source, and the rows that they bring."""

from collections import defaultdict
from collections.abc import Iterator

import pyarrow as pa

from leadline.book import Applied, Book
from leadline.tape import Tape

Place = tuple[str, str]  # venue and pair


class Books:
    """What a source told so far: its books, and the rows that nobody took yet."""

    def __init__(self) -> None:
        self.rows = Tape()
        self.books: dict[Place, Book] = defaultdict(Book)

    def applied(self, place: Place, applied: list[Applied], number: int) -> None:
        """Tell what a book took, and its gaps that are over."""
        if applied:
            self.rows.add_book(place, applied, number)
        book = self.books[place]
        while book.ended:
            self.rows.add_gap(place, book.ended.pop(0))

    def rest(self) -> Iterator[tuple[str, pa.Table]]:
        """Return what is left at the end, with each gap that lasts."""
        self.tell_lasting_gaps()
        return self.rows.taken()

    def tell_lasting_gaps(self) -> None:
        """Tell each gap that lasts, once."""
        for place, book in self.books.items():
            if book.gap:
                self.rows.add_gap(place, book.gap)
