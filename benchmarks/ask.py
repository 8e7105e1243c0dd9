"""Asks a store of 30 days: a quarter of an hour against the whole, stamps, and compaction.

All questions run in one process, by turns; the files that a question opens are DuckDB's own
account of its plan.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figures import CACHE, LEADLINE, Section, median, python, run, table
from benchmarks.trades import environment, flat_file, project

HOLIDAY = date(2024, 3, 29)
WEEKS = [date(2024, 3, 1) + timedelta(days=n) for n in range(43)]
DAYS = [day for day in WEEKS if day.weekday() < 5 and day != HOLIDAY]
ROWS = 200_000  # a day
APPENDS = 300
RUNS = 9
MIDDLE = datetime(2024, 3, 15, 15, tzinfo=UTC)
SPANS = {
    "a quarter of an hour": (MIDDLE, MIDDLE + timedelta(minutes=15)),
    "a day": (MIDDLE.replace(hour=0), MIDDLE.replace(hour=0) + timedelta(days=1)),
    "all 30 days": (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 13, tzinfo=UTC)),
}
QUESTION = "select count(*) as n, sum(size) as size, max({moment}) as newest from {rows}"


def measure(rows: int | None = None) -> Section:
    """Load 30 days, then ask in a process of its own; rows are those of one day."""
    n_rows = rows or ROWS
    files = [flat_file(n_rows, f"{day}") for day in (DAYS if not rows else DAYS[10:12])]
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as folder:
        place = project(Path(folder) / "project")
        given = ("--from", str(files[0].parent))
        run((*LEADLINE, "load", "massive_option_trades", *given), environment(place))
        appends, runs = (APPENDS, RUNS) if not rows else (2, 1)
        said = json.loads(python("benchmarks.ask", place, appends, runs).stdout)
    spans = said["spans"]
    part, whole = spans["a quarter of an hour"], spans["all 30 days"]
    lines = [
        f"{len(files)} days of {n_rows:,} rows, medians of {runs} runs in one process.",
        "",
        *table(
            ("question", "ms", "rows", "files opened"),
            [(name, each["ms"], each["rows"], each["files"]) for name, each in spans.items()],
        ),
        "",
        f"The quarter of an hour opens {part['files']} of {whole['files']} files and takes "
        f"{part['ms'] / whole['ms']:.2f} of the whole's time.",
        "",
        f"Stamps: reading all 30 days with `recorded_at` takes {said['joined_ms']:.3g} ms, the "
        f"same files and bounds without the join {said['bare_ms']:.3g} ms, "
        f"{said['joined_ms'] / said['bare_ms']:.2f} times.",
        "",
        f"Compaction: {appends} appends of 100 rows to one day, {said['append_ms']:.3g} ms each; "
        f"compacting took {said['compact_s']:.3g} s.",
        "",
        *table(
            ("that day", "files", "MB", "asked in ms", "opened and asked in ms"),
            [(name, *said[name]) for name in ("before", "after")],
        ),
    ]
    return Section("Asking", lines)


def answer(place: Path, appends: int, runs: int) -> dict[str, Any]:
    """Ask everything of the store of a project."""
    from leadline import upkeep

    desk = Desk(place)
    made: dict[str, list[float]] = {name: [] for name in SPANS}
    for _ in range(runs):
        for name, span in SPANS.items():
            made[name].append(_ms(lambda span=span: desk.ask(*span)))  # type: ignore[misc]
    said: dict[str, Any] = {"spans": {}}
    for name, span in SPANS.items():
        rows, files = desk.ask(*span)[0], desk.files(*span)
        said["spans"][name] = {"ms": median(made[name]), "rows": rows, "files": files}
    whole = SPANS["all 30 days"]
    pairs = [(_ms(lambda: desk.ask(*whole)), _ms(lambda: desk.bare(*whole))) for _ in range(runs)]
    said["joined_ms"], said["bare_ms"] = (median(each) for each in zip(*pairs, strict=True))
    said["append_ms"] = median(_ms(lambda n=n: desk.append(n)) for n in range(appends))  # type: ignore[misc]
    said["before"] = _state(place, runs)
    said["compact_s"] = _ms(lambda: list(upkeep.compact(desk.store, ["option_trades"]))) / 1e3
    said["after"] = _state(place, runs)
    return said


class Desk:
    """A warehouse over the store of one project."""

    def __init__(self, place: Path) -> None:
        from leadline.catalog import Catalog
        from leadline.engine import Engine
        from leadline.store import Store
        from leadline.warehouse import Warehouse

        catalog = Catalog(place)
        engine = Engine({})
        self.store = Store(str(place / "store"), catalog.contracts, engine)
        self.warehouse = Warehouse(catalog, self.store, engine)
        self.warehouse.refresh()

    def ask(self, since: datetime, until: datetime) -> tuple[Any, ...]:
        """Return the answer for a span."""
        return self._asked("raw.option_trades", "recorded_at", since, until)

    def bare(self, since: datetime, until: datetime) -> tuple[Any, ...]:
        """Return the answer from the same files and bounds, without stamps."""
        assert self.warehouse.snapshot is not None
        listed = ", ".join(f"'{path}'" for path in self.warehouse.snapshot.files["option_trades"])
        rows = (
            f"(from read_parquet([{listed}], hive_partitioning = true, "
            "hive_types = {'known_date': date}) where known_at >= getvariable('since') and "
            "known_at < getvariable('until') and "
            "known_date >= cast(timezone('UTC', getvariable('since')) as date) and "
            "known_date <= cast(timezone('UTC', getvariable('until')) as date))"
        )
        return self._asked(rows, "known_at", since, until)

    def files(self, since: datetime, until: datetime) -> int:
        """Return how many files of trades the question opens, by DuckDB's own account."""
        cursor = self.warehouse.cursor("raw.option_trades", since, until)
        cursor.execute("pragma enable_profiling = 'json'")
        text = QUESTION.format(rows="raw.option_trades", moment="recorded_at")
        (row,) = cursor.execute(f"explain analyze {text}").fetchall()
        return opened(json.loads(row[1]))

    def append(self, number: int) -> None:
        """Load 100 rows more of the middle day."""
        from leadline.publication import Publication

        at = [MIDDLE + timedelta(seconds=number, milliseconds=n) for n in range(100)]
        facts = {"contract": "X240315C00001000", "root": "X", "put_call": "call", "strike": 1}
        facts |= {"expiration": MIDDLE.date(), "session_date": MIDDLE.date(), "calendar": "XNYS"}
        facts |= {"currency": "USD", "venue": "300", "price": 1, "size": 1}
        rows = [
            facts | {"traded_at": when, "known_at": when, "trade_id": f"{number}-{n}"}
            for n, when in enumerate(at)
        ]
        batches = [("option_trades", rows)]
        self.store.load(Publication("bench", f"{number}", ("option_trades",), batches, "bench"))

    def state(self) -> tuple[int, float]:
        """Return the middle day's files and their size in MB."""
        assert self.warehouse.snapshot is not None
        folder = f"known_date={MIDDLE.date()}"
        paths = [p for p in self.warehouse.snapshot.files["option_trades"] if folder in p]
        return len(paths), sum(Path(path).stat().st_size for path in paths) / 1e6

    def _asked(self, rows: str, moment: str, since: datetime, until: datetime) -> tuple[Any, ...]:
        cursor = self.warehouse.cursor("raw.option_trades", since, until)
        text = QUESTION.format(rows=rows, moment=f"epoch_us({moment})")  # fetching needs no pytz
        return cursor.execute(text).fetchall()[0]


def _state(place: Path, runs: int) -> tuple[int, float, float, float]:
    """Return the middle day's files, their size, and the times of asking and of opening for it."""
    day, colds, warms = SPANS["a day"], [], []
    for _ in range(min(runs, 3)):
        started = time.perf_counter()
        desk = Desk(place)
        desk.ask(*day)
        colds.append((time.perf_counter() - started) * 1e3)
        warms += [_ms(lambda desk=desk: desk.ask(*day)) for _ in range(runs)]  # type: ignore[misc]
    return (*desk.state(), median(warms), median(colds))


def opened(plan: Any) -> int:
    """Return how many Parquet files a plan, as DuckDB's profile tells it, has opened."""
    if isinstance(plan, list):
        return sum(map(opened, plan))
    more = plan.get("extra_info", {})
    own = int(more["Total Files Read"]) if more.get("Function") == "READ_PARQUET" else 0
    return own + opened(plan.get("children", plan.get("operator", [])))


def _ms(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1e3


if __name__ == "__main__":
    print(json.dumps(answer(Path(sys.argv[1]), *map(int, sys.argv[2:4]))))
