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
from pathlib import PurePosixPath

from leadline.errors import FeedError
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

COLUMNS = """
ticker text, volume decimal(18, 4), open decimal(18, 8), close decimal(18, 8),
high decimal(18, 8), low decimal(18, 8), window_start bigint, transactions decimal(18, 2)
"""
# How long a bar is, and since and until when, by the folder of its file.
KINDS = {
    "day_aggs_v1": ("1d", "sessions.opens_at", "sessions.closes_at + interval 15 minutes"),
    "minute_aggs_v1": ("1m", "dated.window_at", "dated.window_at + interval 1 minute"),
}
ROWS = """
with timed as (
    select *, make_timestamptz(window_start // 1_000) as window_at, {contract} as contract
    from bars
),

dated as (
    select *, cast(timezone('America/New_York', window_at) as date) as session_date from timed
)

select
    dated.contract,
    '{bar}' as bar,
    {starts_at} as starts_at,
    {known_at} as known_at,
    dated.session_date,
    {osi},
    dated.open,
    dated.high,
    dated.low,
    dated.close,
    dated.volume,
    dated.transactions as n_trades
from dated
left join sessions
    on sessions.calendar = 'XNYS' and sessions.session_date = dated.session_date
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        kinds = [KINDS[part] for part in PurePosixPath(file.name).parts if part in KINDS]
        if not kinds:
            raise FeedError(
                f"{file.origin}: its path has no day_aggs_v1 and no minute_aggs_v1, so it does not "
                f"say how long its bars are; keep the source's folders"
            )
        bar, starts_at, known_at = kinds[-1]
        said = {"bar": bar, "starts_at": starts_at, "known_at": known_at}
        said |= {"contract": _massive.CONTRACT, "osi": _osi.columns("dated.contract")}
        yield "option_bars", file.csv(COLUMNS).query("bars", ROWS.format(**said))
