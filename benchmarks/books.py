"""Ticks of the loop over live order books: with what ticks hold, and with all computed anew.

python -m benchmarks.books PAIRS MINUTES
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from benchmarks.figures import LEADLINE, ROOT, SEED, Section, median, python, run, table
from leadline.alerts import Alerts
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.held import Held
from leadline.publication import Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

SIZES = ((10, 60), (40, 60), (40, 360))
END = datetime(2024, 3, 1, 20, tzinfo=UTC)
STEP, PIECE = timedelta(seconds=5), timedelta(hours=1)
TICKS = 10
# Two messages a second and pair; the best five levels lean anew every 7 and 30 seconds.
TOPS = """
select
    'binance' as venue,
    'C' || pair || '-USDT' as pair,
    'bench' as epoch,
    epoch_ms(told_at) as update_id,
    told_at as exchange_at,
    100.0 as best_bid,
    100.1 as best_ask,
    1 + hash(pair, told_at, {seed}) % 1000 / 100.0 as bid_size,
    1 + hash(pair, told_at, {seed} + 1) % 1000 / 100.0 as ask_size,
    5 + hash(pair, epoch_ms(told_at) // 30000, {seed} + 2) % 1000 / 10.0 as bid_size_5,
    5 + hash(pair, epoch_ms(told_at) // 7000, {seed} + 3) % 1000 / 10.0 as ask_size_5,
    cast(null as double) as bid_size_10bps,
    cast(null as double) as ask_size_10bps,
    epoch_ms(told_at) * 10000 + pair as sequence,
    told_at as known_at
from
    range({pairs}) as pairs (pair),
    range(timestamptz '{since}', timestamptz '{until}', interval 500 milliseconds)
        as times (told_at)
order by known_at, sequence
"""


def measure(rows: int | None = None) -> Section:
    """Tick over stores of several sizes, a process each; rows make a store of one pair."""
    sizes = ((1, max(1, rows // 120)),) if rows else SIZES
    found = []
    for pairs, minutes in sizes:
        done = python("benchmarks.books", pairs, minutes)
        told = json.loads(done.stdout)
        held, anew = told["held"], told["anew"]
        found.append((pairs, minutes, told["tops"], held, anew, anew / held, round(done.peak_mb)))
    heads = (
        "pairs",
        "minutes so far",
        "tops a tick",
        "held, s",
        "anew, s",
        "anew / held",
        "peak MB",
    )
    return Section(
        "Ticks over order books",
        [
            "Made-up tops, two a second and pair, of one UTC day under way; every 5 s they are "
            f"appended, and what is due is asked of what is new. Medians of {TICKS} ticks each: "
            "with what the ticks before have left, and without.",
            "",
            *table(heads, found),
        ],
    )


def ticks(pairs: int, minutes: int) -> dict[str, float]:
    """Fill a store, then tick with what is held, and as often without."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        env = {"LEADLINE_STORE": folder, "LEADLINE_PROJECT": str(ROOT)}
        run((*LEADLINE, "load", "sessions"), env)
        catalog, engine = Catalog(ROOT), Engine({})
        house = Warehouse(catalog, Store(folder, catalog.contracts, engine), engine)
        live = Store(folder, catalog.contracts, engine)
        first = END - 2 * TICKS * STEP
        for since, until in pieces(first - timedelta(minutes=minutes), first):
            append(live, pairs, since, until)
        alerts = Alerts(house, live)
        alerts.tick()
        held: list[float] = []
        anew: list[float] = []
        for nth in range(2 * TICKS):
            n_tops = append(live, pairs, first + nth * STEP, first + (nth + 1) * STEP)
            if nth >= TICKS:
                alerts._held = Held(house)
            started = time.perf_counter()
            tick = alerts.tick()
            (anew if nth >= TICKS else held).append(time.perf_counter() - started)
            if tick.broken:
                raise RuntimeError(str(tick.broken))
    return {"tops": n_tops, "held": median(held), "anew": median(anew)}


def pieces(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a stretch of time into loads."""
    while since < until:
        end = min(since + PIECE, until)
        yield since, end
        since = end


def append(store: Store, pairs: int, since: datetime, until: datetime) -> int:
    """Load the tops of a stretch of time; return how many."""
    rows = tops(pairs, since, until)
    store.load(
        Publication("binance_book", str(since), ("book_tops",), [("book_tops", rows)], "made")
    )
    return len(rows)


def tops(pairs: int, since: datetime, until: datetime) -> pa.Table:
    """Make the tops of a stretch of time."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        sql = TOPS.format(pairs=pairs, since=since, until=until, seed=SEED)
        return con.sql(sql).to_arrow_table()


if __name__ == "__main__":
    print(json.dumps(ticks(*map(int, sys.argv[1:]))))
