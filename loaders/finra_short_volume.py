"""FINRA daily short-sale volume of off-exchange trades, by facility.

Source: https://cdn.finra.org/equity/regsho/daily, one file a facility and day, no key.
Limits: unpublished; 404 and a 403 with AccessDenied mean that there is no such file.
Quirks: the last line counts the rows; symbols keep lower-case suffixes and have / for our dot;
    volumes may be fractions; a file may be corrected, so a late one is looked at again;
    known_at is 18:00 New York of the session, when FINRA publishes.
"""

from collections.abc import Iterator

from leadline.clock import days
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
    cast(strptime(Date, '%Y%m%d') as date) as session_date,
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
    """Yield one file; its name's first four letters are the facility."""
    lines = file.csv(COLUMNS, delimiter="|", footer=1)
    yield "short_volume", lines.query("lines", ROWS.format(facility=file.name[:4]))
