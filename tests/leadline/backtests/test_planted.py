"""Known events are counted by size, for the detector whose alerts are measured alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from leadline.backtests import grid
from leadline.backtests.bench import Told
from leadline.backtests.planted import planted
from tests.moving_desk import moving_desk

BEGIN = datetime(2024, 3, 5, 15, tzinfo=UTC)
NOTHING = pa.table({})


def match(outcome: str, size: float | None, detector: str = "prices.mark") -> dict[str, Any]:
    is_alert = outcome in ("found", "false")
    return {
        "detector": detector, "outcome": outcome, "size": size,
        "starts_at": None if outcome == "false" else BEGIN,
        "ends_at": None if outcome == "false" else BEGIN + timedelta(hours=1),
        "alert_key": "k" if is_alert else None,
        "alerted_at": BEGIN + timedelta(days=1) if is_alert else None,
        "delay_s": 60.0 if outcome == "found" else None,
    }  # fmt: skip


def test_events_are_counted_by_size_and_false_alerts_for_all(tmp_path: Path) -> None:
    catalog = moving_desk(tmp_path / "desk").catalog()
    (trial,) = grid.trials(catalog, grid.versions(catalog, "prices.mark"), {}, {})
    found = [
        match("found", 2), match("missed", 2), match("missed", 1), match("false", None),
        match("missed", 1, "options.sweep"),
    ]  # fmt: skip

    rows = planted([trial], [Told(2, NOTHING, NOTHING, NOTHING, pa.Table.from_pylist(found))])

    counted = [
        tuple(row[name] for name in ("slice", "n_moves", "n_hits", "n_signals", "n_days"))
        for row in rows
    ]
    assert counted == [("all", 3, 1, 2, 2), ("1", 1, 0, 0, 2), ("2", 2, 1, 1, 2)]
    assert [row["n_alerts"] for row in rows] == [2, None, None]
    assert [row["median_delay_s"] for row in rows] == [60.0, None, 60.0]
    assert planted([trial], [Told(2, NOTHING, NOTHING, NOTHING)]) == []
