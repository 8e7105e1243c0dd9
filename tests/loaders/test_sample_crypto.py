"""Sample books and trades: whole, in order, lively in the afternoon, one-sided where it is told."""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from loaders import _sample as sample
from loaders import sample_crypto
from tests.samples import events_of, kurtosis, pulled, rows_of

FEED = "sample_crypto"


@cache
def of(dataset: str, name: str, pair: str = "BTC-USDT") -> sample.Floats:
    """Return a column of a pair; moments are seconds since 1970."""
    rows = rows_of(FEED)[dataset]
    column = rows[name].filter(np.asarray(rows["pair"]) == pair).to_numpy()
    if np.issubdtype(column.dtype, np.datetime64):
        return np.asarray(column.astype("datetime64[us]").astype(np.int64) / 1e6)
    return np.asarray(column)


@cache
def obi(pair: str) -> sample.Floats:
    bids, asks = of("book_tops", "bid_size_5", pair), of("book_tops", "ask_size_5", pair)
    return np.asarray((bids - asks) / (bids + asks))


def test_they_are_the_same_each_time() -> None:
    again = pulled(FEED)

    assert all(again[name] == rows for name, rows in rows_of(FEED).items())


@pytest.mark.parametrize("pair", ["BTC-USDT", "ETH-USDT"])
@pytest.mark.parametrize("side", ["bid", "ask"])
def test_the_depths_lie_within_one_another(pair: str, side: str) -> None:
    best = of("book_tops", f"{side}_size", pair)
    five = of("book_tops", f"{side}_size_5", pair)
    near = of("book_tops", f"{side}_size_10bps", pair)

    assert np.all((best > 0) & (best <= five + 1e-9))
    assert np.all(five <= near + 1e-9)


@pytest.mark.parametrize("pair", ["BTC-USDT", "ETH-USDT"])
def test_messages_come_in_order_and_are_known_after_they_are_sent(pair: str) -> None:
    for name in ("exchange_at", "known_at", "update_id"):
        assert np.all(np.diff(of("book_tops", name, pair)) > 0)
    assert np.all(of("book_tops", "known_at", pair) > of("book_tops", "exchange_at", pair))


def test_both_pairs_move_together_and_with_heavy_tails() -> None:
    minutes = []
    for pair in ("BTC-USDT", "ETH-USDT"):
        at, price = of("book_tops", "known_at", pair), of("book_tops", "best_bid", pair)
        minutes.append(np.interp(np.arange(at[0], at[-1], 60), at, np.log(price)))
    moves = np.diff(minutes, axis=1)

    assert np.corrcoef(moves)[0, 1] > 0.5
    assert kurtosis(moves[0]) > 4


def test_a_book_leans_and_comes_back() -> None:
    lean = obi("BTC-USDT")

    kept = [np.corrcoef(lean[n:], lean[:-n])[0, 1] for n in (1, 30)]
    assert kept[0] > 0.6
    assert abs(kept[1]) < 0.05


def test_sizes_of_trades_have_a_heavy_tail_and_trades_come_in_bursts() -> None:
    size, at = of("crypto_trades", "size"), of("crypto_trades", "traded_at")
    by_second = np.bincount((at - at[0]).astype(int))

    assert np.quantile(size, 0.999) > 50 * np.median(size)
    assert by_second.var() > 1.5 * by_second.mean()


def test_trades_come_most_when_new_york_opens_and_most_of_all_in_the_half_hour() -> None:
    hour = of("crypto_trades", "traded_at") / 1_800 % 48

    by_half_hour = np.bincount(hour.astype(int), minlength=48)
    assert by_half_hour[30] == by_half_hour.max()
    assert by_half_hour[28:34].mean() > 2 * by_half_hour[4:10].mean()


def test_the_missing_minute_is_told_and_an_epoch_ends_there() -> None:
    (gap,) = rows_of(FEED)["feed_gaps"].to_pylist()
    at, epoch = of("book_tops", "known_at"), of("book_tops", "epoch")

    longest = int(np.argmax(np.diff(at)))
    bounds = (gap["began_at"].timestamp(), gap["ended_at"].timestamp())
    assert bounds == pytest.approx((at[longest], at[longest + 1]), abs=1e-6)
    assert 60 < bounds[1] - bounds[0] < 62
    assert epoch[longest] != epoch[longest + 1]


def test_levels_are_told_in_the_half_hour_alone_and_begin_with_a_snapshot() -> None:
    at, is_snapshot = of("book_updates", "known_at"), of("book_updates", "is_snapshot")
    since = datetime(2024, 2, 16, 15, tzinfo=UTC)

    assert since.timestamp() <= at.min()
    assert at.max() < (since + timedelta(minutes=30, seconds=1)).timestamp()
    assert is_snapshot.sum() == 16
    assert is_snapshot[:16].all()


def test_an_imbalance_lasts_as_long_as_its_event_says() -> None:
    for event in events_of(FEED):
        pair = event["entity"].split(":")[1]
        at, lean = of("book_tops", "exchange_at", pair), obi(pair)
        side = 1 if event["direction"] == "bull" else -1
        place = int(np.searchsorted(at, event["starts_at"].timestamp() - 1e-7))
        is_over = side * lean[place:] < 0.9
        lasts = at[place + int(np.argmax(is_over))] - at[place]
        assert lasts / sample_crypto.LEAST_S == pytest.approx(event["size"], abs=1e-5)
        assert side * lean[place - 1] < 0.5


def test_several_imbalances_lie_in_the_half_hour_and_on_both_sides_of_the_threshold() -> None:
    events = events_of(FEED)

    late = [event for event in events if event["starts_at"] > sample_crypto.HALF_HOUR]
    assert len(late) == 5
    assert {0.5, 0.9, 1.1, 13.0} <= {event["size"] for event in events}
