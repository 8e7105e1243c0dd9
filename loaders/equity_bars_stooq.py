"""Stooq's bars of a session, adjusted for splits and dividends: to hold other sources against.

Source: https://stooq.com/q/d/l, one question a stock, no key; files as it saves them
    (aapl_us_d.csv).
Limits: unpublished; a number of answers a day, and from some addresses none without the apikey of
    an account; then load saved files.
Quirks: prices and volumes are adjusted for all that came up to the day of asking, which is
    adjusted_to; a file does not say that day, and its last one is taken. So they change with every
    dividend: months that are over are loaded once, and neither the running month nor one that is
    held. known_at is the session's close and an hour, adjusted or not. Whatever is no data comes
    with a status of 200 as well, and is told from data by its first line.
"""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from io import StringIO

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Row, Span, understood
from loaders._new_york import NEW_YORK, sessions, touched
from loaders._parts import MONTH, parts, whole_ones
from loaders._symbols import dashed, dotted, wanted

NAME = "equity_bars_stooq"
FEED = Feed(writes=("equity_bars",), files="*_us_d.csv", step=0, per_second=1, schedule="0 6 2 * *")

ADDRESS = "https://stooq.com/q/d/l/"
HEADER = "Date,Open,High,Low,Close,Volume"
PRICES = ("open", "high", "low", "close", "volume")
TOLD = timedelta(hours=1)  # after the close; a guess
UNKNOWN = "No data"
_TITLE = re.compile(r"<title>([^<]*)<", re.IGNORECASE)


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield what `_pulled` does; an error leaves what came before it in force."""
    return whole_ones("equity_bars", _pulled(span, http, now))


def _pulled(span: Span, http: Http, now: Callable[[], datetime]) -> Iterator[Batch]:
    """Yield the months of a span that are over and not held, stock by stock.

    A stock that Stooq does not know is told after the others.
    """
    first, last = (day.replace(day=1) for day in touched(span, now()))
    missing = []
    for symbol in wanted(http):
        asked = [each for each in months(first, last) if not http.has(named(symbol, each))]
        if not asked:
            continue
        download = http.download(
            ADDRESS, s=f"{dashed(symbol).lower()}.us", i="d",
            d1=f"{asked[0]:%Y%m%d}", d2=f"{last - timedelta(days=1):%Y%m%d}",
        )  # fmt: skip
        file = File.of(download) if download else None
        if file is None or not holds_data(f"{NAME}: {symbol}", file):
            missing.append(symbol)
            continue
        told = [
            (row["session_date"], "equity_bars", row)
            for row in rows(symbol, file, adjusted_to=now().astimezone(NEW_YORK).date())
        ]
        own = [each for each in told if each[0].replace(day=1) in asked]
        for part, found in parts(own, MONTH, f"{symbol}_1d", file.origin):
            yield "equity_bars", Extract(part, found["equity_bars"])
    if missing:
        raise FeedError(
            f"{NAME}: Stooq has no data of {', '.join(missing)} then; the others are loaded"
        )


def read(files: Files) -> Iterator[Batch]:
    """Yield what each saved file says."""
    for file in files:
        if not holds_data(file.origin, file):
            raise FeedError(f"{file.origin}: it holds no bar; fetch it again")
        symbol = dotted(file.name.partition("_us_d")[0].upper())
        yield "equity_bars", Extract(file, list(rows(symbol, file)))


def months(first: date, until: date) -> list[date]:
    """Return the first days of months from one to another, which is out."""
    found = [first]
    while found[-1] < until:
        found.append((found[-1] + timedelta(days=31)).replace(day=1))
    return found[:-1]


def named(symbol: str, month: date) -> str:
    """Return what a load of a stock's month is called."""
    return f"{symbol}_1d_{month:{MONTH}}"


def holds_data(where: str, file: File) -> bool:
    """Say whether an answer has bars; one that is something else is a FeedError of its own."""
    text = file.text()
    first, _, rest = text.partition("\n")
    said = " ".join(text.split())
    if first.strip() == HEADER:
        return bool(rest.strip())
    if said.startswith(UNKNOWN):
        return False
    if "hits limit" in said:
        raise FeedError(
            f"{where}: Stooq's daily limit is reached; run this again tomorrow, it goes on there",
            try_again=True,
        )
    if "apikey" in said.lower():
        raise FeedError(
            f"{where}: Stooq wants an account's apikey from this address; save files in a browser "
            f"and load them with --from"
        )
    if said.startswith("<"):
        title = _TITLE.search(text)
        shown = f"'{title[1].strip()}'" if title else "without a title"
        raise FeedError(f"{where}: a web page, {shown}, and no bars; try again later")
    raise FeedError(f"{where}: '{said[:60]}' where '{HEADER}' should be; mend the loader")


def rows(symbol: str, file: File, adjusted_to: date | None = None) -> Iterator[Row]:
    """Yield the bars of an answer; what is no number is null, and its row set aside."""
    text = file.text()
    with understood(file.origin, text):
        lines = list(csv.DictReader(StringIO(text)))
        days = [date.fromisoformat(line["Date"]) for line in lines]
    known = sessions(min(days), max(days) + timedelta(days=1))
    for day, line in zip(days, lines, strict=True):
        session = known.get(day)
        yield {
            "symbol": symbol,
            "bar": "1d",
            "starts_at": session and session.opens_at,
            "session_date": day,
            **{name: _number(line[name.capitalize()]) for name in PRICES},
            "adjusted": "all",
            "adjusted_to": adjusted_to or max(days),
            "known_at": session and session.closes_at + TOLD,
        }


def _number(said: str | None) -> Decimal | None:
    try:
        return Decimal(said or "")
    except InvalidOperation:
        return None
