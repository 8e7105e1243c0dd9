"""Sample chains: prices, deltas and open interest agree with one another and with the events."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest

from loaders import _sample as sample
from loaders import sample_options
from loaders._sample_chains import N_SESSIONS
from tests.samples import events_of, kurtosis, pulled, rows_of

FEED = "sample_options"
N = N_SESSIONS


def column(name: str, dataset: str = "option_chains") -> sample.Floats:
    """Return a column, a row a session and a column a contract."""
    found = rows_of(FEED)[dataset][name].to_numpy()
    return np.asarray(found, dtype=float).reshape(N - (dataset == "open_interest"), -1)


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_each_of_six_stocks_has_some_fifty_contracts() -> None:
    named = rows_of(FEED)["option_chains"]["underlying"].to_pylist()

    counts = {name: n / N for name, n in Counter(named).items()}
    assert len(counts) == 6
    assert all(40 <= count <= 60 for count in counts.values())


def test_delta_is_what_the_price_does_when_the_stock_moves() -> None:
    delta, gamma = column("delta"), column("gamma")
    calls = np.array(rows_of(FEED)["option_chains"]["put_call"].to_pylist()) == "call"
    is_call = calls.reshape(delta.shape)

    assert np.all((delta >= 0) & (delta <= 1), where=is_call)
    assert np.all((delta >= -1) & (delta <= 0), where=~is_call)
    assert np.all(gamma >= 0)


def test_a_bid_lies_below_its_ask() -> None:
    bid, ask = column("bid"), column("ask")

    assert np.all(bid[~np.isnan(bid)] < ask[~np.isnan(bid)])


def test_volatility_smiles() -> None:
    iv, strike, spot = column("iv"), column("strike"), column("underlying_price")

    assert iv[strike < 0.9 * spot].mean() > iv[np.abs(strike / spot - 1) < 0.03].mean() + 0.02


def test_open_interest_changes_in_leaps_and_mostly_within_the_volume() -> None:
    changes = np.diff(column("open_interest", "open_interest"), axis=0)
    volume = column("volume")[1:-1]

    assert kurtosis((changes - changes.mean(axis=0)) / changes.std(axis=0)) > 5
    assert 0.9 < np.mean(np.abs(changes) <= volume) < 1


def test_open_interest_is_known_the_next_morning_and_a_chain_half_an_hour_after_the_close() -> None:
    newest = {name: rows_of(FEED)[name].to_pylist()[-1] for name in sample_options.FEED.writes[1:]}

    assert newest["open_interest"]["known_at"] == datetime(2024, 2, 16, 11, 30, tzinfo=UTC)
    assert newest["option_chains"]["known_at"] == datetime(2024, 2, 16, 21, 30, tzinfo=UTC)


def test_a_planted_change_is_as_many_times_the_threshold_as_its_event_says() -> None:
    interest = column("open_interest", "open_interest")
    symbols = rows_of(FEED)["open_interest"]["contract"].to_pylist()[: interest.shape[1]]
    days = sample.sessions()[-N:]
    mid = (column("bid") + column("ask")) / 2
    for event in events_of(FEED):
        words = event["note"].split()
        contract = symbols.index(event["subject"])
        place = days.index(datetime.fromisoformat(words[-1]).date())
        changes = np.diff(interest[:, contract])
        usual = np.abs(changes[place - 21 : place - 1]).mean()
        change = abs(changes[place - 1])
        assert change / usual / 5 == pytest.approx(event["size"], rel=0.01)
        assert change >= 1_000
        assert change * mid[place, contract] * 100 >= 1_000_000


def test_planted_changes_lie_on_both_sides_of_the_threshold() -> None:
    sizes = [event["size"] for event in events_of(FEED)]

    assert sorted(sizes) == sorted(2 * sample.SIZES)
