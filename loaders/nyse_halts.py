"""NYSE's list of trading halts of all US stocks, since 2020; no key.

Source: https://www.nyse.com/api/trade-halts/historical/download, a CSV of the days asked for;
    saved as trade-halts*.csv, also that of .../current/download, or the JSON of .../current as
    trade-halts*.json.
Limits: unpublished; some 13,000 halts a year, one question a month here.
Quirks: a byte order mark begins the CSV. Times are New York's, in whole seconds; reasons are words.
    Where a resume field says See Subsequent, another halt goes on with this one. Equal lines come
    twice. A field that holds no end is empty. The JSON's names are misspelt, formatedHaltDate.
    Nothing says when it was published: known_at of today's halts is the moment of the answer, and
    of past days', or a saved list's, the halt itself and, of an end, when trading goes on, or the
    end of the day for one that another halt goes on with.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from leadline import clock
from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Json, Span, understood
from loaders._finra import ticker
from loaders._halts import Halt, loads, moment, rows
from loaders._new_york import NEW_YORK, sessions, touched
from loaders._parts import MONTH, whole_ones

NAME = "nyse_halts"
FEED = Feed(
    writes=("halts",), files=("trade-halts*.csv", "trade-halts*.json"), step=0, per_second=0.5,
    schedule="30 20 * * 1-5",
)  # fmt: skip

ADDRESS = "https://www.nyse.com/api/trade-halts/historical/download"
# What a CSV calls its columns, and the JSON.
COLUMNS = {
    "Halt Date": "formatedHaltDate", "Halt Time": "formatedHaltTime", "Symbol": "symbol",
    "Name": "issuerName", "Exchange": "sourceExchange", "Reason": "reason",
    "Resume Date": "formatedResumptionDate", "NYSE Resume Time": "formatedResumptionTime",
}  # fmt: skip
EXTENDED = "see subsequent"
_DATE = "%Y-%m-%d"


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield the sessions of a span, today's without one, a month a question."""
    return whole_ones("halts", _pulled(span, http, now()))


def _pulled(span: Span, http: Http, at: datetime) -> Iterator[Batch]:
    today = at.astimezone(NEW_YORK).date()
    first, last = touched(span, at) if span.since > BEGINNING else (today, today)
    first, last = min(first, today), min(last, today)
    for _, month in groupby(sessions(first, last), lambda day: f"{day:{MONTH}}"):
        days = list(month)
        since, until = days[0].isoformat(), days[-1].isoformat()
        found = http.download(ADDRESS, haltDateFrom=since, haltDateTo=until, symbol="")
        if found is None:
            raise FeedError(f"{NAME}: NYSE has no list from {since} to {until}; try again later")
        file = File.of(found)
        yield from loads(NAME, f"{file.origin} {since} {until}", halts(file), set(days), at)


def read(files: Files) -> Iterator[Batch]:
    """Yield each saved list."""
    for file in files:
        yield "halts", Extract(file, rows(answered(file) if _is_json(file) else halts(file)))


def halts(file: File) -> list[Halt]:
    """Return what a CSV holds."""
    lines = csv.DictReader(io.StringIO(file.text().removeprefix("\ufeff"), newline=""))
    with understood(file.origin, file.first_line(), "fetch it again"):
        try:
            if tuple(lines.fieldnames or ()) != tuple(COLUMNS):
                raise ValueError(f"its columns are not {','.join(COLUMNS)}")
            told = list(lines)
        except csv.Error as error:
            raise ValueError(f"no CSV, {error}") from error
        if any(None in line or None in line.values() for line in told):
            raise ValueError("a line of another number of fields")
        return [_halt(line) for line in told]


def answered(file: File) -> list[Halt]:
    """Return what the JSON holds."""
    said = file.json()
    with understood(file.origin, str(said), "fetch it again"):
        told = said["results"]["tradeHalts"]
        return [_halt({ours: each[name] for ours, name in COLUMNS.items()}) for each in told]


def _halt(line: Mapping[str, Json]) -> Halt:
    said = {name: str(value or "").strip() for name, value in line.items()}
    for name in ("Halt Date", "Halt Time", "Symbol", "Reason"):
        if not said[name]:
            raise ValueError(f"a halt without {name}")
    day, at = said["Resume Date"], said["NYSE Resume Time"]
    is_extended = any(each.lower().startswith(EXTENDED) for each in (day, at))
    return Halt(
        symbol=ticker(said["Symbol"]),
        halted_at=moment(said["Halt Date"], said["Halt Time"], _DATE),
        reason=said["Reason"],
        issuer=said["Name"] or None,
        listed_on=said["Exchange"] or None,
        trades_at=moment(day, at, _DATE) if day and at and not is_extended else None,
        is_extended=is_extended,
    )


def _is_json(file: File) -> bool:
    return file.name.removesuffix(".gz").endswith(".json")
