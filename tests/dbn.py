"""Records and files of Databento's DBN, written by its own library as its servers write them."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import databento_dbn as dbn
from databento_dbn import Action, Side, SType

AT = 1740061800817657088  # 2025-02-20 14:30:00.817657Z
IN = AT + 209_435  # received
MINUTE = 60 * 10**9
CENT = 10**7
THURSDAY = (date(2025, 2, 20), date(2025, 2, 21))
SPY, ADJUSTED = "SPY   250321C00600000", "AAPL1 250321P00150500"


def mapping(symbol: str, number: int, days: tuple[date, date] = THURSDAY) -> Any:
    """Return an instrument's symbol on some days, the last one left out."""
    interval = SimpleNamespace(start_date=days[0], end_date=days[1], symbol=str(number))
    return SimpleNamespace(raw_symbol=symbol, intervals=[interval])


def message(
    schema: Any,
    *records: Any,
    mappings: Sequence[Any] = (mapping(SPY, 7), mapping(ADJUSTED, 8)),
    dataset: str = "OPRA.PILLAR",
) -> bytes:
    """Return a file as Databento writes it, before it is packed."""
    said: dict[str, Any] = {"stype_in": SType.RAW_SYMBOL, "stype_out": SType.INSTRUMENT_ID}
    metadata = dbn.Metadata(
        dataset=dataset, start=AT, schema=schema, mappings=mappings, version=3, **said
    )
    return bytes(metadata) + b"".join(map(bytes, records))


def trade(number: int = 7, publisher: int = 22, price: int = 24 * CENT, **rest: Any) -> Any:
    given: dict[str, Any] = {
        "ts_event": AT, "ts_recv": IN, "size": 5, "side": Side.NONE, "action": Action.TRADE,
    } | rest  # fmt: skip
    return dbn.TradeMsg(publisher_id=publisher, instrument_id=number, price=price, depth=0, **given)


def top(
    kind: Any,
    bid: int = 23 * CENT,
    ask: int = 25 * CENT,
    *,
    publisher: int = 22,
    rtype: int | None = None,
    **rest: Any,
) -> Any:
    """Return a record with the best prices, national or of its venue."""
    given: dict[str, Any] = {
        "publisher_id": publisher, "instrument_id": 7, "ts_event": AT, "ts_recv": IN,
        "price": 24 * CENT, "size": 5, "side": Side.NONE,
    } | rest  # fmt: skip
    if kind is dbn.MBP1Msg:
        given["levels"] = dbn.BidAskPair(bid, ask, 10, 20)
        given["depth"] = 0
    else:
        given["levels"] = dbn.ConsolidatedBidAskPair(bid, ask, 10, 20, 29, 61)
        given["rtype"] = rtype
    return kind(**given)


def stat(number: int = 7, publisher: int = 37, quantity: int = 57_924, **rest: Any) -> Any:
    given: dict[str, Any] = {
        "ts_event": 1740051008943644160, "ts_recv": 1740051008943854625, "ts_ref": 2**64 - 1,
        "price": 2**63 - 1, "stat_type": dbn.StatType.OPEN_INTEREST,
        "update_action": dbn.StatUpdateAction.NEW,
    } | rest  # fmt: skip
    return dbn.StatMsg(publisher_id=publisher, instrument_id=number, quantity=quantity, **given)


def definition(symbol: str, instrument_class: Any, **rest: Any) -> Any:
    given = {"security_update_action": dbn.SecurityUpdateAction.ADD} | rest
    return dbn.InstrumentDefMsg(
        publisher_id=30, instrument_id=7, ts_event=AT, ts_recv=IN, min_price_increment=2**63 - 1,
        display_factor=2**63 - 1, raw_symbol=symbol, asset="", security_type="OPT",
        instrument_class=instrument_class, **given,
    )  # fmt: skip
