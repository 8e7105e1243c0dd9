"""How much emptier it is around a session than around its neighbours; rule book F4.

A missing figure is taken as usual, and that it is missing is a coordinate beside it. A row that was
learned from is its own nearest neighbour, so its score is the one it had among the others; it is
never scored anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Fitted, Unfit
from models import _figures
from models._figures import Values

FITTED = Fitted(
    reads="features.anomaly_inputs",
    measure="anomaly",
    learns="252 sessions",
    least_sessions=60,
    library=("scikit-learn", "scipy", "numpy"),
    extra="models",
    # Of more rows a choice by chance is learned: neighbours of 10,000 take seconds to find.
    settings={"n_neighbors": 20, "most_rows": 10_000},
    seed=20_240_301,
)


@dataclass(frozen=True)
class Neighbours:
    """Rows and their density, and from which score on one is worth an explanation."""

    names: Sequence[str]
    near: Any
    odd_from: float


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Neighbours:
    """Learn how dense it is around each row."""
    from sklearn.neighbors import LocalOutlierFactor

    names = _figures.names(given)
    found = _figures.present(given, names)
    if len(found) <= settings["n_neighbors"]:
        raise Unfit(f"{len(found)} rows have no {settings['n_neighbors']} neighbours")
    if len(found) > settings["most_rows"]:
        chosen = np.random.default_rng(seed).choice(len(found), settings["most_rows"], False)
        found = found[np.sort(chosen)]
    near = LocalOutlierFactor(n_neighbors=settings["n_neighbors"], novelty=True)
    near.fit(_told(found))
    return Neighbours(names, near, float(np.quantile(_own(near), _figures.ODD)))


def score(fitted: Neighbours, given: pa.Table) -> Iterator[Row]:
    """Yield each row's factor: 1 is as dense as around its neighbours, larger is lonelier."""
    yield from _figures.rows(
        given, fitted.names, lambda found: _scores(fitted, found), fitted.odd_from
    )


def learned(fitted: Neighbours, given: pa.Table) -> Values:
    """Return what each row that was learned from had among the others."""
    return _own(fitted.near)


def _scores(fitted: Neighbours, found: Values) -> Values:
    scores: Values = -fitted.near.score_samples(_told(found))
    return scores


def _own(near: Any) -> Values:
    scores: Values = -near.negative_outlier_factor_
    return scores


def _told(found: Values) -> Values:
    """Return figures with 0 for what is missing, and whether it is."""
    return np.hstack([np.nan_to_num(found, nan=0.0), np.isnan(found).astype(float)])
