import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline.errors import QueryError
from leadline.export import FORMATS, write
from tests.exports import ask, cells_of, numbers, on_terminal, text_of


@pytest.mark.parametrize("form", FORMATS)
def test_the_number_of_rows_is_returned(form: str, tmp_path: Path) -> None:
    path = tmp_path / "out"

    n_rows = write(numbers(2_345), form, path, io.BytesIO())

    assert n_rows == 2_345
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_csv_keeps_every_digit_and_tells_empty_from_null(tmp_path: Path) -> None:
    rows = ask("""
        select 9223372036854775807 as big, 0.00000001::decimal(38, 8) as tiny,
            timestamptz '2024-03-01 15:00:00.000001Z' as known_at, date '2024-03-01' as day,
            E'say "a,\\nb"' as text, '' as empty, null::text as nothing, 'ab'::blob as bytes,
            {'a': [1, null], 'at': timestamptz '2024-03-01 15:00Z'} as nested, map {'k': 1.50} as m
    """)

    write(rows, "csv", tmp_path / "out.csv", io.BytesIO())

    with (tmp_path / "out.csv").open(newline="") as file:
        header, *found = csv.reader(file)
    assert header[:3] == ["big", "tiny", "known_at"]
    assert found == [
        [
            "9223372036854775807",
            "0.00000001",
            "2024-03-01 15:00:00.000001Z",
            "2024-03-01",
            'say "a,\nb"',
            "",
            "",
            "6162",
            '{"a":[1,null],"at":"2024-03-01T15:00:00.000000Z"}',
            '{"k":1.50}',
        ]
    ]
    assert '"",,' in (tmp_path / "out.csv").read_text()


def test_duckdb_reads_csv_back(tmp_path: Path) -> None:
    query = """
        select i, (i / 7)::decimal(18, 8) as price, 'it''s "' || i as text, i % 2 = 0 as is_even,
            timestamptz '2024-03-01 15:00Z' + to_microseconds(i) as known_at
        from range(5_000) as numbers (i)
    """

    write(ask(query), "csv", tmp_path / "out.csv", io.BytesIO())

    back = ask(f"from read_csv('{tmp_path}/out.csv', types = {{'price': 'decimal(18, 8)'}})")
    assert back.read_all().to_pylist() == ask(query).read_all().to_pylist()


def test_what_the_calendar_cannot_hold_is_said() -> None:
    rows = ask("""
        select 'infinity'::timestamptz as a, '-infinity'::date as b,
            timestamptz '50000-01-01 00:00Z' as c
    """)

    text = text_of(rows, "csv")

    expected = '"infinity","-infinity","<value out of range: 1515680380800000000>"'
    assert text.splitlines()[1] == expected


def test_json_keeps_every_digit_and_nesting() -> None:
    rows = ask("""
        select 9223372036854775807 as big, 170141183460469231731687303715884::hugeint as huge,
            0.10000000000000000001::decimal(38, 20) as exact, 0::decimal(18, 8) as zero,
            timestamptz '2024-03-01 15:00:00.000001Z' as known_at, date '2024-03-01' as day,
            'nan'::double as nan, '-infinity'::double as low, true as yes, null as nothing,
            E'"\\\\\\n\\x01é' as text, [[1.5], null, []] as lists, 'b'::enum('a', 'b') as word,
            {'a': {'b': '2024-03-01 15:00:00.000000001'::timestamp_ns}} as deep,
            map {'k"': null, 'l': 2} as pairs, union_value(n := 2) as either
    """)

    text = text_of(rows, "json")

    assert json.loads(text, parse_float=Decimal) == [
        {
            "big": 9223372036854775807,
            "huge": 170141183460469231731687303715884,
            "exact": Decimal("0.10000000000000000001"),
            "zero": Decimal("0.00000000"),
            "known_at": "2024-03-01T15:00:00.000001Z",
            "day": "2024-03-01",
            "nan": None,
            "low": None,
            "yes": True,
            "nothing": None,
            "text": '"\\\n\x01é',
            "lists": [[Decimal("1.5")], None, []],
            "word": "b",
            "deep": {"a": {"b": "2024-03-01T15:00:00.000000001"}},
            "pairs": {'k"': None, "l": 2},
            "either": 2,
        }
    ]


def test_nested_cells_stay_with_their_rows() -> None:
    query = """
        select i, case when i % 3 > 0 then range(i % 5) end as list,
            case when i % 4 > 0 then {'a': i} end as struct,
            case when i % 5 > 0 then map {i::text: nullif(i % 2, 0)} end as map
        from range(5_000) as numbers (i)
    """

    lines = text_of(ask(query), "jsonl").splitlines()

    assert [json.loads(line) for line in lines] == [
        {
            "i": i,
            "list": list(range(i % 5)) if i % 3 else None,
            "struct": {"a": i} if i % 4 else None,
            "map": {str(i): i % 2 or None} if i % 5 else None,
        }
        for i in range(5_000)
    ]


def test_json_columns_stay_parsed_where_arrow_names_them() -> None:
    con = duckdb.connect()
    con.execute("set arrow_lossless_conversion = true")
    query = """
        select '{"a":\n 1.0}'::json as good, '[NaN]'::json as lax, null::json as nothing,
            (2::hugeint ** 100)::hugeint as huge, true as yes,
            'bd836248-dd7b-4f23-b803-ded5cc1ad884'::uuid as id
    """

    text = text_of(con.sql(query).to_arrow_reader(10), "jsonl")

    assert text == (
        '{"good":{"a":  1.0},"lax":"[NaN]","nothing":null,"huge":1267650600228229401496703205376,'
        '"yes":true,"id":"bd836248-dd7b-4f23-b803-ded5cc1ad884"}\n'
    )


def test_json_columns_are_text_elsewhere() -> None:
    rows = ask("""select '{"a": 1}'::json as evidence""")

    text = text_of(rows, "csv")

    assert text == '"evidence"\n"{""a"": 1}"\n'


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_arrow_forms_come_back_as_they_were(form: str, tmp_path: Path) -> None:
    query = """
        select i, i::decimal(38, 8) as price, [i] as list, {'a': i} as struct, i::text as text,
            timestamptz '2024-03-01 15:00Z' + to_microseconds(i) as known_at
        from range(3_000) as numbers (i)
    """
    expected = ask(query).read_all()
    path = tmp_path / "out"

    write(ask(query), form, path, io.BytesIO())

    back = pq.read_table(path) if form == "parquet" else pa.ipc.open_stream(path).read_all()
    assert back.equals(expected)


def test_row_groups_are_full_though_batches_are_small(tmp_path: Path) -> None:
    rows = ask("from range(300_000)")

    write(rows, "parquet", tmp_path / "out.parquet", io.BytesIO())

    file = pq.ParquetFile(tmp_path / "out.parquet")
    groups = [file.metadata.row_group(at) for at in range(file.num_row_groups)]
    assert [group.num_rows for group in groups] == [122_880, 122_880, 54_240]
    assert groups[0].column(0).compression == "ZSTD"


def test_a_type_that_parquet_lacks_is_refused(tmp_path: Path) -> None:
    rows = ask("select interval 1 month as gap")

    with pytest.raises(QueryError) as caught:
        write(rows, "parquet", tmp_path / "out.parquet", io.BytesIO())

    assert str(caught.value).startswith("parquet: ")
    assert str(caught.value).endswith("; cast that column to text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_bytes_are_not_for_a_terminal(form: str) -> None:
    with pytest.raises(QueryError) as caught:
        on_terminal(numbers(1), form)

    assert str(caught.value) == f"{form}: a terminal can't show it; name a file with -o"


@pytest.mark.parametrize("form", ["json", "jsonl", "parquet"])
def test_two_columns_of_one_name_are_refused_where_one_would_be_lost(form: str) -> None:
    rows = ask("select 1 as a, 2 as a")

    with pytest.raises(QueryError) as caught:
        text_of(rows, form)

    assert str(caught.value) == f"{form}: two columns are named 'a'; give one an alias with as"


def test_two_columns_of_one_name_are_two_elsewhere() -> None:
    query = "select 1 as a, 2 as a"

    as_csv = text_of(ask(query), "csv")
    as_table = text_of(ask(query), "table").split()

    assert as_csv == '"a","a"\n1,2\n'
    assert as_table[:2] == ["a", "a"]
    assert as_table[-4:] == ["1", "2", "1", "row"]


def test_an_unknown_form_is_named_with_the_nearest() -> None:
    with pytest.raises(QueryError) as caught:
        write(numbers(1), "cvs", None, io.BytesIO())

    assert str(caught.value) == (
        "--format: 'cvs' is none of table, csv, json, jsonl, parquet, arrow, xlsx; "
        "did you mean 'csv'"
    )


def test_no_rows_still_have_a_header(tmp_path: Path) -> None:
    query = "select 1 as a, [1] as b where false"

    texts = {form: text_of(ask(query), form) for form in ("table", "csv", "json", "jsonl")}
    for form in ("parquet", "arrow", "xlsx"):
        write(ask(query), form, tmp_path / form, io.BytesIO())

    assert texts["table"].split() == ["a", "b", "─────", "0", "rows"]
    assert texts["csv"] == '"a","b"\n'
    assert texts["json"] == "[]\n"
    assert texts["jsonl"] == ""
    assert pq.read_table(tmp_path / "parquet").column_names == ["a", "b"]
    assert pa.ipc.open_stream(tmp_path / "arrow").read_all().column_names == ["a", "b"]
    assert cells_of(tmp_path / "xlsx") == [("a", "b")]
