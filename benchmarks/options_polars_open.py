"""The detectors of open interest, once more, with Polars, and each of the others by its name.

python -m benchmarks.options_polars_open STORE DETECTOR
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl

from benchmarks import options_polars, options_polars_past
from benchmarks.options_polars import PRINT_ID, RUNS, blocks, count, runs_of, told
from benchmarks.options_polars_expert import experts
from benchmarks.options_polars_past import TODAY, sessions, stood

LATEST = timedelta(hours=4)


def rows(store: str, dataset: str) -> pl.LazyFrame:
    """Return a dataset that has a folder for each day."""
    return pl.scan_parquet(f"{store}/{dataset}/known_date=*/*.parquet", hive_partitioning=False)


def screens(store: str) -> int:
    """Count the screens of volume against open interest that contracts reach, one by one."""
    size, usd = pl.col("size").cast(pl.Float64), pl.col("premium_usd")
    closes = sessions(store).select("session_date", "closes_at")
    found = (
        stood(told(store))
        .join(closes, on="session_date")
        .filter(pl.col("known_at") < pl.col("closes_at") + LATEST)
        .with_columns(size=size, price=pl.when(pl.col("trade_class").is_in(RUNS)).then("price"))
    )
    lively = found.group_by("contract").agg(all=pl.col("size").sum())
    interest = (
        rows(store, "open_interest")
        .filter(pl.col("session_date") == TODAY)
        .select("contract", open=pl.col("open_interest").cast(pl.Float64))
        .join(lively, on="contract")
        .filter((pl.col("all") > 500) & (pl.col("all") >= 1.25 * pl.col("open")))
    )
    names = (
        "contract",
        "known_at",
        "sequence",
        "venue",
        "size",
        "premium_usd",
        "price",
    )
    gone = found.filter(pl.col("withdrawn_at").is_not_null()).with_columns(
        -pl.col("size", "premium_usd"),
        known_at="withdrawn_at",
        price=pl.lit(None, pl.Decimal(18, 8)),
    )
    own = "contract"
    added = (
        pl.concat([found.select(names), gone.select(names)])
        .join(interest, on=own)
        .sort("known_at", "sequence", "size", descending=[False, False, True])
        .with_columns(
            volume=pl.col("size").cum_sum().over(own),
            usd=usd.cum_sum().over(own),
            last=pl.col("price").forward_fill().over(own),
        )
    )  # fmt: skip
    volume, open_ = pl.col("volume"), pl.col("open")
    screen = (
        pl.when(open_ == 0)
        .then(0)
        .when((volume >= 10 * open_) & (pl.col("usd") >= 1_000_000))
        .then(3)
        .when((volume >= 3 * open_) & (pl.col("usd") >= 100_000))
        .then(2)
        .otherwise(1)
    )
    reached = added.filter(
        (volume > 500)
        & (pl.col("last").cast(pl.Float64) > 0.1)
        & ((open_ == 0) | ((open_ > 100) & (volume >= 1.25 * open_)))
    ).with_columns(screen=screen)

    def records(found: pl.LazyFrame) -> pl.LazyFrame:
        before = pl.col("screen").cum_max().shift(1).over(own)
        return found.filter(before.is_null() | (pl.col("screen") > before))

    first = records(reached).sort("known_at", "screen", descending=[False, True])
    return count(records(first))


def changes(store: str) -> pl.LazyFrame:
    """Return what changed in open interest each session, its usual size and its chain."""
    order = sessions(store).select("nth", "closes_at", oi_date="session_date")
    figures = (
        rows(store, "open_interest")
        .select(
            "contract", "oi_date", "known_at",
            next_date="session_date", open=pl.col("open_interest").cast(pl.Int64),
        )
        .join(order, on="oi_date")
    )  # fmt: skip
    older = figures.select("contract", pl.col("nth") + 1, before="open")
    moved = figures.join(older, on=["contract", "nth"]).with_columns(
        change=pl.col("open") - pl.col("before")
    )
    past = moved.select("contract", past_nth="nth", past_change=pl.col("change").abs())
    usual = (
        moved.select("contract", "nth")
        .join(past, on="contract")
        .filter(pl.col("past_nth").is_between(pl.col("nth") - 20, pl.col("nth") - 1))
        .group_by("contract", "nth")
        .agg(n=pl.len(), usual=pl.col("past_change").mean())
    )
    chains = rows(store, "option_chains").select(
        "contract", "expiration", "mid", oi_date="session_date", told_at="known_at",
        volume=pl.col("volume").cast(pl.Int64),
    )  # fmt: skip
    return moved.join(usual, on=["contract", "nth"], how="left").join(
        chains, on=["contract", "oi_date"]
    )


def changed(store: str) -> int:
    """Count contracts of which far more was opened or closed than usual."""
    size = pl.col("change").abs()
    usd = (size * pl.col("mid").cast(pl.Float64) * 100).round(6)
    fired = changes(store).filter(
        (pl.max_horizontal("known_at", "closes_at").dt.date() == TODAY)
        & (pl.col("n") >= 10)
        & ((size / pl.col("usual")).round(6) >= 5)
        & (size >= 1_000)
        & (usd >= 1_000_000)
        & (pl.col("expiration") >= pl.col("next_date"))
    )
    return count(fired)


def opened(store: str) -> int:
    """Count orders of the session before whose contract was mostly opened in it."""
    mornings = changes(store).filter(
        (pl.col("next_date") == TODAY)
        & (pl.col("told_at") >= pl.col("closes_at"))
        & (pl.col("volume") >= 100)
        & (pl.col("change") >= 0.5 * pl.col("volume"))
    )
    earlier = sessions(store).filter(pl.col("session_date") < TODAY)
    before = str(earlier.select(pl.col("session_date").max()).collect().item())
    own = ["contract", "first_id"]
    orders = [
        blocks(store, before).select("contract", first_id=PRINT_ID),
        runs_of(store, 50_000, before, is_wide=True).select(own),
        runs_of(store, 50_000, before, is_wide=False).select(own),
    ]
    return count(pl.concat(orders).unique().join(mornings, on="contract", how="semi"))


FOUND: dict[str, Callable[[str], int]] = {
    **options_polars.FOUND,
    **options_polars_past.FOUND,
    "options.donoho_expert": experts,
    "options.oi_change": changed,
    "options.opened": opened,
    "options.volume_oi": screens,
}


def found(store: str, name: str) -> dict[str, Any]:
    """Compute one detector's alerts: how many, how long it took and how much of all threads."""
    started, before = time.perf_counter(), time.process_time()
    n = FOUND[name](store)
    seconds, cpu = time.perf_counter() - started, time.process_time() - before
    return {"n": n, "seconds": seconds, "cpu": cpu}


if __name__ == "__main__":
    print(json.dumps(found(*sys.argv[1:])))
