"""Lean minute bars of US options: trades, quotes and open interest, one zip an underlying and day.

Source: https://github.com/QuantConnect/Lean, Data/option and Data/indexoption, minute, as
    TICKER/YYYYMMDD_trade_american.zip, _quote_ and _openinterest_, american or european.
Limits: files only; the samples that come with Lean are days and contracts picked by hand.
Quirks: a zip has one CSV a contract, which is told by the member's name alone; times are New York's
    milliseconds since midnight, prices and strikes ten thousandths of a dollar; the ticker is the
    symbol's root, spxw as well as spx; some names end in .zip.zip; known_at is the minute's end;
    open interest, which is that of the session before, is stamped from 06:30 to 06:33 and taken
    for known at 06:30, for it is the fact that daily files tell without a time; a quote's side is
    empty where nobody quoted (SPX) or no change was seen (2013), which are not told apart; quotes
    may cross; nothing counts the prints of a bar.
"""

import re
from collections.abc import Iterator

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files
from loaders import _lean

FEED = Feed(
    writes=("open_interest", "option_bars", "option_quote_bars"),
    files=tuple(f"[0-9]*_{kind}_*.zip" for kind in _lean.DATASETS),
    parts=2,
    zips="joined",
)

NAME = re.compile(
    r".*/(?P<day>\d{8})_(?P<kind>trade|quote|openinterest)_(?P<style>american|european)\.zip(\.zip)?"
)

TIMED = """
timed as (
    select
        *,
        cast(strptime('{day}', '%Y%m%d') as date) as session_date,
        timezone(
            'America/New_York', session_date + to_microseconds(cast(stamp * 1000 as bigint))
        ) as starts_at,
        starts_at + interval 1 minute as known_at
    from described
)
"""

INTEREST = """
select
    timed.contract,
    'XNYS' as calendar,
    before.session_date as oi_date,
    timed.session_date,
    case
        when timed.stamp < 24_000_000  -- 06:40; what comes later is no morning's publication
            then timezone('America/New_York', timed.session_date + interval 390 minutes)
        else timed.known_at
    end as known_at,
    timed.open_interest
from timed
left join sessions on sessions.calendar = 'XNYS' and timed.session_date = sessions.session_date
left join sessions as before
    on before.calendar = 'XNYS' and before.sequence = sessions.sequence - 1
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each zip as one relation."""
    for file in files:
        name = NAME.fullmatch(file.name)
        if name is None:
            raise FeedError(
                f"{file.origin}: its name should be a day, what it holds and a style, as "
                f"20140606_trade_american.zip has them; name it as the source does"
            )
        day, kind, style = name["day"], name["kind"], name["style"]
        described = _lean.described(rf"{day}_([a-z0-9.]+)_minute", kind, style)
        rows = INTEREST
        if kind != "openinterest":
            columns = _lean.bars(kind, "1m")
            rows = f"select session_date, starts_at, known_at, {columns} from timed"
        sql = f"with {described}, {TIMED.format(day=day)} {rows}"
        lines = file.csv(_lean.columns(kind, "decimal(12, 3)"), header=False)
        yield _lean.DATASETS[kind], lines.query("lines", sql)
