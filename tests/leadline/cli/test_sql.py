import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline.export import FORMATS
from tests.desks import SmallDesk, run, small_desk

QUERY = "select print_id, price from curated.followed order by print_id"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a small project with three prints."""
    desk = small_desk(tmp_path_factory.mktemp("sql") / "desk")
    desk.prints(("a", 50, "05 14:00"), ("b", 150, "05 15:00"), ("c", 2_500, "05 16:00"))
    return desk


def read(form: str, data: bytes) -> list[tuple[object, ...]]:
    """Read an answer back, each form by a reader of its own."""
    if form == "csv":
        lines = data.decode().splitlines()
        return [(a.strip('"'), int(b)) for a, b in (line.split(",") for line in lines[1:])]
    if form in ("json", "jsonl"):
        text = data.decode()
        found = json.loads(text) if form == "json" else map(json.loads, text.splitlines())
        return [tuple(row.values()) for row in found]
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        return list(sheet.iter_rows(min_row=2, values_only=True))
    if form == "table":
        lines = data.decode().splitlines()[2:-1]
        return [(a, int(b)) for a, b in (line.split() for line in lines)]
    if form == "parquet":
        table = pq.read_table(io.BytesIO(data))
    else:
        table = pa.ipc.open_stream(data).read_all()
    return [tuple(row.values()) for row in table.to_pylist()]


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_holds_the_same_rows(desk: SmallDesk, form: str) -> None:
    ended = run(desk.root, "sql", QUERY, "--format", form)

    assert (ended.code, ended.err) == (0, "")
    assert read(form, ended.data) == [("a", 50), ("b", 150), ("c", 2_500)]


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_gets_what_stdout_would(desk: SmallDesk, tmp_path: Path, form: str) -> None:
    path = tmp_path / "answer"

    ended = run(desk.root, "sql", QUERY, "--format", form, "-o", path)

    assert (ended.code, ended.data, ended.err) == (0, b"", "")
    assert read(form, path.read_bytes()) == [("a", 50), ("b", 150), ("c", 2_500)]


def test_a_table_is_the_form_for_people_and_counts_its_rows(desk: SmallDesk) -> None:
    ended = run(desk.root, "sql", QUERY)

    assert ended.out.splitlines()[-1] == "3 rows"


def test_a_query_may_come_from_a_file(desk: SmallDesk, tmp_path: Path) -> None:
    path = tmp_path / "query.sql"
    path.write_text(f"-- what I ask\n{QUERY};\n")

    ended = run(desk.root, "sql", "-f", path, "--format", "csv")

    assert ended.out.splitlines()[1:] == ['"a",50', '"b",150', '"c",2500']


def test_a_span_cuts_each_named_view(desk: SmallDesk) -> None:
    span = ("--since", "2024-03-05T15:00Z", "--until", "2024-03-05T17:00+01:00")

    ended = run(desk.root, "sql", QUERY, "--format", "csv", *span)

    assert ended.out.splitlines()[1:] == ['"b",150']


def test_a_param_changes_the_rows_of_the_views_below(desk: SmallDesk) -> None:
    query = "select headline from detectors.all_live order by all"
    plain = run(desk.root, "sql", query, "--format", "csv")
    bare = run(desk.root, "sql", query, "--format", "csv", "--param", "min_price=10")
    full = run(desk.root, "sql", query, "--format", "csv", "--param", "prices.high.min_price=200")

    assert plain.out.splitlines()[1:] == ['"print b"', '"print c"']
    assert bare.out.splitlines()[1:] == ['"print a"', '"print b"', '"print c"']
    assert full.out.splitlines()[1:] == ['"print c"']


def test_a_param_is_stronger_than_the_settings_of_one_version(
    desk: SmallDesk, tmp_path: Path
) -> None:
    other = small_desk(tmp_path / "desk")
    store = desk.root / "store"
    other.write(
        "leadline.toml", f'store = "{store}"\n[params."prices.high.v1"]\nmin_price = 9_999\n'
    )
    query = "select headline from detectors.prices_high"

    plain = run(other.root, "sql", query, "--format", "csv")
    given = run(other.root, "sql", query, "--format", "csv", "--param", "min_price=200")

    assert plain.out.splitlines()[1:] == []
    assert given.out.splitlines()[1:] == ['"print c"']


@pytest.mark.parametrize(
    ("param", "said"),
    [
        ("min_prise=1", "no view of this query has 'min_prise'; did you mean 'min_price'"),
        ("prices.low.min_price=1", "no view of this query has 'prices.low.min_price'"),
        ("min_price=much", "min_price is 100, and 'much' is no integer; give one"),
    ],
)
def test_a_param_that_fits_nowhere_is_told(desk: SmallDesk, param: str, said: str) -> None:
    ended = run(desk.root, "sql", "from detectors.prices_high", "--param", param)

    assert (ended.code, ended.out) == (1, "")
    assert said in ended.err


def test_a_bind_fills_a_name(desk: SmallDesk) -> None:
    query = "select print_id from curated.followed where price >= $least and print_id <> $but"

    ended = run(
        desk.root, "sql", query, "--format", "csv", "--bind", "least=100", "--bind", "but=c"
    )

    assert ended.out.splitlines()[1:] == ['"b"']


def test_a_time_limit_stops_with_its_sentence(desk: SmallDesk) -> None:
    query = "select count(*) from range(1_000_000_000_000) as t(n) where hash(n) = 1"

    ended = run(desk.root, "sql", query, "--time-limit", "0.2")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "query: stopped after 0.2 s; ask for less\n"


def test_an_answer_that_breaks_off_says_where(desk: SmallDesk) -> None:
    query = (
        "select cast(case when n = 300_000 then 'x' else '1' end as int) from range(400_000) t(n)"
    )

    ended = run(desk.root, "sql", query, "--format", "csv", "--any-order")

    assert ended.code == 1
    assert ended.out.splitlines()[-1].startswith("# cut after ")
    assert ended.err.startswith("answer: cut after ")


def test_a_store_that_is_not_there_yet_answers_with_nothing(tmp_path: Path) -> None:
    empty = small_desk(tmp_path / "desk")

    ended = run(empty.root, "sql", QUERY, "--format", "jsonl")

    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert not (empty.root / "store").exists()
