"""SEC insider data sets: the forms 3, 4 and 5 of a quarter, as tables.

Source: https://www.sec.gov/data-research/sec-markets-data/insider-transactions-data-sets, a zip a
    quarter from 2006q1 (2024q3_form345.zip), or its tables unpacked in a folder of their own.
Limits: EDGAR's own. A table needs SUBMISSION beside it, which says when its forms came; without
    REPORTINGOWNER nobody knows whose they are, without FOOTNOTES only their numbers are told.
Quirks: tabs, no quoting, and quotation marks in the texts; numbers have two decimals, so prices are
    rounded, which the forms themselves are not; booleans are 0, 1, true and false; a column may be
    missing (AFF10B5ONE before July 2025) or misspelled (EXCERCISE_DATE). A row's line is its place
    by its key, which is the order of the form. Only the filing date is told, and forms are taken
    until 22:00, so known_at is the end of that day in New York. A form that is told of a table but
    not of SUBMISSION is left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import duckdb
import pyarrow as pa

from leadline.engine import scratch
from leadline.errors import FeedError, first_line
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Span
from leadline.quote import named, quoted
from loaders._edgar import SOURCE
from loaders._edgar_sets import SITE, data_sets

FEED = Feed(
    writes=("insider_transactions", "insider_holdings", "insider_owners", "insider_filings"),
    files=(
        "SUBMISSION.tsv", "REPORTINGOWNER.tsv", "NONDERIV_TRANS.tsv", "NONDERIV_HOLDING.tsv",
        "DERIV_TRANS.tsv", "DERIV_HOLDING.tsv", "FOOTNOTES.tsv",
    ),
    parts=2, step=0, source=SOURCE, has_contact=True,
)  # fmt: skip

PAGE = f"{SITE}/insider-transactions-data-sets"

FORMS = "SUBMISSION"
NOTES = "FOOTNOTES"
TABLES = {  # each with its dataset and its key
    "DERIV_TRANS": ("insider_transactions", "DERIV_TRANS_SK"),
    "NONDERIV_TRANS": ("insider_transactions", "NONDERIV_TRANS_SK"),
    "DERIV_HOLDING": ("insider_holdings", "DERIV_HOLDING_SK"),
    "NONDERIV_HOLDING": ("insider_holdings", "NONDERIV_HOLDING_SK"),
}
# What only one of the tables has, or what is missing in some quarters; null where it is not there.
OPTIONAL = {
    FORMS: ("AFF10B5ONE", "REMARKS", "NO_SECURITIES_OWNED", "NOT_SUBJECT_SEC16"),
    "REPORTINGOWNER": ("RPTOWNER_TITLE", "RPTOWNER_TXT"),
}
KNOWN_AT = """
    timezone('America/New_York', forms.filed_date + interval 1 day) as known_at"""

FILED = """
select
    ACCESSION_NUMBER as accession_no,
    DOCUMENT_TYPE as form_type,
    lpad(ISSUERCIK, 10, '0') as issuer_cik,
    ISSUERNAME as issuer,
    ISSUERTRADINGSYMBOL as trading_symbol,
    {period} as period_date,
    {original} as original_date,
    {filed} as filed_date,
    {planned} as is_10b5_1,
    case
        when has_notes
            then coalesce(notes.has_plan, false)
                or coalesce(contains(lower(REMARKS), '10b5-1'), false)
        when contains(lower(REMARKS), '10b5-1') then true
    end as is_10b5_1_footnote,
    coalesce({left}, false) as not_subject_to_section_16,
    coalesce({empty}, false) as no_securities_owned,
    REMARKS as remarks
from submission
left join (
    select ACCESSION_NUMBER as number, bool_or(contains(lower(FOOTNOTE_TXT), '10b5-1')) as has_plan
    from footnotes
    group by number
) as notes on submission.ACCESSION_NUMBER = notes.number
cross join (select count(*) > 0 as has_notes from footnotes)
"""

OWNERS = """
select
    ACCESSION_NUMBER as accession_no,
    lpad(RPTOWNERCIK, 10, '0') as owner_cik,
    RPTOWNERNAME as owner,
    coalesce(contains(lower(RPTOWNER_RELATIONSHIP), 'director'), false) as is_director,
    coalesce(contains(lower(RPTOWNER_RELATIONSHIP), 'officer'), false) as is_officer,
    coalesce(contains(lower(RPTOWNER_RELATIONSHIP), 'tenpercent'), false) as is_ten_percent,
    coalesce(contains(lower(RPTOWNER_RELATIONSHIP), 'other'), false) as is_other,
    coalesce(RPTOWNER_TITLE, RPTOWNER_TXT) as title,
    row_number() over (partition by ACCESSION_NUMBER order by place) as line,
    {known_at}
from (select *, row_number() over () as place from reportingowner) as owners
inner join forms on owners.ACCESSION_NUMBER = forms.accession_no
order by accession_no, line
"""

HELD = """
    ACCESSION_NUMBER as accession_no,
    {is_derivative} as is_derivative,
    row_number() over (partition by ACCESSION_NUMBER order by try_cast({key} as bigint), {key})
        as line,
    SECURITY_TITLE as title,
    TRANS_FORM_TYPE as trans_form_type,
    case DIRECT_INDIRECT_OWNERSHIP when 'D' then true when 'I' then false end as is_direct,
    NATURE_OF_OWNERSHIP as nature,
    {notes} as footnote_ids,
    {derivative}"""
# Each once, F2 before F10.
NOTED = """
    nullif(array_to_string(list_transform(
        list_sort(list_transform(
            list_distinct(string_split(concat_ws(', ', {columns}), ', ')),
            lambda id: struct_pack(n := length(id), id := id)
        )),
        lambda note: note.id
    ), ', '), '')"""
DERIVATIVE = """
    {price} as exercise_price,
    {exercise} as exercise_date,
    {expiry} as expiry_date,
    UNDLYNG_SEC_TITLE as underlying_title,
    {shares} as underlying_shares,
    {value} as underlying_value,"""
TRANSACTION = """
    {day} as trans_date,
    {deemed} as deemed_date,
    TRANS_CODE as trans_code,
    {swap} as is_swap,
    TRANS_TIMELINESS as timeliness,
    {shares} as shares,
    {total} as total_value,
    {price} as price,
    case TRANS_ACQUIRED_DISP_CD when 'A' then true when 'D' then false end as is_acquired,
    {after} as shares_after,
    {value} as value_after,"""
HOLDING = """
    {shares} as shares,
    {value} as value_held,"""

# A footnote is told once a row, in the order of their numbers.
WITH_NOTES = """
with told as (select {columns} {known_at} from lines inner join forms
    on lines.ACCESSION_NUMBER = forms.accession_no),

named as (
    select distinct accession_no, line, unnest(string_split(footnote_ids, ', ')) as id
    from told
),

texts as (
    select
        named.accession_no, named.line,
        string_agg(notes.FOOTNOTE_TXT, ' ' order by length(named.id), named.id) as footnotes
    from named
    inner join footnotes as notes
        on named.accession_no = notes.ACCESSION_NUMBER and named.id = notes.FOOTNOTE_ID
    group by named.accession_no, named.line
)

select told.*, texts.footnotes
from told
left join texts on told.accession_no = texts.accession_no and told.line = texts.line
order by told.accession_no, told.line
"""


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the quarters that ended in the span and are not here."""
    for own in data_sets(FEED, PAGE, "form345", span, http):
        yield from read(own)


def read(files: Files) -> Iterator[Batch]:
    """Yield each quarter's tables; where one of them is new, so is what depends on it."""
    quarters: dict[str, dict[str, File]] = {}
    for file in files[:]:
        quarter, name = PurePosixPath(file.name).parts[-2:]
        quarters.setdefault(quarter, {})[name.removesuffix(".tsv").upper()] = file
    for own in quarters.values():
        try:
            yield from tables(own)
        finally:
            for file in own.values():
                file.close()


def tables(own: Mapping[str, File]) -> Iterator[Batch]:
    """Yield the rows of a quarter's tables."""
    if FORMS not in own:
        where = next(iter(own.values())).origin
        raise FeedError(f"{where}: no SUBMISSION.tsv beside it; name the whole folder or the zip")
    beside = tuple(own[name] for name in (FORMS, NOTES) if name in own)
    with scratch() as con:
        for name, empty in ((FORMS, ""), (NOTES, "ACCESSION_NUMBER FOOTNOTE_ID FOOTNOTE_TXT")):
            _lay_out(con, name, own.get(name), empty.split())
        filed = FILED.format(
            period=_day("PERIOD_OF_REPORT"), original=_day("DATE_OF_ORIG_SUB"),
            filed=_day("FILING_DATE"), planned=_boolean("AFF10B5ONE"),
            left=_boolean("NOT_SUBJECT_SEC16"), empty=_boolean("NO_SECURITIES_OWNED"),
        )  # fmt: skip
        _run(con, own[FORMS], f"create temporary table forms as {filed}")
        for name, (dataset, key) in TABLES.items():
            if name in own:
                names = _lay_out(con, name, own[name])
                found = _run(con, own[name], rows(name, key, names))
                yield dataset, Extract(own[name], found, beside)
        if "REPORTINGOWNER" in own:
            _lay_out(con, "REPORTINGOWNER", own["REPORTINGOWNER"])
            found = _run(con, own["REPORTINGOWNER"], OWNERS.format(known_at=KNOWN_AT))
            yield "insider_owners", Extract(own["REPORTINGOWNER"], found, beside[:1])
        last = f"select *, {KNOWN_AT} from forms order by accession_no"
        yield "insider_filings", Extract(own[FORMS], _run(con, own[FORMS], last), beside[1:])


def rows(name: str, key: str, names: Sequence[str]) -> str:
    """Return SQL for the rows of a table of transactions or holdings."""
    is_derivative = name.startswith("DERIV")
    derivative, own = "", ""
    if is_derivative:
        exercise = "EXCERCISE_DATE" if "EXCERCISE_DATE" in names else "EXERCISE_DATE"
        derivative = DERIVATIVE.format(
            price=_number("CONV_EXERCISE_PRICE", 8), exercise=_day(exercise),
            expiry=_day("EXPIRATION_DATE"), shares=_number("UNDLYNG_SEC_SHARES"),
            value=_number("UNDLYNG_SEC_VALUE"),
        )  # fmt: skip
    after, value = _number("SHRS_OWND_FOLWNG_TRANS"), _number("VALU_OWND_FOLWNG_TRANS")
    if name.endswith("TRANS"):
        own = TRANSACTION.format(
            day=_day("TRANS_DATE"), deemed=_day("DEEMED_EXECUTION_DATE"),
            swap=_boolean("EQUITY_SWAP_INVOLVED"), shares=_number("TRANS_SHARES"),
            total=_number("TRANS_TOTAL_VALUE") if is_derivative else "null",
            price=_number("TRANS_PRICEPERSHARE", 8), after=after, value=value,
        )  # fmt: skip
    else:
        own = HOLDING.format(shares=after, value=value)
    columns = HELD.format(
        is_derivative=str(is_derivative).lower(), key=key, derivative=derivative,
        notes=NOTED.format(columns=", ".join(named(n) for n in names if n.endswith("_FN"))),
    )  # fmt: skip
    return WITH_NOTES.format(columns=columns + own, known_at=KNOWN_AT)


def _lay_out(
    con: duckdb.DuckDBPyConnection, name: str, file: File | None, empty: Sequence[str] = ()
) -> list[str]:
    """Make a table's lines readable, as texts; return its columns, the misspelled ones too."""
    view = name.lower() if name in (FORMS, NOTES, "REPORTINGOWNER") else "lines"
    if file is None:
        columns = ", ".join(f"cast(null as text) as {named(each)}" for each in empty)
        con.execute(f"create or replace temporary view {view} as select {columns} where false")
        return list(empty)
    names = [each.strip().upper() for each in file.first_line().split("\t")]
    if names[0].lstrip("\ufeff") != "ACCESSION_NUMBER":
        raise FeedError(
            f"{file.origin}:1: the header begins with '{names[0][:40]}'; "
            f"it should begin with ACCESSION_NUMBER"
        )
    for each in names:
        if not each or names.count(each) > 1:
            what = f"'{each[:40]}' twice" if each else "a column without a name"
            raise FeedError(f"{file.origin}:1: the header has {what}; fetch it again")
    path = file.body().path
    columns = ", ".join(f"{quoted(each)}: 'text'" for each in names)
    packed = "gzip" if path.suffix == ".gz" else "none"
    lacking = [each for each in OPTIONAL.get(name, ()) if each not in names]
    more = "".join(f", cast(null as text) as {named(each)}" for each in lacking)
    con.execute(
        f"create or replace temporary view {view} as select *{more} from read_csv("
        f"{quoted(str(path))}, columns = {{{columns}}}, header = true, auto_detect = false, "
        f"delim = '\t', quote = '', escape = '', nullstr = '', compression = '{packed}')"
    )
    return names


def _run(con: duckdb.DuckDBPyConnection, file: File, sql: str) -> pa.Table:
    try:
        return con.sql(sql).to_arrow_table() if sql.split()[0] != "create" else con.execute(sql)
    except duckdb.BinderException as error:
        lacking = re.search(r'"(\w+)"', str(error))
        what = f"has no '{lacking[1]}'" if lacking else f"does not do: {first_line(error)[:120]}"
        raise FeedError(f"{file.origin}:1: the header {what}; mend the loader") from error
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        raise FeedError(f"{file.origin}: {first_line(error)[:200]}; fetch it again") from error


def _day(column: str) -> str:
    return f"cast(strptime({column}, '%d-%b-%Y') as date)"


def _number(column: str, decimals: int = 4) -> str:
    return f"cast({column} as decimal(20, {decimals}))"


def _boolean(column: str) -> str:
    """Return SQL for a boolean; DuckDB's own cast knows 0, 1, true and false, and stops else."""
    return f"cast({column} as boolean)"
