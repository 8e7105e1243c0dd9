"""Who was in the S&P 500, and what its fund SPY held.

Source: https://github.com/fja05680/sp500, sp500_ticker_start_end.csv; of SPY Lean's Data/equity/
    usa/universes/etf/spy/YYYYMMDD.csv, https://github.com/QuantConnect/Lean.
Limits: files only; the index from 1996-01-02, of SPY the days that come with Lean.
Quirks: a spell's end is the first day without it, and a member of the first day has been one for
    longer; tickers of the index are those of its own time, or later ones; nobody says when a
    change was announced, so known_at is the begin in New York of the day from which it holds; a
    list of SPY is of the session before its file's name, known at 06:30 of that day, and its
    weights leave cash out.
"""

import re
from collections.abc import Iterator

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files

FEED = Feed(writes=("index_members",), files=("sp500_ticker_start_end*.csv", "[0-9]*.csv"), parts=2)

SPELLS = re.compile(r".*/sp500_ticker_start_end.*\.csv")
LIST = re.compile(r"(etf_)?(?P<fund>spy)/(?P<day>\d{8})\.csv")

SPELL_COLUMNS = "ticker text, start_date date, end_date date"
OF_SPELLS = """
with told as (
    select ticker as symbol, start_date as from_date, true as is_member from lines
    union all
    select ticker, end_date, false from lines where end_date is not null
)

select
    'SP500' as index_name,
    *,
    false as is_list,
    cast(null as double) as weight_frac,
    cast(null as decimal(20, 4)) as shares,
    timezone('America/New_York', cast(from_date as timestamp)) as known_at
from told
"""

LIST_COLUMNS = """
ticker text, sid text, stamp text, weight double, shares decimal(20, 4), cash text
"""
OF_A_LIST = """
select
    '{fund}' as index_name,
    ticker as symbol,
    cast(try_strptime(stamp, '%Y%m%d') as date) as from_date,
    true as is_member,
    true as is_list,
    weight as weight_frac,
    shares,
    timezone('America/New_York', timestamp '{day}' + interval 390 minutes) as known_at
from lines
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        if SPELLS.fullmatch(file.name):
            yield "index_members", file.csv(SPELL_COLUMNS).query("lines", OF_SPELLS)
        elif name := LIST.fullmatch(file.name):
            day = f"{name['day'][:4]}-{name['day'][4:6]}-{name['day'][6:]}"
            rows = OF_A_LIST.format(fund=name["fund"].upper(), day=day)
            yield "index_members", file.csv(LIST_COLUMNS, header=False).query("lines", rows)
        else:
            raise FeedError(
                f"{file.origin}: it is no sp500_ticker_start_end.csv and no spy/YYYYMMDD.csv; "
                f"name the folder of its fund"
            )
