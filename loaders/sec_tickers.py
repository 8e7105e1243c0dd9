"""The SEC's own list of tickers: which issuer has which, as it is now.

Source: https://www.sec.gov/files/company_tickers.json, or company_tickers_exchange.json, which says
    the exchange too; no key.
Limits: EDGAR's own; the list is rewritten daily, and no history of it is kept there.
Quirks: an issuer stands there once for each of its tickers; classes have a dash for our dot; there
    is no CUSIP in it; known_at is when the file was written (Last-Modified), or else when it is
    read, and who is no longer in a later list is gone.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Json, Row, Span, understood
from loaders._edgar import SITE, SOURCE, fetched
from loaders._symbols import dotted

FEED = Feed(
    writes=("issuers",), files="company_tickers*.json", step=0, source=SOURCE, has_contact=True,
    schedule="30 6 * * 1-5",
)  # fmt: skip

NAME = "company_tickers_exchange.json"


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield the list as it is now."""
    if found := fetched(f"{SITE}/files/{NAME}", http):
        yield from rows(File.of(found), now())


def read(files: Files) -> Iterator[Batch]:
    """Yield each list."""
    for file in files:
        yield from rows(file, clock.now())


def rows(file: File, read_at: datetime) -> Iterator[Batch]:
    """Yield a list of either form, each issuer and ticker once."""
    said = file.json()
    with understood(file.origin, file.bytes()[:80]):
        listed = list(_lines(said))
        found = {
            (one["cik"], one["ticker"]): {**one, "known_at": file.modified_at or read_at}
            for one in listed
        }
    if not found:
        raise FeedError(f"{file.origin}: a list without an issuer; fetch it again")
    # One list takes the place of the one before, in whichever form it comes.
    file.name = "company_tickers.json"
    yield "issuers", Extract(file, list(found.values()))


def _lines(said: Json) -> Iterator[Row]:
    if "fields" in said:
        for cells in said["data"]:
            one = dict(zip(said["fields"], cells, strict=True))
            yield _row(one["cik"], one["ticker"], one["name"], one["exchange"])
    else:
        for one in said.values():
            yield _row(one["cik_str"], one["ticker"], one["title"], None)


def _row(cik: int, ticker: str, issuer: str, exchange: str | None) -> Row:
    return {
        "cik": f"{int(cik):010}",
        "ticker": dotted(ticker),
        "issuer": issuer,
        "exchange": exchange or None,
    }
