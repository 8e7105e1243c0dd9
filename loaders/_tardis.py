"""Tardis.dev's words in ours: which venue an exchange is, which pair a symbol, and what it counts.

Only venues whose amounts are known to be coins, or dollars where the price turns them into coins,
and whose symbols can be cut in one way: Gemini's PAXGUSD could be PAXG or PAX.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from leadline.feed import meaning
from loaders import _bitfinex as bitfinex
from loaders._pairs import BINANCE, KRAKEN, cut


class Market(NamedTuple):
    """A symbol of an exchange; where it is inverse, amounts are dollars: coins times the price."""

    venue: str
    pair: str
    is_inverse: bool


Rule = Callable[[str], tuple[str, bool]]

_BITSTAMP = ("USDT", "USDC", "USD", "EUR", "GBP", "BTC", "ETH")
_BYBIT = ("USDT", "USD")
_BYBIT_SPOT = ("USDT", "USDC", "DAI", "EUR", "BRL", "BRZ", "PLN", "TRY", "BTC", "ETH")
_HUOBI = ("USDT", "HUSD", "USDC", "USDD", "BTC", "ETH", "TRX", "HT")
_OF_DERIBIT = re.compile(
    r"(?P<spot>[A-Z0-9]+_[A-Z0-9]+)|(?P<inverse>[A-Z0-9]+-(PERPETUAL|\d{1,2}[A-Z]{3}\d\d))"
    r"|[A-Z0-9]+_[A-Z0-9]+-(PERPETUAL|\d{1,2}[A-Z]{3}\d\d)"
    r"|[A-Z0-9]+(_[A-Z0-9]+)?-\d{1,2}[A-Z]{3}\d\d-\d+(D\d+)?-[CP]"
)


def market(where: str, exchange: str, symbol: str) -> Market:
    """Return what a symbol is; a word that nobody has met is a FeedError, a symbol a ValueError."""
    venue, rule = meaning(where, VENUES, exchange)
    return Market(venue, *rule(symbol))


def _joined(quotes: tuple[str, ...]) -> Rule:
    return lambda symbol: (cut(symbol, quotes), False)


def _parted(mark: str, coins: dict[str, str] | None = None) -> Rule:
    def rule(symbol: str) -> tuple[str, bool]:
        parts = symbol.split(mark)
        if len(parts) != 2 or not all(part.isalnum() for part in parts):
            raise ValueError(f"a symbol that is no pair, {symbol}")
        return "-".join((coins or {}).get(part, part) for part in parts), False

    return rule


def _bitfinex(symbol: str) -> tuple[str, bool]:
    return bitfinex.pair_of(f"t{symbol}"), False


def _bybit(symbol: str) -> tuple[str, bool]:
    pair = cut(symbol, _BYBIT)
    return pair, pair.endswith("-USD")


def _bitmex(symbol: str) -> tuple[str, bool]:
    if symbol != "XBTUSD":
        raise ValueError(f"a symbol whose contracts it can't count in coins, {symbol}")
    return "BTC-USD", True


def _deribit(symbol: str) -> tuple[str, bool]:
    """Return the instrument's name, as our other feeds of Deribit do; spot's is BASE-QUOTE."""
    found = _OF_DERIBIT.fullmatch(symbol)
    if found is None:
        raise ValueError(f"a symbol of a combo, or one that it does not know, {symbol}")
    return symbol.replace("_", "-") if found["spot"] else symbol, bool(found["inverse"])


VENUES: dict[str, tuple[str, Rule]] = {
    "ascendex": ("ascendex", _parted("/")),
    "binance": ("binance", _joined(BINANCE)),
    "binance-futures": ("binance_usdm", _joined(BINANCE)),
    "bitfinex": ("bitfinex", _bitfinex),
    "bitmex": ("bitmex", _bitmex),
    "bitstamp": ("bitstamp", _joined(_BITSTAMP)),
    "bybit": ("bybit", _bybit),
    "bybit-spot": ("bybit-spot", _joined(_BYBIT_SPOT)),
    "coinbase": ("coinbase", _parted("-")),
    "deribit": ("deribit", _deribit),
    "gate-io": ("gate-io", _parted("_")),
    "huobi": ("huobi", _joined(_HUOBI)),
    "kraken": ("kraken", _parted("/", KRAKEN)),
    "kucoin": ("kucoin", _parted("-")),
    "okex": ("okex", _parted("-")),
}
