"""A stream is bridged by snapshots, and what it loses is a gap until the next one."""

import asyncio
import json
import re
from collections import deque
from itertools import repeat
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.server import ServerConnection, serve

from leadline.errors import FeedError
from leadline.feed import Http
from leadline.socket import Socket
from loaders import binance_book
from tests.binance import BEFORE, DEPTH, SHUTDOWN, TRADE, Rerouted, after, of
from tests.pushes import LOST
from tests.sites import Site, answering, as_json

NAME = "binance_book"


def listened(folder: Path, exchange: Site, *frames: Any) -> tuple[list[Any], FeedError | None]:
    """Send frames as the stream does, each once the answer before it has come, then stop.

    A number waits for so many questions, LOST closes the connection, a text is sent as it is.
    Return what the loader yielded, and the error that it ended with.
    """
    batches: list[Any] = []
    left = deque(frames)

    async def stream(connection: ServerConnection) -> None:
        while left:
            if (frame := left.popleft()) is LOST:
                return await connection.close(1001, "")
            if isinstance(frame, int):
                while len(exchange.asked) < frame:
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.1)  # the answer is on its way
            else:
                await connection.send(frame if isinstance(frame, str) else json.dumps(frame))
                if frame is SHUTDOWN:
                    break
        await connection.wait_closed()

    async def until_the_end(socket: Socket) -> None:
        async for batch in binance_book.listen(socket):
            batches.append(batch)

    async def listen() -> None:
        client = httpx.Client(transport=Rerouted(exchange.server_port))
        with Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http:
            async with serve(stream, "127.0.0.1", 0) as server:
                port = next(iter(server.sockets)).getsockname()[1]
                address = f"ws://127.0.0.1:{port}"
                socket = Socket(NAME, address, http, waits=lambda: repeat(0.0))
                listening = asyncio.create_task(until_the_end(socket))
                while left and not listening.done():
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.05)  # the last frame is on its way
                await socket.stop()
                await listening

    told = None
    with answering(exchange):
        try:
            asyncio.run(listen())
        except FeedError as error:
            told = error
    rows = [(name, row) for name, table in batches for row in table.to_pylist()]
    return rows, told


def tops_of(rows: list[Any]) -> list[int]:
    return [row["update_id"] for name, row in rows if name == "book_tops"]


def gaps_of(rows: list[Any]) -> list[tuple[Any, ...]]:
    names = ("reason", "expected_id", "found_id", "n_dropped")
    return [of(row, *names) for name, row in rows if name == "feed_gaps"]


def test_a_stream_is_bridged_by_the_snapshot_that_it_asks_for(tmp_path: Path) -> None:
    exchange = Site(as_json(200, BEFORE))

    rows, told = listened(tmp_path, exchange, *DEPTH[:2], TRADE, 1, DEPTH[2])

    assert [asked.path for asked in exchange.asked] == ["/api/v3/depth?symbol=BTCUSDT&limit=5000"]
    assert tops_of(rows) == [50093239218, 50093239224, 50093239230]
    assert [row["trade_id"] for name, row in rows if name == "crypto_trades"] == [3735683259]
    assert (gaps_of(rows), told) == ([], None)


def test_a_snapshot_older_than_what_is_held_is_asked_for_again(tmp_path: Path) -> None:
    old = BEFORE | {"lastUpdateId": 50093239100}
    exchange = Site(as_json(200, old), as_json(200, BEFORE))

    rows, _ = listened(tmp_path, exchange, DEPTH[0], 1, DEPTH[1], 2, DEPTH[2])

    assert tops_of(rows) == [50093239218, 50093239224, 50093239230]
    assert gaps_of(rows) == [("snapshot_too_old", 50093239101, 50093239189, 1)]


def test_a_dropped_message_is_a_gap_until_the_next_snapshot(tmp_path: Path) -> None:
    after = BEFORE | {"lastUpdateId": 50093239240}
    exchange = Site(as_json(200, BEFORE), as_json(200, after))
    lost, late = ({"data": DEPTH[2] | {"U": first, "u": last}} for first, last in
                  ((50093239232, 50093239239), (50093239240, 50093239245)))  # fmt: skip

    rows, _ = listened(tmp_path, exchange, *DEPTH[:2], 1, DEPTH[2], lost, 2, late)

    assert tops_of(rows) == [
        50093239218, 50093239224, 50093239230, 50093239240, 50093239245,
    ]  # fmt: skip
    assert gaps_of(rows) == [("gap", 50093239231, 50093239232, 1)]


@pytest.mark.parametrize("end", [LOST, SHUTDOWN], ids=["lost", "told"])
def test_a_connection_that_ends_is_a_gap_until_the_next_is_in_sync(
    tmp_path: Path, end: Any
) -> None:
    later = BEFORE | {"lastUpdateId": 50093239300}
    exchange = Site(as_json(200, BEFORE), as_json(200, later))

    rows, told = listened(
        tmp_path, exchange, *DEPTH[:2], 1, DEPTH[2], end,
        after(50093239290, 50093239310), 2, after(50093239311, 50093239312),
    )  # fmt: skip

    assert told is None
    assert tops_of(rows) == [
        50093239218, 50093239224, 50093239230, 50093239300, 50093239310, 50093239312,
    ]  # fmt: skip
    assert gaps_of(rows) == [("disconnect", 50093239231, None, 0)]
    (gap,) = [row for name, row in rows if name == "feed_gaps"]
    known = [row["known_at"] for name, row in rows if name == "book_tops"]
    assert (gap["began_at"], gap["ended_at"], gap["known_at"]) == (known[2], known[4], known[4])


def test_a_loss_that_lasts_is_told_at_the_end(tmp_path: Path) -> None:
    rows, _ = listened(tmp_path, Site(as_json(200, BEFORE)), *DEPTH[:2], 1, DEPTH[2], LOST)

    assert gaps_of(rows) == [("disconnect", 50093239231, None, 0)]
    (gap,) = [row for name, row in rows if name == "feed_gaps"]
    assert gap["ended_at"] is None
    assert gap["known_at"] > gap["began_at"]


def test_a_busy_exchange_is_waited_for_as_long_as_it_says(tmp_path: Path) -> None:
    exchange = Site(as_json(429, {"code": -1003}, Retry_After="0"), as_json(200, BEFORE))

    rows, _ = listened(tmp_path, exchange, *DEPTH[:2], 2, DEPTH[2])

    assert len(tops_of(rows)) == 3


@pytest.mark.parametrize(
    ("status", "said", "sentence"),
    [
        (400, {"code": -1121, "msg": "Invalid symbol."}, "400 Bad Request.*Invalid symbol"),
        (418, {"code": -1003, "msg": "Banned."}, "418 I'm a Teapot.*Banned"),
    ],
)
def test_a_refusal_of_the_exchange_ends_it(
    tmp_path: Path, status: int, said: Any, sentence: str
) -> None:
    rows, told = listened(tmp_path, Site(as_json(status, said)), DEPTH[0], 1, DEPTH[1])

    assert tops_of(rows) == []
    assert re.search(sentence, str(told))


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ("<html>", "JSON is malformed: invalid character (byte 0): '<html>'"),
        ("[1]", "not of a shape that it knows: '[1]'"),
        ('{"data": null}', "not of a shape that it knows: '{\"data\": null}'"),
        ('{"e": "trade"}', "no 's' in it: '{\"e\": \"trade\"}'"),
        ('{"e": "forceOrder"}', 'an event that it does not know, forceOrder: \'{"e": "fo'),
    ],
)
def test_a_message_that_it_does_not_understand_ends_it_and_what_came_before_stays(
    tmp_path: Path, frame: str, sentence: str
) -> None:
    rows, told = listened(tmp_path, Site(), TRADE, frame)

    assert [name for name, _ in rows] == ["crypto_trades"]
    assert str(told).startswith(f"binance_book: {sentence}")
    assert str(told).endswith("'; mend the loader")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"lastUpdateId": 7, "bids": []}, "no 'asks' in it: '{'lastUpdateId': 7, 'bids': []}'"),
        ([], "not of a shape that it knows: '[]'"),
    ],
)
def test_a_snapshot_that_it_does_not_understand_ends_it(
    tmp_path: Path, said: Any, sentence: str
) -> None:
    rows, told = listened(tmp_path, Site(as_json(200, said)), DEPTH[0], 1, DEPTH[1])

    assert (rows, str(told)) == ([], f"binance_book: {sentence}; mend the loader")
