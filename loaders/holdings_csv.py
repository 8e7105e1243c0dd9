"""Tables of managers' positions at a quarter's end, made by somebody of their 13F filings.

Source: a folder a quarter with a CSV a manager, 2025Q1/Tiger_Global.csv, and hedge_funds.csv
    beside the folders, which says each manager's CIK.
Limits: shares of the security itself only; the files do not say when a filing came.
Quirks: known_at is 00:00 New York of the day after the deadline, which is 45 days after the
    quarter's end, or the next session; a manager who filed late was known later than that. Values
    are rounded to three digits or so (24.31M). A closed position (CLOSE) and the last row, Total,
    are no holdings. A manager whom hedge_funds.csv does not name has `name:` and his name for a
    CIK. A ticker counts from the first day of its quarter.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files
from leadline.quote import quoted
from loaders import _new_york
from loaders._quarters import first_day, last_day

FEED = Feed(writes=("securities", "holdings", "filings"), files="*.csv", parts=2)

COLUMNS = """
CUSIP text, Ticker text, Company text, Shares bigint, Delta_Shares bigint, Value text,
Delta_Value text, Delta text, "Portfolio%" text
"""
MANAGERS = "hedge_funds.csv"
BESIDE = (MANAGERS, "stocks.csv", "non_quarterly.csv")  # no positions; they lie beside the folders
DAYS = 45

HELD = "held as (select * from lines where CUSIP <> 'Total' and Shares > 0)"
HOLDINGS = f"""
with {HELD},

read as (
    select
        *,
        regexp_extract(Value, '^([0-9.]+)([KMB]?)$', ['number', 'scale']) as said
    from held
)

select
    {{number}} as accession_no,
    row_number() over () as line,
    Company as issuer,
    '' as class_title,
    upper(CUSIP) as cusip,
    'SH' as share_type,
    Shares as shares,
    round(
        try_cast(said.number as decimal(18, 4))
        * case said.scale
            when 'K' then 1000 when 'M' then 1000000 when 'B' then 1000000000 else 1
        end
    ) as value_reported,
    timestamptz {{known_at}} as known_at
from read
"""
FILINGS = f"""
with {HELD}

select
    {{number}} as accession_no,
    {{cik}} as cik,
    {{manager}} as manager,
    '13F-HR' as form_type,
    '13F HOLDINGS REPORT' as report_type,
    date {{period_end}} as period_end,
    date {{filed}} as filed_date,
    'ORIGINAL' as amendment_kind,
    count(*) as n_entries,
    timestamptz {{known_at}} as known_at
from held
"""
SECURITIES = f"""
with {HELD}

select
    upper(CUSIP) as cusip,
    Ticker as ticker,
    min(Company) as issuer,
    date {{since}} as valid_from,
    timestamptz {{known_at}} as known_at
from held
where Ticker <> ''
group by all
"""

_NAME = re.compile(r"(?P<year>\d{4})Q(?P<quarter>[1-4])/(?P<manager>.+)\.csv")


def read(files: Files) -> Iterator[Batch]:
    """Yield each manager's quarter as tickers, holdings and a filing."""
    known: dict[Path, Mapping[str, str]] = {}
    for file in files:
        if Path(file.name).name in BESIDE:
            continue
        place = Path(file.origin).parent.parent / MANAGERS
        if place not in known:
            known[place] = _ciks(place)
        yield from rows(file, known[place])


def rows(file: File, ciks: Mapping[str, str]) -> Iterator[Batch]:
    """Yield one file, whose folder says its quarter and whose name its manager."""
    if (name := _NAME.fullmatch(file.name)) is None:
        raise FeedError(
            f"{file.origin}: its folder and its name say no quarter and manager, as "
            f"2025Q1/Tiger_Global.csv does; move it"
        )
    manager = name["manager"].replace("_", " ")
    quarter = int(name["year"]), int(name["quarter"])
    since, period_end = first_day(*quarter), last_day(*quarter)
    deadline = period_end + timedelta(days=DAYS)
    filed = next(iter(_new_york.sessions(deadline, deadline + timedelta(days=10))))
    said = {
        "number": f"{name['year']}Q{name['quarter']}/{name['manager']}",
        "cik": ciks.get(manager, f"name:{manager}"),
        "manager": manager,
        "since": since.isoformat(),
        "period_end": period_end.isoformat(),
        "filed": filed.isoformat(),
        "known_at": _new_york.midnight(filed + timedelta(days=1)).isoformat(),
    }
    told = {key: quoted(value) for key, value in said.items()}
    lines = file.csv(COLUMNS)
    for dataset, sql in (
        ("securities", SECURITIES), ("holdings", HOLDINGS), ("filings", FILINGS)
    ):  # fmt: skip
        yield dataset, lines.query("lines", sql.format(**told))


def _ciks(place: Path) -> Mapping[str, str]:
    """Return each manager's CIK by the name that files have, if the list is there."""
    if not place.exists():
        return {}
    try:
        with place.open(newline="", encoding="utf-8-sig") as lines:
            found = {row.get("Fund", ""): row.get("CIK", "") for row in csv.DictReader(lines)}
    except (UnicodeDecodeError, csv.Error) as error:
        raise FeedError(f"{place}: {error}; save it as CSV in UTF-8") from error
    return {name: cik.zfill(10) for name, cik in found.items() if cik}
