"""Bad submissions are refused with their reason, at once and without filling memory."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.store import Store
from loaders import _submission
from tests.doors import ROOT
from tests.stores import load_files
from tests.submissions import (
    APPLE,
    NUMBER,
    ONE,
    document,
    filings,
    holdings,
    submission,
    table,
    written,
)

WHOLE = submission(NUMBER, ONE)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))
BOMB = f'<!DOCTYPE t [<!ENTITY l0 "ha">{LAUGHS}]>'

BAD = {
    "two submissions": (WHOLE + WHOLE, "2 submissions in one file; cut them apart"),
    "two filers": (
        WHOLE.replace("</SEC-HEADER>", "FILER:\n\t\tCENTRAL INDEX KEY:\t\t7654321\n</SEC-HEADER>"),
        "its header names 2 filers, 0001234567 and 0007654321, and a 13F has one; fetch it again",
    ),
    "another's cover page": (
        WHOLE.replace("<coverPage>", "<credentials><cik>99</cik></credentials><coverPage>"),
        "its cover page is of 0000000099 and its header of 0001234567; fetch it again",
    ),
    "a document without an end": (
        WHOLE.replace("</DOCUMENT>", ""),
        "a document without </DOCUMENT>; fetch it again",
    ),
    "a bomb": (
        WHOLE.replace("<informationTable", f"{BOMB}<informationTable").replace("APPLE", "&l19;"),
        "XML with a DOCTYPE, which EDGAR never sends; leave it out",
    ),
    "a bomb behind a comment": (
        WHOLE.replace("<informationTable", f"<!-- a table -->{BOMB}<informationTable"),
        "XML with a DOCTYPE, which EDGAR never sends; leave it out",
    ),
    "an entity of nobody": (
        WHOLE.replace("APPLE INC", "&apple;"),
        "XML that breaks off; fetch it again",
    ),
    "a number of a million digits": (
        submission(NUMBER, table([{**APPLE, "value": "1" * 1_000_000}])),
        f"a value of over 65,536 characters, '{'1' * 20}...'; fetch it again",
    ),
    "a number of a thousand digits": (
        submission(NUMBER, table([{**APPLE, "value": "1" * 1_000}])),
        f"value is '{'1' * 40}', no whole number; fetch it again",
    ),
    "elements of nothing": (
        submission(NUMBER, f"<a>{'<b/>' * 200_000}</a>"),
        "over 100,000 elements without a infoTable; fetch it again",
    ),
    "a table shifted by a column": (
        submission(NUMBER, table([{**APPLE, "cusip": "COM", "value": "037833100X", "shares": 7}])),
        "value is '037833100X', no whole number; fetch it again",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_its_reason(store: Store, tmp_path: Path, name: str) -> None:
    text, said = BAD[name]
    path = written(tmp_path, text)

    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f", path)

    assert str(told.value).startswith(f"{path}:")
    assert str(told.value).endswith(f": {said}")
    assert (filings(store), holdings(store)) == ([], [])


def test_nested_as_deep_as_it_likes_it_is_refused(store: Store, tmp_path: Path) -> None:
    deep = "<a>" * 300_000 + "</a>" * 300_000

    with pytest.raises(FeedError, match="over 100,000 elements without a infoTable"):
        load_files(store, "sec_13f", written(tmp_path, submission(NUMBER, deep)))


# 2 GB of one value, from a stream that is packed small, in a process that may not have 600 MB.
SWALLOW = """
import io, resource, sys
sys.path.insert(0, ".")
from leadline.errors import FeedError
from leadline.file import File
from loaders import _submission

class Long(io.RawIOBase):
    left = 2 << 30
    def readable(self): return True
    def readinto(self, into):
        n = min(len(into), self.left)
        into[:n] = b"7" * n
        self.left -= n
        return n

file = File("n.txt", "n.txt", lambda: io.BufferedReader(Long()))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    _submission.Submission.of(file, ("4",), "form 4")
except FeedError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_two_gigabytes_are_refused_and_memory_stays_flat() -> None:
    done = subprocess.run(
        (sys.executable, "-c", SWALLOW), cwd=ROOT, capture_output=True, text=True, check=True
    )

    said, grown_mb = done.stdout.splitlines()
    assert said == "n.txt: over 256 MiB, more than there is of its kind; look at it"
    assert int(grown_mb) < 32


def test_a_packed_bomb_is_refused_as_well(store: Store, tmp_path: Path) -> None:
    path = tmp_path / f"{NUMBER}.txt.gz"
    with gzip.open(path, "wb", compresslevel=1) as target:
        for _ in range((_submission.MOST >> 22) + 1):
            target.write(b" " * (1 << 22))

    with pytest.raises(FeedError, match="over 256 MiB"):
        load_files(store, "sec_13f", path)


def test_a_header_of_tags_says_as_much(store: Store, tmp_path: Path) -> None:
    cover = WHOLE[WHOLE.index("<edgarSubmission") : WHOLE.index("</edgarSubmission>")]
    documents = document("13F-HR", f"{cover}</edgarSubmission>") + document(
        "INFORMATION TABLE", ONE
    )
    head = (
        f"<SUBMISSION>\n<ACCESSION-NUMBER>{NUMBER}<TYPE>13F-HR<PUBLIC-DOCUMENT-COUNT>2"
        "<PERIOD>20230930<FILING-DATE>20231114<FILER><COMPANY-DATA>"
        "<CONFORMED-NAME>Lead Line LLC<CIK>0001234567</COMPANY-DATA></FILER>"
    )
    text = head + documents.replace("\n", "") + "</SUBMISSION>\n"

    load_files(store, "sec_13f", written(tmp_path, text, f"{NUMBER}.nc"))

    (filing,), (row,) = filings(store), holdings(store)
    assert (filing["accession_no"], filing["cik"]) == (NUMBER, "0001234567")
    # Its header has no acceptance: known when the filing date is over in New York.
    assert filing["known_at"] == row["known_at"] == datetime(2023, 11, 15, 5, tzinfo=UTC)
