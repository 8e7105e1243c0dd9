"""Sample stock bars: a few months of sessions and a week of minutes; no source is asked.

Source: invented here, from a seed; volume spikes of known size are planted and told in events.
Limits: 115 sessions to 2024-02-16, the last five by the minute too.
Quirks: a minute is known at its end, a session 15 min after its close, as a vendor's would be;
    the last minute holds the closing auction.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders._sample import TICKERS, Floats, Ints

FEED = Feed(writes=("events", "equity_bars"), step=0)

N_SESSIONS = 115
DELAY_US = 15 * 60 * 1_000_000
# From 3 times on, a spike by the log rule would be more than a stock has ever seen.
SIZES = (0.5, 0.7, 0.9, 1.1, 1.5, 2.0, 0.5, 0.9, 1.1, 1.5, 2.0, 3.0)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted spikes, the minutes of the week and the sessions."""
    volumes, spikes = spiked()
    chance = sample.rng("spikes")
    yield sample.planted("prices.volume_spike", spikes)
    week = minutes(chance, volumes[-5:])
    yield "equity_bars", week
    yield "equity_bars", days(chance, volumes, week)


def drawn_spikes() -> tuple[Ints, list[dict[str, object]]]:
    """Return every session's volume with the planted spikes in it, and what was planted."""
    volumes = sample.market().volumes.copy()
    spikes: list[dict[str, object]] = []
    for number, size in enumerate(SIZES):
        day, ticker = number % 5, (number * 5 + 2) % len(TICKERS)
        place = len(volumes) - 5 + day
        volumes[place, ticker] = spike(volumes[:place, ticker], size)
        session = sample.WEEK[day]
        spikes.append(
            {
                "entity": TICKERS[ticker],
                "starts_at": sample.opens_at(session),
                "ends_at": sample.at(session, 16, 30),
                "size": size,
                "note": f"the session's volume is {volumes[place, ticker]:,} shares; size is the "
                "lower of its modified z over 60 sessions by 3.5 and its ratio to 20 by 2",
            }
        )
    return volumes, spikes


spiked = sample.of_seed(drawn_spikes)


def spike(before: Ints, size: float) -> int:
    """Return the volume that lies so many times over the rule's two thresholds, on the lower."""
    logs = np.log1p(before[-60:].astype(float))
    middle = float(np.median(logs))
    spread = float(np.median(np.abs(logs - middle)))
    by_log = np.expm1(middle + size * 3.5 * spread / 0.6745)
    return int(np.rint(max(by_log, size * 2 * float(before[-20:].mean()))))


def minutes(chance: np.random.Generator, volumes: Ints) -> pa.Table:
    """Return a bar for every minute of the week; they add up to the session's volume."""
    market = sample.market()
    shape = (5, sample.N_MINUTES, len(TICKERS))
    close = market.minutes
    opened = np.concatenate([market.opens[:, None], close[:, :-1]], axis=1)
    high, low = spread(chance, opened, close, 0.0003)
    weights = sample.pace()[:, None] * chance.gamma(4, 0.25, shape)
    shares = np.floor(weights / weights.sum(axis=1, keepdims=True) * volumes[:, None])
    shares[:, -1] += volumes - shares.sum(axis=1)
    begins = np.array([sample.micros(sample.opens_at(day)) for day in sample.WEEK])
    starts = begins[:, None] + np.arange(sample.N_MINUTES) * 60_000_000
    return bars(
        "1m", np.broadcast_to(starts[..., None], shape), 60_000_000,
        [day for day in sample.WEEK for _ in range(shape[1] * shape[2])],
        (opened, high, low, close), shares,
    )  # fmt: skip


def days(chance: np.random.Generator, volumes: Ints, week: pa.Table) -> pa.Table:
    """Return a bar for every session; those of the week are what their minutes make."""
    market, own = sample.market(), sample.sessions()[-N_SESSIONS:]
    close = market.closes[-N_SESSIONS:]
    before = market.closes[-N_SESSIONS - 1 : -1]
    opened = np.round(before * (close / before) ** 0.3, 2)
    high, low = spread(chance, opened, close, 0.006)
    shape = (5, sample.N_MINUTES, len(TICKERS))
    opened[-5:] = market.opens
    high[-5:] = week["high"].to_numpy().reshape(shape).max(axis=1)
    low[-5:] = week["low"].to_numpy().reshape(shape).min(axis=1)
    starts = np.array([sample.micros(sample.opens_at(day)) for day in own])
    lasts = np.array([sample.micros(sample.closes_at(day)) for day in own]) - starts
    shape = close.shape
    return bars(
        "1d", np.broadcast_to(starts[:, None], shape), (lasts + DELAY_US).repeat(shape[1]),
        [day for day in own for _ in TICKERS],
        (opened, high, low, close), volumes[-N_SESSIONS:].astype(float),
    )  # fmt: skip


def spread(
    chance: np.random.Generator, opened: Floats, close: Floats, width: float
) -> tuple[Floats, Floats]:
    """Return high and low around open and close."""
    top, bottom = np.maximum(opened, close), np.minimum(opened, close)
    high = np.round(top * (1 + np.abs(chance.normal(0, width, top.shape))), 2)
    low = np.round(bottom * (1 - np.abs(chance.normal(0, width, top.shape))), 2)
    return np.maximum(high, top), np.minimum(low, bottom)


def bars(
    bar: str,
    starts: Ints,
    lasts: Ints | int,
    session: list[object],
    prices: tuple[Floats, Floats, Floats, Floats],
    volume: Floats,
) -> pa.Table:
    """Return bars as rows of equity_bars; the last axis of each array is the ticker."""
    flat = starts.reshape(-1)
    named = zip(("open", "high", "low", "close"), prices, strict=True)
    return pa.table(
        {
            "symbol": np.tile(np.array(TICKERS), len(flat) // len(TICKERS)),
            "bar": [bar] * len(flat),
            "starts_at": sample.moments(flat),
            "session_date": pa.array(session, pa.date32()),
            **{name: values.reshape(-1) for name, values in named},
            "volume": volume.reshape(-1),
            "adjusted": ["none"] * len(flat),
            "known_at": sample.moments(flat + lasts),
        }
    )
