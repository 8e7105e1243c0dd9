"""Asks a detector a span at once and in slices: day by day, and a seeded few hours and seconds."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from leadline.clock import Span
from leadline.warehouse import Warehouse
from tests.doors import fired

SIZES = (timedelta(hours=1), timedelta(seconds=5))
DAY = timedelta(days=1)
SEED = 11


def slices(
    house: Warehouse,
    detector: str,
    span: Span,
    days: Iterable[datetime],
    near: Sequence[datetime],
    day: timedelta = DAY,
) -> tuple[int, list[Any]]:
    """Return how many alerts the whole span has, and each slice that answers otherwise.

    days are the moments after which anything fires, each so long; slices lie around alerts and
    near moments.
    """
    choice = random.Random(SEED)
    whole = fired(house, detector, span.since, span.until)
    daily = [row for begin in days for row in fired(house, detector, begin, begin + day)]
    odd: list[Any] = [] if sorted(daily) == whole else [("day by day", daily)]
    for size in SIZES:
        around = [at + step * size for _, at in whole for step in (-1, 0, 1)] + [*near]
        around = [at for at in around if span.since - size < at < span.until]
        for begin in choice.sample(around, 2):
            since, until = max(begin, span.since), min(begin + size, span.until)
            found = fired(house, detector, since, until)
            if found != [row for row in whole if since <= row[1] < until]:
                odd.append((size, since, found))
    return len(whole), odd
