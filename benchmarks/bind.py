"""Opens the catalog and lays its views out, each time in a fresh process; times the command line.

A layout is bound once and copied from then on, so both are timed.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import LEADLINE, ROOT, Section, bar, median, python, run, table

RUNS = 9
MOST_S = 0.5


def measure(rows: int | None = None) -> Section:
    """Time opening, laying out and the shortest commands; rows only says that one run will do."""
    runs = 1 if rows else RUNS
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder)
        env = {
            "LEADLINE_PROJECT": str(ROOT), "LEADLINE_STORE": str(place / "store"),
            "XDG_CACHE_HOME": str(place / "cache"),
        }  # fmt: skip
        steps = [
            tuple(map(float, python("benchmarks.bind", place / str(number)).stdout.split()))
            for number in range(runs)
        ]
        commands = {
            words: [run((*LEADLINE, *words.split("|")), env) for _ in range(runs + 1)][1:]
            for words in ("--help", "sql|select 1")
        }
    n_views = int(steps[0][0])
    imports, opens, binds, copies = (median(each) for each in list(zip(*steps, strict=True))[1:])
    lines = [
        f"{n_views} views, medians of {runs} fresh processes.",
        "",
        *table(
            ("in the process", "s"),
            [
                ("importing the engine and DuckDB", imports),
                ("opening the catalog", opens),
                ("binding every view, the first time", binds),
                ("copying the layout from then on", copies),
            ],
        ),
        "",
        *table(
            ("whole command", "s", "CPU s"),
            [
                (
                    f"`leadline {' '.join(words.split('|'))}`",
                    median(each.seconds for each in made),
                    median(each.cpu_s for each in made),
                )
                for words, made in commands.items()
            ],
        ),
        "",
        bar("laying out a known catalog takes", copies, MOST_S, "s"),
        bar(
            "`leadline --help` takes",
            median(each.seconds for each in commands["--help"]),
            MOST_S,
            "s",
        ),
    ]
    return Section("Binding", lines)


def timed(place: Path) -> tuple[float, ...]:
    """Return how many views there are, and what each step took in this process."""
    os.environ["XDG_CACHE_HOME"] = str(place / "cache")
    moments = [time.perf_counter()]
    from leadline.catalog import Catalog
    from leadline.engine import Engine
    from leadline.store import Store
    from leadline.warehouse import Warehouse

    moments.append(time.perf_counter())
    catalog = Catalog(ROOT)
    moments.append(time.perf_counter())
    engine = Engine({})
    store = Store(str(place / "store"), catalog.contracts, engine)
    seconds = [moments[1] - moments[0], moments[2] - moments[1]]
    for _ in range(2):
        begin = time.perf_counter()
        warehouse = Warehouse(catalog, store, engine)
        seconds.append(time.perf_counter() - begin)
    return len(warehouse.bound), *seconds


if __name__ == "__main__":
    print(*timed(Path(sys.argv[1])))
