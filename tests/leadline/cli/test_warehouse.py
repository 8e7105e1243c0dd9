from pathlib import Path

import duckdb
import pytest

from tests.desks import SmallDesk, run, small_desk


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a small project with a store."""
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.prints(("a", 500, "05 15:00"), ("b", 500, "06 15:00"))
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def alerts(path: Path) -> list[tuple[str]]:
    """Return what the file's detectors say."""
    with duckdb.connect(str(path), read_only=True) as con:
        return con.sql("select alert_key from detectors.all_live order by all").fetchall()


def test_build_writes_the_file_beside_the_store_and_says_so(desk: SmallDesk) -> None:
    ended = run(desk.root, "warehouse", "build", "--days", "1")

    path = desk.root / "warehouse.duckdb"
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith(f"{path}: 18 views, 2024-03-05 15:00:00Z to ")
    assert alerts(path) == [("prices.high|a",), ("prices.high|b",)]


def test_build_says_when_nothing_has_changed(desk: SmallDesk) -> None:
    run(desk.root, "warehouse", "build")

    ended = run(desk.root, "warehouse", "build")

    assert ended.code == 0
    assert ": nothing has changed, left as it is; " in ended.err


def test_build_takes_a_span_and_a_place(desk: SmallDesk) -> None:
    path = desk.root / "mine.duckdb"

    span = ("--since", "2024-03-06", "--until", "2024-03-07")
    ended = run(desk.root, "warehouse", "build", *span, "-o", path)

    assert "2024-03-06 00:00:00Z to 2024-03-07 00:00:00Z" in ended.err
    assert alerts(path) == [("prices.high|b",)]


def test_an_example_names_no_file(desk: SmallDesk) -> None:
    ended = run(desk.root, "warehouse", "build", "--example")

    path = desk.root / "warehouse.duckdb.example"
    assert ended.code == 0
    assert str(desk.root).encode() not in path.read_bytes()
    assert alerts(path) == [("prices.high|a",), ("prices.high|b",)]


def test_an_example_holds_the_rows_that_are_asked_for(desk: SmallDesk) -> None:
    run(desk.root, "warehouse", "build", "--example", "--only", "prints=print_id <> 'a'")

    assert alerts(desk.root / "warehouse.duckdb.example") == [("prices.high|b",)]


def test_an_example_of_no_such_dataset_names_the_nearest(desk: SmallDesk) -> None:
    ended = run(desk.root, "warehouse", "build", "--example", "--only", "print=true")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "--only: there is no dataset 'print'; did you mean 'prints'\n"


def test_what_is_of_an_example_needs_one(desk: SmallDesk) -> None:
    ended = run(desk.root, "warehouse", "build", "--only", "prints=true")

    assert ended.code == 2
    assert "--dense-since and --only are of an --example" in ended.err


def test_an_empty_store_is_told(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")

    ended = run(desk.root, "warehouse", "build")

    place = desk.root / "store"
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{place}: it holds no loads yet; run leadline load FEED\n"
