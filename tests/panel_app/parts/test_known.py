"""A symbol that nobody names is told with the nearest; a pair is told where it is shown."""

import pyarrow as pa

from panel_app.parts.known import Known


def said(asked: str | None, *symbols: str) -> str:
    rows = [{"asked": asked, "symbol": each, "datasets": ["equity_bars"]} for each in symbols]
    return Known("none").show(pa.Table.from_pylist(rows))


def test_a_name_that_is_known_says_by_whom() -> None:
    assert "<b>AAPL</b> is named by equity bars." in said("AAPL", "AAPL", "MSFT")


def test_an_unknown_name_leads_to_the_nearest() -> None:
    told = said("APL", "AAPL", "MSFT")

    assert 'role="alert">APL: no dataset names it; the nearest name is' in told
    assert 'href="/smart-money/dashboard/symbol?symbol=AAPL"' in told


def test_a_pair_is_shown_elsewhere() -> None:
    assert "whales?pair=binance%3ABTC-USDT" in said("binance:BTC-USDT", "AAPL")


def test_without_a_name_all_are_there_to_choose_from() -> None:
    told = said(None, "AAPL", "BRK.B")

    assert told.count("<a href") == 2
    assert "symbol=BRK.B" in told


def test_nothing_is_said_where_nothing_is_asked() -> None:
    nothing = pa.table({"asked": pa.array([], pa.string())})
    assert Known().show(nothing) == ""
