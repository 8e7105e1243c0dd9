"""A month of history against a year: a tick of the loop, and the reports of the pages.

python -m benchmarks.history STORE [REPORT…]
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import CACHE, LEADLINE, ROOT, Section, bar, median, python, run, table
from leadline.alerts import Alerts, _Asked
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.publication import Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

WEEKS = (4, 52)
NOW = datetime(2024, 2, 16, 19, 0, tzinfo=UTC)
STEP, TICKS, RUNS = timedelta(seconds=5), 6, 3
MOST = 1.2
KEPT = (
    "features.option_half_hours", "features.option_flow_half_hours",
    "features.option_contract_days", "features.equity_session_days",
    "features.off_exchange_flow_days", "features.volume_half_hours",
)  # fmt: skip
REPORTS = (
    "reports.alerts", "reports.contract_days", "reports.dark_pool_prints", "reports.freshness",
    "reports.option_flow", "reports.option_minutes", "reports.option_strikes",
    "reports.price_days", "reports.dark_pool_summary", "reports.blocks_daily",
    "reports.crypto_tape", "reports.books",
)  # fmt: skip


def measure(rows: int | None = None) -> Section:
    """Ask stores of both lengths by turns, a process each; rows make them a week and two."""
    weeks = (1, 2) if rows else WEEKS
    asked = ("reports.alerts",) if rows else REPORTS
    found: dict[int, dict[str, float]] = {}
    for each in weeks:
        place = _store(each)
        if not rows:
            run((*LEADLINE, "--store", str(place), "refresh", *KEPT))
        found[each] = json.loads(python("benchmarks.history", place, *asked).stdout)
    short, long = (found[each] for each in weeks)
    lines = [(what, short[what], long[what], long[what] / short[what]) for what in short]
    ratio = median(each[3] for each in lines)
    return Section(
        "A long history",
        [
            f"The sample week, {weeks[0]} times and {weeks[1]} times, each copy a week earlier. "
            f"What a tick of 5 s takes beside a load, median of {TICKS}, and one day of the "
            f"reports of pages, medians of {RUNS}; seconds of CPU time.",
            "",
            *table(("", f"s, {weeks[0]} weeks", f"s, {weeks[1]} weeks", "long / short"), lines),
            "",
            bar("half of these take, over the long history against the short,", ratio, MOST,
                "times"),
        ],
    )  # fmt: skip


def _store(weeks: int) -> Path:
    """Make a store of so many weeks, unless it is there."""
    place, week = CACHE / f"weeks-{weeks}", CACHE / "weeks-1"
    if not week.exists():
        run((*LEADLINE, "demo", "--no-serve", "--into", str(week)))
    if not place.exists():
        python("benchmarks.repeated", week, place, weeks)
        run((*LEADLINE, "--store", str(place), "store", "compact"))
    return place


def ask(place: str, reports: list[str]) -> dict[str, float]:
    """Tick a few times, then ask each report a few times; return seconds of CPU time of each."""
    catalog, engine = Catalog(ROOT), Engine({"threads": "2", "memory_limit": "3GB"})
    house = Warehouse(catalog, Store(place, catalog.contracts, engine), engine)
    found = {"a tick": _ticks(house, Store(place, catalog.contracts, engine))}
    since = NOW.replace(hour=0)
    for report in reports:
        took = []
        for _ in range(RUNS):
            started = time.process_time()
            house.ask(report, since, since + timedelta(days=1)).to_arrow_table()
            took.append(time.process_time() - started)
        found[report] = median(took)
    return found


def _ticks(house: Warehouse, live: Store) -> float:
    """Tick through half a minute of the recorded past, each time beside a load."""
    alerts = Alerts(house, live)
    alerts._look()
    for view in house.catalog.all_live():
        files = frozenset(alerts.files(view.stable))
        alerts._asked[view.id] = _Asked(NOW, files)
    took = []
    for nth in range(1, TICKS + 2):
        until = NOW + nth * STEP
        gap = {
            "venue": "bench", "pair": "BENCH-USD", "channel": "trades", "began_at": until - STEP,
            "ended_at": until - STEP / 2, "reason": "gap", "n_dropped": 0,
            "known_at": until - STEP / 2,
        }  # fmt: skip
        cover = f"{time.time_ns()}"
        live.load(Publication("bench", cover, ("feed_gaps",), [("feed_gaps", [gap])], "bench"))
        started = time.process_time()
        tick = alerts.tick(until)
        took.append(time.process_time() - started)
        if tick.broken:
            raise RuntimeError(str(tick.broken))
    return median(took[1:])


if __name__ == "__main__":
    print(json.dumps(ask(sys.argv[1], sys.argv[2:])))
