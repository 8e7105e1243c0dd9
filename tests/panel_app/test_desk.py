"""A page's parts show one moment, and follow the ticks."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from panel_app.answers import Answers
from panel_app.desk import Desk
from tests.dashboards import NOON


def clock_of(desk: Desk) -> str:
    clock: Any = desk.clock
    return str(clock.object)


def test_every_part_is_filled_when_it_is_laid_out(answers: Answers) -> None:
    desk = Desk(answers)
    view: Any = desk.tiles(desk.query("from reports.today"), "n_high", "n_low")

    assert clock_of(desk).count("2024-03-05 <b>12:00:00</b>") == 1
    assert "<b>1</b><span>high</span>" in view[0].object
    assert "<b>0</b><span>low</span>" in view[0].object


def test_a_tick_shows_what_was_known_by_then(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[datetime] = [NOON - timedelta(minutes=5)]
    monkeypatch.setattr(answers, "_now", lambda: moments[0])
    desk = Desk(answers)
    view: Any = desk.tiles(desk.query("from reports.today"), "n_high")
    before = view[0].object
    moments[0] = NOON
    asyncio.run(desk.refresh())

    assert "<b>0</b>" in before
    assert "<b>1</b>" in view[0].object
    assert "12:00:00" in clock_of(desk)


def test_a_mistake_stays_in_its_own_place(answers: Answers) -> None:
    desk = Desk(answers)
    wrong: Any = desk.table(desk.query("from reports.frehsness"), "")
    right: Any = desk.table(
        desk.query("select dataset from reports.freshness order by dataset"), ""
    )

    assert "there is no view &#x27;reports.frehsness&#x27;; did you mean" in wrong[0].object
    assert "book_tops" in right[0].object


def test_a_value_fills_a_placeholder(answers: Answers) -> None:
    desk = Desk(answers)
    asked = "select headline from reports.overview where severity = $severity"

    found = desk.ask(desk.query(asked, severity="low")).to_pylist()
    assert found == [{"headline": "old: +1600 to 9278"}]
