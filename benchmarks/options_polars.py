"""The detectors of options that need no past, once more, with Polars: how many alerts each has."""

from collections.abc import Callable

import polars as pl

from loaders.option_codes import lettered

DAY, ALL_DAYS = "2024-03-01", "*"
RUNS = ("regular", "auction")
PRINT_ID = pl.concat_str("venue", "trade_id", separator=":")
OWN = ["contract", "side"]
GAP, SECOND, MINUTE = (
    pl.duration(milliseconds=100),
    pl.duration(seconds=1),
    pl.duration(minutes=1),
)
PREMIUM = pl.col("price").cast(pl.Float64) * pl.col("size").cast(pl.Float64) * 100
STANDS = (
    pl.col("cancelled_at").is_null()
    | (pl.col("cancelled_at") > pl.col("traded_at") + SECOND)
    | (pl.col("cancelled_at") < pl.col("known_at"))
)


def told(store: str, day: str = DAY) -> pl.LazyFrame:
    """Return all prints of a day, or of all, with what their condition means."""
    codes = [row for row in lettered() if row["source_feed"] == "massive_option_trades"]
    names = ("condition", "trade_class", "is_iso")
    classes = pl.DataFrame({name: [row[name] for row in codes] for name in names}).lazy()
    files = f"{store}/option_trades/known_date={day}/*.parquet"
    rows = pl.scan_parquet(files, hive_partitioning=False)
    return rows.join(classes, on="condition").with_columns(premium_usd=PREMIUM)


def prints(store: str, day: str = DAY) -> pl.LazyFrame:
    """Return all prints of a day, each with the moments at which an equal one was cancelled."""
    classed = told(store, day)
    keys = ["contract", "venue", "price", "size"]
    cancelled = classed.filter(pl.col("trade_class") == "cancel").select(
        *keys, cancelled_at="known_at"
    )
    return classed.join(cancelled, on=keys, how="left")


def sided(found: pl.LazyFrame) -> pl.LazyFrame:
    """Return of prints the regular ones and auctions, with their side by the tick."""
    own = "contract"
    return (
        found.filter(pl.col("trade_class").is_in(RUNS))
        .sort("contract", "known_at", "sequence")
        .with_columns(
            before=pl.col("price").shift(1).over(own), at=pl.col("known_at").shift(1).over(own)
        )
        .with_columns(
            is_move=(pl.col("price") != pl.col("before"))
            & (pl.col("known_at") <= pl.col("at") + MINUTE)
        )
        .with_columns(
            step=pl.when("is_move")
            .then(pl.when(pl.col("price") > pl.col("before")).then(1).otherwise(-1))
            .forward_fill()
            .over(own),
            moved_at=pl.when("is_move").then("known_at").forward_fill().over(own),
        )
        .with_columns(side=pl.when(pl.col("known_at") <= pl.col("moved_at") + MINUTE).then("step"))
        .with_columns(is_of_runs=(pl.col("trade_class") == "regular") | pl.col("is_iso"))
    )


def sides(store: str, day: str = DAY) -> pl.LazyFrame:
    """Return a day's regular prints and auctions with their side."""
    return sided(prints(store, day))


def runs(store: str, day: str = DAY) -> pl.LazyFrame:
    """Return prints with the moment at which their run began, cut to its first second."""
    return (
        sides(store, day)
        .filter(pl.col("side").is_not_null() & pl.col("is_of_runs") & STANDS)
        .sort("contract", "side", "traded_at", "sequence")
        .with_columns(last=pl.col("traded_at").shift(1).over(OWN))
        .with_columns(
            started_at=pl.when(
                pl.col("last").is_null() | (pl.col("traded_at") > pl.col("last") + GAP)
            )
            .then("traded_at")
            .forward_fill()
            .over(OWN)
        )
        .filter(pl.col("traded_at") <= pl.col("started_at") + SECOND)
    )


def parents(store: str, day: str = DAY) -> pl.LazyFrame:
    """Return runs of prints of one contract and side."""
    return (
        runs(store, day)
        .group_by("contract", "side", "started_at")
        .agg(
            n_prints=pl.len(),
            n_exchanges=pl.col("venue").n_unique(),
            ended_at=pl.col("traded_at").max(),
            first_id=PRINT_ID.sort_by("traded_at", "sequence").first(),
            premium_usd=pl.col("premium_usd").sum().round(6),
        )
    )


def count(found: pl.LazyFrame) -> int:
    """Return how many rows there are."""
    return int(found.select(pl.len()).collect().item())


def runs_of(store: str, least_usd: float, day: str = DAY, *, is_wide: bool) -> pl.LazyFrame:
    """Return runs of several venues, or of several prints of one, of at least so much."""
    wide = pl.col("n_exchanges") > 1
    narrow = (pl.col("n_exchanges") == 1) & (pl.col("n_prints") > 1)
    kind = wide if is_wide else narrow
    return parents(store, day).filter(kind & (pl.col("premium_usd") >= least_usd))


def blocks(store: str, day: str = DAY) -> pl.LazyFrame:
    """Return large prints: on a book those that stand alone, others as they are."""
    is_large = (pl.col("size") >= 100) & (pl.col("premium_usd") >= 100_000)
    taped = sides(store, day)
    alone = (
        taped.filter(pl.col("is_of_runs") & STANDS)
        .sort("contract", "side", "traded_at", "sequence")
        .with_columns(
            last=pl.col("traded_at").shift(1).over(OWN),
            following=pl.col("traded_at").shift(-1).over(OWN),
        )
        .filter(
            is_large
            & ~(pl.col("last") + GAP >= pl.col("traded_at")).fill_null(False)
            & ~(pl.col("following") <= pl.col("traded_at") + GAP).fill_null(False)
        )
    )
    others = prints(store, day).filter(
        is_large
        & (
            pl.col("trade_class").is_in(["cross", "floor"])
            | ((pl.col("trade_class") == "auction") & ~pl.col("is_iso"))
        )
    )
    names = ["contract", "venue", "trade_id"]
    return pl.concat([alone.select(names), others.select(names)]).unique()


def hits(store: str) -> int:
    """Count runs with more than five prints within a tenth of a second, of a large premium."""
    at_once = (
        runs(store)
        .sort("contract", "side", "traded_at")
        .rolling("traded_at", period="100ms", closed="both", group_by=["contract", "side"])
        .agg(n_hits=pl.len(), started_at=pl.col("started_at").last())
        .group_by("contract", "side", "started_at")
        .agg(pl.col("n_hits").max())
        .filter(pl.col("n_hits") >= 6)
    )
    dear = parents(store).filter(pl.col("premium_usd") > 100_000)
    return count(dear.join(at_once, on=["contract", "side", "started_at"], how="semi"))


def repeats(store: str) -> int:
    """Count chains of at least three orders of one contract and side, seconds to minutes apart."""
    half_hour, span = pl.duration(minutes=30), pl.duration(minutes=61)
    last = pl.col("last")
    chains = (
        parents(store)
        .filter(pl.col("premium_usd") >= 25_000)
        .sort("contract", "side", "started_at")
        .with_columns(last=pl.col("ended_at").shift(1).over(OWN))
        .with_columns(
            began_at=pl.when(last.is_null() | (last + half_hour < pl.col("started_at")))
            .then("started_at")
            .forward_fill()
            .over(OWN)
        )
        .filter(
            (last.is_null() | (last + SECOND <= pl.col("started_at")))
            & (pl.col("started_at") <= pl.col("began_at") + span)
        )
    )
    own = ["contract", "side", "began_at"]
    so_far = chains.with_columns(
        nth=pl.col("started_at").cum_count().over(own),
        usd=pl.col("premium_usd").cum_sum().over(own),
    )
    enough = so_far.filter((pl.col("nth") >= 3) & (pl.col("usd") >= 250_000))
    return count(enough.select(own).unique())


def floors(store: str) -> int:
    """Count large prints of a floor that follow ten sweeps of their contract at least."""
    floor = prints(store).filter(
        (pl.col("trade_class") == "floor") & (pl.col("premium_usd") >= 100_000)
    )
    sweeps = parents(store).filter(pl.col("n_exchanges") > 1)
    followed = floor.join(sweeps, on="contract").filter(
        (pl.col("known_at") >= pl.col("ended_at") + GAP + SECOND)
        & (pl.col("ended_at") >= pl.col("traded_at") - pl.duration(minutes=10))
    )
    by_print = followed.group_by("contract", "venue", "trade_id").agg(n=pl.len())
    return count(by_print.filter(pl.col("n") >= 10))


def packages(store: str) -> pl.LazyFrame:
    """Return prints of several options that came as one, their legs in order, and a shape."""
    tape = ["root", "venue", "told_by"]
    moment, gap, span = (pl.duration(milliseconds=n) for n in (1, 50, 200))
    traded, last = pl.col("traded_at"), pl.col("last")
    legged = (
        prints(store)
        .filter(
            STANDS
            & (
                pl.col("trade_class").is_in(["multi_leg", "stock_tied"])
                | (pl.col("trade_class").is_in(RUNS) & (pl.col("size") >= 10))
            )
        )
        .with_columns(
            told_by=pl.when(pl.col("trade_class").is_in(RUNS))
            .then(pl.lit("size"))
            .otherwise("trade_class")
        )
        .sort(*tape, "traded_at", "sequence")
        .with_columns(last=traded.shift(1).over(tape), following=traded.shift(-1).over(tape))
        .with_columns(
            starts_moment=last.is_null() | (last + moment < traded),
            starts_run=last.is_null() | (last + gap < traded),
            ends_run=pl.col("following").is_null() | (pl.col("following") > traded + gap),
        )
        .filter((pl.col("told_by") == "stock_tied") | ~(pl.col("starts_run") & pl.col("ends_run")))
        .with_columns(
            moment_at=pl.when("starts_moment").then("traded_at").forward_fill().over(tape),
            run_at=pl.when("starts_run").then("traded_at").forward_fill().over(tape),
        )
        .filter(traded <= pl.col("moment_at") + gap)
        .with_columns(
            began_at=pl.when(pl.col("moment_at") > pl.col("run_at") + span)
            .then("moment_at")
            .otherwise("run_at")
        )
    )
    moments = legged.group_by(*tape, "began_at", "moment_at").agg(
        is_whole=pl.col("contract").n_unique() > 1
    )
    parts = legged.join(moments, on=[*tape, "began_at", "moment_at"]).with_columns(
        is_whole=pl.col("is_whole") | (pl.col("told_by") == "stock_tied")
    )
    parts = parts.with_columns(part_at=pl.when("is_whole").then("moment_at").otherwise("began_at"))
    part = [*tape, "began_at", "is_whole"]
    fills = (
        parts.group_by(*part, "part_at")
        .agg(contracts=pl.col("contract").unique().sort().str.join(" "))
        .with_columns(first_at=pl.col("part_at").min().over([*part, "contracts"]))
        .drop("contracts")
    )
    whole = [*tape, "is_whole", "first_at"]
    legs = (
        parts.join(fills, on=[*part, "part_at"])
        .group_by(*whole, "contract")
        .agg(
            pl.col("expiration", "strike", "put_call").first(),
            pl.col("size", "premium_usd").sum(),
        )
        .sort("expiration", "strike", "put_call", "contract")
    )
    return shaped(
        legs.group_by(whole, maintain_order=True).agg(
            pl.col("expiration", "strike", "put_call", "size", "premium_usd"),
            sizes=pl.col("size").unique().sort(),
            n_legs=pl.len(),
        )
    )


def shaped(found: pl.LazyFrame) -> pl.LazyFrame:
    """Return packages whose sizes fit, with their shape and what is left of them netted."""

    def leg(name: str, n: int) -> pl.Expr:
        return pl.col(name).list.get(n - 1, null_on_oob=True)

    def same(name: str, *ns: int) -> pl.Expr:
        return pl.all_horizontal(leg(name, 1) == leg(name, n) for n in ns)

    least, more, most = (pl.col("sizes").list.get(n, null_on_oob=True) for n in range(3))
    n_sizes, n_legs = pl.col("sizes").list.len(), pl.col("n_legs")
    has_ratio = (
        (n_sizes == 1)
        | ((n_sizes == 2) & pl.any_horizontal(2 * more == n * least for n in (3, 4, 6)))
        | ((n_sizes == 3) & (more == 2 * least) & (most == 3 * least))
    )
    rights = pl.col("put_call").list.join(" ")
    four = (n_legs == 4) & same("expiration", 4) & same("size", 2, 3, 4)
    middle = leg("strike", 2) == leg("strike", 3)
    pairs = (leg("strike", 1) == leg("strike", 2)) & (leg("strike", 3) == leg("strike", 4))
    two, day, strike = n_legs == 2, same("expiration", 2), same("strike", 2)
    right, size = same("put_call", 2), same("size", 2)
    shapes = {
        "stock_tied": pl.col("told_by") == "stock_tied",
        "other": n_legs > 4,
        "ratio": two & right & ~size,
        "vertical": two & right & day,
        "calendar": two & right & strike,
        "diagonal": two & right,
        "straddle": two & day & size & strike,
        "strangle": two & day & size,
        "butterfly": (n_legs == 3)
        & same("expiration", 3)
        & same("put_call", 2, 3)
        & same("size", 3)
        & (2 * leg("size", 1) == leg("size", 2)),
        "condor": four & rights.is_in(["call call call call", "put put put put"]),
        "iron_condor": four & (rights == "put put call call"),
        "iron_butterfly": four & (rights == "put call put call") & middle,
        "box": four & (rights == "call put call put") & pairs,
    }
    shape = pl.coalesce(
        *(pl.when(is_so).then(pl.lit(name)) for name, is_so in shapes.items()), pl.lit("other")
    )
    usd = [leg("premium_usd", n) for n in (1, 2, 3, 4)]
    sign2 = pl.when(pl.col("shape").is_in(["straddle", "strangle"])).then(1).otherwise(-1)
    sign3 = pl.when(n_legs == 4).then(-1).otherwise(1)
    netted = usd[0] + sign2 * usd[1] + (sign3 * usd[2]).fill_null(0) + usd[3].fill_null(0)
    unit = pl.when((n_sizes > 1) & (2 * more == 3 * least)).then(least / 2).otherwise(least)
    return (
        found.filter(((n_legs > 1) | (pl.col("told_by") == "stock_tied")) & (n_legs <= 6))
        .filter(has_ratio)
        .with_columns(shape=shape, unit=unit)
        .with_columns(
            left_usd=pl.when(n_legs == 1)
            .then(usd[0])
            .when(~pl.col("shape").is_in(["stock_tied", "other"]))
            .then(netted.abs().round(6))
        )
    )


def netted_packages(store: str) -> int:
    """Count packages of which enough is left when their legs are netted."""
    return count(packages(store).filter(pl.col("left_usd") >= 25_000))


def rolls(store: str) -> int:
    """Count large pairs of one right and two expirations."""
    is_large = (pl.col("unit") >= 100) | (pl.col("premium_usd").list.max() >= 100_000)
    kinds = ["calendar", "diagonal"]
    return count(packages(store).filter(pl.col("shape").is_in(kinds) & is_large))


FOUND: dict[str, Callable[[str], int]] = {
    "options.block": lambda store: count(blocks(store)),
    "options.golden_sweep": lambda store: count(runs_of(store, 1_000_000, is_wide=True)),
    "options.multi_leg": netted_packages,
    "options.repeated_hits": hits,
    "options.repeater": repeats,
    "options.roll": rolls,
    "options.split": lambda store: count(runs_of(store, 50_000, is_wide=False)),
    "options.sweep": lambda store: count(runs_of(store, 50_000, is_wide=True)),
    "options.sweep_then_floor": floors,
}
