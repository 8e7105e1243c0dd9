"""SEC Form 13F: what managers held at a quarter's end, out of complete submissions.

Source: https://www.sec.gov/Archives, the daily master index and the .txt submissions, no key.
Limits: 10 requests a second for all machines of a user, and a User-Agent that names a contact;
    whoever asks faster is shut out until he has kept still for 10 minutes.
Quirks: namespaces differ by filer, so that only local names count; value is in dollars or in
    thousands, which curated.filings tells; an amendment without a type restates; a notice has
    no table; an index comes about 22:00 New York, none on weekends and holidays, and what is not
    there is a 404 or a 403 that says AccessDenied; known_at is EDGAR's acceptance, or 00:00
    New York of the day after the filing date where the header has none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from zoneinfo import ZoneInfo

import pyarrow as pa

from leadline.clock import days
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Row, Span, meaning
from leadline.http import Refusal
from loaders._parts import whole_ones

# 0001790837-23-000002.txt: whose number it is, the year, the count; some save it with a prefix.
SUBMISSION = "*" + "[0-9]" * 10 + "-" + "[0-9]" * 2 + "-" + "[0-9]" * 6 + ".txt"
FEED = Feed(writes=("holdings", "filings"), files=SUBMISSION, has_contact=True)

ARCHIVES = "https://www.sec.gov/Archives"
ABSENT = ("AccessDenied",)
REFUSALS = (
    Refusal("Request Rate Threshold Exceeded", "ask nothing for 10 minutes, then run again", True),
    Refusal("Undeclared Automated Tool", "set contact to a name and a mail address"),
)
FORMS = ("13F-HR", "13F-HR/A", "13F-NT", "13F-NT/A")
AMENDMENTS = {"RESTATEMENT": "RESTATEMENT", "NEW HOLDINGS": "NEW HOLDINGS", "": "RESTATEMENT"}
RIGHTS = {"PUT": "put", "CALL": "call", "": None}
NEW_YORK = ZoneInfo("America/New_York")

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
_CHUNK = 1 << 16
_ROWS = 10_000  # as Arrow they take a tenth of the room


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every 13F submission that the index of each day lists and the store has not."""
    yield from whole_ones("filings", _pulled(span, http))


def _pulled(span: Span, http: Http) -> Iterator[Batch]:
    for day in days(span):
        gone = []
        for path in listed(day, http):
            if http.has(path.rpartition("/")[2]):
                continue  # a filing never changes
            if found := http.download(f"{ARCHIVES}/{path}", absent=ABSENT, refusals=REFUSALS):
                yield from rows(File.of(found))
            else:
                gone.append(path)
        if gone:
            raise FeedError(
                f"sec_13f: the index of {day} lists {gone[0]} and {len(gone) - 1:,} more "
                f"that are not there; run this again later",
                try_again=True,
            )


def listed(day: date, http: Http) -> list[str]:
    """Return the paths of a day's 13F submissions, each once, or none where there is no index."""
    quarter = f"{day.year}/QTR{(day.month + 2) // 3}"
    address = f"{ARCHIVES}/edgar/daily-index/{quarter}/master.{day:%Y%m%d}.idx"
    found = http.download(address, absent=ABSENT, refusals=REFUSALS)
    if found is None:
        return []
    lines = [line.split("|") for line in found.path.read_text("latin-1").splitlines()]
    if not any(cells[0] == "CIK" and len(cells) == 5 for cells in lines):
        raise FeedError(f"{found.url}: it is no index of EDGAR; look at it, then run again")
    # A filing stands there once for each of its filers.
    by_number = {
        cells[4].rpartition("/")[2]: cells[4]
        for cells in lines
        if len(cells) == 5 and cells[0].isdecimal() and cells[2] in FORMS
    }
    return list(by_number.values())


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as its holdings and its filing."""
    yield from whole_ones("filings", (batch for file in files for batch in rows(file)))


def rows(file: File) -> Iterator[Batch]:
    """Yield the rows of a submission's table, if it has one, and the row of its cover page."""
    text = _text(file)
    found = _documents(file, text)
    header = _header(file, text)
    cover = next((part for part in found if part.kind == header.form), None)
    table = [part for part in found if part.kind == "INFORMATION TABLE"]
    if cover is None or not cover.xml.strip():
        raise FeedError(f"{file.origin}: its cover page is no XML, as before 2013; leave it out")
    if not table and header.form.startswith("13F-HR"):
        raise FeedError(f"{file.origin}: a {header.form} without a table; fetch it again")
    filing = _filing(file, header, cover)
    yield "holdings", Extract(file, _holdings(file, header, table))
    yield "filings", Extract(file, [filing])


@dataclass(frozen=True)
class _Header:
    accession_no: str
    form: str
    cik: str
    period_end: date
    filed_date: date
    accepted_at: datetime | None

    @property
    def known_at(self) -> datetime:
        after = datetime.combine(self.filed_date + timedelta(days=1), time(0), NEW_YORK)
        return self.accepted_at or after.astimezone(UTC)


@dataclass(frozen=True)
class _Document:
    kind: str
    xml: str
    line: int  # of the file, where the XML begins


def _text(file: File) -> str:
    body = file.bytes()
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _header(file: File, text: str) -> _Header:
    said = text[: text.find("</SEC-HEADER>")]

    def field(name: str) -> str:
        found = re.search(rf"^\s*{name}:\s*(\S.*?)\s*$", said, re.MULTILINE)
        if not found:
            raise FeedError(f"{file.origin}: its header has no '{name}'; fetch it again")
        return found[1]

    form = field("CONFORMED SUBMISSION TYPE")
    if form not in FORMS:
        raise FeedError(f"{file.origin}: a form {form}, and no 13F-HR or 13F-NT; leave it out")
    accepted = re.search(r"<ACCEPTANCE-DATETIME>(\d{14})\s", said)
    return _Header(
        accession_no=field("ACCESSION NUMBER"),
        form=form,
        cik=field("CENTRAL INDEX KEY").zfill(10),
        period_end=_day(file, field("CONFORMED PERIOD OF REPORT")),
        filed_date=_day(file, field("FILED AS OF DATE")),
        accepted_at=_accepted(file, accepted[1]) if accepted else None,
    )


def _day(file: File, text: str) -> date:
    return _read(file, text, "%Y%m%d", "day").date()


def _accepted(file: File, text: str) -> datetime:
    # Of the hour that comes twice in autumn, the later one: nothing is known too early.
    local = _read(file, text, "%Y%m%d%H%M%S", "moment").replace(tzinfo=NEW_YORK, fold=1)
    return local.astimezone(UTC)


def _read(file: File, text: str, form: str, kind: str) -> datetime:
    try:
        return datetime.strptime(text, form)
    except ValueError as error:
        raise FeedError(f"{file.origin}: '{text}' is no {kind}; fetch it again") from error


def _documents(file: File, text: str) -> list[_Document]:
    """Cut a submission into its documents; say what it is where it is none."""
    head = text[:4_096].lstrip("\ufeff \t\r\n")
    if not head.startswith("<SEC-DOCUMENT>"):
        raise FeedError(
            f"{file.origin}: {_other(head)}, and no submission; fetch the whole one, NUMBER.txt"
        )
    if "</SEC-HEADER>" not in text or not text.rstrip().endswith("</SEC-DOCUMENT>"):
        raise FeedError(f"{file.origin}: cut short, it has no </SEC-DOCUMENT>; fetch it again")
    found = []
    start = text.find("<DOCUMENT>")
    while start >= 0:
        end = text.find("</DOCUMENT>", start)
        kind = re.compile(r"<DOCUMENT>\s*<TYPE>([^\r\n]*)").match(text, start)
        xml = text.find("<XML>", start, end) + len("<XML>")
        if kind and xml >= len("<XML>"):
            body = text[xml : text.find("</XML>", xml, end)]
            line = text.count("\n", 0, xml + len(body) - len(body.lstrip())) + 1
            found.append(_Document(kind[1].strip(), body.strip(), line))
        elif kind:
            found.append(_Document(kind[1].strip(), "", text.count("\n", 0, start) + 1))
        start = text.find("<DOCUMENT>", max(end, start + 1))
    return found


def _other(head: str) -> str:
    """Say what else a file is that holds no submission."""
    if re.match(r"(<\?xml[^>]*>\s*)?<(!doctype html|html)", head, re.IGNORECASE):
        title = re.search(r"<title>\s*(.*?)\s*</title>", head, re.IGNORECASE | re.DOTALL)
        return f"a web page, '{' '.join(title[1].split())[:60]}'" if title else "a web page"
    if re.search(r"<(\w+:)?informationTable\b", head):
        return "an information table alone, which does not say whose it is"
    if re.search(r"<(\w+:)?edgarSubmission\b", head):
        return "a cover page alone, without its table"
    return "no file of EDGAR"


def _elements(file: File, part: _Document, name: str) -> Iterator[Element]:
    """Yield each element of a local name when it is whole, and forget it then."""
    if "<!DOCTYPE" in part.xml:
        raise FeedError(f"{file.origin}:{part.line}: XML with a DOCTYPE, which EDGAR never sends")
    parser: XMLPullParser[Element] = XMLPullParser(("end",))
    try:
        for start in range(0, len(part.xml), _CHUNK):
            parser.feed(part.xml[start : start + _CHUNK])
            for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                if _local(element) == name:
                    yield element
                    element.clear()
        parser.close()
    except ParseError as error:
        line = part.line + error.position[0] - 1
        raise FeedError(f"{file.origin}:{line}: XML that breaks off; fetch it again") from error


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _texts(element: Element) -> dict[str, str]:
    """Return the texts of an element's leaves by their local names, the first of each."""
    found: dict[str, str] = {}
    for each in element.iter():
        if said := (each.text or "").strip():
            found.setdefault(_local(each), said)
    return found


def _filing(file: File, header: _Header, cover: _Document) -> Row:
    said: dict[str, str] = {}
    # The signature's name and address come after the manager's.
    for page in ("coverPage", "summaryPage"):
        for element in _elements(file, cover, page):
            said = _texts(element) | said
    where = f"{file.origin}:{cover.line}"
    if "name" not in said:
        raise FeedError(f"{where}: a cover page without a name; fetch it again")
    is_amendment = header.form.endswith("/A")
    return {
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
        "amendment_no": _whole(file, cover.line, said, "amendmentNo"),
        "n_entries": _whole(file, cover.line, said, "tableEntryTotal"),
        "value_total": _whole(file, cover.line, said, "tableValueTotal"),
        "known_at": header.known_at,
    }


def _holdings(file: File, header: _Header, parts: Iterable[_Document]) -> pa.Table:
    batches, held = [], []
    line = 0
    for part in parts:
        for element in _elements(file, part, "infoTable"):
            line += 1
            held.append(_holding(file, part.line, header, line, _texts(element)))
            if len(held) == _ROWS:
                batches.append(pa.RecordBatch.from_pylist(held, TABLE))
                held = []
    batches.append(pa.RecordBatch.from_pylist(held, TABLE))
    return pa.Table.from_batches(batches)


def _holding(file: File, at: int, header: _Header, line: int, said: dict[str, str]) -> Row:

    def whole(name: str) -> Decimal | None:
        return _whole(file, at, said, name)

    return {
        "accession_no": header.accession_no,
        "line": line,
        "issuer": said.get("nameOfIssuer"),
        "class_title": said.get("titleOfClass"),
        "cusip": said.get("cusip", "").upper() or None,
        "figi": said.get("figi"),
        "put_call": meaning(f"{file.origin}:{at}", RIGHTS, said.get("putCall", "").upper()),
        "share_type": said.get("sshPrnamtType", "").upper() or None,
        "shares": whole("sshPrnamt"),
        "value_reported": whole("value"),
        "discretion": said.get("investmentDiscretion"),
        "other_managers": said.get("otherManager"),
        "voting_sole": whole("Sole"),
        "voting_shared": whole("Shared"),
        "voting_none": whole("None"),
        "known_at": header.known_at,
    }


def _whole(file: File, line: int, said: dict[str, str], name: str) -> Decimal | None:
    text = said.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,20}", text, re.ASCII):
        raise FeedError(
            f"{file.origin}:{line}: {name} is '{text[:40]}', no whole number; fetch it again"
        )
    return Decimal(text)
