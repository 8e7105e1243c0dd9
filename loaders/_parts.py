"""Loads of one run: an answer is cut into months or days, and each stands whatever comes after."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from io import BytesIO

from leadline.errors import FeedError
from leadline.feed import Batch, File, Row

MONTH, DAY = "%Y%m", "%Y%m%d"
Told = tuple[date, str, Row]  # the day that a row is of, and its dataset


def whole_ones(dataset: str, batches: Iterator[Batch]) -> Iterator[Batch]:
    """Pass on; before an error stops the run, end the file before it, so that it is loaded."""
    try:
        yield from batches
    except FeedError:
        yield dataset, []
        raise


def parts(
    told: Iterable[Told], form: str, name: str, origin: str
) -> Iterator[tuple[File, dict[str, list[Row]]]]:
    """Yield each part as a file of its rows, oldest first.

    Only rows make a part new, for an answer also says when it was asked for.
    """
    found: dict[str, dict[str, list[Row]]] = {}
    for day, dataset, row in told:
        found.setdefault(f"{day:{form}}", {}).setdefault(dataset, []).append(row)
    for part, own in sorted(found.items()):
        body = json.dumps(own, default=str, sort_keys=True).encode()
        yield File(f"{name}_{part}", origin, partial(BytesIO, body)), own
