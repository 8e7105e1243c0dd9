"""Sessions as features.anomaly_inputs has them, usual ones and such with figures that are odd."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from models._figures import Values

FIGURES = (
    "return_z", "value_z", "offex_ratio_z", "short_sale_z", "offex_balance_z", "blocks_z",
    "calls_z", "puts_z", "net_premium_z", "vol_oi_z", "d_oi_z", "d_iv_z",
)  # fmt: skip
OF_OPTIONS = slice(6, 12)
TOGETHER = 0.3  # how two figures of a session go together
FIRST = date(2023, 1, 2)


def usual(n_rows: int, seed: int, has_options: float = 0.5, tails: int | None = None) -> Values:
    """Return figures of sessions: normal, or of Student's t; so many have options at all."""
    chance = np.random.default_rng(seed)
    n_figures = len(FIGURES)
    alike = np.full((n_figures, n_figures), TOGETHER) + (1 - TOGETHER) * np.eye(n_figures)
    found = chance.standard_normal((n_rows, n_figures)) @ np.linalg.cholesky(alike).T
    if tails is not None:
        found /= np.sqrt(chance.chisquare(tails, (n_rows, n_figures)) / tails)
        found /= np.median(np.abs(found), axis=0) / 0.6745
    found[chance.random(n_rows) >= has_options, OF_OPTIONS] = np.nan
    return found


def odd(n_rows: int, seed: int, n_odd: int, size: float, **background: Any) -> Values:
    """Return such sessions in each of which some figures lie so many robust deviations off."""
    found = usual(n_rows, seed, **background)
    chance = np.random.default_rng(seed + 1)
    for row in found:
        there = np.flatnonzero(~np.isnan(row))
        chosen = chance.choice(there, n_odd, replace=False)
        row[chosen] = size * chance.choice([-1.0, 1.0], n_odd)
    return found


def table(found: Values, n_entities: int = 40) -> pa.Table:
    """Return figures as a model is given them: so many entities a session."""
    of_row = [divmod(place, n_entities) for place in range(len(found))]
    days = [FIRST + timedelta(days=day) for day, _ in of_row]
    told = [datetime(day.year, day.month, day.day, 2, tzinfo=UTC) for day in days]
    columns = {name: pa.array(found[:, k], from_pandas=True) for k, name in enumerate(FIGURES)}
    own = {
        "entity": [f"T{number}" for _, number in of_row], "session_date": days, "known_at": told,
    }  # fmt: skip
    return pa.table({**own, **columns})


def recall(module: Any, fitted: Any, found: Values, threshold: float) -> float:
    """Return which share of sessions scores above a threshold."""
    scores = [row["score"] for row in module.score(fitted, table(found))]
    return float(np.mean([score is not None and score > threshold for score in scores]))
