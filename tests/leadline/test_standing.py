"""What [exports.NAME] says, and the files that it becomes."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from leadline.errors import ConfigError, QueryError
from leadline.provenance import read
from leadline.schedule import Reader
from leadline.standing import Standing, read_all
from tests.desks import SmallDesk, at, small_desk
from tests.doors import alone

VIEWS = ("curated.followed", "raw.prints")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("standing") / "desk")
    desk.prints(("a", 50, "05 14:00"), ("b", 150, "05 15:00"), ("c", 2_500, "05 16:00"))
    return desk


def one(root: Path, **table: Any) -> Standing:
    """Read one export that is called morning."""
    table = {"view": "raw.prints", "to": "morning-{date}.parquet"} | table
    table = {key: value for key, value in table.items() if value is not None}
    return read_all({"morning": table}, root, Reader({}), VIEWS)["morning"]


def write(desk: SmallDesk, export: Standing, when: str) -> tuple[Path, int]:
    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        return export.write(house, at(when))


def test_a_view_becomes_a_file_named_by_the_day_in_new_york(desk: SmallDesk) -> None:
    path, n_rows = write(desk, one(desk.root), "06 02:00")

    assert (path, n_rows) == (desk.root / "morning-2024-03-05.parquet", 3)
    assert pq.read_table(path).column("print_id").to_pylist() == ["a", "b", "c"]
    assert read(path)["until"] == "2024-03-06T02:00:00+00:00"


def test_the_span_is_the_stretch_before_the_moment_at_which_it_is_due(desk: SmallDesk) -> None:
    last = one(desk.root, last="90m", view="curated.followed", to="last-{date}-{time}.csv")
    since = one(desk.root, since="2024-03-05T15:30Z", view="curated.followed", to="since.csv")

    path, n_last = write(desk, last, "05 16:00")

    assert (path.name, n_last) == ("last-2024-03-05-1100.csv", 1)
    assert write(desk, since, "05 17:00")[1] == 1


def test_a_query_may_stand_in_a_file_of_the_project(desk: SmallDesk) -> None:
    desk.write("flow.sql", "select max(price) as price from raw.prints")

    path, _ = write(desk, one(desk.root, view=None, file="flow.sql", to="flow.csv"), "06 00:00")

    assert path.read_text() == '"price"\n2500\n'


def test_a_job_is_due_as_any_other(desk: SmallDesk) -> None:
    job = one(desk.root, cron="0 8 * * *", zone="UTC", retries=1, timeout="5m").job

    assert job is not None
    assert (job.name, job.export, job.feed) == ("exports.morning", "morning", None)
    assert (job.retries, job.timeout) == (1, timedelta(minutes=5))
    assert job.times.next(at("05 09:00"), {}) == at("06 08:00")


def test_only_its_own_older_files_are_removed(desk: SmallDesk) -> None:
    export = one(desk.root, to="keep-{date}.csv", keep=2)
    for name in ("keep-me.csv", "keep-2024-01-01.csv.bak", "other-2024-01-01.csv"):
        desk.write(name, "mine")

    for day in ("06 12:00", "07 12:00", "08 12:00"):
        write(desk, export, day)

    assert [path.name for path in export.files()] == ["keep-2024-03-07.csv", "keep-2024-03-08.csv"]
    assert {"keep-me.csv", "keep-2024-01-01.csv.bak", "other-2024-01-01.csv"} <= {
        path.name for path in desk.root.iterdir()
    }
    assert not (desk.root / "keep-2024-03-06.csv.provenance.json").exists()


def test_what_breaks_off_leaves_the_older_file_and_keeps_all(desk: SmallDesk) -> None:
    query = "select 1 // (price - 2500) as n, error('late') from raw.prints"
    export = one(desk.root, view=None, sql=query, to="broken-{date}.csv", keep=1)
    older = desk.write("broken-2024-03-01.csv", "older")

    with pytest.raises(QueryError, match=r"leadline.toml: \[exports.morning\]"):
        write(desk, export, "06 00:00")

    assert export.files() == [older]


@pytest.mark.parametrize(
    ("to", "is_worth_it"), [("none/x.csv", True), ("/dev/full", True), ("x.xlsx", False)]
)
def test_what_the_disk_refuses_is_worth_trying_again(
    desk: SmallDesk, to: str, is_worth_it: bool
) -> None:
    query = "select repeat('x', 40_000) as n" if to == "x.xlsx" else "from raw.prints"
    export = one(desk.root, view=None, sql=query, to=to, format=to.rpartition(".")[2][:4]
                 if "." in to else "csv")  # fmt: skip

    with pytest.raises(QueryError) as caught:
        write(desk, export, "06 00:00")

    assert caught.value.exit_code == (3 if is_worth_it else 1)
    assert "with -o" not in str(caught.value)
    assert os.path.exists("/dev/full")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"vew": "x"}, "has 'vew'; did you mean 'view'"),
        ({"sql": "select 1"}, "has sql and view; it takes one of sql, view, file"),
        ({"view": None}, "has neither sql nor view nor file; it takes one of sql, view, file"),
        ({"view": "raw.print"}, "view is 'raw.print', which is no view; did you mean 'raw.prints'"),
        ({"view": None, "sql": "drop table x"}, "sql: query: it is no SELECT"),
        ({"view": None, "sql": 7}, "sql is '7'; it takes text in quotes"),
        ({"view": None, "file": "none.sql"}, "file is 'none.sql': no such file or directory"),
        ({"to": None}, 'has no to; write to = "flow-{date}.parquet"'),
        ({"to": "x-{day}.csv"}, "to has '{day}'; it takes {date} and {time}"),
        ({"to": "{date}/x.csv"}, "to has a folder of its own a day; put {date} in the name"),
        ({"to": "x.xls"}, "format is 'xls'; it takes one of table, csv, json, jsonl, parquet"),
        ({"to": "x", "format": "pdf"}, "format is 'pdf'; it takes one of table"),
        ({"last": "3 moons"}, "last is '3 moons'; it takes 90s, 2h or 3d"),
        ({"since": "yesterday"}, "since is 'yesterday'; write 2024-03-01"),
        ({"since": "2024-03-01", "last": "3d"}, "has since and last; keep one of them"),
        ({"keep": 0}, "keep is '0'; it takes how many files stay, 1 at least"),
        ({"keep": True}, "keep is 'True'; it takes how many files stay, 1 at least"),
        ({"keep": 3, "to": "x.csv"}, "has keep, and all of its files are one"),
        ({"cron": "0 8 * *"}, "cron '0 8 * *' has 4 fields"),
        ({"cron": "0 8 * * *", "after": "close"}, "has cron and after; keep one of them"),
        ({"retries": 3}, "has retries and says neither cron nor after"),
        ({"off": "yes"}, "off is 'yes'; it takes true or false"),
    ],
)
def test_what_is_written_wrong_is_one_sentence(
    desk: SmallDesk, table: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        one(desk.root, **table)

    assert str(caught.value).startswith(f"leadline.toml: [exports.morning] {said}")


def test_a_name_that_is_none_for_files_is_refused(desk: SmallDesk) -> None:
    with pytest.raises(ConfigError, match="is no name for files"):
        read_all({"../up": {"view": "raw.prints", "to": "x.csv"}}, desk.root, Reader({}), VIEWS)
