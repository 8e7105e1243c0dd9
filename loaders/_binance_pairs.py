"""Which pairs of Binance are listened to, and over which connections."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from leadline.feed import Http, Json, Line, understood
from loaders._binance_snapshots import Snapshots
from loaders._pairs import chosen

STREAM = "wss://data-stream.binance.vision/stream?streams="
LISTED = "https://data-api.binance.vision/api/v3/exchangeInfo"
CHANNELS = ("depth@100ms", "trade")

_PAIRS = 100  # a connection; it may carry 1,024 streams, but an address of more is too long

_QUIET_S = 60  # how long pairs that nobody knows may say nothing; a guess


def address(symbols: Sequence[str]) -> str:
    """Return where books and trades of some symbols are told."""
    names = (quote(symbol.lower()) for symbol in symbols)
    return STREAM + "/".join(f"{name}@{channel}" for name in names for channel in CHANNELS)


def listed(http: Http) -> dict[str, str]:
    """Return the spot symbols that are traded now, and what pairs they are."""
    query = {"permissions": "SPOT", "symbolStatus": "TRADING", "showPermissionSets": "false"}
    answer = http.json(LISTED, **query)
    with understood("binance_book", str(answer)):
        return {
            each["symbol"]: f"{each['baseAsset']}-{each['quoteAsset']}"
            for each in answer["symbols"]
        }


def listing(names: Mapping[str, str]) -> Json:
    """Return what of Binance's list says which pairs these symbols are."""
    parts = ((symbol, *pair.split("-", 1)) for symbol, pair in names.items())
    keys = ("symbol", "baseAsset", "quoteAsset")
    return {"symbols": [dict(zip(keys, each, strict=True)) for each in parts]}


def lines_of(pairs: Sequence[str], first: Sequence[str], http: Http) -> Iterator[Line]:
    """Yield as many connections as some pairs need, or all that are traded; some come first."""
    known = {pair: symbol for symbol, pair in listed(http).items()}
    wanted = chosen("binance_book", "Binance", pairs, known, first)
    snapshots, lively = Snapshots(len(wanted)), {known.get(pair) for pair in first}
    for since in range(0, len(wanted), _PAIRS):
        names: Mapping[str, str] = {known[pair]: pair for pair in wanted[since : since + _PAIRS]}
        given = {"names": names, "snapshots": snapshots}
        yield Line(
            address(list(names)), given, silence_s=None if names.keys() & lively else _QUIET_S
        )
