"""A preview says of rows that are there what the loop would have said; nothing is appended."""

from collections.abc import Iterator

import pytest

from leadline import preview
from leadline.alerts import Alerts
from leadline.rule import Written, checked
from tests.desks import at, small_desk
from tests.leadline.test_hearing import NOW

PRINTS = [
    ("a", 500, "04 15:00"), ("b", 500, "04 15:01"), ("c", 900, "04 15:02"), ("d", 500, "05 15:00"),
]  # fmt: skip


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alerts]:
    desk = small_desk(tmp_path_factory.mktemp("preview") / "desk")
    desk.write("sql/views/reports/newest.v1.sql", NOW)
    desk.prints(*PRINTS)
    with desk.warehouse() as house, desk.store() as store:
        yield Alerts(house, store)


def test_it_says_how_often_per_day_and_key_with_a_sample(alerts: Alerts) -> None:
    rule = checked(Written("r", "here", {"of": "prices.high"}), alerts.warehouse, [])

    found = preview.preview(rule, alerts, 7)

    assert found.until == at("05 15:00").replace(microsecond=1)
    assert found.n_fired == 2
    rows = found.table().select(["day", "key", "n_fired", "n_raised", "sample"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("2024-03-04", "T", 1, 1, "print a"), ("2024-03-05", "T", 1, 0, "print d"),
    ]  # fmt: skip


def test_a_view_without_moments_is_looked_at_every_hour(alerts: Alerts) -> None:
    table = {"of": "reports.newest", "where": "price > 100"}
    rule = checked(Written("r", "here", table), alerts.warehouse, [])

    found = preview.preview(rule, alerts, 1)

    assert [(step.action, step.at) for step in found.steps] == [
        ("fired", at("04 16:00").replace(microsecond=1))
    ]


def test_now_is_what_is_open_at_the_newest_row(alerts: Alerts) -> None:
    table = {"of": "curated.followed", "key": ["price"], "where": "price < 600"}
    rule = checked(Written("r", "here", table), alerts.warehouse, [])

    until, life, steps = preview.now(rule, alerts)

    assert until == at("05 15:00").replace(microsecond=1)
    assert [(step.action, step.key) for step in steps] == [("fired", "500")]
    assert list(life.keys) == ["500"]
