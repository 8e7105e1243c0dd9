"""Lean's bars of US stocks: of a minute, of a session, and a close of every stock a session.

Source: https://github.com/QuantConnect/Lean, Data/equity/usa: minute/TICKER/YYYYMMDD_trade.zip,
    daily/TICKER.zip, fundamental/coarse/YYYYMMDD.csv.
Limits: files only; the samples that come with Lean are a few tickers and days.
Quirks: prices are ten thousandths of a dollar, as traded, and in coarse files dollars; a file's
    ticker is that of the days in it, so one that was given to another company has both, which
    map files tell (feed lean_tickers); minutes are New York's, from 04:00 to 20:00, and begin
    their bar; quotes are passed over; a coarse file has a close and a volume alone, and one
    ticker twice where two classes had it; known_at is a minute's end, and a quarter of an hour
    after a session's close, though coarse files are made over night; ticks are named as minutes
    are, and refused.
"""

import re
from collections.abc import Iterator

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files

FEED = Feed(
    writes=("equity_bars",),
    files=("[0-9]*_trade.zip", "[a-z]*.zip", "[0-9]*.csv"),
    parts=2,
    zips="joined",
)

MINUTES = re.compile(r"(?P<ticker>[a-z0-9.]+)/(?P<day>\d{8})_trade\.zip")
DAYS = re.compile(r".*/(?P<ticker>[a-z][a-z0-9.]*)\.zip")
COARSE = re.compile(r"[^/]*coarse[^/]*/(?P<day>\d{8})\.csv")
QUOTES = re.compile(r".*_quote\.zip")

PRICES = ("open", "high", "low", "close")
COLUMNS = (
    "member text, stamp text, "
    + ", ".join(f"{name} decimal(18, 4)" for name in PRICES)
    + ", volume decimal(20, 4)"
)
COARSE_COLUMNS = """
sid text, ticker text, close decimal(18, 8), volume decimal(20, 4), dollar_volume double,
has_fundamentals text, price_factor double, split_factor double
"""

TOLD = ", ".join(f"{name} * 0.0001 as {name}" for name in PRICES)
TOLD = f"'{{ticker}}' as symbol, {TOLD}, volume, 'none' as adjusted"
OWN = "case when member <> '{member}' then error('member ''' || member || ''' is not {member}, the "
OWN += "bars of its file''s name; load it as what it is') else stamp end"

OF_A_MINUTE = f"""
with timed as (
    select *, cast({OWN} as bigint) as ms, date '{{day}}' as session_date from lines
)
select
    '1m' as bar,
    session_date,
    timezone('America/New_York', session_date + to_milliseconds(ms)) as starts_at,
    starts_at + interval 1 minute as known_at,
    {TOLD}
from timed
"""

OF_A_SESSION = f"""
with dated as (
    select *, cast(strptime({OWN}, '%Y%m%d %H:%M') as date) as session_date from lines
)
select
    '1d' as bar,
    dated.session_date,
    sessions.opens_at as starts_at,
    sessions.closes_at + interval 15 minutes as known_at,
    {TOLD}
from dated
left join sessions on sessions.calendar = 'XNYS' and dated.session_date = sessions.session_date
"""

OF_ALL = """
select
    upper(lines.ticker) as symbol,
    '1d' as bar,
    date '{day}' as session_date,
    sessions.opens_at as starts_at,
    sessions.closes_at + interval 15 minutes as known_at,
    lines.close,
    lines.volume,
    'none' as adjusted,
    true as is_close_only
from lines
left join sessions on sessions.calendar = 'XNYS' and sessions.session_date = date '{day}'
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each zip and each coarse file as one relation."""
    for file in files:
        if QUOTES.fullmatch(file.name):
            file.close()
        elif name := COARSE.fullmatch(file.name):
            lines = file.csv(COARSE_COLUMNS, header=False)
            yield "equity_bars", lines.query("lines", OF_ALL.format(day=iso(name["day"])))
        elif name := MINUTES.fullmatch(file.name):
            ticker = name["ticker"]
            said = {"member": f"{name['day']}_{ticker}_minute_trade.csv", "ticker": ticker.upper()}
            rows = OF_A_MINUTE.format(day=iso(name["day"]), **said)
            yield "equity_bars", file.csv(COLUMNS, header=False).query("lines", rows)
        elif name := DAYS.fullmatch(file.name):
            said = {"member": f"{name['ticker']}.csv", "ticker": name["ticker"].upper()}
            rows = OF_A_SESSION.format(**said)
            yield "equity_bars", file.csv(COLUMNS, header=False).query("lines", rows)
        else:
            raise FeedError(
                f"{file.origin}: it is no TICKER/YYYYMMDD_trade.zip, daily/TICKER.zip or "
                f"coarse/YYYYMMDD.csv; name the folder of its name"
            )


def iso(day: str) -> str:
    """Return YYYYMMDD with hyphens."""
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"
