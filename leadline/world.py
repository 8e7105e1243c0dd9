"""The store as it might have been: rows from a moment on are not there, or all were known later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

import duckdb

from leadline import raw
from leadline.clock import FOREVER, Span
from leadline.quote import literal, named
from leadline.schema import answered
from leadline.warehouse import Warehouse

_ENDS_AT = "ends_at"  # a question sets it on its own cursor
_numbers = count(1)


class World(Warehouse):
    """The views of a warehouse over other rows than the store's; nothing in the store changes.

    later: by how much each row became known later. ends_at: rows that became known from then on,
    by this world's own clock, are absent, whatever span a question has. It is interrupted and
    closed with the warehouse that it is like, if not before.
    """

    def __init__(
        self, like: Warehouse, later: timedelta = timedelta(), ends_at: datetime = FOREVER
    ) -> None:
        super().__init__(like.catalog, like.store, like.engine, like._params, like.pins)
        # What was kept of a day was computed from all of it.
        self.kept.clear()
        self.later, self.ends_at = later, ends_at
        self._beside, self._number = like._others, f"world {next(_numbers)}"
        self._beside[self._number] = self

    def close(self) -> None:
        """Give back what it holds."""
        self._beside.pop(self._number, None)
        super().close()

    def _make_raw(self, name: str, files: Sequence[str]) -> None:
        super()._make_raw(name, files)
        ends_at = f"coalesce(getvariable('{_ENDS_AT}'), {literal(FOREVER)})"
        rows = raw.Rows(self.later, ends_at)
        self.con.execute(raw.view(self.catalog.contracts[name], files, rows=rows))

    def cursor(
        self,
        name: str | list[str] | None,
        since: datetime,
        until: datetime,
        recorded_until: datetime | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Return a cursor for a question over these views, in this world."""
        cursor = super().cursor(name, since, until, recorded_until)
        cursor.execute(f"set variable {_ENDS_AT} = {literal(self.ends_at)}")
        return cursor

    def lay(self, name: str, span: Span, recorded_until: datetime, table: str) -> str:
        """Compute a view's rows of a span into a table; return the name others know it by."""
        own = f"engine.{named(table)}"
        with self.cursor(name, span.since, span.until, recorded_until) as cursor:
            cursor.execute(f"create or replace table {own} as from {self.cut(name, span.since)}")
        return f"{self._database}.{own}"

    def settle(self, name: str, span: Span, recorded_until: datetime) -> str:
        """Lay a view out and answer it from there from now on; return where its rows lie.

        Only views that are asked about the same span, and from no earlier on, may read it then.
        """
        table = self.lay(name, span, recorded_until, f"{name} held")
        self.con.execute(answered(name, table))
        self._laid.add(name)
        return table

    def drop(self, table: str) -> None:
        """Give back the rows of a view that nobody reads any more."""
        self.con.execute(f"drop table if exists {table}")
