"""How many planted events leadline finds, by kind, size and budget, beside a naive tool.

A week that was asked is not asked again: delete .bench/planted to begin anew.
"""

import time
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks import naive
from benchmarks.figures import CACHE, LEADLINE, Section, run, table
from leadline import planted, planted_score, project
from leadline.planted_score import score

FIRST, N_WEEKS = 101, 3  # not a seed that anything was chosen with
SPAN = ("--since", "2024-02-05", "--until", "2024-02-17T06:00Z")
RULES = ("sessions", "option_codes", "equity_codes")
# Of every kind with events: a row below 20 alarms nobody.
ASKED = """
select '{week}' as week, detector, entity, fired_at, score, alert_key from detectors.all_live
where score >= 20 and detector in ({kinds})
"""


def measure(rows: int | None) -> Section:
    """Draw the weeks, ask leadline and the naive tool, and score both; rows: one week alone."""
    place = CACHE / "planted"
    seeds = range(FIRST, FIRST + (1 if rows else N_WEEKS))
    suite = place / f"suite-{len(seeds)}"
    if not (suite / planted.KEY).exists():
        module = project.feed(project.root(), planted.DRAWN)
        for _ in planted.make(module, seeds, suite):
            pass
    started = time.perf_counter()
    parts = [asked(place, suite, str(seed)) for seed in seeds]
    seconds = time.perf_counter() - started
    ours, other = place / "leadline.parquet", place / "naive.parquet"
    with duckdb.connect() as con:
        con.execute(f"copy (from read_parquet({list(map(str, parts))})) to '{ours}'")
    naive.alerts(suite, other)
    return Section(
        "Planted events",
        (
            f"{len(seeds)} weeks of {planted.DRAWN} from seed {FIRST} on; asking took "
            f"{seconds:.0f} s where it was not kept.",
            "",
            *by_kind(score(ours, suite).rows, score(other, suite).rows),
            "",
            *by_size(score(ours, suite, "size").rows),
            "",
            *by_budget(score(ours, suite, "budget").rows, score(other, suite, "budget").rows),
        ),
    )


def asked(place: Path, suite: Path, week: str) -> Path:
    """Return the alerts of a week, which are asked once."""
    alerts, store = place / f"alerts-{week}.parquet", place / f"store-{week}"
    if alerts.exists():
        return alerts
    at = (*LEADLINE, "--store", str(store))
    for feed in RULES:
        run((*at, "load", feed))
    run((*at, "load", planted.DRAWN, "--from", str(suite / week)))
    with duckdb.connect() as con:
        kinds = con.execute(
            f"select distinct kind from '{suite / planted.KEY}' order by kind"
        ).fetchall()
    query = ASKED.format(week=week, kinds=", ".join(f"'{kind}'" for (kind,) in kinds))
    partial = alerts.with_suffix(".partial.parquet")
    run((*at, "sql", query, *SPAN, "--format", "parquet", "-o", str(partial)))
    return partial.rename(alerts)


def by_kind(ours: pa.Table, other: pa.Table) -> list[str]:
    """Return recall from size 1 and 2 on, precision and alerts a day of each kind, both tools'."""
    naively = {row["kind"]: row for row in other.to_pylist()}
    rows = []
    for row in ours.to_pylist():
        beside = naively[row["kind"]]
        is_told = beside["n_alerts"] > 0
        rows.append(
            (
                f"`{row['kind']}`", row["n_events"], share(row["recall_below_1"]),
                share(row["recall_from_1"]),
                f"{share(row['recall_from_2'])} ({share(row['recall_low'])} to "
                f"{share(row['recall_high'])})",
                share(row["precision"]), round(row["alerts_per_day"], 1),
                "" if row["median_delay_s"] is None else f"{row['median_delay_s']:,.0f}",
                share(beside["recall_from_2"]) if is_told else "",
                share(beside["precision"]) if is_told else "",
            )
        )  # fmt: skip
    head = (
        "kind", "events", "recall below 1", "from 1", "from 2 (interval)", "precision",
        "alerts a day", "delay, s", "naive recall from 2", "naive precision",
    )  # fmt: skip
    return table(head, rows)


def by_size(rows: pa.Table) -> list[str]:
    """Return the curve of each kind, one column a bin of sizes."""
    edges = (0.0, *planted_score.BINS)
    found: dict[str, dict[float, str]] = {}
    for row in rows.to_pylist():
        told = f"{row['n_found']}/{row['n_events']}"
        found.setdefault(row["kind"], {})[row["from_size"]] = told
    head = ("found of planted, from size", *(f"{edge:g}" for edge in edges))
    return table(
        head,
        [(f"`{kind}`", *(each.get(edge, "") for edge in edges)) for kind, each in found.items()],
    )


def by_budget(ours: pa.Table, other: pa.Table) -> list[str]:
    """Return recall from size 1 on over all kinds that both tools tell, cut at so many a day."""
    kinds = {row["kind"] for row in other.to_pylist() if row["n_alerts"]}
    lines = []
    for name, rows in (("leadline", ours), ("naive", other)):
        for budget in planted_score.BUDGETS:
            own = [
                row
                for row in rows.to_pylist()
                if row["alerts_a_day"] == budget and row["kind"] in kinds
            ]
            n_found, n = sum(row["n_found"] for row in own), sum(row["n_events"] for row in own)
            n_false = sum(row["n_false"] for row in own)
            lines.append((name, budget, share(n_found / n), share(n_found / (n_found + n_false))))
    return table(("tool", "alerts a kind and day", "recall from 1", "precision"), lines)


def share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
