"""Option contracts of a session, their prints with the quotes before them, chains and interest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.year.world import (
    CENTS,
    Floats,
    Ints,
    Session,
    World,
    chosen,
    days,
    decimals,
    digits,
    local_us,
    moments,
    since_1970,
    texts,
    words,
)

PIECE = 400_000  # orders at a time, so that a busy day takes no more memory than a quiet one
# By how often a stock is traded: up to which rank, how many ends, and strikes either way.
LISTED = ((50, 12, 25), (500, 8, 12), (2_000, 5, 6), (10**9, 3, 4))
N_CHAINED, N_OPEN = 100, 500  # ranks of the stocks with chains, and with open interest
VENUES = pa.array(list("ABCDEHIJMNPQTUWXZ"))
CODES = pa.array(list("ISafceB"))
# Of all orders: on a book, swept by one print, swept over venues, split, in auctions, packages,
# crosses, on floors, and late.
PLAIN, ISO, SWEEP, SPLIT, AUCTION, PACKAGE, CROSS, FLOOR, LATE = range(9)
OFTEN = np.cumsum([0.60, 0.14, 0.03, 0.02, 0.10, 0.09, 0.012, 0.004, 0.004])
CODE_OF = np.array([0, 1, 1, 0, 2, 3, 4, 5, 6])
MEAN_PRINTS = 1 + 0.05 * 2 + 0.09  # a sweep or a split has three in the mean, a package two
_CALL = pa.array(["call", "put"])


@dataclass(frozen=True)
class Listed:
    """The contracts of a session in the order of their symbols; strikes are thousandths of USD."""

    world: World
    day: date
    name: Ints
    expiration: Ints  # days since 1970
    is_put: Ints
    strike: Ints

    @cached_property
    def symbols(self) -> pa.Array:
        """Their OSI symbols."""
        ends, place = np.unique(self.expiration, return_inverse=True)
        spelled = [f"{date(1970, 1, 1) + timedelta(days=int(end)):%y%m%d}" for end in ends]
        yymmdd = np.array([list(text.encode()) for text in spelled], dtype=np.uint8)
        kind = np.where(self.is_put == 1, ord("P"), ord("C")).astype(np.uint8)[:, None]
        parts = (self.world.tickers[self.name], yymmdd[place], kind, digits(self.strike, 8))
        return texts(np.concatenate(parts, axis=1))

    @cached_property
    def likely(self) -> Floats:
        """How likely an order is of each: of the stock, near the money and near the end."""
        spot = self.world.close(self.day)[self.name]
        away = np.abs(np.log(self.strike / 1_000 / spot))
        left = self.expiration - since_1970(self.day)
        pull = np.exp(-10 * away - left / 40)
        own = np.bincount(self.name, pull, self.world.n_names)[self.name]
        likely = self.world.weight[self.name] * pull / own
        return np.asarray(likely / likely.sum())

    def part(self, highest: int) -> "Listed":
        """Return those of the stocks that are traded most."""
        own = np.flatnonzero(self.world.standing[self.name] < highest)
        kept = (values[own] for values in (self.name, self.expiration, self.is_put, self.strike))
        return Listed(self.world, self.day, *kept)


def listed(world: World, day: date) -> Listed:
    """Return the contracts that can be traded on a day; strikes lie around the month's first."""
    spot = world.close(day.replace(day=1))
    step = np.select([spot < 25, spot < 60, spot < 250], [500, 1_000, 2_500], 5_000)
    near = np.rint(spot * 1_000 / step).astype(np.int64)
    parts = []
    low = 0
    for high, n_ends, n_either in LISTED:
        names = np.flatnonzero((world.standing >= low) & (world.standing < high))
        places, low = np.arange(-n_either, n_either + 1), high
        ends = np.array([since_1970(end) for end in expirations(day, n_ends)])
        grid = np.meshgrid(names, ends, (0, 1), places, indexing="ij")
        name, end, is_put, place = (each.reshape(-1) for each in grid)
        strike = (near[name] + place) * step[name]
        parts.append(np.stack([name, end, is_put, strike])[:, strike > 0])
    whole = np.concatenate(parts, axis=1)
    return Listed(world, day, *whole[:, np.lexsort(whole[::-1])])


def expirations(day: date, n: int) -> list[date]:
    """Return so many ends: the next Fridays, up to eight, then the third Fridays of months."""
    friday = day + timedelta(days=(4 - day.weekday()) % 7)
    weekly = [friday + timedelta(days=7 * k) for k in range(min(n, 8))]
    found, month = list(weekly), weekly[-1].replace(day=1)
    while len(found) < n:
        month = (month + timedelta(days=31)).replace(day=1)
        found.append(month + timedelta(days=(4 - month.weekday()) % 7 + 14))
    return found


def worth(spot: Floats, strike: Floats, years: Floats, iv: Floats, is_put: Ints) -> Floats:
    """Return about what options are worth: what they are in the money, and their time."""
    wide = iv * np.sqrt(years)
    inside = np.maximum(np.where(is_put == 1, strike - spot, spot - strike), 0)
    at_money = 0.4 * spot * wide
    return np.asarray(inside + at_money * np.exp(-np.abs(spot - strike) / at_money))


def delta(spot: Floats, strike: Floats, years: Floats, iv: Floats, is_put: Ints) -> Floats:
    """Return about by how much they move with the stock."""
    wide = iv * np.sqrt(years)
    call = 1 / (1 + np.exp(-1.7 * (np.log(spot / strike) / wide + wide / 2)))
    return np.asarray(np.round(call - is_put, 3))


def quote(value: Floats, wide: Floats) -> tuple[Ints, Ints]:
    """Return bid and ask in cents, on ticks of one cent below three USD and of five above."""
    tick = np.where(value < 3, 1, 5)
    half = np.maximum(value * 100 * wide, 0.5 * tick)
    bid = np.maximum(np.floor((value * 100 - half) / tick), 1).astype(np.int64) * tick
    ask = np.ceil((value * 100 + half) / tick).astype(np.int64) * tick
    return bid, np.maximum(ask, bid + tick)


def prints(world: World, session: Session, contracts: Listed) -> Iterator[pa.RecordBatch]:
    """Yield a session's prints by contract, venue and number, as compaction would sort them."""
    n_orders = round(world.rows_of(session.day) / MEAN_PRINTS)
    counts = world.chance(session.day, "orders").multinomial(n_orders, contracts.likely)
    ends, numbered, first = np.cumsum(counts), 0, 0
    while first < len(counts):
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + PIECE, side="right")))
        if n := int(counts[first:last].sum()):
            contract = np.repeat(np.arange(first, last), counts[first:last])
            chance = world.chance(session.day, "prints", first)
            batch = _batch(world, session, contracts, contract, last, chance, numbered)
            numbered += len(batch)
            yield batch
        first = last
        assert n >= 0


def _batch(
    world: World,
    session: Session,
    listed_: Listed,
    order: Ints,
    last: int,
    chance: np.random.Generator,
    numbered: int,
) -> pa.RecordBatch:
    contract, kind, at_us, venue, buys, size = _cut(session, listed_, order, last, chance)
    n = len(contract)
    put_in_order = np.argsort(contract << 40 | venue << 35 | at_us // 1_000)
    contract, kind, at_us, venue, buys, size = (
        each[put_in_order] for each in (contract, kind, at_us, venue, buys, size)
    )
    name, is_put = listed_.name[contract], listed_.is_put[contract]
    strike, end = listed_.strike[contract], listed_.expiration[contract]
    frac = at_us / session.lasts_us
    spot, iv = world.spot(session.day, name, frac), world.iv(session.day, name)
    left = (end - since_1970(session.day) + 1 - frac) / 365
    iv = np.round(iv + 0.1 * np.abs(np.log(strike / 1_000 / spot)), 3)
    value = worth(spot, strike / 1_000, left, iv, is_put)
    wide = 0.01 + 0.02 * (world.rank[name] / world.n_names)
    bid, ask = quote(value, wide)
    # Most orders take the other side's price; the rest trade at the middle or a tick inside.
    u = chance.random(n, dtype=np.float32)
    middle = (bid + ask) // 2
    at_side = np.where(buys == 1, ask, bid)
    price = np.where(u < 0.72, at_side, np.where(u < 0.9, middle, (at_side + middle) // 2))
    late_us = np.where(kind == LATE, chance.integers(60, 1_200, n) * 1_000_000, 0)
    known_us = session.opens_us + at_us + chance.integers(2, 60, n) * 1_000 + late_us
    number = numbered + 1 + np.arange(n)
    low = int(contract[0])
    symbols = listed_.symbols.slice(low, int(contract[-1]) - low + 1)
    return pa.RecordBatch.from_pydict(
        {
            "contract": chosen(contract - low, symbols),
            "venue": chosen(venue, VENUES),
            "trade_id": texts(digits(number, 9)),
            "traded_at": moments(session.opens_us + at_us),
            "calendar": words("XNYS", n),
            "session_date": days(session.day, n),
            "root": chosen(name, world.names),
            "expiration": days(end),
            "strike": decimals(strike * 100_000),
            "put_call": chosen(is_put, _CALL),
            "price": decimals(price * CENTS),
            "size": decimals(size * 100 * CENTS),
            "currency": words("USD", n),
            "condition": chosen(CODE_OF[kind], CODES),
            "bid": decimals(bid * CENTS),
            "ask": decimals(ask * CENTS),
            "bid_size": decimals(chance.integers(1, 60, n) * 100 * CENTS),
            "ask_size": decimals(chance.integers(1, 60, n) * 100 * CENTS),
            "underlying_price": decimals(np.rint(spot * 100).astype(np.int64) * CENTS),
            "iv": iv,
            "delta": delta(spot, strike / 1_000, left, iv, is_put),
            "known_at": moments(known_us),
            "sequence": number,
        }
    )


def _cut(
    session: Session, listed_: Listed, order: Ints, last: int, chance: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Return the prints of orders: contract, kind, moment, venue, whether it buys, and size."""
    n = len(order)
    kind = np.searchsorted(OFTEN / OFTEN[-1], chance.random(n)).astype(np.int64)
    at_us = _moments(session, chance.random(n))
    buys = chance.integers(0, 2, n)
    venue = chance.integers(0, len(VENUES), n)
    heavy = np.where(chance.random(n, dtype=np.float32) > 0.985, 25, 1)
    size = 1 + np.floor(chance.exponential(4, n)).astype(np.int64) * heavy
    n_prints = np.ones(n, dtype=np.int64)
    is_cut = (kind == SWEEP) | (kind == SPLIT)
    n_prints[is_cut] = 2 + chance.integers(0, 3, int(is_cut.sum()))
    n_prints[kind == PACKAGE] = 2
    own = np.repeat(np.arange(n), n_prints)
    nth = np.arange(len(own)) - np.repeat(np.cumsum(n_prints) - n_prints, n_prints)
    kinds = kind[own]
    other = np.minimum(order[own] + 1, last - 1)  # the next strike, mostly of the same end
    is_leg = (kinds == PACKAGE) & (nth == 1)
    contract = np.where(
        is_leg & (listed_.name[other] == listed_.name[order[own]]), other, order[own]
    )
    moved = at_us[own] + nth * np.where(
        kinds == PACKAGE, 0, 1_000 * chance.integers(1, 30, len(own))
    )
    venues = np.where(kinds == SWEEP, (venue[own] + 5 * nth) % len(VENUES), venue[own])
    return contract, kinds, moved, venues, np.where(is_leg, 1 - buys[own], buys[own]), size[own]


def _moments(session: Session, u: npt.NDArray[np.float64]) -> Ints:
    """Return moments of a session, most of them near its begin and its end."""
    last = session.lasts_us - 1_000_000  # room for the prints of one order
    return np.asarray((last * (1 - np.cos(np.pi * u)) / 2).astype(np.int64))


def open_interest(world: World, session: Session, contracts: Listed) -> pa.Table:
    """Return what was open after the session before, as it is told in the morning."""
    own = contracts.part(N_OPEN)
    interest, n = _interest(own, session.before), len(own.name)
    return pa.table(
        {
            "contract": own.symbols,
            "calendar": words("XNYS", n),
            "oi_date": days(session.before, n),
            "session_date": days(session.day, n),
            "open_interest": pa.array(interest),
            "known_at": moments(np.full(n, local_us(session.day, 6, 30))),
            "sequence": np.arange(1, n + 1),
        }
    )


def _interest(own: Listed, day: date) -> Ints:
    """Return open contracts: the more likely it is traded the more, and some more each day."""
    mixed = (own.name * 7_919 + own.expiration * 104_729 + own.strike * 31 + own.is_put) % 9_973
    base = 20 + 4e6 * own.likely * (0.3 + mixed / 9_973)
    jump = np.where((mixed + day.toordinal()) % 997 == 0, 1.5, 1.0)
    slow = 1 + 0.2 * np.sin((mixed + day.toordinal()) / 5)
    return np.asarray(np.floor(base * slow * jump).astype(np.int64))


def chains(world: World, session: Session, contracts: Listed) -> pa.Table:
    """Return the chains of the stocks that are traded most, half an hour after the close."""
    own = contracts.part(N_CHAINED)
    n, chance = len(own.name), world.chance(session.day, "chains")
    spot, iv = world.close(session.day)[own.name], world.iv(session.day, own.name)
    strike = own.strike / 1_000
    left = (own.expiration - since_1970(session.day) + 0.1) / 365
    iv = np.round(iv + 0.1 * np.abs(np.log(strike / spot)) + chance.normal(0, 0.004, n), 4)
    value = worth(spot, strike, left, iv, own.is_put)
    bid, ask = quote(value, np.full(n, 0.02))
    wide = iv * np.sqrt(left)
    sloped = delta(spot, strike, left, iv, own.is_put)
    call = sloped + own.is_put
    volume = chance.poisson(np.minimum(own.likely * world.rows_of(session.day) * 5, 1e6))
    cents = np.rint(spot * 100).astype(np.int64)
    return pa.table(
        {
            "calendar": words("XNYS", n),
            "session_date": days(session.day, n),
            "underlying": chosen(own.name, world.names),
            "contract": own.symbols,
            "expiration": days(own.expiration),
            "strike": decimals(own.strike * 100_000),
            "put_call": chosen(own.is_put, _CALL),
            "currency": words("USD", n),
            "bid": decimals(bid * CENTS),
            "ask": decimals(ask * CENTS),
            "last": decimals((bid + ask) // 2 * CENTS),
            "volume": volume,
            "iv": iv,
            "delta": sloped,
            "gamma": np.round(1.7 * call * (1 - call) / (spot * wide), 6),
            "underlying_price": decimals(cents * CENTS),
            "known_at": moments(np.full(n, session.closes_us + 1_800_000_000)),
            "sequence": np.arange(1, n + 1),
        }
    )
