"""What a rule hears: rows of its view, or alerts that the loop appended."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb

from leadline.catalog import ALL_LIVE, SEVERITIES
from leadline.clock import BEGINNING, FOREVER
from leadline.life import Pulse, Row
from leadline.quote import literal, named, quoted
from leadline.rule import Rule, severity_of
from leadline.warehouse import Warehouse

ALERTS = "raw.alerts"
HISTORY = timedelta(days=14)  # an alert that comes later than this is told by nobody
_BEFORE = timedelta(hours=1)  # a new rule of a view looks so far back for what is open; a guess
_RANK = "list_position([{}], {})".format(", ".join(map(quoted, SEVERITIES)), "{}")


def asked(
    rule: Rule,
    house: Warehouse,
    since: datetime,
    until: datetime,
    recorded_until: datetime | None = None,
    *,
    is_whole: bool = False,
) -> list[Row]:
    """Return what the rule's view says of a span, by the door.

    Of rows of a key that say the same one after the other only the first is there, but where the
    whole is asked for. A view without moments is looked at as it is at the span's end.
    """
    if rule.time is None:
        since = BEGINNING
    cursor = house.cursor(rule.of, since, until, recorded_until)
    # The conditions see the severity, which a detector's own view has not.
    more = f", {severity_of(rule)} as severity" if rule.is_detector and rule.of != ALL_LIVE else ""
    source = f"select *{more} from {house.cut(rule.of, since)}"
    if rule.time is not None:
        source += f" where {rule.time} >= {literal(since)}"
    moment = rule.time or literal(until)
    return _rows(rule, cursor, source, moment, house.columns(rule.of), is_whole=is_whole)


def appended(
    rule: Rule, house: Warehouse, since: datetime, heard_until: datetime, recorded_until: datetime
) -> list[Row]:
    """Return the alerts of a rule's detector that fired since a moment, of loads after another."""
    of = "true" if rule.of == ALL_LIVE else f"detector = {quoted(_detector(rule, house))}"
    source = (
        f"select * from {ALERTS} where not is_gone and {of} "
        f"and fired_at >= {literal(since)} and recorded_at > {literal(heard_until)}"
    )
    cursor = house.cursor(ALERTS, BEGINNING, FOREVER, recorded_until)
    return _rows(rule, cursor, source, "fired_at", house.columns(rule.of))


def pulses(
    rule: Rule,
    house: Warehouse,
    since: datetime,
    until: datetime,
    recorded_until: datetime | None = None,
) -> list[Pulse]:
    """Return the stretches in which rows of a view came, parted by what is too long a silence."""
    wait = rule.waits.get("no_data")
    if not wait or rule.time is None:
        return []
    cursor = house.cursor(rule.of, since, until, recorded_until)
    found = cursor.sql(
        f"with told as (select distinct {rule.time} as told_at from {house.cut(rule.of, since)} "
        f"where {rule.time} >= {literal(since)}), "
        "steps as (select told_at, coalesce(told_at - lag(told_at) over (order by told_at) "
        f">= {literal(wait.time)}, true) as is_first from told), "
        "runs as (select told_at, sum(cast(is_first as integer)) over (order by told_at) as run "
        "from steps) select min(told_at) as begin_at, max(told_at) as end_at from runs "
        "group by run order by run"
    )
    return [(row["begin_at"], row["end_at"]) for row in found.to_arrow_table().to_pylist()]


def beginning(
    rule: Rule, house: Warehouse, reached: datetime, recorded_until: datetime
) -> tuple[list[Row], list[Pulse]]:
    """Return what is heard of a rule that is new, to know what of it is open at a moment."""
    if rule.is_detector:
        since = max(reached - HISTORY, BEGINNING)
        return appended(rule, house, since, BEGINNING, recorded_until), []
    longest = max((wait.time for wait in rule.waits.values()), default=timedelta())
    since = max(reached - longest - _BEFORE, BEGINNING)
    if not house.is_cut_below(rule.of):
        since = BEGINNING
    rows = asked(rule, house, since, reached, recorded_until)
    return rows, pulses(rule, house, since, reached, recorded_until)


def _detector(rule: Rule, house: Warehouse) -> str:
    return house.catalog.find(rule.of).id


def _rows(
    rule: Rule,
    cursor: duckdb.DuckDBPyConnection,
    source: str,
    moment: str,
    columns: Sequence[str],
    *,
    is_whole: bool = False,
) -> list[Row]:
    key = ", ".join(f"coalesce(cast({named(name)} as text), '')" for name in rule.key)
    floor = "true"
    if rule.severity and (rule.has_severity or rule.is_detector):
        floor = f"{_RANK.format('r_severity')} >= {SEVERITIES.index(rule.severity) + 1}"
    ends = f"coalesce((\n{rule.ends}\n), false)" if rule.ends else "not r_where"
    if floor != "true" and not rule.ends:
        ends = f"not (r_where and {floor})"
    said = {
        "r_severity": severity_of(rule),
        "r_at": moment,
        "r_key": f"concat_ws('|', {key})",
        "r_where": f"coalesce((\n{rule.where}\n), false)",
        "r_entity": "cast(entity as text)" if "entity" in columns else "cast(null as text)",
        "r_headline": "headline" if "headline" in columns else _headline(rule, key),
        "r_evidence": f"cast({'evidence' if rule.is_detector else 'to_json(seen)'} as text)",
        "r_alert_key": "alert_key" if rule.is_detector else "cast(null as text)",
    }  # fmt: skip
    selected = ", ".join(f"{sql} as {name}" for name, sql in said.items())
    text = (
        f"with seen as ({source}), "
        f"judged as (select *, {selected} from seen), "
        f"heard as (select r_key, r_at, r_where and {floor} as r_holds, {ends} as r_ends, "
        "r_severity, r_entity, r_headline, r_evidence, r_alert_key from judged) "
        f"{_instants(rule) if rule.is_detector else _levels(is_whole=is_whole)} "
        "order by r_at, r_key, r_alert_key, r_evidence"
    )
    found: list[dict[str, Any]] = cursor.sql(text).to_arrow_table().to_pylist()
    return [
        Row(
            row["r_key"], row["r_at"], row["r_holds"], row["r_ends"], row["r_severity"] or "medium",
            row["r_entity"], row["r_headline"], row["r_evidence"], row["r_alert_key"],
        )
        for row in found
    ]  # fmt: skip


def _headline(rule: Rule, key: str) -> str:
    return f"concat_ws('|', {key}) || {quoted(f': {rule.where}')}"


def _instants(rule: Rule) -> str:
    """Return the alerts that say something: of detectors what does not hold says nothing."""
    return f"select * from heard where r_holds{' or r_ends' if rule.ends else ''}"


def _levels(*, is_whole: bool) -> str:
    """Return one row a key and moment, and of those that say the same in a row the first."""
    rank = f"case when r_holds then {_RANK.format('r_severity')} else 0 end"
    worst = (
        f"select *, {rank} as r_rank from heard qualify row_number() over "
        f"(partition by r_key, r_at order by {rank} desc, r_ends, r_evidence desc) = 1"
    )
    says = "struct_pack(h := r_holds, e := r_ends, n := r_rank)"
    first = f"qualify {says} is distinct from lag({says}) over in_order"
    window = "window in_order as (partition by r_key order by r_at)"
    return f"select * from ({worst}) {'' if is_whole else f'{window} {first}'}"


def gone(rows: Sequence[Row], keys: Sequence[str], at: datetime) -> Iterator[Row]:
    """Yield the end of each key that a view without moments names no more."""
    there = {row.key for row in rows}
    for key in keys:
        if key not in there:
            yield Row(key, at, False, True)
