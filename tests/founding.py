"""A market of one day: what the examples of the founding system show, in a real store."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from leadline import demo, project
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Publication
from leadline.store import Store
from tests.dashboards import alert
from tests.doors import ROOT, opened
from tests.samples import rows_of

DAY = date(2025, 11, 18)
NOON = datetime(2025, 11, 20, 17, tzinfo=UTC)  # two days later nothing is new
AT = datetime(2025, 11, 18, 15, 30, tzinfo=UTC)  # 10:30 in New York
NOBODY = cast(Http, None)  # these feeds ask no source
LETTERS, OPRA = "sample_equity_trades", "sample_option_trades"  # whose codes are the tapes' letters
CUSIP = {"AAPL": "037833100", "MSFT": "594918104", "BRK.B": "084670702"}


def fill(place: Path) -> Path:
    """Load AAPL's day over the rules; MSFT and BRK.B are known by name alone."""
    with opened(place) as store:
        together(store, "names", securities=names(), shares_outstanding=[counted()])
        together(store, "bars", equity_bars=bars())
        together(store, LETTERS, equity_quotes=[quote()], equity_trades=[dark(), swept()])
        together(store, OPRA, option_trades=options())
        together(
            store, "managers", holdings=[line for each in FILED for line in holding(*each)],
            filings=[cover(*each) for each in FILED],
        )  # fmt: skip
        together(
            store, "insiders", insider_transactions=[trade("P", 1_000, 1), trade("S", 300, 2)],
            insider_owners=[owner(1), owner(2)], insider_filings=[form(1), form(2)],
        )  # fmt: skip
        together(store, "loop", alerts=[told()])
    return place


def rules(store: Store) -> None:
    """Load what is so by rule: calendars, and what codes mean."""
    for feed in demo.RULES:
        list(over_network(feed, project.feed(ROOT, feed), store, demo.SPAN, NOBODY))


def together(store: Store, feed: str, **rows: list[Any]) -> None:
    """Load rows of several datasets as one publication, children before parents."""
    store.load(Publication(feed, "all", tuple(rows), list(rows.items()), feed))


def names() -> list[Mapping[str, Any]]:
    return [security(*each) for each in CUSIP.items()]


def security(ticker: str, cusip: str) -> Mapping[str, Any]:
    since = date(2015, 1, 2)
    known = datetime(2015, 1, 2, tzinfo=UTC)
    return {"cusip": cusip, "ticker": ticker, "issuer": f"{ticker} INC", "valid_from": since,
            "known_at": known}  # fmt: skip


def counted() -> Mapping[str, Any]:
    return {"symbol": "AAPL", "as_of_date": date(2025, 10, 17), "shares": 1_648_000,
            "known_at": datetime(2025, 10, 31, 20, tzinfo=UTC)}  # fmt: skip


def bars() -> list[Mapping[str, Any]]:
    """Thirty sessions of a million shares, and the last one of three and a half."""
    days = [
        row["session_date"] for row in rows_of("sessions")["sessions"].to_pylist()
        if row["calendar"] == "XNYS" and row["session_date"] <= DAY
    ][-31:]  # fmt: skip
    return [
        {"symbol": "AAPL", "bar": "1d", "starts_at": _at(day, 14, 30), "session_date": day,
         "open": 178, "high": 179, "low": 177, "close": 178,
         "volume": 3_500_000 if day == DAY else 1_000_000, "adjusted": "none",
         "known_at": _at(day, 21, 15)}
        for day in days
    ]  # fmt: skip


def quote() -> Mapping[str, Any]:
    at = AT - timedelta(milliseconds=300)
    return {"symbol": "AAPL", "quoted_at": at, "place": 1, "session_date": DAY, "bid": 177.99,
            "ask": 178.01, "bid_size": 100, "ask_size": 100, "bid_venue": "N", "ask_venue": "P",
            "known_at": at}  # fmt: skip


def dark() -> dict[str, Any]:
    """The print of the founding system's own example."""
    return {"symbol": "AAPL", "venue": "D", "facility": "FINN", "trade_id": "1", "traded_at": AT,
            "session_date": DAY, "tape": "C", "price": 178.5, "size": 500_000, "conditions": "@",
            "known_at": AT + timedelta(seconds=1), "sequence": 1}  # fmt: skip


def swept() -> dict[str, Any]:
    """The block of the founding system's own example."""
    return dark() | {"venue": "N", "facility": None, "trade_id": "2", "size": 250_000,
                     "conditions": "@,F", "sequence": 2}  # fmt: skip


def options() -> list[Mapping[str, Any]]:
    """A call bought on three venues at once, for 150,000 USD, and a put bought for less."""
    call = {"contract": "AAPL251219C00180000", "calendar": "XNYS", "session_date": DAY,
            "root": "AAPL", "expiration": date(2025, 12, 19), "strike": 180, "put_call": "call",
            "price": 5.0, "size": 100, "currency": "USD", "condition": "S", "bid": 4.9, "ask": 5.0,
            "bid_size": 10, "ask_size": 10, "underlying_price": 178.0}  # fmt: skip
    put = call | {"contract": "AAPL251219P00170000", "put_call": "put", "strike": 170,
                  "price": 2.0, "bid": 1.9, "ask": 2.0, "condition": "I"}  # fmt: skip
    told = [(call, "C", 0), (call, "N", 20), (call, "B", 40), (put, "C", 60_000)]
    return [
        each | {"venue": venue, "trade_id": str(number), "sequence": number,
                "traded_at": AT + timedelta(milliseconds=ms),
                "known_at": AT + timedelta(milliseconds=ms)}
        for number, (each, venue, ms) in enumerate(told, start=1)
    ]  # fmt: skip


# Who filed, for which quarter, when, and the shares of AAPL: 1,000,000 become 1,030,000.
FILED = (
    (1, date(2025, 6, 30), datetime(2025, 8, 14, 20, tzinfo=UTC), 800_000),
    (2, date(2025, 6, 30), datetime(2025, 8, 14, 21, tzinfo=UTC), 200_000),
    (3, date(2025, 6, 30), datetime(2025, 8, 14, 21, tzinfo=UTC), 0),
    (1, date(2025, 9, 30), datetime(2025, 11, 14, 20, tzinfo=UTC), 900_000),
    (2, date(2025, 9, 30), datetime(2025, 11, 14, 21, tzinfo=UTC), 100_000),
    (3, date(2025, 9, 30), datetime(2025, 11, 14, 22, tzinfo=UTC), 30_000),
)


def cover(cik: int, ended: date, at: datetime, shares: int) -> Mapping[str, Any]:
    rows = holding(cik, ended, at, shares)
    return {"accession_no": rows[0]["accession_no"], "cik": f"{cik:010}", "manager": f"Fund {cik}",
            "form_type": "13F-HR", "report_type": "13F HOLDINGS REPORT", "period_end": ended,
            "filed_date": at.date(), "accepted_at": at, "amendment_kind": "ORIGINAL",
            "n_entries": len(rows), "value_total": sum(row["value_reported"] for row in rows),
            "known_at": at}  # fmt: skip


def holding(cik: int, ended: date, at: datetime, shares: int) -> list[Mapping[str, Any]]:
    """Something else that every manager holds, and AAPL."""
    held = {"MSFT": 1_000, "AAPL": shares}
    return [
        {"accession_no": f"{cik:010}-25-{ended.month:06}", "line": line, "issuer": f"{ticker} INC",
         "class_title": "COM", "cusip": CUSIP[ticker], "share_type": "SH", "shares": own,
         "value_reported": own * 178, "discretion": "SOLE", "voting_sole": own, "voting_shared": 0,
         "voting_none": 0, "known_at": at}
        for line, (ticker, own) in enumerate(held.items(), start=1) if own
    ]  # fmt: skip


FORMED = datetime(2025, 11, 14, 22, tzinfo=UTC)


def trade(code: str, shares: int, number: int) -> Mapping[str, Any]:
    return {"accession_no": f"form-{number}", "is_derivative": False, "line": 1,
            "title": "Common Stock", "trans_date": date(2025, 11, 13), "trans_code": code,
            "trans_form_type": "4", "is_swap": False, "shares": shares, "price": 178.0,
            "is_acquired": code == "P", "shares_after": 5_000, "is_direct": True,
            "known_at": FORMED}  # fmt: skip


def owner(number: int) -> Mapping[str, Any]:
    return {"accession_no": f"form-{number}", "owner_cik": f"99100000{number:02}",
            "owner": f"Insider {number}", "is_director": False, "is_officer": True,
            "is_ten_percent": False, "is_other": False, "title": "CEO", "line": 1,
            "known_at": FORMED}  # fmt: skip


def form(number: int) -> Mapping[str, Any]:
    """A form 4; the second one's sale is planned."""
    return {"accession_no": f"form-{number}", "form_type": "4", "issuer_cik": "0000320193",
            "issuer": "AAPL INC", "trading_symbol": "AAPL", "period_date": date(2025, 11, 13),
            "filed_date": FORMED.date(), "accepted_at": FORMED, "is_10b5_1": number == 2,
            "is_10b5_1_footnote": number == 2, "not_subject_to_section_16": False,
            "no_securities_owned": False, "known_at": FORMED}  # fmt: skip


def told() -> dict[str, Any]:
    return alert(
        "spike", datetime(2025, 11, 18, 23, tzinfo=UTC), detector="off_exchange.spike",
        entity="AAPL", severity="critical", headline="AAPL: 5 times the usual off exchange",
        evidence='{"volume_ratio30": 5.0}', direction="bull",
        alert_key="off_exchange.spike|AAPL|2025-11-18",
    )  # fmt: skip


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
