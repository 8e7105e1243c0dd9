"""Cboe's chains land as a session's picture and as the open interest of the morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import cboe_chains
from tests.stores import ask, contracts, knowing_sessions

NAME = "cboe_chains"
MESSAGES = Path(__file__).parent / "messages"
FRIDAY = MESSAGES / "SPX_20190426.csv"
HOLIDAY = MESSAGES / "SPX_20190527.csv"
SPAN = Span(datetime(2019, 4, 22, tzinfo=UTC), datetime(2019, 6, 1, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, path: Path) -> Loaded:
    (loaded,) = from_files(NAME, cboe_chains, store, plan(NAME, cboe_chains, [path]).files)
    return loaded


def by_contract(store: Store, dataset: str = "option_chains") -> dict[str, dict[str, Any]]:
    return {row["contract"]: row for row in ask(store.place, f"raw.{dataset}")}


@dataclass(frozen=True)
class Friday:
    """What a load of Friday's file brought, by contract."""

    loaded: Loaded
    chains: dict[str, dict[str, Any]]
    interest: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def friday(tmp_path_factory: pytest.TempPathFactory) -> Friday:
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("friday")) as store:
        loaded = load(store, FRIDAY)
        return Friday(loaded, by_contract(store), by_contract(store, "open_interest"))


def rewritten(folder: Path, *replaced: tuple[str, str], name: str = FRIDAY.name) -> Path:
    """Write Friday's file with other words in it."""
    text = FRIDAY.read_text()
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text)
    return folder / name


def test_every_line_is_a_row_of_each_dataset(friday: Friday) -> None:
    loaded = friday.loaded

    assert (loaded.n_rows, loaded.n_rejected) == (18, 0)
    assert len(friday.chains) == len(friday.interest) == 9


def test_a_row_is_what_the_line_says(friday: Friday) -> None:
    row = friday.chains["SPX190517P02900000"]

    assert {name: row[name] for name in contracts()["option_chains"].names} == {
        "calendar": "XNYS",
        "session_date": date(2019, 4, 26),
        "underlying": "SPX",
        "contract": "SPX190517P02900000",
        "expiration": date(2019, 5, 17),
        "strike": Decimal(2_900),
        "put_call": "put",
        "currency": "USD",
        "bid": Decimal("15.2"),
        "ask": Decimal("15.6"),
        "last": Decimal("15.5"),
        "mid": None,
        "mark": None,
        "volume": 1_273,
        "iv": 0.1145,
        "delta": -0.3063,
        "gamma": 0.0044,
        "theta": None,
        "vega": None,
        "underlying_price": Decimal("2939.88"),
    }


def test_a_chain_is_known_half_an_hour_after_the_close(friday: Friday) -> None:
    known = {row["known_at"] for row in friday.chains.values()}

    assert known == {datetime(2019, 4, 26, 20, 30, tzinfo=UTC)}


def test_open_interest_is_known_before_the_open_of_its_day(friday: Friday) -> None:
    known = {row["known_at"] for row in friday.interest.values()}

    assert known == {datetime(2019, 4, 26, 10, 30, tzinfo=UTC)}


def test_open_interest_is_that_of_the_session_before(friday: Friday) -> None:
    row = friday.interest["SPX190517C02900000"]

    assert (row["open_interest"], row["oi_date"]) == (49_537, date(2019, 4, 25))


def test_open_interest_of_a_monday_is_that_of_friday(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, (",04/26/2019,2", ",04/29/2019,2"), name="SPX_20190429.csv")

    load(store, path)

    row = by_contract(store, "open_interest")["SPX190517C02900000"]

    assert (row["session_date"], row["oi_date"]) == (date(2019, 4, 29), date(2019, 4, 26))


def test_two_roots_of_one_expiry_and_strike_stay_two_contracts(friday: Friday) -> None:
    found = friday.chains
    both = [found[f"{root}190517C02900000"] for root in ("SPX", "SPXW")]

    assert [(row["expiration"], row["strike"], row["volume"]) for row in both] == [
        (date(2019, 5, 17), Decimal(2_900), 775),
        (date(2019, 5, 17), Decimal(2_900), 189),
    ]


def test_a_bid_ask_last_or_volatility_of_0_is_none(friday: Friday) -> None:
    row = friday.chains["SPXW190426C03000000"]

    assert [row[name] for name in ("bid", "ask", "last", "iv")] == [None] * 4


def test_a_volume_and_an_open_interest_of_0_are_0(friday: Friday) -> None:
    assert friday.chains["SPXW190426C03000000"]["volume"] == 0
    assert friday.interest["SPXW190426C03000000"]["open_interest"] == 0


def test_one_side_may_be_missing(friday: Friday) -> None:
    row = friday.chains["SPXW190426C02945000"]

    assert (row["bid"], row["ask"]) == (None, Decimal("0.05"))


def test_a_volatility_of_800_percent_is_kept(friday: Friday) -> None:
    assert friday.chains["SPXW190429C00800000"]["iv"] == 7.9432


def test_a_strike_may_end_in_a_half(friday: Friday) -> None:
    assert friday.chains["SPXW190430C02887500"]["strike"] == Decimal("2887.5")


def test_a_file_of_a_holiday_is_set_aside_whole(store: Store) -> None:
    loaded = load(store, HOLIDAY)

    reasons = {row["reason"] for row in ask(store.place, "raw.rejected")}

    assert (loaded.n_rows, loaded.n_rejected) == (0, 4)
    assert reasons == {"session_date 2019-05-27 is no session of XNYS"}


def test_another_word_for_a_call_is_set_aside(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, ("SPX190517C02900000,call", "SPX190517C02900000,C"))

    load(store, path)

    (row,) = ask(store.place, "raw.rejected")

    assert row["reason"] == "not put_call IN ('call', 'put')"


def test_a_bad_number_is_set_aside_by_its_line_and_the_rest_loads(
    store: Store, tmp_path: Path
) -> None:
    path = rewritten(tmp_path, (",49537,", ",n/a,"))

    load(store, path)

    (row,) = ask(store.place, "raw.rejected")

    assert (row["dataset"], row["position"]) == ("open_interest", 2)
    assert len(by_contract(store, "open_interest")) == 8


def test_half_a_contract_is_set_aside_and_not_rounded(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, (",49537,", ",49537.5,"))

    load(store, path)

    (row,) = ask(store.place, "raw.rejected")

    assert row["reason"] == "not (((open_interest % 1) = 0) OR (calendar != 'XNYS'))"


def test_another_way_of_writing_dates_stops_the_load(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, ("04/26/2019", "2019-04-26"))

    with pytest.raises(FeedError, match='Could not parse string "2019-04-26"') as told:
        load(store, path)

    assert str(told.value).startswith(f"{path}: ")


def test_a_column_less_stops_the_load_and_is_named(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, (",openinterest,", ",oi,"))

    with pytest.raises(FeedError, match=f"^{path}:1: the header has no 'openinterest'; "):
        load(store, path)


def test_its_files_are_an_underlying_and_a_day() -> None:
    names = ["SPX_20190426.csv", "SPX.csv", "SPX_20190426.txt"]

    known = [name for name in names if cboe_chains.FEED.knows(name)]

    assert known == ["SPX_20190426.csv"]
