"""The API: how long answers take at a steady pace, while alerts come in beside it."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import psutil

from benchmarks.figures import COMPILED, LEADLINE, ROOT, SEED, Section, bar, median, run, table
from leadline import clock
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.publication import Publication
from leadline.store import Store

PER_S, SECONDS, LOAD_EVERY_S = 50, 60, 5.0
MOST_MS = 100.0
OWN_FRAC = 0.1  # of the questions, which nobody has asked before
SYMBOLS = ("ECHO", "ALFA", "GLFF", "KILO", "IDIA")
# What pages and programs poll, newest first; `{symbol}` is each of those above.
POLLED = (
    "alerts?limit=40",
    "alerts?severity__in=high,critical&limit=40",
    "alert_list?limit=40",
    "reports.today",
    "reports.store",
    "reports.freshness",
    "ops.loads?limit=20&order=-recorded_at",
    "reports.dark_pool_daily?symbol={symbol}&order=-session_date&limit=20",
    "reports.dark_pool_prints?symbol={symbol}&limit=50",
    "reports.blocks_recent?symbol={symbol}&limit=50",
    "reports.option_flow?underlying={symbol}&limit=50",
    "reports.option_positioning?underlying={symbol}&limit=50",
    "reports.institutional_holders?ticker={symbol}&limit=50",
    "reports.insiders?ticker={symbol}&limit=50",
)
# What is asked once: by filters that no other question has.
OWN = (
    "alerts?score__gte={number}&limit=20",
    "raw.alerts?score__gte={number}&columns=alert_key,score&limit=20",
    "curated.short_volume?symbol={symbol}&total_volume__gte={number}&limit=20",
)


def measure(rows: int | None = None) -> Section:
    """Ask at a steady pace, whatever the answers take; rows make it a short form."""
    seconds, chance = 3 if rows else SECONDS, random.Random(SEED)
    polled = [
        each.format(symbol=symbol)
        for each in (POLLED[:7] if rows else POLLED)
        for symbol in (SYMBOLS if "{" in each else SYMBOLS[:1])
    ]
    plan = [
        (n / PER_S, _own(chance) if chance.random() < OWN_FRAC else chance.choice(polled))
        for n in range(seconds * PER_S)
    ]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, served(folder, rows) as server:
        address, process = server
        first = asyncio.run(in_turn(address, polled))
        again = asyncio.run(in_turn(address, polled))
        before = process.cpu_times()
        with loading(Path(folder) / "store"):
            took = asyncio.run(at_pace(address, plan))
        after = process.cpu_times()
        memory = process.memory_info().rss / 1e6
    cuts = quantiles([ms for _, ms in took], n=100)
    own = quantiles([ms for path, ms in took if path not in polled], n=100)
    cores = (after.user + after.system - before.user - before.system) / seconds
    return Section(
        "The API",
        [
            f"{PER_S} questions a second for {seconds} s at the sample week, sent when they are "
            f"due whether or not the earlier ones are answered, each timed from then on; "
            f"{len(polled)} addresses that are polled, and {OWN_FRAC:.0%} that nobody has asked "
            f"before. Every {LOAD_EVERY_S:g} s alerts are loaded beside the server, which uses "
            f"{cores:.2f} of a core and {memory:,.0f} MB.",
            "",
            *table(
                ("ms", "p50", "p95", "p99", "most"),
                [
                    ("all", cuts[49], cuts[94], cuts[98], max(ms for _, ms in took)),
                    ("asked for the first time", own[49], own[94], own[98], own[98]),
                ],
            ),
            "",
            f"One at a time, a polled address takes {median(first):,.0f} ms the first time "
            f"(at most {max(first):,.0f}) and {median(again):.1f} ms from then on "
            f"(at most {max(again):,.1f}).",
            "",
            bar(f"95 % of answers at {PER_S} a second take", cuts[94], MOST_MS, "ms"),
        ],
    )


@contextmanager
def served(folder: str, rows: int | None) -> Iterator[tuple[str, psutil.Process]]:
    """Fill a store and serve it in a process of its own; yield its address."""
    store = f"{folder}/store"
    if rows:
        run((*LEADLINE, "load", "sessions"), {"LEADLINE_STORE": store})
    else:
        run((*LEADLINE, "demo", "--no-serve", "--into", store))
    command = (*LEADLINE, "--store", store, "serve", "--port", "0")
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **COMPILED}, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[0]
        yield address, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


async def in_turn(address: str, paths: Sequence[str]) -> list[float]:
    """Ask one after the other; return the milliseconds of each."""
    async with httpx.AsyncClient(timeout=120) as client:
        return [await _asked(client, address, path, time.perf_counter()) for path in paths]


async def at_pace(address: str, plan: Sequence[tuple[float, str]]) -> list[tuple[str, float]]:
    """Ask each when it is due; return the milliseconds since then."""
    # Shorter than the server waits, so that none is closed as it is taken again.
    limits = httpx.Limits(max_connections=400, keepalive_expiry=2)
    async with httpx.AsyncClient(timeout=120, limits=limits) as client:
        began_at = time.perf_counter()
        asked = []
        for due_s, path in plan:
            await asyncio.sleep(max(0, began_at + due_s - time.perf_counter()))
            asked.append(asyncio.create_task(_asked(client, address, path, began_at + due_s)))
        took = await asyncio.gather(*asked)
    return list(zip((path for _, path in plan), took, strict=True))


@contextmanager
def loading(place: Path) -> Iterator[None]:
    """Append an alert every few seconds, as the loop does, from a process of its own."""
    command = (sys.executable, "-m", "benchmarks.api", str(place))
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **COMPILED})
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def load(place: str) -> None:
    """Append alerts until somebody ends it."""
    contracts = Catalog(ROOT).contracts
    store = Store(place, contracts, Engine({"threads": "1"}))
    while True:
        now = clock.now()
        rows = [("alerts", [_alert(now)])]
        store.load(Publication("alerts", now.isoformat(), ("alerts",), rows, "bench"))
        time.sleep(LOAD_EVERY_S)


def _alert(now: Any) -> dict[str, Any]:
    return {
        "alert_key": f"options.sweep|ECHO|{now:%H%M%S}|{now:%Y-%m-%d}", "detector": "options.sweep",
        "version": 1, "fingerprint": "bench", "inputs": "{}", "params": "{}", "entity": "ECHO",
        "entity_type": "underlying", "happened_at": now - timedelta(seconds=2), "fired_at": now,
        "direction": "bull", "severity": "high", "score": 62.5, "confidence": 0.7,
        "notional_usd": 2_500_000.0, "headline": "swept", "evidence": "{}", "is_late": False,
        "ticked_at": now, "recorded_until": now, "known_at": now,
    }  # fmt: skip


async def _asked(client: httpx.AsyncClient, address: str, path: str, since: float) -> float:
    answer = await client.get(f"{address}/api/{path}")
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:200]}")
    return (time.perf_counter() - since) * 1_000


def _own(chance: random.Random) -> str:
    return chance.choice(OWN).format(
        symbol=chance.choice(SYMBOLS), number=round(chance.random() * 50, 6)
    )


if __name__ == "__main__":
    load(sys.argv[1])
