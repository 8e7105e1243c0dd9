import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.trades import project
from leadline.catalog import Catalog
from leadline.publication import Publication
from leadline.store import Store
from leadline.warehouse import Warehouse
from tests.doors import all_cores

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
    """Open a store of 30 days: 24 trades a day, and each day one new contract."""
    tmp_path = tmp_path_factory.mktemp("pruning")
    place = project(tmp_path / "project")
    (place / "sql" / "tables" / "option_facts.sql").write_text(FACT.lstrip())
    catalog = Catalog(place)
    store = Store(str(tmp_path / "store"), catalog.contracts, all_cores())
    for day in DAYS:
        trades = [trade(day + timedelta(hours=hour)) for hour in range(24)]
        load(store, "option_trades", day, trades)
        facts = [{"contract": f"{day:%m%d}", "multiplier": 100, "known_at": day}]
        load(store, "option_facts", day, facts)
    opened = Warehouse(catalog, store, all_cores())
    yield opened
    opened.close()
    store.close()


def trade(at: datetime) -> dict[str, Any]:
    """Return a trade that is known as it happens."""
    return {
        "traded_at": at, "known_at": at, "session_date": at.date(), "venue": "300",
        "trade_id": f"{at:%d-%H}", "contract": f"{at:%m%d}", "price": 1, "size": 1,
        "sequence": at.hour,
    }  # fmt: skip


def load(store: Store, dataset: str, day: datetime, rows: list[dict[str, Any]]) -> None:
    """Load one day of one dataset."""
    store.load(
        Publication("test", f"{dataset} {day.date()}", (dataset,), [(dataset, rows)], "test")
    )


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

    rows, found = asked(warehouse, "raw.option_trades", since, until)

    assert rows == 1
    assert [scan["Total Files Read"] for scan in found] == ["1"]
    assert "known_date=2024-03-15" in found[0]["Filename(s)"]


def test_a_quarter_of_an_hour_over_midnight_opens_two_files(warehouse: Warehouse) -> None:
    since = datetime(2024, 3, 14, 23, 50, tzinfo=UTC)
    until = datetime(2024, 3, 15, 0, 5, tzinfo=UTC)

    rows, found = asked(warehouse, "raw.option_trades", since, until)

    assert rows == 1
    assert [scan["Total Files Read"] for scan in found] == ["2"]


def test_all_of_time_opens_every_file(warehouse: Warehouse) -> None:
    since = datetime(1970, 1, 1, tzinfo=UTC)
    until = datetime(2024, 4, 1, tzinfo=UTC)

    rows, found = asked(warehouse, "raw.option_trades", since, until)

    assert rows == 30 * 24
    assert [scan["Total Files Read"] for scan in found] == ["30"]


def test_state_is_whole_in_a_quarter_of_an_hour(warehouse: Warehouse) -> None:
    since = datetime(2024, 3, 15, 14, 50, tzinfo=UTC)
    until = datetime(2024, 3, 15, 15, 5, tzinfo=UTC)

    rows, found = asked(warehouse, "raw.option_facts", since, until)

    assert rows == 15  # one contract a day, from the first to this one
    assert [scan["Total Files Read"] for scan in found] == ["30"]  # March is one folder of loads
