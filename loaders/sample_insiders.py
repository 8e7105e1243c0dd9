"""Sample insider transactions, forms 4 of invented companies; no source is asked.

Source: invented here, from a seed; clusters of purchases, and large ones, of known size are
    planted and told in events.
Limits: 2023-11-15 to 2024-02-16, and of two companies the purchases of three Februaries before.
Quirks: a form comes within two business days, mostly in the evening, a few come late; known_at is
    its acceptance; most of it is exercises, taxes and planned sales. An exercise is a row of each
    table; some forms have two owners; a few are amended, which tells fewer shares.
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
FLOW_USD = 250_000  # of the net of 30 days: the detector's
PER_CLUSTER = 3
PARTNER = 9  # the number of who signs beside another
FIRST_OWNER, FIRST_ISSUER = 9_910_000_001, 9_920_000_001  # beyond the SEC's own numbers
CLUSTERS = tuple((number * 3 + 1) % len(TICKERS) for number in range(len(SIZES)))
FLOWS = tuple((number * 3 + 2) % len(TICKERS) for number in range(len(SIZES)))
HABITS = CLUSTERS[5:7]  # companies whose chief buys every February
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
    is_joint: bool = False
    form: str = "4"
    number: str = ""


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted clusters, then every transaction by its form's acceptance."""
    chance = sample.rng("insiders")
    trades = routine(chance) + [trade for ticker in HABITS for trade in habit(ticker)]
    clusters, flows = [], []
    for number, size in enumerate(SIZES):
        together = cluster(chance, number, size)
        alone = large(chance, number, size)
        trades += [*together, alone]
        clusters.append(
            event(together[-1], size, f"{PER_CLUSTER} insiders bought for", THRESHOLD_USD)
        )
        flows.append(event(alone, size, "an insider bought for", FLOW_USD))
    trades.sort(key=lambda trade: (trade.known_at, trade.ticker, trade.owner))
    trades = [
        replace(trade, number=f"{cik(trade)}-{trade.known_at:%y}-{count:06d}")
        for count, trade in enumerate(trades, start=1)
    ]
    yield sample.planted("filings.insider_cluster", clusters)
    yield sample.planted("filings.insider_flow", flows)
    rows = [row for trade in trades for row in transactions(trade)]
    yield "insider_transactions", pa.Table.from_pylist(rows)
    owners = [owner for trade in trades for owner in signed(trade)]
    yield "insider_owners", pa.Table.from_pylist(owners)
    yield "insider_filings", pa.Table.from_pylist([filing(each) for each in trades])


def event(last: Trade, size: float, what: str, threshold: float) -> dict[str, object]:
    """Return what was planted; it is whole when its last form becomes known."""
    return {
        "entity": TICKERS[last.ticker],
        "starts_at": last.known_at,
        "ends_at": last.known_at + timedelta(minutes=30),
        "size": size,
        "direction": "bull",
        "note": f"{what} {size * threshold:,.0f} USD",
    }


def routine(chance: np.random.Generator) -> list[Trade]:
    """Return what insiders do anyway; what is planted is as large as its event says."""
    days = [day for day in sample.sessions() if day >= SINCE]
    trades = []
    for ticker in range(len(TICKERS)):
        for owner in range(len(NAMES)):
            for _ in range(int(chance.poisson(2.2))):
                code = str(chance.choice(CODES, p=OFTEN))
                if code == "P" and ticker in (*CLUSTERS, *FLOWS):
                    continue
                day = days[int(chance.integers(len(days) - 2))]
                shares = float(np.ceil(np.exp(chance.normal(7.5, 1.1))))
                done = traded(chance, ticker, owner, day, code, shares)
                if code == "S" and ticker in FLOWS:
                    done = replace(done, is_planned=True)
                trades.append(replace(done, is_joint=code == "A" and owner == 2))
                if code == "G" and done.known_at + timedelta(days=9) < sample.at(days[-1], 12):
                    later = done.known_at + timedelta(days=8)
                    trades.append(replace(done, form="4/A", shares=shares - 1, known_at=later))
    return trades


def habit(ticker: int) -> list[Trade]:
    """Return what the chief bought in the Februaries before."""
    days = [date(2021, 2, 10), date(2022, 2, 9), date(2023, 2, 8)]
    price = round(float(sample.market().closes[0, ticker]), 2)
    return [
        Trade(ticker, 0, day, "P", 500.0, price, 9_000.0, False, sample.at(day, 18)) for day in days
    ]


def large(chance: np.random.Generator, number: int, size: float) -> Trade:
    """Return one insider's purchase, whose form comes in the sample week."""
    days = sample.sessions()
    place = len(days) - 5 + number % 2
    price = float(sample.market().closes[place, FLOWS[number]])
    shares = float(np.ceil(size * FLOW_USD / price))
    return traded(chance, FLOWS[number], 1, days[place], "P", shares)


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


def transactions(trade: Trade) -> list[Row]:
    """Return the form's one line, and of an exercise that of the option too."""
    row = {
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
        "exercise_price": None,
        "known_at": trade.known_at,
    }
    if trade.code != "M":
        return [row]
    option = {
        "is_derivative": True,
        "title": "Stock Option",
        "is_acquired": False,
        "exercise_price": round(trade.price / 2, 2),
    }
    return [row, row | option]


def signed(trade: Trade) -> list[Row]:
    """Return who files the form: an insider, and now and then his trust beside him."""
    title = TITLES[trade.owner]
    first = {
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
    trust = {
        "owner_cik": str(FIRST_OWNER + trade.ticker * 10 + PARTNER),
        "owner": f"Trust of {first['owner']}",
        "is_director": False,
        "is_ten_percent": True,
        "line": 2,
    }
    return [first, first | trust] if trade.is_joint else [first]


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
