"""Sample option chains and open interest of six stocks; no source is asked.

Source: invented here, from a seed; changes of open interest of known size are planted and told in
    events.
Limits: 49 sessions to 2024-02-16, 56 contracts a stock; none is listed or expires before the end.
Quirks: prices are Black-Scholes with a smile, quoted in ticks; a chain is known 30 min after the
    close, open interest at 06:30 New York of the next session, so that of 2024-02-16 is not there.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders._sample import SIZES, Ints
from loaders._sample_chains import N_SESSIONS, Chain, Contracts, listed, quotes

FEED = Feed(writes=("events", "open_interest", "option_chains"), step=0)

THRESHOLD = 5  # times the usual change: the detector's
MIN_CONTRACTS, MIN_USD = 1_000, 1_000_000  # its floors
BASELINE = 20  # sessions of its usual change
PLANTED = (*SIZES, *SIZES)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted changes, the open interest and the chains."""
    chance = sample.rng("options")
    contracts = listed()
    chain = quotes(chance, contracts)
    interest = opened(chance, contracts, chain)
    events = plant(chance, contracts, chain, interest)
    yield sample.planted("options.oi_change", events)
    yield "open_interest", interest_rows(contracts, interest)
    yield "option_chains", chain_rows(chance, contracts, chain, interest)


def opened(chance: np.random.Generator, contracts: Contracts, chain: Chain) -> Ints:
    """Return open interest after each session; its changes are heavy-tailed and come together."""
    near = np.exp(-3 * np.abs(np.log(contracts.strike / chain.spot.mean(axis=0))))
    usual = 200 * near * np.exp(chance.normal(0, 0.8, len(contracts.symbol)))
    lively = np.exp(0.25 * sample.market().stress[-N_SESSIONS:, None])
    changes = sample.heavy(chance, chain.spot.shape, 3.5) * usual * lively + 0.1 * usual
    interest = np.rint(usual * chance.uniform(15, 60, len(usual)))
    found = np.empty(chain.spot.shape, dtype=np.int64)
    for place, change in enumerate(changes):
        interest = np.maximum(interest + np.rint(change), 0)
        found[place] = interest
    return found


def plant(
    chance: np.random.Generator, contracts: Contracts, chain: Chain, interest: Ints
) -> list[dict[str, object]]:
    """Change contracts by so many times the detector's threshold; its floors are met by all."""
    own = sample.sessions()[-N_SESSIONS:]
    mid = (chain.bid + chain.ask) / 2
    taken: set[int] = set()
    events: list[dict[str, object]] = []
    for number, size in enumerate(PLANTED):
        place = N_SESSIONS - 6 + number % 5  # of Friday before the week to its Thursday
        usual = np.abs(np.diff(interest[place - BASELINE - 1 : place], axis=0)).mean(axis=0)
        change = size * THRESHOLD * usual
        fits = (change > MIN_CONTRACTS) & (change * mid[place] * 100 > MIN_USD * 1.05)
        fits &= np.array([end > own[place] for end in contracts.expiration])
        choice = [int(each) for each in np.flatnonzero(fits) if int(each) not in taken]
        contract = int(chance.choice(choice))
        taken.add(contract)
        is_closing = size < 1.2 and number > 8 and interest[place - 1, contract] > change[contract]
        step = (-1 if is_closing else 1) * math.ceil(change[contract])
        now = interest[place, contract] - interest[place - 1, contract]
        interest[place:, contract] = np.maximum(interest[place:, contract] + step - now, 0)
        events.append(
            {
                "entity": contracts.underlying[contract],
                "subject": contracts.symbol[contract],
                "starts_at": sample.closes_at(own[place]),
                "ends_at": sample.at(own[place + 1], 7),
                "size": size,
                "note": f"open interest of {contracts.symbol[contract]} {step:+,} on {own[place]}",
            }
        )
    return events


def interest_rows(contracts: Contracts, interest: Ints) -> pa.Table:
    """Return open interest as it is published the next morning."""
    own, n = sample.sessions()[-N_SESSIONS:], len(contracts.symbol)
    mornings = [sample.micros(sample.at(day, 6, 30)) for day in own[1:]]
    return pa.table(
        {
            "contract": contracts.symbol * len(mornings),
            "calendar": ["XNYS"] * n * len(mornings),
            "oi_date": pa.array([day for day in own[:-1] for _ in range(n)], pa.date32()),
            "session_date": pa.array([day for day in own[1:] for _ in range(n)], pa.date32()),
            "open_interest": interest[:-1].reshape(-1),
            "known_at": sample.moments(np.repeat(mornings, n)),
        }
    )


def chain_rows(
    chance: np.random.Generator, contracts: Contracts, chain: Chain, interest: Ints
) -> pa.Table:
    """Return every session's chain; a change of interest mostly lies within the volume."""
    own, n = sample.sessions()[-N_SESSIONS:], len(contracts.symbol)
    changes = np.abs(np.diff(interest, axis=0, prepend=interest[:1]))
    churn = changes.mean(axis=0) * np.exp(chance.normal(0, 0.7, changes.shape))
    is_odd = chance.random(changes.shape) < 0.02  # exercises and transfers are no trades
    volume = np.rint(np.where(is_odd, 0.4, 1.05) * changes + churn).astype(np.int64)
    last = np.round(chain.price * (1 + chance.normal(0, 0.004, changes.shape)), 2)
    closes = [sample.micros(sample.closes_at(day)) + 30 * 60 * 1_000_000 for day in own]

    def flat(values: Any) -> Any:
        return np.asarray(values).reshape(-1)

    return pa.table(
        {
            "calendar": ["XNYS"] * n * len(own),
            "session_date": pa.array([day for day in own for _ in range(n)], pa.date32()),
            "currency": ["USD"] * n * len(own),
            "underlying": contracts.underlying * len(own),
            "contract": contracts.symbol * len(own),
            "expiration": pa.array(contracts.expiration * len(own), pa.date32()),
            "strike": np.tile(contracts.strike, len(own)),
            "put_call": np.where(contracts.is_call, "call", "put").tolist() * len(own),
            "bid": pa.array(flat(chain.bid), mask=flat(chain.bid <= 0)),
            "ask": flat(chain.ask),
            "last": pa.array(flat(last), mask=flat((volume == 0) | (last <= 0))),
            "volume": flat(volume),
            "iv": flat(np.round(chain.iv, 6)),
            "delta": flat(np.round(chain.delta, 6)),
            "gamma": flat(np.round(chain.gamma, 8)),
            "underlying_price": flat(chain.spot),
            "known_at": sample.moments(np.repeat(closes, n)),
        }
    )
