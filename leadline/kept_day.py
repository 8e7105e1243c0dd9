"""Writes the files of kept days: a file is whole, or it is not there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from leadline import seal
from leadline.clock import midnight
from leadline.errors import StoreError, first_line
from leadline.home import Home
from leadline.quote import named, quoted
from leadline.warehouse import Warehouse


@dataclass(frozen=True)
class Made:
    """One day of one view, now in a file."""

    view: str
    day: date
    n_rows: int
    n_bytes: int


def store(warehouse: Warehouse, view: str, day: date) -> Made | None:
    """Write one day's rows into a file; return None where another process loads meanwhile."""
    kept = warehouse.kept[view]
    path = kept.path(day)
    rows = warehouse.ask(view, midnight(day), midnight(day) + timedelta(days=1))
    if kept.path(day) != path:
        return None
    wide = [
        column for column, kind in zip(rows.columns, rows.types, strict=True) if kind == "HUGEINT"
    ]
    whole = ", ".join(f"cast({named(each)} as decimal(38, 0)) as {named(each)}" for each in wide)
    exact = f" replace ({whole})" if wide else ""
    made = Made(view, day, 0, 0)

    def make(part: Path) -> None:
        nonlocal made
        rows.project(f"*{exact}").order("all").write_parquet(str(part), compression="zstd")
        made = Made(view, day, _n_rows(part), part.stat().st_size)

    _write(kept.folder, path, make)
    return made


def join(
    con: duckdb.DuckDBPyConnection, folder: Home, whole: Home, days: Mapping[date, Home]
) -> None:
    """Write days of one month that lie in several files into one."""
    by_path: dict[Home, list[date]] = {}
    for day, path in days.items():
        by_path.setdefault(path, []).append(day)
    pieces = (
        f"from read_parquet({quoted(str(path))}, hive_partitioning = false) "
        f"where known_date in ({', '.join(f'date {quoted(str(day))}' for day in own)})"
        for path, own in by_path.items()
    )

    def make(part: Path) -> None:
        con.execute(
            f"copy (from ({' union all '.join(pieces)}) order by all) "
            f"to {quoted(str(part))} (format parquet, compression zstd)"
        )

    _write(folder, whole, make)


def _write(folder: Home, path: Home, make: Callable[[Path], object]) -> None:
    """Let a file of a folder be made, with its seal, which is there first: a kill may follow."""

    def sealed(part: Path) -> None:
        make(part)
        seal.lay(folder, path.name, part)

    try:
        folder.write(path.name, sealed)
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            f"{path}: {first_line(error)}; run this again with more --memory or fewer --workers"
        ) from error
    except (duckdb.IOException, OSError) as error:
        raise StoreError(
            f"{path}: {first_line(error)}; run this again when there is room"
        ) from error


def _n_rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)
