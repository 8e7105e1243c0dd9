"""Donoho's expert score, once more, with Polars: how many stocks are among a month's highest."""

from datetime import timedelta

import polars as pl

from benchmarks.options_polars import ALL_DAYS, count, told
from benchmarks.options_polars_past import TODAY, halved, sessions, stood

NEAR = timedelta(days=61)
N, REACH = 20, 33  # sessions of a month, and in which they lie
DAY = ["underlying", "place"]


def points(store: str) -> pl.LazyFrame:
    """Return each underlying's points of a session, of calls that expire within two months."""
    near = halved(store, stood(told(store, ALL_DAYS))).filter(
        pl.col("expiration") <= pl.col("session_date") + NEAR
    )
    call, size = pl.col("put_call") == "call", pl.col("contracts")
    days = (
        near.group_by(*DAY, "session_date")
        .agg(calls=size.filter(call).sum(), puts=size.filter(~call).sum())
        .collect()
        .lazy()
    )
    nths = days.select("place").unique().with_columns(nth=pl.col("place").rank("ordinal"))
    placed = days.join(nths, on="place").with_columns(pl.col("place", "nth").cast(pl.Int64))
    top = (
        near.filter(call)
        .group_by(*DAY, "contract")
        .agg(size.sum())
        .group_by(DAY)
        .agg(top=size.max())
        .with_columns(pl.col("place").cast(pl.Int64))
    )
    before = placed.select("underlying", "calls", "puts", was="place", was_nth="nth")
    ago, calls = pl.col("nth") - pl.col("was_nth"), pl.col("calls_right")
    months = (
        placed.join(before, on="underlying")
        .filter((pl.col("place") - pl.col("was")).is_between(1, REACH))
        .group_by(DAY)
        .agg(
            is_whole=ago.max() >= N,
            total=calls.filter(ago <= N).sum(),
            squares=(calls * calls).filter(ago <= N).sum(),
            high_puts=pl.col("puts_right").filter(ago <= N).top_k(3).sum() / 3,
        )
        .filter("is_whole")
        .with_columns(
            mean=(pl.col("total") / N).round(6),
            sd=((N * pl.col("squares") - pl.col("total") ** 2) / (N * (N - 1))).sqrt(),
        )
    )
    return scored(
        placed.filter(pl.col("calls") > 0)
        .join(months, on=DAY, how="left")
        .join(top, on=DAY, how="left")
        .join(returns(store), on=["underlying", "session_date"], how="left")
    )


def returns(store: str) -> pl.LazyFrame:
    """Return what a stock's price did over two sessions, in percent."""
    bars = pl.scan_parquet(f"{store}/equity_bars/**/part-*.parquet", hive_partitioning=False)
    order = sessions(store).select("session_date", "nth")
    closes = bars.filter(pl.col("bar") == "1d").select(
        "session_date", pl.col("close").cast(pl.Float64), underlying="symbol"
    )
    placed = closes.join(order, on="session_date")
    older = placed.select("underlying", pl.col("nth") + 2, before="close")
    change = 100 * (pl.col("close") / pl.col("before") - 1)
    return placed.join(older, on=["underlying", "nth"]).select(
        "underlying", "session_date", return2=change.round(9)
    )


def scored(days: pl.LazyFrame) -> pl.LazyFrame:
    """Return the points of each day, and of five sessions."""

    def graded(*cuts: tuple[pl.Expr, int]) -> pl.Expr:
        return pl.coalesce(*(pl.when(is_so).then(n) for is_so, n in cuts), pl.lit(0))

    calls, puts, return2 = pl.col("calls"), pl.col("puts"), pl.col("return2")
    z = pl.when(pl.col("sd") > 0).then(((calls - pl.col("total") / N) / pl.col("sd")).round(9))
    high = pl.when(pl.col("high_puts") > 0).then((calls / pl.col("high_puts")).round(9))
    share = (100 * pl.col("top") / calls).round(9)
    ratio = pl.when(puts > 0).then((calls / puts).round(9))
    has_no_puts = high.is_null() & pl.col("mean").is_not_null()
    own = (
        graded((calls > 3_000, 5), (calls > 1_000, 4), (calls > 300, 3))
        + graded((z > 4, 4), (z > 2, 2))
        + graded((share <= 40, 4), (share <= 50, 2))
        + graded(((high > 2) | has_no_puts, 2), (high > 1.3, 1))
        + graded(
            ((return2 > 5) & (return2 <= 55), 2),
            ((return2 > 0) & (return2 <= 5), 1),
            ((return2 > -11) & (return2 <= -5), -1),
        )
        + graded(((ratio > 6) | (puts == 0), 2), (ratio > 3, 1))
    )
    told_points = pl.when(z.is_not_null() & return2.is_not_null()).then(own)
    week = (
        days.with_columns(points=told_points)
        .sort(DAY)
        .rolling("place", period="5i", group_by="underlying")
        .agg(
            pl.col("session_date", "calls", "mean").last(),
            n=pl.len(),
            n_points=pl.col("points").count(),
            score=pl.col("points").sum(),
        )
    )
    return week.filter(pl.col("n_points") == pl.col("n"))


def experts(store: str) -> int:
    """Count stocks whose score is in the highest hundredth of all stocks in a month."""
    weeks = points(store).collect().lazy()
    today = weeks.filter(pl.col("session_date") == TODAY)
    ago = pl.col("today_place") - pl.col("place")
    pool = (
        weeks.join(today.select(today_place=pl.col("place").max()), how="cross")
        .filter(ago.is_between(1, N))
        .group_by("score")
        .agg(n=pl.len())
    )
    asked = today.filter((pl.col("score") > 0) & (pl.col("calls") >= 2 * pl.col("mean")))
    less, equal = pl.col("before") < pl.col("score"), pl.col("before") <= pl.col("score")
    n = pl.col("n_pool")
    ranked = (
        asked.select("underlying", "score")
        .join(pool.select("n", before="score").rename({"n": "n_pool"}), how="cross")
        .group_by("underlying")
        .agg(n=n.sum(), twice=n.filter(less).sum() + n.filter(equal).sum())
    )
    return count(
        ranked.filter((pl.col("n") >= 100) & (pl.col("twice") / (2 * pl.col("n")) >= 0.99))
    )
