"""Daily short volume by venue over years, re-packed into one layout by who collected it.

Source: https://github.com/AnnihilationGod/AnnihilationGod, a file a venue: FINRA's facilities from
    2010 and Cboe BZX, each line as the venue published it.
Limits: 80 funds, 2010-01-04 to 2021-07-16.
Quirks: no last line counts the rows, and no consolidated file is among them; the file's name says
    the facility, so that the lines of 2014 whose letter is Q and which the ADF's files held are
    FNRA's; nine lines of FNYX stand twice; short exempt is 0 where a venue tells none;
    known_at is 18:00 New York of the session, when FINRA publishes, and of the day after it for
    BZX, whose own hour nobody told.
"""

from collections.abc import Iterator

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files

FEED = Feed(
    writes=("short_volume",),
    files=("[0-9] FN*.txt", "[0-9] FORF*.txt", "[0-9] BATS*.txt"),
    step=0,
)

FACILITIES = ("FNSQ", "FNYX", "FNQC", "FNRA", "FORF", "BATS")

COLUMNS = """
Date text, Symbol text, "Short Volume" decimal(20, 6), "Short Exempt Volume" decimal(20, 6),
"Total Volume" decimal(20, 6), "Market Center" text
"""

ROWS = """
select
    cast(try_strptime(Date, '%Y%m%d') as date) as session_date,
    timezone('America/New_York', session_date + interval {hours} hours) as known_at,
    '{facility}' as facility,
    Symbol as source_symbol,
    replace(Symbol, '/', '.') as symbol,
    "Short Volume" as short_volume,
    "Short Exempt Volume" as short_exempt_volume,
    "Total Volume" as total_volume,
    "Market Center" as market
from lines
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        facility = facility_of(file)
        hours = 42 if facility == "BATS" else 18
        lines = file.csv(COLUMNS, delimiter="|")
        yield "short_volume", lines.query("lines", ROWS.format(facility=facility, hours=hours))


def facility_of(file: File) -> str:
    """Return the facility that a file's name says, behind its number."""
    facility = file.name.partition(" ")[2][:4]
    if facility not in FACILITIES:
        have = ", ".join(FACILITIES)
        raise FeedError(f"{file.origin}: its name says none of {have} behind a number; rename it")
    return facility
