"""Chooses a set on a fold's training days, and counts it in its test: nothing is chosen after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from leadline.backtests.chance import Matrix
from leadline.backtests.folds import Fold, Walk, folds
from leadline.backtests.rule import sharpe_day
from leadline.backtests.series import COUNTS, Base

# What a set is chosen by, from signals, hits, bars and moves of the training days.
_BY: Mapping[str, Callable[[float, float, float, float], float]] = {
    "z": lambda s, h, n, m: (h - s * m / n) / np.sqrt(s * (m / n) * (1 - m / n)),
    "precision": lambda s, h, n, m: h / s,
    "recall": lambda s, h, n, m: h / m,
    "f1": lambda s, h, n, m: 2 * h / (s + m),
    "lift": lambda s, h, n, m: (h / s) / (m / n),
}
BEST_BY = tuple(_BY)


@dataclass(frozen=True)
class Judged:
    """One fold: the number of the set that was best in training, and what it counts in the test.

    chosen is None where no set has a figure to be chosen by: then nothing is signalled.
    """

    fold: Fold
    chosen: int | None
    counts: Mapping[str, float]
    n_bars: float
    n_moves: float


def judged(base: Base, found: Mapping[str, Matrix], walk: Walk, best_by: str) -> list[Judged]:
    """Return every fold of one label and horizon with the set that was chosen for it."""
    place = {day: number for number, day in enumerate(base.days)}
    told = []
    for fold in folds(base.begins, base.known, base.horizon, walk):
        train, test = ([place[day] for day in part] for part in (fold.train, fold.test))
        n_bars, n_moves = base.n_bars[train].sum(), base.n_moves[train].sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            figures = [
                _BY[best_by](signals, hits, n_bars, n_moves)
                for signals, hits in zip(
                    found["n_signals"][:, train].sum(axis=1),
                    found["n_hits"][:, train].sum(axis=1),
                    strict=True,
                )
            ]
        chosen = _best(figures)
        counts = {
            name: 0.0 if chosen is None else float(found[name][chosen, test].sum())
            for name in COUNTS
        }
        told.append(
            Judged(
                fold, chosen, counts,
                float(base.n_bars[test].sum()), float(base.n_moves[test].sum()),
            )
        )  # fmt: skip
    return told


def traded(base: Base, returns: Matrix, walk: Walk) -> list[tuple[Fold, int | None]]:
    """Return every fold with the set whose rule had the best Sharpe ratio in training."""
    place = {day: number for number, day in enumerate(base.days)}
    told = []
    for fold in folds(base.begins, base.known, base.horizon, walk):
        train = [place[day] for day in fold.train]
        sharpes = [sharpe_day(row[train]) for row in returns]
        told.append((fold, _best([np.nan if each is None else each for each in sharpes])))
    return told


def _best(figures: Sequence[float]) -> int | None:
    """Return the place of the largest figure, the first of several; None where none is a number."""
    known = [(-float(each), place) for place, each in enumerate(figures) if np.isfinite(each)]
    return min(known)[1] if known else None
