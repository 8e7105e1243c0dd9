"""One dataset on disk: a Delta table whose Parquet files DuckDB writes and the log names."""

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import duckdb
import pyarrow as pa
import stamina
from deltalake import DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, CommitProperties, RemoveAction, Transaction

from leadline.contract import Contract
from leadline.errors import StoreError
from leadline.quote import quoted

CONFIGURATION = {
    "delta.checkpointInterval": "100",
    "delta.deletedFileRetentionDuration": "interval 1 days",  # a reader is done within a day
    "delta.logRetentionDuration": "interval 30 days",
}
ROW_GROUP = 122_880  # DuckDB's own unit of parallel reading
TRIES = 20  # of a commit that others overtake; each takes tens of milliseconds
_BOUNDED = re.compile(r"(varchar|date|timestamp.*|(big|small|tiny|u?)int(eger)?)$", re.IGNORECASE)


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
        """Look for commits of others."""
        if self._handle is None:
            self._open()
        else:
            self._handle.update_incremental()

    def files(self) -> list[dict[str, Any]]:
        """Return the live files: path, size, rows, partition and bounds as the log has them."""
        handle = self._open()
        if handle is None:
            return []
        return [_entry(row) for row in pa.table(handle.get_add_actions()).to_pylist()]

    def paths(self) -> list[str]:
        """Return the live files' whole paths, in a stable order."""
        return sorted(str(self.place / file["path"]) for file in self.files())

    def holds(self, load_id: str) -> bool:
        """Say whether a load's rows are already committed here."""
        handle = self._open()
        return handle is not None and handle.transaction_version(load_id) is not None

    def write(self, con: duckdb.DuckDBPyConnection, sql: str) -> list[Part]:
        """Write a query's rows into files of this table; the log does not know them yet."""
        self.place.mkdir(parents=True, exist_ok=True)
        name = f"part-{uuid4()}"
        options = f"format parquet, compression zstd, row_group_size {ROW_GROUP}, return_stats true"
        target = self.place
        if self.contract.partition:
            options += f", partition_by ({self.contract.partition}), overwrite_or_ignore true, "
            options += f"filename_pattern '{name}-{{i}}'"
        else:
            target = self.place / f"{name}.parquet"
        written = con.execute(f"copy ({sql}) to {quoted(str(target))} ({options})").fetchall()
        parts = [self._part(*row[:6]) for row in written]
        for part in parts:
            if not part.rows:
                (self.place / part.path).unlink()
        return [part for part in parts if part.rows]

    def append(self, parts: Sequence[Part], load_id: str, *, only_at: int | None = None) -> None:
        """Commit files in one step, tagged with their load.

        Overtaken by another writer it tries again, counted and bounded. With only_at it commits
        as the version after that one or raises CommitFailedError.
        """
        tag = [Transaction(load_id, 1)]
        actions = [part.add() for part in parts]
        if only_at is not None:
            if self.version != only_at:
                raise CommitFailedError("the log has moved on")
            self._commit(actions, CommitProperties(app_transactions=tag, max_commit_retries=0))
            return
        for attempt in self._attempts():
            with attempt:
                if self.holds(load_id):
                    return
                self._commit(actions, CommitProperties(app_transactions=tag))

    def replace(self, old: Sequence[dict[str, Any]], new: Sequence[Part]) -> None:
        """Exchange live files for others that hold the same rows."""
        gone = int(time.time() * 1_000)
        removes = [
            RemoveAction(file["path"], False, gone, file["size"], file["partition"]) for file in old
        ]
        self._commit([*removes, *(part.add(is_change=False) for part in new)], CommitProperties())

    def create(self) -> None:
        """Make the table, unless it is there; others may do the same at once."""
        if self.exists:
            self._agree()
            return
        partition = [self.contract.partition] if self.contract.partition else None
        try:
            self.place.mkdir(parents=True, exist_ok=True)
            DeltaTable.create(
                str(self.place),
                Schema.from_arrow(self.contract.arrow),
                mode="ignore",
                partition_by=partition,
                configuration=CONFIGURATION,
            )
        except (DeltaError, OSError) as error:
            if self._open() is None:
                raise StoreError(
                    f"{self.place}: can't be written; {_first(error)}; "
                    f"check the folder's rights or name another with LEADLINE_STORE"
                ) from error

    def _open(self) -> DeltaTable | None:
        if self._handle is None and (self.place / "_delta_log").exists():
            try:
                self._handle = DeltaTable(str(self.place))
            except TableNotFoundError:
                return None
            except (DeltaError, OSError) as error:
                raise StoreError(
                    f"{self.place}: its log can't be read; {_first(error)}; "
                    f"run leadline store verify"
                ) from error
        return self._handle

    def _agree(self) -> None:
        handle = self._open()
        assert handle is not None
        stored = {f.name for f in handle.schema().fields}
        wanted = set(self.contract.arrow.names)
        if stored != wanted:
            odd = ", ".join(sorted(stored ^ wanted))
            raise StoreError(
                f"{self.place}: the store and {self.contract.path} differ in {odd}; "
                f"give the dataset a new name or load into a new store"
            )

    def _commit(self, actions: list[Any], properties: CommitProperties) -> None:
        handle = self._open()
        assert handle is not None
        partition = [self.contract.partition] if self.contract.partition else None
        handle.create_write_transaction(
            actions, "append", handle.schema(), partition, commit_properties=properties
        )
        handle.update_incremental()

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
        kinds = {column.name: column.type for column in self.contract.columns} | self.contract.added
        for name, kind in kinds.items():
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
        return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
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


def _first(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:160]
