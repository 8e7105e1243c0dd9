"""SEC Form 13F: what managers held at a quarter's end, out of complete submissions.

Source: https://www.sec.gov, the daily master index, the list of what came in last, and the .txt
    submissions; no key.
Limits: 10 requests a second for all machines of a user, and a User-Agent that names a contact;
    whoever asks faster is shut out until he has kept still for 10 minutes.
Quirks: namespaces differ by filer, so that only local names count; value is in dollars or in
    thousands, which curated.filings tells; an amendment without a type restates; a notice has
    no table; an index comes about 22:00 New York, none on weekends and holidays, and what is not
    there is a 404 or a 403 that says AccessDenied; known_at is EDGAR's acceptance, or 00:00
    New York of the day after the filing date where the header has none; a cover page or a table
    alone (primary_doc.xml) has no number and no acceptance, so only whole submissions are read,
    with a header of lines (.txt) or of tags (.nc); a CUSIP may be mistyped, and its row counts.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from xml.etree.ElementTree import Element

import pyarrow as pa

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Row, Span, meaning
from loaders._edgar import SOURCE, SUBMISSIONS, submissions
from loaders._filing_texts import text
from loaders._parts import whole_ones
from loaders._submission import (
    Document,
    Header,
    Submission,
    elements,
    local,
    texts,
    truth,
    whole,
)

FEED = Feed(
    writes=("filing_texts", "holdings", "filing_managers", "filings"),
    files=SUBMISSIONS, source=SOURCE, has_contact=True, schedule="*/5 6-23 * * 1-5",
)  # fmt: skip

FORMS = ("13F-HR", "13F-HR/A", "13F-NT", "13F-NT/A")
AMENDMENTS = {"RESTATEMENT": "RESTATEMENT", "NEW HOLDINGS": "NEW HOLDINGS", "": "RESTATEMENT"}
# What an element that lists another manager says of it; the second one may hold the first.
RELATIONS = {"otherManager2": "included", "otherManager": "reports_for"}
RIGHTS = {"PUT": "put", "CALL": "call", "": None}

WHOLE = pa.decimal128(20, 0)
TABLE = pa.schema(
    {
        "accession_no": pa.string(),
        "line": pa.int64(),
        "issuer": pa.string(),
        "class_title": pa.string(),
        "cusip": pa.string(),
        "figi": pa.string(),
        "put_call": pa.string(),
        "share_type": pa.string(),
        "shares": WHOLE,
        "value_reported": WHOLE,
        "discretion": pa.string(),
        "other_managers": pa.string(),
        "voting_sole": WHOLE,
        "voting_shared": WHOLE,
        "voting_none": WHOLE,
        "known_at": pa.timestamp("us", "UTC"),
    }
)
_ROWS = 10_000  # as Arrow they take a tenth of the room


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield every 13F submission that the index of each day lists and the store has not.

    Of a day without one yet, those that came in last.
    """
    yield from whole_ones("filings", submissions("sec_13f", span, http, FORMS, rows, now))


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as its holdings and its filing."""
    yield from whole_ones("filings", (batch for file in files for batch in rows(file)))


def rows(file: File) -> Iterator[Batch]:
    """Yield a submission's text, the rows of its table, if it has one, and of its cover page."""
    found = Submission.of(file, FORMS, "13F-HR or 13F-NT")
    header = found.header
    cover = next((part for part in found.documents if part.kind == header.form), None)
    table = [part for part in found.documents if part.kind == "INFORMATION TABLE"]
    if cover is None or not cover.xml.strip():
        raise FeedError(
            f"{file.origin}: its cover page is no XML, as before 2013; load it with sec_13f_text"
        )
    if not table and header.form.startswith("13F-HR"):
        raise FeedError(f"{file.origin}: a {header.form} without a table; fetch it again")
    if len(header.ciks) > 1:
        raise FeedError(
            f"{file.origin}: its header names {len(header.ciks)} filers, {header.ciks[0]} and "
            f"{header.ciks[1]}, and a 13F has one; fetch it again"
        )
    filing, managers = _filing(file, header, cover)
    yield text(file, header.accession_no, header.form, header.known_at)
    yield "holdings", Extract(file, _holdings(file, header, table))
    yield "filing_managers", Extract(file, managers)
    yield "filings", Extract(file, [filing])


def _filing(file: File, header: Header, cover: Document) -> tuple[Row, list[Row]]:
    said: dict[str, str] = {}
    managers: list[Row] = []
    where = f"{file.origin}:{cover.line}"
    # The signature's name and address come after the manager's.
    for page in ("credentials", "coverPage", "summaryPage"):
        for element in elements(file, cover, page):
            managers += _managers(file, cover, header, element)
            said = texts(element) | said
    if "name" not in said:
        raise FeedError(f"{where}: a cover page without a name; fetch it again")
    if (cik := said.get("cik", header.cik).zfill(10)) != header.cik:
        raise FeedError(
            f"{where}: its cover page is of {cik} and its header of {header.cik}; fetch it again"
        )
    is_amendment = header.form.endswith("/A")
    filing = {
        "accession_no": header.accession_no,
        "cik": header.cik,
        "manager": said["name"],
        "form_type": header.form,
        "report_type": said.get("reportType"),
        "period_end": header.period_end,
        "filed_date": header.filed_date,
        "accepted_at": header.accepted_at,
        "amendment_kind": (
            meaning(where, AMENDMENTS, said.get("amendmentType", "").upper())
            if is_amendment
            else "ORIGINAL"
        ),
        "amendment_no": whole(file, cover.line, said, "amendmentNo"),
        "n_entries": whole(file, cover.line, said, "tableEntryTotal"),
        "value_total": whole(file, cover.line, said, "tableValueTotal"),
        "file_number": said.get("form13FFileNumber"),
        "is_confidential_omitted": truth(said, "isConfidentialOmitted"),
        "is_confidential_release": is_amendment
        and (truth(said, "confDeniedExpired") is True or "reasonForNonConfidentiality" in said),
        "known_at": header.known_at,
    }
    return filing, managers


def _managers(file: File, cover: Document, header: Header, page: Element) -> list[Row]:
    """Return the other managers that a page lists, and take them off it."""
    found: list[Row] = []
    for kind, relation in RELATIONS.items():
        for element in (each for each in page.iter() if local(each) == kind):
            told = texts(element)
            if "name" not in told:
                continue
            number = whole(file, cover.line, told, "sequenceNumber")
            found.append(
                {
                    "accession_no": header.accession_no,
                    "relation": relation,
                    "sequence_no": len(found) + 1 if number is None else number,
                    "manager": told["name"],
                    "manager_cik": told["cik"].zfill(10) if "cik" in told else None,
                    "file_number": told.get("form13FFileNumber"),
                    "known_at": header.known_at,
                }
            )
            element.clear()
    return found


def _holdings(file: File, header: Header, parts: Iterable[Document]) -> pa.Table:
    batches, held = [], []
    line = 0
    for part in parts:
        for element in elements(file, part, "infoTable"):
            line += 1
            held.append(_holding(file, part.line, header, line, texts(element)))
            if len(held) == _ROWS:
                batches.append(pa.RecordBatch.from_pylist(held, TABLE))
                held = []
    batches.append(pa.RecordBatch.from_pylist(held, TABLE))
    return pa.Table.from_batches(batches)


def _holding(file: File, at: int, header: Header, line: int, said: dict[str, str]) -> Row:

    def number(name: str) -> Decimal | None:
        return whole(file, at, said, name)

    return {
        "accession_no": header.accession_no,
        "line": line,
        "issuer": said.get("nameOfIssuer"),
        "class_title": said.get("titleOfClass"),
        "cusip": said.get("cusip", "").upper() or None,
        "figi": said.get("figi"),
        "put_call": meaning(f"{file.origin}:{at}", RIGHTS, said.get("putCall", "").upper()),
        "share_type": said.get("sshPrnamtType", "").upper() or None,
        "shares": number("sshPrnamt"),
        "value_reported": number("value"),
        "discretion": said.get("investmentDiscretion"),
        "other_managers": said.get("otherManager"),
        "voting_sole": number("Sole"),
        "voting_shared": number("Shared"),
        "voting_none": number("None"),
        "known_at": header.known_at,
    }
