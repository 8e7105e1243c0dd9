"""The market of the sample feeds is invented, the same each time, and moves as markets do."""

from datetime import UTC, datetime

import numpy as np
import pytest

from leadline.clock import Span
from loaders import _sample as sample
from tests.samples import kurtosis
from tests.stores import real_sessions

SPAN = Span(datetime(2023, 3, 31, tzinfo=UTC), datetime(2024, 2, 17, tzinfo=UTC))


def returns() -> sample.Floats:
    return np.asarray(np.diff(np.log(sample.market().closes), axis=0))


def test_its_sessions_are_those_of_new_york() -> None:
    real = real_sessions(SPAN)

    assert list(sample.sessions()) == [row["session_date"] for row in real]
    for row in real:
        day = row["session_date"]
        hours = (sample.opens_at(day), sample.closes_at(day))
        assert hours == (row["opens_at"], row["closes_at"])


@pytest.mark.parametrize("number", range(26))
def test_a_cusip_has_a_right_check_digit_and_lies_where_nobody_is_given_one(number: int) -> None:
    cusip = sample.cusip(number)

    # By the book: every second digit twice, the digits of all products added up.
    spelled = "".join(str(int(digit) * (1, 2)[n % 2]) for n, digit in enumerate(cusip[:8]))
    assert (sum(map(int, spelled)) + int(cusip[8])) % 10 == 0
    assert cusip.startswith("99")
    assert len(cusip) == 9


def test_the_market_is_the_same_each_time() -> None:
    first = sample.market()

    again = sample.drawn_market()

    assert np.array_equal(first.minutes, again.minutes)
    assert np.array_equal(first.volumes, again.volumes)


def test_names_move_together() -> None:
    pairs = np.asarray(np.corrcoef(returns().T))[np.triu_indices(len(sample.TICKERS), 1)]

    assert 0.15 < pairs.mean() < 0.7


def test_shocks_have_heavy_tails() -> None:
    own = returns()

    assert kurtosis((own - own.mean(axis=0)) / own.std(axis=0)) > 4


def test_volatility_comes_in_clusters() -> None:
    size = np.abs(sample.market().factor.reshape(-1, 10)).sum(axis=1)

    assert np.corrcoef(size[1:], size[:-1])[0, 1] > 0.3


def test_the_market_is_livelier_while_new_york_is_open() -> None:
    day = np.abs(sample.market().factor[:1_440])

    assert day[870:1_260].mean() > 2 * day[:870].mean()


def test_a_drift_keeps_its_spread_and_its_memory() -> None:
    path: sample.Floats = sample.drift(np.random.default_rng(1), 50_000, 0.9, 2.0)

    assert path.std() == pytest.approx(2, rel=0.1)
    assert np.corrcoef(path[1:], path[:-1])[0, 1] == pytest.approx(0.9, abs=0.02)


def test_planted_events_are_numbered_and_known_as_they_begin() -> None:
    begins = datetime(2024, 2, 12, 15, tzinfo=UTC)
    row = {"entity": "ALFA", "starts_at": begins, "ends_at": begins, "size": 2, "note": "raised"}

    dataset, table = sample.planted("prices.volume_spike", [row, row | {"subject": "ALFA of CBOE"}])

    found = table.to_pylist()
    assert dataset == "events"
    assert [each["event_id"][-2:] for each in found] == ["01", "02"]
    assert found[0]["known_at"] == begins
    assert [each["subject"] for each in found] == [None, "ALFA of CBOE"]


def test_another_seed_draws_another_market_and_the_sample_stays_as_it_is() -> None:
    before = sample.market()

    with sample.drawn(7):
        other, again = sample.market(), sample.market()

    assert other is again
    assert not np.array_equal(before.closes, other.closes)
    assert other.closes.shape == before.closes.shape
    assert sample.market() is before
