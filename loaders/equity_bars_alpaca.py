"""Alpaca's bars of stocks, of a session and of a minute, many stocks a question.

Source: https://data.alpaca.markets, /v2/stocks/bars, with the key and the secret of an account; as
    traded (adjustment raw), of the whole tape (feed sip), since 2016.
Limits: 200 questions a minute on the free plan, 10,000 on a paid one; 10,000 bars a page over all
    stocks; the free plan has the tape up to 15 min ago, so minutes are asked for up to 16 min
    before now, or as many as LEADLINE_ALPACA_DELAY_MIN says (0 with a paid plan).
Quirks: a page may end inside a stock. A question names up to 1,250 stocks, whose address has about
    7,500 letters; so a refresh of 2,500 takes two questions while it brings no more than eight
    minutes. Tickers are those of their day (asof is -). A session's bar is stamped midnight New
    York; here it begins at the session's open, and known_at is its close and 15 min, before which
    it is not taken; a minute's is its end, and late prints change it half a minute later. Minutes
    before the open and after the close are among them. Minutes of a day that is over are one load
    for the stocks of a question, those of the day that runs one for every five; so what was
    refreshed and then loaded with its day is told twice, and curated views take one.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import groupby

import pyarrow as pa

from leadline import clock
from leadline.clock import BEGINNING
from leadline.feed import Batch, Extract, Feed, File, Http, Json, Span, understood
from loaders import _alpaca as alpaca
from loaders._new_york import NEW_YORK, midnight, sessions, touched
from loaders._parts import MONTH, whole_ones
from loaders._symbols import wanted

NAME = "equity_bars_alpaca"
FEED = Feed(writes=("equity_bars",), step=0, per_second=3, schedule="close + 30m")

ADDRESS = "https://data.alpaca.markets/v2/stocks/bars"
SINCE = datetime(2016, 1, 1, tzinfo=BEGINNING.tzinfo)
PAGE = alpaca.PAGE
SLOT = timedelta(minutes=5)  # of the day that runs: what one refresh loads again
SETTLED = timedelta(minutes=15)  # after the close
MINUTE = timedelta(minutes=1)
TIMEFRAMES = {"1d": "1Day", "1m": "1Min"}

SHAPE = pa.schema(
    {
        "symbol": pa.string(), "bar": pa.string(), "starts_at": pa.timestamp("us", "UTC"),
        "session_date": pa.date32(), "open": pa.string(), "high": pa.string(),
        "low": pa.string(), "close": pa.string(), "volume": pa.string(),
        "adjusted": pa.string(), "known_at": pa.timestamp("us", "UTC"),
    }
)  # fmt: skip


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield sessions by month and minutes by day, of so many stocks at once."""
    return whole_ones("equity_bars", _pulled(span, http, now()))


def _pulled(span: Span, http: Http, at: datetime) -> Iterator[Batch]:
    alpaca.show_keys(http)
    span = Span(max(span.since, SINCE), max(span.until, SINCE + MINUTE))
    for symbols in alpaca.chunks(wanted(http)):
        yield from days(symbols, span, at, http)
        yield from minutes(symbols, span, at, http)


def days(symbols: Sequence[str], span: Span, at: datetime, http: Http) -> Iterator[Batch]:
    """Yield the months of a span's sessions that are over, each as far as it is over.

    A span of the session that runs has none, so that a refresh asks for minutes alone.
    """
    first, last = touched(span, at)
    over = [
        day
        for day, session in sessions(first.replace(day=1), last + timedelta(days=40)).items()
        if session.closes_at + SETTLED <= at and f"{day:{MONTH}}" <= f"{last:{MONTH}}"
    ]
    months = {f"{day:{MONTH}}" for day in over if first <= day <= last}
    for month, found in groupby(over, lambda day: f"{day:{MONTH}}"):
        own = list(found)
        if month in months:
            yield from asked("1d", month, symbols, midnight(own[0]), midnight(own[-1]), http)


def minutes(symbols: Sequence[str], span: Span, at: datetime, http: Http) -> Iterator[Batch]:
    """Yield the minutes of each day that is over, and of the one that runs by slots."""
    today, until = at.astimezone(NEW_YORK).date(), at - alpaca.delay(NAME)
    first, last = touched(span, at)
    for day in sessions(first, last + timedelta(days=1)):
        begin, end = midnight(day), midnight(day + timedelta(days=1))
        if day <= last and day < today:
            yield from asked("1m", f"{day:%Y%m%d}", symbols, begin, end - MINUTE, http)
        elif day == today:
            start = max(span.since, begin)
            start -= (start - BEGINNING) % SLOT
            # Slots are loaded whole, or as far as they have ended.
            end = min(span.until + (BEGINNING - span.until) % SLOT, until)
            end -= (end - BEGINNING) % MINUTE + MINUTE
            if start <= end:
                yield from asked("1m", f"{day:%Y%m%d}", symbols, start, end, http, SLOT)


def asked(
    bar: str, part: str, symbols: Sequence[str], since: datetime, until: datetime, http: Http,
    slot: timedelta | None = None,
) -> Iterator[Batch]:  # fmt: skip
    """Ask for bars that begin from one moment to another, both in, page by page."""
    query = {"timeframe": TIMEFRAMES[bar], "adjustment": "raw"}
    told: dict[str, list[pa.Table]] = {}
    digests: dict[str, list[bytes]] = {}
    for lines in alpaca.pages(NAME, ADDRESS, "bars", symbols, since, until, http, PAGE, **query):
        with understood(NAME, str(lines)):
            for name, own in slots(lines, part, slot).items():
                told.setdefault(name, []).append(table(bar, own))
                digests.setdefault(name, []).append(json.dumps(own, default=str).encode())
    who = alpaca.named(symbols)
    for name in sorted(told):
        file = File(f"{bar}_{name}_{who}", ADDRESS, partial(BytesIO, b"".join(digests[name])))
        yield "equity_bars", Extract(file, pa.concat_tables(told[name]))


def slots(
    lines: list[tuple[str, Json]], part: str, slot: timedelta | None
) -> dict[str, list[tuple[str, Json]]]:
    """Return bars by the load that they belong to."""
    if slot is None:
        return {part: lines} if lines else {}
    found: dict[str, list[tuple[str, Json]]] = {}
    for line in lines:
        at = datetime.fromisoformat(line[1]["t"])
        found.setdefault(f"{at - (at - BEGINNING) % slot:%Y%m%d_%H%M}", []).append(line)
    return found


def table(bar: str, lines: list[tuple[str, Json]]) -> pa.Table:
    """Return bars as rows; a day without a session is set aside by the store."""
    begins = [datetime.fromisoformat(line["t"]) for _, line in lines]
    dates = [at.astimezone(NEW_YORK).date() for at in begins]
    known = [at + MINUTE for at in begins]
    if bar == "1d" and dates:
        own = sessions(min(dates), max(dates) + timedelta(days=1))
        known = [
            own[day].closes_at + SETTLED if day in own else at
            for day, at in zip(dates, begins, strict=True)
        ]
        begins = [
            own[day].opens_at if day in own else at for day, at in zip(dates, begins, strict=True)
        ]
    prices = {
        name: [str(line[name[0]]) for _, line in lines]
        for name in ("open", "high", "low", "close", "volume")
    }
    columns = {
        "symbol": [symbol for symbol, _ in lines], "bar": [bar] * len(lines),
        "starts_at": begins, "session_date": dates, **prices,
        "adjusted": ["none"] * len(lines), "known_at": known,
    }  # fmt: skip
    return pa.table(columns, SHAPE)
