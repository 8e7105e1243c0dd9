"""Whale scores beside an independent reckoning in plain Python, over made-up books."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.whales import detector, whales

SEED = 31
BEGIN = int(datetime(2024, 8, 8, tzinfo=UTC).timestamp())
MICRO, MINUTE, HOUR = 1_000_000, 60, 3_600
# Hours since the begin and adds in them: some leave the day, the two days or the hour before.
STRETCHES = {0: 1_000, 30: 6_000, 31: 400, 52: 8_000, 53: 3_000, 54: 9_000}
RATES = {"UP-USDT": 1.0, "UP-BTC": 60_000.0, "UP-EUR": None}
EVERY = {  # what a detector leaves out is asked for as well
    "900_000_000 as cool_down_us": "1 as cool_down_us",
    "60 as low_whale": "0 as low_whale",
    "3 as min_points": "1 as min_points",
}


Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Add:
    """One order that came: in microseconds, base units and quote currency."""

    at: int
    pair: str
    side: int
    price: float
    size: float
    bid: float
    ask: float
    depths: tuple[float | None, ...]  # bids and asks within 50 bps, 500 bps, and all

    @property
    def mid(self) -> float:
        return (self.bid + self.ask) / 2

    @property
    def dist_bps(self) -> float:
        return round(10_000 * self.side * (self.mid - self.price) / self.mid, 6)

    @property
    def band(self) -> int:
        return max([0, *(edge for edge in (10, 50, 200) if self.dist_bps >= edge)])

    @property
    def bin(self) -> int:
        return math.floor(round(20 * math.log(self.size / 1e-9), 6))

    @property
    def usd(self) -> float | None:
        rate = RATES[self.pair]
        return None if rate is None else self.size * self.price * rate

    @property
    def side_depth(self) -> float:
        near, whole = (self.depths[n + (self.side == -1)] for n in (0, 4))
        return whole or 0 if near is None else near

    @property
    def is_material(self) -> bool:
        bids, asks = (
            self.depths[4 + n] if self.depths[2 + n] is None else self.depths[2 + n] for n in (0, 1)
        )
        return (self.usd or 0) >= 50_000 or self.size >= 0.01 * ((bids or 0) + (asks or 0))


def invented() -> list[Add]:
    """Invent orders with fat tails, the farther the larger, and some of the usual round sizes."""
    chance, found = Random(SEED), []
    for hour, n_adds in STRETCHES.items():
        for _ in range(n_adds):
            at = (BEGIN + hour * HOUR) * MICRO + chance.randrange(HOUR * MICRO)
            pair = chance.choice(("UP-USDT", "UP-USDT", "UP-BTC", "UP-EUR"))
            scale = {"UP-USDT": 1.0, "UP-BTC": 1e-5, "UP-EUR": 1.0}[pair]
            bid = round(20_000 * scale * (1 + chance.gauss(0, 0.002)), 9)
            ask = round(bid * (1 + chance.choice((0.0001, 0.0005, 0.012))), 9)
            side, far = chance.choice((1, -1)), chance.choice((0, 3, 9, 40, 120, 400, 4_000))
            price = round((bid if side == 1 else ask) * (1 - side * far / 10_000), 9)
            size = round(math.exp(chance.gauss(2 + 0.3 * math.log1p(far), 1.4)), 4)
            size = float(chance.choice((1, 5, 10, 100))) if chance.random() < 0.2 else size
            near = [round(math.exp(chance.gauss(6, 1)), 3) + size for _ in range(2)]
            wide = [5 * each for each in near]
            whole = [20 * wide[0], 20 * wide[0] + chance.choice((-1, 0, 1)) * wide[1] / 30]
            blind = chance.random() < 0.1
            depths: tuple[float | None, ...] = (*near, *wide, *whole)
            if blind:
                depths = (None, None, None, None, *whole)
            found.append(Add(at, pair, side, price, max(size, 0.0001), bid, ask, depths))
    return sorted(found, key=lambda each: each.at)


def told(adds: Sequence[Add]) -> tuple[dict[int, float], dict[int, int], dict[int, str]]:
    """Return by place v2's score, v1's points, and the pairs, as the views have them."""
    moments = pa.array([each.at for each in adds]).cast(pa.timestamp("us", "UTC"))
    names = [f"{side}_size_{far}" for far in ("50bps", "500bps", "all") for side in ("bid", "ask")]
    rows = pa.table(
        {
            "venue": ["made"] * len(adds), "pair": [each.pair for each in adds],
            "known_at": moments, "exchange_at": moments, "epoch": ["1"] * len(adds),
            "update_id": list(range(len(adds))), "sequence": list(range(len(adds))),
            "order_id": pa.nulls(len(adds), pa.int64()), "is_snapshot": [False] * len(adds),
            "book_side": [each.side for each in adds], "price": [each.price for each in adds],
            "size": [each.size for each in adds], "prev_size": [0.0] * len(adds),
            "mid": [each.mid for each in adds], "best_bid": [each.bid for each in adds],
            "best_ask": [each.ask for each in adds],
        } | {name: [each.depths[n] for each in adds] for n, name in enumerate(names)}
    )  # fmt: skip
    with whales(rows) as con:
        found: list[dict[int, float]] = []
        for version, number in ((2, "whale_score"), (1, "points")):
            text = detector(version)
            for literal, other in EVERY.items():
                text = text.replace(literal, other)
            answer = con.execute(
                "select cast(evidence ->> '$.update_id' as bigint), "
                f"cast(evidence ->> '$.{number}' as double) from ({text})"
            ).fetchall()
            found.append(dict(answer))
        pairs = con.execute("select update_id, pair from features.whale_orders").fetchall()
    return found[0], {key: int(value) for key, value in found[1].items()}, dict(pairs)


def adaptive(adds: Sequence[Add]) -> Mapping[int, float]:
    """Return v2's score of each material order with a history, by place."""
    at = np.array([each.at // MICRO for each in adds])
    bins = np.array([each.bin for each in adds])
    groups = np.array([hash((each.pair, each.side, each.band)) for each in adds])
    found = {}
    for place, add in enumerate(adds):
        if not add.is_material:
            continue
        second = at[place]
        begin = second // HOUR * HOUR - 24 * HOUR
        past = bins[(groups == groups[place]) & (at >= begin) & (at < second // MINUTE * MINUTE)]
        if len(past) < 500:
            continue
        rank = ((past < add.bin).sum() + (past == add.bin).sum() / 2) / len(past)
        notional = 1 if (add.usd or 0) >= 1e6 else 0.5 if (add.usd or 0) >= 1e5 else 0
        depth = min(1.0, add.size / add.side_depth)
        found[place] = 100 * (
            0.5 * max(0, (rank - 0.9) / 0.1)
            + 0.25 * depth
            + 0.15 * math.exp(-max(add.dist_bps, 0) / 50)
            + 0.1 * notional
        )
    return found


def cuts_of(minute: int, at: Numbers, sizes: Numbers, is_past: Numbers) -> list[float]:
    """Return the three cuts of v1 at a minute, or none without 500 orders before it."""
    if is_past.sum() < 500:
        return []
    when, size, hour = at[is_past], sizes[is_past], minute // HOUR * HOUR
    middle = np.where(
        when < hour, when // HOUR * HOUR + HOUR / 2, when // MINUTE * MINUTE + MINUTE / 2
    )
    weight = 0.5 ** ((minute - middle) / (6 * HOUR))
    mean = np.average(size, weights=weight)
    variance = np.average((size - mean) ** 2, weights=weight)
    g = mean**2 / math.sqrt(mean**2 + variance)
    s = math.exp(math.sqrt(math.log(1 + variance / mean**2)))
    return [g * s**power for power in (2, 3, 4)]


def founding(adds: Sequence[Add]) -> Mapping[int, int]:
    """Return v1's points of each material order that has any, by place."""
    at = np.array([each.at // MICRO for each in adds])
    sizes = np.array([each.size for each in adds])
    pairs = np.array([list(RATES).index(each.pair) for each in adds])
    found: dict[int, int] = {}
    cuts: dict[tuple[str, int], list[float]] = {}
    for place, add in enumerate(adds):
        if not add.is_material:
            continue
        minute = at[place] // MINUTE * MINUTE
        if (add.pair, minute) not in cuts:
            is_past = (pairs == pairs[place]) & (at >= minute // HOUR * HOUR - 48 * HOUR)
            cuts[add.pair, minute] = cuts_of(minute, at, sizes, is_past & (at < minute))
        base = sum(add.size >= cut for cut in cuts[add.pair, minute])
        if base:
            lean = abs((add.depths[4] or 0) - (add.depths[5] or 0))
            found[place] = (
                base
                + ((add.ask - add.bid) / add.mid > 0.01)
                + (add.dist_bps < 100)
                + (add.size > 10 * lean)
            )
    return found


Answer = tuple[dict[int, float], dict[int, int], dict[int, str]]


@pytest.fixture(scope="module")
def adds() -> list[Add]:
    return invented()


@pytest.fixture(scope="module")
def answer(adds: list[Add]) -> Answer:
    return told(adds)


def test_what_may_matter_is_weighed_and_nothing_else(adds: list[Add], answer: Answer) -> None:
    _, _, ours = answer

    theirs = {place: add.pair for place, add in enumerate(adds) if add.is_material}

    assert ours == theirs
    assert len(ours) > 10_000
    assert set(ours.values()) == set(RATES)


def test_the_adaptive_score_is_that_of_plain_python(adds: list[Add], answer: Answer) -> None:
    ours, _, _ = answer

    theirs = adaptive(adds)

    assert len(ours) > 1_000
    assert sum(score >= 60 for score in ours.values()) > 100
    assert max(abs(score - theirs[place]) for place, score in ours.items()) < 1e-4
    # Below the top decile nothing is ranked, and nothing can fire.
    assert max(theirs[place] for place in theirs.keys() - ours.keys()) < 50


@pytest.mark.soak
def test_the_founding_score_is_that_of_plain_python(adds: list[Add], answer: Answer) -> None:
    _, ours, _ = answer

    theirs = founding(adds)

    assert len(theirs) > 500
    assert ours == theirs
    assert set(theirs.values()) >= {1, 2, 3, 4, 5}


def test_where_all_sizes_grow_alike_the_score_stays(adds: list[Add]) -> None:
    fewer = [replace(each, pair="UP-EUR") for each in adds[-12_000:]]
    # By as much as twenty bins, so that what shares a bin still does.
    grown = [
        replace(
            each, size=math.e * each.size,
            depths=tuple(depth and math.e * depth for depth in each.depths),
        )
        for each in fewer
    ]  # fmt: skip

    ours, more = told(fewer)[0], told(grown)[0]

    assert len(ours) > 500
    # Sizes have eight decimals, so that one in some thousands falls into the next bin.
    assert len(ours.keys() ^ more.keys()) <= 0.01 * len(ours)
    assert max(abs(ours[place] - more[place]) for place in ours.keys() & more.keys()) < 0.5
