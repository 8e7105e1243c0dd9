"""What is dropped, doubled or out of turn is flagged at the next message, and never told."""

import json
from random import Random
from typing import Any

import pytest

from leadline.errors import FeedError
from loaders._bitfinex_stream import NUMBERS, Stream
from tests.bitfinex import sum_of

BOOK = {"event": "subscribed", "channel": "book", "freq": "F0", "len": "25"}
RAW = BOOK | {"chanId": 7, "symbol": "tBTCUSD", "prec": "R0"}
TRADES = {"event": "subscribed", "channel": "trades", "chanId": 9, "symbol": "tBTCUSD"}
S = 1_000_000


def messages(seed: int, n: int) -> list[Any]:
    """Return a connection's messages: a book of orders that changes, with a checksum after each."""
    chance, number = Random(seed), 2
    book = {"1": ("1", "99", "1"), "2": ("2", "101", "-1")}
    told: list[Any] = [RAW, [7, [[int(i), int(p), int(a)] for i, p, a in book.values()], 1]]
    for _ in range(n):
        side = chance.choice((1, -1))
        order_id, price = chance.randint(1, 30), 100 - side * chance.randint(1, 9)
        if str(order_id) in book and chance.random() < 0.3:
            del book[str(order_id)]
            told.append([7, [order_id, 0, side], number])
        else:
            amount = side * chance.randint(1, 9)
            book[str(order_id)] = str(order_id), str(price), str(amount)
            told.append([7, [order_id, price, amount], number])
        told.append([7, "cs", sum_of(list(book.values()), is_raw=True), number + 1])
        number += 2
    return told


def taking(stream: Stream, told: list[Any], *, until_over: bool = True) -> list[Any]:
    """Let a stream take messages a second apart, as live until it gives up; return its answers."""
    answers: list[Any] = []
    for number, message in enumerate(told, start=1):
        stream.take(stream.parsed(json.dumps(message)), number * S, number)
        if stream.over:
            if until_over:
                break
            continue
        answers += stream.replies()
    return answers


def rows(stream: Stream, dataset: str) -> list[dict[str, Any]]:
    found = dict(stream.rest())
    return found[dataset].to_pylist() if dataset in found else []


def ids(stream: Stream) -> list[int]:
    return [row["update_id"] for row in rows(stream, "book_tops")]


@pytest.mark.parametrize("seed", range(5))
def test_every_checksum_of_a_whole_connection_is_right(seed: int) -> None:
    stream, told = Stream(), messages(seed, 200)

    assert taking(stream, told) == []
    assert stream.kept["BTC-USD"].n_proven == 200
    assert rows(stream, "feed_gaps") == []


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("fault", ["dropped", "doubled", "swapped"])
def test_a_fault_is_flagged_at_the_next_message_and_what_follows_is_no_book(
    seed: int, fault: str
) -> None:
    stream, told = Stream(), messages(seed, 30)
    place = Random(seed).randint(2, len(told) - 2)
    faulty = [
        *told[:place],
        *{
            "dropped": [told[place + 1]],
            "doubled": [told[place], told[place]],
            "swapped": [told[place + 1], told[place]],
        }[fault],
    ]

    taking(stream, faulty)

    assert stream.over.startswith("message ")
    (gap,) = [row for row in rows(stream, "feed_gaps") if row["channel"] == "book"]
    due = {"doubled": place + 1}.get(fault, place)
    came = {"doubled": place}.get(fault, place + 1)
    assert (gap["reason"], gap["expected_id"], gap["found_id"]) == ("gap", due, came)
    assert gap["ended_at"] is None


def test_a_capture_goes_on_after_a_missing_number_with_trades_and_without_the_book() -> None:
    stream = Stream()

    taking(
        stream,
        [
            RAW, [7, [[1, 99, 1], [2, 101, -1]], 1], TRADES, [9, [[5, 900, 1, 99]], 2],
            [7, [3, 98, 1], 4],
            [9, "te", [6, 6_500, -1, 99], 5],
        ],
        until_over=False,
    )  # fmt: skip

    told = dict(stream.rest())
    assert [row["update_id"] for row in told["book_tops"].to_pylist()] == [1]
    assert [row["trade_id"] for row in told["crypto_trades"].to_pylist()] == [5, 6]
    gaps = [
        (row["channel"], row["n_dropped"], row["ended_at"] and row["ended_at"].second)
        for row in told["feed_gaps"].to_pylist()
    ]
    assert gaps == [("book", 1, None), ("trades", 0, 5)]


def test_the_number_and_the_moment_are_told_apart_by_their_size() -> None:
    stream = Stream()

    taking(stream, [RAW, [7, [[1, 99, 1], [2, 101, -1]], 1_617_643_607_479, 1], [7, "hb", 2, 9, 8]])

    (top,) = rows(stream, "book_tops")
    assert (top["update_id"], top["exchange_at"].microsecond) == (1, 479_000)


def test_many_changes_may_come_in_one_message() -> None:
    stream = Stream()

    taking(stream, [RAW, [7, [[1, 99, 1], [2, 101, -1]], 1], [7, [[3, 98, 2], [1, 0, 1]], 2]])

    told = [(row["order_id"], row["size"]) for row in rows(stream, "book_updates")]
    assert told == [(1, 1.0), (2, 1.0), (3, 2.0), (1, 0.0)]


def test_a_book_may_be_empty() -> None:
    stream = Stream()

    taking(stream, [RAW, [7, [], 1], [7, "cs", 0, 2], [7, [1, 99, 1], 3], [7, [2, 101, -1], 4]])

    assert (ids(stream), stream.kept["BTC-USD"].n_proven) == ([4], 1)


def test_tickers_and_funding_are_passed_over_and_counted() -> None:
    ticker = {"event": "subscribed", "channel": "ticker", "chanId": 1, "symbol": "tBTCUSD"}
    funding = BOOK | {"chanId": 2, "symbol": "fUSD", "prec": "R0"}

    stream = Stream()
    taking(stream, [ticker, funding, [1, [1.5, 2], 1], [2, [[5, 30, 0.0002, -9]], 2], [1, "hb", 3]])

    assert (stream.over, list(stream.rest())) == ("", [])


def test_a_subscription_that_its_listener_ends_is_a_gap_until_the_next() -> None:
    stream, snapshot = Stream(), [[1, 99, 1], [2, 101, -1]]
    ends = {"event": "unsubscribed", "status": "OK", "chanId": 7}

    answers = taking(stream, [RAW, [7, snapshot, 1], ends, RAW | {"chanId": 8}, [8, snapshot, 2]])

    (gap,) = rows(stream, "feed_gaps")
    assert (answers, gap["reason"], gap["ended_at"].second) == ([], "disconnect", 5)


def test_under_maintenance_nothing_is_asked_until_it_is_over() -> None:
    stream, place = Stream(), ("bitfinex", "BTC-USD")
    taking(stream, [RAW, [7, [[1, 99, 1], [2, 101, -1]], 1], TRADES])

    taking(stream, [{"event": "info", "code": 20060}])
    asked = list(stream.renewals(place))
    answers = taking(stream, [{"event": "info", "code": 20061}])

    assert (stream.books[place].state, asked) == ("broken", [])
    assert answers == [{"event": "unsubscribe", "chanId": number} for number in (7, 9)]


def test_a_channel_is_valid_in_its_connection_only() -> None:
    stream = Stream()
    taking(stream, [RAW, [7, [[1, 99, 1], [2, 101, -1]], 1]])

    stream.lose(3 * S)

    with pytest.raises(ValueError, match="a channel that nobody subscribed to, 7"):
        taking(stream, [[7, [3, 98, 1], 1]])


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ([RAW, [7, [1, 99, 1], 1]], "a book that begins without its snapshot"),
        ([RAW, RAW | {"chanId": 8}], "a second channel of book of tBTCUSD"),
        ([BOOK | {"chanId": 8, "symbol": "BTCUSD", "prec": "R0"}], "a symbol of no pair, BTCUSD"),
        ([RAW | {"channel": "orders"}], "a channel that it does not know, orders"),
        ([TRADES, [9, "fte", [1, 2, 3, 4], 1]], "a message that it does not know, fte"),
        ([{"event": "conf", "status": "FAILED", "flags": NUMBERS}], "flags 65536 where 65536 are"),
        ([{"event": "conf", "status": "OK", "flags": 0}], "flags 0 where 65536 are needed"),
    ],
)
def test_what_it_can_t_use_is_said(told: list[Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        taking(Stream(), told)


def test_books_of_rounded_levels_are_refused() -> None:
    with pytest.raises(FeedError, match="bitfinex_book: prec: 'P2' is none of P0, R0; mend"):
        taking(Stream(), [RAW | {"prec": "P2"}])


def test_a_pair_has_one_kind_of_book() -> None:
    stream = Stream()
    taking(stream, [RAW])
    stream.lose(3 * S)

    with pytest.raises(ValueError, match="a book of tBTCUSD of another kind than before"):
        taking(stream, [RAW | {"prec": "P0"}])
