"""Bars of stocks, their prints off exchange, and FINRA's sums of a session."""

import numpy as np
import pyarrow as pa

from benchmarks.year.world import (
    CENTS,
    SECOND_US,
    Floats,
    Session,
    World,
    chosen,
    days,
    decimals,
    digits,
    local_us,
    moments,
    texts,
    words,
)

OFF_EXCHANGE = 0.1  # prints off exchange for each print of an option
N_MINUTES = 100  # ranks of the stocks that have bars of a minute
MINUTE_US = 60 * SECOND_US
FACILITIES = pa.array(["FINN", "FINC", "FINY"])
TAPES = pa.array(["A", "B", "C"])
# Odd lots, regular sales, average prices, contingent ones, and late ones.
CODES = pa.array(["I", "@", "B", "7", "Z"])
OFTEN = (0.3, 0.66, 0.02, 0.015, 0.005)
LATE = 4


def bars(world: World, session: Session) -> pa.Table:
    """Return a session's bars: one of each stock, and one a minute of those traded most."""
    minutes = np.flatnonzero(world.standing < N_MINUTES)
    n_minutes = session.lasts_us // MINUTE_US
    n_days, n_own = world.n_names, len(minutes) * n_minutes
    name = np.concatenate([np.arange(n_days), np.repeat(minutes, n_minutes)])
    minute = np.concatenate([np.zeros(n_days), np.tile(np.arange(n_minutes), len(minutes))])
    is_day = np.arange(n_days + n_own) < n_days
    put_in_order = np.lexsort((minute, ~is_day, name))
    name, minute, is_day = name[put_in_order], minute[put_in_order], is_day[put_in_order]
    chance, n = world.chance(session.day, "bars"), n_days + n_own
    opened = world.spot(session.day, name, np.where(is_day, 0, minute / n_minutes))
    closed = world.spot(session.day, name, np.where(is_day, 1, (minute + 1) / n_minutes))
    wide = np.where(is_day, 0.012, 0.0007)
    high = np.maximum(opened, closed) * (1 + wide * np.abs(chance.normal(0, 1, n)))
    low = np.minimum(opened, closed) * (1 - wide * np.abs(chance.normal(0, 1, n)))
    starts_us = session.opens_us + (minute * MINUTE_US).astype(np.int64)
    lasts_us = np.where(is_day, session.lasts_us, MINUTE_US)
    volume = volumes(world, session)[name] / np.where(is_day, 1, n_minutes)
    volume *= np.where(is_day, 1, np.exp(chance.normal(0, 0.4, n)))
    return pa.table(
        {
            "symbol": chosen(name, world.names),
            "bar": chosen(np.where(is_day, 0, 1), pa.array(["1d", "1m"])),
            "starts_at": moments(starts_us),
            "session_date": days(session.day, n),
            "open": cents(opened),
            "high": cents(high),
            "low": cents(low),
            "close": cents(closed),
            "volume": np.floor(volume).astype(np.int64),
            "adjusted": words("none", n),
            "known_at": moments(starts_us + lasts_us),
            "sequence": np.arange(1, n + 1),
        }
    )


def cents(price: Floats) -> pa.Array:
    """Return USD as decimals, to the cent."""
    return decimals(np.rint(price * 100).astype(np.int64) * CENTS)


def volumes(world: World, session: Session) -> Floats:
    """Return how many shares of each stock are traded in a session."""
    lively = np.exp(world.chance(session.day, "volumes").normal(0, 0.3, world.n_names))
    return np.asarray(np.floor(4e8 * world.weight**0.8 * lively) + 1_000)


def short_volume(world: World, session: Session) -> pa.Table:
    """Return what FINRA says of a session: shares told off exchange, and those sold short."""
    n, chance = world.n_names, world.chance(session.day, "short")
    total = np.floor(volumes(world, session) * chance.uniform(0.3, 0.5, n)).astype(np.int64)
    short = (total * chance.uniform(0.3, 0.6, n)).astype(np.int64)
    return pa.table(
        {
            "session_date": days(session.day, n),
            "facility": words("CNMS", n),
            "source_symbol": world.names,
            "symbol": world.names,
            "short_volume": short,
            "short_exempt_volume": short // 50,
            "total_volume": total,
            "market": words("B,Q,N", n),
            "known_at": moments(np.full(n, local_us(session.day, 18))),
            "sequence": np.arange(1, n + 1),
        }
    )


def off_exchange(world: World, session: Session) -> pa.Table:
    """Return a session's prints off exchange, by stock and number as compaction sorts them."""
    chance = world.chance(session.day, "tape")
    n = int(world.rows_of(session.day) * OFF_EXCHANGE)
    name = np.repeat(np.arange(world.n_names), chance.multinomial(n, world.weight))
    at_us = np.sort(chance.integers(0, session.lasts_us, n) + name * session.lasts_us)
    at_us -= name * session.lasts_us
    code = chance.choice(len(CODES), n, p=OFTEN)
    spot = world.spot(session.day, name, at_us / session.lasts_us)
    # A tenth of a cent better than the market's cents, as wholesalers do, or at a whole cent.
    price = np.rint(spot * 1_000).astype(np.int64) + chance.integers(-6, 7, n)
    heavy = np.where(chance.random(n) > 0.998, 400, 1)
    whole = 100 * (1 + np.floor(chance.exponential(1.5, n)).astype(np.int64)) * heavy
    size = np.where(code == 0, chance.integers(1, 100, n), whole)
    delay_us = np.where(
        code == LATE, chance.integers(60, 1_800, n) * SECOND_US, chance.integers(1, 900, n) * 1_000
    )
    return pa.table(
        {
            "symbol": chosen(name, world.names),
            "venue": words("D", n),
            "facility": chosen(chance.integers(0, 3, n), FACILITIES),
            "trade_id": texts(digits(np.arange(1, n + 1), 9)),
            "traded_at": moments(session.opens_us + at_us),
            "session_date": days(session.day, n),
            "tape": chosen(name % 3, TAPES),
            "price": decimals(price * 100_000),
            "size": size,
            "conditions": chosen(code, CODES),
            "known_at": moments(session.opens_us + at_us + delay_us),
            "sequence": np.arange(1, n + 1),
        }
    )
