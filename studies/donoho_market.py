"""A made-up option market of 2003: stocks, their news, and insiders before some of the good news.

What the paper says of the market is kept: companies, sessions, news that come with a jump, calls
that expire within two months, insiders who buy several series of them for some days. What it does
not say is a guess, and stands below with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from string import ascii_uppercase
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leadline.quiet import Session

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

N_SERIES = 8  # call contracts of the nearest expiration, which is less than two months off
FAR = date(2004, 1, 16)  # a series that no near-term figure may count
FAR_SHARE = 0.25  # of the volume of calls; a guess
PUTS = 0.6  # a call, as usual for stocks; a guess
MEDIAN_VOLUME = 150.0  # near calls a session of the middle company; a guess
VOLUME_SPREAD = 1.6  # log standard deviation between companies: a few have most of the volume
VOLATILITY = 0.026  # a session, of the middle company of 2003; a guess
NEWS_RATE = 1 / 45  # significant news a company and session: a report a quarter, and some more
NEWS_JUMP = 0.07  # standard deviation of the return on news; a guess
GOOD = 0.05  # a jump that an insider would buy calls for
STRANGERS = 0.01  # company-days on which somebody trades a single series for reasons of his own
LONGEST = 5  # sessions for which an insider buys, as the expert's score adds up five


@dataclass(frozen=True)
class Market:
    """All that happened; each array has a row a session and a column a company."""

    sessions: Sequence[Session]
    names: Sequence[str]
    returns: Floats  # of the session
    closes: Floats  # USD
    articles: Ints
    is_news: Flags  # significant, by how it was drawn
    calls: Ints  # near calls, by series in the third axis
    far_calls: Ints
    puts: Ints
    is_inside: Flags  # an insider bought calls

    @property
    def n_insiders(self) -> int:
        """How many good news were known before."""
        before = np.vstack([np.zeros_like(self.is_inside[:1]), self.is_inside[:-1]])
        return int((self.is_news & before).sum())


def market(
    sessions: Sequence[Session], n_stocks: int, insiders: float, spread: float, seed: int
) -> Market:
    """Draw a market; insiders is the share of good news that somebody trades on before.

    spread is the log standard deviation of a company's volume from session to session. The same
    seed draws the same market but for what insiders add.
    """
    # A stream each, so that what insiders do moves nothing else.
    streams = np.random.SeedSequence(seed).spawn(4)
    chance, secret, flow, odd = (np.random.default_rng(each) for each in streams)
    n, shape = len(sessions), (len(sessions), n_stocks)
    sigma = VOLATILITY * np.exp(chance.normal(0, 0.35, n_stocks))
    is_news = chance.random(shape) < NEWS_RATE
    jump = np.where(is_news, chance.normal(0, NEWS_JUMP, shape), 0.0)
    common = chance.normal(0, 0.01, (n, 1))
    own = sigma * chance.standard_t(5, shape) * np.sqrt(3 / 5)
    coverage = 0.7 * np.exp(chance.normal(0, 0.8, n_stocks))  # articles a day
    articles = chance.poisson(coverage, shape)
    # Over a quarter of the 30 days before, which is what the paper calls significant.
    articles += np.where(is_news, chance.poisson(5 + 0.5 * 30 * coverage, shape), 0)

    is_known = is_news & (jump > GOOD) & (secret.random(shape) < insiders)
    length = secret.integers(1, LONGEST + 1, shape)
    is_inside = np.zeros(shape, bool)
    for back in range(1, LONGEST + 1):
        is_inside[:-back] |= is_known[back:] & (length[back:] >= back)
    drift = np.where(is_inside, secret.normal(0.004, 0.002, shape), 0.0)
    public = common + own + jump
    returns = np.clip(public + drift, -0.6, 1.5)
    first = 18 * np.exp(chance.normal(0, 0.8, n_stocks))
    closes = np.maximum(np.round(first * np.cumprod(1 + returns, axis=0), 2), 0.05)

    level = _level(flow, shape, spread, public / sigma, is_news)
    usual = MEDIAN_VOLUME * np.exp(flow.normal(0, VOLUME_SPREAD, n_stocks))
    calls = _by_series(flow, flow.poisson(usual * level))
    calls += _strangers(odd, shape, usual)
    calls += _bought(secret, is_inside, usual)
    puts = flow.poisson(usual * PUTS * level**0.5 * np.exp(flow.normal(0, 0.5, shape)))
    far = flow.poisson(usual * FAR_SHARE * level)
    return Market(
        sessions, _names(n_stocks), returns, closes, articles, is_news, calls, far, puts, is_inside
    )


def _level(
    chance: np.random.Generator, shape: tuple[int, int], spread: float, shocks: Floats, news: Flags
) -> Floats:
    """Return how busy a company's options are, 1 on a usual day: more on moves and after news."""
    fresh = chance.normal(0, spread * np.sqrt(1 - 0.5**2), shape)
    logs = np.empty(shape)
    logs[0] = fresh[0]
    for day in range(1, shape[0]):
        logs[day] = 0.5 * logs[day - 1] + fresh[day]  # half of a busy day goes on
    busy = 0.1 * np.minimum(np.abs(shocks), 5)
    for after, more in enumerate((1.0, 0.6, 0.3)):  # what follows news is its echo
        busy[after:] += more * news[: len(news) - after]
    return np.asarray(np.exp(logs + busy))


def _by_series(chance: np.random.Generator, volume: Ints) -> Ints:
    """Share a session's volume out among its contracts; in thin names one has it all."""
    weights = chance.gamma(0.8, 1.0, (*volume.shape, N_SERIES)) + 1e-9
    return np.asarray(chance.multinomial(volume, weights / weights.sum(axis=-1, keepdims=True)))


def _strangers(chance: np.random.Generator, shape: tuple[int, int], usual: Floats) -> Ints:
    """Return orders without information: a few times a day's volume, in one series."""
    is_one = chance.random(shape) < STRANGERS
    size = chance.poisson(usual * np.exp(chance.normal(1.0, 0.6, shape)) + 50) * is_one
    found = np.zeros((*shape, N_SERIES), np.int64)
    series = chance.integers(0, N_SERIES, shape)
    np.put_along_axis(found, series[..., None], size[..., None], axis=2)
    return found


def _bought(chance: np.random.Generator, is_inside: Flags, usual: Floats) -> Ints:
    """Return what insiders buy: one or two usual days on top, in four or five series."""
    size = np.exp(chance.normal(0.4, 0.7, is_inside.shape))
    volume = chance.poisson(np.maximum(usual * size, 200)) * is_inside
    weights = chance.gamma(4, 1.0, (*is_inside.shape, N_SERIES))
    weights[..., 5:] = 0
    return np.asarray(chance.multinomial(volume, weights / weights.sum(axis=-1, keepdims=True)))


def _names(n: int) -> list[str]:
    letters = ascii_uppercase
    return [f"Z{letters[i // 676 % 26]}{letters[i // 26 % 26]}{letters[i % 26]}" for i in range(n)]


def rises(found: Market, window: int) -> tuple[Flags, Flags]:
    """Return where a rise and significant news follow within so many sessions; and both.

    The paper's event: a day's rise over 5 %, among the top 2 % of that day, of over 0.50 USD, and
    within the same two weeks significant news.
    """
    before = found.closes / (1 + found.returns)
    top = np.quantile(found.returns, 0.98, axis=1, keepdims=True)
    rise = (found.returns > 0.05) & (found.returns >= top) & (found.closes - before > 0.5)
    return _within(rise, window), _within(rise, window) & _within(found.is_news, window)


def _within(what: Flags, window: int) -> Flags:
    """Return where it happens in one of the next sessions."""
    later = np.zeros_like(what)
    for ahead in range(1, window + 1):
        later[:-ahead] |= what[ahead:]
    return later


def expirations(days: Sequence[date]) -> list[date]:
    """Return for each day the next third Friday that is three days off at least."""
    found = []
    for day in days:
        month = day.replace(day=1)
        while (friday := third_friday(month)) < day + timedelta(days=3):
            month = (month + timedelta(days=32)).replace(day=1)
        found.append(friday)
    return found


def third_friday(month: date) -> date:
    """Return the third Friday of the month that begins on this day."""
    return month + timedelta(days=14 + (4 - month.weekday()) % 7)


def trades(found: Market) -> pa.Table:
    """Return one print for each contract and session with a volume, half an hour before the end."""
    ends = expirations([session.day for session in found.sessions])
    volumes = np.concatenate(
        [found.calls, found.puts[..., None], found.far_calls[..., None]], axis=2
    )
    day, stock, series = np.nonzero(volumes)
    is_put, is_far = series == N_SERIES, series == N_SERIES + 1
    strikes = np.maximum(np.round(found.closes[0]), 1)[:, None] + np.arange(N_SERIES + 2)
    labels = _labels(found, ends, strikes)
    numbers = np.unique(np.array([FAR, *ends], dtype="datetime64[D]"))
    expiration = np.where(is_far, np.datetime64(FAR), np.array(ends, "datetime64[D]")[day])
    place = np.searchsorted(numbers, expiration)
    price = np.maximum(np.round(0.04 * found.closes[day, stock], 2), 0.05)
    traded = _moments([session.closes_at - timedelta(minutes=30) for session in found.sessions])
    rows = len(day)
    return pa.table(
        {
            "contract": labels[stock, series, place],
            "venue": pa.array(["C"] * rows),
            "trade_id": pa.array(np.arange(rows).astype(str)),
            "traded_at": pa.array(traded[day], pa.timestamp("us", "UTC")),
            "known_at": pa.array(traded[day], pa.timestamp("us", "UTC")),
            "calendar": pa.array(["XNYS"] * rows),
            "session_date": _dates(found, day),
            "root": pa.array(np.array(found.names)[stock]),
            "expiration": pa.array(expiration, pa.date32()),
            "strike": strikes[stock, series],
            "put_call": pa.array(np.where(is_put, "put", "call")),
            "price": price,
            "size": volumes[day, stock, series].astype(float),
            "currency": pa.array(["USD"] * rows),
            "condition": pa.array(["I"] * rows),
        }
    )


def _labels(found: Market, ends: Sequence[date], strikes: Floats) -> Any:
    """Name every contract: by company, series and expiration."""
    days = sorted({FAR, *ends})
    names = np.empty((len(found.names), N_SERIES + 2, len(days)), object)
    for place, day in enumerate(days):
        for series in range(N_SERIES + 2):
            kind = f"{day:%y%m%d}{'P' if series == N_SERIES else 'C'}"
            names[:, series, place] = [
                f"{name}{kind}{int(1_000 * strike):08}"
                for name, strike in zip(found.names, strikes[:, series], strict=True)
            ]
    return names


def bars(found: Market) -> pa.Table:
    """Return a bar a session and company, a quarter of an hour after the close."""
    shape = found.closes.shape
    day, stock = np.divmod(np.arange(found.closes.size), shape[1])
    close = found.closes.reshape(-1)
    opened = _moments([session.opens_at for session in found.sessions])
    closed = _moments([session.closes_at + timedelta(minutes=15) for session in found.sessions])
    return pa.table(
        {
            "symbol": pa.array(np.array(found.names)[stock]),
            "bar": pa.array(["1d"] * close.size),
            "starts_at": pa.array(opened[day], pa.timestamp("us", "UTC")),
            "known_at": pa.array(closed[day], pa.timestamp("us", "UTC")),
            "session_date": _dates(found, day),
            **{name: close for name in ("open", "high", "low", "close")},
            "volume": np.full(close.size, 1e6),
            "adjusted": pa.array(["none"] * close.size),
        }
    )


def news(found: Market) -> pa.Table:
    """Return how many articles each company had, as counted by the close."""
    day, stock = np.divmod(np.arange(found.closes.size), found.closes.shape[1])
    closed = _moments([session.closes_at for session in found.sessions])
    return pa.table(
        {
            "symbol": pa.array(np.array(found.names)[stock]),
            "day": _dates(found, day),
            "n_articles": found.articles.reshape(-1),
            "known_at": pa.array(closed[day], pa.timestamp("us", "UTC")),
        }
    )


def _dates(found: Market, day: Ints) -> pa.Array:
    days = np.array([session.day for session in found.sessions], "datetime64[D]")
    return pa.array(days[day], pa.date32())


def _moments(moments: Sequence[datetime]) -> Any:
    return np.array([int(moment.timestamp()) * 1_000_000 for moment in moments])
