"""What a tick holds is computed once for all that read it, and answers as it would anew."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from leadline import schema
from leadline.clock import BEGINNING
from leadline.warehouse import Warehouse
from tests.desks import FOLLOWED, HIGH, SmallDesk, at, small_desk

HELD = FOLLOWED.replace("-- needs:   90s", "-- keep:    tick\n-- needs:   90s")
LOW = HIGH.replace("prices.high|", "prices.low|").replace(">=", "<")
PRINTS = [(str(n), 90 + 7 * n % 31, f"05 15:{n:02}") for n in range(20)]
SINCE, UNTIL = at("05 15:05"), at("05 15:15")
BOTH = {"detectors.prices_high": SINCE, "detectors.prices_low": at("05 15:08")}


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    desk = small_desk(tmp_path / "desk")
    desk.write("sql/views/curated/followed.v1.sql", HELD)
    desk.write("sql/detectors/prices/low.v1.sql", LOW)
    desk.prints(*PRINTS)
    return desk


@pytest.fixture
def house(desk: SmallDesk) -> Iterator[Warehouse]:
    with desk.warehouse() as house:
        yield house


def answers(house: Warehouse) -> dict[str, list[str]]:
    return {
        name: sorted(str(row) for row in house.ask(name, since, UNTIL).to_arrow_table().to_pylist())
        for name, since in BOTH.items()
    }


def held(house: Warehouse) -> int:
    """How many rows are held."""
    name = schema.holds("curated.followed")
    ((found,),) = house.con.execute(f"select count(*) from {name}").fetchall()
    return int(found)


def test_detectors_answer_the_same_while_it_is_held_and_after(house: Warehouse) -> None:
    before = answers(house)

    with house.held(BOTH, UNTIL):
        meanwhile = answers(house)

    assert before == meanwhile == answers(house)
    assert all(before.values())


def test_it_holds_the_rows_since_the_earliest_that_is_asked(house: Warehouse) -> None:
    with house.held(BOTH, UNTIL):
        assert held(house) == 10


def test_what_is_held_is_what_answers(house: Warehouse) -> None:
    with house.held(BOTH, UNTIL):
        house.con.execute(f"delete from {schema.holds('curated.followed')}")

        assert answers(house) == {name: [] for name in BOTH}


def test_what_only_one_detector_reads_is_not_held(house: Warehouse) -> None:
    with (
        house.held({"detectors.prices_high": SINCE}, UNTIL),
        pytest.raises(duckdb.CatalogException),
    ):
        held(house)


def test_nothing_is_held_once_it_is_over_or_broken(house: Warehouse) -> None:
    with pytest.raises(ZeroDivisionError), house.held(BOTH, UNTIL):
        _ = 1 / 0

    with pytest.raises(duckdb.CatalogException):
        held(house)
    assert all(answers(house).values())


def test_sessions_are_counted_also_where_nothing_was_asked_before(desk: SmallDesk) -> None:
    counting = HELD.replace("-- needs:   90s", "-- needs:   2 sessions")
    desk.write("sql/views/curated/followed.v1.sql", counting)
    desk.sessions()

    with desk.warehouse() as house, house.held(BOTH, UNTIL):
        assert held(house) == 10


def test_all_of_time_can_be_held(house: Warehouse) -> None:
    with house.held(dict.fromkeys(BOTH, BEGINNING), UNTIL):
        assert held(house) == 15
