"""Each real form 3, 4 and 5 gives the rows that stand in it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import FeedError
from leadline.store import Store
from tests.doors import door
from tests.forms import told
from tests.stores import load_files

pytestmark = pytest.mark.real

# By file: of shares, and of derivatives: code, shares and price of each transaction.
TRANSACTIONS: dict[str, list[tuple[Any, ...]]] = {
    "0000320193-22-000061.txt": [
        ("S", 9_136, 159.94), ("S", 5_316, 160.82), ("S", 4_006, 161.93), ("S", 900, 162.77),
        ("S", 1_550, 163.94), ("S", 1_800, 165.06), ("S", 2_292, 165.95),
    ],
    "0001127602-25-001055.txt": [("S", 1_500, 66.903)],
    "0001562180-25-000280.nc": [("A", 106_150, 0), ("A", 70_750, 0, "derivative")],
    "form3.nosecurities.xml": [],
    "form3.snow.nonderiv.xml": [],
    "form3.snow.xml": [],
    "form4.snow.xml": [
        ("M", 200_000, 8.88), ("S", 73_170, 150.841), ("S", 74_907, 151.814),
        ("S", 41_986, 152.655), ("S", 5_496, 153.872), ("S", 4_441, 154.76),
        ("M", 200_000, 0, "derivative"),
    ],
    "form5.snow.xml": [("G", 61_386, 0)],
}  # fmt: skip
HOLDINGS = {"form3.snow.nonderiv.xml": 1, "form3.snow.xml": 6, "form4.snow.xml": 8,
            "form5.snow.xml": 2}  # fmt: skip
OWNERS = {"form3.snow.nonderiv.xml": ["BERKSHIRE HATHAWAY INC", "BUFFETT WARREN E"]}


@pytest.fixture(scope="module")
def forms(real: Path) -> dict[str, Any]:
    folder = real / "sec_ownership_xml"
    return {name: told((folder / name).read_text(), name) for name in TRANSACTIONS}


def test_every_transaction_is_told_with_its_code_shares_and_price(forms: dict[str, Any]) -> None:
    found = {
        name: [
            (row["trans_code"], float(row["shares"]), float(row["price"]))
            + (("derivative",) if row["is_derivative"] else ())
            for row in form["insider_transactions"]
        ]
        for name, form in forms.items()
    }

    assert found == TRANSACTIONS


def test_every_holding_and_owner_is_told(forms: dict[str, Any]) -> None:
    assert {
        name: n for name, form in forms.items() if (n := len(form["insider_holdings"]))
    } == HOLDINGS
    assert {
        name: [row["owner"] for row in form["insider_owners"]]
        for name, form in forms.items()
        if len(form["insider_owners"]) != 1
    } == OWNERS


def test_a_plan_was_a_footnote_before_it_was_a_box(forms: dict[str, Any]) -> None:
    filings = {name: form["insider_filings"][0] for name, form in forms.items()}
    said = {n: (row["is_10b5_1"], row["is_10b5_1_footnote"]) for n, row in filings.items()}

    assert said["0000320193-22-000061.txt"] == (None, True)
    assert said["0001127602-25-001055.txt"] == (False, False)
    assert said["0001562180-25-000280.nc"] == (False, False)


def test_a_form_is_known_when_edgar_accepted_it(forms: dict[str, Any]) -> None:
    known = {name: form["insider_filings"][0]["known_at"] for name, form in forms.items()}

    assert known["0000320193-22-000061.txt"] == datetime(2022, 5, 6, 22, 30, 57, tzinfo=UTC)
    assert known["0001562180-25-000280.nc"] == datetime(2025, 1, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("schedule13d.xml", "a SCHEDULE 13D, and no form 3, 4 or 5"),
        ("schedule13g.xml", "a SCHEDULE 13G, and no form 3, 4 or 5"),
        ("CIK0001462356.json", "no file of EDGAR, and no submission"),
    ],
)
def test_what_lies_beside_them_is_refused(real: Path, name: str, said: str) -> None:
    text = (real / "sec_ownership_xml" / name).read_text()

    with pytest.raises(FeedError, match=said):
        told(text, name)


def test_each_row_of_a_form_has_its_class_plan_and_side(store: Store, real: Path) -> None:
    load_files(store, "sec_ownership", real / "sec_ownership_xml")

    with door(store.place) as house:
        rows = house.ask("curated.insider_rows", BEGINNING, FOREVER).to_arrow_table().to_pylist()

    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in sorted(rows, key=lambda row: (row["is_derivative"], row["line"])):
        what = (row["insider_class"], row["side"], row["is_10b5_1"], row["is_exercise_sale"])
        found.setdefault(f"{row['ticker']} {row['trans_date']}", []).append(what)
    sold = ("open_market_sell", -1, None, True)
    assert found == {
        "AAPL 2022-05-04": [("open_market_sell", -1, True, False)] * 7,
        "AIR 2025-01-10": [("open_market_sell", -1, False, False)],
        "SNOW 2021-12-23": [("gift", -1, None, False)],
        "SNOW 2022-12-13": [("exercise", 1, None, False), *[sold] * 5,
                            ("exercise", 1, None, False)],
        "TSVT 2025-01-06": [("compensation", 1, False, False)] * 2,
    }  # fmt: skip
