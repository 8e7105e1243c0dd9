"""A publication on its way into the store: staged as files, then committed in a fixed order."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from io import RawIOBase
from typing import TYPE_CHECKING, Any, cast

import duckdb
import pyarrow as pa

from leadline import clock, sift
from leadline.aside import Aside
from leadline.contract import Contract
from leadline.delimited import Relation
from leadline.errors import FeedError, first_line
from leadline.ledger import Ledger, Place, load_id
from leadline.part import Part
from leadline.publication import Publication
from leadline.quote import named, quoted
from leadline.table import Table

if TYPE_CHECKING:
    from leadline.feed import Plain


class Staged:
    """The judged rows of one publication, in files that no log knows yet.

    `into` are the tables that the files are written to: the store's own, or others for a dry run.
    """

    def __init__(
        self,
        publication: Publication,
        place: Place,
        con: duckdb.DuckDBPyConnection,
        tables: Mapping[str, Table],
        into: Mapping[str, Table],
    ) -> None:
        self.publication, self.at = publication, place
        self.con, self.tables, self.into = con, tables, into
        self.content_hash = publication.content_hash or ""
        self.started_at = clock.now()
        self.parts: dict[str, list[Part]] = {}
        self.aside = Aside(con, publication.origin)
        self.n_gone = 0
        self._kept: dict[str, str] = {}  # dataset: the table of its judged rows
        self._digest = hashlib.sha256()
        self._tried: set[str] = set()  # a commit may have landed even if it was said to fail

    def __enter__(self) -> "Staged":
        self.aside.open()
        return self

    def __exit__(self, *_: object) -> None:
        for dataset in self.parts.keys() - self._tried:
            self._delete(self.parts[dataset], dataset)
        for name in self._kept.values():
            self.con.execute(f"drop table if exists {name}")

    @property
    def id(self) -> str:
        """The digest of what this load is; who dated its changes by hand is a part of it."""
        own = self.publication
        dated, known_from = self.dated
        said = f" {dated.isoformat()}" if known_from in ("last-modified", "known-at") else ""
        return load_id(own.feed, own.coverage, self.at.publication, self.content_hash + said)

    @property
    def is_known(self) -> bool:
        """Say whether the newest load in force brought the same content."""
        return bool(self.content_hash) and self.content_hash == self.at.newest_hash

    @property
    def n_rows(self) -> int:
        """How many rows it adds, tombstones left out."""
        kept = [parts for name, parts in self.parts.items() if name != "rejected"]
        return sum(part.rows for parts in kept for part in parts) - self.n_gone

    @cached_property
    def dated(self) -> tuple[datetime, str]:
        """When a changed publication became known, and who says so."""
        if not self.at.standing:
            return clock.BEGINNING, "loader"
        if self.publication.modified_at:
            return self.publication.modified_at, "last-modified"
        if self.publication.known_at:
            return self.publication.known_at, "known-at"
        return self.started_at, "loading"

    def stage(self, need_sessions: Callable[[], None]) -> None:
        """Judge every row and write files that the log does not know yet."""
        for dataset, rows in self.publication.batches:
            contract = self.tables[dataset].contract
            if contract.calendar or "sessions" in getattr(rows, "sql", ""):
                need_sessions()
            if isinstance(rows, Relation):
                self._digest.update(rows.file.digest.encode())
                self._stage_relation(contract, rows)
            elif len(rows := cast("Plain", rows)):
                self._keep_rows(contract, rows)
        if not self.content_hash:
            self.content_hash = self._digest.hexdigest()
        if self.is_known:
            return
        for dataset, kept in self._kept.items():
            self._stage_kept(self.tables[dataset].contract, kept)
        self.parts["rejected"] = self.aside.write(
            self.into["rejected"], self.publication.feed, self.id
        )

    def commit(self, ledger: Ledger) -> None:
        """Commit in the fixed order: rejected, children, parents, and the line that makes it so.

        What a load of this id committed before it was killed is left as it is.
        """
        order = ["rejected", *(name for name in self.publication.writes if name in self.parts)]
        datasets = []
        for dataset in order:
            table = self.tables[dataset]
            if table.holds(self.id):
                datasets.append(self._committed(dataset))
            elif self.parts[dataset]:
                table.create()
                self._tried.add(dataset)
                table.append(self.parts[dataset], self.id)
                datasets.append(_summary(dataset, self.parts[dataset]))
        tables = [self.tables[name] for name in order]
        line = {
            "load_id": self.id,
            "action": "load",
            "feed": self.publication.feed,
            "coverage": self.publication.coverage,
            "publication": self.at.publication,
            "content_hash": self.content_hash,
            "known_from": self.dated[1],
            "n_rows": self.n_rows,
            "n_gone": self.n_gone,
            "n_rejected": self.aside.n_rows,
            "n_conflicts": sum(table.conflicts for table in tables),
            "datasets": datasets,
            "origin": self.publication.origin,
            "started_at": self.started_at,
            "source": self.publication.feed,
            "is_gone": False,
        }
        for table in tables:
            table.conflicts = 0
        ledger.sign(line, self.at)

    def _stage_relation(self, contract: Contract, rows: Relation) -> None:
        sql = self._asked(rows, lambda: rows.open(self.con, "csv_rejects"))
        given = self._asked(rows, lambda: _types(self.con, sql))
        verdicts = sift.judged(contract, given, sql, self.publication.feed)
        is_first = contract.name not in (*self.parts, *self._kept)
        if not (is_first and not self.at.standing and self._stream(contract, rows, verdicts)):
            self._keep(contract, given, verdicts, lambda run: self._asked(rows, run))
        self.aside.take_unreadable(contract.name)

    def _stream(self, contract: Contract, rows: Relation, verdicts: str) -> bool:
        """Write a first publication's rows straight into files; say whether they may stay."""
        staged = sift.streamed(contract, verdicts, self.publication.feed, self.id)
        table = self.into[contract.name]
        try:
            parts = self._asked(rows, lambda: table.write(self.con, staged))
        except _BrokenContract:
            return False
        if parts and not self._is_unique(contract, self._listed(parts, contract.name)):
            self._delete(parts, contract.name)
            return False
        self.parts[contract.name] = parts
        return True

    def _asked(self, rows: Relation, run: Callable[[], Any]) -> Any:
        """Run a step over a file; what DuckDB says of its text becomes a FeedError."""
        try:
            return run()
        except duckdb.InvalidInputException as error:
            if sift.BROKEN in str(error):
                raise _BrokenContract from error
            raise FeedError(f"{rows.file.origin}: {first_line(error)[:200]}") from error
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
            raise FeedError(
                f"{rows.file.origin}: {first_line(error)[:200]}; mend the loader"
            ) from error

    def _keep_rows(self, contract: Contract, rows: "Plain") -> None:
        is_arrow = isinstance(rows, pa.Table | pa.RecordBatch)
        batch: pa.Table = _table(contract, rows)
        if is_arrow and not self.content_hash:
            _digest_arrow(self._digest, contract.name, batch)
        for row in batch.to_pylist() if not (is_arrow or self.content_hash) else ():
            said = {name: value for name, value in row.items() if value is not None}
            line = json.dumps([contract.name, said], sort_keys=True, default=str)
            self._digest.update(line.encode())
        self.con.register("given_rows", batch)
        try:
            given = _types(self.con, "from given_rows")
            verdicts = sift.judged(contract, given, "from given_rows", self.publication.feed)
            self._keep(contract, given, verdicts, lambda run: run())
        finally:
            self.con.unregister("given_rows")

    def _keep(
        self,
        contract: Contract,
        given: Mapping[str, str],
        verdicts: str,
        run: Callable[[Callable[[], Any]], Any],
    ) -> None:
        """Lay judged rows into a table; rows that break the contract also as JSON."""
        if contract.name in self.parts:
            self._take_back(contract)
        name = f"kept_{contract.name}"
        shaped = f"""
            select * exclude (_row, _miscast),
                case when _reason is not null then to_json(_row) end as _row from ({verdicts})
        """
        first = contract.name not in self._kept
        verb = f"create temporary table {name} as" if first else f"insert into {name} by name"
        if not first:
            offset = f"(select coalesce(max(_position), 0) from {name})"
            counted = ["_position"]
            if contract.is_event and "sequence" not in given:
                counted.append("sequence")
            moved = ", ".join(f"{column} + {offset} as {column}" for column in counted)
            shaped = f"select * replace ({moved}) from ({shaped})"
        run(lambda: self.con.execute(f"{verb} {shaped}"))
        self._kept[contract.name] = name

    def _take_back(self, contract: Contract) -> None:
        """Lay rows that were streamed into files into a table, so that later batches meet them."""
        name = f"kept_{contract.name}"
        columns = [named(column) for column in (*contract.names, "known_at")]
        order = "1"
        if contract.is_event:
            columns.append("sequence")
            order = "sequence"
        self.con.execute(f"""
            create temporary table {name} as
            select {", ".join(columns)},
                cast(row_number() over (order by {order}) as bigint) as _position,
                cast(null as text) as _reason, cast(null as json) as _row
            from {self._listed(self.parts[contract.name], contract.name)}
        """)
        self._kept[contract.name] = name
        self._delete(self.parts.pop(contract.name), contract.name)

    def _stage_kept(self, contract: Contract, kept: str) -> None:
        con, feed = self.con, self.publication.feed
        good = f"select * from {kept} where _reason is null"
        if not self._is_unique(contract, f"({good})"):
            once = sift.unrepeated(contract, f"from {kept}")
            con.execute(f"create or replace temporary table {kept} as {once}")
        self.aside.take(contract.name, kept)
        if self.at.standing:
            files = self._files_of_coverage(contract)
            loads = [line["load_id"] for line in self.at.standing]
            before = sift.standing(contract, files, loads)
            sql = sift.differences(contract, kept, before, self.dated[0], feed, self.id)
            con.execute(f"create or replace temporary table differing as {sql}")
            sql = "from differing"
            ((gone,),) = con.execute("select count(*) from differing where is_gone").fetchall()
            self.n_gone += gone
        else:
            sql = sift.stored(contract, good, feed, self.id)
        self.parts[contract.name] = self.into[contract.name].write(con, sql)

    def _files_of_coverage(self, contract: Contract) -> list[str]:
        """Return the files in which this coverage's standing rows can lie."""
        spans = [
            entry
            for line in self.at.standing
            for entry in line["datasets"]
            if entry["dataset"] == contract.name
        ]
        if not spans:
            return []
        column = contract.partition
        low = min(entry["since_date"] for entry in spans)
        high = max(entry["until_date"] for entry in spans)
        low = low.replace(day=1) if column == "known_month" else low
        table = self.tables[contract.name]
        return [
            table.path(file)
            for file in table.files()
            if column is None or low <= date.fromisoformat(file["partition"][column]) <= high
        ]

    def _is_unique(self, contract: Contract, rows: str) -> bool:
        """Say whether no key stands twice; two keys of one hash count as one, to be looked at."""
        key = ", ".join(map(named, contract.key))
        ((is_unique,),) = self.con.execute(
            f"select count(*) = count(distinct hash({key})) from {rows}"
        ).fetchall()
        return bool(is_unique)

    def _committed(self, dataset: str) -> dict[str, Any]:
        """Return the summary of rows that a killed load of this id has left in the log."""
        listed = ", ".join(map(quoted, self.tables[dataset].paths()))
        day = "cast(timezone('UTC', {}(known_at)) as date)"
        (found,) = self.con.execute(
            f"select count(*), {day.format('min')}, {day.format('max')}, "
            f"epoch_us(max(known_at)) "
            f"from read_parquet([{listed}], hive_partitioning = false) "
            f"where load_id = {quoted(self.id)}"
        ).fetchall()
        n_rows, since, until, newest = found
        at = None if newest is None else clock.BEGINNING + timedelta(microseconds=newest)
        return {
            "dataset": dataset, "n_rows": n_rows, "since_date": since, "until_date": until,
            "newest_at": at,
        }  # fmt: skip

    def _listed(self, parts: Sequence[Part], dataset: str) -> str:
        listed = ", ".join(quoted(self.into[dataset].written(part)) for part in parts)
        return f"read_parquet([{listed}], hive_partitioning = false)"

    def _delete(self, parts: Sequence[Part], dataset: str) -> None:
        for part in parts:
            self.into[dataset].drop(part)


class _BrokenContract(Exception):
    """A row breaks the contract, so the rows have to be parted."""


def _types(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    described = con.execute(f"describe {sql}").fetchall()
    return {name: kind for name, kind, *_ in described}


def _table(contract: Contract, rows: "Plain") -> pa.Table:
    if isinstance(rows, pa.RecordBatch):
        return pa.Table.from_batches([rows])
    return rows if isinstance(rows, pa.Table) else _arrow(contract, rows)


def _digest_arrow(digest: "hashlib._Hash", dataset: str, rows: pa.Table) -> None:
    """Add rows to a digest as Arrow writes them; a row at a time a million take half a minute."""
    digest.update(dataset.encode())
    plain = rows.replace_schema_metadata(None).combine_chunks()
    with pa.PythonFile(_Digested(digest)) as sink, pa.ipc.new_stream(sink, plain.schema) as stream:
        stream.write_table(plain)


class _Digested(RawIOBase):
    """A file that is only digested, so that nothing of it lies in memory twice."""

    def __init__(self, digest: "hashlib._Hash") -> None:
        self._digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._digest.update(data)
        return len(data)


def _arrow(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as Arrow; a value that is not of its column's type goes in as text."""
    columns: dict[str, Any] = {}
    names = dict.fromkeys(name for row in rows for name in row)
    for name in names:
        values = [row.get(name) for row in rows]
        kind = contract.arrow.field(name).type if name in contract.arrow.names else None
        try:
            if any(_is_bent(value, kind) for value in values):
                raise pa.ArrowTypeError(name)
            columns[name] = pa.array(values, type=kind)
        except (pa.ArrowException, OverflowError):
            columns[name] = pa.array([None if v is None else str(v) for v in values])
    return pa.table(columns)


def _is_bent(value: Any, kind: Any) -> bool:
    """Say whether Arrow would cut a value off, or take a number for a moment, without a word."""
    if kind is None:
        return False
    if isinstance(value, float | Decimal):
        return bool(pa.types.is_integer(kind))
    return isinstance(value, int) and bool(pa.types.is_temporal(kind))


def _summary(dataset: str, parts: Sequence[Part]) -> dict[str, Any]:
    bounds = [part.bounds["known_at"] for part in parts if "known_at" in part.bounds]
    newest = max((high for _, high in bounds), default=None)
    return {
        "dataset": dataset,
        "n_rows": sum(part.rows for part in parts),
        "since_date": date.fromisoformat(min(low for low, _ in bounds)[:10]) if bounds else None,
        "until_date": date.fromisoformat(newest[:10]) if newest else None,
        "newest_at": datetime.fromisoformat(newest) if newest else None,
    }
