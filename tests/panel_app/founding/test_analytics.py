"""Flow and indicators are told as the founding system told them, and are neutral by themselves."""

from typing import Any

import pytest
from starlette.testclient import TestClient

# The example of old, by the type of each field.
EXAMPLE: dict[str, Any] = {
    "symbol": "AAPL", "smart_money_index": 75.0, "dark_pool_ratio": 0.35,
    "dark_pool_sentiment": "bullish", "institutional_ownership": 62.5,
    "institutional_momentum": "strong_buying", "accumulation_score": 65.0,
    "divergence_score": 12.5,
}  # fmt: skip

LONG = [(-4.9, 0.0), (-6.0, 106.0), (2.5, 0.0), (9.0, 0.0)]


def said(old: TestClient, address: str) -> Any:
    answer = old.get(f"/smart-money/analytics/{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_indicators_have_the_fields_and_types_of_old(old: TestClient) -> None:
    found = said(old, "AAPL/indicators")

    assert {name: type(found[name]) for name in EXAMPLE} == {
        name: type(value) for name, value in EXAMPLE.items()
    }
    assert (found["institutional_ownership"], found["institutional_momentum"]) == (
        62.5, "strong_buying"
    )  # fmt: skip
    assert 0 <= found["smart_money_index"] <= 100
    assert found["institutional_flow_5d"] == 133_875_000.0


def test_a_stock_of_which_nothing_is_told_is_neutral(old: TestClient) -> None:
    found = said(old, "BRK.B/indicators")

    assert (found["smart_money_index"], found["accumulation_score"]) == (50.0, 0.0)
    assert (found["dark_pool_sentiment"], found["block_trade_sentiment"]) == ("neutral", "neutral")
    assert (found["institutional_momentum"], found["accumulation_label"]) == ("neutral", "neutral")
    assert (found["smart_money_label"], found["is_near_neutral"]) == (None, True)
    assert (found["dark_pool_ratio"], found["confidence"]) == (None, 0.0)
    assert (found["dark_pool_trend"], found["divergence_score"]) == ("stable", 0.0)


@pytest.mark.parametrize(
    ("price_change", "score"),
    [(-5.0, 105.0), *(pytest.param(*each, marks=pytest.mark.soak) for each in LONG)],
)
def test_divergence_is_the_founding_rule_over_the_price_that_is_given(
    old: TestClient, price_change: float, score: float
) -> None:
    found = said(old, f"AAPL/indicators?price_change={price_change}")

    assert found["divergence_score"] == score


def test_flow_has_the_fields_of_old(old: TestClient) -> None:
    found = said(old, "AAPL/flow")

    told = {name: found[name] for name in found if name not in (
        "dark_pool_ratio", "smart_money_confidence", "accumulation_distribution"
    )}  # fmt: skip
    assert told == {
        "symbol": "AAPL", "date": "2025-11-18T00:00:00", "dark_pool_volume": 500_000,
        "dark_pool_value": 89_250_000.0, "block_trades_count": 2,
        "block_trades_value": 133_875_000.0, "institutional_buying": 23_140_000.0,
        "institutional_selling": 17_800_000.0, "net_institutional_flow": 5_340_000.0,
        "insider_buying": 178_000.0, "insider_selling": 0.0, "net_insider_flow": 178_000.0,
    }  # fmt: skip
    assert 0 <= found["smart_money_confidence"] <= 100
    assert found["accumulation_distribution"] in ("accumulation", "distribution", "neutral")


@pytest.mark.soak
@pytest.mark.parametrize("route", ["flow", "indicators"])
def test_a_volume_that_is_given_is_what_the_ratio_is_of(old: TestClient, route: str) -> None:
    assert said(old, f"AAPL/{route}?total_volume=2000000")["dark_pool_ratio"] == 0.25


@pytest.mark.soak
def test_a_flow_of_nothing_is_neutral(old: TestClient) -> None:
    found = said(old, "BRK.B/flow")

    assert (found["dark_pool_volume"], found["block_trades_count"]) == (0, 0)
    assert (found["net_institutional_flow"], found["net_insider_flow"]) == (0.0, 0.0)
    assert (found["accumulation_distribution"], found["date"]) == ("neutral", None)


@pytest.mark.parametrize(
    "asked", ["AAPL/indicators?price_change=abc", "AAPL/indicators?price_change=inf",
              "AAPL/flow?total_volume=0", "AAPL/flow?date=2999-01-01", "AAPL/flow?date=soon"],
)  # fmt: skip
def test_what_is_no_number_and_no_day_is_refused(old: TestClient, asked: str) -> None:
    assert old.get(f"/smart-money/analytics/{asked}").status_code == 422
