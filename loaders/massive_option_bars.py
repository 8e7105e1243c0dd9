"""Massive option bars (formerly Polygon): of each contract that traded, by the session and minute.

Source: https://files.massive.com, bucket flatfiles, us_options_opra/day_aggs_v1 and
    minute_aggs_v1, in the source's own folders; the keys of a paid plan.
Limits: a day is 4 MB of sessions and 24 to 29 MB of minutes, since 2014, and comes about 11:00 New
    York of the next.
Quirks: both look the same, and only the folder tells them apart. A session's bar begins at midnight
    in New York; here it does at the session's open, and known_at is its close and 15 min. A
    minute's known_at is its end. A bar is there only where something traded; what it is made of,
    cancels and late prints among it, the source does not say.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files
from loaders import _massive, _osi

FEED = Feed(
    writes=("option_bars",),
    files=_massive.FILES,
    parts=4,
    bucket=_massive.BUCKET,
    objects=tuple(
        f"us_options_opra/{kind}/{_massive.DAY}" for kind in ("day_aggs_v1", "minute_aggs_v1")
    ),
    schedule=_massive.NEXT_DAY,
)

COLUMNS = f"""
dated.name as contract, {_osi.columns("dated.name")}, dated.transactions as n_trades
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        yield "option_bars", _massive.bars(file, _massive.CONTRACT, COLUMNS)
