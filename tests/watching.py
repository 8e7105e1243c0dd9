"""A small project that keeps watch lists, with a few securities and a pair to choose from."""

from pathlib import Path

from leadline import clock
from tests.desks import SmallDesk, at, small_desk
from tests.doors import ROOT

TABLES = ("watchlists", "tickers", "securities", "crypto_trades")
VIEWS = ("watchlists", "tickers", "securities", "symbols")
TICKERS = (
    ("AAPL:1980-12-12", "AAPL", "1980-12-12"),
    ("BRK.B:1996-05-09", "BRK.B", "1996-05-09"),
    ("MSFT:1986-03-13", "MSFT", "1986-03-13"),
    ("TWTR:2013-11-07", "TWTR", "2013-11-07"),
    ("TWTR:2013-11-07", None, "2022-11-08"),
    ("XYZ:2010-01-04", "XYZ", "2010-01-04"),
    ("XYZ:2020-01-02", "XYZ", "2020-01-02"),
)


def watching_desk(root: Path, *, is_empty: bool = False) -> SmallDesk:
    """Lay out a project that keeps watch lists; an empty one knows no security."""
    desk = small_desk(root)
    for name in TABLES:
        desk.write(f"sql/tables/{name}.sql", (ROOT / f"sql/tables/{name}.sql").read_text())
    for name in VIEWS:
        path = f"sql/views/curated/{name}.v1.sql"
        desk.write(path, (ROOT / path).read_text())
    if is_empty:
        return desk
    desk.load(
        "tickers",
        [
            {"security_id": i, "ticker": t, "valid_from": day, "known_at": clock.BEGINNING}
            for i, t, day in TICKERS
        ],
        feed="tickers",
    )
    trade = {"venue": "binance", "pair": "BTC-USDT", "trade_id": 1, "is_aggregate": False}
    trade |= {"traded_at": at("05 15:00"), "price": 1.0, "size": 1.0, "side": 1}
    desk.load("crypto_trades", [trade | {"known_at": at("05 15:00")}], feed="trades")
    return desk
