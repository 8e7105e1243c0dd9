import duckdb
import pyarrow as pa
import pytest

from leadline.digest import Digest

QUERY = """
select
    i, i::smallint as small, (i * 1.5)::double as half, (i / 7)::decimal(18, 8) as price,
    date '2024-03-01' + i::int as day, timestamptz '2024-03-01 15:00Z' + to_microseconds(i) as at_,
    case when i % 3 = 0 then null else 'name ' || i end as name, i % 2 = 0 as is_even,
    {'a': i, 'b': 'x'} as both, [i, null] as few, i::hugeint as huge, '{"a": 1}'::json as told,
    case when i % 2 = 0 then i end as gaps
from range(1_000) as numbers (i)
"""


def digest_of(rows: pa.Table, step: int) -> str:
    found = Digest(rows.schema)
    for batch in rows.to_batches(step):
        found.add(batch)
    return found.text


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    with duckdb.connect() as con:
        return con.sql(QUERY).to_arrow_table()


def test_it_is_the_same_however_rows_are_cut(rows: pa.Table) -> None:
    assert digest_of(rows, 1_000) == digest_of(rows, 7) == digest_of(rows, 333)


@pytest.mark.parametrize("column", range(13))
def test_a_cell_that_changes_changes_it(rows: pa.Table, column: int) -> None:
    cells = rows.column(column).to_pylist()
    other = [*cells[:500], cells[499], *cells[501:]]
    if other == cells:
        other[500] = None
    changed = rows.set_column(column, rows.field(column), pa.array(other, rows.field(column).type))

    assert digest_of(changed, 100) != digest_of(rows, 100)


def test_order_names_types_and_where_text_ends_count() -> None:
    told = {
        digest_of(pa.table({name: pa.array(cells, kind)}), 10)
        for name, cells, kind in [
            ("n", [1, 2], "int64"), ("n", [2, 1], "int64"), ("m", [1, 2], "int64"),
            ("n", [1, 2], "int32"), ("n", ["ab", "c"], "string"), ("n", ["a", "bc"], "string"),
            ("n", ["abc", None], "string"), ("n", ["abc", ""], "string"), ("n", [], "int64"),
        ]
    }  # fmt: skip

    assert len(told) == 9


def test_what_lies_under_a_null_does_not_count() -> None:
    bare = pa.array([1, None])
    other = pa.Array.from_buffers(
        pa.int64(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(b"\x01" + 7 * b"\0" + 8 * b"\x07")]
    )

    assert digest_of(pa.table({"n": bare}), 2) == digest_of(pa.table({"n": other}), 2)
