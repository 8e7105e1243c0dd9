from threading import Thread

import duckdb
import pytest

from leadline.scratch import scratch


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
