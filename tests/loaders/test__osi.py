"""OSI symbols are read and written, in Python as in SQL."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leadline.engine import scratch
from loaders import _osi

KNOWN = [
    ("SPY251219C00650000", "SPY", date(2025, 12, 19), "call", Decimal(650)),
    ("SPXW241220P05900500", "SPXW", date(2024, 12, 20), "put", Decimal("5900.5")),
    ("F240119C00002500", "F", date(2024, 1, 19), "call", Decimal("2.5")),
    ("AAPL7140118P00450000", "AAPL7", date(2014, 1, 18), "put", Decimal(450)),
    ("BRKB240621C99999999", "BRKB", date(2024, 6, 21), "call", Decimal("99999.999")),
]
NONE = ["", "SPY", "SPY251219X00650000", "SPY251319C00650000", "SPY251219C0065000A"]


def in_sql(sql: str, **values: Any) -> list[Any]:
    with scratch() as con:
        return list(con.execute(f"select {sql}", values).fetchall()[0])


@pytest.mark.parametrize(("symbol", "root", "expiration", "put_call", "strike"), KNOWN)
def test_a_symbol_says_its_parts(
    symbol: str, root: str, expiration: date, put_call: str, strike: Decimal
) -> None:
    said = {"root": root, "expiration": expiration, "strike": strike, "put_call": put_call}

    assert _osi.parts(symbol) == said
    assert in_sql(_osi.columns("$it"), it=symbol) == [root, expiration, strike, put_call]


@pytest.mark.parametrize(("symbol", "root", "expiration", "put_call", "strike"), KNOWN)
def test_the_parts_make_the_symbol_again(
    symbol: str, root: str, expiration: date, put_call: str, strike: Decimal
) -> None:
    sql = _osi.composed("$root", "cast($day as date)", "$kind", "cast($strike as decimal(18, 8))")

    assert _osi.symbol(root, expiration, put_call, strike) == symbol
    assert in_sql(sql, root=root, day=expiration, kind=put_call, strike=strike) == [symbol]


def test_padding_makes_21_characters_that_are_read_as_well() -> None:
    padded = _osi.padded("SPY251219C00650000")

    assert padded == "SPY   251219C00650000"
    assert _osi.parts(padded) == _osi.parts("SPY251219C00650000")
    assert in_sql(_osi.columns("$it"), it=padded)[0] == "SPY"


@pytest.mark.parametrize("symbol", NONE)
def test_what_is_no_symbol_leaves_a_part_empty(symbol: str) -> None:
    assert set(_osi.parts(symbol).values()) == {None}
    assert None in in_sql(_osi.columns("$it"), it=symbol)


NO_STRIKES = [Decimal("0.0005"), Decimal("92.8575"), Decimal(0), Decimal(100_000)]


@pytest.mark.parametrize("strike", NO_STRIKES)
def test_a_strike_that_no_symbol_can_say_makes_none_in_sql(strike: Decimal) -> None:
    sql = _osi.composed("'SPY'", "date '2025-12-19'", "'call'", "cast($it as decimal(18, 8))")

    assert in_sql(sql, it=strike) == [None]


@pytest.mark.parametrize("strike", NO_STRIKES)
def test_a_strike_that_no_symbol_can_say_is_told(strike: Decimal) -> None:
    with pytest.raises(ValueError, match=f"no OSI symbol has a strike of {strike}"):
        _osi.symbol("SPY", date(2025, 12, 19), "call", strike)
