"""Outcomes beside another's reckoning: pandas over real prices, and chance over invented ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadline import schema
from leadline.clock import Span
from leadline.warehouse import Warehouse
from tests.doors import door
from tests.stores import knowing_sessions, load_files

SPAN = Span(datetime(2013, 1, 1, tzinfo=UTC), datetime(2018, 3, 1, tzinfo=UTC))
FOLDER = "equity_daily_sp500_5yr"
FEW = ("AAPL", "ADS", "AET", "AMD", "BAC", "CMCSA", "GIS", "IBM", "MSFT", "XOM")
HORIZONS = {"1 session": 1, "2 sessions": 2, "5 sessions": 5, "10 sessions": 10}
SEED, N_STOCKS, SIGMA = 11, 30, 0.01


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    place = tmp_path_factory.mktemp("outcomes") / "store"
    with knowing_sessions(SPAN, place):
        pass
    with door(place) as house:
        yield house


@pytest.fixture(scope="module")
def sessions(house: Warehouse) -> "pd.Series[int]":
    """Return the number of each session, by its day."""
    found = house.ask("curated.us_sessions", SPAN.since, SPAN.until).to_arrow_table().to_pandas()
    days = pd.to_datetime(found["session_date"])
    return pd.Series(found["sequence"].to_numpy(), index=days).sort_index()


@pytest.fixture(scope="module")
def chance(
    house: Warehouse, sessions: "pd.Series[int]", tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """Hold invented prices in the place of all others: normal returns of one percent a day."""
    steps = np.random.default_rng(SEED).normal(0, SIGMA, (N_STOCKS, len(sessions)))
    names = np.repeat([f"S{n:02}" for n in range(N_STOCKS)], len(sessions))
    prices = 100 * np.exp(steps.cumsum(axis=1)).ravel()
    days = pd.DatetimeIndex(np.tile(sessions.index.to_numpy(), N_STOCKS))
    closes = pd.DataFrame(
        {
            "entity": names, "security_id": names, "kind": "stock", "bar": "session",
            "session_date": days.date, "place": np.tile(sessions.to_numpy(), N_STOCKS),
            "bar_at": days.tz_localize(UTC) + pd.Timedelta(hours=21), "price": prices,
            "traded_price": prices,
            "known_at": days.tz_localize(UTC) + pd.Timedelta(hours=21, minutes=15),
        }
    )  # fmt: skip
    path = tmp_path_factory.mktemp("chance") / "closes.parquet"
    closes.to_parquet(path)
    hold(house, "backtest.session_closes", f"select * from read_parquet('{path}')")
    return house


def hold(house: Warehouse, view: str, sql: str) -> None:
    house.con.execute(f"create or replace table {schema.holds(view)} as {sql}")
    house.hold(view, SPAN)


def rates(house: Warehouse) -> "pd.DataFrame":
    found = house.ask("backtest.base_rates", SPAN.since, SPAN.until)
    return (
        found.filter("regime = 'all'").to_arrow_table().to_pandas().set_index(["horizon", "label"])
    )


def test_of_normal_returns_one_in_twenty_is_a_move(chance: Warehouse) -> None:
    found = rates(chance)

    volatile = found.loc[("1 session", "sigma_2")]
    largest = found.loc[("1 session", "percentile_95")]
    assert volatile["n"] > 36_000
    # A volatility that is itself measured, of 33 returns or so, makes 4.6 percent 5.4.
    assert volatile["base_rate"] == pytest.approx(0.054, abs=3 * (0.054 / volatile["n"]) ** 0.5)
    # Of 252 the largest 12 and itself: 13 places of 253.
    assert largest["base_rate"] == pytest.approx(13 / 253, abs=3 * (0.051 / largest["n"]) ** 0.5)


def test_of_a_known_volatility_it_is_4_6_percent(chance: Warehouse, tmp_path: Path) -> None:
    cursor = chance.cursor("backtest.prices", SPAN.since, SPAN.until)
    known = cursor.sql(f"select * replace ({SIGMA} as sigma_frac) from backtest.prices")
    path = tmp_path / "prices.parquet"
    known.write_parquet(str(path))
    hold(chance, "backtest.prices", f"select * from read_parquet('{path}')")

    found = rates(chance)

    twice, thrice = found.loc[("1 session", "sigma_2")], found.loc[("1 session", "sigma_3")]
    assert twice["base_rate"] == pytest.approx(0.0455, abs=3 * (0.0455 / twice["n"]) ** 0.5)
    assert thrice["base_rate"] == pytest.approx(0.0027, abs=3 * (0.0027 / thrice["n"]) ** 0.5)


@pytest.mark.real
@pytest.mark.soak
def test_moves_are_those_that_pandas_finds_in_real_prices(
    real: Path, sessions: "pd.Series[int]", tmp_path: Path
) -> None:
    files = [first_years(real / FOLDER / f"{name}_data.csv", tmp_path) for name in FEW]
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        load_files(store, "equity_bars_csv", *files)
    with door(tmp_path / "store") as house:
        ours = all_of(house, "backtest.moves")
        told = all_of(house, "backtest.session_closes")

    closes = told.pivot(index="place", columns="entity", values="price")
    theirs = reckoned(closes.reindex(range(closes.index.min(), closes.index.max() + 1)))
    both = ours.merge(theirs, on=["entity", "place", "horizon"], how="outer", indicator=True)
    n_told = sum(len(pd.read_csv(file).dropna()) for file in files)

    assert set(both["_merge"]) == {"both"}
    assert len(told) == n_told
    assert len(both) > 20_000
    for name, within in (("return_frac", 2e-9), ("excess_frac", 1e-7), ("sigma_frac", 1e-8)):
        mine, other = both[f"{name}_x"], both[f"{name}_y"]
        np.testing.assert_allclose(mine.astype(float), other, rtol=1e-6, atol=within)
    for name in ("is_sigma_2", "is_sigma_3", "is_percentile_95", "is_percentile_99"):
        mine, other = both[f"{name}_x"].astype(object), both[f"{name}_y"].astype(object)
        assert mine.isna().equals(other.isna()), name
        assert (mine.fillna(False) == other.fillna(False)).all(), name


def first_years(path: Path, folder: Path) -> Path:
    """Copy the bars of a stock up to the year 2015."""
    head, *lines = path.read_text().splitlines(keepends=True)
    few = [line for line in lines if line < "2015-06"]
    (folder / path.name).write_text("".join([head, *few]))
    return folder / path.name


def all_of(house: Warehouse, view: str) -> "pd.DataFrame":
    return house.ask(view, SPAN.since, SPAN.until).to_arrow_table().to_pandas()


def reckoned(closes: "pd.DataFrame") -> "pd.DataFrame":
    """Reckon the moves of closes that stand session by session, with a column for each stock."""
    returns = closes / closes.shift(1) - 1
    market = returns.median(axis=1).where(returns.notna().sum(axis=1) >= 10)
    parts = []
    for name in closes:
        close = closes[name]
        filled = close.ffill()
        step = np.log(close / filled.shift(1))
        sigma = (step**2).ewm(alpha=0.06, ignore_na=False, min_periods=20).mean() ** 0.5
        own = returns[name]
        paired = own.notna() & market.notna()
        covariance = own.where(paired).rolling(252, min_periods=60).cov(market.where(paired))
        beta = covariance / market.where(paired).rolling(252, min_periods=60).var()
        for horizon, n in HORIZONS.items():
            size = np.log(close / close.shift(n)).abs().round(9)
            part = pd.DataFrame({"return_frac": close.shift(-n) / close - 1})
            alike = np.exp(np.log1p(market).rolling(n).sum()).shift(-n) - 1
            part["excess_frac"] = part["return_frac"] - beta.fillna(1) * alike
            part["sigma_frac"] = sigma
            ahead = size.shift(-n)
            for k in (2, 3):
                cut = (k * sigma.round(9) * n**0.5).round(9)
                part[f"is_sigma_{k}"] = (ahead >= cut).astype(object).where(cut > 0, None)
            for percent, least in ((95, 60), (99, 100)):
                cut = size.rolling(252, min_periods=least).apply(
                    lambda past, percent=percent: largest(past, percent), raw=True
                )
                cut = cut.where(size.notna())
                said = (ahead > cut).astype(object).where(cut > 0, None)
                part[f"is_percentile_{percent}"] = said
            parts.append(part.assign(entity=name, horizon=horizon, place=closes.index))
    return pd.concat(parts, ignore_index=True).dropna(subset=["return_frac"])


def largest(past: "np.ndarray[tuple[int], np.dtype[np.float64]]", percent: int) -> float:
    """Return the size that this percentage of the past does not exceed."""
    known = np.sort(past[~np.isnan(past)])
    return float(known[ceil(percent * len(known) / 100) - 1])
