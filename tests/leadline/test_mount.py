"""DuckDB reads what a store brings, and only of places that are open."""

from pathlib import Path

import duckdb
import pytest

from leadline.mount import mount


class Held:
    """Two files by their addresses."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def size(self, address: str) -> int:
        return len(self.body)

    def read(self, address: str, start: int, end: int) -> bytes:
        return self.body[start:end]


def test_a_file_is_read_and_none_is_written(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"copy (select 42 as n) to '{tmp_path / 'a.parquet'}'")
    with duckdb.connect() as con:
        for _ in range(2):  # several stores of one DuckDB
            mount(con, "s3://mounted/here", Held((tmp_path / "a.parquet").read_bytes()))

        found = con.sql("from read_parquet(['s3://mounted/here/a.parquet'])").fetchall()

        assert found == [(42,)]
        for sql in ("from 's3://elsewhere/a.parquet'", "copy (select 1) to 's3://mounted/here/b'"):
            with pytest.raises(duckdb.Error):
                con.sql(sql).fetchall()
