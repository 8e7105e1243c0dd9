"""The dashboard: what forty who look cost, and what they leave to those who ask."""

import asyncio
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import psutil

from benchmarks.api import POLLED, SYMBOLS, at_pace, in_turn, loading, served
from benchmarks.figures import SEED, Section, bar, median, table
from benchmarks.viewer import Viewer

VIEWERS, SECONDS, PER_S, MOST_MS = 40, 60, 10, 100.0
PAGES = ("overview", "flow", "alerts", "whales")  # what is left open all day
AT = "/smart-money/dashboard"


def measure(rows: int | None = None) -> Section:
    """Look with many at a few pages and ask beside them; rows make it a short form."""
    n, seconds = (4, 5) if rows else (VIEWERS, SECONDS)
    chance = random.Random(SEED)
    polled = [each.format(symbol=SYMBOLS[0]) for each in POLLED[:7]]
    plan = [(n / PER_S, chance.choice(polled)) for n in range(seconds * PER_S)]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, served(folder, rows) as server:
        address, process = server
        asyncio.run(in_turn(address, polled))
        alone = [ms for _, ms in asyncio.run(at_pace(address, plan))]
        viewers = [Viewer(f"{address}{AT}/{PAGES[i % len(PAGES)]}") for i in range(n)]
        with loading(Path(folder) / "store"):
            asyncio.run(_looked(viewers[: len(PAGES)], 5, address, []))  # the first time is slow
            before_mb = _mb(process)
            before = process.cpu_times()
            beside = asyncio.run(_looked(viewers, seconds, address, plan))
            after = process.cpu_times()
            after_mb = _mb(process)
    cores = (after.user + after.system - before.user - before.system) / seconds
    cuts, quiet = quantiles(beside, n=100), quantiles(alone, n=100)
    kilobytes = median([viewer.n_bytes / seconds / 1e3 for viewer in viewers])
    return Section(
        "The dashboard",
        [
            f"{n} viewers of {len(PAGES)} pages for {seconds} s at the sample week, each by a "
            f"socket of its own that takes all that is sent and draws nothing; every page looks "
            f"once a second. Beside them {PER_S} questions a second come to the API, and alerts "
            f"are loaded. The server uses {cores:.2f} of a core, and grew from {before_mb:,.0f} to "
            f"{after_mb:,.0f} MB, {max(0.0, after_mb - before_mb) / n:.1f} a viewer; each gets "
            f"{kilobytes:,.1f} kB a second.",
            "",
            *table(
                ("ms", "p50", "p95", "p99"),
                [
                    ("nobody looks", quiet[49], quiet[94], quiet[98]),
                    (f"{n} look", cuts[49], cuts[94], cuts[98]),
                ],
            ),
            "",
            bar(f"95 % of answers beside {n} viewers take", cuts[94], MOST_MS, "ms"),
        ],
    )


async def _looked(
    viewers: Sequence[Viewer], seconds: float, address: str, plan: Sequence[tuple[float, str]]
) -> list[float]:
    """Look with all, and ask meanwhile; return the milliseconds of each answer."""
    looking = asyncio.gather(*(viewer.look(seconds + 5) for viewer in viewers))
    await asyncio.sleep(5)  # until they are all there
    took = await at_pace(address, plan)
    await looking
    return [ms for _, ms in took]


def _mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 1e6)
