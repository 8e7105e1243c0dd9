"""A DuckDB of ours: who works in it has a connection of his own, and all share what it may use."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import duckdb

from leadline.spill import Spill


class Engine:
    """One DuckDB, in UTC. Memory, threads and the folder to spill to are those of all in it.

    Settings hold for all of them too, and a locked one for good: who asks the questions of
    others has an engine for itself.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        # A copy that breaks off may wait for ever on its writers (duckdb/duckdb#23885).
        self.settings = {"async_threads": "0", **settings}
        self._folder = Spill()
        self.spill = Path(self._folder.name)
        self._con = duckdb.connect(config={**self.settings, "temp_directory": str(self.spill)})
        # A small filtered left side must not turn an as-of join into a nested loop.
        self._con.execute("set global asof_loop_join_threshold = 0; set global timezone = 'UTC'")
        # It takes two thirds of the planning of a union of twenty detectors.
        self._con.execute("set global disabled_optimizers = 'projection_pullup'")
        self._numbers = count(1)

    def close(self) -> None:
        """Give back memory and disk, once all who work in it have closed their connections."""
        self._con.close()
        self._folder.cleanup()

    def connect(self, database: str = "memory") -> duckdb.DuckDBPyConnection:
        """Return a connection to one of its databases; temporary tables are its own."""
        con = self._con.cursor()
        con.execute(f"use {database}")
        return con

    def attach(self) -> str:
        """Make an empty database; return its name."""
        name = f"leadline_{next(self._numbers)}"
        with self._con.cursor() as con:
            con.execute(f"attach ':memory:' as {name}")
        return name

    def detach(self, database: str) -> None:
        """Drop a database with all that is in it."""
        with self._con.cursor() as con:
            con.execute(f"detach {database}")

    @contextmanager
    def lend(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a connection to an empty database, which is dropped with all that was made in it."""
        database = self.attach()
        try:
            with self.connect(database) as con:
                yield con
        finally:
            self.detach(database)


def scratch() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Lend a connection of no project, to hear how DuckDB reads SQL."""
    return _reader().lend()


def reader() -> duckdb.DuckDBPyConnection:
    """Return a connection to nothing, to hear how DuckDB reads a text; nothing is made in it."""
    return _reader().connect()


@cache
def _reader() -> Engine:
    """One a process, for a start takes long."""
    return Engine({})
