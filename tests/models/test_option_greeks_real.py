"""Our volatilities beside those that vendors publish with real chains."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from leadline import clock, model, project
from leadline.warehouse import Warehouse
from tests.desks import load_into, real_store
from tests.doors import ROOT, door, opened, rows

pytestmark = pytest.mark.real
ROOTS = [
    {
        "root": root, "underlying": "SPX", "multiplier": 100, "exercise_style": "european",
        "settlement": settlement, "valid_from": date(1970, 1, 1), "known_at": clock.BEGINNING,
    }
    for root, settlement in (("SPX", "am"), ("SPXW", "pm"))
]  # fmt: skip
# Between the quotes and the index beside them nothing had moved on this day of 2019.
CALM = "SPX_20190523.csv.gz"
# A vendor's own is good where a contract is liquid: in the rule book's range of deltas, and its
# spread, where it is told, below 10 % of the mid.
LIQUID = """
    select *, model_iv - source_iv as off, abs(model_iv - source_iv) as distance from answer
    where abs(source_delta) between 0.1 and 0.9 and iv_status = 'ok' and source_iv is not null
    and coalesce(ask - bid < 0.1 * mid, true)
"""


@pytest.fixture(scope="module")
def house(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Load a session of each vendor and solve them."""
    place = real_store(
        tmp_path_factory.mktemp("greeks") / "store",
        ("treasury_curves", real / "macro_vix_rates"),
        ("cboe_chains", real / "options_eod_cboe_spx" / CALM),
        ("lean_option_chains", real / "options_eod_lean/universes_index/spx" / "20151223.csv"),
        ("lean_option_chains", real / "options_eod_lean/universes/aapl" / "20140605.csv"),
    )
    with opened(place) as store:
        load_into(store, "option_roots", ROOTS, "roots")
    with door(place) as house, opened(place) as store:
        list(model.run(house, store, "option_greeks", project.model(ROOT, "option_greeks")))
        yield house


@pytest.fixture(scope="module")
def answer(house: Warehouse) -> duckdb.DuckDBPyConnection:
    """Ask once for all that is known."""
    con = house.connect()
    found = house.ask("features.option_greeks", clock.BEGINNING, clock.FOREVER)
    con.register("answer", found.to_arrow_table())
    return con


@pytest.mark.soak
def test_running_again_adds_nothing(house: Warehouse) -> None:
    with opened(house.store.place) as store:
        again = model.run(house, store, "option_greeks", project.model(ROOT, "option_greeks"))

        assert list(again) == []


def test_ours_of_spx_are_those_of_cboe(answer: duckdb.DuckDBPyConnection) -> None:
    (found,) = rows(
        answer.sql(
            f"""with liquid as ({LIQUID} and source = 'cboe_chains')
        select count(*) as n, median(distance) as iv, quantile_cont(distance, 0.9) as most,
            median(abs(model_delta - source_delta)) as delta,
            median(abs(model_gamma / source_gamma - 1)) as gamma from liquid"""
        )
    )

    assert found["n"] > 5_000
    assert found["iv"] < 0.0006
    assert found["most"] < 0.003
    assert found["delta"] < 0.001
    assert found["gamma"] < 0.02


def test_two_settlements_of_one_day_have_a_forward_each(answer: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        answer.sql(
            "select left(contract, length(contract) - 15) as root, min(settles_at) as settles_at, "
            "max(forward) - min(forward) as apart, any_value(forward_source) as told from answer "
            "where source = 'cboe_chains' and expiration = '2019-06-21' group by all order by all"
        )
    )

    assert [(row["root"], row["settles_at"].hour, row["apart"]) for row in found] == [
        ("SPX", 13, 0), ("SPXW", 20, 0),
    ]  # fmt: skip
    assert {row["told"] for row in found} == {"parity"}


def test_almost_every_liquid_contract_near_the_money_has_one(
    answer: duckdb.DuckDBPyConnection,
) -> None:
    (found,) = rows(
        answer.sql(
            "select avg(case when iv_status = 'ok' then 1 else 0 end) as ok from answer "
            "where source = 'cboe_chains' and abs(source_delta) between 0.3 and 0.7 "
            "and ask - bid < 0.1 * mid and years > 1 / 365.0"
        )
    )

    assert found["ok"] > 0.99


def test_ours_of_spx_are_near_those_of_lean(
    answer: duckdb.DuckDBPyConnection,
) -> None:
    (found,) = rows(
        answer.sql(
            f"""with liquid as ({LIQUID} and source = 'lean_option_chains' and underlying = 'SPX')
        select count(*) as n, median(distance) as iv, any_value(rate_source) as rate_source
        from liquid"""
        )
    )

    assert found["n"] > 50
    assert found["iv"] < 0.02
    assert found["rate_source"] == "treasury"


def test_leans_of_a_stock_are_not_those_of_its_closing_prices(
    answer: duckdb.DuckDBPyConnection,
) -> None:
    """Of AAPL in 2014 they are 0.8 where the prices beside them say a quarter: ours is used."""
    (found,) = rows(
        answer.sql(
            "select median(source_iv) as theirs, median(model_iv) as ours, median(iv) as used "
            "from answer "
            "where underlying = 'AAPL' and iv_status = 'ok' and source_iv is not null "
            "and abs(model_delta) between 0.3 and 0.7 and years > 0.05"
        )
    )

    assert found["theirs"] > 3 * found["ours"]
    assert 0.2 < found["ours"] < 0.3
    assert found["used"] == found["ours"]
