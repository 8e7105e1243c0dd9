"""Loads a day of option trades into the store, beside a plain DuckDB COPY of the same query.

Both sides start from the same CSV.gz, each in a process of its own, by turns. Ours also checks
the file to its end, hashes it, holds every row against the contract and every key for repeats,
and makes it visible in one step.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.figures import CACHE, LEADLINE, Section, bar, median, python, run, table
from benchmarks.trades import environment, flat_file, project

ROWS = 10_000_000
RUNS = 5
MOST = 1.5


def measure(rows: int | None = None) -> Section:
    """Load several times by turns; the ratio is the median of each pair's own."""
    n_rows = rows or ROWS
    path = flat_file(n_rows)
    ours, plain = [], []
    for _ in range(RUNS if not rows else 1):
        with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as folder:
            place = project(Path(folder) / "project")
            plain.append(python("benchmarks.load", path, Path(folder) / "plain.parquet"))
            load = (*LEADLINE, "load", "massive_option_trades", "--from", str(path))
            ours.append(run(load, environment(place)))
    pairs = list(zip(ours, plain, strict=True))
    ratios = sorted(a.seconds / b.seconds for a, b in pairs)
    worked = median(a.cpu_s / b.cpu_s for a, b in pairs)
    lines = [
        f"{n_rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB packed; "
        f"medians of {len(ours)} runs, by turns.",
        "",
        *table(
            ("", "s", "CPU s", "M rows/s", "peak MB"),
            [
                (
                    name,
                    median(each.seconds for each in runs),
                    median(each.cpu_s for each in runs),
                    n_rows / 1e6 / median(each.seconds for each in runs),
                    median(each.peak_mb for each in runs),
                )
                for name, runs in (("`leadline load`", ours), ("plain `COPY`", plain))
            ],
        ),
        "",
        f"Time over plain, a pair each: {', '.join(f'{ratio:.2f}' for ratio in ratios)}; "
        f"CPU over plain: {worked:.2f}.",
        "",
        bar("a load's time over plain DuckDB's is", median(ratios), MOST, "times"),
    ]
    return Section("Loading", lines)


def copy(path: str, target: str) -> None:
    """Write the loader's own query over the file as one Parquet file."""
    import duckdb

    from loaders._massive import PRINTS
    from loaders.massive_option_trades import ROWS

    with duckdb.connect() as con:
        copied(con, path, target, PRINTS, ROWS)


def copied(con: Any, path: str, target: str, columns: str, query: str) -> None:
    """Write a query over the prints of a packed CSV of these columns as one Parquet file."""
    con.execute("set timezone = 'UTC'")
    con.execute(f"create table declared ({columns})")
    declared = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where table_name = 'declared' order by column_index"
    ).fetchall()
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in declared)
    con.execute(
        f"create view prints as select * from read_csv('{path}', columns = {{{types}}}, "
        "auto_detect = false, header = true, compression = 'gzip')"
    )
    con.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)")


if __name__ == "__main__":
    copy(*sys.argv[1:3])
