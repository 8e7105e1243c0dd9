"""A SELECT is taken apart by DuckDB's own syntax tree: what it names, and where."""

import pytest

from leadline.errors import QueryError
from leadline.names import Name, names_of, tables_of


def test_tables_of_names_each_view_once() -> None:
    found = tables_of("with x as (from b.c) from x, A.b, a.b, (select 1 from c.d) where a.b.z > 1")

    assert found == ["a.b", "b.c", "c.d"]


def test_a_name_is_placed_without_its_alias() -> None:
    sql = "select a.b.z\nfrom a.b as x, unnest([1])"

    assert sorted(names_of(sql), key=lambda name: name.start) == [
        Name("a.b", 7, 10, 1, is_column=True),
        Name("a.b", 18, 21, 2, has_alias=True),
        Name("unnest", 28, 28, 2, is_call=True),
    ]


def test_a_step_shades_a_view_without_a_schema_alone() -> None:
    assert tables_of("with b as (select 1) from b, a.b, c") == ["a.b", "c"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 1; select 2", "query: it holds 2 statements; ask with one SELECT"),
        (
            "create table t as select 1",
            "query: it is no SELECT; a question reads and changes nothing",
        ),
        ("select\nread_text('x') from a.b, read_csv('x')", "query:2: read_csv() reads no view"),
        ("select 1\nwhere getenv('HOME') = ''", "query:2: getenv() is not for questions"),
    ],
)
def test_what_is_no_question_is_told(sql: str, said: str) -> None:
    with pytest.raises(QueryError) as told:
        names_of(sql)

    assert str(told.value).startswith(said)
