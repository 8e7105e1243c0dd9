"""Order-flow imbalance beside an independent reckoning in plain Python, over made-up books."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from random import Random
from statistics import median

import pyarrow as pa
import pytest

from leadline.engine import scratch
from tests.doors import ROOT

SEED = 23
BEGIN = datetime(2024, 8, 8, 20, tzinfo=UTC)
HOURS = 3.5
MICRO = 1_000_000
LENGTHS = (1, 10)
VIEWS = ("book_flow_bars", "book_flow_hours", "order_flow")


@dataclass(frozen=True)
class Quote:
    """The top of a book after one message; at is in microseconds."""

    at: int
    epoch: str
    update_id: int
    bid: float
    bid_size: float
    ask: float
    ask_size: float

    @property
    def mid(self) -> float:
        return (self.bid + self.ask) / 2


@dataclass
class Bar:
    """What one bar's messages add up to."""

    epoch: str
    ofi: Decimal = Decimal(0)
    sizes: Decimal = Decimal(0)
    move: float = 0
    mid: float = 0
    n: int = 0

    @property
    def move_bps(self) -> float:
        return 10_000 * self.move / self.mid


@dataclass(frozen=True)
class Row:
    """What the view says of a bar, or plain Python."""

    ofi: float
    depth: float
    move_bps: float
    n_updates: int
    epoch: str
    n_obs: int
    mz: float | None
    n_fit: int
    beta: float | None
    residual_z: float | None


def invented() -> list[Quote]:
    """Invent a book with fat tails, still stretches and messages of one moment, and two gaps."""
    chance = Random(SEED)
    at, price, found = int(BEGIN.timestamp()) * MICRO, 60_000.0, []
    for number in range(60_000):
        still = chance.random()
        at += 0 if still < 0.1 else int(chance.expovariate(3) * MICRO)
        at += 75 * MICRO if still > 0.9997 else 0
        epoch = str(min(2, number // 14_000))
        if chance.random() < 0.3:
            price = round(price + chance.choice((-0.1, 0.1)) * chance.choice((1, 1, 1, 5)), 1)
        if number in (14_000, 28_000):
            at += 4 * MICRO
            price = round(price + 200, 1)
        sizes = (round(math.exp(chance.gauss(0, 1.5)), 5) for _ in range(2))
        bid_size, ask_size = sizes
        spread = chance.choice((0.1, 0.1, 0.2))
        ask = round(price + spread, 1)
        found.append(Quote(at, epoch, number, price, bid_size, ask, ask_size))
        if at > (BEGIN.timestamp() + HOURS * 3_600) * MICRO:
            break
    return found


def flow(one: Quote, two: Quote) -> Decimal:
    """Return e of two quotes in a row: Cont, Kukanov and Stoikov, by their three cases a side."""
    was, size = Decimal(str(one.bid_size)), Decimal(str(two.bid_size))
    bid = size if two.bid > one.bid else -was if two.bid < one.bid else size - was
    was, size = Decimal(str(one.ask_size)), Decimal(str(two.ask_size))
    ask = size if two.ask < one.ask else -was if two.ask > one.ask else size - was
    return bid - ask


def bars(quotes: Sequence[Quote], length_s: int) -> dict[int, Bar]:
    """Return bars by their begin, each of the last epoch in it."""
    found: dict[int, Bar] = {}
    for one, two in pairwise(quotes):
        if one.epoch != two.epoch or two.at - one.at > 60 * MICRO:
            continue
        begin = two.at // (length_s * MICRO) * length_s
        if begin not in found or found[begin].epoch != two.epoch:
            found[begin] = Bar(two.epoch)
        bar = found[begin]
        bar.ofi += flow(one, two)
        bar.sizes += Decimal(str(two.bid_size)) + Decimal(str(two.ask_size))
        bar.move += two.mid - one.mid
        bar.mid, bar.n = two.mid, bar.n + 1
    return found


def reckoned(quotes: Sequence[Quote]) -> Iterator[tuple[tuple[int, int], Row]]:
    """Yield what each bar should say, by length and begin."""
    for length in LENGTHS:
        made = bars(quotes, length)
        by_hour: defaultdict[int, list[float]] = defaultdict(list)
        for begin, bar in made.items():
            by_hour[begin // 3_600].append(float(bar.ofi))
        of_hour = {hour: spread(by_hour, hour) for hour in by_hour}
        for begin, bar in made.items():
            n_obs, middle, mad = of_hour[begin // 3_600]
            has_past = n_obs * length >= 3_600
            mz = 0.6745 * (float(bar.ofi) - middle) / mad if has_past else None
            fit = [made[at] for at in range(begin - 3_600, begin, 10) if at in made]
            fit = fit if length == 10 and len(fit) >= 20 else []
            yield (length, begin), Row(
                float(bar.ofi), float(bar.sizes) / (2 * bar.n), bar.move_bps, bar.n, bar.epoch,
                n_obs, mz, len(fit), *fitted(fit, bar),
            )  # fmt: skip


def spread(by_hour: Mapping[int, Sequence[float]], hour: int) -> tuple[int, float, float]:
    """Return how many bars the 24 hours before an hour had, their median and MAD."""
    past = [ofi for back in range(1, 25) for ofi in by_hour.get(hour - back, [])]
    middle = median(past) if past else 0
    return len(past), middle, median(abs(each - middle) for each in past) if past else 0


def fitted(past: Sequence[Bar], bar: Bar) -> tuple[float | None, float | None]:
    """Return beta of the bars before, and how many deviations of theirs this one is off."""
    if not past:
        return None, None
    points = [(float(each.ofi), each.move_bps) for each in past]
    beta = math.fsum(x * y for x, y in points) / math.fsum(x * x for x, _ in points)
    rest = [y - beta * x for x, y in points]
    deviation = math.sqrt(math.fsum(each * each for each in rest) / (len(rest) - 1))
    return beta, (bar.move_bps - beta * float(bar.ofi)) / deviation


def told(quotes: Sequence[Quote]) -> dict[tuple[int, int], Row]:
    """Return what the views say of all bars that are over, by length and begin."""
    moments = pa.array([each.at for each in quotes]).cast(pa.timestamp("us", "UTC"))
    tops = pa.table(
        {
            "venue": ["made"] * len(quotes), "pair": ["UP-DOWN"] * len(quotes),
            "known_at": moments, "exchange_at": moments,
            "epoch": [each.epoch for each in quotes],
            "update_id": [each.update_id for each in quotes],
            "sequence": list(range(len(quotes))),
            "best_bid": [each.bid for each in quotes],
            "bid_size": [each.bid_size for each in quotes],
            "best_ask": [each.ask for each in quotes],
            "ask_size": [each.ask_size for each in quotes],
        }
    )  # fmt: skip
    with scratch() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema features; create schema ops")
        con.execute("create view ops.clock as select timestamptz '2100-01-01 00:00Z' as until")
        con.register("made", tops)
        con.execute("create table curated.book_tops as from made")
        for view in VIEWS:
            text = (ROOT / f"sql/views/features/{view}.v1.sql").read_text()
            con.execute(f"create view features.{view} as {text}")
        rows = con.execute(
            "select length_s, epoch_us(bar_at) // 1000000, ofi, mean_depth, move_bps, n_updates, "
            "epoch, n_obs, mz, n_fit, beta, residual_z from features.order_flow"
        ).fetchall()
    return {(length, begin): Row(*rest) for length, begin, *rest in rows}


@pytest.fixture(scope="module")
def both() -> tuple[dict[tuple[int, int], Row], dict[tuple[int, int], Row]]:
    """What the views say of three and a half hours, and what plain Python says."""
    quotes = invented()
    return told(quotes), dict(reckoned(quotes))


Both = tuple[dict[tuple[int, int], Row], dict[tuple[int, int], Row]]


def test_every_bar_is_there_with_the_same_flow_depth_and_move(both: Both) -> None:
    ours, theirs = both

    assert ours.keys() == theirs.keys()
    assert len(ours) > 10_000
    assert {row.epoch for row in ours.values()} == {"0", "1", "2"}
    for key, row in ours.items():
        other = theirs[key]
        assert (row.n_updates, row.epoch, row.n_obs) == (other.n_updates, other.epoch, other.n_obs)
        assert row.ofi == pytest.approx(other.ofi, abs=1e-8)
        assert row.depth == pytest.approx(other.depth, abs=1e-8)
        assert row.move_bps == pytest.approx(other.move_bps, abs=1e-8)


def test_beta_and_what_it_leaves_are_those_of_least_squares(both: Both) -> None:
    ours, theirs = both

    n_fitted = 0
    for key, row in ours.items():
        other = theirs[key]
        assert row.n_fit == other.n_fit
        if other.beta is None or other.residual_z is None:
            assert row.beta is row.residual_z is None
        else:
            n_fitted += 1
            assert row.beta == pytest.approx(other.beta, abs=1e-8)
            assert row.residual_z == pytest.approx(other.residual_z, abs=1e-5)
    assert n_fitted > 1_000


def test_a_modified_z_of_bins_is_that_of_the_bars_within_five_percent(both: Both) -> None:
    ours, theirs = both

    errors = []
    for key, row in ours.items():
        other = theirs[key].mz
        assert (row.mz is None) == (other is None)
        if row.mz is not None and other is not None and abs(other) >= 1:
            errors.append(abs(row.mz / other - 1))
    assert len(errors) > 1_000
    assert max(errors) < 0.05
