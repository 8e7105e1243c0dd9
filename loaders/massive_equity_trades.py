"""Massive stock trades (formerly Polygon): every print of the tapes, by the day and live.

Source: https://files.massive.com, bucket flatfiles, us_stocks_sip/trades_v1, with the keys of a
    paid plan; wss://socket.massive.com/stocks, with its API key. Plans of delayed prints have
    wss://delayed.massive.com/stocks, to which a loader of your own desk may take `listen`.
Limits: a day is 1.4 to 3.7 GB of gzip and 70 million prints and more, and comes about 11:00 New
    York of the next; the bucket lists what a plan does not hold, and then refuses it. One
    connection a key; nothing is pushed twice, so what was missed comes with the day's file.
Quirks: traded_at is the participant's time, as reported to the facility; known_at the tape's, which
    is later, by hours for what was executed overnight; its New York day is the session. A clock
    that runs ahead leaves traded_at behind known_at; nothing is mended. Ids are unique to a venue
    and facility: 201 is FINY, 202 FINN, 203 FINC, and venue 4 is all of them and the ADF.
    Conditions are Massive's numbers, a comma between; none is an ordinary print. A correction
    other than 0 is told as one more of them (`correction 8`): the file has it from the print's
    begin, so that what was cancelled later is told as such in advance. Sizes have fractions since
    2026-02-23. Live both times are the tape's, in milliseconds; nothing is said of what is taken
    back; ids are those of the file (unverified), so that a print of both is one with a later word.
"""

from collections.abc import AsyncIterator, Iterator, Sequence

from leadline.feed import Batch, Feed, Files, Socket
from loaders import _massive
from loaders._massive_socket import StockTape, told
from loaders._symbols import FIRST

NAME = "massive_equity_trades"
FEED = Feed(
    writes=("feed_gaps", "equity_quotes", "equity_trades"),
    files=_massive.FILES,
    bucket=_massive.BUCKET,
    objects=(_massive.STOCK_TRADES,),
    schedule=_massive.NEXT_DAY,
    socket="wss://socket.massive.com/stocks",
)
PRINTS = "T.*"
QUOTED: Sequence[str] = FIRST  # stocks whose national best quotes are listened to as well

ROWS = """
select
    ticker as symbol,
    exchange as venue,
    case trf_id when '201' then 'FINY' when '202' then 'FINN' when '203' then 'FINC' end
        as facility,
    concat_ws('-', nullif(trf_id, '0'), id) as trade_id,
    make_timestamptz(coalesce(nullif(participant_timestamp, 0), sip_timestamp) // 1_000)
        as traded_at,
    make_timestamptz(sip_timestamp // 1_000) as known_at,
    cast(timezone('America/New_York', known_at) as date) as session_date,
    case tape when '1' then 'A' when '2' then 'B' when '3' then 'C' end as tape,
    price,
    size,
    nullif(
        concat_ws(
            ',', nullif(conditions, ''),
            case when correction not in ('0', '') then 'correction ' || correction end
        ), ''
    ) as conditions,
    sequence_number as sequence
from prints
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation, which the store streams."""
    for file in files:
        _massive.need_past(file)
        yield "equity_trades", file.csv(_massive.STOCK_PRINTS).query("prints", ROWS)


def listen(socket: Socket, quoted: Sequence[str] = QUOTED) -> AsyncIterator[Batch]:
    """Yield prints, and quotes of some stocks, about once a second; a loss is a gap."""
    topics = [PRINTS, *(f"Q.{symbol}" for symbol in quoted)]
    return told(NAME, socket, topics, StockTape(["trades"] + ["quotes"] * bool(quoted)))
