"""Lean's ticks land as prints and as both sides of the national best quote."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.store import Store
from tests.lean import MESSAGES, told
from tests.stores import ask, contracts, knowing_sessions, load_files

NAME = "equity_ticks"
SPAN = Span(datetime(2013, 10, 1, tzinfo=UTC), datetime(2013, 10, 31, tzinfo=UTC))
TRADES, QUOTES = (MESSAGES / "ibm" / f"20131008_{kind}.zip" for kind in ("trade", "quote"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def tick_file(
    folder: Path, kind: str, text: str, *, member: str = "", day: str = "20131008"
) -> Path:
    """Write a zip of IBM's ticks."""
    path = folder / "ibm" / f"{day}_{kind}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member or f"{day}_ibm_{kind.title()}_Tick.csv", text)
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    (table,) = told(NAME, path, span=SPAN).values()
    return list(table.to_pylist())


def quoted(folder: Path, text: str) -> list[tuple[Any, ...]]:
    """Return the quotes that lines tell."""
    names = ("bid", "bid_size", "bid_venue", "ask", "ask_size", "ask_venue", "place")
    found = rows(tick_file(folder, "quote", text))
    return [tuple(row[name] for name in names) for row in found]


def test_a_zip_is_one_load_and_each_line_a_row(store: Store) -> None:
    trades, quotes = load_files(store, NAME, TRADES), load_files(store, NAME, QUOTES)

    said = [(each.coverage, each.n_rows, each.n_rejected) for each in (*trades, *quotes)]
    assert said == [("ibm/20131008_trade.zip", 9, 0), ("ibm/20131008_quote.zip", 6, 0)]


def test_a_print_is_what_its_line_says(store: Store) -> None:
    load_files(store, NAME, TRADES)

    (row,) = (row for row in ask(store.place, "raw.equity_trades") if row["trade_id"] == "1")

    traded_at = datetime(2013, 10, 8, 12, 47, 49, 457_000, tzinfo=UTC)
    assert {name: row[name] for name in [*contracts()["equity_trades"].names, "known_at"]} == {
        "symbol": "IBM",
        "venue": "P",
        "facility": None,
        "trade_id": "1",
        "traded_at": traded_at,
        "session_date": date(2013, 10, 8),
        "tape": None,
        "price": Decimal("182.1"),
        "size": 300,
        "conditions": "2000",
        "known_at": traded_at,
    }


def test_a_mask_is_told_bit_by_bit_and_a_print_of_none_has_none(tmp_path: Path) -> None:
    lines = ["0,0", "1,0", "20000020,0", "A0000000,0", "20100200,1", "0,1"]
    path = tick_file(tmp_path, "trade", "".join(f"34200000,1,1,D,{line}\n" for line in lines))

    assert [row["conditions"] for row in rows(path)] == [
        None, "1", "20,20000000", "20000000,80000000", "200,100000,20000000,suspicious",
        "suspicious",
    ]  # fmt: skip


def test_times_may_have_decimals(tmp_path: Path) -> None:
    (row,) = rows(tick_file(tmp_path, "trade", "34200000.125,1820000,100,D,1,0\n"))

    assert row["traded_at"] == datetime(2013, 10, 8, 13, 30, 0, 125, tzinfo=UTC)


def test_a_side_stands_until_it_changes(tmp_path: Path) -> None:
    text = (
        "34200000,1820000,100,0,0,P,1,0\n"
        "34200000,0,0,1820100,200,Q,1,0\n"
        "34200001,1820001,300,0,0,N,1,0\n"
    )

    bid, better = (Decimal("182"), 100, "P"), (Decimal("182.0001"), 300, "N")
    ask = Decimal("182.01"), 200, "Q"
    assert quoted(tmp_path, text) == [
        (*bid, None, None, None, 1), (*bid, *ask, 2), (*better, *ask, 1),
    ]  # fmt: skip


def test_a_price_of_nought_is_no_quote(tmp_path: Path) -> None:
    text = "1,1820000,100,0,0,P,1,0\n2,0,0,1820100,200,Q,1,0\n3,0,0,0,0,Q,1,0\n"

    assert quoted(tmp_path, text)[-1] == (None, None, None, None, None, None, 1)


def test_a_summer_s_and_a_winter_s_day_begin_at_new_york_s_midnight(tmp_path: Path) -> None:
    winter = tick_file(tmp_path, "trade", "34200000,1,1,D,1,0\n", day="20131202")
    span = Span(SPAN.since, datetime(2013, 12, 31, tzinfo=UTC))

    (row,) = told(NAME, winter, span=span)["equity_trades"].to_pylist()

    assert row["traded_at"] == datetime(2013, 12, 2, 14, 30, tzinfo=UTC)


def test_what_breaks_the_contract_goes_aside_by_itself(store: Store, tmp_path: Path) -> None:
    text = "34200000,-1820000,100,D,1,0\n34200001,1820000,0,D,1,0\n34200002,1820000,100,D,1,0\n"

    (loaded,) = load_files(store, NAME, tick_file(tmp_path, "trade", text))

    reasons = {row["reason"] for row in ask(store.place, "raw.rejected")}
    assert (loaded.n_rows, loaded.n_rejected) == (1, 2)
    assert all("price" in reason or "size" in reason for reason in reasons), reasons


def test_a_holiday_s_prints_go_aside(store: Store, tmp_path: Path) -> None:
    path = tick_file(tmp_path, "trade", "34200000,1820000,100,D,1,0\n", day="20131012")

    (loaded,) = load_files(store, NAME, path)

    assert (loaded.n_rows, loaded.n_rejected) == (0, 1)


@pytest.mark.parametrize(
    ("member", "says"),
    [
        ("20131008_bac_Trade_Tick.csv", "is no 20131008_ibm_trade_tick.csv"),
        ("20131008_ibm_minute_trade.csv", "is no 20131008_ibm_trade_tick.csv"),
    ],
)
def test_another_ticker_s_member_and_a_minute_file_are_refused(
    store: Store, tmp_path: Path, member: str, says: str
) -> None:
    path = tick_file(tmp_path, "trade", "34200000,1820000,100,D,1,0\n", member=member)

    with pytest.raises(FeedError, match=says):
        load_files(store, NAME, path)
    assert ask(store.place, "raw.equity_trades") == []


def test_a_member_that_is_cut_short_is_refused(store: Store, tmp_path: Path) -> None:
    path = tick_file(tmp_path, "trade", "34200000,1820000,100,D,1,0\n" * 500)
    whole = path.read_bytes()
    path.write_bytes(whole[:60] + b"\x00" * 10 + whole[70:])

    with pytest.raises(FeedError, match="cut short or damaged; fetch it again"):
        load_files(store, NAME, path)


@pytest.mark.parametrize(
    ("day", "says"), [("20990105", "is yet to come"), ("20131399", "is no day")]
)
def test_a_day_that_is_none_or_is_to_come_is_refused(
    store: Store, tmp_path: Path, day: str, says: str
) -> None:
    path = tick_file(tmp_path, "trade", "34200000,1820000,100,D,1,0\n", day=day)

    with pytest.raises(FeedError, match=says):
        load_files(store, NAME, path)
