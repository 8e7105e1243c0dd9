"""What the real SPX chains say, reckoned in plain Python, for tests to hold answers against."""

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

MISSING = {date(2019, 5, 10), date(2019, 5, 17)}  # two sessions that were never scraped
NEW_YORK = ZoneInfo("America/New_York")
SCREENS = ("new", "screen", "threefold", "tenfold")


@dataclass(frozen=True)
class Line:
    """One contract of one file."""

    volume: int
    open_interest: int
    last: float
    mid: float | None
    delta: float
    price: float
    expiration: date


def sessions() -> list[date]:
    """Return the sessions of the files' weeks: weekdays but Memorial Day."""
    first = date(2019, 4, 24)
    days = [first + timedelta(days=n) for n in range(36)]
    return [day for day in days if day.weekday() < 5 and day != date(2019, 5, 27)]


def changed_sessions() -> set[date]:
    """Return the sessions whose open interest, and that of the one before, the files say."""
    told = {before for before, quoted in pairwise(sessions()) if quoted not in MISSING}
    return {after for before, after in pairwise(sessions()) if {before, after} <= told}


@cache
def chains(folder: Path) -> dict[date, dict[str, Line]]:
    """Read every file by its quote date."""
    found = {}
    for path in sorted(folder.glob("*.csv.gz")):
        with gzip.open(path, "rt") as file:
            rows = list(csv.DictReader(file))
        day = datetime.strptime(rows[0]["quotedate"], "%m/%d/%Y").date()
        found[day] = {
            row["optionroot"]: Line(
                int(row["volume"]),
                int(row["openinterest"]),
                float(row["last"]),
                (float(row["bid"]) + float(row["ask"])) / 2
                if float(row["bid"]) and float(row["ask"])
                else None,
                float(row["delta"]),
                float(row["underlying_last"]),
                datetime.strptime(row["expiration"], "%m/%d/%Y").date(),
            )
            for row in rows
        }
    return found


@cache
def oracle(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what options.oi_change must say of the files."""
    days, read = sessions(), chains(folder)
    interest: dict[str, dict[int, int]] = defaultdict(dict)
    for place in range(1, len(days)):
        for contract, line in read.get(days[place], {}).items():
            interest[contract][place - 1] = line.open_interest
    alerts = {}
    for contract, held in interest.items():
        changes = {n: held[n] - held[n - 1] for n in held if n - 1 in held}
        for n, d_oi in changes.items():
            quote = read.get(days[n], {}).get(contract)
            past = [abs(changes[m]) for m in range(n - 20, n) if m in changes]
            mean = sum(past) / len(past) if len(past) >= 10 else 0
            if not mean or not quote or quote.mid is None or quote.expiration <= days[n]:
                continue
            rel, usd = abs(d_oi) / mean, abs(d_oi) * quote.mid * 100
            if rel < 5 or abs(d_oi) < 1_000 or usd < 1_000_000:
                continue
            alerts[f"options.oi_change|SPX|{contract}|{days[n]}"] = {
                "d_oi": d_oi,
                "open_interest": held[n],
                "previous_open_interest": held[n - 1],
                "n_baseline": len(past),
                "mean_abs_d_oi": mean,
                "d_oi_rel": rel,
                "mid": quote.mid,
                "volume": quote.volume,
                "d_oi_usd": usd,
                "d_oi_delta_usd": d_oi * quote.delta * quote.price * 100,
                "score": min(banded(rel, 5, 10, 20), banded(usd / 1e6, 1, 5, 25), 39),
                "confidence": 0.4 + 0.3 * (abs(d_oi) <= quote.volume),
                "happened_at": datetime.combine(days[n], time(16), NEW_YORK),
                "fired_at": datetime.combine(days[n + 1], time(6, 30), NEW_YORK),
            }
    return alerts


def screened(line: Line) -> int | None:
    """Return the highest screen that a contract's volume reached; 0 where nothing was open."""
    usd = line.volume * line.last * 100
    if line.volume <= 500 or line.last <= 0.1:
        return None
    if line.open_interest == 0:
        return 0
    if line.open_interest <= 100 or line.volume < 1.25 * line.open_interest:
        return None
    ratio = line.volume / line.open_interest
    return 3 if ratio >= 10 and usd >= 1e6 else 2 if ratio >= 3 and usd >= 1e5 else 1


def labelled(d_oi: float, volume: int) -> str | None:
    """Return what a session's trades did, as the rule book labels them."""
    if volume < 100:
        return None if volume else "no_trade"
    share = d_oi / volume
    opened = "mostly_opening" if share >= 0.5 else "mixed"
    return "mostly_closing" if share <= -0.5 else opened


def banded(value: float, low: float, medium: float, high: float) -> float:
    """Return 20, 40 and 60 at three values, straight between them and at most 79."""
    if value < medium:
        return 20 + 20 * (value - low) / (medium - low)
    return min(79, 40 + 20 * (value - medium) / (high - medium)) if value < high else 60
