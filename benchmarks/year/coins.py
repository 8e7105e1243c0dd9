"""Order books and trades of crypto pairs, on every day of the calendar."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.year.world import (
    DAY_US,
    N_SESSIONS,
    Floats,
    Ints,
    World,
    chosen,
    midnight_us,
    moments,
    words,
)

# Of all rows of a quiet day of options: tops of books, trades, and single levels.
TOPS, TRADES, LEVELS = 0.1, 0.05, 0.05
N_LEVELS = 20  # a side, each a tick from the next


@dataclass(frozen=True)
class Pair:
    """What a pair is like."""

    venue: str
    name: str
    price: float
    tick: float
    size: float  # base units on a level


PAIRS = (
    Pair("binance", "BTC-USDT", 45_000, 0.5, 1.5),
    Pair("binance", "ETH-USDT", 2_500, 0.05, 20),
    Pair("binance", "SOL-USDT", 100, 0.01, 400),
    Pair("coinbase", "BTC-USD", 45_000, 0.5, 1.0),
)  # in the order of their keys
VENUES = pa.array([pair.venue for pair in PAIRS])
NAMES = pa.array([pair.name for pair in PAIRS])
PRICE, TICK, SIZE = (
    np.array([getattr(pair, name) for pair in PAIRS]) for name in ("price", "tick", "size")
)


@dataclass(frozen=True)
class Times:
    """Moments of a day of each pair, in order; a number counts those of a pair."""

    pair: Ints
    at_us: Ints
    number: Ints


def times(day: date, n: int, chance: np.random.Generator) -> Times:
    """Return so many moments in all."""
    own = max(n // len(PAIRS), 1)
    at_us = np.sort(chance.integers(0, DAY_US - 1_000_000, (len(PAIRS), own)), axis=1)
    number = np.tile(np.arange(own), len(PAIRS)) + 10**9
    pair = np.repeat(np.arange(len(PAIRS)), own)
    return Times(pair, midnight_us(day) + at_us.reshape(-1), number)


def middle(pair: Ints, at_us: Ints) -> Floats:
    """Return what a pair costs, which swings over hours and weeks, in whole ticks."""
    hours = at_us / 3_600_000_000
    swing = 0.01 * np.sin(hours * 2 + pair) + 0.004 * np.sin(hours * 31) + 0.15 * np.sin(hours / 90)
    return np.asarray(np.rint(PRICE[pair] * (1 + swing) / TICK[pair]) * TICK[pair])


def tops(world: World, day: date) -> pa.Table:
    """Return the tops of the books after each message."""
    chance = world.chance(day, "tops")
    at = times(day, int(world.rows / N_SESSIONS * TOPS), chance)
    n, tick, mid = len(at.pair), TICK[at.pair], middle(at.pair, at.at_us)
    # Books lean for half a minute at a time.
    lean = np.sin(at.at_us // 30_000_000 * 12.9898 + at.pair) * 0.7
    size = SIZE[at.pair]
    bid, ask = (size * draw for draw in np.exp(chance.normal(0, 0.5, (2, n))))
    sides = {
        "bid_size": bid * (1 + lean),
        "ask_size": ask * (1 - lean),
        "bid_size_5": (bid + 4 * size) * (1 + lean),
        "ask_size_5": (ask + 4 * size) * (1 - lean),
        "bid_size_10bps": (bid + 20 * size) * (1 + lean / 2),
        "ask_size_10bps": (ask + 20 * size) * (1 - lean / 2),
    }
    return pa.table(
        {
            **_who(day, at),
            "best_bid": np.round(mid - tick, 2),
            "best_ask": np.round(mid + tick, 2),
            **{name: np.round(values, 2) for name, values in sides.items()},
            **_known(at, chance),
        }
    )


def trades(world: World, day: date) -> pa.Table:
    """Return trades: most at the better side's price, sizes with a heavy tail."""
    chance = world.chance(day, "trades")
    at = times(day, int(world.rows / N_SESSIONS * TRADES), chance)
    n, side = len(at.pair), chance.choice((-1, 1), len(at.pair))
    size = SIZE[at.pair] / 20 * np.exp(chance.normal(0, 1.4, n))
    known = _known(at, chance)
    return pa.table(
        {
            "venue": chosen(at.pair, VENUES),
            "pair": chosen(at.pair, NAMES),
            "trade_id": at.number + day.toordinal() * 10**7,
            "is_aggregate": pa.array(np.zeros(n, dtype=bool)),
            "traded_at": moments(at.at_us),
            "price": np.round(middle(at.pair, at.at_us) + side * TICK[at.pair], 2),
            "size": np.maximum(np.round(size, 4), 0.0001),
            "side": side,
            "known_at": known["known_at"],
            "sequence": known["sequence"],
        }
    )


def levels(world: World, day: date) -> pa.Table:
    """Return changes of single levels: each says what was there before."""
    chance = world.chance(day, "levels")
    at = times(day, int(world.rows / N_SESSIONS * LEVELS), chance)
    n, tick = len(at.pair), TICK[at.pair]
    side = chance.choice((-1, 1), n)
    # Levels of a fixed ladder for an hour, so that each is met again.
    hour = midnight_us(day) + (at.at_us - midnight_us(day)) // 3_600_000_000 * 3_600_000_000
    ladder = middle(at.pair, hour)
    place = 1 + np.floor(N_LEVELS * chance.random(n) ** 2)
    price = np.round(ladder - side * place * tick, 2)
    size = np.where(chance.random(n) < 0.3, 0, SIZE[at.pair] * np.exp(chance.normal(0, 0.7, n)))
    size = np.asarray(np.round(size, 4), dtype=np.float64)
    before = _before(at.pair, side, price, size)
    wide = np.exp(chance.normal(0, 0.1, (2, n))) * SIZE[at.pair] * 20
    return pa.table(
        {
            **_who(day, at),
            "is_snapshot": pa.array(np.zeros(n, dtype=bool)),
            "book_side": side,
            "price": price,
            "order_id": np.zeros(n, dtype=np.int64),
            "size": size,
            "prev_size": before,
            "best_bid": np.round(ladder - tick, 2),
            "best_ask": np.round(ladder + tick, 2),
            **{
                f"{name}_{reach}": np.round(wide[nth] * times_, 1)
                for nth, name in enumerate(("bid_size", "ask_size"))
                for reach, times_ in (("50bps", 1), ("200bps", 2), ("500bps", 3), ("all", 5))
            },
            **_known(at, chance),
        }
    )


def _before(pair: Ints, side: Ints, price: Floats, size: Floats) -> npt.NDArray[np.float64]:
    """Return what was on the same level at the last change of it; 0 at first."""
    put_in_order = np.lexsort((np.arange(len(pair)), price, side, pair))
    ordered = size[put_in_order]
    last = np.concatenate([[0.0], ordered[:-1]])
    keys = np.stack([pair, side, price])[:, put_in_order]
    is_first = np.concatenate([[True], (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    before = np.empty(len(pair))
    before[put_in_order] = np.where(is_first, 0, last)
    return before


def _who(day: date, at: Times) -> dict[str, pa.Array]:
    return {
        "venue": chosen(at.pair, VENUES),
        "pair": chosen(at.pair, NAMES),
        "epoch": words(f"{day}", len(at.pair)),
        "update_id": at.number,
        "exchange_at": moments(at.at_us),
    }


def _known(at: Times, chance: np.random.Generator) -> dict[str, pa.Array]:
    """Return when each row was received, in the order of a pair's numbers."""
    n = len(at.pair)
    # 5 ms and more; a pair's rows come as they were sent.
    late = np.maximum.accumulate(
        (at.at_us + chance.integers(5, 40, n) * 1_000).reshape(len(PAIRS), -1), axis=1
    )
    return {"known_at": moments(late.reshape(-1)), "sequence": np.arange(1, n + 1)}
