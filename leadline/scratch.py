"""A DuckDB of no rows that says how DuckDB reads SQL: one a process, for a start takes long."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

import duckdb

_numbers = count()


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection over an empty database of its own, in UTC; what is made there goes."""
    name = f"scratch_{next(_numbers)}"
    with _engine().cursor() as con:
        con.execute(f"attach ':memory:' as {name}; use {name}; set timezone = 'UTC'")
        try:
            yield con
        finally:
            con.execute(f"use memory; detach {name}")


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()
