"""Of a day's quotes of Massive's, those that stood when something traded: of options and stocks.

A day's quotes are far more than anybody keeps, and hardly more than that is asked of them: what
stood before each print. Both files are sorted by ticker, the quotes by time within.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadline.engine import scratch
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, File, Files, streamed

STREAM = """
select
    ticker, ask_exchange, ask_price, ask_size, bid_exchange, bid_price, bid_size,
    sip_timestamp // 1_000 as at_us
from quotes
"""
_MANY = 100_000  # rows that are handed on together

Moments = dict[str, "np.ndarray[tuple[int], np.dtype[np.int64]]"]


@dataclass(frozen=True)
class Form:
    """How a day is written: columns of its files, and SQL for its moments and for what is kept.

    moments: of `prints`, each ticker with its list of microseconds; rows: of `kept`, where a quote
    came at at_us and something traded at traded_us.
    """

    dataset: str
    quotes: str
    prints: str
    moments: str
    rows: str


def moments_sql(moment: str) -> str:
    """Return SQL for when each ticker traded, by this moment in nanoseconds."""
    return f"""
select ticker, list_sort(list(distinct {moment} // 1_000)) as moments
from prints
where ticker is not null and {moment} is not null
group by ticker
"""


def read(files: Files, form: Form) -> Iterator[Batch]:
    """Yield what is kept of each day's quotes, which needs the day's trades beside them."""
    trades = {_day(file): file for file in files if _kind(file) == "trades_v1"}
    for file in files:
        if _kind(file) == "quotes_v1":
            if _day(file) not in trades:
                missing = file.origin.replace("quotes_v1", "trades_v1")
                raise FeedError(f"{file.origin}: it is read with {missing}, which is not there")
            beside = trades[_day(file)]
            for rows in kept(file, beside, form):
                yield form.dataset, Extract(file, rows, beside=(beside,))


def kept(quotes: File, trades: File, form: Form, *, size: int = 250_000) -> Iterator[pa.Table]:
    """Yield rows of the quotes that stood before prints, of so many quotes at a time."""
    wanted, held, n_held = moments(trades, form), [], 0
    last: list[pa.RecordBatch] = []  # the one quote that may still stand in the next block
    for block in streamed(quotes.csv(form.quotes).query("quotes", STREAM), size=size):
        joined = pa.Table.from_batches([*last, block]).combine_chunks()
        _need_order(quotes, joined)
        held.append(_stood(joined, wanted, is_over=False))
        last, n_held = [block.slice(len(block) - 1)], n_held + len(held[-1])
        if n_held >= _MANY:
            yield _rows(held, form)
            held, n_held = [], 0
    if last:
        held.append(_stood(pa.Table.from_batches(last), wanted, is_over=True))
    yield _rows(held, form) if held else pa.table({})


def moments(trades: File, form: Form) -> Moments:
    """Return when each ticker traded, in microseconds and in order."""
    found: Moments = {}
    for batch in streamed(trades.csv(form.prints).query("prints", form.moments)):
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


def _rows(held: list[pa.Table], form: Form) -> pa.Table:
    with scratch() as con:
        con.register("kept", pa.concat_tables(held))
        return con.sql(form.rows).to_arrow_table()


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
