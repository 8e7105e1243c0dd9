"""Lean's map files: which ticker a security had when.

Source: https://github.com/QuantConnect/Lean, Data/equity/usa/map_files/TICKER.csv.
Limits: files only, a security each; the samples that come with Lean are a few.
Quirks: the first line is the security's first day, each other one the last day of a ticker, and
    2050-12-31 says that it still has it; a number behind the ticker of a file's name (fb.1.csv)
    is an older security that had the ticker; a history may begin with the data, in 1998;
    known_at is the begin in New York of the day from which it holds, for nobody says when it was
    announced; factor files beside them are passed over.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Row, understood

FEED = Feed(writes=("tickers",), files="[a-z]*.csv", parts=2)

NAME = re.compile(r"(?P<folder>factor_files|map_files)/[a-z0-9.]+\.csv")
LINE = re.compile(r"(?P<day>\d{8}),(?P<ticker>[a-z0-9.]+)(,(?P<exchange>\w*))?")
STANDS = date(2050, 12, 31)
NEW_YORK = ZoneInfo("America/New_York")


def read(files: Files) -> Iterator[Batch]:
    """Yield the tickers of each map file."""
    for file in files:
        name = NAME.fullmatch(file.name)
        if name is None:
            raise FeedError(f"{file.origin}: its folder should be map_files; name this folder")
        if name["folder"] == "map_files":
            yield "tickers", Extract(file, list(rows(file)))
        file.close()


def rows(file: File) -> Iterator[Row]:
    """Return a row for each day from which a security has another ticker, or none."""
    told: list[tuple[date, str, str | None]] = []
    for line in file.text().split():
        with understood(file.origin, line):
            if (said := LINE.fullmatch(line)) is None:
                raise ValueError("no line of a map")
            day = datetime.strptime(said["day"], "%Y%m%d").date()
            told.append((day, said["ticker"].upper(), said["exchange"] or None))
    if len(told) < 2 or [day for day, *_ in told] != sorted({day for day, *_ in told}):
        raise FeedError(f"{file.origin}: its lines are no history, oldest first; fetch it again")
    (begin, first, _), *_ = told
    security = f"{first}:{begin.isoformat()}"
    since, before = begin, ""
    for (_, _, _), (last, ticker, exchange) in pairwise(told):
        if ticker != before:
            yield row(security, since, ticker, exchange)
        since, before = last + timedelta(days=1), ticker
    if since <= STANDS:
        yield row(security, since, None, None)


def row(security: str, since: date, ticker: str | None, exchange: str | None) -> Row:
    """Return the row of a security's ticker from a day on."""
    return {
        "security_id": security,
        "valid_from": since,
        "ticker": ticker,
        "exchange": exchange,
        "known_at": datetime(since.year, since.month, since.day, tzinfo=NEW_YORK),
    }
