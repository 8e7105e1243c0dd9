from collections.abc import Iterator
from datetime import datetime

import numpy as np
import polars as pl
import pytest

from leadline.warehouse import Warehouse
from studies import pump, pump_trades
from studies.house import house
from studies.pump_trades import Pump
from tests.doors import all_cores, catalog

PUMPS, SEED = pump_trades.invented(4, 2), 2


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with house(all_cores(), catalog()) as opened:
        yield opened


@pytest.fixture(scope="module")
def begins(warehouse: Warehouse) -> list[datetime]:
    return pump.fill(warehouse, PUMPS, 0.25, SEED)


@pytest.fixture(scope="module")
def chunks(warehouse: Warehouse, begins: list[datetime]) -> dict[str, pl.DataFrame]:
    return pump.chunks(warehouse, PUMPS, begins)


@pytest.mark.soak
def test_each_pump_begins_in_one_chunk_of_both_windows(
    chunks: dict[str, pl.DataFrame],
) -> None:
    for rows in chunks.values():
        assert rows["is_pump"].sum() == len(PUMPS)
        assert rows.filter(pl.col("is_pump"))["event"].to_list() == [0, 1, 2, 3]
        assert rows["pair"].n_unique() == len(PUMPS)


@pytest.mark.soak
def test_the_public_codes_windows_are_those_of_plain_numpy(
    chunks: dict[str, pl.DataFrame], begins: list[datetime]
) -> None:
    one: Pump = PUMPS[0]
    table, _ = next(pump_trades.trades(PUMPS, 0.25, SEED))
    buys = pl.DataFrame(table).filter(pl.col("side") == 1)
    hour = pl.col("known_at").dt.truncate("1h")
    at = hour + pl.duration(seconds=25) * ((pl.col("known_at") - hour).dt.total_seconds() // 25)
    orders = buys.group_by(at.alias("chunk_at"), "known_at").len()
    rushes = orders.group_by("chunk_at").agg((pl.col("len") > 1).sum()).sort("chunk_at")

    values = rushes["len"].to_numpy().astype(float)
    moments = rushes["chunk_at"].to_list()
    told = chunks["900 chunks"].filter(pl.col("pair") == one.pair).sort("chunk_at")
    for row in told.rows(named=True)[:: max(1, told.height // 40)]:
        place = moments.index(row["chunk_at"])
        now, before = (values[at - 899 : at + 1].std(ddof=1) for at in (place, place - 1))
        assert row["std_rush_orders"] == pytest.approx(now / before - 1, abs=6e-4)
        mean, mean_before = (values[at - 899 : at + 1].mean() for at in (place, place - 1))
        assert row["avg_rush_orders"] == pytest.approx(mean / mean_before - 1, abs=6e-4)
    assert told.filter(pl.col("is_pump"))["std_rush_orders"][0] > 1


@pytest.mark.soak
def test_the_rule_with_a_loose_bound_finds_what_rises(
    warehouse: Warehouse, begins: list[datetime]
) -> None:
    loose = pump.rule(warehouse, PUMPS, 1.1)

    assert 2 <= loose.n_right <= loose.n_told <= 4
    assert loose.n_events == 4


def test_a_forest_learns_what_sets_pumps_apart_and_folds_by_pair_keep_a_pair_together() -> None:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import GroupKFold

    chance, n = np.random.default_rng(3), 6_000
    is_pump = np.arange(n) % 300 == 7
    drawn = {name: chance.normal(0, 1, n) for name in pump.NAMES}
    drawn["std_rush_orders"] += 20.0 * is_pump * (chance.random(n) < 0.8)
    times = {"hour": chance.integers(0, 24, n), "minute": chance.integers(0, 60, n)}
    rows = pl.DataFrame({**drawn, **times, "is_pump": is_pump, "event": np.arange(n) // 300})
    forest = RandomForestClassifier(30, max_depth=4, max_features=None, random_state=SEED)

    told = pump.validated("forest", rows, forest, GroupKFold(5), 20)
    last = pump.later("forest", rows, forest, 20)

    seen = int((rows["std_rush_orders"].to_numpy()[is_pump] > 10).sum())
    assert seen / 2 <= told.n_right <= seen <= told.n_events == 20
    assert told.n_right <= told.n_told <= told.n_right + 3
    assert (last.n_events, last.n_right <= 6) == (6, True)
    assert told.row[3] == f"{100 * told.n_right / 20:.1f}"


def test_too_few_pumps_are_refused() -> None:
    with pytest.raises(Exception, match="too few to learn from; take 10 at least"):
        list(pump.main(["--events", "3"]))
