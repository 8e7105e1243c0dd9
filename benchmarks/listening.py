"""Messages over sockets into the store: `leadline live` on one core, a stand-in on the other."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import psutil

from benchmarks.figures import COMPILED, LEADLINE, ROOT, Section, bar, median, table
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.store import Store

PER_SECOND, N_PAIRS, SECONDS = 25_000, 50, 120
BINANCE, BITFINEX, OF_ALL_S = 800, 300, 240  # pairs, and how long; Bitfinex's connections take two
WARM_S = 60  # begins with the first tick, and books that wait for their snapshots
OF_ALL_WARM_S = 150
DRAIN_S = 3
MOST_LAG_S = 1
FOUND = """
select
    count(*) as n,
    quantile_cont(lag_s, 0.5) as median,
    quantile_cont(lag_s, 0.99) as p99,
    max(lag_s) as most,
    epoch(max(known_at)) - $2 as seconds
from
    (
        select known_at, (epoch_us(known_at) - epoch_us(exchange_at)) / 1e6 as lag_s
        from read_parquet($1, hive_partitioning = false)
        where exchange_at is not null and epoch(known_at) >= $2
    )
"""


def measure(rows: int | None = None) -> Section:
    """Listen to made-up messages, and to all pairs at recorded rates; rows are a second's."""
    seconds, warm = (6, 2) if rows else (SECONDS, WARM_S)
    made = listened((seconds, rows or PER_SECOND, 5 if rows else N_PAIRS), ["binance_book"], warm)
    heads = ["", "messages a second", "share of the core", "median s", "p99 s", "most s"]
    heads += ["MB then", "MB at the end"]
    body = [("made, of ten changes", *_cells(made))]
    folder = os.environ.get("LEADLINE_REAL_DATA")
    if folder and not rows:
        of_all = listened(
            (OF_ALL_S, BINANCE, BITFINEX, Path(folder).resolve()),
            ["binance_book", "bitfinex_book"],
            OF_ALL_WARM_S,
        )
        body.append((f"recorded, of {BINANCE + BITFINEX:,} pairs", *_cells(of_all)))
    lines = [
        "`leadline live` on one core, a stand-in for the venues on another; detectors are asked "
        "once, at the begin. Made: "
        f"{rows or PER_SECOND:,} messages a second of ten changed levels each for {seconds} s, of "
        f"{5 if rows else N_PAIRS} books. Recorded: {BINANCE} pairs of Binance, a tenth of them as "
        f"loud as BTC, ETH and DOT were and the rest as NKN, BLZ, LRC and RUNE, and {BITFINEX} "
        "of Bitfinex as eight recorded ones, with a checksum behind each change. Lags are from "
        "when a message was written to when it was received, of those whose book is in the store; "
        f"all figures are of what came {warm} s or later ({OF_ALL_WARM_S} s of the recorded "
        "ones, whose connections take two minutes by Bitfinex's own limit).",
        "",
        *table(heads, body),
        "",
        bar("lag of the made ones, p99, is", made["p99"], MOST_LAG_S, "s"),
        "",
        f"{made['rows'] / seconds:,.0f} rows of `book_updates` a second of the whole run; every "
        "pair's last message is in the store, and there is no gap.",
    ]
    return Section("Listening", lines)


def _cells(found: dict[str, float]) -> tuple[float, ...]:
    names = ("per_s", "share", "median", "p99", "most", "early_mb", "late_mb")
    return tuple(found[name] for name in names)


def listened(script: Sequence[object], feeds: Sequence[str], warm_s: float) -> dict[str, float]:
    """Listen to a stand-in until it ends; raise where something is missing in the store."""
    one, *others = sorted(os.sched_getaffinity(0))
    other = others[0] if others else one
    exchange = subprocess.Popen(
        _pinned(other, sys.executable, "-m", "benchmarks.exchange", *map(str, script)),
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert exchange.stdout
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        where = json.loads(exchange.stdout.readline())
        hosts = "\n".join(f'"{host}" = "{here}"' for host, here in where.items())
        Path(folder, "leadline.toml").write_text(f'pairs = "all"\n[addresses]\n{hosts}\n')
        words = ("--threads", "1", "live", "--every", "1h", "--feeds", ",".join(feeds))
        env = {name: text for name, text in os.environ.items() if name != "LEADLINE_PROJECT"}
        live = subprocess.Popen(
            _pinned(one, *LEADLINE, *words), cwd=folder, stderr=subprocess.PIPE, text=True,
            env={**env, **COMPILED, "LEADLINE_STORE": f"{folder}/store", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        try:
            told = watched(psutil.Process(live.pid), float(str(script[0])), warm_s)
            ends = json.loads(exchange.stdout.readline())
            time.sleep(DRAIN_S)
        finally:
            live.send_signal(2)
            _, said = live.communicate(timeout=60)
            exchange.kill()
        if "listening again" in said or "waits for the store" in said:
            raise RuntimeError(said)
        return told | stored(Path(folder, "store"), ends, told["since"])


def _pinned(core: int, *command: str) -> list[str]:
    return ["taskset", "-c", str(core), *command]


def watched(process: psutil.Process, seconds: float, warm_s: float) -> dict[str, float]:
    """Look at a process each second; return what it took after it was warm."""
    memory: list[float] = []
    time.sleep(warm_s)
    since, began, cpu = time.time(), time.perf_counter(), _cpu_s(process)
    while time.perf_counter() - began < seconds - warm_s - 1:
        memory.append(process.memory_info().rss / 1e6)
        time.sleep(1)
    share = (_cpu_s(process) - cpu) / (time.perf_counter() - began)
    tenth = max(1, len(memory) // 10)
    early, late = median(memory[:tenth]), median(memory[-tenth:])
    return {"since": since, "share": share, "early_mb": early, "late_mb": late}


def _cpu_s(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def stored(place: Path, lasts: dict[str, int], since: float) -> dict[str, float]:
    """Return what was late by how much; raise where a gap is, or a message is not."""
    catalog, engine = Catalog(ROOT), Engine({})
    tables = Store(str(place), catalog.contracts, engine).tables
    if gaps := tables["feed_gaps"].paths():
        raise RuntimeError(f"gaps were told: {gaps}")
    with duckdb.connect() as con:
        names = ("n", "median", "p99", "most", "seconds")
        tops = tables["book_tops"].paths()
        ((n, *lags),) = con.execute(FOUND, [tops, since]).fetchall()
        found = dict(zip(names, (n, *lags), strict=True))
        there = con.execute(
            "select pair, max(update_id) from read_parquet($1) where venue = 'binance' group by 1",
            [tops],
        ).fetchall()
    if missing := set(lasts.items()) - set(there):
        raise RuntimeError(f"not in the store: {sorted(missing)[:3]}")
    rows = sum(file["rows"] for file in tables["book_updates"].files())
    return {**found, "rows": rows, "per_s": found["n"] / found["seconds"]}
