"""Partial aggregates of closed days, stored once; their names say what made them, so none is stale.

A file is named by its view's fingerprint, its day, and the newest stamp among the loads that
touched that day: another parameter, another version of an input or a late row asks for a file of
another name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from leadline import clock
from leadline.catalog import Bound, Catalog
from leadline.clock import Span
from leadline.errors import ViewError
from leadline.header import renamed
from leadline.ledger import Touched
from leadline.quote import literal, named, quoted

FOLDER = "_kept"
_DAY = timedelta(days=1)
_FURTHEST = timedelta(hours=1)


@dataclass
class Kept:
    """One view in force whose closed days are stored, and what of it lies there.

    chain are the views from which it is computed, the last one itself; lookback is how far they
    read before a day, added up; events and states are the datasets that they read.
    """

    folder: Path
    chain: tuple[Bound, ...]
    lookback: timedelta
    events: frozenset[str]
    states: frozenset[str]
    files: dict[date, Path] = field(default_factory=dict)
    _stamps: dict[date, datetime] = field(default_factory=dict)
    _of_all: datetime = clock.BEGINNING

    @property
    def view(self) -> str:
        """Its stable name."""
        return self.chain[-1].view.stable

    @property
    def variable(self) -> str:
        """The session variable that holds the days which a question takes from files."""
        return "kept_" + self.view.replace(".", "_")

    def look(self, touched: Iterable[Touched]) -> bool:
        """Hear what was touched since the last time; say whether other files serve than before."""
        for each in touched:
            self._take(each)
        found = {
            day: path
            for day in self._stamps
            if (path := self.path(day)) == self.files.get(day) or path.exists()
        }
        is_other, self.files = found != self.files, found
        return is_other

    def stamp(self, day: date) -> datetime:
        """Return the newest stamp among the loads that a day's rows depend on."""
        days = (day, day - _DAY) if self.lookback else (day,)
        return max(*(self._stamps.get(each, clock.BEGINNING) for each in days), self._of_all)

    def path(self, day: date) -> Path:
        """Return where a day's file lies, if it does."""
        microseconds = (self.stamp(day) - clock.BEGINNING) // timedelta(microseconds=1)
        return self.folder / f"known_date={day}" / f"{microseconds}.parquet"

    def serves(self, since: datetime, until: datetime, recorded_until: datetime) -> list[date]:
        """Return the days that files answer: wholly in the span, and known to the store by then."""
        return [
            day
            for day in sorted(self.files)
            if since <= (begin := clock.midnight(day))
            and begin + _DAY <= until
            and self.stamp(day) <= recorded_until
        ]

    def variables(self, days: Sequence[date]) -> Mapping[str, Sequence[date]]:
        """Return the session variables of a question that takes these days from files."""
        edges = [day for day in days if day + _DAY not in set(days)] if self.lookback else []
        return {self.variable: days, f"{self.variable}_edges": edges}

    def missing(self, span: Span) -> list[date]:
        """Return the days within a span that have rows and no file."""
        return [
            day
            for day in sorted(self._stamps)
            if day not in self.files
            and clock.midnight(day) >= span.since
            and clock.midnight(day) + _DAY <= span.until
        ]

    def outdated(self) -> list[Path]:
        """Return the files that serve no more."""
        good = set(self.files.values())
        return [path for path in sorted(self.folder.rglob("*.parquet")) if path not in good]

    def statements(self, types: Mapping[str, str]) -> list[str]:
        """Return what makes the view answer from its files, and from raw rows for other days.

        types are those of its columns: Parquet has no hugeint, which is what DuckDB sums to.
        """
        made = [
            f"create or replace view {name} as {sql}" for name, sql in self.computed(self._wanted)
        ]
        listed = ", ".join(quoted(str(path)) for _, path in sorted(self.files.items()))
        answer = f"from {self.own(self.view)}"
        if self.lookback:
            answer += f" where not {self._is_kept}"
        if listed:
            columns = ", ".join(
                f"cast({named(n)} as {kind}) as {named(n)}" for n, kind in types.items()
            )
            answer += (
                f" union all select {columns} from read_parquet([{listed}], "
                f"hive_partitioning = true, hive_types = {{'known_date': date}}) "
                f"where {self._is_kept}"
            )
        return [*made, f"create or replace view {answers(self.view)} as {answer}"]

    def computed(
        self, condition: str, sources: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[tuple[str, str]]:
        """Yield name and SQL of each step that computes the view from some of its raw rows.

        Rows are those that meet a condition; sources say under which name they stand, if not
        under their own.
        """
        names = {f"raw.{name}": self.own(f"raw.{name}") for name in sorted(self.events)}
        for name, own in names.items():
            yield own, f"select * from {sources.get(name, name)} where {condition}"
        for bound in self.chain:
            sql = renamed(bound.view.path, bound.sql, names)
            names[bound.view.stable] = self.own(bound.view.stable)
            yield names[bound.view.stable], sql

    def own(self, name: str) -> str:
        """Return the name of a step that is computed for this view alone."""
        return f"engine.{named(f'{name} of {self.view}')}"

    @property
    def _is_kept(self) -> str:
        return f"coalesce(list_contains(getvariable('{self.variable}'), known_date), false)"

    @property
    def _wanted(self) -> str:
        """SQL for the raw rows of which days are computed that no file holds."""
        if not self.lookback:
            return f"not {self._is_kept}"
        # What such a day looks back to lies at the end of the day before. The first condition is
        # of the day alone, so that it leaves out files.
        is_edge = (
            f"coalesce(list_contains(getvariable('{self.variable}_edges'), known_date), false)"
        )
        midnight = "timezone('UTC', known_date + interval 1 day)"
        return (
            f"(not {self._is_kept} or {is_edge}) and "
            f"(not {self._is_kept} or known_at >= {midnight} - {literal(self.lookback)})"
        )

    def _take(self, touched: Touched) -> None:
        """Stamp the days that were touched; state may have changed any."""
        first, last = touched.since_date, touched.until_date
        if touched.dataset in self.states:
            self._of_all = max(self._of_all, touched.recorded_at)
        elif touched.dataset in self.events and first and last:
            for n in range((last - first).days + 1):
                day = first + n * _DAY
                newest = self._stamps.get(day, clock.BEGINNING)
                self._stamps[day] = max(newest, touched.recorded_at)


def answers(view: str) -> str:
    """Return the name under which a kept view's answer stands; the view itself reads it."""
    return f'engine."{view}"'


def bound_in_force(
    catalog: Catalog, bound: Iterable[Bound], pins: Mapping[str, int]
) -> dict[str, Bound]:
    """Return the views in force among these by stable name, each after what it reads."""
    own = (each for each in bound if each.view is catalog.in_force(each.view.stable, pins))
    return {each.view.stable: each for each in own}


def all_kept(
    catalog: Catalog, bound: Sequence[Bound], pins: Mapping[str, int], place: Path
) -> dict[str, Kept]:
    """Return the views in force that keep partials, by stable name.

    A ViewError says so where a view can't be kept: when it looks beyond its day, or reads what no
    stamp tells of.
    """
    found = {}
    in_force = bound_in_force(catalog, bound, pins)
    for name, each in in_force.items():
        if "partials" in each.view.keeps:
            below = _below(each, in_force)
            chain = tuple(found for found in below if not catalog.is_state(found.view.stable))
            reads = {read for found in below for read in found.view.reads} - set(in_force)
            _can_be_kept(each, chain, reads)
            raws = {read: catalog.is_state(read) for read in reads}
            events, states = (
                frozenset(
                    read.removeprefix("raw.") for read, is_state in raws.items() if is_state == kind
                )
                for kind in (False, True)
            )
            folder = place / FOLDER / name / each.fingerprint
            found[name] = Kept(folder, chain, _lookback(each, in_force), events, states)
    return found


def _below(bound: Bound, in_force: Mapping[str, Bound]) -> list[Bound]:
    """Return a view and all that it is computed from, each after what it reads."""
    found: dict[str, Bound] = {}
    for read in bound.view.reads:
        if read in in_force:
            found |= {each.view.stable: each for each in _below(in_force[read], in_force)}
    return [*found.values(), bound]


def _lookback(bound: Bound, in_force: Mapping[str, Bound]) -> timedelta:
    """Return how far a view reads before its span, added up along the longest path."""
    further = (
        bound.view.needs_of(read).time
        + (_lookback(in_force[read], in_force) if read in in_force else timedelta())
        for read in bound.view.reads
    )
    return max(further, default=timedelta())


def _can_be_kept(bound: Bound, chain: Iterable[Bound], reads: Iterable[str]) -> None:
    view = bound.view
    where = f"{view.path}:{view.header.lines['keep']}"
    for each in chain:
        if any(n.is_all or n.sessions or n.time > _FURTHEST for n in each.view.needs):
            raise ViewError(
                f"{where}: {each.view.stable} needs {each.view.header['needs']}, and a kept day "
                f"sees an hour before itself at most; keep a view that needs less"
            )
    for read in reads:
        if read in ("raw.loads", "raw.rejected") or not read.startswith("raw."):
            raise ViewError(f"{where}: it reads {read}, of which no day can be kept; leave it out")
