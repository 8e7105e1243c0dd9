"""Yahoo's known bad series, and what yfinance made of them, lead to the same prices here."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from loaders._yahoo_repair import mended
from loaders._yahoo_series import PRICES, Bar, Payment, Series, of_table
from tests.stores import ask, knowing_sessions, load_files

pytestmark = pytest.mark.real

SET = "equity_daily_yahoo_quirks"
SPAN = Span(datetime(2022, 1, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC))
SPLIT_WEEK = date(2022, 5, 16)
TWICE = date(2024, 1, 12)


def table(real: Path, name: str) -> Series:
    return mended(of_table(name, name, (real / SET / name).read_text()))


def told_closes(real: Path, name: str) -> dict[date, float]:
    """Return a file's own adjusted closes."""
    with (real / SET / name).open() as file:
        lines = csv.DictReader(file)
        return {
            datetime.fromisoformat(line["Datetime"]).date(): float(line["Adj Close"])
            for line in lines
        }


def our_closes(series: Series) -> dict[date, float]:
    """Return closes less the dividends that came later, each as a part of the close before it."""
    kept, found = Decimal(1), {}
    paid = {each.day: each.amount for each in series.payments if not each.note}
    for before, bar in reversed(list(pairwise(series.bars))):
        assert bar.close is not None
        assert before.close is not None
        found[bar.day] = float(bar.close * kept)
        kept *= 1 - paid.get(bar.day, Decimal(0)) / before.close
    first = series.bars[0]
    assert first.close is not None
    return found | {first.day: float(first.close * kept)}


def weeks(real: Path, name: str) -> Series:
    """Read the weeks of London, in pence, that the loader itself refuses."""
    series = Series("AV.L", "1d", [])
    with (real / SET / name).open() as file:
        for line in csv.DictReader(file):
            at = datetime.fromisoformat(line["Date"])
            prices: dict[str, Any] = {each: Decimal(line[each.capitalize()]) for each in PRICES}
            volume, adjusted = Decimal(line["Volume"]), Decimal(line["Adj Close"])
            series.bars.append(Bar(at, at.date(), prices, volume, adjusted))
            if ratio := Decimal(line["Stock Splits"]):
                series.splits[at.date()] = ratio
            if amount := Decimal(line["Dividends"]):
                series.payments.append(Payment(at.date(), amount))
    return series


def test_the_bad_and_the_repaired_table_are_the_same_prices_and_payments(real: Path) -> None:
    bad, fixed = table(real, "SAND-1d-bad-div.csv"), table(real, "SAND-1d-bad-div-fixed.csv")

    assert [(bar.day, bar.prices, bar.volume) for bar in bad.bars] == [
        (bar.day, bar.prices, bar.volume) for bar in fixed.bars
    ]
    assert [each.day for each in bad.payments if each.note == "doubted: told twice"] == [TWICE]
    assert [each for each in bad.payments if not each.note] == fixed.payments


@pytest.mark.parametrize("name", ["CALM-1d-no-bad-divs.csv", "EWG-1d-no-bad-divs.csv"])
def test_a_good_table_has_no_notes_and_its_adjusted_closes_follow(real: Path, name: str) -> None:
    series = table(real, name)

    assert {bar.note for bar in series.bars} == {None}
    assert {each.note for each in series.payments} == {None}
    wanted = told_closes(real, name)
    assert our_closes(series) == {day: pytest.approx(wanted[day], rel=1e-6) for day in wanted}


def test_adjusted_closes_are_the_repaired_ones_but_for_what_these_lost_twice(real: Path) -> None:
    name = "SAND-1d-bad-div-fixed.csv"
    wanted, ours = told_closes(real, name), our_closes(table(real, name))

    # The table lists 0.015 USD once by now, and its adjusted closes have lost it twice.
    lost = 1 - 0.015 / 4.96
    again = {day: close * (lost if day < date(2024, 1, 16) else 1) for day, close in ours.items()}
    assert again == {day: pytest.approx(wanted[day], rel=1e-6) for day in wanted}


def test_the_week_of_a_split_is_noted_for_the_payment_explains_its_fall(real: Path) -> None:
    bad = weeks(real, "AV-L-1wk-bad-stock-split.csv")
    fixed = weeks(real, "AV-L-1wk-bad-stock-split-fixed.csv")
    close_before = next(bar.close for bar in reversed(bad.bars) if bar.day < SPLIT_WEEK)
    told = {bar.day: bar.close for bar in bad.bars}
    differing = [
        one.day
        for one, other in zip(bad.bars, fixed.bars, strict=True)
        if one.close and other.close and abs(one.close / other.close - 1) > Decimal("1e-6")
    ]

    notes = {bar.day: bar.note for bar in mended(bad).bars if bar.note}

    # yfinance lifts this week by 1 / 0.76. But 101.69 were paid, so 0.76 for 1 is in the prices.
    assert differing == [SPLIT_WEEK]
    assert notes == {SPLIT_WEEK: "doubted: a leap at a split"}
    assert close_before is not None
    paid = Decimal("101.69") / Decimal("0.76")
    assert told[SPLIT_WEEK] == pytest.approx(close_before - paid, rel=Decimal("0.03"))


def test_the_folder_loads_but_for_its_weeks(real: Path, tmp_path: Path) -> None:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        files = [real / SET / f"{name}.csv" for name in ("SAND-1d-bad-div", "CALM-1d-no-bad-divs")]
        loads = load_files(store, "equity_bars_yahoo", *files)
        rejected = ask(store.place, "raw.rejected")

    assert [(each.coverage, each.n_rows, each.n_rejected) for each in loads] == [
        ("CALM-1d-no-bad-divs.csv", 672, 0), ("SAND-1d-bad-div.csv", 672, 1),
    ]  # fmt: skip
    assert [row["reason"] for row in rejected] == [
        "not note IS DISTINCT FROM 'doubted: told twice'"
    ]
