"""What a book took becomes rows, its gaps among them."""

from leadline.book import Message
from loaders._books import Books

PLACE = ("binance", "BTC-USDT")


def message(first: int, at: int) -> Message:
    return Message(first, first, [(1, 100.0, 1.0), (-1, 101.0, 1.0)], at)


def told(books: Books) -> dict[str, list[dict[str, object]]]:
    return {name: rows.to_pylist() for name, rows in books.rest()}


def test_what_a_book_took_is_told_with_the_gap_that_it_ended() -> None:
    books = Books()
    book = books.books[PLACE]
    books.applied(PLACE, book.restart(message(1, 10)), 1)
    books.applied(PLACE, book.apply(message(2, 15)), 2)
    books.applied(PLACE, book.apply(message(5, 20)), 3)
    books.applied(PLACE, book.restart(message(5, 30)), 4)

    rows = told(books)

    assert [row["update_id"] for row in rows["book_tops"]] == [1, 2, 5]
    assert [(row["reason"], row["found_id"]) for row in rows["feed_gaps"]] == [("gap", 5)]
    assert rows["feed_gaps"][0]["ended_at"] is not None


def test_a_gap_that_lasts_is_told_once() -> None:
    books = Books()
    book = books.books[PLACE]
    books.applied(PLACE, book.restart(message(1, 10)), 1)
    books.applied(PLACE, book.apply(message(5, 20)), 2)

    first, second = told(books), told(books)

    assert [row["ended_at"] for row in first["feed_gaps"]] == [None]
    assert second == {}
