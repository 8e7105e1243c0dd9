"""An exchange in simulated time, which a loader's own `listen` listens to while messages fail it.

Nothing is sent over a network, so that millions of messages take minutes. After each message that
it makes it knows what the book is; what the loader tells is held against that.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from leadline.clock import BEGINNING
from tests.market import LOTS, TICKS, Market, Pair, mark

START_US = 1_700_000_000_000_000
STEP_US = 5_000  # between two messages, on average
RATE = 0.01  # of each: lost, told twice, told late
DISCONNECTS = 0.000_2  # of messages
OLD = 0.3  # of snapshots, which are from before what is held
LATENCY_US = (50_000, 300_000)  # of an answer
PAUSE_US = (100_000, 1_000_000)  # until another connection stands
CALM = 100  # messages at the end that come as they are: what nothing follows can't be missed


@dataclass
class Verdict:
    """What was sent, what was told, and what of it was wrong."""

    n_messages: int = 0
    n_faults: Counter[str] = field(default_factory=Counter)
    n_told: int = 0
    n_wrong: int = 0  # books told otherwise than they were, in no gap
    n_unflagged: int = 0  # messages that were neither told nor in a gap
    n_again: int = 0  # told twice
    resyncs_us: list[int] = field(default_factory=list)

    @property
    def p95_s(self) -> float:
        """How long all but the longest twentieth of the gaps lasted, from end to end."""
        return sorted(self.resyncs_us)[len(self.resyncs_us) * 95 // 100] / 1e6


class Checked:
    """The book of one pair as the rows tell it, and as it truly is."""

    def __init__(self) -> None:
        self.epoch, self.last = "", ("", 0)
        self.levels: dict[tuple[int, int], int] = {}
        self.sum = 0
        self.true: dict[int, tuple[int, Any, int]] = {}  # by update: sum, top, when it was sent
        self.waiting: dict[int, int] = {}  # updates that nobody told yet, and when they were sent
        self.wrong: list[int] = []  # when what was told otherwise was sent
        self.gaps: list[tuple[int, int]] = []
        self.began_at = 0  # when the first book was told

    def is_flagged(self, at: int) -> bool:
        """Say whether a moment lies in a gap."""
        return any(began <= at <= ended for began, ended in self.gaps)

    def change(self, epoch: str, side: int, price: float, size: float) -> None:
        """Take a row of book_updates."""
        if epoch != self.epoch:
            self.epoch, self.levels, self.sum = epoch, {}, 0
        key, lots = (side, round(price * TICKS)), round(size * LOTS)
        if before := self.levels.pop(key, 0):
            self.sum -= mark(*key, before)
        if lots:
            self.levels[key] = lots
            self.sum += mark(*key, lots)


class Exchange:
    """Binance's depth and snapshots of a market, with faults; a socket for `listen`."""

    def __init__(self, seed: int, n_messages: int, *names: str) -> None:
        self.market = Market(seed, *names)
        self.chance = self.market.chance
        self.at = START_US
        self.left = n_messages
        self.verdict = Verdict()
        self.checked = {name: Checked() for name in names}
        self.asked: deque[tuple[int, Pair, asyncio.Future[Any], Any]] = deque()
        self.by_symbol = {pair.name.replace("-", ""): pair for pair in self.market.pairs}
        self.number = 0
        self._updates: Iterator[Any] = iter(())
        self._next: Any = None

    def now(self) -> datetime:
        """What the clock says."""
        return BEGINNING + timedelta(microseconds=self.at)

    async def __aiter__(self) -> AsyncIterator["Line"]:
        while self.left > 0:
            line = Line(self)
            yield line
            self.asked.clear()
            self.pass_by(self.chance.randrange(*PAUSE_US))

    def pass_by(self, micros: int) -> None:
        """Let time pass in which nobody listens."""
        until = self.at + micros
        while self.at < until and self.left > 0:
            self.message()

    def message(self) -> str:
        """Let a book change; return what is said of it, and remember what it is now."""
        self.at += self.chance.randrange(1, 2 * STEP_US)
        self.left -= 1
        self.verdict.n_messages += 1
        pair = self.chance.choice(self.market.pairs)
        first, changes = pair.last + 1, self.market.change(pair)
        pair.last += len(changes)
        checked = self.checked[pair.name]
        checked.true[pair.last] = pair.sum, pair.top, self.at
        checked.waiting[pair.last] = self.at
        symbol = pair.name.replace("-", "")
        sides: dict[int, list[list[str]]] = {1: [], -1: []}
        for side, ticks, lots in changes:
            sides[side].append([f"{ticks / TICKS:.2f}", f"{lots / LOTS:.4f}"])
        event = {
            "e": "depthUpdate", "E": self.at // 1_000, "s": symbol, "U": first, "u": pair.last,
            "b": sides[1], "a": sides[-1],
        }  # fmt: skip
        return json.dumps({"stream": f"{symbol.lower()}@depth@100ms", "data": event})

    def snapshot(self, pair: Pair) -> Any:
        """Return a book as it is now."""
        checked = self.checked[pair.name]
        checked.true.setdefault(pair.last, (pair.sum, pair.top, self.at))
        bids, asks = (
            [[f"{ticks / TICKS:.2f}", f"{lots / LOTS:.4f}"] for ticks, lots in pair.levels(side)]
            for side in (1, -1)
        )
        return {"lastUpdateId": pair.last, "bids": bids, "asks": asks}

    def hear(self, dataset: str, table: pa.Table) -> None:
        """Hold rows against what is true."""
        if dataset == "book_updates":
            self._updates = iter(zip(*(table[name].to_pylist() for name in UPDATE), strict=True))
            self._next = next(self._updates, None)
        elif dataset == "feed_gaps":
            for row in table.to_pylist():
                self._gap(row)
        elif dataset == "book_tops":
            told = [table[name].to_pylist() for name in TOP]
            for pair, number, *row in zip(*told[:1], self.keys(table), *told[1:], strict=True):
                self._top(pair, number, *row)

    def keys(self, table: pa.Table) -> list[int]:
        """Return what tells the messages of a pair apart."""
        found: list[int] = table["update_id"].to_pylist()
        return found

    def _gap(self, row: Any) -> None:
        if row["channel"] != "book":
            return
        began_at, ended_at = (
            (row[name] - BEGINNING) // timedelta(microseconds=1) if row[name] else self.at
            for name in ("began_at", "ended_at")
        )
        checked = self.checked[row["pair"]]
        checked.gaps.append((began_at, ended_at))
        if row["ended_at"] and checked.began_at:
            self.verdict.resyncs_us.append(ended_at - began_at)

    def _top(self, name: str, number: int, epoch: str, sequence: int, *told: float) -> None:
        """Take the changes of a message and the top after it, which stands behind them."""
        checked, verdict = self.checked[name], self.verdict
        while self._next and self._next[-1] < sequence:
            pair, *change, _ = self._next
            self.checked[pair].change(*change)
            self._next = next(self._updates, None)
        found, top, at = checked.true.get(number, (0, None, self.at))
        verdict.n_told += 1
        checked.began_at = checked.began_at or at
        if (found, top) != (checked.sum, told):
            checked.wrong.append(at)
        verdict.n_again += checked.last[0] == epoch and checked.last[1] >= number
        checked.last = epoch, number
        checked.waiting.pop(number, None)

    def settle(self, *, is_over: bool = False) -> None:
        """Look at what was never told: it lies in a gap, or before the first book."""
        old = self.at if is_over else self.at - 60_000_000
        for checked in self.checked.values():
            for number, at in list(checked.waiting.items()):
                if at > old:
                    break
                is_missing = 0 < checked.began_at <= at and not checked.is_flagged(at)
                self.verdict.n_unflagged += is_missing
                del checked.waiting[number]
            due = [at for at in checked.wrong if at <= old]
            self.verdict.n_wrong += sum(not checked.is_flagged(at) for at in due)
            checked.wrong = [at for at in checked.wrong if at > old]
            # Old gaps and old books are of no more use.
            checked.gaps = [gap for gap in checked.gaps if gap[1] > old - 60_000_000]
            for number in [number for number, (_, _, at) in checked.true.items() if at <= old]:
                del checked.true[number]


UPDATE = ("pair", "epoch", "book_side", "price", "size", "sequence")
TOP = (
    "pair", "epoch", "sequence", "best_bid", "best_ask", "bid_size", "ask_size",
)  # fmt: skip


class Line:
    """One connection, as `listen` sees it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.lost_at: datetime | None = None
        self.reason = "disconnect"

    @property
    def number(self) -> int:
        """The number of the last line."""
        return self._exchange.number

    def keep(self, *_: Any) -> int:
        """Count an answer that is made use of."""
        self._exchange.number += 1
        return self._exchange.number

    async def ask(self, url: str, *, symbol: str, limit: int) -> Any:
        """Return a snapshot some time later; some are older than the question."""
        exchange = self._exchange
        pair = exchange.by_symbol[symbol]
        later: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        old = None
        if exchange.chance.random() < OLD:
            old = exchange.snapshot(pair) | {"lastUpdateId": pair.last - 5_000}
            exchange.verdict.n_faults["old snapshot"] += 1
        due = exchange.at + exchange.chance.randrange(*LATENCY_US)
        exchange.asked.append((due, pair, later, old))
        return await later

    async def _answer(self) -> None:
        exchange = self._exchange
        for each in [each for each in exchange.asked if each[0] <= exchange.at]:
            _, pair, later, old = each
            exchange.asked.remove(each)
            if not later.done():
                later.set_result(old or exchange.snapshot(pair))
        for _ in range(4):
            await asyncio.sleep(0)  # the answer is on its way to whoever asked

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        exchange, chance, faults = self._exchange, self._exchange.chance, self._exchange.verdict
        late: str | None = None
        while exchange.left > 0:
            text = exchange.message()
            if chance.random() < DISCONNECTS:
                faults.n_faults["disconnect"] += 1
                self.lost_at = exchange.now()
                return
            said, fault = [text], chance.random() if exchange.left >= CALM else 1.0
            if late is not None:
                said, late = [text, late], None
            elif fault < RATE:
                faults.n_faults["lost"] += 1
                said = []
            elif fault < 2 * RATE:
                faults.n_faults["twice"] += 1
                said = [text, text]
            elif fault < 3 * RATE:
                faults.n_faults["late"] += 1
                late, said = text, []
            for each in said:
                exchange.number += 1
                exchange.at += 1
                yield exchange.now(), each
            if exchange.asked or not exchange.number % 100:
                await self._answer()
