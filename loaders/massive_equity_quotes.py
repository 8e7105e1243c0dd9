"""Massive stock quotes (formerly Polygon): the national best one in force before each print.

Source: https://files.massive.com, bucket flatfiles, us_stocks_sip/quotes_v1, beside trades_v1 of
    the same day, in the source's own folders; the keys of a paid plan.
Limits: a day is 6 to 10.5 GB of gzip, which has to lie on the disk and is read twice; of it only
    what stood when something was executed is kept.
Quirks: a quote stands from the tape's time on, which is known_at, and a print is set beside what
    stood before the participant's time, in microseconds. A price of 0 is no quote on that side.
    Sizes were round lots of a hundred before 2025-11-03, and are shares since; a stock of another
    lot is told a hundredfold, as no file says its lot. Both files are sorted by ticker, and quotes
    by time within; a file that is not is refused.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files
from loaders import _massive, _massive_quotes

FEED = Feed(
    writes=("equity_quotes",),
    files=_massive.FILES,
    parts=4,
    bucket=_massive.BUCKET,
    objects=(f"us_stocks_sip/quotes_v1/{_massive.DAY}",),
    beside=(_massive.STOCK_TRADES,),
    schedule=_massive.NEXT_DAY,
)

QUOTES = """
ticker text, ask_exchange text, ask_price decimal(18, 8), ask_size decimal(18, 6),
bid_exchange text, bid_price decimal(18, 8), bid_size decimal(18, 6), conditions text,
indicators text, participant_timestamp bigint, sequence_number text, sip_timestamp bigint,
tape text, trf_timestamp bigint
"""
MOMENT = "least(coalesce(nullif(participant_timestamp, 0), sip_timestamp), sip_timestamp)"
ROWS = f"""
select distinct
    ticker as symbol,
    make_timestamptz(at_us) as quoted_at,
    quoted_at as known_at,
    1 as place,
    cast(timezone('America/New_York', quoted_at) as date) as session_date,
    nullif(bid_price, 0) as bid,
    nullif(ask_price, 0) as ask,
    case when bid_price <> 0 then bid_size * lot end as bid_size,
    case when ask_price <> 0 then ask_size * lot end as ask_size,
    case when bid_price <> 0 then nullif(bid_exchange, '0') end as bid_venue,
    case when ask_price <> 0 then nullif(ask_exchange, '0') end as ask_venue
from (
    select *, case when at_us < {_massive.SHARES_SINCE_US} then 100 else 1 end as lot
    from kept
)
"""
FORM = _massive_quotes.Form(
    "equity_quotes", QUOTES, _massive.STOCK_PRINTS, _massive_quotes.moments_sql(MOMENT), ROWS
)


def read(files: Files) -> Iterator[Batch]:
    """Yield what is kept of each day's quotes, which needs the day's trades beside them."""
    return _massive_quotes.read(files, FORM)
