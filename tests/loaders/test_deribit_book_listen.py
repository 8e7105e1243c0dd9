"""Deribit is listened to without a key, and asked for a book whose chain has broken."""

from typing import Any

import pytest

from loaders import deribit_book
from tests.levels import SILENT, Listened, gaps, listened, of
from tests.pushes import LOST

NAMES = ("BTC-PERPETUAL", "ETH-PERPETUAL")
CHANNELS = [f"{kind}.{name}.100ms" for kind in ("book", "trades") for name in NAMES]


def accepted(number: int = 2, channels: Any = CHANNELS) -> Any:
    return {"jsonrpc": "2.0", "id": number, "result": channels, "usOut": 1, "testnet": False}


def pushed(channel: str, said: Any) -> Any:
    params = {"channel": f"{channel}.100ms", "data": said}
    return {"jsonrpc": "2.0", "method": "subscription", "params": params}


def book(change_id: int, previous: int | None = None, name: str = "BTC-PERPETUAL") -> Any:
    said: dict[str, Any] = {"instrument_name": name, "change_id": change_id, "timestamp": 1_000}
    said |= {"bids": [["new", 100.0, 1_000.0 + change_id]], "asks": [["new", 100.5, 1_000.0]]}
    if previous is None:
        return pushed(f"book.{name}", said | {"type": "snapshot"})
    return pushed(f"book.{name}", said | {"type": "change", "prev_change_id": previous})


def trade(number: int) -> Any:
    said = {
        "trade_seq": number, "trade_id": str(number), "timestamp": 1_000, "price": 100.0,
        "instrument_name": "BTC-PERPETUAL", "amount": 50.0, "direction": "buy",
    }  # fmt: skip
    return pushed("trades.BTC-PERPETUAL", [said])


def tops(heard: Listened, name: str = "BTC-PERPETUAL") -> list[tuple[Any, ...]]:
    return of([row for row in heard.rows["book_tops"] if row["pair"] == name], "update_id")


def test_it_asks_for_heartbeats_subscribes_and_tells_books_and_trades() -> None:
    heard = listened(
        deribit_book, accepted(1, "ok"), accepted(), book(5), book(9, 5), trade(3),
        {"jsonrpc": "2.0", "method": "heartbeat", "params": {"type": "heartbeat"}},
    )  # fmt: skip

    assert [(each["method"], each["params"]) for each in heard.sent] == [
        ("public/set_heartbeat", {"interval": 10}),
        ("public/subscribe", {"channels": CHANNELS}),
    ]
    assert tops(heard) == [(5,), (9,)]
    assert of(heard.rows["crypto_trades"], "trade_id", "size") == [(3, 0.5)]
    assert (gaps(heard.rows), heard.error) == ([], None)


def test_a_heartbeat_that_wants_an_answer_gets_one() -> None:
    heard = Listened()

    listened(
        deribit_book, accepted(),
        {"jsonrpc": "2.0", "method": "heartbeat", "params": {"type": "test_request"}},
        heard.has_heard(1, "public/test"), accepted(3, {"version": "1.2.26"}), book(5),
        told=heard,
    )  # fmt: skip

    assert heard.sent[2] == {"jsonrpc": "2.0", "id": 3, "method": "public/test", "params": {}}
    assert (tops(heard), heard.error) == ([(5,)], None)


def test_a_broken_chain_brings_another_snapshot_while_the_other_book_goes_on() -> None:
    heard, channel, ether = Listened(), ["book.BTC-PERPETUAL.100ms"], "ETH-PERPETUAL"

    listened(
        deribit_book, accepted(), book(1, name=ether), book(5), book(20, 9),
        heard.has_heard(1, "public/unsubscribe"), heard.has_heard(2, "public/subscribe"),
        accepted(3, channel), book(21, 20), book(2, 1, ether), accepted(4, channel), book(30),
        book(31, 30), told=heard,
    )  # fmt: skip

    assert [(each["method"], each["params"]["channels"]) for each in heard.sent[2:]] == [
        ("public/unsubscribe", channel), ("public/subscribe", channel),
    ]  # fmt: skip
    assert gaps(heard.rows) == [("BTC-PERPETUAL", "book", "gap", 6, 10, 2)]
    assert (tops(heard), tops(heard, ether)) == ([(5,), (30,), (31,)], [(1,), (2,)])


@pytest.mark.parametrize(
    ("end", "reason"), [(LOST, "disconnect"), (SILENT, "silence")], ids=["closed", "silent"]
)
def test_a_connection_that_ends_is_a_gap_and_missed_trades_are_another(
    end: Any, reason: str
) -> None:
    heard = listened(
        deribit_book, accepted(), book(5), trade(3), end, accepted(4), book(9), trade(6),
        silence_s=0.15,
    )  # fmt: skip

    assert heard.n_connections == 2
    assert sorted(gaps(heard.rows)) == [
        ("BTC-PERPETUAL", "book", reason, 6, None, 0),
        ("BTC-PERPETUAL", "trades", reason, 4, 6, 0),
    ]
    assert tops(heard) == [(5,), (9,)]


def test_a_server_that_closes_at_once_is_asked_again() -> None:
    heard = listened(deribit_book, LOST, LOST, accepted(6), book(5))

    assert heard.n_connections == 3
    assert (tops(heard), gaps(heard.rows), heard.error) == ([(5,)], [], None)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("nonsense", "JSON is malformed: invalid character (byte 4): 'nonsense'; mend the loader"),
        ("[1]", "not of a shape that it knows: '[1]'; mend the loader"),
        (
            accepted(channels=[each for each in CHANNELS if "ETH" not in each]),
            "Deribit takes no subscription to book.ETH-PERPETUAL.100ms, trades.ETH-PERPETUAL.100ms",
        ),
    ],
    ids=["no JSON", "no message", "an instrument that Deribit does not know"],
)
def test_what_it_does_not_understand_ends_it_and_what_came_before_stays(
    frame: Any, said: str
) -> None:
    heard = listened(deribit_book, book(5), frame)

    assert str(heard.error) == f"deribit_book: {said}"
    assert tops(heard) == [(5,)]
