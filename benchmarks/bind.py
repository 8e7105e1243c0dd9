"""Opens the catalog and binds 60 views, each time in a fresh process; and times the command line.

The views are the real ones, copied under new names that read one another as theirs do, and a
chain in which each reads the one before.
"""

import re
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import LEADLINE, ROOT, Section, bar, median, python, run, table

VIEWS = 60
CHAIN = 8
RUNS = 9
MOST_S = 0.5


def measure(rows: int | None = None) -> Section:
    """Time opening, binding and the shortest commands; rows only says that one run will do."""
    runs = 1 if rows else RUNS
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = project(Path(folder) / "project", VIEWS)
        env = {"LEADLINE_PROJECT": str(place), "LEADLINE_STORE": str(place / "store")}
        if not rows:
            python("benchmarks.bind", place)  # compiles
        steps = [
            tuple(map(float, python("benchmarks.bind", place).stdout.split())) for _ in range(runs)
        ]
        commands = {
            words: [run((*LEADLINE, *words.split("|")), env) for _ in range(runs)]
            for words in ("--help", "views", "sql|select 1")
        }
    imports, opens, binds = (median(each) for each in zip(*steps, strict=True))
    lines = [
        f"{VIEWS} views, medians of {runs} fresh processes.",
        "",
        *table(
            ("in the process", "s"),
            [
                ("importing the engine and DuckDB", imports),
                ("opening the catalog", opens),
                ("binding every view", binds),
                ("**opening and binding**", opens + binds),
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
        bar(f"opening and binding {VIEWS} views takes", opens + binds, MOST_S, "s"),
        bar(
            "`leadline --help` takes",
            median(each.seconds for each in commands["--help"]),
            MOST_S,
            "s",
        ),
    ]
    return Section("Binding", lines)


def project(place: Path, count: int) -> Path:
    """Lay out a project of so many views: the real ones again and again, then a chain."""
    real = [p for kind in ("views", "detectors") for p in (ROOT / "sql" / kind).rglob("*.v1.sql")]
    names = [f"{path.parent.name}.{path.name.split('.')[0]}" for path in real]
    for path in (ROOT / "sql" / "tables").glob("*.sql"):
        _write(place / path.relative_to(ROOT), path.read_text())
    _write(place / "leadline.toml", "")
    (place / "sql" / "detectors").mkdir()
    made = [(path, copy) for copy in range(count) for path in real][: count - CHAIN]
    for path, copy in made:
        text = path.read_text()
        for name in [name for name, own in zip(names, real, strict=True) if (own, copy) in made]:
            text = re.sub(rf"\b{re.escape(name)}\b", f"{name}_{copy}" if copy else name, text)
        own = path.name.replace(".v1.", f"_{copy}.v1." if copy else ".v1.")
        _write(place / path.relative_to(ROOT).with_name(own), text)
    chain = "-- what:    A view that reads the one before.\n-- grain:   one row per load\n"
    for n in range(count - len(made)):
        before = f"features.chain_{n - 1}" if n else "ops.loads"
        text = f"{chain}-- status:  live\n-- needs:   0s\n\nselect *\nfrom {before}\n"
        _write(place / "sql" / "views" / "features" / f"chain_{n}.v1.sql", text)
    return place


def timed(place: Path) -> tuple[float, float, float]:
    """Return what importing, opening and binding took in this process."""
    start = time.perf_counter()
    from leadline.catalog import Catalog
    from leadline.engine import Engine
    from leadline.store import Store
    from leadline.warehouse import Warehouse

    imported = time.perf_counter()
    catalog = Catalog(place)
    opened = time.perf_counter()
    engine = Engine({})
    store = Store(str(place / "store"), catalog.contracts, engine)
    made = time.perf_counter()
    warehouse = Warehouse(catalog, store, engine)
    bound = time.perf_counter()
    assert len(warehouse.bound) >= min(VIEWS, len(catalog.views))
    return imported - start, opened - imported, bound - made


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    print(*timed(Path(sys.argv[1])))
