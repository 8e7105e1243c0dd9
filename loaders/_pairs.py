"""Names of pairs: a venue's symbol without a mark inside is cut at a quote asset that is known."""

from collections.abc import Iterable, Sequence

from leadline.errors import FeedError, nearest
from leadline.feed import ALL

# In this order: the end of a symbol may be read in two ways, and the longer asset is tried first.
BINANCE = (
    "FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USDS", "USDP", "USD1", "BIDR", "IDRT", "BKRW",
    "BVND", "DOGE", "EURI", "EUR", "GBP", "TRY", "BRL", "JPY", "AUD", "RUB", "UAH", "NGN", "ZAR",
    "PLN", "RON", "ARS", "MXN", "CZK", "COP", "DAI", "PAX", "UST", "VAI", "TRX", "XRP", "SOL",
    "BTC", "ETH", "BNB",
)  # fmt: skip
KRAKEN = {"XBT": "BTC", "XDG": "DOGE"}  # what Kraken calls a coin, and what others do


def chosen(
    feed: str, venue: str, pairs: Sequence[str], known: Iterable[str], first: Sequence[str]
) -> list[str]:
    """Return these pairs, each once, or all that are known, some of them first.

    One that is not known is a FeedError.
    """
    known = list(known)
    wanted = [*(pair for pair in first if pair in known), *known] if pairs == ALL else pairs
    if unknown := [pair for pair in wanted if pair not in known]:
        what = f"{venue} trades no pair {unknown[0]}{nearest(unknown[0], known)}"
        raise FeedError(f"{feed}: {what}")
    return list(dict.fromkeys(wanted))


def cut(symbol: str, quotes: tuple[str, ...]) -> str:
    """Return BASE-QUOTE of a symbol; a quote asset that is not among these is a ValueError."""
    quote = next((each for each in quotes if symbol.endswith(each)), "")
    base = symbol.removesuffix(quote)
    if not quote or not base.isalnum():
        raise ValueError(f"a symbol whose quote asset it does not know, {symbol}")
    return f"{base}-{quote}"
