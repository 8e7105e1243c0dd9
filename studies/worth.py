"""What alerts are worth beside all moves of the same prices; intervals are by blocks of days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import erfc, isnan, nan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

DRAWS = 2_000
BLOCK = 5  # sessions that are drawn together at least, for what is in a week belongs together
FEW = 10  # signals, and sessions with one: of fewer there is no interval and no verdict

Ends = tuple[float, float]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Worth:
    """One detector and horizon on one set of real prices."""

    data: str
    detector: str
    horizon: str
    n: int  # signals: alerts of one entity and bar are one
    n_days: int  # sessions with one
    n_labelled: int  # of the signals those that are known to be hits, or not
    base: float  # share of all moves that are hits
    precision: float
    precision_ends: Ends
    recall: float  # share of all hits with a signal before
    fpr: float  # share of all others with a signal before
    lift: float
    lift_ends: Ends
    p_lift: float  # of a lift of one, two-sided
    mean: float  # of the return after the next bar, the way it said, without the set's drift
    mean_ends: Ends
    p_mean: float  # of no return, two-sided

    @property
    def is_few(self) -> bool:
        """Say whether it fired too seldom for a verdict."""
        return self.n_days < FEW


def worth(
    data: str,
    detector: str,
    horizon: str,
    outcomes: pl.DataFrame,
    moves: pl.DataFrame,
    label: str,
    seed: int,
) -> Worth:
    """Hold closed outcomes of one detector and horizon against all moves of that horizon."""
    signals = outcomes.sort("fired_at", "alert_key").unique(
        ("security_id", "place"), keep="first", maintain_order=True
    )
    drift = _number(moves["return_frac"].mean())
    sign = pl.when(pl.col("direction") == "bear").then(-1).otherwise(1)
    is_known, is_hit = pl.col(label).is_not_null(), pl.col(label).fill_null(False)
    days = moves.group_by("place").agg(n=is_known.sum(), n_hits=is_hit.sum())
    fired = signals.group_by("place").agg(
        n_fired=pl.len(),
        n_told=is_known.sum(),
        n_right=is_hit.sum(),
        gain=(sign * (pl.col("next_return_frac") - drift)).sum(),
    )
    rows = days.join(fired, on="place", how="left").fill_null(0).sort("place")
    names = ("n", "n_hits", "n_told", "n_right", "n_fired", "gain")
    figures = [rows[name].cast(pl.Float64).to_numpy() for name in names]
    n, hits, told, right, fires, gain = figures
    length = max(BLOCK, *moves["n_bars"].cast(pl.Int64).to_list())
    sums = [_drawn(each, length, seed) for each in figures]
    with np.errstate(divide="ignore", invalid="ignore"):
        precisions = sums[3] / sums[2]
        lifts = precisions / (sums[1] / sums[0])
        means = sums[5] / sums[4]
    base, precision = _over(hits, n), _over(right, told)
    lift, mean = precision / base if base else nan, _over(gain, fires)
    return Worth(
        data, detector, horizon, int(fires.sum()), int((fires > 0).sum()), int(told.sum()), base,
        precision, _ends(precisions), _over(right, hits), _over(told - right, n - hits),
        lift, _ends(lifts), _p(lift - 1, lifts), mean, _ends(means), _p(mean, means),
    )  # fmt: skip


def with_q(found: Sequence[Worth]) -> Iterator[tuple[Worth, float, float]]:
    """Yield each with its two p corrected over all verdicts together; nan where it has none."""
    from scipy.stats import false_discovery_control

    flat = [p for each in found for p in (each.p_lift, each.p_mean)]
    kept = [
        place
        for place, p in enumerate(flat)
        if not isnan(p) and not found[place // 2].is_few
    ]  # fmt: skip
    q = np.full(len(flat), nan)
    if kept:
        q[kept] = false_discovery_control([flat[place] for place in kept])
    for place, each in enumerate(found):
        yield each, float(q[2 * place]), float(q[2 * place + 1])


def _drawn(values: Floats, length: int, seed: int) -> Floats:
    """Return the sum of many draws of the days, in blocks that go around the end."""
    n = len(values)
    chance = np.random.default_rng(seed)
    starts = chance.integers(0, n, (DRAWS, -(-n // length)))
    ring = (
        np.concatenate([values, values[: length - 1]])
        if n >= length
        else np.resize(values, 2 * length)
    )
    blocks = np.convolve(ring, np.ones(length), "valid")[:n]
    return np.asarray(blocks[starts].sum(axis=1))


def _over(part: Floats, whole: Floats) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() else nan


def _ends(values: Floats) -> Ends:
    kept = values[np.isfinite(values)]
    if not len(kept):
        return nan, nan
    low, high = np.quantile(kept, [0.025, 0.975])
    return float(low), float(high)


def _p(found: float, values: Floats) -> float:
    """Return the two-sided p of nothing, by the spread of the draws."""
    kept = values[np.isfinite(values)]
    spread = float(kept.std()) if len(kept) else 0.0
    return erfc(abs(found) / spread / sqrt(2)) if spread and not isnan(found) else nan


def _number(value: Any) -> float:
    return float(value) if value is not None else 0.0
