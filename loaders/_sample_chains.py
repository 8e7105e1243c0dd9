"""What the sample feeds of options share: the contracts of six stocks, and what each is worth.

Prices are Black-Scholes with a smile, quoted in ticks; no dividends, no early exercise.
"""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from loaders import _sample as sample
from loaders._sample import TICKERS, Floats, Ints

N_SESSIONS = 49
UNDERLYINGS = TICKERS[:12:2]
EXPIRATIONS = (date(2024, 2, 16), date(2024, 3, 15), date(2024, 4, 19), date(2024, 6, 21))
MONEYNESS = (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15)
RATE = 0.05
_normal = np.vectorize(lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), otypes=[float])


@dataclass(frozen=True)
class Contracts:
    """Every contract, one place each."""

    underlying: list[str]
    stock: Ints  # its place among the tickers
    expiration: list[date]
    strike: Floats
    is_call: Any
    symbol: list[str]


@dataclass(frozen=True)
class Chain:
    """What every session shows of every contract: one row a session, one column a contract."""

    spot: Floats
    iv: Floats
    price: Floats
    delta: Floats
    gamma: Floats
    bid: Floats
    ask: Floats


def listed() -> Contracts:
    """Return the contracts: four expirations and seven strikes around the first day's price."""
    closes = sample.market().closes[-N_SESSIONS:]
    rows = []
    for ticker in UNDERLYINGS:
        spot = float(np.median(closes[:, TICKERS.index(ticker)]))
        step = 1.0 if spot < 50 else 2.5 if spot < 100 else 5.0
        strikes = sorted({round(spot * m / step) * step for m in MONEYNESS})
        rows += [
            (ticker, day, strike, kind)
            for day in EXPIRATIONS
            for strike in strikes
            for kind in ("C", "P")
        ]
    return Contracts(
        underlying=[row[0] for row in rows],
        stock=np.array([TICKERS.index(row[0]) for row in rows]),
        expiration=[row[1] for row in rows],
        strike=np.array([row[2] for row in rows]),
        is_call=np.array([row[3] == "C" for row in rows]),
        symbol=[f"{t}{d:%y%m%d}{kind}{round(k * 1000):08d}" for t, d, k, kind in rows],
    )


def quotes(chance: np.random.Generator, contracts: Contracts) -> Chain:
    """Return prices with a smile: volatility rises as the stock falls, and away from the money."""
    market, own = sample.market(), sample.sessions()[-N_SESSIONS:]
    spot = market.closes[-N_SESSIONS:][:, contracts.stock]
    days = [[max((end - day).days, 0.25) for end in contracts.expiration] for day in own]
    years = np.array(days, dtype=float) / 365
    level = chance.uniform(0.28, 0.5, len(TICKERS))[contracts.stock]
    away = np.log(contracts.strike / spot) / np.sqrt(np.maximum(years, 0.04))
    fear = -1.5 * np.log(spot / spot[0]) + 0.03 * market.stress[-N_SESSIONS:, None]
    iv = np.clip(level * np.exp(0.25 * fear) - 0.06 * away + 0.1 * away**2, 0.12, 1.5)
    root = iv * np.sqrt(years)
    d1 = np.log(spot / contracts.strike) / root + (RATE / iv**2 + 0.5) * root
    held = contracts.strike * np.exp(-RATE * years)
    call = spot * _normal(d1) - held * _normal(d1 - root)
    delta = np.where(contracts.is_call, _normal(d1), _normal(d1) - 1)
    price = np.maximum(np.where(contracts.is_call, call, call - spot + held), 0)
    gamma = np.exp(-(d1**2) / 2) / np.sqrt(2 * np.pi) / (spot * root)
    width = np.maximum(0.01, price * chance.uniform(0.004, 0.02, price.shape))
    tick = np.where(price < 3, 0.01, 0.05)
    bid = np.round(np.floor((price - width) / tick + 1e-9) * tick, 2)
    ask = np.round(np.ceil((price + width) / tick - 1e-9) * tick, 2)
    return Chain(spot, iv, price, delta, gamma, np.maximum(bid, 0), ask)
