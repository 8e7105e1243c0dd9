"""Rows of any stock that somebody names, for the demo's own store; no source is asked.

Source: invented here, from a seed that the name is.
Limits: up to 365 sessions to 2024-02-16: prints off and on exchange with their quotes, option
    orders (of names without a dot), bars and FINRA's totals of 60 sessions more, for what is usual;
    five quarters of five managers, and four insiders.
Quirks: a session is the same however many are asked for; prints are told as the sample feeds tell
    them, whose codes they have; the volume of bars is not that of prints.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

import numpy as np

from leadline.feed import Batch, Feed, Row
from loaders import _sample as sample

FEED = Feed(
    writes=(
        "securities", "shares_outstanding", "equity_bars", "short_volume", "equity_quotes",
        "equity_trades", "option_trades", "holdings", "filings", "insider_transactions",
        "insider_owners", "insider_filings",
    ),
    step=0,
)  # fmt: skip
# Codes are read by who sends them.
TOLD_BY = {
    "equity_trades": "sample_equity_trades", "equity_quotes": "sample_equity_trades",
    "option_trades": "sample_option_trades",
}  # fmt: skip
TAKEN = frozenset(sample.TICKERS)  # the sample week has them
MOST, BEFORE = 365, 60  # sessions that may be asked for, and those before them
CLOSED = sample.CLOSED | {
    date(2022, 5, 30), date(2022, 6, 20), date(2022, 7, 4), date(2022, 9, 5), date(2022, 11, 24),
    date(2022, 12, 26), date(2023, 1, 2), date(2023, 1, 16), date(2023, 2, 20),
}  # fmt: skip
QUARTERS = (
    date(2022, 12, 31), date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31),
)  # fmt: skip
MANAGERS = ("Alder", "Birch", "Chestnut", "Dogwood", "Elm")
TITLES = ("Chief Executive Officer", "Chief Financial Officer", None, "General Counsel")
ENDS = (date(2024, 3, 15), date(2024, 6, 21))
N_DARK, N_LIT, N_ORDERS = 24, 6, 8  # of a session
MINUTES = 200  # of each session in which it trades; a half one has no more
SECOND = timedelta(seconds=1)


def sessions() -> list[date]:
    """Return every session that there may be, the oldest first."""
    found: list[date] = []
    day = sample.LAST
    while len(found) < MOST + BEFORE:
        if day.weekday() < 5 and day not in CLOSED:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def begins(days: int) -> date:
    """Return the first session of the bars that go with so many sessions of prints."""
    return sessions()[-days - BEFORE]


def made(symbol: str, days: int) -> Iterator[Batch]:
    """Yield a stock's rows of so many sessions and what goes with them."""
    own = sessions()
    chance = sample.rng(f"demo {symbol}")
    closes = np.round(
        np.exp(chance.normal(np.log(120), 0.5) + np.cumsum(sample.heavy(chance, len(own)) * 0.015)),
        2,
    )
    price = dict(zip(own, closes.tolist(), strict=True))
    shares = float(np.rint(np.exp(chance.normal(np.log(8e8), 0.5))))
    yield "securities", [security(symbol)]
    yield "shares_outstanding", [counted(symbol, shares)]
    yield "equity_bars", [bar(symbol, day, price[day]) for day in own[-days - BEFORE :]]
    yield "short_volume", [total(symbol, day) for day in own[-days - BEFORE :]]
    quotes, prints, options = [], [], []
    for place, day in list(enumerate(own))[-days:]:
        told = tape(symbol, place, day, price[day])
        quotes += told[0]
        prints += told[1]
        if "." not in symbol:
            options += orders(symbol, place, day, price[day])
    yield "equity_quotes", quotes
    yield "equity_trades", prints
    yield "option_trades", options
    yield from filed(symbol, shares, price)
    yield from insiders(symbol, price)


def number(symbol: str) -> int:
    """Return what tells a name's invented CUSIP and CIKs from those of others."""
    return crc32(symbol.encode()) % 900_000


def cusip(symbol: str) -> str:
    """Return its CUSIP, beyond those of the sample week."""
    issuer, issue = divmod(number(symbol), 90)
    return sample.cusip(issuer % 10_000, 10 + issue) if issuer > 25 else sample.cusip(issuer, 99)


def security(symbol: str) -> Row:
    """Return which ticker the CUSIP has."""
    since = date(2015, 1, 2)
    return {
        "cusip": cusip(symbol), "ticker": symbol, "issuer": f"{symbol} SAMPLE CORP",
        "valid_from": since, "known_at": sample.at(since, 0),
    }  # fmt: skip


def counted(symbol: str, shares: float) -> Row:
    """Return how many shares there are."""
    day = date(2022, 12, 30)
    return {"symbol": symbol, "as_of_date": day, "shares": shares, "known_at": sample.at(day, 17)}


def volume(symbol: str, day: date) -> int:
    """Return a session's shares."""
    chance = sample.rng(f"demo volume {symbol} {day}")
    return int(np.exp(chance.normal(np.log(5e6), 0.35)))


def bar(symbol: str, day: date, close: float) -> Row:
    """Return a session's bar."""
    chance = sample.rng(f"demo bar {symbol} {day}")
    opened = round(close * (1 + float(chance.normal(0, 0.006))), 2)
    high, low = max(opened, close), min(opened, close)
    return {
        "symbol": symbol, "bar": "1d", "starts_at": sample.opens_at(day), "session_date": day,
        "open": opened, "high": round(high * 1.004, 2), "low": round(low * 0.996, 2),
        "close": close, "volume": volume(symbol, day), "adjusted": "none",
        "known_at": sample.at(day, 16, 15),
    }  # fmt: skip


def total(symbol: str, day: date) -> Row:
    """Return FINRA's total of a session."""
    chance = sample.rng(f"demo total {symbol} {day}")
    dark = int(volume(symbol, day) * chance.uniform(0.35, 0.5))
    return {
        "session_date": day, "facility": "CNMS", "source_symbol": symbol, "symbol": symbol,
        "short_volume": int(dark * chance.uniform(0.38, 0.55)), "short_exempt_volume": 0,
        "total_volume": dark, "market": "B,Q,N", "known_at": sample.at(day, 18),
    }  # fmt: skip


def tape(symbol: str, place: int, day: date, close: float) -> tuple[list[Row], list[Row]]:
    """Return a session's quotes and prints; some are large, and it leans to one side."""
    chance = sample.rng(f"demo tape {symbol} {day}")
    lean = float(np.clip(chance.normal(0.5, 0.2), 0.1, 0.9))
    quotes: list[Row] = []
    prints: list[Row] = []
    seconds = np.sort(chance.choice(MINUTES * 60, N_DARK + N_LIT, replace=False))
    for nth, at_s in enumerate(seconds.tolist()):
        at = sample.opens_at(day) + timedelta(seconds=int(at_s) + 1)
        is_dark = nth % 5 != 0
        mid = round(close * (1 + 0.002 * float(chance.normal())), 2)
        bid, ask = round(mid - 0.01, 2), round(mid + 0.01, 2)
        is_large = nth % 7 == 0
        usd = float(np.exp(chance.normal(np.log(3e6 if is_large else 6e4), 0.8)))
        side = 1 if chance.random() < lean else -1
        is_mid = is_dark and chance.random() < 0.2
        quoted_at = at - timedelta(milliseconds=300)
        quotes.append(
            {
                "symbol": symbol, "quoted_at": quoted_at, "place": 1, "session_date": day,
                "bid": bid, "ask": ask, "bid_size": 400, "ask_size": 400, "bid_venue": "N",
                "ask_venue": "P", "known_at": quoted_at,
            }
        )  # fmt: skip
        prints.append(
            {
                "symbol": symbol, "venue": "D" if is_dark else "N",
                "facility": "FINN" if is_dark else None, "trade_id": f"{place}-{nth}",
                "traded_at": at, "session_date": day, "tape": "C",
                "price": mid if is_mid else ask if side > 0 else bid,
                "size": max(int(usd / mid), 1),
                "conditions": "@,F" if is_large and not is_dark else "@",
                "known_at": at + SECOND, "sequence": place * 1_000 + nth,
            }
        )  # fmt: skip
    return quotes, prints


def orders(symbol: str, place: int, day: date, close: float) -> list[Row]:
    """Return a session's orders in options; every fourth one sweeps three venues."""
    chance = sample.rng(f"demo options {symbol} {day}")
    step = 5.0 if close > 50 else 1.0
    found: list[Row] = []
    for nth in range(N_ORDERS):
        kind, end = str(chance.choice(["call", "put"])), ENDS[int(chance.integers(2))]
        strike = max(step, round(close / step) * step + step * int(chance.integers(-2, 3)))
        inner = max((close - strike) * (1 if kind == "call" else -1), 0.0)
        mid = round(inner + 0.04 * close, 2)
        bid, ask = round(mid - 0.05, 2), round(mid + 0.05, 2)
        is_swept = nth % 4 == 0
        price = ask if chance.random() < 0.55 else bid
        at = sample.opens_at(day) + timedelta(seconds=int(chance.integers(60, MINUTES * 60)))
        size = int(np.exp(chance.normal(3.3, 0.8))) + 1
        letter = "C" if kind == "call" else "P"
        for leg, venue in enumerate("CNB" if is_swept else "C"):
            traded_at = at + timedelta(milliseconds=15 * leg)
            found.append(
                {
                    "contract": f"{symbol}{end:%y%m%d}{letter}{round(strike * 1_000):08d}",
                    "venue": venue, "trade_id": f"{symbol}-{place}-{nth}-{leg}",
                    "traded_at": traded_at, "known_at": traded_at, "calendar": "XNYS",
                    "session_date": day, "root": symbol, "expiration": end, "strike": strike,
                    "put_call": kind, "price": price, "size": size, "currency": "USD",
                    "condition": "S" if is_swept else "I", "bid": bid, "ask": ask, "bid_size": 20,
                    "ask_size": 20, "underlying_price": close,
                    "sequence": place * 1_000 + nth * 10 + leg,
                }
            )  # fmt: skip
    return found


def filed(symbol: str, shares: float, price: dict[date, float]) -> Iterator[Batch]:
    """Yield what five managers report of it, quarter after quarter."""
    chance = sample.rng(f"demo filings {symbol}")
    parts = chance.dirichlet(np.full(len(MANAGERS), 3.0)) * chance.uniform(0.4, 0.75) * shares
    lines: list[Row] = []
    covers: list[Row] = []
    for quarter, ended in enumerate(QUARTERS):
        parts = parts * np.exp(chance.normal(0, 0.03, len(MANAGERS)))
        worth = price[max(day for day in price if day <= ended)]
        for manager, held in enumerate(np.rint(parts).tolist()):
            cik = 9_930_000_000 + number(symbol) * 10 + manager
            at = sample.at(ended + timedelta(days=38 + manager), 16)
            accession, value = f"{cik}-{at:%y}-{quarter + 1:06d}", round(held * worth)
            lines.append(
                {
                    "accession_no": accession, "line": 1, "issuer": f"{symbol} SAMPLE CORP",
                    "class_title": "COM", "cusip": cusip(symbol), "share_type": "SH",
                    "shares": int(held), "value_reported": value, "discretion": "SOLE",
                    "voting_sole": int(held), "voting_shared": 0, "voting_none": 0, "known_at": at,
                }
            )  # fmt: skip
            covers.append(
                {
                    "accession_no": accession, "cik": str(cik),
                    "manager": f"{MANAGERS[manager]} Sample Partners", "form_type": "13F-HR",
                    "report_type": "13F HOLDINGS REPORT", "period_end": ended,
                    "filed_date": at.date(), "accepted_at": at, "amendment_kind": "ORIGINAL",
                    "n_entries": 1, "value_total": value, "known_at": at,
                }
            )  # fmt: skip
    yield "holdings", lines
    yield "filings", covers


def insiders(symbol: str, price: dict[date, float]) -> Iterator[Batch]:
    """Yield what four insiders bought and sold in the last sessions."""
    chance = sample.rng(f"demo insiders {symbol}")
    days, issuer = list(price)[-BEFORE:-3], str(9_940_000_000 + number(symbol))
    trades: list[Row] = []
    owners: list[Row] = []
    forms: list[Row] = []
    for place, title in enumerate(TITLES):
        day = days[int(chance.integers(len(days)))]
        at: datetime = sample.at(day + timedelta(days=1), 18)
        code, own = str(chance.choice(["P", "S"])), str(9_950_000_000 + number(symbol) * 10 + place)
        form: dict[str, Any] = {"accession_no": f"{own}-{at:%y}-000001", "known_at": at}
        trades.append(
            form | {
                "is_derivative": False, "line": 1, "title": "Common Stock", "trans_date": day,
                "trans_code": code, "trans_form_type": "4", "is_swap": False,
                "shares": int(chance.integers(500, 20_000)), "price": price[day],
                "is_acquired": code == "P", "shares_after": 50_000, "is_direct": True,
            }
        )  # fmt: skip
        owners.append(
            form | {
                "owner_cik": own, "owner": f"Insider {place + 1} of {symbol} (sample)",
                "is_director": title is None, "is_officer": title is not None,
                "is_ten_percent": False, "is_other": False, "title": title, "line": 1,
            }
        )  # fmt: skip
        forms.append(
            form | {
                "form_type": "4", "issuer_cik": issuer, "issuer": f"{symbol} Corp (sample)",
                "trading_symbol": symbol, "period_date": day, "filed_date": at.date(),
                "accepted_at": at, "is_10b5_1": False, "is_10b5_1_footnote": False,
                "not_subject_to_section_16": False, "no_securities_owned": False,
            }
        )  # fmt: skip
    yield "insider_transactions", trades
    yield "insider_owners", owners
    yield "insider_filings", forms
