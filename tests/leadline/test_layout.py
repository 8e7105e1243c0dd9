"""What was laid out once is copied the next time, and is never missed where it can't be."""

import os
from pathlib import Path

import duckdb
import pytest

from tests.desks import SmallDesk


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a cache of its own."""
    monkeypatch.setattr("leadline.layout.user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "leadline" / "layouts"


def seen(desk: SmallDesk) -> list[str]:
    """Return the columns of a view, and the tables of a schema that questions don't see."""
    with desk.warehouse() as house:
        marks = house.con.execute(
            "select table_name from duckdb_tables() where schema_name = 'engine' "
            "and database_name = current_database() and table_name like 'mark%'"
        ).fetchall()
        return [*house.columns("curated.followed"), *(mark for (mark,) in marks)]


def test_the_second_one_is_a_copy_of_the_first(desk: SmallDesk, cache: Path) -> None:
    first = seen(desk)
    (layout,) = cache.iterdir()
    with duckdb.connect(layout) as con:
        con.execute("create table engine.mark (n integer)")

    assert seen(desk) == [*first, "mark"]


def test_another_text_is_another_layout(desk: SmallDesk, cache: Path) -> None:
    first = seen(desk)
    view = desk.root / "sql/views/curated/followed.v1.sql"
    view.write_text(view.read_text().replace("as n_seen", "as n_opened"))

    assert seen(desk) == [name.replace("n_seen", "n_opened") for name in first]
    assert len(list(cache.iterdir())) == 2


def test_what_completes_it_is_copied_too(desk: SmallDesk, cache: Path) -> None:
    for _ in range(2):  # the first keeps the views, the second what completes them
        with desk.warehouse() as house:
            house.complete()
            said = house.described("curated.followed_v1")

    with desk.warehouse() as house:
        found = house.con.execute(
            "select column_name, lower(data_type), comment from duckdb_columns() "
            "where database_name = current_database() and table_name = 'followed_v1' "
            "order by column_index"
        ).fetchall()
    assert found == said
    assert [comment for _, _, comment in found if not comment] == []


def test_a_damaged_one_is_made_anew(desk: SmallDesk, cache: Path) -> None:
    first = seen(desk)
    (layout,) = cache.iterdir()
    layout.write_bytes(b"no database" * 1_000)

    assert seen(desk) == first
    assert b"no database" not in layout.read_bytes()


def test_without_a_place_for_it_all_goes_on(desk: SmallDesk, cache: Path) -> None:
    cache.parent.parent.write_text("a file where the cache should be")

    assert seen(desk) == seen(desk)


def test_one_that_nobody_asked_for_in_a_week_is_deleted(desk: SmallDesk, cache: Path) -> None:
    cache.mkdir(parents=True)
    old = cache / "old.duckdb"
    old.touch()
    os.utime(old, (0, 0))

    seen(desk)

    assert not old.exists()
    assert len(list(cache.iterdir())) == 1
