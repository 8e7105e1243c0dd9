"""Books of Tardis's files are those that their lines tell, and a gap where they tell none."""

import random
from pathlib import Path

import pytest

from leadline.store import Store
from tests.binance import of
from tests.stores import ask
from tests.tardis import BOOK, BOOK_HEADER, load, refusal, rows, us, written


def test_a_book_begins_with_its_snapshot_in_coins_and_breaks_where_it_crosses(
    store: Store,
) -> None:
    load(store, BOOK)

    told = [
        of(row, "epoch", "update_id", "best_bid", "best_ask", "bid_size", "ask_size")
        for row in rows(store, "book_tops")
    ]
    first, second, third = "1585699200360000", "1585699201100000", "1585699202100000"
    assert told == [
        (first, 1585699200360000, 6400, 6425, 2, 1),
        (first, 1585699200370000, 6400, 6450, 1, 2),
        (second, 1585699201100000, 6440, 6460, 0.5, 1),
        (third, 1585699202100000, 6400, 6410, 1, 1),
    ]


def test_lines_before_a_snapshot_a_crossed_book_and_a_lost_connection_are_gaps(
    store: Store,
) -> None:
    load(store, BOOK)

    told = sorted(rows(store, "feed_gaps"), key=lambda row: row["began_at"])
    assert {of(row, "venue", "pair", "channel") for row in told} == {
        ("deribit", "BTC-PERPETUAL", "book")
    }
    names = ("reason", "n_dropped", "began_at", "ended_at", "expected_id")
    assert [of(row, *names) for row in told] == [
        ("disconnect", 1, us(1585699200300000), us(1585699200360000), None),
        ("crossed", 2, us(1585699200370000), us(1585699201100000), None),
        ("disconnect", 0, us(1585699201110000), us(1585699202100000), None),
    ]


def test_a_changed_level_has_the_size_before_and_the_venues_own_time(store: Store) -> None:
    load(store, BOOK)

    found = rows(store, "book_updates")
    told = [row for row in found if row["update_id"] == 1585699200370000]
    assert [of(row, "book_side", "price", "size", "prev_size") for row in told] == [
        (1, 6400, 1, 2),
        (-1, 6425, 0, 1),
    ]
    assert {of(row, "exchange_at", "known_at", "is_snapshot") for row in told} == {
        (us(1585699200260000), us(1585699200370000), False)
    }
    assert len({row["sequence"] for row in found}) == len(found)


def test_symbols_of_one_file_have_books_of_their_own(store: Store, tmp_path: Path) -> None:
    path = written(
        tmp_path / "binance_incremental_book_L2_2020-09-01_SPOT.csv",
        BOOK_HEADER,
        "binance,BTCUSDT,10,11,true,bid,100,1",
        "binance,BTCUSDT,10,11,true,ask,101,1",
        "binance,ETHUSDT,10,11,true,bid,10,1",
        "binance,ETHUSDT,10,11,true,ask,11,1",
        "binance,BTCUSDT,20,21,false,bid,100,2",
        "binance,ETHUSDT,20,21,false,ask,11,3",
        "binance,BTCUSDT,20,21,false,bid,100,4",
    )

    load(store, path)

    told = [
        of(row, "pair", "update_id", "bid_size", "ask_size") for row in rows(store, "book_tops")
    ]
    assert sorted(told) == [
        ("BTC-USDT", 11, 1, 1),
        ("BTC-USDT", 21, 2, 1),
        ("BTC-USDT", 22, 4, 1),  # another message of the same microsecond
        ("ETH-USDT", 11, 1, 1),
        ("ETH-USDT", 21, 1, 3),
    ]
    assert rows(store, "feed_gaps") == []


def test_a_long_book_is_the_one_that_plain_python_keeps(store: Store, tmp_path: Path) -> None:
    choice, at = random.Random(20_200_401), 1_000
    told: list[str] = []
    sides: dict[str, dict[int, int]] = {"bid": {}, "ask": {}}
    wanted: list[tuple[float, ...]] = []
    for n in range(2_000):
        at += choice.randint(1, 9)
        is_snapshot = n % 500 == 0
        changes = []
        if is_snapshot:
            sides = {"bid": {}, "ask": {}}
            changes = [("bid", 900, 7), ("ask", 1_100, 7)]
        for _ in range(choice.randint(1, 4)):
            side = choice.choice(("bid", "ask"))
            price = choice.randint(901, 999) if side == "bid" else choice.randint(1_001, 1_099)
            changes.append((side, price, choice.randint(int(is_snapshot), 3)))
        for side, price, size in changes:
            sides[side].pop(price, None)
            sides[side] |= {price: size} if size else {}
            mark = str(is_snapshot).lower()
            told.append(f"coinbase,BTC-USD,{at - 1},{at},{mark},{side},{price},{size}")
        bids = sorted(sides["bid"].items(), reverse=True)
        asks = sorted(sides["ask"].items())
        five = (sum(size for _, size in levels[:5]) for levels in (bids, asks))
        wanted.append((at, bids[0][0], asks[0][0], bids[0][1], asks[0][1], *five))
    path = tmp_path / "coinbase_incremental_book_L2_2020-04-01_BTC-USD.csv"

    load(store, written(path, BOOK_HEADER, *told))

    names = ("update_id", "best_bid", "best_ask", "bid_size", "ask_size")
    found = rows(store, "book_tops")
    assert [of(row, *names, "bid_size_5", "ask_size_5") for row in found] == wanted
    assert [of(row, "reason", "n_dropped") for row in rows(store, "feed_gaps")] == [
        ("disconnect", 0)
    ] * 3
    assert ask(store.place, "raw.rejected") == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "deribit,BTC-PERPETUAL,1,1585699200300000,false,ask,6421.5,10",
            ":15: local_timestamp 1585699200300000 is before 1585699202100000; "
            "fetch the file again",
        ),
        (
            "deribit,BTC-PERPETUAL,1,1585699203000000,false,ask,6421.5,-10",
            ":15: a size of -10 at a price of 6421.5 is no level; fetch it again",
        ),
        (
            "deribit,BTC-PERPETUAL,1,1585699203000000,false,sell,6421.5,10",
            ":15: 'sell' is none of ask, bid; mend the loader",
        ),
        (
            "deribit,BTC-PERPETUAL,1,1585699203000000,maybe,ask,6421.5,10",
            ":15: 'maybe' is none of false, true; mend the loader",
        ),
        (
            "deribit,BTC-CS-X,1,1585699203000000,false,ask,6421.5,10",
            ":15: a symbol of a combo, or one that it does not know, BTC-CS-X: "
            "'deribit BTC-CS-X'; mend the loader",
        ),
        (
            "deribit,ETH-PERPETUAL,1,1585699203000000,false,ask,200,10",
            ": the book of deribit:ETH-PERPETUAL has no snapshot; fetch the file again",
        ),
    ],
)
def test_a_line_of_a_book_that_cannot_be_is_one_sentence(
    line: str, sentence: str, store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path / BOOK.name, *BOOK.read_text().splitlines(), line)

    assert refusal(store, path) == f"{path}{sentence}"


def test_a_price_of_a_book_that_is_a_word_is_one_sentence(store: Store, tmp_path: Path) -> None:
    path = tmp_path / BOOK.name
    path.write_text(BOOK.read_text().replace(",6450,12900", ",cheap,12900"))

    told = refusal(store, path)

    assert told.startswith(f'{path}:5: Error when converting column "price"')
