"""The SEC's official list of 13(f) securities: what a quarter's filings have to tell.

Source: https://www.sec.gov/rules-regulations/staff-guidance/official-list-section-13f-securities,
    a page of links; a text a quarter since 2026, or a CSV that somebody made of an older PDF.
Limits: those of EDGAR; about 25,000 lines a quarter, no tickers.
Quirks: lines of 80 characters in Latin-1; options have CUSIPs of their own, whose class is CALL or
    PUT; what is marked as deleted is not on the list any more. The list says no moment: known_at
    is 15 days after the quarter's end, 00:00 New York, by when it has been out.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Span
from loaders import _edgar, _new_york
from loaders._quarters import first_day, last_day

FEED = Feed(
    writes=("securities",),
    files=("13flist*.txt", "13flist*.csv"),
    step=0,
    source=_edgar.SOURCE,
    has_contact=True,
)

PAGE = f"{_edgar.SITE}/rules-regulations/staff-guidance/official-list-section-13f-securities"
DELAY = timedelta(days=16)  # from the quarter's last day on
WIDTH = 67  # where the status begins; before it are CUSIP, mark, issuer and class

_NAME = re.compile(r"13flist(?P<year>\d{4})q(?P<quarter>[1-4])", re.IGNORECASE)
_LINK = re.compile(r'href="([^"]*/13flist\d{4}q[1-4][^"/]*\.txt)"', re.IGNORECASE)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the text of each list that came out in the span and that is not here."""
    for link in sorted({*_edgar.links(PAGE, _LINK, "text of the list", http)}):
        name = PurePosixPath(link).name
        if not span.since <= known_at(quarter(name)) < span.until or http.has(name):
            continue
        if found := _edgar.fetched(_edgar.address(link), http):
            yield from rows(File.of(found))


def read(files: Files) -> Iterator[Batch]:
    """Yield each list."""
    for file in files:
        yield from rows(file)


def rows(file: File) -> Iterator[Batch]:
    """Yield one list, whose name says its quarter."""
    body = file.bytes()
    if body.startswith(b"%PDF"):
        raise FeedError(
            f"{file.origin}: a PDF, of which no rows are read; fetch the list's text, which the "
            f"page links beside it"
        )
    since = quarter(file.name)
    text = body.decode("latin-1")
    told = _tabled(text) if text.startswith("year,") else _spaced(file, text)
    known = known_at(since)
    own = [row | {"valid_from": since, "known_at": known} for row in told]
    if not own:
        raise FeedError(f"{file.origin}: no line of it has a CUSIP, an issuer and a class")
    yield "securities", Extract(file, own)


def quarter(name: str) -> date:
    """Return the first day of the quarter that a file's name says."""
    if (said := _NAME.search(name)) is None:
        raise FeedError(f"{name}: its name says no quarter, as 13flist2026q1.txt does; rename it")
    return first_day(int(said["year"]), int(said["quarter"]))


def known_at(since: date) -> datetime:
    """Return when a quarter's list was out."""
    return _new_york.midnight(last_day(since.year, since.month // 3 + 1) + DELAY)


def _spaced(file: File, text: str) -> Iterator[dict[str, object]]:
    """Yield the lines of the SEC's own text; one that is none of its width is refused."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if len(line) < WIDTH or line[9] not in " *":
            raise FeedError(
                f"{file.origin}:{number}: '{line[:40]}' is no line of 80 characters with a mark "
                f"behind its CUSIP; fetch it again"
            )
        if "D" not in line[WIDTH : WIDTH + 3]:
            yield _row(line[:9], line[9] == "*", line[10:40], line[40:WIDTH])


def _tabled(text: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a CSV."""
    for row in csv.DictReader(text.splitlines()):
        if not row["status"].startswith("D"):
            cusip = row["cusip_no"].replace(" ", "")
            has_options = row["has_listed_options"] == "*"
            yield _row(cusip, has_options, row["issuer_name"], row["issuer_description"])


def _row(cusip: str, has_options: bool, issuer: str, title: str) -> dict[str, object]:
    return {
        "cusip": cusip.strip(),
        "ticker": None,
        "issuer": issuer.strip() or None,
        "class_title": title.strip() or None,
        "has_options": has_options,
    }
