"""Opens a store that was listened to for a day and for a week, a load each two seconds.

Its lines are made from one real load's; rows there are of that load alone.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks.figures import ROOT, Section, median, python, table
from leadline import clock, contract
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.publication import Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

LINES = (1_000, 43_200, 302_400)
LOADS = 9


def measure(rows: int | None = None) -> Section:
    """Time a store of as many lines as a short run, a day and a week bring; rows instead of it."""
    sizes = (rows,) if rows else LINES
    found = []
    for n in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            fill(Path(folder) / "store", n)
            done = python("benchmarks.ledger", folder)
            found.append((n, *map(float, done.stdout.split()), round(done.peak_mb)))
    heads = ("lines", "reading them, ms", "one load more, ms", "what is asked first, ms", "peak MB")
    return Section(
        "A long ledger",
        [
            f"A line is a load; a fresh process each, one load more is the median of {LOADS}.",
            "",
            *table(heads, found),
        ],
    )


def fill(place: Path, n: int) -> None:
    """Make a store of one load, and write its line so many times under other names."""
    with closing(Engine({})) as engine, closing(opened(place, engine)) as store:
        load(store, 0)
        ledger = store.tables["loads"]
        (path,) = ledger.paths()
        sql = (
            f"select {', '.join(ledger.contract.stored)} from (select * replace ("
            f"md5('load' || n) as load_id, 'file ' || n as coverage, "
            f"recorded_at + (n + 1) * interval 2 seconds as recorded_at) "
            f"from read_parquet('{path}'), range({n}) as many (n))"
        )
        ledger.append(ledger.write(store.con, sql), "many")


def opened(place: Path, engine: Engine) -> Store:
    return Store(str(place), contract.read_all(ROOT / "sql" / "tables"), engine)


def load(store: Store, number: int) -> None:
    """Load one security, with a name of its own as each flush has."""
    since, cusip = clock.BEGINNING, f"{number:09d}"
    row = {"cusip": cusip, "ticker": "X", "valid_from": since.date(), "known_at": since}
    rows = [("securities", [row])]
    store.load(Publication("bench", f"new {number}", ("securities",), rows, "bench"))


def timed(place: Path) -> tuple[float, float, float]:
    """Return what reading the lines, one load more and a first question took in this process."""
    import_module("pandas")  # pyarrow does so at its first moment, with one line or many
    with closing(Engine({})) as engine:
        with closing(opened(place, engine)) as store:
            read = ms(store.ledger.refresh)
            loads = [ms(partial(load, store, n + 1)) for n in range(LOADS)]
        with (
            closing(opened(place, engine)) as store,
            closing(Warehouse(Catalog(ROOT), store, engine)) as warehouse,
        ):
            return read, median(loads), ms(warehouse.refresh)


def ms(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1e3


if __name__ == "__main__":
    print(*timed(Path(sys.argv[1]) / "store"))
