"""EDGAR's archive: which submissions a day's index lists, each fetched once and politely."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta

from leadline.clock import days
from leadline.errors import FeedError
from leadline.feed import Batch, File, Http, Span
from leadline.http import Download, Refusal

SITE = "https://www.sec.gov"
ARCHIVES = f"{SITE}/Archives"
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


def fetched(url: str, http: Http, **query: object) -> Download | None:
    """Fetch whatever EDGAR has, by any of its hosts; None for what is not there, or not yet."""
    return http.download(url, absent=ABSENT, refusals=REFUSALS, **query)


def submissions(
    feed: str,
    span: Span,
    http: Http,
    forms: Collection[str],
    rows: Callable[[File], Iterator[Batch]],
) -> Iterator[Batch]:
    """Yield the rows of every submission of these forms that an index lists and the store lacks."""
    for day in days(span):
        gone = []
        for path in listed(day, http, forms):
            if http.has(path.rpartition("/")[2]):
                continue  # a filing never changes
            if found := fetched(f"{ARCHIVES}/{path}", http):
                yield from rows(File.of(found))
            else:
                gone.append(path)
        if gone:
            raise FeedError(
                f"{feed}: the index of {day} lists {gone[0]} and {len(gone) - 1:,} more "
                f"that are not there; run this again later",
                try_again=True,
            )


def listed(day: date, http: Http, forms: Collection[str]) -> list[str]:
    """Return the paths of a day's submissions, each once, or none where there is no index."""
    quarter = f"{day.year}/QTR{(day.month + 2) // 3}"
    address = f"{ARCHIVES}/edgar/daily-index/{quarter}/master.{day:%Y%m%d}.idx"
    found = fetched(address, http)
    if found is None:
        return []
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
