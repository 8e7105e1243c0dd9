"""What a loader works with, and the steps that its spans are cut into."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadline.clock import BEGINNING, Span
from leadline.feed import Batch, Feed, batches, from_ms, to_ms
from leadline.load import steps

CARD = Feed(writes=("prints",), files="SPX_*.csv")
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 31), timezones=st.just(UTC))


def test_a_card_knows_its_files_by_their_names() -> None:
    names = ["SPX_20190426.csv", "SPX_20190426.txt", "a_SPX_20190426.csv"]

    known = [name for name in names if CARD.knows(name)]

    assert known == ["SPX_20190426.csv"]


def test_a_batch_passes_as_it_came() -> None:
    yielded: list[Batch] = [("prints", [{"price": 1}])]

    assert list(batches("test", CARD, iter(yielded))) == yielded


def test_a_dataset_that_the_card_leaves_out_stops_the_loader() -> None:
    def pull() -> Iterator[Batch]:
        yield "quotes", []

    with pytest.raises(KeyError, match="test writes quotes, which its card does not name"):
        list(batches("test", CARD, pull()))


@given(st.integers(0, 253_402_300_799_999))
def test_milliseconds_come_back_as_they_went(value: int) -> None:
    assert to_ms(from_ms(value)) == value


@given(MOMENTS)
@example(datetime(2024, 3, 1, 15, 0, 0, 999_999, tzinfo=UTC))
def test_a_moment_is_rounded_down_to_its_millisecond(when: datetime) -> None:
    rounded = from_ms(to_ms(when))

    assert timedelta(0) <= when - rounded < timedelta(milliseconds=1)


@given(MOMENTS, st.integers(1, 40 * 86_400), st.integers(1, 30))
def test_steps_cover_a_span_without_gap_or_overlap(since: datetime, long_s: int, days: int) -> None:
    span = Span(since, since + timedelta(seconds=long_s))

    cut = steps(span, days)

    assert cut[0].since <= span.since < cut[0].until
    assert cut[-1].since < span.until <= cut[-1].until
    assert all(one.until == two.since for one, two in pairwise(cut))


@given(MOMENTS, MOMENTS, st.integers(1, 30))
def test_two_spans_that_share_a_moment_share_its_step(
    one: datetime, two: datetime, days: int
) -> None:
    shared, end = max(one, two), max(one, two) + timedelta(seconds=1)

    ends = [steps(Span(since, end), days)[-1] for since in (one, two, shared)]

    assert ends[0] == ends[1] == ends[2]


def test_a_step_of_0_days_takes_the_span_as_it_is() -> None:
    span = Span(BEGINNING + timedelta(hours=7), BEGINNING + timedelta(days=9))

    assert steps(span, 0) == [span]
