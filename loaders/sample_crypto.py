"""Sample order books and trades of two crypto pairs; no source is asked.

Source: invented here, from a seed; lasting imbalances of known size are planted and told in events.
Limits: 2024-02-14 to 2024-02-16 UTC, a top about every second; single levels only on the 16th
    from 15:00 to 15:30, when most happens.
Quirks: known_at is the receive time, some milliseconds after the venue's; the BTC book is missing
    for a minute on the 15th, and is told in feed_gaps; an epoch ends there and at each reconnect.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders._ladders import Ladders, ladders
from loaders._sample import SIZES, Floats, Ints

FEED = Feed(
    writes=("events", "book_updates", "book_tops", "crypto_trades", "feed_gaps"), step=0
)  # fmt: skip

VENUE = "sample"
BEGIN = datetime(2024, 2, 14, tzinfo=UTC)
N_SECONDS = 3 * 86_400
GAP = datetime(2024, 2, 15, 9, 12, 7, tzinfo=UTC)
GAP_S = 60
HALF_HOUR = datetime(2024, 2, 16, 15, tzinfo=UTC)
HALF_HOUR_S = 1_800
LEAST_S = 5.0  # how long an imbalance has to last: the detector's threshold
SIDED = 0.93  # of the depth, planted; above the 99th percentile of any day here
SECOND_US = 1_000_000
# Hours after the first whole day, when there is a baseline; the last five are in the half hour.
HOURS = (1.2, 3.4, 7.7, 10.1, 14.6, 16.3, 20.9, 25.5, 29.8, 33.3, 37.2)
LATE_S = (95, 410, 760, 1_130, 1_505)
LONG = (1.5, 13.0, 5.0, 2.0, 15.0)  # from 12 on it lasts a minute and is a medium one


@dataclass(frozen=True)
class Pair:
    """What a pair is like."""

    name: str
    price: float  # USDT
    tick: float
    gap: float  # between the levels below the best
    depth: float  # base units on ten levels
    size: float  # base units of a usual trade
    per_second: float  # trades
    beta: float  # to the market that moves stocks too


PAIRS = (
    Pair("BTC-USDT", 49_700.0, 0.5, 5.0, 24.0, 0.006, 0.35, 1.4),
    Pair("ETH-USDT", 2_640.0, 0.05, 0.25, 310.0, 0.09, 0.25, 1.7),
)


@dataclass(frozen=True)
class Book:
    """The tops of a pair, one a second; moments are microseconds since 1970."""

    at: Ints
    known: Ints
    update_id: Ints
    epoch: list[str]
    bid: Floats
    ask: Floats
    sizes: dict[str, Floats]


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted imbalances and the gap, then each pair's books and trades."""
    events = imbalances()
    yield sample.planted("crypto.imbalance", [event for _, event in sorted(events, key=_begins)])
    shared = _shared()
    for number, pair in enumerate(PAIRS):
        chance = sample.rng(pair.name)
        own = [event for place, event in events if place == number]
        book, side = tops(chance, pair, shared, own)
        half = ladders(chance, pair, book.bid, book.ask, book.sizes, _half_hour())
        book = replace(book, sizes={**book.sizes, **half.sizes})
        is_there = np.ones(N_SECONDS, dtype=bool)
        if number == 0:
            is_there[_second(GAP) : _second(GAP) + GAP_S] = False
            yield "feed_gaps", gap_rows(book)
        yield "book_updates", update_rows(pair, book, half)
        yield "book_tops", top_rows(pair, book, is_there)
        yield "crypto_trades", trade_rows(chance, pair, book, side)


def imbalances() -> list[tuple[int, dict[str, Any]]]:
    """Return the planted imbalances with the place of their pair."""
    chance = sample.rng("imbalances")
    quiet = [BEGIN + timedelta(days=1, hours=hour) for hour in HOURS]
    late = [HALF_HOUR + timedelta(seconds=second) for second in LATE_S]
    sizes = (*SIZES, 0.9, 1.1, 1.5, *LONG)
    found = []
    for number, (when, size) in enumerate(zip((*quiet, *late), sizes, strict=True)):
        side = 1 if number % 3 else -1
        start = when.replace(microsecond=0)
        if sample.is_hidden():
            start += timedelta(seconds=float(chance.uniform(0, 150)))
        lasts = timedelta(seconds=size * LEAST_S)
        event = {
            "entity": f"{VENUE}:{PAIRS[number % 2].name}",
            "starts_at": start,
            "ends_at": start + lasts + timedelta(seconds=30),
            "size": size,
            "direction": "bull" if side == 1 else "bear",
            "note": f"{'bids' if side == 1 else 'asks'} are nearly all of the best five levels "
            f"for {lasts.total_seconds():g} s",
            "lasts_s": lasts.total_seconds(),
            "side": side,
        }
        found.append((number % 2, event))
    return found


def tops(
    chance: np.random.Generator, pair: Pair, shared: Floats, events: list[dict[str, Any]]
) -> tuple[Book, Floats]:
    """Return a pair's tops, and how one-sided its book is, from -1 to 1."""
    second = np.arange(N_SECONDS)
    at = sample.micros(BEGIN) + second * SECOND_US + chance.integers(0, 300_000, N_SECONDS)
    side = np.tanh(0.55 * sample.drift(chance, N_SECONDS, 0.74, 1.0))
    for event in events:
        start = _second(event["starts_at"])
        n = int(np.ceil(event["lasts_s"]))
        # Its begin and its end are exact, so that its length is.
        begins_us = sample.micros(event["starts_at"]) - sample.micros(BEGIN) - start * SECOND_US
        at[start : start + n] = (
            sample.micros(BEGIN) + second[start : start + n] * SECOND_US + begins_us
        )
        if sample.is_hidden():
            at[start + 1 : start + n] += chance.integers(0, 200_000, n - 1)
        at[start + n] = sample.micros(event["starts_at"]) + round(event["lasts_s"] * SECOND_US)
        side[start : start + n] = event["side"] * (SIDED + 0.04 * chance.random(n))
        side[[start - 1, start + n]] = 0.1 * event["side"]
    own = sample.heavy(chance, N_SECONDS) * np.exp(shared[1]) * 3e-5
    mid = pair.price * np.exp(np.cumsum(pair.beta * shared[0] + own + 4e-6 * side))
    ticks = 1 + (chance.random(N_SECONDS) < 0.15) + 2 * (chance.random(N_SECONDS) < 0.02)
    bid = np.round(np.floor(mid / pair.tick) * pair.tick, 2)
    ask = np.round(bid + ticks * pair.tick, 2)
    known = at + np.rint(np.exp(chance.normal(np.log(9_000), 0.4, N_SECONDS))).astype(np.int64)
    steps = chance.integers(5, 60, N_SECONDS)
    sizes = depths(chance, pair, side, shared[1])
    return Book(at, known, np.cumsum(steps), _epochs(pair), bid, ask, sizes), side


def depths(
    chance: np.random.Generator, pair: Pair, side: Floats, lively: Floats
) -> dict[str, Floats]:
    """Return sizes at the best price, on five levels, and within 10 bps."""
    depth = pair.depth * np.exp(sample.drift(chance, N_SECONDS, 0.97, 0.25) - 0.2 * lively)
    found: dict[str, Floats] = {}
    for name, sign in (("bid", 1), ("ask", -1)):
        five = np.round(np.maximum(depth * 0.4 * (1 + sign * side) / 2, 0.001), 5)
        best = np.round(five * chance.beta(2, 6, N_SECONDS), 5)
        more = depth * 0.3 * (1 + 0.4 * sign * side) * chance.uniform(0.8, 1.2, N_SECONDS)
        found |= {
            f"{name}_size": np.maximum(best, 0.00001),
            f"{name}_size_5": np.asarray(five, dtype=np.float64),
            f"{name}_size_10bps": np.round(five + more, 5),
        }
    return found


def top_rows(pair: Pair, book: Book, is_there: Any) -> pa.Table:
    """Return the tops as rows of book_tops."""
    columns = {
        "venue": pa.array([VENUE] * N_SECONDS),
        "pair": pa.array([pair.name] * N_SECONDS),
        "epoch": pa.array(book.epoch),
        "update_id": pa.array(book.update_id),
        "exchange_at": sample.moments(book.at),
        "best_bid": pa.array(book.bid),
        "best_ask": pa.array(book.ask),
        **{name: pa.array(values) for name, values in book.sizes.items()},
        "known_at": sample.moments(book.known),
    }
    return pa.table(columns).filter(pa.array(is_there))


def update_rows(pair: Pair, book: Book, half: Ladders) -> pa.Table:
    """Return the changed levels of the half hour; its first message is the snapshot."""
    second = half.second + _second(HALF_HOUR)
    is_first = half.second == 0
    n = len(second)
    return pa.table(
        {
            "venue": [VENUE] * n,
            "pair": [pair.name] * n,
            "epoch": [book.epoch[-1]] * n,
            "update_id": book.update_id[second],
            "exchange_at": pa.array(book.at[second], mask=is_first).cast(pa.timestamp("us", "UTC")),
            "is_snapshot": is_first,
            "book_side": half.side,
            "price": half.price,
            "order_id": np.zeros(n, dtype=np.int64),  # it shows levels only
            "size": half.size,
            "prev_size": half.previous,
            "best_bid": book.bid[second],
            "best_ask": book.ask[second],
            **half.depths,  # a ladder ends within 50 bps: what lies there is not known
            "known_at": sample.moments(book.known[second]),
        }
    )


def trade_rows(chance: np.random.Generator, pair: Pair, book: Book, side: Floats) -> pa.Table:
    """Return trades: they come in bursts, few are large, and they lean to the fuller side."""
    bursts = np.exp(1.1 * sample.drift(chance, N_SECONDS, 0.9, 1.0) - 0.6)
    count = chance.poisson(pair.per_second * _shape() * bursts)
    second = np.repeat(np.arange(N_SECONDS), count)
    n = len(second)
    begin = sample.micros(BEGIN) + second * SECOND_US
    at = np.sort(begin + chance.integers(350_000, SECOND_US, n))
    is_buy = chance.random(n) < 0.5 + 0.3 * side[second]
    size = pair.size * np.exp(chance.normal(0, 1.3, n)) * (1 + chance.pareto(1.8, n))
    return pa.table(
        {
            "venue": [VENUE] * n,
            "pair": [pair.name] * n,
            "trade_id": np.arange(1, n + 1) + 1_000_000,
            "is_aggregate": [True] * n,
            "traded_at": sample.moments(at),
            "price": np.where(is_buy, book.ask[second], book.bid[second]),
            "size": np.round(np.maximum(size, 0.00001), 5),
            "side": np.where(is_buy, 1, -1),
            "known_at": sample.moments(at + chance.integers(3_000, 30_000, n)),
        }
    )


def gap_rows(book: Book) -> list[dict[str, object]]:
    """Return the minute that the BTC book is missing."""
    last, next_ = _second(GAP) - 1, _second(GAP) + GAP_S
    ended = datetime.fromtimestamp(int(book.known[next_]) / SECOND_US, UTC)
    return [
        {
            "venue": VENUE,
            "pair": PAIRS[0].name,
            "channel": "book",
            "began_at": datetime.fromtimestamp(int(book.known[last]) / SECOND_US, UTC),
            "ended_at": ended,
            "reason": "gap",
            "expected_id": int(book.update_id[last]) + 1,
            "found_id": int(book.update_id[last]) + 7,
            "n_dropped": GAP_S,
            "known_at": ended,
        }
    ]


def _shared() -> Floats:
    """Return what moves both pairs each second: the market's minutes, and how lively they are."""
    chance = sample.rng("crypto")
    first = (sample.micros(BEGIN) - sample.micros(sample.MONDAY)) // (60 * SECOND_US)
    minutes = sample.market().factor[first:]
    lively = np.repeat(sample.drift(chance, len(minutes), 0.97, 0.5), 60)
    lively += 0.6 * np.log(_shape())
    returns = np.repeat(minutes / 60, 60) + sample.heavy(chance, N_SECONDS) * np.exp(lively) * 4e-5
    return np.stack([returns, lively])


def _shape() -> Floats:
    """Return how lively each second of the days is: most when New York opens."""
    hour = np.arange(N_SECONDS) / 3_600 % 24
    shape = 1 + 1.5 * np.exp(-(((hour - 15) / 2.2) ** 2)) + 0.5 * np.exp(-(((hour - 8) / 2) ** 2))
    shape[_half_hour()] *= 2
    return np.asarray(shape / shape.mean())


def _epochs(pair: Pair) -> list[str]:
    """Return the snapshot that each second's book was built from."""
    cuts = [BEGIN, HALF_HOUR]
    if pair is PAIRS[0]:
        cuts.insert(1, GAP + timedelta(seconds=GAP_S))
    lasts = [_second(cut) for cut in cuts[1:]] + [N_SECONDS]
    epochs: list[str] = []
    for cut, last in zip(cuts, lasts, strict=True):
        epochs += [f"{cut:%Y%m%dT%H%M%SZ}"] * (last - len(epochs))
    return epochs


def _half_hour() -> slice:
    return slice(_second(HALF_HOUR), _second(HALF_HOUR) + HALF_HOUR_S)


def _second(when: datetime) -> int:
    return int((when - BEGIN).total_seconds())


def _begins(event: tuple[int, dict[str, Any]]) -> datetime:
    begins: datetime = event[1]["starts_at"]
    return begins
