"""A file of a kept day is whole, or it is not there."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from leadline import homes, kept_day
from leadline.errors import StoreError
from tests.desks import SmallDesk
from tests.leadline.test_kept import desk, laid

__all__ = ["desk", "laid"]
FIFTH, SIXTH = date(2024, 3, 5), date(2024, 3, 6)


def test_a_day_on_which_somebody_loads_is_left(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        house.refresh()
        desk.prints(("late", 50, "06 03:15"), feed="other")

        assert kept_day.store(house, "features.hours", SIXTH) is None
        assert kept_day.store(house, "features.hours", SIXTH) is not None


def test_what_can_not_be_written_leaves_nothing(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        house.refresh()
        folder = house.kept["features.hours"].folder.own.parent
        folder.parent.mkdir(parents=True)
        folder.write_text("a file in the way")

        with pytest.raises(StoreError, match="run this again when there is room"):
            kept_day.store(house, "features.hours", SIXTH)

    assert not [*folder.parent.rglob("*.part")]


def test_of_each_file_those_days_are_taken_that_it_serves(tmp_path: Path) -> None:
    folder = homes.at(tmp_path)
    one, other, whole = (folder / name for name in ("one", "other", "whole"))
    with duckdb.connect() as con:
        for path, n in ((one, 1), (other, 2)):
            rows = f"select {n} as n, unnest([date '{FIFTH}', date '{SIXTH}']) as known_date"
            con.execute(f"copy ({rows}) to '{path}' (format parquet)")

        kept_day.join(con, folder, whole, {FIFTH: one, SIXTH: other})
        found = con.sql(f"from read_parquet('{whole}')").fetchall()

    assert found == [(1, FIFTH), (2, SIXTH)]
