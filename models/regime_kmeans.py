"""The market's regime by k-means: which of three centres of the past a session is nearest to.

Scaler and centres are of what was known at the refit; centres are put in the order of their
volatility, whatever number they happen to have. How probable a centre is, is that of the mixture of
equal round bells whose sharp limit k-means is.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Fitted, Unfit
from models._regimes import LEAST_SESSIONS, Numbers, measured, missing, of_regime, probable

FITTED = Fitted(
    reads="features.market_regime_inputs",
    measure="regime",
    learns="all",
    least_sessions=LEAST_SESSIONS,
    library=("scikit-learn",),
    extra="models",
    settings={"n_init": 10},
    seed=20_240_301,
)


@dataclass(frozen=True)
class Centres:
    """Three centres in scaled measures, calm first, and the variance around them."""

    names: list[str]
    mean: Numbers
    scale: Numbers
    places: Numbers
    variance: float
    note: str


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Centres:
    """Return scaler and centres."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.preprocessing import StandardScaler

    names, points = measured(given)
    scaler = StandardScaler().fit(points)
    scaled = scaler.transform(points)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            found = KMeans(n_clusters=3, n_init=settings["n_init"], random_state=seed).fit(scaled)
    except ConvergenceWarning:
        raise Unfit("its sessions are of fewer than three kinds") from None
    order = np.argsort(found.cluster_centers_[:, 0], kind="stable")
    shares = np.bincount(found.labels_, minlength=3)[order] / len(scaled)
    said = ", ".join(f"{share:.3f}" for share in shares)
    return Centres(
        names,
        scaler.mean_,
        scaler.scale_,
        found.cluster_centers_[order],
        max(float(found.inertia_) / scaled.size, 1e-12),
        f"{len(points):,} sessions by {', '.join(names)}; calm, normal, stressed: {said}",
    )


def score(fitted: Centres, given: pa.Table) -> Iterator[Row]:
    """Yield which centre each session is nearest to."""
    for line in given.to_pylist():
        if why := missing(line, fitted.names):
            yield why
            continue
        point = np.array([line[name] for name in fitted.names], dtype=float)
        scaled = (point - fitted.mean) / fitted.scale
        squares = ((fitted.places - scaled) ** 2).sum(axis=1)
        chances = np.exp(-(squares - squares.min()) / (2 * fitted.variance))
        yield of_regime(line, **probable(chances / chances.sum(), (0, 1, 2)))
