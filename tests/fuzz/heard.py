"""Every loader that listens, over what its venue says."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any, cast

from leadline import project
from leadline.errors import FeedError
from leadline.feed import Socket
from loaders._deribit_stream import CHANNELS, HEARTBEAT, SUBSCRIBE
from loaders._symbols import FIRST
from tests import alpaca
from tests.deribit import beat, pushed, traded
from tests.doors import ROOT
from tests.fuzz.parser import Inputs, Parser, Rows
from tests.kraken import Exchange
from tests.loaders import test__alpaca_stream as prints
from tests.loaders import test__massive_socket as massive
from tests.loaders import test_coinbase_book_listen as coinbase
from tests.loaders import test_deribit_book_listen as deribit
from tests.loaders import test_kraken_book_listen as kraken
from tests.loaders import test_massive_equity_trades_listen as stocks

MESSAGES = ROOT / "tests/loaders/messages"
BEGIN = datetime(2024, 3, 1, 15, tzinfo=UTC)
# What a capture keeps of what was sent, and of what was asked over HTTP.
_OURS = (
    '"SUBSCRIBE"',
    '"flags":229376}',
    '"event":"subscribe"',
    '"public/',
    "configuration",
    "http",
)
STEP = timedelta(milliseconds=400)
KEYS = {"LEADLINE_MASSIVE_API_KEY": "k" * 20, **alpaca.KEYS}


class Connection:
    """A connection over which texts come, and which ends behind the last."""

    def __init__(self, texts: list[str], number: int, answers: list[Any]) -> None:
        self._texts, self.number, self._answers = texts, number, answers
        self.lost_at: datetime | None = None
        self.why, self.reason = "", "disconnect"
        self.path, self.symbols = "/v2/sip", ("AAPL", "DJT")
        self._is_left = False

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        at = BEGIN + self.number * STEP
        for text in self._texts:
            if self._is_left:
                return
            self.number, at = self.number + 1, at + STEP
            await asyncio.sleep(0)  # what was asked for may come
            yield at, text
        self.lost_at = self.lost_at or at

    async def send(self, message: Any) -> None:
        json.dumps(message)

    async def ask(self, url: str, **query: object) -> Any:
        if not self._answers:
            raise FeedError(f"{url}: it answers nothing", try_again=True)
        self._answers.append(self._answers.pop(0))
        return self._answers[-1]

    def keep(self, at: datetime, url: str, answer: Any) -> int:
        self.number += 1
        return self.number

    async def give_up(self, why: str) -> None:
        self.lost_at, self.why, self._is_left = BEGIN + self.number * STEP, why, True

    async def close(self) -> None:
        self._is_left = True


class Said:
    """A venue that says some texts over one connection, and then again over another."""

    def __init__(self, texts: list[str], answers: Iterable[Any] = ()) -> None:
        self._texts, self._answers = texts, list(answers)

    async def __aiter__(self) -> AsyncIterator[Connection]:
        number = 0
        for _ in range(2):
            connection = Connection(self._texts, number, self._answers)
            yield connection
            number = connection.number + 1


def parsers() -> list[Parser]:
    """Return every loader that listens."""
    said = _said()
    return [
        Parser(f"listen.{name}", said.get(name, ()), partial(_heard, module))
        for name in sorted(project.feeds(ROOT))
        if hasattr(module := project.feed(ROOT, name), "listen")
    ]


def _said() -> dict[str, tuple[Inputs, ...]]:
    """Return what each venue says, a message a line."""
    exchange = Exchange(1, 10, "XBT/USD")
    changes = [exchange.change() for _ in range(8)]
    trade = [1, [["1.5", "0.5", "7.000001", "b", "m", ""]], "trade", "XBT/USD"]
    print_, quote = massive.PRINT, massive.QUOTE
    told = {
        "binance_book": [_texts("btcusdt_20240808")],
        "bitfinex_book": [_texts("BITFINEX.ws.1.0")],
        "coinbase_book": [
            [
                {"type": "subscriptions", "channels": []}, coinbase.snapshot(),
                coinbase.match(7, "last_match"), coinbase.update("buy", "100.05", "1"),
                coinbase.match(8), coinbase.update("sell", "100.1", "0"), coinbase.snapshot(),
                coinbase.update("buy", "100.2", "1"), coinbase.match(10),
            ],
        ],
        "deribit_book": [
            [
                deribit.accepted(1, "ok"), deribit.accepted(), deribit.book(5), deribit.book(9, 5),
                deribit.trade(3), deribit.book(12, 9), deribit.trade(5), deribit.book(20),
                {"jsonrpc": "2.0", "method": "heartbeat", "params": {"type": "test_request"}},
            ],
        ],
        "deribit_options": [
            [
                {"id": HEARTBEAT["id"], "result": "ok"},
                {"id": SUBSCRIBE["id"], "result": CHANNELS, "usOut": 1_709_304_000_000_000},
                pushed(traded(1), traded(2)), beat(), pushed(traded(3)), beat("test_request"),
                pushed(traded(5)),
            ],
        ],
        "equity_trades_alpaca": [
            [
                prints.success("connected"), prints.success("authenticated"),
                [{"T": "subscription"} | {key: ["AAPL", "DJT"] for key in ("trades", "quotes")}],
                [prints.PRINT, prints.QUOTE], [prints.DARK], [prints.CANCEL], [prints.RIGHT],
            ],
        ],
        "kraken_book": [
            [
                kraken.ONLINE, kraken.subscribed("book-1000"), kraken.subscribed("trade"),
                exchange.snapshot(), *changes, trade, kraken.BEAT, kraken.OTHER,
            ],
        ],
        "massive_equity_trades": [
            [
                massive.status("connected"), massive.status("auth_success"),
                *(
                    massive.status("success", f"subscribed to: {topic}")
                    for topic in ["T.*", *(f"Q.{symbol}" for symbol in FIRST)]
                ),
                [stocks.PRINT, stocks.QUOTE], [stocks.DARK], [stocks.QUOTE],
            ],
        ],
        "massive_option_trades": [
            [
                massive.status("connected"), massive.status("auth_success"),
                massive.status("success", "subscribed to: T.*"),
                massive.status("success", f"subscribed to: Q.O:{massive.QUOTED}"),
                [print_, quote], [{**print_, "q": 9}], [massive.AMC],
            ],
        ],
    }  # fmt: skip
    return {
        name: tuple(
            {f"messages{n}": "\n".join(map(_text, each)).encode()} for n, each in enumerate(lists)
        )
        for name, lists in told.items()
    }


def _text(message: Any) -> str:
    return message if isinstance(message, str) else json.dumps(message)


def _texts(message: str) -> list[str]:
    """Return what a capture holds, without the moments before each text."""
    found = []
    for line in (MESSAGES / message).read_text().splitlines():
        places = [place for sign in "{[" if (place := line.find(sign)) >= 0]
        if places and not any(word in line for word in _OURS):
            found.append(line[min(places) :])
    return found


def _heard(module: ModuleType, given: Inputs) -> Rows:
    (content,) = given.values()
    # A frame of text is UTF-8, or the connection ends before anybody reads it.
    texts = content.decode(errors="replace").split("\n")
    return Rows(asyncio.run(_listened(module, texts)))


async def _listened(module: ModuleType, texts: list[str]) -> int:
    socket = cast(Socket, Said(texts, _answers(texts)))
    n_rows = 0
    with keys(KEYS):
        async for _, rows in module.listen(socket):
            n_rows += len(rows)
    return n_rows


def _answers(texts: list[str]) -> Iterator[Any]:
    """Return what is answered to questions: the texts themselves that are books by level."""
    for text in texts:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(said, dict) and "lastUpdateId" in said:
            yield said


@contextmanager
def keys(given: Mapping[str, str]) -> Iterator[None]:
    """Let keys stand in the environment for a while."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
