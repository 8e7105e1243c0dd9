"""Lean's ticks of stocks: every print with its venue, and each change of the national best quote.

Source: https://github.com/QuantConnect/Lean, Data/equity/usa/tick (AlgoSeek's consolidated tape),
    as TICKER/YYYYMMDD_trade.zip and _quote.zip.
Limits: files only; the samples that come with Lean are days and tickers picked by hand.
Quirks: times are New York's milliseconds since midnight, some with decimals, prices ten thousandths
    of a dollar. There is one time, AlgoSeek's, and none of publication: known_at is traded_at, so
    nothing is late by its times, only by its condition. A print has no id; it is numbered in its
    file. Its condition is a mask of bits, written in hexadecimal; its bits are told one by one
    (20000020 is 20,20000000), and a print that AlgoSeek has for an odd one ends in `suspicious`. A
    tape is not told, nor a facility; venue D is FINRA's. A row of quotes changes one side, and the
    other is 0: that stands on, within a file; a row without either is nobody's quote. Minute zips
    have the same names and are refused by their member's. Prices are rounded to the cent, those of
    FINRA's prints too, so that nothing is told of fractions.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files

FEED = Feed(
    writes=("equity_trades", "equity_quotes"),
    files=("[0-9]*_trade.zip", "[0-9]*_quote.zip"),
    parts=2,
    zips="joined",
)

NAME = re.compile(r"(?:.*/)?(?P<symbol>[^/]+)/(?P<day>\d{8})_(?P<kind>trade|quote)\.zip")
DATASETS = {"trade": "equity_trades", "quote": "equity_quotes"}
COLUMNS = {
    "trade": """
        member text, stamp decimal(12, 3), price decimal(18, 4), size decimal(20, 6), venue text,
        mask text, suspicious text
    """,
    "quote": """
        member text, stamp decimal(12, 3), bid decimal(18, 4), bid_size decimal(20, 6),
        ask decimal(18, 4), ask_size decimal(20, 6), venue text, mask text, suspicious text
    """,
}
BITS = ", ".join(f"'{1 << place:X}'" for place in range(32))

# The window holds a whole file, so nothing is made of a row before it.
NUMBERED = """
with named as (
    select
        *,
        case
            when lower(member) = '{stem}_tick.csv' then '{symbol}'
            else error('member ''' || member || ''' is no {stem}_tick.csv; keep one ticker a file')
        end as symbol,
        cast(strptime('{day}', '%Y%m%d') as date) as session_date,
        timezone(
            'America/New_York', session_date + to_microseconds(cast(stamp * 1000 as bigint))
        ) as told_at,
        row_number() over () as nth
    from lines
)
"""

ROWS = {
    "trade": f"""
{NUMBERED},

masked as (
    select *, cast('0x' || mask as bigint) as bits
    from named
)

select
    symbol,
    venue,
    cast(nth as text) as trade_id,
    told_at as traded_at,
    told_at as known_at,
    session_date,
    price * 0.0001 as price,
    size,
    nullif(
        concat_ws(
            ',',
            nullif(
                array_to_string(
                    list_filter([{BITS}], lambda one: bits & cast('0x' || one as bigint) <> 0), ','
                ), ''
            ),
            case when suspicious <> '0' then 'suspicious' end
        ), ''
    ) as conditions
from masked
""",
    "quote": f"""
{NUMBERED},

sides as (
    select
        *,
        bid <> 0 or bid_size <> 0 or ask = 0 and ask_size = 0 as is_bid,
        ask <> 0 or ask_size <> 0 or bid = 0 and bid_size = 0 as is_ask
    from named
),

carried as (
    select
        *,
        last_value(
            case when is_bid then struct_pack(price := bid, size := bid_size, venue := venue) end
            ignore nulls
        ) over so_far as best_bid,
        last_value(
            case when is_ask then struct_pack(price := ask, size := ask_size, venue := venue) end
            ignore nulls
        ) over so_far as best_ask,
        row_number() over (partition by told_at order by nth) as place
    from sides
    window so_far as (order by nth rows between unbounded preceding and current row)
)

select
    symbol,
    told_at as quoted_at,
    told_at as known_at,
    place,
    session_date,
    nullif(best_bid.price, 0) * 0.0001 as bid,
    nullif(best_ask.price, 0) * 0.0001 as ask,
    case when best_bid.price <> 0 then best_bid.size end as bid_size,
    case when best_ask.price <> 0 then best_ask.size end as ask_size,
    case when best_bid.price <> 0 then best_bid.venue end as bid_venue,
    case when best_ask.price <> 0 then best_ask.venue end as ask_venue
from carried
""",
}


def read(files: Files) -> Iterator[Batch]:
    """Yield each zip as one relation."""
    for file in files:
        name = NAME.fullmatch(file.name)
        if name is None:
            raise FeedError(
                f"{file.origin}: its name should be a ticker's folder, a day and what it holds, as "
                f"ibm/20131008_trade.zip has them; name it as the source does"
            )
        symbol, day, kind = name["symbol"].lower(), name["day"], name["kind"]
        if session(file.origin, day) > clock.now().date():
            raise FeedError(f"{file.origin}: {day} is yet to come; name it by its own day")
        if not re.fullmatch(r"[a-z0-9.]+", symbol):
            raise FeedError(f"{file.origin}: '{symbol}' is no ticker; name its folder by one")
        stem = f"{day}_{symbol}_{kind}"
        sql = ROWS[kind].format(stem=stem, symbol=symbol.upper(), day=day)
        yield DATASETS[kind], file.csv(COLUMNS[kind], header=False).query("lines", sql)


def session(where: str, day: str) -> date:
    """Return the day that a file's name says."""
    try:
        return datetime.strptime(day, "%Y%m%d").date()
    except ValueError as error:
        raise FeedError(f"{where}: '{day}' is no day; name it as the source does") from error
