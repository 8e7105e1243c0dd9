"""Symbols of each venue are pairs as our own feeds of it name them, or are refused."""

import pytest

from leadline.errors import FeedError
from loaders._tardis import Market, market


@pytest.mark.parametrize(
    ("exchange", "symbol", "known"),
    [
        ("binance", "ETHBTC", Market("binance", "ETH-BTC", False)),
        ("binance-futures", "BTCUSDT", Market("binance_usdm", "BTC-USDT", False)),
        ("bitfinex", "BTCUST", Market("bitfinex", "BTC-USDT", False)),
        ("bitfinex", "AVAX:USD", Market("bitfinex", "AVAX-USD", False)),
        ("bitmex", "XBTUSD", Market("bitmex", "BTC-USD", True)),
        ("bitstamp", "BTCUSDT", Market("bitstamp", "BTC-USDT", False)),
        ("bitstamp", "BTCUSD", Market("bitstamp", "BTC-USD", False)),
        ("bybit", "BTCUSDT", Market("bybit", "BTC-USDT", False)),
        ("bybit", "BTCUSD", Market("bybit", "BTC-USD", True)),
        ("coinbase", "BTC-USD", Market("coinbase", "BTC-USD", False)),
        ("deribit", "BTC-PERPETUAL", Market("deribit", "BTC-PERPETUAL", True)),
        ("deribit", "BTC-27MAR26", Market("deribit", "BTC-27MAR26", True)),
        ("deribit", "BTC_USDC-PERPETUAL", Market("deribit", "BTC_USDC-PERPETUAL", False)),
        ("deribit", "BTC_USDC", Market("deribit", "BTC-USDC", False)),
        ("deribit", "BTC-9JUN20-9875-P", Market("deribit", "BTC-9JUN20-9875-P", False)),
        ("gate-io", "BTC_USDT", Market("gate-io", "BTC-USDT", False)),
        ("kraken", "XBT/USD", Market("kraken", "BTC-USD", False)),
        ("kraken", "XDG/EUR", Market("kraken", "DOGE-EUR", False)),
        ("okex", "BTC-USDT", Market("okex", "BTC-USDT", False)),
    ],
)
def test_a_symbol_is_a_pair_of_a_venue(exchange: str, symbol: str, known: Market) -> None:
    assert market("a.csv", exchange, symbol) == known


@pytest.mark.parametrize(
    ("exchange", "symbol", "sentence"),
    [
        ("binance-futures", "BTCUSDT_210326", "a symbol whose quote asset it does not know"),
        ("bitmex", "ETHUSD", "a symbol whose contracts it can't count in coins, ETHUSD"),
        ("bybit", "BTCPERP", "a symbol whose quote asset it does not know, BTCPERP"),
        ("coinbase", "BTC'-USD", "a symbol that is no pair, BTC'-USD"),
        ("deribit", "BTC-CS-1AUG26-63000", "a symbol of a combo, or one that it does not know"),
        ("kraken", "XBTUSD", "a symbol that is no pair, XBTUSD"),
    ],
)
def test_a_symbol_that_may_mean_something_else_is_refused(
    exchange: str, symbol: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        market("a.csv", exchange, symbol)


def test_an_exchange_whose_amounts_nobody_has_looked_at_is_refused() -> None:
    with pytest.raises(FeedError, match=r"^a\.csv: 'okex-swap' is none of ascendex, .*; mend the"):
        market("a.csv", "okex-swap", "BTC-USDT-SWAP")
