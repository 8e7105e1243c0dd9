"""EDGAR's archive: what an index or the last list has, each fetched once and politely."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from leadline import clock
from leadline.clock import days
from leadline.errors import FeedError
from leadline.feed import Batch, File, Http, Span, understood
from leadline.http import Download, Refusal
from loaders._new_york import NEW_YORK, midnight

SITE = "https://www.sec.gov"
ARCHIVES = f"{SITE}/Archives"
DATA = "https://data.sec.gov"
SOURCE = "sec.gov"  # www, data and efts count what one address asks of all of them together
# 0001790837-23-000002.txt: whose number it is, the year, the count; some save it with a prefix.
_NUMBER = "*" + "[0-9]" * 10 + "-" + "[0-9]" * 2 + "-" + "[0-9]" * 6
SUBMISSIONS = (f"{_NUMBER}.txt", f"{_NUMBER}.nc")  # .nc in the archives of a day's feed
ABSENT = ("AccessDenied",)
REFUSALS = (
    # Whoever goes on asking meanwhile is shut out for as long again.
    Refusal(
        "Request Rate Threshold Exceeded",
        "ask nothing for 10 minutes, then run again",
        True,
        timedelta(minutes=10),
    ),
    Refusal("Undeclared Automated Tool", "set contact to a name and a mail address"),
)

_ATOM = "{http://www.w3.org/2005/Atom}"
_PAGE, _LAST_PAGE = 100, 5_000  # behind it EDGAR says 503
_EVENINGS = timedelta(days=4)  # what comes after 17:30 before a holiday has a later day's date


def fetched(url: str, http: Http, **query: object) -> Download | None:
    """Fetch whatever EDGAR has, by any of its hosts; None for what is not there, or not yet."""
    return http.download(url, absent=ABSENT, refusals=REFUSALS, **query)


def links(page: str, pattern: re.Pattern[str], what: str, http: Http) -> list[Any]:
    """Return what a page of the SEC links by this pattern; none at all is a FeedError."""
    found = fetched(page, http)
    told = pattern.findall(found.path.read_text("utf-8", "replace")) if found else []
    if not told:
        raise FeedError(f"{page}: it links no {what}; look at it, then run again")
    return told


def address(link: str) -> str:
    """Return the whole address of what a page links."""
    return link if link.startswith("http") else f"{SITE}{link}"


def submissions(
    feed: str,
    span: Span,
    http: Http,
    forms: Collection[str],
    rows: Callable[[File], Iterator[Batch]],
    now: Callable[[], datetime] = clock.now,
) -> Iterator[Batch]:
    """Yield the rows of every submission of these forms that the store lacks, each once.

    What they are an index says; of a day that has none yet, the list of what came in last.
    """
    today = now().astimezone(NEW_YORK).date()
    for day in days(span):
        found = listed(day, http, forms)
        where = f"the index of {day}"
        if found is None and day >= today:
            found, where = current(feed, forms, midnight(today) - _EVENINGS, http), "the last list"
        gone = []
        for path in found or []:
            if http.has(path.rpartition("/")[2]):
                continue  # a filing never changes
            if submission := fetched(f"{ARCHIVES}/{path}", http):
                yield from rows(File.of(submission))
            else:
                gone.append(path)
        if gone:
            raise FeedError(
                f"{feed}: {where} lists {gone[0]} and {len(gone) - 1:,} more "
                f"that are not there; run this again later",
                try_again=True,
            )


def current(feed: str, forms: Collection[str], since: datetime, http: Http) -> list[str]:
    """Return the paths of what came in last and is not held, the oldest first, each once.

    Paging ends where all is held or older; EDGAR answers no page behind the 51st.
    """
    paths: dict[str, str] = {}
    for form in sorted({form.removesuffix("/A") for form in forms}):
        for start in range(0, _LAST_PAGE + 1, _PAGE):
            told = _page(feed, form, start, http)
            fresh = {
                entry.number: entry.path
                for entry in told
                if entry.form in forms and entry.accepted_at >= since
                and not http.has(f"{entry.number}.txt")
            }  # fmt: skip
            is_over = len(told) < _PAGE or told[-1].accepted_at < since
            paths |= {number: path for number, path in fresh.items() if number not in paths}
            # A form's name may begin another's, whose pages say nothing of what is held.
            if is_over or (not fresh and any(entry.form in forms for entry in told)):
                break
    # From the oldest on, so that what breaks off leaves no gap behind what is held.
    return list(reversed(paths.values()))


class _Entry(NamedTuple):
    number: str
    form: str
    path: str
    accepted_at: datetime


def _page(feed: str, form: str, start: int, http: Http) -> list[_Entry]:
    asked = {"action": "getcurrent", "type": form, "owner": "include", "output": "atom"}
    page = fetched(f"{SITE}/cgi-bin/browse-edgar", http, **asked, count=_PAGE, start=start)
    if page is None:
        raise FeedError(f"{feed}: EDGAR has no list of what came in last; look at its site")
    body = page.path.read_bytes()
    page.path.unlink()
    with understood(f"{feed}: {page.url}", body, "run this again later"):
        if b"<!DOCTYPE" in body or not body.lstrip().startswith(b"<?xml"):
            raise ValueError("a page in place of the list")
        try:
            entries = fromstring(body).findall(f"{_ATOM}entry")  # noqa: S314 - no entities
        except ParseError as error:
            raise ValueError(f"XML that breaks off, {error}") from error
        return [_entry(each) for each in entries]


def _entry(entry: Element) -> _Entry:
    number = (entry.findtext(f"{_ATOM}id") or "").rpartition("=")[2]
    link = entry.find(f"{_ATOM}link")
    folder = re.search(r"/edgar/data/(\d+)/", "" if link is None else link.get("href", ""))
    category = entry.find(f"{_ATOM}category")
    if not re.fullmatch(r"\d{10}-\d\d-\d{6}", number) or folder is None or category is None:
        raise ValueError(f"an entry '{number}' without number, link or form")
    accepted_at = datetime.fromisoformat((entry.findtext(f"{_ATOM}updated") or "").strip())
    if accepted_at.tzinfo is None:
        raise ValueError(f"an entry '{number}' whose moment has no zone")
    path = f"edgar/data/{folder[1]}/{number}.txt"
    return _Entry(number, category.get("term", ""), path, accepted_at)


def listed(day: date, http: Http, forms: Collection[str]) -> list[str] | None:
    """Return the paths of a day's submissions, each once, or None where there is no index."""
    quarter = f"{day.year}/QTR{(day.month + 2) // 3}"
    found = fetched(f"{ARCHIVES}/edgar/daily-index/{quarter}/master.{day:%Y%m%d}.idx", http)
    if found is None:
        return None
    lines = [line.split("|") for line in found.path.read_text("latin-1").splitlines()]
    if not any(cells[0] == "CIK" and len(cells) == 5 for cells in lines):
        raise FeedError(f"{found.url}: it is no index of EDGAR; look at it, then run again")
    # A filing stands there once for each of its filers.
    by_number = {
        cells[4].rpartition("/")[2]: cells[4]
        for cells in lines
        if len(cells) == 5 and cells[0].isdecimal() and cells[2] in forms
    }
    return list(by_number.values())
