"""SEC Form 13F data sets: all filings of three months in one zip of tables.

Source: https://www.sec.gov/data-research/sec-markets-data/form-13f-data-sets, a page of links; no
    key. Tables of a zip that was unpacked are read as well, in a folder of its name.
Limits: those of EDGAR; 80 to 95 MB a zip, about 3 million rows, from 2013-05 on, published some
    days after its window of filing dates is over.
Quirks: tab-separated, and nothing is quoted; columns differ by year (FIGI since 2023), so they
    are read by their names; a zip may hold a folder; what was issued again ends with _1. A window
    holds several quarters, and amendments of years before. It tells no moment of acceptance:
    known_at is 00:00 New York of the day after the filing date, so what sec_13f tells of a filing
    is known before, and stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from leadline.delimited import Csv
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files, Http, Span
from leadline.quote import named
from loaders._edgar import SOURCE
from loaders._edgar_sets import SITE, data_sets

FEED = Feed(
    writes=("holdings", "filing_managers", "filings"),
    files=("*.tsv", "*.TSV", "*.tsv.gz"),
    parts=2,
    step=0,
    source=SOURCE,
    has_contact=True,
)

PAGE = f"{SITE}/form-13f-data-sets"

# The columns that rows are made of, of each table; one in brackets may be missing.
TABLES: Mapping[str, Sequence[str]] = {
    "SUBMISSION": ("ACCESSION_NUMBER", "FILING_DATE", "SUBMISSIONTYPE", "CIK", "PERIODOFREPORT"),
    "COVERPAGE": (
        "ACCESSION_NUMBER", "AMENDMENTNO", "AMENDMENTTYPE", "[CONFDENIEDEXPIRED]",
        "[REASONFORNONCONFIDENTIALITY]", "FILINGMANAGER_NAME", "REPORTTYPE", "[FORM13FFILENUMBER]",
    ),
    "SUMMARYPAGE": (
        "ACCESSION_NUMBER", "TABLEENTRYTOTAL", "TABLEVALUETOTAL", "[ISCONFIDENTIALOMITTED]",
    ),
    "OTHERMANAGER2": (
        "ACCESSION_NUMBER", "SEQUENCENUMBER", "NAME", "[CIK]", "[FORM13FFILENUMBER]",
    ),
    "INFOTABLE": (
        "ACCESSION_NUMBER", "INFOTABLE_SK", "NAMEOFISSUER", "TITLEOFCLASS", "CUSIP", "[FIGI]",
        "VALUE", "SSHPRNAMT", "SSHPRNAMTTYPE", "PUTCALL", "INVESTMENTDISCRETION", "[OTHERMANAGER]",
        "[VOTING_AUTH_SOLE]", "[VOTING_AUTH_SHARED]", "[VOTING_AUTH_NONE]",
    ),
}  # fmt: skip
NEEDED = ("SUBMISSION", "COVERPAGE", "INFOTABLE")

FILED = """
filed as (
    select
        *,
        cast(try_strptime(FILING_DATE, '%d-%b-%Y') as date) as filed_date,
        cast(try_strptime(PERIODOFREPORT, '%d-%b-%Y') as date) as period_end,
        timezone('America/New_York', filed_date + interval 1 day) as known_at
    from submissions
    where SUBMISSIONTYPE in ('13F-HR', '13F-HR/A', '13F-NT', '13F-NT/A')
)
"""
HOLDINGS = f"""
with {FILED}

select
    entries.ACCESSION_NUMBER as accession_no,
    row_number() over (
        partition by entries.ACCESSION_NUMBER order by try_cast(entries.INFOTABLE_SK as bigint)
    ) as line,
    entries.NAMEOFISSUER as issuer,
    coalesce(entries.TITLEOFCLASS, '') as class_title,
    upper(entries.CUSIP) as cusip,
    entries.FIGI as figi,
    lower(entries.PUTCALL) as put_call,
    upper(entries.SSHPRNAMTTYPE) as share_type,
    entries.SSHPRNAMT as shares,
    entries.VALUE as value_reported,
    entries.INVESTMENTDISCRETION as discretion,
    entries.OTHERMANAGER as other_managers,
    entries.VOTING_AUTH_SOLE as voting_sole,
    entries.VOTING_AUTH_SHARED as voting_shared,
    entries.VOTING_AUTH_NONE as voting_none,
    filed.known_at
from entries
left join filed on entries.ACCESSION_NUMBER = filed.ACCESSION_NUMBER
"""
MANAGERS = f"""
with {FILED}

select
    entries.ACCESSION_NUMBER as accession_no,
    'included' as relation,
    entries.SEQUENCENUMBER as sequence_no,
    entries.NAME as manager,
    lpad(entries.CIK, 10, '0') as manager_cik,
    entries.FORM13FFILENUMBER as file_number,
    filed.known_at
from entries
left join filed on entries.ACCESSION_NUMBER = filed.ACCESSION_NUMBER
"""
FILINGS = f"""
with {FILED}

select
    filed.ACCESSION_NUMBER as accession_no,
    lpad(filed.CIK, 10, '0') as cik,
    covers.FILINGMANAGER_NAME as manager,
    filed.SUBMISSIONTYPE as form_type,
    covers.REPORTTYPE as report_type,
    filed.period_end,
    filed.filed_date,
    case
        when filed.SUBMISSIONTYPE not like '%/A' then 'ORIGINAL'
        else coalesce(upper(covers.AMENDMENTTYPE), 'RESTATEMENT')
    end as amendment_kind,
    covers.AMENDMENTNO as amendment_no,
    {{totals}}
    covers.FORM13FFILENUMBER as file_number,
    filed.SUBMISSIONTYPE like '%/A' and (
        coalesce(upper(covers.CONFDENIEDEXPIRED) in ('Y', 'TRUE', '1'), false)
        or covers.REASONFORNONCONFIDENTIALITY is not null
    ) as is_confidential_release,
    filed.known_at
from filed
left join covers on filed.ACCESSION_NUMBER = covers.ACCESSION_NUMBER
{{join}}
"""
TOTALS = """summaries.TABLEENTRYTOTAL as n_entries,
    summaries.TABLEVALUETOTAL as value_total,
    case
        when upper(summaries.ISCONFIDENTIALOMITTED) in ('Y', 'TRUE', '1') then true
        when summaries.ISCONFIDENTIALOMITTED is not null then false
    end as is_confidential_omitted,"""


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the data sets whose window of filing dates ended in the span and that are not here."""
    for own in data_sets(FEED, PAGE, "form13f", span, http):
        yield from read(own)


def read(files: Files) -> Iterator[Batch]:
    """Yield each zip, or each folder, as holdings, managers and filings."""
    sets: dict[str, dict[str, File]] = {}
    for file in list(files):
        place, _, name = file.name.rpartition("/")
        table = name.upper().removesuffix(".GZ").removesuffix(".TSV")
        if table in TABLES:
            sets.setdefault(place, {})[table] = file
    for place, found in sets.items():
        try:
            yield from rows(place, found)
        finally:
            for file in found.values():
                file.close()


def rows(place: str, found: Mapping[str, File]) -> Iterator[Batch]:
    """Yield the rows of one data set."""
    if missing := [name for name in NEEDED if name not in found]:
        raise FeedError(f"{place}: it has no {missing[0]}.tsv; load the zip whole")
    own = {name: _table(name, file) for name, file in found.items()}
    filed = own["SUBMISSION"]
    entries = _without("entries", "INFOTABLE", own, HOLDINGS)
    yield "holdings", own["INFOTABLE"].query("entries", entries, submissions=filed)
    if managers := own.get("OTHERMANAGER2"):
        sql = _without("entries", "OTHERMANAGER2", own, MANAGERS)
        yield "filing_managers", managers.query("entries", sql, submissions=filed)
    beside = {"covers": own["COVERPAGE"]}
    sql = FILINGS.format(totals="", join="")
    if "SUMMARYPAGE" in own:
        beside["summaries"] = own["SUMMARYPAGE"]
        join = "left join summaries on filed.ACCESSION_NUMBER = summaries.ACCESSION_NUMBER"
        sql = _without("summaries", "SUMMARYPAGE", own, FILINGS.format(totals=TOTALS, join=join))
    sql = _without("covers", "COVERPAGE", own, sql)
    yield "filings", filed.query("submissions", sql, **beside)


def _table(name: str, file: File) -> Csv:
    """Return a table with the columns of its header, which has those that are needed."""
    header = file.first_line().removeprefix("\ufeff").upper().split("\t")
    for column in TABLES[name]:
        if not column.startswith("[") and column not in header:
            raise FeedError(
                f"{file.origin}:1: the header has no '{column}', and {len(header)} columns, "
                f"{header[0][:40]} first; fetch it again"
            )
    for column in header:
        if not column or header.count(column) > 1:
            what = f"'{column[:40]}' twice" if column else "a column without a name"
            raise FeedError(f"{file.origin}:1: the header has {what}; fetch it again")
    columns = ", ".join(f"{named(column)} text" for column in header)
    return file.csv(columns, delimiter="\t", quote="")


def _without(alias: str, name: str, own: Mapping[str, Csv], sql: str) -> str:
    """Return a query that reads null where a column is missing that may be."""
    for column in TABLES[name]:
        if column.strip("[]") not in own[name].names:
            sql = re.sub(rf"\b{alias}\.{column.strip('[]')}\b", "cast(null as text)", sql)
    return sql
