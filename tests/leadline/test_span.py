"""How far before a span a view reads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.clock import BEGINNING
from leadline.errors import StoreError, ViewError
from leadline.span import NOTHING, Needs

HERE = Path("v.sql")
FIRST = datetime(2024, 3, 1, 21, tzinfo=UTC)
CLOSES = {"XNYS": [FIRST + timedelta(days=n) for n in range(30)]}


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        (None, NOTHING),
        ("0s", NOTHING),
        ("90s", Needs(time=timedelta(seconds=90))),
        ("2h", Needs(time=timedelta(hours=2))),
        ("1 session", Needs(sessions=1)),
        ("20 sessions CMES", Needs(sessions=20, calendar="CMES")),
        ("all", Needs(is_all=True)),
    ],
)
def test_a_header_says_it_in_words(text: str | None, needs: Needs) -> None:
    assert Needs.of(text, HERE, 1) == needs


def test_other_words_are_told_with_their_line() -> None:
    with pytest.raises(ViewError) as told:
        Needs.of("20 days", HERE, 5)

    said = "v.sql:5: needs is '20 days'; it takes 90s, 20 sessions, 20 sessions CMES or all"
    assert str(told.value) == said


def test_time_is_taken_off() -> None:
    assert Needs(time=timedelta(hours=1)).before(FIRST, {}) == FIRST - timedelta(hours=1)


def test_all_is_from_the_beginning() -> None:
    assert Needs(is_all=True).before(FIRST, {}) == BEGINNING


def test_two_sessions_before_noon_begin_at_the_close_that_two_closes_followed() -> None:
    noon = FIRST + timedelta(days=5, hours=-5)  # four days after the first the last one closed

    assert Needs(sessions=2).before(noon, CLOSES) == FIRST + timedelta(days=2)


def test_a_close_itself_counts_as_closed() -> None:
    assert Needs(sessions=1).before(FIRST + timedelta(days=3), CLOSES) == FIRST + timedelta(days=2)


def test_more_sessions_than_there_are_is_the_beginning() -> None:
    assert Needs(sessions=50).before(FIRST, CLOSES) == BEGINNING


def test_a_calendar_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="run leadline load sessions"):
        Needs(sessions=1, calendar="XLON").before(FIRST, CLOSES)


@given(
    st.integers(0, 29 * 86_400), st.integers(0, 29 * 86_400), st.integers(0, 9), st.integers(0, 9)
)
def test_a_later_span_and_a_smaller_need_never_read_earlier(
    early: int, late: int, few: int, many: int
) -> None:
    early, late = sorted((early, late))
    few, many = sorted((few, many))
    moments = [FIRST + timedelta(seconds=each) for each in (early, late)]

    reach = Needs(sessions=many).before(moments[0], CLOSES)

    assert reach <= Needs(sessions=many).before(moments[1], CLOSES)
    assert reach <= Needs(sessions=few).before(moments[0], CLOSES)
    assert reach <= moments[0]


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.integers(0, 10**7))
def test_time_before_a_later_span_is_later_and_never_before_the_beginning(
    early: int, late: int, need: int
) -> None:
    early, late = sorted((early, late))
    needs = Needs(time=timedelta(seconds=need))

    reach = [needs.before(BEGINNING + timedelta(seconds=each), {}) for each in (early, late)]

    assert BEGINNING <= reach[0] <= reach[1] <= BEGINNING + timedelta(seconds=late)


def test_a_calendar_that_is_not_there_is_named() -> None:
    with pytest.raises(StoreError) as told:
        Needs(sessions=1, calendar="XLON").before(FIRST, CLOSES)

    said = "raw.sessions: it holds no calendar XLON; run leadline load sessions"
    assert str(told.value) == said


@given(st.integers(0, 8), st.integers(0, 20 * 24))
def test_no_span_needs_more_than_at_most(sessions: int, hours: int) -> None:
    closes = {"XNYS": [FIRST + timedelta(days=n * n) for n in range(15)]}
    needs, since = Needs(sessions=sessions), FIRST + timedelta(days=100, hours=hours)

    longest = needs.at_most(closes)

    assert longest is not None
    assert since - needs.before(since, closes) <= longest


def test_more_sessions_than_there_are_have_no_bound() -> None:
    assert Needs(sessions=30).at_most(CLOSES) is None
    assert Needs(is_all=True).at_most(CLOSES) is None
