"""How much of a figure chance alone would make: blocks drawn again, and deflated Sharpe ratios."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, e, sqrt
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = NDArray[np.float64]

DRAWS = 1_000
LEAST_BLOCKS = 8  # of fewer, draws repeat one another and say nothing
_EULER = 0.5772156649015329
_NORMAL = NormalDist()


def draws(n_days: int, block: int, seed: int, n_draws: int = DRAWS) -> Matrix | None:
    """Return how often each day stands in each draw: whole blocks of days, drawn in a circle.

    Days within a block stay together, for their labels overlap and their moves hang together.
    None where there are too few blocks.
    """
    if n_days < LEAST_BLOCKS * block:
        return None
    chance = np.random.default_rng(seed)
    n_blocks = ceil(n_days / block)
    starts = chance.integers(0, n_days, size=(n_draws, n_blocks))
    days = (starts[:, :, None] + np.arange(block)) % n_days
    days = days.reshape(n_draws, -1)[:, :n_days]
    counted = np.zeros((n_draws, n_days))
    for row, drawn in zip(counted, days, strict=True):
        row[:] = np.bincount(drawn, minlength=n_days)
    return counted


@dataclass(frozen=True)
class Lift:
    """Ends of 95 % of the draws of a lift, and the chance of so many hits without any skill."""

    low: float | None
    high: float | None
    p_value: float | None


def lifts(
    drawn: Matrix, n_bars: Matrix, n_moves: Matrix, n_signals: Matrix, n_hits: Matrix
) -> list[Lift]:
    """Return the lift of each column of signals and hits, a row a day.

    The p-value asks how far the hits lie above signals times base rate, in deviations that the
    draws show: so neither overlapping labels nor days on which all moves make it small.
    """
    if not n_signals.shape[1]:
        return []
    bars, moves = drawn @ n_bars, drawn @ n_moves
    signals, hits = drawn @ n_signals, drawn @ n_hits
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (hits / signals) / (moves / bars)[:, None]
        base = n_moves.sum() / n_bars.sum()
    over = (hits - signals * base).std(axis=0)
    total = (n_hits - n_signals * base).sum(axis=0)
    told = []
    for column in range(n_signals.shape[1]):
        values = found[:, column]
        values = values[np.isfinite(values)]
        if not values.size:
            told.append(Lift(None, None, None))
            continue
        low, high = np.quantile(values, (0.025, 0.975))
        chance = None
        if over[column] > 0:
            chance = round(1 - _NORMAL.cdf(float(total[column] / over[column])), 9)
        told.append(Lift(rounded(low), rounded(high), chance))
    return told


def mean_ends(drawn: Matrix, sums: Matrix, counts: Matrix) -> tuple[float | None, float | None]:
    """Return the ends of 95 % of the draws of a mean, given sums and counts by day."""
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (drawn @ sums) / (drawn @ counts)
    values = values[np.isfinite(values)]
    if not values.size:
        return None, None
    low, high = np.quantile(values, (0.025, 0.975))
    return rounded(low), rounded(high)


def probable_sharpe(
    sharpe: float, least: float, n_periods: int, skew: float, kurtosis: float
) -> float | None:
    """Return the chance that a true Sharpe ratio is above a least one, all of one period.

    kurtosis is raw, 3 of a normal distribution. None where the moments leave no deviation.
    """
    spread = 1 - skew * sharpe + (kurtosis - 1) / 4 * sharpe**2
    if n_periods < 2 or spread <= 0:
        return None
    return _NORMAL.cdf((sharpe - least) * sqrt(n_periods - 1) / sqrt(spread))


def largest_of(n_trials: int) -> float:
    """Return how large the largest of so many standard normal draws is expected to be."""
    if n_trials < 2:
        return 0.0
    beyond = _NORMAL.inv_cdf(1 - 1 / n_trials), _NORMAL.inv_cdf(1 - 1 / (n_trials * e))
    return (1 - _EULER) * beyond[0] + _EULER * beyond[1]


def luckiest(sharpes: Sequence[float], n_trials: int) -> float | None:
    """Return the Sharpe ratio that the luckiest of so many trials without skill would show.

    None where fewer than two of several trials have one, so that nobody knows how they spread.
    """
    if n_trials < 2:
        return 0.0
    if len(sharpes) < 2:
        return None
    return float(np.std(np.asarray(sharpes), ddof=1)) * largest_of(n_trials)


def rounded(value: Any, digits: int = 9) -> float | None:
    """Return a figure that is the same from run to run, and none where it is no number."""
    return round(float(value), digits) if value is not None and np.isfinite(value) else None
