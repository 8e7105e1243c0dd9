"""Sample bars: minutes make the sessions, days have their shape, spikes have their size."""

from datetime import datetime, timedelta
from functools import cache
from statistics import median

import numpy as np
import pytest

from loaders import _sample as sample
from loaders import sample_prices
from tests.samples import events_of, kurtosis, pulled, rows_of

FEED = "sample_prices"


@cache
def bars(kind: str) -> list[dict[str, object]]:
    return [row for row in rows_of(FEED)["equity_bars"].to_pylist() if row["bar"] == kind]


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_a_session_is_what_its_minutes_make() -> None:
    day, ticker = sample.WEEK[2], "DLTA"
    own = [row for row in bars("1m") if (row["session_date"], row["symbol"]) == (day, ticker)]
    (session,) = [r for r in bars("1d") if (r["session_date"], r["symbol"]) == (day, ticker)]

    assert len(own) == sample.N_MINUTES
    assert session["open"] == own[0]["open"]
    assert session["close"] == own[-1]["close"]
    assert session["high"] == max(row["high"] for row in own)  # type: ignore[type-var]
    assert session["low"] == min(row["low"] for row in own)  # type: ignore[type-var]
    assert session["volume"] == sum(row["volume"] for row in own)  # type: ignore[misc]


def test_a_day_is_lively_at_both_ends() -> None:
    volume = np.array([row["volume"] for row in bars("1m")], dtype=float)
    by_minute = volume.reshape(5, sample.N_MINUTES, -1).mean(axis=(0, 2))

    assert by_minute[:30].mean() > 1.5 * by_minute[150:240].mean()
    assert by_minute[-30:-1].mean() > 1.2 * by_minute[150:240].mean()


def test_minutes_have_heavy_tails() -> None:
    close = np.array([row["close"] for row in bars("1m")], dtype=float)
    moves = np.diff(np.log(close.reshape(5, sample.N_MINUTES, -1)), axis=1)

    assert kurtosis(moves) > 5


@pytest.mark.parametrize(("kind", "late"), [("1m", 1), ("1d", 390 + 15)])
def test_a_bar_is_known_after_its_end(kind: str, late: int) -> None:
    row = bars(kind)[-1]
    begin, known = row["starts_at"], row["known_at"]

    assert isinstance(begin, datetime)
    assert isinstance(known, datetime)
    assert known - begin == timedelta(minutes=late)


def test_a_spike_is_as_many_times_over_the_rule_as_its_event_says() -> None:
    for event in events_of(FEED):
        own = [row for row in bars("1d") if row["symbol"] == event["entity"]]
        place = next(n for n, row in enumerate(own) if row["starts_at"] == event["starts_at"])
        volume = [float(row["volume"]) for row in own[: place + 1]]  # type: ignore[arg-type]
        ratio = volume[-1] / np.mean(volume[-21:-1]) / 2
        logs = np.log1p(volume[-61:-1])
        spread = median(abs(logs - median(logs)))
        z = 0.6745 * (np.log1p(volume[-1]) - median(logs)) / spread / 3.5
        assert min(ratio, z) == pytest.approx(event["size"], rel=0.01)


def test_spikes_lie_on_both_sides_of_the_rule() -> None:
    sizes = {event["size"] for event in events_of(FEED)}

    assert {0.9, 1.1} <= sizes == {*sample_prices.SIZES}
