"""Sample short volume: each name keeps to a level of its own, and raised stretches have a size."""

from datetime import UTC, datetime

import numpy as np
import pytest

from loaders import _sample as sample
from loaders import sample_off_exchange
from tests.samples import events_of, pulled, rows_of

FEED = "sample_off_exchange"


def shares() -> sample.Floats:
    """Return the short share, a row a session and a column a ticker."""
    rows = rows_of(FEED)["short_volume"]
    share = rows["short_volume"].to_numpy() / rows["total_volume"].to_numpy()
    return np.asarray(share.reshape(-1, len(sample.TICKERS)))


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_a_share_keeps_to_its_level_for_days() -> None:
    apart = shares()[:100] - shares()[:100].mean(axis=0)
    kept = (apart[1:] * apart[:-1]).mean(axis=0) / (apart**2).mean(axis=0)

    assert 0.3 < kept.mean() < 0.8


def test_a_session_is_known_at_six_in_the_evening_of_new_york() -> None:
    assert rows_of(FEED)["short_volume"]["known_at"][-1].as_py() == datetime(
        2024, 2, 16, 23, tzinfo=UTC
    )


def test_stretches_lie_on_both_sides_of_the_percentile() -> None:
    sizes = [event["size"] for event in events_of(FEED)]

    assert len(sizes) == 12
    assert {0.9, 1.1} <= {*sizes} == {*sample.SIZES}


def test_the_percentile_is_reached_by_those_of_size_1_and_more_alone() -> None:
    days = sample.sessions()[-sample_off_exchange.N_SESSIONS :]
    for event in events_of(FEED):
        place = days.index(event["ends_at"].astimezone(sample.NEW_YORK).date())
        own = shares()[: place + 1, sample.TICKERS.index(event["entity"])]
        reached = sample_off_exchange.percentile(own) >= sample_off_exchange.MIN_PR
        assert reached == (event["size"] >= 1)


def test_the_rise_just_suffices() -> None:
    own = 0.45 + sample.drift(np.random.default_rng(2), 80, 0.5, 0.03)
    raised, less = own.copy(), own.copy()
    needed = sample_off_exchange.rise(own)

    raised[-5:] += needed
    less[-5:] += needed - 0.001

    assert sample_off_exchange.percentile(raised) >= 0.99 > sample_off_exchange.percentile(less)


def test_the_percentile_counts_equals_half() -> None:
    flat = np.full(30, 0.5)

    assert sample_off_exchange.percentile(flat) == pytest.approx(0.5)
