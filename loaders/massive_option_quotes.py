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
from pathlib import PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadline.engine import scratch
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, streamed
from loaders import _massive

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
MOMENTS = """
select ticker, list_sort(list(distinct sip_timestamp // 1_000)) as moments
from prints
where ticker is not null and sip_timestamp is not null
group by ticker
"""
STREAM = """
select * exclude (sip_timestamp, sequence_number), sip_timestamp // 1_000 as at_us
from quotes
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
_MANY = 100_000  # rows that are handed on together

Moments = dict[str, "np.ndarray[tuple[int], np.dtype[np.int64]]"]


def read(files: Files) -> Iterator[Batch]:
    """Yield what is kept of each day's quotes, which needs the day's trades beside them."""
    trades = {_day(file): file for file in files if _kind(file) == "trades_v1"}
    for file in files:
        if _kind(file) == "quotes_v1":
            if _day(file) not in trades:
                missing = file.origin.replace("quotes_v1", "trades_v1")
                raise FeedError(f"{file.origin}: it is read with {missing}, which is not there")
            beside = trades[_day(file)]
            for rows in kept(file, beside):
                yield "option_quotes", Extract(file, rows, beside=(beside,))


def kept(quotes: File, trades: File, *, size: int = 250_000) -> Iterator[pa.Table]:
    """Yield rows of the quotes that stood before prints, of so many quotes at a time."""
    wanted, held, n_held = moments(trades), [], 0
    last: list[pa.RecordBatch] = []  # the one quote that may still stand in the next block
    for block in streamed(quotes.csv(QUOTES).query("quotes", STREAM), size=size):
        joined = pa.Table.from_batches([*last, block]).combine_chunks()
        _need_order(quotes, joined)
        held.append(_stood(joined, wanted, is_over=False))
        last, n_held = [block.slice(len(block) - 1)], n_held + len(held[-1])
        if n_held >= _MANY:
            yield _rows(held)
            held, n_held = [], 0
    if last:
        held.append(_stood(pa.Table.from_batches(last), wanted, is_over=True))
    yield _rows(held) if held else pa.table({})


def moments(trades: File) -> Moments:
    """Return when each ticker traded, in microseconds and in order."""
    found: Moments = {}
    for batch in streamed(trades.csv(_massive.PRINTS).query("prints", MOMENTS)):
        lists = batch["moments"]
        ends = lists.value_lengths().to_numpy().cumsum()
        every = np.split(lists.flatten().to_numpy(), ends[:-1])
        found |= dict(zip(batch["ticker"].to_pylist(), every, strict=True))
    return found


def _stood(quotes: pa.Table, wanted: Moments, *, is_over: bool) -> pa.Table:
    """Return the quotes that stood before moments, which are struck off.

    A ticker may go on behind the last of these quotes, unless all is over: what traded later is
    still wanted then.
    """
    at = quotes["at_us"].to_numpy()
    places, traded = [np.array([], np.int64)], [np.array([], np.int64)]
    for ticker, start, end in _runs(quotes):
        if ticker not in wanted:
            continue
        when = wanted.pop(ticker)
        if end == len(at) and not is_over:
            n_before = np.searchsorted(when, at[-1], "right")
            when, wanted[ticker] = when[:n_before], when[n_before:]
        found = np.searchsorted(at[start:end], when, "left") - 1
        is_there = found >= 0
        places.append(start + found[is_there])
        traded.append(when[is_there])
    rows = quotes.take(np.concatenate(places))
    return rows.append_column("traded_us", pa.array(np.concatenate(traded)))


def _runs(quotes: pa.Table) -> Iterator[tuple[str, int, int]]:
    """Yield each ticker with where its quotes begin and end."""
    runs = pc.run_end_encode(quotes["ticker"].combine_chunks())
    start = 0
    for ticker, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield ticker, start, end
        start = end


def _need_order(file: File, quotes: pa.Table) -> None:
    """Raise a FeedError unless quotes are in the order of their tickers and times."""
    ticker, at = quotes["ticker"].combine_chunks(), quotes["at_us"].combine_chunks()
    if ticker.null_count or at.null_count:
        raise FeedError(f"{file.origin}: a quote has no ticker or no time; fetch it again")
    before, after = ticker.slice(0, len(ticker) - 1), ticker.slice(1)
    is_same, times = pc.equal(before, after), at.to_numpy()
    is_late = pa.array(times[1:] < times[:-1])
    is_wrong = pc.or_(pc.greater(before, after), pc.and_(is_same, is_late))
    if (place := pc.index(is_wrong, True).as_py()) >= 0:
        raise FeedError(
            f"{file.origin}: quotes of {ticker[place + 1]} come out of the order of tickers and "
            f"times; mend the loader"
        )


def _rows(held: list[pa.Table]) -> pa.Table:
    with scratch() as con:
        con.register("kept", pa.concat_tables(held))
        return con.sql(ROWS).to_arrow_table()


def _kind(file: File) -> str:
    """Return the folder that says what a file holds."""
    kinds = [part for part in PurePosixPath(file.name).parts if part in ("quotes_v1", "trades_v1")]
    if not kinds:
        raise FeedError(
            f"{file.origin}: its path has no quotes_v1 and no trades_v1; keep the source's folders"
        )
    return kinds[-1]


def _day(file: File) -> str:
    return PurePosixPath(file.name).name
