"""How often rules on volume fire where nothing happens: rule book 0.3, by the house's own views.

Each trial is a name of its own: the sessions of a window and the one that is held against them. So
trials are independent, and a rate's error is that of a coin. `python -m tests.nulls N SEED` prints
the tables of docs/null-rates.md.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import sqrt
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from leadline.params import overridden
from tests.doors import catalog

MEDIAN = 1_000_000  # contracts or shares: far from small counts, which have no scale
BATCH = 10_000  # names at a time
RAW_RULES = {
    "x >= 2 x mean": "ratio20 >= 2",
    "z > 2": "z20 > 2",
    "z > 3": "z20 > 3",
    "z > 4": "z20 > 4",
    "x above the maximum": "volume > max60",
}
LOG_RULES = {f"> {bound}": f"mz60 > {bound}" for bound in (2.5, 3.5, 5, 7)}


@dataclass(frozen=True)
class Null:
    """How volumes are drawn: a window, and what their logs are."""

    window: int
    logs: str = "normal"  # ar or t4
    sd: float = 0.5

    def volumes(self, n: int, choice: np.random.Generator) -> Any:
        """Return so many names' volumes, a row each; the last one is the session that is judged."""
        shape = n, self.window + 1
        draw = choice.standard_normal if self.logs != "t4" else lambda it: choice.standard_t(4, it)
        logs = draw(shape)
        if self.logs == "ar":
            for place in range(1, shape[1]):
                logs[:, place] = 0.6 * logs[:, place - 1] + sqrt(1 - 0.6**2) * logs[:, place]
        return np.minimum(np.rint(MEDIAN * np.exp(self.sd * logs)), 1e13).astype(np.int64)


# What the book says, in per cent; below a figure that it gives as `<` the least of them.
RAW = {
    (Null(20), rule): rate for rule, rate in zip(RAW_RULES, (5.7, 6.3, 2.7, 1.2, 4.8), strict=True)
} | {
    (Null(20, sd=1.0), rule): rate
    for rule, rate in zip(RAW_RULES, (13.3, 7.0, 4.15, 2.65, 4.8), strict=True)
}
LOG = {
    (null, rule): rate
    for null, rates in {
        Null(20): (2.23, 0.51, 0.065, 0.006),
        Null(20, "ar"): (2.95, 0.77, 0.12, 0.014),
        Null(20, "t4"): (3.98, 1.64, 0.55, 0.17),
        Null(60): (1.12, 0.115, 0.001, 0.001),
        Null(60, "t4"): (3.03, 1.14, 0.35, 0.11),
        Null(252): (0.70, 0.031, 0.001, 0.001),
        Null(252, "t4"): (2.73, 0.96, 0.31, 0.09),
    }.items()
    for rule, rate in zip(LOG_RULES, rates, strict=True)
}


def fired(null: Null, rules: Mapping[str, str], n: int, seed: int) -> dict[str, int]:
    """Count the trials in which each rule fires, by features.option_volume."""
    found = dict.fromkeys(rules, 0)
    for volumes in _batches(null, n, seed):
        with closing(_laid(null, volumes)) as con:
            counts = ", ".join(f"count(case when {rule} then 1 end)" for rule in rules.values())
            (told,) = con.execute(f"select {counts} from features.option_volume").fetchall()
            found = {rule: found[rule] + told[place] for place, rule in enumerate(rules)}
    return found


def alerts(detector: str, null: Null, n: int, seed: int) -> int:
    """Count the alarms of a live detector, a score of 20 and more, in so many quiet sessions."""
    found = 0
    for volumes in _batches(null, n, seed):
        with closing(_laid(null, volumes)) as con:
            sql = catalog().find(detector).text
            ((told,),) = con.execute(f"select count(*) from ({sql}\n) where score >= 20").fetchall()
            found += told
    return found


def error(rate: float, n: int) -> float:
    """Return a rate's standard error, both in per cent."""
    p = rate / 100
    return 100 * sqrt(p * (1 - p) / n)


def _batches(null: Null, n: int, seed: int) -> Iterator[Any]:
    choice = np.random.default_rng(seed)
    for done in range(0, n, BATCH):
        yield null.volumes(min(BATCH, n - done), choice)


def _laid(null: Null, volumes: Any) -> duckdb.DuckDBPyConnection:
    """Lay the house's two views of volume over made-up sessions, of which the last is judged."""
    con = duckdb.connect(config={"threads": "2"})
    n, places = volumes.shape
    given = pa.table(
        {
            "name": np.repeat(np.arange(n), places),
            "place": np.tile(np.arange(places), n),
            "volume": volumes.reshape(-1),
        }
    )
    con.register("given", given)
    con.execute(
        f"""
        set timezone = 'UTC';
        create schema features; create schema ops;
        create table ops.clock as select
            -- a detector looks back eight days: so it is asked about the last session alone
            timestamptz '2024-01-01 00:00Z' + to_days({places - 1} + 8) as since,
            timestamptz '2034-01-01 00:00Z' as until;
        create table drawn as select
            'N' || name as name, place, volume, 1 as mark,
            date '2024-01-01' + cast(place as integer) as session_date,
            timestamptz '2024-01-01 15:00Z' + to_days(cast(place as integer)) as known_at
        from given;
        create table features.option_sessions as select
            name as underlying, 'call' as put_call, 'all' as term, place, [volume] as volumes
        from drawn where place < {places - 1};
        create table features.option_marks as select
            name as underlying, 'call' as put_call, 'all' as term, place, mark, session_date,
            known_at, volume, 100_000_000 as premium_usd, volume as all_volume,
            0 as package_volume
        from drawn where place = {places - 1};
        create table features.volume_marks as select
            name as symbol, place, 13 as mark, session_date, known_at, volume,
            100_000_000 as value_usd, 1 as ratio
        from drawn where place >= {places - 1} - {null.window};
        create table features.option_event_context (
            underlying text, session_date date, days_to_earnings integer, tags text,
            is_capped boolean
        );
        create table features.option_expiry_days (session_date date);
        create table features.option_report_peaks (
            underlying text, session_date date, mark integer, n_windows integer,
            call_ratio20 double, max_call_ratio20 double, is_call_beyond boolean,
            put_ratio20 double, max_put_ratio20 double, is_put_beyond boolean
        );
        """
    )
    reach = {"median_sessions": null.window, "reach_sessions": null.window + 6}
    for name in ("option_volume", "equity_volume"):
        view = catalog().find(f"features.{name}")
        sql, _ = overridden(view.text, view.params, reach)
        con.execute(f"create view features.{name} as {sql}")
    return con


def _page(n: int, seed: int) -> Iterator[str]:
    """Yield the tables of docs/null-rates.md."""
    yield f"n = {n:,}, seed {seed}\n"
    for rules, book in ((RAW_RULES, RAW), (LOG_RULES, LOG)):
        for null in dict.fromkeys(null for null, _ in book):
            found = fired(null, rules, n, seed)
            for rule, count in found.items():
                said, rate = book[null, rule], 100 * count / n
                yield (
                    f"| {null.window} | {null.logs}, {null.sd} | {rule} | {said} | {rate:.3f} "
                    f"| {error(max(rate, said), n):.3f} "
                    f"| {(rate - said) / error(said, n):+.1f} |"
                )
    for detector in ("options.high_volume", "prices.volume_spike"):
        for null in (Null(60), Null(60, sd=1.0), Null(60, "ar"), Null(60, "t4")):
            count = alerts(detector, null, n, seed)
            rate = 100 * count / n
            yield (
                f"| `{detector}` | {null.logs}, {null.sd} | {count:,} | {rate:.3f} "
                f"| {error(rate, n):.3f} |"
            )


def main(words: Sequence[str]) -> None:
    """Print the tables for so many trials a row."""
    n, seed = (int(word) for word in words or ("20000", "7"))
    for line in _page(n, seed):
        print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
