"""Tables on a terminal, and sheets."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from leadline.errors import QueryError
from leadline.export import write
from tests.exports import ask, cells_of, numbers, on_terminal, text_of


def test_a_table_is_for_people() -> None:
    rows = ask("""
        select * from (values
            ('AAPL', 1.50, timestamptz '2024-03-01 15:00Z'),
            ('[b]x', null, timestamptz '2024-03-01 15:00:00.000001Z')
        ) as given (entity, price_usd, known_at)
    """)

    lines = [line.rstrip() for line in text_of(rows, "table").splitlines()]

    assert lines == [
        "entity   price_usd   known_at",
        "────────────────────────────────────────────────",
        "AAPL          1.50   2024-03-01 15:00:00Z",
        "[b]x          null   2024-03-01 15:00:00.000001Z",
        "2 rows",
    ]


def test_a_table_of_many_rows_comes_in_pages() -> None:
    rows = numbers(2_001)

    lines = [line.strip() for line in text_of(rows, "table").splitlines()]

    assert lines.count("n") == 3
    assert [line for line in lines if line.isdigit()] == [str(n) for n in range(1, 2_002)]
    assert lines[-1] == "2,001 rows"


def test_a_wide_cell_is_not_cut_off_the_terminal() -> None:
    rows = ask(f"select '{'x' * 5_000}' as wide")

    text = text_of(rows, "table")

    assert "x" * 5_000 in text


def test_a_wide_cell_is_folded_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = ask(f"select '{'x' * 300}' as wide, {', '.join(f'{n} as n{n}' for n in range(2))}")

    text = on_terminal(rows, "table")

    assert text.count("x") == 300
    assert max(map(len, text.splitlines())) <= 40


def test_many_columns_on_the_terminal_are_all_there() -> None:
    rows = ask("select " + ", ".join(f"{n} as column{n}" for n in range(1_000, 1_060)))

    text = on_terminal(rows, "table")

    assert {str(n) for n in range(1_000, 1_060)} <= set(text.split())


def test_control_characters_do_not_reach_the_terminal() -> None:
    rows = ask("select E'a\\x1b[31m\\r\\n\\x07' || chr(8238) || 'b' || chr(155) as \"c\x1bd\"")

    text = text_of(rows, "table")

    assert "a\\x1b[31m\\r\\n\\x07\\u202eb\\x9b" in text
    assert "c\\x1bd" in text


def test_a_sheet_holds_numbers_moments_and_text(tmp_path: Path) -> None:
    rows = ask("""
        select 123456789012345 as small, 1234567890123456 as big, 0.1::decimal(18, 8) as price,
            1234567890.12345678::decimal(38, 8) as long, 0.5::double as half, 'nan'::double as nan,
            timestamptz '2024-03-01 15:00:00.250Z' as known_at, date '2024-03-01' as day,
            date '1800-01-01' as old, true as yes, null as nothing, '=1+1' as formula,
            'https://example.com' as link, '007' as digits, [1, 2] as list
    """)

    write(rows, "xlsx", tmp_path / "out.xlsx", io.BytesIO())

    header, cells = cells_of(tmp_path / "out.xlsx")
    assert dict(zip(header, cells, strict=True)) == {
        "small": 123456789012345,
        "big": "1234567890123456",
        "price": 0.1,
        "long": "1234567890.12345678",
        "half": 0.5,
        "nan": "nan",
        "known_at": dt.datetime(2024, 3, 1, 15, 0, 0, 250_000),
        "day": dt.datetime(2024, 3, 1),
        "old": "1800-01-01",
        "yes": True,
        "nothing": None,
        "formula": "=1+1",
        "link": "https://example.com",
        "digits": "007",
        "list": "[1,2]",
    }


def test_a_sheet_has_text_for_text_and_a_frozen_bold_header(tmp_path: Path) -> None:
    rows = ask("select '=1+1' as formula, timestamptz '2024-03-01 15:00Z' as known_at")

    write(rows, "xlsx", tmp_path / "out.xlsx", io.BytesIO())

    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    page = book.worksheets[0]
    assert page.freeze_panes == "A2"
    assert page["A1"].font.b
    assert page["A2"].data_type == "s"
    assert page["A2"].hyperlink is None
    assert page["B2"].number_format == "yyyy-mm-dd hh:mm:ss.000"
    book.close()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            pa.table({"n": pa.nulls(1_048_576)}),
            "xlsx: more than 1,048,575 rows do not fit a sheet of 1,048,575; "
            "use --format csv or parquet",
        ),
        (
            pa.table({str(n): [n] for n in range(16_385)}),
            "xlsx: 16,385 columns do not fit a sheet of 16,384; use --format csv or parquet",
        ),
        (
            pa.table({"note": ["x" * 32_768]}),
            "xlsx: 32,768 letters in column 'note' do not fit a cell of 32,767; "
            "use --format csv or parquet",
        ),
    ],
)
def test_what_does_not_fit_a_sheet_is_refused(
    rows: pa.Table, sentence: str, tmp_path: Path
) -> None:
    stream = io.BytesIO()

    with pytest.raises(QueryError) as to_path:
        write(rows.to_reader(), "xlsx", tmp_path / "out.xlsx", stream)
    with pytest.raises(QueryError) as to_stream:
        write(rows.to_reader(), "xlsx", None, stream)

    assert str(to_path.value) == str(to_stream.value) == sentence
    assert list(tmp_path.iterdir()) == []
    assert stream.getvalue() == b""
