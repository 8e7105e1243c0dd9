"""Scores over ten thousand random vectors: bounded, the sum of their parts, monotone, and fair."""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from leadline.engine import scratch
from tests.doors import catalog

WEIGHTS = {"dp": 0.25, "inst": 0.25, "insider": 0.1, "blocks": 0.25, "unusual": 0.15}
KINDS = (*WEIGHTS, "flow")
N, N_NOISE = 10_000, 200_000
VIEWS = ("scores.smart_money_index", "scores.accumulation", "scores.confidence")
TERMS = {
    "scores.smart_money_index": "50 + part_dp + part_inst + part_blocks + part_unusual "
    "+ part_insider - smart_money_index",
    "scores.accumulation": "part_inst + part_insider + part_dp - accumulation",
}
LAID = """
select
    symbol, date '2024-03-01' as session_date, timestamptz '2024-03-02 02:00Z' as known_at,
    '{kind}' as component, cast({weight} as double) as weight,
    case when not isnan(s_{kind}) then s_{kind} end as s,
    case when not isnan(s_{kind}) then s_{kind} end as x,
    n_{kind} as n_obs, {k} as k, age_{kind} as age_days, power(2, -age_{kind} / 45) as freshness,
    isnan(s_{kind}) and n_{kind} % 5 = 0 as has_flags
from given
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with scratch() as con:
        con.execute("create schema features; create schema scores")
        yield con


def lay(
    con: duckdb.DuckDBPyConnection, vectors: dict[str, Any], chance: Any, oldest: float = 90
) -> None:
    """Put vectors of signed strengths, a nan where one is missing, in place of the components."""
    n = len(next(iter(vectors.values())))
    shape = len(KINDS), n
    n_obs, age = chance.integers(0, 253, shape), chance.uniform(0, oldest, shape)
    tables = []
    for name, values in vectors.items():
        own: dict[str, Any] = {"symbol": [f"{name}{number}" for number in range(n)]}
        for place, kind in enumerate(KINDS):
            own[f"s_{kind}"] = values[:, place]
            own[f"n_{kind}"], own[f"age_{kind}"] = n_obs[place], age[place]
        tables.append(pa.table(own))
    con.register("given", pa.concat_tables(tables))
    laid = [
        LAID.format(kind=kind, weight=WEIGHTS.get(kind, "null"), k=4 if kind == "inst" else 20)
        for kind in KINDS
    ]
    con.execute(f"create table features.score_components as {' union all '.join(laid)}")
    for name in VIEWS:
        con.execute(f"create view {name} as {catalog().in_force(name).text}")


def counted(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """Return the one row of an answer."""
    (row,) = con.execute(query).fetchall()
    return tuple(row)


def strengths(chance: np.random.Generator, n: int) -> Any:
    """Return random strengths; a fifth is missing, a tenth exactly neutral, some are extreme."""
    drawn = chance.uniform(-1, 1, (n, len(KINDS)))
    drawn[chance.random(drawn.shape) < 0.1] = 0
    drawn[chance.random(drawn.shape) < 0.05] = 1
    drawn[chance.random(drawn.shape) < 0.2] = np.nan
    return drawn


def test_random_vectors_give_bounded_scores_that_are_the_sum_of_their_parts_and_monotone(
    con: duckdb.DuckDBPyConnection,
) -> None:
    chance = np.random.default_rng(20240301)
    base = strengths(chance, N)
    raised = base.copy()
    at = np.arange(N), chance.integers(0, len(KINDS), N)
    raised[at] = np.minimum(1, np.nan_to_num(base[at]) + chance.uniform(0, 1, N))
    lay(con, {"base": base, "raised": raised, "other": -base}, chance)

    outside = counted(
        con,
        "select count(*), count(case when smart_money_index not between 0 and 100 then 1 end), "
        "count(case when accumulation not between -100 and 100 then 1 end), "
        "count(case when confidence not between 0 and 100 then 1 end) "
        "from scores.smart_money_index join scores.accumulation using (symbol) "
        "join scores.confidence using (symbol)",
    )
    sums = [counted(con, f"select max(abs({sum_})) from {name}")[0] for name, sum_ in TERMS.items()]
    lower = counted(
        con,
        "select count(*), count(case when up.smart_money_index < index.smart_money_index then 1 "
        "end), count(case when up_acc.accumulation < acc.accumulation then 1 end) "
        "from scores.smart_money_index as index join scores.smart_money_index as up "
        "on up.symbol = replace(index.symbol, 'base', 'raised') "
        "join scores.accumulation as acc on acc.symbol = index.symbol "
        "join scores.accumulation as up_acc on up_acc.symbol = up.symbol "
        "where index.symbol like 'base%'",
    )
    turned = counted(
        con,
        "select count(*), max(abs(index.smart_money_index + turned.smart_money_index - 100)), "
        "max(abs(sure.confidence - other.confidence)) "
        "from scores.smart_money_index as index join scores.smart_money_index as turned "
        "on turned.symbol = replace(index.symbol, 'base', 'other') "
        "join scores.confidence as sure on sure.symbol = index.symbol "
        "join scores.confidence as other on other.symbol = turned.symbol "
        "where index.symbol like 'base%'",
    )

    assert outside == (3 * N, 0, 0, 0)
    assert max(sums) <= 1e-9
    assert lower == (N, 0, 0)
    assert turned[0] == N
    assert max(turned[1:]) <= 1e-9


def test_less_input_lowers_confidence_or_keeps_it_and_pulls_the_index_to_neutral(
    con: duckdb.DuckDBPyConnection,
) -> None:
    chance = np.random.default_rng(20240302)
    base = np.abs(strengths(chance, 2_000))  # of one direction, so that agreement stays 1
    base[np.isnan(base)] = 0.3
    less = base.copy()
    less[np.arange(len(less)), chance.integers(0, 5, len(less))] = np.nan
    lay(con, {"base": base, "less": less}, np.random.default_rng(3))
    con.execute("update features.score_components set n_obs = 100, k = 20, freshness = 1")

    found = counted(
        con,
        "select count(*), count(case when few.confidence > sure.confidence then 1 end), "
        "count(case when abs(scarce.smart_money_index - 50) > abs(index.smart_money_index - 50) "
        "then 1 end) from scores.confidence as sure join scores.confidence as few "
        "on few.symbol = replace(sure.symbol, 'base', 'less') "
        "join scores.smart_money_index as index on index.symbol = sure.symbol "
        "join scores.smart_money_index as scarce on scarce.symbol = few.symbol "
        "where sure.symbol like 'base%'",
    )

    assert found == (2_000, 0, 0)


def noise(chance: np.random.Generator, n: int, together: float) -> Any:
    """Return what components say of noise: random signs, and ranks in a year or 12 quarters."""
    shape = n, len(KINDS)
    own = np.sqrt(1 - together) * chance.normal(size=shape)
    drawn = np.sqrt(together) * chance.normal(size=(n, 1)) + own
    usual = np.sort(np.abs(chance.normal(size=1_000_000)))
    n_obs = np.array([12 if kind == "inst" else 252 for kind in KINDS])
    k = np.array([4 if kind == "inst" else 20 for kind in KINDS])
    below = chance.binomial(n_obs, np.searchsorted(usual, np.abs(drawn)) / len(usual))
    return np.sign(drawn) * below / (n_obs + k)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("together", "rates"), [(0, (0.016, 0.0037, 0.0004, 0.31)), (0.3, (0.075, None, None, None))]
)
def test_noise_is_in_the_bands_as_seldom_as_the_rule_book_says(
    con: duckdb.DuckDBPyConnection, together: float, rates: tuple[float | None, ...]
) -> None:
    chance = np.random.default_rng(20240303)
    lay(con, {"noise": noise(chance, N_NOISE, together)}, chance)

    found = counted(
        con,
        "select avg(cast(smart_money_index >= 75 as int)), "
        "avg(cast(smart_money_index >= 80 as int)), avg(cast(smart_money_index >= 85 as int)), "
        "avg(cast(is_near_neutral as int)), quantile_cont(smart_money_index, 0.05), "
        "quantile_cont(smart_money_index, 0.95) from scores.smart_money_index",
    )

    print(f"together {together}: {found}")
    assert all(is_near(*each) for each in zip(found, rates, strict=False))


@pytest.mark.soak
@pytest.mark.parametrize(("age_days", "rates"), [(0, (0.045, 0.44)), (45, (0.0024, 0.67))])
def test_noise_is_strong_accumulation_as_seldom_as_the_rule_book_says(
    con: duckdb.DuckDBPyConnection, age_days: float, rates: tuple[float, ...]
) -> None:
    chance = np.random.default_rng(20240304)
    lay(con, {"noise": noise(chance, N_NOISE, 0)}, chance, oldest=0)
    con.execute("update features.score_components set age_days = $1", [age_days])

    found = counted(
        con,
        "select avg(cast(label = 'strong_accumulation' as int)), "
        "avg(cast(label = 'neutral' as int)) from scores.accumulation",
    )

    print(f"{age_days} days: {found}")
    assert all(is_near(*each) for each in zip(found, rates, strict=True))


def is_near(share: float, rate: float | None) -> bool:
    """Say whether a share is a rate of the rule book, which is rounded, but for chance."""
    return rate is None or abs(share - rate) < 0.15 * rate + 4 * float(np.sqrt(rate / N_NOISE))
