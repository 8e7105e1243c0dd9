"""The socket is given the key and its topics, and what it pushes is rows; what is lost is a gap."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from websockets.asyncio.server import ServerConnection, serve

from leadline.clock import Span
from leadline.errors import ConfigError, FeedError
from leadline.feed import Http
from leadline.load import from_files, plan
from leadline.publication import Publication
from leadline.socket import Socket
from loaders import massive_option_trades
from loaders._massive_socket import Subscription
from tests.greeters import Greeter, listened_to
from tests.pushes import LOST
from tests.stores import ask, knowing_sessions

NAME = "massive_option_trades"
KEY = "s3cr3t-k3y"
SPAN = Span(datetime(2026, 5, 18, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
MESSAGE = Path(__file__).parent / "messages/us_options_opra/trades_v1/2026/05/2026-05-22.csv"
QUOTED = "SPY241220P00720000"
# As Massive's own specification has them, and the first line of the recorded file as a push.
AMC = json.loads(
    '{"ev":"T","sym":"O:AMC210827C00037000","x":65,"p":1.54,"s":1,"c":[233],"t":1629820676333,'
    '"q":651921857}'
)
QUOTE = json.loads(
    '{"ev":"Q","sym":"O:SPY241220P00720000","bx":302,"ax":302,"bp":9.71,"ap":9.81,"bs":17,'
    '"as":24,"t":1644506128351,"q":844090872}'
)
PRINT = json.loads(
    '{"ev":"T","sym":"O:A260618C00100000","x":309,"p":16.2,"s":3,"c":[227],"t":1779458509681,"q":5}'
)


def status(status: str, message: str = "") -> list[Mapping[str, str]]:
    return [{"ev": "status", "status": status, "message": message}]


class Massive(Greeter):
    """Greets as Massive does, acknowledges what it knows, and sends each frame in turn.

    `answers` are those to the key, one a connection, and nothing is a welcome.
    """

    def __init__(
        self, *frames: Any, unknown: Sequence[str] = (), answers: Sequence[str] = ()
    ) -> None:
        super().__init__(*frames)
        self.unknown, self.answers = unknown, list(answers)

    async def talk(self, connection: ServerConnection) -> None:
        await self.send(connection, status("connected", "Connected Successfully"))
        await self.hear(connection)
        if self.answers and (said := self.answers.pop(0)):
            answer, _, message = said.partition(" ")
            await self.send(connection, status(answer, message))
            return await connection.close()
        await self.send(connection, status("auth_success", "authenticated"))
        asked = await self.hear(connection)
        for topic in asked["params"].split(","):
            if topic not in self.unknown:
                await self.send(connection, status("success", f"subscribed to: {topic}"))
        await self.push(connection)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_MASSIVE_API_KEY", KEY)


def listened(
    massive: Massive, quoted: Sequence[str] = (), module: ModuleType = massive_option_trades
) -> tuple[list[tuple[str, dict[str, Any]]], FeedError | None]:
    """Listen until all is sent; return the rows, and the error that it ended with."""
    name = module.__name__.rpartition(".")[2]
    return listened_to(massive, name, lambda socket: module.listen(socket, quoted))


def of(rows: Sequence[tuple[str, dict[str, Any]]], dataset: str) -> Iterator[dict[str, Any]]:
    return (row for name, row in rows if name == dataset)


def test_the_key_is_sent_and_then_the_topics_that_are_listened_to() -> None:
    massive = Massive([PRINT])

    _, told = listened(massive, [QUOTED])

    assert told is None
    assert massive.said == [
        {"action": "auth", "params": KEY},
        {"action": "subscribe", "params": f"T.*,Q.O:{QUOTED}"},
    ]


def test_a_print_is_a_row() -> None:
    rows, _ = listened(Massive([AMC]))

    moment = datetime(2021, 8, 24, 15, 57, 56, 333_000, UTC)
    assert rows == [
        (
            "option_trades",
            {
                "contract": "AMC210827C00037000",
                "known_at": moment,
                "calendar": "XNYS",
                "session_date": date(2021, 8, 24),
                "currency": "USD",
                "sequence": 651921857,
                "venue": "65",
                "trade_id": "1629820676333-1.54-1-233-1",
                "traded_at": moment,
                "root": "AMC",
                "expiration": date(2021, 8, 27),
                "strike": Decimal(37),
                "put_call": "call",
                "price": "1.54",
                "size": "1",
                "condition": "233",
            },
        )
    ]


def test_a_quote_is_a_row_and_a_side_of_0_is_none() -> None:
    no_bid = QUOTE | {"bp": 0, "bx": 0, "bs": 0}

    rows, _ = listened(Massive([QUOTE, no_bid]), [QUOTED])

    first, second = of(rows, "option_quotes")
    names = ("bid", "bid_size", "bid_venue", "ask", "ask_size", "ask_venue", "place")
    assert [first[name] for name in names] == ["9.71", "17", "302", "9.81", "24", "302", 1]
    assert [second[name] for name in names] == [None, None, None, "9.81", "24", "302", 2]
    assert first["quoted_at"] == first["known_at"]


def test_several_events_of_one_frame_and_equal_prints_over_frames_are_all_told() -> None:
    rows, _ = listened(Massive([PRINT, AMC], [PRINT | {"q": 6}, PRINT | {"x": 316}]))

    assert [row["trade_id"] for row in of(rows, "option_trades")] == [
        "1779458509681-16.2-3-227-1",
        "1629820676333-1.54-1-233-1",
        "1779458509681-16.2-3-227-2",
        "1779458509681-16.2-3-227-1",
    ]


@pytest.mark.parametrize(
    ("price", "size", "said"),
    [("16.20", "3", "16.2-3"), ("10", "100", "10-100"), ("1e2", "2.50", "100-2.5")],
)
def test_numbers_of_an_id_are_written_in_their_shortest_form(
    price: str, size: str, said: str
) -> None:
    frame = json.dumps([PRINT | {"p": "P", "s": "S"}]).replace('"P"', price).replace('"S"', size)

    rows, _ = listened(Massive(frame))

    assert [row["trade_id"] for _, row in rows] == [f"1779458509681-{said}-227-1"]


def test_a_print_without_a_condition_has_none() -> None:
    bare = {name: value for name, value in PRINT.items() if name != "c"}

    rows, _ = listened(Massive([bare]))

    assert [(row["condition"], row["trade_id"]) for _, row in rows] == [
        (None, "1779458509681-16.2-3--1")
    ]


def test_a_file_and_the_socket_give_the_same_print_the_same_id(tmp_path: Path) -> None:
    pushed = [PRINT, PRINT, PRINT, PRINT | {"x": 316}]
    rows, _ = listened(Massive(pushed))

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        list(
            from_files(
                NAME,
                massive_option_trades,
                store,
                plan(NAME, massive_option_trades, [MESSAGE]).files,
            )
        )
        live = [("option_trades", [row for _, row in rows])]
        loaded = store.load(Publication(NAME, "live", ("option_trades",), live, "live"))
        stored = ask(store.place, "raw.option_trades")

    assert (loaded.n_rows, loaded.n_rejected) == (4, 0)
    keys = [(row["venue"], row["trade_id"]) for row in stored if row["contract"].startswith("A26")]
    assert len(keys) == 8
    assert len(set(keys)) == 4


@pytest.mark.parametrize("between", [[], ["max_connections Too many."]])
def test_a_connection_that_is_lost_is_a_gap_until_the_next_is_subscribed(
    between: list[str],
) -> None:
    massive = Massive([PRINT], LOST, [AMC], answers=["", *between])

    rows, told = listened(massive, [QUOTED])

    assert told is None
    assert len(list(of(rows, "option_trades"))) == 2
    gaps = list(of(rows, "feed_gaps"))
    assert [(gap["channel"], gap["reason"], gap["n_dropped"]) for gap in gaps] == [
        ("trades", "disconnect", 0), ("quotes", "disconnect", 0)
    ]  # fmt: skip
    assert all(gap["began_at"] < gap["ended_at"] == gap["known_at"] for gap in gaps)


def test_a_loss_that_lasts_is_told_at_the_end_and_one_without_a_print_before_it_is_none() -> None:
    lasting, _ = listened(Massive([PRINT], LOST, answers=["", *["max_connections No."] * 1_000]))
    silent, _ = listened(Massive(LOST, [PRINT]))

    (gap,) = of(lasting, "feed_gaps")
    assert gap["ended_at"] is None
    assert gap["known_at"] > gap["began_at"]
    assert list(of(silent, "feed_gaps")) == []


@pytest.mark.parametrize("answer", ["max_connections Maximum exceeded.", "auth_timeout Too late."])
def test_a_source_that_has_no_room_yet_is_asked_again(answer: str) -> None:
    rows, told = listened(Massive([PRINT], answers=[answer]))

    assert (len(rows), told) == (1, None)


def test_a_wrong_key_ends_it_in_a_sentence_that_does_not_show_it() -> None:
    rows, told = listened(Massive([PRINT], answers=[f"auth_failed no plan for {KEY}"]))

    assert rows == []
    assert str(told) == (
        "massive_option_trades: the source says 'no plan for …'; look at LEADLINE_MASSIVE_API_KEY"
    )


def test_without_a_key_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADLINE_MASSIVE_API_KEY")
    massive = Massive([PRINT])

    with pytest.raises(ConfigError, match="set LEADLINE_MASSIVE_API_KEY in the environment"):
        listened(massive)

    assert massive.said == []


def test_a_topic_that_nobody_acknowledges_ends_it() -> None:
    massive = Massive(unknown=["Q.O:NOPE"])

    async def subscribe() -> None:
        async with serve(massive.talk, "127.0.0.1", 0) as server:
            address = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            async for connection in Socket(NAME, address, cast(Http, None)):
                asked = Subscription(NAME, connection, KEY, ["T.*", "Q.O:NOPE"], patience_s=0.1)
                async for _ in asked.events():
                    pass

    with pytest.raises(
        FeedError, match=r"nobody acknowledged Q\.O:NOPE in 0 s; the key's plan may"
    ):
        asyncio.run(subscribe())


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ("<html>", "Expecting value: line 1 column 1 (char 0): '<html>'"),
        ('{"ev": "T"}', 'not of a shape that it knows: \'{"ev": "T"}\''),
        ([{"ev": "T"}], "no 'p' in it: '[{\"ev\": \"T\"}]'"),
        ([PRINT | {"p": "x"}], "no number, 'x'"),
        ([PRINT | {"t": 1.5}], "not of a shape that it knows"),
        ([{"ev": "XT"}], "an event that it does not know, XT"),
        (status("force_disconnect"), "a status that it does not know, force_disconnect"),
    ],
)
def test_a_message_that_it_does_not_understand_ends_it_and_what_came_before_stays(
    frame: Any, sentence: str
) -> None:
    rows, told = listened(Massive([AMC], frame))

    assert [name for name, _ in rows] == ["option_trades"]
    assert str(told).startswith(f"massive_option_trades: {sentence}")
    assert str(told).endswith("'; mend the loader")
