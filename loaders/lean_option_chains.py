"""Lean daily US options: chains of a session as CSV, bars and open interest of a year as zips.

Source: https://github.com/QuantConnect/Lean, Data/option and Data/indexoption: universes as
    TICKER/YYYYMMDD.csv, daily as TICKER_YYYY_trade_american.zip, _quote_ and _openinterest_.
Limits: files only; the samples that come with Lean are sessions and contracts picked by hand.
Quirks: a universe's ticker is told by its folder alone; spx holds roots SPX and no SPXW, whose
    minute files name the same contracts; known_at of a chain is the session's close and 30 min, of
    a daily bar 15 min; its close, our mid, is of trades where there were some (2013, 2014, 2021),
    else of the middle of the quotes or what an earlier session left; 0 is none, and so is an iv of
    0, whose greeks are those of no volatility; vega is per point and theta per day, so they are
    multiplied by 100 and 365; underlying_price is the row without a contract, which may be a
    minute before the open or days old; open interest of a universe is that after its session,
    known at 06:30 New York of the next, empty means that it is not told, and a 0 never is: what
    was before goes on; of a zip it is stamped with the morning on which it comes; AAPL's files of
    2015 and SPX's of 2020 and 2021 hold the session after the one that they are named for.
"""

import re
from collections.abc import Iterator

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files
from loaders import _lean, _osi

FEED = Feed(
    writes=("open_interest", "option_bars", "option_quote_bars", "option_chains"),
    files=(
        "[12][0-9][0-9][0-9][01][0-9][0-3][0-9].csv",
        *(f"*_[12][0-9][0-9][0-9]_{kind}_*.zip" for kind in _lean.DATASETS),
    ),
    parts=2,
    zips="joined",
)

UNIVERSE = re.compile(r"(?P<ticker>[a-z0-9.]+)/(?P<session>\d{8})\.csv")
ARCHIVE = re.compile(
    r"(?:.*/)?[a-z0-9.]+_\d{4}_(?P<kind>trade|quote|openinterest)_(?P<style>american|european)\.zip"
)

COLUMNS = """
"#expiry" text, strike decimal(18, 8), "right" text, open decimal(18, 8), high decimal(18, 8),
low decimal(18, 8), close decimal(18, 8), volume decimal(18, 4), open_interest decimal(18, 4),
implied_volatility double, delta double, gamma double, vega double, theta double, rho text
"""

# The row of the underlying names no contract at all.
OWN = """lines."#expiry" is null and lines.strike is null and lines."right" is null"""

CONTRACTS = f"""
with parted as (
    select
        *,
        cast(strptime('{{session}}', '%Y%m%d') as date) as session_date,
        cast(strptime("#expiry", '%Y%m%d') as date) as expiration,
        case "right"
            when 'C' then 'call'
            when 'P' then 'put'
            else error('right is ''' || "right" || ''', neither C nor P; mend the loader')
        end as put_call
    from lines
    where not ({OWN})
),

contracts as (
    select
        *,
        {_osi.composed("'{root}'", "expiration", "put_call", "strike")} as contract
    from parted
)
"""

CHAINS = f"""
select
    'XNYS' as calendar,
    contracts.session_date,
    sessions.closes_at + interval 30 minutes as known_at,
    '{{ticker}}' as underlying,
    contracts.contract,
    contracts.expiration,
    contracts.strike,
    contracts.put_call,
    'USD' as currency,
    nullif(contracts.close, 0) as mid,
    contracts.volume,
    nullif(contracts.implied_volatility, 0) as iv,
    case when iv is not null then contracts.delta end as delta,
    case when iv is not null then contracts.gamma end as gamma,
    case when iv is not null then 365 * contracts.theta end as theta,
    case when iv is not null then 100 * contracts.vega end as vega,
    (select lines.close from lines where {OWN}) as underlying_price
from contracts
left join sessions
    on sessions.calendar = 'XNYS' and contracts.session_date = sessions.session_date
"""

# What is published on the morning of a session is what was open after the one before.
CLEARED = """
select
    contracts.contract,
    'XNYS' as calendar,
    contracts.session_date as oi_date,
    coalesce(after.session_date, contracts.session_date) as session_date,
    timezone('America/New_York', after.session_date + interval 390 minutes) as known_at,
    contracts.open_interest
from contracts
left join sessions
    on sessions.calendar = 'XNYS' and contracts.session_date = sessions.session_date
left join sessions as after
    on after.calendar = 'XNYS' and after.sequence = sessions.sequence + 1
where contracts.open_interest is not null
"""

STAMPED = """
stamped as (select *, cast(strptime(stamp, '%Y%m%d %H:%M') as date) as session_date from described)
"""

PUBLISHED = """
select
    stamped.contract,
    'XNYS' as calendar,
    before.session_date as oi_date,
    stamped.session_date,
    timezone('America/New_York', stamped.session_date + interval 390 minutes) as known_at,
    stamped.open_interest
from stamped
left join sessions
    on sessions.calendar = 'XNYS' and stamped.session_date = sessions.session_date
left join sessions as before
    on before.calendar = 'XNYS' and before.sequence = sessions.sequence - 1
"""

DAILY = """
select
    stamped.session_date,
    sessions.opens_at as starts_at,
    sessions.closes_at + interval 15 minutes as known_at,
    {columns}
from stamped
left join sessions
    on sessions.calendar = 'XNYS' and stamped.session_date = sessions.session_date
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield a universe twice, as chain and as open interest; a zip as what its name says."""
    for file in files:
        if name := UNIVERSE.fullmatch(file.name):
            yield from universe(file, **name.groupdict())
        elif name := ARCHIVE.fullmatch(file.name):
            # A year's zip is the same wherever it lies; only a universe needs its folder's name.
            file.name = file.name.rpartition("/")[2]
            yield from archive(file, **name.groupdict())
        else:
            raise FeedError(
                f"{file.origin}: it should be named as aapl/20140605.csv or "
                f"aapl_2014_trade_american.zip; name it, and its folder, as the source does"
            )


def universe(file: File, ticker: str, session: str) -> Iterator[Batch]:
    """Yield the chain of a session, and the open interest after it."""
    lines = file.csv(COLUMNS)
    contracts = CONTRACTS.format(session=session, root=ticker.upper().replace(".", ""))
    yield "open_interest", lines.query("lines", contracts + CLEARED)
    yield "option_chains", lines.query("lines", contracts + CHAINS.format(ticker=ticker.upper()))


def archive(file: File, kind: str, style: str) -> Iterator[Batch]:
    """Yield the daily bars of a year, or the open interest of its mornings."""
    rows = PUBLISHED
    if kind != "openinterest":
        rows = DAILY.format(columns=_lean.bars(kind, "1d"))
    sql = f"with {_lean.described('([a-z0-9.]+)', kind, style)}, {STAMPED} {rows}"
    lines = file.csv(_lean.columns(kind, "text"), header=False)
    yield _lean.DATASETS[kind], lines.query("lines", sql)
