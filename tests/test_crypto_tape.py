"""VPIN, rush orders and tests on sizes: an independent reckoning in plain Python."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from statistics import mean, stdev
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from leadline.engine import scratch
from tests.doors import ROOT

SEED, BEGIN, N_DAYS = 29, datetime(2024, 7, 1, tzinfo=UTC), 28
DAY_US, CHUNK_US = 86_400_000_000, 25_000_000
START_US = int(BEGIN.timestamp()) * 1_000_000
VIEWS = (
    "crypto_prints", "crypto_hours", "trade_runs", "vpin_buckets", "vpin", "pump_chunks",
    "rush_orders", "wash_days", "wash_weeks",
)  # fmt: skip
Trade = tuple[int, int, int, float]  # known_at in us, side, size in 1e-8, price
Rows = list[dict[str, Any]]


def made() -> list[Trade]:
    """Return a month of trades in bursts, with runs of a side, few large ones and a quiet week."""
    chance = np.random.default_rng(SEED)
    n = 30_000
    first = np.sort(chance.integers(0, N_DAYS * DAY_US, n // 3))
    first = first[(first // DAY_US != 20) | (chance.random(len(first)) < 0.5)]
    at = np.sort(np.repeat(first, 3) + chance.choice([0, 300, 700_000], 3 * len(first)))
    n = len(at)
    lean = 0.5 + 0.3 * np.sin(np.arange(n) / 2_500)
    side = np.where(np.repeat(chance.random(n // 4 + 1), 4)[:n] < lean, 1, -1)
    size = np.maximum(np.round(np.exp(chance.normal(1, 1.5, n)), 5), 0.00001)
    size[chance.random(n) < 0.05] = 1.0
    size[1::40] = size[::40][: len(size[1::40])]
    size[12_345] = 4_000
    price = np.round(100 * np.exp(np.cumsum(chance.normal(0, 1e-4, n))), 2)
    units = np.round(size * 1e8).astype(np.int64)
    rows = zip(at + START_US, side, units, price, strict=True)
    return [(int(t), int(s), int(u), float(p)) for t, s, u, p in rows]


@contextmanager
def views_over(trades: list[Trade]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the views over trades that are told once, and nothing missing."""
    n = len(trades)
    at, side, units, price = (np.array(each) for each in zip(*trades, strict=True))
    moments = pa.array(at).cast(pa.timestamp("us", "UTC"))
    rows = pa.table(
        {
            "venue": ["binance"] * n, "pair": ["BTC-USDT"] * n, "traded_at": moments,
            "known_at": moments, "sequence": np.arange(n), "trade_id": np.arange(n),
            "is_aggregate": [False] * n, "side": side, "price": price, "size": units / 1e8,
            "notional": np.round(price * units / 1e8, 8),
        }
    )  # fmt: skip
    with scratch() as con:
        con.execute("set timezone = 'UTC'; create schema curated; create schema features")
        con.execute("create schema ops")
        con.execute("create view ops.clock as select timestamptz '9999-01-01 00:00Z' as until")
        con.register("made", rows)
        con.execute(
            "create table curated.crypto_trades as "
            "select *, cast(null as timestamptz) as withdrawn_at from made"
        )
        con.execute(
            "create table ops.feed_gaps (venue text, pair text, channel text, "
            "began_at timestamptz, ended_at timestamptz, known_at timestamptz)"
        )
        for view in VIEWS:
            text = (ROOT / f"sql/views/features/{view}.v1.sql").read_text()
            con.execute(f"create view features.{view} as {text}")
        yield con


@pytest.fixture(scope="module")
def tape() -> list[Trade]:
    return made()


@pytest.fixture(scope="module")
def said(tape: list[Trade]) -> dict[str, Rows]:
    """What the views say of the month."""
    asked = {
        "vpin_buckets": "clock_date, bucket", "vpin": "clock_date, bucket",
        "rush_orders": "chunk_at", "wash_weeks": "week_at",
    }  # fmt: skip
    with views_over(tape) as con:
        return {
            view: con.sql(f"from features.{view} order by {order}").to_arrow_table().to_pylist()
            for view, order in asked.items()
        }


def days_of(trades: list[Trade]) -> dict[date, list[Trade]]:
    days: dict[date, list[Trade]] = defaultdict(list)
    for trade in trades:
        days[(BEGIN + timedelta(microseconds=trade[0] - START_US)).date()].append(trade)
    return days


def sizes_of_buckets(days: dict[date, list[Trade]]) -> dict[date, int]:
    """Return a fiftieth of the mean whole day before each, in units of 1e-8."""
    whole = {
        day: sum(trade[2] for trade in trades)
        for day, trades in days.items()
        if len({trade[0] // 3_600_000_000 for trade in trades}) >= 20
    }
    found = {}
    for day in days:
        past = [v for other, v in whole.items() if timedelta() < day - other <= timedelta(days=30)]
        if len(past) >= 10:
            found[day] = round(round(sum(past) / 1e8 / (len(past) * 50), 8) * 1e8)
    return found


def buckets(trades: list[Trade], full: int) -> Iterator[tuple[int, int]]:
    """Yield the net volume of each full bucket, and the second at whose end it was full."""
    room, net = full, 0
    for at, side, size, _ in trades:
        while size:
            taken = min(room, size)
            room, net, size = room - taken, net + side * taken, size - taken
            if not room:
                yield net, at // 1_000_000 + 1
                room, net = full, 0


def reckoned_buckets(trades: list[Trade]) -> list[tuple[date, int, int, int, int]]:
    days, found = days_of(trades), []
    for day, full in sizes_of_buckets(days).items():
        told = list(enumerate(buckets(days[day], full), start=1))
        # A run that fills over 50 tells the last 50.
        ends = Counter(second for _, (_, second) in told)
        for number, (net, second) in told:
            if ends[second] <= 50:
                found.append((day, number, full, net, second))
    return found


def test_every_bucket_is_as_plain_python_cuts_it(tape: list[Trade], said: dict[str, Rows]) -> None:
    theirs = reckoned_buckets(tape)

    ours = [
        (
            row["clock_date"], row["bucket"], int(row["bucket_volume"] * 100_000_000),
            int(row["net_volume"] * 100_000_000), int(row["known_at"].timestamp()),
        )
        for row in said["vpin_buckets"]
    ]  # fmt: skip
    assert ours == theirs
    assert len(ours) > 700


def test_every_vpin_and_its_rank_is_as_plain_python_reckons(
    tape: list[Trade], said: dict[str, Rows]
) -> None:
    cut = reckoned_buckets(tape)
    values: list[tuple[date, float | None]] = []
    for place, (day, *_) in enumerate(cut):
        last = cut[max(0, place - 49) : place + 1]
        is_whole = len(last) == 50 and day - last[0][0] <= timedelta(days=7)
        share = sum(abs(net) for _, _, _, net, _ in last) / sum(full for _, _, full, _, _ in last)
        values.append((day, round(share, 9) if is_whole else None))
    theirs = []
    for day, value in values:
        month = timedelta(days=30)
        past = [math.floor(round(1_000 * v, 6)) for d, v in values
                if v is not None and timedelta() < day - d <= month]  # fmt: skip
        own = math.floor(round(1_000 * value, 6)) if value is not None else None
        rank = None
        if own is not None and len(past) >= 500:
            rank = (sum(v < own for v in past) + 0.5 * sum(v == own for v in past)) / len(past)
        theirs.append((value, rank))

    ours = [(row["vpin"], row["vpin_pr"]) for row in said["vpin"]]
    assert len(ours) == len(theirs)
    for mine, yours in zip(ours, theirs, strict=True):
        assert mine == pytest.approx(yours, abs=1e-8)
    assert sum(rank is not None for _, rank in ours) > 150


def rises(values: list[float], before: list[float], of: Any) -> float | None:
    """Return the change of a mean or deviation, where both can be told."""
    least = 2 if of is stdev else 1
    if len(before) < least or not (base := of(before)):
        return None
    return float(of(values) / base - 1)


def test_every_figure_of_rush_orders_is_as_plain_python_reckons(
    tape: list[Trade], said: dict[str, Rows]
) -> None:
    chunks: dict[int, list[Trade]] = defaultdict(list)
    for trade in tape:
        if trade[1] == 1:
            chunks[trade[0] // CHUNK_US].append(trade)
    facts = {}
    for place, trades in chunks.items():
        fills = Counter(trade[0] // 1_000 for trade in trades)
        prices = [trade[3] for trade in trades]
        facts[place] = (
            sum(n > 1 for n in fills.values()), len(trades), sum(t[2] for t in trades) / 1e8,
            mean(prices), max(prices),
        )  # fmt: skip
    figures = {
        "std_rush_orders": (0, stdev), "avg_rush_orders": (0, mean), "std_trades": (1, stdev),
        "std_volume": (2, stdev), "avg_volume": (2, mean), "std_price": (3, stdev),
        "avg_price": (3, mean), "avg_price_max": (4, mean),
    }  # fmt: skip
    places = sorted(facts)
    asked = {row["chunk_at"]: row for row in said["rush_orders"]}

    assert len(asked) == len(places) > 5_000
    for number in range(0, len(places), 7):
        place = places[number]
        row = asked[datetime.fromtimestamp(place * 25, UTC)]
        window = [p for p in places[max(0, number - 400) : number + 1] if p > place - 1_008]
        last = places[number - 1] if number else place - 9_999
        older = [p for p in places[max(0, number - 401) : number] if p > last - 1_008]
        assert row["rush_orders"] == facts[place][0]
        assert row["n_chunks"] == len(window)
        for name, (column, of) in figures.items():
            now = [facts[p][column] for p in window]
            then = [facts[p][column] for p in older]
            wanted = rises(now, then, of) if place - last < 1_008 and len(now) > 1 else None
            assert row[name] == pytest.approx(wanted, abs=2e-6), (name, place)


@pytest.mark.soak
def test_every_test_on_sizes_is_as_plain_python_reckons(
    tape: list[Trade], said: dict[str, Rows]
) -> None:
    weeks: dict[int, list[Trade]] = defaultdict(list)
    for trade in tape:
        weeks[(trade[0] - START_US) // (7 * DAY_US)].append(trade)
    laws = [math.log10(1 + 1 / digit) for digit in range(1, 10)]

    assert len(said["wash_weeks"]) == len(weeks) == 4
    for number, row in enumerate(said["wash_weeks"]):
        trades = weeks[number]
        n = len(trades)
        found = Counter(int(str(trade[2])[0]) for trade in trades)
        seen = [found[digit] for digit in range(1, 10)]
        zeros = [len(str(t[2])) - len(str(t[2]).rstrip("0")) for t in trades]
        lot = 10 ** min(zeros)
        bins = [math.floor(round(100 * math.log(t[2] / 1e8), 6)) for t in trades]
        ranked = sorted(bins)
        edge = max(b for b in set(bins) if n - bisect_left(ranked, b) >= 0.05 * n)
        tail = [t[2] / 1e8 for t, b in zip(trades, bins, strict=True) if b >= edge]
        fine = [len(str(t[2]).rstrip("0")) >= 3 for t in trades]
        back = [
            f and a[1] != b[1] and a[2] == b[2] and b[0] - a[0] <= 1_000_000
            and a[0] // DAY_US == b[0] // DAY_US
            for a, b, f in zip(trades, trades[1:], fine[1:], strict=False)
        ]  # fmt: skip
        large = [z >= min(zeros) + 2 for t, z in zip(trades, zeros, strict=True)
                 if t[2] >= 1_000 * lot]  # fmt: skip
        wanted = {
            "n_trades": n,
            "benford_chi_square": sum((o - n * p) ** 2 / (n * p) for o, p in zip(seen, laws)),  # noqa: B905
            "benford_mad": mean(abs(o / n - p) for o, p in zip(seen, laws)),  # noqa: B905
            "n_decades": (ranked[math.ceil(0.99 * n) - 1] - ranked[math.ceil(0.01 * n) - 1])
            / (100 * math.log(10)),
            "n_large": len(large),
            "round_z": (sum(large) - 0.01 * len(large)) / math.sqrt(len(large) * 0.0099),
            "hill": len(tail) / sum(math.log(x / min(tail)) for x in tail),
            "repeat_frac": sum(back) / sum(fine),
        }
        assert row["week_at"] == BEGIN + timedelta(days=7 * number)
        for name, value in wanted.items():
            assert row[name] == pytest.approx(value, abs=1e-5, rel=1e-6), name
