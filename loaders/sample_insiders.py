"""Sample insider transactions, forms 4 of invented companies; no source is asked.

Source: invented here, from a seed; clusters of purchases of known size are planted and told in
    events.
Limits: 2023-11-15 to 2024-02-16; the table of shares alone, not that of derivatives.
Quirks: a form comes within two business days, mostly in the evening, a few come late; known_at is
    its acceptance; most of it is exercises, taxes and planned sales.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders._sample import SIZES, TICKERS

FEED = Feed(writes=("events", "insider_transactions"), step=0)

SINCE = date(2023, 11, 15)
NAMES = ("Ada", "Bruno", "Clara", "Dario", "Edith")
TITLES = ("Chief Executive Officer", "Chief Financial Officer", None, None, "General Counsel")
THRESHOLD_USD = 100_000  # of three insiders within 30 days: the detector's
PER_CLUSTER = 3
FIRST_OWNER, FIRST_ISSUER = 9_910_000_001, 9_920_000_001  # beyond the SEC's own numbers
CLUSTERS = tuple((number * 3 + 1) % len(TICKERS) for number in range(len(SIZES)))
# What insiders do, and how often: sales, exercises, taxes, grants, gifts, purchases.
CODES, OFTEN = ("S", "M", "F", "A", "G", "P"), (0.36, 0.24, 0.2, 0.1, 0.05, 0.05)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted clusters, then every transaction by its form's acceptance."""
    chance = sample.rng("insiders")
    rows = routine(chance)
    events = []
    for number, size in enumerate(SIZES):
        bought = cluster(chance, number, size)
        rows += bought
        events.append(
            {
                "entity": bought[0]["ticker"],
                "starts_at": bought[0]["known_at"],
                "ends_at": bought[-1]["known_at"] + timedelta(minutes=30),
                "size": size,
                "direction": "bull",
                "note": f"{PER_CLUSTER} insiders bought for {size * THRESHOLD_USD:,.0f} USD",
            }
        )
    rows.sort(key=lambda row: (row["known_at"], row["ticker"], row["owner_cik"]))
    for count, row in enumerate(rows, start=1):
        row["accession_no"] = f"{row['owner_cik']}-{row['known_at']:%y}-{count:06d}"
    yield sample.planted("filings.insider_cluster", events)
    yield "insider_transactions", pa.Table.from_pylist(rows)


def routine(chance: np.random.Generator) -> list[dict[str, Any]]:
    """Return what insiders do anyway."""
    days = [day for day in sample.sessions() if day >= SINCE]
    rows = []
    for ticker in range(len(TICKERS)):
        for owner in range(len(NAMES)):
            for _ in range(int(chance.poisson(2.2))):
                code = str(chance.choice(CODES, p=OFTEN))
                if code == "P" and ticker in CLUSTERS:
                    continue  # a cluster is as large as its event says
                day = days[int(chance.integers(len(days) - 2))]
                shares = float(np.ceil(np.exp(chance.normal(7.5, 1.1))))
                rows.append(transaction(chance, ticker, owner, day, code, shares))
    return rows


def cluster(chance: np.random.Generator, number: int, size: float) -> list[dict[str, Any]]:
    """Return purchases of three insiders; the last one's form comes in the sample week."""
    ticker = CLUSTERS[number]
    days = sample.sessions()
    last = len(days) - 5 + number % 2
    parts = np.array([0.4, 0.25, 0.35]) * size * THRESHOLD_USD
    rows = []
    for owner, (part, back) in enumerate(zip(parts.tolist(), (8, 4, 0), strict=True)):
        day = days[last - back]
        price = float(sample.market().closes[last - back, ticker])
        rows.append(transaction(chance, ticker, owner, day, "P", np.ceil(part / price)))
    return rows


def transaction(
    chance: np.random.Generator, ticker: int, owner: int, day: date, code: str, shares: float
) -> dict[str, Any]:
    """Return one line of a form; a few forms are late, the planted ones never."""
    days = sample.sessions()
    place = days.index(day)
    price = float(sample.market().closes[place, ticker])
    is_late = code != "P" and chance.random() < 0.04
    wait = int(chance.integers(3, 9)) if is_late else int(chance.integers(1, 3))
    filed = days[min(place + wait, len(days) - 1)]
    known_at: datetime = sample.at(filed, int(chance.integers(16, 22))) + timedelta(
        seconds=int(chance.integers(3_600))
    )
    # Given, exercised and withheld shares have no market's price.
    has_price = code in ("P", "S", "F")
    return {
        "accession_no": "",
        "line": 1,
        "form_type": "4",
        "issuer_cik": str(FIRST_ISSUER + ticker),
        "ticker": TICKERS[ticker],
        "owner_cik": str(FIRST_OWNER + ticker * len(NAMES) + owner),
        "owner": f"{NAMES[owner]} {TICKERS[ticker].title()} (sample)",
        "officer_title": TITLES[owner],
        "is_director": TITLES[owner] is None or owner == 0,
        "transaction_date": day,
        "transaction_code": code,
        "is_acquired": code in ("P", "M", "A"),
        "shares": float(shares),
        "price": round(price, 2) if has_price else None,
        "shares_after": float(np.ceil(np.exp(chance.normal(10.5, 0.8)))),
        "is_planned": code == "S" and bool(chance.random() < 0.6),
        "known_at": known_at,
    }
