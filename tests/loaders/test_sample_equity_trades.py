"""Sample prints: a small tape beside its quotes, and planted orders on both sides of each bound."""

from collections import Counter
from functools import cache
from typing import Any

import pytest

from loaders import sample_equity_trades
from loaders.sample_equity_trades import BLOCK_PRINT, LARGE_PRINT, LATE_PRINT, SWEPT
from tests.samples import events_of, pulled, rows_of

FEED = "sample_equity_trades"


@cache
def read(dataset: str) -> list[dict[str, Any]]:
    """Return what is made of a dataset."""
    return list(rows_of(FEED)[dataset].to_pylist())


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_the_tape_stays_small() -> None:
    assert 15_000 < len(read("equity_trades")) < 20_000
    assert len(read("equity_quotes")) < 20_000


def test_no_print_is_known_before_it_is_executed_and_those_of_finra_come_later() -> None:
    delays = [(row["known_at"] - row["traded_at"]).total_seconds() for row in read("equity_trades")]

    assert min(delays) > 0
    told = zip(delays, read("equity_trades"), strict=True)
    dark = [delay for delay, row in told if row["venue"] == "D"]
    assert sorted(dark)[len(dark) // 2] > 1


def test_the_letter_of_an_average_price_is_that_of_the_tape() -> None:
    letters = {
        (row["tape"], letter)
        for row in read("equity_trades")
        for letter in row["conditions"].split(",")
    } & {("A", "B"), ("A", "W"), ("C", "B"), ("C", "W")}

    assert letters == {("A", "B"), ("C", "W")}


def test_a_quote_has_a_bid_below_its_ask() -> None:
    assert all(0 < row["bid"] < row["ask"] for row in read("equity_quotes"))


@pytest.mark.parametrize(
    ("detector", "n"), [(LARGE_PRINT, 24), (BLOCK_PRINT, 16), (LATE_PRINT, 8), (SWEPT, 8)]
)
def test_each_kind_is_planted_on_both_sides_of_its_bound(detector: str, n: int) -> None:
    sizes = [event["size"] for event in events_of(FEED) if event["detector"] == detector]

    assert len(sizes) == n
    assert min(sizes) < 1 < max(sizes)


def test_no_ordinary_print_is_a_large_one() -> None:
    codes = Counter(
        row["conditions"]
        for row in read("equity_trades")
        if float(row["price"]) * row["size"] >= sample_equity_trades.LARGE
        and row["conditions"] not in ("@,O", "@,6")
    )

    # Of large prints, blocks and late ones: those of size 1.1 and more, blocks of any.
    assert codes == {"@": 5 + 8, "@,Z": 8}
