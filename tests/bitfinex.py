"""Bitfinex on this machine: it speaks its protocol, keeps its books, and fails on request.

Its checksums are made here, from dicts that are sorted anew, and not by the code under test.
"""

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from leadline.errors import FeedError
from loaders import bitfinex_book
from tests.greeters import listened_to
from tests.pushes import LOST

BTC, AVAX = "tBTCUSD", "tAVAX:USD"
NOW_MS = 1_617_643_607_000
Entry: TypeAlias = tuple[str, str, str]  # of orders: id, price, amount; of levels: price, count, …

# A real book of orders, best first; thrasher-corp/gocryptotrader has it among its tests.
BIDS = [
    ("38334303613", "9348.8", "0.53"), ("38334308111", "9348.8", "5.98979404"),
    ("38331335157", "9344.1", "1.28965787"), ("38334302803", "9343.8", "0.08230094"),
    ("38334279092", "9343", "0.8"), ("38334307036", "9342.938663676", "0.8"),
    ("38332749107", "9342.9", "0.2"), ("38332277330", "9342.8", "0.85"),
    ("38329406786", "9342", "0.1432012"), ("38332841570", "9341.947288638", "0.3"),
    ("38332163238", "9341.7", "0.3"), ("38334303384", "9341.6", "0.324"),
    ("38332464840", "9341.4", "0.5"), ("38331935870", "9341.2", "0.5"),
    ("38334312082", "9340.9", "0.02126899"), ("38334261292", "9340.8", "0.26763"),
    ("38334138680", "9340.625455254", "0.12"), ("38333896802", "9339.8", "0.85"),
    ("38331627527", "9338.9", "1.57863959"), ("38334186713", "9338.9", "0.26769"),
    ("38334305819", "9338.8", "2.999"), ("38334211180", "9338.75285796", "3.999"),
    ("38334310699", "9337.8", "0.10679883"), ("38334307414", "9337.5", "1"),
    ("38334179822", "9337.1", "0.26773"),
]  # fmt: skip
ASKS = [
    ("38334311893", "9350.1", "-1.015"), ("38334302734", "9350.3", "-0.26737"),
    ("38334300732", "9350.8", "-5.2"), ("38333957619", "9351", "-0.90677089"),
    ("38334300521", "9351", "-1.6457"), ("38334301600", "9351.012829557", "-0.0523"),
    ("38334308878", "9351.7", "-2.5"), ("38334299570", "9351.921544", "-0.1015"),
    ("38334279367", "9352.1", "-0.26732"), ("38334299569", "9352.411802928", "-0.4036"),
    ("38334202773", "9353.4", "-0.02139404"), ("38333918472", "9353.7", "-1.96412776"),
    ("38334278782", "9354", "-0.26731"), ("38334278606", "9355", "-1.2785"),
    ("38334302105", "9355.439221251", "-0.79191542"),
    ("38313897370", "9355.569409242", "-0.43363"), ("38334292995", "9355.584296", "-0.0979"),
    ("38334216989", "9355.8", "-0.03686414"), ("38333894025", "9355.9", "-0.26721"),
    ("38334293798", "9355.936691952", "-0.4311"), ("38331159479", "9356", "-0.4204022"),
    ("38333918888", "9356.1", "-1.10885563"), ("38334298205", "9356.4", "-0.20124428"),
    ("38328427481", "9356.5", "-0.1"), ("38333343289", "9356.6", "-0.41034213"),
]  # fmt: skip
# Levels of another pair, one of a price and one of an amount that JavaScript writes with exponents.
LEVELS = [
    ("30.24", "1", "0.00383141"), ("30.23", "2", "0.027"), ("1.7e-7", "1", "5.6e-7"),
    ("30.26", "1", "-0.0089"), ("30.31", "3", "-1000"),
]  # fmt: skip


def sum_of(entries: Sequence[Entry], *, is_raw: bool) -> int:
    """Return the checksum of a book, whichever order its entries are in."""
    price_at, key_at = (1, 0) if is_raw else (0, 0)
    sides = []
    for sign in (1, -1):
        side = [entry for entry in entries if (entry[2][0] == "-") == (sign == -1)]
        side.sort(key=lambda entry: (-sign * float(entry[price_at]), float(entry[key_at])))
        sides.append([f"{entry[key_at]}:{entry[2]}" for entry in side[:25]])
    said = [side[place] for place in range(25) for side in sides if place < len(side)]
    found = zlib.crc32(":".join(said).encode("ascii"))
    return found - 2**32 if found >= 2**31 else found


class Line:
    """One connection to the server, with the number of its last message."""

    def __init__(self, exchange: "Bitfinex", connection: ServerConnection) -> None:
        self.exchange, self.connection = exchange, connection
        self.number = 0
        self.channels: dict[tuple[str, str], int] = {}
        self._lock = asyncio.Lock()

    async def tell(self, **event: Any) -> None:
        await self.connection.send(json.dumps(event))

    async def say(self, kind: str, symbol: str, said: str) -> None:
        """Send what a channel says, with the next number and the moment."""
        async with self._lock:
            self.number += 1
            channel = self.channels[kind, symbol]
            ends = f"{self.number},{NOW_MS + self.number}"
            await self.connection.send(f"[{channel},{said},{ends}]")

    async def check(self, symbol: str) -> None:
        entries = list(self.exchange.books[symbol].values())
        found = sum_of(entries, is_raw=symbol == BTC) + (symbol in self.exchange.lies_of)
        await self.say("book", symbol, f'"cs",{found}')

    async def answer(self) -> None:
        """Answer what the client sends, as long as it does."""
        with suppress(ConnectionClosed):
            async for text in self.connection:
                asked = json.loads(text)
                self.exchange.asked.append(asked)
                await getattr(self, f"_{asked['event']}")(asked)

    async def _conf(self, asked: Any) -> None:
        flags = self.exchange.flags if self.exchange.flags is not None else asked["flags"]
        await self.tell(event="conf", status="OK", flags=flags)

    async def _subscribe(self, asked: Any) -> None:
        exchange, symbol, kind = self.exchange, asked["symbol"], asked["channel"]
        if symbol not in exchange.books:
            await self.tell(**asked | {"event": "error", "msg": "symbol: invalid", "code": 10001})
            return
        exchange.n_channels += 1
        self.channels[kind, symbol] = 1_000 + exchange.n_channels
        echo = asked | {"event": "subscribed", "chanId": self.channels[kind, symbol]}
        await self.tell(**echo, pair=symbol[1:])
        said = exchange.books[symbol].values() if kind == "book" else exchange.trades[symbol][::-1]
        entries = ",".join(f"[{','.join(each)}]" for each in said)
        await self.say(kind, symbol, f"[{entries}]")
        if kind == "book":
            await self.check(symbol)
        exchange.n_snapshots += 1

    async def _unsubscribe(self, asked: Any) -> None:
        left = {number: place for place, number in self.channels.items()}[asked["chanId"]]
        del self.channels[left]
        await self.tell(event="unsubscribed", status="OK", chanId=asked["chanId"])


Step: TypeAlias = int | str | Callable[[Line], Awaitable[None]] | None


class Bitfinex:
    """Two books and their trades; steps say what happens, over as many connections as it takes.

    A number waits for so many snapshots in all, LOST closes, a text is sent as it is.
    """

    def __init__(self, *steps: Step, status: int = 1, version: int = 2) -> None:
        self.left = deque(steps)
        self.books: dict[str, dict[str, Entry]] = {
            BTC: {order[0]: order for order in (*BIDS, *ASKS)},
            AVAX: {level[0]: level for level in LEVELS},
        }
        self.trades: dict[str, list[tuple[str, ...]]] = {
            BTC: [("11", str(NOW_MS - 9_000), "0.5", "9350"), ("14", str(NOW_MS), "-0.1", "9349")],
            AVAX: [("13", str(NOW_MS - 500), "-5.6e-7", "30.25")],
        }
        self.flags: int | None = None
        self.lies_of: set[str] = set()  # books whose checksums are wrong
        self.info = {"version": version, "serverId": "local", "platform": {"status": status}}
        self.asked: list[Any] = []
        self.n_connections = self.n_channels = self.n_snapshots = 0

    async def talk(self, connection: ServerConnection) -> None:
        """Serve one connection, until it is lost or nothing is left to do."""
        self.n_connections += 1
        line = Line(self, connection)
        answering = asyncio.create_task(line.answer())
        with suppress(ConnectionClosed):
            await line.tell(event="info", **self.info)
            while self.left and connection.close_code is None:
                step = self.left[0]
                if isinstance(step, int) and self.n_snapshots < step:
                    await asyncio.sleep(0.005)
                    continue
                self.left.popleft()
                if step is LOST:
                    await connection.close(1001, "")
                elif isinstance(step, str):
                    await connection.send(step)
                elif callable(step):
                    await step(line)
            await connection.wait_closed()
        answering.cancel()


def order(order_id: int, price: str, amount: str) -> Step:
    """Give an order of bitcoin its price and its amount; a price of 0 takes it away."""

    async def do(line: Line) -> None:
        book = line.exchange.books[BTC]
        if price == "0":
            book.pop(str(order_id), None)
        else:
            book[str(order_id)] = str(order_id), price, amount
        await line.say("book", BTC, f"[{order_id},{price},{amount}]")
        await line.check(BTC)

    return do


def level(price: str, count: int, amount: str) -> Step:
    """Give a level of AVAX its count and its amount; a count of 0 takes it away."""

    async def do(line: Line) -> None:
        book = line.exchange.books[AVAX]
        if count:
            book[price] = price, str(count), amount
        else:
            book.pop(price, None)
        await line.say("book", AVAX, f"[{price},{count},{amount}]")
        await line.check(AVAX)

    return do


def trade(trade_id: int, amount: str, price: str, *, is_heard: bool = True) -> Step:
    """Let bitcoin be traded: it is told as te and as tu, unless nobody hears it."""

    async def do(line: Line) -> None:
        row = (str(trade_id), str(NOW_MS + trade_id), amount, price)
        line.exchange.trades[BTC].append(row)
        for kind in ("te", "tu") if is_heard else ():
            await line.say("trades", BTC, f'"{kind}",[{",".join(row)}]')

    return do


def saying(kind: str, symbol: str, said: str) -> Step:
    """Say something on a channel that is no part of the books."""

    async def do(line: Line) -> None:
        await line.say(kind, symbol, said)

    return do


async def skip(line: Line) -> None:
    """Lose a message."""
    line.number += 1


async def repeat_number(line: Line) -> None:
    """Send the next message with the number of the one before."""
    line.number -= 1


def telling(code: int) -> str:
    """Return an info by its code."""
    return json.dumps({"event": "info", "code": code, "msg": "rely on the code"})


def listened(
    exchange: Bitfinex, *, silence_s: float = 20, **given: Any
) -> tuple[list[Any], FeedError | None]:
    """Listen until every step is done; return the rows and the error that it ended with."""
    asked: dict[str, Any] = {"orders": ["BTC-USD"], "levels": ["AVAX-USD"]} | given
    return listened_to(
        exchange, "bitfinex_book", lambda socket: bitfinex_book.listen(socket, **asked),
        silence_s=silence_s, wait_s=0.01,
    )  # fmt: skip
