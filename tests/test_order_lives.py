"""Lives of orders and what is like spoofing, beside loops in plain Python, over a made-up book."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from leadline.engine import scratch
from tests.doors import ROOT

SEED = 31
BEGIN = 1_723_118_400_000_000  # 2024-08-08 12:00Z in microseconds
SECOND = 1_000_000
MINUTE, SLACK, BACK = 60 * SECOND, SECOND // 4, 10 * SECOND
LASTS = 20 * 60 * SECOND
END = 4_102_444_800_000_000  # 2100-01-01 00:00Z
READS = (  # what the views read, and how far back: 76 s, and 121 s before these
    ("features.book_events", "all_events", 197), ("curated.book_tops", "all_tops", 76),
    ("features.book_size_baselines", "all_minutes", 197),
    ("curated.crypto_trades", "all_trades", 76),
)  # fmt: skip
MEDIAN, P99 = 1.0, 6.0  # base units, of what is usual


@dataclass
class Life:
    """An order, and what the loops say of it; moments are in microseconds."""

    at: int
    number: int
    book_side: int
    price: int  # hundredths
    size: int  # 1e-8
    mid: float
    bid: float
    ask: float
    changes: list[tuple[int, int, int]] = field(default_factory=list)  # at, size, traded

    @property
    def ended_at(self) -> int | None:
        at, size, _ = self.changes[-1] if self.changes else (0, 1, 0)
        return at if not size and at <= self.at + MINUTE else None

    @property
    def traded(self) -> int:
        return sum(each for at, _, each in self.changes if at <= self.at + MINUTE)

    @property
    def shown(self) -> int:
        sizes = [self.size, *(size for at, size, _ in self.changes if at <= self.at + MINUTE)]
        return self.size + sum(max(0, two - one) for one, two in pairwise(sizes))

    @property
    def is_large(self) -> bool:
        return self.size >= max(P99, 5 * MEDIAN) * 1e8

    @property
    def dist_bps(self) -> float:
        return round(10_000 * self.book_side * (self.mid - self.price / 100) / self.mid, 6)

    @property
    def touch_bps(self) -> float:
        best = self.bid if self.book_side == 1 else self.ask
        return 10_000 * self.book_side * (best - self.price / 100) / self.mid

    @property
    def is_short(self) -> bool:
        ended = self.ended_at
        return (
            ended is not None and ended - self.at <= 5 * SECOND and 0 <= self.dist_bps <= 50
            and self.is_large and self.traded <= 0.05 * self.shown
        )  # fmt: skip


@dataclass
class Market:
    """The best prices after each message, in hundredths, and trades in 1e-8."""

    at: list[int]
    bid: list[int]
    ask: list[int]
    trades: list[tuple[int, int, int, bool]]  # at, side, size, is_aggregate

    @cached_property
    def mids(self) -> list[float]:
        return [(bid + ask) / 200 for bid, ask in zip(self.bid, self.ask, strict=True)]

    def best(self, at: int) -> tuple[float, float]:
        place = bisect_right(self.at, at) - 1
        return self.bid[place] / 100, self.ask[place] / 100


def market(chance: Random) -> Market:
    """Invent best prices that wander by ticks, and trades that come in bursts."""
    found = Market([BEGIN - SECOND], [9_999], [10_001], [])
    while found.at[-1] < BEGIN + LASTS + 2 * MINUTE:
        found.at.append(found.at[-1] + 1 + int(chance.expovariate(6) * SECOND))
        bid = found.bid[-1] + chance.choice((-2, -1, 0, 0, 0, 0, 1, 2))
        found.bid.append(max(9_900, min(bid, 10_100)))
        found.ask.append(found.bid[-1] + chance.choice((1, 1, 2, 3)))
        if chance.random() < 0.05:
            size, side = int(10**8 * chance.expovariate(8)) + 1, chance.choice((1, -1))
            for is_aggregate in (False, True):
                if chance.random() < 0.8:
                    found.trades.append((found.at[-1], side, size, is_aggregate))
    return found


def lives(chance: Random, world: Market) -> list[Life]:
    """Invent orders near the best prices; some come in volleys, at many prices or at one."""
    at, found = BEGIN, list[Life]()
    while at < BEGIN + LASTS:
        at += int(chance.expovariate(3) * SECOND)
        kind = chance.choice(("one",) * 20 + ("layers", "flicker"))
        book_side, away = chance.choice((1, -1)), chance.randrange(0, 30)
        lasts = int(chance.choice((0.1, 1, 4, 20, 90)) * chance.expovariate(1) * SECOND) + 1
        for number in range(1 if kind == "one" else 6):
            came = at + number * chance.randrange(0, 60_000)
            bid, ask = world.best(came)
            price = round(100 * (bid if book_side == 1 else ask)) - book_side * away
            price -= book_side * number if kind == "layers" else 0
            size = int(10**8 * math.exp(chance.gauss(2.0 if kind == "layers" else 0.6, 1.0))) + 10
            life = Life(came, len(found), book_side, price, size, (bid + ask) / 2, bid, ask)
            found.append(life)
            went = came + lasts + chance.randrange(0, 400_000)
            if kind == "flicker":
                went = came + chance.randrange(1_000, 200_000)
            left, now = size, came
            while chance.random() < 0.25 and now + 2 < went:
                now = chance.randrange(now + 1, went)
                share = chance.choice((0.02, 0.1, 0.5, -0.2))
                gone = int(left * share)
                life.changes.append((now, left - gone, max(0, gone) * chance.choice((0, 1))))
                left -= gone
            life.changes.append((went, 0, left if chance.random() < 0.15 else 0))
    return sorted(found, key=lambda life: life.at)


def rows(found: Sequence[Life], world: Market) -> list[dict[str, Any]]:
    """Return the orders' events as the view below tells them."""
    told = []
    for life in found:
        size = 0
        for at, now, traded in [(life.at, life.size, 0), *life.changes]:
            bid, ask = world.best(at)
            kind = "add" if not size else "increase" if now > size else "decrease"
            told.append(
                {
                    "received_at": at, "known_at": at + SLACK, "order_id": life.number + 1,
                    "order_event": kind if now else "remove", "book_side": life.book_side,
                    "price": life.price / 100, "size": now / 1e8, "prev_size": size / 1e8,
                    "change_size": abs(now - size) / 1e8,
                    "exec_size": traded / 1e8 if now < size else None,
                    "mid": (bid + ask) / 2, "best_bid": bid, "best_ask": ask,
                    "dist_bps": life.dist_bps, "band_bps": 0, "update_id": at - BEGIN,
                }
            )  # fmt: skip
            size = now
    return sorted(
        (each for each in told if each["change_size"]), key=lambda row: row["received_at"]
    )


def table(made: Sequence[dict[str, Any]], *moments: str) -> pa.Table:
    """Return rows as a table whose named columns are moments."""
    found = pa.Table.from_pylist(list(made))
    for name in moments:
        place = found.schema.get_field_index(name)
        moment = found[name].cast(pa.timestamp("us", "UTC"))
        found = found.set_column(place, name, moment)
    return found


Made = tuple[Market, list[Life], dict[str, list[dict[str, Any]]], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    """Invent a market and its orders; return them, and what the views say."""
    chance = Random(SEED)
    world = market(chance)
    found = lives(chance, world)
    events = table(rows(found, world), "received_at", "known_at")
    minutes = [
        {"minute_at": BEGIN + n * MINUTE, "known_at": BEGIN + n * MINUTE, "book_side": side}
        for n in range(25)
        for side in (1, -1)
    ]
    tops = [
        {"known_at": at, "update_id": n, "best_bid": bid / 100, "best_ask": ask / 100}
        for n, (at, bid, ask) in enumerate(zip(world.at, world.bid, world.ask, strict=True))
    ]
    trades = [
        {"known_at": at, "trade_id": n, "side": side, "size": size / 1e8, "is_aggregate": merged}
        for n, (at, side, size, merged) in enumerate(world.trades)
    ]
    who = "'made' as venue, 'UP-USD' as pair, '1' as epoch"
    with scratch() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema features; create schema ops")
        con.execute("create table curated.dollar_coins as select 'USD' as coin")
        con.register("events", events)
        con.register("minutes", table(minutes, "minute_at", "known_at"))
        con.register("tops", table(tops, "known_at"))
        con.register("trades", table(trades, "known_at"))
        numbered = "row_number() over (order by received_at, order_id) as sequence"
        usual = f"0 as band_bps, 500 as n_obs, {MEDIAN} as median_size, {P99} as p99_size"
        told = "known_at as exchange_at, known_at as traded_at"
        con.execute(f"create table all_events as select *, {who}, {numbered} from events")
        con.execute(f"create table all_minutes as select *, {who}, {usual} from minutes")
        con.execute(
            f"create table all_tops as select *, {who}, {told}, update_id as sequence from tops"
        )
        con.execute(
            f"create table all_trades as select *, {who}, {told}, trade_id as sequence from trades"
        )
        answers = asked(con, BEGIN - MINUTE, END)
        for name in ("layering", "flicker"):
            text = (ROOT / f"sql/detectors/crypto/{name}.v1.sql").read_text()
            fired = con.sql(f"select epoch_us(happened_at) as at, * from ({text})")
            answers[name] = list(fired.to_arrow_table().to_pylist())
        yield world, found, answers, con


def asked(
    con: duckdb.DuckDBPyConnection, since: int, until: int
) -> dict[str, list[dict[str, Any]]]:
    """Return the views' rows of a span, which see what lies as far before it as they say."""
    con.execute(f"create or replace view ops.clock as select make_timestamptz({until}) as until")
    for view, rows, needs_s in READS:
        con.execute(
            f"create or replace view {view} as from {rows} where "
            f"known_at >= make_timestamptz({since - needs_s * SECOND}) "
            f"and known_at < make_timestamptz({until})"
        )
    answers = {}
    for name in ("order_lives", "spoof_orders"):
        text = (ROOT / f"sql/views/features/{name}.v1.sql").read_text()
        con.execute(f"create or replace table features.{name} as {text}")
        own = con.sql(f"from features.{name} where known_at >= make_timestamptz({since})")
        answers[name] = list(own.to_arrow_table().to_pylist())
    return answers


def micros(moment: Any) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1e6)


def test_each_order_has_the_life_that_a_loop_gives_it(made: Made) -> None:
    _, found, answers, _ = made
    told = {row["order_id"] - 1: row for row in answers["order_lives"]}

    assert len(told) == len(found) > 4_000
    for life in found:
        row = told[life.number]
        assert micros(row["added_at"]) == life.at
        assert micros(row["ended_at"]) == life.ended_at
        assert row["exec_size"] == pytest.approx(life.traded / 1e8)
        assert row["shown_size"] == pytest.approx(life.shown / 1e8)
        assert row["touch_bps"] == pytest.approx(life.touch_bps, abs=1e-5)
        assert row["is_large"] == life.is_large
    stood = [life for life in found if life.ended_at is None]
    assert min(len(stood), sum(life.is_large for life in found)) > 200


def reckoned(world: Market, short: Sequence[Life], life: Life) -> dict[str, Any]:
    """Return what a spoof-like order should say, by looking at all that is near it."""
    ended = life.ended_at or 0
    fills = [0, 0]
    for at, side, size, merged in world.trades:
        if side == life.book_side and life.at - SLACK <= at <= ended + SLACK:
            fills[merged] += size
    before = range(bisect_left(world.at, life.at), bisect_left(world.at, ended))
    after = range(bisect_left(world.at, ended), bisect_right(world.at, ended + BACK))
    mids = world.mids
    spreads = [world.ask[n] - world.bid[n] for n in (*before, *after)]
    tick = min([round(100 * (life.ask - life.bid)), *spreads]) / 100
    moved = life.book_side * (mids[before[-1]] - life.mid) if before else None
    back = min((life.book_side * mids[n] for n in after), default=None)
    reverted = None
    if before and back is not None:
        reverted = life.book_side * mids[before[-1]] - back
    responds = moved is not None and reverted is not None
    responds = responds and moved > tick - 1e-9 and reverted > moved / 2 - 1e-9  # type: ignore[operator]
    ends = [(each.ended_at or 0, each.price) for each in short if each.book_side == life.book_side]
    seconds = {
        end: len({price for at, price in ends if end - SECOND <= at <= end}) for end, _ in ends
    }
    layers = max(n for end, n in seconds.items() if ended <= end <= ended + SECOND)
    has_fill = max(fills) >= 0.01 * life.size
    score = 40 + 15 * (life.touch_bps <= 5 + 1e-6) + 25 * has_fill + 20 * responds
    return {
        "opp_fill_size": max(fills) / 1e8, "has_opp_fill": has_fill,
        "has_price_response": responds, "n_prices": seconds[ended], "n_layers": layers,
        "spoof_score": min(100, score + (10 * layers if layers >= 3 else 0)),
    }  # fmt: skip


@pytest.mark.soak
def test_what_is_like_spoofing_is_what_loops_over_all_that_is_near_find(made: Made) -> None:
    world, found, answers, _ = made
    short = [life for life in found if life.is_short]
    wanted = {life.number: reckoned(world, short, life) for life in short}

    told = {row["order_id"] - 1: row for row in answers["spoof_orders"]}
    assert told.keys() == wanted.keys()
    assert len(told) > 300
    for number, row in told.items():
        own = {name: row[name] for name in wanted[number]}
        assert own == pytest.approx(wanted[number], abs=1e-8)
    signs = ("has_opp_fill", "has_price_response")
    assert all(20 < sum(row[sign] for row in told.values()) < len(told) - 20 for sign in signs)
    assert sum(row["is_layer"] for row in told.values()) > 50


def test_layers_and_flicker_first_fire_where_loops_find_them(made: Made) -> None:
    _, found, answers, _ = made
    quarter = 15 * MINUTE
    short = [life for life in found if life.is_short]
    layers: dict[Any, int] = {}
    for life in sorted(short, key=lambda each: each.ended_at or 0):
        ended = life.ended_at or 0
        near = [
            each.price
            for each in short
            if each.book_side == life.book_side and ended - SECOND <= (each.ended_at or 0) <= ended
        ]
        if len(set(near)) >= 3:
            layers.setdefault((life.book_side, (ended + BACK) // quarter), ended)
    fast = defaultdict[tuple[int, int], list[tuple[int, int]]](list)
    for life in found:
        gone = life.ended_at
        if gone and gone - life.at <= SECOND and not life.traded:
            fast[life.book_side, life.price].append((gone, life.at))
    flicker: dict[int, int] = {}
    for cycles in fast.values():
        cycles.sort()
        for five in zip(*(cycles[n:] for n in range(5)), strict=False):
            ended = five[-1][0]
            if ended - min(at for _, at in five) <= SECOND:
                bucket = (ended + SLACK) // quarter
                flicker[bucket] = min(ended, flicker.get(bucket, ended))

    firsts: dict[Any, int] = {}
    for row in sorted(answers["layering"], key=lambda row: row["at"]):
        side = 1 if row["direction"] == "bear" else -1
        firsts.setdefault((side, (row["at"] + BACK) // quarter), row["at"])
    assert firsts == layers
    assert {(row["at"] + SLACK) // quarter: row["at"] for row in answers["flicker"]} == flicker
    assert len(layers) >= 2 <= len(flicker)


def test_any_slice_has_the_rows_that_the_whole_has_there(made: Made) -> None:
    _, _, answers, con = made
    chance = Random(SEED)

    n_rows = 0
    for _ in range(12):
        since = BEGIN + chance.randrange(0, LASTS)
        until = since + chance.choice((5, 60)) * SECOND
        for name, rows in asked(con, since, until).items():
            wanted = [
                row for row in answers[name] if since <= (micros(row["known_at"]) or 0) < until
            ]
            assert sorted(rows, key=repr) == sorted(wanted, key=repr)
            n_rows += len(rows)
    assert n_rows > 1_000
