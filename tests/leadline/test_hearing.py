"""What a rule hears of its view: a row a key and moment, the same however often it is asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from leadline import hearing
from leadline.clock import BEGINNING, FOREVER
from leadline.life import Row
from leadline.rule import Rule, Written, checked
from leadline.warehouse import Warehouse
from tests.desks import at, small_desk

NOW = """\
-- what:    The newest price, without a moment.
-- grain:   one row
-- status:  live
-- needs:   0s

select
    'T' as entity,  -- what
    'low' as severity,  -- always
    max(price) as price  -- of all
from raw.prints
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    desk = small_desk(tmp_path_factory.mktemp("hearing") / "desk")
    desk.write("sql/views/reports/newest.v1.sql", NOW)
    desk.prints(
        ("a", 500, "05 15:00"), ("b", 600, "05 15:01"), ("c", 50, "05 15:02"),
        ("d", 60, "05 15:02"), ("e", 700, "05 15:40"),
    )  # fmt: skip
    with desk.warehouse() as warehouse:
        yield warehouse


def rule(house: Warehouse, **table: Any) -> Rule:
    return checked(Written("r", "here", table), house, [])


def said(rows: list[Row]) -> list[tuple[str, str, bool, bool]]:
    return [(f"{row.at:%H:%M}", row.key, row.holds, row.ends) for row in rows]


FOLLOWED = {"of": "curated.followed", "key": ["n_seen"], "where": "price > 100"}


def test_of_rows_that_say_the_same_the_first_is_heard(house: Warehouse) -> None:
    own = rule(house, **{**FOLLOWED, "ends": "price < 55"})

    heard = hearing.asked(own, house, BEGINNING, FOREVER)
    whole = hearing.asked(own, house, BEGINNING, FOREVER, is_whole=True)

    assert said(heard) == [
        ("15:00", "5", True, False), ("15:02", "5", False, False), ("15:40", "5", True, False),
    ]  # fmt: skip
    assert len(whole) == 4
    assert heard[0].headline == "5: price > 100"
    assert '"print_id":"a"' in (heard[0].evidence or "")


def test_a_row_that_does_not_hold_ends_where_nothing_else_is_said(house: Warehouse) -> None:
    own = rule(house, **FOLLOWED)

    heard = hearing.asked(own, house, at("05 15:02"), at("05 15:30"))

    assert said(heard) == [("15:02", "3", False, True)]


def test_of_a_detector_only_what_holds_is_heard_and_the_floor_is_a_condition(
    house: Warehouse,
) -> None:
    own = rule(house, of="prices.high", where="notional_usd > 500", severity="high")

    heard = hearing.asked(own, house, BEGINNING, FOREVER)

    assert [(row.headline, row.severity) for row in heard] == [
        ("print b", "high"), ("print e", "high"),
    ]  # fmt: skip
    assert heard[0].alert_key == "prices.high|b"


def test_a_view_without_moments_is_looked_at_as_it_is(house: Warehouse) -> None:
    own = rule(house, of="reports.newest", where="price > 550")

    early, late = (
        hearing.asked(own, house, BEGINNING, at(when)) for when in ("05 15:01", "06 00:00")
    )

    assert [said(early), said(late)] == [
        [("15:01", "T", False, True)], [("00:00", "T", True, False)],
    ]  # fmt: skip
    assert [row.severity for row in late] == ["low"]
    assert list(hearing.gone(late, ["T", "S"], at("06 00:00"))) == [
        Row("S", at("06 00:00"), False, True)
    ]


def test_pulses_are_parted_by_what_is_too_long_a_silence(house: Warehouse) -> None:
    own = rule(house, **FOLLOWED, no_data="10m")

    assert hearing.pulses(own, house, BEGINNING, FOREVER) == [
        (at("05 15:00"), at("05 15:02")), (at("05 15:40"), at("05 15:40")),
    ]  # fmt: skip
