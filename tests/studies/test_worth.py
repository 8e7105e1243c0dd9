from datetime import UTC, datetime
from math import isnan

import numpy as np
import polars as pl
import pytest

from studies.worth import Worth, with_q, worth

N_DAYS, N_STOCKS = 400, 30


def moves(seed: int) -> pl.DataFrame:
    """Return moves of stocks, a tenth of them hits."""
    chance = np.random.default_rng(seed)
    n = N_DAYS * N_STOCKS
    return pl.DataFrame(
        {
            "place": np.repeat(np.arange(N_DAYS), N_STOCKS),
            "security_id": [f"S{i % N_STOCKS}" for i in range(n)],
            "n_bars": [1] * n,
            "is_hit": chance.random(n) < 0.1,
            "return_frac": chance.normal(0.001, 0.02, n),
        }
    )


def alerts(of: pl.DataFrame, kept: pl.Series) -> pl.DataFrame:
    return of.filter(kept).with_columns(
        fired_at=datetime(2020, 1, 1, tzinfo=UTC),
        alert_key=pl.lit("a"),
        direction=pl.lit("bull"),
        next_return_frac=pl.col("return_frac"),
    )


def test_an_oracle_is_found_out_and_its_figures_are_those_of_plain_counts() -> None:
    given = moves(1)
    chance = pl.Series(np.random.default_rng(2).random(len(given)))
    kept = (given["is_hit"] & (chance < 0.3)) | (chance < 0.01)

    found = worth("a set", "x.y", "1 session", alerts(given, kept), given, "is_hit", 1)

    n, hits = int(kept.sum()), int(given["is_hit"].sum())
    right = int((kept & given["is_hit"]).sum())
    assert found.n == n
    assert found.base == pytest.approx(hits / len(given))
    assert found.precision == pytest.approx(right / n)
    assert found.recall == pytest.approx(right / hits)
    assert found.fpr == pytest.approx((n - right) / (len(given) - hits))
    assert found.lift_ends[0] < found.lift < found.lift_ends[1]
    assert found.lift_ends[0] > 4
    assert found.p_lift < 1e-9


def test_chance_has_a_lift_of_one_within_its_interval() -> None:
    inside = 0
    for seed in range(8):
        given = moves(seed)
        kept = pl.Series(np.random.default_rng(seed + 99).random(len(given)) < 0.02)
        found = worth("a set", "x.y", "1 session", alerts(given, kept), given, "is_hit", seed)
        inside += found.lift_ends[0] <= 1 <= found.lift_ends[1]
    assert inside >= 6  # of 8, at 95 %


def test_two_alerts_of_one_bar_are_one_signal_and_a_bear_gains_by_a_fall() -> None:
    given = moves(3).with_columns(return_frac=pl.lit(-0.01))
    kept = pl.Series(np.arange(len(given)) % 50 == 0)
    twice = pl.concat([alerts(given, kept)] * 2).with_columns(direction=pl.lit("bear"))
    universe = given.with_columns(return_frac=pl.lit(0.0))

    found = worth("a set", "x.y", "1 session", twice, universe, "is_hit", 1)

    assert found.n == kept.sum()
    assert found.mean == pytest.approx(0.01)


def test_what_fired_seldom_gets_no_verdict_and_all_others_one_together() -> None:
    few, one, two = (
        Worth("s", "d", "h", 9, days, 9, 0.1, 0.1, (0, 1), 0, 0, 1, (0, 2), p, 0, (0, 0), p)
        for days, p in ((9, 0.001), (30, 0.01), (30, 0.04))
    )

    found = list(with_q([few, one, two]))

    assert isnan(found[0][1])
    # Four verdicts: 0.01 twice and 0.04 twice.
    assert found[1][1:] == pytest.approx((0.02, 0.02))
    assert found[2][1:] == pytest.approx((0.04, 0.04))


def test_without_a_single_signal_figures_are_nan_and_never_wrong() -> None:
    given = moves(4)
    none = alerts(given, pl.Series([False] * len(given)))

    found = worth("a set", "x.y", "1 session", none, given, "is_hit", 1)

    assert found.n == 0
    assert isnan(found.precision)
    assert isnan(found.p_lift)
    assert found.is_few
    assert found.recall == 0
    assert not isnan(found.base)
