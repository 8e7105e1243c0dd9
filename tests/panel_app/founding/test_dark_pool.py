"""Prints off exchange are told as the founding system told them, and silence leans nowhere."""

from typing import Any

import pytest
from starlette.testclient import TestClient

PRINT = {
    "symbol": "AAPL", "timestamp": "2025-11-18T10:30:00", "price": 178.50, "size": 500_000,
    "value": 89_250_000.0, "premium_discount": 0.5, "market_price": 178.00, "is_premium": True,
    "sentiment": "bullish",
}  # fmt: skip


def said(old: TestClient, address: str) -> Any:
    answer = old.get(f"/smart-money/dark-pool/{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_print_is_the_example_of_old(old: TestClient) -> None:
    (found,) = said(old, "AAPL/prints")

    assert {name: found[name] for name in PRINT} == PRINT
    assert {name: type(found[name]) for name in PRINT} == {n: type(v) for n, v in PRINT.items()}


@pytest.mark.parametrize(
    ("asked", "n"),
    [("min_size=500001", 0), ("min_value=89250001", 0), ("limit=1&min_size=500000", 1),
     pytest.param("min_value=89250000", 1, marks=pytest.mark.soak)],
)  # fmt: skip
def test_prints_are_chosen_by_size_and_value(old: TestClient, asked: str, n: int) -> None:
    assert len(said(old, f"AAPL/prints?{asked}")) == n


def test_a_summary_has_the_fields_of_old(old: TestClient) -> None:
    assert said(old, "AAPL/summary") == {
        "symbol": "AAPL", "date": "2025-11-18T00:00:00", "total_prints": 1,
        "total_volume": 500_000, "total_value": 89_250_000.0, "average_price": 178.5,
        "average_size": 500_000, "premium_prints": 1, "discount_prints": 0,
        "premium_percentage": 100.0,
        "sentiment": {"bullish": 1, "bearish": 0, "neutral": 0, "bullish_percentage": 100.0},
        "large_blocks": {"count": 1, "value": 89_250_000.0, "percentage_of_value": 100.0},
    }  # fmt: skip


@pytest.mark.parametrize("asked", ["MSFT/summary", "AAPL/summary?date=2025-11-17"])
def test_where_nothing_is_told_nothing_leans(old: TestClient, asked: str) -> None:
    found = said(old, asked)

    assert (found["total_volume"], found["premium_percentage"]) == (0, None)
    assert found["sentiment"]["bullish_percentage"] is None


def test_patterns_add_sessions_up(old: TestClient) -> None:
    found = said(old, "AAPL/patterns?days=7")

    assert (found["total_volume"], found["volume_trend"]) == (500_000, "stable")
    assert found["daily_breakdown"] == {
        "2025-11-18": {"volume": 500_000, "value": 89_250_000.0, "prints": 1, "premium_count": 1}
    }


def test_one_session_alone_is_not_unusual(old: TestClient) -> None:
    found = said(old, "AAPL/unusual")

    assert (found["is_unusual"], found["severity"], found["volume_ratio"]) == (False, "low", None)
    assert found["today_volume"] == 500_000
