"""Rows are written into sealed files of their partitions, and what breaks off leaves none."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from leadline import seal, writing
from leadline.engine import Engine
from tests.stores import contracts

MONTHS = contracts()["short_volume"]
OPEN = contracts()["rejected"]


def rows(*moments: str) -> str:
    """Return SQL for rows that were known then, of which nothing else is said."""
    values = ", ".join(f"(timestamptz '{moment}')" for moment in moments)
    return f"from empty union all by name select * from (values {values}) as t (known_at)"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(Engine({})) as engine, engine.connect() as con:
        con.execute(MONTHS.table("empty"))
        yield con


def test_rows_of_one_month_are_one_file_in_its_folder(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (part,) = writing.write(con, rows("2024-03-01 12:00Z", "2024-03-31 12:00Z"), MONTHS, tmp_path)

    assert part.path.startswith("known_month=2024-03-01/part-")
    assert (part.rows, part.partition) == (2, {"known_month": "2024-03-01"})
    assert part.size == (tmp_path / part.path).stat().st_size
    assert seal.is_whole(tmp_path / part.path, part.path)


def test_rows_of_several_are_cut_up(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    parts = writing.write(con, rows("2024-03-31 12:00Z", "2024-04-01 12:00Z"), MONTHS, tmp_path)

    assert sorted(part.partition["known_month"] or "" for part in parts) == [
        "2024-03-01", "2024-04-01",
    ]  # fmt: skip
    assert sorted(tmp_path.rglob("*.parquet")) == sorted(tmp_path / part.path for part in parts)
    assert all(seal.is_whole(tmp_path / part.path, part.path) for part in parts)


def test_rows_are_written_anew_in_their_order_into_one_file(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    where = {"known_month": "2024-03-01"}
    asked = f"from ({rows('2024-03-02 12:00Z', '2024-03-01 12:00Z')}) order by known_at"

    part = writing.rewrite(con, asked, MONTHS, tmp_path, where)

    known_at = pq.ParquetFile(tmp_path / part.path).read(["known_at"])["known_at"].to_pylist()
    assert [moment.day for moment in known_at] == [1, 2]
    assert part.partition == where


def test_what_breaks_off_leaves_no_file(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    broken = (
        "select i, case when i < 900_000 then 1 else error('broken off') end as n "
        "from range(1_000_000) as r (i)"
    )

    with pytest.raises(duckdb.InvalidInputException):
        writing.write(con, broken, OPEN, tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_large_rows_are_kept_together_by_fewer(tmp_path: Path) -> None:
    texts = contracts()["filing_texts"]
    asked = (
        "from empty union all by name "
        "select timestamptz '2024-03-01' as known_at, i as page, repeat('x', 900) as body "
        "from range(5_000) as t (i)"
    )
    with closing(Engine({})) as engine, engine.connect() as con:
        con.execute(texts.table("empty"))
        (part,) = writing.write(con, asked, texts, tmp_path)

    told = pq.ParquetFile(tmp_path / part.path).metadata
    assert [told.row_group(n).num_rows for n in range(told.num_row_groups)] == [2_048, 2_048, 904]
