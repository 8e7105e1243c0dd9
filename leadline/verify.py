"""Reads every live file again with fastparquet, a second implementation, and compares."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from leadline.errors import StoreError
from leadline.ledger import Line
from leadline.store import Store
from leadline.table import Table

# Its readers can't address structs and lists; their rows are counted with the others.
_UNREADABLE = ("struct", "[]")
# Types as Parquet names them, by their annotation or else by what they are made of.
_ANNOTATED = {
    0: "text", 19: "text", 6: "date", 10: "timestamp",
    15: "tinyint", 16: "smallint", 17: "integer", 18: "bigint",
}  # fmt: skip
_MADE_OF = {0: "boolean", 4: "float", 5: "double"}
_DECIMAL = 5
_SAME = {
    "varchar": "text", "json": "text",
    "timestamptz": "timestamp", "timestamp with time zone": "timestamp",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What is odd about one file; a note is no error."""

    path: Path
    what: str
    is_error: bool = True


def verify(store: Store) -> Iterator[Finding]:
    """Compare rows, schema and bounds of every live file with the log, and both with the ledger."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is retired and says so in many ways
            import fastparquet  # noqa: F401
    except ImportError as error:
        raise StoreError(
            "store verify: the second reader is missing; pip install 'leadline[verify]'"
        ) from error
    return _findings(store)


def _findings(store: Store) -> Iterator[Finding]:
    # The ledger goes first: what its lines count is committed before them.
    lines, broken = _lines(store)
    yield from broken
    known = {line["load_id"] for line in lines or ()}
    counted: dict[tuple[str, str], int] = {}
    for name, table in store.tables.items():
        try:
            table.refresh()
            files = table.files()
        except StoreError as error:
            yield Finding(table.place, _what(table.place, error))
            continue
        for file in files:
            path = table.place / file["path"]
            try:
                yield from _file(table, path, file, counted)
            except Exception as error:
                # Whatever a damaged file makes the reader raise, it is damaged.
                yield Finding(path, f"can't be read; {type(error).__name__}: {str(error)[:100]}")
        strangers = {load for dataset, load in counted if dataset == name} - known
        if lines is None:
            continue
        for load in sorted(strangers):
            rows = counted[name, load]
            what = f"{rows:,} rows of load {load}, which was broken off; no question sees them"
            yield Finding(table.place, what, is_error=False)
    for line in lines or ():
        for entry in line["datasets"] or []:
            found = counted.get((entry["dataset"], line["load_id"]), 0)
            if found != entry["n_rows"]:
                said = f"its line says {entry['n_rows']:,}"
                what = f"load {line['load_id']} has {found:,} rows, {said}"
                yield Finding(store.place / entry["dataset"], what)


def _lines(store: Store) -> tuple[Sequence[Line] | None, list[Finding]]:
    try:
        store.ledger.refresh()
    except StoreError as error:
        place = store.tables["loads"].place
        return None, [Finding(place, f"{_what(place, error)}; no load was counted")]
    return store.ledger.lines, []


def _what(place: Path, error: StoreError) -> str:
    """Return what an error says, without where and without the advice to come here."""
    return str(error).removeprefix(f"{place}: ").removesuffix("; run leadline store verify")


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
    own = contract.stored
    with warnings.catch_warnings(), path.open("rb") as source:
        warnings.simplefilter("ignore")  # it is retired and says so in many ways
        opened = fastparquet.ParquetFile(source)
        if missing := sorted(set(own) - set(opened.columns)):
            yield Finding(path, f"it has no column {', '.join(missing)}")
            return
        plain = [name for name, kind in own.items() if not any(w in kind for w in _UNREADABLE)]
        for name in plain:
            told = _kind(opened.schema.schema_element([name]))
            wanted = _SAME.get(own[name].lower(), own[name].lower().replace(" ", ""))
            if told is not None and told != wanted:
                yield Finding(path, f"{name} is {told}, the contract says {wanted}")
        logged = {name for name, said in file["bounds"].items() if None not in said}
        measured = [name for name in plain if name in logged or name == "known_at"]
        rows, bounds = 0, dict[str, tuple[Any, Any]]()
        for frame in opened.iter_row_groups(columns=plain):
            rows += len(frame)
            for load, n in frame["load_id"].value_counts().items():
                key = contract.name, _text(load)
                counted[key] = counted.get(key, 0) + int(n)
            for name in measured:
                if (values := frame[name].dropna()).size:
                    low, high = values.min(), values.max()
                    if name in bounds:
                        low, high = min(low, bounds[name][0]), max(high, bounds[name][1])
                    bounds[name] = low, high
    if rows != file["rows"]:
        yield Finding(path, f"{rows:,} rows, the log says {file['rows']:,}")
    yield from _folder(path, file["partition"], bounds.get("known_at"))
    for name in sorted(logged.intersection(plain)):
        said = tuple(map(_plain, file["bounds"][name]))
        if name not in bounds:
            yield Finding(path, f"{name} is empty, the log says {said[0]} to {said[1]}")
        elif (found := tuple(map(_plain, bounds[name]))) != said:
            span, log = (" to ".join(map(str, each)) for each in (found, said))
            yield Finding(path, f"{name} spans {span}, the log says {log}")


def _folder(
    path: Path, partition: dict[str, str | None], known: tuple[Any, Any] | None
) -> Iterator[Finding]:
    """Hold the file's folder, and what is in it, against the partition that the log names."""
    for column, value in partition.items():
        if path.parent.name != f"{column}={value}":
            yield Finding(path, f"it lies in {path.parent.name}, the log says {column}={value}")
        days = {moment.date() for moment in known or ()}
        if column == "known_month":
            days = {day.replace(day=1) for day in days}
        if odd := sorted(str(day) for day in days if str(day) != value):
            yield Finding(path, f"{column} is {' and '.join(odd)} in it, the log says {value}")


def _kind(element: Any) -> str | None:
    """Return a column's type in the contract's words, None where it can't be told."""
    if element.converted_type == _DECIMAL:
        return f"decimal({element.precision},{element.scale})"
    if element.converted_type is not None:
        return _ANNOTATED.get(element.converted_type)
    return _MADE_OF.get(element.type)


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
