"""Counts of each set by day, as matrices: a row a set, a column a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadline.backtests.chance import Matrix

COUNTS = ("n_alerts", "n_signals", "n_hits", "n_top", "n_top_hits")
RULE = ("n_trades", "n_losers", "sum_return", "sum_excess", "sum_net", "turnover", "day_return")


@dataclass(frozen=True)
class Base:
    """The days of one label and horizon: how many bars they have, and how many move."""

    label: str
    horizon: str
    days: Sequence[date]
    begins: Mapping[date, datetime]
    known: Mapping[date, datetime]
    n_bars: Matrix
    n_moves: Matrix


def bases(table: pa.Table) -> list[Base]:
    """Return the days of every label and horizon, from rows of backtest.base_days."""
    grouped = table.group_by(["label", "horizon", "session_date"]).aggregate(
        [("n_bars", "sum"), ("n_moves", "sum"), ("begins_at", "min"), ("known_at", "max")]
    )
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in grouped.sort_by("session_date").to_pylist():
        found.setdefault((row["label"], row["horizon"]), []).append(row)
    return [
        Base(
            label,
            horizon,
            [row["session_date"] for row in rows],
            {row["session_date"]: row["begins_at_min"] for row in rows},
            {row["session_date"]: row["known_at_max"] for row in rows},
            np.array([row["n_bars_sum"] for row in rows], dtype=np.float64),
            np.array([row["n_moves_sum"] for row in rows], dtype=np.float64),
        )
        for (label, horizon), rows in sorted(found.items())
    ]


def counts(
    tables: Sequence[pa.Table], days: Sequence[date], names: Sequence[str], **only: str
) -> dict[str, Matrix]:
    """Return sums of columns by set and day, of the rows that are of this label and horizon."""
    known = np.array(days, dtype="datetime64[D]")
    found = {name: np.zeros((len(tables), len(days))) for name in names}
    for number, table in enumerate(tables):
        for column, value in only.items():
            table = table.filter(pc.equal(table[column], value))
        own = _numbers(table["session_date"].cast(pa.int32()), np.int32).astype("datetime64[D]")
        columns = np.searchsorted(known, own)
        is_in = columns < len(known)
        is_in[is_in] = known[columns[is_in]] == own[is_in]
        for name in names:
            values = _numbers(table[name].cast(pa.float64()), np.float64)
            np.add.at(found[name][number], columns[is_in], values[is_in])
    return found


def _numbers(column: pa.ChunkedArray, kind: Any) -> np.ndarray[Any, Any]:
    """Return a column without nulls; pyarrow's own way would import pandas for it."""
    parts = [np.frombuffer(each.buffers()[1], kind)[each.offset :] for each in column.chunks]
    parts = [part[: len(each)] for part, each in zip(parts, column.chunks, strict=True)]
    return np.concatenate(parts) if parts else np.zeros(0, kind)
