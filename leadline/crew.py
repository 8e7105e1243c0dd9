"""Processes that store kept days side by side, each with a share of the memory and the threads."""

import multiprocessing
import signal
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from leadline import homes, kept_day
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.errors import LeadlineError, StoreError
from leadline.kept_day import Made
from leadline.store import Store
from leadline.warehouse import Warehouse

Task = tuple[str, date]
_SPAWN = multiprocessing.get_context("spawn")  # Delta's runtime does not survive a fork
_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}
_houses: list[Warehouse] = []  # of a worker, which has one


@dataclass(frozen=True)
class Crew:
    """How many work at once, and what each of them opens."""

    n: int
    root: Path
    place: Mapping[str, Any]  # of the store, as a place tells it
    settings: Mapping[str, str]  # of each one's DuckDB
    params: Mapping[str, Mapping[str, Any]]

    def store(self, tasks: Iterable[Task]) -> Iterator[Made | None]:
        """Store days of views, in any order; None is a day on which somebody loads.

        Stopped halfway it ends its processes: a day is stored whole or not at all.
        """
        before = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(self.n, _SPAWN, _open, (self,))
        todo = iter(tasks)
        running: set[Future[Made | str | None]] = set()
        try:
            while True:
                for view, day in islice(todo, 2 * self.n - len(running)):
                    running.add(pool.submit(_store, view, day))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    made = each.result()
                    if isinstance(made, str):
                        raise StoreError(made)
                    yield made
        except BrokenProcessPool as error:
            raise StoreError(
                f"{self.place['store']}: a worker ended in mid-day, perhaps for want of memory; "
                f"run this again with fewer --workers"
            ) from error
        finally:
            pool.shutdown(wait=not running, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - before if running else ():
                child.terminate()
                child.join()


def share(engine: Engine, n: int) -> dict[str, str]:
    """Return the settings of one of so many that share what an engine may use."""
    with engine.connect() as con:
        rows = con.execute(
            "select name, value from duckdb_settings() where name in ('memory_limit', 'threads')"
        ).fetchall()
    said = dict(rows)
    size, unit = said["memory_limit"].split()
    memory = int(float(size) * _UNITS[unit] / n)
    threads = max(1, int(said["threads"]) // n)
    return {**engine.settings, "memory_limit": f"{memory}B", "threads": str(threads)}


def _open(crew: Crew) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    catalog, engine = Catalog(crew.root), Engine(crew.settings)
    store = Store(homes.told(crew.place), catalog.contracts, engine)
    house = Warehouse(catalog, store, engine, crew.params)
    house.refresh()  # a day's file is named by what is known of the store
    _houses.append(house)


def _store(view: str, day: date) -> Made | str | None:
    """Store one day; what is wrong with it is returned as its sentence."""
    (house,) = _houses
    try:
        return kept_day.store(house, view, day)
    except LeadlineError as error:
        return str(error)
