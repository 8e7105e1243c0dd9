"""From the text of messages to rows in the store, and books beside those of cryptofeed.

python -m benchmarks.intake MESSAGES
python -m benchmarks.intake ours|theirs CAPTURE
"""

import asyncio
import gzip
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from benchmarks.figures import ROOT, SEED, Section, bar, median, python, table
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.publication import Publication
from leadline.store import Store
from loaders._capture import Heard, heard
from loaders.binance_book import FEED, Frames

Top = tuple[float, ...]  # best bid, its size, best ask, its size

CAPTURE = "crypto_binance_hftbacktest/spot/btcusdt_20240808.gz"
RUNS = 7  # of each side, by turns
N_MESSAGES = 1_500_000  # 60 s at the rate of the promise
MOST_US = 40  # 25,000 messages a second
MOST_TIMES = 0.5  # of cryptofeed's time
FLUSH = 25_000  # messages, about a second's; a listener hands on what came in one
LEVELS = 10  # of each message
DEPTH = 5_000  # levels a side when it begins
BEGAN_US = 1_709_300_000_000_000
STEP_US = 40
MID = 5_000_000  # ticks; bids lie below it and asks above, so that no made-up book crosses
TICK = 100  # ticks of 1


def measure(rows: int | None = None) -> Section:
    """Time both parts; rows are the messages of the second one."""
    n_messages = rows or N_MESSAGES
    told = json.loads(python("benchmarks.intake", n_messages).stdout)
    lines = [
        f"{n_messages:,} made-up messages of {LEVELS} levels each, of a book of {DEPTH:,} levels a "
        "side, from their text to rows in the store: parsed, put into the book, told as rows with "
        f"the depth around them, and appended every {FLUSH:,} messages. One process on one core; "
        "seconds are of CPU time, in which neighbours count least.",
        "",
        *table(
            ("step", "us a message"),
            [(name, told["us"][name]) for name in ("parse and book", "rows", "store", "all")],
        ),
        "",
        f"{1e6 / told['us']['all']:,.0f} messages and "
        f"{told['rows'] / n_messages * 1e6 / told['us']['all']:,.0f} rows of `book_updates` a "
        f"second of CPU time; {told['per_s']:,.0f} messages a second of the clock, of which other "
        "work on that core had its part. "
        f"Memory {told['early_mb']:,.0f} MB after a tenth, {told['mb']:,.0f} MB at the end.",
        "",
        bar(f"a message of {LEVELS} levels takes", told["us"]["all"], MOST_US, "us of CPU time"),
        "",
        *beside(1 if rows else RUNS),
    ]
    return Section("Intake of books", lines)


def beside(runs: int) -> list[str]:
    """Keep the books of a capture here and with cryptofeed, by turns."""
    path = capture()
    if path is None or find_spec("cryptofeed") is None:
        return ["Not measured beside cryptofeed: the capture or that package is not here."]
    found: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(runs):
        told = {name: json.loads(python("benchmarks.intake", name, path).stdout) for name in found}
        if told["ours"][1] != told["theirs"][1]:
            raise RuntimeError(f"the books end differently: {told}")
        for name, (seconds, _) in told.items():
            found[name].append(seconds)
    n_messages = len(captured(path)[1])
    ratios = sorted(b / a for a, b in zip(*found.values(), strict=True))
    names = ("leadline", f"cryptofeed {version('cryptofeed')}")
    return [
        f"The {n_messages:,} depth messages of `{path.name}`, parsed and put into a book that its "
        f"snapshot begins: the handler of Binance of each, and both end with "
        f"the same best prices; medians of {runs} runs by turns.",
        "",
        *table(
            ("", "messages a second of CPU time"),
            [
                (name, n_messages / median(seconds))
                for name, seconds in zip(names, found.values(), strict=True)
            ],
        ),
        "",
        f"Their time over ours, a pair each: {', '.join(f'{ratio:.2f}' for ratio in ratios)}.",
        "",
        bar("our time over theirs is", 1 / median(ratios), MOST_TIMES, "times"),
    ]


def intake(n_messages: int) -> dict[str, Any]:
    """Take made-up messages until they are in a store; return microseconds a message."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    process = psutil.Process()
    frames, spent, memory = Frames(), dict.fromkeys(("parse and book", "rows", "store"), 0.0), []
    n_rows = n_done = 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        catalog, engine = Catalog(ROOT), Engine({"threads": "1"})
        store = Store(folder, catalog.contracts, engine)
        frames.restart("BTCUSDT", snapshot(), BEGAN_US, 0)
        append(store, list(frames.rows.taken()), "snapshot")  # and what is done once, is done
        began = time.perf_counter()
        made_s = 0.0
        while n_done < n_messages:
            started = time.perf_counter()
            said = made(n_done, min(FLUSH, n_messages - n_done))
            made_s += time.perf_counter() - started
            with clocked(spent, "parse and book"):
                take(frames, said, n_done)
            with clocked(spent, "rows"):
                tables = list(frames.rows.taken())
            with clocked(spent, "store"):
                append(store, tables, str(n_done))
            n_done += len(said)
            n_rows += len(dict(tables)["book_updates"])
            memory.append(process.memory_info().rss / 1e6)
        passed = time.perf_counter() - began - made_s
    us = {name: seconds / n_messages * 1e6 for name, seconds in spent.items()}
    us["all"] = sum(us.values())
    early = memory[len(memory) // 10]
    return {
        "us": us, "rows": n_rows, "per_s": n_messages / passed, "early_mb": early,
        "mb": memory[-1],
    }  # fmt: skip


@contextmanager
def clocked(spent: dict[str, float], name: str) -> Iterator[None]:
    """Add the CPU time that a step takes, of all threads."""
    started = time.process_time()
    yield
    spent[name] += time.process_time() - started


def take(frames: Frames, said: list[str], first: int) -> None:
    """Give a capture texts as a socket does."""
    for number, text in enumerate(said, start=first + 1):
        frames.take(frames.parsed(text), BEGAN_US + number * STEP_US, number)
    ((_, book),) = frames.books.items()
    if book.state != "synced":
        raise RuntimeError(f"the made-up book broke: {book.gap}")


def append(store: Store, tables: list[Any], name: str) -> None:
    """Append rows as the listener does."""
    store.load(Publication("binance_book", name, FEED.writes, tables, "made"))


def snapshot() -> dict[str, Any]:
    """Return a snapshot of one unit on each of the nearest levels."""
    bids, asks = (
        [[f"{(MID - side * nth) / TICK:.8f}", "1.00000000"] for nth in range(1, DEPTH + 1)]
        for side in (1, -1)
    )
    return {"lastUpdateId": 0, "bids": bids, "asks": asks}


def made(first: int, n_messages: int) -> list[str]:
    """Make messages that go on from an id; four of ten levels are taken away."""
    chance = random.Random(SEED + first)
    return [text(chance, number) for number in range(first + 1, first + n_messages + 1)]


def text(chance: random.Random, number: int) -> str:
    """Make one message, of levels near the best ones mostly."""
    sides: dict[int, dict[int, int]] = {1: {}, -1: {}}
    while sum(map(len, sides.values())) < LEVELS:
        side = chance.choice((1, -1))
        tick = MID - side * (1 + int(chance.expovariate(1 / 200)))
        sides[side][tick] = 0 if chance.random() < 0.4 else chance.randint(1, 10**9)
    bids, asks = (
        [[f"{tick / TICK:.8f}", f"{size / 1e8:.8f}"] for tick, size in levels.items()]
        for levels in sides.values()
    )
    at = (BEGAN_US + number * STEP_US) // 1_000
    event = {"e": "depthUpdate", "E": at, "s": "BTCUSDT", "U": number, "u": number}
    event |= {"b": bids, "a": asks}
    return json.dumps({"stream": "btcusdt@depth@100ms", "data": event}, separators=(",", ":"))


def capture() -> Path | None:
    """Return the captured file, if there is one."""
    path = Path(os.environ.get("LEADLINE_REAL_DATA", ""), CAPTURE)
    return path if path.is_file() else None


def captured(path: Path) -> tuple[Heard, list[Heard]]:
    """Return a capture's snapshot and its depth messages."""
    told = [
        found for line in gzip.decompress(path.read_bytes()).splitlines() if (found := heard(line))
    ]
    (first,) = (each for each in told if each.text.startswith(b'{"lastUpdateId"'))
    return first, [each for each in told if b'"depthUpdate"' in each.text]


class Bare(Frames):
    """Books without the rows that they bring."""

    def applied(self, *_: object) -> None:
        """Leave what a book took untold."""


def ours(path: Path) -> tuple[float, Top]:
    """Return how long our books take, and the best of the last one."""
    first, rest = captured(path)
    frames = Bare()
    frames.restart("BTCUSDT", json.loads(first.text), first.at, 0)
    said = [(each.text.decode(), each.at) for each in rest]
    started = time.process_time()
    for number, (text, at) in enumerate(said):
        frames.take(frames.parsed(text), at, number)
    seconds = time.process_time() - started
    ((_, book),) = frames.books.items()
    return seconds, (*book.best(1, 1)[0], *book.best(-1, 1)[0])


def theirs(path: Path) -> tuple[float, Top]:
    """Return the same of cryptofeed's handler of Binance; nobody listens to its books."""
    from cryptofeed.defines import L2_BOOK
    from cryptofeed.exchanges.binance import Binance
    from cryptofeed.symbols import Symbols
    from cryptofeed.types import OrderBook

    pair = "BTC-USDT"
    Symbols.set(Binance.id, {pair: "BTCUSDT"}, {"instrument_type": {pair: "spot"}})
    feed = Binance(symbols=[pair], channels=[L2_BOOK], callbacks={})
    first, rest = captured(path)
    answer = json.loads(first.text)
    sides = (
        {Decimal(price): Decimal(size) for price, size in answer[side]} for side in ("bids", "asks")
    )
    bids, asks = sides
    book = OrderBook(feed.id, pair, bids=bids, asks=asks)
    feed._l2_book[pair], feed.last_update_id[pair] = book, answer["lastUpdateId"]
    said = [(each.text.decode(), each.at / 1e6) for each in rest]

    async def handled() -> float:
        started = time.process_time()
        for text, at in said:
            await feed.message_handler(text, None, at)
        return time.process_time() - started

    seconds = asyncio.run(handled())
    if feed.last_update_id[pair] != json.loads(rest[-1].text)["data"]["u"]:
        raise RuntimeError("cryptofeed lost its book")
    best = (*book.book.bids.index(0), *book.book.asks.index(0))
    return seconds, tuple(map(float, best))


if __name__ == "__main__":
    if sys.argv[1].isdigit():
        print(json.dumps(intake(int(sys.argv[1]))))
    else:
        print(json.dumps({"ours": ours, "theirs": theirs}[sys.argv[1]](Path(sys.argv[2]))))
