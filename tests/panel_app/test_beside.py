"""What is opened beside the served warehouse writes to the same store, and goes with its owner."""

import gc
from pathlib import Path

import duckdb
import pytest

from panel_app.beside import store_beside, warehouse_beside
from tests.dashboards import NOON, alert, answering, fill
from tests.desks import load_into


class Owner:
    """Somebody who holds something beside."""


class Told:
    """Something of his that is given back."""

    def __init__(self) -> None:
        self.is_closed = False

    def close(self) -> None:
        """Give it back."""
        self.is_closed = True


def test_it_writes_with_one_core_to_the_store_that_is_served(tmp_path: Path) -> None:
    fill(tmp_path)
    with answering(tmp_path, NOON) as answers:
        served = answers.warehouse
        before = served.refresh().version
        with store_beside(served) as (store, engine):
            assert engine.settings["threads"] == "1"
            load_into(store, "alerts", [alert("beside", NOON)], "hand")

        assert served.refresh().version == before + 1


def test_a_warehouse_beside_is_closed_once_its_owner_is_gone(tmp_path: Path) -> None:
    fill(tmp_path)
    with answering(tmp_path, NOON) as answers:
        owner, told = Owner(), Told()
        house = warehouse_beside(answers.warehouse, owner, told)
        assert house.con.execute("select 1").fetchone() == (1,)
        assert house.catalog is answers.warehouse.catalog

        del owner
        gc.collect()

        assert told.is_closed
        with pytest.raises(duckdb.ConnectionException):
            house.con.execute("select 1")
