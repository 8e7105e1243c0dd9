"""One file of short volume, published again and again, and what of it stands."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from leadline.file import files
from leadline.publication import Publication
from leadline.store import Store
from loaders import finra_short_volume
from tests.stores import (
    ask,
    finra,
    seen,
)

DAY = date(2024, 3, 1)


PUBLISHED = datetime(2024, 3, 1, 23, 0, tzinfo=UTC)  # 18:00 in New York


A = ("AA|10|0|100", "BB|20|0|200", "CC|30|0|300")


B = ("AA|10|0|100", "BB|25|0|200")


WHAT = ("symbol", "short_volume")


def publish(
    store: Store,
    folder: Path,
    text: Sequence[str],
    *,
    modified_at: datetime | None = None,
    known_at: datetime | None = None,
) -> Any:
    """Load one coverage's content as the network would bring it."""
    path = finra(folder, DAY, text)
    (file,) = files([path], lambda name: True)[0]
    batches = finra_short_volume.rows(file)
    own = Publication(
        "finra_short_volume", file.name, ("short_volume",), batches, file.origin, file.digest,
        modified_at=modified_at, known_at=known_at,
    )  # fmt: skip
    try:
        return store.load(own)
    finally:
        file.close()


def in_force(place: Path, **span: Any) -> list[tuple[Any, ...]]:
    """Return what the curated view says stands."""
    rows = ask(place, "curated.short_volume", **span)
    return seen((row for row in rows if row["withdrawn_at"] is None), *WHAT)


def as_seen(text: Sequence[str]) -> list[tuple[str, Decimal]]:
    return [(line.split("|")[0], Decimal(line.split("|")[1])) for line in text]


def random_lines(chance: random.Random, n_rows: int) -> list[str]:
    made = []
    for n in range(n_rows):
        total = chance.randrange(1, 10**9)
        short = chance.randrange(total)
        fraction = chance.choice(["", ".5", ".123456"])
        made.append(f"S{n}|{short}{fraction}|{chance.randrange(short + 1)}|{total + 1}")
    return made
