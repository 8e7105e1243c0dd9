"""The founding routes are all there, and the document says what each gives."""

from typing import Any

import pytest
from starlette.testclient import TestClient

ROUTES = {
    "dark-pool/{symbol}": ("prints", "summary", "patterns", "unusual"),
    "institutional/{symbol}": ("holders", "changes", "flow", "insiders", "insider-sentiment"),
    "analytics/{symbol}": ("flow", "indicators", "dashboard"),
    "blocks/{symbol}": ("recent", "options", "options-positioning", "volume-spike", "divergence"),
}


@pytest.fixture(scope="module")
def document(old: TestClient) -> Any:
    return old.get("/openapi.json").json()


def test_every_route_of_old_is_described_with_its_fields(document: Any) -> None:
    asked = {f"/smart-money/{own}/{each}" for own, names in ROUTES.items() for each in names}
    asked |= {"/smart-money/alerts/{symbol}"}

    assert asked <= set(document["paths"])
    for path in asked:
        answer = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        assert "$ref" in answer["schema"].get("items", answer["schema"])


def test_the_examples_of_old_stand_in_the_document(document: Any) -> None:
    shapes = document["components"]["schemas"]

    assert shapes["Print"]["examples"][0]["premium_discount"] == 0.5
    assert shapes["Block"]["examples"][0]["volume_ratio"] == 3.5
    assert shapes["Indicators"]["examples"][0]["unusual_activity_score"] == 78.5
    assert shapes["Flow"]["examples"][0]["net_change_percentage"] == 1.0
