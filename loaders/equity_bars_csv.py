"""Daily bars of members of the S&P 500 over five years, one CSV a ticker.

Source: https://github.com/CNuge/kaggle-code, stock_data: TICKER_data.csv.
Limits: 2013-02-08 to 2018-02-07, the members of its last day, so none that left before.
Quirks: prices and volumes are adjusted for splits, not for dividends, as of the file's last day;
    a line may lack its open, high and low, or close below its low on the day of a spin-off, and
    is set aside; known_at is a quarter of an hour
    after the session's close, though the file was made later: levels of it before a split, asked
    as of before that split, are those of later shares.
"""

import re
from collections.abc import Iterator

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files

FEED = Feed(writes=("equity_bars",), files="[A-Z]*_data.csv")

NAME = re.compile(r"(?P<ticker>[A-Z][A-Z0-9.]*)_data\.csv")
COLUMNS = """
date date, open decimal(18, 8), high decimal(18, 8), low decimal(18, 8), close decimal(18, 8),
volume decimal(20, 4), Name text
"""

ROWS = """
with named as (
    select
        * exclude (Name),
        case when Name = '{ticker}' then Name else error(
            'line of ' || coalesce('''' || Name || '''', 'nobody')
            || ' in the file of {ticker}; cut it in two'
        ) end as symbol,
        max(date) over () as adjusted_to
    from lines
)

select
    named.symbol,
    '1d' as bar,
    named.date as session_date,
    sessions.opens_at as starts_at,
    sessions.closes_at + interval 15 minutes as known_at,
    named.open, named.high, named.low, named.close, named.volume,
    'split' as adjusted,
    named.adjusted_to
from named
left join sessions on sessions.calendar = 'XNYS' and named.date = sessions.session_date
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each ticker's file as one relation."""
    for file in files:
        name = NAME.fullmatch(file.name)
        if name is None:
            raise FeedError(f"{file.origin}: it is no TICKER_data.csv; give it its ticker's name")
        rows = ROWS.format(ticker=name["ticker"])
        yield "equity_bars", file.csv(COLUMNS).query("lines", rows)
