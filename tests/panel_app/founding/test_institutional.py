"""Holders, changes, flow and insiders are told as the founding system told them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

MORE = [
    ("", ["Fund 1", "Fund 2", "Fund 3"]), ("?change_type=decreased", ["Fund 2"]),
    ("?change_type=new", ["Fund 3"]),
    ("?change_type=sold_out", []),
]  # fmt: skip


def said(old: TestClient, address: str) -> Any:
    answer = old.get(f"/smart-money/institutional/{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_holder_has_the_fields_of_old(old: TestClient) -> None:
    first, *others = said(old, "AAPL/holders")

    assert first == {
        "name": "Fund 1", "shares": 900_000, "value": 160_200_000.0, "percentage": 54.6117,
        "change": 100_000, "change_percentage": 12.5, "filing_date": "2025-11-14T00:00:00",
        "is_new_position": False, "is_sold_out": False,
    }  # fmt: skip
    assert [row["shares"] for row in others] == [100_000, 30_000]


@pytest.mark.parametrize(
    ("asked", "names"),
    [("?change_type=increased", ["Fund 1", "Fund 3"]),
     *(pytest.param(*each, marks=pytest.mark.soak) for each in MORE)],
)  # fmt: skip
def test_changes_are_chosen_by_kind(old: TestClient, asked: str, names: list[str]) -> None:
    assert sorted(row["name"] for row in said(old, f"AAPL/changes{asked}")) == names


def test_flow_has_the_fields_of_old(old: TestClient) -> None:
    found = said(old, "AAPL/flow?quarters=4")

    assert {name: found[name] for name in found if name != "history"} == {
        "symbol": "AAPL", "quarter": "Q3 2025", "total_holders": 3,
        "institutional_ownership": 62.5, "net_change_shares": 30_000,
        "net_change_percentage": 3.0, "flow_direction": "strong_inflow", "holders_increased": 1,
        "holders_decreased": 1, "holders_new": 1, "holders_sold_out": 0, "conviction_score": 33.33,
    }  # fmt: skip
    assert [each["quarter"] for each in found["history"]] == ["Q3 2025", "Q2 2025"]


def test_a_stock_that_nobody_reports_flows_nowhere(old: TestClient) -> None:
    found = said(old, "BRK.B/flow")

    assert (found["flow_direction"], found["quarter"], found["total_holders"]) == (
        "neutral", "N/A", 0
    )  # fmt: skip
    assert found["net_change_percentage"] is None


def test_insiders_are_chosen_by_what_they_did(old: TestClient) -> None:
    (bought,) = said(old, "AAPL/insiders?transaction_type=buy")

    assert bought == {
        "symbol": "AAPL", "insider_name": "Insider 1", "title": "CEO", "transaction_type": "Buy",
        "shares": 1_000, "price": 178.0, "value": 178_000.0,
        "filing_date": "2025-11-14T00:00:00", "transaction_date": "2025-11-13T00:00:00",
        "ownership_type": "Direct", "shares_owned_after": 5_000,
    }  # fmt: skip
    assert len(said(old, "AAPL/insiders")) == 2


def test_a_planned_sale_is_no_sentiment(old: TestClient) -> None:
    found = said(old, "AAPL/insider-sentiment")

    assert (found["total_transactions"], found["sell_transactions"]) == (2, 0)
    assert (found["sentiment"], found["activity_score"]) == ("bullish", 100.0)
    assert said(old, "MSFT/insider-sentiment")["sentiment"] == "neutral"
