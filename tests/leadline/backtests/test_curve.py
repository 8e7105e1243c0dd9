"""Alerts of a small desk are held against events that the test plants."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from leadline import clock
from leadline.backtests.curve import backtest, with_bars
from leadline.errors import QueryError, ViewError
from tests.desks import HIGH, SmallDesk, at, measured_desk, plant


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Plant three events; prints of 150 and 120 fire in the first and beside all, 90 does not."""
    desk = measured_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.prints(("a", 150, "05 15:01"), ("b", 120, "05 18:00"), ("c", 90, "06 15:01"))
    plant(
        desk,
        ("big", 2, "05 15:00", "05 15:10"),
        ("small", 0.9, "06 15:00", "06 15:10"),
        ("never", 1, "07 15:00", "07 15:10"),
    )
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def curve(desk: SmallDesk, *columns: str, params: Any = None, **span: str) -> list[Any]:
    since = at(span["since"]) if "since" in span else clock.BEGINNING
    until = at(span["until"]) if "until" in span else at("20 00:00")
    with desk.warehouse(params=params or {}) as warehouse:
        found = backtest(warehouse, since, until).curve
    return [tuple(row[column] for column in columns) for row in found.to_pylist()]


def test_recall_is_of_one_size_and_precision_of_it_and_larger_ones(desk: SmallDesk) -> None:
    found = curve(desk, "size", "n_events", "n_found", "recall_frac", "precision_frac", "n_false")

    assert found == [(0.9, 1, 0, 0, 0.5, 1), (1, 1, 0, 0, 0.5, 1), (2, 1, 1, 1, 0.5, 1)]


def test_base_figures_are_of_all_sizes_and_the_delay_is_of_one(desk: SmallDesk) -> None:
    found = curve(desk, "n_alerts", "n_days", "alerts_per_day", "median_delay_s")

    base = (2, 3, 0.666667)
    assert found == [(*base, None), (*base, None), (*base, 60)]


def test_a_lower_threshold_finds_more(desk: SmallDesk) -> None:
    found = curve(desk, "size", "n_found", params={"prices.high": {"min_price": 80}})

    assert found == [(0.9, 1), (1, 0), (2, 1)]


def test_what_alarms_nobody_counts_neither_as_found_nor_as_false(desk: SmallDesk) -> None:
    lower, higher = (
        curve(desk, "n_found", "n_false", params={"backtest.matches": {"min_score": score}})[-1]
        for score in (35, 40)
    )

    # 150 scores 37.5, 120 beside all events scores 30.
    assert (lower, higher) == ((1, 0), (0, 0))


def test_a_span_measures_its_own_events_and_alerts(desk: SmallDesk) -> None:
    found = curve(desk, "size", "n_events", "n_alerts", since="06 00:00", until="07 00:00")

    assert found == [(0.9, 1, 0)]


def test_detectors_without_events_are_named(desk: SmallDesk) -> None:
    text = HIGH.replace("prices.high", "prices.top").replace("A1", "A2")
    desk.write("sql/detectors/prices/top.v1.sql", text)

    with desk.warehouse() as warehouse:
        found = backtest(warehouse, clock.BEGINNING, at("20 00:00"))

    assert (found.without_events, found.not_live) == (["prices.top"], [])
    assert set(found.curve["detector"].to_pylist()) == {"prices.high"}


def test_a_draft_with_events_is_told_and_is_no_row(desk: SmallDesk) -> None:
    drafted(desk)

    with desk.warehouse() as warehouse:
        found = backtest(warehouse, clock.BEGINNING, at("20 00:00"))
        before = backtest(warehouse, at("06 00:00"), at("20 00:00"))

    assert (found.not_live, found.without_events) == (["prices.top"], [])
    assert set(found.curve["detector"].to_pylist()) == {"prices.high"}
    assert before.not_live == []


def test_a_draft_alone_is_told_what_it_lacks(desk: SmallDesk) -> None:
    drafted(desk)

    with (
        desk.warehouse() as warehouse,
        pytest.raises(QueryError, match=r"^prices\.top: it is not live.*say status: live"),
    ):
        backtest(warehouse, clock.BEGINNING, at("20 00:00"), ["prices.top"])


def drafted(desk: SmallDesk) -> None:
    """Add a draft, with an event that it should see."""
    text = HIGH.replace("prices.high", "prices.top").replace("live", "draft")
    desk.write("sql/detectors/prices/top.v1.sql", text)
    plant(desk, ("x", 1, "05 15:00", "05 15:10"), detector="prices.top")


@pytest.mark.parametrize("asked", [(), ("prices.high",)])
def test_without_events_it_says_what_to_run(tmp_path: Path, asked: Sequence[str]) -> None:
    said = r"^raw\.events: no event.* load a feed that writes"

    with (
        measured_desk(tmp_path).warehouse() as warehouse,
        pytest.raises(QueryError, match=said),
    ):
        backtest(warehouse, clock.BEGINNING, at("20 00:00"), asked)


def test_what_is_no_detector_is_told(desk: SmallDesk) -> None:
    with desk.warehouse() as warehouse:
        with pytest.raises(QueryError, match=r"curated\.followed: it is no detector"):
            backtest(warehouse, clock.BEGINNING, at("20 00:00"), ["curated.followed"])
        with pytest.raises(ViewError, match=r"did you mean 'prices\.high'"):
            backtest(warehouse, clock.BEGINNING, at("20 00:00"), ["prices.hihg"])


def test_a_bar_behind_the_recall_is_as_long_as_it() -> None:
    found = with_bars(pa.table({"size": [1, 2, 3], "recall_frac": [0.0, 0.5, 1.0], "n": [1, 1, 1]}))

    assert found.schema.names == ["size", "recall_frac", "recall", "n"]
    assert found["recall"].to_pylist() == ["", "█████", "██████████"]
