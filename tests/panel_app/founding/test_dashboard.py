"""The dashboard's answer is its parts as their own routes tell them, and its page is the first."""

from starlette.testclient import TestClient


def test_everything_at_once_is_what_each_route_tells(old: TestClient) -> None:
    asked = {"price_change": 1.5, "total_volume": 50_000_000}
    found = old.get("/smart-money/analytics/AAPL/dashboard", params=asked).json()

    def alone(address: str, **given: object) -> object:
        return old.get(f"/smart-money/{address}", params=given).json()

    assert found["smart_money_flow"]["dark_pool_ratio"] == 0.01
    assert found["indicators"] == alone("analytics/AAPL/indicators", **asked)
    assert found["dark_pool"] == {
        "recent_prints": alone("dark-pool/AAPL/prints", limit=20),
        "summary": alone("dark-pool/AAPL/summary"),
    }
    assert found["institutional"] == {
        "top_holders": alone("institutional/AAPL/holders", limit=10),
        "flow": alone("institutional/AAPL/flow"),
        "insider_sentiment": alone("institutional/AAPL/insider-sentiment"),
    }
    assert found["block_trades"] == {
        "recent_blocks": alone("blocks/AAPL/recent"),
        "options_positioning": alone("blocks/AAPL/options-positioning"),
    }
    assert found["alerts"] == alone("alerts/AAPL")


def test_the_page_is_the_dashboards_first(old: TestClient) -> None:
    answer = old.get("/smart-money/dashboard", follow_redirects=False)

    first = "/smart-money/dashboard/overview"
    assert (answer.status_code, answer.headers["location"]) == (307, first)
