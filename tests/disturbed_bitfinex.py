"""Bitfinex in simulated time: numbered messages and checksums; some are lost, some altered."""

import json
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pyarrow as pa

from tests.bitfinex import sum_of
from tests.disturbed import LATENCY_US, PAUSE_US, STEP_US, Exchange
from tests.market import LOTS, NEAR, Pair
from tests.venues import price

RATES = {"lost": 0.003, "twice": 0.003, "late": 0.003, "altered": 0.001, "disconnect": 0.000_2}


class Bitfinex(Exchange):
    """Books by level of a market, with faults; a socket for `listen`."""

    async def __aiter__(self) -> AsyncIterator["Line"]:  # type: ignore[override]
        while self.left > 0:
            yield (line := Line(self))
            while line.todo:  # nobody hears it any more
                self.set(*line.todo.popleft())
            until = self.at + self.chance.randrange(*PAUSE_US)
            while self.at < until and self.left > 0:
                pair = self.chance.choice(self.market.pairs)
                for each in self.market.changes(pair):
                    self.set(pair, each)

    def keys(self, table: pa.Table) -> list[int]:
        """Return when each message came, which no other did."""
        found: list[int] = table["known_at"].cast(pa.int64()).to_pylist()
        return found

    def know(self, pair: Pair) -> None:
        """Remember what a book is now."""
        checked = self.checked[pair.name]
        checked.true[self.at] = pair.sum, pair.top, self.at
        checked.waiting[self.at] = self.at

    def set(self, pair: Pair, change: tuple[int, int, int]) -> None:
        """Let a level change."""
        self.at += self.chance.randrange(1, STEP_US)
        self.left -= 1
        self.verdict.n_messages += 1
        pair.set(*change)
        self.know(pair)


class Line:
    """One connection, as `listen` sees it."""

    def __init__(self, exchange: Bitfinex) -> None:
        self._exchange = exchange
        self.lost_at: datetime | None = None
        self.reason = "disconnect"
        self._is_open = True
        self._said = 0
        self._replies: deque[Any] = deque()
        self._channels: dict[str, int] = {}  # of books
        self._n_channels = 0
        self.todo: deque[tuple[Pair, tuple[int, int, int]]] = deque()  # of a change of a book

    @property
    def number(self) -> int:
        """The number of the last line."""
        return self._exchange.number

    async def send(self, said: Any) -> None:
        """Take what a client says; it is answered a little later."""
        self._replies.append(said)

    async def give_up(self, why: str) -> None:
        """End it."""
        self.lost_at, self._is_open = self._exchange.now(), False

    def _push(self, number: int, said: str) -> str:
        self._said += 1
        return f"[{number},{said},{self._said},{self._exchange.at // 1_000}]"

    def _level(self, side: int, ticks: int, lots: int) -> str:
        return f"[{price(ticks)},{int(lots > 0)},{side * (lots / LOTS or 1):g}]"

    def _pair(self, said: Any) -> Pair:
        base = said["symbol"][1:4]
        return next(each for each in self._exchange.market.pairs if each.name[:3] == base)

    def _answered(self, said: Any) -> list[str]:
        """Return what is answered: of a book all of it, and its sum."""
        if said["event"] == "conf":
            return [json.dumps({"event": "conf", "status": "OK", "flags": said["flags"]})]
        if said["event"] == "unsubscribe":
            self._channels = {k: v for k, v in self._channels.items() if v != said["chanId"]}
            return [json.dumps({"event": "unsubscribed", "status": "OK", "chanId": said["chanId"]})]
        self._n_channels += 1
        reply = json.dumps(said | {"event": "subscribed", "chanId": self._n_channels})
        if said["channel"] == "trades":
            return [reply, self._push(self._n_channels, "[]")]
        pair = self._pair(said)
        self._channels[pair.name] = self._n_channels
        levels = [self._level(side, *each) for side in (1, -1) for each in pair.levels(side)]
        return [reply, self._push(self._n_channels, f"[{','.join(levels)}]")]

    def _sum(self, pair: Pair) -> str:
        entries = [
            (price(ticks), "1", f"{side * lots / LOTS:g}")
            for side in (1, -1)
            for ticks, lots in pair.levels(side)
        ]
        return self._push(self._channels[pair.name], f'"cs",{sum_of(entries, is_raw=False)}')

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        exchange, chance = self._exchange, self._exchange.chance
        faults = exchange.verdict.n_faults
        yield self._heard(json.dumps({"event": "info", "version": 2, "platform": {"status": 1}}))
        while exchange.left > 0 and self._is_open:
            while self._replies and self._is_open:
                exchange.at += chance.randrange(*LATENCY_US) // 10
                reply, *first = self._answered(said := self._replies.popleft())
                yield self._heard(reply)
                for text in first:
                    told = self._heard(text)
                    if said["channel"] == "book":
                        exchange.know(self._pair(said))
                    yield told
            pair = chance.choice(exchange.market.pairs)
            self.todo += [(pair, each) for each in exchange.market.changes(pair)]
            is_altered = False
            while self.todo:
                pair, change = self.todo.popleft()
                exchange.set(pair, change)
                if pair.name not in self._channels or not self._is_open:
                    continue
                fault = next((name for name, rate in RATES.items() if chance.random() < rate), "")
                if is_altered:
                    fault = ""  # what breaks off before its sum is told, no sum can tell
                side, ticks, lots = change
                is_seen = lots and abs(ticks - pair.mid) < NEAR
                faults[fault] += bool(fault) and (fault != "altered" or bool(is_seen))
                if fault == "altered" and is_seen:
                    lots, is_altered = lots + 1, True
                text = self._push(self._channels[pair.name], self._level(side, ticks, lots))
                if fault == "disconnect":
                    self.lost_at = exchange.now()
                    return
                if fault == "late":
                    yield self._heard(self._sum(pair), step=0)
                if fault != "lost":
                    yield self._heard(text, step=0)
                if fault == "twice" and self._is_open:
                    yield self._heard(text)
            if pair.name in self._channels and self._is_open:
                yield self._heard(self._sum(pair))

    def _heard(self, text: str, step: int = 1) -> tuple[datetime, str]:
        self._exchange.at += step
        self._exchange.number += 1
        return self._exchange.now(), text
