"""A small project with a model that learns, and months of prints for it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from leadline import fitted
from leadline.fitted import Fitted, Walked
from leadline.publication import Loaded
from tests.desks import SmallDesk, small_desk
from tests.doors import ROOT, rows

PRICED = """\
-- what:    Prints as a model that learns is given them, told the morning after.
-- grain:   one row per print
-- status:  live
-- needs:   2d

with params as (
    select 1_000 as max_price  -- more is no print
)

select
    'T' as entity,
    prints.price,
    cast(prints.known_at as date) as session_date,
    prints.known_at + interval 12 hours as known_at
from raw.prints as prints
cross join params
where
    prints.price < params.max_price and not prints.is_gone
    and prints.known_at + interval 12 hours < (select clock.until from ops.clock as clock)
qualify row_number() over (partition by prints.print_id order by prints.recorded_at desc) = 1
"""
DISTANT = '''\
"""How far a price lies from what it was."""

from leadline.fitted import Fitted, Unfit

FITTED = Fitted(reads="features.priced", measure="anomaly", learns="60d", least_sessions=5)


def fit(given, settings, seed):
    """Return the middle."""
    prices = given["price"].to_pylist()
    if len(set(prices)) == 1:
        raise Unfit("every price is the same")
    return {"middle": sum(prices) / len(prices)}


def score(fitted, given):
    """Yield a row for each print."""
    for row in given.to_pylist():
        off = abs(row["price"] - fitted["middle"])
        yield {
            "entity": row["entity"], "measure": "anomaly", "session_date": row["session_date"],
            "known_at": row["known_at"], "score": off, "parts": {"price": row["price"]},
        }
'''
UNTIL = datetime(2024, 6, 20, tzinfo=UTC)


def learning_desk(root: Path) -> SmallDesk:
    """Lay out a project with the model `distant`."""
    desk = small_desk(root)
    for name in ("model_fits", "model_scores"):
        path = f"sql/tables/{name}.sql"
        desk.write(path, (ROOT / path).read_text())
    desk.write("sql/views/features/priced.v1.sql", PRICED)
    desk.write("models/distant.py", DISTANT)
    return desk


def prices(desk: SmallDesk, first: date, found: Iterable[int], feed: str = "test") -> Loaded:
    """Load a print for each day from one on, at 15:00; its row is told at 03:00 of the next."""
    start = datetime(first.year, first.month, first.day, 15, tzinfo=UTC)
    made = [
        {"print_id": f"{day:%m-%d}", "price": price, "known_at": day}
        for day, price in ((start + timedelta(days=n), price) for n, price in enumerate(found))
    ]
    return desk.load("prints", made, feed)


def distant(desk: SmallDesk, **card: Any) -> ModuleType:
    """Import the desk's own model as it is now; a process has one project's models only."""
    module = ModuleType("distant")
    module.__file__ = str(desk.root / "models/distant.py")
    exec(Path(module.__file__).read_text(), module.__dict__)
    if card:
        plain = {"reads": "features.priced", "measure": "anomaly", "learns": "60d"}
        module.__dict__["FITTED"] = Fitted(**{**plain, "least_sessions": 5, **card})
    return module


def walk(
    desk: SmallDesk,
    module: ModuleType | None = None,
    until: datetime = UNTIL,
    said: list[str] | None = None,
) -> list[Walked]:
    """Run the model up to a moment."""
    tell = (said if said is not None else []).append
    with desk.warehouse() as house, desk.store() as store:
        module = module or distant(desk)
        return list(fitted.run(house, store, "distant", module, moment=until, tell=tell))


def told(desk: SmallDesk, dataset: str = "model_scores") -> list[dict[str, Any]]:
    """Return the rows of a dataset that stand, oldest first, without what the store adds."""
    added = {"recorded_at", "load_id", "source", "known_date", "is_gone", "sequence"}
    with desk.warehouse() as house:
        begin, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
        found = rows(house.ask(f"raw.{dataset}", begin, end))
    newest: dict[Any, dict[str, Any]] = {}
    for row in sorted(found, key=lambda row: row["recorded_at"]):
        newest[row.get("session_date") or row["fit_id"]] = row
    alive = (row for row in newest.values() if not row["is_gone"])
    plain = [{k: v for k, v in row.items() if k not in added} for row in alive]
    return sorted(plain, key=lambda row: (row["known_at"], str(row)))
