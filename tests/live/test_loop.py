"""The loop ticks until it is told to stop; what can't be asked now is asked at the next tick."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import cast

import pytest

from leadline.alerts import Alerts, Tick
from leadline.errors import StoreError, ViewError
from leadline.rules import Rules, Turn
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


class Turns:
    """Rules that tell what they are asked; one of them can't be used."""

    def __init__(self) -> None:
        self.followed: list[object] = []
        self.is_closed = False

    def follow(self, alerts: object) -> None:
        self.followed.append(alerts)

    def tick(self, until: datetime | None, now: datetime | None) -> Turn:
        return Turn([], {"big": "rules/big.toml: it is odd"})

    def close(self) -> None:
        self.is_closed = True


def test_a_rule_that_is_left_out_is_said_once_and_saved_files_are_followed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ticks, fresh, turns, stop = Ticks(), Ticks(), Turns(), Event()
    given = iter([None, fresh, ViewError("sql/x.sql: it is odd"), None])
    told: list[Turn] = []

    def anew(alerts: object) -> Alerts | None:
        found = next(given)
        if isinstance(found, ViewError):
            raise found
        return cast(Alerts, found) if found else None

    def tell(turn: Turn) -> None:
        told.append(turn)
        if len(told) == 2:
            stop.set()

    fresh.asked.append(None)  # its store is away at once
    with caplog.at_level(logging.WARNING):
        loop.run(
            cast(Alerts, ticks), lambda tick: None, stop,
            every_s=0, rules=cast(Rules, turns), told=tell, anew=anew,
        )  # fmt: skip

    assert [len(ticks.asked), len(fresh.asked)] == [1, 3]
    assert (turns.followed, turns.is_closed) == ([fresh], True)
    said = [record.getMessage() for record in caplog.records]
    assert said.count("rule left out rule=big reason=rules/big.toml: it is odd") == 1
    assert "tick left out reason=sql/x.sql: it is odd" in said
