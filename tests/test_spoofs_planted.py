"""Spoof-like orders and layers planted among a real book: how many are found, by size.

No venue's order by order book is at hand, so the levels of a real one stand for orders: each is an
order from when its price appears to when it is gone. What is planted changes no price.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from leadline.engine import scratch
from tests.doors import ROOT
from tests.real_books import ORDER_ID, bitcoin

SEED = 67
SIZES = (0.5, 0.9, 1.1, 1.5, 2.0, 3.0, 5.0)  # of what is large at its side and distance
N_EACH = 40
SECOND = 1_000_000
HISTORY_S, REST_S = 120, 25  # before the first and after the last one
OWN = 10**12  # planted ids begin here
USUAL = ("book_adds", "book_size_minutes", "book_size_hours", "book_size_baselines")
LIVES = ("book_events", "order_lives", "spoof_orders")
AS_ORDERS = f"""
select * exclude (order_id), {ORDER_ID}, (best_bid + best_ask) / 2 as mid from book_updates
"""
PLANT_CHANGE = """
insert into curated.book_updates by name select
    'binance' as venue, 'BTC-USDT' as pair, make_timestamptz($1) as known_at, $2 as update_id,
    $3 as book_side, $4 as price, $5 as order_id, $6 as size, $7 as prev_size, $8 as best_bid,
    $9 as best_ask, ($8 + $9) / 2 as mid, $10 as epoch, $5 as sequence, false as is_snapshot
"""
PLANT_TRADE = """
insert into curated.crypto_trades by name select
    'binance' as venue, 'BTC-USDT' as pair, make_timestamptz($1) as known_at,
    make_timestamptz($1) as traded_at, $2 as trade_id, $2 as sequence, $3 as side, $4 as price,
    $5 as size, false as is_aggregate
"""


@dataclass(frozen=True)
class Planted:
    """A group of orders: one with a trade its way, or three and more that go together."""

    size: float
    order_ids: tuple[int, ...]


class Book:
    """A real book as tables, in which orders are planted and views are asked."""

    def __init__(self, con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
        self.con, self.n_planted = con, 0
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema features; create schema ops")
        con.execute("create view ops.clock as select timestamptz '2100-01-01 00:00Z' as until")
        for name, rows in tables.items():
            con.register(name, rows)
        stands = "cast(null as timestamptz) as withdrawn_at"
        con.execute(f"create table real_updates as select *, {stands} from ({AS_ORDERS})")
        con.execute(f"create table real_trades as select *, {stands} from crypto_trades")
        con.execute(f"create table curated.book_tops as select *, {stands} from book_tops")
        self.clear()
        # Of the book by itself: among a day's orders a few planted ones would change little.
        self._tell(USUAL)
        self.tops = self.rows(
            "select epoch_us(known_at), update_id, best_bid, best_ask, epoch "
            "from curated.book_tops order by known_at, update_id"
        )
        self.least = {
            (side, minute): large
            for side, minute, large in self.rows(
                "select book_side, epoch_us(minute_at) // 60000000, "
                "greatest(p99_size, 5 * median_size) from features.book_size_baselines "
                "where band_bps = 0 and n_obs >= 500"
            )
        }

    def clear(self, *, trades_later_s: int = 0) -> None:
        """Take all that is planted away; trades may come later, the last ones at the begin."""
        self.con.execute("create or replace table curated.book_updates as from real_updates")
        first = "(select min(known_at) from real_trades)"
        lasts = f"(select epoch_us(max(known_at)) - epoch_us({first}) from real_trades)"
        moved = f"(epoch_us(known_at) - epoch_us({first}) + {trades_later_s * SECOND}) % {lasts}"
        later = f"{first} + to_microseconds({moved})"
        self.con.execute(
            "create or replace table curated.crypto_trades as select * replace "
            f"({later} as known_at, {later} as traded_at) from real_trades"
        )

    def tell(self) -> None:
        """Compute the lives of all orders anew."""
        self._tell(LIVES)

    def _tell(self, names: Sequence[str]) -> None:
        for name in names:
            text = (ROOT / f"sql/views/features/{name}.v1.sql").read_text()
            self.con.execute(f"create or replace table features.{name} as {text}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the answer to a question."""
        return self.con.execute(sql).fetchall()

    def plant(self, chance: Random, *, is_layers: bool) -> list[Planted]:
        """Plant groups one after another, of each size as many, in a random order."""
        sizes = [size for size in SIZES for _ in range(N_EACH)]
        chance.shuffle(sizes)
        begin, end = self.tops[0][0] + HISTORY_S * SECOND, self.tops[-1][0] - REST_S * SECOND
        planted, changes, trades = list[Planted](), list[Any](), list[Any]()
        for number, factor in enumerate(sizes):
            at = begin + (end - begin) * number // len(sizes) + chance.randrange(0, SECOND // 4)
            book_side = chance.choice((1, -1))
            large = self.least[book_side, at // (60 * SECOND)]
            went, own = at + chance.randrange(200_000, 3_900_000), list[int]()
            for layer in range(chance.choice((3, 4, 5)) if is_layers else 1):
                own.append(OWN + self.n_planted)
                self.n_planted += 1
                came, gone = self._top(at), went + is_layers * chance.randrange(0, 900_000)
                away = chance.uniform(0, 1e-4) + 5e-5 * layer
                price = round(came[2 if book_side == 1 else 3] * (1 - book_side * away), 2)
                size = round(factor * large * chance.uniform(1, 1.05), 8)
                place, left = (book_side, price, own[-1]), self._top(gone)
                changes.append((at, came[1], *place, size, 0.0, *came[2:]))
                changes.append((gone, left[1], *place, 0.0, size, *left[2:]))
                if not is_layers:
                    other = came[3 if book_side == 1 else 2]
                    trade = (chance.randrange(at, gone), own[-1], book_side, other, size / 50)
                    trades.append(trade)
            planted.append(Planted(factor, tuple(own)))
        self.con.executemany(PLANT_CHANGE, changes)
        if trades:
            self.con.executemany(PLANT_TRADE, trades)
        self.tell()
        return planted

    def _top(self, at: int) -> Any:
        """Return the top of the book at a moment in microseconds."""
        return self.tops[bisect_right(self.tops, at, key=lambda top: int(top[0])) - 1]


@pytest.fixture(scope="module")
def book(real: Path) -> Iterator[Book]:
    """Read eleven minutes of Bitcoin's book, of which each level stands for an order."""
    with scratch() as con:
        yield Book(con, bitcoin(real))


def found(book: Book, planted: Sequence[Planted], sign: str) -> dict[float, float]:
    """Return the share of groups that have an order with a sign, by their size."""
    ids = f"select order_id from features.spoof_orders where order_id >= {OWN} and {sign}"
    seen = {order_id for (order_id,) in book.rows(ids)}
    whole = Counter(group.size for group in planted)
    hits = Counter(group.size for group in planted if seen & {*group.order_ids})
    return {size: hits[size] / whole[size] for size in SIZES}


def counted(book: Book) -> tuple[int, ...]:
    """Return how many of the book's own levels are like spoofing, and how many with which sign."""
    (n,) = book.rows(
        "select count(*), sum(cast(is_confirmed as int)), sum(cast(has_opp_fill as int)), "
        "sum(cast(has_price_response as int)), sum(cast(is_layer as int)) "
        f"from features.spoof_orders where order_id < {OWN}"
    )
    return n


@pytest.mark.real
@pytest.mark.soak
def test_what_is_planted_above_the_floor_is_found_and_nothing_below_it(book: Book) -> None:
    book.clear()

    shares = found(book, book.plant(Random(SEED), is_layers=False), "has_opp_fill")
    assert [shares[size] for size in SIZES if size < 1] == [0, 0]
    assert min(shares[size] for size in SIZES if size > 1) >= 0.9


@pytest.mark.real
@pytest.mark.soak
def test_planted_layers_are_found_together(book: Book) -> None:
    book.clear()

    shares = found(book, book.plant(Random(SEED), is_layers=True), "n_prices >= 3")
    assert [shares[size] for size in SIZES if size < 1] == [0, 0]
    assert min(shares[size] for size in SIZES if size > 1) >= 0.9


@pytest.mark.real
@pytest.mark.soak
def test_trades_at_other_moments_confirm_less(book: Book) -> None:
    book.clear()
    book.tell()
    own = counted(book)
    book.clear(trades_later_s=300)
    book.tell()

    apart = counted(book)
    assert own[0] > 500
    assert apart[2] / apart[0] < own[2] / own[0]
