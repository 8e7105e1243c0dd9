"""What models of odd sessions share: the figures that they learn, and how a score is explained.

A figure that is missing is taken as its median, which of a modified z is 0; that it is missing is
told beside it, or left out of what is counted, as each model says. A figure that hardly ever was
there is not learned, for the first time it comes would look odd by itself.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Unfit

LEAST_VALUES = 60  # of a figure, below which nothing is known of it
LEAST_ROWS = 100  # below it a tail is a handful of rows
ODD = 0.97  # the share of what was learned from below which a score needs no explanation
MOST_PARTS = 5

Values = np.ndarray[Any, np.dtype[np.float64]]
Scoring = Callable[[Values], Values]


def names(given: pa.Table) -> list[str]:
    """Return the figures that can be learned; Unfit where there are none, or too few rows."""
    told = [name for name in given.column_names if name.endswith("_z")]
    found = [name for name in told if _is_told(given, name)]
    if not found:
        raise Unfit(f"none of {len(told)} figures has {LEAST_VALUES} values that differ")
    n_rows = int(np.any(~np.isnan(values(given, found)), axis=1).sum())
    if n_rows < LEAST_ROWS:
        raise Unfit(f"{n_rows} of the {LEAST_ROWS} rows that it needs have a figure")
    return found


def values(given: pa.Table, figures: Sequence[str]) -> Values:
    """Return figures as columns, NaN where one is missing."""
    columns = [given[name].to_numpy().astype(float) for name in figures]
    return np.column_stack(columns) if columns else np.empty((len(given), 0))


def present(given: pa.Table, figures: Sequence[str]) -> Values:
    """Return the values of the rows that have a figure at all."""
    found = values(given, figures)
    return found[np.any(~np.isnan(found), axis=1)]


def rows(
    given: pa.Table, figures: Sequence[str], scoring: Scoring, odd_from: float
) -> Iterator[Row]:
    """Yield a row of model_scores for each of a session; the odd ones say what makes them so."""
    found = values(given, figures)
    has = np.any(~np.isnan(found), axis=1)
    scores = np.full(len(found), np.nan)
    if has.any():
        scores[has] = scoring(found[has])
    odd = np.flatnonzero(scores >= odd_from)
    parts = dict(zip(odd.tolist(), _parts(found[odd], scores[odd], figures, scoring), strict=True))
    plain = given.select(["entity", "session_date", "known_at"]).to_pylist()
    for place, line in enumerate(plain):
        told = {**line, "measure": "anomaly"}
        if has[place]:
            yield {**told, "score": float(scores[place]), "parts": parts.get(place)}
        else:
            yield {**told, "score": None, "reason": "no figure that it has learned"}


def _parts(
    found: Values, scores: Values, figures: Sequence[str], scoring: Scoring
) -> Iterator[str]:
    """Yield of each row the figures without which it would score lower, were they usual."""
    if not len(found):
        return
    n_figures = len(figures)
    others = np.repeat(found, n_figures, axis=0)
    of_figure = np.tile(np.arange(n_figures), len(found))
    line = np.arange(len(others))
    others[line, of_figure] = np.where(np.isnan(others[line, of_figure]), np.nan, 0.0)
    adds = np.round(scores[:, None] - scoring(others).reshape(len(found), n_figures), 6)
    for own, more in zip(found, adds, strict=True):
        most = sorted((-more[place], place) for place in range(n_figures) if more[place] > 0)
        told = {
            figures[place]: {"z": round(float(own[place]), 2), "adds": -float(less)}
            for less, place in most[:MOST_PARTS]
        }
        yield json.dumps(told)


def _is_told(given: pa.Table, name: str) -> bool:
    found = given[name].drop_null()
    return len(found) >= LEAST_VALUES and len(found.unique()) > 1
