"""Massive option quotes (formerly Polygon): the one in force before each print of OPRA.

Source: https://files.massive.com, bucket flatfiles, us_options_opra/quotes_v1, beside trades_v1 of
    the same day, in the source's own folders; the keys of a paid plan.
Limits: a day is 106 to 172 GB of gzip, which has to lie on the disk and is read twice, since
    2022; of it only what stood when something traded is kept.
Quirks: known_at is a microsecond before the print that a quote is kept for, a moment at which it
    stood; quoted_at is when it came. Quotes and prints are compared by their microseconds, so a
    quote of the print's own microsecond does not stand before it. A contract has a row for each
    moment at which it traded, whichever quote stood. A price of 0 is no quote on that side.
    Both files are sorted by ticker, and quotes by time within; a file that is not is refused.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files
from loaders import _massive, _massive_quotes

FEED = Feed(
    writes=("option_quotes",),
    files=_massive.FILES,
    parts=4,
    bucket=_massive.BUCKET,
    objects=(f"us_options_opra/quotes_v1/{_massive.DAY}",),
    beside=(_massive.TRADES,),
    schedule=_massive.NEXT_DAY,
)

QUOTES = """
ticker text, ask_exchange text, ask_price decimal(18, 8), ask_size decimal(18, 8),
bid_exchange text, bid_price decimal(18, 8), bid_size decimal(18, 8), sequence_number text,
sip_timestamp bigint
"""
ROWS = f"""
select
    {_massive.CONTRACT} as contract,
    1 as place,
    make_timestamptz(at_us) as quoted_at,
    make_timestamptz(traded_us - 1) as stood_at,
    stood_at as known_at,
    'XNYS' as calendar,
    cast(timezone('America/New_York', make_timestamptz(traded_us)) as date) as session_date,
    'USD' as currency,
    nullif(bid_price, 0) as bid,
    nullif(ask_price, 0) as ask,
    case when bid_price != 0 then bid_size end as bid_size,
    case when ask_price != 0 then ask_size end as ask_size,
    case when bid_price != 0 then nullif(bid_exchange, '0') end as bid_venue,
    case when ask_price != 0 then nullif(ask_exchange, '0') end as ask_venue
from kept
"""
FORM = _massive_quotes.Form(
    "option_quotes", QUOTES, _massive.PRINTS, _massive_quotes.moments_sql("sip_timestamp"), ROWS
)


def read(files: Files) -> Iterator[Batch]:
    """Yield what is kept of each day's quotes, which needs the day's trades beside them."""
    return _massive_quotes.read(files, FORM)
