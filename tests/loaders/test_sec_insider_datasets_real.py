"""The tables of 2024's third quarter have as many forms and codes as counted by others."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.loaders.test_sec_insider_datasets import told

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def quarter(real: Path) -> dict[str, list[dict[str, Any]]]:
    return told(real / "sec_insider_dataset_2024q3")


def test_forms_are_as_many_of_each_kind(quarter: dict[str, list[dict[str, Any]]]) -> None:
    forms = Counter(row["form_type"] for row in quarter["insider_filings"])

    assert forms == {"4": 32_530, "3": 2_866, "4/A": 520, "3/A": 87, "5": 62, "5/A": 10}
    assert forms.total() == 36_075


def test_derivative_transactions_are_as_many_of_each_code(
    quarter: dict[str, list[dict[str, Any]]],
) -> None:
    rows = quarter["insider_transactions"]

    assert Counter(row["trans_code"] for row in rows) == {
        "M": 8_513, "A": 7_369, "D": 1_056, "C": 963, "J": 490, "X": 200, "P": 173, "G": 130,
        "S": 53, "I": 24, "F": 19, "U": 11, "E": 1, "Z": 1,
    }  # fmt: skip
    assert Counter(row["is_swap"] for row in rows) == {False: 18_987, True: 16}


def test_holdings_are_as_many_and_each_has_a_place_of_its_own(
    quarter: dict[str, list[dict[str, Any]]],
) -> None:
    rows = quarter["insider_holdings"]

    assert Counter(row["is_derivative"] for row in rows) == {False: 17_897, True: 8_136}
    places = {(row["accession_no"], row["is_derivative"], row["line"]) for row in rows}
    assert len(places) == 26_033
