"""A capture of Yahoo is the chain of its session and the open interest of the one before."""

import csv
import gzip
import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import files
from leadline.store import Store
from loaders import yahoo_chains
from tests.stores import ask, contracts, door, knowing_sessions, load_files

MESSAGES = Path(__file__).parent / "messages"
SPAN = Span(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
FRIDAY = "2026-08-14"
Rows = dict[str, dict[str, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def capture(folder: Path, named: str = FRIDAY, **meta: Any) -> Path:
    """Save the recorded capture as the collector does; its meta.json may say other things."""
    place = folder / named
    place.mkdir(parents=True)
    shutil.copy(MESSAGES / "SPY.csv", place)
    said = json.loads((MESSAGES / "meta.json").read_text()) | meta
    (place / "meta.json").write_text(json.dumps(said))
    return place / "SPY.csv"


def read(place: Path) -> None:
    """Read a place as the loader does, and load nothing."""
    found, _ = files([place], yahoo_chains.FEED.knows, yahoo_chains.FEED.parts)
    assert list(yahoo_chains.read(found))


def by_contract(store: Store, dataset: str = "option_chains") -> Rows:
    return {row["contract"]: row for row in ask(store.place, f"raw.{dataset}")}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows]:
    """Return the chain and the open interest of the recorded capture."""
    folder = tmp_path_factory.mktemp("yahoo")
    capture(folder)
    with knowing_sessions(SPAN, folder / "store") as store:
        (loaded,) = load_files(store, "yahoo_chains", folder / FRIDAY)
        assert (loaded.coverage, loaded.n_rejected) == (f"{FRIDAY}/SPY.csv", 0)
        return by_contract(store), by_contract(store, "open_interest")


@pytest.fixture
def chain(loaded: tuple[Rows, Rows]) -> Rows:
    return loaded[0]


@pytest.fixture
def interest(loaded: tuple[Rows, Rows]) -> Rows:
    return loaded[1]


def test_a_row_is_what_the_capture_says_of_its_own_session(chain: Rows) -> None:
    row = chain["SPY260818C00763000"]

    assert {name: row[name] for name in contracts()["option_chains"].names} == {
        "calendar": "XNYS",
        "session_date": date(2026, 8, 17),
        "underlying": "SPY",
        "contract": "SPY260818C00763000",
        "expiration": date(2026, 8, 18),
        "strike": Decimal(763),
        "put_call": "call",
        "currency": "USD",
        "bid": Decimal("12.37"),
        "ask": Decimal("13.73"),
        "last": Decimal("12.87"),
        "mid": None,
        "mark": None,
        "volume": 2,
        "iv": 0.2467116345214844,
        "delta": None,
        "gamma": None,
        "theta": None,
        "vega": None,
        "underlying_price": Decimal("775.2450"),
    }


def test_a_chain_is_known_when_it_was_captured(chain: Rows) -> None:
    known = {row["known_at"] for row in chain.values()}

    assert known == {datetime(2026, 8, 17, 14, 5, 34, 797991, tzinfo=UTC)}


def test_open_interest_is_that_of_the_folder_and_known_the_next_morning(interest: Rows) -> None:
    row = interest["SPY260818C00763000"]

    assert (row["open_interest"], row["oi_date"]) == (531, date(2026, 8, 14))
    assert row["session_date"] == date(2026, 8, 17)
    assert row["known_at"] == datetime(2026, 8, 17, 10, 30, tzinfo=UTC)


def test_the_volume_of_an_earlier_day_is_none_of_this_session(chain: Rows) -> None:
    assert chain["SPY260817P00825000"]["volume"] == 0
    assert chain["SPY260817C00580000"]["volume"] == 0
    assert chain["SPY260817P00777000"]["volume"] == 13_696


@pytest.mark.parametrize(
    ("contract", "missing"),
    [
        ("SPY260818C00763000", []),
        ("SPY260817P00620000", ["bid"]),
        ("SPY260817C00787000", ["bid"]),
        ("SPY260817P00777000", ["iv"]),
        ("SPY260831C00460000", ["bid", "ask", "iv"]),
    ],
)
def test_a_bid_or_ask_of_0_or_nothing_and_a_placeholder_of_a_volatility_are_none(
    chain: Rows, contract: str, missing: list[str]
) -> None:
    row = chain[contract]

    assert [name for name in ("bid", "ask", "last", "iv") if row[name] is None] == missing


def test_open_interest_of_0_is_known_and_an_empty_one_is_not(chain: Rows, interest: Rows) -> None:
    assert interest["SPY260831C00460000"]["open_interest"] == 0
    assert chain.keys() - interest.keys() == {"SPY260817C00741000"}


def test_the_same_capture_again_adds_nothing(store: Store, tmp_path: Path) -> None:
    capture(tmp_path / "yahoo")

    loads = [load_files(store, "yahoo_chains", tmp_path / "yahoo") for _ in range(2)]

    assert [loaded.is_new for (loaded,) in loads] == [True, False]


def test_a_file_without_its_meta_json_is_refused(tmp_path: Path) -> None:
    path = capture(tmp_path / "yahoo")

    with pytest.raises(FeedError) as told:
        read(path)

    what = "no meta.json beside it says when it was captured; name its folder"
    assert str(told.value) == f"{path}: {what}"


@pytest.mark.parametrize(
    ("named", "meta", "told"),
    [
        # Two sessions later Yahoo shows the open interest of another one.
        (FRIDAY, {"utc": "2026-08-18T15:00:00+00:00"}, "is not of the session after 2026-08-14"),
        # On the evening of the session itself, that of the one before.
        (FRIDAY, {"utc": "2026-08-14T21:00:00+00:00"}, "is not of the session after 2026-08-14"),
        (FRIDAY, {"utc": "2026-08-16T15:00:00+00:00"}, "is not of the session after 2026-08-14"),
        (FRIDAY, {"session": "2026-08-13"}, "is not of the session after 2026-08-14"),
        (FRIDAY, {"utc": "2026-08-17T13:44:00+00:00"}, "13:44:00Z shows the session before"),
        (FRIDAY, {"utc": "yesterday"}, "Invalid isoformat string"),
        (FRIDAY, {"tickers": {"QQQ": {}}}, "no 'SPY' in it"),
        (FRIDAY, {"tickers": {"SPY": {"spot": 776.34}}}, "no 'spot_live' in it"),
        ("friday", {"session": "friday"}, "Invalid isoformat string"),
    ],
)
def test_a_capture_that_is_not_of_the_next_session_is_refused(
    tmp_path: Path, named: str, meta: Any, told: str
) -> None:
    capture(tmp_path / "yahoo", named, **meta)

    with pytest.raises(FeedError, match=told):
        read(tmp_path / "yahoo")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2026-08-18,C,", "2026-08-18,X,", "put_call is missing"),
        (",531.0,", ",531.5,", "not (((open_interest % 1) = 0) OR (calendar != 'XNYS'))"),
        (",12.37,", ",n/a,", None),
        ("776.3400268554688,2026-08-14\nSPY260817C0074", "0,2026-08-13\nSPY260817C0074", None),
    ],
)
def test_a_line_that_cannot_be_so_is_set_aside_and_the_rest_loads(
    store: Store, tmp_path: Path, old: str, new: str, reason: str | None
) -> None:
    path = capture(tmp_path / "yahoo")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))

    load_files(store, "yahoo_chains", tmp_path / "yahoo")

    aside = ask(store.place, "raw.rejected")
    assert 1 <= len(aside) <= 2
    assert len(by_contract(store)) >= 7
    if reason:
        assert {row["reason"] for row in aside} == {reason}


def test_a_column_less_stops_the_load_and_is_named(tmp_path: Path) -> None:
    path = capture(tmp_path / "yahoo")
    path.write_text(path.read_text().replace(",openInterest,", ",oi,"))

    with pytest.raises(FeedError, match=f"^{path}:1: the header has no 'openInterest'; "):
        read(tmp_path / "yahoo")


def test_its_files_are_tickers_and_what_tells_of_them() -> None:
    names = ["SPY.csv", "^SPX.csv", "BRK-B.csv", "meta.json", "SPX_20190426.csv", "notes.csv"]

    known = [name for name in names if yahoo_chains.FEED.knows(name)]

    assert known == ["SPY.csv", "^SPX.csv", "BRK-B.csv", "meta.json"]


@pytest.mark.parametrize(("symbol", "ticker"), [("^SPX", "SPX"), ("BRK-B", "BRK.B")])
def test_an_index_loses_its_sign_and_a_class_share_has_its_dot(symbol: str, ticker: str) -> None:
    assert yahoo_chains.ticker_of(symbol) == ticker


def total(store: Store, dataset: str, column: str) -> tuple[int, int]:
    """Return how many rows a dataset has, and the sum of a column."""
    with door(store.place, dataset=dataset) as warehouse:
        found = warehouse.ask(f"raw.{dataset}", SPAN.since, SPAN.until)
        ((n, added),) = found.aggregate(f"count(*), sum({column})").fetchall()
    return n, int(added)


@pytest.mark.real
def test_every_line_of_the_captures_is_a_row_and_its_session_s_volume_is_all_that_counts(
    real: Path, store: Store
) -> None:
    folder = real / "options_chain_yahoo_2026"
    n_lines = n_interest = interest = volume = 0
    for path in sorted(folder.glob("*/*.csv.gz")):
        said = json.loads((path.parent / "meta.json").read_text())
        day = said["utc"][:10]  # captured in the afternoon of UTC, which is the day in New York
        for line in csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())):
            n_lines += 1
            n_interest += line["openInterest"] != ""
            interest += int(float(line["openInterest"] or 0))
            volume += int(float(line["volume"] or 0)) if line["lastTradeDate"][:10] == day else 0

    loads = load_files(store, "yahoo_chains", folder)

    assert (len(loads), sum(loaded.n_rejected for loaded in loads)) == (12, 0)
    assert (n_lines, volume) == (62_650, 32_024_701)
    assert total(store, "option_chains", "volume") == (n_lines, volume)
    assert total(store, "open_interest", "open_interest") == (n_interest, interest)
    assert n_interest == 62_424
