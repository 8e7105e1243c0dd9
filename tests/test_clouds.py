"""A store in a bucket does what one in a folder does, and says in a sentence when it can't."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline import upkeep
from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import AwayError, QueryError, StoreError
from leadline.mend import Mending
from leadline.refresh import refresh
from leadline.sandbox import Question, Sandbox
from leadline.serving import Limits
from leadline.upgrade import upgrade
from leadline.verify import verify
from tests.clouds import (
    BUCKET,
    KEYS,
    FarDesk,
    Fault,
    Service,
    buckets,
    cut,
    lost,
    refusal,
    service,
)  # fmt: skip
from tests.desks import SUMMED, SmallDesk, at, load_into, run, small_desk
from tests.doors import alone, opened, rows

__all__ = ["buckets", "service"]
PRINTS = (("a", 10, "05 14:59"), ("b", 200, "05 15:00"), ("c", 30, "06 15:00"))


@dataclass
class Placed:
    """A desk, and what a command needs to find its store."""

    desk: SmallDesk
    env: dict[str, str]


def laid(root: Path) -> SmallDesk:
    desk = small_desk(root)
    desk.write("sql/views/features/summed.v1.sql", SUMMED)
    return desk


@pytest.fixture
def far(service: Service, tmp_path: Path) -> FarDesk:
    return FarDesk(laid(tmp_path / "desk").root, service)


@pytest.fixture(params=["folder", "bucket"])
def placed(request: pytest.FixtureRequest, tmp_path: Path) -> Placed:
    if request.param == "folder":
        return Placed(laid(tmp_path / "desk"), {})
    service: Service = request.getfixturevalue("service")
    far = FarDesk(laid(tmp_path / "desk").root, service)
    return Placed(far, service.environment(tmp_path))


def asked(desk: SmallDesk, view: str = "raw.prints") -> list[tuple[Any, ...]]:
    with desk.warehouse() as house:
        found = house.ask(view, BEGINNING, FOREVER).order("all")
        return [tuple(row.values())[:2] for row in rows(found)]


def prices(desk: SmallDesk) -> list[tuple[Any, ...]]:
    with desk.warehouse() as house:
        found = house.ask("raw.prints", BEGINNING, FOREVER).select("print_id, price")
        return list(found.order("all").fetchall())


def test_loads_land_once_and_corrections_add_what_differs(placed: Placed) -> None:
    desk = placed.desk
    first = desk.prints(*PRINTS)
    again = desk.prints(*PRINTS)
    other = desk.prints(("a", 10, "05 14:59"), ("c", 31, "06 15:00"))

    assert (first.is_new, again.is_new) == (True, False)
    assert (other.n_rows, other.n_gone) == (1, 1)
    assert len(asked(desk)) == 5
    with desk.store() as store:
        gone = store.forget(other.load_id)
    assert [line["load_id"] for line in gone] == [other.load_id]
    assert asked(desk) == [("a", 10), ("b", 200), ("c", 30)]


def test_files_are_joined_beside_a_reader_and_both_readers_find_them_whole(placed: Placed) -> None:
    desk = placed.desk
    for n in range(3):
        desk.prints((f"p{n}", n, "05 14:59"), feed=f"feed{n}")
    with desk.warehouse() as reader:
        before = rows(reader.ask("raw.prints", BEGINNING, FOREVER).order("all"))
        with desk.store() as store:
            done = list(upkeep.compact(store, ["prints"]))
            upkeep.vacuum(store)
            findings = list(verify(store))
        after = rows(reader.ask("raw.prints", BEGINNING, FOREVER).order("all"))

    assert [(each.files_before, each.files_after) for each in done] == [(3, 1)]
    assert (before, findings) == (after, [])
    assert asked(desk) == [("p0", 0), ("p1", 1), ("p2", 2)]


def test_closed_days_are_kept_and_a_late_row_is_not_missed(placed: Placed) -> None:
    desk = placed.desk
    desk.sessions()
    desk.prints(*PRINTS)
    with desk.warehouse() as house:
        made = list(refresh(house, at("08 00:00")))
    told = asked(desk, "features.summed")
    desk.prints(("late", 5, "05 16:00"), feed="other")

    with desk.warehouse() as house:
        again = list(refresh(house, at("08 00:00")))
        nothing = list(refresh(house, at("08 00:00")))

    assert [each.day.day for each in made] == [5, 6]
    assert [price for _, price in told] == [210, 30]
    assert ([each.day.day for each in again], nothing) == ([5], [])
    assert [price for _, price in asked(desk, "features.summed")] == [215, 30]


def test_it_is_carried_on_to_other_contracts(placed: Placed) -> None:
    desk = placed.desk
    desk.prints(*PRINTS)
    path = desk.root / "sql/tables/prints.sql"
    text = path.read_text()
    gains = text.replace("    price bigint", "    size bigint,  -- shares\n    price bigint")
    path.write_text(gains)
    with desk.store() as store:
        (first,) = upgrade(store)
    desk.prints(("d", 40, "06 16:00"), feed="other")
    said = prices(desk)

    path.write_text(gains.replace("price bigint", "price decimal(28, 6)"))
    with desk.store() as store:
        (second,) = upgrade(store)
        again = list(upgrade(store))
        findings = list(verify(store))

    assert (first.n_rewritten, second.n_rewritten > 0, again, findings) == (0, True, [], [])
    assert said == [("a", 10), ("b", 200), ("c", 30), ("d", 40)]
    assert prices(desk) == said


def test_what_is_lost_is_found_and_set_aside(placed: Placed) -> None:
    desk = placed.desk
    desk.prints(*PRINTS)
    desk.prints(("d", 40, "06 16:00"), feed="other")
    with desk.store() as store:
        table = store.tables["prints"]
        table.refresh()
        table.place.drop(table.files()[0]["path"])
        found = [each.what for each in verify(store) if each.is_error]
        said = list(Mending(store).run())

    with desk.store() as store:
        after = [each.what for each in verify(store) if each.is_error]

    assert "the log names it and it is not there" in found
    assert any("rows of it are lost, so it is forgotten" in sentence for sentence in said)
    assert after == []


def test_the_loop_hears_of_a_load_and_appends_its_alerts_once(placed: Placed) -> None:
    desk = placed.desk
    desk.sessions()
    desk.prints(*PRINTS)
    with desk.warehouse() as house, desk.store() as store:
        alerts = Alerts(house, store)
        first = alerts.tick(at("07 00:00"))
        with desk.store() as other:
            load_into(other, "prints", [
                {"print_id": "d", "price": 500, "known_at": at("07 00:01")}
            ], "other")  # fmt: skip
        second = alerts.tick(at("07 00:02"))

    found = [[each["alert_key"] for each in tick.alerts] for tick in (first, second)]
    assert found == [["prices.high|b"], ["prices.high|d"]]


def test_commands_work_on_it(placed: Placed, tmp_path: Path) -> None:
    desk, env, out = placed.desk, placed.env, tmp_path / "warehouse.duckdb"
    desk.prints(*PRINTS)

    answered = run(desk.root, "sql", "select sum(price) as n from raw.prints", env=env)
    table = tmp_path / "a.parquet"
    asks = ("sql", "from raw.prints", "--format", "parquet", "-o", table)
    exported = run(desk.root, *asks, env=env)
    verified = run(desk.root, "store", "verify", env=env)
    built = run(desk.root, "warehouse", "build", "-o", out, env=env)
    settings = run(desk.root, "config", env=env)
    health = run(desk.root, "doctor", env=env)

    ended = (answered, exported, verified, built, settings)
    assert [each.code for each in ended] == [0] * 5, [each.err for each in ended]
    assert "240" in answered.out
    with duckdb.connect() as con:
        found = con.execute(f"select print_id, price from '{table}' order by all").fetchall()
    assert found[0] == ("a", 10)
    assert "3 files read, 0 errors" in verified.err
    assert not any(KEYS["LEADLINE_STORE_SECRET"] in each.out + each.err for each in ended)
    assert KEYS["LEADLINE_STORE_SECRET"] not in health.out + health.err
    store = env.get("LEADLINE_STORE", str(desk.root / "store"))
    found_there = [line for line in health.out.splitlines() if line.startswith(store)]
    assert found_there == [f"{store}: it holds no sessions; run leadline load sessions"]


def test_foreign_sql_reads_the_store_and_nothing_else(placed: Placed) -> None:
    desk = placed.desk
    desk.prints(*PRINTS)
    limits = Limits(timedelta(seconds=60), 1_000, "256MB", 1, 1)
    with desk.store() as store, closing(
        Sandbox(desk.root, store.place, {}, limits, {**os.environ, **placed.env})
    ) as sandbox:  # fmt: skip
        where = str(store.place)

        def ask(sql: str) -> list[dict[str, Any]]:
            running = sandbox.take(Question(sql, BEGINNING, at("09 00:00"), 60, 10))
            try:
                return list(running.open().read_all().to_pylist())
            finally:
                running.end()

        assert ask("select count(*) as n from raw.prints") == [{"n": 3}]
        for sql in (f"copy (select 1) to '{where}/x.parquet'", f"from read_parquet('{where}/*')"):
            with pytest.raises(QueryError):
                ask(sql)


def test_a_locked_instance_reads_no_other_place(far: FarDesk) -> None:
    far.prints(*PRINTS)
    with alone(1) as engine, opened(far.service.home(), far.catalog().contracts, engine) as store:
        file = store.snapshot().files["prints"][0]
        con = engine.connect()
        con.execute(f"set allowed_directories = ['{store.place}']")
        con.execute("set enable_external_access = false; set lock_configuration = true")

        found = con.sql(f"select count(*) from read_parquet('{file}')").fetchall()

        assert found == [(2,)]
        other = file.replace("desk/store", "desk/other")
        for sql in (f"from read_parquet('{other}')", f"copy (select 1) to '{other}'"):
            with pytest.raises(duckdb.Error):
                con.sql(sql).fetchall()


FAULTS = {
    "slow down": (refusal(503, "SlowDown"), 2),
    "an internal error": (refusal(500, "InternalError"), 2),
    "an answer that is lost": (lost, 1),
    "a body that breaks off": (cut, 1),
}
STEPS = {
    "a first log": ("PUT", "prints/_delta_log/00000000000000000000"),
    "a file": ("PUT", ".parquet"),
    "a commit": ("PUT", "prints/_delta_log/00000000000000000001"),
    "the line": ("PUT", "loads/_delta_log/00000000000000000001"),
    "a log's reading": ("GET", "_delta_log/00000000000000000001"),
    "a listing": ("GET", "list-type"),
}


TROUBLES = (
    ("a first log", "an answer that is lost"),
    ("a file", "an internal error"),
    ("a commit", "slow down"), ("a commit", "an answer that is lost"),
    ("the line", "an answer that is lost"),
    ("a log's reading", "a body that breaks off"), ("a listing", "slow down"),
)  # fmt: skip


@pytest.mark.parametrize(("step", "fault"), TROUBLES)
def test_a_load_lands_once_whatever_goes_wrong(far: FarDesk, step: str, fault: str) -> None:
    act, times = FAULTS[fault]
    far.service.faults = [Fault(act, *STEPS[step], times)]

    with suppress(AwayError):  # which says to run it again
        far.prints(*PRINTS)
    struck = far.service.faults[0].struck
    far.service.faults = []
    far.prints(*PRINTS)

    assert asked(far) == [("a", 10), ("b", 200), ("c", 30)]
    with far.store() as store:
        assert [finding for finding in verify(store) if finding.is_error] == []
        assert len(upkeep.history(store)) == 1
    assert struck == times


@pytest.mark.parametrize(
    ("method", "status", "code", "said"),
    [
        ("PUT", 403, "AccessDenied", "refuses, 403 AccessDenied; these keys need the rights"),
        ("GET", 403, "InvalidAccessKeyId", "does not know these keys, 403 InvalidAccessKeyId"),
        ("PUT", 400, "ExpiredToken", "its keys have expired, 400 ExpiredToken; set new ones"),
        ("GET", 404, "NoSuchBucket", "has no bucket 'stores'; make it"),
        ("GET", 301, "PermanentRedirect", "the bucket is in another region"),
        ("PUT", 501, "NotImplemented", "takes no conditional puts"),
    ],
)
def test_a_refusal_is_one_sentence(
    far: FarDesk, method: str, status: int, code: str, said: str, tmp_path: Path
) -> None:
    far.prints(("z", 1, "05 10:00"), feed="before")
    far.service.faults = [Fault(refusal(status, code), method, times=1_000)]

    with pytest.raises(StoreError) as error:
        far.prints(*PRINTS)

    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 1
    assert KEYS["LEADLINE_STORE_SECRET"] not in str(error.value)


def test_a_service_that_stays_away_is_worth_trying_again(far: FarDesk, tmp_path: Path) -> None:
    far.prints(*PRINTS)
    far.service.faults = [Fault(refusal(503, "SlowDown"), "GET", ".parquet", times=1_000)]
    env = far.service.environment(tmp_path) | {"XDG_CACHE_HOME": str(tmp_path / "empty")}

    ended = run(far.root, "sql", "from raw.prints", env=env)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.splitlines()[-1] == str(
        AwayError(
            f"s3://{BUCKET}: {far.service.url[7:]} is busy or away, 503 SlowDown; run this again"
        )
    )


def test_writers_and_readers_at_once_lose_nothing_and_double_nothing(far: FarDesk) -> None:
    far.prints(("a", 1, "05 10:00"), feed="first")

    def load(feed: int) -> None:
        with alone(1) as engine, opened(
            far.service.home(), far.catalog().contracts, engine
        ) as store:  # fmt: skip
            for n in range(2):
                known = at(f"05 1{n}:0{feed}")
                row = {"print_id": f"{feed}.{n}", "price": n, "known_at": known}
                load_into(store, "prints", [row], f"feed{feed}_{n}")
            list(upkeep.compact(store, ["prints"]))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(load, range(3)))

    assert len(asked(far)) == 7
    assert len(set(asked(far))) == 7
    with far.store() as store:
        assert [finding for finding in verify(store) if finding.is_error] == []
