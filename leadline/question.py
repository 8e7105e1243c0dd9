"""Foreign SQL: one SELECT, in a DuckDB instance of its own that is locked before the first one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pyarrow as pa

from leadline.catalog import sentence
from leadline.errors import QueryError, nearest
from leadline.header import tokens
from leadline.names import Name, names, replaced
from leadline.quote import quoted
from leadline.warehouse import Warehouse

BATCH = 122_880  # rows; DuckDB's own unit
_WHERE = Path("query")
# Others read files, or name views where no cut can reach them.
_FUNCTIONS = re.compile(
    r"range|generate_series|unnest|repeat|json_each|json_tree|duckdb_(columns|views|functions|types)"
)
_DESCRIBING = ("information_schema", "pg_catalog")
_LISTING = re.compile(r"information_schema|pg_catalog|duckdb_(columns|views)", re.IGNORECASE)


class Questions:
    """Answers SQL that others wrote over the views of a warehouse that serves nothing else.

    Threads may ask at once; each answer is read by the one that asked for it.
    """

    def __init__(self, warehouse: Warehouse, *, limit_s: float | None = None) -> None:
        self.warehouse = warehouse
        self._limit_s = limit_s
        store = quoted(str(warehouse.store.place.absolute()))
        warehouse.con.execute(f"set allowed_directories = [{store}]")
        warehouse.con.execute("set enable_external_access = false")
        warehouse.con.execute("set lock_configuration = true")

    def answer(
        self,
        sql: str,
        since: datetime,
        until: datetime,
        binds: Mapping[str, Any] | None = None,
    ) -> pa.RecordBatchReader:
        """Return the rows of one SELECT, as they come.

        Every view that it names stands for its own question over the span: events are opened at
        the largest need, and the view's rows are cut to the span. `binds` fill `$name`.
        """
        found = _names(sql)
        self._known(found)
        if _LISTING.search(sql):
            self.warehouse.complete()
        views = sorted({name.view for name in found if not name.is_column} & set(self._views()))
        cursor = self.warehouse.cursor(views, since, until)
        text, values = self._cut(sql, found, since), dict(binds or {}) or None
        timer = Timer(self._limit_s or 0, cursor.interrupt)
        if self._limit_s:
            timer.start()
        try:
            reader = cursor.sql(text, params=values).to_arrow_reader(BATCH)
        except duckdb.Error as error:
            timer.cancel()
            if self._is_late(error):
                raise self._stopped() from error
            columns = {each for view in views for each in self.warehouse.columns(view)}
            raise QueryError(_told(cursor, text, values, error, columns)) from error
        return pa.RecordBatchReader.from_batches(reader.schema, self._batches(reader, timer))

    def _batches(self, reader: pa.RecordBatchReader, timer: Timer) -> Iterator[pa.RecordBatch]:
        try:
            yield from reader
        except (duckdb.Error, pa.ArrowException) as error:
            if self._is_late(error):
                raise self._stopped() from error
            raise
        finally:
            timer.cancel()

    def _is_late(self, error: Exception) -> bool:
        return bool(self._limit_s) and "interrupt" in str(error).lower()

    def _stopped(self) -> QueryError:
        return QueryError(f"query: stopped after {self._limit_s:g} s; ask for less")

    def _views(self) -> list[str]:
        return self.warehouse.names()

    def _known(self, found: Sequence[Name]) -> None:
        """Raise a QueryError for a name that is no view: it may be a file of the store."""
        known = self._views()
        short = {name.partition(".")[2]: name for name in known}
        for name in found:
            if name.is_column or name.view in known:
                continue
            if name.view.partition(".")[0] not in _DESCRIBING:
                near = nearest(short.get(name.view, name.view), known)
                raise QueryError(f"query:{name.line}: there is no view '{name.view}'{near}")

    def _cut(self, sql: str, found: Sequence[Name], since: datetime) -> str:
        """Put each view's cut in its place."""
        known = self._views()
        return replaced(
            sql, found, lambda view: self.warehouse.cut(view, since) if view in known else view
        )


def tables_of(sql: str) -> list[str]:
    """Return the views that one SELECT names; anything else than one SELECT is a QueryError."""
    return sorted({name.view for name in _names(sql) if not name.is_column})


def _names(sql: str) -> Sequence[Name]:
    """Find every name of a view; a function that could read a file is a QueryError."""
    found = names(_WHERE, sql)
    for function, line in found.functions:
        if not _FUNCTIONS.fullmatch(function):
            raise QueryError(
                f"query:{line}: {function}() reads no view; a question reads views only"
            )
    return found.views


def _told(
    cursor: duckdb.DuckDBPyConnection,
    text: str,
    values: Any,
    error: duckdb.Error,
    columns: Iterable[str],
) -> str:
    """Return what DuckDB says; only execute() names the line, counted from the first word."""
    first = tokens(_WHERE, text)[0].start
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        try:
            cursor.execute(text[first:], values)
        except duckdb.Error as again:
            error = again
    return sentence(_WHERE, error, text.count("\n", 0, first), columns)
