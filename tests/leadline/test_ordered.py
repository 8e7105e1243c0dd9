from collections.abc import Iterator

import duckdb
import pytest

from leadline.ordered import in_total_order, keeps_order

OWN = "select a from t\norder by a\n"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("create table t as select * from (values (1, 2), (1, 1), (0, 5)) as v (a, b)")
        yield con


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("from t", [(0, 5), (1, 1), (1, 2)]),
        ("from t order by a desc", [(1, 1), (1, 2), (0, 5)]),
        ("select b, a from t order by a desc -- the newest\nlimit 1;", [(1, 1)]),
        ("from t -- all\nlimit 2", [(0, 5), (1, 1)]),
        ("select a as offset, b from t offset 1", [(1, 1), (1, 2)]),
        ("from t order by all desc", [(1, 2), (1, 1), (0, 5)]),
        ("select a, lag(b) over (order by a, b) as p from t", [(0, None), (1, 1), (1, 5)]),
        ("select a from t union all (select 7 order by 1)", [(0,), (1,), (1,), (7,)]),
        ("with q as (from t order by a limit 3) select b from q where a = 1", [(1,), (2,)]),
        ("select [x for x in [2, 1]] as l, b from t order by b desc -- end", [
            ([2, 1], 5), ([2, 1], 2), ([2, 1], 1)]),
    ],
)  # fmt: skip
def test_rows_come_in_one_order_and_a_limit_takes_the_first(
    con: duckdb.DuckDBPyConnection, query: str, rows: list[tuple[object, ...]]
) -> None:
    text = in_total_order(query, lambda: len(con.sql(f"describe {query}").fetchall()))

    assert con.sql(text).fetchall() == rows


@pytest.mark.parametrize(
    ("query", "is_kept"),
    [
        ("from reports.seen", True),
        ("select a, a + 1 from reports.seen where a > 1 limit 3", True),
        ("from reports.other", False),
        ("from reports.seen order by b", False),
        ("select distinct a from reports.seen", False),
        ("select a, count(*) from reports.seen group by a", False),
        ("select lag(a) over () from reports.seen", False),
        ("from reports.seen, reports.other", False),
        ("from (from reports.seen)", False),
        ("from reports.seen union all from reports.seen", False),
        ("select 1", False),
    ],
)
def test_a_view_in_order_keeps_it_where_only_its_rows_and_columns_are_taken(
    query: str, is_kept: bool
) -> None:
    texts = {"reports.seen": OWN, "reports.other": "select a, max(b order by c) from t"}

    assert keeps_order(query, texts.get) == is_kept
