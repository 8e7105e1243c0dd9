"""One dataset's files and log, with what a disk can do to them."""

import json
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from deltalake.exceptions import CommitFailedError

from leadline.contract import read_all
from leadline.errors import StoreError
from leadline.part import Part
from leadline.table import Table, reason
from tests.doors import one_core
from tests.forks import meet, together
from tests.stores import contracts

FREE = resource.RLIM_INFINITY


def folder_of(table: Table) -> Path:
    return Path(str(table.place))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with one_core().connect() as con:
        yield con


@pytest.fixture
def table(tmp_path: Path) -> Table:
    table = Table(contracts()["rejected"], tmp_path / "rejected")
    table.create()
    return table


def written(table: Table, con: duckdb.DuckDBPyConnection, load_id: str, n: int = 1) -> list[Part]:
    return table.write(
        con,
        f"select 'short_volume' as dataset, 'why' as reason, '{{}}'::json as row, 'o' as origin, "
        f"i as position, timestamptz '2024-03-01 15:00Z' + to_microseconds(i) as known_at, "
        f"'feed' as source, '{load_id}' as load_id, false as is_gone from range({n}) as r (i)",
    )


@contextmanager
def room(n_bytes: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk that is full."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (FREE if most == FREE else most, most))


def test_files_are_in_the_log_once_they_are_committed(
    table: Table, con: duckdb.DuckDBPyConnection
) -> None:
    parts = written(table, con, "a", 3)
    before = table.paths()

    table.append(parts, "a")

    (file,) = table.files()
    assert before == []
    assert (file["path"], file["rows"]) == (parts[0].path, 3)
    assert file["bounds"]["known_at"] == (
        datetime(2024, 3, 1, 15, tzinfo=UTC), datetime(2024, 3, 1, 15, 0, 0, 2, tzinfo=UTC),
    )  # fmt: skip
    assert pq.read_metadata(table.paths()[0]).num_rows == 3
    assert (table.holds("a"), table.holds("b")) == (True, False)


@pytest.mark.parametrize(
    ("dataset", "known_at", "folders"),
    [
        ("open_interest", ["2024-03-01 23:59:59.999999Z"], ["known_date=2024-03-01"]),
        (
            "open_interest",
            ["2024-03-01 23:59:59.999999Z", "2024-03-02 00:00Z"],
            ["known_date=2024-03-01", "known_date=2024-03-02"],
        ),
        ("short_volume", ["2024-03-01 00:00Z", "2024-03-31 23:59Z"], ["known_month=2024-03-01"]),
        (
            "short_volume",
            ["2024-03-31 23:59Z", "2024-04-01 00:00Z"],
            ["known_month=2024-03-01", "known_month=2024-04-01"],
        ),
    ],
)
def test_rows_lie_in_the_folders_of_the_days_or_months_when_they_were_known(
    tmp_path: Path,
    con: duckdb.DuckDBPyConnection,
    dataset: str,
    known_at: list[str],
    folders: list[str],
) -> None:
    contract = contracts()[dataset]
    column = {"day": "known_date", "month": "known_month"}[contract.header["partition"]]
    table = Table(contract, tmp_path / "a=b" / dataset)
    table.create()
    con.execute(contract.table("empty"))
    moments = ", ".join(f"(timestamptz '{moment}')" for moment in known_at)

    parts = table.write(
        con, f"from empty union all by name select * from (values {moments}) as t (known_at)"
    )
    table.append(parts, "a")

    paths = sorted(
        path.relative_to(folder_of(table)) for path in folder_of(table).rglob("*.parquet")
    )
    assert [path.parent.name for path in paths] == folders
    assert sorted(file["path"] for file in table.files()) == [str(path) for path in paths]
    assert [file["partition"] for file in sorted(table.files(), key=lambda f: f["path"])] == [
        {column: folder.partition("=")[2]} for folder in folders
    ]
    names = [name for path in paths for name in pq.read_schema(folder_of(table) / path).names]
    assert column not in names


def test_a_query_without_rows_makes_no_file(table: Table, con: duckdb.DuckDBPyConnection) -> None:
    assert written(table, con, "a", 0) == []
    assert list(folder_of(table).glob("*.parquet")) == []


def test_a_load_commits_once_whoever_comes_second(
    table: Table, con: duckdb.DuckDBPyConnection
) -> None:
    other = Table(table.contract, table.place)
    other.refresh()
    table.append(written(table, con, "a"), "a")

    other.append(written(other, con, "a"), "a")

    assert len(other.paths()) == 1
    assert other.conflicts == 1


def test_loads_that_meet_are_both_kept(table: Table, con: duckdb.DuckDBPyConnection) -> None:
    other = Table(table.contract, table.place)
    other.refresh()
    table.append(written(table, con, "a"), "a")

    other.append(written(other, con, "b"), "b")

    table.refresh()
    assert len(table.paths()) == 2


def test_a_commit_for_one_version_does_not_come_after_another(
    table: Table, con: duckdb.DuckDBPyConnection
) -> None:
    other = Table(table.contract, table.place)
    other.refresh()
    seen = other.version
    table.append(written(table, con, "a"), "a")

    with pytest.raises(CommitFailedError):
        other.append(written(other, con, "b"), "b", only_at=seen)

    table.refresh()
    assert len(table.paths()) == 1


def test_a_query_that_breaks_off_leaves_no_file(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    table = Table(contracts()["short_volume"], tmp_path / "short_volume")
    table.create()
    rows = (
        "select date '2024-03-01' + cast(i // 200_000 as integer) as known_month, i, "
        "case when i < 900_000 then 1 else error('broken off') end as n from range(1_000_000) t (i)"
    )

    with pytest.raises(duckdb.InvalidInputException):
        table.write(con, rows)

    assert list(folder_of(table).rglob("*.parquet*")) == []


def test_a_full_disk_is_told_and_leaves_no_file(
    table: Table, con: duckdb.DuckDBPyConnection
) -> None:
    with room(300), pytest.raises(StoreError) as error:
        written(table, con, "a")

    assert str(error.value).startswith(f"{table.place}: can't be written, Could not write file ")
    assert str(error.value).endswith(
        "File too large; check its rights and its room, "
        "then run this again, or name another store with LEADLINE_STORE"
    )
    assert list(folder_of(table).glob("*.parquet*")) == []


def test_a_commit_without_room_is_told_and_can_be_made_again(
    table: Table, con: duckdb.DuckDBPyConnection
) -> None:
    parts = written(table, con, "a")

    with room(100), pytest.raises(StoreError) as error:
        table.append(parts, "a")
    again = Table(table.contract, table.place)
    n_before = len(again.paths())
    again.append(parts, "a")

    assert str(error.value) == (
        f"{table.place}: can't be written, Generic LocalFileSystem error: "
        f"Unable to copy data to file: File too large (os error 27); check its rights "
        f"and its room, then run this again, or name another store with LEADLINE_STORE"
    )
    assert (n_before, len(again.paths())) == (0, 1)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commit to a table until its next commit sets off a checkpoint."""
    table = Table(contracts()["rejected"], tmp_path_factory.mktemp("full") / "rejected")
    table.create()
    with one_core().connect() as con:
        while table.version < 8:
            table.append(written(table, con, f"load {table.version}"), f"load {table.version}")
    return folder_of(table)


@pytest.mark.parametrize("what", ["append", "append at one version", "replace"])
def test_a_commit_whose_checkpoint_finds_no_room_has_landed_all_the_same(
    full: Path, tmp_path: Path, con: duckdb.DuckDBPyConnection, what: str
) -> None:
    table = Table(contracts()["rejected"], tmp_path / "full")
    shutil.copytree(full, folder_of(table))
    parts = written(table, con, "late")
    size = max(len(log.read_bytes()) for log in (folder_of(table) / "_delta_log").glob("*08.json"))

    with room(size * 2):  # enough for the commit, and not for the checkpoint that it sets off
        if what == "replace":
            table.replace(table.files()[:1], parts)
        else:
            table.append(parts, "late", only_at=8 if "one" in what else None)

    assert not list((folder_of(table) / "_delta_log").glob("*.checkpoint.parquet"))
    assert str(table.place / parts[0].path) in Table(table.contract, table.place).paths()
    assert all(Path(path).exists() for path in table.paths())


def test_a_table_that_a_killed_writer_began_can_be_made(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    (tmp_path / "rejected" / "_delta_log").mkdir(parents=True)
    table = Table(contracts()["rejected"], tmp_path / "rejected")
    exists = table.exists

    table.create()
    table.append(written(table, con, "a"), "a")

    assert not exists
    assert len(table.paths()) == 1


def make(place: Path) -> None:
    table = Table(contracts()["rejected"], place)
    meet()
    table.create()


def test_some_may_make_a_table_at_once(tmp_path: Path) -> None:
    said = together(*[partial(make, tmp_path / "rejected")] * 3)

    assert said == [None] * 3
    assert Table(contracts()["rejected"], tmp_path / "rejected").version == 0


@pytest.mark.parametrize(
    ("old", "new", "odd"),
    [
        (
            "    position bigint not null",
            "    place bigint not null",
            "gains place, no longer has position",
        ),
        (
            "    position bigint not null",
            "    position integer not null",
            "has position as integer, not bigint",
        ),
    ],
    ids=["a name", "a type"],
)
def test_a_contract_that_the_store_was_not_made_by_is_told(
    table: Table, tmp_path: Path, old: str, new: str, odd: str
) -> None:
    path = tmp_path / "tables" / "rejected.sql"
    path.parent.mkdir()
    text = table.contract.path.read_text().replace(old, new)
    path.write_text(text.replace("dataset, position, reason", "dataset, reason"))
    changed = Table(read_all(path.parent)["rejected"], table.place)

    with pytest.raises(StoreError) as error:
        changed.create()

    assert str(error.value) == (
        f"{table.place}: {path} {odd}, has the key load_id, dataset, reason, "
        f"not load_id, dataset, position, reason; run leadline store upgrade"
    )


def test_a_log_that_is_damaged_is_told(table: Table, con: duckdb.DuckDBPyConnection) -> None:
    table.append(written(table, con, "a"), "a")
    for log in (folder_of(table) / "_delta_log").glob("*.json"):
        log.write_text("no log")

    with pytest.raises(StoreError) as error:
        Table(table.contract, table.place).paths()

    assert str(error.value).startswith(f"{table.place}: its log can't be read, ")
    assert str(error.value).endswith("; run leadline store verify")
    assert "\n" not in str(error.value)


def test_a_log_that_goes_while_it_is_read_is_told(
    table: Table, con: duckdb.DuckDBPyConnection
) -> None:
    table.append(written(table, con, "a"), "a")
    other = Table(table.contract, table.place)
    other.refresh()
    table.append(written(table, con, "b"), "b")
    (folder_of(table) / "_delta_log" / f"{2:020}.json").write_text("no log")

    with pytest.raises(StoreError) as error:
        other.refresh()

    assert str(error.value).startswith(f"{table.place}: its log can't be read, ")


def test_a_place_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    table = Table(contracts()["rejected"], tmp_path / "file" / "rejected")

    with pytest.raises(StoreError) as error:
        table.create()

    assert str(error.value) == (
        f"{table.place}: can't be written, Not a directory; check its rights and its room, "
        f"then run this again, or name another store with LEADLINE_STORE"
    )


def test_bounds_of_the_log_are_the_rows_bounds(
    table: Table, con: duckdb.DuckDBPyConnection
) -> None:
    (part,) = written(table, con, "a", 5)

    stats = json.loads(part.add().stats)

    assert stats["numRecords"] == 5
    assert stats["minValues"]["position"] == 0
    assert stats["maxValues"]["position"] == 4
    assert stats["maxValues"]["known_at"] == "2024-03-01T15:00:00.000004Z"
    assert stats["nullCount"]["reason"] == 0


def test_what_the_libraries_say_becomes_a_part_of_one_sentence() -> None:
    colour = OSError("Generic error\n   \x1b[31m↳\x1b[0m Unable to copy\n  ↳ No space left\n")
    nested = duckdb.IOException(
        'IO Error: Async write failed: {"exception_type":"IO","exception_message":'
        '"Could not write file \\"/a\\": No space left","errno":"28"}'
    )

    said = [reason(error) for error in (colour, nested, OSError(28, "No space left on device"))]

    assert said == [
        "Generic error: Unable to copy: No space left",
        'Could not write file "/a": No space left',
        "No space left on device",
    ]
