"""The tree is DuckDB's own: what it can parse is found, what it can't is told in its root."""

import duckdb

from leadline.syntax import nodes


def test_every_table_of_a_text_is_found_and_the_root_comes_first() -> None:
    with duckdb.connect() as con:
        found = list(nodes(con, "with a as (from b.c) select * from a, (select 1 from d.e) as f"))

    tables = [node["qualified_name"]["path"] for node in found if node.get("type") == "BASE_TABLE"]
    assert sorted(tables) == [["a"], ["b", "c"], ["d", "e"]]
    assert found[0]["error"] is False


def test_a_text_that_is_no_sql_says_so_in_the_root() -> None:
    with duckdb.connect() as con:
        (root,) = nodes(con, "selekt 1")

    assert root["error"] is True
