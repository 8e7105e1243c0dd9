"""What a simple rule earned: its days after costs, and how sure that is after so many tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any

import numpy as np

from leadline.backtests.chance import Matrix, luckiest, probable_sharpe, rounded

SESSIONS_A_YEAR, DAYS_A_YEAR = 252, 365
_LEAST_DAYS = 20  # of fewer, a deviation says little
_NONE = ("mean_day_frac", "sd_day_frac", "skew", "kurtosis", "sharpe_year", "probable_sharpe",
         "deflated_sharpe", "max_drawdown_frac", "turnover_day")  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """What was tried of a detector: how many sets, and the Sharpe ratios a day that are known."""

    n_trials: int
    sharpes: Sequence[float]


def sharpe_day(returns: Matrix) -> float | None:
    """Return mean over deviation of some days; None where they do not differ, or are too few."""
    if returns.size < _LEAST_DAYS:
        return None
    spread = float(returns.std(ddof=1))
    return float(returns.mean()) / spread if spread > 1e-15 else None


def figures(
    returns: Matrix, turnover: Matrix, days: Sequence[date], tried: Tried, *, is_session: bool
) -> dict[str, Any]:
    """Return the figures of a rule's days, or why there are none."""
    said: dict[str, Any] = {"n_days": len(days), "n_trials": tried.n_trials}
    sharpe = sharpe_day(returns)
    if sharpe is None:
        reason = (
            f"{len(days)} days are too few for a Sharpe ratio; it takes {_LEAST_DAYS}"
            if len(days) < _LEAST_DAYS
            else "the rule's days are all alike"
        )
        return {**said, **dict.fromkeys(_NONE), "reason": reason}
    apart = (returns - returns.mean()) / returns.std()
    skew, kurtosis = float((apart**3).mean()), float((apart**4).mean())
    worth = np.concatenate(([1.0], np.cumprod(1 + returns)))
    fall = float((1 - worth / np.maximum.accumulate(worth)).max())
    known = [*tried.sharpes]
    least = luckiest(known, tried.n_trials)
    deflated = None
    if least is not None:
        deflated = probable_sharpe(sharpe, least, len(days), skew, kurtosis)
    year = SESSIONS_A_YEAR if is_session else DAYS_A_YEAR
    return {
        **said,
        "mean_day_frac": rounded(returns.mean(), 12),
        "sd_day_frac": rounded(returns.std(ddof=1), 12),
        "skew": rounded(skew),
        "kurtosis": rounded(kurtosis),
        "sharpe_year": rounded(sharpe * sqrt(year)),
        "probable_sharpe": rounded(probable_sharpe(sharpe, 0, len(days), skew, kurtosis)),
        "deflated_sharpe": rounded(deflated),
        "max_drawdown_frac": rounded(fall),
        "turnover_day": rounded(turnover.mean()),
        "dates": list(days),
        "day_returns": [round(float(each), 12) for each in returns],
        "reason": None
        if deflated is not None
        else "of several sets too few have a Sharpe ratio to deflate by",
    }
