"""A small project whose prices, moves and detector a test makes up, with a known skill."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.publication import Publication
from tests.desks import SmallDesk, small_desk
from tests.doors import ROOT

BEGIN = date(2022, 1, 3)
LABELS = ("is_sigma_2", "is_sigma_3", "is_percentile_95", "is_percentile_99", "is_donoho_rise")

MOVES = """\
-- kind:       event
-- partition:  month
-- what:       Moves of a test.
-- grain:      one row per entity, horizon and session
-- key:        entity, horizon, session_date

create table given_moves (
    entity text not null,  -- what moves
    horizon text not null,  -- how long it may take
    session_date date not null,  -- when it begins
    priced_at timestamptz not null,  -- when its first price was known
    place bigint not null,  -- which session it is
    n_bars bigint not null,  -- of the horizon
    return_frac double not null,  -- over the horizon
    is_move boolean not null  -- whether it is one
);
"""
MARKS = """\
-- kind:       event
-- partition:  month
-- what:       Marks of a test.
-- grain:      one row per mark
-- key:        mark_id

create table marks (
    mark_id text not null,  -- its number
    entity text not null,  -- what it is of
    weight double not null,  -- how strong it is
    direction text  -- bull or bear
);
"""
WEIGHTS = """\
-- what:    Marks with a weight.
-- grain:   one row per mark
-- status:  live
-- needs:   0s

with params as (
    select 1 as scale  -- of weights
)

select
    marks.mark_id,  -- its number
    marks.entity,  -- what it is of
    marks.weight * params.scale as weight,  -- how strong it is
    marks.direction,  -- bull or bear
    marks.known_at
from raw.marks as marks
cross join params
"""
DETECTOR = """\
-- rule:    A1
-- what:    A mark above a weight.
-- grain:   one row per mark
-- status:  live
-- every:   1d
-- needs:   0s
-- misses:  lighter marks
-- noisy:   when marks are heavy

with params as (
    select
        1 as min_weight,  -- one
        0 as min_unlike  -- a second one
)

select
    marks.entity, 'underlying' as entity_type, marks.known_at as happened_at,
    marks.known_at as fired_at, marks.direction,
    cast(least(100, 20 + marks.weight) as double) as score, cast(1 as double) as confidence,
    cast(null as double) as notional_usd, 'mark ' || marks.mark_id as headline,
    to_json(struct_pack(weight := marks.weight)) as evidence,
    'prices.mark|' || marks.entity || '|' || marks.mark_id as alert_key
from features.weights as marks
cross join params
where marks.weight >= params.min_weight
"""
ALERTS = """\
-- what:    Alerts.
-- grain:   one row per alert
-- status:  live
-- needs:   0s

select
    detector, version, fingerprint, severity, entity, entity_type, alert_key, happened_at,
    fired_at, direction, score, confidence
from detectors.all_live
"""
MOVED = """\
-- what:    Moves.
-- grain:   one row per entity, horizon and session
-- status:  live
-- needs:   0s

select
    entity, 'session' as bar, entity as security_id, place, n_bars, session_date, priced_at,
    priced_at as bar_at, horizon, known_at, known_at as exit_at, return_frac,
    return_frac as excess_frac,
    is_move as is_sigma_2, is_move as is_sigma_3, is_move as is_percentile_95,
    cast(null as boolean) as is_percentile_99, cast(null as boolean) as is_donoho_rise,
    case when session_date < date '2022-04-01' then 'calm' else 'stressed' end as regime
from raw.given_moves
"""
OUTCOMES = """\
-- what:    Outcomes.
-- grain:   one row per alert and horizon
-- status:  live
-- needs:   0s

select
    alerts.detector, alerts.version, alerts.alert_key, alerts.entity, alerts.fired_at,
    alerts.direction, alerts.score, moves.horizon, moves.bar, moves.security_id, moves.place,
    cast(0.001 as double) as cost_frac, 'midday' as time_of_day,
    case when moves.entity is null then 'no_price' else 'closed' end as status
from backtest.alerts as alerts
left join backtest.moves as moves
    on
        alerts.entity = moves.entity
        and moves.bar_at > alerts.fired_at
        and moves.bar_at <= alerts.fired_at + interval 2 hours
"""
OWN = ("base_days", "signals", "signal_days", "rule_days", "signal_returns", "rates", "scorecard",
       "equity", "matches", "curve")  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What a test made up: a row an entity, a column a session."""

    days: list[date]
    steps: np.ndarray[Any, Any]  # returns of each session
    weights: np.ndarray[Any, Any]  # of marks; 0 where there is none


def made(n_entities: int = 10, n_days: int = 170, seed: int = 7) -> Made:
    """Return random prices, and marks that know a third of what moves on the day after them.

    Heavy marks know it; light ones are by chance.
    """
    chance = np.random.default_rng(seed)
    shape = (n_entities, n_days)
    steps = 0.01 * chance.standard_normal(shape)
    days = [day for n in range(2 * n_days) if (day := BEGIN + timedelta(n)).weekday() < 5]
    is_next = np.abs(steps) > 0.02
    weights = np.where(chance.random(shape) < 0.03, chance.integers(1, 4, shape), 0)
    knows = is_next & (chance.random(shape) < 0.33)
    return Made(days[:n_days], steps, np.where(knows, chance.integers(3, 7, shape), weights))


def moving_desk(root: Path, given: Made | None = None) -> SmallDesk:
    """Lay out the project, with what was made up in its store."""
    desk = small_desk(root)
    for name in ("backtest_runs", "backtest_results", "backtest_returns", "events"):
        desk.write(f"sql/tables/{name}.sql", (ROOT / f"sql/tables/{name}.sql").read_text())
    for name in OWN:
        path = f"sql/views/backtest/{name}.v1.sql"
        desk.write(path, (ROOT / path).read_text())
    desk.write("sql/tables/given_moves.sql", MOVES)
    desk.write("sql/tables/marks.sql", MARKS)
    for path, text in (
        ("views/features/weights", WEIGHTS), ("detectors/prices/mark", DETECTOR),
        ("views/backtest/alerts", ALERTS), ("views/backtest/moves", MOVED),
        ("views/backtest/outcomes", OUTCOMES),
    ):  # fmt: skip
        desk.write(f"sql/{path}.v1.sql", text)
    if given:
        fill(desk, given)
    return desk


def fill(desk: SmallDesk, given: Made) -> None:
    """Load moves of one and of five sessions, and the marks an hour before each price."""
    moves, marks = [], []
    for number, row in enumerate(given.steps):
        name = f"E{number}"
        for place, day in enumerate(given.days):
            at = closed(day)
            for ahead in (1, 5):
                if place + ahead < len(given.days):
                    total = float(row[place : place + ahead].sum())
                    moves.append({
                        "entity": name, "session_date": day, "priced_at": at, "place": place,
                        "n_bars": ahead, "return_frac": total,
                        "horizon": "1 session" if ahead == 1 else "5 sessions",
                        "is_move": abs(total) > 0.02 * ahead**0.5,
                        "known_at": closed(given.days[place + ahead]),
                    })  # fmt: skip
            if weight := int(given.weights[number, place]):
                marks.append({
                    "mark_id": f"{number}-{place}", "entity": name, "weight": float(weight),
                    "direction": "bull" if row[place] > 0 else "bear",
                    "known_at": at - timedelta(hours=1),
                })  # fmt: skip
    with desk.store() as store:
        for name, rows in (("given_moves", moves), ("marks", marks)):
            batches = [(name, pa.Table.from_pylist(rows))]
            store.load(Publication("test", name, (name,), batches, "a test"))


def closed(day: date) -> datetime:
    """Return when a session's price is known."""
    return datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
