"""An invented stock is the same each time, and a longer one has the shorter one in it."""

from datetime import date
from typing import Any, cast

import pytest

from leadline import demo, project
from loaders import _sample as sample
from loaders import demo_stock
from tests.doors import ROOT
from tests.stores import real_sessions


def rows_of(symbol: str, days: int) -> dict[str, list[Any]]:
    return {name: list(cast(Any, rows)) for name, rows in demo_stock.made(symbol, days)}


@pytest.fixture(scope="module")
def week() -> dict[str, list[Any]]:
    return rows_of("NFLX", 5)


def test_it_is_the_same_each_time_and_another_name_is_another_stock(
    week: dict[str, list[Any]],
) -> None:
    assert rows_of("NFLX", 5) == week
    assert rows_of("TSLA", 5)["equity_trades"] != week["equity_trades"]


def test_fewer_sessions_are_the_last_of_more(week: dict[str, list[Any]]) -> None:
    day = rows_of("NFLX", 1)

    for name, rows in day.items():
        assert [row for row in week[name] if row in rows] == rows
    assert {row["session_date"] for row in day["equity_trades"]} == {sample.LAST}
    assert len({row["session_date"] for row in week["equity_trades"]}) == 5
    assert min(row["session_date"] for row in week["equity_bars"]) == demo_stock.begins(5)


def test_its_sessions_are_those_of_new_york() -> None:
    own = demo_stock.sessions()

    assert len(own) == demo_stock.MOST + demo_stock.BEFORE
    real = {row["session_date"] for row in real_sessions(demo.SPAN) if row["calendar"] == "XNYS"}
    assert [day for day in sorted(real) if own[0] <= day <= own[-1]] == own


def test_prints_trade_while_a_session_is_open(week: dict[str, list[Any]]) -> None:
    for row in week["equity_trades"] + week["option_trades"]:
        day = row["session_date"]
        assert sample.opens_at(day) < row["traded_at"] < sample.at(day, 13)


def test_its_cusip_is_none_of_the_sample_weeks() -> None:
    taken = {sample.cusip(number) for number in range(len(sample.TICKERS))}
    names = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "KLMNOPQRST"]

    assert taken.isdisjoint(map(demo_stock.cusip, names))
    assert len({demo_stock.cusip(name) for name in names}) == len(names)


def test_a_name_with_a_dot_has_no_options() -> None:
    assert rows_of("BRK.B", 1)["option_trades"] == []


def test_it_writes_what_its_card_says(week: dict[str, list[Any]]) -> None:
    assert set(week) == set(project.feed(ROOT, "demo_stock").FEED.writes)
    assert date(2024, 2, 16) == sample.LAST
