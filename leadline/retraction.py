"""Retracts alerts whose evidence was withdrawn since: nothing is erased, a step is added.

The view ops.retractions reads the prints and filings of its span again, so it is asked on a beat
of its own, and about the alerts of the last sessions alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from leadline.actions import LOOP
from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.life import Life, digest
from leadline.quote import literal, quoted

VIEW = "ops.retractions"
_BEAT_S = 600.0
_BACK = timedelta(days=5)  # two sessions, and a long weekend between them
# Detectors whose evidence names rows that can be withdrawn.
_NAMED = "evidence like '%\"trade_ids\"%' or evidence like '%\"accession_no\"%'"

_OF_A_STEP = ("rule", "key", "severity", "headline", "definition", "fingerprint")


@dataclass
class Retractions:
    """When they were looked for last; what was retracted once is not retracted again."""

    at: float = -1e9
    done: set[str] | None = None
    _files: tuple[Any, ...] = field(default=())

    def found(self, alerts: Alerts, lives: Mapping[str, Life]) -> list[Mapping[str, Any]]:
        """Return the steps of alerts that are retracted now, if it is time to look."""
        house = alerts.warehouse
        if monotonic() - self.at < _BEAT_S or VIEW not in house.names():
            return []
        snapshot = house.refresh()
        read = {name.removeprefix("raw.") for name in house.datasets(VIEW)}
        files = tuple(tuple(snapshot.files[name]) for name in sorted(read))
        self.at = monotonic()
        if files == self._files:
            return []
        told = house.ask("raw.alerts", BEGINNING, FOREVER).filter(f"not is_gone and ({_NAMED})")
        ((newest,),) = told.aggregate("epoch_us(max(fired_at))").fetchall()
        self._files = files
        if newest is None:
            return []
        since = BEGINNING + timedelta(microseconds=newest) - _BACK
        # What withdraws may be known long after; of events the door opens from `since` alone.
        until = max(snapshot.recorded_until, since + 2 * _BACK)
        rows = house.ask(VIEW, since, until).filter(f"fired_at >= {literal(since)}")
        new = [
            row
            for row in rows.order("fired_at, alert_key").to_arrow_table().to_pylist()
            if row["alert_key"] not in self._done(alerts)
        ]
        self._done(alerts).update(row["alert_key"] for row in new)
        return [step for row in new for step in _steps(alerts, row, lives)]

    def _done(self, alerts: Alerts) -> set[str]:
        if self.done is None:
            rows = alerts.warehouse.ask("raw.alert_actions", BEGINNING, FOREVER)
            told = rows.filter("action = 'retracted' and rule is null").project("alert_key")
            self.done = {key for (key,) in told.fetchall()}
        return self.done


def _steps(
    alerts: Alerts, row: Mapping[str, Any], lives: Mapping[str, Life]
) -> Iterator[Mapping[str, Any]]:
    """Yield the retraction of an alert, and of all that rules fired because of it."""
    n, ids = row["n_withdrawn"], ", ".join(row["evidence_ids"][:3])
    at: datetime = row["withdrawn_at"]
    own = {
        **dict.fromkeys(_OF_A_STEP), "alert_key": row["alert_key"],
        "action": "retracted", "acted_at": at, "known_at": at, "actor": LOOP,
        "note": f"{n:,} of its evidence withdrawn: {ids}",
    }  # fmt: skip
    bare = digest(row["alert_key"])
    yield {
        **own, "action_id": digest(bare, "retracted"), "alert_id": bare,
        "key": row["alert_key"],
    }  # fmt: skip
    of_key = f"alert_key = {quoted(row['alert_key'])} and rule is not null and not is_gone"
    fired = alerts.warehouse.ask("raw.alert_actions", BEGINNING, FOREVER).filter(
        f"{of_key} and action in ('fired', 'raised')"
    )
    told: dict[str, Mapping[str, Any]] = {}
    for step in fired.order("recorded_at, step").to_arrow_table().to_pylist():
        told.setdefault(step["alert_id"], step)
    for alert_id, step in told.items():
        if life := lives.get(step["rule"]):
            life.retract(step["key"], alert_id)
        yield {
            **own, **{name: step[name] for name in _OF_A_STEP}, "alert_id": alert_id,
            "action_id": digest(alert_id, "retracted", row["alert_key"]),
        }  # fmt: skip
