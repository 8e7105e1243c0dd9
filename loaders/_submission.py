"""A submission as EDGAR sends it: a header, and documents one after the other, most of them XML."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Self, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from leadline.errors import FeedError
from leadline.feed import File
from loaders._new_york import NEW_YORK, midnight

MOST = 256 << 20  # bytes; a table of 250,000 rows, the most that EDGAR takes, has 150 MB
_CHUNK = 1 << 16  # no value is as long; the parser would hold it whole
_PARTS = 100_000  # elements in a row without one that is asked for; a cover page has 8,000 at most


@dataclass(frozen=True)
class Header:
    """What EDGAR says of a submission; cik is of the one whom it names first, of all its ciks."""

    accession_no: str
    form: str
    cik: str
    ciks: tuple[str, ...]
    name: str | None  # of the one whom it names first
    period_end: date
    filed_date: date
    accepted_at: datetime | None

    @property
    def known_at(self) -> datetime:
        """When EDGAR accepted it, or else the end of its filing date in New York."""
        return self.accepted_at or midnight(self.filed_date + timedelta(days=1))


@dataclass(frozen=True)
class Document:
    """One of a submission's documents; xml is empty where it is none, and plain where it is."""

    kind: str
    xml: str
    line: int  # of the file, where it begins
    plain: str = ""


@dataclass(frozen=True)
class Submission:
    """A whole submission, taken apart."""

    header: Header
    documents: list[Document]

    @classmethod
    def of(cls, file: File, forms: Collection[str], kind: str) -> Self:
        """Take apart a file of one of these forms; kind is what they are called in a sentence."""
        text = plain(file)
        _need_one(file, text, text[:_HEAD].lstrip(_BLANKS))
        return cls(header(file, text, forms, kind), _documents(file, text))


_HEAD, _BLANKS = 4_096, "\ufeff \t\r\n"


def plain(file: File) -> str:
    """Return a file's text; what is over the bound is refused, and never held."""
    return decoded(file)[1]


def decoded(file: File) -> tuple[str, str]:
    """Return the charset of a file, utf-8 or else latin-1, and its text, which encodes again."""
    body = file.bytes(MOST)
    try:
        return "utf-8", body.decode()
    except UnicodeDecodeError:
        return "latin-1", body.decode("latin-1")


# What each field is called in a header of lines, and in one of tags.
_NAMES = {
    "number": "ACCESSION NUMBER", "form": "CONFORMED SUBMISSION TYPE",
    "period": "CONFORMED PERIOD OF REPORT", "filed": "FILED AS OF DATE",
    "cik": "CENTRAL INDEX KEY", "name": "COMPANY CONFORMED NAME",
    "accepted": "ACCEPTANCE-DATETIME",
}  # fmt: skip
_TAGS = {
    "number": "ACCESSION-NUMBER", "form": "TYPE", "period": "PERIOD", "filed": "FILING-DATE",
    "cik": "CIK", "name": "CONFORMED-NAME", "accepted": "ACCEPTANCE-DATETIME",
}  # fmt: skip
_TAG = re.compile(r"<([A-Z0-9-]+)>([^<]*)")


def _lines(text: str) -> dict[str, list[str]]:
    """Return what a header says in lines of `NAME: value`, and in `<NAME>value`."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        tag = _TAG.match(line)
        name, _, value = (tag[1], "", tag[2]) if tag else line.partition(":")
        if value := value.strip():
            found.setdefault(name.strip(), []).append(value)
    return found


def _tags(text: str) -> dict[str, list[str]]:
    """Return what a header says in tags, as the archives of a day's feed have it (.nc)."""
    found: dict[str, list[str]] = {}
    for tag in _TAG.finditer(text):
        if value := tag[2].strip():
            found.setdefault(tag[1], []).append(value)
    return found


def header(
    file: File,
    text: str,
    forms: Collection[str],
    kind: str,
    known: Mapping[str, str] | None = None,
    mend: str = "fetch it again",
) -> Header:
    """Return what a submission's header says, of lines or of tags.

    Known is what stands for a field that the header lacks; kind is what the forms are called.
    """
    is_tagged = text[:_HEAD].lstrip(_BLANKS).startswith("<SUBMISSION>")
    names = _TAGS if is_tagged else _NAMES
    end = text.find("<DOCUMENT>" if is_tagged else "</SEC-HEADER>")
    said = (_tags if is_tagged else _lines)(text[: end if end >= 0 else _HEAD])

    def field(name: str) -> str:
        found = said.get(names[name], [(known or {}).get(name, "")])[0]
        if not found:
            raise FeedError(f"{file.origin}: its header has no '{names[name]}'; {mend}")
        return found

    if (form := field("form")) not in forms:
        raise FeedError(f"{file.origin}: a form {form}, and no {kind}; leave it out")
    accepted = said.get(names["accepted"])
    ciks = [cik.zfill(10) for cik in said.get(names["cik"], [field("cik")])]
    return Header(
        accession_no=field("number"),
        form=form,
        cik=ciks[0],
        ciks=tuple(dict.fromkeys(ciks)),
        name=said.get(names["name"], [None])[0],
        period_end=_day(file, field("period")),
        filed_date=_day(file, field("filed")),
        accepted_at=_accepted(file, accepted[0]) if accepted else None,
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


def _need_one(file: File, text: str, head: str) -> None:
    """Say what a file is where it is not one whole submission."""
    name = "SUBMISSION" if head.startswith("<SUBMISSION>") else "SEC-DOCUMENT"
    if not head.startswith(f"<{name}>"):
        raise FeedError(
            f"{file.origin}: {_other(head)}, and no submission; fetch the whole one, NUMBER.txt"
        )
    has_header = "</SEC-HEADER>" in text or name == "SUBMISSION"
    if not has_header or not text.rstrip().endswith(f"</{name}>"):
        raise FeedError(f"{file.origin}: cut short, it has no </{name}>; fetch it again")
    if (n := text.count(f"<{name}>")) > 1:
        raise FeedError(f"{file.origin}: {n:,} submissions in one file; cut them apart")


def _documents(file: File, text: str) -> list[Document]:
    """Cut a submission into its documents."""
    found = []
    line, counted = 1, 0
    start = text.find("<DOCUMENT>")
    while start >= 0:
        end = text.find("</DOCUMENT>", start)
        if end < 0:
            raise FeedError(f"{file.origin}: a document without </DOCUMENT>; fetch it again")
        kind = _KIND.match(text, start)
        body, at = "", start
        if (xml := text.find("<XML>", start, end)) >= 0:
            at = xml + len("<XML>")
            close = text.find("</XML>", at, end)
            body = text[at : close if close >= 0 else end]
            at += len(body) - len(body.lstrip())
        line, counted = line + text.count("\n", counted, at), at
        if kind:
            plain = "" if body else text[start:end]
            found.append(Document(kind[1].strip(), body.strip(), line, plain))
        start = text.find("<DOCUMENT>", end)
    return found


_KIND = re.compile(r"<DOCUMENT>\s*<TYPE>([^\r\n<]*)")


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
    # Before the parser sees it: what an entity stands for may be beyond all memory.
    if "<!DOCTYPE" in part.xml or "<!ENTITY" in part.xml:
        raise FeedError(
            f"{file.origin}:{part.line}: XML with a DOCTYPE, which EDGAR never sends; leave it out"
        )
    parser: XMLPullParser[Element] = XMLPullParser(("end",))
    n_between = 0
    try:
        for start in range(0, len(part.xml), _CHUNK):
            chunk = part.xml[start : start + _CHUNK]
            if len(chunk) == _CHUNK and "<" not in chunk:
                raise FeedError(
                    f"{file.origin}:{part.line}: a value of over {_CHUNK:,} characters, "
                    f"'{chunk[:20]}...'; fetch it again"
                )
            parser.feed(chunk)
            for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                n_between += 1
                if element.tag.endswith(name) and local(element) == name:
                    yield element
                    element.clear()
                    n_between = 0
            if n_between > _PARTS:
                raise FeedError(
                    f"{file.origin}:{part.line}: over {_PARTS:,} elements without a {name}; "
                    f"fetch it again"
                )
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
        if (text := each.text) and (said := text.strip()):
            found.setdefault(each.tag.rpartition("}")[2], said)
    return found


_DIGITS = 20
_WHOLE = re.compile(rf"-?\d{{1,{_DIGITS}}}", re.ASCII)


def whole(file: File, line: int, said: dict[str, str], name: str) -> Decimal | None:
    """Return the whole number that a leaf says, if it says one."""
    text = said.get(name)
    if text is None:
        return None
    is_plain = text.isdecimal() and text.isascii() and len(text) <= _DIGITS  # as nearly all are
    if not (is_plain or _WHOLE.fullmatch(text)):
        raise FeedError(
            f"{file.origin}:{line}: {name} is '{text[:40]}', no whole number; fetch it again"
        )
    return Decimal(text)


_TRUTHS = {
    "true": True, "y": True, "1": True, "yes": True,
    "false": False, "n": False, "0": False, "no": False,
}  # fmt: skip


def truth(said: Mapping[str, str], name: str) -> bool | None:
    """Return what a leaf says in any of the spellings that forms have had; None if nothing."""
    return _TRUTHS.get(said.get(name, "").strip().lower())
