"""The loop ticks until it is told to stop; what can't be asked now is asked at the next tick."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import cast

import pytest

from leadline.alerts import Alerts, Tick
from leadline.errors import StoreError
from live import loop
from tests.desks import at, small_desk


class Ticks:
    """Alerts that tell what they are asked; the second time the store is away."""

    def __init__(self) -> None:
        self.asked: list[datetime | None] = []

    def tick(self, until: datetime | None = None) -> Tick:
        self.asked.append(until)
        if len(self.asked) == 2:
            raise StoreError("store: it is away")
        return Tick([], {"prices.high": "it breaks"})


def test_the_loop_goes_on_when_the_store_or_a_detector_breaks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ticks, stop, heard = Ticks(), Event(), list[Tick]()

    def hear(tick: Tick) -> None:
        heard.append(tick)
        if len(heard) == 2:
            stop.set()

    with caplog.at_level(logging.WARNING):
        loop.run(cast(Alerts, ticks), hear, stop, every_s=0)

    assert ticks.asked == [None] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "detector left out detector=prices.high reason=it breaks",
        "tick left out reason=store: it is away",
        "detector left out detector=prices.high reason=it breaks",
    ]


def test_a_replay_says_up_to_which_moment(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.prints(("a", 500, "05 15:00"), ("b", 500, "05 15:10"))
    moments = iter([at("05 15:05"), at("05 15:20")])
    stop, found = Event(), list[str]()

    def hear(tick: Tick) -> None:
        found.extend(alert["alert_key"] for alert in tick.alerts)
        if len(found) == 2:
            stop.set()

    with desk.warehouse() as house, desk.store() as store:
        alerts = Alerts(house, store)
        thread = Thread(
            target=loop.run,
            args=(alerts, hear, stop),
            kwargs={"every_s": 0, "now": lambda: next(moments)},
        )
        thread.start()
        thread.join(30)

    assert found == ["prices.high|a", "prices.high|b"]


def test_a_loop_that_is_stopped_does_not_wait_for_its_next_tick() -> None:
    ticks, stop = Ticks(), Event()
    begun = datetime.now(UTC)

    loop.run(cast(Alerts, ticks), lambda tick: stop.set(), stop, every_s=600)

    assert len(ticks.asked) == 1
    assert datetime.now(UTC) - begun < timedelta(seconds=60)
