"""A day of option trades: loaded, and asked by every options detector, beside the same in Polars.

python -m benchmarks.options ask STORE DETECTOR
python -m benchmarks.options live STORE RUNS
python -m benchmarks.options ticks STORE OTHER RUNS
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import option_past
from benchmarks.figures import CACHE, LEADLINE, ROOT, Section, bar, median, python, run, table
from benchmarks.trades import flat_file

ROWS = 10_000_000
MEMORY, THREADS = "4GB", 2
SINCE = datetime(2024, 3, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=1)
CLOSE = datetime(2024, 3, 1, 21, tzinfo=UTC)
QUARTER, BEFORE = timedelta(minutes=15), timedelta(hours=2)
RUNS = 5
COLUMNS = (
    "detector", "alerts", "s", "CPU s", "MB",
    "Polars s", "Polars CPU s", "Polars MB", "Polars / ours, CPU",
)  # fmt: skip


def measure(rows: int | None = None) -> Section:
    """Load a past and a day of so many rows, then ask each detector in a process of its own."""
    from benchmarks.options_polars_open import FOUND  # not where the memory of ours is measured

    path, runs = flat_file(rows or ROWS), RUNS if not rows else 1
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as folder:
        env = {"LEADLINE_STORE": folder, "LEADLINE_PROJECT": str(ROOT)}
        beside_it = f"{folder}/live"
        for feed in ("sessions", "option_codes"):
            run((*LEADLINE, "load", feed), env)
        past = option_past.load(rows or ROWS, env)
        shutil.copytree(folder, beside_it, ignore=shutil.ignore_patterns("live"))
        option_past.load_close(rows or ROWS, env)
        own = ("--memory", MEMORY, "--threads", str(THREADS))
        load = (*LEADLINE, *own, "load", "massive_option_trades", "--from", str(path))
        loaded = run(load, env)
        found = []
        for name in detectors():
            ours = python("benchmarks.options", "ask", folder, name)
            said = json.loads(ours.stdout)
            beside = None
            if name in FOUND:
                beside = python("benchmarks.options_polars_open", folder, name)
                other = json.loads(beside.stdout)
                if other["n"] != said["n"]:
                    raise RuntimeError(f"{name}: {said['n']} alerts, and Polars has {other['n']}")
            found.append(
                (
                    name, said["n"], said["seconds"], said["cpu"], ours.peak_mb,
                    *((other["seconds"], other["cpu"], beside.peak_mb) if beside else [""] * 3),
                    other["cpu"] / said["cpu"] if beside else "",
                )
            )  # fmt: skip
        live = json.loads(python("benchmarks.options", "live", folder, runs).stdout)
        looks = python("benchmarks.options", "ticks", folder, beside_it, 12 * runs)
        ticks = json.loads(looks.stdout)
    n = rows or ROWS
    return Section(
        "Options",
        [
            f"A generated day of {n:,} prints of 2,500 names, the first of which has a quarter, in "
            f"the layout of Massive's flat files; {THREADS} threads and {MEMORY}.",
            "",
            *option_past.told(rows or ROWS),
            f"Loading that took {past:,.0f} s.",
            "",
            f"Loading the day took {loaded.seconds:,.0f} s, {n / loaded.seconds:,.0f} rows a "
            f"second, and {loaded.peak_mb:,.0f} MB at most.",
            "",
            "Each detector over the whole day, in a process of its own; Polars has all threads and "
            "all memory, reads the same files, and must find as many alerts.",
            "",
            *table(COLUMNS, found),
            "",
            f"The {live['rows']:,} prints of the quarter of an hour before the close, asked by all "
            f"{len(found)} as a tick asks, median of {runs}: {live['seconds']:.3g} s, of which "
            f"{live['held']:.3g} s for what they share.",
            "",
            bar("a tick over a quarter of an hour takes", live["seconds"], 1, "s"),
            "",
            f"A first look of all detectors at that past and two hours of the day: "
            f"{ticks['first']:,.0f} s, {ticks['n_first']:,} alerts, {looks.peak_mb:,.0f} MB.",
            "",
            f"As the loop asks: every 5 s as many prints are appended ({ticks['rows']:,.0f}), and "
            f"what is due is asked of what is new, in the last {12 * runs} ticks before the close, "
            f"over that store: median {ticks['median']:.3g} s, the "
            f"longest {ticks['longest']:.3g} s.",
            "",
            bar("half of the ticks of 5 s take", ticks["median"], 1, "s"),
        ],
    )


def detectors() -> list[str]:
    """Return the live detectors of options."""
    from leadline.catalog import Catalog

    return [view.id for view in Catalog(ROOT).all_live() if view.id.startswith("options.")]


def opened(store: str, memory: str = MEMORY) -> Any:
    """Open the views over a store, with no more memory and threads than agreed."""
    from leadline.catalog import Catalog
    from leadline.config import Config
    from leadline.engine import Engine
    from leadline.store import Store
    from leadline.warehouse import Warehouse

    settings = Config(store=store, memory=memory, threads=THREADS).engine()
    catalog, engine = Catalog(ROOT), Engine(settings)
    return Warehouse(catalog, Store(store, catalog.contracts, engine), engine)


def ask(store: str, name: str) -> dict[str, Any]:
    """Ask one detector for the whole day."""
    return counted(opened(store), name, SINCE, UNTIL)


def counted(house: Any, view: str, since: datetime, until: datetime) -> dict[str, Any]:
    """Ask a view, and say how many rows it has, how long that took and how much of all threads."""
    started, before = time.perf_counter(), time.process_time()
    ((n,),) = house.ask(view, since, until).aggregate("count(*)").fetchall()
    seconds, cpu = time.perf_counter() - started, time.process_time() - before
    return {"n": n, "seconds": seconds, "cpu": cpu}


def live(store: str, runs: str) -> dict[str, Any]:
    """Ask every detector for the last quarter of an hour, as a tick does."""
    from leadline.held import Held

    house = opened(store)
    shared = Held(house)
    house.refresh()
    names, since = [house.stable(name) for name in detectors()], CLOSE - QUARTER
    far = [name for name in names if shared.is_far(name, since, CLOSE)]
    took: list[tuple[float, float]] = []
    for _ in range(int(runs) + 1):  # the first reads files for the first time
        started, held = time.perf_counter(), 0.0
        for group in ([name for name in names if name not in far], far):  # apart, as the loop does
            begun = time.perf_counter()
            with shared.over(dict.fromkeys(group, since), CLOSE):
                held += time.perf_counter() - begun
                for name in group:
                    house.ask(name, since, CLOSE).to_arrow_table()
        took.append((time.perf_counter() - started, held))
    rows = house.ask("curated.option_trades", CLOSE - QUARTER, CLOSE)
    ((n,),) = rows.aggregate("count(*)").fetchall()
    warm = took[1:]
    return {
        "rows": n,
        "seconds": median(seconds for seconds, _ in warm),
        "held": median(seconds for _, seconds in warm),
    }


def ticks(store: str, other: str, runs: str) -> dict[str, Any]:
    """Append five seconds of prints to another store, and ask what is due, as the loop does."""
    import duckdb

    from leadline.alerts import Alerts
    from leadline.publication import Publication
    from leadline.store import Store

    house = opened(other)
    live = Store(other, house.catalog.contracts, house.engine)
    names = ", ".join((*house.catalog.contracts["option_trades"].names, "known_at"))
    day = duckdb.connect()
    day.execute("set timezone = 'UTC'")
    day.execute(
        f"create table prints as select {names} from read_parquet("
        f"'{store}/option_trades/known_date=*/*.parquet', hive_partitioning = false) "
        f"where known_at >= timestamptz '{CLOSE - BEFORE}' order by known_at, contract, sequence"
    )

    def append(since: datetime, until: datetime) -> None:
        within = f"known_at >= timestamptz '{since}' and known_at < timestamptz '{until}'"
        rows = day.sql(f"from prints where {within} order by known_at").to_arrow_table()
        own = [("option_trades", rows)]
        feed = "massive_option_trades"
        live.load(Publication(feed, str(since), ("option_trades",), own, feed))

    step, n = timedelta(seconds=5), int(runs)
    first = CLOSE - n * step
    append(CLOSE - BEFORE, first)
    alerts = Alerts(house, live)
    started = time.perf_counter()
    tick = alerts.tick()
    assert not tick.broken
    looked, n_first = time.perf_counter() - started, len(tick.alerts)
    took: list[float] = []
    for number in range(n):
        append(first + number * step, first + (number + 1) * step)
        started = time.perf_counter()
        tick = alerts.tick()
        took.append(time.perf_counter() - started)
        assert not tick.broken
    ((rows,),) = day.execute(
        f"select count(*) from prints where known_at >= timestamptz '{first}'"
    ).fetchall()
    return {
        "rows": rows / n, "median": median(took), "longest": max(took),
        "first": looked, "n_first": n_first,
    }  # fmt: skip


if __name__ == "__main__":
    work: dict[str, Callable[..., dict[str, Any]]] = {
        "ask": ask,
        "live": live,
        "ticks": ticks,
    }
    print(json.dumps(work[sys.argv[1]](*sys.argv[2:])))
