"""Cboe delayed option chains of a whole underlying, as scraped into one CSV a day.

Source: https://www.cboe.com/delayed_quotes, saved as UNDERLYING_YYYYMMDD.csv.
Limits: one file a session; scraped at any time of the day, so volume may be partial.
Quirks: the file does not say when it was scraped: known_at is the session's close and 30 min;
    openinterest is that of the session before, known at 06:30 New York of the quote date;
    a file of a market holiday repeats Friday's; a bid, ask or last of 0 means none; whole
    numbers are read as decimals, since a bigint would round a fraction without a word.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files

FEED = Feed(writes=("open_interest", "option_chains"), files="*_[0-9]*.csv")

COLUMNS = """
underlying text, underlying_last decimal(18, 8), exchange text, optionroot text, type text,
expiration text, quotedate text, strike decimal(18, 8), last decimal(18, 8), net decimal(18, 8),
bid decimal(18, 8), ask decimal(18, 8), volume decimal(18, 4), openinterest decimal(18, 4),
impliedvol double, delta double, gamma double
"""

DATED = """
with dated as (
    select
        *,
        cast(strptime(quotedate, '%m/%d/%Y') as date) as quote_date,
        cast(strptime(expiration, '%m/%d/%Y') as date) as expiration_date
    from lines
)
"""

CHAINS = f"""
{DATED}
select
    dated.quote_date as session_date,
    sessions.closes_at + interval 30 minutes as known_at,
    dated.underlying,
    dated.optionroot as contract,
    dated.expiration_date as expiration,
    dated.strike,
    dated.type as put_call,
    nullif(dated.bid, 0) as bid,
    nullif(dated.ask, 0) as ask,
    nullif(dated.last, 0) as last,
    dated.volume,
    nullif(dated.impliedvol, 0) as iv,
    dated.delta,
    dated.gamma,
    dated.underlying_last as underlying_price
from dated
left join sessions on sessions.calendar = 'XNYS' and sessions.session_date = dated.quote_date
"""

OPEN_INTEREST = f"""
{DATED}
select
    dated.optionroot as contract,
    before.session_date as oi_date,
    dated.quote_date as session_date,
    timezone('America/New_York', dated.quote_date + interval 390 minutes) as known_at,
    dated.openinterest as open_interest
from dated
left join sessions on sessions.calendar = 'XNYS' and sessions.session_date = dated.quote_date
left join sessions as before
    on before.calendar = 'XNYS' and before.sequence = sessions.sequence - 1
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file twice: as the session's chain and as the open interest before it."""
    for file in files:
        lines = file.csv(COLUMNS)
        yield "open_interest", lines.query("lines", OPEN_INTEREST)
        yield "option_chains", lines.query("lines", CHAINS)
