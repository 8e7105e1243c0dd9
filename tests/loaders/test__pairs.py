"""A symbol without a mark inside is cut where a quote asset begins, and pairs are chosen once."""

import pytest

from leadline.errors import FeedError
from leadline.feed import ALL
from loaders._pairs import BINANCE, chosen, cut

TRADED = ("ADA-EUR", "BTC-USDT", "ETH-BTC")


@pytest.mark.parametrize(
    ("symbol", "pair"),
    [
        ("BTCUSDT", "BTC-USDT"),
        ("BTCFDUSD", "BTC-FDUSD"),
        ("ETHBTC", "ETH-BTC"),
        ("1000SATSUSDT", "1000SATS-USDT"),
        ("ADAEUR", "ADA-EUR"),
        ("USDTTRY", "USDT-TRY"),
    ],
)
def test_a_symbol_is_base_and_quote(symbol: str, pair: str) -> None:
    assert cut(symbol, BINANCE) == pair


@pytest.mark.parametrize("symbol", ["BTCUSD_200925", "BTC_USDT", "USDT", "BTCCHF", ""])
def test_a_symbol_with_no_base_or_an_unknown_quote_is_told(symbol: str) -> None:
    with pytest.raises(ValueError, match=f"quote asset it does not know, {symbol}"):
        cut(symbol, BINANCE)


def test_all_pairs_are_told_once_each_some_first() -> None:
    assert chosen("a_book", "A", ALL, TRADED, ["ETH-BTC", "OLD-EUR"]) == [
        "ETH-BTC",
        "ADA-EUR",
        "BTC-USDT",
    ]
    assert chosen("a_book", "A", ["BTC-USDT", "BTC-USDT"], TRADED, TRADED[:1]) == ["BTC-USDT"]


def test_a_pair_that_is_not_traded_is_told_with_the_nearest() -> None:
    with pytest.raises(FeedError, match=r"^a_book: A trades no pair BTC-USD.*BTC-USDT"):
        chosen("a_book", "A", ["ETH-BTC", "BTC-USD"], TRADED, [])
