"""The sample watch list: what is planted goes as many times over its threshold as it says."""

import pytest

from loaders import _sample as sample
from loaders import sample_watch
from tests.samples import events_of, pulled, rows_of

FEED = "sample_watch"


def test_it_is_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_every_line_is_known_before_friday_opens() -> None:
    lines = rows_of(FEED)["watchlists"].to_pylist()

    assert len({line["symbol"] for line in lines}) == len(lines) == len(sample.SIZES)
    assert {line["known_at"] < sample.opens_at(sample.WEEK[-1]) for line in lines} == {True}


def test_prices_go_as_many_times_over_the_threshold_as_the_event_says() -> None:
    bars = rows_of("sample_prices")["equity_bars"].to_pylist()
    lines = {line["symbol"]: line for line in rows_of(FEED)["watchlists"].to_pylist()}
    for event in events_of(FEED):
        own = [bar for bar in bars if bar["symbol"] == event["entity"]]
        closes = [bar["close"] for bar in own if bar["bar"] == "1d"]
        minutes = [
            bar["close"]
            for bar in own
            if bar["bar"] == "1m" and bar["session_date"] == sample.WEEK[-1]
        ]
        line = lines[event["entity"]]
        then = [closes[-2]] * 390
        if line["horizon"] == "15m":
            then[15:] = minutes[:-15]
        way = 1 if event["direction"] == "bull" else -1
        moves = [way * 100 * (now / old - 1) for now, old in zip(minutes, then, strict=True)]
        furthest = max(map(min, moves[1:], moves[:-1]))
        assert furthest / line["threshold_pct"] == pytest.approx(event["size"], rel=1e-5)


def test_crossings_lie_on_both_sides_of_the_threshold_over_both_horizons() -> None:
    lines = rows_of(FEED)["watchlists"].to_pylist()

    assert {event["size"] for event in events_of(FEED)} == {*sample.SIZES}
    assert {line["horizon"] for line in lines} == {*sample_watch.HORIZONS}
