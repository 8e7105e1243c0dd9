"""A long history: the sample week again and again, each copy a week earlier in New York's time.

python -m benchmarks.repeated SAMPLE INTO WEEKS
"""

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

from benchmarks.figures import ROOT
from leadline import clock
from leadline.catalog import Catalog
from leadline.contract import Contract
from leadline.engine import Engine
from leadline.ledger import load_id
from leadline.part import Part
from leadline.quote import named
from leadline.store import Store

MONDAY, DAYS = date(2024, 2, 12), 7
FEED = "repeated"
_NEW_YORK = "America/New_York"
_SPARED = ("loads", "rejected")


def repeat(sample: Path, into: Path, weeks: int) -> None:
    """Make a store of so many weeks out of the sample week's, and compact it.

    Only rows that became known within the week are repeated, and only on days of which the
    sample has none. State stays as it is.
    """
    shutil.copytree(sample, into)
    engine = Engine({"threads": "2"})
    store = Store(str(into), Catalog(ROOT).contracts, engine)
    store.ledger.refresh()
    tables = [t for n, t in store.tables.items() if t.contract.is_event and n not in _SPARED]
    source = {table.contract.name: table.paths() for table in tables if table.paths()}
    for back in range(1, weeks):
        own = load_id(FEED, f"{back}", 0, f"{back}")
        datasets = []
        for name, paths in source.items():
            table = store.tables[name]
            parts = table.write(store.con, _shifted(table.contract, paths, back, own))
            if parts:
                table.append(parts, own)
                datasets.append(_summary(name, parts))
        place = store.ledger.place(FEED, f"{back}")
        store.ledger.sign(
            {
                "load_id": own, "action": "load", "feed": FEED, "coverage": f"{back}",
                "publication": 0, "content_hash": own, "known_from": "loader",
                "n_rows": sum(each["n_rows"] for each in datasets), "n_gone": 0, "n_rejected": 0,
                "n_conflicts": 0, "datasets": datasets, "origin": str(sample),
                "started_at": clock.now(), "source": FEED, "is_gone": False,
            },
            place,
        )  # fmt: skip
    store.close()
    engine.close()


def _shifted(contract: Contract, paths: list[str], back: int, own: str) -> str:
    """Return SQL for the week's rows, some weeks earlier by the clocks of New York."""
    away = f"interval {7 * back} day"
    listed = ", ".join(f"'{path}'" for path in paths)
    told = {"load_id": f"'{own}'", "source": f"'{FEED}'"}
    for column, kind in contract.stored.items():
        kind = kind.lower()
        if kind in ("timestamptz", "timestamp with time zone"):
            moved = f"timezone('{_NEW_YORK}', {named(column)}) - {away}"
            told[column] = f"timezone('{_NEW_YORK}', {moved}) as {named(column)}"
        elif kind == "date" and column != "expiration":
            told[column] = f"cast({named(column)} - {away} as date) as {named(column)}"
    columns = ", ".join(
        said if (said := told.get(column, named(column))).endswith(named(column))
        else f"{said} as {named(column)}"
        for column in contract.stored
    )  # fmt: skip
    end = MONDAY + timedelta(days=DAYS)
    within = f"known_at >= timestamptz '{MONDAY} 00:00Z' and known_at < timestamptz '{end} 00:00Z'"
    kind = ", bar" if "bar" in contract.stored else ""
    day = f"(cast(timezone('UTC', known_at) as date){kind})"
    rows = f"read_parquet([{listed}], hive_partitioning = false)"
    moved = f"select {columns} from {rows} where {within}"
    return f"select * from ({moved}) where {day} not in (select {day} from {rows})"


def _summary(name: str, parts: list[Part]) -> dict[str, object]:
    """Say what went where, as a load's line does."""
    lows = [part.bounds["known_at"][0] for part in parts]
    highs = [part.bounds["known_at"][1] for part in parts]
    return {
        "dataset": name,
        "n_rows": sum(part.rows for part in parts),
        "since_date": date.fromisoformat(min(lows)[:10]),
        "until_date": date.fromisoformat(max(highs)[:10]),
        "newest_at": max(highs),
    }


if __name__ == "__main__":
    repeat(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
