"""Asks the live detectors up to a moment, and appends what they say for the first time."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from math import inf
from time import monotonic
from typing import Any

import duckdb

from leadline import dropped
from leadline.catalog import ALL_LIVE, SEVERITY, Bound, View
from leadline.clock import BEGINNING, FOREVER, stamp
from leadline.errors import LeadlineError, StoreError, first_line
from leadline.held import Held
from leadline.publication import Publication
from leadline.store import Snapshot, Store
from leadline.warehouse import Warehouse

FEED = "alerts"
# What a tick itself may write, and what is done with it.
_OWN = (
    "alerts", "loads", "rejected", "alert_actions", "rule_marks", "deliveries", "schedule_runs",
    "check_results", "latencies", "backtest_runs", "backtest_results", "backtest_returns",
    "reviews", "drops",
)  # fmt: skip
_INSTANT = timedelta(microseconds=1)
_PATIENCE = timedelta(seconds=10)  # how far behind others a feed is waited for; a guess
_AT_ONCE = 250_000  # rows that are judged together; a first look at a long past has millions

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tick:
    """What one look at the detectors brought: new alerts, and what could not be asked."""

    alerts: Sequence[Row]
    broken: Mapping[str, str]


@dataclass(frozen=True)
class _File:
    """A live file, when its rows became known, and of which feed they are, if of one."""

    path: str
    low: datetime
    high: datetime
    feed: str | None


@dataclass
class _Asked:
    """How far a detector was asked, and over which files."""

    until: datetime = BEGINNING
    files: frozenset[str] = frozenset()
    at: float = -inf  # seconds of a clock that never goes back


@dataclass(frozen=True)
class _Due:
    """A detector that has something new to look at: over which span and which files."""

    view: View
    since: datetime
    until: datetime
    files: frozenset[str]


@dataclass
class Alerts:
    """The live detectors of a warehouse, and a store of the same place to append to.

    A detector is asked over what is new to it: from where it was asked last, or from the oldest
    row that came since. So a row that came late fires late, and nothing is asked twice. What many
    of them read they share, within a tick and from tick to tick: nobody else may ask this
    warehouse meanwhile.
    """

    warehouse: Warehouse
    store: Store
    _asked: dict[str, _Asked] = field(default_factory=dict)
    _keys: set[str] | None = None
    _unsaid: list[Row] = field(default_factory=list)  # what could not be appended yet
    _snapshot: Snapshot | None = None
    _moved_at: float = -inf  # when something was appended that it saw
    _files: Mapping[str, Sequence[_File]] = field(default_factory=dict)
    _floor: datetime = BEGINNING  # what fired before is gone, and does not fire again
    _held: Held = field(init=False)

    def __post_init__(self) -> None:
        """Raise a StoreError where the project has no place for alerts."""
        self._held = Held(self.warehouse)
        if FEED not in self.store.contracts:
            raise StoreError("sql/tables/alerts.sql: the loop appends to it; bring it back")

    def tick(self, until: datetime | None = None, only: Sequence[str] = ()) -> Tick:
        """Ask every live detector up to a moment, and append the alerts that are not there yet.

        Without a moment each is asked up to the newest row of the events that it reads, of the
        feed that is behind, or of the state if it reads no events. One that breaks is left out;
        the others go on. `only` names some detectors; the others are asked another time.
        """
        found: list[Row] = []
        broken: dict[str, str] = {}
        self._look()
        views = [view for view in self.warehouse.catalog.all_live() if not only or view.id in only]
        due = [each for view in views if (each := self._due(view, until))]
        for (_, end), group in groupby(sorted(due, key=self._order), key=self._order):
            asked = list(group)
            try:
                with self._held.over({each.view.stable: each.since for each in asked}, end):
                    for each in asked:
                        try:
                            found += self._new(each)
                        except (LeadlineError, duckdb.Error) as error:
                            broken[each.view.id] = first_line(error)
            except (LeadlineError, duckdb.Error) as error:
                broken |= {each.view.id: first_line(error) for each in asked}
        self._unsaid += found
        if self._unsaid:
            self._append(self._unsaid)
            told, self._unsaid = self._unsaid, []
            return Tick(told, broken)
        return Tick(found, broken)

    def reached(self, view: str) -> datetime:
        """Return the moment up to which a view can be asked: a detector, up to which it was.

        It is BEGINNING where nothing is there yet.
        """
        asked = {
            each.stable: self._asked.get(each.id) for each in self.warehouse.catalog.all_live()
        }
        if view in asked or view == ALL_LIVE:
            told = asked.values() if view == ALL_LIVE else [asked[view]]
            return max((each.until for each in told if each), default=BEGINNING)
        newest = self._newest(self._names(view))
        if newest > BEGINNING:
            return newest + _INSTANT
        return BEGINNING if self._events(view) else self._recorded()  # the store's own affairs

    def newest(self, view: str) -> datetime:
        """Return the moment after the newest row of what a view reads."""
        self._look()
        newest = self._newest(self._names(view))
        return newest + _INSTANT if newest > BEGINNING else self._recorded()

    def files(self, view: str) -> Mapping[str, datetime]:
        """Return the files of the datasets of a view, and since when their rows are known."""
        names = self._names(view)
        return {file.path: file.low for name in names for file in self._files.get(name, ())}

    def follow(self, before: "Alerts") -> None:
        """Go on where another left off, but for detectors that are no longer what they were."""
        for view in self.warehouse.catalog.all_live():
            then = {each.id: each for each in before.warehouse.catalog.all_live()}.get(view.id)
            if then and view.id in before._asked:
                now = self.warehouse.fingerprint(view.stable).fingerprint
                if now == before.warehouse.fingerprint(then.stable).fingerprint:
                    self._asked[view.id] = before._asked[view.id]
        self._keys, self._unsaid = before._keys, before._unsaid

    def _names(self, view: str) -> set[str]:
        return {name.removeprefix("raw.") for name in self.warehouse.datasets(view)}

    def _recorded(self) -> datetime:
        recorded = self.warehouse.refresh().recorded_until
        return recorded + _INSTANT if recorded > BEGINNING else BEGINNING

    def _events(self, view: str) -> bool:
        contracts = self.warehouse.store.contracts
        return any(contracts[name].is_event for name in self._names(view) - set(_OWN))

    def _due(self, view: View, until: datetime | None) -> _Due | None:
        """Return what is new to a detector, if anything is and it is time."""
        asked = self._asked.get(view.id, _Asked())
        names = self._names(view.stable)
        files = [file for name in names for file in self._files.get(name, ())]
        end = until or self._newest(names) + _INSTANT
        fresh = [file.low for file in files if file.path not in asked.files]
        since = min([asked.until, *fresh])
        # Its turn comes as soon as the rows reach a multiple of `every`, or with any late row;
        # where no more rows come, once so much time is over.
        is_time = (
            since < asked.until
            or _turn(end, view.every) > _turn(asked.until, view.every)
            or monotonic() - asked.at >= view.every.total_seconds()
        )
        if not files or since >= end or not is_time:
            return None
        return _Due(view, since, end, frozenset(file.path for file in files))

    def _order(self, due: _Due) -> tuple[bool, datetime]:
        """Return what those share that are asked together; who looks far back comes last."""
        view = due.view.stable
        return self._held.is_far(view, due.since, due.until), due.until

    def _new(self, due: _Due) -> list[Row]:
        """Return a detector's rows over what is new to it, but for those known already."""
        asked = self._asked.get(due.view.id, _Asked()).until
        bound = self.warehouse.fingerprint(due.view.stable)
        known, unsaid = self._known(), {alert["alert_key"] for alert in self._unsaid}
        signed = self._signed(bound, due.until)
        # All in one text: a relation is bound anew at each thing that is done with it.
        cursor = self.warehouse.cursor(due.view.stable, due.since, due.until)
        rows = self.warehouse.cut(due.view.stable, due.since)
        told = f"select *, {SEVERITY} as severity from {rows} order by fired_at, alert_key"
        alerts: list[Row] = [
            {**row, "known_at": row["fired_at"], **signed, "is_late": row["fired_at"] < asked}
            for batch in cursor.sql(told).to_arrow_table().to_batches()
            for row in batch.to_pylist()
            if row["alert_key"] not in known
            and row["alert_key"] not in unsaid
            and row["fired_at"] >= self._floor
        ]
        self._asked[due.view.id] = _Asked(max(due.until, asked), due.files, monotonic())
        return alerts

    def _look(self) -> None:
        """List the live files of each dataset, of loads that the ledger knows, where that moved."""
        snapshot, store = self.warehouse.refresh(), self.warehouse.store
        if snapshot is self._snapshot:
            return
        seen = [name for name, found in snapshot.files.items() if found and name not in _OWN]
        listed = {name: store.tables[name].files() for name in seen}
        bounds = (file["bounds"].get("load_id") for found in listed.values() for file in found)
        signed = store.ledger.knows(bound[0] for bound in bounds if bound)
        files: dict[str, list[_File]] = {}
        for name, found in listed.items():
            for file in found:
                first, last = file["bounds"].get("load_id", ("", ""))
                if first != last or first in signed:
                    low, high = file["bounds"].get("known_at", (BEGINNING, BEGINNING))
                    feed, other = file["bounds"].get("source", ("", ""))
                    told = _File(file["path"], low, high, feed if feed == other else None)
                    files.setdefault(name, []).append(told)
        for name in files:
            before = {file.path for file in self._files.get(name, ())}
            if fresh := [file.low for file in files[name] if file.path not in before]:
                self._held.hear(name, min(fresh))
        self._floor = dropped.known(store).floors.get(FEED, BEGINNING)
        if files != self._files:  # what a tick itself appends is not among them
            self._moved_at = monotonic()
        self._snapshot, self._files = snapshot, files

    def _newest(self, names: set[str]) -> datetime:
        """Return when the newest row of the events among these became known, else of the state.

        Of several feeds that run, it is the newest row of the one that is behind: the others wait
        for it, so that its rows are not late. One that is silent is not waited for.
        """
        contracts = self.warehouse.store.contracts
        events = {name for name in names if contracts[name].is_event}
        moving = events or names - {"sessions"}
        newest: dict[str | None, datetime] = {}
        for file in (file for name in moving for file in self._files.get(name, ())):
            newest[file.feed] = max(file.high, newest.get(file.feed, BEGINNING))
        first = max(newest.values(), default=BEGINNING)
        if not events or self._is_quiet():
            return first
        behind = (high for high in newest.values() if first - high <= _PATIENCE)
        return min(behind, default=first)

    def _is_quiet(self) -> bool:
        """Say whether nothing was appended for so long that nobody is waited for."""
        return monotonic() - self._moved_at > _PATIENCE.total_seconds()

    def _signed(self, bound: Bound, until: datetime) -> Row:
        """Return what all alerts of one look have in common."""
        snapshot = self.warehouse.snapshot
        assert snapshot is not None
        return {
            "detector": bound.view.id,
            "version": bound.view.version,
            "fingerprint": bound.fingerprint,
            "inputs": json.dumps(bound.inputs),
            "params": json.dumps(dict(bound.params)),
            "ticked_at": until,
            "recorded_until": snapshot.recorded_until,
        }

    def _known(self) -> set[str]:
        if self._keys is None:
            rows = self.warehouse.ask("raw.alerts", BEGINNING, FOREVER).project("alert_key")
            self._keys = {key for (key,) in rows.fetchall()}
        return self._keys

    def _append(self, alerts: Sequence[Row]) -> None:
        keys = [alert["alert_key"] for alert in alerts]
        newest = max(alert["ticked_at"] for alert in alerts)
        digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12]
        coverage = f"{stamp(newest)} {digest}"  # two ticks of one moment are two coverages
        parts = range(0, len(alerts), _AT_ONCE)
        batches = [("alerts", alerts[at : at + _AT_ONCE]) for at in parts]
        self.store.load(Publication(FEED, coverage, ("alerts",), batches, "live detectors"))
        self._known().update(keys)


def _turn(until: datetime, every: timedelta) -> int:
    """Count the multiples of a stretch, since 1970, that lie before a moment."""
    return (until - BEGINNING - _INSTANT) // every
