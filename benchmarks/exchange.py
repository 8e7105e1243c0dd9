"""A stand-in for Binance's and Bitfinex's sockets, fast enough to press a listener.

What a few books say is told of many pairs at once, each as a book of its own: all of them change as
the scripted ones do, under their own names, numbers and the moment of now.

python -m benchmarks.exchange SECONDS PER_SECOND PAIRS        made-up messages of ten changes
python -m benchmarks.exchange SECONDS BINANCE BITFINEX FOLDER  recorded ones, of so many pairs
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count, islice, product
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from urllib.parse import unquote

from websockets.asyncio.server import ServerConnection, serve

from benchmarks.scripts import (
    BinanceBook,
    BitfinexBook,
    Book,
    Script,
    made,
    recorded_binance,
    recorded_bitfinex,
)  # fmt: skip
from tests.hosts import Host

STEP_S = 0.01
BEAT_S = 15  # between two signs of life
QUOTE = "USDT"


@dataclass(eq=False)
class Line:
    """A connection, what it is told of, and what waits to be written."""

    connection: ServerConnection
    channels: dict[tuple[str, str], int] = field(default_factory=dict)  # of Bitfinex's
    number: int = 0
    waiting: list[bytes] = field(default_factory=list)

    def say(self, text: bytes) -> None:
        """Put a message into a frame of its own."""
        n = len(text)
        head = bytes((0x81, n)) if n < 126 else b"\x81\x7e" + n.to_bytes(2, "big")
        self.waiting += (head, text)

    def write(self) -> int:
        """Hand over what waits; return how many bytes the network has not taken yet."""
        transport = self.connection.transport
        if self.waiting and not transport.is_closing():
            transport.write(b"".join(self.waiting))
        self.waiting.clear()
        return transport.get_write_buffer_size()


class Exchange(Host[Line]):
    """One venue: scripted books, the pairs that follow each of them, and who listens."""

    hosts: tuple[str, ...]

    def __init__(self, books: Sequence[Book], n_pairs: int) -> None:
        super().__init__(Line)
        self.books = books
        names = map("".join, product(ascii_uppercase, repeat=3))
        self.followers = {
            nth: list(islice(names, round(book.share * n_pairs))) for nth, book in enumerate(books)
        }

    @property
    def lasts(self) -> dict[str, int]:
        """The number of the last message of each pair's book, where a venue counts them so."""
        return {}

    def tell(self, nth: int, text: bytes, *, is_trade: bool) -> None:
        """Tell of every pair that follows a book."""
        raise NotImplementedError

    def beat(self) -> None:
        """Say that it is there."""


class Binance(Exchange):
    """Depth and trades over one address, snapshots over HTTP."""

    hosts = ("wss://data-stream.binance.vision", "https://data-api.binance.vision")

    def __init__(self, books: Sequence[BinanceBook], n_pairs: int) -> None:
        super().__init__(books, n_pairs)
        self._book_of = {
            f"{name}{QUOTE}": books[nth] for nth, names in self.followers.items() for name in names
        }
        self._heads: dict[tuple[int, str], list[tuple[str, bytes, bytes]]] = {
            (nth, channel): [self._head(f"{name}{QUOTE}", channel) for name in names]
            for nth, names in self.followers.items()
            for channel in ("depth@100ms", "trade")
        }
        self._line_of: dict[str, Line] = {}

    @staticmethod
    def _head(symbol: str, channel: str) -> tuple[str, bytes, bytes]:
        name = f"{symbol.lower()}@{channel}"
        event = "trade" if channel == "trade" else "depthUpdate"
        return (
            name,
            f'{{"stream":"{name}","data":{{"e":"{event}","E":'.encode(),
            f',"s":"{symbol}",'.encode(),
        )

    @property
    def lasts(self) -> dict[str, int]:
        """The number of the last message of each pair's book."""
        return {f"{symbol[:3]}-{QUOTE}": book.last for symbol, book in self._book_of.items()}

    async def greet(self, line: Line, path: str) -> None:
        """Take from the address what is listened to."""
        for name in unquote(path.partition("streams=")[2]).split("/"):
            self._line_of[name] = line

    def tell(self, nth: int, text: bytes, *, is_trade: bool) -> None:
        """Tell of every pair that follows a book."""
        channel = "trade" if is_trade else "depth@100ms"
        now = b"%d" % (time.time_ns() // 1_000_000)
        for name, head, middle in self._heads[nth, channel]:
            if line := self._line_of.get(name):
                line.say(b"".join((head, now, middle, text)))

    def page(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        """Return the list of symbols, or a snapshot."""
        if path == "/api/v3/exchangeInfo":
            listed = [
                {"symbol": symbol, "baseAsset": symbol[:3], "quoteAsset": QUOTE}
                for symbol in self._book_of
            ]
            return 200, json.dumps({"symbols": listed})
        snapshot = self._book_of[query["symbol"]].snapshot(int(query["limit"]))
        return 200, json.dumps(snapshot)


class Bitfinex(Exchange):
    """Books by level with their checksums, and trades, numbered by connection."""

    hosts = ("wss://api-pub.bitfinex.com", "https://api-pub.bitfinex.com")

    def __init__(self, books: Sequence[BitfinexBook], n_pairs: int) -> None:
        super().__init__(books, n_pairs)
        self._entries = [book.entries for book in books]
        self._book_of = {
            f"t{name}UST": nth for nth, names in self.followers.items() for name in names
        }  # as Bitfinex calls that coin
        self._heard: dict[tuple[int, str], list[tuple[Line, int]]] = defaultdict(list)

    async def greet(self, line: Line, path: str) -> None:
        """Say who it is."""
        info = {"event": "info", "version": 2, "serverId": "here", "platform": {"status": 1}}
        await line.connection.send(json.dumps(info))

    async def hear(self, line: Line, said: Any) -> None:
        """Take a subscription; a book begins with all that it holds."""
        if said["event"] == "conf":
            line.say(json.dumps({"event": "conf", "status": "OK", "flags": said["flags"]}).encode())
            return
        symbol, kind, number = said["symbol"], said["channel"], 1_000 + len(line.channels)
        line.channels[kind, symbol] = number
        reply = said | {"event": "subscribed", "chanId": number, "pair": symbol[1:]}
        line.say(json.dumps(reply).encode())
        nth = self._book_of[symbol]
        self._push(line, number, self._entries[nth]() if kind == "book" else b"[]")
        self._heard[nth, kind].append((line, number))

    def tell(self, nth: int, text: bytes, *, is_trade: bool) -> None:
        """Tell of every pair that follows a book."""
        for line, number in self._heard[nth, "trades" if is_trade else "book"]:
            self._push(line, number, text)

    def beat(self) -> None:
        """Say on every channel that it is there."""
        for line in self.lines:
            for number in line.channels.values():
                self._push(line, number, b'"hb"')

    def _push(self, line: Line, number: int, text: bytes) -> None:
        line.number += 1
        now = time.time_ns() // 1_000_000
        line.say(b"[%d,%b,%d,%d]" % (number, text, line.number, now))

    def page(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        """Return the list of pairs."""
        return 200, json.dumps([[symbol[1:] for symbol in self._book_of]])


async def play(exchanges: Sequence[Exchange], scripts: Sequence[Script], seconds: float) -> None:
    """Tell each script in its own time, from when the first one listens."""
    while not any(exchange.lines for exchange in exchanges):
        await asyncio.sleep(STEP_S)
    began = time.perf_counter()
    due = [next(script) for script in scripts]
    beats = count(BEAT_S, BEAT_S)
    beat = next(beats)
    while (now := time.perf_counter() - began) < seconds:
        is_beat = now >= beat
        beat = next(beats) if is_beat else beat
        for which, exchange in enumerate(exchanges):
            if is_beat:
                exchange.beat()
            while due[which][0] <= now:
                _, nth, said = due[which]
                for text in exchange.books[nth].told(said):
                    exchange.tell(nth, text, is_trade=bool(said.trade))
                due[which] = next(scripts[which])
            for line in exchange.lines:
                line.write()
        spent = time.perf_counter() - began - now
        await asyncio.sleep(max(STEP_S - spent, 0.0))
    while any([line.write() for each in exchanges for line in each.lines]):
        await asyncio.sleep(STEP_S)


async def open_for(
    exchanges: Sequence[Exchange], scripts: Sequence[Script], seconds: float
) -> None:
    """Open venues on free ports, say where, and at the end the last number of each pair."""
    async with AsyncExitStack() as stack:
        where: dict[str, str] = {}
        for each in exchanges:
            talking = serve(
                each.talk, "127.0.0.1", 0, process_request=each.answer, compression=None
            )
            server = await stack.enter_async_context(talking)
            port = next(iter(server.sockets)).getsockname()[1]
            where |= {
                host: f"{'ws' if host[0] == 'w' else 'http'}://127.0.0.1:{port}"
                for host in each.hosts
            }
        print(json.dumps(where), flush=True)
        await play(exchanges, scripts, seconds)
        print(
            json.dumps({pair: n for each in exchanges for pair, n in each.lasts.items()}),
            flush=True,
        )
        await asyncio.sleep(3_600)  # until it is ended


def main() -> None:
    seconds, first, second, *folder = sys.argv[1:]
    if folder:
        books, script = recorded_binance(Path(*folder))
        others, other = recorded_bitfinex(Path(*folder))
        venues: list[Exchange] = [Binance(books, int(first)), Bitfinex(others, int(second))]
        asyncio.run(open_for(venues, [script, other], float(seconds)))
    else:
        books, script = made(float(first) / int(second))
        asyncio.run(open_for([Binance(books, int(second))], [script], float(seconds)))


if __name__ == "__main__":
    main()
