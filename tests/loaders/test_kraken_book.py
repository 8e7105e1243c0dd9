"""Kraken's books are proven by every checksum, or they are gaps; its trades are the takers'."""

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from leadline.book import Book, Message
from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.store import Store
from loaders import kraken_book
from tests.kraken import Exchange, checksum, kept, lines, window
from tests.levels import MESSAGES, captured, gaps, of, written
from tests.stores import ask

BOOK, TRADES = MESSAGES / "KRAKEN.ws.50.0", MESSAGES / "KRAKEN.ws.48.0"
NAME = "KRAKEN.ws.1.0"


def told(folder: Path, *messages: Any) -> Any:
    return captured(kraken_book, written(folder, NAME, *lines(*messages)))


def refusal(folder: Path, *messages: Any) -> str:
    with pytest.raises(FeedError) as refused:
        told(folder, *messages)
    return str(refused.value)


def test_captures_load_whole_and_name_coins_as_everybody_does(store: Store) -> None:
    paths = [MESSAGES / "KRAKEN.0", TRADES, BOOK]

    found = plan("kraken_book", kraken_book, paths).files
    list(from_files("kraken_book", kraken_book, store, found))

    tops = ask(store.place, "raw.book_tops")
    assert {(row["venue"], row["pair"]) for row in tops} == {("kraken", "BTC-CHF")}
    assert sorted(row["update_id"] for row in tops) == [0, 1, 2, 3, 4, 5, 6]
    assert len(ask(store.place, "raw.book_updates")) == 24 + 5
    assert len(ask(store.place, "raw.crypto_trades")) == 4
    assert ask(store.place, "raw.feed_gaps") == []
    assert ask(store.place, "raw.rejected") == []


def test_a_changed_level_is_a_row_with_the_size_before() -> None:
    updates = captured(kraken_book, BOOK)["book_updates"][24:]

    names = ("update_id", "book_side", "price", "size", "prev_size")
    assert of(updates, *names) == [
        (1, -1, 56872.7, 0.01, 0.0),
        (2, 1, 55978.5, 0.0, 0.01022),
        (3, 1, 56111.8, 0.01203, 0.0),
        (5, -1, 56734.3, 0.5188, 0.0),
        (6, 1, 56111.8, 0.0, 0.01203),
    ]
    assert {row["epoch"] for row in updates} == {"1618678133710264"}
    assert updates[0]["known_at"] == datetime(2021, 4, 17, 16, 48, 54, 259469, tzinfo=UTC)
    assert updates[0]["exchange_at"] == datetime(2021, 4, 17, 16, 48, 53, 924027, tzinfo=UTC)


def test_a_trade_is_the_takers_and_its_number_is_its_moment() -> None:
    trades = captured(kraken_book, TRADES)["crypto_trades"]

    assert of(trades, "trade_id", "price", "size", "side", "sequence") == [
        (1618678142557535000, 354.11, 0.89594024, -1, 6_000_000),
        (1618678145715785000, 354.55, 1.25690315, 1, 7_000_000),
        (1618678150826417000, 354.04, 0.28245396, -1, 8_000_000),
        (1618678150827816000, 353.81, 1.71754604, -1, 8_000_001),
    ]
    assert trades[0]["traded_at"] == datetime(2021, 4, 17, 16, 49, 2, 557535, tzinfo=UTC)


def test_trades_of_one_microsecond_are_told_apart(tmp_path: Path) -> None:
    row = ["354.1", "0.5", "7.000001", "b", "m", ""]
    both = [993, [row, row], "trade", "XMR/USD"]

    trades = told(tmp_path, both, both)["crypto_trades"]

    assert [row["trade_id"] for row in trades] == [7000001000, 7000001001, 7000001002, 7000001003]


def test_dogecoin_is_named_as_everybody_does(tmp_path: Path) -> None:
    row = ["0.1", "0.5", "7.000001", "b", "m", ""]

    (trade,) = told(tmp_path, [1, [row], "trade", "XDG/XBT"])["crypto_trades"]

    assert trade["pair"] == "DOGE-BTC"


def test_the_checksum_is_the_one_of_krakens_documentation() -> None:
    asks = [f"0.050{n:02}" for n in range(5, 51, 5)]
    bids = ["0.05000", "0.04995", "0.04990", *[f"0.049{n}" for n in range(80, 49, -5)]]
    places = [(side, price) for side, prices in ((-1, asks), (1, bids)) for price in prices]
    book = Book()
    book.begin(Message(0, 0, [(s, float(p), 0.000005) for s, p in places], 0), ticks=10**5)
    bare = {(side, float(price)): price.replace(".", "").lstrip("0") for side, price in places}
    texts = {place: f"{price}500" for place, price in bare.items()}

    assert kraken_book.checksum(book, texts) == 974947235


@pytest.mark.parametrize(("seed", "depth"), [(n, depth) for n in range(8) for depth in (10, 25)])
def test_every_checksum_of_an_exchange_agrees_whatever_its_window_hides(
    tmp_path: Path, seed: int, depth: int
) -> None:
    exchange = Exchange(seed, depth)
    messages = [exchange.snapshot()]
    naive = window(exchange.book, depth)
    for _ in range(150):
        messages.append(exchange.change())
        naive = kept(naive, messages[-1], depth)
        assert naive == window(exchange.book, depth)

    rows = told(tmp_path, *messages)

    assert "feed_gaps" not in rows
    assert [row["update_id"] for row in rows["book_tops"]] == list(range(151))
    held: dict[tuple[int, float], float] = {}
    for row in rows["book_updates"]:
        place = (row["book_side"], row["price"])
        assert held.pop(place, 0.0) == row["prev_size"]
        if row["size"]:
            held[place] = row["size"]
    assert held == {(side, price / 1e5): v / 1e8 for (side, price), v in naive.items()}


@pytest.mark.parametrize("seed", range(30))
def test_a_lost_message_is_found_by_the_first_checksum_that_sees_it(
    tmp_path: Path, seed: int
) -> None:
    """The oracle is a client that applies the rest by hand, and sorts."""
    exchange, depth = Exchange(seed, 10), 10
    messages = [exchange.snapshot()]
    naive = window(exchange.book, depth)
    messages += [exchange.change() for _ in range(60)]
    lost = Random(seed).randrange(1, 40)
    rest = messages[:lost] + messages[lost + 1 :]
    found = None
    for number, message in enumerate(rest[1:], start=1):
        naive = kept(naive, message, depth)
        if checksum(naive) != message[-3]["c"]:
            found = number
            break

    rows = told(tmp_path, *rest)

    dropped = [] if found is None else [len(rest) - found]  # all from there on
    assert gaps(rows) == [("BTC-CHF", "book", "checksum", None, None, n) for n in dropped]
    assert [row["update_id"] for row in rows["book_tops"]] == list(range(found or len(rest)))
    assert found in (lost, None)  # None where the next message says what the lost one said


@pytest.mark.parametrize("seed", range(5))
def test_two_messages_in_the_wrong_order_are_found(tmp_path: Path, seed: int) -> None:
    exchange = Exchange(seed, 10)
    messages = [exchange.snapshot(), *[exchange.change() for _ in range(20)]]
    messages[7:9] = reversed(messages[7:9])

    ((_, _, reason, *_),) = gaps(told(tmp_path, *messages))

    assert reason == "checksum"


def test_a_message_that_comes_twice_changes_nothing(tmp_path: Path) -> None:
    exchange = Exchange(1, 10)
    messages = [exchange.snapshot(), *[exchange.change() for _ in range(20)]]
    once = told(tmp_path, *messages)

    twice = told(tmp_path, messages[0], *[each for each in messages[1:] for _ in (1, 2)])

    names = ("book_side", "price", "size", "prev_size")
    assert of(twice["book_updates"], *names) == of(once["book_updates"], *names)
    assert "feed_gaps" not in twice


def test_the_next_snapshot_ends_the_gap(tmp_path: Path) -> None:
    exchange = Exchange(2, 10)
    first, lost, next_one = exchange.snapshot(), exchange.change(), exchange.change()
    assert lost != next_one

    later = [exchange.change(), exchange.snapshot(), exchange.change()]

    rows = told(tmp_path, first, next_one, *later)

    (gap,) = rows["feed_gaps"]
    assert (gap["reason"], gap["n_dropped"]) == ("checksum", 2)
    assert [gap[name].microsecond // 10_000 for name in ("began_at", "ended_at")] == [0, 3]
    assert of(rows["book_tops"], "epoch", "update_id") == [
        ("100000000", 0), ("100030000", 0), ("100030000", 1),
    ]  # fmt: skip


def test_a_change_without_a_checksum_is_proven_by_the_next(tmp_path: Path) -> None:
    exchange = Exchange(3, 10)
    messages = [exchange.snapshot(), exchange.change(), exchange.change()]
    del messages[1][-3]["c"]

    assert "feed_gaps" not in told(tmp_path, *messages)


def test_of_two_sizes_of_one_price_the_last_one_counts(tmp_path: Path) -> None:
    exchange = Exchange(4, 10)
    snapshot = exchange.snapshot()
    (price, *_), *_ = snapshot[1]["as"]
    exchange.book[-1, round(float(price) * 1e5)] = 7_000
    twice = [[price, "0.00000000", "1.0"], [price, "0.00007000", "2.0"]]

    rows = told(tmp_path, snapshot, exchange.message({"a": twice, "c": checksum(exchange.book)}))

    assert "feed_gaps" not in rows
    assert of(rows["book_updates"][20:], "price", "size") == [(float(price), 0.00007)]
    assert rows["book_tops"][1]["exchange_at"] == datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)


def test_prices_of_ten_digits_are_levels_of_their_own(tmp_path: Path) -> None:
    asks = [["0.0000000124", "1.00000000", "1.0"], ["0.0000000125", "2.00000000", "1.0"]]
    bids = [["0.0000000123", "3.00000000", "1.0"]]

    rows = told(tmp_path, [1, {"as": asks, "bs": bids}, "book-10", "SC/XBT"])

    assert len(rows["book_updates"]) == 3
    assert of(rows["book_tops"], "best_bid", "best_ask") == [(1.23e-8, 1.24e-8)]


def test_a_new_connection_leaves_a_gap_of_books_and_of_trades(tmp_path: Path) -> None:
    exchange = Exchange(5, 10)
    subscribed = {"event": "subscriptionStatus", "channelName": "trade", "pair": "XBT/CHF"}
    path = written(
        tmp_path, NAME, "wss://ws.kraken.com <-> 99.0",
        *lines(exchange.snapshot(), subscribed | {"status": "subscribed"}),
        "wss://ws.kraken.com <-> 101.5",
        *lines(subscribed | {"status": "subscribed"}, exchange.snapshot(), since=102.0),
    )  # fmt: skip

    found = captured(kraken_book, path)["feed_gaps"]

    names = ("channel", "reason", "began_at", "ended_at")
    assert [(*row[:2], *(at.timestamp() for at in row[2:])) for row in of(found, *names)] == [
        ("trades", "disconnect", 100.01, 102.0),
        ("book", "disconnect", 100.0, 102.01),
    ]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ([1, {"x": []}, "book-10", "A/B"], "parts of a book that it does not know, x"),
        ([1, [], "own", "A/B"], "a channel that it does not know, own"),
        ([1, [["1", "1", "1.0", "x", "m", ""]], "trade", "A/B"], "'x' is none of b, s"),
        ([1, [["1", "1", "1.0", "b", "m", ""]], "trade", "AB"], "not enough values to unpack"),
        ({"event": "boom"}, "an event that it does not know, boom"),
        ({"event": "subscriptionStatus", "status": "gone"}, "'gone' is none of subscribed, unsub"),
        (
            {"event": "subscriptionStatus", "status": "error", "errorMessage": "no such pair"},
            "Kraken answers no such pair",
        ),
        ({"status": "online"}, "no 'event' in it"),
    ],
)
def test_what_it_does_not_know_stops(tmp_path: Path, message: Any, said: str) -> None:
    assert said in refusal(tmp_path, message)


def test_a_capture_without_a_snapshot_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, Exchange(6, 10).change())

    assert "the book of kraken:BTC-CHF has no snapshot" in said


def test_tickers_and_the_list_of_pairs_are_passed_over(tmp_path: Path) -> None:
    path = written(
        tmp_path, NAME, "https://api.kraken.com/0/public/AssetPairs -> 1.0: {}",
        *lines([1, {}, "ticker", "A/B"], {"event": "heartbeat"}),
    )  # fmt: skip

    assert captured(kraken_book, path) == {}


def test_the_recorded_book_holds_what_the_tests_say() -> None:
    heard = [json.loads(line.partition(": ")[2]) for line in BOOK.read_text().splitlines()[4:]]

    assert [len(side) for side in heard[0][1].values()] == [12, 12]
    assert all("c" in each[-3] for each in heard[1:])
