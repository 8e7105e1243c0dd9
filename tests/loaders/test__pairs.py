"""A symbol without a mark inside is cut where a quote asset begins."""

import pytest

from loaders._pairs import BINANCE, cut


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
