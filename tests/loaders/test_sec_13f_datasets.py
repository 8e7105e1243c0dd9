"""A data set's tables become filings, their other managers and their holdings."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER, Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.store import Store
from leadline.warehouse import Warehouse
from loaders import _edgar, sec_13f_datasets
from tests.doors import catalog, one_core
from tests.edgar import SETS, Edgar
from tests.sites import answering
from tests.stores import ask, load_files
from tests.submissions import APPLE, filings, submission, table, written

FIRST, SECOND = "0001951757-25-000093", "0001951757-23-000007"
TABLES = {
    "SUBMISSION": f"""\
ACCESSION_NUMBER|FILING_DATE|SUBMISSIONTYPE|CIK|PERIODOFREPORT
{FIRST}|22-JAN-2025|13F-HR|0001994827|31-DEC-2024
{SECOND}|23-JAN-2025|13F-HR/A|1067983|30-SEP-2023
0001951757-25-000100|23-JAN-2025|13F-NT|42|31-DEC-2024
0001951757-25-000101|23-JAN-2025|13F-CTR|43|31-DEC-2024
""",
    "COVERPAGE": f"""\
ACCESSION_NUMBER|REPORTCALENDARORQUARTER|ISAMENDMENT|AMENDMENTNO|AMENDMENTTYPE|CONFDENIEDEXPIRED|REASONFORNONCONFIDENTIALITY|FILINGMANAGER_NAME|REPORTTYPE|FORM13FFILENUMBER
{FIRST}|31-DEC-2024||||||ACORN "CREEK CAPITAL|13F HOLDINGS REPORT|028-23689
{SECOND}|30-SEP-2023|Y|2|NEW HOLDINGS|Y|Denied|SECOND LLC|13F HOLDINGS REPORT|028-00001
0001951757-25-000100|31-DEC-2024||||||THIRD LLC|13F NOTICE|
""",
    "SUMMARYPAGE": f"""\
ACCESSION_NUMBER|OTHERINCLUDEDMANAGERSCOUNT|TABLEENTRYTOTAL|TABLEVALUETOTAL|ISCONFIDENTIALOMITTED
{FIRST}|1|3|407755|N
{SECOND}|0|1|17120|
""",
    "OTHERMANAGER2": f"""\
ACCESSION_NUMBER|SEQUENCENUMBER|CIK|FORM13FFILENUMBER|CRDNUMBER|SECFILENUMBER|NAME
{FIRST}|1|102909|028-06408|||VANGUARD GROUP INC
""",
    "INFOTABLE": f"""\
ACCESSION_NUMBER|INFOTABLE_SK|NAMEOFISSUER|TITLEOFCLASS|CUSIP|FIGI|VALUE|SSHPRNAMT|SSHPRNAMTTYPE|PUTCALL|INVESTMENTDISCRETION|OTHERMANAGER|VOTING_AUTH_SOLE|VOTING_AUTH_SHARED|VOTING_AUTH_NONE
{FIRST}|115563022|"ABC" HOLDINGS|COM|037833100||500|10|SH|Put|DFND|1|0|0|10
{FIRST}|115563021|ABBVIE INC|COM|00287y109||406755|2289|SH||SOLE||0|0|2289
{FIRST}|115563023|FORD MTR|NOTE|345370CN8||500|1000|PRN||SOLE||0|0|0
{SECOND}|115563030|APPLE INC|COM|037833100||17120|100|SH||SOLE||100|0|0
""",
}  # fmt: skip
MESSAGES = Path(__file__).parent / "messages" / "01dec2024-28feb2025_form13f"
NAME = "01dec2024-28feb2025_form13f.zip"


def zipped(
    folder: Path, name: str = NAME, inside: str = "", without: tuple[str, ...] = (), **other: str
) -> Path:
    """Write a data set; `inside` is the folder in it."""
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(f"{inside}FORM13F_readme.htm", "<html>")
        for table_name, text in (TABLES | other).items():
            if table_name not in without:
                target.writestr(f"{inside}{table_name}.tsv", text.replace("|", "\t"))
    return folder / name


def told(store: Store) -> list[tuple[Any, ...]]:
    """Return the holdings of a store."""
    return sorted(
        (row["accession_no"], row["line"], row["cusip"], row["put_call"], row["share_type"],
         int(row["shares"]), int(row["value_reported"]))
        for row in ask(store.place, "raw.holdings")
    )  # fmt: skip


ROWS = [
    (SECOND, 1, "037833100", None, "SH", 100, 17_120),
    (FIRST, 1, "00287Y109", None, "SH", 2_289, 406_755),
    (FIRST, 2, "037833100", "put", "SH", 10, 500),
    (FIRST, 3, "345370CN8", None, "PRN", 1_000, 500),
]


@pytest.mark.parametrize("inside", ["", "01DEC2024-28FEB2025_form13f/"])
def test_a_data_set_is_read_whole(store: Store, tmp_path: Path, inside: str) -> None:
    loads = load_files(store, "sec_13f_datasets", zipped(tmp_path, inside=inside))

    assert sum(loaded.n_rejected for loaded in loads) == 0
    assert told(store) == ROWS
    by_number = {row["accession_no"]: row for row in filings(store)}
    first, second = by_number[FIRST], by_number[SECOND]
    assert len(by_number) == 3  # a request for confidential treatment is none of them
    assert (first["manager"], first["cik"]) == ('ACORN "CREEK CAPITAL', "0001994827")
    assert (first["n_entries"], first["value_total"]) == (3, Decimal(407_755))
    assert (first["period_end"], first["amendment_kind"]) == (date(2024, 12, 31), "ORIGINAL")
    assert first["known_at"] == datetime(2025, 1, 23, 5, tzinfo=UTC)  # its filing day is over
    assert (second["cik"], second["period_end"]) == ("0001067983", date(2023, 9, 30))
    assert (second["amendment_kind"], second["amendment_no"]) == ("NEW HOLDINGS", 2)
    assert (first["is_confidential_release"], second["is_confidential_release"]) == (False, True)
    assert (first["is_confidential_omitted"], second["is_confidential_omitted"]) == (False, None)
    (manager,) = ask(store.place, "raw.filing_managers")
    assert (manager["sequence_no"], manager["manager_cik"]) == (1, "0000102909")


def test_a_set_that_was_unpacked_says_the_same(store: Store) -> None:
    load_files(store, "sec_13f_datasets", MESSAGES)

    assert told(store) == ROWS


def test_columns_that_came_later_may_be_missing(store: Store, tmp_path: Path) -> None:
    lines = [line.split("|") for line in TABLES["INFOTABLE"].splitlines()]
    older = "\n".join("|".join([*cells[:5], *cells[6:]]) for cells in lines) + "\n"

    load_files(
        store,
        "sec_13f_datasets",
        zipped(tmp_path, without=("SUMMARYPAGE", "OTHERMANAGER2"), INFOTABLE=older),
    )

    assert told(store) == ROWS
    assert {row["n_entries"] for row in filings(store)} == {None}


def test_rows_of_no_filing_and_lines_cut_short_are_set_aside(store: Store, tmp_path: Path) -> None:
    more = (
        TABLES["INFOTABLE"] + "0000000000-25-000001|1|X|COM|037833100||1|1|SH||SOLE||1|0|0\ncut\n"
    )

    loads = load_files(store, "sec_13f_datasets", zipped(tmp_path, INFOTABLE=more))

    assert sum(loaded.n_rejected for loaded in loads) == 2
    assert told(store) == ROWS


@pytest.mark.parametrize(
    ("without", "other", "said"),
    [
        (("COVERPAGE",), {}, f"{NAME}: it has no COVERPAGE.tsv; load the zip whole"),
        (
            (),
            {"INFOTABLE": TABLES["INFOTABLE"].replace("CUSIP|", "", 1)},
            "INFOTABLE.tsv:1: the header has no 'CUSIP', and 14 columns, ACCESSION_NUMBER first; "
            "fetch it again",
        ),
    ],
)
def test_a_set_that_lacks_something_is_refused(
    store: Store, tmp_path: Path, without: tuple[str, ...], other: dict[str, str], said: str
) -> None:
    with pytest.raises(FeedError) as error:
        load_files(store, "sec_13f_datasets", zipped(tmp_path, without=without, **other))

    assert str(error.value).endswith(said)
    assert told(store) == []


def test_a_filing_that_its_submission_has_told_is_not_doubled(store: Store, tmp_path: Path) -> None:
    lines = [
        {**APPLE, "cusip": "00287Y109", "value": 406_755, "shares": 2_289},
        {**APPLE, "value": 500, "shares": 10, "put_call": "Put"},
        {**APPLE, "cusip": "345370CN8", "value": 500, "shares": 1_000, "share_type": "PRN"},
    ]
    text = submission(
        FIRST, table(lines), cik="1994827", period_end=date(2024, 12, 31), filed="20250122",
        accepted="20250122101500",
    )  # fmt: skip
    load_files(store, "sec_13f_datasets", zipped(tmp_path))
    load_files(store, "sec_13f", written(tmp_path, text, f"{FIRST}.txt"))

    with closing(Warehouse(catalog(), store, one_core())) as house:
        held = house.ask("curated.holdings", BEGINNING, FOREVER).query(
            "held", "select accession_no, count(*), max(known_at), count(withdrawn_at) from held "
            "group by all order by all desc"
        )  # fmt: skip
        assert held is not None
        found = held.to_arrow_table().to_pylist()

    # The other filing is told by the data set alone.
    assert [tuple(row.values()) for row in found] == [
        (FIRST, 3, datetime(2025, 1, 22, 15, 15, tzinfo=UTC), 0),
        (SECOND, 1, datetime(2025, 1, 24, 5, tzinfo=UTC), 0),
    ]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Edgar]:
    with answering(Edgar()) as edgar:
        monkeypatch.setattr(sec_13f_datasets, "PAGE", f"{edgar.url}/sets")
        monkeypatch.setattr(_edgar, "SITE", edgar.url)
        edgar.files["/sets"] = SETS.format("13f").encode()
        path = zipped(tmp_path, "set.zip")
        edgar.files["/files/b/01dec2024-28feb2025_form13f_1.zip"] = path.read_bytes()
        yield edgar


def test_a_window_that_ended_in_the_span_is_fetched_once(
    store: Store, tmp_path: Path, site: Edgar
) -> None:
    span = Span(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))
    with Http("x", contact="me@example.org", folder=tmp_path / "x", per_second=1_000) as http:
        for _ in range(2):
            list(over_network("sec_13f_datasets", sec_13f_datasets, store, span, http))

    assert told(store) == ROWS
    assert site.names == ["sets", "01dec2024-28feb2025_form13f_1.zip", "sets"]
