"""Scores any tool's alerts by the key of a planted-event suite; no store is asked.

An alert counts for an event of its week, kind and entity from the event's first moment to its
last, and of its subject where the alert says one; for one event at most, the first that began.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from leadline.errors import QueryError, first_line, nearest
from leadline.planted import KEY, WEEKS
from leadline.quote import literal

By = Literal["kind", "size", "budget"]
BYS = ("kind", "size", "budget")
# What other tools call a column.
NAMES = {"kind": ("kind", "detector"), "subject": ("subject", "contract")}
NEEDED = ("kind", "entity", "fired_at")
# Where one bin of sizes ends and the next begins; 1 is the floor.
BINS = (0.75, 1.0, 1.25, 2.0, 4.0, 10.0)
BUDGETS = (1, 2, 5, 10, 20, 50)
Z = 1.959964  # of an interval that holds 19 times out of 20

_WILSON = """
round((found / n + {zz} / (2 * n) - {z} * sqrt(found / n * (1 - found / n) / n
    + {zz} / (4.0 * n * n))) / (1 + {zz} / n), 6) as {name}_low,
round((found / n + {zz} / (2 * n) + {z} * sqrt(found / n * (1 - found / n) / n
    + {zz} / (4.0 * n * n))) / (1 + {zz} / n), 6) as {name}_high
"""

# Each alert with the event that it counts for, and each event with its first alert.
_MATCHES = """
create temp table claims as
select events.event_id, alerts.alert_id, alerts.fired_at
from events inner join alerts
    on events.week = alerts.week and events.kind = alerts.kind and events.entity = alerts.entity
    and alerts.fired_at between events.starts_at and events.ends_at
    and (events.subject is null or alerts.subject is null
        or list_contains(string_split(alerts.subject, '|'), events.subject))
qualify row_number() over (
    partition by alerts.alert_id order by events.starts_at, events.event_id
) = 1;

create temp table found as
select event_id, alert_id, fired_at from claims
qualify row_number() over (partition by event_id order by fired_at, alert_id) = 1;

create temp table told as
select alerts.*, claims.event_id, found.event_id is not null as is_first,
    row_number() over (
        partition by alerts.week, alerts.kind, cast(alerts.fired_at as date)
        order by alerts.score desc nulls last, alerts.fired_at, alerts.alert_id
    ) as nth_of_day
from alerts
left join claims on alerts.alert_id = claims.alert_id
left join found on alerts.alert_id = found.alert_id;

create temp table days as
select kind, greatest(sum(days), 1) as n_days from (
    select kind, week, date_diff('day', min(at_date), max(at_date)) + 1 as days from (
        select kind, week, cast(fired_at as date) as at_date from alerts
        union all select kind, week, cast(starts_at as date) from events
    ) group by all
) group by kind;
"""

_SIZES = """
with binned as (
    select events.kind, events.event_id, found.fired_at, events.starts_at,
        list_count(list_filter({bins}, lambda edge: edge <= events.size)) as place
    from events left join found on events.event_id = found.event_id
),
summed as (
    select kind, place, count(*) as n, count(fired_at) as found,
        median(epoch(fired_at - starts_at)) as delay_s
    from binned group by all
)
select kind,
    case when place = 0 then 0 else {bins}[place] end as from_size,
    {bins}[place + 1] as below_size,
    n as n_events, found as n_found, round(found / n, 6) as recall, {wilson},
    round(delay_s, 3) as median_delay_s
from summed order by kind, place
"""

_KINDS = """
with planted as (
    select events.kind, count(*) as n_events,
        sum(case when events.size >= 1 then 1 else 0 end) as n_floor,
        sum(case when events.size >= 1 and found.event_id is not null then 1 else 0 end)
            as at_floor,
        sum(case when events.size >= 2 then 1 else 0 end) as n,
        sum(case when events.size >= 2 and found.event_id is not null then 1 else 0 end) as found,
        sum(case when events.size < 1 then 1 else 0 end) as n_below,
        sum(case when events.size < 1 and found.event_id is not null then 1 else 0 end) as below,
        median(epoch(found.fired_at - events.starts_at)) as delay_s
    from events left join found on events.event_id = found.event_id
    group by events.kind
),
fired as (
    select kind, count(*) as n_alerts,
        sum(case when is_first then 1 else 0 end) as n_right,
        sum(case when event_id is null then 1 else 0 end) as n_false
    from told group by kind
)
select planted.kind, n_events,
    round(below / nullif(n_below, 0), 6) as recall_below_1,
    round(at_floor / nullif(n_floor, 0), 6) as recall_from_1,
    n as n_from_2, round(found / nullif(n, 0), 6) as recall_from_2, {wilson},
    coalesce(n_alerts, 0) as n_alerts, coalesce(n_false, 0) as n_false,
    round(n_right / nullif(n_right + n_false, 0), 6) as precision,
    round(coalesce(n_alerts, 0) / n_days, 6) as alerts_per_day,
    round(delay_s, 3) as median_delay_s
from planted
left join fired on planted.kind = fired.kind
left join days on planted.kind = days.kind
order by planted.kind
"""

_BUDGETS = """
with cuts as (select unnest({budgets}) as alerts_a_day),
right_ones as (
    select cuts.alerts_a_day, claims.event_id
    from claims inner join told on claims.alert_id = told.alert_id
    inner join cuts on told.nth_of_day <= cuts.alerts_a_day
    group by all
),
planted as (
    select events.kind, cuts.alerts_a_day, count(*) as n, count(right_ones.event_id) as found
    from events cross join cuts
    left join right_ones
        on events.event_id = right_ones.event_id and cuts.alerts_a_day = right_ones.alerts_a_day
    where events.size >= 1 group by all
),
wrong as (
    select told.kind, cuts.alerts_a_day, count(*) as n_alerts,
        sum(case when told.event_id is null then 1 else 0 end) as n_false
    from told inner join cuts on told.nth_of_day <= cuts.alerts_a_day group by all
)
select planted.kind, planted.alerts_a_day, n as n_events, found as n_found,
    round(found / n, 6) as recall, {wilson},
    coalesce(n_alerts, 0) as n_alerts, coalesce(n_false, 0) as n_false
from planted
left join wrong on planted.kind = wrong.kind and planted.alerts_a_day = wrong.alerts_a_day
order by planted.kind, planted.alerts_a_day
"""


@dataclass(frozen=True)
class Scored:
    """The figures, and what of the alerts is not in them."""

    rows: pa.Table
    n_outside: int  # alerts before or after what is judged
    unknown: dict[str, int]  # kinds that nobody planted, and how many alerts each has
    silent: list[str]  # kinds with events and without alerts


def score(alerts: Path, key: Path, by: By = "kind", least: float | None = None) -> Scored:
    """Hold a file of alerts against a folder's key, from a least score on where one is given."""
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("set timezone = 'UTC'")
        for name in (WEEKS, KEY):
            if not (key / name).is_file():
                raise QueryError(
                    f"{key}: it holds no {name}; name a folder that `leadline planted make` wrote"
                )
        con.execute(f"create temp table weeks as from {literal(str(key / WEEKS))}")
        con.execute(f"create temp table events as from {literal(str(key / KEY))}")
        _read(con, alerts, least)
        n_outside = _one(con, "select count(*) from given") - _one(
            con, "select count(*) from alerts"
        )
        con.execute(_MATCHES)
        unknown = con.execute(
            "select kind, count(*) from alerts anti join events using (kind) group by all "
            "order by all"
        ).fetchall()
        silent = con.execute(
            "select distinct kind from events anti join alerts using (kind) order by kind"
        ).fetchall()
        wilson = _WILSON.format(z=Z, zz=round(Z * Z, 6), name="recall")
        query = {"kind": _KINDS, "size": _SIZES, "budget": _BUDGETS}[by]
        bins = f"[{', '.join(map(str, BINS))}]"
        query = query.format(bins=bins, budgets=list(BUDGETS), wilson=wilson)
        rows = con.sql(query).to_arrow_table()
    return Scored(rows, n_outside, dict(unknown), [name for (name,) in silent])


def _read(con: duckdb.DuckDBPyConnection, path: Path, least: float | None) -> None:
    """Take alerts from a file; what has another shape is refused in a sentence."""
    if not path.is_file():
        raise QueryError(f"{path}: no such file; name a CSV or Parquet file of alerts")
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    try:
        columns = [
            str(row[0])
            for row in con.execute(f"describe from {reader}({literal(str(path))})").fetchall()
        ]
    except duckdb.Error as error:
        raise QueryError(f"{path}: it can't be read; {first_line(error)}") from error
    own = {name: _named(columns, NAMES.get(name, (name,))) for name in (*NEEDED, "subject")}
    if missing := [name for name in NEEDED if own[name] is None]:
        raise QueryError(
            f"{path}: no column '{missing[0]}'{nearest(missing[0], columns)}; it needs "
            f"{', '.join(NEEDED)}, and may have week, subject or alert_key, and score"
        )
    n_weeks = _one(con, "select count(*) from weeks")
    if "week" not in columns and n_weeks != 1:
        raise QueryError(
            f"{path}: no column 'week', and the key has {n_weeks}; say of which week each alert is"
        )
    if least is not None and "score" not in columns:
        raise QueryError(f"{path}: no column 'score' to hold against a least one; leave it out")
    week = "cast(week as text)" if "week" in columns else "(select week from weeks)"
    subject = own["subject"] or ("alert_key" if "alert_key" in columns else None)
    score = "cast(score as double)" if "score" in columns else "cast(null as double)"
    try:
        con.execute(
            f"""
            create temp table given as
            select row_number() over () as alert_id, {week} as week,
                cast({own["kind"]} as text) as kind, cast(entity as text) as entity,
                cast(fired_at as timestamptz) as fired_at,
                {f"cast({subject} as text)" if subject else "cast(null as text)"} as subject,
                {score} as score
            from {reader}({literal(str(path))})
            """
        )
    except duckdb.Error as error:
        raise QueryError(
            f"{path}: it can't be read as alerts; {first_line(error)}; write moments as "
            f"2024-02-12T15:00:00Z and scores as numbers"
        ) from error
    bad = con.execute(
        "select alert_id from given where kind is null or entity is null or fired_at is null "
        "or week is null order by alert_id limit 1"
    ).fetchone()
    if bad:
        raise QueryError(
            f"{path}: row {bad[0]} lacks its week, kind, entity or fired_at; fill it in or drop it"
        )
    if strange := con.execute(
        "select week from given anti join weeks using (week) order by week limit 1"
    ).fetchone():
        weeks = [row[0] for row in con.execute("select week from weeks order by all").fetchall()]
        raise QueryError(f"{path}: week '{strange[0]}' is none of the key's; {', '.join(weeks)}")
    bound = f"and score >= {least}" if least is not None else ""
    con.execute(f"delete from given where not (true {bound})" if bound else "select 1")
    con.execute(
        "create temp table alerts as select given.* from given inner join weeks "
        "on given.week = weeks.week and given.fired_at >= weeks.since "
        "and given.fired_at < weeks.until"
    )


def _named(columns: list[str], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in columns), None)


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = con.execute(query).fetchone()
    assert row
    return row[0]
