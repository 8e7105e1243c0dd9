"""A dataset's log says by which contract its rows were written, and by which leadline."""

import json
from pathlib import Path

import pytest
from deltalake import Schema

from leadline import contract, shape
from leadline.errors import StoreError
from tests.desks import SmallDesk, run, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    return small_desk(tmp_path / "desk")


def test_what_a_contract_is_stored_by_comes_back_as_no_difference(desk: SmallDesk) -> None:
    own = desk.catalog().contracts["prints"]

    said = shape.properties(own)

    assert shape.differences(said, Schema.from_arrow(own.arrow), own) == []
    assert shape.differences({}, Schema.from_arrow(own.arrow), own) == []


def test_each_difference_that_decides_how_rows_are_read_is_named(desk: SmallDesk) -> None:
    own = desk.catalog().contracts["prints"]
    text = own.path.read_text().replace("price bigint not null", "cost double not null")
    text = text.replace("partition:  day", "partition:  month")
    changed = contract.read_all(desk.write("other/prints.sql", text).parent)["prints"]

    found = shape.differences(shape.properties(own), Schema.from_arrow(own.arrow), changed)

    assert found == ["gains cost", "no longer has price", "lies by known_month, not by known_date"]


def told(desk: SmallDesk, **said: str) -> None:
    """Let the log of prints say something else of who wrote it."""
    (log,) = (desk.root / "store" / "prints" / "_delta_log").glob(f"{0:020}.json")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    for line in lines:
        line.get("metaData", {}).get("configuration", {}).update(
            {f"leadline.{name}": value for name, value in said.items()}
        )
    log.write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def test_an_older_leadline_says_who_wrote_a_newer_store(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))
    told(desk, format="2", version="9.1")

    ended = run(desk.root, "sql", "from raw.prints")
    with pytest.raises(StoreError) as loaded:
        desk.prints(("b", 1, "05 15:00"))

    said = (
        f"{desk.root}/store/prints: leadline 9.1 wrote it in format 2, and this is "
        f"{shape.own_version()}, which knows 1; update leadline"
    )
    assert (ended.code, ended.out, ended.err) == (1, "", f"{said}\n")
    assert str(loaded.value) == said


def test_a_store_that_a_later_leadline_shaped_is_not_turned_back(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))
    path = desk.root / "sql" / "tables" / "prints.sql"
    path.write_text(path.read_text().replace("    price", "    size bigint,  -- shares\n    price"))
    told(desk, version="9.1")

    asked, upgraded = run(desk.root, "sql", "from raw.prints"), run(desk.root, "store", "upgrade")

    assert asked.code == upgraded.code == 1
    assert asked.err.endswith("gains size; leadline 9.1 shaped the store, update leadline\n")
    assert "leadline 9.1 shaped it" in upgraded.err
