"""A recorded run of books, tick by tick: what fires is what one look at all of it finds.

Binance's book is heard as it came, in slices whose rows are shuffled and told twice at their edges.
A second venue, whose rows come 8 s later, has the same book with an order for each level.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.publication import Publication
from leadline.store import Store
from tests.desks import alerting, real_store
from tests.doors import catalog, door, opened
from tests.real_books import ORDER_ID, bitcoin

SEED = 83
VENUES = {"binance": timedelta(0), "paper": timedelta(seconds=8)}  # a tick waits for ten
WRITES = ("book_updates", "book_tops", "crypto_trades")
AS_ORDERS = f"select * exclude (venue, order_id), 'paper' as venue, {ORDER_ID} from book_updates"
LONG = (pytest.mark.soak, pytest.mark.timeout(1_800))
FIRE = {"crypto.whale", "crypto.spoof_like", "crypto.layering"}
NOW = FIRE | {"crypto.imbalance"}  # the soak asks all


@pytest.fixture(scope="module")
def recorded(real: Path) -> duckdb.DuckDBPyConnection:
    """Read eleven minutes of Bitcoin's book into tables, for two venues."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    for dataset, rows in bitcoin(real).items():
        con.register("captured", rows)
        con.execute(f"create table {dataset} as from captured")
    con.execute(f"insert into book_updates by name {AS_ORDERS}")
    for dataset in ("book_tops", "crypto_trades"):
        con.execute(
            f"insert into {dataset} by name select * replace ('paper' as venue) from {dataset}"
        )
    return con


def heard(
    con: duckdb.DuckDBPyConnection, venue: str, since: Any, until: Any, chance: Random
) -> Iterator[tuple[str, pa.Table]]:
    """Yield what a venue said in a slice, shuffled, with the last second before it once more."""
    again = since - timedelta(seconds=1)
    for dataset in WRITES:
        rows = con.sql(
            f"select * from {dataset} where venue = $1 and known_at >= $2 and known_at < $3",
            params=[venue, again, until],
        ).to_arrow_table()
        order = pa.array(chance.sample(range(len(rows)), len(rows)), pa.int64())
        yield dataset, rows.take(order)


def load(store: Store, venue: str, number: int, batches: Any) -> None:
    """Append a slice, as a listener's flush does."""
    store.load(Publication(venue, f"slice {number}", WRITES, batches, "recorded"))


def as_fired(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return alerts by key, without what only a loop knows."""
    kept = ("detector", "entity", "happened_at", "fired_at", "direction", "score", "evidence")
    return {row["alert_key"]: {name: row[name] for name in kept} for row in rows}


@pytest.mark.real
@pytest.mark.parametrize(("lasts_s", "every_s"), [(50, 25), pytest.param(640, 5, marks=LONG)])
@pytest.mark.soak
def test_ticks_fire_what_one_look_finds(
    recorded: duckdb.DuckDBPyConnection, tmp_path: Path, lasts_s: int, every_s: int
) -> None:
    chance, place = Random(SEED), real_store(tmp_path / "store")
    first = (
        recorded.sql("select min(known_at) as at from book_tops").to_arrow_table()["at"][0].as_py()
    )
    told: list[Mapping[str, Any]] = []
    crypto = {view.id for view in catalog().all_live() if view.id.startswith("crypto.")}
    crypto = crypto if lasts_s > 50 else crypto & NOW
    own = alerting(tmp_path / "crypto", crypto)
    with opened(place) as beside, door(place, own) as house:
        ticking = Alerts(house, house.store)
        for number in range(lasts_s // every_s + 1):
            for venue, lag in VENUES.items():
                since = first + timedelta(seconds=every_s * number) - lag
                until = since + timedelta(seconds=every_s)
                load(beside, venue, number, heard(recorded, venue, since, until, chance))
            tick = ticking.tick()
            assert tick.broken == {}
            told += tick.alerts
        told += ticking.tick(first + timedelta(seconds=lasts_s + 120)).alerts
        found = house.ask("detectors.all_live", BEGINNING, FOREVER).to_arrow_table().to_pylist()

    wanted = as_fired(found)
    assert {row["detector"] for row in wanted.values()} >= FIRE
    assert as_fired(told) == wanted
