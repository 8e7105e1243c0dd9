"""One DuckDB for all who work together: what it may use is theirs, what they make is their own."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from leadline.engine import Engine, scratch


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Open a DuckDB that has little."""
    with closing(Engine({"memory_limit": "64MB"})) as engine:
        yield engine


def test_a_database_holds_what_was_made_in_it_until_it_is_dropped(engine: Engine) -> None:
    one, other = engine.attach(), engine.attach()
    for database in (one, other):
        with engine.connect(database) as con:
            con.execute(f"create schema raw; create view raw.mine as select '{database}' as said")

    found = [engine.connect(database).sql("from raw.mine").fetchall() for database in (one, other)]
    engine.detach(one)

    assert found == [[(one,)], [(other,)]]
    assert engine.connect(other).sql("from raw.mine").fetchall() == [(other,)]
    with pytest.raises(duckdb.CatalogException, match=one):
        engine.connect(one)


def test_all_who_work_in_it_share_what_it_may_use(engine: Engine) -> None:
    with engine.connect() as one, engine.connect(engine.attach()) as other:
        one.execute("create temp table held as select random() as a from range(1_000_000)")

        used = other.sql("select sum(memory_usage_bytes) from duckdb_memory()").fetchall()
        limits = [
            con.sql("select current_setting('memory_limit')").fetchall() for con in (one, other)
        ]

    assert used[0][0] >= 8_000_000
    assert limits == [[("61.0 MiB",)]] * 2


def test_a_moment_is_utc_on_every_connection(engine: Engine) -> None:
    with engine.connect() as one, engine.connect(engine.attach()) as other:
        zones = [con.sql("select current_setting('timezone')").fetchall() for con in (one, other)]

    assert zones == [[("UTC",)]] * 2


def test_a_copy_that_breaks_off_ends(tmp_path: Path) -> None:
    rows = (
        "select case when i < 400_000 then i else error('broken off') end from range(500_000) r (i)"
    )
    with closing(Engine({"threads": "2"})) as engine, engine.connect() as con:
        for n in range(20):
            with pytest.raises(duckdb.InvalidInputException, match="broken off"):
                con.execute(f"copy ({rows}) to '{tmp_path}/{n}' (format parquet)")


def test_its_folder_goes_with_it() -> None:
    engine = Engine({})
    was_there = engine.spill.is_dir()

    engine.close()

    assert (was_there, engine.spill.exists()) == (True, False)


def test_each_has_a_connection_of_its_own_in_utc() -> None:
    with scratch() as one, scratch() as other:
        for con, kind in ((one, "text"), (other, "bigint")):
            con.execute(f"create table same (a {kind})")
        kinds = [con.sql("from same").types for con in (one, other)]
        zones = [con.sql("select current_setting('timezone')").fetchall() for con in (one, other)]

    assert [str(kind) for (kind,) in kinds] == ["VARCHAR", "BIGINT"]
    assert zones == [[("UTC",)], [("UTC",)]]


def test_what_one_made_is_gone_for_the_next() -> None:
    with scratch() as con:
        con.execute("create table mine (a text)")

    with scratch() as con, pytest.raises(duckdb.CatalogException, match="mine"):
        con.sql("from mine")


def test_threads_may_ask_at_once() -> None:
    found = []

    def ask(n: int) -> None:
        with scratch() as con:
            con.execute(f"create table mine as select {n} as n from range(1000)")
            found.append(con.sql("select any_value(n), count(*) from mine").fetchall())

    threads = [Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [[(n, 1000)] for n in range(8)]
