"""Proves that nothing looks ahead: what was told by a moment needs nothing that came after it.

The store is read as it stands and in worlds without what became known from a moment on; what each
view told before that moment has to be the same. Where all became known later, no alert is earlier.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeAlias

import duckdb

from leadline import contrast, schema
from leadline.catalog import View, time_column
from leadline.clock import BEGINNING, FOREVER, Span, stamp
from leadline.contrast import Change, Later, Told
from leadline.errors import LeadlineError, QueryError, ViewError, first_line, nearest
from leadline.quote import literal
from leadline.warehouse import Warehouse
from leadline.world import World

SCHEMAS = ("curated", "features", "scores", "detectors")
LEFT_OUT = {
    "backtest": "its labels lie in the future by construction",
    "checks": "it shows what is wrong at the end of a question",
    "ops": "it shows what the store says of itself",
    "reports": "it shows what stands at the end of a question",
}
NO_CLOCK = "it has no known_at: it shows what stands at the end of a question"
# A print that is told a second late is no news to most detectors; a day's volume is.
SHIFTS = (timedelta(milliseconds=250), timedelta(hours=1))
_TICK = timedelta(microseconds=1)
_CLOSES = timedelta(days=1)  # after the last row, so that what it opened is over


@dataclass(frozen=True)
class Plan:
    """What is looked at: a span, the moments at which it is cut, and how much later rows come.

    n_rows: just after how many of its own rows each view is cut beside that; seed chooses them.
    """

    span: Span
    cuts: Sequence[datetime]
    shifts: Sequence[timedelta]
    n_rows: int
    seed: int


@dataclass
class Looked:
    """What the look at one view, or model, found; `reason` says why there was none."""

    name: str
    reason: str | None = None
    is_broken: bool = False
    n_cuts: int = 0
    n_rows: int = 0  # told before a cut, over all cuts
    changes: list[Change] = field(default_factory=list)
    after: Sequence[str] = ()  # what it reads that changed too
    later: Sequence[Later] = ()  # of a detector: what became of its alerts, shift by shift

    @property
    def n_changed(self) -> int:
        """How many rows changed, over all cuts."""
        return sum(change.n_changed for change in self.changes)

    @property
    def state(self) -> str:
        """One word: ok, changed, left out or broken."""
        if self.reason is not None:
            return "broken" if self.is_broken else "left out"
        return "changed" if self.changes else "ok"


def named(house: Warehouse, names: Sequence[str] = ()) -> list[View]:
    """Return the views of these names; of none, every live version of every view that has a clock.

    They stand in an order in which each comes after what it reads.
    """
    if not names:
        live = (bound.view for bound in house.bound if bound.view.status == "live")
        return [view for view in live if view.schema in SCHEMAS]
    wanted = [house.catalog.find(name) for name in names]
    for name, view in zip(names, wanted, strict=True):
        if view.schema not in SCHEMAS:
            raise QueryError(f"{name}: {LEFT_OUT[view.schema]}; name another view")
    return [bound.view for bound in house.bound if bound.view in wanted]


def plan(
    house: Warehouse,
    n_cuts: int = 5,
    seed: int = 7,
    shifts: Sequence[timedelta] = SHIFTS,
    n_rows: int = 1,
    span: Span | None = None,
) -> Plan:
    """Draw the moments at which the store is cut, each just after something became known.

    Every other one lies on a day of which most datasets have rows. Datasets take turns, and each
    day of one is as likely as another: many rows hide no few. A QueryError says so where no event
    became known in the span.
    """
    choice = random.Random(seed)
    asked = span or Span(BEGINNING, house.refresh().recorded_until + _TICK)
    events = [name for name, contract in house.catalog.contracts.items() if contract.is_event]
    days: dict[date, dict[str, tuple[int, int]]] = {}
    with house.cursor([f"raw.{name}" for name in events], asked.since, asked.until) as cursor:
        for name in events:
            found = cursor.execute(
                f"select known_date, epoch_us(min(known_at)), epoch_us(max(known_at)) "
                f"from raw.{name} where known_at >= {literal(asked.since)} group by known_date"
            ).fetchall()
            for day, first, last in found:
                days.setdefault(day, {})[name] = (first, last)
        if not days:
            raise QueryError("raw: no event became known in this span; load a feed, or widen it")
        most = max(map(len, days.values()))
        busy = [day for day in sorted(days) if len(days[day]) > 0.8 * most]
        turns, cuts = sorted({name for each in days.values() for name in each}), set[datetime]()
        choice.shuffle(turns)
        for number in range(n_cuts):
            own = [day for day in sorted(days) if turns[0] in days[day]]
            day = choice.choice(own if number % 2 else busy)
            name = next(each for each in turns if each in days[day])
            turns = [*(each for each in turns if each != name), name]
            drawn = choice.randint(*days[day][name])
            ((us,),) = cursor.execute(
                f"select epoch_us(min(known_at)) from raw.{name} "
                f"where known_at >= make_timestamptz({drawn})"
            ).fetchall()
            cuts.add(_moment(us) + _TICK)
    last = _moment(max(end for each in days.values() for _, end in each.values()))
    whole = span or Span(BEGINNING, last + _CLOSES)
    return Plan(whole, sorted(cuts), shifts, n_rows, seed)


def look(house: Warehouse, views: Sequence[View], asked: Plan) -> Iterator[Looked]:
    """Look at one view after the other, each after what it reads; yield what was found."""
    with ExitStack() as stack:
        yield from _Look(house, views, asked, stack).all()


def scope_of(view: View) -> tuple[str, str] | None:
    """Return the column that says what a person chose to see, and the view that has the choice."""
    if (said := view.header.get("scope")) is None:
        return None
    column, of, chosen = said.partition(" of ")
    if not of or not column.isidentifier():
        where = f"{view.path}:{view.header.lines['scope']}"
        raise ViewError(f"{where}: scope is '{said}'; write it as symbol of curated.watchlists")
    return column, chosen


def scaled_of(view: View, columns: Sequence[str]) -> list[str]:
    """Return the columns that count in shares of a question's end: a split before it scales them.

    What is made of them, a return or a ratio, must not change.
    """
    said = view.header.get("scaled")
    found = said.split(", ") if said else []
    for name in found:
        if name not in columns:
            where = f"{view.path}:{view.header.lines['scaled']}"
            raise ViewError(f"{where}: scaled names '{name}', no column{nearest(name, columns)}")
    return found


Note: TypeAlias = Callable[[Told, Span, str], None]


class _Look:
    """Worlds side by side; what views read is computed once in each, and held while it is read."""

    def __init__(
        self, house: Warehouse, views: Sequence[View], asked: Plan, stack: ExitStack
    ) -> None:
        self._house, self._views, self._plan = house, views, asked
        for view in views:
            house.need_sessions(view.pinned)

        def world(later: timedelta = timedelta(), ends_at: datetime = FOREVER) -> World:
            made = World(house, later, ends_at)
            stack.callback(made.close)
            return made

        self._whole = world()
        self._cut = [world(ends_at=at) for at in asked.cuts]
        self._later: list[World] = []
        if any(view.is_detector for view in views) and asked.shifts:
            self._later = [world(shift) for shift in asked.shifts]
            # And the last of them is cut once more, by its own clock.
            last = asked.shifts[-1]
            self._later += [world(last, at + last) for at in asked.cuts[-1:]]
        self._open_cut = world()  # it holds nothing, and is cut just after a view's own rows
        self._recorded_until = self._whole.refresh().recorded_until
        self._changed: set[str] = set()
        below = house.below(view.pinned for view in views)
        self._bound = [each for each in house.bound if self._name(each.view) in below]
        self._bound += [
            each for each in house.bound if each.view in views and each not in self._bound
        ]
        self._begins = house.begins({self._name(each): asked.span.since for each in views})
        self._last_read = {
            read: number for number, each in enumerate(self._bound) for read in each.view.reads
        }
        self._held: dict[str, list[str]] = {}

    def all(self) -> Iterator[Looked]:
        """Look at every view that was asked for."""
        for number, bound in enumerate(self._bound):
            view = bound.view
            found = Looked(view.id if view is self._in_force(view) else view.pinned)
            try:
                self._hold(view)
                if view in self._views:
                    self._compare(view, found)
            except (LeadlineError, duckdb.Error) as error:
                found.reason, found.is_broken = first_line(error), True
            if found.changes:
                self._changed.add(view.stable)
                found.after = sorted(self._changed & bound.inputs.keys() - {view.stable})
            if view in self._views or found.is_broken:
                yield found
            self._give_back(number)

    def _hold(self, view: View) -> None:
        name = self._name(view)
        span = Span(self._begins[name], self._plan.span.until)
        worlds = [self._whole, *self._cut, *self._later]
        self._held[name] = [each.settle(name, span, self._recorded_until) for each in worlds]

    def _compare(self, view: View, found: Looked) -> None:
        name, plan = self._name(view), self._plan
        scaled = scaled_of(view, self._house.columns(name))
        columns = [column for column in self._house.columns(name) if column not in scaled]
        time = time_column(columns)
        if time is None:
            found.reason = NO_CLOCK
            return
        may_come = "partials" in view.keeps
        whole, *others = self._held[name]
        cut, later = others[: len(self._cut)], others[len(self._cut) :]

        def note(told: Told, span: Span, what: str) -> None:
            found.n_cuts += 1
            found.n_rows += told.n_rows(span)
            if change := told.change(span, what, may_come=may_come):
                found.changes.append(change)

        con = self._whole.con
        for world, table in zip(self._cut, cut, strict=True):
            if world.ends_at > plan.span.since:
                told = Told(con, whole, table, columns, time, self._scope(view, world))
                note(told, Span(plan.span.since, world.ends_at), f"cut at {stamp(world.ends_at)}")
        for at in self._moments(whole, time):
            self._open_cut.ends_at = at + _TICK
            of_it = Span(at, at + _TICK)
            for since in (at, plan.span.since):
                span = Span(since, plan.span.until)
                table = self._open_cut.lay(name, span, self._recorded_until, "a moment")
                scope = self._scope(view, self._open_cut)
                told = Told(con, whole, table, columns, time, scope)
                # What a span's begin cuts through is no look ahead: it is asked for from further.
                if not told.change(of_it, "", may_come=may_come):
                    break
            note(told, of_it, f"cut just after {stamp(at)}")
        if later and view.is_detector:
            self._compare_later(name, found, later, note)

    def _compare_later(self, name: str, found: Looked, tables: Sequence[str], note: Note) -> None:
        con, plan, whole = self._whole.con, self._plan, self._held[name][0]
        said = [f"all known {shift} later" for shift in plan.shifts]
        found.later = [
            contrast.later(con, whole, table, what)
            for table, what in zip(tables, said, strict=False)
        ]
        found.changes += [each.earlier for each in found.later if each.earlier]
        for world, table in zip(self._later[len(said) :], tables[len(said) :], strict=True):
            told = Told(con, tables[len(said) - 1], table, self._house.columns(name), "fired_at")
            span = Span(plan.span.since, world.ends_at)
            note(told, span, f"{said[-1]}, and cut at {stamp(world.ends_at)}")

    def _moments(self, table: str, time: str) -> list[datetime]:
        """Return a seeded few of the moments of a view's rows."""
        span, seed = self._plan.span, self._plan.seed
        rows = self._whole.con.execute(
            f"select distinct epoch_us({time}) as us from {table} where {time} >= "
            f"{literal(span.since)} and {time} < {literal(span.until)} "
            f"order by md5({seed} || ' ' || us), us limit {self._plan.n_rows}"
        ).fetchall()
        return [_moment(us) for (us,) in rows]

    def _scope(self, view: View, world: World) -> tuple[str, list[str]] | None:
        """Return which rows a world can tell of: those of what a person had chosen by then."""
        if (scope := scope_of(view)) is None:
            return None
        column, read = scope
        rows = world.ask(read, BEGINNING, self._plan.span.until, self._recorded_until)
        return column, sorted(value for (value,) in rows.select(column).distinct().fetchall())

    def _give_back(self, number: int) -> None:
        kept = {scope[1] for view in self._views if (scope := scope_of(view))}
        for name in list(self._held):
            if self._last_read.get(name, -1) <= number and name not in kept:
                worlds = [self._whole, *self._cut, *self._later]
                for world, table in zip(worlds, self._held.pop(name), strict=True):
                    world.drop(table)

    def _in_force(self, view: View) -> View:
        return self._house.catalog.in_force(view.stable, self._house.pins)

    def _name(self, view: View) -> str:
        return schema.own_name(view, self._house.catalog, self._house.pins)


def _moment(us: int) -> datetime:
    return BEGINNING + timedelta(microseconds=us)
