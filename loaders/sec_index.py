"""EDGAR's indexes: every filing of a day or a quarter, by form, filer and filing date.

Source: https://www.sec.gov/Archives/edgar, daily-index and full-index; from files master, form or
    company, gzipped or not; over the network master, of quarters that are over the full one.
Limits: EDGAR's own; a full quarter is some 300,000 lines; no index on weekends and holidays.
Quirks: a filing stands there once for each whom it concerns; days are written in two ways; a
    form's name may hold blanks, and a company's may reach into the next column, so that lines of
    fixed width are read from their right; an index may be empty; a line that is none is set
    aside; of two names of one company the first by letters stays. known_at is 22:00 New York of
    the filing date, when a day's index comes; letters and drafts between the SEC and a company
    are made public months after their date: on the day of the index that lists them first, or
    for all that a full index says on its last day.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import duckdb
import pyarrow as pa

from leadline import clock
from leadline.clock import BEGINNING, days
from leadline.engine import scratch
from leadline.errors import FeedError, first_line
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Span
from loaders._edgar import ARCHIVES, SOURCE, fetched
from loaders._new_york import NEW_YORK
from loaders._parts import whole_ones

FEED = Feed(
    writes=("filing_index",), files=("*.idx", "*.idx.txt"), parts=3, step=0, source=SOURCE,
    has_contact=True, schedule="15 22 * * 1-5",
)  # fmt: skip

# A line's cells: of a master index by its bars; else from the right, for a name may reach over
# the title of the next one. What is no line has no cells, and its path is all of it.
PIPED = """
select
    line, len(cell) = 5 as is_one, cell[1] as cik, cell[2] as company, cell[3] as form,
    cell[4] as day, cell[5] as path
from (select line, string_split(line, '|') as cell from lines)
"""
FIXED = r"""
select
    line, cell.path <> '' as is_one, cell.cik, cell.day, cell.path,
    case when is_parted then substr(cell.names, 1, {second}) else reaching.one end as {one},
    case when is_parted then substr(cell.names, {second} + 1) else reaching.other end as {other}
from (
    select
        *,
        substr(cell.names, {second}, 1) in ('', ' ') as is_parted,
        regexp_extract(cell.names, '^(.*?\S)\s\s+(\S.*)$', ['one', 'other']) as reaching
    from (
        select line, regexp_extract(
            line, '^(.*\S)\s+(\d{{1,10}})\s+([\d-]{{8,10}})\s+(\S+)\s*$',
            ['names', 'cik', 'day', 'path']
        ) as cell
        from lines
    )
)
"""
ROWS = r"""
select
    case
        when is_one
            then nullif(regexp_extract(path, '(\d{{10}}-\d\d-\d{{6}})\.txt\s*$', 1), '')
    end as accession_no,
    case when is_one then lpad(trim(cik), 10, '0') end as cik,
    case when is_one then nullif(trim(company), '') end as company,
    case when is_one then nullif(trim(form), '') end as form_type,
    case when is_one then cast(try_strptime(replace(day, '-', ''), '%Y%m%d') as date) end
        as filed_date,
    case when is_one then trim(path) else line end as path,
    cast(null as timestamptz) as accepted_at,
    timezone('America/New_York', greatest(
        filed_date, case when {is_daily} or regexp_matches(form_type, '^({late})') then {last} end
    ) + interval 22 hours) as known_at
from ({cells})
qualify not is_one or row_number() over (
    partition by accession_no, cik, form_type order by company, filed_date
) = 1
"""
LATE = "UPLOAD|CORRESP|SEC STAFF|DRS|DOS"
_LAST = re.compile(
    r"^Last Data Received:\s*([A-Z][a-z]{2})[a-z]* +(\d{1,2}, \d{4})\s*$", re.MULTILINE
)
_DAILY = re.compile(r".*\.\d{8}\.idx.*")
_SETTLES = timedelta(days=7)  # behind a quarter's end its full index is as it stays


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield the full index of each quarter that is over, and else the index of each day."""
    if span.since == BEGINNING:
        raise FeedError("sec_index: all of EDGAR is far too much to begin with; say --since")
    today = now().astimezone(NEW_YORK).date()
    yield from whole_ones("filing_index", _pulled(span, http, today))


def _pulled(span: Span, http: Http, today: date) -> Iterator[Batch]:
    seen = set()
    for day in days(span):
        quarter = (day.month + 2) // 3
        folder = f"{day.year}/QTR{quarter}"
        next_begins = date(day.year + quarter // 4, quarter % 4 * 3 + 1, 1)
        if next_begins + _SETTLES <= today:
            kind, name = "full-index", "master.gz"
        else:
            kind, name = "daily-index", f"master.{day:%Y%m%d}.idx"
        coverage = f"{folder}/{name.replace('.gz', '.idx')}"
        if coverage in seen or day > today or (kind == "full-index" and http.has(coverage)):
            continue
        seen.add(coverage)
        if found := fetched(f"{ARCHIVES}/edgar/{kind}/{folder}/{name}", http):
            file = File.of(found)
            file.name = coverage
            yield from rows(file)


def read(files: Files) -> Iterator[Batch]:
    """Yield each index."""
    for file in files:
        yield from rows(file)


def rows(file: File) -> Iterator[Batch]:
    """Yield an index of any kind, which the titles of its columns tell."""
    head, dashes, body = file.bytes().decode("latin-1").partition("\n-----")
    titles = head.splitlines()[-1].rstrip() if dashes else ""
    if titles.startswith("CIK|"):
        cells = PIPED
    elif titles.startswith("Form Type ") and "Company Name" in titles:
        second = titles.index("Company Name")
        cells = FIXED.format(one="form", other="company", second=second)
    elif titles.startswith("Company Name ") and "Form Type" in titles:
        second = titles.index("Form Type")
        cells = FIXED.format(one="company", other="form", second=second)
    else:
        raise FeedError(
            f"{file.origin}: it is no index of EDGAR by master, form or company; fetch it again"
        )
    last = "null"
    if received := _LAST.search(head):
        last = f"cast(strptime('{received[1]} {received[2]}', '%b %d, %Y') as date)"
    is_daily = bool(_DAILY.fullmatch(file.name))
    query = ROWS.format(cells=cells, last=last, late=LATE, is_daily=str(is_daily).lower())
    # Not splitlines: an odd byte within a name is no end of a line.
    listed = [line.rstrip("\r") for line in body.split("\n")[1:] if line and not line.isspace()]
    lines = pa.table({"line": pa.array(listed, pa.string())})
    with scratch() as con:
        con.register("lines", lines)
        try:
            found = con.sql(query).to_arrow_table()
        except duckdb.Error as error:
            raise FeedError(f"{file.origin}: {first_line(error)[:200]}; fetch it again") from error
    yield "filing_index", Extract(file, found)
