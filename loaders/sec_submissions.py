"""What a company has filed, to the second: EDGAR's submissions, its tickers and its earnings.

Source: https://data.sec.gov/submissions/CIK##########.json, and the further pieces that it names;
    no key.
Limits: EDGAR's own; asked for are the stocks that the setting `symbols` names, by the issuers that
    `sec_tickers` brought, and numbers at the SEC among them; a company takes one to five requests.
Quirks: acceptanceDateTime ends with Z and mostly is UTC, but is New York's clock on the day of
    filing, and in answers of some years throughout. A moment that EDGAR cannot have had in UTC
    shows such an answer, and then New York's reading holds, which is the later one, but for moments
    that only UTC can have; today's filings are left out, or in a file those of its newest day read
    as New York's. An 8-K with item 2.02 is an earnings report where it is the first of its fiscal
    quarter, 8 to 100 days after the end of one; known_at is the acceptance, which is never before
    the news, and for tickers the moment of asking.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Json, Row, Span, understood
from loaders._edgar import DATA, SOURCE, fetched
from loaders._issuers import tickers
from loaders._new_york import NEW_YORK
from loaders._parts import whole_ones
from loaders._symbols import dotted

FEED = Feed(
    writes=("filing_index", "issuers", "events"), files="CIK[0-9]*.json", step=0, source=SOURCE,
    has_contact=True, wants="curated.issuers", schedule="15 6 * * 2-6",
)  # fmt: skip

RESULTS = "2.02"
FIRST, LAST = 8, 100  # days behind a quarter's end; counts of deliveries come within a week
_PIECE = re.compile(r"CIK(?P<cik>\d{10})-submissions-\d+\.json")
_MAIN = re.compile(r"CIK(?P<cik>\d{10})\.json")
_NOT_UTC = range(4, 10)  # hours of UTC in which EDGAR is closed
_NOT_NEW_YORK = (22, 23, 0, 1, 2)  # hours of New York in which it is


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield each company's filings with its pieces."""
    yield from whole_ones("events", _pulled(http, now()))


def _pulled(http: Http, at: datetime) -> Iterator[Batch]:
    today = at.astimezone(NEW_YORK).date()
    for cik in tickers(http):
        if (found := fetched(f"{DATA}/submissions/CIK{cik}.json", http)) is None:
            continue  # who is in the list of tickers may have filed nothing yet
        main, pieces = File.of(found), []
        with understood(main.origin, main.bytes()[:80]):
            names = [str(each["name"]) for each in main.json()["filings"]["files"]]
        for name in names:
            if (piece := fetched(f"{DATA}/submissions/{name}", http)) is None:
                raise FeedError(
                    f"{main.origin}: its piece {name} is not there; run this again later",
                    try_again=True,
                )
            pieces.append(File.of(piece))
        yield from rows(main, pieces, at, today)


def read(files: Files) -> Iterator[Batch]:
    """Yield each saved company, with its pieces that lie beside it."""
    pieces: dict[str, list[File]] = {}
    for file in files:
        if piece := _PIECE.fullmatch(file.name):
            pieces.setdefault(piece["cik"], []).append(file)
        elif main := _MAIN.fullmatch(file.name):
            yield from rows(file, pieces.pop(main["cik"], []), file.modified_at or clock.now())
        else:
            raise FeedError(f"{file.origin}: it is no CIK##########.json; rename it")
    for alone in pieces.values():
        raise FeedError(f"{alone[0].origin}: a piece alone; name the folder of its company's file")


def rows(
    main: File, pieces: Iterable[File], at: datetime, today: date | None = None
) -> Iterator[Batch]:
    """Yield a company's filings, tickers and reports; today is None where nobody knows it."""
    said = main.json()
    with understood(main.origin, main.bytes()[:80]):
        cik, company = f"{int(said['cik']):010}", said["name"]
        own = [dotted(each) for each in said["tickers"]]
        exchanges = said["exchanges"]
        year_end = said["fiscalYearEnd"] or "1231"
        told = _filings(said["filings"]["recent"])
    beside = tuple(pieces)
    for piece in beside:
        with understood(piece.origin, piece.bytes()[:80]):
            told += _filings(piece.json())
    with understood(main.origin, main.bytes()[:80]):
        dated = _dated(told, today)
        filings = [_filing(each, at, cik, company) for each, at in dated]
        reports = [_event(each, at, ticker) for each, at in _reports(dated, year_end)
                   for ticker in own]  # fmt: skip
        listed = [
            {"cik": cik, "ticker": ticker, "issuer": company, "exchange": exchange or None,
             "known_at": at}
            for ticker, exchange in zip(own, exchanges, strict=True)
        ]  # fmt: skip
    yield "filing_index", Extract(main, filings, beside)
    yield "issuers", Extract(main, listed, beside)
    yield "events", Extract(main, reports, beside)


def _filings(columns: Json) -> list[Json]:
    """Turn columns into filings."""
    names = ("accessionNumber", "form", "filingDate", "acceptanceDateTime", "reportDate", "items")
    return [
        dict(zip(names, cells, strict=True))
        for cells in zip(*(columns[name] for name in names), strict=True)
    ]


def _dated(told: list[Json], today: date | None) -> list[tuple[Json, datetime]]:
    """Return filings with the moments of their acceptance, the oldest first, each once."""
    newest = max((each["filingDate"] for each in told), default="")
    said = {each["accessionNumber"]: each for each in told}
    wall = {
        number: datetime.fromisoformat(each["acceptanceDateTime"]).replace(tzinfo=None)
        for number, each in said.items()
    }
    is_odd = any(
        moment.hour in _NOT_UTC and said[number]["filingDate"] < newest
        for number, moment in wall.items()
    )
    dated = []
    for number, each in said.items():
        moment = wall[number]
        is_new = moment.date() >= today if today else each["filingDate"] == newest
        if today and (is_new or date.fromisoformat(each["filingDate"]) >= today):
            continue  # tomorrow it is told in UTC
        is_local = (is_odd or is_new) and moment.hour not in _NOT_NEW_YORK
        # Of the hour that comes twice in autumn, the later one: nothing is known too early.
        zone = NEW_YORK if is_local else UTC
        dated.append((each, moment.replace(tzinfo=zone, fold=1).astimezone(UTC)))
    return sorted(dated, key=lambda pair: (pair[1], pair[0]["accessionNumber"]))


def _filing(each: Json, at: datetime, cik: str, company: str) -> Row:
    number = each["accessionNumber"]
    return {
        "accession_no": number,
        "cik": cik,
        "company": company,
        "form_type": each["form"],
        "filed_date": date.fromisoformat(each["filingDate"]),
        "path": f"edgar/data/{int(cik)}/{number}.txt",
        "accepted_at": at,
        "known_at": at,
    }


def _reports(dated: list[tuple[Json, datetime]], year_end: str) -> Iterator[tuple[Json, datetime]]:
    """Yield the first report on each fiscal quarter; what comes sooner is of other numbers."""
    seen = set()
    for each, at in dated:
        if each["form"] == "8-K" and RESULTS in each["items"].split(","):
            day = at.astimezone(NEW_YORK).date()
            quarter = _quarter_before(day, int(year_end[:2]))
            if FIRST <= (day - quarter).days <= LAST and quarter not in seen:
                seen.add(quarter)
                yield each, at


def _quarter_before(day: date, month: int) -> date:
    """Return the last end of a fiscal quarter before a day; the year ends with that month."""
    for back in range(1, 4):
        n = day.year * 12 + day.month - 1 - back
        if (n % 12 + 1 - month) % 3 == 0:
            break
    return date(n // 12, n % 12 + 1, monthrange(n // 12, n % 12 + 1)[1])


def _event(each: Json, at: datetime, ticker: str) -> Row:
    return {
        "event_id": f"{each['accessionNumber']}:{ticker}",
        "label": "earnings",
        "detector": None,
        "entity": ticker,
        "subject": None,
        "starts_at": at,
        "ends_at": at,
        "size": None,
        "direction": None,
        "note": f"8-K of {each['reportDate'] or each['filingDate']}, items {each['items']}",
        "known_at": at,
    }
