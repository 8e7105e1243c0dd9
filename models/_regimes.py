"""What models of regimes share: sessions in numbers, and three places by volatility."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Unfit

Numbers = npt.NDArray[np.float64]

LEAST_SESSIONS = 504  # rule book F3: two years
MEASURES = ("rv20", "return_20d_frac", "vol_ratio", "mean_correlation")
PLACES = ("calm", "normal", "stressed")
UNASSIGNED = -1


def ordered(given: pa.Table) -> pa.Table:
    """Return rows in the order of their sessions."""
    return given.sort_by([("session_date", "ascending"), ("entity", "ascending")])


def numbers(given: pa.Table, names: Sequence[str]) -> Numbers:
    """Return columns as numbers, a column each; what is null is no number."""
    found = [given[name].cast(pa.float64()).to_numpy() for name in names]
    return np.column_stack(found) if found else np.empty((len(given), 0))


def measured(given: pa.Table) -> tuple[list[str], Numbers]:
    """Return the measures that most sessions have, and the sessions that have them all.

    A store of one fund has no correlation of stocks: there the other three are looked at.
    """
    found = numbers(given, MEASURES)
    told = np.isfinite(found).mean(axis=0) > 0.5
    names = [name for name, is_told in zip(MEASURES, told, strict=True) if is_told]
    if MEASURES[0] not in names:
        raise Unfit(f"{MEASURES[0]} is null in most of its sessions")
    points = found[:, told]
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < LEAST_SESSIONS:
        said = f"{len(points):,} of the {LEAST_SESSIONS:,} sessions that it needs"
        raise Unfit(f"{said} have {', '.join(names)}")
    for name, column in zip(names, points.T, strict=True):
        if np.ptp(column) == 0:
            raise Unfit(f"{name} is the same in every session")
    return names, points


def of_regime(line: Row, **said: Any) -> Row:
    """Return what is said of a session's regime."""
    own = {name: line[name] for name in ("entity", "session_date", "known_at")}
    return {**own, "measure": "regime", **said}


def missing(line: Row, names: Sequence[str]) -> Row | None:
    """Return why nothing can be said of a session, or None."""
    gone = [name for name in names if line[name] is None]
    return of_regime(line, reason=f"no {' and no '.join(gone)}") if gone else None


def probable(chances: Numbers, places: Sequence[int]) -> dict[str, Any]:
    """Return score, probability and parts: the likeliest place of three, and how likely each is.

    places: which of the three each chance is of.
    """
    summed = [0.0, 0.0, 0.0]
    for place, chance in zip(places, chances, strict=True):
        summed[place] += float(chance)
    best = max(range(3), key=lambda place: summed[place])
    parts = {f"p_{name}": round(p, 9) for name, p in zip(PLACES, summed, strict=True)}
    return {"score": float(best), "probability": min(1.0, summed[best]), "parts": parts}
