"""Lean's factor files tell the splits and dividends that are known from elsewhere."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from tests.lean import told

pytestmark = pytest.mark.real
SPAN = Span(datetime(1998, 1, 2, tzinfo=UTC), datetime(2021, 6, 1, tzinfo=UTC))
FOLDER = "equity_daily_lean"


@pytest.fixture(scope="module")
def actions(real: Path) -> list[dict[str, Any]]:
    found = told("lean_equity_factors", real / FOLDER, span=SPAN)
    return list(found["corporate_actions"].to_pylist())


def test_every_line_whose_factor_changes_is_an_action(
    real: Path, actions: list[dict[str, Any]]
) -> None:
    wanted: Counter[str] = Counter()
    for path in (real / FOLDER / "factor_files").glob("*.csv"):
        lines = [line.split(",") for line in path.read_text().split()]
        for (_, price, split, _), (_, next_price, next_split, _) in pairwise(lines):
            wanted["dividend"] += Decimal(price) != Decimal(next_price)
            wanted["split"] += Decimal(split) != Decimal(next_split)

    assert Counter(row["action"] for row in actions) == wanted == {"dividend": 559, "split": 16}


def test_the_splits_are_those_that_everybody_knows(actions: list[dict[str, Any]]) -> None:
    splits = {(row["symbol"], row["ex_date"]): row["ratio"] for row in actions if row["ratio"]}

    assert {key: ratio for key, ratio in splits.items() if key[0] not in ("AOL", "TWX")} == {
        ("AAPL", date(2000, 6, 21)): 2,
        ("AAPL", date(2005, 2, 28)): 2,
        ("AAPL", date(2014, 6, 9)): 7,
        ("AAPL", date(2020, 8, 31)): 4,
        ("BAC", date(2004, 8, 30)): 2,
        ("GOOG", date(2015, 4, 27)): 1.0027,  # shares given to one class alone
        ("GOOGL", date(2014, 4, 3)): 2,
        ("IBM", date(1999, 5, 27)): 2,
        ("IWM", date(2005, 6, 9)): 2,
        ("USO", date(2020, 4, 29)): 0.125,
    }


def test_dividends_are_what_apple_paid_to_a_hundredth_of_a_cent(
    actions: list[dict[str, Any]],
) -> None:
    paid = {
        row["ex_date"]: row["amount_usd"]
        for row in actions
        if row["symbol"] == "AAPL" and row["amount_usd"]
    }

    assert len(paid) == 35
    for day, usd in {
        date(2012, 8, 9): 2.65, date(2012, 11, 7): 2.65, date(2013, 5, 9): 3.05,
        date(2014, 5, 8): 3.29, date(2014, 8, 7): 0.47, date(2018, 5, 11): 0.73,
        date(2020, 8, 7): 0.82, date(2020, 11, 6): 0.205,
    }.items():  # fmt: skip
        assert paid[day] == pytest.approx(usd, abs=1.01e-4)


def test_a_ticker_is_that_of_its_day(actions: list[dict[str, Any]]) -> None:
    spans: dict[str, tuple[date, date]] = {}
    for row in sorted(actions, key=lambda row: row["ex_date"]):
        first, _ = spans.get(row["symbol"], (row["ex_date"],) * 2)
        spans[row["symbol"]] = (first, row["ex_date"])

    assert spans["NB"][1] <= date(1998, 9, 30) < spans["BAC"][0]
    assert spans["AOL"][1] <= date(2003, 10, 15)
    assert spans["WMI"][1] <= date(2009, 8, 4) < spans["WM"][0]
