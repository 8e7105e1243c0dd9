"""Stores the partial aggregates of closed days that no file holds yet, and joins past months."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from leadline import kept_day
from leadline.clock import BEGINNING, Span, now
from leadline.crew import Task
from leadline.errors import ViewError, nearest
from leadline.kept_day import Made
from leadline.warehouse import Warehouse

__all__ = ["Made", "refresh"]

_SPARED = timedelta(days=1)  # a question that is under way may still read what serves no more

Storing = Callable[[Iterable[Task]], Iterator[Made | None]]


def refresh(
    warehouse: Warehouse,
    moment: datetime,
    views: Sequence[str] | None = None,
    *,
    since: datetime = BEGINNING,
    storing: Callable[[int], Storing | None] = lambda n_days: None,
) -> Iterator[Made]:
    """Compute what is missing of the days that are over at a moment, and delete what is outdated.

    Days that begin before `since` are left, and computed whenever they are asked for. `storing`
    says who else stores so many days; where nobody does they are stored here, one by one.

    A day on which another process loads meanwhile is left for the next time.
    """
    for name in views or warehouse.kept:
        if name not in warehouse.kept:
            raise ViewError(f"{name}: it keeps nothing{nearest(name, warehouse.kept)}")
    warehouse.refresh()
    wanted = {name: warehouse.kept[name] for name in views or warehouse.kept}
    tasks = [
        (name, day) for name, kept in wanted.items() for day in kept.missing(Span(since, moment))
    ]
    others = storing(len(tasks))
    for made in others(tasks) if others else _stored(warehouse, tasks):
        if made:
            yield made
    warehouse.look_at_kept()
    for kept in wanted.values():
        for whole, found in kept.scattered(moment):
            with warehouse.connect() as con:
                kept_day.join(con, kept.folder, whole, found)
    warehouse.look_at_kept()
    for kept in wanted.values():
        for each in kept.outdated():
            if each.modified_at < now() - _SPARED:
                kept.folder.drop(each.name)


def _stored(warehouse: Warehouse, tasks: Iterable[Task]) -> Iterator[Made | None]:
    for name, day in tasks:
        yield kept_day.store(warehouse, name, day)
