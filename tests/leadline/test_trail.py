"""Acts come into the store once, in batches that hold each other; what was changed shows."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline import homes, trail
from leadline.act import Act
from leadline.store import Store
from leadline.trail import Trail
from tests.stores import contracts, load_sessions, opened

KNOWN = ("acts", "loads", "rejected", "sessions")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("trail") / "store"
    with opened(place) as store:
        load_sessions(store)
    return place


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    copytree(empty, tmp_path / "store")
    own = {name: contracts()[name] for name in KNOWN}
    with opened(tmp_path / "store", own) as found:
        yield found


def done(what: str, **more: str) -> Act:
    act = Act(what, "ann", "cli", **more)  # type: ignore[arg-type]
    act.end()
    return act


def held(store: Store) -> list[dict[str, object]]:
    table = store.tables["acts"]
    table.refresh()
    return [row for path in table.paths() for row in pq.ParquetFile(path).read().to_pylist()]


def test_an_act_that_began_and_ended_is_one_row(store: Store) -> None:
    noted, act = Trail(store.place, "s1"), Act("load", "ann", "cli", "sessions")
    noted.note(act)
    act.end()
    noted.note(act)

    assert trail.fold(store) == 1
    (row,) = held(store)
    assert (row["act"], row["outcome"], row["settings_hash"]) == ("load", "done", "s1")
    assert row["known_at"] == row["ended_at"]


def test_one_that_ends_later_is_a_newer_version_of_its_row(store: Store) -> None:
    noted, act = Trail(store.place), Act("serve", "ann", "cli")
    noted.note(act)
    trail.fold(store)
    act.end("interrupted")
    noted.note(act)
    trail.fold(store)

    assert sorted(str(row["outcome"]) for row in held(store)) == ["interrupted", "running"]
    assert len({row["act_id"] for row in held(store)}) == 1


def test_what_is_added_up_is_one_row_and_of_a_flush(store: Store) -> None:
    noted = Trail(store.place)
    for n_bytes in (10, 20, 30):
        act = Act("ask", "night", "api", "/api/ops.loads", n_bytes=n_bytes)
        act.end()
        noted.count(act)

    assert trail.fold(store) == 0
    noted.flush()
    assert trail.fold(store) == 1
    (row,) = held(store)
    assert (row["n_times"], row["n_bytes"]) == (3, 60)


def test_a_batch_that_was_carried_before_a_kill_is_not_carried_again(store: Store) -> None:
    noted = Trail(store.place)
    noted.note(done("sql"))
    (path,) = noted.journal.take()
    said = path.read_bytes()
    trail.fold(store)
    path.write_bytes(said)  # as if the process had ended before it took the file away

    assert trail.fold(store) == 0
    assert not path.exists()
    assert len(held(store)) == 1


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert Trail(homes.at(tmp_path / "store")).note(done("sql"))

    assert not (tmp_path / "store").exists()


def test_where_nobody_may_write_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "_acts").write_text("no folder")

    assert not Trail(homes.at(tmp_path)).note(done("sql"))


def test_a_bucket_has_its_journal_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")

    folder = trail.folder_of(homes.at("s3://bucket/prefix"))

    assert folder.is_relative_to("/data/leadline")
    assert folder != trail.folder_of(homes.at("s3://bucket/other"))


def three(store: Store) -> list[Path]:
    """Carry three batches in; return the file of each."""
    for name in "abc":
        Trail(store.place).note(done("sql", query=f"select '{name}'"))
        trail.fold(store)
    store.tables["acts"].refresh()
    by_time = sorted(store.tables["acts"].paths(), key=lambda path: Path(path).stat().st_mtime_ns)
    return [Path(path) for path in by_time]


def test_whole_batches_are_found_whole_also_once_they_are_compacted(store: Store) -> None:
    from leadline import upkeep

    three(store)

    assert list(trail.findings(store)) == []
    list(upkeep.compact(store, ["acts"]))
    assert len(store.tables["acts"].paths()) == 1
    assert list(trail.findings(store)) == []


def test_a_row_that_was_changed_shows(store: Store) -> None:
    path = three(store)[1]
    rows = pq.ParquetFile(path).read()
    at = rows.schema.get_field_index("actor")
    pq.write_table(rows.set_column(at, "actor", pa.array(["eve"])), path)

    (found,) = trail.findings(store)

    assert "rows were changed" in found.what


def test_a_row_that_was_taken_out_shows(store: Store) -> None:
    path = three(store)[1]
    pq.write_table(pq.ParquetFile(path).read().slice(0, 0), path)

    (found,) = trail.findings(store)

    assert "no rows: they were taken out" in found.what


def test_a_batch_that_was_taken_out_with_its_line_shows_in_the_next(store: Store) -> None:
    three(store)
    with opened(store.place, store.contracts) as other:
        other.ledger.refresh()
        middle = other.ledger.of_feed(trail.FEED)[1]["load_id"]
    table = store.tables["loads"]
    for path in table.paths():
        rows = pq.ParquetFile(path).read()
        if middle in rows["load_id"].to_pylist():
            keep = [each != middle for each in rows["load_id"].to_pylist()]
            pq.write_table(rows.filter(pa.array(keep)), path)
    with opened(store.place, store.contracts) as other:
        found = [each.what for each in trail.findings(other)]

    assert len(found) == 1
    assert "which is not there: it was taken out" in found[0]


def test_the_newest_digest_is_kept_elsewhere_and_known_again(store: Store) -> None:
    assert trail.head(store) is None

    three(store)
    digest = trail.head(store)

    assert digest is not None
    assert trail.known(store, digest)
    assert not trail.known(store, digest[::-1])


def test_a_line_of_the_journal_that_is_damaged_breaks_no_other(store: Store) -> None:
    noted = Trail(store.place)
    noted.note(done("sql"))
    (path,) = noted.journal.take()
    path.write_bytes(b"{broken\n" + path.read_bytes() + json.dumps({"x": 1}).encode() + b"\n")

    assert trail.fold(store) == 1
