"""The planted-event suite: weeks of open files for any tool, and a key that is kept apart.

Nothing in the files says what was planted; whatever a tool finds in them is scored by the key.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadline.errors import ConfigError, first_line
from leadline.feed import Batch

DRAWN = "planted_week"  # what draws a week, and what reads one
KEY, WEEKS = "events.parquet", "weeks.parquet"


@dataclass(frozen=True)
class Made:
    """One week as it was written."""

    week: str
    n_rows: int
    n_events: int


def make(module: ModuleType, seeds: Sequence[int], folder: Path) -> Iterator[Made]:
    """Write a week of each seed, and the key at last; a week that is there is drawn anew.

    Raises a ConfigError where the folder holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: it is a file; name a folder")
    own = (WEEKS, f"{WEEKS}.part")  # the second is what a kill leaves of the first
    if folder.exists() and {each.name for each in folder.iterdir()}.isdisjoint(own):
        raise ConfigError(f"{folder}: it holds something else; name a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    weeks: list[dict[str, Any]] = []
    events: list[pa.Table] = []
    # It says what the folder is, so that a run that broke off can be made again.
    _write(folder / WEEKS, pa.Table.from_pylist([], _WEEK))
    for seed in seeds:
        week = str(seed)
        told = _told(module.made(seed))
        own = _key(week, told.pop("events"))
        for dataset, table in told.items():
            _write(folder / week / f"{dataset}.parquet", table)
        since, until = module.SPAN
        weeks.append({"week": week, "seed": seed, "since": since, "until": until})
        events.append(own)
        yield Made(week, sum(table.num_rows for table in told.values()), own.num_rows)
    _write(folder / KEY, pa.concat_tables(events))
    _write(folder / WEEKS, pa.Table.from_pylist(weeks, _WEEK))


_MOMENT = pa.timestamp("us", "UTC")
_WEEK = pa.schema(
    {"week": pa.string(), "seed": pa.int64(), "since": _MOMENT, "until": _MOMENT}
)  # fmt: skip


def _told(batches: Iterable[Batch]) -> dict[str, pa.Table]:
    """Return every dataset as one table."""
    parts: dict[str, list[pa.Table]] = {}
    for dataset, rows in batches:
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows))  # type: ignore[arg-type]
        parts.setdefault(dataset, []).append(table)
    return {
        name: pa.concat_tables(tables, promote_options="permissive")
        for name, tables in parts.items()
    }


def _key(week: str, events: pa.Table) -> pa.Table:
    """Return a week's events in the order of time, which says nothing of how they were drawn."""
    events = events.sort_by([("starts_at", "ascending"), ("entity", "ascending")])
    n = events.num_rows
    return pa.table(
        {
            "week": pa.array([week] * n, pa.string()),
            "event_id": pa.array([f"{week}-{place:04d}" for place in range(1, n + 1)]),
            "kind": events["detector"].cast(pa.string()),
            "entity": events["entity"].cast(pa.string()),
            "subject": events["subject"].cast(pa.string()),
            "starts_at": events["starts_at"].cast(_MOMENT),
            "ends_at": events["ends_at"].cast(_MOMENT),
            "size": pc.round(events["size"].cast(pa.float64()), 6),
            "direction": events["direction"].cast(pa.string()),
        }
    )


def _write(path: Path, table: pa.Table) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        pq.write_table(table, part, compression="zstd")
        part.replace(path)
    except OSError as error:
        why = error.strerror or first_line(error)
        raise ConfigError(f"{path}: {why}; make room there, then run this again") from error
