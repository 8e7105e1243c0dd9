"""Submissions land row by row, and what is none is refused with a sentence."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.store import Store
from loaders import sec_13f
from tests.stores import contracts, load_files, opened
from tests.submissions import (
    APPLE,
    NUMBER,
    ONE,
    filings,
    holdings,
    submission,
    table,
    written,
)

MESSAGE = Path(__file__).parent / "messages" / "0001234567-24-000002.txt"
LTS_ONE, BULL_STREET = "13F.0001894188-23-000007.txt", "0001790837-23-000002.txt"


@pytest.fixture(scope="module")
def message(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[Any]]:
    """Return the filing and the holdings of the recorded message."""
    with opened(tmp_path_factory.mktemp("message") / "store") as store:
        load_files(store, "sec_13f", MESSAGE)
        (filing,) = filings(store)
        return filing, holdings(store)


def test_a_filing_is_what_its_header_and_its_cover_page_say(message: Any) -> None:
    filing, _ = message

    assert {name: filing[name] for name in contracts()["filings"].names} == {
        "accession_no": "0001234567-24-000002",
        "cik": "0001234567",
        "manager": "Seven Soundings & Co LLC",
        "form_type": "13F-HR/A",
        "report_type": "13F HOLDINGS REPORT",
        "period_end": date(2024, 6, 30),
        "filed_date": date(2024, 7, 15),
        "accepted_at": datetime(2024, 7, 12, 21, 31, 5, tzinfo=UTC),
        "amendment_kind": "NEW HOLDINGS",
        "amendment_no": 2,
        "n_entries": 4,
        "value_total": Decimal(40_567_750),
        "file_number": None,
        "is_confidential_omitted": None,
        "is_confidential_release": False,
        "parse_confidence": None,
    }


def test_a_holding_is_what_its_line_says(message: Any) -> None:
    _, (first, *_) = message

    assert {name: first[name] for name in contracts()["holdings"].names} == {
        "accession_no": "0001234567-24-000002",
        "line": 1,
        "issuer": "AT&T INC",
        "class_title": "COM",
        "cusip": "00206R102",
        "figi": "BBG000BSJK37",
        "put_call": None,
        "share_type": "SH",
        "shares": Decimal(21_285),
        "value_reported": Decimal(406_755),
        "discretion": "DFND",
        "other_managers": "01 04",
        "voting_sole": Decimal(1),
        "voting_shared": Decimal(2),
        "voting_none": Decimal(21_282),
    }


def test_puts_calls_and_principal_are_told_apart(message: Any) -> None:
    _, rows = message

    assert [(row["line"], row["put_call"], row["share_type"]) for row in rows] == [
        (1, None, "SH"), (2, "put", "SH"), (3, "call", "SH"), (4, None, "PRN"),
    ]  # fmt: skip


def test_a_row_is_known_when_edgar_accepted_its_filing(message: Any) -> None:
    filing, rows = message

    known = {row["known_at"] for row in (filing, *rows)}

    assert known == {datetime(2024, 7, 12, 21, 31, 5, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("form", "said", "kind"),
    [
        ("13F-HR", None, "ORIGINAL"),
        ("13F-HR/A", "<amendmentType>RESTATEMENT</amendmentType>", "RESTATEMENT"),
        ("13F-HR/A", "<amendmentType>NEW HOLDINGS</amendmentType>", "NEW HOLDINGS"),
        ("13F-HR/A", None, "RESTATEMENT"),
    ],
)
def test_an_amendment_without_a_type_restates(
    store: Store, tmp_path: Path, form: str, said: str | None, kind: str
) -> None:
    amendment = f"<isAmendment>true</isAmendment><amendmentInfo>{said or ''}</amendmentInfo>"

    load_files(
        store, "sec_13f", written(tmp_path, submission(NUMBER, ONE, form=form, amendment=amendment))
    )

    assert [row["amendment_kind"] for row in filings(store)] == [kind]


def test_a_word_that_nobody_has_met_is_told_with_those_that_are_known(
    store: Store, tmp_path: Path
) -> None:
    amendment = "<amendmentInfo><amendmentType>CORRECTION</amendmentType></amendmentInfo>"
    amended = submission(NUMBER, ONE, form="13F-HR/A", amendment=amendment)
    straddle = submission(NUMBER, table([{**APPLE, "put_call": "Straddle"}]))
    said = []

    for text in (amended, straddle):
        with pytest.raises(FeedError) as told:
            load_files(store, "sec_13f", written(tmp_path, text))
        said.append(str(told.value).rpartition("txt:")[2].partition(": ")[2])

    assert said == [
        "'CORRECTION' is none of NEW HOLDINGS, RESTATEMENT; mend the loader",
        "'STRADDLE' is none of CALL, PUT; mend the loader",
    ]


def test_a_notice_is_a_filing_without_holdings(store: Store, tmp_path: Path) -> None:
    (loaded,) = load_files(
        store, "sec_13f", written(tmp_path, submission(NUMBER, None, form="13F-NT"))
    )

    (filing,) = filings(store)

    assert (loaded.n_rows, holdings(store)) == (3, [])  # with its text, and who reports for it
    assert (filing["report_type"], filing["n_entries"]) == ("13F NOTICE", None)


@pytest.mark.parametrize("prefix", ["", "ns1", "n1"])
def test_only_local_names_count(store: Store, tmp_path: Path, prefix: str) -> None:
    load_files(store, "sec_13f", written(tmp_path, submission(NUMBER, table([APPLE], prefix))))

    assert [row["shares"] for row in holdings(store)] == [Decimal(100)]


def test_a_table_of_many_lines_keeps_their_order(store: Store, tmp_path: Path) -> None:
    many = table([{**APPLE, "shares": n} for n in range(1, 10_003)])

    text = submission(NUMBER, many)
    (loaded,) = load_files(store, "sec_13f", written(tmp_path, text))

    rows = holdings(store)
    assert loaded.n_rows == 10_002 + 2 + -(-len(text) // 65_536)
    assert [row["shares"] for row in rows] == [Decimal(row["line"]) for row in rows]


def test_a_line_that_breaks_the_contract_is_set_aside(store: Store, tmp_path: Path) -> None:
    text = submission(NUMBER, table([{**APPLE, "cusip": "03783310"}, APPLE]))

    (loaded,) = load_files(store, "sec_13f", written(tmp_path, text))

    assert (loaded.n_rows, loaded.n_rejected) == (4, 1)
    assert [row["line"] for row in holdings(store)] == [2]


def test_loading_again_adds_nothing(store: Store) -> None:
    load_files(store, "sec_13f", MESSAGE)

    (again,) = load_files(store, "sec_13f", MESSAGE)

    assert not again.is_new


def test_in_folders_only_the_names_of_submissions_are_taken() -> None:
    names = [LTS_ONE, BULL_STREET, "form.13FHR.xml", "13F-HR.infotable.xml", "readme.txt"]

    assert [name for name in names if sec_13f.FEED.knows(name)] == [LTS_ONE, BULL_STREET]
