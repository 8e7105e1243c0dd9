"""Holds two models against each other: the same sessions and labels, and as many alerts.

Each month has its own cut, for scores of two fits are of two scales; so neither may tell more than
the other. What chance does is drawn from whole sessions, whose stocks move together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leadline.errors import QueryError, nearest
from leadline.quote import quoted
from leadline.warehouse import Warehouse

LABELS = ("sigma_2", "sigma_3", "percentile_95", "percentile_99", "donoho_rise", "events")
VIEW = "backtest.model_labels"
SEED = 20_240_301
_DRAWS = 1_000
_SCHEMA = {
    "model": pa.string(), "role": pa.string(), "label": pa.string(), "horizon": pa.string(),
    "n": pa.int64(), "n_positive": pa.int64(), "base_rate": pa.float64(), "n_alerts": pa.int64(),
    "precision": pa.float64(), "recall": pa.float64(), "f1": pa.float64(), "fpr": pa.float64(),
    "lift": pa.float64(), "auc": pa.float64(),
}  # fmt: skip
Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Compared:
    """A line for each model, and how much more precise the second is, with its 95 % interval."""

    lines: pa.Table
    difference: float
    low: float
    high: float

    @property
    def better(self) -> int | None:
        """Which of the two is more precise beyond what chance does; None is neither."""
        return 1 if self.low > 0 else 0 if self.high < 0 else None


def compare(
    warehouse: Warehouse,
    models: Sequence[str],
    since: datetime,
    until: datetime,
    *,
    label: str = "sigma_2",
    horizon: str = "5 sessions",
    rate: float = 0.01,
) -> Compared:
    """Compare two models on what both scored; rate is the share of sessions that each may alarm.

    A QueryError says what there is to compare where these have nothing in common.
    """
    if label not in LABELS:
        raise QueryError(f"--label: '{label}' is none{nearest(label, LABELS)}")
    if not 0 < rate < 1:
        raise QueryError(f"--rate: it is {rate:g}; it takes a share of sessions, as 0.01")
    given = _shared(warehouse, models, since, until, label, horizon)
    positive = given["is_true"].to_numpy(zero_copy_only=False).astype(bool)
    days = np.array(given["session_date"].to_pylist(), dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    if not 0 < positive.sum() < len(positive):
        every = "every" if positive.all() else "no"
        raise QueryError(
            f"{label}: {every} one of {len(positive):,} sessions is true, so nothing tells them "
            f"apart; take another --label, or widen --since and --until"
        )
    roles = dict(warehouse.ask("curated.model_roles", since, until).fetchall())
    lines, alerted = [], []
    for place, model in enumerate(models):
        scores = given[f"score_{place}"].to_numpy()
        cut, ranks = _cut(scores, months, rate)
        alerted.append(cut)
        own = {"model": model, "role": roles.get(model, "champion"), "label": label}
        shown = None if label == "events" else horizon
        lines.append(
            {**own, "horizon": shown, **figures(cut, positive), "auc": auc(ranks, positive)}
        )
    difference = lines[1]["precision"] - lines[0]["precision"]
    low, high = _by_chance(alerted, positive, days)
    schema = pa.schema(list(_SCHEMA.items()))
    rounded = [
        {name: round(v, 6) if isinstance(v, float) else v for name, v in line.items()}
        for line in lines
    ]
    return Compared(pa.Table.from_pylist(rounded, schema), difference, low, high)


def figures(alerted: Numbers, positive: Numbers) -> dict[str, Any]:
    """Return what alerts are worth; lift is precision over what chance finds."""
    n, n_positive, n_alerts = len(positive), int(positive.sum()), int(alerted.sum())
    hits = int((alerted & positive).sum())
    precision, recall, base = hits / n_alerts, hits / n_positive, n_positive / n
    return {
        "n": n, "n_positive": n_positive, "base_rate": base, "n_alerts": n_alerts,
        "precision": precision, "recall": recall, "fpr": (n_alerts - hits) / (n - n_positive),
        "f1": 2 * hits / (n_alerts + n_positive), "lift": precision / base,
    }  # fmt: skip


def auc(scores: Numbers, positive: Numbers) -> float:
    """Return how often a true session has the higher score of two; equal ones count half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n_positive = int(positive.sum())
    total = ranks[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(total / (n_positive * (len(positive) - n_positive)))


def _shared(
    warehouse: Warehouse,
    models: Sequence[str],
    since: datetime,
    until: datetime,
    label: str,
    horizon: str,
) -> pa.Table:
    """Return the sessions that both scored and that have this label, in one order."""
    fitted = [
        name
        for (name,) in warehouse.ask("curated.model_roles", since, until).select("model").fetchall()
    ]
    for model in models:
        if model not in fitted:
            has = f"; fitted are {', '.join(sorted(fitted))}" if fitted else "; none is fitted yet"
            raise QueryError(f"{model}: no such model was fitted{nearest(model, fitted) or has}")
    if models[0] == models[1]:
        raise QueryError(f"{models[0]}: it is as good as itself; name two models")
    of_label = f"label = {quoted(label)}"
    if label != "events":
        of_label += f" and horizon = {quoted(horizon)}"
    asked = warehouse.ask(VIEW, since, until).filter(of_label)
    keys = "entity, session_date"
    sides = [
        asked.filter(f"model = {quoted(model)}").select(
            f"{keys}, is_true, score as score_{place}"
            if place == 0
            else f"{keys}, score as score_1"
        )
        for place, model in enumerate(models)
    ]
    left, right = (side.to_arrow_table() for side in sides)
    found = left.join(right, ["entity", "session_date"], join_type="inner")
    if not len(found):
        raise QueryError(
            f"{' and '.join(models)}: they scored no session of this span that has the label "
            f"{label}{'' if label == 'events' else f' in {horizon}'}; widen --since and --until"
        )
    return found.sort_by([("session_date", "ascending"), ("entity", "ascending")])


def _cut(scores: Numbers, months: Numbers, rate: float) -> tuple[Numbers, Numbers]:
    """Return which sessions are alarmed, the highest of each month, and each one's rank in it."""
    alerted, ranks = np.zeros(len(scores), dtype=bool), np.zeros(len(scores))
    for month in np.unique(months):
        own = np.flatnonzero(months == month)
        in_order = own[np.argsort(-scores[own], kind="stable")]
        alerted[in_order[: max(1, round(rate * len(own)))]] = True
        values = scores[own]
        below = np.searchsorted(np.sort(values), values, "left")
        up_to = np.searchsorted(np.sort(values), values, "right")
        ranks[own] = (below + up_to) / (2 * len(own))
    return alerted, ranks


def _by_chance(alerted: Sequence[Numbers], positive: Numbers, days: Numbers) -> tuple[float, float]:
    """Return the interval of the second's precision less the first's, over sessions drawn anew."""
    _, place = np.unique(days, return_inverse=True)
    n_days = int(place.max()) + 1
    sums = [
        np.bincount(place, weights=weights, minlength=n_days)
        for cut in alerted
        for weights in (cut & positive, cut)
    ]
    chance = np.random.default_rng(SEED)
    drawn = chance.multinomial(n_days, np.full(n_days, 1 / n_days), size=_DRAWS)
    hits_0, n_0, hits_1, n_1 = (drawn @ each for each in sums)
    told = (n_0 > 0) & (n_1 > 0)
    if not told.any():
        return float("-inf"), float("inf")
    apart = hits_1[told] / n_1[told] - hits_0[told] / n_0[told]
    low, high = np.quantile(apart, [0.025, 0.975])
    return float(low), float(high)
