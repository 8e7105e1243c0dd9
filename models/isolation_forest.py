"""How quickly chance alone tells a session from others; rule book F4, an isolation forest.

A tree that may cut any of a dozen figures seldom meets the one that is odd: given the figures as
they are, the forest finds 3 of 100 sessions with one figure five deviations off. So it is given how
far they lie: the largest, the second and the third of them, and all together, each as how rare it
were by chance among as many figures, in logarithms. What is missing counts in none of these.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Fitted
from models import _figures
from models._figures import Values

FITTED = Fitted(
    reads="features.anomaly_inputs",
    measure="anomaly",
    learns="252 sessions",
    least_sessions=60,
    library=("scikit-learn", "scipy", "numpy"),
    extra="models",
    settings={"n_estimators": 200, "max_samples": 256, "contamination": "auto"},
    seed=20_240_301,
)

LARGEST = 3  # figures that are told by themselves
SHRINK = 0.1  # of the correlations, towards none, so that a few rows make no figure redundant
CLIPPED = 5.0  # beyond it a value says nothing of correlations
FURTHEST = 500.0  # what is rarer has no number


@dataclass(frozen=True)
class Forest:
    """A forest, how figures go together, and from which score on it is worth an explanation."""

    names: Sequence[str]
    correlations: Values
    trees: Any
    odd_from: float


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Forest:
    """Grow a forest on how far all rows' figures lie."""
    from sklearn.ensemble import IsolationForest

    names = _figures.names(given)
    found = _figures.present(given, names)
    correlations = _correlations(found)
    sizes = distances(found, correlations)
    most = min(settings["max_samples"], len(sizes))
    trees = IsolationForest(**{**settings, "max_samples": most}, random_state=seed).fit(sizes)
    odd_from = float(np.quantile(-trees.score_samples(sizes), _figures.ODD))
    return Forest(names, correlations, trees, odd_from)


def score(fitted: Forest, given: pa.Table) -> Iterator[Row]:
    """Yield each row's score, 0 to 1: larger is told apart in fewer cuts."""
    yield from _figures.rows(
        given, fitted.names, lambda found: _scores(fitted, found), fitted.odd_from
    )


def learned(fitted: Forest, given: pa.Table) -> Values:
    """Return the scores of what was learned from; a tree has seen 256 of these rows at most."""
    return _scores(fitted, _figures.present(given, fitted.names))


def _scores(fitted: Forest, found: Values) -> Values:
    scores: Values = -fitted.trees.score_samples(distances(found, fitted.correlations))
    return scores


def distances(found: Values, correlations: Values) -> Values:
    """Return how rare it is that the largest figures lie so far, and all together; logarithms."""
    from scipy import stats

    there = ~np.isnan(found)
    n_there = there.sum(axis=1)
    sizes = -np.sort(-np.where(there, np.abs(found), 0.0), axis=1)[:, :LARGEST]
    columns = []
    for place in range(sizes.shape[1]):
        tail = 2 * stats.norm.sf(sizes[:, place])
        # That more than so many of the figures lie so far; one of a figure alone is as it is.
        told = stats.binom.logsf(place, np.maximum(n_there, place + 1), tail)
        columns.append(np.where(n_there > place, -told, 0.0))
    columns.append(-stats.chi2.logsf(_squares(found, there, correlations), n_there))
    rarities: Values = np.clip(np.column_stack(columns), 0.0, FURTHEST)
    return rarities


def _squares(found: Values, there: Any, correlations: Values) -> Values:
    """Return squared distances in the figures that are there, as these go together."""
    squares = np.zeros(len(found))
    patterns, of_row = np.unique(there, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        mine = of_row.ravel() == number
        own = found[mine][:, pattern]
        solved = np.linalg.solve(correlations[np.ix_(pattern, pattern)], own.T)
        squares[mine] = np.einsum("ij,ji->i", own, solved)
    return squares


def _correlations(found: Values) -> Values:
    """Return how figures go together, those that are missing as if they were usual."""
    plain = np.clip(np.nan_to_num(found, nan=0.0), -CLIPPED, CLIPPED)
    scale = np.sqrt((plain**2).sum(axis=0))
    product = plain / np.where(scale > 0, scale, 1.0)
    correlations: Values = (1 - SHRINK) * (product.T @ product) + SHRINK * np.eye(len(scale))
    np.fill_diagonal(correlations, 1.0)
    return correlations
