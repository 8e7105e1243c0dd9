"""What a rule would have said of rows that are there, before it is saved; nothing is appended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from leadline import clock, hearing
from leadline.alerts import Alerts
from leadline.clock import BEGINNING
from leadline.life import Life, Step
from leadline.quiet import Calendar
from leadline.rule import Rule
from leadline.warehouse import Warehouse

_LOOK = timedelta(hours=1)  # how often a view without moments is looked at
_TOLD = ("fired", "raised", "no_data")


@dataclass(frozen=True)
class Preview:
    """What a rule would have said over a span."""

    since: datetime
    until: datetime
    steps: Sequence[Step]

    @property
    def n_fired(self) -> int:
        """How often it would have fired."""
        return sum(step.action == "fired" for step in self.steps)

    def table(self) -> pa.Table:
        """Return how often it would have told something, by day and key, with a sample of each."""
        found: dict[tuple[str, str], list[Step]] = {}
        for step in self.steps:
            if step.action in _TOLD:
                found.setdefault((f"{step.at:%Y-%m-%d}", step.key), []).append(step)
        rows = [
            {
                "day": day, "key": key, "n_fired": sum(s.action == "fired" for s in steps),
                "n_raised": sum(s.action == "raised" for s in steps), "first_at": steps[0].at,
                "severity": steps[0].severity, "sample": steps[0].headline,
            }
            for (day, key), steps in sorted(found.items())
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, schema=_SCHEMA)


_SCHEMA = pa.schema(
    [
        ("day", pa.string()), ("key", pa.string()), ("n_fired", pa.int64()),
        ("n_raised", pa.int64()), ("first_at", pa.timestamp("us", "UTC")),
        ("severity", pa.string()), ("sample", pa.string()),
    ]
)  # fmt: skip


def preview(rule: Rule, alerts: Alerts, days: int) -> Preview:
    """Return what a rule would have said of the last days of what its view reads."""
    house = alerts.warehouse
    until = alerts.newest(rule.of)
    since = max(until - timedelta(days=days), BEGINNING)
    life = Life(rule, _calendar(rule, house))
    if rule.time is not None:
        rows = hearing.asked(rule, house, since, until)
        return Preview(
            since, until, life.advance(rows, until, hearing.pulses(rule, house, since, until))
        )
    steps: list[Step] = []
    moment = since + _LOOK
    while moment <= until:
        rows = hearing.asked(rule, house, since, moment)
        steps += life.advance([*rows, *hearing.gone(rows, list(life.keys), moment)], moment)
        moment += _LOOK
    return Preview(since, until, steps)


def now(rule: Rule, alerts: Alerts) -> tuple[datetime, Life, list[Step]]:
    """Return up to which moment a rule is looked at, where it stands then, and its open steps."""
    house = alerts.warehouse
    until = alerts.newest(rule.of) if rule.time else clock.now()
    life = Life(rule, _calendar(rule, house))
    rows, pulses = hearing.beginning(rule, house, until, house.refresh().recorded_until)
    return until, life, life.open_steps(rows, until, pulses)


def _calendar(rule: Rule, house: Warehouse) -> Calendar:
    return Calendar.read(house, clock.now()) if rule.needs_calendar else Calendar()
