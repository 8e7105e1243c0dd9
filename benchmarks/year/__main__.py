"""Make a generated year as a store, a day at a time; a kill leaves whole days, and it goes on.

    python -m benchmarks.year STORE [--rows 500_000_000] [--sessions N] [--burst]

The rows are option trades of all 252 sessions of 2024, whatever N is: N sessions of a store, then
more of the same. Beside each session of options are open interest, chains, bars, prints off
exchange, FINRA's sums and filings, and on every day of the calendar books and trades of coins.
--burst adds 2025-01-02, with ten times the trades of a session.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from benchmarks.figures import LEADLINE, ROOT, SEED, run
from benchmarks.year import coins, filers, options, stocks
from benchmarks.year.place import Rows, has, put, stream
from benchmarks.year.world import BURST, FEED, SINCE, UNTIL, Session, World
from leadline import upkeep
from leadline.catalog import Catalog
from leadline.config import Config
from leadline.engine import Engine
from leadline.store import Store
from loaders import equity_codes, option_codes

LETTERS = (option_codes.BY_LETTER, equity_codes.LETTERS)
MADE = "1"  # of this generator: another one makes other days
MONTHLY = (
    "equity_bars", "short_volume", "holdings", "filings", "insider_transactions",
    "insider_owners", "insider_filings", "loads",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.year", description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--rows", type=int, default=500_000_000)
    parser.add_argument("--sessions", type=int, default=252)
    parser.add_argument("--burst", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    with opened(given.store, given.threads) as store:
        make(store, given.rows, given.sessions, is_burst=given.burst)


def make(store: Store, rows: int, n_sessions: int, *, is_burst: bool = False) -> None:
    """Make what is missing of a store's first sessions, and say on stderr how fast."""
    world = World(rows)
    if not store.tables["sessions"].exists:
        own = ("--store", str(store.place))
        run((*LEADLINE, *own, "load", "sessions"), {"LEADLINE_PROJECT": str(ROOT)})
    put_once(store, world, "ground", ground(world))
    calendar = sessions(store)[:n_sessions]
    by_day = {session.day: session for session in calendar if session.day < BURST}
    for day in every_day(calendar[-1].day):
        session = by_day.get(day)
        put_once(store, world, f"{day}", made(world, day, session))
    if is_burst:
        burst = next(session for session in sessions(store) if session.day == BURST)
        put_once(store, world, f"{BURST}", made(world, BURST, burst))
    for done in upkeep.compact(store, MONTHLY):
        print(f"{done.dataset} {done.partition}: {done.files_before} files", file=sys.stderr)


@contextmanager
def opened(place: Path, threads: int = 2) -> Iterator[Store]:
    """Open a store, or the place of one that is to be."""
    catalog = Catalog(ROOT)
    engine = Engine(Config(store=str(place), memory="3GB", threads=threads).engine())
    try:
        yield Store(str(place), catalog.contracts, engine)
    finally:
        engine.close()


def sessions(store: Store) -> list[Session]:
    """Return the year's sessions of New York, and the one behind it."""
    store.ledger.refresh()
    store.need_sessions()
    found = store.con.execute(
        "select session_date, epoch_us(opens_at), epoch_us(closes_at), "
        "lag(session_date) over (order by session_date) from sessions where calendar = 'XNYS' "
        f"qualify session_date >= date '{SINCE}' and session_date <= date '{BURST}' order by 1"
    ).fetchall()
    return [Session(*row) for row in found]


def every_day(last: date) -> Iterator[date]:
    """Yield the days of the calendar up to a session."""
    day = SINCE
    while day <= last and day < UNTIL:
        yield day
        day += timedelta(days=1)


def put_once(store: Store, world: World, coverage: str, tables: Iterator[tuple[str, Rows]]) -> None:
    """Make a day unless it is there."""
    if has(store, coverage):
        return
    started, cpu_s = time.perf_counter(), used_s()
    n = put(store, coverage, f"{MADE} {SEED} {world.rows} {coverage}", dict(tables))
    took, cpu_s = time.perf_counter() - started, used_s() - cpu_s
    print(
        f"{coverage}: rows={n:_} seconds={took:.2f} rows_a_core_second={n / cpu_s:_.0f}",
        file=sys.stderr,
        flush=True,
    )


def used_s() -> float:
    """Return the CPU time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ground(world: World) -> Iterator[tuple[str, Rows]]:
    """Yield what is known before the year: securities, and what letters mean."""
    codes = [*option_codes.lettered(), *equity_codes.conditions()]
    venues = [*option_codes.venues(), *equity_codes.venues()]
    for dataset, rows in (("conditions", codes), ("venues", venues)):
        own = [dict(row) for row in rows if row["source_feed"] in LETTERS]
        yield dataset, pa.Table.from_pylist([row | {"source_feed": FEED} for row in own])
    yield "securities", filers.securities(world)
    yield "shares_outstanding", filers.shares_outstanding(world)


def made(world: World, day: date, session: Session | None) -> Iterator[tuple[str, Rows]]:
    """Yield all that is known on a day of the calendar, dataset by dataset."""
    if session:
        contracts = options.listed(world, day)
        yield "option_trades", stream(options.prints(world, session, contracts))
        yield "open_interest", options.open_interest(world, session, contracts)
        yield "option_chains", options.chains(world, session, contracts)
        yield "equity_trades", stocks.off_exchange(world, session)
        yield "equity_bars", stocks.bars(world, session)
        yield "short_volume", stocks.short_volume(world, session)
        if filed := filers.filed(world, session):
            yield "holdings", filed[0]
            yield "filings", filed[1]
        yield from filers.insiders(world, session).items()
    if day < BURST:
        yield "book_tops", coins.tops(world, day)
        yield "crypto_trades", coins.trades(world, day)
        yield "book_updates", coins.levels(world, day)


if __name__ == "__main__":
    main()
