"""A day of stock prints: loaded beside a plain DuckDB COPY, and reduced to sessions and blocks.

python -m benchmarks.tape make PATH ROWS
python -m benchmarks.tape copy PATH TARGET
python -m benchmarks.tape ask STORE VIEW
"""

import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.figures import CACHE, LEADLINE, ROOT, SEED, Section, bar, python, run, table
from benchmarks.load import copied

ROWS = 70_000_000
MEMORY, THREADS = "4GB", 2
MOST = 1.5
DAY = datetime(2024, 3, 1, tzinfo=UTC)
VIEWS = ("features.equity_sessions", "detectors.off_exchange_large_print", "reports.blocks_daily")
# 2,500 names, the first of which has some hundred times the prints of the last; each name's prints
# are in the order of the tape. Two in five are off exchange; of a thousand 250 are odd lots, 200
# are swept, 15 have a price that was not made then and there, and one comes 20 minutes late.
PRINTS = """
with names as (
    select
        name,
        chr(cast(65 + name // 676 as integer)) || chr(cast(65 + name // 26 % 26 as integer))
        || chr(cast(65 + name % 26 as integer)) as ticker,
        20 + hash(name, {seed}) % 480 as base,
        cast(ceil({rows} * weight / sum(weight) over ()) as bigint) as n_prints
    from (select name, (name + 1) ** -0.6 as weight from range(2_500) as numbers (name))
),

numbered as (
    select *, unnest(range(n_prints)) as k from names
),

draws as (
    select
        *,
        hash(name, k, {seed}) % 1_000 as kind,
        hash(name, k, {seed} + 1) % 1_000 as place,
        (hash(name, k, {seed} + 2) % 1_000_003) / 1_000_003 as u_size,
        cast(hash(name, k, {seed} + 3) % 1_000 as bigint) as delay,
        1_709_303_400_000_000_000 + cast(floor(23_400e9 * k / n_prints) as bigint) as at_ns
    from numbered
)

select
    ticker,
    case
        when kind < 250 then '37' when kind < 450 then '14,41' when kind < 455 then '2'
        when kind < 460 then '53' when kind < 465 then '10' when kind < 466 then '33' else ''
    end as conditions,
    0 as correction,
    case
        when place < 400 then 4 else [10, 11, 12, 7, 8, 18, 19, 15, 20, 21][1 + k % 10]
    end as exchange,
    k as id,
    at_ns - case
        when kind = 465 then 1_200_000_000_000 when place < 400 then delay * 20_000 else delay * 300
    end as participant_timestamp,
    round(base + sin(k / 5_000.0) + (delay % 5 - 2) * 0.01, 2) as price,
    k + 1 as sequence_number,
    at_ns as sip_timestamp,
    1 + cast(floor(-80 * ln(1 - u_size)) as bigint)
    * case when u_size > 0.9999 then 200 else 1 end as size,
    1 + name % 3 as tape,
    case when place < 400 then 201 + place % 3 else 0 end as trf_id,
    case when place < 400 then at_ns else 0 end as trf_timestamp
from draws
"""


def measure(rows: int | None = None) -> Section:
    """Load the day once by each, then reduce it; rows are those of the day."""
    n = rows or ROWS
    path = CACHE / f"tape-{SEED}-{n}" / f"{DAY:%Y-%m-%d}.csv.gz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        python("benchmarks.tape", "make", path, n)
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as folder:
        env = {"LEADLINE_STORE": f"{folder}/store", "LEADLINE_PROJECT": str(ROOT)}
        for feed in ("sessions", "equity_codes"):
            run((*LEADLINE, "load", feed), env)
        plain = python("benchmarks.tape", "copy", path, f"{folder}/plain.parquet")
        own = ("--memory", MEMORY, "--threads", str(THREADS))
        load = (*LEADLINE, *own, "load", "massive_equity_trades", "--from", str(path))
        ours = run(load, env)
        asked = [python("benchmarks.tape", "ask", env["LEADLINE_STORE"], view) for view in VIEWS]
    said = [json.loads(each.stdout) for each in asked]
    loads = (("`leadline load`", ours), ("plain `COPY`", plain))
    return Section(
        "A tape",
        [
            f"A generated day of {n:,} prints of 2,500 stocks in the layout of Massive's flat "
            f"files, {path.stat().st_size / 1e6:,.0f} MB packed; {THREADS} threads and {MEMORY}.",
            "",
            *table(
                ("", "s", "CPU s", "M rows/s", "peak MB"),
                [
                    (name, each.seconds, each.cpu_s, n / 1e6 / each.seconds, each.peak_mb)
                    for name, each in loads
                ],
            ),
            "",
            bar("a load's time over plain's is", ours.seconds / plain.seconds, MOST, "times"),
            "",
            "Asked for the whole day, in a process each:",
            "",
            *table(
                ("view", "rows", "s", "peak MB"),
                [
                    (f"`{view}`", found["n"], found["seconds"], each.peak_mb)
                    for view, found, each in zip(VIEWS, said, asked, strict=True)
                ],
            ),
        ],
    )


def make(path: str, rows: str) -> None:
    """Write the day's file."""
    part = Path(path).with_name(f"part-{Path(path).name}")
    with duckdb.connect() as con:
        con.execute(
            f"copy ({PRINTS.format(seed=SEED, rows=int(rows))}) to '{part}' "
            "(format csv, header, compression gzip)"
        )
    part.rename(path)


def copy(path: str, target: str) -> None:
    """Write the loader's own query over the file as one Parquet file."""
    from loaders._massive import STOCK_PRINTS
    from loaders.massive_equity_trades import ROWS as QUERY

    with duckdb.connect(config={"memory_limit": MEMORY, "threads": str(THREADS)}) as con:
        copied(con, path, target, STOCK_PRINTS, QUERY)


def ask(store: str, view: str) -> None:
    """Ask a view for the day and its night, and print how many rows it has."""
    from benchmarks.options import counted, opened

    print(json.dumps(counted(opened(store), view, DAY, DAY + timedelta(hours=30))))


if __name__ == "__main__":
    work: dict[str, Callable[..., Any]] = {"make": make, "copy": copy, "ask": ask}
    work[sys.argv[1]](*sys.argv[2:])
