"""Massive option trades (formerly Polygon): every OPRA print, by the day and live.

Source: https://files.massive.com, bucket flatfiles, us_options_opra/trades_v1, with the keys of a
    paid plan; wss://socket.massive.com/options, with its API key. Plans of delayed prints have
    wss://delayed.massive.com/options, to which a loader of your own desk may take `listen`.
Limits: a day is 62 to 78 MB and comes about 11:00 New York of the next; the bucket lists what a
    plan does not hold, and then refuses it. One connection a key; nothing is pushed twice, so what
    was missed comes with the day's file; quotes of at most 1,000 contracts a connection.
Quirks: a print has no id, no sequence and no time but the SIP's, which is traded_at and known_at.
    So an id is its millisecond, price, size, condition and number among such equal ones of its
    contract and venue: the same in a file, which has more of the time, as live. Files are sorted
    by ticker, and then by time. Equal prints are legal. Cancels are prints of their own, told by
    their condition; a correction other than 0 takes the condition's place. Of `conditions` there
    is one, or none; conditions and venues are Massive's numbers, whose meaning has dates.
"""

from collections.abc import AsyncIterator, Iterator, Sequence

from leadline.feed import Batch, Feed, Files, Socket
from loaders import _massive, _osi
from loaders._massive_socket import OptionTape, told

NAME = "massive_option_trades"
FEED = Feed(
    writes=("feed_gaps", "option_quotes", "option_trades"),
    files=_massive.FILES,
    bucket=_massive.BUCKET,
    objects=(_massive.TRADES,),
    schedule=_massive.NEXT_DAY,
    socket="wss://socket.massive.com/options",
)
PRINTS = "T.*"
QUOTED: Sequence[str] = ()  # contracts whose quotes are listened to as well

ROWS = f"""
with ordered as (select *, row_number() over () as sequence from prints),

-- The window holds a whole day, so nothing is made of a row before it.
numbered as (
    select
        *,
        row_number() over (
            partition by ticker, exchange, sip_timestamp // 1_000_000, price, size, conditions
            order by sequence
        ) as nth
    from ordered
)

select
    {_massive.CONTRACT} as contract,
    exchange as venue,
    concat_ws(
        '-', sip_timestamp // 1_000_000, {_massive.shortest("price")}, {_massive.shortest("size")},
        coalesce(conditions, ''), nth
    ) as trade_id,
    make_timestamptz(sip_timestamp // 1_000) as traded_at,
    traded_at as known_at,
    'XNYS' as calendar,
    cast(timezone('America/New_York', traded_at) as date) as session_date,
    {_osi.columns("contract")},
    price,
    size,
    'USD' as currency,
    case when correction != '0' then 'correction ' || correction else conditions end as condition,
    sequence
from numbered
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation, which the store streams."""
    for file in files:
        yield "option_trades", file.csv(_massive.PRINTS).query("prints", ROWS)


def listen(socket: Socket, quoted: Sequence[str] = QUOTED) -> AsyncIterator[Batch]:
    """Yield prints, and quotes of some contracts, about once a second; a loss is a gap."""
    topics = [PRINTS, *(f"Q.{_massive.MARK}{contract}" for contract in quoted)]
    return told(NAME, socket, topics, OptionTape(["trades"] + ["quotes"] * bool(quoted)))
