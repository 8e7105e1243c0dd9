"""Chooses the rows that an example holds, and what tells of them: a file that travels is small."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from leadline import raw
from leadline.clock import BEGINNING, Span
from leadline.contract import Contract
from leadline.errors import QueryError, first_line, nearest
from leadline.kept import Kept
from leadline.quote import literal, named, quoted
from leadline.reach import reaches
from leadline.store import Snapshot
from leadline.warehouse import Warehouse

_MOST = 100_000  # rows of one dataset; of more it holds the dense ones
_MOST_PARTIAL = 20_000  # rows of partial aggregates that stand for rows before the dense ones
_LEAD = timedelta(minutes=2)  # before the dense rows; it covers what looks seconds back
_SAYS = {
    "dataset": "the dataset, or the view whose partial aggregates stand for rows before them",
    "since": "from when rows are in this file",
    "until": "the moment before which they end",
    "answers_since": "from when views that read them answer, where the span begins earlier",
    "is_whole": "false: what its views need before that was too much to be in this file",
    "condition": "only rows that meet it are in this file; null is all",
}


@dataclass(frozen=True)
class Example:
    """What an example shall hold.

    only are conditions on the rows of datasets; of a dataset that still has too many rows it holds
    those since dense_since, else since the span's begin.
    """

    dense_since: datetime | None = None
    only: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """Which rows of an event are held, and from when views over them answer."""

    opened: datetime
    answers_since: datetime
    is_whole: bool


@dataclass(frozen=True)
class Partial:
    """Partial aggregates of the time before a moment, which stand for the rows of that time."""

    kept: Kept
    since: datetime
    until: datetime
    rows: pa.Table

    @property
    def table(self) -> str:
        """Where they lie in the file."""
        return f"engine.{named(f'{self.kept.view} before')}"

    def chain(self, inner: Mapping[str, str]) -> Iterator[str]:
        """Yield what computes the view from the moment on; inner are views that no span cuts.

        Rows that look back before the moment find nothing there: it would be counted twice.
        """
        for name, sql in self.kept.computed(f"known_at >= {literal(self.until)}", inner):
            yield f"create view {name} as {sql}"

    def answer(self, until: str) -> str:
        """Return the view as it is read by others: partial rows add up, so none counts twice."""
        own = self.kept.own(self.kept.view)
        return f"select * from {self.table} where known_at < {until} union all select * from {own}"


class Holding:
    """The rows that an example of a span holds."""

    def __init__(self, warehouse: Warehouse, example: Example, span: Span) -> None:
        self.span, self.only = span, example.only
        self._warehouse = warehouse
        contracts = warehouse.catalog.contracts
        for name in self.only:
            if name not in contracts:
                raise QueryError(f"--only: there is no dataset '{name}'{nearest(name, contracts)}")
        self.dense_since = max(example.dense_since or span.since, span.since)
        self._cursor = warehouse.cursor(None, BEGINNING, span.until)
        reach = reaches(warehouse, span.since)
        self.rows: dict[str, Rows] = {}
        for name, contract in contracts.items():
            if contract.is_event and name != "rejected":
                read = reach.get(f"raw.{name}")
                self.rows[name] = self._affordable(name, read.opened if read else span.since)
        self.partials = {each.kept.view: each for each in self._partials()}

    def answers_since(self, datasets: list[str]) -> datetime:
        """Return from when a view over these datasets answers."""
        found = (self.rows[name].answers_since for name in datasets if name in self.rows)
        return max(found, default=self.span.since)

    def statement(self, contract: Contract, snapshot: Snapshot) -> str:
        """Return what puts a dataset's rows into the file."""
        columns = {
            name: named(name)
            for name in (*contract.stored, *([contract.partition] if contract.partition else []))
        }
        limits = [f"({self.only[contract.name]})"] if contract.name in self.only else []
        known = "known_at"
        if contract.is_ledger:
            # The wall clock of whoever builds it would make no two files equal.
            age = "row_number() over (order by recorded_at desc, load_id)"
            moment = f"{literal(self.span.until)} - to_microseconds({age})"
            columns |= {"recorded_at": moment, "started_at": moment, "duration_ms": "0"}
            known = "recorded_at"
        else:
            limits.append(f"known_at < {literal(self.span.until)}")
        if contract.is_event and contract.name in self.rows:
            limits.append(f"known_at >= {literal(self.rows[contract.name].opened)}")
        order = ", ".join((*contract.key, known, "load_id"))
        listed = ", ".join(f"{sql} as {named(name)}" for name, sql in columns.items())
        return (
            f"insert into contract.{contract.name} by name select {listed} "
            f"from {raw.source(contract, snapshot.files[contract.name])} as stored "
            f"where {' and '.join(limits) or 'true'} order by {order}"
        )

    def told(self) -> Iterator[str]:
        """Yield what makes ops.held."""
        until = self.span.until
        rows = [
            (name, each.opened, until, each.answers_since, each.is_whole, self.only.get(name))
            for name, each in self.rows.items()
        ]
        rows += [
            (name, BEGINNING, until, self.span.since, True, condition)
            for name, condition in self.only.items()
            if name not in self.rows
        ]
        rows += [
            (name, each.since, each.until, each.until, True, None)
            for name, each in self.partials.items()
        ]
        yield (
            "create table ops.held (dataset text, since timestamptz, until timestamptz, "
            "answers_since timestamptz, is_whole boolean, condition text)"
        )
        if rows:
            values = ", ".join(f"({', '.join(map(literal, row))})" for row in sorted(rows))
            yield f"insert into ops.held values {values}"
        yield "comment on table ops.held is 'Which rows this file holds.'"
        for name, text in _SAYS.items():
            yield f"comment on column ops.held.{name} is {quoted(text)}"

    def _affordable(self, name: str, opened: datetime) -> Rows:
        condition = self.only.get(name, "true")
        try:
            ((n_rows,),) = self._cursor.sql(
                f"select count(*) from raw.{name} "
                f"where known_at >= {literal(opened)} and ({condition})"
            ).fetchall()
        except duckdb.Error as error:
            raise QueryError(f"--only {name}={condition}: {first_line(error)}") from error
        if n_rows <= _MOST:
            return Rows(opened, self.span.since, True)
        return Rows(max(opened, self.dense_since - _LEAD), self.dense_since, False)

    def _partials(self) -> Iterator[Partial]:
        warehouse, until = self._warehouse, self.dense_since
        reach = reaches(warehouse, until)
        for name, kept in warehouse.kept.items():
            if name not in reach or all(self.rows[each].is_whole for each in kept.events):
                continue
            since = reach[name].opened
            if since < until - _LEAD:
                found = warehouse.ask(name, since, until)
                ((n_rows,),) = found.aggregate("count(*)").fetchall()
                if n_rows <= _MOST_PARTIAL:
                    rows = found.order("all").to_arrow_table()
                    yield Partial(kept, since, until, rows)
