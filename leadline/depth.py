"""Compiled: the levels of a book, best ones last, and how much lies in each band around the mid.

Sums are of whole 1e-8 units, so they are exact and the same in whatever order levels came; when
the mid moves, only the levels that an edge passes are added or taken away.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from math import inf, nan, nextafter
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

UNITS = 100_000_000  # a size is summed as a whole number of 1e-8
BANDS = (10, 50, 200, 500)  # bps of the mid, from the narrowest to the widest
CHANGE = ("book_side", "price", "size", "prev_size")
N_TOLD = 8 + 2 * len(BANDS)  # of measure

_LARGEST = 1e15  # a size; a book's sum of them stays below 64 bits
_EXACT = 2.0**53  # whole numbers that a float tells apart
_ROOM = 1_024  # levels a side at first

# What is counted of a side: its levels; how many lie behind the edge of each band; what lies in
# each band and in no narrower one, and last what lies beyond all, whole and in units; the mid.
_N, _BEHIND, _WHOLE, _PART, _MID = 0, 1, 5, 10, 15
_REACH = len(BANDS)  # behind the edges: the farthest level that is known, behind which nothing is

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
_Compiled = TypeVar("_Compiled", bound=Callable[..., Any])


def _compiled(function: _Compiled) -> _Compiled:
    """Compile a function when it is first called, and keep that on disk where there is room."""
    try:
        return cast("_Compiled", numba.njit(cache=True)(function))
    except RuntimeError:  # nowhere to write
        return cast("_Compiled", numba.njit(function))


class Depth:
    """Both sides of a book; a row of each array is a side, bids first.

    keys rise to the best level, so an ask's key is its price below zero. ticks: how many make 1;
    edges of bands are computed in whole ones, or in coarser ones where a price has no room for as
    many digits.
    """

    def __init__(self, ticks: int) -> None:
        self._ticks = float(ticks)
        self._keys, self._sizes = np.zeros((2, 2, _ROOM))
        self._counts = np.zeros((2, _MID + 1), dtype=np.int64)
        self._edges = np.full((2, len(BANDS) + 1), inf)
        self._edges[:, _REACH] = -inf
        self._was_full = [False, False]
        self._n_most = 0  # levels that a side may have

    def n(self, side: int) -> int:
        """Return how many levels a side has."""
        return int(self._counts[side, _N])

    def take(self, levels: Sequence[Iterable[float]]) -> Floats:
        """Give levels their sizes; return what that changed, as rows of CHANGE.

        levels: book_side, price and size each; 0 takes one away, and what is not there is fine.
        """
        n = len(levels)
        said = np.fromiter(chain.from_iterable(levels), np.float64, 3 * n).reshape(n, 3)
        self._make_room(n)
        changes = np.empty((n, len(CHANGE)))
        done = _take(self._keys, self._sizes, self._counts, self._edges, said, changes)
        if done < 0:
            raise OverflowError(f"no book holds the level {levels[-done - 1]}")
        return changes[:done]

    def cut(self, window: int, changes: Floats) -> Floats:
        """Keep the best levels; return the changes, and that what is beyond them is gone."""
        spare = [max(self.n(side) - window, 0) for side in (0, 1)]
        if not any(spare):
            return changes
        more = np.concatenate((changes, np.empty((sum(spare), len(CHANGE)))))
        done = _cut(self._keys, self._sizes, self._counts, self._edges, window, more, len(changes))
        return more[:done]

    def fill(self, side: int, n: int, window: int, *, is_cut_inside: bool = False) -> None:
        """Know how far a window with so many entries reaches; one that was never full is whole.

        is_cut_inside: the farthest price may be there in part.
        """
        self._was_full[side] |= n >= window
        if self._was_full[side] and self.n(side):
            farthest = float(self._keys[side, 0])
            if is_cut_inside:
                farthest = nextafter(farthest, inf)
            self._edges[side, _REACH] = farthest

    def limit(self) -> None:
        """Know nothing of what lies behind the farthest levels; of an empty side, nothing."""
        for side in (0, 1):
            self._edges[side, _REACH] = self._keys[side, 0] if self.n(side) else inf

    def best(self, side: int, n: int) -> list[tuple[float, float]]:
        """Return the best levels of a side, the best one first, as prices and sizes."""
        end = self.n(side)
        own = slice(max(end - n, 0), end)
        prices = self._keys[side, own] * (-1 if side else 1)
        return list(zip(prices[::-1].tolist(), self._sizes[side, own][::-1].tolist(), strict=True))

    def measure(self) -> Floats | None:
        """Return the best prices and what lies around them, N_TOLD numbers; None if it is crossed.

        In pairs of bid and ask: best prices, the sizes behind them, those of the best five levels,
        of each band from the narrowest on, and of all levels. NaN where that is not known: a band
        beyond the reach, and all but the last pair while a side is empty.
        """
        told = np.empty(N_TOLD)
        is_sound = _measure(self._keys, self._sizes, self._counts, self._edges, self._ticks, told)
        return told if is_sound else None

    def _make_room(self, n: int) -> None:
        """See to it that each side can take so many levels more."""
        self._n_most += n
        if self._n_most > (room := self._keys.shape[1]):
            self._n_most = max(self.n(0), self.n(1)) + n
            more = ((0, 0), (0, max(2 * self._n_most - room, 0)))
            self._keys, self._sizes = np.pad(self._keys, more), np.pad(self._sizes, more)


@_compiled
def _take(
    keys: Floats, sizes: Floats, counts: Ints, edges: Floats, said: Floats, changes: Floats
) -> int:
    """Write what changes; return how many rows, or below zero which level can't be, from -1 on."""
    done = 0
    for nth in range(len(said)):
        book_side, price, size = said[nth]
        if not (abs(price) < inf and abs(size) < _LARGEST):
            return -nth - 1
        side, key = (0, price) if book_side == 1 else (1, -price)
        n = counts[side, _N]
        place = _place(keys, side, n, key)
        is_there = place < n and keys[side, place] == key
        before = sizes[side, place] if is_there else 0.0
        if size == before:
            continue
        if not is_there:
            _open(keys[side, place : n + 1])
            _open(sizes[side, place : n + 1])
            keys[side, place] = key
        sizes[side, place] = size
        if size == 0:
            _close(keys[side, place:n])
            _close(sizes[side, place:n])
        _count(counts, edges, side, key, before, size)
        changes[done] = book_side, price, size, before
        done += 1
    return done


@_compiled
def _place(keys: Floats, side: int, n: int, key: float) -> int:
    """Return where a key is among those of a side, or would be."""
    least, most = 0, n
    while least < most:
        middle = (least + most) // 2
        if keys[side, middle] < key:
            least = middle + 1
        else:
            most = middle
    return least


@_compiled
def _open(row: Floats) -> None:
    """Make room for one at the begin of a row; written so that it becomes vector code."""
    last = row[0]
    for nth in range(1, len(row)):
        now = row[nth]
        row[nth] = last
        last = now


@_compiled
def _close(row: Floats) -> None:
    """Take out the first of a row."""
    for nth in range(len(row) - 1):
        row[nth] = row[nth + 1]


@_compiled
def _count(counts: Ints, edges: Floats, side: int, key: float, before: float, size: float) -> None:
    """Count a level where it lies: in a ring, and behind the edges of all narrower bands."""
    n_levels = int(before == 0) - int(size == 0)
    counts[side, _N] += n_levels
    ring = 0
    while ring < len(BANDS) and key < edges[side, ring]:
        counts[side, _BEHIND + ring] += n_levels
        ring += 1
    _add(counts, side, ring, size, 1)
    _add(counts, side, ring, before, -1)


@_compiled
def _add(counts: Ints, side: int, ring: int, size: float, sign: int) -> None:
    """Add a size to what lies in a ring, exactly."""
    whole, part = _parts(size)
    counts[side, _WHOLE + ring] += sign * whole
    counts[side, _PART + ring] += sign * part


@_compiled
def _parts(size: float) -> tuple[int, int]:
    """Return a size as whole ones and units."""
    whole = np.floor(size)
    return int(whole), int(np.rint((size - whole) * UNITS))


@_compiled
def _size(whole: int, part: int) -> float:
    """Return a sum as a size; it is the nearest float below 9e7, and within the next one above."""
    whole += part // UNITS
    part %= UNITS
    if abs(whole) < 90_000_000:
        return (whole * UNITS + part) / UNITS
    return whole + part / UNITS


@_compiled
def _cut(
    keys: Floats, sizes: Floats, counts: Ints, edges: Floats, window: int, changes: Floats,
    done: int,
) -> int:  # fmt: skip
    """Drop the farthest levels; what a message said of one of them is undone."""
    for side in range(2):
        n_spare = max(counts[side, _N] - window, 0)
        for place in range(n_spare):
            key, before = keys[side, place], sizes[side, place]
            book_side, price = (1.0, key) if side == 0 else (-1.0, -key)
            _count(counts, edges, side, key, before, 0.0)
            kept = 0
            for nth in range(done):
                if changes[nth, 0] == book_side and changes[nth, 1] == price:
                    before = changes[nth, 3]
                else:
                    changes[kept] = changes[nth]
                    kept += 1
            done = kept
            if before != 0:
                changes[done] = book_side, price, 0.0, before
                done += 1
        for place in range(counts[side, _N]):
            keys[side, place] = keys[side, place + n_spare]
            sizes[side, place] = sizes[side, place + n_spare]
    return done


@_compiled
def _measure(
    keys: Floats, sizes: Floats, counts: Ints, edges: Floats, ticks: float, told: Floats
) -> bool:
    """Fill in what measure returns; say whether bids lie below asks."""
    told[:] = nan
    for side in range(2):
        whole = part = 0
        for ring in range(len(BANDS) + 1):
            whole += counts[side, _WHOLE + ring]
            part += counts[side, _PART + ring]
        told[N_TOLD - 2 + side] = _size(whole, part)
    n_bids, n_asks = counts[0, _N], counts[1, _N]
    if n_bids == 0 or n_asks == 0:
        return True
    bid, ask = keys[0, n_bids - 1], -keys[1, n_asks - 1]
    if bid >= ask:
        return False
    told[0], told[1] = bid, ask
    while ask * ticks > _EXACT:
        ticks /= 10
    twice_mid = int(np.rint(bid * ticks)) + int(np.rint(ask * ticks))
    for side in range(2):
        n = counts[side, _N]
        told[2 + side] = sizes[side, n - 1]
        whole = part = 0
        for place in range(max(n - 5, 0), n):
            more_whole, more_part = _parts(sizes[side, place])
            whole += more_whole
            part += more_part
        told[4 + side] = _size(whole, part)
        if twice_mid != counts[side, _MID]:
            counts[side, _MID] = twice_mid
            for band in range(len(BANDS)):
                edge = _edge(twice_mid, BANDS[band], 1 if side == 0 else -1) / ticks
                _move(keys, sizes, counts, edges, side, band, edge)
        whole = part = 0
        for band in range(len(BANDS)):
            whole += counts[side, _WHOLE + band]
            part += counts[side, _PART + band]
            if edges[side, band] >= edges[side, _REACH]:
                told[6 + 2 * band + side] = _size(whole, part)
    return True


@_compiled
def _edge(twice_mid: int, bps: int, sign: int) -> int:
    """Return the farthest key that a band takes, in ticks."""
    times = bps - sign * 10_000
    return -(times * (twice_mid // 20_000) + times * (twice_mid % 20_000) // 20_000)


@_compiled
def _move(
    keys: Floats, sizes: Floats, counts: Ints, edges: Floats, side: int, band: int, edge: float
) -> None:
    """Give a band another edge; what lies between the two changes its ring."""
    edges[side, band] = edge
    place, n = counts[side, _BEHIND + band], counts[side, _N]
    while place < n and keys[side, place] < edge:
        _add(counts, side, band, sizes[side, place], -1)
        _add(counts, side, band + 1, sizes[side, place], 1)
        place += 1
    while place > 0 and keys[side, place - 1] >= edge:
        place -= 1
        _add(counts, side, band, sizes[side, place], 1)
        _add(counts, side, band + 1, sizes[side, place], -1)
    counts[side, _BEHIND + band] = place
