"""Reads every live file again with fastparquet, a second implementation, and compares.

What lies beside them is looked at too: the log's own files, the ledger's lines, kept partials, and
what nobody has named.
"""

import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from leadline import dropped, seal
from leadline import lines as told
from leadline.errors import AwayError, StoreError
from leadline.finding import Finding
from leadline.home import Home
from leadline.kept import FOLDER
from leadline.ledger import Line
from leadline.logbook import Logbook
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


def verify(store: Store) -> Iterator[Finding]:
    """Compare bytes, rows and bounds of every live file with the log, and both with the ledger."""
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
    forgotten = {line["forgets"] for line in lines or ()}
    try:
        yield from told.findings(store.tables["loads"].place, lines or ())
    except (TypeError, AttributeError) as error:
        # A damaged file may hold lines in which nothing stands that must be there.
        yield Finding(store.tables["loads"].place, f"its lines can't be read; {error}")
    counted: dict[tuple[str, str], int] = {}
    apart = set[str]()
    for name, table in store.tables.items():
        try:
            log = Logbook.of(table.place)
            yield from log.findings()
            yield from _strays(log)
            table.refresh()
            files = table.files()
        except AwayError:
            raise
        except OSError as error:
            yield Finding(table.place, f"it can't be read, {error.strerror or error}")
            continue
        except StoreError as error:
            yield Finding(table.place, _what(table.place, error))
            continue
        try:
            table.agree()
        except StoreError as error:  # its rows are of another contract, and are not counted
            yield Finding(table.place, _what(table.place, error))
            apart.add(name)
            continue
        for file in files:
            path = table.place / file["path"]
            try:
                with table.place.local(file["path"]) as local:
                    yield from _file(table, path, local, file, counted)
            except StoreError:
                raise  # what keeps all of them from being read
            except FileNotFoundError:
                yield Finding(path, "the log names it and it is not there")
            except Exception as error:
                # Whatever a damaged file makes the reader raise, it is damaged.
                yield Finding(path, f"can't be read; {type(error).__name__}: {str(error)[:100]}")
        if unsealed := [file for file in files if not seal.is_sealed(file["path"])]:
            what = f"{len(unsealed):,} files have no digest in their names, so nobody can tell"
            yield Finding(table.place, f"{what} whether all values are as written", is_error=False)
        if lines is None:
            continue
        counts = {load for dataset, load in counted if dataset == name}
        strangers = counts - known
        if log.is_all and not log.broken:
            for load in sorted(counts - strangers - log.loads if name != "loads" else ()):
                yield Finding(table.place, f"its log names no commit of load {load}")
        for load in sorted(strangers):
            rows = counted[name, load]
            what = f"{rows:,} rows of load {load}, which was broken off; no question sees them"
            yield Finding(table.place, what, is_error=False)
    drops = _drops(store)
    for line in lines or ():
        for entry in line["datasets"] or []:
            if entry["dataset"] in apart:
                continue
            found = counted.get((entry["dataset"], line["load_id"]), 0)
            stays = drops.left_of(
                entry["dataset"], line["load_id"], line["recorded_at"], entry["n_rows"]
            )
            if found not in (entry["n_rows"], stays):
                said = f"its line says {entry['n_rows'] or 0:,}"
                what = f"load {line['load_id']} has {found:,} rows, {said}"
                is_error = line["load_id"] not in forgotten  # of those nobody asks
                yield Finding(store.place / entry["dataset"], what, is_error)
    yield from _kept(store.place / FOLDER)


def _drops(store: Store) -> dropped.Drops:
    """Return what went of old rows; where that can't be read, its own files are told as damaged."""
    try:
        return dropped.known(store)
    except AwayError:
        raise
    except StoreError:
        return dropped.Drops()


def _strays(log: Logbook) -> Iterator[Finding]:
    """Yield what lies beside a log that has never named it, as a writer leaves it that is killed.

    A checkpoint may name what entries do no more that were cleaned away.
    """
    strays = list(log.strays()) if log.is_all and not log.broken else []
    if strays:
        size = sum(each.size for each in strays)
        one = PurePosixPath(strays[0].name).name
        what = f"{len(strays):,} files that no log names, {one} for one, {size:,} bytes"
        yield Finding(log.place, f"{what}; leadline store vacuum deletes them", is_error=False)


def _kept(folder: Home) -> Iterator[Finding]:
    """Hold every kept file against its seal."""
    mend = "delete it, and leadline refresh makes it anew"
    for name in sorted(each.name for each in folder.found()):
        path = folder / name
        try:
            is_whole = seal.holds(folder, name)
        except (OSError, ValueError) as error:
            yield Finding(path, f"it can't be read, {error}; {mend}")
            continue
        if not is_whole:
            why = "nothing says whether it is" if is_whole is None else "it is not"
            yield Finding(path, f"{why} as it was kept; {mend}", is_error=is_whole is False)


def _lines(store: Store) -> tuple[Sequence[Line] | None, list[Finding]]:
    try:
        store.ledger.refresh()
    except AwayError:
        raise
    except StoreError as error:
        place = store.tables["loads"].place
        return None, [Finding(place, f"{_what(place, error)}; no load was counted")]
    return store.ledger.lines, []


def _what(place: Home, error: StoreError) -> str:
    """Return what an error says, without where and without the advice to come here."""
    return str(error).removeprefix(f"{place}: ").removesuffix("; run leadline store verify")


def _file(
    table: Table,
    path: Home,
    local: Path,
    file: dict[str, Any],
    counted: dict[tuple[str, str], int],
) -> Iterator[Finding]:
    import fastparquet

    if local.stat().st_size != file["size"]:
        yield Finding(path, f"{local.stat().st_size:,} bytes, the log says {file['size']:,}")
    elif seal.is_sealed(path.name) and not seal.is_whole(local, path.name):
        yield Finding(path, "its bytes are others than those that its name has the digest of")
    contract = table.contract
    own = contract.stored
    with warnings.catch_warnings(), local.open("rb") as source:
        warnings.simplefilter("ignore")  # it is retired and says so in many ways
        opened = fastparquet.ParquetFile(source)
        lacks: frozenset[str] = getattr(table.path(file), "lacks", frozenset())
        if missing := sorted(own.keys() - lacks - set(opened.columns)):
            yield Finding(path, f"it has no column {', '.join(missing)}")
            return
        own = {name: kind for name, kind in own.items() if name not in lacks}
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
    lies_in = PurePosixPath(file["path"]).parent.name or path.parent.name
    for column, value in file["partition"].items():
        if lies_in != f"{column}={value}":
            yield Finding(path, f"it lies in {lies_in}, the log says {column}={value}")
    yield from _folder(path, file["partition"], bounds.get("known_at"))
    for name in sorted(logged.intersection(plain)):
        said = tuple(map(_plain, file["bounds"][name]))
        if name not in bounds:
            yield Finding(path, f"{name} is empty, the log says {said[0]} to {said[1]}")
        elif (found := tuple(map(_plain, bounds[name]))) != said:
            span, log = (" to ".join(map(str, each)) for each in (found, said))
            yield Finding(path, f"{name} spans {span}, the log says {log}")


def _folder(
    path: Home, partition: dict[str, str | None], known: tuple[Any, Any] | None
) -> Iterator[Finding]:
    """Hold what is in a file against the partition that the log names."""
    for column, value in partition.items():
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
