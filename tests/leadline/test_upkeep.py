"""Upkeep beside readers and writers: rows stay as they are, and nothing in use is deleted."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from leadline import upkeep
from leadline.errors import StoreError
from leadline.store import Store
from tests.forks import meet, start, together
from tests.stores import (
    ask,
    contracts,
    finra,
    lines,
    load_finra,
    load_sessions,
    opened,
    seen,
)  # fmt: skip

DAY = date(2024, 3, 1)
WEEK = [DAY + timedelta(days=n) for n in (0, 3, 4, 5, 6)]
ROW = ("source_symbol", "session_date", "short_volume", "load_id", "known_at", "recorded_at")


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load a week, a day at a time."""
    place = tmp_path_factory.mktemp("laid")
    with opened(place / "store") as store:
        load_sessions(store)
        for n, day in enumerate(WEEK):
            load_finra(store, finra(place / "in", day, [f"BB|{n}|0|9", f"AA|{n + 1}|0|9"]))
    return place / "store"


@pytest.fixture
def place(laid: Path, tmp_path: Path) -> Path:
    shutil.copytree(laid, tmp_path / "store", copy_function=shutil.copyfile)
    return tmp_path / "store"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    with opened(place) as store:
        yield store


def test_compaction_changes_files_and_no_row(store: Store, place: Path) -> None:
    before = seen(ask(place, "raw.short_volume"), *ROW)

    done = {each.dataset: each for each in upkeep.compact(store)}

    assert (done["short_volume"].files_before, done["short_volume"].files_after) == (5, 1)
    assert done["loads"].files_before == 6
    assert len(store.tables["short_volume"].files()) == 1
    assert seen(ask(place, "raw.short_volume"), *ROW) == before


def test_a_compacted_file_is_sorted_by_its_key(store: Store) -> None:
    list(upkeep.compact(store, ["short_volume"]))

    (path,) = store.tables["short_volume"].paths()
    found = store.con.execute(
        f"select session_date, source_symbol from read_parquet('{path}')"
    ).fetchall()
    assert found == sorted(found)
    assert len(found) == 10


def test_what_is_compacted_already_is_left_alone(store: Store) -> None:
    list(upkeep.compact(store))

    again = list(upkeep.compact(store))

    assert again == []


def test_loads_go_on_after_a_compaction_and_know_what_stands(
    store: Store, place: Path, tmp_path: Path
) -> None:
    list(upkeep.compact(store))

    same = load_finra(store, finra(tmp_path / "in", DAY, ["BB|0|0|9", "AA|1|0|9"]))
    changed = load_finra(store, finra(tmp_path / "in", DAY, ["BB|7|0|9", "AA|1|0|9"]))

    assert [loaded.is_new for loaded in same] == [False]
    assert [loaded.n_rows for loaded in changed] == [1]
    assert len(lines(place)) == 7


def test_a_dataset_that_is_none_is_named_with_the_nearest(store: Store) -> None:
    with pytest.raises(StoreError) as told:
        list(upkeep.compact(store, ["short_volumes"]))

    assert str(told.value) == "short_volumes: no such dataset; did you mean 'short_volume'"


def compact_all(place: Path) -> None:
    with opened(place) as store:
        meet()
        list(upkeep.compact(store))


def test_compactions_at_once_lose_no_row_and_double_none(store: Store, place: Path) -> None:
    before = seen(ask(place, "raw.short_volume"), *ROW)

    said = together(*[partial(compact_all, place)] * 2)

    assert said == [None, None]
    assert seen(ask(place, "raw.short_volume"), *ROW) == before


def test_a_partition_that_another_compacted_first_is_left_as_it_is(
    store: Store, place: Path
) -> None:
    table = store.tables["short_volume"]
    stale = table.files()
    with opened(place) as other:
        list(upkeep.compact(other, ["short_volume"]))

    done = upkeep._compacted(store, table, "", stale, [stale])

    assert done.skipped.startswith("another writer was first")
    assert len(table.files()) == 1
    assert len(ask(place, "raw.short_volume")) == 10


def test_a_compaction_that_others_have_overtaken_halfway_doubles_no_row(
    store: Store, place: Path, tmp_path: Path
) -> None:
    for n, day in enumerate(date(2024, month, n) for month in (2, 4) for n in (5, 8, 9)):
        load_finra(store, finra(tmp_path / "in", day, [f"CC|{n}|0|9"]))
    before = seen(ask(place, "raw.short_volume"), *ROW)

    halfway = upkeep.compact(store, ["short_volume"])
    first = next(halfway)
    with opened(place) as other:
        list(upkeep.compact(other, ["short_volume"]))
    store.snapshot()
    rest = list(halfway)

    assert (first.partition, rest) == ("known_month=2024-02-01", [])
    assert seen(ask(place, "raw.short_volume"), *ROW) == before


def test_a_file_that_another_replaced_in_mid_write_is_replaced_once(
    store: Store, place: Path
) -> None:
    table = store.tables["short_volume"]
    stale = table.files()
    with opened(place) as other:
        list(upkeep.compact(other, ["short_volume"]))
    table.refresh()

    done = upkeep._compacted(store, table, "", stale, [stale])

    assert done.skipped
    assert len(ask(place, "raw.short_volume")) == 10


def test_appends_beside_compactions_are_all_kept(store: Store, place: Path, tmp_path: Path) -> None:
    days = [date(2024, 3, n) for n in range(11, 16)]
    for day in days:
        finra(tmp_path / "new", day, ["CC|1|0|9", "DD|1|0|9"])

    loader = start(
        "load", "finra_short_volume", "--from", tmp_path / "new",
        store=place, scratch=tmp_path / "scratch",
    )  # fmt: skip
    n_joined = 0
    while loader.is_alive():
        n_joined += sum(not done.skipped for done in upkeep.compact(store))
    list(upkeep.compact(store))

    assert (loader.exitcode, n_joined > 0) == (0, True)
    rows = ask(place, "raw.short_volume")
    assert len(rows) == len(set(seen(rows, "source_symbol", "session_date"))) == 20
    assert len(lines(place)) == 11


def test_a_damaged_file_stops_a_compaction_and_stays(store: Store) -> None:
    path = Path(store.tables["short_volume"].paths()[0])
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(StoreError, match=r"can't be read, .*; run leadline store verify"):
        list(upkeep.compact(store, ["short_volume"]))

    assert len(store.tables["short_volume"].files()) == 5
    assert len(list(path.parent.glob("*.parquet"))) == 5


def test_what_went_out_of_use_today_is_kept_however_old_it_is(store: Store, place: Path) -> None:
    before = store.tables["short_volume"].paths()
    _age(place, hours=24 * 30)
    list(upkeep.compact(store))

    deleted = upkeep.vacuum(store)

    assert deleted == []
    assert all(Path(path).exists() for path in before)


def test_files_of_today_are_never_deleted(store: Store) -> None:
    with pytest.raises(StoreError) as told:
        upkeep.vacuum(store, hours=5)

    assert str(told.value) == "hours: 5 is under 24; a reader may need a file for a day"


def test_vacuum_deletes_what_went_out_of_use_and_what_a_killed_load_left(
    store: Store, place: Path
) -> None:
    list(upkeep.compact(store))
    live = {path for table in store.tables.values() for path in table.paths()}
    month = place / "short_volume" / "known_month=2024-03-01"
    orphan, young = month / "part-orphan.parquet", month / "part-young.parquet"
    loose = place / "sessions" / "part-orphan.parquet"
    for path in (orphan, loose, young):
        path.write_bytes(b"half a file")
    _age(place, hours=30)
    os.utime(young)

    upkeep.vacuum(store, hours=24)

    left = {str(path) for path in place.rglob("*.parquet")}
    assert str(young) in left
    assert live <= left
    assert not {str(orphan), str(loose)} & left


def test_history_says_what_stands_still(store: Store) -> None:
    wrong = upkeep.history(store, feed="finra_short_volume")[-1]

    store.forget(wrong["load_id"])

    told = upkeep.history(store, feed="finra_short_volume", coverage=wrong["coverage"])
    assert [(line["action"], line["stands"]) for line in told] == [
        ("load", False), ("forget", False),
    ]  # fmt: skip
    assert [line["forgotten_at"] for line in told] == [told[1]["recorded_at"], None]
    assert set(contracts()["loads"].names) <= set(told[0])


def _age(place: Path, hours: int) -> None:
    then = time.time() - hours * 3_600
    for path in place.rglob("*.parquet"):
        os.utime(path, (then, then))


def test_a_partition_of_many_rows_is_joined_in_batches_and_large_files_stay() -> None:
    half = upkeep.MOST // 2
    sizes = [3, half, half - 1, half - 1, 5, upkeep.MOST * 4, 7]
    files = [
        {"path": f"{n}", "rows": rows, "bounds": {"known_at": (DAY + timedelta(days=n), DAY)}}
        for n, rows in enumerate(sizes)
    ]

    found = [[int(file["path"]) for file in batch] for batch in upkeep.batches(files)]

    assert found == [[0, 2], [3, 4, 6]]


def test_batches_are_bounded_in_rows_and_in_number() -> None:
    files = [{"path": f"{n:04}", "rows": 30_011, "bounds": {}} for n in range(1_000)]

    found = upkeep.batches(files)

    n_rows = [sum(file["rows"] for file in batch) for batch in found]
    assert max(n_rows) <= upkeep.MOST
    assert len(found) <= 2 * sum(n_rows) / upkeep.MOST + 1
    assert sum(map(len, found)) == len(files)


def test_beside_a_feed_no_more_rows_are_sorted_at_once_than_it_can_bear(
    store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(ask(place, "raw.short_volume"), *ROW)
    table = store.tables["short_volume"]
    table.refresh()
    rows = sorted(file["rows"] for file in table.files())
    monkeypatch.setattr(upkeep, "BESIDE", 3 * rows[-1])

    done = {each.dataset: each for each in upkeep.join(store, 5)}

    table.refresh()
    assert 1 < done["short_volume"].files_after < len(rows) == 5
    assert max(file["rows"] for file in table.files()) <= upkeep.BESIDE
    assert seen(ask(place, "raw.short_volume"), *ROW) == before
    monkeypatch.setattr(upkeep, "BESIDE", 2)  # so that all of them are large
    assert list(upkeep.join(store, 2)) == []


def test_files_of_one_size_are_joined_where_they_are_many_and_others_are_left(
    store: Store, place: Path
) -> None:
    before = seen(ask(place, "raw.short_volume"), *ROW)

    few = list(upkeep.join(store, 6))
    many = list(upkeep.join(store, 5))
    again = list(upkeep.join(store, 5))

    assert few == [done for done in few if done.dataset == "loads"]  # sessions have a line too
    assert [done.files_before for done in many if done.dataset == "short_volume"] == [5]
    assert again == []
    assert seen(ask(place, "raw.short_volume"), *ROW) == before
