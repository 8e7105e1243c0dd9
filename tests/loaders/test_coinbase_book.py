"""Coinbase's books follow their snapshots, and its trades are the takers', none left out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.store import Store
from loaders import coinbase_book
from tests.kraken import lines
from tests.levels import MESSAGES, captured, gaps, of, written
from tests.stores import ask

CAPTURE = MESSAGES / "COINBASE.ws.28.0"
NAME = "COINBASE.ws.1.0"
PAIR = "BAND-GBP"
TIME = "2021-04-17T16:43:37.083117Z"
SNAPSHOT = {
    "type": "snapshot", "product_id": PAIR,
    "bids": [["14.7", "2.5"], ["14.6", "1.0"]], "asks": [["14.8", "12.77"]],
}  # fmt: skip


def update(*changes: list[str]) -> Any:
    return {"type": "l2update", "product_id": PAIR, "changes": list(changes), "time": TIME}


def match(number: int, kind: str = "match", side: str = "sell") -> Any:
    said = {"side": side, "size": "0.5", "price": "14.75", "time": TIME}
    return {"type": kind, "trade_id": number, "product_id": PAIR, "sequence": 1, **said}


def told(folder: Path, *messages: Any) -> Any:
    return captured(coinbase_book, written(folder, NAME, *lines(*messages)))


def test_a_capture_loads_whole(store: Store) -> None:
    paths = [MESSAGES / "COINBASE.0", CAPTURE]

    found = plan("coinbase_book", coinbase_book, paths).files
    list(from_files("coinbase_book", coinbase_book, store, found))

    tops = ask(store.place, "raw.book_tops")
    assert {(row["venue"], row["pair"]) for row in tops} == {("coinbase", PAIR)}
    assert sorted(row["update_id"] for row in tops) == list(range(1 + 8))
    assert len(ask(store.place, "raw.book_updates")) == 12 + 8
    assert len(ask(store.place, "raw.crypto_trades")) == 3
    assert ask(store.place, "raw.feed_gaps") == []
    assert ask(store.place, "raw.rejected") == []


def test_a_snapshot_is_the_whole_book_and_an_update_says_what_stands_now() -> None:
    rows = captured(coinbase_book, CAPTURE)

    names = ("update_id", "is_snapshot", "book_side", "price", "size", "prev_size")
    assert of(rows["book_updates"][12:15], *names) == [
        (1, False, -1, 14.8098, 0.0, 123.1),
        (2, False, 1, 14.7472, 0.0, 49.37),
        (3, False, -1, 14.8024, 0.0, 12.77),
    ]
    top = rows["book_tops"][0]
    assert (top["bid_size_10bps"], top["ask_size_10bps"]) == (0.0, 0.0)  # known to be nothing
    assert top["epoch"] == "1618677817077736"
    assert rows["book_tops"][1]["exchange_at"] == datetime(
        2021, 4, 17, 16, 43, 37, 83117, tzinfo=UTC
    )


def test_a_match_names_the_maker_and_the_row_the_taker() -> None:
    trades = captured(coinbase_book, CAPTURE)["crypto_trades"]

    assert of(trades, "trade_id", "price", "size", "side") == [
        (881613, 14.7775, 0.04, 1),
        (881614, 14.7646, 5.0, -1),
        (881615, 14.7646, 5.0, -1),
    ]


def test_the_newest_trade_is_told_once_however_often_it_is_repeated(tmp_path: Path) -> None:
    rows = told(tmp_path, match(7, "last_match"), match(8), match(8, "last_match"), match(9))

    assert of(rows["crypto_trades"], "trade_id") == [(7,), (8,), (9,)]
    assert "feed_gaps" not in rows


def test_trades_that_were_left_out_are_a_gap(tmp_path: Path) -> None:
    rows = told(tmp_path, match(7), match(9))

    assert gaps(rows) == [(PAIR, "trades", "gap", 8, 9, 0)]


def test_a_new_connection_shows_what_trades_were_missed(tmp_path: Path) -> None:
    path = written(
        tmp_path, NAME, *lines(SNAPSHOT, match(7)), "wss://ws-feed.pro.coinbase.com <-> 101.5",
        *lines(match(10, "last_match"), SNAPSHOT, since=102.0),
    )  # fmt: skip

    rows = captured(coinbase_book, path)

    assert gaps(rows) == [
        (PAIR, "trades", "disconnect", 8, 10, 0), (PAIR, "book", "disconnect", 1, None, 0),
    ]  # fmt: skip
    assert of(rows["crypto_trades"], "trade_id") == [(7,), (10,)]


def test_a_crossed_book_is_broken_until_the_next_snapshot(tmp_path: Path) -> None:
    crossing = update(["buy", "14.8", "1.0"])

    rows = told(tmp_path, SNAPSHOT, crossing, update(["sell", "14.8", "0"]), SNAPSHOT)

    assert gaps(rows) == [(PAIR, "book", "crossed", None, None, 2)]
    assert of(rows["book_tops"], "epoch") == [("100000000",), ("100030000",)]


def test_one_update_may_change_many_levels_and_move_both_sides(tmp_path: Path) -> None:
    rows = told(
        tmp_path,
        SNAPSHOT,
        update(["buy", "14.85", "3.0"], ["sell", "14.8", "0"], ["sell", "14.9", "4.0"]),
    )

    assert "feed_gaps" not in rows
    assert of(rows["book_tops"], "best_bid", "best_ask")[1:] == [(14.85, 14.9)]


def test_prices_finer_than_a_hundred_millionth_are_levels_of_their_own(tmp_path: Path) -> None:
    fine = SNAPSHOT | {"bids": [["0.000000012", "1"], ["0.000000011", "2"]]}

    (top,) = told(tmp_path, fine)["book_tops"]

    assert (top["best_bid"], top["bid_size"], top["bid_size_5"]) == (1.2e-8, 1.0, 3.0)


def test_what_comes_twice_changes_nothing(tmp_path: Path) -> None:
    change = update(["buy", "14.7", "2.0"])

    rows = told(tmp_path, SNAPSHOT, change, change)

    assert of(rows["book_updates"], "update_id", "size")[3:] == [(1, 2.0)]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"type": "received"}, "a message of a type that it does not know, received"),
        (update(["bid", "14.7", "1"]), "'bid' is none of buy, sell"),
        (match(1, side="b"), "'b' is none of buy, sell"),
        (SNAPSHOT | {"bids": None}, "not of a shape that it knows"),
        (
            {"type": "error", "message": "Failed to subscribe", "reason": "A-B is not valid"},
            "Coinbase answers Failed to subscribe: A-B is not valid",
        ),
        ({}, "no 'type' in it"),
    ],
)
def test_what_it_does_not_know_stops(tmp_path: Path, message: Any, said: str) -> None:
    with pytest.raises(FeedError) as refused:
        told(tmp_path, message)

    assert said in str(refused.value)


def test_a_capture_without_a_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="the book of coinbase:BAND-GBP has no snapshot"):
        told(tmp_path, update(["buy", "14.7", "2.0"]))
