"""What a book took becomes rows of its datasets, in the order in which it took them."""

from datetime import UTC, datetime

import pyarrow as pa

from leadline.book import Book, Gap, Message
from leadline.orders import OrderBook
from leadline.tape import PLACES, Tape

PLACE = ("binance", "BTC-USDT")


def table(tape: Tape, dataset: str) -> list[dict[str, object]]:
    found: dict[str, pa.Table] = dict(tape.taken())
    return found[dataset].to_pylist() if dataset in found else []


def test_messages_that_one_line_brings_keep_their_order() -> None:
    tape, book = Tape(), Book()
    book.apply(Message(11, 12, [(1, 99.0, 2.0)], at=1))

    tape.add_book(PLACE, book.restart(Message(10, 10, [(1, 98.0, 1.0), (-1, 101.0, 1.0)], 2)), 7)

    updates = table(tape, "book_updates")
    assert [(row["update_id"], row["price"], row["sequence"]) for row in updates] == [
        (10, 98.0, 7 * PLACES),
        (10, 101.0, 7 * PLACES + 1),
        (12, 99.0, 7 * PLACES + 3),
    ]


def test_a_book_with_an_empty_side_has_updates_and_no_top() -> None:
    tape = Tape()

    tape.add_book(PLACE, Book().restart(Message(10, 10, [(1, 98.0, 1.0)], at=0)), 1)

    assert [name for name, _ in tape.taken()] == ["book_updates"]


def test_the_sizes_after_a_message_stand_beside_each_of_its_changes() -> None:
    tape, book = Tape(), Book()
    levels = [(1, 100.0, 1.0), (1, 99.0, 2.0), (-1, 100.1, 4.0), (-1, 104.0, 8.0)]

    tape.add_book(PLACE, book.begin(Message(10, 10, levels, 2)), 1)
    tape.add_book(PLACE, book.apply(Message(11, 11, [(-1, 100.1, 0.0)], 3)), 2)

    names = ("50bps", "200bps", "500bps", "all")
    told = [
        [(row[f"bid_size_{name}"], row[f"ask_size_{name}"]) for name in names]
        for row in table(tape, "book_updates")
    ]
    assert told[:4] == [[(1.0, 4.0), (3.0, 4.0), (3.0, 12.0), (3.0, 12.0)]] * 4
    # With the mid at 102 the best are 1.96 percent away.
    assert told[4:] == [[(0.0, 0.0), (1.0, 8.0), (3.0, 8.0), (3.0, 8.0)]]


def test_beside_an_empty_side_there_is_no_mid_and_all_is_known() -> None:
    tape = Tape()

    tape.add_book(PLACE, Book().restart(Message(10, 10, [(1, 98.0, 1.5)], at=0)), 1)

    (row,) = table(tape, "book_updates")
    assert (row["bid_size_50bps"], row["ask_size_500bps"]) == (None, None)
    assert (row["bid_size_all"], row["ask_size_all"]) == (1.5, 0.0)


def test_what_was_taken_is_not_taken_again() -> None:
    tape = Tape()
    tape.add_book(PLACE, Book().restart(Message(10, 10, [(1, 98.0, 1.0)], at=0)), 1)

    assert len(list(tape.taken())) == 1
    assert list(tape.taken()) == []


def test_a_gap_that_lasts_is_told_once_and_again_when_it_is_over() -> None:
    tape, gap = Tape(), Gap(1_000_000, 2_000_000, "gap", 13, 14, 3)

    tape.add_gap(PLACE, gap)
    tape.add_gap(PLACE, gap)
    gap.ended_at = 5_000_000
    tape.add_gap(PLACE, gap)

    known = [(row["known_at"], row["ended_at"]) for row in table(tape, "feed_gaps")]
    over = datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert known == [(datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC), None), (over, over)]


def test_orders_have_their_ids_and_levels_have_none() -> None:
    tape = Tape()
    orders = [(1, 98.0, 1.0, 34006738527), (1, 98.0, 2.0, 7), (-1, 101.0, 1.0, 8)]

    tape.add_book(PLACE, Book().restart(Message(10, 10, [(1, 98.0, 1.0)], at=0)), 1)
    tape.add_book(PLACE, OrderBook().restart(Message(10, 10, orders, at=0)), 2)

    told = [(row["order_id"], row["size"]) for row in table(tape, "book_updates")]
    assert told == [(0, 1.0), (34006738527, 1.0), (7, 2.0), (8, 1.0)]


def test_gaps_of_a_book_and_of_its_trades_are_two() -> None:
    tape, gap = Tape(), Gap(1_000_000, 2_000_000, "disconnect", None, None)

    tape.add_gap(PLACE, gap)
    tape.add_gap(PLACE, gap, "trades")

    assert [row["channel"] for row in table(tape, "feed_gaps")] == ["book", "trades"]
