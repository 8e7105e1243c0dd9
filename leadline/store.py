"""The store: loads land whole, once, in order; what a question may read is a snapshot."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from leadline import clock, sift
from leadline.contract import Contract
from leadline.errors import FeedError, StoreError
from leadline.feed import Batch, Relation, Rows
from leadline.ledger import Ledger, Line, Place, load_id
from leadline.quote import named, quoted
from leadline.table import Part, Table


@dataclass(frozen=True)
class Publication:
    """What a source says of one coverage, at one time.

    content_hash is None where only the rows tell; modified_at is the answer's Last-Modified and
    known_at what the user says: they date a publication that changes an earlier one.
    """

    feed: str
    coverage: str
    writes: Sequence[str]
    batches: Iterable[Batch]
    origin: str
    content_hash: str | None = None
    modified_at: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True)
class Loaded:
    """What a load added."""

    coverage: str
    load_id: str
    is_new: bool
    n_rows: int = 0
    n_gone: int = 0
    n_rejected: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """What can be read: the live files by dataset, and the newest stamp among their loads."""

    version: int
    recorded_until: datetime
    files: Mapping[str, Sequence[str]]


class Store:
    """A folder of datasets. One instance serves one thread; any number of processes may share it."""

    def __init__(
        self, place: str, contracts: Mapping[str, Contract], engine: Mapping[str, str]
    ) -> None:
        self.place = Path(place)
        self.contracts = contracts
        self.tables = {name: Table(c, self.place / name) for name, c in contracts.items()}
        self._spill = tempfile.TemporaryDirectory(prefix="leadline-")
        self.con = duckdb.connect(config={**engine, "temp_directory": self._spill.name})
        self.con.execute("set timezone = 'UTC'")
        self.ledger = Ledger(self.tables["loads"], self.con)
        self._sessions_at = -1

    def close(self) -> None:
        """Give back memory and disk."""
        self.con.close()
        self._spill.cleanup()

    def snapshot(self) -> Snapshot:
        """Return what can be read now; the ledger is read first, so no load is seen in part."""
        self.ledger.refresh()
        for name, table in self.tables.items():
            if name != "loads":
                table.refresh()
        files = {name: table.paths() for name, table in self.tables.items()}
        return Snapshot(self.ledger.version, self.ledger.newest(), files)

    def load(self, publication: Publication, *, dry_run: bool = False) -> Loaded:
        """Append what a publication adds, whole or not at all; the same content adds nothing."""
        started_at = clock.now()
        self._create(("rejected", *publication.writes, "loads"), dry_run)
        self.ledger.refresh()
        place = self.ledger.place(publication.feed, publication.coverage)
        if publication.content_hash and publication.content_hash == place.newest_hash:
            return Loaded(publication.coverage, place.standing[-1]["load_id"], False)
        load = _Load(self, publication, place)
        try:
            with load:
                load.stage()
                if load.content_hash == place.newest_hash or dry_run:
                    before = place.standing[-1]["load_id"] if place.standing else ""
                    return load.summary(before if not dry_run else load.id, dry_run)
                load.commit(started_at)
                return load.summary(load.id, True)
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise StoreError(
                f"{publication.origin}: {_first(error)}; nothing of it was loaded, "
                f"run this again when {self.place} can take it"
            ) from error

    def forget(self, load: str) -> list[Line]:
        """Take a load out of every later question; return the lines that were forgotten.

        Later loads of the same coverage hold only differences to it, so they go with it. Rows
        stay in their files: a question about a moment before this one still sees them.
        """
        self.ledger.refresh()
        found = [x for x in self.ledger.lines if x["load_id"] == load and x["action"] == "load"]
        if not found:
            raise StoreError(f"{load}: no load has this id; leadline store history lists them")
        feed, coverage = found[0]["feed"], found[0]["coverage"]
        standing = self.ledger.place(feed, coverage).standing
        ids = [line["load_id"] for line in standing]
        if load not in ids:
            raise StoreError(f"{load}: it is forgotten already; leadline store history shows when")
        gone = list(standing[ids.index(load) :])
        for line in reversed(gone):
            place = self.ledger.place(feed, coverage)
            own = load_id(feed, coverage, place.publication, f"forget {line['load_id']}")
            kept = {name: line[name] for name in ("feed", "coverage", "content_hash", "origin")}
            counts = {"n_rows": 0, "n_gone": 0, "n_rejected": 0, "n_conflicts": 0, "datasets": []}
            self.ledger.sign(
                {
                    **kept, **counts, "load_id": own, "action": "forget", "known_from": "loading",
                    "forgets": line["load_id"], "publication": place.publication,
                    "started_at": clock.now(), "source": feed, "is_gone": False,
                },
                place,
            )  # fmt: skip
        return gone

    def need_sessions(self) -> None:
        """Lay the calendars out as table `sessions`; raise a StoreError while there are none."""
        if self._sessions_at == self.ledger.version:
            return
        table = self.tables["sessions"]
        table.refresh()
        loads = self.ledger.standing()
        if not table.paths() or not loads:
            raise StoreError(f"{self.place}: it holds no sessions; run leadline load sessions")
        rows = sift.standing(table.contract, table.paths(), loads)
        names = ", ".join(table.contract.names)
        self.con.execute(
            f"create or replace temporary table sessions as "
            f"select {names} from ({rows}) where not is_gone"
        )
        self._sessions_at = self.ledger.version

    def _create(self, datasets: Iterable[str], dry_run: bool) -> None:
        for name in datasets:
            if not dry_run:
                self.tables[name].create()
            self.tables[name].refresh()


class _Load:
    """One load on its way: rows are staged as files, then committed in a fixed order."""

    def __init__(self, store: Store, publication: Publication, place: Place) -> None:
        self.store, self.publication, self.at = store, publication, place
        self.content_hash = publication.content_hash or ""
        self.parts: dict[str, list[Part]] = {}
        self.n_rejected, self.n_gone = 0, 0
        self.reasons: dict[str, int] = {}
        self._kept: dict[str, str] = {}  # dataset: the table of its judged rows
        self._digest = hashlib.sha256()
        self._committed: set[str] = set()

    def __enter__(self) -> "_Load":
        self.store.con.execute(
            "create or replace temporary table set_aside "
            "(dataset text, reason text, row json, origin text, position bigint)"
        )
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._kept.values():
            self.store.con.execute(f"drop table if exists {name}")
        for dataset, parts in self.parts.items():
            if dataset not in self._committed:
                for part in parts:
                    (self.store.tables[dataset].place / part.path).unlink(missing_ok=True)

    @property
    def id(self) -> str:
        """The digest of what this load is."""
        own = self.publication
        return load_id(own.feed, own.coverage, self.at.publication, self.content_hash)

    def stage(self) -> None:
        """Judge every row and write files that the log does not know yet."""
        for dataset, rows in self.publication.batches:
            contract = self.store.contracts[dataset]
            if contract.header.get("calendar") or "sessions" in getattr(rows, "sql", ""):
                self.store.need_sessions()
            if isinstance(rows, Relation):
                self._stage_relation(contract, rows)
            elif len(rows):
                self._keep_rows(contract, rows)
        if not self.content_hash:
            self.content_hash = self._digest.hexdigest()
        if self.content_hash == self.at.newest_hash:
            return
        for dataset, kept in self._kept.items():
            self._stage_kept(self.store.contracts[dataset], kept)
        self.parts["rejected"] = self._set_aside()

    def commit(self, started_at: datetime) -> None:
        """Commit in the fixed order: rejected, children, parents, and the line that makes it so."""
        order = ["rejected", *(name for name in self.publication.writes if name in self.parts)]
        for dataset in order:
            table = self.store.tables[dataset]
            if self.parts[dataset] and not table.holds(self.id):
                table.append(self.parts[dataset], self.id)
                self._committed.add(dataset)
        tables = [self.store.tables[name] for name in order]
        line = {
            "load_id": self.id,
            "action": "load",
            "feed": self.publication.feed,
            "coverage": self.publication.coverage,
            "publication": self.at.publication,
            "content_hash": self.content_hash,
            "known_from": self._dated()[1],
            "n_rows": self._n_rows,
            "n_gone": self.n_gone,
            "n_rejected": self.n_rejected,
            "n_conflicts": sum(table.conflicts for table in tables),
            "datasets": [_summary(name, self.parts[name]) for name in order if self.parts[name]],
            "origin": self.publication.origin,
            "started_at": started_at,
            "source": self.publication.feed,
            "is_gone": False,
        }
        for table in tables:
            table.conflicts = 0
        self.store.ledger.sign(line, self.at)

    def summary(self, identity: str, is_new: bool) -> Loaded:
        """Return what this load added, or would add."""
        own = self.publication.coverage
        if not is_new:
            return Loaded(own, identity, False)
        counts = (self._n_rows, self.n_gone, self.n_rejected)
        return Loaded(own, identity, True, *counts, self.reasons)

    @property
    def _n_rows(self) -> int:
        kept = {name: parts for name, parts in self.parts.items() if name != "rejected"}
        return sum(part.rows for parts in kept.values() for part in parts) - self.n_gone

    def _dated(self) -> tuple[datetime, str]:
        """Return when a changed publication became known, and who says so."""
        if not self.at.standing:
            return clock.BEGINNING, "loader"
        if self.publication.modified_at:
            return self.publication.modified_at, "last-modified"
        if self.publication.known_at:
            return self.publication.known_at, "known-at"
        return clock.now(), "loading"

    def _stage_relation(self, contract: Contract, rows: Relation) -> None:
        con, feed = self.store.con, self.publication.feed
        sql = self._asked(rows, lambda: rows.open(con, "csv_rejects"))
        given = self._asked(rows, lambda: _types(con, sql))
        verdicts = sift.judged(contract, given, sql, feed)
        if not self.at.standing and contract.name not in (*self.parts, *self._kept):
            staged = sift.streamed(contract, verdicts, feed, self.id)
            try:
                parts = self._asked(
                    rows, lambda: self.store.tables[contract.name].write(con, staged)
                )
            except _BrokenContract:
                parts = None
            if parts is not None:
                self.parts[contract.name] = parts
                if self._is_unique(contract, parts):
                    self._take_csv_rejects(contract, rows)
                    return
                self._drop(contract.name)
        self._keep(contract, verdicts, lambda run: self._asked(rows, run))
        self._take_csv_rejects(contract, rows)

    def _asked(self, rows: Relation, run: Callable[[], Any]) -> Any:
        """Run a step over a file; what DuckDB says of its text becomes a FeedError."""
        try:
            return run()
        except duckdb.InvalidInputException as error:
            if sift.BROKEN in str(error):
                raise _BrokenContract from error
            raise FeedError(f"{rows.file.origin}: {_first(error)}") from error
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
            raise FeedError(f"{rows.file.origin}: {_first(error)}; mend the loader") from error

    def _keep_rows(self, contract: Contract, rows: Rows) -> None:
        con, feed = self.store.con, self.publication.feed
        batch = rows if isinstance(rows, pa.Table | pa.RecordBatch) else _arrow(contract, rows)
        if isinstance(batch, pa.RecordBatch):
            batch = pa.Table.from_batches([batch])
        self._digest.update(contract.name.encode())
        for row in batch.to_pylist():
            row = {name: value for name, value in row.items() if value is not None}
            self._digest.update(json.dumps(row, sort_keys=True, default=str).encode())
        con.register("given_rows", batch)
        verdicts = sift.judged(contract, _types(con, "from given_rows"), "from given_rows", feed)
        self._keep(contract, verdicts, lambda run: run())
        con.unregister("given_rows")

    def _keep(
        self, contract: Contract, verdicts: str, run: Callable[[Callable[[], Any]], Any]
    ) -> None:
        """Lay judged rows into a table; rows that break the contract also as JSON."""
        name = f"kept_{contract.name}"
        shaped = f"""
            select * exclude (row, miscast),
                case when reason is not null then to_json(row) end as row from ({verdicts})
        """
        first = contract.name not in self._kept
        verb = f"create temporary table {name} as" if first else f"insert into {name} by name"
        offset = "" if first else f"(select coalesce(max(_position), 0) from {name})"
        if offset:
            shaped = f"select * replace (_position + {offset} as _position) from ({shaped})"
        run(lambda: self.store.con.execute(f"{verb} {shaped}"))
        self._kept[contract.name] = name

    def _stage_kept(self, contract: Contract, kept: str) -> None:
        con, table, feed = self.store.con, self.store.tables[contract.name], self.publication.feed
        con.execute(
            f"create or replace temporary table {kept} as {sift.unrepeated(contract, f'from {kept}')}"
        )
        con.execute(
            f"insert into set_aside select {quoted(contract.name)}, reason, row, "
            f"{quoted(self.publication.origin)}, _position from {kept} where reason is not null"
        )
        good = f"select * from {kept} where reason is null"
        sql = sift.stored(contract, good, feed, self.id)
        files = self._files_of_coverage(contract.name)
        if files:
            loads = [line["load_id"] for line in self.at.standing]
            before = sift.standing(contract, files, loads)
            sql = sift.differences(contract, kept, before, self._dated()[0], feed, self.id)
            con.execute(f"create or replace temporary table differing as {sql}")
            sql = "from differing"
            (gone,) = con.execute("select count(*) from differing where is_gone").fetchone() or (0,)
            self.n_gone += gone
        self.parts[contract.name] = [*self.parts.get(contract.name, []), *table.write(con, sql)]

    def _files_of_coverage(self, dataset: str) -> list[str]:
        """Return the files in which this coverage's standing rows can lie."""
        spans = [
            entry
            for line in self.at.standing
            for entry in line["datasets"]
            if entry["dataset"] == dataset
        ]
        if not spans:
            return []
        column = self.store.contracts[dataset].partition
        low = min(entry["since_date"] for entry in spans)
        high = max(entry["until_date"] for entry in spans)
        low = low.replace(day=1) if column == "known_month" else low
        table = self.store.tables[dataset]
        return [
            str(table.place / file["path"])
            for file in table.files()
            if column is None or low <= date.fromisoformat(file["partition"][column]) <= high
        ]

    def _is_unique(self, contract: Contract, parts: Sequence[Part]) -> bool:
        """Say whether no key stands twice; two keys of one hash count as one, to be looked at."""
        if not parts:
            return True
        place = self.store.tables[contract.name].place
        listed = ", ".join(quoted(str(place / part.path)) for part in parts)
        key = ", ".join(named(name) for name in contract.key)
        found = self.store.con.execute(
            f"select count(*) = count(distinct hash({key})) from read_parquet([{listed}])"
        ).fetchone()
        return bool(found and found[0])

    def _take_csv_rejects(self, contract: Contract, rows: Relation) -> None:
        """Move the lines that could not be read into the rows set aside."""
        con = self.store.con
        if not con.execute(
            "select 1 from duckdb_tables() where table_name = 'csv_rejects'"
        ).fetchone():
            return
        con.execute(f"""
            insert into set_aside
            select {quoted(contract.name)},
                'line ' || line || ': ' || lower(any_value(error_type)) || ': '
                || any_value(error_message),
                to_json(struct_pack(line := trim(any_value(csv_line), chr(13) || chr(10)))),
                {quoted(rows.file.origin)}, line
            from csv_rejects
            where scan_id = (select max(scan_id) from csv_rejects)
            group by line
        """)
        con.execute("drop table csv_rejects; drop table csv_rejects_scan")

    def _set_aside(self) -> list[Part]:
        con = self.store.con
        counted = con.execute(
            "select dataset || ': ' || any_value(reason), count(*) from set_aside "
            "group by dataset, regexp_replace(reason, '[0-9]+', '', 'g') order by 2 desc"
        ).fetchall()
        self.reasons = dict(counted)
        self.n_rejected = sum(self.reasons.values())
        if not self.n_rejected:
            return []
        sql = (
            f"select *, cast(null as timestamptz) as known_at, {quoted(self.publication.feed)} "
            f"as source, {quoted(self.id)} as load_id, false as is_gone from set_aside "
            f"order by dataset, position, reason"
        )
        return self.store.tables["rejected"].write(con, sql)

    def _drop(self, dataset: str) -> None:
        for part in self.parts.pop(dataset):
            (self.store.tables[dataset].place / part.path).unlink(missing_ok=True)


class _BrokenContract(Exception):
    """A row breaks the contract, so the rows have to be parted."""


def _types(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    described = con.execute(f"describe {sql}").fetchall()
    return {name: kind for name, kind, *_ in described}


def _arrow(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as Arrow; a value that is not of its column's type goes in as text."""
    columns: dict[str, Any] = {}
    names = dict.fromkeys(name for row in rows for name in row)
    for name in names:
        values = [row.get(name) for row in rows]
        field_ = contract.arrow.field(name) if name in contract.arrow.names else None
        try:
            columns[name] = pa.array(values, type=field_.type if field_ else None)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            columns[name] = pa.array([None if v is None else str(v) for v in values])
    return pa.table(columns)


def _summary(dataset: str, parts: Sequence[Part]) -> dict[str, Any]:
    bounds = [part.bounds["known_at"] for part in parts if "known_at" in part.bounds]
    return {
        "dataset": dataset,
        "n_rows": sum(part.rows for part in parts),
        "since_date": date.fromisoformat(min(low for low, _ in bounds)[:10]) if bounds else None,
        "until_date": date.fromisoformat(max(high for _, high in bounds)[:10]) if bounds else None,
    }


def _first(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200]
