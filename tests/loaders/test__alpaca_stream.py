"""Alpaca's socket is given the keys and the stocks, and what it pushes is rows; a loss is a gap."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from websockets.asyncio.server import ServerConnection

from leadline import clock
from leadline.clock import Span
from leadline.errors import ConfigError, FeedError
from leadline.feed import Connection
from leadline.publication import Publication
from loaders import equity_trades_alpaca
from loaders._alpaca_stream import Subscription, is_session
from loaders._symbols import FIRST
from tests.alpaca import KEYS
from tests.greeters import Greeter, listened_to
from tests.pushes import LOST
from tests.stores import ask, knowing_sessions

NAME = "equity_trades_alpaca"
SPAN = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 8, 1, tzinfo=UTC))
# As Alpaca's own documentation has them.
PRINT = {
    "T": "t", "S": "AAPL", "i": 6142, "x": "V", "p": 177.79, "s": 90, "c": ["@", "I"], "z": "C",
    "t": "2024-03-12T10:27:48.858228144Z",
}  # fmt: skip
QUOTE = {
    "T": "q", "S": "AAPL", "bx": "O", "bp": 133.85, "bs": 4, "ax": "R", "ap": 135.77, "as": 5,
    "c": ["R"], "z": "A", "t": "2024-07-24T07:56:53.639713735Z",
}  # fmt: skip
DARK = PRINT | {"S": "DJT", "i": 4868, "x": "D", "p": 36.18, "s": 31800}
CANCEL = {
    "T": "x", "S": "DJT", "i": 4868, "x": "D", "p": 36.18, "s": 31800, "a": "C", "z": "C",
    "t": "2024-03-12T12:00:00Z",
}  # fmt: skip
RIGHT = {
    "T": "c", "S": "DJT", "x": "D", "oi": 4868, "op": 36.18, "os": 31800, "oc": ["@"], "ci": 4999,
    "cp": 36.2, "cs": 31800, "cc": ["@"], "z": "C", "t": "2024-03-12T12:00:00Z",
}  # fmt: skip


def success(message: str) -> list[dict[str, str]]:
    return [{"T": "success", "msg": message}]


def error(code: int, message: str) -> list[dict[str, Any]]:
    return [{"T": "error", "code": code, "msg": message}]


class Alpaca(Greeter):
    """Greets as Alpaca does, takes keys and stocks, and sends each frame in turn.

    `answers` are those to the keys, one a connection, and nothing is a welcome; `pushes` is what it
    says that it pushes, of which `said` is what it was asked for.
    """

    def __init__(
        self, *frames: Any, answers: Sequence[Any] = (), pushes: dict[str, Any] | None = None
    ) -> None:
        super().__init__(*frames)
        self.answers, self.pushes = list(answers), pushes

    async def talk(self, connection: ServerConnection) -> None:
        await self.send(connection, success("connected"))
        await self.hear(connection)
        if self.answers and (said := self.answers.pop(0)):
            await self.send(connection, said)
            return await connection.close()
        await self.send(connection, success("authenticated"))
        asked = await self.hear(connection)
        whole = {"trades": [], "quotes": [], "bars": [], "corrections": asked["trades"]}
        pushes = {name: value for name, value in asked.items() if name != "action"}
        await self.send(connection, [{"T": "subscription"} | whole | pushes | (self.pushes or {})])
        await self.push(connection)


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def listened(
    alpaca: Alpaca, symbols: tuple[str, ...] = ("AAPL", "DJT"), venue: str = "sip"
) -> tuple[list[tuple[str, dict[str, Any]]], FeedError | None]:
    """Listen until all is sent; return the rows, and the error that it ended with."""
    listen = equity_trades_alpaca.listen
    return listened_to(alpaca, NAME, listen, f"/v2/{venue}", {"symbols": symbols})


def of(rows: Sequence[tuple[str, dict[str, Any]]], dataset: str) -> Iterator[dict[str, Any]]:
    return (row for name, row in rows if name == dataset)


def test_the_keys_are_sent_and_then_the_stocks_of_each_channel() -> None:
    alpaca = Alpaca([PRINT])

    _, told = listened(alpaca)

    key, secret = KEYS.values()
    assert told is None
    assert alpaca.said == [
        {"action": "auth", "key": key, "secret": secret},
        {"action": "subscribe", "trades": ["AAPL", "DJT"], "quotes": ["AAPL", "DJT"]},
    ]


def test_quotes_of_one_exchange_are_never_asked_for() -> None:
    alpaca = Alpaca([PRINT], LOST, [PRINT])

    rows, _ = listened(alpaca, (), "iex")

    assert alpaca.said[1] == {"action": "subscribe", "trades": list(FIRST)}
    assert [(gap["venue"], gap["channel"]) for gap in of(rows, "feed_gaps")] == [("iex", "trades")]


def test_prints_and_quotes_are_rows_that_the_store_takes(tmp_path: Any) -> None:
    rows, _ = listened(Alpaca([PRINT, QUOTE], [DARK]))

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        writes = equity_trades_alpaca.FEED.writes
        live = [(name, [row]) for name, row in rows]
        loaded = store.load(Publication(NAME, "live", writes, live, "live"))
        prints = {row["symbol"]: row for row in ask(store.place, "raw.equity_trades")}

    assert (loaded.n_rows, loaded.n_rejected) == (3, 0)
    assert (prints["DJT"]["venue"], prints["DJT"]["trade_id"]) == ("D", "4868")
    assert prints["AAPL"]["sequence"] == 1710239268858228144


def test_a_print_that_is_taken_back_is_a_later_version_of_it() -> None:
    rows, _ = listened(Alpaca([DARK], [CANCEL]))

    first, last = of(rows, "equity_trades")
    names = ("symbol", "venue", "trade_id", "price", "size", "traded_at")
    assert [first[name] for name in names] == [last[name] for name in names]
    assert last["conditions"] == "canceled"
    assert last["known_at"] == datetime(2024, 3, 12, 12, tzinfo=UTC)


def test_one_that_was_not_heard_is_taken_back_at_the_time_of_its_end() -> None:
    ((_, row),) = listened(Alpaca([CANCEL]))[0]

    assert row["traded_at"] == row["known_at"]


def test_a_correction_takes_one_print_back_and_tells_the_right_one() -> None:
    rows, _ = listened(Alpaca([DARK, RIGHT], [RIGHT | {"ci": 4868}]))

    told = [(row["trade_id"], row["price"], row["conditions"]) for row in of(rows, "equity_trades")]
    assert told == [
        ("4868", "36.18", "@,I"), ("4868", "36.18", "@,incorrect"),
        ("4999", "36.2", "@,corrected"), ("4868", "36.2", "@,corrected"),
    ]  # fmt: skip


def test_a_connection_that_is_lost_is_a_gap_of_prints_and_quotes_until_the_next_is_whole() -> None:
    rows, told = listened(Alpaca([PRINT], LOST, [QUOTE]))

    gaps = list(of(rows, "feed_gaps"))
    assert told is None
    assert [(gap["venue"], gap["channel"], gap["reason"]) for gap in gaps] == [
        ("sip", "trades", "disconnect"), ("sip", "quotes", "disconnect")
    ]  # fmt: skip
    assert all(gap["began_at"] < gap["ended_at"] == gap["known_at"] for gap in gaps)


@pytest.mark.parametrize(
    "answer",
    [
        error(406, "connection limit exceeded"), error(404, "auth timeout"),
        error(407, "slow client"), error(500, "internal error"),
    ],
)  # fmt: skip
def test_a_source_that_has_no_room_yet_is_asked_again(answer: Any) -> None:
    rows, told = listened(Alpaca([PRINT], answers=[answer]))

    assert (len(rows), told) == (1, None)


def test_who_is_known_already_goes_on() -> None:
    rows, told = listened(Alpaca(error(403, "already authenticated"), [PRINT]))

    assert (len(rows), told) == (1, None)


@pytest.mark.parametrize(
    ("answer", "what_now"),
    [
        (error(402, "auth failed"), "'auth failed' (402); look at LEADLINE_ALPACA_KEY_ID and"),
        (error(405, "symbol limit exceeded"), "(405); name fewer in symbols; the free plan takes"),
        (error(409, "insufficient subscription"), "(409); the plan is without this feed; take"),
        (error(411, "insufficient scope"), "'insufficient scope' (411); mend the loader"),
    ],
)
def test_a_refusal_ends_it_in_a_sentence(answer: Any, what_now: str) -> None:
    rows, told = listened(Alpaca([PRINT], answers=[answer]))

    assert rows == []
    assert what_now in str(told)
    assert not any(key in str(told) for key in KEYS.values())


def test_without_keys_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADLINE_ALPACA_KEY_ID")
    alpaca = Alpaca([PRINT])

    with pytest.raises(ConfigError, match="set LEADLINE_ALPACA_KEY_ID in the environment"):
        listened(alpaca)

    assert alpaca.said == []


def test_stocks_that_are_not_pushed_are_named() -> None:
    _, told = listened(Alpaca([PRINT], pushes={"trades": ["AAPL"]}))

    assert str(told) == f"{NAME}: Alpaca pushes no trades of DJT; look at symbols"


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ("<html>", "Expecting value: line 1 column 1 (char 0): '<html>'"),
        ([{"T": "t"}], "no 'S' in it"),
        ([PRINT | {"t": "noon"}], "Failed to parse string: 'noon'"),
        ([PRINT | {"T": "l"}], "an event that it does not know, l"),
        (success("hello"), "a message that it does not know, hello"),
    ],
)
def test_a_message_that_it_does_not_understand_ends_it_and_what_came_before_stays(
    frame: Any, sentence: str
) -> None:
    rows, told = listened(Alpaca([PRINT], frame))

    assert [name for name, _ in rows] == ["equity_trades"]
    assert str(told).startswith(f"{NAME}: {sentence}")


class Silent:
    """A connection that says one thing at a moment and then nothing, until it is given up."""

    def __init__(self, at: datetime, text: str) -> None:
        self.at, self.text, self.reason, self.why = at, text, "disconnect", ""
        self._left = asyncio.Event()

    async def __aiter__(self) -> Any:
        yield self.at, self.text
        await self._left.wait()

    async def give_up(self, why: str) -> None:
        self.why = why
        self._left.set()


def heard(silent: Silent, **how: Any) -> None:
    async def listen() -> None:
        asked = Subscription(NAME, cast(Connection, silent), ("", ""), {"trades": []}, **how)
        async for _ in asked.events():
            pass

    asyncio.run(asyncio.wait_for(listen(), 10))


def test_a_silence_within_a_session_gives_the_connection_up() -> None:
    silent = Silent(clock.now(), json.dumps([{"T": "subscription", "trades": []}]))

    heard(silent, quiet=timedelta(milliseconds=20), is_odd=lambda at: True)

    assert (silent.reason, silent.why) == ("silence", "nothing was said in a session")


@pytest.mark.parametrize(
    ("at", "is_one"),
    [
        (datetime(2024, 7, 16, 13, 30, tzinfo=UTC), True),
        (datetime(2024, 7, 16, 20, tzinfo=UTC), False),
        (datetime(2024, 7, 14, 15, tzinfo=UTC), False),
    ],
)
def test_only_within_a_session_is_a_silence_odd(at: datetime, is_one: bool) -> None:
    assert is_session(at) is is_one


def test_a_subscription_that_nobody_answers_ends_it() -> None:
    silent = Silent(clock.now(), "[]")

    with pytest.raises(FeedError, match="nobody answered the subscription in 0 s; run it again"):
        heard(silent, patience_s=0.05)
