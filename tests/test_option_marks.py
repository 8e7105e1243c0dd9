"""A cancel, a late report, kept days: what stood at a mark is what fires, however it is asked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline import clock
from leadline.clock import Span
from leadline.refresh import refresh
from leadline.warehouse import Warehouse
from tests.desks import load_into, real_store
from tests.doors import door, opened, rows
from tests.option_sessions import whole_sessions
from tests.slices import slices

DETECTOR = "detectors.options_high_volume"
SESSIONS, OPENS_AT = whole_sessions(date(2024, 3, 1), 22)
TODAY = len(SESSIONS) - 1
OPENED, MIDNIGHT = OPENS_AT[-1], datetime(2024, 3, 1, tzinfo=UTC)
CODES = {"209": "regular", "201": "cancel"}


def opened_at(minutes: float, session: int = -1) -> datetime:
    """Return a moment so many minutes after a session's open."""
    return OPENS_AT[session] + timedelta(minutes=minutes)


def print_of(
    session: int, minutes: float, size: int, known: float | None = None, code: str = "209"
) -> dict[str, Any]:
    """Return a print of one call at 10 USD; it is known as it happens, or later."""
    return {
        "contract": "AAPL240621C00180000", "venue": "302",
        "trade_id": f"{session} {minutes} {code}",
        "traded_at": opened_at(minutes, session), "calendar": "XNYS",
        "session_date": SESSIONS[session], "root": "AAPL", "expiration": date(2024, 6, 21),
        "strike": 180, "put_call": "call", "price": 10, "size": size, "currency": "USD",
        "condition": code, "known_at": opened_at(known or minutes, session),
    }  # fmt: skip


def prints() -> list[dict[str, Any]]:
    """A month of about 120 contracts by the first mark, and a session of a thousand."""
    before = [
        print_of(session, minutes, size)
        for session in range(TODAY)
        for minutes, size in ((15, 100 + 37 * session % 41), (75, 50))
    ]
    today = [
        print_of(TODAY, 20, 400),
        print_of(TODAY, 25, 600),
        print_of(TODAY, 40, 600, code="201"),  # of the 600
        print_of(TODAY, 21, 5_000, known=110),
    ]
    return before + today


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = real_store(tmp_path_factory.mktemp("marks") / "store")
    meaning = {
        "source_feed": "prints", "asset": "option", "tape": "any", "is_iso": False,
        "is_floor": False,
        "valid_from": date(1970, 1, 1), "known_at": clock.BEGINNING,
    }  # fmt: skip
    words = [
        {**meaning, "condition": code, "name": name, "trade_class": name, "meaning": name}
        for code, name in CODES.items()
    ]
    with opened(place) as store:
        load_into(store, "conditions", words)
        load_into(store, "option_trades", prints(), feed="prints")
    return place


@pytest.fixture(scope="module", params=[pytest.param("computed", marks=pytest.mark.soak), "kept"])
def house(request: pytest.FixtureRequest, place: Path) -> Iterator[Warehouse]:
    """Open the views with no day kept, and then with those of the last week."""
    with door(place) as house:
        if request.param == "kept":
            week = MIDNIGHT - timedelta(days=4)
            made = [each for each in refresh(house, clock.now(), since=week) if each.n_rows]
            assert len(made) == 3 * sum(day >= week.date() for day in SESSIONS)
        yield house


@pytest.mark.soak
def test_a_mark_holds_what_stood_then(house: Warehouse) -> None:
    found = house.ask("features.option_marks", OPENED, opened_at(121)).filter("term = 'all'")

    volumes = {row["mark"]: row["volume"] for row in rows(found)}
    assert volumes == {1: 1_000, 2: 400, 3: 400, 4: 5_400}


def test_a_cancel_and_a_late_report_change_nothing_that_fired(house: Warehouse) -> None:
    (alert,) = rows(house.ask(DETECTOR, MIDNIGHT, MIDNIGHT + timedelta(days=1)))

    assert alert["alert_key"] == "options.high_volume|AAPL|call|2024-03-01"
    assert alert["fired_at"] == opened_at(30)
    assert alert["headline"].startswith("AAPL: 1000 calls in the first 30 minutes")
    assert alert["score"] == 39  # of a month


def test_it_fires_as_soon_as_the_mark_is_over_and_not_before(house: Warehouse) -> None:
    instant = timedelta(microseconds=1)
    found = [
        [row["fired_at"] for row in rows(house.ask(DETECTOR, since, until))]
        for since, until in (
            (MIDNIGHT, opened_at(30)),
            (opened_at(30), opened_at(30) + instant),
            (opened_at(30) + instant, opened_at(600)),
        )
    ]

    assert found == [[], [opened_at(30)], []]


@pytest.mark.parametrize("n_before", [1, pytest.param(3, marks=pytest.mark.soak)])
def test_slices_answer_as_the_whole(house: Warehouse, n_before: int) -> None:
    span = Span(MIDNIGHT - timedelta(days=n_before), MIDNIGHT + timedelta(days=1))
    days = [span.since + timedelta(days=n) for n in range(n_before + 1)]

    n_alerts, odd = slices(house, DETECTOR, span, days, [opened_at(60), opened_at(120)])

    assert (n_alerts, odd) == (1, [])
