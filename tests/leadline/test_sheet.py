"""Cells as people and other programs read them."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from leadline.sheet import Sheet, as_json, as_text, is_number

MOMENT = datetime(2024, 3, 1, 15, 0, 0, 1, tzinfo=UTC)


def test_a_moment_is_text_with_a_z_for_people_and_iso_for_programs() -> None:
    cells = pa.array([MOMENT, None], pa.timestamp("us", "UTC"))

    assert as_text(cells).to_pylist() == ["2024-03-01 15:00:00.000001Z", None]
    assert as_json(cells).to_pylist() == ['"2024-03-01T15:00:00.000001Z"', "null"]


def test_numbers_keep_every_digit_in_json() -> None:
    cells = pa.array([Decimal("12345678901234567.12345678")], pa.decimal128(38, 8))

    assert as_json(cells).to_pylist() == ["12345678901234567.12345678"]
    assert as_json(pa.array([2**63 - 1])).to_pylist() == ["9223372036854775807"]


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_what_json_has_no_number_for_is_null(odd: float) -> None:
    assert as_json(pa.array([odd])).to_pylist() == ["null"]


def test_numbers_are_told_from_text() -> None:
    assert is_number(pa.decimal128(18, 8))
    assert not is_number(pa.string())


def test_a_sheet_holds_text_as_text_and_moments_as_dates(tmp_path: Path) -> None:
    batch = pa.record_batch({"said": ["=1+1"], "at": pa.array([MOMENT], pa.timestamp("us", "UTC"))})
    path = tmp_path / "a.xlsx"

    with path.open("wb") as sink:
        sheet = Sheet(batch.schema, sink)
        sheet.add(batch)
        sheet.close()
        sheet.drop()

    book = openpyxl.load_workbook(path)
    rows = list(book.active.iter_rows(values_only=True))
    book.close()
    assert rows[0] == ("said", "at")
    assert rows[1][0] == "=1+1"
    assert rows[1][1].year == 2024
