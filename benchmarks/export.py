"""Writes a day of option trades out of the store with `leadline sql … -o`.

Both with the total order that gives equal answers equal bytes and without; the limit on memory is
for what streams, since an order holds all rows. The base is the same command with `limit 1`:
Python, DuckDB and the views, before any rows.
"""

import tempfile
from pathlib import Path

from benchmarks.figures import CACHE, LEADLINE, Run, Section, bar, median, run, table
from benchmarks.trades import environment, flat_file, project

ROWS = 10_000_000
RUNS = 3
HOW = {
    "csv": ("csv", "--any-order"),
    "parquet": ("parquet", "--any-order"),
    "parquet, in order": ("parquet",),
}
MOST_MB = 512
QUERY = (
    "select traded_at, session_date, venue, trade_id, contract, price, size, condition "
    "from raw.option_trades"
)


def measure(rows: int | None = None) -> Section:
    """Export in both forms by turns, each beside its base."""
    n_rows, runs = rows or ROWS, 1 if rows else RUNS
    path = flat_file(n_rows)
    made: dict[str, list[tuple[Run, Run, int]]] = {name: [] for name in HOW}
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as folder:
        place = project(Path(folder) / "project")
        env = environment(place)
        run((*LEADLINE, "load", "massive_option_trades", "--from", str(path)), env)
        for _ in range(runs):
            for form, done in made.items():
                out = Path(folder) / f"out.{HOW[form][0]}"
                write = ("--format", *HOW[form], "-o", str(out))
                base = run((*LEADLINE, "sql", f"{QUERY} limit 1", *write), env)
                full = run((*LEADLINE, "sql", QUERY, *write), env)
                done.append((full, base, out.stat().st_size))
                out.unlink()
                out.with_name(f"{out.name}.provenance.json").unlink(missing_ok=True)
    over = {
        form: median(full.peak_mb - base.peak_mb for full, base, _ in done)
        for form, done in made.items()
    }
    lines = [
        f"{n_rows:,} rows of eight columns, medians of {runs} runs, by turns.",
        "",
        *table(
            (
                "form",
                "s",
                "CPU s",
                "M rows/s",
                "MB written",
                "peak MB",
                "base MB",
                "peak over base",
            ),
            [
                (
                    form,
                    median(full.seconds for full, _, _ in done),
                    median(full.cpu_s for full, _, _ in done),
                    n_rows / 1e6 / median(full.seconds for full, _, _ in done),
                    done[0][2] / 1e6,
                    median(full.peak_mb for full, _, _ in done),
                    median(base.peak_mb for _, base, _ in done),
                    over[form],
                )
                for form, done in made.items()
            ],
        ),
        "",
        *(
            bar(f"peak memory over the base, as {form}, is", over[form], MOST_MB, "MB")
            for form, how in HOW.items()
            if "--any-order" in how
        ),
    ]
    return Section("Exporting", lines)
