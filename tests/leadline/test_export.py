import contextlib
import csv
import datetime as dt
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline.errors import QueryError
from leadline.export import FORMATS, write

Ask = Callable[[str], pa.RecordBatchReader]
NUMBERS = pa.schema([("n", pa.int64())])


@pytest.fixture
def ask() -> Ask:
    """Ask a DuckDB in memory whose session isn't in UTC."""
    con = duckdb.connect()
    con.execute("set timezone = 'America/New_York'")
    return lambda query: con.sql(query).to_arrow_reader(1_000)


def numbers(count: int, error: BaseException | None = None) -> pa.RecordBatchReader:
    """Read 1, 2, … in batches of one row; then the error is raised."""

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(1, count + 1):
            yield pa.record_batch([pa.array([number])], schema=NUMBERS)
        if error is not None:
            raise error

    return pa.RecordBatchReader.from_batches(NUMBERS, batches())


def text_of(rows: pa.RecordBatchReader, form: str) -> str:
    """Return what the stream gets."""
    stream = io.BytesIO()
    write(rows, form, None, stream)
    return stream.getvalue().decode()


def on_terminal(rows: pa.RecordBatchReader, form: str) -> str:
    """Return what a terminal gets, without its colours."""
    keyboard, screen = pty.openpty()
    with os.fdopen(keyboard, "rb", buffering=0) as reading:
        with os.fdopen(screen, "wb", buffering=0) as stream:
            write(rows, form, None, stream)
        pieces = []
        with contextlib.suppress(OSError):  # how a closed terminal ends
            while piece := reading.read(65_536):
                pieces.append(piece)
    return re.sub(r"\x1b\[[0-9;]*m", "", b"".join(pieces).decode()).replace("\r\n", "\n")


def cells_of(path: Path) -> list[tuple[Any, ...]]:
    """Return the values of a sheet, its header first."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return list(book.worksheets[0].iter_rows(values_only=True))


class FullDisk(type(Path())):  # type: ignore[misc]
    """A path on a disk that is full after the first hundred bytes."""

    def open(self, *args: Any, **options: Any) -> Any:
        """Open a file that has little room."""

        class Full(io.FileIO):
            def write(self, piece: Any, /) -> int:
                if self.tell() > 100:
                    raise OSError(28, "No space left on device")
                return super().write(piece)

        return Full(self, "xb")


@pytest.mark.parametrize("form", FORMATS)
def test_the_number_of_rows_is_returned(form: str, tmp_path: Path) -> None:
    path = tmp_path / "out"

    n_rows = write(numbers(2_345), form, path, io.BytesIO())

    assert n_rows == 2_345
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_csv_keeps_every_digit_and_tells_empty_from_null(ask: Ask, tmp_path: Path) -> None:
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


def test_duckdb_reads_csv_back(ask: Ask, tmp_path: Path) -> None:
    query = """
        select i, (i / 7)::decimal(18, 8) as price, 'it''s "' || i as text, i % 2 = 0 as is_even,
            timestamptz '2024-03-01 15:00Z' + to_microseconds(i) as known_at
        from range(5_000) as numbers (i)
    """

    write(ask(query), "csv", tmp_path / "out.csv", io.BytesIO())

    back = ask(f"from read_csv('{tmp_path}/out.csv', types = {{'price': 'decimal(18, 8)'}})")
    assert back.read_all().to_pylist() == ask(query).read_all().to_pylist()


def test_what_the_calendar_cannot_hold_is_said(ask: Ask) -> None:
    rows = ask("""
        select 'infinity'::timestamptz as a, '-infinity'::date as b,
            timestamptz '50000-01-01 00:00Z' as c
    """)

    text = text_of(rows, "csv")

    expected = '"infinity","-infinity","<value out of range: 1515680380800000000>"'
    assert text.splitlines()[1] == expected


def test_json_keeps_every_digit_and_nesting(ask: Ask) -> None:
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


def test_nested_cells_stay_with_their_rows(ask: Ask) -> None:
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


def test_json_columns_are_text_elsewhere(ask: Ask) -> None:
    rows = ask("""select '{"a": 1}'::json as evidence""")

    text = text_of(rows, "csv")

    assert text == '"evidence"\n"{""a"": 1}"\n'


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_arrow_forms_come_back_as_they_were(form: str, ask: Ask, tmp_path: Path) -> None:
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


def test_row_groups_are_full_though_batches_are_small(ask: Ask, tmp_path: Path) -> None:
    rows = ask("from range(300_000)")

    write(rows, "parquet", tmp_path / "out.parquet", io.BytesIO())

    file = pq.ParquetFile(tmp_path / "out.parquet")
    groups = [file.metadata.row_group(at) for at in range(file.num_row_groups)]
    assert [group.num_rows for group in groups] == [122_880, 122_880, 54_240]
    assert groups[0].column(0).compression == "ZSTD"


def test_a_type_that_parquet_lacks_is_refused(ask: Ask, tmp_path: Path) -> None:
    rows = ask("select interval 1 month as gap")

    with pytest.raises(QueryError) as caught:
        write(rows, "parquet", tmp_path / "out.parquet", io.BytesIO())

    assert str(caught.value).startswith("parquet: ")
    assert str(caught.value).endswith("; cast that column to text")
    assert list(tmp_path.iterdir()) == []


def test_a_table_is_for_people(ask: Ask) -> None:
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


def test_a_wide_cell_is_not_cut_off_the_terminal(ask: Ask) -> None:
    rows = ask(f"select '{'x' * 5_000}' as wide")

    text = text_of(rows, "table")

    assert "x" * 5_000 in text


def test_a_wide_cell_is_folded_on_the_terminal(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = ask(f"select '{'x' * 300}' as wide, {', '.join(f'{n} as n{n}' for n in range(2))}")

    text = on_terminal(rows, "table")

    assert text.count("x") == 300
    assert max(map(len, text.splitlines())) <= 40


def test_many_columns_on_the_terminal_are_all_there(ask: Ask) -> None:
    rows = ask("select " + ", ".join(f"{n} as column{n}" for n in range(1_000, 1_060)))

    text = on_terminal(rows, "table")

    assert {str(n) for n in range(1_000, 1_060)} <= set(text.split())


def test_control_characters_do_not_reach_the_terminal(ask: Ask) -> None:
    rows = ask("select E'a\\x1b[31m\\r\\n\\x07' || chr(8238) || 'b' || chr(155) as \"c\x1bd\"")

    text = text_of(rows, "table")

    assert "a\\x1b[31m\\r\\n\\x07\\u202eb\\x9b" in text
    assert "c\\x1bd" in text


def test_a_sheet_holds_numbers_moments_and_text(ask: Ask, tmp_path: Path) -> None:
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


def test_a_sheet_has_text_for_text_and_a_frozen_bold_header(ask: Ask, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_bytes_are_not_for_a_terminal(form: str) -> None:
    with pytest.raises(QueryError) as caught:
        on_terminal(numbers(1), form)

    assert str(caught.value) == f"{form}: a terminal can't show it; name a file with -o"


@pytest.mark.parametrize("form", ["json", "jsonl", "parquet"])
def test_two_columns_of_one_name_are_refused_where_one_would_be_lost(form: str, ask: Ask) -> None:
    rows = ask("select 1 as a, 2 as a")

    with pytest.raises(QueryError) as caught:
        text_of(rows, form)

    assert str(caught.value) == f"{form}: two columns are named 'a'; give one an alias with as"


def test_two_columns_of_one_name_are_two_elsewhere(ask: Ask) -> None:
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


def test_no_rows_still_have_a_header(ask: Ask, tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("csv", '"n"\n1\n2\n# cut after 2 rows: out of luck\n'),
        ("json", '[\n{"n":1},\n{"n":2},\n{"leadline_cut": "after 2 rows: out of luck"}\n]\n'),
        ("jsonl", '{"n":1}\n{"n":2}\n{"leadline_cut": "after 2 rows: out of luck"}\n'),
        ("table", "n\n─\n1\n2\n# cut after 2 rows: out of luck\n"),
    ],
)
@pytest.mark.parametrize("kind", [duckdb.Error, OSError])
def test_a_stream_that_is_cut_says_so(form: str, body: str, kind: type[Exception]) -> None:
    stream = io.BytesIO()

    with pytest.raises(QueryError) as caught:
        write(numbers(2, kind("out of luck\nline 2")), form, None, stream)

    assert stream.getvalue().decode() == body
    assert str(caught.value) == "answer: cut after 2 rows: out of luck"
    assert isinstance(caught.value.__cause__, kind)


def test_a_stream_cut_before_its_first_row_says_so() -> None:
    stream = io.BytesIO()

    with pytest.raises(QueryError, match="answer: cut after 0 rows: Error"):
        write(numbers(0, duckdb.Error()), "json", None, stream)

    assert json.loads(stream.getvalue()) == [{"leadline_cut": "after 0 rows: Error"}]


def test_an_error_of_duckdb_midway_is_told(ask: Ask) -> None:
    rows = ask("""
        select case when i = 5_000 then error('late') else i end as i
        from range(10_000) as numbers (i)
    """)

    with pytest.raises(QueryError, match=r"answer: cut after [\d,]+ rows?: .*late"):
        text_of(rows, "csv")


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_a_cut_body_without_words_is_refused_by_its_readers(form: str) -> None:
    stream = io.BytesIO()
    readers: dict[str, Callable[[], Any]] = {
        "parquet": lambda: pq.read_table(io.BytesIO(stream.getvalue())),
        "arrow": lambda: pa.ipc.open_stream(stream.getvalue()).read_all(),
        "xlsx": lambda: openpyxl.load_workbook(io.BytesIO(stream.getvalue())),
    }

    with pytest.raises(QueryError, match="answer: cut after 3 rows: out of luck"):
        write(numbers(3, duckdb.Error("out of luck")), form, None, stream)

    with pytest.raises(Exception, match=r"Parquet|metadata bytes|zip"):
        readers[form]()


def test_an_interrupt_is_marked_and_goes_on() -> None:
    stream = io.BytesIO()

    with pytest.raises(KeyboardInterrupt):
        write(numbers(2, KeyboardInterrupt()), "csv", None, stream)

    assert stream.getvalue().decode().endswith("\n2\n# cut after 2 rows: interrupted\n")


@pytest.mark.parametrize("form", FORMATS)
def test_a_broken_pipe_goes_on(form: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    with os.fdopen(writing, "wb", buffering=0) as stream, pytest.raises(BrokenPipeError):
        write(numbers(10), form, None, stream)


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_behind_the_stream_is_told(form: str) -> None:
    with (
        open("/dev/full", "wb", buffering=0) as stream,
        pytest.raises(QueryError, match=r"answer: cut after \d+ rows: no space left on the device"),
    ):
        write(numbers(10), form, None, stream)


def test_a_device_is_written_as_a_stream() -> None:
    with pytest.raises(QueryError, match="/dev/full: cut after 0 rows: no space left on the devi"):
        write(numbers(10), "csv", Path("/dev/full"), io.BytesIO())

    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("error", [duckdb.Error("out of luck"), KeyboardInterrupt()])
def test_a_file_that_is_not_whole_leaves_the_older_one(
    form: str, error: BaseException, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    path.write_text("older")

    with pytest.raises((QueryError, KeyboardInterrupt)) as caught:
        write(numbers(2, error), form, path, io.BytesIO())

    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
    sentence = f"{path}: cut after 2 rows: out of luck; nothing was written"
    assert str(caught.value) in (sentence, "")


def test_a_full_disk_under_the_file_is_told(tmp_path: Path) -> None:
    path = FullDisk(tmp_path / "out.csv")

    with pytest.raises(QueryError) as caught:
        write(numbers(2_345), "csv", path, io.BytesIO())

    assert str(caught.value) == (
        f"{path}: no space left on the device after 36 rows; "
        "nothing was written, free some space or choose another path with -o"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_limit_of_the_system_leaves_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "out.parquet").write_text("older")
    script = """
        import resource, sys, duckdb
        from pathlib import Path
        from leadline.export import write
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        rows = duckdb.sql("select random() from range(1_000_000)").to_arrow_reader(10_000)
        write(rows, "parquet", Path(sys.argv[1]), sys.stdout.buffer)
    """

    done = run(script, str(tmp_path / "out.parquet"))

    assert "file too large" in done.stderr.splitlines()[-1]
    assert (tmp_path / "out.parquet").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "out.csv"

    with pytest.raises(QueryError) as caught:
        write(numbers(1), "csv", path, io.BytesIO())

    assert str(caught.value) == (
        f"{path}: no folder '{path.parent}'; make it or choose another path with -o"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_locked_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(QueryError) as caught:
        write(numbers(1), "csv", tmp_path / "out.csv", io.BytesIO())

    assert "permission denied; nothing was written" in str(caught.value)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(QueryError) as caught:
        write(numbers(1), "csv", tmp_path, io.BytesIO())

    assert str(caught.value) == (
        f"{tmp_path}: is a directory; nothing was written, choose another path with -o"
    )


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")

    write(numbers(1), "csv", tmp_path / "link", io.BytesIO())

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == '"n"\n1\n'


def test_the_stream_stays_open() -> None:
    stream = io.BytesIO()

    for form in FORMATS:
        write(numbers(1), form, None, stream)

    assert not stream.closed


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_ten_million_rows_take_little_memory(form: str, tmp_path: Path) -> None:
    script = """
        import sys, duckdb
        from pathlib import Path
        from leadline.export import write
        def memory(what):  # kB, of this program alone: getrusage starts at its parent's
            lines = Path("/proc/self/status").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith(what))
        base = memory("VmRSS:")
        duckdb.sql("set enable_progress_bar = false")  # it is drawn on stdout
        rows = duckdb.sql('''
            select i, (i % 1_000)::decimal(18, 8) as price, 'name ' || i % 1_000 as name,
                timestamptz '2024-03-01 15:00Z' + to_microseconds(i) as at, i * 0.5::double as half
            from range(10_000_000) as numbers (i)
        ''').to_arrow_reader(100_000)
        n_rows = write(rows, sys.argv[1], Path(sys.argv[2]), sys.stdout.buffer)
        print(n_rows, (memory("VmHWM:") - base) // 1_024)
    """

    done = run(script, form, str(tmp_path / "out"))

    n_rows, peak_mb = map(int, done.stdout.split())
    assert n_rows == 10_000_000
    assert peak_mb < 512


def run(script: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a Python of its own, with the project on its path."""
    lines = "\n".join(line.removeprefix(" " * 8) for line in script.splitlines())
    command = [sys.executable, "-W", "error", "-c", lines, *args]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
