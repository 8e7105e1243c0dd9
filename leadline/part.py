"""A Parquet file of a table: as DuckDB has just written it, and as the log names it."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from deltalake.transaction import AddAction

_BOUNDED = re.compile(
    r"(varchar|text|date|timestamp.*|(big|small|tiny|u?)int(eger)?)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """One Parquet file that is written and not yet in the log."""

    path: str
    size: int
    rows: int
    partition: dict[str, str | None]
    bounds: dict[str, tuple[Any, Any]]
    nulls: dict[str, int]

    @property
    def stats(self) -> str:
        """What the log says of its columns, as JSON."""
        told = {
            "numRecords": self.rows,
            "minValues": {name: low for name, (low, _) in self.bounds.items()},
            "maxValues": {name: high for name, (_, high) in self.bounds.items()},
            "nullCount": self.nulls,
        }
        return json.dumps(told)

    def add(self, *, is_change: bool = True) -> AddAction:
        """Return the log's entry of this file."""
        moment = int(time.time() * 1_000)
        return AddAction(self.path, self.size, self.partition, moment, is_change, self.stats)


def copied(
    kinds: Mapping[str, str], path: str, rows: int, size: int, stats: Any, partition: Any
) -> Part:
    """Return the part of these columns at a path below its table, as DuckDB's copy tells of it."""
    bounds, nulls = {}, {}
    for name, kind in kinds.items():
        found = (stats or {}).get(f'"{name}"', {})
        if "null_count" in found:
            nulls[name] = int(found["null_count"])
        exact = found.get("min_is_exact") == found.get("max_is_exact") == "true"
        if exact and _BOUNDED.match(kind):
            bounds[name] = (_bound(kind, found["min"]), _bound(kind, found["max"]))
    return Part(path, size, rows, dict(partition or {}), bounds, nulls)


def _bound(kind: str, text: str) -> Any:
    if kind.lower().endswith(("int", "integer")):
        return int(text)
    if kind.lower().startswith("timestamp"):
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='microseconds')}Z"
    return text


def entry(row: dict[str, Any]) -> dict[str, Any]:
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
        "nulls": row.get("null_count") or {},
    }
