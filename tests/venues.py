"""Binance and Bitfinex on this machine: their sockets and snapshots, of an invented market.

They speak as the venues do, to any number of connections, and fail on request. What the books
truly were after each message stays in `oracle`. By itself: python -m tests.venues --port 9000
"""

import asyncio
import json
import sys
from collections.abc import Coroutine
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from leadline import clock
from tests.bitfinex import Entry, sum_of
from tests.hosts import Host
from tests.market import LOTS, TICKS, Market, Pair

BINANCE = frozenset({"wss://data-stream.binance.vision", "https://data-api.binance.vision"})
BITFINEX = frozenset({"wss://api-pub.bitfinex.com", "https://api-pub.bitfinex.com"})
Top = tuple[float, float, float, float]
LOSE, SKIP, TWICE, SWAP = "lose", "skip", "twice", "swap"  # what may be done to a message


@dataclass(eq=False)
class Line:
    """One connection of a client: what it listens to, and the number of its last message."""

    connection: ServerConnection
    names: set[str] = field(default_factory=set)  # of streams
    channels: dict[tuple[str, str], int] = field(default_factory=dict)  # by kind and symbol
    number: int = 0
    kept: str | None = None  # a message that goes behind the next

    async def send(self, text: str, fault: str = "") -> None:
        """Send a message, or do to it what a fault says."""
        with suppress(ConnectionClosed):
            if fault == LOSE:
                await self.connection.close(1001, "")
            elif fault == SWAP:
                self.kept = text
            elif fault != SKIP:
                kept, self.kept = self.kept, None
                for each in (text, text if fault == TWICE else None, kept):
                    if each is not None:
                        await self.connection.send(each)


class Venue(Host[Line]):
    """A market that is told over a socket; `step` makes the next thing happen."""

    hosts: frozenset[str]

    def __init__(self, market: Market, *, behind_ms: int = 0) -> None:
        """Begin; the venue's clock may be behind or before ours."""
        super().__init__(Line)
        self.market = market
        self.oracle: dict[tuple[str, int], set[Top]] = {}  # by pair and number of the message
        self.traded: list[tuple[str, int]] = []
        self._behind_ms = behind_ms

    @property
    def now_ms(self) -> int:
        """What the venue's clock says."""
        return int(clock.now().timestamp() * 1_000) - self._behind_ms

    def know(self, pair: Pair, number: int) -> None:
        """Remember what a book is after a message."""
        self.oracle.setdefault((pair.name, number), set()).add(pair.top)

    async def step(self, fault: str = "") -> None:
        """Let a pair change, or be traded; a fault befalls the message of a change."""
        chance = self.market.chance
        pair = chance.choice(self.market.pairs)
        is_trade = chance.random() < 0.2 and not fault
        await (self.trade(pair) if is_trade else self.change(pair, fault))

    async def trade(self, pair: Pair) -> None:
        """Let a pair be traded."""
        raise NotImplementedError

    async def change(self, pair: Pair, fault: str = "") -> None:
        """Let a book change."""
        raise NotImplementedError

    async def say(self, text: str) -> None:
        """Send something that is no part of the market to whoever listens."""
        for line in list(self.lines):
            await line.send(text)


def price(ticks: int) -> str:
    """Return a price as JavaScript writes it."""
    return f"{ticks / TICKS:g}" if ticks % TICKS else str(ticks // TICKS)


class Binance(Venue):
    """Streams of depth and trades, the list of symbols, and snapshots."""

    hosts = BINANCE

    async def greet(self, line: Line, path: str) -> None:
        """Take from the address what is listened to."""
        line.names = set(unquote(path.partition("streams=")[2]).split("/"))

    async def _tell(self, pair: Pair, channel: str, event: Any, fault: str = "") -> None:
        symbol = pair.name.replace("-", "")
        name = f"{symbol.lower()}@{channel}"
        text = json.dumps({"stream": name, "data": {"s": symbol, "E": self.now_ms} | event})
        for line in [each for each in self.lines if name in each.names]:
            await line.send(text, fault)

    async def change(self, pair: Pair, fault: str = "") -> None:
        """Let a book change."""
        first, changes = pair.last + 1, self.market.change(pair)
        pair.last += len(changes)
        self.know(pair, pair.last)
        sides: dict[int, list[list[str]]] = {1: [], -1: []}
        for side, ticks, lots in changes:
            sides[side].append([f"{ticks / TICKS:.8f}", f"{lots / LOTS:.8f}"])
        event = {"e": "depthUpdate", "U": first, "u": pair.last, "b": sides[1], "a": sides[-1]}
        await self._tell(pair, "depth@100ms", event, fault)

    async def trade(self, pair: Pair) -> None:
        """Let a pair be traded."""
        side, ticks, lots = self.market.trade(pair)
        event = {
            "e": "trade", "t": pair.trade_id, "p": f"{ticks / TICKS:.8f}",
            "q": f"{lots / LOTS:.8f}", "T": self.now_ms, "m": side == -1, "M": True,
        }  # fmt: skip
        if any(f"{pair.name.replace('-', '').lower()}@trade" in each.names for each in self.lines):
            self.traded.append((pair.name, pair.trade_id))
        await self._tell(pair, "trade", event)

    def snapshot(self, pair: Pair, limit: int = 5_000) -> Any:
        """Return a book as it is now."""
        self.know(pair, pair.last)
        bids, asks = (
            [[f"{ticks / TICKS:.8f}", f"{lots / LOTS:.8f}"] for ticks, lots in pair.levels(side)]
            for side in (1, -1)
        )
        return {"lastUpdateId": pair.last, "bids": bids[:limit], "asks": asks[:limit]}

    def page(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        """Return the list of symbols, or a snapshot."""
        pairs = {pair.name.replace("-", ""): pair for pair in self.market.pairs}
        if path == "/api/v3/exchangeInfo":
            parts = {symbol: pair.name.split("-") for symbol, pair in pairs.items()}
            listed = [
                {"symbol": symbol, "status": "TRADING", "baseAsset": base, "quoteAsset": quote}
                for symbol, (base, quote) in parts.items()
            ]
            return 200, json.dumps({"symbols": listed})
        if path != "/api/v3/depth" or query["symbol"] not in pairs:
            return 400, json.dumps({"code": -1121, "msg": "Invalid symbol."})
        return 200, json.dumps(self.snapshot(pairs[query["symbol"]], int(query["limit"])))


class Bitfinex(Venue):
    """Books by level with checksums, trades, and the list of pairs."""

    hosts = BITFINEX

    async def greet(self, line: Line, path: str) -> None:
        """Say who it is."""
        info = {"event": "info", "version": 2, "serverId": "here", "platform": {"status": 1}}
        await line.connection.send(json.dumps(info))

    def _pair(self, symbol: str) -> Pair | None:
        return next((each for each in self.market.pairs if self._symbol(each) == symbol), None)

    @staticmethod
    def _symbol(pair: Pair) -> str:
        base, quote = pair.name.split("-")
        return f"t{base}{':' if max(len(base), len(quote)) > 3 else ''}{quote}"

    async def hear(self, line: Line, said: Any) -> None:
        """Take what a client says."""
        event = said["event"]
        if event == "conf":
            reply = {"event": "conf", "status": "OK", "flags": said["flags"]}
            await line.connection.send(json.dumps(reply))
        elif event == "subscribe":
            await self._subscribe(line, said)
        elif event == "unsubscribe":
            (key,) = [key for key, number in line.channels.items() if number == said["chanId"]]
            del line.channels[key]
            reply = {"event": "unsubscribed", "status": "OK", "chanId": said["chanId"]}
            await line.connection.send(json.dumps(reply))

    async def _subscribe(self, line: Line, said: Any) -> None:
        symbol, kind = said["symbol"], said["channel"]
        if not (pair := self._pair(symbol)):
            error = {"event": "error", "msg": "symbol: invalid", "code": 10001}
            return await line.connection.send(json.dumps(said | error))
        number = 1_000 + 10 * len(line.channels) + self.n_connections
        line.channels[kind, symbol] = number
        reply = said | {"event": "subscribed", "chanId": number, "pair": symbol[1:]}
        await line.connection.send(json.dumps(reply))
        entries = [f"[{','.join(each)}]" for each in self._entries(pair) if kind == "book"]
        await self._push(line, kind, symbol, f"[{','.join(entries)}]")
        if kind == "book":
            self.know(pair, line.number)
            await self._check(line, pair)

    @staticmethod
    def _entries(pair: Pair) -> list[Entry]:
        return [
            (price(ticks), "1", f"{side * lots / LOTS:g}")
            for side in (1, -1)
            for ticks, lots in pair.levels(side)
        ]

    async def _push(self, line: Line, kind: str, symbol: str, said: str, fault: str = "") -> None:
        if (kind, symbol) in line.channels:
            line.number += 1
            text = f"[{line.channels[kind, symbol]},{said},{line.number},{self.now_ms}]"
            await line.send(text, fault)

    async def _check(self, line: Line, pair: Pair) -> None:
        found = sum_of(self._entries(pair), is_raw=False)
        await self._push(line, "book", self._symbol(pair), f'"cs",{found}')

    async def change(self, pair: Pair, fault: str = "") -> None:
        """Let a book change, level by level; the sum follows."""
        before = deepcopy(pair)
        changes = self.market.change(pair)
        symbol = self._symbol(pair)
        for line in [each for each in self.lines if ("book", symbol) in each.channels]:
            told = deepcopy(before)
            for side, ticks, lots in changes:
                told.set(side, ticks, lots)
                level = (price(ticks), "1" if lots else "0", f"{side * (lots / LOTS or 1):g}")
                await self._push(line, "book", symbol, f"[{','.join(level)}]", fault)
                self.know(told, line.number)
                fault = ""
            await self._check(line, pair)

    async def trade(self, pair: Pair) -> None:
        """Let a pair be traded, which is told twice."""
        side, ticks, lots = self.market.trade(pair)
        row = f"[{pair.trade_id},{self.now_ms},{side * lots / LOTS:g},{price(ticks)}]"
        for line in list(self.lines):
            if ("trades", self._symbol(pair)) in line.channels:
                self.traded.append((pair.name, pair.trade_id))
            for kind in ("te", "tu"):
                await self._push(line, "trades", self._symbol(pair), f'"{kind}",{row}')

    def page(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        """Return the list of pairs."""
        if path != "/v2/conf/pub:list:pair:exchange":
            return 404, "[]"
        return 200, json.dumps([[self._symbol(pair)[1:] for pair in self.market.pairs]])


class Open:
    """A venue that is open on a port of this machine, in a thread of its own."""

    def __init__(self, venue: Venue, port: int = 0, *, every_s: float | None = None) -> None:
        """Take a free port; every_s: how often something happens by itself."""
        self.venue, self.port, self._every_s = venue, port, every_s
        self._up, self._down = Event(), asyncio.Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        talking = serve(self.venue.talk, "127.0.0.1", self.port, process_request=self.venue.answer)
        async with talking as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._up.set()
            while not self._down.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._down.wait(), self._every_s)
                if self._every_s:
                    await self.venue.step()

    def __enter__(self) -> "Open":
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._down.set)
        self._thread.join(10)

    def do(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do something in its thread, and wait until it is done."""
        asyncio.run_coroutine_threadsafe(doing, self._loop).result(20)

    @property
    def settings(self) -> str:
        """What a project's settings say so that the venue is asked here."""
        here = {"wss": "ws", "https": "http"}
        return "\n".join(
            f'"{host}" = "{here[host.partition(":")[0]]}://127.0.0.1:{self.port}"'
            for host in sorted(self.venue.hosts)
        )


def main() -> None:
    """Open both venues, on a port and the next one, until Ctrl-C."""
    port = int(sys.argv[sys.argv.index("--port") + 1]) if "--port" in sys.argv else 9_000
    binance_market = Market(1, "BTC-USDT", "ETH-USDT", "SOL-USDT")
    with (
        Open(Binance(binance_market), port, every_s=0.01) as binance,
        Open(Bitfinex(Market(2, "BTC-USD", "ETH-USD")), port + 1, every_s=0.02) as bitfinex,
    ):
        print(f"[addresses]\n{binance.settings}\n{bitfinex.settings}")
        with suppress(KeyboardInterrupt):
            Event().wait()


if __name__ == "__main__":
    main()
