"""The personal watch: how long a minute of new bars takes, early and late in a session.

python -m benchmarks.watch TICKERS SESSIONS
"""

import json
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta

import duckdb
import pyarrow as pa

from benchmarks.figures import LEADLINE, ROOT, SEED, Section, bar, median, python, run, table
from leadline import refresh
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.held import Held
from leadline.publication import Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

TICKERS, SESSIONS, RUNS = 2_500, 20, 3
DETECTORS = ("prices.watch_move", "prices.watch_move_legacy")
DAY = date(2024, 3, 1)
HISTORY = 90  # sessions of daily bars
MOST_S = 20.0  # a third of its turn of a minute
MINUTES = (10, 120, 385)
# Prices go their own ways, by a ten-thousandth or two a minute.
BARS = """
select
    'T' || lpad(ticker::text, 4, '0') as symbol,
    '{bar}' as bar,
    sessions.opens_at + minute * interval 1 minute as starts_at,
    sessions.session_date,
    price - 0.01 as open, price + 0.02 as high, price - 0.02 as low, price as close,
    100 + hash(ticker, minute, {seed}) % 1000 as volume,
    'none' as adjusted,
    case '{bar}' when '1m' then starts_at + interval 1 minute
        else sessions.closes_at + interval 15 minutes end as known_at
from (
    select
        *,
        round(
            20 + hash(ticker, {seed}) % 200
            + hash(ticker, session_date, {seed}) % 400 / 100.0
            + hash(ticker, minute, session_date, {seed}) % 30 / 100.0, 2
        ) as price
    from range({tickers}) as tickers (ticker), range({minutes}) as minutes (minute), sessions
    where session_date in ({days})
) as sessions
order by symbol, starts_at
"""
LIST = """
select
    'bench' as watchlist,
    'T' || lpad(ticker::text, 4, '0') as symbol,
    1.5::double as threshold_pct,
    3::double as threshold_sigma,
    true as is_active,
    timestamptz '2024-01-01 00:00Z' as known_at
from range({tickers}) as tickers (ticker)
"""


def measure(rows: int | None = None) -> Section:
    """Ask a minute of a store in a process of its own; rows are minutes of history."""
    tickers, sessions = (5, 2) if rows else (TICKERS, SESSIONS)
    done = python("benchmarks.watch", tickers, sessions)
    said = json.loads(done.stdout)
    slowest = max(each["s"] for each in said["minutes"])
    return Section(
        "The personal watch",
        [
            f"Made-up minutes of {tickers:,} tickers, {sessions} sessions of them stored as half "
            f"hours and one under way, with daily bars of {HISTORY} sessions; all are on one list "
            f"over two horizons. What the loop asks of one new minute, of both detectors, medians "
            f"of {RUNS}; peak {done.peak_mb:,.0f} MB.",
            "",
            *table(
                ("minute of the session", "s", "alerts so far"),
                [(each["minute"], each["s"], each["alerts"]) for each in said["minutes"]],
            ),
            "",
            bar("a minute of new bars", slowest, MOST_S, "s"),
        ],
    )


def ask(tickers: int, n_sessions: int) -> dict[str, object]:
    """Fill a store, then ask one minute early, in the middle and late."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        run((*LEADLINE, "load", "sessions"), {"LEADLINE_STORE": folder})
        catalog, engine = Catalog(ROOT), Engine({})
        house = Warehouse(catalog, Store(folder, catalog.contracts, engine), engine)
        fill(Store(folder, catalog.contracts, engine), house, tickers, n_sessions)
        since = datetime(2024, 1, 1, tzinfo=UTC)
        today = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
        list(refresh.refresh(house, today, ["features.move_half_hours"], since=since))
        opens_at = today + timedelta(hours=14, minutes=30)
        told = []
        for minute in MINUTES:
            at = opens_at + timedelta(minutes=minute)
            took = []
            for _ in range(RUNS):
                started = time.perf_counter()
                until = at + timedelta(minutes=1)
                with Held(house).over({house.stable(name): at for name in DETECTORS}, until):
                    for name in DETECTORS:
                        house.ask(name, at, until).to_arrow_table()
                took.append(time.perf_counter() - started)
            alerts = len(house.ask(DETECTORS[0], opens_at, at).to_arrow_table())
            told.append({"minute": minute, "s": median(took), "alerts": alerts})
    return {"minutes": told}


def fill(store: Store, house: Warehouse, tickers: int, n_sessions: int) -> None:
    """Load the list, the days and, session by session, the minutes."""
    days = [day for day in _days(house) if day <= DAY][-HISTORY:]
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.register("sessions", _sessions(house))
        given = {"tickers": tickers, "seed": SEED}
        lines = con.sql(LIST.format(**given)).to_arrow_table()
        store.load(Publication("watchlists", "bench", ("watchlists",), [("watchlists", lines)], ""))
        listed = ", ".join(f"'{day}'" for day in days[:-1])
        plan = [("1d", 1, listed)] + [("1m", 390, f"'{day}'") for day in days[-n_sessions - 1 :]]
        for length, minutes, which in plan:
            text = BARS.format(bar=length, minutes=minutes, days=which, **given)
            rows = con.sql(text).to_arrow_table()
            name = f"{length} {which}"[:40]
            store.load(Publication("made", name, ("equity_bars",), [("equity_bars", rows)], ""))


def _sessions(house: Warehouse) -> pa.Table:
    asked = house.ask("curated.us_sessions", datetime(2023, 1, 1, tzinfo=UTC), _end())
    return asked.project("session_date, opens_at, closes_at").to_arrow_table()


def _days(house: Warehouse) -> list[date]:
    return sorted(_sessions(house)["session_date"].to_pylist())


def _end() -> datetime:
    return datetime(2025, 1, 1, tzinfo=UTC)


if __name__ == "__main__":
    print(json.dumps(ask(*map(int, sys.argv[1:3]))))
