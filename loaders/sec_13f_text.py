"""SEC Form 13F as plain text, as before mid-2013: what managers held, out of their submissions.

Source: https://www.sec.gov/Archives, the daily master index and the .txt submissions, no key.
Limits: as for sec_13f: 10 requests a second for all machines of a user, and a contact.
Quirks: each filer has a layout of his own, so every filing says in parse_confidence how far its
    table was understood; values are in thousands; a CUSIP may hold blanks or be glued to the
    class; a line with a CUSIP, but no value or shares behind it, is set aside; a table of which
    that is a fifth is refused. A file whose header was cut takes its number from its name and its
    filer from its folder, as the archive has them: edgar/data/CIK/NUMBER.txt. known_at is
    EDGAR's acceptance, or 00:00 New York of the day after the filing date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import pyarrow as pa

from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Row, Span
from loaders._edgar import SOURCE, SUBMISSIONS, submissions
from loaders._filing_texts import text
from loaders._parts import whole_ones
from loaders._submission import Header, header, plain
from loaders._text_table import Entry, entries
from loaders.sec_13f import FORMS, TABLE

FEED = Feed(
    writes=("filing_texts", "holdings", "filings"),
    files=SUBMISSIONS,
    source=SOURCE,
    has_contact=True,
)

MOST_LOST = 0.2  # of a table's lines; where more are not understood, its columns are not known
UNTOLD, OFF = 0.9, 0.5  # a table's confidence, where no sum is told and where it is another

_NUMBER = re.compile(r"\d{10}-\d{2}-\d{6}")
_TOTALS = {
    "n_entries": re.compile(r"Table\s+Entry\s+Total:\s*([\d,]+)", re.IGNORECASE),
    "value_total": re.compile(r"Table\s+Value\s+Total:\s*\$?\s*([\d,]+)", re.IGNORECASE),
}
_CHECKED = r"\[\s*[xX]\s*\]\s*"
_ADDS = re.compile(_CHECKED + r"adds\s+new\s+holdings", re.IGNORECASE)
_REPORTS = {
    "13F NOTICE": re.compile(_CHECKED + "13F NOTICE", re.IGNORECASE),
    "13F COMBINATION REPORT": re.compile(_CHECKED + "13F COMBINATION", re.IGNORECASE),
}
_NAME = re.compile(r"Filing\s+this\s+Report:\s+Name:[ \t]*(\S[^\r\n]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """A table's rows, and how sure they are."""

    found: list[Entry]
    confidence: float


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every 13F submission of text that the index of each day lists and the store has not."""
    yield from whole_ones("filings", submissions("sec_13f_text", span, http, FORMS, untabled))


def untabled(file: File) -> Iterator[Batch]:
    """Yield a submission's rows, or nothing where it is XML, which sec_13f reads."""
    if "<XML>" not in plain(file):
        yield from rows(file)


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as its holdings and its filing."""
    yield from whole_ones("filings", (batch for file in files for batch in rows(file)))


def rows(file: File) -> Iterator[Batch]:
    """Yield a submission's text, the rows of its table, and the row of its cover page."""
    said = plain(file)
    if "<XML>" in said:
        raise FeedError(f"{file.origin}: a 13F of XML, and not of text; load it with sec_13f")
    own = _header(file, said)
    totals = {
        name: int(found[1].replace(",", "")[:18]) if (found := pattern.search(said)) else None
        for name, pattern in _TOTALS.items()
    }
    table = _table(file, own, said, totals)
    yield text(file, own.accession_no, own.form, own.known_at)
    yield "holdings", Extract(file, _arrow(own, table.found))
    yield "filings", Extract(file, [_filing(own, said, totals, table)])


def _header(file: File, text: str) -> Header:
    """Return what a header says, or else the file's name and its folder."""
    number = _NUMBER.search(file.name)
    folder = PurePosixPath(file.origin).parent.name
    return header(
        file,
        text,
        FORMS,
        "13F-HR or 13F-NT",
        {
            "number": number[0] if number else "",
            "form": "13F-HR",
            "cik": folder if re.fullmatch(r"\d{1,10}", folder) else "",
        },
        "put it into a folder named by its filer's CIK, as EDGAR has it "
        "(edgar/data/CIK/NUMBER.txt)",
    )


def _table(file: File, own: Header, text: str, totals: dict[str, int | None]) -> Read:
    found = list(entries(text))
    is_notice = own.form.startswith("13F-NT")
    if not found and not is_notice:
        raise FeedError(f"{file.origin}: no line of it has a CUSIP, a value and shares; look at it")
    lost = [each for each in found if None in (each.value, each.shares)]
    if len(lost) > MOST_LOST * len(found):
        raise FeedError(
            f"{file.origin}:{lost[0].line}: {len(lost):,} of {len(found):,} lines have no value "
            f"and shares behind their CUSIP, as where a column is missing; look at its layout"
        )
    kept = [each for each in found if each not in lost]
    sums = {"n_entries": len(kept), "value_total": sum(each.value or 0 for each in kept)}
    confidence = sum(each.is_sure for each in found) / max(1, len(found))
    for name, is_sum in sums.items():
        told = totals[name]
        if told is None:
            confidence *= UNTOLD
        elif told != is_sum and (name == "n_entries" or abs(told - is_sum) > len(kept)):
            confidence *= OFF  # sums of rounded thousands may be off by one a row
    return Read(found, round(1.0 if is_notice else confidence, 4))


def _filing(own: Header, text: str, totals: dict[str, int | None], table: Read) -> Row:
    name = _NAME.search(text)
    report = next((kind for kind, is_it in _REPORTS.items() if is_it.search(text)), None)
    is_amendment = own.form.endswith("/A")
    kind = "NEW HOLDINGS" if _ADDS.search(text) else "RESTATEMENT"
    return {
        "accession_no": own.accession_no,
        "cik": own.cik,
        "manager": (name[1].strip() if name else own.name) or f"CIK {own.cik}",
        "form_type": own.form,
        "report_type": report or "13F HOLDINGS REPORT",
        "period_end": own.period_end,
        "filed_date": own.filed_date,
        "accepted_at": own.accepted_at,
        "amendment_kind": kind if is_amendment else "ORIGINAL",
        "amendment_no": None,
        **totals,
        "parse_confidence": table.confidence,
        "known_at": own.known_at,
    }


def _arrow(own: Header, found: list[Entry]) -> pa.Table:
    """Return rows in the order of their lines; one without value or shares is set aside later."""
    told = [
        {
            "accession_no": own.accession_no,
            "line": line,
            "issuer": each.issuer or each.class_title,
            "class_title": each.class_title,
            "cusip": each.cusip,
            "put_call": each.put_call,
            "share_type": each.share_type,
            "shares": each.shares,
            "value_reported": each.value,
            "discretion": each.discretion,
            "other_managers": each.managers,
            "voting_sole": each.votes[0],
            "voting_shared": each.votes[1],
            "voting_none": each.votes[2],
            "known_at": own.known_at,
        }
        for line, each in enumerate(found, start=1)
    ]
    return pa.Table.from_pylist(told, TABLE)
