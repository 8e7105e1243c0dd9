"""The book of the scheduler: what ran is a row, also while it runs, and is read by its views."""

import os
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadline import clock
from leadline.clock import BEGINNING, FOREVER
from leadline.due import XNYS, Calendar, Calendars
from leadline.errors import StoreError
from leadline.publication import Publication
from leadline.quote import quoted
from leadline.schedule import Outcome, Owed, Past
from leadline.store import Store
from leadline.warehouse import Warehouse

FEED = "schedule"
_PAST = (
    "due_at", "started_at", "outcome", "attempt", "retry_at", "until_at", "done_due_at",
    "loaded_until",
)  # fmt: skip


@dataclass(frozen=True)
class Began:
    """A run whose row says that it runs."""

    owed: Owed
    row: Mapping[str, Any]


@dataclass
class Runs:
    """Reads through a warehouse, and appends to a store of the same place."""

    warehouse: Warehouse
    store: Store
    runner: str = field(default_factory=lambda: f"{os.getpid()} {socket.gethostname()}")

    def __post_init__(self) -> None:
        """Raise a StoreError where the project has no place for runs."""
        if "schedule_runs" not in self.store.contracts:
            raise StoreError("sql/tables/schedule_runs.sql: the scheduler writes it; bring it back")

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return the newest run of each job, as ops.runs tells it."""
        found = self.warehouse.ask("ops.runs", BEGINNING, FOREVER).to_arrow_table().to_pylist()
        return {row["job"]: row for row in found}

    def past(self) -> dict[str, Past]:
        """Return what each job has behind it."""
        return {
            job: Past(**{name: row[name] for name in _PAST}) for job, row in self.rows().items()
        }

    def calendars(self, names: Collection[str]) -> Calendars:
        """Return the sessions of some calendars; a StoreError says where there are none."""
        if not names:
            return {}
        listed = ", ".join(map(quoted, sorted({XNYS, *names})))
        newest: dict[Any, dict[str, Any]] = {}
        asked = self.warehouse.ask("raw.sessions", BEGINNING, FOREVER)
        columns = "calendar, session_date, opens_at, closes_at, is_gone"
        rows = asked.filter(f"calendar in ({listed})").order("known_at, recorded_at, load_id")
        for row in rows.project(columns).to_arrow_table().to_pylist():
            newest[row["calendar"], row["session_date"]] = row
        if not newest:
            raise StoreError(
                f"{self.store.place}: it holds no sessions; run leadline load sessions"
            )
        standing: dict[str, list[dict[str, Any]]] = {}
        for (name, _), row in newest.items():
            if not row["is_gone"]:
                standing.setdefault(name, []).append(row)
        return {name: Calendar.of(rows) for name, rows in standing.items()}

    def began(self, owed: Owed, at: datetime) -> Began:
        """Write that a run begins."""
        job, span = owed.job, owed.span
        row = {
            "run_id": f"{job.name} {clock.stamp(owed.due_at)} {at.isoformat()} {self.runner}",
            "job": job.name, "feed": job.feed, "due_at": owed.due_at, "n_due": owed.n_due,
            "attempt": owed.attempt, "since_at": span and span.since,
            "until_at": span and span.until, "started_at": at, "ended_at": None,
            "outcome": "running", "reason": None, "n_rows": None, "retry_at": None,
            "runner": self.runner, "known_at": at,
        }  # fmt: skip
        self._append(row)
        return Began(owed, row)

    def ended(
        self,
        began: Began,
        outcome: Outcome,
        at: datetime,
        *,
        reason: str | None = None,
        n_rows: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        """Write how a run ended."""
        end = {
            "ended_at": at, "outcome": outcome, "reason": reason, "n_rows": n_rows,
            "retry_at": retry_at, "known_at": at,
        }  # fmt: skip
        self._append({**began.row, **end})

    def killed(self, job: str, at: datetime) -> None:
        """Write that the run of a job whose row says that it runs does so no more.

        Whoever says so holds the job's lock, which a running one would hold.
        """
        found = self.warehouse.ask("curated.schedule_runs", BEGINNING, FOREVER)
        for row in found.filter("outcome = 'running'").to_arrow_table().to_pylist():
            del row["recorded_at"]  # the store says it
            if row["job"] == job:
                end = {"ended_at": at, "outcome": "killed", "known_at": at}
                reason = f"its process ended before it did: {row['runner']}"
                self._append({**row, **end, "reason": reason})

    def _append(self, row: Mapping[str, Any]) -> None:
        self.store.load(
            Publication(
                FEED, str(row["run_id"]), ("schedule_runs",), [("schedule_runs", [row])],
                "scheduler", known_at=row["known_at"],
            )
        )  # fmt: skip
