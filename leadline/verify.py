"""Reads every live file again with fastparquet, a second implementation, and compares."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from leadline.errors import StoreError
from leadline.store import Store
from leadline.table import Table

# Its readers can't address structs and lists; their rows are counted with the others.
_UNREADABLE = ("struct", "[]")


@dataclass(frozen=True)
class Finding:
    """What is odd about one file; a note is no error."""

    path: Path
    what: str
    is_error: bool = True


def verify(store: Store) -> Iterator[Finding]:
    """Compare rows, schema and bounds of every live file with the log, and both with the ledger."""
    try:
        import fastparquet  # noqa: F401
    except ImportError as error:
        raise StoreError(
            "store verify: the second reader is missing; pip install 'leadline[verify]'"
        ) from error
    store.ledger.refresh()
    known = {line["load_id"] for line in store.ledger.lines}
    counted: dict[tuple[str, str], int] = {}
    for name, table in store.tables.items():
        table.refresh()
        for file in table.files():
            path = table.place / file["path"]
            try:
                yield from _file(table, path, file, counted)
            except Exception as error:
                # Whatever a damaged file makes the reader raise, it is damaged.
                yield Finding(path, f"can't be read; {type(error).__name__}: {str(error)[:100]}")
        strangers = {load for dataset, load in counted if dataset == name} - known
        for load in sorted(strangers):
            rows = counted[name, load]
            what = f"{rows:,} rows of load {load}, which was broken off; no question sees them"
            yield Finding(table.place, what, is_error=False)
    for line in store.ledger.lines:
        for entry in line["datasets"] or []:
            found = counted.get((entry["dataset"], line["load_id"]), 0)
            if found != entry["n_rows"]:
                said = f"its line says {entry['n_rows']:,}"
                what = f"load {line['load_id']} has {found:,} rows, {said}"
                yield Finding(store.tables[entry["dataset"]].place, what)


def _file(
    table: Table, path: Path, file: dict[str, Any], counted: dict[tuple[str, str], int]
) -> Iterator[Finding]:
    import fastparquet

    if not path.exists():
        yield Finding(path, "the log names it and it is not there")
        return
    if path.stat().st_size != file["size"]:
        yield Finding(path, f"{path.stat().st_size:,} bytes, the log says {file['size']:,}")
    contract = table.contract
    own = {column.name: column.type for column in contract.columns} | contract.added
    with warnings.catch_warnings(), path.open("rb") as source:
        warnings.simplefilter("ignore")  # it is retired and says so in many ways
        opened = fastparquet.ParquetFile(source)
        if missing := sorted(set(own) - set(opened.columns)):
            yield Finding(path, f"it has no column {', '.join(missing)}")
            return
        plain = [name for name, kind in own.items() if not any(w in kind for w in _UNREADABLE)]
        rows, bounds = 0, dict[str, tuple[Any, Any]]()
        for frame in opened.iter_row_groups(columns=plain):
            rows += len(frame)
            for load, n in frame["load_id"].value_counts().items():
                key = contract.name, _text(load)
                counted[key] = counted.get(key, 0) + int(n)
            for name in file["bounds"]:
                if name in plain and (values := frame[name].dropna()).size:
                    low, high = values.min(), values.max()
                    if name in bounds:
                        low, high = min(low, bounds[name][0]), max(high, bounds[name][1])
                    bounds[name] = low, high
    if rows != file["rows"]:
        yield Finding(path, f"{rows:,} rows, the log says {file['rows']:,}")
    for name, said in file["bounds"].items():
        if name in bounds and None not in said:
            found = tuple(map(_plain, bounds[name]))
            logged = tuple(map(_plain, said))
            if found != logged:
                span, log = (" to ".join(map(str, each)) for each in (found, logged))
                yield Finding(path, f"{name} spans {span}, the log says {log}")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _plain(value: Any) -> Any:
    """Return a bound as both readers can say it: text, whole numbers, moments in UTC, days."""
    if isinstance(value, bytes):
        return value.decode()
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if isinstance(value, datetime):
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return value.isoformat()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).isoformat()
    return value.item() if hasattr(value, "item") else value
