"""Coinbase is listened to without a key, and asked for a book that has crossed."""

from typing import Any

import pytest

from loaders import coinbase_book
from tests.levels import SILENT, Listened, gaps, listened, of
from tests.pushes import LOST

TIME = "2024-03-01T15:00:00.000001Z"
BEAT = {"type": "heartbeat", "product_id": "BTC-USD", "last_trade_id": 1}
PRODUCTS = ["BTC-USD", "ETH-USD"]


def snapshot(pair: str = "BTC-USD") -> Any:
    levels = {"bids": [["100.0", "1.0"]], "asks": [["100.1", "2.0"]]}
    return {"type": "snapshot", "product_id": pair, **levels}


def update(side: str, price: str, size: str, pair: str = "BTC-USD") -> Any:
    changes = [[side, price, size]]
    return {"type": "l2update", "product_id": pair, "changes": changes, "time": TIME}


def match(number: int, kind: str = "match") -> Any:
    said = {"side": "buy", "size": "0.5", "price": "100.0", "time": TIME}
    return {"type": kind, "trade_id": number, "product_id": "BTC-USD", **said}


def tops(heard: Listened) -> list[tuple[Any, ...]]:
    names = ("update_id", "best_bid", "best_ask")
    return of([row for row in heard.rows["book_tops"] if row["pair"] == "BTC-USD"], *names)


def test_it_subscribes_and_tells_books_and_trades() -> None:
    heard = listened(
        coinbase_book, {"type": "subscriptions", "channels": []}, snapshot(), snapshot("ETH-USD"),
        match(7, "last_match"), BEAT, update("buy", "100.05", "1"), match(8), asks=1,
    )  # fmt: skip

    channels = ["level2_batch", "matches", "heartbeat"]
    assert heard.sent == [{"type": "subscribe", "product_ids": PRODUCTS, "channels": channels}]
    assert tops(heard) == [(0, 100.0, 100.1), (1, 100.05, 100.1)]
    assert of(heard.rows["crypto_trades"], "trade_id", "side") == [(7, -1), (8, -1)]
    assert (gaps(heard.rows), heard.error) == ([], None)


def test_a_crossed_book_brings_another_snapshot_while_the_other_goes_on() -> None:
    heard = Listened()

    listened(
        coinbase_book, snapshot("ETH-USD"), snapshot(), update("buy", "100.2", "1"),
        heard.has_heard(1, '"unsubscribe"', "BTC-USD"), heard.has_heard(2, '"subscribe"'),
        update("buy", "99.0", "1"), update("buy", "99.0", "1", "ETH-USD"), snapshot(),
        update("buy", "99.0", "1"), told=heard, asks=1,
    )  # fmt: skip

    about = {"product_ids": ["BTC-USD"], "channels": ["level2_batch"]}
    assert heard.sent[1:] == [{"type": word, **about} for word in ("unsubscribe", "subscribe")]
    assert gaps(heard.rows) == [("BTC-USD", "book", "crossed", None, None, 2)]
    assert [update_id for update_id, *_ in tops(heard)] == [0, 0, 1]
    ether = [row for row in heard.rows["book_tops"] if row["pair"] == "ETH-USD"]
    assert of(ether, "update_id") == [(0,), (1,)]


@pytest.mark.parametrize(
    ("end", "reason"), [(LOST, "disconnect"), (SILENT, "silence")], ids=["closed", "silent"]
)
def test_a_connection_that_ends_is_a_gap_and_missed_trades_are_another(
    end: Any, reason: str
) -> None:
    heard = listened(
        coinbase_book, snapshot(), match(7), end, match(9, "last_match"), snapshot(), match(10),
        silence_s=0.15, asks=1,
    )  # fmt: skip

    assert heard.n_connections == 2
    assert sorted(gaps(heard.rows)) == [
        ("BTC-USD", "book", reason, 1, None, 0), ("BTC-USD", "trades", reason, 8, 9, 0),
    ]  # fmt: skip
    assert of(heard.rows["crypto_trades"], "trade_id") == [(7,), (9,), (10,)]


def test_a_server_that_closes_at_once_is_asked_again() -> None:
    heard = listened(coinbase_book, LOST, LOST, snapshot(), asks=1)

    assert heard.n_connections == 3
    assert (len(tops(heard)), gaps(heard.rows), heard.error) == (1, [], None)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("{", "Input data was truncated: '{'; "),
        ("[1]", "not of a shape that it knows: '[1]'; "),
        (
            {
                "type": "error", "message": "Failed to subscribe",
                "reason": "BTC-USDX is not a valid product",
            },
            "Coinbase answers Failed to subscribe: BTC-USDX is not a valid product",
        ),
    ],
    ids=["no JSON", "no message", "a pair that Coinbase does not know"],
)  # fmt: skip
def test_what_it_does_not_understand_ends_it_and_what_came_before_stays(
    frame: Any, said: str
) -> None:
    heard = listened(coinbase_book, snapshot(), frame, asks=1)

    assert str(heard.error).startswith(f"coinbase_book: {said}")
    assert len(tops(heard)) == 1
