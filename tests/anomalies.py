"""Features of many stocks that are made up, with anomalies of known size put into some rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

FIRST = date(2023, 1, 2)
Numbers = npt.NDArray[np.float64]


def usual(
    n_entities: int, n_sessions: int, n_features: int, seed: int, *, keeps: float = 0.0
) -> Numbers:
    """Return features of sessions by entities: three things behind them, and noise of their own.

    keeps: how much of a session's things is there in the next one.
    """
    chance = np.random.default_rng(seed)
    behind = chance.standard_normal((n_sessions, n_entities, 3))
    for turn in range(1, n_sessions):
        fresh = (1 - keeps**2) ** 0.5
        behind[turn] = keeps * behind[turn - 1] + fresh * behind[turn]
    weights = chance.standard_normal((3, n_features))
    noise = chance.standard_normal((n_sessions, n_entities, n_features))
    own = (behind @ weights) / (weights**2).sum(axis=0) ** 0.5
    return np.asarray(0.8 * own + 0.6 * noise)


def table(values: Numbers, share_told: float = 1.0, seed: int = 0) -> pa.Table:
    """Return features as features.anomaly_inputs tells them; some of them are null."""
    n_sessions, n_entities, n_features = values.shape
    chance = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range(n_sessions)]
    every = [day for day in days for _ in range(n_entities)]
    flat = values.reshape(-1, n_features)
    gone = chance.random(flat.shape) >= share_told
    known = [datetime(d.year, d.month, d.day, 2, tzinfo=UTC) + timedelta(days=1) for d in every]
    columns: dict[str, Any] = {
        "entity": [f"S{n:03}" for n in range(n_entities)] * n_sessions,
        "session_date": pa.array(every, pa.date32()),
        "known_at": pa.array(known, pa.timestamp("us", "UTC")),
        "n_features": pa.array((~gone).sum(axis=1), pa.int64()),
    }
    for n in range(n_features):
        columns[f"f{n}_z"] = pa.array(flat[:, n], mask=gone[:, n])
    return pa.table(columns)


def planted(values: Numbers, rows: Any, n_loud: int, size: float, seed: int) -> Numbers:
    """Return features with some of the last session's moved by so many robust deviations."""
    chance = np.random.default_rng(seed)
    found = values.copy()
    spread = 1.4826 * np.median(np.abs(values - np.median(values, axis=(0, 1))), axis=(0, 1))
    for row in rows:
        which = chance.choice(values.shape[2], n_loud, replace=False)
        found[-1, row, which] += chance.choice([-1, 1], n_loud) * size * spread[which]
    return found
