"""A draft of a detector that a query makes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from leadline.catalog import DETECTOR
from leadline.draft import draft, names_in, write
from leadline.errors import ConfigError, QueryError
from tests.desks import SmallDesk, at, small_desk

COLUMNS = {"symbol": "string", "known_at": "TIMESTAMP WITH TIME ZONE", "price": "int64"}
SQL = "select print_id as symbol, known_at, price from raw.prints where price >= $least -- $no"


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    return small_desk(tmp_path / "desk")


def drafted(desk: SmallDesk, sql: str = SQL, columns: Mapping[str, str] = COLUMNS) -> list[Path]:
    return write(draft(desk.root, "prices.mine", "Mine.", sql, {"least": "50"}, columns))


def test_it_binds_is_a_draft_and_answers_as_a_detector(desk: SmallDesk) -> None:
    desk.prints(("a", 40, "05 14:59"), ("b", 60, "05 15:00"), ("later", 99, "05 16:00"))
    path, case = drafted(desk)
    with desk.warehouse() as house:
        view = house.catalog.find("prices.mine")
        rows = house.ask("prices.mine", at("01 00:00"), at("05 15:30")).to_arrow_table()

    assert (view.status, view.header["what"]) == ("draft", "Mine.")
    assert [param.name for param in view.params] == ["least"]
    assert rows.column_names == list(DETECTOR)
    assert rows.column("entity").to_pylist() == ["b"]
    assert rows.column("alert_key").to_pylist()[0].startswith("prices.mine|b|2024-03-05")
    assert path == desk.root / "sql/detectors/prices/mine.v1.sql"
    assert case == desk.root / "tests/sql/detectors/prices/mine.v1.sql"
    assert view not in house.catalog.all_live()


def test_what_a_draft_needs_and_has_not_is_said(desk: SmallDesk) -> None:
    with pytest.raises(QueryError, match="what is watched; name one of them entity"):
        drafted(desk, columns={"n": "int64", "known_at": "TIMESTAMP WITH TIME ZONE"})
    with pytest.raises(QueryError, match="the moment at which it was known"):
        drafted(desk, columns={"symbol": "string", "known_at": "date32"})
    with pytest.raises(QueryError, match=r"nothing fills \$most in"):
        drafted(desk, SQL + "\nand price < $most")
    assert not (desk.root / "sql/detectors/prices/mine.v1.sql").exists()


@pytest.mark.parametrize("name", ["mine", "prices.high", "../a.b", "prices.mine_v2", "Prices.mine"])
def test_a_bad_name_and_a_taken_one_write_nothing(desk: SmallDesk, name: str) -> None:
    before = sorted(desk.root.rglob("*"))
    with pytest.raises(ConfigError):
        draft(desk.root, name, "", "select 1", {}, COLUMNS)

    assert sorted(desk.root.rglob("*")) == before


def test_a_name_to_fill_in_is_none_in_a_comment_or_a_quote() -> None:
    assert names_in("select $a, '$b', \"$c\" -- $d\n, $a + $e /* $f */") == ["a", "e"]
