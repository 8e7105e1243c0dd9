"""What a stand-in for an exchange says: books that change as in a recording, or as they are made.

A script is pairs of a moment in s and what is said then, of which book; a recording that is over
begins anew, with a message that makes its books what they were.
"""

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import count
from math import inf
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.figures import SEED
from loaders._bitfinex import CHECKED, checksum, decoded
from loaders._capture import heard
from loaders.binance_book import _STREAM

LOUD = ("crypto_ws_cryptofeed/2021-04-04/BINANCE-ee25be.0.gz",)  # BTC, ETH and DOT
QUIET = tuple(f"crypto_ws_cryptofeed/2021-10-12/BINANCE.{part}" for part in ("http.0.0", "ws.1.0"))
OF_LOUD = 0.1  # of all pairs of Binance; a guess
BITFINEX = "crypto_ws_cryptofeed/2021-04-05/BITFINEX-58bafb.0.gz"
LEVELS = 10  # of a made message, all of which change
MESSAGES = 2_000  # that are made; then they are taken back, one by one
DEPTH = 1_000  # levels a side when a made book begins
MID, TICK = 5_000_000, 100  # ticks, and ticks of 1

Level = tuple[int, str, str]  # book_side, price and size as they are said; of none, it is gone
Told = tuple[float, str, "Said"]  # when, of which symbol
Script = Iterator[tuple[float, int, "Said"]]


class Said(NamedTuple):
    """Levels that change, a trade as its venue tells it but for its number, or neither."""

    levels: tuple[Level, ...] = ()
    trade: str = ""


class Book:
    """A book of texts, and how many things have happened to it."""

    def __init__(self, levels: list[Level], share: float = 1.0) -> None:
        """Begin; share: how many of the venue's pairs are as this one."""
        self.share = share
        self.sides: dict[int, dict[str, str]] = {1: {}, -1: {}}
        self.first = levels
        self.last = self.n_trades = 0
        self.take(levels)

    def take(self, levels: list[Level] | tuple[Level, ...]) -> None:
        """Change levels."""
        for side, price, size in levels:
            if size:
                self.sides[side][price] = size
            else:
                self.sides[side].pop(price, None)

    def told(self, said: Said) -> Iterator[bytes]:
        """Take what happens; yield what a venue says of it, but for whose it is."""
        raise NotImplementedError

    def best(self, side: int, n: int) -> list[tuple[str, str]]:
        """Return the best levels of a side."""
        own = self.sides[side].items()
        return sorted(own, key=lambda level: -side * float(level[0]))[:n]

    def return_to_first(self) -> Said:
        """Return what makes it again what it was first."""
        then: dict[tuple[int, str], str] = {(side, price): size for side, price, size in self.first}
        now = {(side, price): size for side in (1, -1) for price, size in self.sides[side].items()}
        changed = {**dict.fromkeys(now, ""), **then}
        return Said(
            tuple((*key, size) for key, size in changed.items() if now.get(key, "") != size)
        )


class BinanceBook(Book):
    """One that Binance tells of."""

    def told(self, said: Said) -> Iterator[bytes]:
        """Take what happens; yield what stands behind a symbol."""
        if said.trade:
            self.n_trades += 1
            yield f'"t":{self.n_trades},{said.trade}}}}}'.encode()
        else:
            self.take(said.levels)
            self.last += 1
            sides = (
                ",".join(
                    f'["{p}","{size or "0.0"}"]' for own, p, size in said.levels if own == side
                )
                for side in (1, -1)
            )
            bids, asks = sides
            yield f'"U":{self.last},"u":{self.last},"b":[{bids}],"a":[{asks}]}}}}'.encode()

    def snapshot(self, limit: int) -> Any:
        """Return what is answered to who asks for it."""
        bids, asks = (self.best(side, limit) for side in (1, -1))
        return {"lastUpdateId": self.last, "bids": bids, "asks": asks}


class BitfinexBook(Book):
    """One that Bitfinex tells of, level by level, with a sum at the end of each change."""

    def told(self, said: Said) -> Iterator[bytes]:
        """Take what happens; yield what stands behind a channel."""
        if said.trade:
            self.n_trades += 1
            yield f'"te",[{self.n_trades},{said.trade}]'.encode()
            yield f'"tu",[{self.n_trades},{said.trade}]'.encode()
            return
        self.take(said.levels)
        for side, price, size in said.levels:
            yield f"[{self._level(side, price, size)}]".encode()
        best = (
            [":".join(self._said(side, *each)) for each in self.best(side, CHECKED)]
            for side in (1, -1)
        )
        yield f'"cs",{checksum(*best)}'.encode()

    def entries(self) -> bytes:
        """Return all that it holds."""
        levels = [(side, *each) for side in (1, -1) for each in self.sides[side].items()]
        return f"[{','.join(f'[{self._level(*each)}]' for each in levels)}]".encode()

    @staticmethod
    def _said(side: int, price: str, size: str) -> tuple[str, str]:
        return price, size if side == 1 else f"-{size}"

    @classmethod
    def _level(cls, side: int, price: str, size: str) -> str:
        return f"{price},1,{cls._said(side, price, size)[1]}" if size else f"{price},0,{side}"


def made(per_second: float) -> tuple[list[BinanceBook], Script]:
    """Return a book, and messages of it in which all levels change."""
    chance = random.Random(SEED)
    levels = [
        (side, f"{(MID - side * away) / TICK:.8f}", "1.00000000")
        for side in (1, -1)
        for away in range(1, DEPTH + 1)
    ]
    book = BinanceBook(levels)

    def script() -> Script:
        there, back = BinanceBook(levels), list[Said]()
        said = list[Said]()
        for _ in range(MESSAGES):
            changes: dict[tuple[int, str], str] = {}
            while len(changes) < LEVELS:
                side = chance.choice((1, -1))
                price = f"{(MID - side * (1 + int(chance.expovariate(1 / 200)))) / TICK:.8f}"
                is_there = price in there.sides[side] and len(there.sides[side]) > DEPTH // 2
                goes = is_there and chance.random() < 0.45
                changes[side, price] = "" if goes else f"{chance.randint(1, 10**9) / 1e8:.8f}"
            back.append(Said(tuple((side, p, there.sides[side].get(p, "")) for side, p in changes)))
            said.append(Said(tuple((*key, size) for key, size in changes.items())))
            there.take(said[-1].levels)
        cycle = said + back[::-1]
        for nth in count():
            yield nth / per_second, 0, cycle[nth % len(cycle)]

    return [book], script()


def recorded_binance(folder: Path) -> tuple[list[BinanceBook], Script]:
    """Return the books of two recordings, from their snapshots on, and what became of them."""
    books: list[BinanceBook] = []
    scripts: list[Script] = []
    for files, share in ((LOUD, OF_LOUD), (QUIET, 1 - OF_LOUD)):
        firsts, told = _binance(line for file in files for line in _lines(folder / file))
        own = [BinanceBook(levels, share / len(firsts)) for levels in firsts.values()]
        scripts.append(_over_and_over(own, list(firsts), told, len(books)))
        books += own
    return books, merge(*scripts, key=itemgetter(0))


def _lines(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()


def _binance(lines: Iterable[bytes]) -> tuple[dict[str, list[Level]], list[Told]]:
    """Return the snapshots of a recording, and what came after them."""
    firsts: dict[str, list[Level]] = {}
    lasts: dict[str, int] = {}
    told: list[Told] = []
    for line in lines:
        found = heard(line)
        if not found or not found.text or _STREAM.match(found.text):
            continue
        said = json.loads(found.text)
        event = said.get("data", said)
        if "lastUpdateId" in event:
            symbol = found.url.decode().partition("symbol=")[2].partition("&")[0]
            firsts[symbol] = _levels(event["bids"], event["asks"])
            lasts[symbol] = event["lastUpdateId"]
        elif event.get("e") == "depthUpdate" and event["u"] > lasts.get(event["s"], inf):
            told.append((found.at / 1e6, event["s"], Said(tuple(_levels(event["b"], event["a"])))))
        elif event.get("e") == "aggTrade" and event["s"] in lasts:
            trade = json.dumps({name: event[name] for name in "pqTmM"})[1:-1]
            told.append((found.at / 1e6, event["s"], Said(trade=trade)))
    return firsts, told


def recorded_bitfinex(folder: Path) -> tuple[list[BitfinexBook], Script]:
    """Return the eight books of a recording, and what became of them."""
    channels: dict[str, tuple[str, str]] = {}
    firsts: dict[str, list[Level]] = {}
    told: list[Told] = []
    for line in _lines(folder / BITFINEX):
        found = heard(line)
        if not found or not found.text:
            continue
        said = decoded(found.text.decode())
        if isinstance(said, dict):
            if said["event"] == "subscribed":
                channels[said["chanId"]] = said["channel"], said["symbol"]
            continue
        kind, symbol = channels[said[0]]
        at, what = found.at / 1e6, said[1]
        if kind == "book" and isinstance(what, list):
            many = what if isinstance(what[0], list) else [what]
            levels = [_level(*each) for each in many]
            if symbol not in firsts:
                firsts[symbol] = levels
            elif told and told[-1][1] == symbol and at - told[-1][0] < 0.001 and told[-1][2].levels:
                told[-1] = at, symbol, Said((*told[-1][2].levels, *levels))
            else:
                told.append((at, symbol, Said(tuple(levels))))
        elif kind == "trades" and what == "te":
            _, ms, amount, price = said[2]
            told.append((at, symbol, Said(trade=f"{ms},{amount},{price}")))
    books = [BitfinexBook(levels, 1 / len(firsts)) for levels in firsts.values()]
    return books, _over_and_over(books, list(firsts), told, 0)


def _level(price: str, n_orders: str, amount: str) -> Level:
    return -1 if amount.startswith("-") else 1, price, amount.lstrip("-") if n_orders != "0" else ""


def _levels(bids: Any, asks: Any) -> list[Level]:
    return [
        (side, price, size if float(size) else "")
        for side, levels in ((1, bids), (-1, asks))
        for price, size in levels
    ]


def _over_and_over(
    books: Sequence[Book], names: list[str], told: list[Told], offset: int
) -> Script:
    """Yield a recording from its begin on, again and again; books are numbered from an offset."""
    first, last = told[0][0], told[-1][0]
    number = {name: nth for nth, name in enumerate(names, start=offset)}
    for nth_time in count():
        since = nth_time * (last - first + 0.1)
        for at, name, said in told:
            yield since + at - first, number[name], said
        for nth, book in enumerate(books, start=offset):
            yield since + last - first + 0.05, nth, book.return_to_first()
