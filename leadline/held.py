"""Rows that the loop's ticks share: computed once a tick, or held and added to from tick to tick.

A view says `keep: rolling` where what it tells of a moment is final: nothing that becomes known
later changes it. With a stretch, as in `rolling 1h`, the hour under way is computed anew.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property

from leadline import raw, schema
from leadline.catalog import Bound
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.kept import bound_in_force
from leadline.quote import literal
from leadline.warehouse import Warehouse

_ROOM = timedelta(minutes=3)  # by how much a tick may be late and still find what it needs
_FAR = timedelta(hours=3)  # behind it rows are not held: a day of prints fills the memory
_FAR_PARTIALS = timedelta(days=40)  # of sums there are few
_MANY = 1_000_000  # deleted rows, behind which a table is written anew


class Held:
    """What the ticks of one warehouse share, which nobody else asks meanwhile."""

    def __init__(self, house: Warehouse) -> None:
        self._house = house
        self._rolling: dict[str, Span] = {}
        self._came: dict[str, datetime] = {}
        self._n_gone: dict[str, int] = {}  # rows that were deleted, and still take room
        self._n_forgotten = 0

    def hear(self, dataset: str, since: datetime) -> None:
        """Take note that rows came to a dataset, the oldest of them known at a moment."""
        self._came[dataset] = min(since, self._came.get(dataset, FOREVER))

    @contextmanager
    def over(self, asked: Mapping[str, datetime], until: datetime) -> Iterator[None]:
        """Have ready what views share that are asked up to one moment.

        asked are views by their stable names, and the begin of each one's span.
        """
        house = self._house
        house.refresh()
        try:
            self._forget()
            begins = house.begins(asked, self._inputs_from)
            for bound in self._bound:
                name = bound.view.stable
                if name not in begins:
                    continue
                is_rolling = "rolling" in bound.view.keeps
                if is_rolling and not _is_far(bound, begins[name], until):
                    self._roll(bound, begins[name], until)
                elif sum(name in house.below([each]) for each in asked) > 1:
                    self._rolling.pop(name, None)
                    # Its clock says when the question begins, as for whoever asks it alone.
                    self._compute(name, begins[name], until, min(asked.values()))
                    house.hold(name, Span(begins[name], until))
                else:
                    house.let_go([name])
            yield
            self._leave_out(until)
        except BaseException:
            self._rolling.clear()
            raise
        finally:
            house.rest(self._rolling)

    def is_far(self, view: str, since: datetime, until: datetime) -> bool:
        """Say whether a view looks back further than rolling rows are held.

        It is best asked apart from those that do not.
        """
        begins = self._house.begins({view: since}, self._inputs_from)
        rolling = (each for each in self._bound if "rolling" in each.view.keeps)
        return any(
            _is_far(each, begins[each.view.stable], until)
            for each in rolling
            if each.view.stable in begins
        )

    @cached_property
    def _bound(self) -> list[Bound]:
        """The views in force whose rows are shared, each after what it reads."""
        house = self._house
        in_force = bound_in_force(house.catalog, house.bound, house.pins).values()
        return [each for each in in_force if each.view.keeps.keys() & {"tick", "rolling"}]

    def _inputs_from(self, name: str, since: datetime) -> datetime | None:
        """Return from when a view's inputs are read that is wanted from a moment, if they are.

        One that keeps partials reads raw rows by itself, but for what rolling adds to it.
        """
        span = self._rolling.get(name)
        if span and span.since <= since:
            return max(since, span.until)
        keeps = self._keeps.get(name, {})
        return None if "partials" in keeps else since

    @cached_property
    def _keeps(self) -> dict[str, Mapping[str, timedelta]]:
        house = self._house
        return {name: house.catalog.in_force(name, house.pins).keeps for name in house.kept}

    @cached_property
    def _stretches(self) -> Mapping[str, timedelta]:
        """What of each rolling view is computed anew, up to the end of its span."""
        views = [each.view for each in self._bound]
        return {each.stable: each.keeps["rolling"] for each in views if "rolling" in each.keeps}

    def _forget(self) -> None:
        """Hold no more what rows that came, or that were forgotten, may have changed."""
        house = self._house
        came, self._came = self._came, {}
        forgotten, self._n_forgotten = self._n_forgotten, house.store.ledger.n_forgotten
        if forgotten != self._n_forgotten:
            self._rolling.clear()
        for bound in self._bound:
            name = bound.view.stable
            if not (span := self._rolling.get(name)):
                continue
            names = {read.removeprefix("raw.") for read in house.datasets(name)} & came.keys()
            stretch = bound.view.keeps["rolling"]
            until = _floor(min([span.until, *(came[each] for each in names)]), stretch)
            is_other = any(not house.catalog.contracts[each].is_event for each in names)
            if is_other or until <= span.since:
                del self._rolling[name]
            elif until < span.until:
                table = schema.holds(name)
                gone = f"delete from {table} where known_at >= {literal(until)}"
                ((n_gone,),) = house.con.execute(gone).fetchall()
                self._n_gone[name] = self._n_gone.get(name, 0) + n_gone
                self._rolling[name] = Span(span.since, until)

    def _roll(self, bound: Bound, since: datetime, until: datetime) -> None:
        """Add what is new to the rows that are held, or compute all where they begin too late."""
        house, name = self._house, bound.view.stable
        span = self._rolling.get(name)
        if span is None or span.since > since:
            self._compute(name, since, until)
            span = Span(since, until)
        elif span.until < until:
            house.hold(name, span, is_cut=True)  # what was forgotten of it is read anew
            cursor = house.cursor(name, span.until, until)
            computed = house.steps.computed(bound)
            new = f"select * from {computed} where known_at >= {literal(span.until)}"
            cursor.execute(f"insert into {schema.holds(name)} {new}")
            span = Span(span.since, until)
        self._rolling[name] = span
        house.hold(name, span, is_cut=True)

    def _compute(
        self, name: str, since: datetime, until: datetime, asked: datetime | None = None
    ) -> None:
        house = self._house
        house.let_go([name])
        cursor = house.cursor(name, since, until)
        cursor.execute(f"set variable {raw.VARIABLES[-1]} = {literal(asked or since)}")
        made = f"create or replace table {schema.holds(name)} as from {house.cut(name, since)}"
        cursor.execute(made)

    def _leave_out(self, until: datetime) -> None:
        """Leave out rows that no live detector looks back to."""
        house = self._house
        near = {
            view.stable: until - view.every
            for view in house.catalog.all_live(house.pins)
            if not self.is_far(view.stable, until - view.every, until)
        }

        def inputs_from(name: str, since: datetime) -> datetime | None:
            begin = self._inputs_from(name, since)
            if name not in self._stretches:
                return begin
            # What is added to it next reads no further back than its own stretch under way.
            return _floor(until if begin is None else begin, self._stretches[name])

        reach = house.begins(near, inputs_from)
        for name, span in list(self._rolling.items()):
            since = max(reach.get(name, until), BEGINNING + _ROOM) - _ROOM
            if since >= span.until:
                del self._rolling[name]
            elif since - span.since > until - since or self._n_gone.get(name, 0) > _MANY:
                table, since = schema.holds(name), max(since, span.since)
                rows = f"from {table} where known_at >= {literal(since)}"
                house.con.execute(f"create or replace table {table} as {rows}")
                self._rolling[name], self._n_gone[name] = Span(since, span.until), 0


def _is_far(bound: Bound, since: datetime, until: datetime) -> bool:
    furthest = _FAR_PARTIALS if "partials" in bound.view.keeps else _FAR
    return until - since > furthest


def _floor(moment: datetime, stretch: timedelta) -> datetime:
    """Return the begin of the stretch of time, counted since 1970, in which a moment lies."""
    return moment - (moment - BEGINNING) % stretch if stretch else moment
