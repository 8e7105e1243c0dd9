"""Deribit as its clients meet it: recorded answers, a server of this machine, and a socket."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from websockets.asyncio.server import ServerConnection, serve

from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.feed import Http
from leadline.publication import Publication
from leadline.socket import Socket
from leadline.store import Store
from loaders import deribit_options
from tests.binance import Rerouted
from tests.pushes import LOST
from tests.sites import Answer, Asked, Site, answering, as_json
from tests.stores import opened

NAME = "deribit_options"
MESSAGES = Path(__file__).parent / "loaders" / "messages"
TRADE = json.loads((MESSAGES / "ws_trades.json").read_text())["params"]["data"][0]
SUMMARY = json.loads((MESSAGES / "http_get_book_summary_by_currency.json").read_text())
INSTRUMENTS = json.loads((MESSAGES / "http_get_instruments.json").read_text())
NOW_MS = 1785546525000  # 2026-08-01 01:08:45Z, by Deribit's clock


def traded(number: int, at_ms: int = 0, contract: str = "BTC-1AUG26-63000-C", **said: Any) -> Any:
    """Return a trade of a contract, by its number in it."""
    named = {"instrument_name": contract, "trade_seq": number, "timestamp": NOW_MS + at_ms}
    return TRADE | named | {"trade_id": f"{contract} {number}"} | said


def pushed(*trades: Any, currency: str = "BTC") -> Any:
    """Return the message that tells trades."""
    params = {"channel": f"trades.option.{currency}.100ms", "data": trades}
    return {"jsonrpc": "2.0", "method": "subscription", "params": params}


def beat(kind: str = "heartbeat") -> Any:
    """Return a message that says only that the connection stands."""
    return {"jsonrpc": "2.0", "method": "heartbeat", "params": {"type": kind}}


class Deribit(Site):
    """Answers from the trades that it knows; has_more is as untrustworthy as the real one's."""

    def __init__(self, *trades: Any) -> None:
        super().__init__()
        self.trades = list(trades)
        self.summary: Any = {"jsonrpc": "2.0", "result": []}
        self.instruments: Any = {"jsonrpc": "2.0", "result": []}
        self.refuses: set[str] = set()
        self.queries: list[dict[str, str]] = []

    def answer(self, asked: Asked) -> Answer:
        query = {k: v for k, (v,) in parse_qs(urlsplit(asked.path).query).items()}
        self.queries.append({"method": asked.name, "host": asked.headers["Host"], **query})
        if asked.name in self.refuses:
            error = {"code": 10020, "message": "invalid_or_unsupported_instrument"}
            return as_json(400, {"jsonrpc": "2.0", "error": error})
        if asked.name == "get_book_summary_by_currency":
            return as_json(200, self.summary if query["currency"] == "BTC" else {"result": []})
        if asked.name == "get_instruments":
            return as_json(200, self.instruments if query["currency"] == "BTC" else {"result": []})
        found = [trade for trade in self.trades if self._is_asked(trade, query)]
        found.sort(key=lambda trade: trade["timestamp"])
        trades = {"trades": found[: int(query["count"])], "has_more": False}
        return as_json(200, {"jsonrpc": "2.0", "result": trades})

    def _is_asked(self, trade: Any, query: dict[str, str]) -> bool:
        name = trade["instrument_name"]
        if "instrument_name" in query:
            is_in = int(query["start_seq"]) <= trade["trade_seq"] <= int(query["end_seq"])
            return bool(is_in and name == query["instrument_name"])
        since, until = int(query["start_timestamp"]), int(query["end_timestamp"])
        linear = "USDC" if "_USDC" in name else name.partition("-")[0]
        return bool(linear == query["currency"] and since <= trade["timestamp"] <= until)

    def has_been_asked(self, method: str, times: int = 1) -> Any:
        """Return what says whether it was asked so often."""
        return lambda: self.names.count(method) >= times


class Listened:
    """What listening brought: what was told and sent, and the error that it ended with."""

    def __init__(self) -> None:
        self.batches: list[Any] = []
        self.sent: list[Any] = []
        self.error: FeedError | None = None

    def rows(self, dataset: str) -> list[Any]:
        """Return the rows of a dataset, in the order in which they came."""
        return [row for name, rows in self.batches if name == dataset for row in rows]

    @property
    def numbers(self) -> list[int]:
        """Return the trades' numbers."""
        return [row["sequence"] for row in self.rows("option_trades")]


def listened(
    folder: Path,
    exchange: Deribit,
    *frames: Any,
    acknowledge: Any = None,
    every_s: float = 300,
    wait_s: float = 0,
) -> Listened:
    """Send frames once the subscription stands, then stop; return what the loader made of them.

    A frame that can be called is waited for, LOST closes the connection, a text goes as it is,
    and what follows an error goes over the next connection, which is made after a wait.
    """
    told, left = Listened(), list(frames)

    def reply(question: Any) -> Any:
        if question["method"] == "public/subscribe":
            if acknowledge:
                return acknowledge
            channels = question["params"]["channels"]
            n = len([sent for sent in told.sent if sent["method"] == "public/subscribe"])
            return {"id": question["id"], "result": channels, "usOut": (NOW_MS + n * 1_000) * 1_000}
        return {"id": question["id"], "result": "ok"}

    async def talk(connection: ServerConnection) -> None:
        for _ in range(2):  # the heartbeat and the subscription
            told.sent.append(json.loads(await connection.recv()))
            await connection.send(json.dumps(reply(told.sent[-1])))
        while left:
            if (frame := left.pop(0)) is LOST:
                return await connection.close(1001, "")
            if callable(frame):
                while not frame():
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.05)  # the answer is on its way
                continue
            await connection.send(frame if isinstance(frame, str) else json.dumps(frame))
            if frame == beat("test_request"):
                told.sent.append(json.loads(await connection.recv()))
            if "error" in frame:
                break
        await connection.wait_closed()

    async def until_the_end(socket: Socket) -> None:
        async for batch in deribit_options.listen(socket, look_every_s=every_s):
            told.batches.append(batch)

    async def listen(http: Http) -> None:
        async with serve(talk, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            socket = Socket(NAME, f"ws://127.0.0.1:{port}", http, waits=lambda: repeat(wait_s))
            listening = asyncio.create_task(until_the_end(socket))
            while left and not listening.done():
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.05)  # the last frame is on its way
            await socket.stop()
            await listening

    client = httpx.Client(transport=Rerouted(exchange.server_port))
    # It is closed after the loop, which waits for the questions that are still asked.
    with (
        answering(exchange),
        Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http,
    ):
        try:
            asyncio.run(listen(http))
        except FeedError as error:
            told.error = error
    return told


@contextmanager
def knowing_days(place: Path, *days: date) -> Iterator[Store]:
    """Open a store that knows these UTC days as sessions of 24/7."""
    begins = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days]
    rows = [
        {
            "calendar": "24/7",
            "session_date": begin.date(),
            "opens_at": begin,
            "closes_at": begin + timedelta(days=1),
            "is_half_session": False,
            "sequence": n,
            "known_at": BEGINNING,
        }
        for n, begin in enumerate(begins)
    ]
    with opened(place) as store:
        batches = [("sessions", rows)]
        store.load(Publication("sessions", "all", ("sessions",), batches, "rules"))
        yield store
