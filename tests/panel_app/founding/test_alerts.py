"""Alerts are told in the words of old, from the highest severity of which there were three."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("asked", "n"), [("", 1), ("?severity=high", 1), ("?severity=low", 0), ("?hours=1", 1)]
)
def test_a_critical_alert_is_a_high_one(old: TestClient, asked: str, n: int) -> None:
    rows = old.get(f"/smart-money/alerts/AAPL{asked}").json()

    assert [(row["alert_type"], row["severity"], row["sentiment"]) for row in rows] == [
        ("dark_pool_spike", "high", "bullish")
    ] * n


def test_it_has_its_evidence_and_its_sentence(old: TestClient) -> None:
    (row,) = old.get("/smart-money/alerts/AAPL?hours=48").json()

    assert row["data"] == {"volume_ratio30": 5.0}
    assert row["message"] == "AAPL: 5 times the usual off exchange"
    assert row["timestamp"] == "2025-11-18T18:00:00"
    assert old.get("/smart-money/alerts/MSFT").json() == []
