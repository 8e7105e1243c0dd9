"""Made-up trades of small coins around pumps, in the shape that is published of them.

Published: rush orders come within seconds of the announcement, by the hundred; the price peaks
within minutes and falls back; in some, insiders buy in the hour before. What was seen neither there
nor in the labels is a guess, and stands below with its reason.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leadline.errors import FeedError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DAYS_BEFORE, DAYS_AFTER = 11, 1  # the detector wants ten days of trades before it says anything
A_DAY = 1_200  # orders of the middle pair a day; a guess
RUSH_SHARE = 0.05  # of usual orders that eat two levels at least; a guess
# Orders in a pump's first 25 s: reckoned so that 9 of 10 would change the deviation of rush orders
# over 900 chunks by a factor of 30, as is published; with what else goes on here fewer do.
PUMP_ORDERS, PUMP_SPREAD, PUMP_RUSH = 600.0, 0.6, 0.8
RIVAL_ORDERS, RIVAL_SPREAD, RIVAL_RUSH = 40.0, 1.0, 0.5  # news, listings, whales; a guess
EMPTY = 0.06  # pumps to which nobody comes; a guess
INSIDERS = 0.5  # pumps before which somebody buys in the last hour; a guess
HALF_LIFE_S = 60.0  # of the orders that come
MS, DAY_MS, HOUR_MS = 1, 86_400_000, 3_600_000


@dataclass(frozen=True)
class Pump:
    """One announced pump: the pair, and the moment at which it was to begin."""

    pair: str
    at: datetime


def labelled(path: Path, n: int) -> list[Pump]:
    """Read the first announced pumps on Binance; a coin's second one is another pair here."""
    if not path.is_file():
        raise FeedError(f"--labels: '{path}' is no file; name pump_telegram.csv, or leave it out")
    with path.open() as text:
        rows = [row for row in csv.DictReader(text) if row["exchange"] == "binance"]
    found = sorted({(f"{row['date']} {row['hour']}", row["symbol"]) for row in rows})
    return _pairs([(symbol, datetime.fromisoformat(at)) for at, symbol in found[:n]])


def invented(n: int, seed: int) -> list[Pump]:
    """Return pumps at times as the labelled ones have them: three of four at the full hour."""
    chance = np.random.default_rng(seed)
    first = datetime(2018, 1, 3)
    found = []
    for place in range(n):
        minute = 0 if chance.random() < 0.74 else int(chance.choice([59, 30, 1, 57]))
        hour = int(chance.choice([15, 16, 17, 18, 19, 20, 21]))
        day = first + timedelta(days=9 * place)
        found.append((f"COIN{place}", day + timedelta(hours=hour, minutes=minute)))
    return _pairs(found)


def _pairs(found: Sequence[tuple[str, datetime]]) -> list[Pump]:
    seen: dict[str, int] = {}
    pumps = []
    for symbol, at in found:
        seen[symbol] = nth = seen.get(symbol, 0) + 1
        name = symbol if nth == 1 else f"{symbol}{nth}"
        pumps.append(Pump(f"{name}-BTC", at.replace(tzinfo=UTC)))
    return pumps


@dataclass
class Orders:
    """Taker orders of one pair: when, which side, how many fills, how large, how far up."""

    at: list[Ints]
    side: list[Ints]
    fills: list[Ints]
    size: list[Floats]
    lift: list[Floats]  # of the price at that moment, in logs

    def add(
        self, chance: np.random.Generator, at: Ints, buys: float, rush: float, lift: Any, size: Any
    ) -> None:
        """Add orders; a share of them buys, and a share of these eats several levels."""
        n = len(at)
        is_rush = chance.random(n) < rush
        self.at.append(at)
        self.side.append(np.where(chance.random(n) < buys, 1, -1))
        self.fills.append(np.where(is_rush, chance.integers(2, 6, n), 1))
        self.size.append(size * np.exp(chance.normal(0, 1, n)))
        self.lift.append(np.broadcast_to(np.asarray(lift, float), n))


def trades(pumps: Sequence[Pump], rivals: float, seed: int) -> Iterator[tuple[pa.Table, datetime]]:
    """Yield each pump's trades, and when its first order came.

    rivals is how many rushes of other kinds a pair sees a day.
    """
    streams = np.random.SeedSequence(seed).spawn(len(pumps))
    for pump, stream in zip(pumps, streams, strict=True):
        yield _trades(np.random.default_rng(stream), pump, rivals)


def _trades(chance: np.random.Generator, pump: Pump, rivals: float) -> tuple[pa.Table, datetime]:
    announced = int(pump.at.timestamp() * 1_000)
    since, until = announced - DAYS_BEFORE * DAY_MS, announced + DAYS_AFTER * DAY_MS
    orders = Orders([], [], [], [], [])
    a_day = A_DAY * np.exp(chance.normal(0, 0.5))
    n = chance.poisson(a_day * (until - since) / DAY_MS)
    orders.add(chance, chance.integers(since, until, n), 0.5, RUSH_SHARE, 0.0, 200.0)
    for _ in range(chance.poisson(6 * (until - since) / DAY_MS)):  # bursts of chatter
        started = int(chance.integers(since, until))
        m = int(chance.integers(20, 80))
        orders.add(chance, started + chance.integers(0, 120_000, m), 0.5, RUSH_SHARE, 0.0, 200.0)
    for begin in chance.integers(since, until, chance.poisson(rivals * (until - since) / DAY_MS)):
        if abs(begin - announced) > 2 * HOUR_MS:
            first = RIVAL_ORDERS * np.exp(chance.normal(0, RIVAL_SPREAD))
            _rush(chance, orders, int(begin), first, RIVAL_RUSH, abs(chance.normal(0, 0.08)))
    if chance.random() < INSIDERS:
        m = int(chance.poisson(60))
        at = announced - chance.integers(1_000, HOUR_MS, m)
        orders.add(chance, at, 0.9, 0.1, 0.02, 500.0)
    start = announced + int(1_000 * np.exp(chance.normal(1.6, 0.6)))  # five seconds, mostly
    is_empty = chance.random() < EMPTY
    first = 8.0 if is_empty else PUMP_ORDERS * np.exp(chance.normal(0, PUMP_SPREAD))
    gain = 0.01 if is_empty else float(np.log1p(0.5 * np.exp(chance.normal(0, 0.6))))
    begun = _rush(chance, orders, start, first, PUMP_RUSH, gain)
    return _table(chance, pump.pair, orders, since), datetime.fromtimestamp(begun / 1_000, UTC)


def _rush(
    chance: np.random.Generator, orders: Orders, begin: int, first: float, rush: float, gain: float
) -> int:
    """Add buyers who come at once and get fewer, and the sellers after them; return the first."""
    half = HALF_LIFE_S * 1_000
    n = max(int(chance.poisson(first / (1 - 2 ** (-25_000 / half)))), 1)
    after = np.sort(chance.exponential(half / np.log(2), n)).astype(np.int64)
    orders.add(chance, begin + after, 0.95, rush, gain * _shape(after), 400.0)
    sold = 20_000 + chance.exponential(3 * half, int(0.7 * n)).astype(np.int64)
    orders.add(chance, begin + sold, 0.1, 0.2, gain * _shape(sold), 500.0)
    return int(begin + after[0])


def _shape(after: Ints) -> Floats:
    """Return how much of the rise stands so many milliseconds on: a peak in a minute or two."""
    seconds = after / 1_000
    return np.asarray(np.minimum(seconds / 40, 1) * np.exp(-np.maximum(seconds - 90, 0) / 900))


def _table(chance: np.random.Generator, pair: str, orders: Orders, since: int) -> pa.Table:
    at, fills = np.concatenate(orders.at), np.concatenate(orders.fills)
    order = np.argsort(at, kind="stable")
    at, fills = at[order], fills[order]
    side, size = np.concatenate(orders.side)[order], np.concatenate(orders.size)[order]
    lift = np.concatenate(orders.lift)[order]
    steps = chance.normal(0, 1, len(at)) * np.sqrt(np.diff(at, prepend=since) / DAY_MS) * 0.05
    first = np.exp(chance.uniform(np.log(1e-6), np.log(1e-4)))
    price = first * np.exp(np.cumsum(steps) + lift)
    nth = np.concatenate([np.arange(n) for n in fills])
    row = np.repeat(np.arange(len(at)), fills)
    moments = pa.array(at[row] * 1_000, pa.timestamp("us", "UTC"))
    return pa.table(
        {
            "venue": pa.array(["binance"] * len(row)),
            "pair": pa.array([pair] * len(row)),
            "trade_id": np.arange(len(row)),
            "is_aggregate": np.zeros(len(row), bool),
            "traded_at": moments,
            "known_at": moments,
            "price": np.round(price[row] * (1 + 0.0005 * nth * side[row]), 10),
            "size": np.round(size[row] / fills[row], 2) + 0.01,
            "side": side[row],
        }
    )


def dollars(pumps: Sequence[Pump]) -> pa.Table:
    """Return a trade of the coin that they are quoted in for each hour of any of them."""
    hours = {
        int(pump.at.timestamp()) // 3_600 + hour
        for pump in pumps
        for hour in range(-24 * DAYS_BEFORE, 24 * DAYS_AFTER)
    }
    at = np.array(sorted(hours)) * 3_600_000_000 + 1_000_000
    moments = pa.array(at, pa.timestamp("us", "UTC"))
    return pa.table(
        {
            "venue": pa.array(["binance"] * len(at)),
            "pair": pa.array(["BTC-USDT"] * len(at)),
            "trade_id": np.arange(len(at)),
            "is_aggregate": np.zeros(len(at), bool),
            "traded_at": moments,
            "known_at": moments,
            "price": np.full(len(at), 8_000.0),
            "size": np.full(len(at), 1.0),
            "side": np.ones(len(at), np.int64),
        }
    )
