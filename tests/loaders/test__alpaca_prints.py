"""What Alpaca says of a print and of a quote is a row, to the nanosecond in its order."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from loaders._alpaca_prints import prints, quotes

# As Alpaca's own documentation and tests have them.
PRINT = (
    '{"T":"t","S":"AAPL","i":6142,"x":"V","p":177.79,"s":90,"c":["@","I"],"z":"C",'
    '"t":"2024-03-12T10:27:48.858228144Z"}'
)
DARK = '{"t":"2022-03-09T05:00:02.183Z","x":"D","p":159.07,"s":1,"c":["@","T","I"],"i":151,"z":"C"}'
QUOTE = (
    '{"t":"2022-03-09T09:00:00.000059Z","ax":"K","ap":158.65,"as":1,"bx":"Q","bp":159.52,"bs":4,'
    '"c":["R"],"z":"C"}'
)
ONE_TAPE = {"symbol": "AAPL", "tape": "C"}


def said(text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return found | more


def test_a_print_is_a_row() -> None:
    (row,) = prints([("AAPL", said(PRINT))]).to_pylist()

    at = datetime(2024, 3, 12, 10, 27, 48, 858_228, tzinfo=UTC)
    assert row == ONE_TAPE | {
        "venue": "V", "trade_id": "6142", "traded_at": at, "known_at": at,
        "session_date": date(2024, 3, 12), "price": "177.79", "size": "90", "conditions": "@,I",
        "sequence": 1710239268858228144,
    }  # fmt: skip


def test_the_day_is_new_york_s() -> None:
    (row,) = prints([("AAPL", said(DARK, t="2022-03-09T04:59:59Z"))]).to_pylist()

    assert row["session_date"] == date(2022, 3, 8)


@pytest.mark.parametrize(
    ("more", "conditions", "tape"),
    [
        ({"c": [" ", "I"], "z": "A"}, "I", "A"), ({"c": [" "]}, None, "C"),
        ({"c": None, "z": "N"}, None, None), ({"c": ["@"], "u": "canceled"}, "@,canceled", "C"),
    ],
)  # fmt: skip
def test_a_blank_is_no_condition_and_what_became_of_a_print_is_one(
    more: dict[str, Any], conditions: str | None, tape: str | None
) -> None:
    (row,) = prints([("AAPL", said(DARK, **more))]).to_pylist()

    assert (row["conditions"], row["tape"]) == (conditions, tape)


def test_what_is_taken_back_keeps_the_time_at_which_it_was_executed() -> None:
    (row,) = prints([("AAPL", said(DARK, at="2022-03-09T05:00:00Z"))]).to_pylist()

    assert (row["known_at"] - row["traded_at"]).total_seconds() == 2.183


def test_a_quote_is_a_row_whose_sizes_were_round_lots() -> None:
    (row,) = quotes([("AAPL", said(QUOTE))]).to_pylist()

    at = datetime(2022, 3, 9, 9, 0, 0, 59, tzinfo=UTC)
    assert row == {
        "symbol": "AAPL", "quoted_at": at, "known_at": at, "place": 1,
        "session_date": date(2022, 3, 9), "sequence": 1646816400000059000, "bid": "159.52",
        "bid_size": "400", "bid_venue": "Q", "ask": "158.65", "ask_size": "100", "ask_venue": "K",
    }  # fmt: skip


def test_sizes_are_shares_since_and_a_side_of_0_is_none() -> None:
    (row,) = quotes([("AAPL", said(QUOTE, t="2025-11-03T15:00:00Z", ap=0, ax=" "))]).to_pylist()

    assert (row["bid_size"], row["ask"], row["ask_size"], row["ask_venue"]) == ("4", *[None] * 3)


def test_quotes_of_one_microsecond_are_counted_stock_by_stock() -> None:
    one, other = said(QUOTE, t="2022-03-09T09:00:00.000059100Z"), said(QUOTE)

    rows = quotes([("A", one), ("B", other), ("A", other)]).to_pylist()

    assert [row["place"] for row in rows] == [1, 1, 2]


def test_a_time_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="noon"):
        prints([("AAPL", said(DARK, t="noon"))])
