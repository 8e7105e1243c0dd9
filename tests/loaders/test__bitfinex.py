"""Symbols become pairs and back, and checksums are those that are published."""

import pytest

from loaders._bitfinex import (
    amount_of,
    checksum,
    decoded,
    pair_of,
    price_of,
    symbol_of,
    written_out,
)
from tests.bitfinex import ASKS, BIDS


@pytest.mark.parametrize(
    ("symbol", "pair"),
    [
        ("tBTCUSD", "BTC-USD"),
        ("tAVAX:USD", "AVAX-USD"),
        ("tGTXUST", "GTX-USDT"),
        ("tIOTBTC", "IOTA-BTC"),
        ("tETH2X:ETH", "ETH2-ETH"),
        ("tTESTBTC:TESTUSD", "TESTBTC-TESTUSD"),
        ("tBTCF0:USTF0", "BTCF0-USTF0"),
    ],
)
def test_a_symbol_is_a_pair_and_a_pair_its_symbol(symbol: str, pair: str) -> None:
    assert pair_of(symbol) == pair
    assert symbol_of(pair) == symbol


@pytest.mark.parametrize("symbol", ["fUSD", "BTCUSD", "tBTC", "tBTCUSDT", "t:USD", "tAVAX:"])
def test_what_is_no_symbol_of_a_pair_is_said(symbol: str) -> None:
    with pytest.raises(ValueError, match=f"a symbol of no pair, {symbol}"):
        pair_of(symbol)


def split(said: str) -> tuple[list[str], list[str]]:
    """Return the entries of both sides of a string in which they take turns."""
    tokens = said.split(":")
    entries = [f"{key}:{amount}" for key, amount in zip(tokens[::2], tokens[1::2], strict=True)]
    return entries[::2], entries[1::2]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("6000:1:6100:-3:5900:2:6200:-4", 1756193398),
        ("100:1:102:-3:101:2:103:-4", 1841538801),
        ("6000:1:6100:-3:0.000000017:2:6200:-4", -931816132),
        ("34006738527:1.5:34006738528:-2:34006738529:0.25:34006738530:-0.75", 274342747),
        ("8744.9:1.5:8745:-2:8744.8:0.25:8745.1:-0.75", 1788674007),
    ],
)
def test_a_checksum_is_the_published_one(said: str, wanted: int) -> None:
    assert checksum(*split(said)) == wanted


def test_the_checksum_of_a_real_book_of_orders_is_signed() -> None:
    bids, asks = ([f"{order[0]}:{order[2]}" for order in side] for side in (BIDS, ASKS))

    assert (len(bids), len(asks), checksum(bids, asks)) == (25, 25, -361109746)


def test_a_side_that_is_shorter_or_empty_is_skipped() -> None:
    assert checksum(["1:1", "2:1"], ["3:-1"]) == checksum(["1:1", "3:-1", "2:1"], [])
    assert checksum([], []) == 0


def test_numbers_keep_their_texts() -> None:
    assert decoded('[23405,[1,5.6e-7,1.50],-890884919]') == [
        "23405", ["1", "5.6e-7", "1.50"], "-890884919",
    ]  # fmt: skip


def test_a_small_number_is_written_out_and_others_are_left_as_they_are() -> None:
    assert written_out("1.7e-8") == "0.000000017"
    assert written_out("0.00000049") == "0.00000049"
    assert written_out("1.50") == "1.50"


@pytest.mark.parametrize("text", ["0", "-1", "NaN", "Infinity", "1e999", "1.23456e-11"])
def test_a_price_that_no_book_can_keep_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="a price of"):
        price_of(text)


def test_prices_may_be_as_fine_as_fifteen_decimals() -> None:
    assert price_of("1.2345e-11") == 1.2345e-11
    assert price_of("9342.938663676123") == 9342.938663676123
    with pytest.raises(ValueError, match="a price of more than 15 decimals"):
        price_of("0.0000000000000001")


@pytest.mark.parametrize("text", ["0", "NaN", "-Infinity"])
def test_an_amount_of_nothing_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=f"an amount of {text}"):
        amount_of(text)
