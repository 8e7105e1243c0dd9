"""What is missing is computed once, days under way are left, and what is outdated goes."""

import os
from pathlib import Path

import pytest

from leadline.errors import ViewError
from leadline.refresh import refresh
from tests.desks import SmallDesk, at
from tests.leadline.test_kept import LATER, desk, keep, laid

__all__ = ["desk", "laid"]


def test_keeping_again_makes_nothing(desk: SmallDesk) -> None:
    keep(desk)

    assert keep(desk) == []


def test_the_day_under_way_is_left(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        made = list(refresh(house, at("07 23:59")))

    assert [each.day.day for each in made] == [5, 6]


def test_days_before_a_moment_are_left_and_answer_all_the_same(desk: SmallDesk) -> None:
    span = at("05 00:00"), LATER
    with desk.warehouse() as house:
        computed = house.ask("features.hours", *span).order("all").to_arrow_table()
        made = list(refresh(house, LATER, since=at("06 12:00")))
        kept = house.ask("features.hours", *span).order("all").to_arrow_table()

    assert [each.day.day for each in made] == [7]
    assert kept == computed


def test_files_that_serve_no_more_go_after_a_day(desk: SmallDesk) -> None:
    keep(desk)
    desk.prints(("late", 50, "06 03:15"), feed="other")
    keep(desk)
    found = sorted((desk.root / "store/_kept").rglob("*.parquet"))
    with desk.warehouse() as house:
        house.refresh()
        kept = house.kept["features.hours"]
        (old,) = (each for each in kept.outdated() if each.name.endswith(".parquet"))
    outdated = Path(str(kept.folder / old.name))

    os.utime(outdated, (0, 0))
    keep(desk)

    assert sorted((desk.root / "store/_kept").rglob("*.parquet")) == [
        path for path in found if path != outdated
    ]


def test_a_view_that_keeps_nothing_is_told(desk: SmallDesk) -> None:
    with pytest.raises(ViewError) as error, desk.warehouse() as house:
        list(refresh(house, LATER, ["features.hour"]))

    assert str(error.value) == "features.hour: it keeps nothing; did you mean 'features.hours'"
