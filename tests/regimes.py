"""Markets that are made up, whose regimes are known."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leadline.feed import Row

FIRST = date(2018, 1, 1)
Numbers = npt.NDArray[np.float64]


def two_states(n: int, ratio: float, seed: int, stay: float = 0.98) -> tuple[Any, Numbers]:
    """Return which of two states each session is in, and its return; the second is wilder."""
    chance = np.random.default_rng(seed)
    switches = chance.random(n) > stay
    states = np.cumsum(switches) % 2
    returns = chance.standard_normal(n) * np.where(states == 1, 0.006 * ratio, 0.006)
    return states, returns


def garch(n: int, alpha: float, beta: float, seed: int) -> Numbers:
    """Return returns whose variance is 1 percent squared in the long run."""
    chance = np.random.default_rng(seed).standard_normal(n)
    variance, found = 1.0, []
    for each in chance:
        found.append(each * variance**0.5)
        variance = (1 - alpha - beta) + alpha * found[-1] ** 2 + beta * variance
    return np.array(found) / 100


def table(returns: Numbers, entity: str = "market", /, **given: Any) -> pa.Table:
    """Return returns as features.regime_inputs tells them, a session a day."""
    n = len(returns)
    days = [FIRST + timedelta(days=k) for k in range(n)]
    squares = np.concatenate([[0.0], np.cumsum(returns**2)])
    sums = np.concatenate([[0.0], np.cumsum(returns)])
    columns: dict[str, Any] = {
        "entity": [entity] * n,
        "session_date": pa.array(days, pa.date32()),
        "known_at": pa.array(
            [datetime(d.year, d.month, d.day, 2, tzinfo=UTC) + timedelta(days=1) for d in days],
            pa.timestamp("us", "UTC"),
        ),
        "basis": ["symbol"] * n,
        "return_log": returns,
        "rv20": _past(n, 20, lambda a, b: (252 * (squares[b] - squares[a]) / 20) ** 0.5),
        "return_20d_frac": _past(n, 20, lambda a, b: np.exp(sums[b] - sums[a]) - 1),
        "vol_ratio": _past(
            n, 60,
            lambda a, b: ((squares[b] - squares[b - 5]) * 12 / (squares[b] - squares[a])) ** 0.5
            if squares[b] > squares[a]
            else None,
        ),
        "mean_correlation": pa.nulls(n, pa.float64()),
    }  # fmt: skip
    return pa.table({**columns, **given})


def _past(n: int, length: int, of: Callable[[int, int], Any]) -> pa.Array:
    said = [None if k < length - 1 else of(k + 1 - length, k + 1) for k in range(n)]
    return pa.array(said, pa.float64())


def told(module: ModuleType, fitted: Any, rows: pa.Table, first: int, before: int) -> Iterator[Row]:
    """Yield what a model says of each session from one on, given those before it, as is run."""
    for k in range(first, len(rows)):
        start = max(0, k - before)
        given = rows.slice(start, k + 1 - start)
        day = rows["session_date"][k].as_py()
        yield from (row for row in module.score(fitted, given) if row["session_date"] == day)
