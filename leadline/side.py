"""One side of a book: its levels, and how much lies in each band around the mid.

The sums are of whole 1e-8 units, so they are exact and the same in whatever order levels came; when
the mid moves, only the levels that an edge passes are added or taken away.
"""

from bisect import bisect_left, insort
from math import inf

UNITS = 100_000_000  # a size is summed as a whole number of 1e-8
BANDS = (10, 50, 200, 500)  # bps of the mid, from the narrowest to the widest

Change = tuple[int, float, float, float]  # book_side, price, size and the size before


class Side:
    """Levels by price; keys rise to the best, so an ask's key is its price below zero."""

    def __init__(self, sign: int, ticks: int) -> None:
        self.sign, self._signed_ticks = sign, sign * ticks
        # Prices as they were said, whatever a key is rounded to; sizes, and these in units.
        self.levels: dict[int, tuple[float, float, int]] = {}
        self.keys: list[int] = []
        self.reach: float = -inf  # the farthest key that is known: what lies behind it is not
        self._was_full = False
        self._twice_mid = 0
        self._edges: list[float] = [inf] * len(BANDS)  # the farthest key that a band takes
        # What lies in each band and not in a narrower one, and at last what lies beyond them all.
        self._rings = [0] * (len(BANDS) + 1)

    def set(self, price: float, size: float) -> float:
        """Give a level its size and return the one before; removing what is not there is fine."""
        key = round(price * self._signed_ticks)
        level = self.levels.get(key)
        if level is None:
            if not size:
                return 0.0
            units, before = round(size * UNITS), 0.0
            insort(self.keys, key)
            self.levels[key] = price, size, units
            self._count(key, units)
            return before
        price, before, had = level
        if size == before:
            return before
        if size:
            units = round(size * UNITS)
            self.levels[key] = price, size, units
        else:
            units = 0
            del self.levels[key]
            del self.keys[bisect_left(self.keys, key)]
        self._count(key, units - had)
        return before

    def cut(self, depth: int, changes: list[Change]) -> list[Change]:
        """Keep the best levels; return the changes, and that what is beyond them is gone."""
        n_beyond = max(len(self.keys) - depth, 0)
        gone = self.keys[:n_beyond]
        del self.keys[:n_beyond]
        for key in gone:
            price, size, units = self.levels.pop(key)
            self._count(key, -units)
            same = [each for each in changes if each[:2] == (self.sign, price)]
            before = same[0][3] if same else size
            changes = [each for each in changes if each not in same]
            if before:
                changes.append((self.sign, price, 0.0, before))
        return changes

    def fill(self, n: int, depth: int, *, is_cut_inside: bool = False) -> None:
        """Know how far a window with so many entries reaches; one that was never full is whole.

        is_cut_inside: the farthest price may be there in part.
        """
        self._was_full = self._was_full or n >= depth
        if self._was_full and self.keys:
            self.reach = self.keys[0] + is_cut_inside

    def best(self, n: int) -> list[tuple[float, float]]:
        """Return the best levels, the best one first, as prices and sizes."""
        return [self.levels[key][:2] for key in self.keys[: -n - 1 : -1]]

    def size_of_best(self, n: int) -> float:
        """Return what the best levels hold together."""
        return self._units(self.keys[-n:]) / UNITS

    def sizes(self, twice_mid: int) -> tuple[float | None, ...]:
        """Return what each band around a mid holds, None where that is not known.

        twice_mid: the sum of the best two prices, in ticks.
        """
        if twice_mid != self._twice_mid:
            self._twice_mid = twice_mid
            for nth, bps in enumerate(BANDS):
                self._move(nth, -((bps - self.sign * 10_000) * twice_mid // 20_000))
        total, found = 0, []
        for ring, edge in zip(self._rings, self._edges, strict=False):
            total += ring
            found.append(total / UNITS if edge >= self.reach else None)
        return tuple(found)

    def size(self) -> float:
        """Return what all levels hold."""
        return sum(self._rings) / UNITS

    def _count(self, key: int, units: int) -> None:
        """Add to the ring in which a level lies."""
        nth = 0
        for edge in self._edges:
            if key >= edge:
                break
            nth += 1
        self._rings[nth] += units

    def _move(self, nth: int, edge: int) -> None:
        """Give a band another edge; what lies between the two changes its ring."""
        old, self._edges[nth] = self._edges[nth], edge
        passed = self.keys[
            bisect_left(self.keys, min(old, edge)) : bisect_left(self.keys, max(old, edge))
        ]
        if passed:
            units = self._units(passed) if edge < old else -self._units(passed)
            self._rings[nth] += units
            self._rings[nth + 1] -= units

    def _units(self, keys: list[int]) -> int:
        return sum(self.levels[key][2] for key in keys)
