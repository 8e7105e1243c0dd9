"""One dataset on disk: a Delta table whose Parquet files DuckDB writes and the log names."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import duckdb
import pyarrow as pa
import stamina
from deltalake import DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, CommitProperties, RemoveAction, Transaction

from leadline import first
from leadline.contract import Contract
from leadline.errors import StoreError
from leadline.quote import quoted

ROW_GROUP = 122_880  # DuckDB's own unit of parallel reading
_COPIED = f"format parquet, compression zstd, row_group_size {ROW_GROUP}, return_stats true"
_LOOK_AGAIN_S = 3_600  # a log is cleaned of its oldest versions after a month at the earliest
TRIES = 20  # of a commit that others overtake; each takes tens of milliseconds
_BOUNDED = re.compile(
    r"(varchar|text|date|timestamp.*|(big|small|tiny|u?)int(eger)?)$", re.IGNORECASE
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NESTED = re.compile(r'"exception_message":"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Part:
    """One Parquet file that is written and not yet in the log."""

    path: str
    size: int
    rows: int
    partition: dict[str, str | None]
    bounds: dict[str, tuple[Any, Any]]
    nulls: dict[str, int]

    def add(self, *, is_change: bool = True) -> AddAction:
        """Return the log's entry of this file."""
        stats = {
            "numRecords": self.rows,
            "minValues": {name: low for name, (low, _) in self.bounds.items()},
            "maxValues": {name: high for name, (_, high) in self.bounds.items()},
            "nullCount": self.nulls,
        }
        moment = int(time.time() * 1_000)
        return AddAction(self.path, self.size, self.partition, moment, is_change, json.dumps(stats))


@dataclass
class Table:
    """A dataset's files and their log."""

    contract: Contract
    place: Path
    conflicts: int = 0
    _handle: DeltaTable | None = field(default=None, repr=False)
    _looked_at: float = field(default=0.0, repr=False)  # when all of the log was
    _agrees: bool = field(default=False, repr=False)  # the log's columns with the contract's
    _holds: tuple[int, str, bool] = field(default=(-1, "", False), repr=False)  # as asked last
    _paths: tuple[int, list[str]] = field(default=(-2, []), repr=False)  # of which version

    @property
    def exists(self) -> bool:
        """Say whether anything was ever committed."""
        return self._open() is not None

    @property
    def version(self) -> int:
        """The log's newest version that this handle has seen; -1 before the first."""
        handle = self._open()
        return handle.version() if handle else -1

    def refresh(self) -> None:
        """Look for commits of others; the log's next version is one file, there or not."""
        if self._handle is None:
            self._open()
        elif self._is_behind(self._handle.version()):
            with self._reading():
                self._handle.update_incremental()
            self._looked_at = monotonic()

    def _is_behind(self, version: int) -> bool:
        follows = f"{self.place}/_delta_log/{version + 1:020}.json"
        return os.path.exists(follows) or monotonic() - self._looked_at > _LOOK_AGAIN_S

    def files(self) -> list[dict[str, Any]]:
        """Return the live files: path, size, rows, partition and bounds as the log has them."""
        handle = self._open()
        if handle is None:
            return []
        with self._reading():
            return [_entry(row) for row in pa.table(handle.get_add_actions()).to_pylist()]

    def paths(self) -> list[str]:
        """Return the live files' whole paths, in a stable order."""
        if self._paths[0] != (version := self.version):
            found = sorted(str(self.place / file["path"]) for file in self.files())
            self._paths = version, found
        return list(self._paths[1])

    def holds(self, load_id: str) -> bool:
        """Say whether a load's rows are already committed here."""
        handle = self._open()
        if handle is None:
            return False
        if self._holds[:2] != (asked := (handle.version(), load_id)):
            self._holds = (*asked, handle.transaction_version(load_id) is not None)
        return self._holds[2]

    def write(self, con: duckdb.DuckDBPyConnection, sql: str) -> list[Part]:
        """Write a query's rows into files of this table; the log does not know them yet.

        Most queries are of one day: they go into one file, which moves to its folder when its
        bounds are known. Only where they span several is it cut up; DuckDB's own partitioned
        copy takes a third longer and twice the memory. What breaks off leaves no file behind.
        """
        name = f"part-{uuid4()}"
        path = self.place / f"{name}.parquet"
        with self._undone(name):
            self.place.mkdir(parents=True, exist_ok=True)
            part = self._copy(con, sql, path)
            if part.rows and self.contract.partition is None:
                return [part]
            folders = {self._folder(moment) for moment in part.bounds.get("known_at", ())}
            if part.rows and len(folders) == 1:
                return [self._moved(part, *folders)]
            parts = self._cut(con, path, name) if part.rows else []
            path.unlink()
            return parts

    def rewrite(
        self, con: duckdb.DuckDBPyConnection, sql: str, partition: dict[str, str | None]
    ) -> Part:
        """Write a query's rows, in its order, into one file of one partition."""
        name = f"part-{uuid4()}"
        folder = self.place.joinpath(*(f"{column}={value}" for column, value in partition.items()))
        with self._undone(name):
            return replace(self._copy(con, sql, folder / f"{name}.parquet"), partition=partition)

    def _copy(self, con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Part:
        written = con.execute(f"copy ({sql}) to {quoted(str(path))} ({_COPIED})").fetchall()
        return self._part(*written[0][:6])

    def _cut(self, con: duckdb.DuckDBPyConnection, path: Path, name: str) -> list[Part]:
        column, day = self.contract.partition, self.contract.folder("known_at")
        file = f"read_parquet({quoted(str(path))}, hive_partitioning = false)"
        rows = f"select *, {day} as {column} from {file}"
        options = f"{_COPIED}, partition_by ({column}), overwrite_or_ignore true, "
        options += f"filename_pattern '{name}-{{i}}'"
        target = quoted(str(self.place))
        written = con.execute(f"copy ({rows}) to {target} ({options})").fetchall()
        return [self._part(*row[:6]) for row in written]

    def _folder(self, moment: str) -> str:
        """Return the partition's value of a moment, both as the log writes them."""
        return f"{moment[:7]}-01" if self.contract.partition == "known_month" else moment[:10]

    def _moved(self, part: Part, value: str) -> Part:
        column = str(self.contract.partition)
        path = Path(f"{column}={value}", part.path)
        (self.place / path).parent.mkdir(exist_ok=True)
        (self.place / part.path).rename(self.place / path)
        return replace(part, path=str(path), partition={column: value})

    @contextmanager
    def _undone(self, name: str) -> Iterator[None]:
        """Leave no file of this name behind where writing breaks off."""
        try:
            yield
        except BaseException as error:
            for path in self.place.rglob(f"*{name}*"):
                path.unlink(missing_ok=True)
            if isinstance(error, duckdb.IOException | OSError):
                raise self._unwritable(error) from error
            raise

    def append(self, parts: Sequence[Part], load_id: str, *, only_at: int | None = None) -> None:
        """Commit files in one step, tagged with their load.

        Overtaken by another writer it tries again, counted and bounded. With only_at it commits
        as the version after that one or raises CommitFailedError. After an error the files may be
        in the log all the same: never delete them.
        """
        tag = [Transaction(load_id, 1)]
        actions = [part.add() for part in parts]
        if only_at is not None:
            if self.version != only_at:
                raise CommitFailedError("the log has moved on")
            properties = CommitProperties(app_transactions=tag, max_commit_retries=0)
            with self._committing(lambda: self.holds(load_id)):
                self._commit(actions, properties)
            return
        try:
            for attempt in self._attempts():
                with attempt, self._committing(lambda: self.holds(load_id)):
                    if self.holds(load_id):
                        return
                    self._commit(actions, CommitProperties(app_transactions=tag))
        except CommitFailedError as error:
            raise StoreError(
                f"{self.place}: {TRIES} commits were overtaken by other writers; run this again",
                try_again=True,
            ) from error

    def replace(self, old: Sequence[dict[str, Any]], new: Sequence[Part]) -> None:
        """Exchange live files for others that hold the same rows."""
        gone = int(time.time() * 1_000)
        removes = [
            RemoveAction(file["path"], False, gone, file["size"], file["partition"]) for file in old
        ]
        adds = [part.add(is_change=False) for part in new]
        paths = {part.path for part in new}
        with self._committing(lambda: paths <= {file["path"] for file in self.files()}):
            self._commit([*removes, *adds], CommitProperties(max_commit_retries=0))

    def vacuum(self, hours: int) -> list[str]:
        """Delete files that went out of use so long ago, and what no log has ever named."""
        handle = self._open()
        if handle is None:
            return []
        with self._reading():
            return handle.vacuum(hours, dry_run=False, full=True)

    def create(self) -> None:
        """Make the table, unless it is there; others may do the same at once.

        Its log is made aside and moved to its place, whole: that of one writer comes first.
        """
        if self.exists:
            self._agree()
            return
        aside = self.place / f"_made-{uuid4()}"
        try:
            first.write(aside / "_delta_log", self.contract.arrow, self.contract.partition)
            (aside / "_delta_log").rename(self.place / "_delta_log")
        except (DeltaError, OSError) as error:
            if self._open() is None:
                raise self._unwritable(error) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _open(self) -> DeltaTable | None:
        if self._handle is None:
            with self._reading():
                if (self.place / "_delta_log").exists():
                    try:
                        self._handle = DeltaTable(str(self.place))
                        self._looked_at = monotonic()
                    except TableNotFoundError:
                        return None  # a writer has just begun, or was killed as it began
        return self._handle

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (DeltaError, OSError) as error:
            raise StoreError(
                f"{self.place}: its log can't be read, {reason(error)}; run leadline store verify"
            ) from error

    @contextmanager
    def _committing(self, is_there: Callable[[], bool]) -> Iterator[None]:
        """Let an error pass only if the commit is not there; its checkpoint may lack room alone."""
        try:
            yield
        except CommitFailedError:
            raise
        except (DeltaError, OSError) as error:
            self._handle = None
            if not is_there():
                raise self._unwritable(error) from error

    def _unwritable(self, error: BaseException) -> StoreError:
        return StoreError(
            f"{self.place}: can't be written, {reason(error)}; check its rights and its room, "
            f"then run this again, or name another store with LEADLINE_STORE"
        )

    def _agree(self) -> None:
        if self._agrees:
            return
        handle = self._open()
        assert handle is not None
        stored = _kinds(handle.schema())
        wanted = _kinds(Schema.from_arrow(self.contract.arrow))
        if stored != wanted:
            odd = ", ".join(sorted({name for name, _ in stored ^ wanted}))
            raise StoreError(
                f"{self.place}: the store and {self.contract.path} differ in {odd}; "
                f"give the dataset a new name or load into a new store"
            )
        self._agrees = True

    def _commit(self, actions: list[Any], properties: CommitProperties) -> None:
        handle = self._open()
        assert handle is not None
        partition = [self.contract.partition] if self.contract.partition else None
        handle.create_write_transaction(
            actions, "append", handle.schema(), partition, commit_properties=properties
        )
        self.refresh()

    def _attempts(self) -> Iterator[Any]:
        for attempt in stamina.retry_context(
            on=CommitFailedError, attempts=TRIES, timeout=60, wait_initial=0.02, wait_max=0.5
        ):
            if attempt.num > 1:
                self.conflicts += 1
                self.refresh()
            yield attempt

    def _part(self, path: str, rows: int, size: int, _: int, stats: Any, partition: Any) -> Part:
        bounds, nulls = {}, {}
        for name, kind in self.contract.stored.items():
            found = (stats or {}).get(f'"{name}"', {})
            if "null_count" in found:
                nulls[name] = int(found["null_count"])
            exact = found.get("min_is_exact") == found.get("max_is_exact") == "true"
            if exact and _BOUNDED.match(kind):
                bounds[name] = (_bound(kind, found["min"]), _bound(kind, found["max"]))
        values = {k: v for k, v in (partition or {}).items()}
        return Part(os.path.relpath(path, self.place), size, rows, values, bounds, nulls)


def _bound(kind: str, text: str) -> Any:
    if kind.lower().endswith(("int", "integer")):
        return int(text)
    if kind.lower().startswith("timestamp"):
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='microseconds')}Z"
    return text


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    """Return one live file of the log as plain values."""
    partition = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in (row.get("partition") or {}).items()
    }
    return {
        "path": unquote(row["path"]),
        "size": row["size_bytes"],
        "rows": row["num_records"],
        "partition": partition,
        "bounds": {
            name: (low, (row.get("max") or {}).get(name))
            for name, low in (row.get("min") or {}).items()
        },
    }


def reason(error: BaseException) -> str:
    """Return what an error of DuckDB or Delta says, as a part of one sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error)
    if nested := _NESTED.search(text):  # DuckDB's background writers report in JSON
        text = nested[1].replace('\\"', '"')
    pieces = [piece.strip(" ↳") for piece in _COLOUR.sub("", text).splitlines()]
    return ": ".join(filter(None, pieces)).removeprefix("IO Error: ")[:240]


def _kinds(schema: Schema) -> set[tuple[str, str]]:
    return {(field_.name, str(field_.type)) for field_ in schema.fields}
