"""A submission as EDGAR sends it: a header, and documents one after the other, most of them XML."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Self, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from zoneinfo import ZoneInfo

from leadline.errors import FeedError
from leadline.feed import File

NEW_YORK = ZoneInfo("America/New_York")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Header:
    """What EDGAR says of a submission; cik is of the one whom it names first."""

    accession_no: str
    form: str
    cik: str
    period_end: date
    filed_date: date
    accepted_at: datetime | None

    @property
    def known_at(self) -> datetime:
        """When EDGAR accepted it, or else the end of its filing date in New York."""
        after = datetime.combine(self.filed_date + timedelta(days=1), time(0), NEW_YORK)
        return self.accepted_at or after.astimezone(UTC)


@dataclass(frozen=True)
class Document:
    """One of a submission's documents; xml is empty where it is none."""

    kind: str
    xml: str
    line: int  # of the file, where the XML begins


@dataclass(frozen=True)
class Submission:
    """A whole submission, taken apart."""

    header: Header
    documents: list[Document]

    @classmethod
    def of(cls, file: File, forms: Collection[str], kind: str) -> Self:
        """Take apart a file of one of these forms; kind is what they are called in a sentence."""
        text = _text(file)
        found = _documents(file, text)
        return cls(_header(file, text, forms, kind), found)


def _text(file: File) -> str:
    body = file.bytes()
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _header(file: File, text: str, forms: Collection[str], kind: str) -> Header:
    said = text[: text.find("</SEC-HEADER>")]

    def field(name: str) -> str:
        found = re.search(rf"^\s*{name}:\s*(\S.*?)\s*$", said, re.MULTILINE)
        if not found:
            raise FeedError(f"{file.origin}: its header has no '{name}'; fetch it again")
        return found[1]

    form = field("CONFORMED SUBMISSION TYPE")
    if form not in forms:
        raise FeedError(f"{file.origin}: a form {form}, and no {kind}; leave it out")
    accepted = re.search(r"<ACCEPTANCE-DATETIME>(\d{14})\s", said)
    return Header(
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


def _documents(file: File, text: str) -> list[Document]:
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
            found.append(Document(kind[1].strip(), body.strip(), line))
        elif kind:
            found.append(Document(kind[1].strip(), "", text.count("\n", 0, start) + 1))
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


def elements(file: File, part: Document, name: str) -> Iterator[Element]:
    """Yield each element of a local name when it is whole, and forget it then."""
    if "<!DOCTYPE" in part.xml:
        raise FeedError(f"{file.origin}:{part.line}: XML with a DOCTYPE, which EDGAR never sends")
    parser: XMLPullParser[Element] = XMLPullParser(("end",))
    try:
        for start in range(0, len(part.xml), _CHUNK):
            parser.feed(part.xml[start : start + _CHUNK])
            for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                if local(element) == name:
                    yield element
                    element.clear()
        parser.close()
    except ParseError as error:
        line = part.line + error.position[0] - 1
        raise FeedError(f"{file.origin}:{line}: XML that breaks off; fetch it again") from error


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def texts(element: Element) -> dict[str, str]:
    """Return the texts of an element's leaves by their local names, the first of each."""
    found: dict[str, str] = {}
    for each in element.iter():
        if said := (each.text or "").strip():
            found.setdefault(local(each), said)
    return found


def whole(file: File, line: int, said: dict[str, str], name: str) -> Decimal | None:
    """Return the whole number that a leaf says, if it says one."""
    text = said.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,20}", text, re.ASCII):
        raise FeedError(
            f"{file.origin}:{line}: {name} is '{text[:40]}', no whole number; fetch it again"
        )
    return Decimal(text)
