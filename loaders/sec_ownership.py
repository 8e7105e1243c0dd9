"""SEC forms 3, 4 and 5: what insiders hold and trade, out of submissions or their XML alone.

Source: https://www.sec.gov/Archives, the daily master index and the .txt submissions, no key.
Limits: 10 requests a second for all machines of a user, and a User-Agent that names a contact.
    XML only, so nothing before the middle of 2003.
Quirks: several owners tell one set of transactions; a value may be a footnote alone; booleans are
    0, 1, true and false, and left out where false in newer forms, but for the box of a 10b5-1 plan,
    which was not there before April 2023 and is unknown where it is left out; days may have an
    offset. known_at is EDGAR's acceptance, or where it is not told, 00:00 New York of the day after
    the filing date. XML alone says neither its number nor when it was filed: its number is its
    name, and it is known from the end of the third day after it was signed, for EDGAR takes a form
    on the next business day.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath

from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Row, Span
from loaders._edgar import SOURCE, SUBMISSIONS, submissions
from loaders._filing_texts import text
from loaders._new_york import midnight
from loaders._ownership import FORMS, Ownership, ownership
from loaders._parts import whole_ones
from loaders._submission import Document, Submission

FEED = Feed(
    writes=(
        "filing_texts", "insider_transactions", "insider_holdings", "insider_owners",
        "insider_filings",
    ),
    files=(
        *SUBMISSIONS, SUBMISSIONS[0].replace(".txt", ".xml"),
        "form[345]*.xml", "wk-form[345]*.xml", "doc[345]*.xml", "*ownership*.xml", "edgardoc.xml",
    ),
    source=SOURCE, has_contact=True, schedule="*/5 6-23 * * 1-5",
)  # fmt: skip

KIND = "form 3, 4 or 5"
DAYS_TO_FILE = 3  # a Friday's signature is filed on Monday
NUMBER = re.compile(r"(\d{10})-?(\d{2})-?(\d{6})")

_ROOT = re.compile(r"\ufeff?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<([\w:]+)", re.DOTALL)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every form 3, 4 and 5 that the index of each day lists and the store has not."""
    found = submissions("sec_ownership", span, http, FORMS, rows)
    yield from whole_ones("insider_filings", found)


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as its text, transactions, holdings, owners and its form."""
    yield from whole_ones("insider_filings", (batch for file in files for batch in rows(file)))


def rows(file: File) -> Iterator[Batch]:
    """Yield the rows of a submission, or of its XML alone."""
    head = file.bytes()[:4_096].decode(errors="replace")
    root = _ROOT.match(head)
    if root and root[3] in ("ownershipDocument", "edgarSubmission"):
        said, form = bare(file, head)
    else:
        said, form = submitted(file)
    filing = {**form.filing, **said}
    yield text(file, filing["accession_no"], filing["form_type"], filing["known_at"])
    told = {
        "insider_transactions": form.transactions,
        "insider_holdings": form.holdings,
        "insider_owners": form.owners,
    }
    whose = {name: said[name] for name in ("accession_no", "known_at")}
    for dataset, own in told.items():
        yield dataset, Extract(file, [{**row, **whose} for row in own])
    yield "insider_filings", Extract(file, [filing])


def submitted(file: File) -> tuple[Row, Ownership]:
    """Return what a submission's header and its form say."""
    found = Submission.of(file, FORMS, KIND)
    header = found.header
    part = next((part for part in found.documents if part.kind == header.form), None)
    if part is None or not part.xml:
        raise FeedError(f"{file.origin}: its form is no XML, as before 2003; leave it out")
    return {
        "accession_no": header.accession_no,
        "form_type": header.form,
        "filed_date": header.filed_date,
        "accepted_at": header.accepted_at,
        "known_at": header.known_at,
    }, ownership(file, part)


def bare(file: File, head: str) -> tuple[Row, Ownership]:
    """Return what can be said of XML alone, and the form."""
    if other := re.search(r"<submissionType>\s*([^<]*[^<\s])", head):
        raise FeedError(f"{file.origin}: a {other[1]}, and no {KIND}; leave it out")
    form = ownership(file, Document("XML", file.text().lstrip("\ufeff \t\r\n"), 1))
    if form.signed_date is None:
        raise FeedError(f"{file.origin}: not signed, so nobody knows when it came; leave it out")
    number = NUMBER.search(file.name)
    return {
        "accession_no": "-".join(number.groups()) if number else PurePosixPath(file.name).stem,
        "known_at": midnight(form.signed_date + timedelta(days=DAYS_TO_FILE + 1)),
    }, form
