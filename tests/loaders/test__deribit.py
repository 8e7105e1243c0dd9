"""What Deribit says becomes rows; a word that it never said stops, a name that is none is null."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadline.errors import FeedError
from loaders import _deribit
from tests.deribit import INSTRUMENTS, MESSAGES, SUMMARY, traded

LONG_AGO, BLOCK, LINEAR, _, COMBO = json.loads(
    (MESSAGES / "http_get_last_trades.json").read_text(), parse_float=Decimal
)["result"]["trades"]
AT = datetime(2026, 7, 6, 4, 41, 43, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "root", "currency", "expiration", "strike", "put_call"),
    [
        ("BTC-1AUG26-63000-C", "deribit:BTC-USD", "BTC", date(2026, 8, 1), 63000, "call"),
        ("SOL-10JUN22-28-P", "deribit:SOL-USD", "SOL", date(2022, 6, 10), 28, "put"),
        ("SOL_USDC-27JUN25-180-C", "deribit:SOL-USDC", "USDC", date(2025, 6, 27), 180, "call"),
        ("XRP_USDC-27JUN25-2d5-C", "deribit:XRP-USDC", "USDC", date(2025, 6, 27), 2.5, "call"),
    ],
)
def test_a_name_says_the_parts_of_an_option(
    name: str, root: str, currency: str, expiration: date, strike: float, put_call: str
) -> None:
    parts = dict(_deribit.parts(name))

    assert parts.pop("strike") == Decimal(str(strike))
    assert parts == {
        "root": root, "currency": currency, "expiration": expiration, "put_call": put_call,
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "", "BTC-PERPETUAL", "BTC-27DEC24", "BTC-CS-19MAY26-70000_75000", "BTC-1AUG26-63000",
        "BTC-1AUG26-63000-X", "BTC-1AVG26-63000-C", "BTC-31FEB26-63000-C", "BTC-1AUG26-6e4-C",
    ],
)  # fmt: skip
def test_what_is_no_name_of_an_option_has_no_part(name: str) -> None:
    assert set(_deribit.parts(name).values()) == {None}


def test_a_trade_is_what_the_source_says_in_our_units() -> None:
    (row,) = _deribit.trades("here", [LONG_AGO])

    at = datetime(2020, 5, 26, 9, 16, 29, 306_000, tzinfo=UTC)
    assert row == {
        "contract": "BTC-27MAY20-9000-C",
        "venue": "deribit",
        "trade_id": "48079289",
        "traded_at": at,
        "known_at": at,
        "calendar": "24/7",
        "session_date": date(2020, 5, 26),
        "sequence": 2,
        "root": "deribit:BTC-USD",
        "currency": "BTC",
        "expiration": date(2020, 5, 27),
        "strike": Decimal(9000),
        "put_call": "call",
        "price": Decimal("0.0075"),
        "size": 3,
        "multiplier": 1,
        "condition": "book",
        "side": -1,
        "underlying_price": Decimal("8956.17"),
        "iv": 0.4758,
        "block_id": None,
    }


def test_a_volatility_of_zero_is_none_and_coins_are_coins_whatever_the_contracts_size() -> None:
    (row,) = _deribit.trades("here", [LINEAR])

    assert (row["iv"], row["size"], row["multiplier"], row["currency"]) == (None, 2000, 1, "USDC")


@pytest.mark.parametrize(
    ("said", "condition", "block_id"),
    [
        ({}, "book", None),
        ({"block_trade_id": "61"}, "block", "61"),
        ({"combo_id": "BTC-CS-1", "combo_trade_id": 43}, "combo", "43"),
        ({"combo_id": "BTC-CS-1"}, "combo", "BTC-CS-1"),
        ({"combo_trade_id": "43"}, "combo", "43"),
        ({"block_trade_id": "61", "combo_id": "BTC-CS-1"}, "block combo", "61"),
        ({"block_trade_id": "61", "block_rfq_id": 7}, "block rfq", "61"),
        ({"block_trade_id": None, "combo_id": None, "liquidation": None}, "book", None),
        ({"liquidation": "MT"}, "book liquidation MT", None),
    ],
)
def test_how_a_trade_came_about_keeps_what_the_source_said(
    said: Any, condition: str, block_id: str | None
) -> None:
    (row,) = _deribit.trades("here", [traded(1, **said)])

    assert (row["condition"], row["block_id"]) == (condition, block_id)


def test_a_block_on_request_that_is_a_combo_says_all_three() -> None:
    (row,) = _deribit.trades("here", [BLOCK])

    assert (row["condition"], row["block_id"]) == ("block rfq combo", "BLOCK-282155")


def test_of_a_combo_its_legs_are_taken() -> None:
    rows = _deribit.trades("here", [COMBO])

    told = [(row["trade_id"], row["side"], row["block_id"]) for row in rows]
    assert told == [("244365195", 1, "244365193"), ("244365194", -1, "244365193")]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"direction": "hold"}, "here: direction: 'hold' is none of buy, sell; mend the loader"),
        ({"liquidation": "X"}, "here: liquidation: 'X' is none of M, MT, T; mend the loader"),
    ],
)
def test_a_word_that_nobody_has_met_stops(said: Any, sentence: str) -> None:
    with pytest.raises(FeedError, match=f"^{sentence}$"):
        _deribit.trades("here", [traded(1, **said)])


def test_volatilities_that_look_like_fractions_stop() -> None:
    many = [traded(n, iv=Decimal("0.4758")) for n in range(20)]
    sentence = "here: half of 20 volatilities are below 0.4758, and Deribit says percent; mend"

    with pytest.raises(FeedError, match=sentence):
        _deribit.trades("here", many)


def test_a_few_low_volatilities_tell_nothing() -> None:
    (row,) = _deribit.trades("here", [traded(1, iv=Decimal("0.5"))])

    assert row["iv"] == 0.005


def test_a_summary_is_a_chain_of_its_moment() -> None:
    traded_one, quiet = _deribit.chain("here", SUMMARY["result"], AT)

    assert traded_one == {
        "calendar": "24/7",
        "session_date": date(2026, 7, 6),
        "known_at": AT,
        "underlying": "deribit:BTC-USD",
        "contract": "BTC-9JUL26-69000-C",
        "currency": "BTC",
        "expiration": date(2026, 7, 9),
        "strike": Decimal(69000),
        "put_call": "call",
        "bid": 0.0001,
        "ask": 0.0002,
        "last": 0.0002,
        "mark": 0.00015231,
        "volume": 30.2,
        "iv": pytest.approx(0.406),
        "underlying_price": 63312.8,
    }
    assert (quiet["bid"], quiet["ask"], quiet["last"]) == (None, 0.0004, None)


def test_open_interest_is_what_the_day_before_has_left() -> None:
    row, _ = _deribit.interest(SUMMARY["result"], AT)

    assert row == {
        "contract": "BTC-9JUL26-69000-C",
        "calendar": "24/7",
        "oi_date": date(2026, 7, 5),
        "session_date": date(2026, 7, 6),
        "known_at": AT,
        "open_interest": 30.2,
    }


def test_a_name_that_does_not_parse_has_neither_an_underlying_nor_a_position() -> None:
    said = [SUMMARY["result"][0] | {"instrument_name": "BTC-9JUL26-69000-Q"}]

    (chain,), (interest,) = _deribit.chain("here", said, AT), _deribit.interest(said, AT)

    assert (chain["underlying"], interest["contract"]) == (None, None)


def test_a_contract_is_known_since_it_was_created() -> None:
    inverse, linear = _deribit.contracts(INSTRUMENTS["result"])

    assert inverse == {
        "contract": "BTC-28AUG26-105000-C",
        "underlying": "deribit:BTC-USD",
        "expiration": date(2026, 8, 28),
        "expires_at": datetime(2026, 8, 28, 8, tzinfo=UTC),
        "strike": 105000,
        "put_call": "call",
        "multiplier": 1,
        "currency": "BTC",
        "exercise_style": "european",
        "is_adjusted": False,
        "known_at": datetime(2026, 5, 28, 8, tzinfo=UTC),
    }
    assert [linear[name] for name in ("underlying", "currency", "multiplier", "strike")] == [
        "deribit:XRP-USDC", "USDC", 1, 2.5,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "sentence", "exit_code"),
    [
        (
            {"error": {"code": 10020, "message": "invalid_or_unsupported_instrument"}},
            "here: Deribit answers 10020 invalid_or_unsupported_instrument",
            1,
        ),
        (
            {"error": {"code": 10028, "message": "too_many_requests"}},
            "here: Deribit answers 10028 too_many_requests; try again later",
            3,
        ),
        (
            {"result": [], "testnet": True},
            "here: the test network says this, which is no market; ask www.deribit.com",
            1,
        ),
    ],
)
def test_an_answer_that_is_an_error_or_no_markets_is_one_sentence(
    said: Any, sentence: str, exit_code: int
) -> None:
    with pytest.raises(FeedError, match=f"^{sentence}$") as told:
        _deribit.result("here", said)

    assert told.value.exit_code == exit_code
