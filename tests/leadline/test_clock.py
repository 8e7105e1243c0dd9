"""Moments and spans are UTC and half-open."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.clock import Span, days, moment, now, replay, stamp
from leadline.errors import QueryError

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)


def test_a_day_is_its_first_moment_in_utc() -> None:
    assert moment("2024-01-01") == NEW_YEAR


def test_a_zone_is_turned_into_utc() -> None:
    read = moment("2024-01-01T02:00+02:00")

    assert read == NEW_YEAR
    assert read.tzinfo is UTC


def test_what_is_no_moment_is_told_with_an_example() -> None:
    with pytest.raises(QueryError) as told:
        moment("yesterday")

    said = "'yesterday' is no moment; write 2024-03-01 or 2024-03-01T15:00Z"
    assert str(told.value) == said


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=-1)])
def test_a_span_goes_forward(later: timedelta) -> None:
    with pytest.raises(QueryError, match="is not before"):
        Span(NEW_YEAR, NEW_YEAR + later)


def test_a_stamp_shows_microseconds_only_where_there_are_some() -> None:
    assert stamp(NEW_YEAR) == "2024-01-01 00:00:00Z"
    assert stamp(NEW_YEAR + timedelta(microseconds=5)) == "2024-01-01 00:00:00.000005Z"


def test_the_end_of_a_span_is_not_one_of_its_days() -> None:
    assert days(Span(NEW_YEAR, NEW_YEAR + timedelta(days=2))) == [
        date(2024, 1, 1),
        date(2024, 1, 2),
    ]


def test_a_span_within_a_day_touches_it() -> None:
    tokyo = timezone(timedelta(hours=9))
    evening = datetime(2024, 1, 2, 8, tzinfo=tokyo)  # still the first in UTC

    assert days(Span(evening, evening + timedelta(minutes=1))) == [date(2024, 1, 1)]


def test_now_is_in_utc() -> None:
    assert now().tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00+05:00", "9999-12-31T23:00-05:00", ""])
def test_a_moment_that_utc_cannot_write_is_no_moment(text: str) -> None:
    with pytest.raises(QueryError) as told:
        moment(text)

    assert str(told.value).startswith(f"'{text}' is no moment; ")


def test_a_span_that_goes_back_is_told_with_both_moments() -> None:
    with pytest.raises(QueryError) as told:
        Span(NEW_YEAR, NEW_YEAR)

    said = "span: 2024-01-01 00:00:00Z is not before 2024-01-01 00:00:00Z"
    assert str(told.value) == said


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_a_stamp_is_read_as_the_moment_it_was_written_for(when: datetime) -> None:
    assert moment(stamp(when)) == when


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=40)),
)
def test_a_span_touches_the_days_of_its_first_and_last_moment_and_all_between(
    since: datetime, long: timedelta
) -> None:
    touched = days(Span(since, since + long))

    last = since + long - timedelta(microseconds=1)
    assert (touched[0], touched[-1]) == (since.date(), last.date())
    assert len(touched) == (last.date() - since.date()).days + 1


def test_a_replay_begins_with_its_first_reading_and_stands_at_its_end() -> None:
    span = Span(moment("2024-03-01T15:00Z"), moment("2024-03-01T15:30Z"))

    slow, fast = replay(span, speed=0.001), replay(span, speed=1e12)

    assert span.since <= slow() <= slow() < moment("2024-03-01T15:01Z")
    fast()
    assert fast() == span.until
