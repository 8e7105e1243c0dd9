"""FINRA daily short-sale volume of off-exchange trades, by facility.

Source: https://cdn.finra.org/equity/regsho/daily, one file a facility and day, no key.
Limits: unpublished; 404 and a 403 with AccessDenied mean that there is no such file.
Quirks: the last line counts the rows; symbols keep lower-case suffixes and have / for our dot;
    volumes may be fractions; a file may be corrected, so a late one is looked at again; one
    whose lines are of another day than its name says is refused whole;
    known_at is 18:00 New York of the session, when FINRA publishes.
"""

import re
from collections import Counter
from collections.abc import Iterator

from leadline.clock import days
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files, Http, Span

FEED = Feed(writes=("short_volume",), files="*shvol*.txt", schedule="30 18 * * 1-5")

ADDRESS = "https://cdn.finra.org/equity/regsho/daily"
FACILITIES = ("CNMS", "FNSQ", "FNQC", "FNYX", "FNRA", "FORF")

COLUMNS = """
Date text, Symbol text, ShortVolume decimal(20, 6), ShortExemptVolume decimal(20, 6),
TotalVolume decimal(20, 6), Market text
"""

ROWS = """
select
    cast(try_strptime(Date, '%Y%m%d') as date) as session_date,
    timezone('America/New_York', session_date + interval 18 hours) as known_at,
    '{facility}' as facility,
    Symbol as source_symbol,
    replace(Symbol, '/', '.') as symbol,
    ShortVolume as short_volume,
    ShortExemptVolume as short_exempt_volume,
    TotalVolume as total_volume,
    Market as market
from lines
"""

_NAME = re.compile(rf"(?P<facility>{'|'.join(FACILITIES)})shvol(?P<day>\d{{8}})(?!\d).*\.txt")
_DAY = re.compile(rb"^(\d{8})\|", re.MULTILINE)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every facility's file of each day in the span."""
    for day in days(span):
        for facility in FACILITIES:
            address = f"{ADDRESS}/{facility}shvol{day:%Y%m%d}.txt"
            if download := http.download(address, absent=("AccessDenied",)):
                yield from rows(File.of(download))


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        yield from rows(file)


def rows(file: File) -> Iterator[Batch]:
    """Yield one file, whose name says its facility and its day."""
    if (name := _NAME.fullmatch(file.name)) is None:
        raise FeedError(
            f"{file.origin}: its name says no facility and day, as CNMSshvol20200102.txt does; "
            f"rename it"
        )
    lines = file.csv(COLUMNS, delimiter="|", footer=1)
    found = Counter(day.decode() for day in _DAY.findall(file.bytes()))
    if others := sorted(found.keys() - {name["day"]}):
        raise FeedError(
            f"{file.origin}: {found[others[0]]:,} lines are of {others[0]}, and its name says "
            f"{name['day']}; fetch it again"
        )
    yield "short_volume", lines.query("lines", ROWS.format(facility=name["facility"]))
