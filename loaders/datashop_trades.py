"""Cboe DataShop's option trades, each with the national quote and the underlying beside it.

Source: https://datashop.cboe.com, "Option Trades" and "Option Trades with Calcs", bought: one CSV
    a day or month, plain or zipped (UnderlyingOptionsTradesCalcs_2018-01-08.csv).
Limits: files only; no file of it was at hand, so what is said here is what public code that reads
    such files shows, and what it does not show is marked.
Quirks: quote_datetime is New York's clock and the only time there is: it is taken for traded_at
    and known_at (unverified for late reports); from 20:00 on it belongs to the next day's
    session; plain files have neither trade_iv nor trade_delta; after the named columns come five
    for each exchange that quoted, unnamed, as many as there are, none since 2022-06-13, which
    are left out; a trade_iv of 0 is none, and its trade_delta then stands for nothing; a
    best_bid, best_ask or underlying price of 0 is none; underlying_price is the mid, of an index
    its value; exchanges and conditions are numbered by DataShop's own lists, which option_codes
    has; a cancel is a row of its own with condition 40 to 44, known from its own time on, while
    canceled_trade_condition_id of the cancelled row tells what nobody knew when it traded, so it
    is left out (unverified that every cancel has its row, at its own time); before 2015-08-03 a
    cancelled trade is there twice, with and without that id, and counts once; since then prints
    may share a sequence_number, so an id is day, number, condition, price, size and the count of
    such prints; a contract of several underlyings is repeated for each, of which the first
    stands and the others are set aside.
"""

from collections.abc import Iterator, Sequence

import duckdb

from leadline.engine import scratch
from leadline.errors import FeedError, first_line
from leadline.feed import Batch, Extract, Feed, File, Files
from leadline.quote import named, quoted
from loaders import _osi

FEED = Feed(writes=("option_trades",), files="UnderlyingOptionsTrades*.csv")

ALWAYS = (
    "underlying_symbol", "quote_datetime", "sequence_number", "root", "expiration", "strike",
    "option_type", "exchange_id", "trade_size", "trade_price", "trade_condition_id",
    "canceled_trade_condition_id", "best_bid", "best_ask",
)  # fmt: skip
CALCS = ("trade_iv", "trade_delta")
LAST = ("underlying_bid", "underlying_ask", "number_of_exchanges")
LAYOUTS = ((*ALWAYS, *CALCS, *LAST), (*ALWAYS, *LAST))
EXCHANGES = 40  # twice as many as there are
BATCH = 200_000

ROWS = f"""
with cast_lines as (
    select
        *,
        row_number() over () as place,
        try_cast(quote_datetime as timestamp) as quoted_at,
        try_cast(expiration as date) as expiration_date,
        try_cast(strike as decimal(18, 8)) as strike_usd,
        case option_type when 'C' then 'call' when 'P' then 'put' end as put_call
    from lines
),

numbered as (
    select
        *,
        cast(quoted_at + interval 4 hours as date) as session_date,
        row_number() over (
            partition by
                underlying_symbol, root, expiration, strike, option_type, exchange_id, quoted_at,
                sequence_number, trade_condition_id, trade_price, trade_size,
                canceled_trade_condition_id
            order by place
        ) as n
    from cast_lines
)

select
    {_osi.composed("root", "expiration_date", "put_call", "strike_usd")} as contract,
    exchange_id as venue,
    concat_ws(
        '-', strftime(session_date, '%Y%m%d'), sequence_number, trade_condition_id, trade_price,
        trade_size, n
    ) as trade_id,
    timezone('America/New_York', quoted_at) as traded_at,
    traded_at as known_at,
    'XNYS' as calendar,
    session_date,
    root,
    expiration_date as expiration,
    strike_usd as strike,
    put_call,
    trade_price as price,
    trade_size as size,
    'USD' as currency,
    trade_condition_id as condition,
    {{calcs}}
    nullif(try_cast(best_bid as decimal(18, 8)), 0) as bid,
    nullif(try_cast(best_ask as decimal(18, 8)), 0) as ask,
    cast(
        (
            nullif(try_cast(underlying_bid as decimal(18, 8)), 0)
            + nullif(try_cast(underlying_ask as decimal(18, 8)), 0)
        ) / 2 as decimal(18, 8)
    ) as underlying_price,
    place as sequence
from numbered
order by place
"""

WITH_CALCS = """
    nullif(try_cast(trade_iv as double), 0) as iv,
    case when iv is not null then try_cast(trade_delta as double) end as delta,
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file's prints and cancels, some at a time."""
    for file in files:
        with scratch() as con:
            try:
                names = header(con, file)
                calcs = WITH_CALCS if names[14] == "trade_iv" else ""
                con.execute(f"create temporary view lines as {lines(file, names, skip=1)}")
                for rows in con.sql(ROWS.format(calcs=calcs)).to_arrow_reader(BATCH):
                    yield "option_trades", Extract(file, rows)
            except duckdb.Error as error:
                what = f"{first_line(error)}; fetch it again"
                raise FeedError(f"{file.origin}: {what}") from error


def header(con: duckdb.DuckDBPyConnection, file: File) -> Sequence[str]:
    """Return a file's named columns; refuse a layout that is none of the known ones."""
    said = con.execute(f"{lines(file, ())} limit 1").fetchone() or ()
    names = [name for name in said if name]
    found = next((layout for layout in LAYOUTS if names[: len(layout)] == list(layout)), None)
    if found is None:
        missing = [name for name in LAYOUTS[-1] if name not in names]
        what = f"has no '{missing[0]}'" if missing else f"begins with {','.join(names[:3])}"
        raise FeedError(
            f"{file.origin}:1: the header {what}; it should read {','.join(LAYOUTS[0])}"
        )
    return found


def lines(file: File, names: Sequence[str], skip: int = 0) -> str:
    """Return SQL for a file's lines as texts; those of the exchanges' quotes are not named."""
    path = file.body().path
    wide = [*names, *(f"quote_{n}" for n in range(5 * EXCHANGES))]
    columns = ", ".join(f"{named(name)}: 'text'" for name in wide)
    packed = "gzip" if path.suffix == ".gz" else "none"
    return (
        f"select * from read_csv({quoted(str(path))}, columns = {{{columns}}}, "
        f"header = false, skip = {skip}, auto_detect = false, null_padding = true, "
        f"""delim = ',', quote = '"', escape = '"', nullstr = '', compression = '{packed}')"""
    )
