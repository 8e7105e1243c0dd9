"""Nasdaq Trader's list of trading halts: all US stocks, as it is now and of past days; no key.

Source: https://www.nasdaqtrader.com/rss.aspx?feed=tradehalts, and &haltdate=06162023 for a past
    day; answers saved as tradehalts_06162023.xml.
Limits: once a minute, as the answer's ttl says; some old days are empty; clients that say nothing
    of a browser are turned away.
Quirks: the list as it is now has today's halts and older ones that last. Times are New York's;
    newer ones have milliseconds behind a blank. An end is filled in later, in the same item; a date
    of an end without a time is none. The market is called Market, or Mkt. An item's pubDate is the
    midnight before it, so known_at of what is seen on its own day is the moment of the answer, and
    of a past day's, or a saved list's, the halt itself and, of an end, when trading goes on. The
    body begins with a byte order mark, and says how many items it has: another number is refused.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, ParseError, fromstring

from leadline import clock
from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Span, understood
from loaders._halts import Halt, loads, moment, rows
from loaders._new_york import NEW_YORK, sessions, touched
from loaders._parts import whole_ones

NAME = "nasdaq_halts"
FEED = Feed(
    writes=("halts",), files="tradehalts*.xml", step=0, per_second=0.5, schedule="* 4-19 * * 1-5"
)

ADDRESS = "https://www.nasdaqtrader.com/rss.aspx"
BROWSER = "Mozilla/5.0 (compatible; leadline)"
_OWN = "{http://www.nasdaqtrader.com/}"
_DATE = "%m/%d/%Y"


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield the past sessions of a span, and the list as it is now where the span reaches it."""
    return whole_ones("halts", _pulled(span, http, now()))


def _pulled(span: Span, http: Http, at: datetime) -> Iterator[Batch]:
    http.keys = {"User-Agent": BROWSER}
    today = at.astimezone(NEW_YORK).date()
    first, last = touched(span, at) if span.since > BEGINNING else (today, today)
    for day in sessions(first, min(last, today - timedelta(days=1))) if first < today else ():
        if file := _asked(http, haltdate=f"{day:%m%d%Y}"):
            yield from loads(NAME, file.origin, halts(file), {day}, at)
    if last >= today and (file := _asked(http)):
        yield from loads(NAME, file.origin, halts(file), {today}, at)


def _asked(http: Http, haltdate: str | None = None) -> File | None:
    found = http.download(ADDRESS, feed="tradehalts", haltdate=haltdate)
    return File.of(found) if found and found.path.stat().st_size else None


def read(files: Files) -> Iterator[Batch]:
    """Yield each saved list."""
    for file in files:
        yield "halts", Extract(file, rows(halts(file)))


def halts(file: File) -> list[Halt]:
    """Return what a list holds."""
    body = file.bytes()
    with understood(file.origin, body, "fetch it again"):
        if b"<!DOCTYPE" in body or b"<rss" not in body[:400]:
            raise ValueError("a page in place of the list")
        try:
            channel = fromstring(body).find("channel")  # noqa: S314 - no entities
        except ParseError as error:
            raise ValueError(f"XML that breaks off, {error}") from error
        if channel is None:
            raise ValueError("a list without its channel")
        items, said = channel.findall("item"), channel.findtext(f"{_OWN}numItems")
        found = [_halt(item) for item in items]
    if said is not None and said.strip() != str(len(items)):
        raise FeedError(
            f"{file.origin}: it says {said.strip()} items and has {len(items)}; fetch it again"
        )
    return found


def _halt(item: Element) -> Halt:
    day, until = _need(item, "HaltDate"), _text(item, "ResumptionDate")
    return Halt(
        symbol=_need(item, "IssueSymbol"),
        halted_at=moment(day, _need(item, "HaltTime"), _DATE),
        reason=_need(item, "ReasonCode"),
        issuer=_text(item, "IssueName"),
        listed_on=_text(item, "Market") or _text(item, "Mkt"),
        pause_price=_text(item, "PauseThresholdPrice"),
        quotes_at=_end(until, _text(item, "ResumptionQuoteTime")),
        trades_at=_end(until, _text(item, "ResumptionTradeTime")),
    )


def _end(day: str | None, at: str | None) -> datetime | None:
    return moment(day, at, _DATE) if day and at else None


def _text(item: Element, name: str) -> str | None:
    return (item.findtext(f"{_OWN}{name}") or "").strip() or None


def _need(item: Element, name: str) -> str:
    if (found := _text(item, name)) is None:
        raise KeyError(name)
    return found
