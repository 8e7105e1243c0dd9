"""Partial aggregates of closed days, stored once; their names say what made them, so none is stale.

A file is named by its view's fingerprint, its day, and the newest stamp among the loads that
touched that day: another parameter, another version of an input or a late row asks for a file of
another name. The days of a month that is over lie in one file, which names each of them so.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import MappingProxyType

from leadline import clock, raw
from leadline.catalog import Bound, Catalog
from leadline.clock import Span
from leadline.errors import ViewError
from leadline.header import renamed
from leadline.home import Found, Home
from leadline.ledger import Touched
from leadline.listing import Listing
from leadline.quote import literal, named, quoted
from leadline.shelf import Shelf, days_of

FOLDER = "_kept"
_DAY = timedelta(days=1)
_FURTHEST = timedelta(hours=1)


@dataclass
class Kept:
    """One view in force whose closed days are stored, and what of it lies there.

    chain are the views from which it is computed, the last one itself; lookback is how far they
    read before a day, added up; events and states are the datasets that they read.
    """

    folder: Home
    chain: tuple[Bound, ...]
    lookback: timedelta
    events: frozenset[str]
    states: frozenset[str]
    files: dict[date, Home] = field(default_factory=dict)
    listings: Sequence[Listing] = ()  # the files of what it reads
    _stamps: dict[date, datetime] = field(default_factory=dict)
    _since: tuple[list[date], list[datetime]] = field(default_factory=lambda: ([], []))
    _days: list[date] = field(default_factory=list)  # those that have files, in order
    _other: set[date] = field(default_factory=set)  # stamped anew since the last look
    _made: dict[date, Home] = field(default_factory=dict)

    @property
    def view(self) -> str:
        """Its stable name."""
        return self.chain[-1].view.stable

    @property
    def variable(self) -> str:
        """The session variable that holds the days which a question takes from files."""
        return "kept_" + self.view.replace(".", "_")

    @cached_property
    def shelf(self) -> Shelf:
        """The folder of its files."""
        return Shelf(self.folder)

    def hear(self, touched: Iterable[Touched]) -> None:
        """Stamp the days that were touched since the last time."""
        for each in touched:
            self._take(each)

    def look(self) -> bool:
        """Find the files that serve, where days were stamped anew or files have come.

        Say whether there was such a day.
        """
        months = {day.replace(day=1) for day in self._other}
        if self.shelf.look():
            months |= {day.replace(day=1) for day in self._stamps}
        self._other.clear()
        for month in months:
            days = [day for day in days_of(month) if day in self._stamps]
            stamps = {day: self.stamp(day) for day in days}
            for found, kind in ((self.files, self.shelf.found), (self._made, self.shelf.made)):
                for day in days:
                    found.pop(day, None)
                found.update(kind(stamps))
        if months:
            self._days = sorted(self.files)
        return bool(months)

    def stamp(self, day: date) -> datetime:
        """Return the newest stamp among the loads that a day's rows depend on.

        State that became known later than the day changes none of them.
        """
        days = (day, day - _DAY) if self.lookback else (day,)
        newest = max(self._stamps.get(each, clock.BEGINNING) for each in days)
        since, stamps = self._since
        place = bisect_right(since, day)
        return max(newest, stamps[place - 1]) if place else newest

    def path(self, day: date) -> Home:
        """Return where a day's own file lies, if it does."""
        return self.shelf.day(day, self.stamp(day))

    def serves(self, since: datetime, until: datetime, recorded_until: datetime) -> list[date]:
        """Return the days that files answer: wholly in the span, and known to the store by then."""
        first = since.astimezone(UTC).date() if since > clock.BEGINNING else date.min
        last = until.astimezone(UTC).date() if until < clock.FOREVER else date.max
        if first > date.min and clock.midnight(first) < since:
            first += _DAY
        places = bisect_left(self._days, first), bisect_left(self._days, last)
        return [day for day in self._days[slice(*places)] if self.stamp(day) <= recorded_until]

    def variables(self, days: Sequence[date]) -> Iterator[str]:
        """Yield what sets the variables of a question that takes these days from files."""
        for name, listed in ((self.variable, days), (f"{self.variable}_edges", self.edges(days))):
            said = ", ".join(f"'{day}'" for day in listed)
            yield f"set variable {name} = cast([{said}] as date[])"
        if self.files:
            paths = {str(self.files[day]): None for day in days or self._days[-1:]}
            yield raw.opens(f"{self.variable}_files", list(paths))

    def edges(self, days: Sequence[date]) -> list[date]:
        """Return the days of these whose last rows the day after looks back to."""
        own = set(days)
        return [day for day in days if day + _DAY not in own] if self.lookback else []

    def missing(self, span: Span) -> list[date]:
        """Return the days within a span that have rows and no file."""
        return [
            day
            for day in sorted(self._stamps)
            if day not in self._made
            and any(each.may_hold(day) for each in self.listings)
            and clock.midnight(day) >= span.since
            and clock.midnight(day) + _DAY <= span.until
        ]

    def scattered(self, until: datetime) -> Iterator[tuple[Home, Mapping[date, Home]]]:
        """Yield the months that are over and lie in several files: the one to be, and these."""
        months: dict[date, dict[date, Home]] = {}
        for day, path in sorted(self._made.items()):
            months.setdefault(day.replace(day=1), {})[day] = path
        for found in months.values():
            is_over = clock.midnight(days_of(min(found))[-1]) + _DAY <= until
            if is_over and len(found) > 1:
                whole = self.shelf.month({day: self.stamp(day) for day in found})
                if set(found.values()) != {whole}:
                    yield whole, found

    def outdated(self) -> list[Found]:
        """Return the files that serve no more, by their paths below the view's folder."""
        return self.shelf.outdated({*self.files.values(), *self._made.values()})

    def statements(self, types: Mapping[str, str], listings: Mapping[str, Listing]) -> list[str]:
        """Return what makes the view answer from its files, and from raw rows for other days.

        types are those of its columns: Parquet has no hugeint, which is what DuckDB sums to.
        listings are the files of what it reads.
        """
        scans = {}
        for name in self.events:
            contract = listings[name].contract
            stored = raw.asked(contract, listings[name].files, self.view)
            scans[f"raw.{name}"] = f"({raw.select(contract, stored)})"
        made = [
            f"create or replace view {name} as {sql}"
            for name, sql in self.computed(self._wanted, scans)
        ]
        columns = ", ".join(
            f"cast({named(n)} as {kind}) as {named(n)}" for n, kind in types.items()
        )
        answer = f"from {self.own(self.view)}"
        if self.lookback:
            answer += f" where not {self._is_kept}"
        if self.files:  # a question that names none, for it began before, takes nothing of one
            files = f"coalesce(getvariable('{self.variable}_files'), [{self._any_file}])"
            answer += (
                f" union all select {columns} from read_parquet({files}, "
                f"hive_partitioning = false) where {self._is_kept}"
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
            yield own, f"select * from {sources.get(name, name)} as given where {condition}"
        for bound in self.chain:
            sql = renamed(bound.view.path, bound.sql, names)
            names[bound.view.stable] = self.own(bound.view.stable)
            yield names[bound.view.stable], sql

    def own(self, name: str) -> str:
        """Return the name of a step that is computed for this view alone."""
        return f"engine.{named(f'{name} of {self.view}')}"

    @property
    def _any_file(self) -> str:
        return quoted(str(self.files[self._days[-1]]))

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
        """Stamp the days that were touched; state may have changed any from its first row's on."""
        first, last = touched.since_date, touched.until_date
        if touched.dataset in self.states:
            self._take_state(first or date.min, touched.recorded_at)
        elif touched.dataset in self.events and first and last:
            for n in range((last - first).days + 1):
                day = first + n * _DAY
                newest = self._stamps.get(day, clock.BEGINNING)
                self._stamps[day] = max(newest, touched.recorded_at)
                self._other |= {day, day + _DAY} if self.lookback else {day}

    def _take_state(self, first: date, recorded_at: datetime) -> None:
        """Keep the newest stamp of what was known by each day, as steps that rise."""
        since, stamps = self._since
        place = bisect_right(since, first)
        if place and stamps[place - 1] >= recorded_at:
            return
        same = place - 1 if place and since[place - 1] == first else place
        after = bisect_right(stamps, recorded_at, place)
        since[same:after], stamps[same:after] = [first], [recorded_at]
        self._other |= {day for day in self._stamps if day >= first}


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
    catalog: Catalog, bound: Sequence[Bound], pins: Mapping[str, int], place: Home
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
