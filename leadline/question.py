"""Foreign SQL: one SELECT, in a DuckDB instance of its own that is locked before the first one."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from typing import Any

import duckdb
import pyarrow as pa

from leadline.catalog import ALL_LIVE, OPS, sentence
from leadline.errors import LateError, LeadlineError, QueryError, first_line, inner, nearest
from leadline.header import tokens
from leadline.names import WHERE, Name, is_full, names_of
from leadline.ordered import in_total_order, keeps_order
from leadline.quote import named, quoted
from leadline.warehouse import Warehouse

BATCH = 122_880  # rows; DuckDB's own unit
_BROKEN = (duckdb.Error, pa.ArrowException, OSError)  # Arrow tells DuckDB's interrupt as the last
_DESCRIBING = ("information_schema", "pg_catalog")
# What is said of a view holds the paths of its files.
_PLACES = re.compile(r"duckdb_views|information_schema\.views|pg_catalog\..*")
_LISTING = re.compile(r"information_schema|pg_catalog|duckdb_(columns|views)", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """What one SELECT asks, for whoever answers it elsewhere: its views cut to the span."""

    names: list[str]
    text: str
    binds: Mapping[str, Any] | None
    schema: pa.Schema


@dataclass(frozen=True)
class _Posed:
    """One SELECT cut to its span, and the cursor that is open for it; views are among names.

    text shares steps; plain has none, and so its lines are those that were asked.
    """

    names: list[str]
    views: list[str]
    cursor: duckdb.DuckDBPyConnection
    text: str
    plain: str
    values: Mapping[str, Any] | None

    def ordered(self, text: str) -> str:
        """Return one of its texts in a total order."""
        return in_total_order(text, lambda: _width(self.cursor, text, self.values))


class Questions:
    """Answers SQL that others wrote over the views of a warehouse that serves nothing else.

    Threads may ask at once; each answer is read by the one that asked for it. Who asks from
    elsewhere need not see where files lie.
    """

    def __init__(
        self, warehouse: Warehouse, *, limit_s: float | None = None, shows_paths: bool = True
    ) -> None:
        self.warehouse = warehouse
        self._limit_s, self._shows_paths = limit_s, shows_paths
        store = quoted(str(warehouse.store.place))
        warehouse.con.execute(f"set allowed_directories = [{store}]")
        warehouse.con.execute("set enable_external_access = false")
        warehouse.con.execute("set lock_configuration = true")

    def answer(
        self,
        sql: str,
        since: datetime,
        until: datetime,
        binds: Mapping[str, Any] | None = None,
        recorded_until: datetime | None = None,
        is_ordered: bool = False,
        limit_s: float | None = None,
        batch: int = BATCH,
        measured: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> pa.RecordBatchReader:
        """Return the rows of one SELECT, as they come, or ordered by all of their columns.

        Every view that it names stands for its own question over the span: events are opened at
        the largest need, and the view's rows are cut to the span. `binds` fill `$name`.
        recorded_until is what the store may know, else all that it does; limit_s stops this one
        sooner or later; batch is how many rows come at once; `measured` is told DuckDB's profile
        once all of them are read.
        """
        if _LISTING.search(sql):
            self.warehouse.complete()
        limit_s = limit_s or self._limit_s
        posed = self._posed(sql, since, until, binds, recorded_until)
        cursor, text = posed.cursor, posed.text
        if measured:
            cursor.enable_profiling()
        timer = Timer(limit_s or 0, cursor.interrupt)
        timer.daemon = True
        if limit_s:
            timer.start()
        try:
            if is_ordered and not keeps_order(sql, self._text):
                text = posed.ordered(text)
            reader = cursor.sql(text, params=posed.values).to_arrow_reader(batch)
        except duckdb.Error as error:
            timer.cancel()
            if limit_s and _is_late(error):
                raise stopped(limit_s) from error
            more = ", or with more --memory" if self._shows_paths else ""
            raise self._refused(posed, error, more) from error
        except UnicodeDecodeError as error:
            timer.cancel()
            raise _unquotable() from error

        def ended() -> None:
            if measured:
                measured(json.loads(cursor.get_profiling_information(format="json")))

        return pa.RecordBatchReader.from_batches(
            reader.schema, self._batches(reader, timer, limit_s, ended)
        )

    def read(
        self,
        sql: str,
        since: datetime,
        until: datetime,
        binds: Mapping[str, Any] | None = None,
        recorded_until: datetime | None = None,
        is_ordered: bool = False,
    ) -> Read:
        """Return what one SELECT names and which columns it has, and answer it not."""
        posed = self._posed(sql, since, until, binds, recorded_until)
        text = posed.plain
        try:
            if is_ordered:
                text = posed.ordered(text)
            asked = posed.cursor.sql(text, params=posed.values)
            schema = asked.limit(0).to_arrow_table().schema
        except duckdb.Error as error:
            raise self._refused(posed, error) from error
        return Read(posed.names, text, posed.values, schema)

    def _posed(
        self,
        sql: str,
        since: datetime,
        until: datetime,
        binds: Mapping[str, Any] | None,
        recorded_until: datetime | None,
    ) -> _Posed:
        """Open a cursor for one SELECT over known views, and cut these to the span."""
        found = names_of(sql)
        self._known(found)
        names = sorted({name.view for name in found if not name.is_column})
        views = sorted(set(names) & set(self._views()))
        cursor = self.warehouse.cursor(views, since, until, recorded_until)
        plain, steps = self._cut(sql, found, since), self._steps(found)
        text = _after(steps, self._cut(sql, found, since, is_stepped=True)) if steps else plain
        return _Posed(names, views, cursor, text, plain, dict(binds or {}) or None)

    def _steps(self, found: list[Name]) -> str:
        """Return what the views that a question names share, and themselves."""
        known = set(self._views())
        views = (name.view for name in found if not name.is_column and name.view in known)
        return self.warehouse.steps.before(views)

    def _refused(self, posed: _Posed, error: duckdb.Error, more: str = "") -> LeadlineError:
        """Return what DuckDB's error means to who asked."""
        if told := inner(error):
            return told
        columns = {each for view in posed.views for each in self.warehouse.columns(view)}
        return QueryError(_told(posed.cursor, posed.plain, posed.values, error, columns, more))

    def _batches(
        self,
        reader: pa.RecordBatchReader,
        timer: Timer,
        limit_s: float | None,
        ended: Callable[[], None],
    ) -> Iterator[pa.RecordBatch]:
        try:
            yield from reader
            ended()
        except _BROKEN as error:
            if limit_s and _is_late(error):
                raise stopped(limit_s) from error
            if told := inner(error):
                raise told from error
            raise
        except UnicodeDecodeError as error:
            raise _unquotable() from error
        finally:
            timer.cancel()

    def _text(self, name: str) -> str | None:
        catalog = self.warehouse.catalog
        if name not in self._views() or name.startswith("raw."):
            return None
        return catalog.find(name).text if name not in (*OPS, ALL_LIVE) else None

    def _views(self) -> list[str]:
        return self.warehouse.names()

    def _known(self, found: list[Name]) -> None:
        """Raise a QueryError for a name that is no view: it may be a file of the store."""
        known = self._views()
        short = {name.partition(".")[2]: name for name in known}
        for name in found:
            if name.is_column or name.view in known:
                continue
            if not self._shows_paths and _PLACES.fullmatch(name.view):
                raise QueryError(
                    f"query:{name.line}: {name.view} tells where files lie; "
                    f"ask information_schema.columns or ops.views"
                )
            if name.is_call:
                continue
            if name.view.partition(".")[0] not in _DESCRIBING:
                near = nearest(short.get(name.view, name.view), known)
                raise QueryError(f"query:{name.line}: there is no view '{name.view}'{near}")

    def _cut(
        self, sql: str, found: list[Name], since: datetime, *, is_stepped: bool = False
    ) -> str:
        """Put each view's cut in its place, from the last to the first; all else stays as it is."""
        for name in sorted(found, key=lambda each: -each.start):
            if name.view not in self._views():
                continue
            is_step = is_stepped and name.view in self.warehouse.steps
            source = named(name.view) if is_step else name.view
            cut = self.warehouse.cut(name.view, since, source)
            own = named(name.view.partition(".")[2])
            if cut != name.view:
                put = own if name.is_column else cut + ("" if name.has_alias else f" as {own}")
                sql = sql[: name.start] + put + sql[name.end :]
        return sql


def _after(steps: str, sql: str) -> str:
    """Return a SELECT that reads steps; what it has of its own comes after them."""
    words = tokens(WHERE, sql)
    begins = [word.end + 1 for word in words[:2] if word.text.lower() in ("with", "recursive")]
    if words[0].text.lower() != "with":
        return f"with {steps} {sql}"
    return f"{sql[: begins[-1]]} {steps}, {sql[begins[-1] :]}"


def _unquotable() -> QueryError:
    """Return what is said where DuckDB quotes what is no JSON, and cuts it within a letter."""
    return QueryError(
        "query: a text in it is cast to JSON and is none; keep those json_valid() takes"
    )


def stopped(limit_s: float) -> LateError:
    """Return what is said of a question that took too long."""
    return LateError(f"query: stopped after {limit_s:g} s; ask for less")


def _is_late(error: Exception) -> bool:
    return "interrupt" in str(error).lower()


def whole(rows: pa.RecordBatchReader) -> pa.Table:
    """Return all rows of an answer; what breaks them off is a QueryError."""
    try:
        return rows.read_all()
    except _BROKEN as error:
        raise QueryError(f"query: {first_line(error)}; ask again") from error


def _width(cursor: duckdb.DuckDBPyConnection, text: str, values: Any) -> int:
    """Return how many columns a SELECT answers with."""
    return len(cursor.execute(f"describe {text}", values).fetchall())


def _told(
    cursor: duckdb.DuckDBPyConnection,
    text: str,
    values: Any,
    error: duckdb.Error,
    columns: Iterable[str],
    more: str,
) -> str:
    """Return what DuckDB says; only execute() names the line, counted from the first word."""
    if is_full(error):
        return f"query: {first_line(error)}; ask for less{more}"
    first = tokens(WHERE, text)[0].start
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        try:
            cursor.execute(text[first:], values)
        except duckdb.Error as again:
            error = again
    return sentence(WHERE, error, text.count("\n", 0, first), columns)
