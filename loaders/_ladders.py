"""Lays a ladder of price levels under the tops of a sample book, and tells what changed in it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from loaders._sample import Floats, Ints

N_LEVELS = 8  # five that the tops add up, and three behind
BAND = 0.001  # 10 bps of the mid


class Grid(Protocol):
    """How far the levels of a pair lie apart."""

    @property
    def gap(self) -> float:
        """Return the distance of two levels in the quote currency."""


@dataclass(frozen=True)
class Ladders:
    """Levels that changed, in order, and all sizes of the tops as the ladders have them."""

    second: Ints  # counted from the stretch's first
    side: Ints
    price: Floats
    size: Floats
    previous: Floats
    sizes: dict[str, Floats]
    depths: dict[str, Floats]  # the sizes of the stretch that stand beside each change


def ladders(
    chance: np.random.Generator,
    grid: Grid,
    bid: Floats,
    ask: Floats,
    sizes: dict[str, Floats],
    stretch: slice,
) -> Ladders:
    """Return the changes of every level in a stretch; tops outside of it stay as they are."""
    n = stretch.stop - stretch.start
    mid = (bid[stretch] + ask[stretch]) / 2
    own = {name: values.copy() for name, values in sizes.items()}
    depths: dict[str, Floats] = {}
    changes: list[tuple[int, int, float, float, float]] = []
    for name, side, best in (("bid", 1, bid[stretch]), ("ask", -1, ask[stretch])):
        # The best one lies where it lies, those behind it on round prices.
        behind = (np.ceil(side * best / grid.gap) - 1)[:, None] - np.arange(N_LEVELS - 1)
        price = np.column_stack([best, side * behind * grid.gap])
        price = np.asarray(np.round(price, 2), dtype=np.float64)
        five = sizes[f"{name}_size_5"][stretch]
        weights = np.column_stack(
            [sizes[f"{name}_size"][stretch], five[:, None] * chance.gamma(3, 0.08, (n, 4))]
        )
        level = np.empty((n, N_LEVELS))
        level[:, :5] = weights / weights.sum(axis=1, keepdims=True) * five[:, None]
        level[:, 5:] = five.mean() * chance.gamma(3, 0.1, (n, N_LEVELS - 5))
        level = np.maximum(np.round(level, 5), 0.00001)
        is_near = side * (mid[:, None] - price) <= BAND * mid[:, None]
        own[f"{name}_size"][stretch] = level[:, 0]
        own[f"{name}_size_5"][stretch] = np.round(level[:, :5].sum(axis=1), 5)
        own[f"{name}_size_10bps"][stretch] = np.round((level * is_near).sum(axis=1), 5)
        depths[f"{name}_size_all"] = np.round(level.sum(axis=1), 5)
        changes += _changes(side, price, level)
    second, sides, prices, now, before = map(np.array, zip(*sorted(changes), strict=True))
    beside = {name: values[second] for name, values in depths.items()}
    return Ladders(second, sides, prices, now, before, own, beside)


def _changes(side: int, price: Floats, level: Floats) -> list[tuple[int, int, float, float, float]]:
    found = []
    before: dict[float, float] = {}
    for second, (prices, sizes) in enumerate(zip(price.tolist(), level.tolist(), strict=True)):
        now = dict(zip(prices, sizes, strict=True))
        for at in before.keys() | now.keys():
            was, is_ = before.get(at, 0.0), now.get(at, 0.0)
            if was != is_:
                found.append((second, side, at, is_, was))
        before = now
    return found
