"""A DuckDB of no rows that says how DuckDB reads SQL: one a process, for a start takes long."""

from functools import cache

import duckdb


def scratch() -> duckdb.DuckDBPyConnection:
    """Return a connection of the caller's own, in UTC; its temporary tables go with it."""
    con = _engine().cursor()
    con.execute("set timezone = 'UTC'")  # a setting of the connection, and no cursor inherits it
    return con


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()
