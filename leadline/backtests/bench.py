"""What sets of parameters share is asked once; what differs is asked set by set, on its own bench.

A bench is a door that nobody else asks, and which is thrown away: its views may answer from tables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from leadline import schema
from leadline.backtests.grid import Trial, Values, bound_by, merged, varied
from leadline.catalog import SEVERITY, Bound
from leadline.clock import Span
from leadline.quote import quoted
from leadline.warehouse import Warehouse

ALERTS, OUTCOMES, SIGNALS = "backtest.alerts", "backtest.outcomes", "backtest.signals"
MATCHES, HORIZONS = "backtest.matches", "backtest.horizons"
BASE, DAYS, RULE, RETURNS = (
    "backtest.base_days", "backtest.signal_days", "backtest.rule_days", "backtest.signal_returns",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What one set's alerts came to, day by day; n_alerts counts those without a price too.

    matches are the known events that they were held against, where the detector has some.
    """

    n_alerts: int
    days: pa.Table
    rule: pa.Table
    returns: pa.Table
    matches: pa.Table | None = None


@dataclass
class Bench:
    """A door over one span, whose shared views are tables."""

    house: Warehouse
    params: Values
    span: Span
    recorded_until: datetime
    planted: frozenset[str] = frozenset()  # detectors that known events are of
    horizons: Sequence[str] = ()  # that are looked at; of none all
    held: dict[str, Span] = field(default_factory=dict)

    @classmethod
    def open(
        cls, house: Warehouse, params: Values, span: Span, recorded_until: datetime
    ) -> "Bench":
        """Open a bench over a house's store; params are all that is replaced."""
        own = Warehouse(house.catalog, house.store, house.engine, params)
        own.refresh()  # it must know the calendars before it is asked how far back to read
        return cls(own, params, span, recorded_until)

    def close(self) -> None:
        """Throw it away, with all that it held."""
        self.house.close()

    def another(self, overrides: Values | None = None) -> "Bench":
        """Return a bench that answers from the tables of this one, for a thread of its own.

        overrides are of a set whose parameters are not the detector's alone; what they change, and
        what reads it, must not be held here.
        """
        params = merged(self.params, overrides or {})
        bench = Bench.open(self.house, params, self.span, self.recorded_until)
        bench.planted = self.planted
        ((database,),) = self.house.con.execute("select current_database()").fetchall()
        for name, span in self.held.items():
            table = schema.holds(name)
            bench.house.con.execute(f"create view {table} as from {database}.{table}")
            bench.house.hold(name, span)
            bench.held[name] = span
        return bench

    def share(self, names: Iterable[str], asked: Iterable[str]) -> None:
        """Compute views once that others read, as far back as these need them."""
        begins = self.house.begins(dict.fromkeys(asked, self.span.since))
        wanted = set(names)
        for bound in self.house.bound:  # each after what it reads
            name = bound.view.stable
            if bound.view is not self.house.catalog.in_force(name) or name not in wanted:
                continue
            if name in self.held:
                continue
            since = begins.get(name, self.span.since)
            self._lay(name, f"from {self.house.cut(name, since)}", name, since)

    def only(self, horizons: Sequence[str]) -> None:
        """Look no further than these horizons, which makes each set's outcomes cheaper."""
        self.horizons = sorted(horizons)
        if horizons and HORIZONS in self.held:
            wanted = ", ".join(map(quoted, horizons))
            self.house.con.execute(
                f"delete from {schema.holds(HORIZONS)} where horizon not in ({wanted})"
            )

    def tell(self, trial: Trial, bound: Bound) -> Told:
        """Ask one set for its alerts, and what came of them."""
        house, span = self.house, self.span
        known = house.columns(ALERTS)
        fired = (
            f"select *, {quoted(trial.view.id)} as detector, {trial.view.version} as version, "
            f"{quoted(trial.fingerprint)} as fingerprint, {SEVERITY} as severity "
            f"from {house.steps.computed(bound)} "
            f"where fired_at >= {_moment(span.since)}"
        )
        self._lay(ALERTS, f"select {', '.join(known)} from ({fired})", trial.view.pinned)
        signals = house.steps.computed(house.fingerprint(SIGNALS))
        self._lay(SIGNALS, f"from {signals}", SIGNALS)
        counted = f"select count(*) from {schema.holds(ALERTS)}"
        ((n_alerts,),) = house.con.execute(counted).fetchall()
        matches = self.ask(MATCHES) if trial.view.id in self.planted else None
        return Told(n_alerts, self.ask(DAYS), self.ask(RULE), self.ask(RETURNS), matches)

    def ask(self, view: str) -> pa.Table:
        """Return a view's rows over the span."""
        span = self.span
        asked = self.house.ask(view, span.since, span.until, self.recorded_until)
        return asked.to_arrow_table()

    def _lay(self, name: str, sql: str, asked: str, since: datetime | None = None) -> None:
        """Make a table of what a text says, and answer a view from it."""
        since = since or self.span.since
        cursor = self.house.cursor(asked, since, self.span.until, self.recorded_until)
        cursor.execute(f"create or replace table {schema.holds(name)} as {sql}")
        held = Span(since, self.span.until)
        self.house.hold(name, held)
        self.held[name] = held


def shared_by(house: Warehouse, given: Sequence[Trial]) -> tuple[set[str], bool]:
    """Return what all trials of a version read and none changes, and whether only it is changed."""
    view = given[0].view
    changed = {
        each.view.stable
        for each in house.bound
        if f"{each.view.id}.v{each.view.version}" in varied(given)
    }
    above = {view.stable}
    for each in house.bound:  # each after what it reads
        name = each.view.stable
        if each.view is house.catalog.in_force(name) and (
            name in changed or above & set(each.view.reads)
        ):
            above.add(name)
    above = above & house.below(view.reads) | {view.stable}
    reads = {read for name in above for read in _reads(house, name, view.pinned, view.stable)}
    return {read for read in reads - above if _is_held(read)}, above == {view.stable}


def inputs_of_outcomes(house: Warehouse) -> set[str]:
    """Return what outcomes are made of, but for the alerts, which differ.

    What lies below each other among them is computed once too: several read the same prices.
    """
    own = {OUTCOMES, SIGNALS, DAYS, RULE, RETURNS, BASE}
    made = house.below(own)
    reads = {read for name in own & made for read in house.catalog.in_force(name).reads}
    reads |= {name for name in made if name.startswith("backtest.")}
    return {read for read in reads - own - {ALERTS} if _is_held(read)}


def set_of(bench: Bench, trial: Trial) -> Bound:
    """Return the detector as a trial has it."""
    return bound_by(bench.house.catalog, bench.params, trial.overrides)[trial.view.pinned]


def _reads(house: Warehouse, name: str, pinned: str, stable: str) -> list[str]:
    if name == stable:
        (view,) = [each.view for each in house.bound if each.view.pinned == pinned]
        return list(view.reads)
    return list(house.catalog.in_force(name).reads)


def _is_held(name: str) -> bool:
    return not name.startswith(("raw.", "ops."))


def _moment(moment: datetime) -> str:
    return f"timestamptz {quoted(moment.isoformat())}"
