"""A line of Lean's archives says with its member's name which contract it is of."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from leadline.engine import scratch
from loaders import _lean


def asked(sql: str, member: str) -> dict[str, Any]:
    """Return the contract that a member's name says, as the steps of the query find it."""
    with scratch() as con:
        con.execute("create table lines as select cast(? as text) as member", [member])
        answer = con.execute(f"with {sql} select * from described")
        names = [name for name, *_ in answer.description or ()]
        (row,) = answer.fetchall()
    return dict(zip(names, row, strict=True))


def daily(kind: str = "trade") -> str:
    return _lean.described("([a-z0-9.]+)", kind, "american")


@pytest.mark.parametrize(
    ("name", "contract"),
    [
        ("aapl_trade_american_call_6500000_20140621", "AAPL140621C00650000"),
        ("aapl_trade_american_put_928600_20140621", "AAPL140621P00092860"),
        ("brk.b_trade_american_call_1250000_20240621", "BRKB240621C00125000"),
    ],
)
def test_a_member_s_name_is_a_contract(name: str, contract: str) -> None:
    assert asked(daily(), f"{name}.csv")["contract"] == contract


def test_a_contract_has_its_parts() -> None:
    row = asked(daily(), "aapl_trade_american_put_928600_20140621.csv")

    assert (row["root"], row["put_call"]) == ("AAPL", "put")
    assert (row["strike"], row["expiration"]) == (Decimal("92.86"), date(2014, 6, 21))


@pytest.mark.parametrize(
    "name",
    [
        "aapl_quote_american_call_6500000_20140621.csv",  # another kind
        "aapl_trade_european_call_6500000_20140621.csv",  # another style
        "aapl_trade_american_straddle_6500000_20140621.csv",
        "aapl_trade_american_call_650.5_20140621.csv",
        "AAPL 140621C00650000.csv",
    ],
)
def test_a_member_named_otherwise_stops_the_load(name: str) -> None:
    with pytest.raises(duckdb.InvalidInputException) as told:
        asked(daily(), name)

    assert f"member '{name}' is named as no contract; mend the loader" in str(told.value)


@pytest.mark.parametrize(
    "name", ["aapl_trade_american_call_1_20140621.csv", "aapl_trade_american_call_10_20141321.csv"]
)
def test_what_no_symbol_can_say_is_no_contract(name: str) -> None:
    assert asked(daily(), name)["contract"] is None


def test_the_columns_are_those_of_the_kind() -> None:
    assert _lean.columns("openinterest", "text") == (
        "member text, stamp text, open_interest decimal(18, 4)"
    )
    assert _lean.columns("trade", "text").endswith("volume decimal(18, 4)")
    assert _lean.columns("quote", "text").count("_close ") == 2


def test_prices_are_ten_thousandths_and_sizes_are_whole() -> None:
    said = _lean.bars("trade", "1m")

    assert "'1m' as bar" in said
    assert "close * 0.0001 as close" in said
    assert said.endswith(", volume")


def test_an_empty_side_has_no_size() -> None:
    said = _lean.bars("quote", "1d")

    assert "case when ask_close is not null then ask_size end as ask_size" in said
