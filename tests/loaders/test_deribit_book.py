"""Deribit's books follow by the change before, and count coins whatever Deribit counts."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.store import Store
from loaders import deribit_book
from tests.kraken import lines
from tests.levels import MESSAGES, captured, gaps, of, written
from tests.stores import ask

CAPTURE = MESSAGES / "DERIBIT.ws.1.0"
NAME = "DERIBIT.ws.1.0"
OPTION = "BTC-24SEP21-8000-P"
ADDRESS = "wss://www.deribit.com/ws/api/v2"


def pushed(channel: str, said: Any) -> Any:
    params = {"channel": channel, "data": said}
    return {"jsonrpc": "2.0", "method": "subscription", "params": params}


def book(change_id: int, previous: int | None = None, *, name: str = OPTION, **said: Any) -> Any:
    kind = {"type": "snapshot"} if previous is None else {"type": "change"}
    named = {"instrument_name": name, "change_id": change_id, "timestamp": 1626993724318}
    chained = {} if previous is None else {"prev_change_id": previous}
    levels: dict[str, Any] = {"bids": [], "asks": []}
    return pushed(f"book.{name}.raw", kind | named | chained | levels | said)


def trade(number: int, name: str = OPTION, **said: Any) -> Any:
    said = {
        "trade_seq": number, "trade_id": f"ETH-{number + 100}", "timestamp": 1626993724318,
        "instrument_name": name, "price": 0.0075, "amount": 3.0, "direction": "sell",
    } | said  # fmt: skip
    return pushed(f"trades.{name}.raw", [said])


def told(folder: Path, *messages: Any) -> Any:
    return captured(deribit_book, written(folder, NAME, *lines(*messages)))


def test_a_capture_loads_whole(store: Store) -> None:
    found = plan("deribit_book", deribit_book, [CAPTURE]).files
    list(from_files("deribit_book", deribit_book, store, found))

    tops = ask(store.place, "raw.book_tops")
    assert {(row["venue"], row["pair"]) for row in tops} == {("deribit", OPTION)}
    assert sorted(row["update_id"] for row in tops) == [
        33195894164, 33195894355, 33195894358, 33195894526, 33195894530, 33195894761,
    ]  # fmt: skip
    assert ask(store.place, "raw.feed_gaps") == []
    assert ask(store.place, "raw.rejected") == []


def test_a_change_is_a_row_with_the_size_before_in_the_options_coin() -> None:
    updates = captured(deribit_book, CAPTURE)["book_updates"]

    changes = [row for row in updates if not row["is_snapshot"]]
    assert of(changes[:2], "book_side", "price", "size", "prev_size", "epoch") == [
        (-1, 0.001, 2.6, 0.0, "1626993723849952"),
        (-1, 0.001, 0.0, 2.6, "1626993723849952"),
    ]
    assert changes[0]["exchange_at"] == datetime(2021, 7, 22, 22, 42, 4, 318000, tzinfo=UTC)
    assert updates[0]["exchange_at"] is None


def test_an_empty_book_begins_and_goes_on(tmp_path: Path) -> None:
    rows = told(
        tmp_path, book(0), book(5, 0, bids=[["new", 0.001, 1.0]]),
        book(9, 5, asks=[["new", 0.002, 2.0]]),
    )  # fmt: skip

    assert "feed_gaps" not in rows
    assert of(rows["book_updates"], "update_id", "best_bid", "best_ask") == [
        (5, None, None), (9, 0.001, 0.002),
    ]  # fmt: skip
    assert of(rows["book_tops"], "update_id") == [(9,)]


@pytest.mark.parametrize("previous", [11, 9], ids=["left out", "older"])
def test_a_change_that_does_not_name_the_one_before_is_a_gap(tmp_path: Path, previous: int) -> None:
    level: dict[str, Any] = {"asks": [["new", 0.002, 2.0]], "bids": [["new", 0.001, 2.0]]}

    rows = told(
        tmp_path, book(10, **level), book(20, previous), book(30, 20), book(40, **level),
        book(45, 40, bids=[["change", 0.001, 3.0]]),
    )  # fmt: skip

    assert gaps(rows) == [(OPTION, "book", "gap", 11, previous + 1, 2)]
    assert of(rows["book_tops"], "update_id") == [(10,), (40,), (45,)]


def test_changes_in_the_wrong_order_are_a_gap(tmp_path: Path) -> None:
    rows = told(tmp_path, book(10), book(30, 20), book(20, 10))

    assert gaps(rows) == [(OPTION, "book", "gap", 11, 21, 2)]


def test_a_change_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    change = book(20, 10, asks=[["new", 0.002, 2.0]])

    rows = told(tmp_path, book(10), change, change)

    assert of(rows["book_updates"], "update_id") == [(20,)]
    assert "feed_gaps" not in rows


def test_an_idle_book_has_another_epoch_on_another_connection(tmp_path: Path) -> None:
    level: dict[str, Any] = {"asks": [["new", 0.002, 2.0]], "bids": [["new", 0.001, 2.0]]}
    path = written(
        tmp_path, NAME, *lines(book(10, **level)), f"{ADDRESS} <-> 101.5",
        *lines(book(10, **level), since=102.0),
    )  # fmt: skip

    rows = captured(deribit_book, path)

    assert of(rows["book_tops"], "epoch", "update_id") == [("100000000", 10), ("102000000", 10)]
    assert gaps(rows) == [(OPTION, "book", "disconnect", 11, None, 0)]


@pytest.mark.parametrize(
    ("name", "pair", "size"),
    [
        ("BTC-PERPETUAL", "BTC-PERPETUAL", 2.5),
        ("BTC-24SEP21", "BTC-24SEP21", 2.5),
        ("BTC_USDC-PERPETUAL", "BTC_USDC-PERPETUAL", 100_000.0),
        ("SOL_USDC-27DEC24", "SOL_USDC-27DEC24", 100_000.0),
        ("XRP_USDC-27JUN25-2d5-C", "XRP_USDC-27JUN25-2d5-C", 100_000.0),
        ("BTC_USDC", "BTC-USDC", 100_000.0),
    ],
)
def test_sizes_are_coins_of_inverse_futures_too(
    tmp_path: Path, name: str, pair: str, size: float
) -> None:
    levels: dict[str, Any] = {
        "bids": [["new", 40_000.0, 100_000]],
        "asks": [["new", 40_001.0, 40_001]],
    }

    rows = told(
        tmp_path, book(1, name=name, **levels), trade(1, name, price=40_000, amount=100_000)
    )

    assert of(rows["book_tops"], "pair", "bid_size") == [(pair, size)]
    assert of(rows["crypto_trades"], "pair", "size") == [(pair, size)]


def test_a_trade_is_the_takers_and_its_id_has_no_currency(tmp_path: Path) -> None:
    rows = told(tmp_path, trade(1), trade(2, direction="buy", trade_id="77"))

    names = ("trade_id", "side", "price", "size", "is_aggregate", "sequence")
    assert of(rows["crypto_trades"], *names) == [
        (101, -1, 0.0075, 3.0, False, 1_000_000), (77, 1, 0.0075, 3.0, False, 2_000_000),
    ]  # fmt: skip


def test_trades_that_were_left_out_are_a_gap(tmp_path: Path) -> None:
    assert gaps(told(tmp_path, trade(1), trade(4))) == [(OPTION, "trades", "gap", 2, 4, 0)]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (book(1, name="BTC-FS-27DEC24_PERP"), "an instrument whose sizes it does not know, BTC-FS"),
        (book(1, bids=[["old", 0.1, 1.0]]), "'old' is none of change, delete, new"),
        (book(1, 0, type="diff"), "'diff' is none of change, snapshot"),
        (book(1, type="change"), "no 'prev_change_id' in it"),
        (trade(1, direction="up"), "'up' is none of buy, sell"),
        (pushed("user.orders", []), "a channel that it does not know, user.orders"),
        ({"method": "public/x"}, "a method that it does not know, public/x"),
        ({"id": 1, "error": {"code": 13009, "message": "unauthorized"}}, "13009 unauthorized"),
        ({"id": 1, "testnet": True, "result": []}, "the test network says this"),
    ],
)
def test_what_it_does_not_know_stops(tmp_path: Path, message: Any, said: str) -> None:
    with pytest.raises(FeedError) as refused:
        told(tmp_path, message)

    assert said in str(refused.value)


def test_tickers_and_lists_of_instruments_are_passed_over(tmp_path: Path) -> None:
    path = written(
        tmp_path, NAME, "https://a/api/v2/public/get_instruments?currency=A -> 1.0: {}",
        *lines(pushed(f"ticker.{OPTION}.raw", {}), {"id": 0, "result": ["x"], "testnet": False}),
    )  # fmt: skip

    assert captured(deribit_book, path) == {}
