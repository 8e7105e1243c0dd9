"""Symbols in any spelling are found, and what can't be answered is said in one sentence."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("spelling", ["BRK.B", "brk.b", "BRK-B"])
def test_a_symbol_may_be_spelt_as_people_do(old: TestClient, spelling: str) -> None:
    found = old.get(f"/smart-money/blocks/{spelling}/options-positioning").json()

    assert found["symbol"] == "BRK.B"


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("dark-pool/AAPX/prints", 404, "'AAPX'; did you mean 'AAPL'"),
        ("dark-pool/A B;--/prints", 404, "symbol: nothing has ever named 'A B;..'"),
        (f"dark-pool/{'A' * 50_000}/summary", 404, "is too long to be one"),
        ("dark-pool/AAPL/summary?date=2030-01-01", 422,
         "date: 2030-01-01 is still to come; the last day is 2025-11-20"),
    ],
)  # fmt: skip
def test_what_nobody_can_answer_is_a_sentence(
    old: TestClient, address: str, status: int, sentence: str
) -> None:
    answer = old.get(f"/smart-money/{address}")

    assert answer.status_code == status
    assert sentence in answer.json()["error"]


@pytest.mark.parametrize(
    "address",
    [
        "dark-pool/AAPL/patterns?days=0", "dark-pool/AAPL/prints?limit=501",
        "dark-pool/AAPL/prints?min_value=abc", "dark-pool/AAPL/summary?date=soon",
        "institutional/AAPL/changes?change_type=none", "institutional/AAPL/flow?quarters=9",
        "blocks/AAPL/divergence", "blocks/AAPL/divergence?price_change=abc",
        "blocks/AAPL/divergence?price_change=nan", "blocks/AAPL/divergence?price_change=1e400",
        "blocks/AAPL/volume-spike?current_volume=-1", "blocks/AAPL/recent?hours=169",
        "alerts/AAPL?severity=critical",
    ],
)  # fmt: skip
def test_a_number_out_of_its_bounds_is_refused(old: TestClient, address: str) -> None:
    assert old.get(f"/smart-money/{address}").status_code == 422
