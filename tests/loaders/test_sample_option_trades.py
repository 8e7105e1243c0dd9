"""Sample option trades: prices keep to the quotes, and planted orders are as large as told."""

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from loaders import option_codes
from loaders import sample_option_trades as trades
from loaders._sample_chains import UNDERLYINGS
from tests.samples import events_of, pulled, rows_of

FEED = "sample_option_trades"
LEAST = {
    "options.sweep": trades.SWEEP, "options.golden_sweep": trades.GOLDEN,
    "options.split": trades.SPLIT, "options.block": trades.BLOCK,
    "options.repeated_hits": trades.HITS, "options.sweep_then_floor": trades.FLOOR,
}  # fmt: skip


def column(name: str) -> Any:
    return rows_of(FEED)["option_trades"][name].to_numpy()


@pytest.fixture(scope="module")
def by_contract() -> dict[str, list[dict[str, Any]]]:
    """Return the last week's prints of each contract."""
    table = rows_of(FEED)["option_trades"]
    week = table.slice(int(np.searchsorted(column("traded_at"), np.datetime64("2024-02-12"))))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in week.select(["contract", "traded_at", "price", "size"]).to_pylist():
        found.setdefault(row["contract"], []).append(row)
    return found


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_six_stocks_trade_in_every_session() -> None:
    pairs = Counter(zip(column("root"), column("session_date"), strict=True))

    assert len(pairs) == len(UNDERLYINGS) * trades.N_TRADED
    assert min(pairs.values()) > 100


def test_every_price_lies_at_or_between_bid_and_ask() -> None:
    assert np.all(column("bid") < column("ask"))
    assert np.all((column("bid") <= column("price")) & (column("price") <= column("ask")))
    assert np.mean((column("price") == column("bid")) | (column("price") == column("ask"))) > 0.8


def test_every_condition_and_venue_is_explained() -> None:
    said = {row["condition"] for row in option_codes.lettered() if row["source_feed"] == FEED}
    named = {row["venue_code"] for row in option_codes.venues() if row["source_feed"] == FEED}

    assert set(column("condition")) <= said
    assert set(column("venue")) <= named


def test_prints_come_in_the_order_of_their_numbers() -> None:
    assert np.all(np.diff(column("sequence")) == 1)
    assert np.all(np.diff(column("traded_at").astype(np.int64)) >= 0)


def test_both_legs_of_a_package_come_at_once_on_one_venue() -> None:
    is_leg = np.isin(column("condition"), trades.PACKAGES)
    legs = Counter(
        zip(
            column("traded_at")[is_leg],
            column("venue")[is_leg],
            column("root")[is_leg],
            strict=True,
        )
    )

    assert np.mean([n == 2 for n in legs.values()]) > 0.6


def premium(rows: list[dict[str, Any]], event: dict[str, Any], milliseconds: int) -> float:
    """Return what was paid in the moments after an event's begin."""
    since = event["starts_at"]
    until = since + timedelta(milliseconds=milliseconds)
    return float(
        sum(row["price"] * row["size"] * 100 for row in rows if since <= row["traded_at"] < until)
    )


@pytest.mark.parametrize(
    "event",
    [event for event in events_of(FEED) if event["subject"]],
    ids=lambda event: event["event_id"],
)
def test_a_planted_order_is_as_large_as_its_event_says(
    event: dict[str, Any], by_contract: dict[str, list[dict[str, Any]]]
) -> None:
    paid = premium(by_contract[event["subject"]], event, 150)

    size = paid / LEAST[event["detector"]]
    assert size == pytest.approx(event["size"], rel=0.09)
    assert (size >= 1) == (event["size"] >= 1)


@pytest.mark.parametrize(
    "event",
    [event for event in events_of(FEED) if not event["subject"]],
    ids=lambda event: event["event_id"],
)
def test_a_planted_package_is_as_large_as_its_event_says(
    event: dict[str, Any], by_contract: dict[str, list[dict[str, Any]]]
) -> None:
    bought, _, _, sold, *_ = event["note"].split()
    legs = [premium(by_contract[contract], event, 1) for contract in (bought, sold)]
    is_roll = event["detector"] == "options.roll"

    size = legs[0] / trades.ROLL if is_roll else (legs[0] - legs[1]) / trades.PACKAGE

    assert size == pytest.approx(event["size"], rel=0.09)
    assert (size >= 1) == (event["size"] >= 1)
    assert not is_roll or legs[0] > legs[1]
