"""Lean's universes land as chains and open interest, its daily zips as bars of a session."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.publication import Loaded
from leadline.store import Store
from loaders import lean_option_chains
from tests.lean import SPAN, placed, rows, zipped
from tests.stores import ask, contracts, knowing_sessions, load_files

NAME = "lean_option_chains"
SPLIT = "20140609.csv"  # the session of a 7:1 split
BEFORE = "20140604.csv"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, path: Path) -> Loaded:
    (loaded,) = load_files(store, NAME, path)
    return loaded


def by_contract(store: Store, dataset: str = "option_chains") -> dict[str, dict[str, Any]]:
    return {row["contract"]: row for row in ask(store.place, f"raw.{dataset}")}


@dataclass(frozen=True)
class Universe:
    """What a load of one universe brought, by contract."""

    loaded: Loaded
    chains: dict[str, dict[str, Any]]
    interest: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Universe:
    folder = tmp_path_factory.mktemp("split")
    with knowing_sessions(SPAN, folder / "store") as store:
        loaded = load(store, placed(folder / "aapl", SPLIT))
        return Universe(loaded, by_contract(store), by_contract(store, "open_interest"))


def test_every_contract_is_a_row_and_the_underlying_is_none(split: Universe) -> None:
    assert (split.loaded.coverage, split.loaded.n_rejected) == ("aapl/20140609.csv", 0)
    assert len(split.chains) == 6
    assert split.loaded.n_rows == len(split.chains) + len(split.interest)


def test_a_row_is_what_the_line_says_in_our_units(split: Universe) -> None:
    row = split.chains["AAPL150417P00064290"]

    assert {name: row[name] for name in contracts()["option_chains"].names} == {
        "calendar": "XNYS",
        "session_date": date(2014, 6, 9),
        "underlying": "AAPL",
        "contract": "AAPL150417P00064290",
        "expiration": date(2015, 4, 17),
        "strike": Decimal("64.29"),
        "put_call": "put",
        "currency": "USD",
        "bid": None,
        "ask": None,
        "last": None,
        "mid": Decimal("0.535"),
        "mark": None,
        "volume": 0,
        "iv": 1.0257517,
        "delta": -0.2109961,
        "gamma": 0.0037646,
        "theta": pytest.approx(365 * -0.0526085),
        "vega": pytest.approx(100 * 0.2212127),
        "underlying_price": Decimal("92.72"),
    }


def test_a_chain_is_known_half_an_hour_after_the_close(split: Universe) -> None:
    (known,) = {row["known_at"] for row in split.chains.values()}

    assert known == datetime(2014, 6, 9, 20, 30, tzinfo=UTC)


def test_without_a_volatility_there_are_no_greeks(split: Universe) -> None:
    row = split.chains["AAPL140621C00092860"]

    assert row["mid"] == Decimal("1.77")
    assert {row[name] for name in ("iv", "delta", "gamma", "theta", "vega")} == {None}


def test_open_interest_is_that_after_the_session_and_known_the_next_morning(
    split: Universe,
) -> None:
    row = split.interest["AAPL140621C00092860"]

    assert (row["open_interest"], row["oi_date"]) == (122_883, date(2014, 6, 9))
    assert row["session_date"] == date(2014, 6, 10)
    assert row["known_at"] == datetime(2014, 6, 10, 10, 30, tzinfo=UTC)


def test_a_contract_whose_open_interest_is_not_told_is_in_the_chain_alone(
    split: Universe,
) -> None:
    assert split.chains.keys() - split.interest.keys() == {"AAPL150417C00064290"}


def test_a_contract_that_a_split_ended_is_there_as_the_file_has_it(split: Universe) -> None:
    assert split.chains["AAPL140621C00650000"]["volume"] == 0
    assert split.interest["AAPL140621C00650000"]["open_interest"] == 18_853


def chain(path: Path) -> dict[str, dict[str, Any]]:
    """Return a universe's rows of option_chains, as its query gives them, by contract."""
    return {row["contract"]: row for row in rows(NAME, path) if "mid" in row}


def test_open_interest_of_a_friday_is_known_on_monday(tmp_path: Path) -> None:
    found = rows(NAME, placed(tmp_path / "aapl", SPLIT, name="20140613.csv"))

    days = {(row["oi_date"], row["session_date"]) for row in found if "oi_date" in row}
    assert days == {(date(2014, 6, 13), date(2014, 6, 16))}


def test_a_half_session_ends_early(tmp_path: Path) -> None:
    found = chain(placed(tmp_path / "aapl", SPLIT, name="20131129.csv")).values()

    assert {row["known_at"] for row in found} == {datetime(2013, 11, 29, 18, 30, tzinfo=UTC)}


def test_a_contract_without_a_price_has_none(tmp_path: Path) -> None:
    row = chain(placed(tmp_path / "aapl", BEFORE))["AAPL140621C00092860"]

    assert (row["mid"], row["iv"], row["delta"], row["volume"]) == (None, None, None, 0)


def test_the_ticker_is_the_folder_s_and_a_class_of_shares_has_no_dot_in_its_root(
    tmp_path: Path,
) -> None:
    found = chain(placed(tmp_path / "brk.b", SPLIT))

    assert found["BRKB140621C00650000"]["underlying"] == "BRK.B"


def test_an_index_has_no_row_of_its_own_in_some_files(tmp_path: Path) -> None:
    own = ",,,92.69,92.95,92.50,92.72,2467914,,,,,,,\n"

    found = chain(placed(tmp_path / "spx", SPLIT, (own, "")))

    assert found["SPX140621C00650000"]["underlying_price"] is None


def test_a_file_of_a_day_without_a_session_is_set_aside_whole(store: Store, tmp_path: Path) -> None:
    loaded = load(store, placed(tmp_path / "aapl", SPLIT, name="20140607.csv"))

    reasons = {row["reason"] for row in ask(store.place, "raw.rejected")}
    assert (loaded.n_rows, loaded.n_rejected) == (0, 11)
    assert reasons == {"session_date 2014-06-07 is no session of XNYS"}


def test_what_cannot_be_is_set_aside_with_its_reason_and_the_rest_loads(
    store: Store, tmp_path: Path
) -> None:
    path = placed(
        tmp_path / "aapl", SPLIT,
        ("20140621,650,C,", ",650,C,"),  # no expiry, and no row of the underlying either
        (",92.86,C,", ",92.8575,C,"),  # no symbol can say such a strike
        (",107.14,C,", ",107x14,C,"),
        (",23.0250,0,", ",23.0250,0.5,"),
        (",0.2212127,0.0076481,", ",none,0.0076481,"),
    )  # fmt: skip

    loaded = load(store, path)

    rejected = [row for row in ask(store.place, "raw.rejected")]
    reasons = sorted(row["reason"] for row in rejected if row["dataset"] == "option_chains")
    assert (loaded.n_rejected, sorted(by_contract(store))) == (8, ["AAPL150417P00064290"])
    assert [reason.partition(":")[0] for reason in reasons] == [
        "contract is missing", "contract is missing", "line 6", "line 8",
        "not (((volume % 1) = 0) OR (calendar != 'XNYS'))",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",650,C,", ",650,X,", ": right is 'X', neither C nor P; mend the loader"),
        ("20140621,650,", "2014-06-21,650,", ': Could not parse string "2014-06-21"'),
        (",,,92.69,", ",,,92.60,1,1,1,1,,,,,,,\n,,,92.69,", ": More than one row returned"),
        ("open_interest", "openinterest", ":1: the header has no 'open_interest'; "),
    ],
)
def test_another_word_or_way_of_writing_stops_the_load(
    store: Store, tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = placed(tmp_path / "aapl", SPLIT, (old, new))

    with pytest.raises(FeedError) as error:
        load(store, path)

    assert str(error.value).startswith(f"{path}{told}")
    assert by_contract(store) == {}


def test_a_file_of_another_name_is_told(tmp_path: Path) -> None:
    path = placed(tmp_path / "aapl", SPLIT, name="june.csv")

    with pytest.raises(FeedError, match=r"it should be named as aapl/20140605\.csv or aapl_2014_"):
        rows(NAME, path)


INTEREST = {
    "aapl_openinterest_american_call_6500000_20140621": (
        "20140606 00:00,19029\n20140609 00:00,18853"
    ),
    "aapl_openinterest_american_call_928600_20140621": "20140610 00:00,122883",
}


def test_a_zip_s_open_interest_is_that_of_the_session_before_its_stamp(tmp_path: Path) -> None:
    found = rows(NAME, zipped(tmp_path / "aapl_2014_openinterest_american.zip", INTEREST))

    assert sorted((row["contract"], row["oi_date"], row["open_interest"]) for row in found) == [
        ("AAPL140621C00092860", date(2014, 6, 9), 122_883),
        ("AAPL140621C00650000", date(2014, 6, 5), 19_029),
        ("AAPL140621C00650000", date(2014, 6, 6), 18_853),
    ]


def test_a_zip_says_of_its_morning_what_the_universe_of_the_session_before_says(
    split: Universe, tmp_path: Path
) -> None:
    found = rows(NAME, zipped(tmp_path / "aapl_2014_openinterest_american.zip", INTEREST))

    (told,) = (row for row in found if row["contract"] == "AAPL140621C00092860")
    assert told == {name: split.interest["AAPL140621C00092860"][name] for name in told}


def test_a_daily_bar_begins_at_the_open_and_is_known_after_the_close(tmp_path: Path) -> None:
    text = {"foxa_trade_american_call_350000_20140118": "20130702 00:00,7500,7600,7400,7500,15"}

    (row,) = rows(NAME, zipped(tmp_path / "foxa_2013_trade_american.zip", text))

    assert (row["bar"], row["session_date"]) == ("1d", date(2013, 7, 2))
    assert row["starts_at"] == datetime(2013, 7, 2, 13, 30, tzinfo=UTC)
    assert row["known_at"] == datetime(2013, 7, 2, 20, 15, tzinfo=UTC)
    assert [row[name] for name in ("open", "high", "low", "close", "volume")] == [
        Decimal("0.75"), Decimal("0.76"), Decimal("0.74"), Decimal("0.75"), 15,
    ]  # fmt: skip


def test_a_day_without_a_bid_has_neither_price_nor_size(tmp_path: Path) -> None:
    text = {"foxa_quote_american_put_200000_20130720": "20130702 00:00,,,,,0,500,900,500,700,34"}

    (row,) = rows(NAME, zipped(tmp_path / "foxa_2013_quote_american.zip", text))

    assert (row["bar"], row["bid_close"], row["bid_size"]) == ("1d", None, None)
    assert (row["ask_close"], row["ask_size"]) == (Decimal("0.07"), 34)


def test_a_year_s_zip_is_the_same_wherever_it_lies(store: Store, tmp_path: Path) -> None:
    load(store, zipped(tmp_path / "a" / "aapl_2014_openinterest_american.zip", INTEREST))

    again = load(store, zipped(tmp_path / "b" / "aapl_2014_openinterest_american.zip", INTEREST))

    assert (again.coverage, again.is_new) == ("aapl_2014_openinterest_american.zip", False)


def test_another_way_of_writing_days_stops_a_zip(store: Store, tmp_path: Path) -> None:
    name = "aapl_openinterest_american_call_6500000_20140621"
    path = zipped(tmp_path / "aapl_2014_openinterest_american.zip", {name: "2014-06-06,19029"})

    with pytest.raises(FeedError, match='Could not parse string "2014-06-06"'):
        load(store, path)


def test_its_files_are_days_and_zips_of_a_year() -> None:
    names = [
        "20140609.csv", "aapl_2014_trade_american.zip", "spx_2014_openinterest_european.zip",
        "aapl.csv", "20140606_trade_american.zip", "aapl.zip", "SPX_20190426.csv",
    ]  # fmt: skip

    assert [name for name in names if lean_option_chains.FEED.knows(name)] == names[:3]
