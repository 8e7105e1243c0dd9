"""Days of one stock's options for tests: real minutes, and prints as a loader tells them."""

import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from leadline.clock import BEGINNING
from tests.conftest import REAL_DATA

DAYS = ("20140606", "20140609")
VENUES, SHARES = "ABCDEHIJMNQX", (3, 5, 9, 1, 6, 4, 8, 2, 5, 7, 4, 6)
SMALL = (1, 1, 1, 1, 2, 2, 3, 5, 5, 10, 10, 10, 15, 20, 25, 50, 100)

Option = tuple[str, float, date]  # right, strike, expiration


@dataclass(frozen=True)
class Bar:
    """A minute in which an option traded."""

    option: Option
    at_s: float
    price: float
    volume: int


def bars(day: str) -> list[Bar]:
    """Return a real day's minutes of AAPL's options, or invented ones of its size."""
    place = os.environ.get(REAL_DATA)
    if place is None:
        return list(invented(Random(day)))
    path = Path(place, "options_minute_lean", "aapl", f"{day}_trade_american.zip")
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            *_, right, strike, end = name.removesuffix(".csv").split("_")
            expiration = datetime.strptime(end, "%Y%m%d").date()
            for line in archive.read(name).decode().split():
                ms, _, high, low, _, volume = line.split(",")
                price = (int(high) + int(low)) / 20_000
                option = (right, int(strike) / 10_000, expiration)
                found.append(Bar(option, int(ms) / 1_000, price, int(float(volume))))
    return found


def invented(chance: Random) -> Iterator[Bar]:
    """Yield minutes as the real ones are spread: a few near options are traded all day."""
    ends = [date(2014, 6, 13) + timedelta(weeks=n) for n in range(8)]
    for _ in range(22_000):
        near, wide = int(chance.expovariate(0.8)) % 8, int(chance.gauss(0, 6))
        option = (chance.choice(("call", "put")), 645 + 2.5 * wide, ends[near])
        at_s = 34_200 + 60 * int(390 * chance.betavariate(0.7, 0.9))
        yield Bar(option, at_s, chance.uniform(0.5, 20), 1 + int(chance.expovariate(1 / 20)))


def symbol(option: Option) -> str:
    """Return a contract's symbol, without the spaces behind its root."""
    right, strike, end = option
    return f"AAPL{end:%y%m%d}{right[0].upper()}{round(strike * 1_000):08d}"


def midnight(day: str) -> datetime:
    """Return when a day begins in New York, in summer."""
    return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) + timedelta(hours=4)


def cut(chance: Random, bar: Bar) -> Iterator[tuple[int, str]]:
    """Yield size and venue of prints that add up to a minute's volume."""
    left = bar.volume
    while left > 0:
        size = min(left, chance.choice(SMALL))
        (venue,) = chance.choices(VENUES, SHARES)
        yield size, venue
        left -= size


def meant(trade_class: str) -> dict[str, Any]:
    """Return a condition that means its own name."""
    return {
        "source_feed": "test", "asset": "option", "tape": "any", "condition": trade_class,
        "name": trade_class,
        "trade_class": trade_class, "is_iso": False, "is_floor": False, "meaning": trade_class,
        "valid_from": date(1970, 1, 1), "known_at": BEGINNING,
    }  # fmt: skip


def told(each: Mapping[str, Any]) -> dict[str, Any]:
    """Return a print as a loader tells it."""
    same = ("contract", "trade_id", "venue", "traded_at", "expiration", "strike", "put_call")
    return {
        **{name: each[name] for name in (*same, "size", "price", "bid", "ask")},
        "known_at": each["traded_at"], "calendar": "XNYS",
        "session_date": each["traded_at"].date(), "root": "AAPL", "currency": "USD",
        "condition": each["opt_trade_class"],
    }  # fmt: skip
