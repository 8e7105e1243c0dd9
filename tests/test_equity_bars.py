"""Adjusted closes are those of Lean's own factors, and closes of the whole market agree."""

import shutil
import zipfile
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, Span
from leadline.warehouse import Warehouse
from tests.doors import door
from tests.stores import knowing_sessions, load_files

pytestmark = pytest.mark.real
SPAN = Span(datetime(1997, 12, 1, tzinfo=UTC), datetime(2021, 6, 1, tzinfo=UTC))
FOLDER = "equity_daily_lean"
FEW = ("1998", "2003", "2006", "2014")  # years of the slice: each first owner of a ticker is in it
COLUMNS = (
    "symbol", "session_date", "open", "close", "close_split", "close_full", "volume_split",
    "security_id",
)  # fmt: skip
LATEST = datetime(2021, 4, 1, tzinfo=UTC)
# What had the ticker before whom the map files know by it.
BEFORE = {
    "FB": date(2012, 5, 18), "USO": date(2006, 4, 10), "WM": date(2009, 8, 5),
    "BAC": date(1998, 10, 1),
}  # fmt: skip


@cache
def factors(path: Path) -> tuple[list[str], list[tuple[float, float]]]:
    lines = [line.split(",") for line in path.read_text().split()]
    return [line[0] for line in lines], [(float(line[1]), float(line[2])) for line in lines]


def few_years(lean: Path, folder: Path) -> Path:
    """Copy the bars of a few years, and those before each split and dividend.

    Apple's are copied whole, for they are asked from day to day, and those of a day or two.
    """
    folder.mkdir()
    for path in (lean / "daily").iterdir():
        if path.stem in ("aapl", "foxa", "nwsa"):
            shutil.copy(path, folder)
            continue
        days, _ = factors(lean / "factor_files" / f"{path.stem}.csv")
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(folder / path.name, "w") as part:
            for name in whole.namelist():
                lines = whole.read(name).decode().splitlines(keepends=True)
                few = [line for line in lines if line.startswith((*FEW, *days))]
                part.writestr(name, "".join(few))
    return folder


@pytest.fixture(scope="module", params=["few", pytest.param("all", marks=pytest.mark.soak)])
def house(
    request: pytest.FixtureRequest, real: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("bars")
    place, daily = folder / "store", real / FOLDER / "daily"
    if request.param == "few":
        daily = few_years(real / FOLDER, folder / "daily")
    with knowing_sessions(SPAN, place) as store:
        factors, maps = real / FOLDER / "factor_files", real / FOLDER / "map_files"
        load_files(store, "lean_tickers", maps)
        load_files(store, "lean_equity_factors", factors, maps)
        load_files(store, "equity_bars_lean", daily)
        load_files(store, "equity_bars_lean", real / "equity_coarse_daily_lean" / "20140402.csv")
        load_files(store, "equity_bars_csv", real / "equity_daily_sp500_5yr" / "AAPL_data.csv")
    with door(place) as house:
        yield house


def bars(
    house: Warehouse, where: str, until: datetime = LATEST, since: datetime = BEGINNING
) -> list[dict[str, Any]]:
    rows = house.ask("curated.equity_bars", since, until).filter(where)
    return list(rows.select(", ".join(COLUMNS)).to_arrow_table().to_pylist())


@pytest.fixture(scope="module")
def whole(house: Warehouse) -> list[dict[str, Any]]:
    return bars(house, "source = 'equity_bars_lean' and open is not null")


def is_few(request: pytest.FixtureRequest) -> bool:
    """Say whether a test reads the slice."""
    return "few" in request.node.callspec.id


@pytest.mark.soak
def test_adjusted_closes_are_those_of_the_factor_files(
    request: pytest.FixtureRequest, whole: list[dict[str, Any]], real: Path
) -> None:
    n_compared, worst = 0, {"split": 0.0, "full": 0.0}
    for row in whole:
        symbol, day, close = row["symbol"], row["session_date"], float(row["close"])
        if day < BEFORE.get(symbol, date.min) or symbol in ("FOXA", "NWSA"):
            continue
        # Until the fund's split in two classes, the ticker was that of the other one.
        file = "googl" if symbol == "GOOG" and day < date(2014, 4, 3) else symbol.lower()
        days, told = factors(real / FOLDER / "factor_files" / f"{file}.csv")
        price, split = told[bisect_left(days, f"{day:%Y%m%d}")]
        worst["split"] = max(worst["split"], abs(row["close_split"] / (close * split) - 1))
        worst["full"] = max(worst["full"], abs(row["close_full"] / (close * split * price) - 1))
        n_compared += 1

    assert n_compared == (11_424 if is_few(request) else 43_331)
    # Factors have seven digits, and the earliest of Apple is 0.0089286.
    assert worst["split"] < 3e-6
    assert worst["full"] < 3e-6


@pytest.mark.soak
def test_who_had_a_ticker_before_is_not_adjusted_for_the_next(
    request: pytest.FixtureRequest, whole: list[dict[str, Any]]
) -> None:
    older = [row for row in whole if row["session_date"] < BEFORE.get(row["symbol"], date.min)]

    assert len(older) == (926 if is_few(request) else 3_509)
    assert {row["security_id"] for row in older if row["symbol"] in ("USO", "WM", "BAC")} == {
        "USO", "WM", "BAC",
    }  # fmt: skip
    assert {row["security_id"] for row in older if row["symbol"] == "FB"} == {"FB:1999-09-29"}
    assert all(row["close_full"] == float(row["close"]) for row in older)


def test_without_the_closes_before_dividends_nothing_is_said_of_them(
    whole: list[dict[str, Any]],
) -> None:
    alone = [row for row in whole if row["symbol"] == "NWSA"]

    assert [row["close_full"] for row in alone] == [None, None]
    assert all(row["close_split"] == float(row["close"]) for row in alone)


def test_asked_as_of_before_a_split_no_close_knows_of_it(house: Warehouse) -> None:
    where = "symbol = 'AAPL' and session_date = date '2014-06-06'"
    where += " and source = 'equity_bars_lean'"
    since, begin = datetime(2014, 6, 6, tzinfo=UTC), datetime(2014, 6, 9, 4, tzinfo=UTC)

    (before,) = bars(house, where, begin, since)
    (after,) = bars(house, where, begin + timedelta(microseconds=1), since)

    assert (before["close_split"], before["volume_split"]) == (645.57, 12_116_671)
    assert after["close_split"] == pytest.approx(645.57 / 7, rel=1e-9)
    assert after["volume_split"] == 7 * 12_116_671


def test_closes_of_the_whole_market_are_those_of_the_tickers_own_bars(house: Warehouse) -> None:
    since, until = datetime(2014, 4, 2, tzinfo=UTC), datetime(2014, 4, 5, tzinfo=UTC)
    raw = house.ask("raw.equity_bars", since, until)
    told = raw.filter("session_date = date '2014-04-02'").to_arrow_table().to_pylist()
    told = [row for row in told if row["adjusted"] == "none"]
    own = {row["symbol"]: row for row in told if row["open"] is not None}
    coarse = {row["symbol"]: row for row in told if row["is_close_only"]}

    both = own.keys() & coarse.keys()
    assert both == {"AAPL", "BAC", "FB", "GOOG", "IBM", "IWM", "SPY", "USO", "WM"}
    assert {symbol for symbol in both if own[symbol]["close"] != coarse[symbol]["close"]} == set()
    standing = bars(
        house, "session_date = date '2014-04-02' and withdrawn_at is null", until, since
    )
    assert len(standing) == len(own.keys() | coarse.keys())
    assert {row["symbol"] for row in standing if row["open"] is not None} == own.keys()


def test_another_source_in_later_shares_tells_the_same_but_for_one_close(house: Warehouse) -> None:
    rows = house.ask("curated.traded_bars", BEGINNING, LATEST).filter("symbol = 'AAPL'")
    raw = house.ask("raw.equity_bars", BEGINNING, LATEST).filter("symbol = 'AAPL'")
    traded = {row["session_date"]: row for row in rows.to_arrow_table().to_pylist()}
    told = [row for row in raw.to_arrow_table().to_pylist() if row["adjusted"] == "split"]

    assert {row["source"] for row in traded.values()} == {"equity_bars_lean"}
    assert len(told) == 1_259
    apart = {}
    for row in told:
        day = row["session_date"]
        then = row["close"] * (7 if day < date(2014, 6, 9) else 1)
        apart[day] = abs(float(then / traded[day]["close"]) - 1)
    # The evening after a report: one of them has the price after hours for the close.
    assert {day for day, by in apart.items() if by > 0.0012} == {date(2017, 8, 1)}


def test_returns_over_five_sessions_are_those_of_the_factor_files(
    house: Warehouse, real: Path
) -> None:
    since, until = datetime(2014, 5, 1, tzinfo=UTC), datetime(2014, 9, 1, tzinfo=UTC)
    days, told = factors(real / FOLDER / "factor_files" / "aapl.csv")
    told_bars = bars(house, "symbol = 'AAPL'", until, since - timedelta(days=20))
    closes = {row["session_date"]: float(row["close"]) for row in told_bars}

    returns = house.ask("features.price_returns", since, until).filter("symbol = 'AAPL'")
    rows = returns.select("session_date, from_date, return_5d_pct, n_obs").to_arrow_table()

    worst = 0.0
    for row in rows.to_pylist():
        then, now = row["from_date"], row["session_date"]
        kept = [told[bisect_left(days, f"{day:%Y%m%d}")] for day in (then, now)]
        adjusted = [closes[day] * p * s for day, (p, s) in zip((then, now), kept, strict=True)]
        worst = max(worst, abs(row["return_5d_pct"] - 100 * (adjusted[1] / adjusted[0] - 1)))
    # Seven for one on 9 June, and dividends on 8 May and 7 August, each within five sessions.
    assert rows.num_rows == 86
    assert min(row["n_obs"] for row in rows.to_pylist()) == 252
    # Percent: here a dividend is paid out, in the factors it is bought for again.
    assert worst < 0.02
