"""Which stocks a feed asks for, and how its source writes their tickers."""

from leadline.http import Http

# What is asked for where the setting `symbols` names nothing: the market, and its largest stocks.
FIRST = ("SPY", "QQQ", "IWM", "AAPL", "MSFT", "NVDA", "AMZN", "GOOGL", "META", "TSLA")


def wanted(http: Http) -> tuple[str, ...]:
    """Return the tickers to ask for, each once."""
    return http.symbols or FIRST


def dashed(symbol: str) -> str:
    """Return a ticker with a dash before its class, BRK-B."""
    return symbol.replace(".", "-")


def dotted(symbol: str) -> str:
    """Return our name of a ticker, BRK.B."""
    return symbol.replace("-", ".")
