"""The detectors of what options usually trade, once more, with Polars: how many alerts each has."""

from collections.abc import Callable
from datetime import date

import polars as pl

from benchmarks.options_polars import ALL_DAYS, DAY, RUNS, count, sided, told

TRADED = (*RUNS, "cross", "floor", "multi_leg", "stock_tied", "late")
TODAY = pl.lit(date.fromisoformat(DAY))
SIDE = ["underlying", "put_call"]
NAMES = [
    "contract", "root", "expiration", "put_call", "session_date", "known_at", "sequence", "venue",
    "price", "size", "premium_usd", "trade_class", "is_iso",
]  # fmt: skip
EQUAL = ["contract", "venue", "price", "size"]


def sessions(store: str) -> pl.LazyFrame:
    """Return New York's sessions, and of the whole ones which each is."""
    listed = pl.scan_parquet(f"{store}/sessions/*.parquet").filter(pl.col("calendar") == "XNYS")
    whole = listed.filter(~pl.col("is_half_session")).sort("session_date")
    placed = whole.select("session_date", place=pl.row_index())
    names = ("session_date", "opens_at", "closes_at")
    return listed.select(*names, nth=pl.col("sequence")).join(placed, on="session_date", how="left")


def stood(found: pl.LazyFrame) -> pl.LazyFrame:
    """Return what traded, each with the moment of its cancel, which takes the newest equal one."""
    found = found.select(NAMES)
    is_cancel = pl.col("trade_class") == "cancel"
    equal = found.filter(is_cancel).select(EQUAL).unique()
    height = [*EQUAL, "height"]
    touched = (
        found.join(equal, on=EQUAL, how="semi")
        .sort("known_at", "sequence")
        .with_columns(is_cancel=is_cancel)
        .with_columns(
            height=pl.when("is_cancel").then(-1).otherwise(1).cum_sum().over(EQUAL)
            + pl.col("is_cancel").cast(pl.Int32)
        )
        .with_columns(
            withdrawn_at=pl.when(pl.col("is_cancel").shift(-1).over(height)).then(
                pl.col("known_at").shift(-1).over(height)
            )
        )
        .drop("is_cancel", "height")
    )
    whole = found.join(equal, on=EQUAL, how="anti").with_columns(
        withdrawn_at=pl.lit(None, touched.collect_schema()["withdrawn_at"])
    )
    return pl.concat([whole, touched]).filter(pl.col("trade_class").is_in(TRADED))


def halved(store: str, found: pl.LazyFrame) -> pl.LazyFrame:
    """Return prints by half hours since the open, and once more, negative, where withdrawn."""

    def half_hour(at: str) -> pl.Expr:
        since_open = (pl.col(at) - pl.col("opens_at")).dt.total_microseconds()
        return (
            pl.when(pl.col(at) < pl.col("opens_at"))
            .then(-1)
            .when(pl.col(at) >= pl.col("closes_at"))
            .then(13)
            .otherwise(since_open // 1_800_000_000)
        )

    opened = found.join(sessions(store), on="session_date").with_columns(
        usd=pl.col("premium_usd").round().cast(pl.Int64),
        contracts=pl.col("size").cast(pl.Int64),
        underlying="root",
    )
    same_day = pl.col("withdrawn_at").dt.date() == pl.col("known_at").dt.date()
    taken = opened.filter(same_day).with_columns(
        -pl.col("usd", "contracts"), half_hour=half_hour("withdrawn_at")
    )
    come = opened.with_columns(half_hour=half_hour("known_at"))
    return pl.concat([come, taken]).filter(
        (pl.col("half_hour") < 13) & pl.col("place").is_not_null()
    )


def marked(found: pl.LazyFrame, by: list[str], *sums: str) -> pl.LazyFrame:
    """Return sums from the open to each mark, of which the first half hours are the parts."""
    own = [*by, "place", "session_date"]
    parts = found.group_by(*own, "half_hour").agg(pl.col(sums).sum()).collect().lazy()
    return pl.concat(
        parts.filter(pl.col("half_hour") < mark)
        .group_by(own)
        .agg(pl.col(sums).sum(), mark=pl.lit(mark))
        for mark in range(1, 14)
    )


def volumes(store: str, *, of_today: bool = False) -> pl.LazyFrame:
    """Return contracts and premium of calls or puts at each mark, of all or what ends that day."""
    found = halved(store, stood(told(store, ALL_DAYS)))
    if of_today:
        found = found.filter(pl.col("expiration") == pl.col("session_date"))
    return marked(found, SIDE, "contracts", "usd")


def parted(found: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return what is of the day, and what was before it with how many sessions ago that is."""
    today = found.filter(pl.col("session_date") == TODAY)
    place = today.select(pl.col("place").max().alias("today_place"))
    past = found.filter(pl.col("session_date") < TODAY).join(place, how="cross")
    return today, past.with_columns(
        n_ago=pl.col("today_place").cast(pl.Int64) - pl.col("place").cast(pl.Int64)
    ).drop("today_place")


def history(
    today: pl.LazyFrame, past: pl.LazyFrame, reach: int, most: int | None, *, with_zeros: bool
) -> pl.LazyFrame:
    """Return each figure of the day beside those at its mark before; zeros where none traded.

    Without zeros a session counts in which the name had any such volume.
    """
    near = past.filter(pl.col("n_ago") <= reach)
    days = near.select("underlying", "n_ago").unique()
    if with_zeros:
        first = days.group_by("underlying").agg(first=pl.col("n_ago").max())
        loaded = near.select("n_ago").unique()
        days = first.join(loaded, how="cross").filter(pl.col("n_ago") <= pl.col("first"))
    if most:
        newest = pl.col("n_ago").rank("ordinal").over("underlying") <= most
        days = days.filter(newest)
    before = near.select(*SIDE, "n_ago", "mark", before="contracts")
    return (
        today.join(days.select("underlying", "n_ago"), on="underlying")
        .join(before, on=[*SIDE, "n_ago", "mark"], how="left")
        .with_columns(pl.col("before").fill_null(0))
    )


def high(store: str, least_median: int, *, of_today: bool) -> int:
    """Count calls or puts that trade far more than they did by that time of day."""
    today, past = parted(volumes(store, of_today=of_today))
    own = [*SIDE, "mark"]
    asked = today.filter(pl.col("contracts") >= 10)
    # A name's days of 0-DTE are a year's; of the rest those that were loaded count.
    reach = 252 if of_today else 66
    beside = history(asked, past, reach, 60, with_zeros=not of_today).with_columns(
        y=(1 + pl.col("before")).log()
    )
    middle = pl.col("y").median().over(own)
    measured = (
        beside.with_columns(far=(pl.col("y") - middle).abs(), middle=middle)
        .group_by(own)
        .agg(
            pl.col("contracts", "usd", "middle").first(),
            n=pl.len(),
            median=pl.col("before").median(),
            mad=pl.col("far").median(),
        )
    )
    z = 0.6745 * ((1 + pl.col("contracts")).log() - pl.col("middle")) / pl.col("mad")
    fired = measured.filter(
        (pl.col("n") >= 20)
        & (pl.col("mad") > 0)
        & (z.round(9) >= 2.5)
        & (pl.col("median") >= least_median)
        & (pl.col("usd") >= 100_000)
    )
    return count(fired.select(SIDE).unique())


def imbalances(store: str) -> int:
    """Count underlyings whose calls and puts are far from their usual balance by that time."""
    call, put = (pl.col("put_call") == kind for kind in ("call", "put"))
    both = (
        volumes(store)
        .group_by("underlying", "session_date", "place", "mark")
        .agg(
            calls=pl.col("contracts").filter(call).sum(),
            puts=pl.col("contracts").filter(put).sum(),
            usd=pl.col("usd").sum(),
        )
    )
    today, past = parted(both)
    loaded = (
        past.select("n_ago")
        .unique()
        .with_columns(nth=-pl.col("n_ago").rank("ordinal").cast(pl.Int64))
    )
    own = ["underlying", "mark"]
    kappa, calls, puts = 100, pl.col("calls"), pl.col("puts")
    ordered = (
        past.filter(pl.col("n_ago") <= 66)
        .join(loaded, on="n_ago")
        .filter(calls + puts > 0)
        .sort(*own, "nth")
    )
    months = (
        ordered.rolling("nth", period="20i", closed="left", group_by=own)
        .agg(
            n=pl.len(),
            farthest=pl.col("n_ago").max(),
            month_calls=calls.sum(),
            month_puts=puts.sum(),
        )
        .filter(pl.col("n") >= 10)
    )
    share = pl.col("month_calls") / (pl.col("month_calls") + pl.col("month_puts"))
    mixed_calls, mixed_puts = calls + kappa * share, puts + kappa * (1 - share)
    logit = (
        pl.when((pl.col("farthest") <= pl.col("n_ago") + 33) & (mixed_calls > 0) & (mixed_puts > 0))
        .then((mixed_calls / mixed_puts).log())
        .alias("logit")
    )
    usual = (
        ordered.join(months, on=[*own, "nth"], how="left")
        .with_columns(logit)
        .filter((pl.col("nth") >= -20) & (pl.col("n_ago") <= 33))
        .group_by(own)
        .agg(
            n=pl.len(),
            n_logit=pl.col("logit").count(),
            mean=pl.col("logit").mean(),
            sd=pl.col("logit").std(),
            usual_share=calls.sum() / (calls.sum() + puts.sum()),
        )
    )
    now = (calls + kappa * pl.col("usual_share")) / (calls + puts + kappa)
    z = ((now / (1 - now)).log() - pl.col("mean")) / pl.col("sd")
    fired = today.join(usual, on=own).filter(
        (pl.col("n_logit") >= 20)
        & (pl.col("sd") > 0)
        & (z.round(6).abs() >= 2.5)
        & (calls + puts >= 500)
        & (pl.col("usd") >= 100_000)
    )
    return count(fired.select("underlying").unique())


def flows(store: str) -> pl.LazyFrame:
    """Return each underlying's premium at each mark of the day, and its net, beside its past."""
    found = stood(told(store, ALL_DAYS))
    others = found.filter(~pl.col("trade_class").is_in(RUNS))
    names = [*NAMES, "withdrawn_at", "side"]
    both = [sided(found).select(names), others.with_columns(side=None).select(names)]
    whole = halved(store, pl.concat(both, how="vertical_relaxed"))
    usd, side = pl.col("usd"), pl.col("side")
    bull = pl.when(pl.col("put_call") == "call").then(side).otherwise(-side)
    signed = whole.with_columns(
        sided_usd=pl.when(side.is_not_null()).then(usd).otherwise(0),
        net_usd=(bull * usd).fill_null(0),
    )
    figures = ("usd", "sided_usd", "net_usd")
    reached = marked(signed, ["underlying"], *figures).filter(usd > 0)
    today, past = parted(reached)
    before = past.filter(pl.col("n_ago") <= 252).select(
        "underlying", "mark", "n_ago", past_usd="usd", past_net="net_usd"
    )
    frac, recent = pl.col("past_net") / pl.col("past_usd"), pl.col("n_ago") <= 60
    size, was = pl.col("net_usd").abs(), pl.col("past_net").abs()
    mark = ["underlying", "mark"]
    beside = today.join(before, on=mark).with_columns(
        recent_frac=pl.when(recent).then(frac),
        twice=(was < size).cast(pl.Int64) + (was <= size).cast(pl.Int64),
    )
    middle = pl.col("recent_frac").median().over(mark)
    z = 0.6745 * (pl.col("net_usd") / usd - pl.col("middle")) / pl.col("mad")
    return (
        beside.with_columns(middle=middle, far=(pl.col("recent_frac") - middle).abs())
        .group_by(mark)
        .agg(
            pl.col(*figures, "middle").first(),
            n=pl.len(),
            n_recent=pl.col("recent_frac").count(),
            mad=pl.col("far").median(),
            twice=pl.col("twice").sum(),
        )
        .with_columns(
            pr=pl.when(pl.col("n") >= 20).then((pl.col("twice") / (2 * pl.col("n"))).round(9)),
            z=pl.when((pl.col("n_recent") >= 20) & (pl.col("mad") > 0)).then(z.round(9)),
            unsided_frac=(1 - pl.col("sided_usd") / usd).round(9),
        )
    )


def net_flows(store: str) -> int:
    """Count underlyings whose options are far more on one side than by that time before."""
    fired = flows(store).filter(
        (pl.col("z").abs() >= 3.5)
        & (pl.col("unsided_frac") <= 0.5)
        & (pl.col("usd") >= 1_000_000)  # nobody knows what the companies are worth
        & (pl.col("net_usd") != 0)
    )
    return count(fired.select("underlying").unique())


def unusual(store: str) -> int:
    """Count underlyings of which the rarest of three figures is so as hardly ever in a year."""
    today, past = parted(volumes(store))
    own = [*SIDE, "mark"]
    now, was = pl.col("contracts"), pl.col("before")
    ranked = (
        history(today.filter(now > 0), past, 252, None, with_zeros=True)
        .with_columns(twice=(was < now).cast(pl.Int64) + (was <= now).cast(pl.Int64))
        .group_by(own)
        .agg(pl.col("usd").first(), n=pl.len(), twice=pl.col("twice").sum())
        .with_columns(pr=(pl.col("twice") / (2 * pl.col("n"))).round(9))
        .select("underlying", "mark", "usd", "pr", "n")
    )
    net = flows(store).select(
        "underlying", "mark", pl.lit(0).cast(pl.Int64).alias("usd"), "pr", "n"
    )
    three = (
        pl.concat([ranked, net.with_columns(pl.col("n").cast(pl.get_index_type()))])
        .with_columns(pr=pl.when(pl.col("n") >= 60).then("pr"))
        .group_by("underlying", "mark")
        .agg(usd=pl.col("usd").sum(), n=pl.col("pr").count(), pr=pl.col("pr").max())
    )
    rare = (100 * pl.col("pr") ** pl.col("n")).round(6) >= 95
    fired = three.filter((pl.col("n") >= 3) & rare & (pl.col("usd") >= 100_000))
    return count(fired.select("underlying").unique())


FOUND: dict[str, Callable[[str], int]] = {
    "options.call_put_imbalance": imbalances,
    "options.high_volume": lambda store: high(store, 100, of_today=False),
    "options.net_flow": net_flows,
    "options.unusual": unusual,
    "options.zero_dte": lambda store: high(store, 500, of_today=True),
}
