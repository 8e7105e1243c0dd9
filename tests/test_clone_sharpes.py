"""Deflated Sharpe ratios of clones in SQL are those of backtests, which Python computes."""

from pathlib import Path
from statistics import stdev

import duckdb
import numpy as np
import pytest

from leadline.backtests.chance import luckiest, probable_sharpe

VIEW = Path(__file__).parent.parent / "sql" / "views" / "features" / "clone_sharpes.v1.sql"
SEED = 20_131_114


@pytest.mark.parametrize("n_managers", [1, 2, 10, 40, 1_000])
def test_each_manager_is_held_against_the_luckiest_of_all(n_managers: int) -> None:
    chance = np.random.default_rng(SEED)
    told = {
        f"{cik:010}": chance.standard_t(4, size=chance.integers(2, 30)) * 0.05 + 0.01
        for cik in range(n_managers)
    }
    told["0000000000"] = chance.normal(0.02, 0.05, size=24)  # of one alone there is one, too
    rows = [(cik, float(value), 0.0) for cik, values in told.items() for value in values]
    with duckdb.connect() as con:
        con.execute("create schema features")
        con.execute(
            "create table features.clone_returns "
            "(cik text, excess_return double, clone_return double)"
        )
        con.executemany("insert into features.clone_returns values (?, ?, ?)", rows)
        found = con.sql(VIEW.read_text()).fetchall()

    sharpes = {
        cik: float(values.mean()) / stdev(values.tolist())
        for cik, values in told.items()
        if len(values) >= 4
    }
    least = luckiest([*sharpes.values()], n_managers)
    assert {row[0] for row in found} == sharpes.keys()
    for cik, n_portfolios, tried, sharpe, skew, kurtosis, by_luck, deflated in found:
        assert (n_portfolios, tried) == (len(told[cik]), n_managers)
        assert sharpe == pytest.approx(sharpes[cik], abs=1e-6)
        expected = None
        if least is not None:
            expected = probable_sharpe(sharpe, least, n_portfolios, skew, kurtosis)
            assert by_luck == pytest.approx(least, abs=1e-4)
        assert deflated == (None if expected is None else pytest.approx(expected, abs=1e-4))
