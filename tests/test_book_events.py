"""Events of books beside a queue in plain Python, over a made-up book and its trades."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from leadline.engine import scratch
from tests.doors import ROOT

SEED = 29
BEGIN = 1_723_118_400_000_000  # 2024-08-08 12:00Z in microseconds
WINDOW, MINUTE = 250_000, 60_000_000
N = 20_000


@dataclass(frozen=True)
class Change:
    """One change of one order; at is in microseconds, sizes are in 1e-8."""

    at: int
    update_id: int
    book_side: int
    price: float
    order_id: int
    prev_size: int
    size: int


@dataclass(frozen=True)
class Trade:
    """One trade at a price; book_side is that of the order which it filled."""

    at: int
    trade_id: int
    is_aggregate: bool
    book_side: int
    price: float
    size: int


def invented() -> tuple[list[Change], list[Trade]]:
    """Invent orders at few prices, busy for minutes or still, and trades near what left."""
    chance = Random(SEED)
    at, changes, trades = BEGIN, list[Change](), list[Trade]()
    orders: dict[int, tuple[int, float, int]] = {}
    for number in range(N):
        is_busy = number % 8_000 < 5_000  # chains of over a minute
        at += 0 if chance.random() < 0.2 else int(chance.expovariate(40 if is_busy else 3) * 1e6)
        if len(orders) < 30 or chance.random() < 0.45:
            order_id, prev_size = number, 0
            book_side = chance.choice((1, -1))
            price = 100 - book_side * chance.choice((0.1, 0.1, 0.1, 0.2, 0.3))
            size = chance.randrange(1, 10**9)
        else:
            order_id = chance.choice(sorted(orders))
            book_side, price, prev_size = orders[order_id]
            size = 0 if chance.random() < 0.7 else chance.randrange(1, 2 * prev_size + 1)
        if size == prev_size:
            continue
        orders[order_id] = (book_side, price, size)
        if not size:
            del orders[order_id]
        changes.append(Change(at, number, book_side, price, order_id, prev_size, size))
        if size < prev_size and chance.random() < 0.5:
            off = chance.choice((0, -WINDOW, WINDOW, chance.randrange(-400_000, 400_000)))
            told = int((prev_size - size) * chance.choice((1, 1, 0.5, 1.5))) + 1
            for is_aggregate in (False, True):
                if chance.random() < 0.8:
                    trade = Trade(at + off, number, is_aggregate, book_side, price, told)
                    trades.append(trade)
    return changes, trades


def settled(changes: Sequence[Change], trades: Sequence[Trade]) -> dict[int, int]:
    """Return what trades pay for each removal, by a queue that is served in order of time."""
    moves: defaultdict[tuple[int, float], list[Any]] = defaultdict(list)
    for change in changes:
        if change.size < change.prev_size:
            moves[change.book_side, change.price].append((change.at, 0, change))
    for trade in trades:
        if (trade.book_side, trade.price) in moves:
            moves[trade.book_side, trade.price].append((trade.at, 1, trade))
    found = {}
    for at_price in moves.values():
        at_price.sort(key=lambda move: (move[0], move[1], getattr(move[2], "update_id", 0)))
        began, chain, before = 0, -1, -WINDOW - 1
        chains: defaultdict[int, list[Any]] = defaultdict(list)
        for at, _, what in at_price:
            began = at if at - before > WINDOW else began
            minute = at // MINUTE * MINUTE
            chain = began if began >= minute - MINUTE else minute
            chains[chain].append(what)
            before = at
        for whats in chains.values():
            paid = 0
            for change in (each for each in whats if isinstance(each, Change)):
                inside = [
                    each
                    for each in whats
                    if isinstance(each, Trade) and each.at <= change.at + WINDOW
                ]
                traded = max(
                    sum(each.size for each in inside if each.is_aggregate == kind)
                    for kind in (False, True)
                )
                reached = min(paid + change.prev_size - change.size, traded)
                found[change.update_id], paid = reached - paid, reached
    return found


def told(changes: Sequence[Change], trades: Sequence[Trade]) -> list[dict[str, Any]]:
    """Return what the view says of every change, in order."""
    moment = pa.timestamp("us", "UTC")
    made_changes = pa.table(
        {
            "known_at": pa.array([each.at for each in changes]).cast(moment),
            "update_id": [each.update_id for each in changes],
            "book_side": [each.book_side for each in changes],
            "price": [each.price for each in changes],
            "order_id": [each.order_id for each in changes],
            "prev_size": [each.prev_size / 1e8 for each in changes],
            "size": [each.size / 1e8 for each in changes],
        }
    )
    made_trades = pa.table(
        {
            "known_at": pa.array([each.at for each in trades]).cast(moment),
            "trade_id": [each.trade_id for each in trades],
            "is_aggregate": [each.is_aggregate for each in trades],
            "side": [-each.book_side for each in trades],
            "price": [each.price for each in trades],
            "size": [each.size / 1e8 for each in trades],
        }
    )
    with scratch() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema ops")
        con.execute("create view ops.clock as select timestamptz '2100-01-01 00:00Z' as until")
        con.register("made_changes", made_changes)
        con.register("made_trades", made_trades)
        sizes = ", ".join(
            f"cast(null as double) as {side}_size_{reach}"
            for reach in ("50bps", "200bps", "500bps", "all")
            for side in ("bid", "ask")
        )
        con.execute(
            "create table curated.book_updates as select *, 'made' as venue, 'UP-DOWN' as pair, "
            "'1' as epoch, known_at as exchange_at, update_id as sequence, false as is_snapshot, "
            f"99.9 as best_bid, 100.1 as best_ask, 100.0 as mid, {sizes}, "
            "cast(null as timestamptz) as withdrawn_at from made_changes"
        )
        con.execute(
            "create table curated.crypto_trades as select *, 'made' as venue, 'UP-DOWN' as pair, "
            "known_at as traded_at, cast(null as timestamptz) as withdrawn_at from made_trades"
        )
        text = (ROOT / "sql/views/features/book_events.v1.sql").read_text()
        answer = con.sql(f"from ({text}) order by update_id").to_arrow_table()
    return list(answer.to_pylist())


@pytest.fixture(scope="module")
def made() -> tuple[list[Change], list[Trade], list[dict[str, Any]]]:
    changes, trades = invented()
    return changes, trades, told(changes, trades)


def test_what_was_traded_and_cancelled_is_what_a_queue_in_plain_python_says(
    made: tuple[list[Change], list[Trade], list[dict[str, Any]]],
) -> None:
    changes, trades, events = made
    wanted = settled(changes, trades)

    found = {
        row["update_id"]: round(row["exec_size"] * 1e8)
        for row in events
        if row["exec_size"] is not None
    }
    assert found == wanted
    assert len(events) == len(changes) > 10_000
    by_kind = [sum(wanted[each] > 0 for each in wanted), sum(not wanted[each] for each in wanted)]
    assert min(by_kind) > 1_000


def test_the_sum_of_events_is_the_book_after_each_of_them_exactly(
    made: tuple[list[Change], list[Trade], list[dict[str, Any]]],
) -> None:
    changes, _, events = made
    sizes: defaultdict[int, Decimal] = defaultdict(Decimal)
    for change, row in zip(changes, events, strict=True):
        if row["order_event"] in ("add", "increase"):
            sizes[change.order_id] += Decimal(repr(row["change_size"]))
        else:
            left = Decimal(repr(row["exec_size"])) + Decimal(repr(row["cancel_size"]))
            sizes[change.order_id] -= left
        assert sizes[change.order_id] == Decimal(change.size) / 10**8


def test_one_trade_never_pays_for_more_than_its_size(
    made: tuple[list[Change], list[Trade], list[dict[str, Any]]],
) -> None:
    _, trades, events = made
    for book_side, price in {(each.book_side, each.price) for each in trades}:
        paid = sum(
            round(row["exec_size"] * 1e8)
            for row in events
            if (row["book_side"], row["price"]) == (book_side, price) and row["exec_size"]
        )
        sizes: defaultdict[int, int] = defaultdict(int)
        for each in trades:
            if (each.book_side, each.price) == (book_side, price):
                sizes[each.trade_id] = max(sizes[each.trade_id], each.size)
        assert paid <= sum(sizes.values())
