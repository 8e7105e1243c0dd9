"""Walks one detector forward over five years of real bars, and tries a grid beside a pandas loop.

The bars are those of 120 members of the S&P 500 (LEADLINE_REAL_DATA). What is sold short of them
is made up with a seed, for no file of those years has it: so the times are real, and the figures of
the scorecard are those of chance. The loop does the same with pandas: it reads the bars and the
volumes once, makes the feature once, and for each set fires, labels, counts and walks forward.

python -m benchmarks.backtest fill STORE
python -m benchmarks.backtest loop STORE
"""

import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import CACHE, LEADLINE, ROOT, SEED, Run, Section, bar, python, run, table

DETECTOR = "off_exchange.short_share"
SINCE, UNTIL = "2013-06-01", "2018-02-08"
RANKS = [round(0.90 + 0.01 * n, 2) for n in range(10)]
RETURNS = [round(0.01 + 0.005 * n, 3) for n in range(10)]
HORIZON, LABEL = "5 sessions", "sigma_2"
MOST_S = 60


def measure(rows: int | None = None) -> Section:
    """Time one set, the grid with one and with two at a time, and the loop; its small form four."""
    real = os.environ.get("LEADLINE_REAL_DATA")
    if not real:
        missing = [("LEADLINE_REAL_DATA names no folder", "not measured")]
        return Section("Backtests", table(("what", "s"), missing))
    n_side = 2 if rows else 10
    ranks, returns = RANKS[:n_side], RETURNS[:n_side]
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as folder:
        store = Path(folder) / "store"
        env = {"LEADLINE_STORE": str(store)}
        run((*LEADLINE, "load", "sessions"), env)
        bars = Path(real) / "equity_daily_sp500_5yr"
        run((*LEADLINE, "load", "equity_bars_csv", "--from", str(bars)), env)
        python("benchmarks.backtest", "fill", store)
        one = _backtest(store, Path(folder) / "one")
        lists = (
            "--param", "min_mean5_pr=" + ",".join(map(str, ranks)),
            "--param", "max_abs_return=" + ",".join(map(str, returns)),
        )  # fmt: skip
        grids = {
            n: _backtest(store, Path(folder) / f"grid{n}", *lists, "--workers", str(n))
            for n in (1, 2)
        }
        loop = python("benchmarks.backtest", "loop", store, n_side)
    n_sets = len(ranks) * len(returns)
    told = {
        "one set, walked forward": (1, one),
        "grid, one set at a time": (n_sets, grids[1]),
        "grid, two at a time": (n_sets, grids[2]),
        "pandas loop": (n_sets, loop),
    }
    ratio = grids[2].seconds / loop.seconds
    return Section(
        "Backtests",
        [
            f"`{DETECTOR}` from {SINCE} to {UNTIL}, 120 tickers, {HORIZON} and {LABEL}, windows "
            f"of 252 and 21 sessions; real bars, made-up short sales.",
            "",
            *table(
                ("what", "sets", "s", "CPU s", "peak MB"),
                [
                    (name, n, each.seconds, each.cpu_s, each.peak_mb)
                    for name, (n, each) in told.items()
                ],
            ),
            "",
            bar("one detector over five years of 120 tickers takes", one.seconds, MOST_S, "s"),
            f"The grid takes {ratio:.1f} times as long as the loop, which has no point in time, no "
            f"intervals, no returns and no rows to keep; {n_sets - 1} further sets take "
            f"{(grids[2].seconds - one.seconds) / max(1, n_sets - 1):.2f} s each.",
        ],
    )


def _backtest(store: Path, own: Path, *words: str) -> Run:
    """Run a backtest in a copy of the store, so that none finds what another tried."""
    shutil.copytree(store, own)
    asked = ("--since", SINCE, "--until", UNTIL, "--horizon", HORIZON, "--label", LABEL)
    command = (*LEADLINE, "backtest", DETECTOR, *asked, *words, "--format", "csv")
    return run(command, {"LEADLINE_STORE": str(own)})


def _house(store: Path) -> Any:
    from leadline.catalog import Catalog
    from leadline.config import Config
    from leadline.engine import Engine
    from leadline.store import Store
    from leadline.warehouse import Warehouse

    engine, catalog = Engine(Config("").engine()), Catalog(ROOT)
    return Warehouse(catalog, Store(str(store), catalog.contracts, engine), engine)


def fill(store: Path) -> None:
    """Make up what was sold short of each ticker in each session, and load it."""
    import pyarrow as pa

    from leadline.clock import BEGINNING, FOREVER
    from leadline.publication import Publication

    house = _house(store)
    bars = house.ask("raw.equity_bars", BEGINNING, FOREVER)
    found = bars.project("symbol, session_date, volume").order("symbol, session_date")
    known = found.to_arrow_table().to_pydict()
    chance = np.random.default_rng(SEED)
    n_rows = len(known["symbol"])
    total = np.maximum(1, np.array([int(each or 0) for each in known["volume"]]) // 3)
    mood = chance.standard_normal(n_rows)
    for n in range(1, n_rows):  # shares of neighbouring days hang together
        mood[n] = 0.8 * mood[n - 1] + 0.6 * mood[n]
    short = (total * np.clip(0.45 + 0.08 * mood, 0.05, 0.95)).astype(np.int64)
    at = [datetime(day.year, day.month, day.day, 23, tzinfo=UTC) for day in known["session_date"]]
    rows = pa.table(
        {
            "session_date": known["session_date"],
            "facility": ["CNMS"] * n_rows,
            "source_symbol": known["symbol"],
            "symbol": known["symbol"],
            "short_volume": short,
            "short_exempt_volume": [0] * n_rows,
            "total_volume": total,
            "market": ["Q"] * n_rows,
            "known_at": at,
        }
    )
    house.store.load(
        Publication("made_up", "all", ("short_volume",), [("short_volume", rows)], "a benchmark")
    )


def loop(store: Path, n_side: int) -> None:
    """Try the grid as one would with pandas."""
    import pandas as pd

    from leadline.clock import BEGINNING, FOREVER

    house = _house(store)
    bars = house.ask("raw.equity_bars", BEGINNING, FOREVER).project("symbol, session_date, close")
    prices = pd.DataFrame(bars.to_arrow_table().to_pydict())
    volumes = house.ask("raw.short_volume", BEGINNING, FOREVER)
    shorts = pd.DataFrame(
        volumes.project("symbol, session_date, short_volume, total_volume")
        .to_arrow_table()
        .to_pydict()
    )
    close = prices.assign(close=prices["close"].astype(float))
    close = close.pivot_table(index="session_date", columns="symbol", values="close").sort_index()
    wide = {
        name: shorts.assign(value=shorts[name].astype(float))
        .pivot_table(index="session_date", columns="symbol", values="value")
        .sort_index()
        for name in ("short_volume", "total_volume")
    }
    mean5 = (wide["short_volume"] / wide["total_volume"]).rolling(5, min_periods=3).mean()
    rank = mean5.rolling(253, min_periods=21).rank(pct=True)
    return5 = close / close.shift(5) - 1
    step = np.log(close / close.shift(1))
    sigma = np.sqrt((step**2).ewm(alpha=0.06, min_periods=20).mean())
    ahead = np.log(close.shift(-6) / close.shift(-1))  # from the next close on
    label = (ahead.abs() >= 2 * 5**0.5 * sigma.shift(-1)).where(ahead.notna() & sigma.notna())
    is_in = (close.index >= pd.Timestamp(SINCE).date()) & (close.index < pd.Timestamp(UNTIL).date())
    moves = label[is_in].to_numpy(dtype=float)
    day_bars, day_moves = (~np.isnan(moves)).sum(axis=1), np.nansum(moves, axis=1)
    days: list[Any] = []
    told: list[Any] = []
    for least, most in product(RANKS[:n_side], RETURNS[:n_side]):
        fired = ((rank >= least) & (return5.abs() < most))[is_in].to_numpy()
        fired = fired & ~np.isnan(moves)
        signals, hits = fired.sum(axis=1), np.where(fired, moves, 0).sum(axis=1)
        days.append((signals, hits))
        base = day_moves.sum() / day_bars.sum()
        told.append((least, most, signals.sum(), hits.sum(), hits.sum() / signals.sum() / base))
    for start in range(252, len(moves), 21):
        train = slice(start - 252, start - 13)
        base = day_moves[train].sum() / day_bars[train].sum()
        best = max(
            range(len(days)),
            key=lambda n: days[n][1][train].sum() / max(1, days[n][0][train].sum()) / base,
        )
        told.append((start, best, days[best][1][start : start + 21].sum()))
    print(len(told))


if __name__ == "__main__":
    began = time.perf_counter()
    if sys.argv[1] == "fill":
        fill(Path(sys.argv[2]))
    else:
        loop(Path(sys.argv[2]), int(sys.argv[3]))
    print(timedelta(seconds=time.perf_counter() - began), file=sys.stderr)
