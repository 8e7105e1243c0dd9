"""An old alert asked again is the same row, unless somebody changed what it was made of."""

import pytest

from leadline.alerts import Alerts
from leadline.errors import QueryError
from leadline.replay import replay
from tests.desks import HIGH, SmallDesk, small_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("replay") / "desk")
    desk.prints(("a", 500, "05 15:00"), ("b", 120, "05 15:01"))
    with desk.warehouse() as house, desk.store() as store:
        Alerts(house, store).tick()
    desk.prints(("late", 900, "05 14:59"), feed="later")
    return desk


def test_it_is_the_same_row_with_late_rows_and_other_parameters_in_force(desk: SmallDesk) -> None:
    params = {"prices.high": {"min_price": 400}}

    with desk.warehouse(params=params) as house:
        again = replay(house, "prices.high|b")

    assert (again.differs, again.is_same_text) == ([], True)


def test_a_detector_that_was_changed_in_place_is_told(desk: SmallDesk) -> None:
    changed = HIGH.replace("'print ' ||", "'a print ' ||").replace("price / 10", "price / 5")
    desk.write("sql/detectors/prices/high.v1.sql", changed)
    try:
        with desk.warehouse() as house:
            again = replay(house, "prices.high|a")
    finally:
        desk.write("sql/detectors/prices/high.v1.sql", HIGH)

    assert (again.differs, again.is_same_text) == (["score", "headline", "severity"], False)


def test_an_alert_that_is_not_there_is_told(desk: SmallDesk) -> None:
    with desk.warehouse() as house, pytest.raises(QueryError, match="nothing to replay"):
        replay(house, "prices.high|nobody")
