"""Yahoo's prices made prices as traded: what is certainly wrong is mended, the rest is noted.

A note says `mended: …` where the numbers are no longer Yahoo's, and `doubted: …` where they are.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import log
from statistics import median
from typing import NamedTuple

from loaders._yahoo_series import PRICES, Bar, Payment, Series

FLOAT = Decimal("6e-8")  # half a step of a 4-byte float, in which Yahoo keeps prices
HUNDRED = Decimal(100)
NEIGHBOURS = 2  # on each side
LEAP = 3  # a price that is so many times its neighbours, and not a hundred, is doubted
CLEAR = 0.4  # of a split, as a logarithm: 3 for 2 is the smallest that prices alone can prove
NEAR = 0.25  # how near to a split's ratio a leap has to be, in parts of its logarithm
ODD = 0.3  # a leap on a split's day, as a logarithm, that the split does not explain
TWICE_WITHIN = 17  # days; yfinance looks as far for a payment that is told twice


class Taken(NamedTuple):
    """What closes say of a payment: the one before it, what was taken off it, and its fall."""

    before: Decimal | None = None
    off: Decimal | None = None
    fell: Decimal | None = None


def mended(series: Series, splits: dict[date, Decimal] | None = None) -> Series:
    """Return a series as it traded; splits are those of another answer where its own ends early."""
    splits = series.splits if splits is None else splits
    bars = merged([bar for bar in series.bars if any(bar.prices.values()) or bar.volume])
    hundredfold(bars)
    apart = {day: unadjusted(bars, day, ratio) for day, ratio in splits.items()}
    payments = series.payments
    if series.length == "1d":
        _weigh(payments, bars)
    for bar in bars:
        factor = Decimal(1)
        for day, ratio in splits.items():
            if bar.day < day and bar.day not in apart[day]:
                factor *= ratio
        bar.prices = {
            name: None if price is None else plain(price * factor)
            for name, price in bar.prices.items()
        }
        bar.volume = None if bar.volume is None else plain(bar.volume / factor)
    for paid in payments:
        for day, ratio in splits.items():
            if paid.day < day:
                paid.amount *= ratio
        paid.amount = plain(paid.amount)
    return Series(series.symbol, series.length, bars, splits, payments)


def plain(value: Decimal) -> Decimal:
    """Return the shortest number that a 4-byte float can't tell from this one."""
    for digits in range(8):
        short = round(value, digits)
        if abs(short - value) <= abs(value) * FLOAT:
            return short
    return round(value, 8)


def merged(bars: Sequence[Bar]) -> list[Bar]:
    """Return one bar a day or minute: Yahoo adds the last price as a row of its own."""
    found: dict[object, Bar] = {}
    for bar in bars:
        key = bar.at.replace(second=0) if bar.adjusted is None else bar.day
        if key not in found:
            found[key] = bar
            continue
        first = found[key]
        both = {name: [p for p in (first.prices[name], bar.prices[name]) if p] for name in PRICES}
        if both["close"]:
            first.prices = {
                "open": both["open"][0],
                "high": max(both["high"]),
                "low": min(both["low"]),
                "close": both["close"][-1],
            }
        first.volume = max(filter(None, (first.volume, bar.volume)), default=first.volume)
        first.adjusted = bar.adjusted or first.adjusted
        first.note = "mended: a live row beside it"
    return list(found.values())


def hundredfold(bars: list[Bar]) -> None:
    """Mend prices that are a hundred times, or a hundredth of, all of their neighbours."""
    closes = [bar.close for bar in bars]
    for place, bar in enumerate(bars):
        before = [c for c in closes[max(0, place - NEIGHBOURS) : place] if c]
        after = [c for c in closes[place + 1 : place + 1 + NEIGHBOURS] if c]
        beside = before + after
        if not before or not after:
            continue
        usual = median(beside)
        is_calm = max(beside) < 2 * min(beside)
        for name in PRICES:
            price = bar.prices[name]
            times = price / usual if price else Decimal(1)
            if is_calm and (60 < times < 160 or 60 < 1 / times < 160):
                bar.prices[name] = price / HUNDRED if times > 1 else price * HUNDRED  # type: ignore[operator]
                bar.note = "mended: a hundredfold price"
            elif is_calm and (times > LEAP or 1 / times > LEAP) and not bar.note:
                bar.note = "doubted: a price far from its neighbours'"


def unadjusted(bars: list[Bar], day: date, ratio: Decimal) -> set[date]:
    """Return the days before a split whose prices Yahoo left as they traded.

    They begin where a leap by the ratio goes the other way, or where the bars begin.
    """
    own = [bar for bar in bars if bar.close and bar.prices["open"]]
    place = next((n for n, bar in enumerate(own) if bar.day >= day), len(own))
    size = abs(log(ratio))
    if not 0 < place < len(own) or size == 0:
        return set()
    leap = _leap(own[place - 1], own[place])
    if size < CLEAR or abs(leap - log(ratio)) > NEAR * size:
        if abs(leap) > ODD:
            own[place].note = "doubted: a leap at a split"
        return set()
    found: set[date] = set()
    for n in range(place - 1, -1, -1):
        found.add(own[n].day)
        own[n].note = own[n].note or "mended: a split was not in it"
        if n and abs(_leap(own[n - 1], own[n]) + log(ratio)) < NEAR * size:
            break
    return found


def _leap(before: Bar, after: Bar) -> float:
    """Return by how much prices fell overnight, as a logarithm."""
    return log(before.close / after.prices["open"])  # type: ignore[operator]


def _weigh(payments: list[Payment], bars: list[Bar]) -> None:
    """Hold payments against what Yahoo itself took off its closes, and against each other."""
    taken = {paid.day: taken_off(bars, paid.day) for paid in payments}
    amounts = [paid.amount for paid in payments]
    for n, paid in enumerate(payments):
        before, off, fell = taken[paid.day]
        others = amounts[:n] + amounts[n + 1 :]
        usual = median(others) if len(others) > 1 else None
        for times in (1 / HUNDRED, HUNDRED):
            wanted = paid.amount * times
            by_closes = off is not None and abs(off / wanted - 1) < Decimal("0.1")
            by_habit = (
                times < 1 and usual is not None and before is not None and fell is not None
                and paid.amount > max(before / 5, fell * 3) and usual / 4 < wanted < usual * 4
            )  # fmt: skip
            if by_closes or by_habit:
                paid.amount, paid.note = wanted, "mended: a hundredfold payment"
                break
        if before is not None and paid.amount >= before:
            paid.note = "doubted: more than the price"
    for first, second in pairwise(payments):
        is_same = abs(first.amount / second.amount - 1) < Decimal("0.01")
        if is_same and (second.day - first.day).days <= TWICE_WITHIN:
            for one, other in ((first, second), (second, first)):
                off, kept = taken[one.day].off, taken[other.day].off
                if off is not None and kept and off < one.amount / 10 < kept / 5:
                    one.note = "doubted: told twice"


def taken_off(bars: list[Bar], day: date) -> Taken:
    """Return the close before a day, what Yahoo's own adjustment took off it, and its fall."""
    own = [bar for bar in bars if bar.close and bar.adjusted]
    place = next((n for n, bar in enumerate(own) if bar.day >= day), len(own))
    if not 0 < place < len(own):
        return Taken()
    before, after = own[place - 1], own[place]
    kept = (before.adjusted / before.close) / (after.adjusted / after.close)  # type: ignore[operator]
    fell = before.close - (after.prices["open"] or after.close)  # type: ignore[operator]
    return Taken(before.close, before.close * (1 - kept), fell)  # type: ignore[operator]
