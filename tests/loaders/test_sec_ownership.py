"""Forms 3, 4 and 5 land row by row, and what is none is refused with a sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.store import Store
from loaders import _edgar, sec_ownership
from tests.edgar import Edgar
from tests.forms import BOUGHT, NUMBER, document, submission, tagged, told
from tests.sites import answering
from tests.stores import ask, load_files

DAY = Span(datetime(2023, 11, 14, tzinfo=UTC), datetime(2023, 11, 15, tzinfo=UTC))
END = datetime(2023, 11, 15, 5, tzinfo=UTC)  # of the filing date, in New York
ACCEPTED = datetime(2023, 11, 14, 23, 30, tzinfo=UTC)


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edgar]:
    with answering(Edgar()) as edgar:
        monkeypatch.setattr(_edgar, "ARCHIVES", f"{edgar.url}/Archives")
        yield edgar


@pytest.mark.parametrize(
    ("text", "name", "number", "known_at"),
    [
        (submission(document()), "a.txt", NUMBER, ACCEPTED),
        (submission(document(), accepted=None), "a.txt", NUMBER, END),
        (tagged(document()), "a.nc", NUMBER, END),
        # Signed on Tuesday the 14th; filed by Friday, if it was filed in time.
        (document(), "form4.xml", "form4", datetime(2023, 11, 18, 5, tzinfo=UTC)),
        (document(), f"{NUMBER}.xml", NUMBER, datetime(2023, 11, 18, 5, tzinfo=UTC)),
    ],
)
def test_each_way_of_telling_a_form_tells_the_same_but_for_when(
    text: str, name: str, number: str, known_at: datetime
) -> None:
    found = told(text, name)

    own = ("accession_no", "known_at")
    plain = {
        dataset: [{k: v for k, v in row.items() if k not in own} for row in rows]
        for dataset, rows in found.items()
        if dataset != "insider_filings"
    }
    wanted = told(submission(document()), "a.txt")
    assert {(row[own[0]], row[own[1]]) for rows in found.values() for row in rows} == {
        (number, known_at)
    }
    assert plain == {
        dataset: [{k: v for k, v in row.items() if k not in own} for row in rows]
        for dataset, rows in wanted.items()
        if dataset != "insider_filings"
    }


def test_a_form_is_loaded_whole_and_only_once(store: Store, tmp_path: Path) -> None:
    path = tmp_path / f"{NUMBER}.txt"
    path.write_text(submission(document(BOUGHT + BOUGHT)))

    (first,) = load_files(store, "sec_ownership", path)
    (again,) = load_files(store, "sec_ownership", path)

    assert (first.n_rows, first.n_rejected, again.is_new) == (5, 0, False)
    (filing,) = ask(store.place, "raw.insider_filings")
    assert (filing["form_type"], filing["accepted_at"]) == ("4", ACCEPTED)
    assert [row["line"] for row in ask(store.place, "raw.insider_transactions")] == [1, 2]


CODING = BOUGHT[BOUGHT.index("<transactionCoding>") : BOUGHT.index("<transactionTimeliness>")]


@pytest.mark.parametrize("missing", ["<value>2023-11-13</value>", CODING], ids=["day", "coding"])
def test_a_row_that_lacks_a_part_is_set_aside_alone(
    store: Store, tmp_path: Path, missing: str
) -> None:
    path = tmp_path / f"{NUMBER}.txt"
    odd = BOUGHT.replace(missing, "")
    path.write_text(submission(document(odd + BOUGHT)))

    (loaded,) = load_files(store, "sec_ownership", path)

    assert loaded.n_rejected == 1
    assert [row["line"] for row in ask(store.place, "raw.insider_transactions")] == [2]


def test_every_form_of_the_index_is_fetched_once(
    store: Store, edgar: Edgar, tmp_path: Path
) -> None:
    other = NUMBER.replace("4", "5")
    lines = []
    for number in (NUMBER, other):
        for cik in ("1500001", "1600001"):  # of the insider, and of the company
            path = f"edgar/data/{cik}/{number}.txt"
            edgar.files[f"/Archives/{path}"] = submission(document(), number=number).encode()
            lines.append(f"{cik}|Anybody|4|20231114|{path}")
    edgar.lists(*lines, "1|Manager|13F-HR|20231114|edgar/data/1/0001234567-23-000009.txt")

    with Http("sec_ownership", contact="me@example.org", folder=tmp_path, per_second=1_000) as http:
        loads = list(over_network("sec_ownership", sec_ownership, store, DAY, http))

    assert sorted(loaded.coverage for loaded in loads) == [f"{NUMBER}.txt", f"{other}.txt"]
    assert len(ask(store.place, "raw.insider_filings")) == 2


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (
            "<edgarSubmission><headerData><submissionType>SCHEDULE 13D</submissionType>",
            "a.xml",
            "a.xml: a SCHEDULE 13D, and no form 3, 4 or 5; leave it out",
        ),
        (
            submission(document(), form="13F-HR"),
            "a.txt",
            "a.txt: a form 13F-HR, and no form 3, 4 or 5; leave it out",
        ),
        (
            submission("").replace("<XML>", "").replace("</XML>", ""),
            "a.txt",
            "a.txt: its form is no XML, as before 2003; leave it out",
        ),
        (
            document().partition("<ownerSignature>")[0] + "</ownershipDocument>",
            "a.xml",
            "a.xml: not signed, so nobody knows when it came; leave it out",
        ),
        (
            submission(document().replace("</issuer>", "")),
            "a.txt",
            "a.txt:68: XML that breaks off; fetch it again",
        ),
        (
            tagged(document()).replace("</SUBMISSION>", ""),
            "a.nc",
            "a.nc: cut short, it has no </SUBMISSION>; fetch it again",
        ),
        (
            submission(document().replace("<own", '<!DOCTYPE a [<!ENTITY b "c">]><own', 1)),
            "a.txt",
            "a.txt:22: XML with a DOCTYPE, which EDGAR never sends; leave it out",
        ),
        (
            submission("<other/>"),
            "a.txt",
            "a.txt:22: XML without an ownershipDocument; leave it out",
        ),
    ],
)
def test_what_is_no_form_is_refused(text: str, name: str, said: str) -> None:
    with pytest.raises(FeedError) as refused:
        told(text, name)

    assert str(refused.value) == said


def test_in_folders_only_the_names_of_forms_are_taken() -> None:
    names = [f"{NUMBER}.txt", f"{NUMBER}.nc", "form4.xml", "wk-form4_1702.xml", "doc4.xml",
             "ownership.xml", "schedule13d.xml", "CIK0001462356.json", "infotable.xml"]  # fmt: skip

    assert [name for name in names if sec_ownership.FEED.knows(name)] == names[:6]
