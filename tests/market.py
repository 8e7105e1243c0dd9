"""A market of invented books and trades, seeded; what its books truly are, it knows at any time."""

from dataclasses import dataclass, field
from random import Random

TICKS = 100  # of a price of 1
LOTS = 10_000  # of a size of 1
NEAR = 12  # ticks from the middle at which levels change
Change = tuple[int, int, int]  # book_side, ticks and lots; none take the level away
_MANY = (1 << 61) - 1


def mark(book_side: int, ticks: int, lots: int) -> int:
    """Return what a level adds to the sum of its book, which tells it from any other."""
    return hash((book_side, ticks, lots)) & _MANY


@dataclass
class Pair:
    """One pair: its book, the number of its last update and of its last trade."""

    name: str
    mid: int = 100_000
    last: int = 1_000
    trade_id: int = 0
    sum: int = 0  # of the marks of its levels
    sides: dict[int, dict[int, int]] = field(default_factory=lambda: {1: {}, -1: {}})

    def set(self, book_side: int, ticks: int, lots: int) -> Change:
        """Give a level its size."""
        book = self.sides[book_side]
        if before := book.pop(ticks, 0):
            self.sum -= mark(book_side, ticks, before)
        if lots:
            book[ticks] = lots
            self.sum += mark(book_side, ticks, lots)
        return book_side, ticks, lots

    @property
    def top(self) -> tuple[float, float, float, float]:
        """The best bid, the best ask, and the sizes there."""
        bid, ask = max(self.sides[1]), min(self.sides[-1])
        sizes = self.sides[1][bid] / LOTS, self.sides[-1][ask] / LOTS
        return bid / TICKS, ask / TICKS, *sizes

    def levels(self, book_side: int) -> list[tuple[int, int]]:
        """Return a side's levels, the best one first."""
        return sorted(self.sides[book_side].items(), key=lambda level: -book_side * level[0])


class Market:
    """Some pairs, and what happens to them next."""

    def __init__(self, seed: int, *names: str) -> None:
        """Begin with full books."""
        self.chance = Random(seed)
        self.pairs = [Pair(name) for name in names]
        for pair in self.pairs:
            for away in range(1, 3 * NEAR):
                pair.set(1, pair.mid - away, self._lots())
                pair.set(-1, pair.mid + away, self._lots())

    def _lots(self) -> int:
        return self.chance.randrange(1, 50_000)

    def change(self, pair: Pair) -> list[Change]:
        """Change some levels of a book, and now and then its middle."""
        return [pair.set(*each) for each in self.changes(pair)]

    def changes(self, pair: Pair) -> list[Change]:
        """Return what is to be changed next; after each of it nothing crosses."""
        chance = self.chance
        changes: dict[tuple[int, int], int] = {}
        if chance.random() < 0.2:
            step = chance.choice((-1, 1))
            pair.mid += step
            for each in (pair.mid, pair.mid + step):  # a side is never empty, and none cross
                changes[step, each - step] = self._lots()
            changes[-step, pair.mid] = 0
            changes[-step, pair.mid + step] = self._lots()
            changes[step, pair.mid] = 0
            changes[step, pair.mid - step] = self._lots()
            far = pair.mid - step * 3 * NEAR
            changes[step, far] = 0
            changes[-step, pair.mid + step * (3 * NEAR - 1)] = self._lots()
        for _ in range(chance.randrange(1, 4)):
            side = chance.choice((-1, 1))
            away = chance.randrange(1, NEAR)
            lots = 0 if away > 1 and chance.random() < 0.3 else self._lots()
            changes[side, pair.mid - side * away] = lots
        return [(*key, lots) for key, lots in changes.items()]

    def trade(self, pair: Pair) -> tuple[int, int, int]:
        """Let a pair be traded; return side, ticks and lots."""
        pair.trade_id += 1
        side = self.chance.choice((-1, 1))
        return side, pair.mid + side, self._lots()
