"""Files of one dataset are read as one, whichever columns each of them has."""

from pathlib import Path

import duckdb

from leadline.older import Older, listed


def test_what_an_older_file_lacks_is_null(tmp_path: Path) -> None:
    con = duckdb.connect()
    old, new = f"{tmp_path}/old.parquet", f"{tmp_path}/new.parquet"
    con.execute(f"copy (select 1 as a) to '{old}'")
    con.execute(f"copy (select 'x' as b, 2 as a) to '{new}'")

    rows = listed([Older(old, frozenset({"b"})), new], {"a": "bigint", "b": "text"})

    assert con.sql(f"select a, b from {rows} order by a").fetchall() == [(1, None), (2, "x")]
    only = listed([Older(old, frozenset({"b"}))], {"a": "bigint", "b": "text"})
    assert con.sql(f"select b, typeof(b) from {only} as stored").fetchall() == [(None, "VARCHAR")]


def test_files_of_the_same_columns_are_read_at_once() -> None:
    assert listed(["a", "b"], {}) == "read_parquet(['a', 'b'], hive_partitioning = false)"
