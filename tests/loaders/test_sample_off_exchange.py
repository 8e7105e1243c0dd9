"""Sample short volume: each name keeps to a level of its own, and raised stretches have a size."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from loaders import _sample as sample
from loaders import sample_off_exchange, sample_prices
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


def of(detector: str) -> list[dict[str, Any]]:
    """Return what is planted for a detector."""
    return [event for event in events_of(FEED) if event["detector"] == detector]


def parts() -> sample.Floats:
    """Return the part of volume off exchange, a row a session and a column a ticker."""
    total = rows_of(FEED)["short_volume"]["total_volume"].to_numpy()
    own = total.reshape(-1, len(sample.TICKERS))
    return np.asarray(own / sample_prices.spiked()[0][-len(own) :])


def test_stretches_lie_on_both_sides_of_the_percentile() -> None:
    sizes = [event["size"] for event in of("off_exchange.short_share")]

    assert len(sizes) == 12
    assert {0.9, 1.1} <= {*sizes} == {*sample.SIZES}


def test_the_percentile_is_reached_by_those_of_size_1_and_more_alone() -> None:
    days = sample.sessions()[-sample_off_exchange.N_SESSIONS :]
    for event in of("off_exchange.short_share"):
        place = days.index(event["ends_at"].astimezone(sample.NEW_YORK).date())
        own = shares()[: place + 1, sample.TICKERS.index(event["entity"])]
        reached = sample_off_exchange.percentile(own) >= sample_off_exchange.MIN_PR
        assert reached == (event["size"] >= 1)


def test_a_stretch_lies_where_the_price_is_calm() -> None:
    days = sample.sessions()
    for event in of("off_exchange.short_share"):
        place = days.index(event["ends_at"].astimezone(sample.NEW_YORK).date())
        closes = sample.market().closes[:, sample.TICKERS.index(event["entity"])]
        assert abs(closes[place] / closes[place - 5] - 1) < 0.02


def test_a_part_that_leans_is_as_many_times_the_z_that_is_needed() -> None:
    days = sample.sessions()[-sample_off_exchange.N_SESSIONS :]
    events = of("off_exchange.ratio")
    for event in events:
        place = days.index(event["starts_at"].date())
        own = parts()[: place + 1, sample.TICKERS.index(event["entity"])]
        before = own[-61:-1]
        apart = np.median(np.abs(before - np.median(before)))
        z = 0.6745 * (own[-1] - np.median(before)) / apart
        assert z / 3.5 == pytest.approx(event["size"], rel=0.01)
    assert {event["size"] > 1 for event in events} == {True, False}
    assert parts().max() < 0.95


def test_spikes_lie_on_both_sides_of_twice_the_mean() -> None:
    sizes = [event["size"] for event in of("off_exchange.spike")]

    assert len(sizes) == 12
    assert min(sizes) < 0.9 < 1.1 < max(sizes)
    assert all(abs(size - 1) > 0.02 for size in sizes)


def test_weeks_are_out_three_weeks_later_and_add_up_to_the_sessions() -> None:
    weeks = rows_of(FEED)["otc_volume"].to_pylist()
    totals = rows_of(FEED)["short_volume"].to_pylist()

    week = weeks[0]["week_date"]
    own = [row["volume"] for row in weeks if (row["week_date"], row["symbol"]) == (week, "ALFA")]
    days = [
        row["total_volume"] for row in totals
        if row["symbol"] == "ALFA" and 0 <= (row["session_date"] - week).days < 5
    ]  # fmt: skip
    assert sum(own) == pytest.approx(sum(days), abs=2)
    assert all((row["known_at"].date() - row["week_date"]).days == 22 for row in weeks)
    assert max(row["known_at"] for row in weeks) < datetime(2024, 2, 17, tzinfo=UTC)


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
