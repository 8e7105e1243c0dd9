import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import names
from benchmarks.figures import ROOT

QUICK = "load"  # the others load a month, or start many processes


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmarks as a person does."""
    command = (sys.executable, "-m", "benchmarks", *arguments)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name == QUICK else pytest.mark.soak) for name in names()],
)
def test_a_benchmark_prints_its_figures_and_a_page(name: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"

    done = bench(name, "--rows", "500", "--page", str(page))

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("## ")
    assert "| ---: |" in done.stdout
    assert done.stdout.strip() in page.read_text()
    for word in ("commit", "seed", "cores", "memory", "duckdb"):  # what figures depend on
        assert word in page.read_text()


def test_the_benchmarks_are_the_files_that_measure() -> None:
    assert names() == [
        "anomalies",
        "api",
        "ask",
        "backtest",
        "bind",
        "books",
        "export",
        "filings",
        "history",
        "intake",
        "ledger",
        "listening",
        "load",
        "options",
        "planted",
        "shared",
        "tape",
        "viewers",
        "watch",
        "year_questions",
    ]


def test_a_wrong_name_is_refused_with_the_right_ones() -> None:
    done = bench("lode")

    assert done.returncode == 2
    assert (
        "'lode' is no benchmark; there are anomalies, api, ask, backtest, bind, books, export,"
        in done.stderr
    )
