"""Kraken is listened to, proven as it comes, and asked for a book that its checksum denies."""

import json
import logging
from typing import Any

import pytest

from loaders import kraken_book
from tests.kraken import Exchange
from tests.levels import SILENT, Listened, gaps, listened, of, time_passes
from tests.pushes import LOST

ETHER = {"as": [["2000.1", "1.0", "1.0"]], "bs": [["2000.0", "1.0", "1.0"]]}
OTHER = [1, ETHER, "book-1000", "ETH/USD"]  # a book beside the one that is told about
ONLINE = {"event": "systemStatus", "status": "online"}
BEAT = {"event": "heartbeat"}


def bitcoin() -> Exchange:
    return Exchange(1, 10, "XBT/USD")


def subscribed(channel: str) -> Any:
    return {
        "event": "subscriptionStatus", "status": "subscribed", "channelName": channel,
        "pair": "XBT/USD",
    }  # fmt: skip


def tops(heard: Listened) -> list[tuple[Any, ...]]:
    rows = [row for row in heard.rows.get("book_tops", []) if row["pair"] == "BTC-USD"]
    epochs = sorted({row["epoch"] for row in rows})
    return [(epochs.index(row["epoch"]), row["update_id"]) for row in rows]


def test_it_subscribes_and_tells_books_and_trades() -> None:
    exchange = bitcoin()
    trade = [1, [["1.5", "0.5", "7.000001", "b", "m", ""]], "trade", "XBT/USD"]

    heard = listened(
        kraken_book, ONLINE, subscribed("book-10"), OTHER, exchange.snapshot(), BEAT,
        exchange.change(), trade, exchange.change(),
    )  # fmt: skip

    assert heard.sent == [
        {
            "event": "subscribe", "pair": ["XBT/USD", "ETH/USD"],
            "subscription": {"name": "book", "depth": 1000},
        },
        {
            "event": "subscribe", "pair": ["XBT/USD", "ETH/USD"],
            "subscription": {"name": "trade"},
        },
    ]  # fmt: skip
    assert tops(heard) == [(0, 0), (0, 1), (0, 2)]
    assert of(heard.rows["crypto_trades"], "pair", "trade_id") == [("BTC-USD", 7000001000)]
    assert (gaps(heard.rows), heard.error) == ([], None)


def test_a_wrong_checksum_brings_another_snapshot_while_the_other_book_goes_on() -> None:
    exchange, heard = bitcoin(), Listened()
    wrong, more = exchange.change(), [1, {"a": [["2000.2", "1.0", "1.0"]]}, "book-1000", "ETH/USD"]
    wrong[-3]["c"] = "1"

    listened(
        kraken_book, OTHER, exchange.snapshot(), wrong,
        heard.has_heard(1, '"unsubscribe"', "XBT/USD"), heard.has_heard(3, '"subscribe"'),
        exchange.change(), more, exchange.snapshot(), exchange.change(), told=heard,
    )  # fmt: skip

    about = {"pair": ["XBT/USD"], "subscription": {"name": "book", "depth": 1000}}
    assert heard.sent[2:] == [{"event": word, **about} for word in ("unsubscribe", "subscribe")]
    assert tops(heard) == [(0, 0), (1, 0), (1, 1)]
    assert gaps(heard.rows) == [("BTC-USD", "book", "checksum", None, None, 2)]
    ether = [row for row in heard.rows["book_tops"] if row["pair"] == "ETH-USD"]
    assert of(ether, "update_id") == [(0,), (1,)]


def test_a_snapshot_that_does_not_come_is_asked_for_over_another_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    exchange, heard = bitcoin(), Listened()

    with caplog.at_level(logging.WARNING, "leadline"):
        listened(
            kraken_book, OTHER, time_passes(0.3), BEAT, SILENT, OTHER, exchange.snapshot(),
            exchange.change(), told=heard, patience_s=0.2,
        )  # fmt: skip

    assert heard.n_connections == 2
    assert "kraken_book: no snapshot of BTC-USD in 0.2 s; it is asked" in caplog.messages[0]
    assert (tops(heard), heard.error) == ([(0, 0), (0, 1)], None)
    assert gaps(heard.rows) == [("ETH-USD", "book", "disconnect", 1, None, 0)]


@pytest.mark.parametrize(
    ("end", "reason"), [(LOST, "disconnect"), (SILENT, "silence")], ids=["closed", "silent"]
)
def test_a_connection_that_ends_is_a_gap_of_books_and_of_trades(end: Any, reason: str) -> None:
    exchange = bitcoin()

    heard = listened(
        kraken_book, subscribed("trade"), exchange.snapshot(), exchange.change(), end,
        subscribed("trade"), exchange.snapshot(), exchange.change(), silence_s=0.15,
    )  # fmt: skip

    assert heard.n_connections == 2
    assert tops(heard) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    found = {row["channel"]: row for row in heard.rows["feed_gaps"]}
    assert {(row["reason"], row["n_dropped"]) for row in found.values()} == {(reason, 0)}
    known = [row["known_at"] for row in heard.rows["book_tops"]]
    assert (found["book"]["began_at"], found["book"]["ended_at"]) == (known[1], known[2])
    assert (found["trades"]["began_at"], found["trades"]["ended_at"] < known[2]) == (known[1], True)


def test_gaps_that_last_are_told_at_the_end() -> None:
    exchange = bitcoin()

    heard = listened(kraken_book, subscribed("trade"), exchange.snapshot(), LOST, BEAT)

    assert sorted(of(heard.rows["feed_gaps"], "channel", "reason", "ended_at")) == [
        ("book", "disconnect", None), ("trades", "disconnect", None),
    ]  # fmt: skip


def test_a_server_that_closes_at_once_is_asked_again() -> None:
    exchange = bitcoin()

    heard = listened(kraken_book, LOST, LOST, OTHER, exchange.snapshot())

    assert heard.n_connections == 3
    assert (tops(heard), gaps(heard.rows), heard.error) == ([(0, 0)], [], None)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("<html>", "JSON is malformed: invalid character (byte 0): '<html>'; mend the loader"),
        ("17", "not of a shape that it knows: '17'; mend the loader"),
        (
            json.dumps(
                {
                    "event": "subscriptionStatus", "status": "error", "pair": "XBT/USDX",
                    "errorMessage": "Currency pair not supported XBT/USDX",
                }
            ),
            "Kraken answers Currency pair not supported XBT/USDX",
        ),
    ],
    ids=["no JSON", "no message", "a pair that Kraken does not know"],
)  # fmt: skip
def test_what_it_does_not_understand_ends_it_and_what_came_before_stays(
    frame: str, said: str
) -> None:
    heard = listened(kraken_book, OTHER, bitcoin().snapshot(), frame)

    assert str(heard.error) == f"kraken_book: {said}"
    assert tops(heard) == [(0, 0)]
