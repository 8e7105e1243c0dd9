"""The market's regime by density: HDBSCAN finds as many crowds of sessions as there are.

A crowd's place is that of its own median volatility among all sessions learned from, cut as
features.volatility_regime cuts: so places follow volatility whatever number a crowd has, and two
crowds may share one. A session in no crowd is unassigned, which this method says often.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Fitted, Unfit
from models._regimes import (
    LEAST_SESSIONS,
    UNASSIGNED,
    Numbers,
    measured,
    missing,
    of_regime,
)

FITTED = Fitted(
    reads="features.market_regime_inputs",
    measure="regime",
    learns="all",
    least_sessions=LEAST_SESSIONS,
    library=("hdbscan", "scikit-learn"),
    extra="models",
    # A crowd is a month of sessions at least: of the library's 5 there are dozens.
    settings={"min_cluster_size": 21, "min_samples": 5},
)
CUTS = (0.5, 0.85)  # rule book F3


@dataclass(frozen=True)
class Crowds:
    """Crowds in scaled measures, each with its place among calm, normal and stressed."""

    names: list[str]
    mean: Numbers
    scale: Numbers
    found: Any
    places: list[int]
    note: str


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Crowds:
    """Return scaler and crowds; it takes no chance, so no seed either."""
    import hdbscan
    from sklearn.preprocessing import StandardScaler

    names, points = measured(given)
    scaler = StandardScaler().fit(points)
    found = hdbscan.HDBSCAN(
        min_cluster_size=settings["min_cluster_size"],
        min_samples=settings["min_samples"],
        prediction_data=True,
        core_dist_n_jobs=1,
    ).fit(scaler.transform(points))
    n_crowds = int(found.labels_.max()) + 1
    if not n_crowds:
        raise Unfit(f"no crowd of {settings['min_cluster_size']} sessions stands out")
    volatility = points[:, 0]
    places = []
    for crowd in range(n_crowds):
        middle = np.median(volatility[found.labels_ == crowd])
        rank = float((volatility < middle).mean() + (volatility <= middle).mean()) / 2
        places.append(sum(rank >= cut for cut in CUTS))
    alone = float((found.labels_ == UNASSIGNED).mean())
    return Crowds(
        names,
        scaler.mean_,
        scaler.scale_,
        found,
        places,
        f"{len(points):,} sessions by {', '.join(names)}; {n_crowds} crowds, {alone:.3f} in none",
    )


def score(fitted: Crowds, given: pa.Table) -> Iterator[Row]:
    """Yield which crowd each session falls into, and how firmly."""
    import hdbscan

    lines = []
    for line in given.to_pylist():
        if why := missing(line, fitted.names):
            yield why
        else:
            lines.append(line)
    if not lines:
        return
    points = np.array([[line[name] for name in fitted.names] for line in lines], dtype=float)
    scaled = (points - fitted.mean) / fitted.scale
    labels, strengths = hdbscan.approximate_predict(fitted.found, scaled)
    for line, label, strength in zip(lines, labels, strengths, strict=True):
        if label == UNASSIGNED:
            yield of_regime(line, score=float(UNASSIGNED), parts={"crowd": UNASSIGNED})
        else:
            said = {"crowd": int(label), "strength": round(float(strength), 9)}
            yield of_regime(
                line,
                score=float(fitted.places[label]),
                probability=min(1.0, float(strength)),
                parts=said,
            )
