"""Pump and dump: the published features, windows and forest, and the house's rule, on one market.

python -m studies pump [--labels FILE] [--events N] [--rivals F] [--seed N]
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from leadline.errors import QueryError
from leadline.warehouse import Warehouse
from studies import pump_trades as market
from studies.donoho_market import Flags, Floats
from studies.figures import interval, say, table, wilson
from studies.house import frame, house, load
from studies.pump_trades import Pump

EVENTS, RIVALS, SEED = 104, 0.25, 20_180_103  # the paper has 104; a rush in four days is a guess
DETECTOR = "crypto.pump"
AROUND = timedelta(hours=24)  # chunks so far from the announcement are judged, as is published
COUNTS = timedelta(minutes=5)  # an alert within so much finds the pump
RATIOS = (1.9, 1.5, 1.2)  # the rule's own bound on the price, and looser ones
THINNED = 10  # of chunks without a pump one in so many is learned from, and weighs so many
CUT = 30.32  # of the deviation of rush orders, published
NAMES = (
    "std_rush_orders", "avg_rush_orders", "std_trades", "std_volume", "avg_volume", "std_price",
    "avg_price", "avg_price_max",
)  # fmt: skip

# The public code's windows: 900 chunks with buys, however long they take, and 10 for two of them.
ROWS = """
with chunks as (
    select
        pair, chunk_at,
        cast(rush_orders as double) as rushes,
        cast(n_buys as double) as buys,
        cast(buy_volume as double) as amount,
        cast(sum_buy_price as double) / n_buys as price,
        buy_high as high
    from answer
    where n_buys > 0
),

rolled as (
    select
        *,
        count(*) over w as n,
        stddev_samp(rushes) over w as a, avg(rushes) over w as b, stddev_samp(buys) over w as c,
        stddev_samp(amount) over w as d, avg(amount) over w as e, stddev_samp(price) over w as f,
        avg(price) over ten as g, avg(high) over ten as h
    from chunks
    window
        w as (partition by pair order by chunk_at rows between 899 preceding and current row),
        ten as (partition by pair order by chunk_at rows between 9 preceding and current row)
)

select
    pair, chunk_at,
    round(a / nullif(lag(a) over o, 0) - 1, 3) as std_rush_orders,
    round(b / nullif(lag(b) over o, 0) - 1, 3) as avg_rush_orders,
    round(c / nullif(lag(c) over o, 0) - 1, 3) as std_trades,
    round(d / nullif(lag(d) over o, 0) - 1, 3) as std_volume,
    round(e / nullif(lag(e) over o, 0) - 1, 3) as avg_volume,
    round(f / nullif(lag(f) over o, 0) - 1, 3) as std_price,
    round(g / nullif(lag(g) over o, 0) - 1, 3) as avg_price,
    round(h / nullif(lag(h) over o, 0) - 1, 3) as avg_price_max
from rolled
window o as (partition by pair order by chunk_at)
qualify lag(n) over o = 900
"""


@dataclass(frozen=True)
class Judged:
    """How many of so many were right, and of so many events found."""

    name: str
    n_right: int
    n_told: int
    n_events: int

    @property
    def row(self) -> tuple[str, ...]:
        """Return precision, recall and F1 in percent, with the intervals of the first two."""
        precision = self.n_right / self.n_told if self.n_told else 0.0
        recall = self.n_right / self.n_events
        both = 2 * precision * recall / (precision + recall) if self.n_right else 0.0
        return (
            self.name, f"{100 * precision:.1f}", interval(*_pct(wilson(self.n_right, self.n_told))),
            f"{100 * recall:.1f}", interval(*_pct(wilson(self.n_right, self.n_events))),
            f"{100 * both:.1f}",
        )  # fmt: skip


def _pct(ends: tuple[float, float]) -> tuple[float, float]:
    return 100 * ends[0], 100 * ends[1]


def main(words: Sequence[str]) -> Iterator[str]:
    """Yield the study's lines."""
    given = _arguments().parse_args(words)
    pumps = (
        market.labelled(given.labels, given.events)
        if given.labels
        else market.invented(given.events, given.seed)
    )
    if len(pumps) < 10:
        raise QueryError(
            f"--events: {len(pumps)} pumps are too few to learn from; take 10 at least"
        )
    say(f"pump: {len(pumps)} pumps, {given.rivals:g} other rushes a pair and day")
    yield from report(*found(pumps, given.rivals, given.seed), len(pumps), given.seed)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studies pump", description=__doc__)
    parser.add_argument("--labels", type=Path, help="pump_telegram.csv; else times are made up")
    parser.add_argument("--events", type=int, default=EVENTS, help="the first so many on Binance")
    parser.add_argument("--rivals", type=float, default=RIVALS, help="other rushes a pair and day")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser


def found(
    pumps: Sequence[Pump], rivals: float, seed: int
) -> tuple[dict[str, pl.DataFrame], list[Judged]]:
    """Return the chunks around the pumps by both windows, and what the house's rule says."""
    with house() as warehouse:
        begins = fill(warehouse, pumps, rivals, seed)
        say("pump: asking the house's rule, and for the chunks")
        rules = [rule(warehouse, pumps, ratio) for ratio in RATIOS]
        return chunks(warehouse, pumps, begins), rules


def fill(warehouse: Warehouse, pumps: Sequence[Pump], rivals: float, seed: int) -> list[datetime]:
    """Load the trades around these pumps; return when each of them began."""
    begins: list[datetime] = []
    told: list[pa.Table] = [market.dollars(pumps)]
    for trades, begun in market.trades(pumps, rivals, seed):
        told.append(trades)
        begins.append(begun)
    load(warehouse, "binance_dumps", {"crypto_trades": pa.concat_tables(told)})
    return begins


def _span(pumps: Sequence[Pump]) -> tuple[datetime, datetime]:
    moments = [pump.at for pump in pumps]
    before, after = market.DAYS_BEFORE, market.DAYS_AFTER
    return min(moments) - timedelta(days=before + 1), max(moments) + timedelta(days=after + 1)


def chunks(
    warehouse: Warehouse, pumps: Sequence[Pump], begins: Sequence[datetime]
) -> dict[str, pl.DataFrame]:
    """Return all chunks of a day around each pump; `is_pump` is the one in which it begins."""
    span = _span(pumps)
    own = ", ".join(("pair", "chunk_at", *NAMES))
    answers = {
        "7 hours": frame(warehouse, "features.rush_orders", span, f"select {own} from answer"),
        "900 chunks": frame(warehouse, "features.pump_chunks", span, ROWS),
    }
    labels = pl.DataFrame(
        {
            "pair": [pump.pair for pump in pumps],
            "announced_at": [pump.at for pump in pumps],
            "begun_at": begins,
            "event": range(len(pumps)),
        }
    ).cast({"announced_at": pl.Datetime("us", "UTC"), "begun_at": pl.Datetime("us", "UTC")})
    judged = {}
    for name, answer in answers.items():
        rows = answer.join(labels, on="pair")
        since_hour = (pl.col("chunk_at") - pl.col("announced_at")).abs() <= AROUND
        age = pl.col("begun_at") - pl.col("chunk_at")
        judged[name] = (
            rows.filter(since_hour)
            .drop_nulls()
            .with_columns(
                is_pump=(age >= timedelta(0)) & (age < timedelta(seconds=25)),
                hour=pl.col("chunk_at").dt.hour(),
                minute=pl.col("chunk_at").dt.minute(),
            )
            .sort("event", "chunk_at")
        )
    return judged


def rule(warehouse: Warehouse, pumps: Sequence[Pump], ratio: float) -> Judged:
    """Hold the house's detector against the announced moments; alarms around them count."""
    params = {DETECTOR: {"min_price_ratio": ratio}}
    answer = warehouse.ask(DETECTOR, *_span(pumps), params=params)
    alerts = answer.select("entity, fired_at").to_arrow_table().to_pylist()
    at = {f"binance:{pump.pair}": pump.at for pump in pumps}
    told = [row for row in alerts if abs(row["fired_at"] - at[row["entity"]]) <= AROUND]
    right = {
        row["entity"]
        for row in told
        if timedelta(0) <= row["fired_at"] - at[row["entity"]] <= COUNTS
    }
    return Judged(f"`{DETECTOR}`, price over {ratio:g} times", len(right), len(told), len(pumps))


def inputs(rows: pl.DataFrame) -> Floats:
    """Return what the forest learns from, the time of day on two circles as in the public code."""
    hour, minute = rows["hour"].to_numpy(), rows["minute"].to_numpy()
    circles = [
        turn(2 * np.pi * value / whole)
        for value, whole in ((hour, 23), (minute, 59))
        for turn in (np.sin, np.cos)
    ]
    return np.column_stack([rows.select(NAMES).to_numpy(), *circles])


def validated(name: str, rows: pl.DataFrame, model: Any, folds: Any, n: int) -> Judged:
    """Let a model say of each chunk what it learned from others, and count."""
    given, hits = inputs(rows), rows["is_pump"].to_numpy()
    told = np.zeros(len(hits), bool)
    for known, asked in folds.split(given, hits, rows["event"].to_numpy()):
        told[asked] = taught(model, given[known], hits[known]).predict(given[asked])
    return Judged(name, int((told & hits).sum()), int(told.sum()), n)


def later(name: str, rows: pl.DataFrame, model: Any, n: int) -> Judged:
    """Learn from the first 70 % of the pumps and judge the rest."""
    cut = int(0.7 * n)
    early, late = rows.filter(pl.col("event") < cut), rows.filter(pl.col("event") >= cut)
    told = taught(model, inputs(early), early["is_pump"].to_numpy()).predict(inputs(late))
    hits = late["is_pump"].to_numpy()
    return Judged(name, int((told & hits).sum()), int(told.sum()), n - cut)


def taught(model: Any, given: Floats, hits: Flags) -> Any:
    """Fit a model to all pumps and to each tenth of the other chunks, which weighs ten."""
    kept = hits | (np.arange(len(hits)) % THINNED == 0)
    weights = np.where(hits, 1.0, THINNED)[kept]
    return model.fit(given[kept], hits[kept], sample_weight=weights)


def report(
    by_window: dict[str, pl.DataFrame], rules: Sequence[Judged], n: int, seed: int
) -> Iterator[str]:
    """Yield the tables, the published figures beside ours."""
    from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier
    from sklearn.model_selection import GroupKFold, StratifiedKFold
    from sklearn.tree import DecisionTreeClassifier

    def forest(depth: int, leaf: int) -> Any:
        return RandomForestClassifier(
            200, max_depth=depth, min_samples_leaf=leaf, random_state=seed, n_jobs=2
        )

    boosted = AdaBoostClassifier(
        DecisionTreeClassifier(max_depth=5), n_estimators=100, learning_rate=0.5, random_state=seed
    )
    public, own = by_window["900 chunks"], by_window["7 hours"]
    judged = [
        validated("forest, 900 chunks, 5 folds", public, forest(5, 1), StratifiedKFold(5), n),
        validated("forest, 900 chunks, 10 folds", public, forest(5, 1), StratifiedKFold(10), n),
        validated(
            "forest of the paper, 7 hours, 5 folds", own, forest(4, 6), StratifiedKFold(5), n
        ),
        validated("the same, folds by pair", own, forest(4, 6), GroupKFold(5), n),
        later("the same, the last 30 % of the pumps", own, forest(4, 6), n),
        validated("AdaBoost, 900 chunks, 5 folds", public, boosted, StratifiedKFold(5), n),
        *(
            single(f"`std_rush_orders` > {CUT}, {name}", rows, n)
            for name, rows in by_window.items()
        ),
        *rules,
    ]
    yield from table(
        ("method", "precision", "95 %", "recall", "95 %", "F1"),
        [
            ("published, 25 s", "93.7", "", "91.3", "", "91.8"),
            ("published, 25 s, 10 folds", "93.1", "", "91.4", "", "92.0"),
            (f"published, `std_rush_orders` > {CUT}", "91.1", "", "89.9", "", ""),
            *(each.row for each in judged),
        ],
    )
    yield ""
    trained = taught(forest(5, 1), inputs(public), public["is_pump"].to_numpy())
    weights = trained.feature_importances_
    published = {"std_rush_orders": "0.401", "std_trades": "0.202", "avg_rush_orders": "0.153"}
    names = (*NAMES, "hour_sin", "hour_cos", "minute_sin", "minute_cos")
    yield from table(
        ("input", "weight in the forest", "published"),
        [
            (f"`{name}`", f"{weight:.3f}", published.get(name, ""))
            for weight, name in sorted(zip(weights, names, strict=True), reverse=True)
        ],
    )
    yield ""
    for name, rows in by_window.items():
        n_pumps = int(rows["is_pump"].sum())
        yield f"{name}: {rows.height:,} chunks, {n_pumps} of {n} pumps begin in one of them."


def single(name: str, rows: pl.DataFrame, n: int) -> Judged:
    """Judge the published cut of one input."""
    told = (rows["std_rush_orders"] > CUT).to_numpy()
    hits = rows["is_pump"].to_numpy()
    return Judged(name, int((told & hits).sum()), int(told.sum()), n)
