import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest

import leadline
from leadline import clock
from leadline.errors import LeadlineError
from tests.desks import HIGH, SmallDesk, at, run, small_desk
from tests.doors import ROOT

VIEWS = ("detectors.all_live", "curated.followed", "curated.followed_v1", "raw.prints", "raw.loads")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("notebook") / "desk")
    desk.prints(("a", 50, "05 14:00"), ("b", 150, "05 15:00"), ("c", 2_500, "05 16:00"))
    desk.sessions()
    return desk


@pytest.fixture(scope="module")
def con(desk: SmallDesk) -> Iterator[duckdb.DuckDBPyConnection]:
    with leadline.connect(desk.root, since="2024-03-05T14:30Z", until=at("05 16:00")) as con:
        yield con


def ids(con: duckdb.DuckDBPyConnection) -> list[Any]:
    rows = con.sql("select print_id from curated.followed order by print_id").fetchall()
    return [name for (name,) in rows]


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_answers_what_leadline_sql_answers(
    desk: SmallDesk, con: duckdb.DuckDBPyConnection, view: str
) -> None:
    span = ("--since", "2024-03-05T14:30Z", "--until", "2024-03-05T16:00Z")

    told = run(desk.root, "sql", f"select count(*) from {view}", "--format", "csv", *span)

    assert con.sql(f"select count(*) from {view}").fetchall() == [(int(told.out.split()[1]),)]


def test_the_clock_says_the_span_and_a_window_looks_back(con: duckdb.DuckDBPyConnection) -> None:
    row = con.sql("select print_id, previous_id, clock.since from curated.followed, ops.clock")

    assert row.to_arrow_table().to_pylist() == [
        {"print_id": "b", "previous_id": None, "since": at("05 14:30")}
    ]


# DuckDB 2.0 asks pandas 3.1 for something by a name that is going away.
@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop")
def test_arrow_pandas_and_polars_take_it(con: duckdb.DuckDBPyConnection) -> None:
    asked = con.sql("from curated.followed")

    assert asked.to_arrow_table().num_rows == len(asked.df()) == len(asked.pl()) == 1
    assert str(asked.df().known_at.dt.tz) == "UTC"


def test_cursors_in_threads_have_the_same_answers(con: duckdb.DuckDBPyConnection) -> None:
    found: list[Any] = []
    threads = [Thread(target=lambda: found.append(ids(con.cursor()))) for _ in range(3)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [["b"]] * 3


def test_own_tables_stand_beside_the_views(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table mine as from curated.followed")

    assert con.cursor().sql("select count(*) from mine").fetchall() == [(1,)]


def test_it_stays_at_its_snapshot_and_the_next_one_sees_more(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.sessions()
    desk.prints(("a", 50, "05 14:00"))
    before = leadline.connect(desk.root)
    known = clock.now()

    desk.prints(("b", 150, "05 15:00"), feed="later")

    assert ids(before) == ["a"]
    assert ids(leadline.connect(desk.root)) == ["a", "b"]
    assert ids(leadline.connect(desk.root, as_of=known, until=date(2024, 3, 6))) == ["a"]


def test_pins_and_params_are_in_force(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.sessions()
    desk.prints(("a", 50, "05 14:00"), ("b", 150, "05 15:00"))
    newer = HIGH.replace("-- misses", "-- changed: v1 was for few\n-- misses")
    desk.write("sql/detectors/prices/high.v2.sql", newer.replace("select 100", "select 9_000"))
    params = {"prices.high": {"min_price": 10}}

    con = leadline.connect(desk.root, pins={"prices.high": 1}, params=params)

    found = con.sql("select headline from detectors.prices_high order by all").fetchall()
    assert found == [("print a",), ("print b",)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "yesterday"}, "since: 'yesterday' is no moment; write 2024-03-01 or"),
        ({"until": 7}, "until: '7' is no moment"),
        ({"since": "2024-03-06", "until": "2024-03-05"}, "span: 2024-03-06 00:00:00Z is not befor"),
        ({"project": "/nowhere"}, "project: '/nowhere' holds no leadline.toml"),
        ({"store": "/nowhere"}, "/nowhere: it holds no sessions; run leadline load sessions"),
        ({"pins": {"prices.hihg": 1}}, "there is no view 'prices.hihg'; did you mean"),
        ({"pins": {"prices.high": 7}}, "it has no version 7; it has 1"),
        ({"params": {"prices.high": {"least": 1}}}, "params has no 'least'"),
    ],
)
def test_what_can_not_be_opened_is_one_sentence(
    desk: SmallDesk, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(LeadlineError) as caught:
        leadline.connect(**{"project": desk.root} | given)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_importing_the_name_alone_loads_nothing_heavy() -> None:
    code = "import sys, leadline; print([m for m in ('duckdb', 'pyarrow') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)

    assert done.stdout == "[]\n"
