"""Blocks, option orders, volume and divergence are told as the founding system told them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

BLOCK = {
    "symbol": "AAPL", "timestamp": "2025-11-18T10:30:00", "trade_type": "sweep", "price": 178.50,
    "size": 250_000, "value": 44_625_000.0, "is_options": False, "sentiment": "bullish",
    "volume_ratio": 3.5,
}  # fmt: skip


def said(old: TestClient, address: str) -> Any:
    answer = old.get(f"/smart-money/blocks/{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_block_is_the_example_of_old(old: TestClient) -> None:
    dark, swept = said(old, "AAPL/recent")

    assert {name: swept[name] for name in BLOCK} == BLOCK
    assert {name: type(swept[name]) for name in BLOCK} == {n: type(v) for n, v in BLOCK.items()}
    assert (dark["trade_type"], dark["value"]) == ("dark_pool", 89_250_000.0)


@pytest.mark.soak
def test_blocks_are_chosen_by_their_value(old: TestClient) -> None:
    assert len(said(old, "AAPL/recent?min_value=50000000")) == 1


def test_an_option_sweep_says_its_contract(old: TestClient) -> None:
    (found,) = said(old, "AAPL/options")

    assert (found["trade_type"], found["call_put"], found["strike"]) == ("sweep", "CALL", 180.0)
    assert (found["premium"], found["expiration"]) == (150_000.0, "2025-12-19T00:00:00")
    assert said(old, "AAPL/options?min_premium=150001") == []


def test_calls_bought_are_bullish_and_nothing_is_neutral(old: TestClient) -> None:
    found = said(old, "AAPL/options-positioning")

    assert (found["total_call_premium"], found["total_put_premium"]) == (150_000.0, 20_000.0)
    assert (found["call_put_ratio"], found["sentiment"]) == (7.5, "strongly_bullish")
    nothing = said(old, "MSFT/options-positioning")
    assert (nothing["sentiment"], nothing["sentiment_legacy"]) == ("neutral", "neutral")
    assert nothing["call_put_ratio"] is None


@pytest.mark.parametrize(
    ("asked", "ratio", "severity", "is_spike"),
    [("", 3.5, "high", True), ("?current_volume=1500000&threshold=1.2", 1.5, "medium", True),
     pytest.param("?current_volume=6000000", 6.0, "extreme", True, marks=pytest.mark.soak),
     pytest.param("?current_volume=1500000", 1.5, "low", False, marks=pytest.mark.soak)],
)  # fmt: skip
def test_a_volume_is_held_against_its_mean(
    old: TestClient, asked: str, ratio: float, severity: str, is_spike: bool
) -> None:
    found = said(old, f"AAPL/volume-spike{asked}")

    assert found["baseline_volume"] == 1_000_000
    assert (found["volume_ratio"], found["severity"], found["is_spike"]) == (
        ratio, severity, is_spike
    )  # fmt: skip


@pytest.mark.parametrize(
    ("price_change", "kind"),
    [(-5, "bullish"), (-4.9, None), pytest.param(5, None, marks=pytest.mark.soak)],
)
def test_large_prints_bought_while_the_price_falls_diverge(
    old: TestClient, price_change: float, kind: str | None
) -> None:
    found = said(old, f"AAPL/divergence?price_change={price_change}")

    assert (found["divergence_type"], found["has_divergence"]) == (kind, kind is not None)
    assert (found["smart_money_flow"], found["net_flow"]) == (100.0, 133_875_000.0)


def test_without_prints_nothing_diverges(old: TestClient) -> None:
    found = said(old, "MSFT/divergence?price_change=-9")

    assert (found["has_divergence"], found["smart_money_flow"]) == (False, None)
