"""Appends what happens to alerts: steps of rules, where each stands, and acts of persons."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyRelation

from leadline import clock
from leadline.clock import stamp
from leadline.errors import QueryError, StoreError
from leadline.life import Step, digest
from leadline.publication import Publication
from leadline.quote import quoted
from leadline.store import Store
from leadline.warehouse import Warehouse

FEED = "rules"
BY_HAND = "alert_acts"
WRITES = ("alert_actions", "rule_marks")
LOOP = "loop"
CLOSED = ("resolved", "inactive", "retracted")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """Where a rule stood: the state of its life, and what the store knew then."""

    rule: str
    until: datetime
    heard_until: datetime
    definition: Mapping[str, Any] | None
    state: Mapping[str, Any]

    @property
    def row(self) -> Row:
        """It as a row of rule_marks."""
        return {
            "rule": self.rule, "until_at": self.until, "heard_until": self.heard_until,
            "definition": json.dumps(self.definition, sort_keys=True) if self.definition else None,
            "state": json.dumps(self.state, sort_keys=True), "known_at": self.until,
        }  # fmt: skip


def step_row(step: Step, definition: str | None, fingerprint: str | None) -> Row:
    """Return a step as a row of alert_actions."""
    return {
        "action_id": step.action_id, "rule": step.rule, "key": step.key,
        "alert_key": step.alert_key, "alert_id": step.alert_id, "step": step.nth,
        "action": step.action, "acted_at": step.at, "known_at": step.at,
        "severity": step.severity, "headline": step.headline, "evidence": step.evidence,
        "actor": LOOP, "note": step.note, "definition": definition, "fingerprint": fingerprint,
    }  # fmt: skip


def append(store: Store, rows: Sequence[Row], marks: Sequence[Mark]) -> None:
    """Append steps and where their rules stand after them: both, or neither."""
    told = [*(row["action_id"] for row in rows), *(f"{m.rule} {m.until}" for m in marks)]
    newest = max([*(row["acted_at"] for row in rows), *(mark.until for mark in marks)])
    coverage = f"{stamp(newest)} {digest(*told)[:12]}"  # no two ticks share one
    batches: list[tuple[str, Any]] = [("alert_actions", list(rows))] if rows else []
    batches += [("rule_marks", [mark.row for mark in marks])] if marks else []
    store.load(Publication(FEED, coverage, WRITES, batches, "rules of the loop"))


def marks(house: Warehouse) -> dict[str, Mark]:
    """Return where each rule stood last."""
    told = house.ask("raw.rule_marks", clock.BEGINNING, clock.FOREVER).filter("not is_gone")
    newest = {row["rule"]: row for row in _rows(told.order("recorded_at, until_at, load_id"))}
    return {
        row["rule"]: Mark(
            row["rule"], row["until_at"], row["heard_until"],
            json.loads(row["definition"]) if row["definition"] else None, json.loads(row["state"]),
        )
        for row in newest.values()
    }  # fmt: skip


def _rows(relation: DuckDBPyRelation) -> list[dict[str, Any]]:
    return list(relation.to_arrow_table().to_pylist())


def act(
    store: Store,
    alert: Row,
    action: str,
    actor: str,
    *,
    until: datetime | None = None,
    note: str | None = None,
    at: datetime | None = None,
) -> None:
    """Append what a person does to an alert, by the wall clock, or by that of a replay.

    A QueryError says that there is nothing left to do about it.
    """
    told = str(alert["id"])
    if action == "woken" and alert["state"] != "snoozed":
        raise QueryError(f"{told}: it is {alert['state']}, so there is nothing to wake")
    if alert["state"] in CLOSED:
        raise QueryError(f"{told}: it is {alert['state']} already; leadline alerts list --open")
    now = at or clock.now()
    own = digest(alert["alert_id"], action, stamp(now), actor)
    row = {
        "action_id": own, "rule": alert["rule"], "key": alert["key"],
        "alert_key": alert["alert_key"], "alert_id": alert["alert_id"], "action": action,
        "acted_at": now, "known_at": now, "until_at": until, "severity": alert["severity"],
        "headline": alert["headline"], "actor": actor, "note": note,
    }  # fmt: skip
    batches: Any = [("alert_actions", [row])]
    coverage = f"{stamp(now)} {own[:12]}"
    store.load(Publication(BY_HAND, coverage, ("alert_actions",), batches, f"by {actor}"))


def find(house: Warehouse, alert: str, until: datetime) -> dict[str, Any]:
    """Return the alert that an id, its first signs or its key means, as it stands at a moment."""
    asked = house.ask("reports.alerts", clock.BEGINNING, until)
    said = quoted(alert.lower())
    own = f"starts_with(alert_id, {said}) or (rule is null and alert_key = {quoted(alert)})"
    rows = _rows(asked.filter(own).limit(3))
    if not rows:
        raise QueryError(f"{alert}: no alert has this id; leadline alerts list shows them")
    if len(rows) > 1:
        like = ", ".join(row["alert_id"][: len(alert) + 4] for row in rows)
        raise QueryError(f"{alert}: several alerts begin so, as {like}; write more of it")
    return rows[0]


def has_place(store: Store) -> None:
    """Raise a StoreError where the project has no place for what happens to alerts."""
    for name in WRITES:
        if name not in store.contracts:
            raise StoreError(f"sql/tables/{name}.sql: rules append to it; bring it back")
