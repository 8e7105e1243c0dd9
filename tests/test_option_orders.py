"""Orders planted among a day's prints of one stock: how many are found, by how large they are."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from leadline.publication import Publication
from tests.doors import door, one_core, rows
from tests.option_days import (
    DAYS,
    VENUES,
    Bar,
    Option,
    bars,
    cut,
    meant,
    midnight,
    symbol,
    told,
)  # fmt: skip
from tests.stores import load_sessions

SEED = 53  # not one that a bound was chosen with
SIZES = (0.5, 0.7, 0.9, 1.1, 1.5, 2.0, 3.0, 5.0)  # of what the detector asks at least
N_EACH = 40
LEAST_USD = {"sweep": 50_000, "split": 50_000, "block": 100_000}
HALF_SPREAD = 0.05
AT_MID = 0.05  # share of an order's prints that come between bid and ask
SMALLEST_BLOCK = 100


@dataclass(frozen=True)
class Planted:
    """An order: what it is, how large for that, and where it stands."""

    kind: str
    size: float
    contract: str
    at: datetime


@dataclass
class Day:
    """A day's prints, and the orders planted among them."""

    midnight: datetime
    chance: Random
    prints: list[dict[str, Any]]
    planted: list[Planted]

    def add(
        self, option: Option, mid: float, at_s: float, venue: str, size: int, edge: float, code: str
    ) -> datetime:
        """Add a print so far from the mid; return when it traded."""
        right, strike, end = option
        mid, at = round(mid, 2), self.midnight + timedelta(seconds=round(at_s, 3))
        self.prints.append(
            told(
                {
                    "contract": symbol(option), "trade_id": str(len(self.prints)), "venue": venue,
                    "size": size, "traded_at": at, "opt_trade_class": code,
                    "expiration": end, "strike": strike, "put_call": right,
                    "price": round(mid + edge, 2), "bid": round(mid - HALF_SPREAD, 2),
                    "ask": round(mid + HALF_SPREAD, 2),
                }
            )
        )  # fmt: skip
        return at

    def plant(self, kind: str, size: float, where: Bar) -> None:
        """Add an order of so many times what its detector asks at least."""
        side, (chance, mid) = self.chance.choice((1, -1)), (self.chance, where.price)
        price = round(mid, 2) + side * HALF_SPREAD
        whole = math.ceil if size >= 1 else math.floor
        left = whole(size * LEAST_USD[kind] / (price * 100))
        n = 1 if kind == "block" else chance.randint(3, 5)
        venues = chance.sample(VENUES, n) if kind == "sweep" else [chance.choice(VENUES)] * n
        at_s, begun = where.at_s + 60.0 * chance.random(), None
        for place, venue in enumerate(venues):
            own = left // (n - place)
            left -= own
            edge = 0.0 if n > 1 and chance.random() < AT_MID else side * HALF_SPREAD
            code = "sweep" if kind == "sweep" else "regular"
            at = self.add(where.option, mid, at_s, venue, own, edge, code)
            begun = begun or at
            at_s += chance.uniform(0.001, 0.02 if kind == "sweep" else 0.06)
        assert begun
        self.planted.append(Planted(kind, size, symbol(where.option), begun))


def made(name: str) -> Day:
    """Return a day's minutes as prints with sides, and every kind and size of order among them."""
    minutes, chance = bars(name), Random(SEED)
    day = Day(midnight(name), chance, [], [])
    for bar in minutes:
        for size, venue in cut(chance, bar):
            edge = chance.choice((-HALF_SPREAD, 0.0, HALF_SPREAD))
            at_s = bar.at_s + 60 * chance.random()
            day.add(bar.option, bar.price, at_s, venue, size, edge, "regular")
    # A block is of a hundred contracts at least, so the cheapest ones are planted as such.
    cheap = [bar for bar in minutes if 0.5 < bar.price < 4]
    for kind in LEAST_USD:
        for times in SIZES:
            for where in chance.choices(cheap, [bar.volume for bar in cheap], k=N_EACH):
                day.plant(kind, times, where)
    return day


@pytest.fixture(
    scope="module",
    params=[DAYS[0], *(pytest.param(day, marks=pytest.mark.soak) for day in DAYS[1:])],
)
def day(request: pytest.FixtureRequest) -> Day:
    return made(request.param)


@pytest.fixture(scope="module")
def fired(day: Day, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Load the day, and ask each detector for what it would wake somebody for."""
    codes = [meant("regular"), meant("regular") | {"condition": "sweep", "is_iso": True}]
    loaded = {"conditions": codes, "option_trades": pa.Table.from_pylist(day.prints)}
    with door(tmp_path_factory.mktemp("orders"), engine=one_core()) as house:
        own = day.midnight.date()
        load_sessions(house.store, own, own)
        for name, given in loaded.items():
            house.store.load(Publication("test", name, (name,), [(name, given)], "loader"))
        span = day.midnight, day.midnight + timedelta(days=1)
        return {
            kind: rows(
                house.ask(f"options.{kind}", *span)
                .filter("score >= 20")
                .project("evidence ->> '$.contract' as contract, happened_at")
            )
            for kind in LEAST_USD
        }


def is_seen(order: Planted, alerts: list[dict[str, Any]]) -> bool:
    until = order.at + timedelta(seconds=1)
    return any(
        alert["contract"] == order.contract and order.at <= alert["happened_at"] <= until
        for alert in alerts
    )


@pytest.mark.parametrize("kind", LEAST_USD)
def test_nearly_all_above_twice_the_floor_are_found_and_hardly_any_below(
    day: Day, fired: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    n_found = Counter(
        order.size for order in day.planted if order.kind == kind and is_seen(order, fired[kind])
    )

    recall = {size: n_found[size] / N_EACH for size in SIZES}
    print(f"{kind}: {len(fired[kind])} alerts, recall {recall}")
    assert sum(n_found[size] for size in SIZES if size >= 2) >= 0.95 * 3 * N_EACH
    assert sum(n_found[size] for size in SIZES if size <= 0.7) <= 0.1 * 2 * N_EACH


@pytest.mark.parametrize("kind", LEAST_USD)
def test_most_alerts_are_planted_orders(
    day: Day, fired: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    orders = [order for order in day.planted if order.kind == kind]

    n_right = sum(any(is_seen(order, [alert]) for order in orders) for alert in fired[kind])

    print(f"{kind}: {n_right} of {len(fired[kind])} alerts are planted")
    assert n_right >= 0.5 * len(fired[kind])
