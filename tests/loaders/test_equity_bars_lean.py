"""Lean's minutes, sessions and closes of all land as bars of their file's ticker."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.load import plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import equity_bars_lean
from tests.lean import SPAN, zipped
from tests.stores import ask, knowing_sessions, load_files

NAME = "equity_bars_lean"
DAYS = """20140605 00:00,6466000,6499000,6440000,6473500,10850000
20140606 00:00,6499000,6512600,6444700,6455700,12497800
20140609 00:00,927000,938800,917500,937000,75414997
"""
MINUTES = """14400000,6448000,6448000,6448000,6448000,90
34200000,6499000,6500000,6490000,6495000,210000
71940000,6456600,6456600,6450000,6450000,300
"""
COARSE = """AAPL R735QTJ8XC9X,AAPL,645.57,12497800,8068204746,True,0.8926948,0.0357143
BRKB R735QTJ8XC9X,BRK.B,128.02,3,384,True,1,1
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, *paths: Path) -> Loaded:
    (loaded,) = load_files(store, NAME, *paths)
    return loaded


def bars(store: Store) -> list[dict[str, Any]]:
    return ask(store.place, "raw.equity_bars")


def days(tmp_path: Path, text: str = DAYS, name: str = "aapl", member: str = "aapl") -> Path:
    return zipped(tmp_path / "daily" / f"{name}.zip", {member: text})


def reasons(store: Store) -> list[str]:
    return sorted(row["reason"] for row in ask(store.place, "raw.rejected"))


def test_a_session_has_its_open_and_is_known_after_its_close(store: Store, tmp_path: Path) -> None:
    loaded = load(store, days(tmp_path))

    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == ("daily/aapl.zip", 3, 0)
    (row,) = [row for row in bars(store) if row["session_date"] == date(2014, 6, 6)]
    assert {name: row[name] for name in ("symbol", "bar", "adjusted", "adjusted_to")} == {
        "symbol": "AAPL", "bar": "1d", "adjusted": "none", "adjusted_to": None,
    }  # fmt: skip
    assert [row[name] for name in ("open", "high", "low", "close", "volume")] == [
        Decimal("649.9"), Decimal("651.26"), Decimal("644.47"), Decimal("645.57"), 12_497_800,
    ]  # fmt: skip
    assert row["starts_at"] == datetime(2014, 6, 6, 13, 30, tzinfo=UTC)
    assert row["known_at"] == datetime(2014, 6, 6, 20, 15, tzinfo=UTC)


def test_a_minute_is_new_yorks_and_known_at_its_end(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "aapl" / "20140606_trade.zip"
    load(store, zipped(path, {"20140606_aapl_minute_trade": MINUTES}))

    found = [(row["bar"], row["starts_at"], row["known_at"]) for row in bars(store)]
    assert sorted(found) == [
        (
            "1m",
            datetime(2014, 6, 6, hour, minute, tzinfo=UTC),
            datetime(2014, 6, 6, hour, minute + 1, tzinfo=UTC)
            if minute < 59
            else datetime(2014, 6, 7, 0, 0, tzinfo=UTC),
        )
        for hour, minute in ((8, 0), (13, 30), (23, 59))
    ]
    assert {row["session_date"] for row in bars(store)} == {date(2014, 6, 6)}


def test_a_coarse_file_has_closes_and_volumes_alone(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "coarse" / "20140606.csv"
    path.parent.mkdir()
    path.write_text(COARSE)

    load(store, path)

    names = ("symbol", "open", "high", "low", "close", "volume", "is_close_only")
    assert sorted(tuple(row[name] for name in names) for row in bars(store)) == [
        ("AAPL", None, None, None, Decimal("645.57"), 12_497_800, True),
        ("BRK.B", None, None, None, Decimal("128.02"), 3, True),
    ]
    assert {row["known_at"] for row in bars(store)} == {datetime(2014, 6, 6, 20, 15, tzinfo=UTC)}


def test_two_classes_of_one_ticker_are_one_bar_where_they_agree(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "coarse" / "20140606.csv"
    path.parent.mkdir()
    path.write_text(COARSE + COARSE.replace("R735", "VP83").replace("128.02", "128.03"))

    loaded = load(store, path)

    assert (loaded.n_rows, loaded.n_rejected) == (2, 1)
    assert reasons(store) == ["repeats symbol, bar, starts_at with other values"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("20140610 00:00,947300,940000,943300,942500,62777000", "not (low <= open) AND"),
        ("20140610 00:00,-947300,950500,935700,942500,62777000", "not (open > 0) AND"),
        ("20140610 00:00,947300,950500,935700,-942500,62777000", 'not "close" > 0'),
        ("20140610 00:00,947300,950500,935700,942500,-1", "not volume >= 0"),
        ("20140608 00:00,947300,950500,935700,942500,1", "session_date 2014-06-08 is no session"),
        ("20990608 00:00,947300,950500,935700,942500,1", "session_date 2099-06-08 is no session"),
        ("20140610 00:00,947300,950500,935700,942500", "line 4: missing columns"),
        ("20140610 00:00,9473x,950500,935700,942500,1", "line 4: cast"),
    ],
)
def test_a_bar_that_cannot_be_is_set_aside_with_its_reason(
    store: Store, tmp_path: Path, line: str, reason: str
) -> None:
    loaded = load(store, days(tmp_path, DAYS + line + "\n"))

    assert (loaded.n_rows, loaded.n_rejected) == (3, 1)
    (said,) = reasons(store)
    assert said.startswith(reason)


def test_two_symbols_in_one_file_are_refused(store: Store, tmp_path: Path) -> None:
    path = zipped(tmp_path / "daily" / "aapl.zip", {"aapl": DAYS, "ibm": DAYS})

    with pytest.raises(FeedError, match=r"member 'ibm\.csv' is not aapl\.csv"):
        load(store, path)
    assert bars(store) == []


def test_ticks_are_not_taken_for_minutes(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "ibm" / "20131007_trade.zip"
    line = "14400000,1840000,1840000,1840000,1840000,100\n"

    with pytest.raises(FeedError, match=r"is not 20131007_ibm_minute_trade\.csv"):
        load(store, zipped(path, {"20131007_ibm_Trade_Tick": line}))


def test_a_truncated_zip_is_refused(store: Store, tmp_path: Path) -> None:
    path = days(tmp_path, DAYS * 200)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FeedError, match="cut short or damaged; fetch it again"):
        load(store, path)

    path = days(tmp_path, DAYS)
    with zipfile.ZipFile(path) as archive:
        start = archive.infolist()[0].header_offset + 40
    body = bytearray(path.read_bytes())
    body[start : start + 20] = bytes(20)
    path.write_bytes(bytes(body))
    with pytest.raises(FeedError, match="cut short or damaged; fetch it again"):
        load(store, path)
    assert bars(store) == []


def test_quotes_are_passed_over_and_other_files_refused(tmp_path: Path) -> None:
    quotes = zipped(tmp_path / "aapl" / "20140606_quote.zip", {"x": "1"})
    other = tmp_path / "spy" / "20201201.csv"
    other.parent.mkdir()
    other.write_text("A,A RPTMYV3VC57P,20201130,0.00120434,3331651,\n")
    zipped(tmp_path / "aapl" / "20140606_trade.zip", {"20140606_aapl_minute_trade": MINUTES})

    found = plan(NAME, equity_bars_lean, [tmp_path / "aapl"]).files
    assert [file.name for file in found] == ["aapl/20140606_trade.zip"]
    assert list(equity_bars_lean.read(plan(NAME, equity_bars_lean, [quotes]).files)) == []
    with pytest.raises(FeedError, match="name the folder of its name"):
        list(equity_bars_lean.read(plan(NAME, equity_bars_lean, [other]).files))
