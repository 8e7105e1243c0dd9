"""Massive option trades: the daily flat file of every OPRA print.

Source: https://files.massive.com, bucket flatfiles, us_options_opra/trades_v1; a paid plan's keys.
Limits: a day is 62 to 78 MB, published next morning; 404 is too early, 403 is not in the plan.
Quirks: no id, no sequence, no participant time: equal prints are numbered, and traded_at and
    known_at are both the SIP's time; cancels are prints of their own, told by their condition.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files

FEED = Feed(writes=("option_trades",), schedule="30 16 * * 2-6")

COLUMNS = """
ticker text, conditions text, correction integer, exchange integer, price decimal(18, 8),
sip_timestamp bigint, size bigint
"""

ROWS = """
with numbered as (select *, row_number() over () as sequence from prints)
select
    make_timestamptz(sip_timestamp // 1_000) as traded_at,
    traded_at as known_at,
    cast(traded_at at time zone 'America/New_York' as date) as session_date,
    sequence, price, size,
    cast(exchange as text) as venue,
    concat_ws('-', ticker, sip_timestamp, exchange, price, size, conditions, row_number() over (
        partition by ticker, sip_timestamp, exchange, price, size, conditions order by sequence
    )) as trade_id,
    substr(ticker, 3) as contract,
    case correction when 0 then conditions else 'correction ' || correction end as condition
from numbered
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation, which the store streams."""
    for file in files:
        yield "option_trades", file.csv(COLUMNS).query("prints", ROWS)
