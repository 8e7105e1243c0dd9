"""One side of a book: its levels, and how much lies in each band around the mid.

The sums are of whole 1e-8 units, so they are exact and the same in whatever order levels came; when
the mid moves, only the levels that an edge passes are added or taken away.
"""

from bisect import bisect_left, insort
from itertools import accumulate
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
        self._places = [0] * len(BANDS)  # how many keys lie behind each edge
        # What lies in each band and not in a narrower one, and at last what lies beyond them all.
        self._rings = [0] * (len(BANDS) + 1)

    def set(self, price: float, size: float) -> float:
        """Give a level its size and return the one before; removing what is not there is fine."""
        key = round(price * self._signed_ticks)
        level = self.levels.get(key)
        if level is not None:
            price, before, had = level
            if size == before:
                return before
        elif size:
            before, had = 0.0, 0
            insort(self.keys, key)
        else:
            return 0.0
        if size:
            units, n_levels = round(size * UNITS), int(level is None)
            self.levels[key] = price, size, units
        else:
            units, n_levels = 0, -1
            del self.levels[key]
            del self.keys[bisect_left(self.keys, key)]
        # It counts in the ring in which it lies, and it is behind the edges of all narrower bands.
        nth = 0
        for edge in self._edges:
            if key >= edge:
                break
            self._places[nth] += n_levels
            nth += 1
        self._rings[nth] += units - had
        return before

    def cut(self, depth: int, changes: list[Change]) -> list[Change]:
        """Keep the best levels; return the changes, and that what is beyond them is gone."""
        for key in self.keys[: max(len(self.keys) - depth, 0)]:
            price, size, _ = self.levels[key]
            self.set(price, 0.0)
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
        return sum([self.levels[key][2] for key in self.keys[-n:]]) / UNITS

    def sizes(self, twice_mid: int) -> tuple[float | None, ...]:
        """Return what each band around a mid holds, None where that is not known.

        twice_mid: the sum of the best two prices, in ticks.
        """
        if twice_mid != self._twice_mid:
            self._twice_mid = twice_mid
            for nth, bps in enumerate(BANDS):
                self._move(nth, -((bps - self.sign * 10_000) * twice_mid // 20_000))
        found = [total / UNITS for total in accumulate(self._rings[:-1])]
        if self._edges[-1] >= self.reach:
            return tuple(found)
        known = zip(found, self._edges, strict=True)
        return tuple(size if edge >= self.reach else None for size, edge in known)

    def size(self) -> float:
        """Return what all levels hold."""
        return sum(self._rings) / UNITS

    def _move(self, nth: int, edge: int) -> None:
        """Give a band another edge; what lies between the two changes its ring."""
        self._edges[nth] = edge
        units, place, end = 0, self._places[nth], len(self.keys)
        while place < end and (key := self.keys[place]) < edge:
            units -= self.levels[key][2]
            place += 1
        while place and (key := self.keys[place - 1]) >= edge:
            units += self.levels[key][2]
            place -= 1
        self._places[nth] = place
        self._rings[nth] += units
        self._rings[nth + 1] -= units
