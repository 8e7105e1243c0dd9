"""Massive's sessions of the whole market, one answer a day; for plans without its files.

Source: https://api.massive.com, /v2/aggs/grouped, with the API key of any plan; answers saved as
    grouped_2024-07-16.json.
Limits: 5 questions a minute on the free plan, of the last two years, after the day's end; so a
    year of sessions takes 50 minutes.
Quirks: prices are asked for as they traded, and an answer that says it is adjusted is refused.
    Its moment is the end of the session. known_at is the session's close and 15 min, before which
    nothing is asked; a day that is held is not asked for again. Stocks off the exchanges (OTC)
    are left out.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from leadline import clock
from leadline.config import secrets
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Row, Span, from_ms, understood
from loaders._new_york import NEW_YORK, sessions, touched
from loaders._parts import whole_ones

NAME = "massive_equity_days"
FEED = Feed(
    writes=("equity_bars",), files="grouped_????-??-??.json", step=0, per_second=5 / 60,
    schedule="0 3 * * 2-6",
)  # fmt: skip

ADDRESS = "https://api.massive.com/v2/aggs/grouped/locale/us/market/stocks"
SETTLED = timedelta(minutes=15)
FIRST_DAYS = timedelta(days=365)  # of a span that says no begin


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield each session of a span that is over and not held."""
    return whole_ones("equity_bars", _pulled(span, http, now()))


def _pulled(span: Span, http: Http, at: datetime) -> Iterator[Batch]:
    (key,) = secrets("massive", "api_key")
    http.keys = {"Authorization": f"Bearer {key}"}
    if span.since == clock.BEGINNING:
        span = Span(at - FIRST_DAYS, span.until)
    first, last = touched(span, at)
    for day, session in sessions(first, last + timedelta(days=1)).items():
        name = f"grouped_{day}.json"
        if day > last or session.closes_at + SETTLED > at or http.has(name):
            continue
        download = http.download(f"{ADDRESS}/{day}", adjusted="false", include_otc="false")
        if download is None:
            raise FeedError(f"{NAME}: {ADDRESS} is not there any more; mend the loader")
        file = File.of(download)
        file.name = name
        yield from answered(file)


def read(files: Files) -> Iterator[Batch]:
    """Yield each saved answer."""
    for file in files:
        yield from answered(file)


def answered(file: File) -> Iterator[Batch]:
    """Yield an answer's bars; a day of which there is nothing yet has none, and no load."""
    said = file.json()
    day = file.name.removeprefix("grouped_").removesuffix(".json")
    with understood(file.origin, str(said)):
        if said["adjusted"] is not False:
            raise FeedError(
                f"{file.origin}: its prices are adjusted for splits; ask with adjusted=false"
            )
        lines = said.get("results", [])
        told = {from_ms(line["t"]).astimezone(NEW_YORK).date() for line in lines}
        if other := sorted(each for each in told if str(each) != day):
            raise FeedError(f"{file.origin}: {day} was asked for, and {other[0]} answered")
        rows = [row(line, own) for own in told for line in lines]
    if rows:
        yield "equity_bars", Extract(file, rows)


def row(line: dict[str, object], day: date) -> Row:
    """Turn a stock's session into one row of equity_bars."""
    session = sessions(day, day + timedelta(days=1)).get(day)
    return {
        "symbol": line["T"],
        "bar": "1d",
        "starts_at": session and session.opens_at,
        "session_date": day,
        "open": line["o"],
        "high": line["h"],
        "low": line["l"],
        "close": line["c"],
        "volume": line["v"],
        "adjusted": "none",
        "known_at": session and session.closes_at + SETTLED,
    }
