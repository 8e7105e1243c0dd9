"""Sample insider transactions, forms 4 of invented companies; no source is asked.

Source: invented here, from a seed; clusters of purchases of known size are planted and told in
    events.
Limits: 2023-11-15 to 2024-02-16; the table of shares alone, not that of derivatives.
Quirks: a form comes within two business days, mostly in the evening, a few come late; known_at is
    its acceptance; most of it is exercises, taxes and planned sales.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Row, Span
from loaders import _sample as sample
from loaders._sample import SIZES, TICKERS

FEED = Feed(writes=("events", "insider_transactions", "insider_owners", "insider_filings"), step=0)

SINCE = date(2023, 11, 15)
NAMES = ("Ada", "Bruno", "Clara", "Dario", "Edith")
TITLES = ("Chief Executive Officer", "Chief Financial Officer", None, None, "General Counsel")
THRESHOLD_USD = 100_000  # of three insiders within 30 days: the detector's
PER_CLUSTER = 3
FIRST_OWNER, FIRST_ISSUER = 9_910_000_001, 9_920_000_001  # beyond the SEC's own numbers
CLUSTERS = tuple((number * 3 + 1) % len(TICKERS) for number in range(len(SIZES)))
# What insiders do, and how often: sales, exercises, taxes, grants, gifts, purchases.
CODES, OFTEN = ("S", "M", "F", "A", "G", "P"), (0.36, 0.24, 0.2, 0.1, 0.05, 0.05)
# Given, exercised and withheld shares have no market's price.
PRICED = ("P", "S", "F")


@dataclass(frozen=True)
class Trade:
    """One form of one transaction."""

    ticker: int
    owner: int
    day: date
    code: str
    shares: float
    price: float
    shares_after: float
    is_planned: bool
    known_at: datetime
    form: str = "4"
    number: str = ""


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted clusters, then every transaction by its form's acceptance."""
    chance = sample.rng("insiders")
    trades = routine(chance)
    events = []
    for number, size in enumerate(SIZES):
        bought = cluster(chance, number, size)
        trades += bought
        events.append(
            {
                "entity": TICKERS[bought[0].ticker],
                "starts_at": bought[0].known_at,
                "ends_at": bought[-1].known_at + timedelta(minutes=30),
                "size": size,
                "direction": "bull",
                "note": f"{PER_CLUSTER} insiders bought for {size * THRESHOLD_USD:,.0f} USD",
            }
        )
    trades.sort(key=lambda trade: (trade.known_at, trade.ticker, trade.owner))
    trades = [
        replace(trade, number=f"{cik(trade)}-{trade.known_at:%y}-{count:06d}")
        for count, trade in enumerate(trades, start=1)
    ]
    yield sample.planted("filings.insider_cluster", events)
    yield "insider_transactions", pa.Table.from_pylist([transaction(each) for each in trades])
    yield "insider_owners", pa.Table.from_pylist([signed(each) for each in trades])
    yield "insider_filings", pa.Table.from_pylist([filing(each) for each in trades])


def routine(chance: np.random.Generator) -> list[Trade]:
    """Return what insiders do anyway."""
    days = [day for day in sample.sessions() if day >= SINCE]
    trades = []
    for ticker in range(len(TICKERS)):
        for owner in range(len(NAMES)):
            for _ in range(int(chance.poisson(2.2))):
                code = str(chance.choice(CODES, p=OFTEN))
                if code == "P" and ticker in CLUSTERS:
                    continue  # a cluster is as large as its event says
                day = days[int(chance.integers(len(days) - 2))]
                shares = float(np.ceil(np.exp(chance.normal(7.5, 1.1))))
                trades.append(traded(chance, ticker, owner, day, code, shares))
    return trades


def cluster(chance: np.random.Generator, number: int, size: float) -> list[Trade]:
    """Return purchases of three insiders; the last one's form comes in the sample week."""
    ticker = CLUSTERS[number]
    days = sample.sessions()
    last = len(days) - 5 + number % 2
    parts = np.array([0.4, 0.25, 0.35]) * size * THRESHOLD_USD
    trades = []
    for owner, (part, back) in enumerate(zip(parts.tolist(), (8, 4, 0), strict=True)):
        day = days[last - back]
        price = float(sample.market().closes[last - back, ticker])
        trades.append(traded(chance, ticker, owner, day, "P", float(np.ceil(part / price))))
    return trades


def traded(
    chance: np.random.Generator, ticker: int, owner: int, day: date, code: str, shares: float
) -> Trade:
    """Return one transaction at the day's close; a few forms are late, the planted ones never."""
    days = sample.sessions()
    place = days.index(day)
    is_late = code != "P" and chance.random() < 0.04
    wait = int(chance.integers(3, 9)) if is_late else int(chance.integers(1, 3))
    filed = days[min(place + wait, len(days) - 1)]
    known_at = sample.at(filed, int(chance.integers(16, 22))) + timedelta(
        seconds=int(chance.integers(3_600))
    )
    return Trade(
        ticker, owner, day, code, shares,
        price=round(float(sample.market().closes[place, ticker]), 2),
        shares_after=float(np.ceil(np.exp(chance.normal(10.5, 0.8)))),
        is_planned=code == "S" and bool(chance.random() < 0.6),
        known_at=known_at,
    )  # fmt: skip


def cik(trade: Trade) -> str:
    """Return an invented insider's number at the SEC."""
    return str(FIRST_OWNER + trade.ticker * 10 + trade.owner)


def transaction(trade: Trade) -> Row:
    """Return the form's one line."""
    return {
        "accession_no": trade.number,
        "is_derivative": False,
        "line": 1,
        "title": "Common Stock",
        "trans_date": trade.day,
        "trans_code": trade.code,
        "trans_form_type": "4",
        "is_swap": False,
        "shares": trade.shares,
        "price": trade.price if trade.code in PRICED else None,
        "is_acquired": trade.code in ("P", "M", "A"),
        "shares_after": trade.shares_after,
        "is_direct": True,
        "known_at": trade.known_at,
    }


def signed(trade: Trade) -> Row:
    """Return who files the form."""
    title = TITLES[trade.owner]
    return {
        "accession_no": trade.number,
        "owner_cik": cik(trade),
        "owner": f"{NAMES[trade.owner]} {TICKERS[trade.ticker].title()} (sample)",
        "is_director": title is None or trade.owner == 0,
        "is_officer": title is not None,
        "is_ten_percent": False,
        "is_other": False,
        "title": title,
        "line": 1,
        "known_at": trade.known_at,
    }


def filing(trade: Trade) -> Row:
    """Return the form."""
    return {
        "accession_no": trade.number,
        "form_type": trade.form,
        "issuer_cik": str(FIRST_ISSUER + trade.ticker),
        "issuer": f"{TICKERS[trade.ticker].title()} Corp (sample)",
        "trading_symbol": TICKERS[trade.ticker],
        "period_date": trade.day,
        "filed_date": trade.known_at.astimezone(sample.NEW_YORK).date(),
        "accepted_at": trade.known_at,
        "is_10b5_1": trade.is_planned,
        "is_10b5_1_footnote": trade.is_planned,
        "not_subject_to_section_16": False,
        "no_securities_owned": False,
        "known_at": trade.known_at,
    }
