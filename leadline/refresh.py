"""Stores the partial aggregates of closed days that no file holds yet."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import duckdb

from leadline.clock import BEGINNING, Span, midnight, now
from leadline.errors import StoreError, ViewError, first_line, nearest
from leadline.quote import named
from leadline.warehouse import Warehouse

_SPARED = timedelta(days=1)  # a question that is under way may still read what serves no more


@dataclass(frozen=True)
class Made:
    """One day of one view, now in a file."""

    view: str
    day: date
    n_rows: int
    n_bytes: int


def refresh(
    warehouse: Warehouse,
    moment: datetime,
    views: Sequence[str] | None = None,
    *,
    since: datetime = BEGINNING,
) -> Iterator[Made]:
    """Compute what is missing of the days that are over at a moment, and delete what is outdated.

    Days that begin before `since` are left, and computed whenever they are asked for.

    A day on which another process loads meanwhile is left for the next time.
    """
    for name in views or warehouse.kept:
        if name not in warehouse.kept:
            raise ViewError(f"{name}: it keeps nothing{nearest(name, warehouse.kept)}")
    warehouse.refresh()
    for name in views or warehouse.kept:
        kept = warehouse.kept[name]
        for day in kept.missing(Span(since, moment)):
            if made := _made(warehouse, name, day):
                yield made
        for path in kept.outdated():
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now() - _SPARED:
                path.unlink(missing_ok=True)
    warehouse.look_at_kept()


def _made(warehouse: Warehouse, name: str, day: date) -> Made | None:
    """Write one day's rows into a file, which is whole or not there."""
    begin = midnight(day)
    kept = warehouse.kept[name]
    path = kept.path(day)
    rows = warehouse.ask(name, begin, begin + timedelta(days=1))
    if kept.path(day) != path:
        return None
    part = path.with_name(f"{uuid4()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        wide = [
            column
            for column, kind in zip(rows.columns, rows.types, strict=True)
            if kind == "HUGEINT"
        ]
        whole = ", ".join(
            f"cast({named(each)} as decimal(38, 0)) as {named(each)}" for each in wide
        )
        exact = f" replace ({whole})" if wide else ""
        ordered = rows.project(f"* exclude known_date{exact}").order("all")
        ordered.write_parquet(str(part), compression="zstd")
        os.replace(part, path)
    except (duckdb.IOException, OSError) as error:
        raise StoreError(
            f"{path}: {first_line(error)}; run this again when there is room"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return Made(name, day, _n_rows(path), path.stat().st_size)


def _n_rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)
