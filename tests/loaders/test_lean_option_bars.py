"""Lean's minute zips land as bars and as the open interest of the morning."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.publication import Loaded
from leadline.store import Store
from loaders import lean_option_bars
from tests.lean import MESSAGES, SPAN, rows, zipped
from tests.stores import ask, contracts, knowing_sessions, load_files

NAME = "lean_option_bars"
RECORDED = MESSAGES / "20140606_trade_american.zip"
QUOTES = {  # of one contract, as they are in 20130628_quote_american.zip
    "20130628_nwsa_minute_quote_american_call_100000_20140118": (
        "34200000,200000,223000,200000,223000,14,230000,230000,227000,227000,14\n"
        "34560000,,,,,0,227000,227000,227000,227000,14\n"
    )
}
INTEREST = {
    "20140606_aapl_minute_openinterest_american_call_6500000_20140621": "23520000,19029\n",
    "20140606_aapl_minute_openinterest_american_put_6500000_20140621": "23400000,4233",
    "20140606_aapl_minute_openinterest_american_call_3500000_20140621": "23460000,0\n",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, path: Path) -> Loaded:
    (loaded,) = load_files(store, NAME, path)
    return loaded


def trades(folder: Path, members: Mapping[str, str]) -> Path:
    """Write a zip of trades of 6 June 2014; its members are named by what follows the style."""
    began = "20140606_aapl_minute_trade_american"
    named = {f"{began}_{name}": text for name, text in members.items()}
    return zipped(folder / "aapl" / RECORDED.name, named)


def quotes(folder: Path, text: Mapping[str, str]) -> Path:
    return zipped(folder / "nwsa" / "20130628_quote_american.zip", text)


def interest(folder: Path, text: Mapping[str, str]) -> Path:
    return zipped(folder / "aapl" / "20140606_openinterest_american.zip", text)


def test_a_zip_is_one_load_and_each_line_a_row(store: Store) -> None:
    loaded = load(store, RECORDED)

    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == (
        "messages/20140606_trade_american.zip", 7, 0,
    )  # fmt: skip


def test_a_bar_is_what_the_line_and_the_member_say(store: Store) -> None:
    load(store, RECORDED)

    (row,) = (row for row in ask(store.place, "raw.option_bars") if row["sequence"] == 1)

    assert {name: row[name] for name in contracts()["option_bars"].names} == {
        "contract": "AAPL140621C00650000",
        "bar": "1m",
        "starts_at": datetime(2014, 6, 6, 13, 30, tzinfo=UTC),
        "session_date": date(2014, 6, 6),
        "root": "AAPL",
        "expiration": date(2014, 6, 21),
        "strike": Decimal(650),
        "put_call": "call",
        "open": Decimal("12.5"),
        "high": Decimal("12.75"),
        "low": Decimal("12.25"),
        "close": Decimal("12.35"),
        "volume": 46,
        "n_trades": None,
    }


def test_a_bar_is_known_when_its_minute_is_over() -> None:
    known = [row["known_at"] for row in rows(NAME, RECORDED)][:2]

    assert known == [datetime(2014, 6, 6, 13, minute, tzinfo=UTC) for minute in (31, 32)]


def test_a_winter_s_minutes_are_an_hour_later_in_utc(tmp_path: Path) -> None:
    text = {"20140106_aapl_minute_trade_american_call_5500000_20140118": "34200000,1,1,1,1,1"}

    (row,) = rows(NAME, zipped(tmp_path / "aapl" / "20140106_trade_american.zip", text))

    assert row["starts_at"] == datetime(2014, 1, 6, 14, 30, tzinfo=UTC)


def test_a_side_without_a_quote_has_neither_price_nor_size(tmp_path: Path) -> None:
    both, half = rows(NAME, quotes(tmp_path, QUOTES))

    assert (both["bid_open"], both["bid_close"], both["bid_size"]) == (20, Decimal("22.3"), 14)
    assert (both["ask_open"], both["ask_close"], both["ask_size"]) == (23, Decimal("22.7"), 14)
    assert [half[f"bid_{part}"] for part in ("open", "high", "low", "close", "size")] == [None] * 5
    assert half["ask_close"] == Decimal("22.7")


def test_a_crossed_quote_is_kept_for_it_happens(tmp_path: Path) -> None:
    text = {name: line.replace("227000,14", "222000,14") for name, line in QUOTES.items()}

    crossed = rows(NAME, quotes(tmp_path, text))[0]

    assert crossed["bid_close"] > crossed["ask_close"]


def test_open_interest_is_that_of_the_session_before_and_of_half_past_six(
    tmp_path: Path,
) -> None:
    found = {row["contract"]: row for row in rows(NAME, interest(tmp_path, INTEREST))}

    assert {contract: row["open_interest"] for contract, row in found.items()} == {
        "AAPL140621C00650000": 19_029, "AAPL140621P00650000": 4_233, "AAPL140621C00350000": 0,
    }  # fmt: skip
    assert {(row["oi_date"], row["session_date"], row["known_at"]) for row in found.values()} == {
        (date(2014, 6, 5), date(2014, 6, 6), datetime(2014, 6, 6, 10, 30, tzinfo=UTC))
    }


def test_open_interest_that_comes_late_is_known_late(tmp_path: Path) -> None:
    late = {name: text.replace("23520000", "36000000") for name, text in INTEREST.items()}

    known = max(row["known_at"] for row in rows(NAME, interest(tmp_path, late)))

    assert known == datetime(2014, 6, 6, 14, 1, tzinfo=UTC)


def test_a_european_weekly_keeps_its_root(tmp_path: Path) -> None:
    text = {"20140606_spxw_minute_trade_european_put_19500000_20140613": "34200000,1,1,1,1,1"}

    (row,) = rows(NAME, zipped(tmp_path / "spxw" / "20140606_trade_european.zip.zip", text))

    assert (row["contract"], row["root"]) == ("SPXW140613P01950000", "SPXW")


def test_loading_it_again_adds_nothing_however_it_was_packed(store: Store, tmp_path: Path) -> None:
    text = "34200000,125000,127500,122500,123500,46\n"
    load(store, trades(tmp_path, {"call_6500000_20140621": text}))

    again = load(store, trades(tmp_path, {"call_6500000_20140621": text.rstrip()}))

    assert not again.is_new


def test_a_changed_zip_adds_the_bars_that_differ(store: Store, tmp_path: Path) -> None:
    text = {
        "call_6500000_20140621": "34200000,125000,127500,122500,123500,46\n",
        "put_2700000_20140719": "42180000,900,900,900,900,1\n",
    }
    load(store, trades(tmp_path, text))

    text["put_2700000_20140719"] = "42180000,900,900,900,900,2"
    later = load(store, trades(tmp_path, text))

    assert (later.n_rows, later.n_gone) == (1, 0)


def test_what_cannot_be_is_set_aside_with_its_reason_and_the_rest_loads(
    store: Store, tmp_path: Path
) -> None:
    text = {
        "call_6500000_20140621": (
            "34200000,1,1,1,1,5\n34260000,n/a,1,1,1,1\n34320000,1,1\n34380000,5,4,1,2,1\n"
            "34440000,,1,1,1,1\n34500000,1,1,1,1,-1\n34560000,1,1,1,1,1\n"
        ),
        "call_928575_20140621": "34200000,1,1,1,1,1",  # no symbol can say such a strike
    }

    loaded = load(store, trades(tmp_path, text))

    rejected = {row["reason"]: row["row"] for row in ask(store.place, "raw.rejected")}
    assert (loaded.n_rows, loaded.n_rejected) == (2, 6)
    assert {reason.partition(":")[0].partition("(")[0].strip() for reason in rejected} == {
        "line 2", "line 3", "not", "open is missing", "not volume >= 0", "contract is missing",
    }  # fmt: skip
    assert all("call_6500000_20140621" in row for row in rejected.values() if "line" in row)


def test_a_day_that_is_no_session_is_set_aside_whole(store: Store, tmp_path: Path) -> None:
    text = {"20140607_aapl_minute_trade_american_call_6500000_20140621": "34200000,1,1,1,1,1"}

    loaded = load(store, zipped(tmp_path / "aapl" / "20140607_trade_american.zip", text))

    assert (loaded.n_rows, loaded.n_rejected) == (0, 1)
    assert list(loaded.reasons) == ["option_bars: session_date 2014-06-07 is no session of XNYS"]


def test_what_is_no_contract_or_no_archive_loads_nothing(store: Store, tmp_path: Path) -> None:
    member = "20140609_aapl_minute_trade_american_call_6500000_20140621"  # of another day
    other = zipped(tmp_path / "other" / RECORDED.name, {member: "34200000,1,1,1,1,1"})
    cut = tmp_path / "cut" / RECORDED.name
    cut.parent.mkdir()
    cut.write_bytes(RECORDED.read_bytes()[:-40])

    for path, said in (
        (other, f"member '{member}.csv' is named as no contract; mend the loader"),
        (cut, "cut short or damaged; fetch it again"),
    ):
        with pytest.raises(FeedError) as told:
            load(store, path)
        assert str(told.value) == f"{path}: {said}"
    assert ask(store.place, "raw.option_bars") == []


def test_a_zip_of_another_name_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "aapl" / "trades.zip", {"a": "1"})

    with pytest.raises(FeedError, match="its name should be a day, what it holds and a style"):
        rows(NAME, path)


def test_its_files_are_zips_of_a_day_and_a_kind() -> None:
    names = [
        "20140606_trade_american.zip", "20210104_openinterest_european.zip.zip",
        "20140606_trade.zip", "aapl_2014_trade_american.zip", "20140606.csv",
    ]  # fmt: skip

    assert [name for name in names if lean_option_bars.FEED.knows(name)] == names[:2]
