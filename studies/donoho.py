"""Donoho 2004: who trades before the news? The expert score beside random, and beside models.

python -m studies donoho [--stocks N] [--insiders F,…] [--spread F] [--seed N]
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from leadline.errors import QueryError
from leadline.quiet import Session
from leadline.warehouse import Warehouse
from studies import donoho_market as markets
from studies.donoho_market import Flags, Floats, Market
from studies.figures import interval, say, share, table, wilson
from studies.house import frame, house, load
from studies.ranks import found_at, lift_between

FIRST, LAST = date(2003, 3, 11), date(2003, 9, 24)  # the paper's months, and two weeks of labels
LABELLED = (date(2003, 4, 21), date(2003, 9, 10))  # the paper's 100 sessions, but for half ones
TEST = date(2003, 8, 1)  # the paper trains before
WINDOW = 10  # sessions: the paper's two weeks
FEWEST = 10  # events to learn from
DEPTHS = (0.016, 0.05, 0.08, 0.10)
# The spread at which the gate lets through about what the paper says: 2.7 %.
STOCKS, INSIDERS, SPREAD, SEED = 2_160, (0.0, 0.03, 0.1, 0.15, 0.5), 0.3, 20_030_311
DETECTOR, POINTS = "options.donoho_expert", "features.donoho_points"

# What the models see: the day, and what the five days to it say together.
INPUTS = """
select
    underlying, session_date, score, points,
    near_call_volume / nullif(near_call_mean20, 0) as ratio20,
    ln(1 + near_call_volume) as log_calls,
    ln(1 + near_put_volume) as log_puts,
    coalesce(near_call_z20, 0) as z20,
    top_series_pct,
    coalesce(c_vs_high_put, 0) as c_vs_high_put,
    return2_pct,
    coalesce(call_put_ratio, 0) as call_put_ratio,
    ln(1 + n_articles) as log_articles,
    ln(1 + n_articles_30d) as log_articles_30d,
    n_articles / nullif(n_articles_30d, 0) as articles_frac,
    avg(near_call_volume / nullif(near_call_mean20, 0)) over five as mean_ratio_5d,
    max(near_call_volume / nullif(near_call_mean20, 0)) over five as max_ratio_5d,
    sum(case when near_call_volume > 2 * near_call_mean20 then 1 else 0 end) over five as n_high_5d,
    avg(near_call_z20) over five as mean_z_5d,
    avg(top_series_pct) over five as mean_top_5d,
    sum(return2_pct) over five as sum_return_5d,
    sum(points) over five as points_5d
from answer
window five as (
    partition by underlying order by place range between 4 preceding and current row
)
"""
ALERTS = """
select entity as underlying, cast(evidence ->> 'session_date' as date) as session_date
from answer
"""
KEYS = ("underlying", "session_date", "score")


@dataclass(frozen=True)
class Days:
    """The company-days of one market that could be scored, and what followed."""

    n_all: int  # company-days of the labelled sessions, traded or not
    n_ratio: int  # of these, calls at twice their mean
    gated: pl.DataFrame  # those with a score over 0 too, with `is_hit`
    n_alerts: int
    n_right: int  # alerts with an event behind them
    n_insiders: int


def main(words: Sequence[str]) -> Iterator[str]:
    """Yield the study's lines: one market for each share of insiders."""
    given = _arguments().parse_args(words)
    shares = shares_of(given.insiders)
    found = []
    for insiders in shares:
        say(f"donoho: {given.stocks:,} companies, insiders before {insiders:.0%} of good news")
        found.append((insiders, days_of(given.stocks, insiders, given.spread, given.seed)))
    yield from report(found, given.seed)


def shares_of(words: str) -> list[float]:
    """Read shares of the good news; a QueryError names the one that is none."""
    found = []
    for word in words.split(","):
        try:
            found.append(float(word))
        except ValueError:
            found.append(-1.0)
        if not 0 <= found[-1] <= 1:
            raise QueryError(f"--insiders: '{word}' is no share; say 0.1 for one of ten")
    return found


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studies donoho", description=__doc__)
    parser.add_argument("--stocks", type=int, default=STOCKS, help="companies")
    parser.add_argument(
        "--insiders", default=",".join(map(str, INSIDERS)), help="shares of the good news"
    )
    parser.add_argument("--spread", type=float, default=SPREAD, help="of a day's log volume")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser


def days_of(n_stocks: int, insiders: float, spread: float, seed: int) -> Days:
    """Draw a market, load it, and ask the house's views what they make of it."""
    with house() as warehouse:
        drawn = markets.market(sessions_of(warehouse), n_stocks, insiders, spread, seed)
        fill(warehouse, drawn)
        return asked(warehouse, drawn)


def fill(warehouse: Warehouse, drawn: Market) -> None:
    """Load a market, as the feeds of options, prices and news would tell it."""
    load(warehouse, "sample_option_trades", {"option_trades": markets.trades(drawn)})
    tables = {"equity_bars": markets.bars(drawn), "news_counts": markets.news(drawn)}
    load(warehouse, "sample_prices", tables)


def sessions_of(warehouse: Warehouse) -> list[Session]:
    """Return the exchange's sessions of those months."""
    span = (_moment(FIRST), _moment(LAST))
    rows = warehouse.ask("curated.us_sessions", *span).filter(
        f"session_date between date '{FIRST}' and date '{LAST}'"
    )
    found = rows.order("session_date").to_arrow_table().to_pylist()
    return [Session(row["session_date"], row["opens_at"], row["closes_at"]) for row in found]


def asked(warehouse: Warehouse, drawn: Market) -> Days:
    """Ask for the points of every day, and for the alerts, and set beside them what followed."""
    span = (_moment(FIRST), _moment(LAST))
    rows = frame(warehouse, POINTS, span, INPUTS)
    hits = events(drawn)
    rows = rows.join(hits, on=("underlying", "session_date"), how="inner")
    rows = rows.filter(pl.col("session_date").is_between(*LABELLED)).sort(KEYS[:2])
    busy = rows.filter(pl.col("ratio20") >= 2)
    fired = frame(warehouse, DETECTOR, span, ALERTS).join(hits, on=KEYS[:2])
    fired = fired.filter(pl.col("session_date").is_between(*LABELLED))
    n_days = hits.filter(pl.col("session_date").is_between(*LABELLED)).height
    return Days(
        n_days,
        busy.height,
        busy.filter(pl.col("score") > 0).drop_nulls(),
        fired.height,
        int(fired["is_hit"].sum()),
        drawn.n_insiders,
    )


def events(drawn: Market) -> pl.DataFrame:
    """Return for each company-day whether the paper's event follows within two weeks."""
    _, is_event = markets.rises(drawn, WINDOW)
    shape = is_event.shape
    return pl.DataFrame(
        {
            "underlying": list(drawn.names) * shape[0],
            "session_date": [each.day for each in drawn.sessions for _ in range(shape[1])],
            "is_hit": is_event.reshape(-1),
        }
    )


def rankings(gated: pl.DataFrame, seed: int) -> tuple[Flags, dict[str, Floats]]:
    """Return the events of the test's days, and how each method ranks those days.

    The expert learns nothing; the others learn on the days before, whose two weeks are over.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier

    names = [name for name in gated.columns if name not in (*KEYS, "is_hit")]
    is_test = (gated["session_date"] >= TEST).to_numpy()
    # A day whose two weeks reach into the test's is in neither.
    is_train = (gated["session_date"] < TEST - timedelta(days=14)).to_numpy()
    given, hits = gated.select(names).to_numpy(), gated["is_hit"].to_numpy()
    if hits[is_train].sum() < FEWEST or hits[is_test].sum() < 1:
        raise QueryError(
            f"--stocks: {hits[is_train].sum()} events to learn from are too few; "
            f"take more companies"
        )
    scaler = StandardScaler().fit(given[is_train])
    scaled = scaler.transform(given)
    tree = DecisionTreeClassifier(  # C4.5's measure; a miss costs ten false alarms, as in the paper
        criterion="entropy", class_weight={False: 1, True: 10}, min_samples_leaf=40,
        max_depth=6, random_state=seed,
    ).fit(given[is_train], hits[is_train])  # fmt: skip
    kept = _stepwise(scaled[is_train], hits[is_train], 8)
    line = LogisticRegression(max_iter=1_000).fit(scaled[is_train][:, kept], hits[is_train])
    net = MLPClassifier((8,), alpha=1.0, early_stopping=True, max_iter=500, random_state=seed)
    net.fit(scaled[is_train], hits[is_train])
    return hits[is_test], {
        "expert": gated["score"].to_numpy()[is_test].astype(float),
        "tree": tree.predict_proba(given[is_test])[:, 1],
        "regression": line.predict_proba(scaled[is_test][:, kept])[:, 1],
        "network": net.predict_proba(scaled[is_test])[:, 1],
    }


def _stepwise(given: Floats, hits: Flags, n: int) -> list[int]:
    """Leave out the weakest input, one at a time, until so many are left."""
    from sklearn.linear_model import LogisticRegression

    kept = list(range(given.shape[1]))
    while len(kept) > n:
        weights = LogisticRegression(max_iter=1_000).fit(given[:, kept], hits).coef_[0]
        del kept[int(np.abs(weights).argmin())]
    return kept


def report(found: Sequence[tuple[float, Days]], seed: int) -> Iterator[str]:
    """Yield the tables, the paper's figures in their last row."""
    yield from table(
        ("insiders", "known before", "company-days", "calls at 2 x mean", "gate", "base rate"),
        [
            (
                f"{insiders:.0%}", days.n_insiders, days.n_all, share(days.n_ratio, days.n_all),
                share(days.gated.height, days.n_all),
                share(int(days.gated["is_hit"].sum()), days.gated.height),
            )
            for insiders, days in found
        ]
        + [("paper", "", 216_294, "", "2.7 %", "7.8 %")],
    )  # fmt: skip
    yield ""
    lines: list[Sequence[object]] = []
    for insiders, days in found:
        hits, ranked = rankings(days.gated, seed)
        for name, scores in ranked.items():
            low, high = lift_between(scores, hits, DEPTHS[-1], seed)
            lines.append(
                (
                    f"{insiders:.0%}", name, len(hits),
                    *(f"{found_at(scores, hits, depth):.1%}" for depth in DEPTHS),
                    f"{found_at(scores, hits, DEPTHS[-1]) / DEPTHS[-1]:.2f}",
                    interval(low, high),
                )
            )  # fmt: skip
    for name, at in (("expert", 12.6), ("tree", 16.7), ("regression", 14.5), ("network", 12.6)):
        lines.append(("paper", name, "", "", "", "", f"{at} %", f"{at / 10:.2f}", ""))
    depths = [f"found at {depth:.1%}" for depth in DEPTHS]
    yield from table(
        ("insiders", "ranked by", "days", *depths, "lift at 10 %", "95 % of it"), lines
    )
    yield ""
    yield from table(
        ("insiders", f"alerts of {DETECTOR}", "right", "precision", "95 %", "gate's base rate"),
        [
            (
                f"{insiders:.0%}", days.n_alerts, days.n_right, share(days.n_right, days.n_alerts),
                interval(*wilson(days.n_right, days.n_alerts)),
                share(int(days.gated["is_hit"].sum()), days.gated.height),
            )
            for insiders, days in found
        ],
    )  # fmt: skip


def _moment(day: date) -> datetime:
    """Return a moment that is after the day's last and before the next one's first."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + (
        timedelta(days=1) if day == LAST else timedelta(0)
    )
