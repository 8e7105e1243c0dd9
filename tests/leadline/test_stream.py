"""Rows come in their order, so many at a time, and what can't be read stops them."""

from pathlib import Path

import pytest

from leadline.delimited import Relation
from leadline.errors import FeedError
from leadline.feed import streamed
from leadline.file import File


def relation(folder: Path, *lines: str, sql: str = "from lines") -> Relation:
    path = folder / "days.csv"
    path.write_text("\n".join(("name,n", *lines)) + "\n")
    file = File(path.name, str(path), lambda: path.open("rb"), path=path)
    return file.csv("name text, n bigint").query("lines", sql)


def test_rows_come_in_their_order_so_many_at_a_time(tmp_path: Path) -> None:
    rows = relation(
        tmp_path, *(f"r{n},{n}" for n in range(5_000)), sql="select n * 2 as n from lines"
    )

    batches = list(streamed(rows, size=2_048))

    assert [len(batch) for batch in batches] == [2_048, 2_048, 904]
    assert [n for batch in batches for n in batch["n"].to_pylist()] == list(range(0, 10_000, 2))


def test_a_line_that_can_not_be_read_is_told_with_its_number(tmp_path: Path) -> None:
    rows = relation(tmp_path, "a,1", "b,two", "c,3")

    with pytest.raises(FeedError) as told:
        list(streamed(rows))

    assert str(told.value).startswith(f"{tmp_path}/days.csv:3: ")
    assert str(told.value).endswith("; fetch it again")
    assert "\n" not in str(told.value)


def test_what_the_query_can_not_do_is_told(tmp_path: Path) -> None:
    rows = relation(tmp_path, "a,1", sql="select cast(name || n as bigint) from lines")

    with pytest.raises(FeedError, match=r"days\.csv: Could not convert string .*; mend the loader"):
        list(streamed(rows))
