"""Yahoo's chart as loaders meet it: answers made of prices as traded, in its own terms."""

import json
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sites import Answer, Asked, Site, as_json

NOT_FOUND = {
    "chart": {
        "result": None,
        "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"},
    }
}
Traded = tuple[datetime, float, float, float, float, float]  # begin, open, high, low, close, volume


def noisy(price: float) -> float:
    """Return a price as a float of 4 bytes is written out."""
    return float(struct.unpack("f", struct.pack("f", price))[0])


def opens(day: date) -> datetime:
    """Return the open of a summer's session."""
    return datetime(day.year, day.month, day.day, 13, 30, tzinfo=UTC)


def chart(
    symbol: str,
    bars: Sequence[Traded],
    asked_at: datetime,
    *,
    length: str = "1d",
    splits: Mapping[date, tuple[int, int]] | None = None,
    dividends: Mapping[date, float] | None = None,
    unadjusted: Sequence[date] = (),
    **meta: Any,
) -> dict[str, Any]:
    """Return an answer: prices and payments before a split are told as if it had been before."""
    splits, dividends = splits or {}, dividends or {}

    def factor(day: date) -> float:
        found = 1.0
        for split, (new, old) in splits.items():
            if day < split and split not in unadjusted:
                found *= old / new
        return found

    at = [int(bar[0].timestamp()) for bar in bars]
    factors = [factor(bar[0].date()) for bar in bars]
    names = ("open", "high", "low", "close", "volume")
    quote: dict[str, list[float]] = {name: [] for name in names}
    for (_, opened, high, low, close, volume), own in zip(bars, factors, strict=True):
        told = [*(noisy(price * own) for price in (opened, high, low, close)), volume / own]
        for name, value in zip(names, told, strict=True):
            quote[name].append(value)
    events: dict[str, Any] = {
        "dividends": {
            str(int(opens(day).timestamp())): {
                "amount": amount * factor(day), "date": int(opens(day).timestamp())
            }
            for day, amount in dividends.items()
        },
        "splits": {
            str(int(opens(day).timestamp())): {
                "date": int(opens(day).timestamp()), "numerator": new, "denominator": old
            }
            for day, (new, old) in splits.items()
        },
    }  # fmt: skip
    facts = {
        "currency": "USD", "symbol": symbol, "exchangeTimezoneName": "America/New_York",
        "regularMarketTime": int(asked_at.timestamp()), "dataGranularity": length, **meta,
    }  # fmt: skip
    result: dict[str, Any] = {"meta": facts, "events": events, "indicators": {"quote": [quote]}}
    if bars:
        result["timestamp"] = at
    if length == "1d":
        result["indicators"]["adjclose"] = [{"adjclose": quote["close"]}]
    return {"chart": {"result": [result], "error": None}}


class Yahoo(Site):
    """Tells bars of the stocks that it knows, up to a moment, as it told them at that moment."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at
        self.days: dict[str, Sequence[Traded]] = {}
        self.minutes: dict[str, Sequence[Traded]] = {}
        self.events: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Answer:
        if self.answers:
            return self.answers.pop(0)
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        if asked.name not in self.days:
            return as_json(404, NOT_FOUND)
        since, until = (datetime.fromtimestamp(int(query[f"period{n}"]), UTC) for n in (1, 2))
        told = (self.days if query["interval"] == "1d" else self.minutes)[asked.name]
        bars = [bar for bar in told if since <= bar[0] < min(until, self.at)]
        events = self.events.get(asked.name, {})
        if query["interval"] == "1m":
            events = {"splits": events.get("splits")}
            if (until - since).days > 8 or (self.at - since).days > 29:
                return as_json(422, {"chart": {"result": None, "error": {"code": "Unprocessable"}}})
        found = chart(asked.name, bars, self.at, length=query["interval"], **events)
        return Answer(200, json.dumps(found).encode())
