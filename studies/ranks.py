"""How much of what was to be found stands at the top of a ranking."""

import numpy as np
import numpy.typing as npt

from studies.donoho_market import Flags, Floats

DRAWS = 1_000


def found_at(scores: Floats, hits: Flags, depth: float) -> float:
    """Return the share of all hits in the top part; equal scores share its last places."""
    return _found(scores, hits.astype(float), depth)


def lift_between(scores: Floats, hits: Flags, depth: float, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the lift at a depth, by drawing the days again and again."""
    chance = np.random.default_rng(seed)
    n = len(scores)
    drawn = [
        _found(scores[rows], hits[rows].astype(float), depth) / depth
        for rows in (chance.integers(0, n, n) for _ in range(DRAWS))
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def _found(scores: Floats, hits: npt.NDArray[np.float64], depth: float) -> float:
    if not hits.sum():
        return float("nan")
    kept = depth * len(scores)
    order = np.sort(scores)[::-1]
    edge = order[min(int(kept), len(order) - 1)]
    above, at = scores > edge, scores == edge
    part = (kept - above.sum()) / at.sum()
    return float((hits[above].sum() + part * hits[at].sum()) / hits.sum())
