"""Known events that the alerts of a set found, counted by the size of the events."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from leadline.backtests.bench import Told
from leadline.backtests.chance import rounded
from leadline.backtests.grid import Trial
from leadline.clock import Span
from leadline.quote import literal
from leadline.warehouse import Warehouse

LABEL, HORIZON = "events", "event"
Row = dict[str, Any]


def with_events(house: Warehouse, span: Span) -> frozenset[str]:
    """Return every detector that an event of the span is of."""
    if "backtest.matches" not in house.catalog.views:
        return frozenset()
    within = f"starts_at >= {literal(span.since)} and ends_at < {literal(span.until)}"
    events = house.ask("raw.events", span.since, span.until)
    names = events.filter(f"not is_gone and detector is not null and {within}")
    return frozenset(name for (name,) in names.aggregate("detector").fetchall())


def planted(trials: Sequence[Trial], told: Sequence[Told]) -> list[Row]:
    """Return the counts of events of each set that has some, of all sizes and of each."""
    rows = []
    for trial, each in zip(trials, told, strict=True):
        if each.matches is not None:
            known = each.matches.to_pylist()  # of all detectors, though this one's alerts alone
            rows += _counted(trial, [row for row in known if row["detector"] == trial.view.id])
    return rows


def _counted(trial: Trial, matches: Sequence[Row]) -> list[Row]:
    events = [row for row in matches if row["outcome"] in ("found", "missed")]
    if not events:
        return []
    n_false = sum(row["outcome"] == "false" for row in matches)
    n_alerts = sum(row["alert_key"] is not None for row in matches)
    first = min(row["starts_at"] or row["alerted_at"] for row in matches)
    last = max(row["ends_at"] or row["alerted_at"] for row in matches)
    of_all = {"n_alerts": n_alerts, "n_days": (last.date() - first.date()).days + 1}
    rows = [{**_row(trial, events, n_false), **of_all, "slice_kind": "all", "slice": "all"}]
    for size in sorted({row["size"] for row in events if row["size"] is not None}):
        own = [row for row in events if row["size"] == size]
        found = {**_row(trial, own, 0), **of_all, "n_alerts": None}
        rows.append({**found, "slice_kind": "size", "slice": f"{size:g}"})
    return rows


def _row(trial: Trial, events: Sequence[Row], n_false: int) -> Row:
    delays = [row["delay_s"] for row in events if row["outcome"] == "found"]
    return {
        "detector": trial.view.id, "version": trial.view.version, "trial": trial.number,
        "fingerprint": trial.fingerprint, "params": trial.said, "label": LABEL,
        "horizon": HORIZON, "n_moves": len(events), "n_hits": len(delays),
        "n_signals": len(delays) + n_false,
        "median_delay_s": rounded(np.median(delays), 6) if delays else None,
    }  # fmt: skip
