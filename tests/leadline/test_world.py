"""A world has the views of a store over other rows than its own, and leaves the store alone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from leadline.clock import BEGINNING, FOREVER, Span
from leadline.refresh import refresh
from leadline.warehouse import Warehouse
from leadline.world import World
from tests.desks import SUMMED, at, small_desk
from tests.doors import rows

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    desk = small_desk(tmp_path_factory.mktemp("world") / "desk")
    desk.write("sql/views/features/summed.v1.sql", SUMMED)
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "05 16:00"), ("c", 4, "06 15:00"))
    with desk.warehouse() as house:
        list(refresh(house, at("08 00:00")))
        yield house


def seen(world: Warehouse, view: str = "raw.prints") -> list[tuple[object, ...]]:
    found = world.ask(view, BEGINNING, FOREVER).select("price, known_date, known_at")
    return sorted((row["price"], row["known_date"].day, row["known_at"]) for row in rows(found))


def test_rows_from_a_moment_on_are_absent_whatever_is_asked(house: Warehouse) -> None:
    world = World(house, ends_at=at("05 16:00"))

    assert seen(world) == [(1, 5, at("05 15:00"))]
    assert len(seen(house)) == 3

    world.close()


def test_rows_that_were_known_later_lie_on_a_later_day_and_are_cut_by_their_own_clock(
    house: Warehouse,
) -> None:
    world = World(house, DAY, ends_at=at("07 00:00"))

    found = seen(world)
    late = rows(world.ask("raw.prints", at("06 15:30"), FOREVER).select("print_id"))

    assert found == [(1, 6, at("06 15:00")), (2, 6, at("06 16:00"))]
    assert [row["print_id"] for row in late] == ["b"]

    world.close()


def test_a_day_that_is_kept_whole_is_computed_anew(house: Warehouse) -> None:
    world = World(house, ends_at=at("05 16:00"))

    assert house.kept["features.summed"].files
    assert seen(world, "features.summed") == [(1, 5, at("05 15:00"))]

    world.close()


def test_a_view_that_is_held_answers_from_its_rows_until_they_are_given_back(
    house: Warehouse,
) -> None:
    world = World(house, ends_at=at("06 00:00"))
    table = world.settle(
        "features.summed", Span(BEGINNING, FOREVER), house.refresh().recorded_until
    )
    world.con.execute(f"update {table} set price = 7")

    assert seen(world, "features.summed") == [(7, 5, at("05 16:00"))]

    world.drop(table)
    assert (
        world.con.execute("select 1 from duckdb_tables() where table_name like '% held'").fetchall()
        == []
    )
    world.close()
