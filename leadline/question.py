"""Foreign SQL: one SELECT, in a DuckDB instance of its own that is locked before the first one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from leadline.catalog import sentence
from leadline.clock import BEGINNING
from leadline.errors import QueryError
from leadline.quote import quoted
from leadline.warehouse import Warehouse

BATCH = 122_880  # rows; DuckDB's own unit
_WHERE = Path("query")


class Questions:
    """Answers SQL that others wrote over the views of a warehouse that serves nothing else."""

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
        warehouse = self.warehouse
        tables = tables_of(sql)
        warehouse.refresh()
        known = [(name, table) for name, table in tables if name in warehouse.names()]
        names = sorted({name for name, _ in known})
        for name in names:
            warehouse.need_sessions(name)
        cursor = warehouse.cursor(names, since, until)
        text = self._cut(sql, known, since)
        timer = Timer(self._limit_s or 0, cursor.interrupt)
        if self._limit_s:
            timer.start()
        try:
            relation = cursor.sql(text, params=dict(binds or {}) or None)
            reader = relation.to_arrow_reader(BATCH)
        except duckdb.Error as error:
            timer.cancel()
            raise QueryError(self._sentence(sql, error)) from error
        return pa.RecordBatchReader.from_batches(reader.schema, self._batches(reader, timer))

    def _batches(self, reader: pa.RecordBatchReader, timer: Timer) -> Iterator[pa.RecordBatch]:
        try:
            yield from reader
        except (duckdb.Error, pa.ArrowException) as error:
            if "interrupt" in str(error).lower() and self._limit_s:
                raise QueryError(
                    f"query: stopped after {self._limit_s:g} s; ask for less"
                ) from error
            raise
        finally:
            timer.cancel()

    def _cut(self, sql: str, tables: list[tuple[str, exp.Table]], since: datetime) -> str:
        """Put each view's cut in its place, from the last to the first; all else stays as it is."""
        if since <= BEGINNING:
            return sql
        for name, table in sorted(tables, key=lambda pair: -_start(pair[1])):
            cut = self.warehouse.cut(name, since)
            if cut != name:
                alias = "" if table.alias else f" as {name.partition('.')[2]}"
                sql = sql[: _start(table)] + cut + alias + sql[_end(table) :]
        return sql

    def _sentence(self, sql: str, error: duckdb.Error) -> str:
        if isinstance(error, duckdb.InterruptException):
            return f"query: stopped after {self._limit_s:g} s; ask for less"
        return sentence(_WHERE, sql, error)


def tables_of(sql: str) -> list[tuple[str, exp.Table]]:
    """Return the views that one SELECT names; anything else than one SELECT is a QueryError."""
    try:
        parsed = [each for each in sqlglot.parse(sql, read="duckdb") if each is not None]
    except SqlglotError as error:
        what = str(error).splitlines()[0].split(". Line", 1)[0]
        line = getattr(error, "errors", [{}])[0].get("line", 1) if hasattr(error, "errors") else 1
        raise QueryError(f"query:{line}: {what}") from error
    if len(parsed) != 1:
        raise QueryError(f"query: it holds {len(parsed)} statements; ask with one SELECT")
    root = parsed[0]
    if not isinstance(root, exp.Query) or any(
        isinstance(node, exp.DML | exp.DDL | exp.Command | exp.Copy)
        and not isinstance(node, exp.Query)
        for node in root.walk()
    ):
        raise QueryError("query: it is no SELECT; a question reads and changes nothing")
    with duckdb.connect() as con:
        try:
            said = con.extract_statements(sql)
        except duckdb.Error as error:
            raise QueryError(sentence(_WHERE, sql, error)) from error
    if len(said) != 1 or said[0].type != duckdb.StatementType.SELECT:
        raise QueryError("query: it is no single SELECT; a question reads and changes nothing")
    return [
        (f"{table.db}.{table.name}".lower(), table)
        for table in root.find_all(exp.Table)
        if table.db and not table.catalog
    ]


def _start(table: exp.Table) -> int:
    return int(table.args["db"].meta["start"])


def _end(table: exp.Table) -> int:
    return int(table.this.meta["end"]) + 1
