"""Sessions are those of the exchanges' own rules."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.clock import BEGINNING, Span
from leadline.feed import Http
from leadline.load import over_network
from loaders import sessions
from tests.stores import ask, opened

NOBODY = cast(Http, None)
SPAN = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC))
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Return each calendar's sessions as they are pulled."""
    pulled = [cast(Any, batch).to_pylist() for _, batch in sessions.pull(SPAN, NOBODY)]
    return {batch[0]["calendar"]: batch for batch in pulled}


def by_day(rows: list[dict[str, Any]]) -> dict[date, dict[str, Any]]:
    return {row["session_date"]: row for row in rows}


def test_there_are_three_calendars(rows: Rows) -> None:
    assert list(rows) == ["XNYS", "CMES", "24/7"]


def test_they_go_from_1990_to_the_end_of_the_year_after_the_span(rows: Rows) -> None:
    days = [row["session_date"] for row in rows["XNYS"]]

    assert (days[0], days[-1]) == (date(1990, 1, 2), date(2025, 12, 31))


@pytest.mark.parametrize("name", sessions.CALENDARS)
def test_sessions_are_counted_from_0_without_a_gap(name: str, rows: Rows) -> None:
    counted = [row["sequence"] for row in rows[name]]

    assert counted == list(range(len(counted)))


def test_a_holiday_is_no_session(rows: Rows) -> None:
    assert date(2019, 5, 27) not in by_day(rows["XNYS"])


def test_a_day_of_mourning_is_no_session(rows: Rows) -> None:
    assert date(2018, 12, 5) not in by_day(rows["XNYS"])


def test_a_session_opens_and_closes_by_new_york_s_clock(rows: Rows) -> None:
    winter, summer = (by_day(rows["XNYS"])[date(2024, 3, day)] for day in (8, 11))

    assert winter["opens_at"] == datetime(2024, 3, 8, 14, 30, tzinfo=UTC)
    assert summer["closes_at"] == datetime(2024, 3, 11, 20, 0, tzinfo=UTC)


def test_the_day_after_thanksgiving_is_half_a_session(rows: Rows) -> None:
    friday = by_day(rows["XNYS"])[date(2024, 11, 29)]

    assert friday["is_half_session"]
    assert friday["closes_at"] == datetime(2024, 11, 29, 18, tzinfo=UTC)


def test_a_futures_session_opens_the_evening_before(rows: Rows) -> None:
    monday = by_day(rows["CMES"])[date(2024, 3, 11)]

    assert monday["opens_at"] == datetime(2024, 3, 10, 22, tzinfo=UTC)


def test_what_never_closes_has_a_session_every_utc_day(rows: Rows) -> None:
    sunday = by_day(rows["24/7"])[date(2024, 3, 10)]

    assert sunday["opens_at"] == datetime(2024, 3, 10, tzinfo=UTC)
    assert sunday["closes_at"] == datetime(2024, 3, 11, tzinfo=UTC)


def test_a_rule_is_known_from_the_beginning(rows: Rows) -> None:
    known = {row["known_at"] for each in rows.values() for row in each}

    assert known == {BEGINNING}


def test_every_session_keeps_the_contract_of_the_store(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        (loaded,) = over_network("sessions", sessions, store, SPAN, NOBODY)

    assert (loaded.coverage, loaded.n_rejected) == ("all", 0)
    assert len(ask(tmp_path, "raw.sessions")) == loaded.n_rows
