"""What every benchmark stands on: processes that are timed, and figures that are printed."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".bench"
LEADLINE = (sys.executable, "-m", "leadline")
SEED = 20_240_301
# An installed package has its modules compiled; a checkout may be told not to.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
_POLL_S = 0.02


@dataclass(frozen=True)
class Run:
    """What one process took; cpu_s is of all its threads, peak_mb of its whole resident memory."""

    seconds: float
    cpu_s: float
    peak_mb: float
    stdout: str


@dataclass(frozen=True)
class Section:
    """One benchmark's part of the page."""

    title: str
    lines: Sequence[str]

    def __str__(self) -> str:
        return "\n".join((f"## {self.title}", "", *self.lines, ""))


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end and watch it; one that ends badly raises with what it said."""
    before, started, peak = _children_s(), time.perf_counter(), 0
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **COMPILED, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watched = psutil.Process(process.pid)
    while True:
        try:
            out, said = process.communicate(timeout=_POLL_S)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, _peak(watched))
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)[:200]}: exit {process.returncode}; {said.strip()}")
    seconds = time.perf_counter() - started
    return Run(seconds, _children_s() - before, peak / 1e6, out)


def python(module: str, *arguments: object, env: Mapping[str, str] | None = None) -> Run:
    """Run a module of ours in a process of its own."""
    return run((sys.executable, "-m", module, *map(str, arguments)), env)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a Markdown table; numbers stand right."""
    body = [[_cell(value) for value in row] for row in rows]
    rule = ["---", *("---:" for _ in head[1:])]
    return [f"| {' | '.join(row)} |" for row in (list(head), rule, *body)]


def bar(what: str, found: float, most: float, unit: str) -> str:
    """Return one sentence: the promise, the figure, and whether it is kept."""
    kept = "kept" if found <= most else "**missed**"
    return f"Promise: {what} at most {most:g} {unit}. Found {_cell(found)}: {kept}."


def context(rows: int | None) -> list[str]:
    """Return what the figures depend on: commit, seed, machine and packages."""
    commit = subprocess.run(
        ("git", "rev-parse", "HEAD"), cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    packages = ("duckdb", "pyarrow", "deltalake", "sqlglot", "typer")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    memory = psutil.virtual_memory().total / 2**30
    return [
        f"- commit: on top of `{commit[:12] or 'unknown'}`; seed: {SEED:_}",
        f"- machine: {os.cpu_count()} cores, {memory:.0f} GiB of memory",
        f"- Python {sys.version.split()[0]}, {versions}",
        *([f"- rows: {rows:,} instead of the full number"] if rows else []),
    ]


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(process: psutil.Process) -> int:
    """Return the kernel's own high-water mark, which no polling misses but the last moment's."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
        return next(
            int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")
        )
    except (OSError, StopIteration):
        try:
            return int(process.memory_info().rss)
        except psutil.Error:
            return 0


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
