"""What Yahoo tells of one stock's prices: an answer of its chart, or a table saved by yfinance."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from leadline.errors import FeedError
from leadline.feed import Json
from loaders._new_york import NEW_YORK
from loaders._symbols import dotted

LENGTHS = {"1d": timedelta(days=1), "1m": timedelta(minutes=1)}
PRICES = ("open", "high", "low", "close")
_SHIFT = timedelta(hours=2)  # a day is stamped with its open, its midnight, or an hour beside these
_NAME = re.compile(r"(?P<symbol>[A-Z0-9.-]+)-(?P<length>\d+(?:m|h|d|wk|mo))(-[a-z0-9-]+)?\.csv")
_PAST = timedelta(days=5)  # over a long weekend nothing is newer than this


@dataclass
class Bar:
    """A bar in Yahoo's own terms; adjusted is its close less the dividends that came later."""

    at: datetime
    day: date
    prices: dict[str, Decimal | None]
    volume: Decimal | None
    adjusted: Decimal | None = None
    note: str | None = None

    @property
    def close(self) -> Decimal | None:
        """Its close."""
        return self.prices["close"]


@dataclass
class Payment:
    """A dividend that Yahoo tells, and what is wrong with it."""

    day: date
    amount: Decimal
    note: str | None = None


@dataclass
class Series:
    """Bars of one length, oldest first, with the splits and payments that are told beside them."""

    symbol: str
    length: str
    bars: list[Bar]
    splits: dict[date, Decimal] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)


def of_answer(where: str, said: Json, length: str | None = None) -> Series:
    """Read an answer of the chart; one that is not of the length asked for is a FeedError."""
    (result,) = said["chart"]["result"]
    meta = result["meta"]
    symbol, told = meta["symbol"], meta["dataGranularity"]
    if told not in LENGTHS or (length and told != length):
        raise FeedError(
            f"{where}: {symbol} has bars of {told}, not of {length or ' or '.join(LENGTHS)}; "
            f"ask for those"
        )
    if meta["currency"] != "USD" or meta["exchangeTimezoneName"] != NEW_YORK.key:
        raise FeedError(
            f"{where}: {symbol} trades in {meta['currency']} by the clock of "
            f"{meta['exchangeTimezoneName']}, not in USD by New York's; leave it out"
        )
    stamps = result.get("timestamp", [])
    columns = result["indicators"]["quote"][0] if stamps else {}
    adjusted = result["indicators"].get("adjclose", [{"adjclose": [None] * len(stamps)}])
    bars = [
        Bar(
            datetime.fromtimestamp(stamp, UTC),
            _day(datetime.fromtimestamp(stamp, UTC), told),
            {name: _number(columns[name][n]) for name in PRICES},
            _number(columns["volume"][n]),
            _number(adjusted[0]["adjclose"][n]),
        )
        for n, stamp in enumerate(stamps)
    ]
    asked_at = datetime.fromtimestamp(meta["regularMarketTime"], UTC)
    if told == "1d" and bars and bars[-1].at + _PAST < asked_at:
        raise FeedError(
            f"{where}: {symbol} ends on {bars[-1].day} and was asked for on "
            f"{asked_at:%Y-%m-%d}, so that splits in between are not told; ask up to the present"
        )
    events = result.get("events", {})
    payments = [*_dated(events.get("dividends", {})), *_dated(events.get("capitalGains", {}))]
    return Series(
        dotted(symbol), told, bars,
        {
            day: Decimal(each["numerator"]) / Decimal(each["denominator"])
            for day, each in _dated(events.get("splits", {}))
        },
        _added([Payment(day, Decimal(each["amount"])) for day, each in payments]),
    )  # fmt: skip


def of_table(where: str, name: str, text: str) -> Series:
    """Read a table as yfinance saves it, SYMBOL-LENGTH[-WORDS].csv."""
    found = _NAME.fullmatch(name)
    if found is None or found["length"] not in LENGTHS:
        raise FeedError(
            f"{where}: a table's name says its ticker and length, as AAPL-1d.csv; bars of "
            f"{' and '.join(LENGTHS)} are taken"
        )
    series = Series(dotted(found["symbol"]), found["length"], [])
    for line in csv.DictReader(StringIO(text)):
        at = datetime.fromisoformat(line.get("Datetime") or line["Date"])
        here = at.astimezone(NEW_YORK)
        if here.utcoffset() != at.utcoffset():
            raise FeedError(
                f"{where}: its days are not New York's, '{line.get('Datetime') or line['Date']}'; "
                f"leave it out"
            )
        bar = Bar(
            at.astimezone(UTC), _day(at, series.length),
            {each: _number(line[each.capitalize()]) for each in PRICES},
            _number(line["Volume"]), _number(line["Adj Close"]),
        )  # fmt: skip
        series.bars.append(bar)
        if ratio := _number(line["Stock Splits"]):
            series.splits[bar.day] = ratio
        for paid in ("Dividends", "Capital Gains"):
            if amount := _number(line.get(paid)):
                series.payments.append(Payment(bar.day, amount))
    series.payments = _added(series.payments)
    return series


def _day(at: datetime, length: str) -> date:
    """Return the session's date; an hour that daylight saving moved does not move the day."""
    here = at.astimezone(NEW_YORK)
    return (here + _SHIFT).date() if length == "1d" else here.date()


def _dated(events: Mapping[str, Any]) -> Iterator[tuple[date, Any]]:
    for each in sorted(events.values(), key=lambda event: event["date"]):
        yield _day(datetime.fromtimestamp(each["date"], UTC), "1d"), each


def _added(payments: list[Payment]) -> list[Payment]:
    """Return one payment a day: a fund's dividend and its gains are paid together."""
    sums: dict[date, Decimal] = {}
    for each in payments:
        sums[each.day] = sums.get(each.day, Decimal(0)) + each.amount
    return [Payment(day, amount) for day, amount in sorted(sums.items())]


def _number(said: Decimal | float | str | None) -> Decimal | None:
    """Return a number; what is not told, or is none, is null."""
    number = Decimal(said) if said not in (None, "") else None
    return number if number is not None and number.is_finite() else None
