"""What was tried before, and what is tried now: every set counts, and those given up count too."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import Any

from leadline import clock
from leadline.backtests.grid import Trial
from leadline.backtests.rule import DAYS_A_YEAR, SESSIONS_A_YEAR
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.errors import StoreError
from leadline.publication import Publication
from leadline.quote import quoted
from leadline.store import Store
from leadline.warehouse import Warehouse

FEED = "backtests"
RUNS, RESULTS, RETURNS = "backtest_runs", "backtest_results", "backtest_returns"
DATASETS = (RUNS, RESULTS, RETURNS)


@dataclass(frozen=True)
class Past:
    """The sets of a detector that earlier runs tried, and the Sharpe ratios a day that they had."""

    trials: frozenset[str]
    sharpes: Mapping[str, Mapping[str, float]]  # by horizon and fingerprint


def past(house: Warehouse, detector: str) -> Past:
    """Return what was tried of a detector, of whatever version, span and outcome."""
    runs = house.ask(f"raw.{RUNS}", BEGINNING, FOREVER)
    own = f"detector = {quoted(detector)} and not is_gone"
    listed = runs.filter(own).project("trials").fetchall()
    tried = frozenset(each for (trials,) in listed for each in trials)
    rows = house.ask(f"raw.{RETURNS}", BEGINNING, FOREVER).filter(
        f"{own} and slice_kind = 'all' and fingerprint is not null and sharpe_year is not null"
    )
    sharpes: dict[str, dict[str, float]] = {}
    columns = "known_at, horizon, fingerprint, sharpe_year, run_id"
    for row in rows.project(columns).order("all").to_arrow_table().to_pylist():
        year = SESSIONS_A_YEAR if "session" in row["horizon"] else DAYS_A_YEAR
        own_sharpes = sharpes.setdefault(row["horizon"], {})
        own_sharpes[row["fingerprint"]] = row["sharpe_year"] / sqrt(year)
    return Past(tried, sharpes)


@dataclass
class Book:
    """The rows of one run, from its begin to its end."""

    store: Store
    span: Span
    recorded_until: datetime
    grid: Mapping[str, Sequence[str]]
    settings: Mapping[str, Any]
    trials: Sequence[Trial]
    began_at: datetime = field(default_factory=clock.now)

    def __post_init__(self) -> None:
        """Raise a StoreError where the project has no place for runs."""
        for name in DATASETS:
            if name not in self.store.contracts:
                raise StoreError(f"sql/tables/{name}.sql: a backtest writes it; bring it back")

    @property
    def run_id(self) -> str:
        """The run's name."""
        return f"{self.began_at.isoformat()} {os.getpid()}"

    def begin(self) -> None:
        """Write that the run begins, with all that it will try."""
        self._say("running", None, self.began_at)

    def give_up(self, reason: str) -> None:
        """Write that it ended before it was whole: its sets were tried, and tell nothing."""
        self._say("abandoned", reason, clock.now())

    def end(
        self, results: Iterable[Mapping[str, Any]], returns: Iterable[Mapping[str, Any]]
    ) -> None:
        """Write what came of it, and then that it is whole."""
        now = clock.now()
        added = {"run_id": self.run_id, "known_at": now}
        rows = {
            RESULTS: [{**row, **added} for row in results],
            RETURNS: [{**row, **added} for row in returns],
        }
        batches = [(name, found) for name, found in rows.items() if found]
        if batches:
            names = tuple(name for name, _ in batches)
            self.store.load(
                Publication(FEED, f"{self.run_id} results", names, batches, "a backtest")
            )
        self._say("done", None, now)

    def _say(self, outcome: str, reason: str | None, now: datetime) -> None:
        own: dict[tuple[str, int], list[str]] = {}
        for trial in self.trials:
            own.setdefault((trial.view.id, trial.view.version), []).append(trial.fingerprint)
        rows = [
            {
                "run_id": self.run_id, "detector": detector, "version": version,
                "outcome": outcome, "reason": reason, "since_at": self.span.since,
                "until_at": self.span.until, "recorded_until": self.recorded_until,
                "grid": json.dumps({name: list(values) for name, values in self.grid.items()}),
                "settings": json.dumps(dict(self.settings), sort_keys=True, default=str),
                "n_trials": len(prints), "trials": prints, "started_at": self.began_at,
                "ended_at": None if outcome == "running" else now, "known_at": now,
            }
            for (detector, version), prints in own.items()
        ]  # fmt: skip
        self.store.load(
            Publication(FEED, self.run_id, (RUNS,), [(RUNS, rows)], "a backtest", known_at=now)
        )
