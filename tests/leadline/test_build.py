import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline import build
from leadline.clock import Span
from leadline.errors import StoreError
from leadline.example import Example
from tests.desks import SmallDesk, at, small_desk

SPAN = Span(at("05 15:00"), at("06 00:00"))
FOLLOWED = """\
-- what:    Prints, each with how many came in the 90 seconds before it.
-- grain:   one row per print
-- status:  live
-- needs:   90s

select print_id, price, known_at, count(*) over recently as n_recent
from raw.prints
window recently as (
    order by known_at range between interval 90 seconds preceding and current row
)
"""
WEEK = """\
-- what:    Prints, each with how many came in the six days before it.
-- grain:   one row per print
-- status:  live
-- needs:   5 sessions

select print_id, known_at, n_recent, count(*) over this_week as n_week
from curated.followed
window this_week as (
    order by known_at range between interval 6 days preceding and current row
)
"""
COUNTED = """\
-- what:    How many prints there are.
-- grain:   one row
-- status:  live

select count(*) as n_prints from curated.followed
"""


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a small project with prints before, in and after a span."""
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.write("sql/views/curated/followed.v1.sql", FOLLOWED)
    desk.write("sql/views/features/week.v1.sql", WEEK)
    desk.write("sql/views/reports/counted.v1.sql", COUNTED)
    desk.sessions()
    desk.load("names", [{"name": "old", "known_at": at("01 00:00")}], feed="names")
    desk.prints(
        ("a", 900, "01 15:00"), ("b", 900, "05 14:58:30"), ("c", 300, "05 15:00"),
        ("d", 700, "05 16:00"), ("e", 900, "06 00:00"), ("f", 900, "07 00:00"),
    )  # fmt: skip
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def built(desk: SmallDesk, span: Span = SPAN, **how: Any) -> tuple[Path, build.Built]:
    """Build the file."""
    path = desk.root / "warehouse.duckdb"
    with desk.warehouse() as house:
        return path, build.build(house, path, span, **how)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a question, in an order of their own."""
    found = con.sql(sql).to_arrow_table().to_pylist()
    return sorted(found, key=repr)


def asked(desk: SmallDesk, span: Span) -> dict[str, list[dict[str, Any]]]:
    """Return what the door answers for a span, by view that has a time to be cut by, or state."""
    with desk.warehouse() as house:
        return {
            name: sorted(
                house.ask(name, span.since, span.until).to_arrow_table().to_pylist(), key=repr
            )
            for name in house.names()
            if not name.startswith("reports.")
        }


def answered(path: Path, *before: str) -> dict[str, list[dict[str, Any]]]:
    """Return what the file answers to whoever opens it, by view."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("; ".join(("set timezone = 'UTC'", *before)))
        names = con.execute(
            "select schema_name || '.' || table_name from ("
            "select schema_name, view_name as table_name from duckdb_views() where not internal "
            "union all select schema_name, table_name from duckdb_tables() "
            "where schema_name = 'ops') where schema_name not in ('engine', 'reports')"
        ).fetchall()
        return {name: rows(con, f"select * from {name}") for (name,) in names}


def test_every_view_answers_as_the_door_does(desk: SmallDesk) -> None:
    path, _ = built(desk)

    found = answered(path)

    assert found == asked(desk, SPAN)
    assert [row["alert_key"] for row in found["detectors.all_live"]] == [
        "prices.high|c", "prices.high|d",
    ]  # fmt: skip


def test_what_has_no_time_to_be_cut_by_sees_the_rows_of_the_span(desk: SmallDesk) -> None:
    path, _ = built(desk)

    with duckdb.connect(str(path), read_only=True) as con:
        found = rows(con, "select * from reports.counted")

    assert found == [{"n_prints": 2}]


@pytest.mark.parametrize(
    "span", [Span(at("01 00:00"), at("09 00:00")), Span(at("05 16:00"), at("06 00:00"))]
)
def test_variables_move_the_span(desk: SmallDesk, span: Span) -> None:
    path, _ = built(desk)
    moved = (
        f"set variable since = timestamptz '{span.since}'",
        f"set variable until = timestamptz '{span.until}'",
    )

    found, wanted = answered(path, *moved), asked(desk, span)

    assert found == wanted


def test_another_time_zone_answers_the_same_alerts(desk: SmallDesk) -> None:
    path, _ = built(desk)

    there = answered(path, "set timezone = 'Asia/Tokyo'")

    assert [row["alert_key"] for row in there["detectors.all_live"]] == [
        "prices.high|c", "prices.high|d",
    ]  # fmt: skip


def test_any_duckdb_opens_it_without_us(desk: SmallDesk, tmp_path: Path) -> None:
    path, _ = built(desk)
    code = (
        "import duckdb, sys\n"
        f"con = duckdb.connect({str(path)!r}, read_only=True)\n"
        "print(con.sql('select count(*) from detectors.all_live').fetchall())\n"
        "print('leadline' in sys.modules)\n"
    )
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True
    )

    assert (ended.stdout, ended.stderr) == ("[(2,)]\nFalse\n", "")


def test_it_is_of_the_storage_that_duckdb_1_2_reads(desk: SmallDesk) -> None:
    path, _ = built(desk)

    head = path.read_bytes()[8:20]

    # The magic bytes, then the version of the storage: 64 until 1.1, 65 is 1.2.
    assert head == b"DUCK" + (65).to_bytes(8, "little")


def test_it_is_left_as_it_is_until_something_changes(desk: SmallDesk) -> None:
    path, first = built(desk)
    before = path.stat().st_ino

    _, same = built(desk)
    unchanged = path.stat().st_ino
    desk.prints(("g", 1, "05 17:00"), feed="other")
    _, new = built(desk)

    assert (first.is_new, same.is_new, new.is_new) == (True, False, True)
    assert unchanged == before != path.stat().st_ino
    assert len(answered(path)["raw.prints"]) == 3


def test_a_reader_keeps_what_it_opened_while_the_file_is_replaced(desk: SmallDesk) -> None:
    path, _ = built(desk)

    with duckdb.connect(str(path), read_only=True) as con:
        desk.prints(("g", 1, "05 17:00"), feed="other")
        built(desk)
        old = con.sql("select count(*) from raw.prints").fetchall()

    assert old == [(2,)]
    assert len(answered(path)["raw.prints"]) == 3


def test_comments_say_what_every_view_and_column_is(desk: SmallDesk) -> None:
    path, _ = built(desk)

    with duckdb.connect(str(path), read_only=True) as con:
        silent = con.execute(
            "select view_name from duckdb_views() where comment is null and not internal "
            "and schema_name <> 'engine'"
        ).fetchall()
        said = con.execute(
            "select comment from duckdb_columns() "
            "where table_name = 'followed' and schema_name = 'curated' and column_name = 'price'"
        ).fetchall()

    assert (silent, said) == ([], [("USD",)])


def test_days_outside_what_the_span_needs_are_not_scanned(desk: SmallDesk) -> None:
    path, _ = built(desk)

    with duckdb.connect(str(path), read_only=True) as con:
        plan = con.sql("select * from raw.prints").explain()

    assert "Scanning Files: 2/4" in plan  # the day on which the span ends is looked at


def test_an_example_answers_when_the_store_is_gone(desk: SmallDesk) -> None:
    wanted = asked(desk, SPAN)
    path, _ = built(desk, example=Example())
    shutil.rmtree(desk.root / "store")

    found = answered(path)

    del found["ops.held"]
    stamped = ("recorded_at", "recorded_until", "started_at", "duration_ms")  # no wall clock is in
    for answer in (found, wanted):
        del answer["raw.loads"]  # here they are known within the span
        for row in (row for held in answer.values() for row in held):
            for column in stamped:
                row.pop(column, None)
    assert found == wanted
    assert b"parquet" not in path.read_bytes()


def test_the_span_is_the_last_days_before_the_newest_row(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        span = build.span_of(house, 2)
        newest = house.refresh().recorded_until

    assert span == Span(at("05 00:00"), newest + timedelta(microseconds=1))


def test_what_was_forgotten_is_not_the_newest(desk: SmallDesk) -> None:
    wrong = desk.prints(("x", 1, "20 00:00"), feed="other")
    with desk.store() as store:
        store.forget(wrong.load_id)

    with desk.warehouse() as house:
        span = build.span_of(house, 1)

    assert span.since == at("06 00:00")


def test_a_store_without_loads_says_what_to_run(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")

    with desk.warehouse() as house, pytest.raises(StoreError) as told:
        build.span_of(house, 1)

    place = desk.root / "store"
    assert str(told.value) == f"{place}: it holds no loads yet; run leadline load FEED"


def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(desk: SmallDesk) -> None:
    path = desk.root / "nowhere" / "warehouse.duckdb"

    with desk.warehouse() as house, pytest.raises(StoreError) as told:
        build.build(house, path, SPAN)

    assert str(told.value).startswith(f"{path}: ")
    assert str(told.value).endswith("; write it elsewhere with -o")


def test_a_store_with_a_file_missing_is_told_and_the_old_file_stays(desk: SmallDesk) -> None:
    path, _ = built(desk)
    before = path.read_bytes()
    desk.prints(("g", 1, "05 17:00"), feed="other")
    with desk.warehouse() as house:
        house.refresh()
        for live in (desk.root / "store" / "prints").glob("*/*.parquet"):
            live.unlink()

        with pytest.raises(StoreError, match=r"run leadline store verify$"):
            build.build(house, path, SPAN)

    assert path.read_bytes() == before
    assert list(path.parent.glob(".leadline-*")) == []
