"""What a book says of a message that it took, as tests write it down."""

from collections.abc import Iterable
from math import isnan

from leadline.book import Applied


def changes_of(applied: Applied) -> list[tuple[float, ...]]:
    """Return book_side, price, size and the size before, of each change."""
    return [tuple(row) for row in applied.changes.tolist()]


def top_of(applied: Applied) -> tuple[float | None, ...]:
    """Return best prices, the sizes behind them, of the best five and within 10 bps."""
    return _known(applied.told[:8].tolist())


def sizes_of(applied: Applied) -> tuple[float | None, ...]:
    """Return the sizes of the other bands, and of all levels."""
    return _known(applied.told[8:].tolist())


def _known(said: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(None if isnan(each) else each for each in said)
