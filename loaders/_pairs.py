"""Names of pairs: a venue's symbol without a mark inside is cut at a quote asset that is known."""

# In this order: the end of a symbol may be read in two ways, and the longer asset is tried first.
BINANCE = (
    "FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USDS", "USDP", "USD1", "BIDR", "IDRT", "BKRW",
    "BVND", "DOGE", "EURI", "EUR", "GBP", "TRY", "BRL", "JPY", "AUD", "RUB", "UAH", "NGN", "ZAR",
    "PLN", "RON", "ARS", "MXN", "CZK", "COP", "DAI", "PAX", "UST", "VAI", "TRX", "XRP", "SOL",
    "BTC", "ETH", "BNB",
)  # fmt: skip
KRAKEN = {"XBT": "BTC", "XDG": "DOGE"}  # what Kraken calls a coin, and what others do


def cut(symbol: str, quotes: tuple[str, ...]) -> str:
    """Return BASE-QUOTE of a symbol; a quote asset that is not among these is a ValueError."""
    quote = next((each for each in quotes if symbol.endswith(each)), "")
    base = symbol.removesuffix(quote)
    if not quote or not base.isalnum():
        raise ValueError(f"a symbol whose quote asset it does not know, {symbol}")
    return f"{base}-{quote}"
