"""How far before a span each view and dataset is read, needs added up on the way to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadline.warehouse import Warehouse


@dataclass(frozen=True)
class Reach:
    """How far before a span something is read: from when, and at most how long; None is all."""

    opened: datetime
    at_most: timedelta | None


def reaches(warehouse: Warehouse, since: datetime) -> Mapping[str, Reach]:
    """Return how far before a span all that views read is read, by name.

    `at_most` holds wherever a span begins: of sessions it takes the longest stretch of them.
    """
    found: dict[str, Reach] = {}
    seen: set[tuple[str, Reach]] = set()
    for each in warehouse.bound:
        warehouse.need_sessions(each.view.pinned)
    todo = [(each.view.needs_of(read), read, Reach(since, timedelta()))
            for each in warehouse.bound for read in each.view.reads]  # fmt: skip
    while todo:
        needs, name, after = todo.pop()
        more = needs.at_most(warehouse.closes)
        at_most = None if after.at_most is None or more is None else after.at_most + more
        reach = Reach(needs.before(after.opened, warehouse.closes), at_most)
        if (name, reach) in seen:
            continue
        seen.add((name, reach))
        found[name] = _further(found.get(name, reach), reach)
        reads = warehouse.catalog.reads(name, warehouse.pins)
        todo += [(further, read, reach) for read, further in reads]
    return found


def _further(one: Reach, other: Reach) -> Reach:
    longest = None
    if one.at_most is not None and other.at_most is not None:
        longest = max(one.at_most, other.at_most)
    return Reach(min(one.opened, other.opened), longest)
