"""Massive stock bars (formerly Polygon): of each stock that traded, by the session and minute.

Source: https://files.massive.com, bucket flatfiles, us_stocks_sip/day_aggs_v1 and
    minute_aggs_v1, in the source's own folders; the keys of a paid plan.
Limits: a day is 0.3 MB of sessions (12,000 stocks) and 27 to 30 MB of minutes (1.8 million), since
    2003, and comes about 11:00 New York of the next.
Quirks: both look the same, and only the folder tells them apart. Prices are taken for as traded,
    which the source does not say. A session's bar begins at midnight in New York; here it does at
    the session's open, and known_at is its close and 15 min. A minute's known_at is its end;
    minutes before the open and after the close are among them. A bar is there only where
    something traded. Volumes have fractions of shares since 2026-02-23.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files
from loaders import _massive

FEED = Feed(
    writes=("equity_bars",),
    files=_massive.FILES,
    parts=4,
    bucket=_massive.BUCKET,
    objects=tuple(
        f"us_stocks_sip/{kind}/{_massive.DAY}" for kind in ("day_aggs_v1", "minute_aggs_v1")
    ),
    schedule=_massive.NEXT_DAY,
)

COLUMNS = "dated.name as symbol, 'none' as adjusted"


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        yield "equity_bars", _massive.bars(file, "ticker", COLUMNS)
