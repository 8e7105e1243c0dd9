"""New York's sessions, mornings and the present."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leadline import clock
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.errors import FeedError
from loaders._new_york import (
    interest_known_at,
    midnight,
    need_present,
    session_before,
    sessions,
    sessions_after,
    touched,
)


@pytest.mark.parametrize(
    ("session", "before"),
    [
        (date(2024, 11, 18), date(2024, 11, 15)),  # a Monday
        (date(2024, 11, 29), date(2024, 11, 27)),  # after Thanksgiving
        (date(2024, 11, 23), None),  # a Saturday
    ],
)
def test_the_session_before_is_the_exchanges_own(session: date, before: date | None) -> None:
    assert session_before(session) == before


def test_a_session_has_its_open_and_its_close_and_a_holiday_none() -> None:
    found = sessions(date(2024, 11, 28), date(2024, 11, 30))

    assert found == {
        date(2024, 11, 29): (
            datetime(2024, 11, 29, 14, 30, tzinfo=UTC), datetime(2024, 11, 29, 18, tzinfo=UTC),
        )
    }  # fmt: skip


def test_midnight_is_new_york_s() -> None:
    assert midnight(date(2024, 3, 11)) == datetime(2024, 3, 11, 4, tzinfo=UTC)


def test_a_day_s_span_touches_that_day_and_none_that_is_to_come() -> None:
    days = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 5, tzinfo=UTC))

    assert touched(days, datetime(2024, 4, 1, tzinfo=UTC)) == (date(2024, 3, 1), date(2024, 3, 4))
    assert touched(days, datetime(2024, 3, 2, 12, tzinfo=UTC)) == (
        date(2024, 3, 1), date(2024, 3, 2),
    )  # fmt: skip
    assert touched(days, datetime(2024, 2, 1, tzinfo=UTC)) == (date(2024, 3, 1),) * 2


def test_sessions_after_a_day_leave_out_holidays() -> None:
    assert sessions_after(date(2024, 11, 27), 1) == date(2024, 11, 29)
    assert sessions_after(date(2024, 12, 31), 8) == date(2025, 1, 14)


def test_open_interest_is_known_on_the_morning_by_new_york_s_clock() -> None:
    winter, summer = (interest_known_at(date(2024, 3, day)) for day in (8, 11))

    assert winter == datetime(2024, 3, 8, 11, 30, tzinfo=UTC)
    assert summer == datetime(2024, 3, 11, 10, 30, tzinfo=UTC)


def test_a_span_that_ended_just_now_holds_now() -> None:
    for until in (FOREVER, clock.now() - timedelta(minutes=1)):
        need_present("feed", "Somebody", Span(BEGINNING, until))


def test_a_span_of_the_past_is_refused() -> None:
    past = Span(BEGINNING, datetime(2024, 3, 1, tzinfo=UTC))

    with pytest.raises(FeedError) as told:
        need_present("feed", "Somebody", past)

    assert str(told.value) == (
        "feed: 1970-01-01 00:00:00Z to 2024-03-01 00:00:00Z is not the present, which is all "
        "that Somebody tells; leave --since and --until out"
    )
