"""Ladders of a sample book: each change follows from the one before, and the tops add up."""

from dataclasses import dataclass

import numpy as np

from loaders._ladders import ladders

N = 60


@dataclass(frozen=True)
class Spaced:
    gap: float = 5.0


def test_the_changes_played_back_give_the_tops() -> None:
    chance = np.random.default_rng(3)
    bid = 50_000 + np.round(chance.normal(0, 4, N).cumsum() * 2) / 2
    ask = bid + 0.5
    sizes = {
        f"{side}_size{depth}": chance.uniform(low, low + 1, N)
        for side in ("bid", "ask")
        for depth, low in (("", 0.1), ("_5", 2), ("_10bps", 4))
    }

    found = ladders(chance, Spaced(), bid, ask, sizes, slice(10, 40))

    book: dict[tuple[int, float], float] = {}
    for second in range(30):
        for n in np.flatnonzero(found.second == second).tolist():
            place = (int(found.side[n]), float(found.price[n]))
            assert book.get(place, 0) == found.previous[n]
            book[place] = float(found.size[n])
        for name, side, best in (("bid", 1, bid), ("ask", -1, ask)):
            levels = sorted(
                (-side * p, size) for (s, p), size in book.items() if s == side and size
            )
            top = 10 + second
            assert levels[0][0] == -side * best[top]
            assert levels[0][1] == found.sizes[f"{name}_size"][top]
            five = round(sum(size for _, size in levels[:5]), 5)
            assert five == found.sizes[f"{name}_size_5"][top]
            beside = set(found.depths[f"{name}_size_all"][found.second == second].tolist())
            assert beside == {round(sum(size for _, size in levels), 5)}
    assert np.array_equal(found.sizes["bid_size_5"][:10], sizes["bid_size_5"][:10])
