import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadline.warehouse import Warehouse
from tests.desks import small_desk

FIRST = datetime(2024, 3, 1, tzinfo=UTC)
DAYS = [FIRST + timedelta(days=n) for n in range(30)]
FACT = """
-- kind:       state
-- partition:  month
-- what:       What is known of a contract.
-- grain:      one row per contract
-- key:        contract

create table option_facts (
    contract text not null,  -- the contract's symbol
    multiplier bigint not null  -- shares
);
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Open a store of 30 days: 24 prints a day, and each day one new contract."""
    desk = small_desk(tmp_path_factory.mktemp("pruning"))
    desk.write("sql/tables/option_facts.sql", FACT.lstrip())
    moments = [day + timedelta(hours=hour) for day in DAYS for hour in range(24)]
    prints = [{"print_id": f"{at:%d-%H}", "price": 1, "known_at": at} for at in moments]
    facts = [{"contract": f"{day:%m%d}", "multiplier": 100, "known_at": day} for day in DAYS]
    desk.load("prints", prints, feed="prints")
    for half in (facts[:10], facts[10:]):
        desk.load("option_facts", half, feed=f"facts {len(half)}")
    with desk.warehouse() as house:
        yield house


def scans(plan: Any) -> list[dict[str, Any]]:
    """Return what DuckDB's profile says of each scan of Parquet files."""
    if isinstance(plan, list):
        return [scan for node in plan for scan in scans(node)]
    more = plan.get("extra_info", {})
    own = [more] if more.get("Function") == "READ_PARQUET" else []
    return own + scans(plan.get("children", plan.get("operator", [])))


def asked(
    warehouse: Warehouse, view: str, since: datetime, until: datetime
) -> tuple[int, list[dict[str, Any]]]:
    """Return how many rows a view has in a span, and the scans that found them."""
    warehouse.refresh()
    cursor = warehouse.cursor(view, since, until)
    ((rows,),) = cursor.execute(f"select count(load_id) from {view}").fetchall()
    cursor.execute("pragma enable_profiling = 'json'")
    ((_, plan),) = cursor.execute(f"explain analyze select * from {view}").fetchall()
    return rows, scans(json.loads(plan))


def test_a_quarter_of_an_hour_opens_its_days_file_only(warehouse: Warehouse) -> None:
    since = datetime(2024, 3, 15, 14, 50, tzinfo=UTC)
    until = datetime(2024, 3, 15, 15, 5, tzinfo=UTC)

    rows, found = asked(warehouse, "raw.prints", since, until)

    assert rows == 1
    assert [scan["Total Files Read"] for scan in found] == ["1"]
    assert "known_date=2024-03-15" in found[0]["Filename(s)"]


def test_a_quarter_of_an_hour_over_midnight_opens_two_files(warehouse: Warehouse) -> None:
    since = datetime(2024, 3, 14, 23, 50, tzinfo=UTC)
    until = datetime(2024, 3, 15, 0, 5, tzinfo=UTC)

    rows, found = asked(warehouse, "raw.prints", since, until)

    assert rows == 1
    assert [scan["Total Files Read"] for scan in found] == ["2"]


def test_all_of_time_opens_every_file(warehouse: Warehouse) -> None:
    since = datetime(1970, 1, 1, tzinfo=UTC)
    until = datetime(2024, 4, 1, tzinfo=UTC)

    rows, found = asked(warehouse, "raw.prints", since, until)

    assert rows == 30 * 24
    assert [scan["Total Files Read"] for scan in found] == ["30"]


def test_state_is_whole_in_a_quarter_of_an_hour(warehouse: Warehouse) -> None:
    since = datetime(2024, 3, 15, 14, 50, tzinfo=UTC)
    until = datetime(2024, 3, 15, 15, 5, tzinfo=UTC)

    rows, found = asked(warehouse, "raw.option_facts", since, until)

    assert rows == 15  # one contract a day, from the first to this one
    assert [scan["Total Files Read"] for scan in found] == ["2"]  # March is one folder of loads
