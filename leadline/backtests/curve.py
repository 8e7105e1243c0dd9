"""How good is a detector: its alerts held against the events that are known to have happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from leadline.backtests.planted import with_events
from leadline.clock import Span
from leadline.errors import QueryError
from leadline.warehouse import Warehouse

CURVE = "backtest.curve"
_BAR = 10  # signs for a recall of 1


@dataclass(frozen=True)
class Backtest:
    """The curve of each detector that has events, and what the rest is."""

    curve: pa.Table
    without_events: Sequence[str]  # live detectors that nobody has planted an event for
    not_live: Sequence[str]  # detectors with events that are no rows of it, since no alert fires


def backtest(
    warehouse: Warehouse, since: datetime, until: datetime, detectors: Sequence[str] = ()
) -> Backtest:
    """Return the curves over a span, of these detectors or of all.

    Raises a QueryError where no event of theirs begins and ends in the span, or none is live.
    """
    catalog = warehouse.catalog
    wanted = [catalog.find(name) for name in detectors]
    for name, view in zip(detectors, wanted, strict=True):
        if not view.is_detector:
            raise QueryError(f"{name}: it is no detector, so it has no alerts; name a detector")
    ids = [view.id for view in wanted]
    found = warehouse.ask(CURVE, since, until).order("detector, size nulls first")
    curve = found.to_arrow_table()
    if ids:
        curve = curve.filter(pc.is_in(curve["detector"], pa.array(ids)))
    live = [view.id for view in catalog.all_live()]
    planted = sorted(with_events(warehouse, Span(since, until)))
    not_live = [name for name in planted if name not in live and name in (ids or planted)]
    if not curve.num_rows and not_live:
        raise QueryError(
            f"{', '.join(not_live)}: it is not live, so it fires no alerts to hold against its "
            f"events; say status: live in its file"
        )
    if not curve.num_rows:
        whose = f" of {', '.join(ids)}" if ids else ""
        raise QueryError(
            f"raw.events: no event{whose} begins and ends in this span; load a feed that writes "
            f"events, or widen --since and --until"
        )
    measured = {*curve["detector"].to_pylist(), *not_live}
    return Backtest(curve, [name for name in (ids or live) if name not in measured], not_live)


def with_bars(curve: pa.Table) -> pa.Table:
    """Return the curve with each recall drawn as a bar behind its figure."""
    bars = ["█" * round(_BAR * frac) for frac in curve["recall_frac"].to_pylist()]
    place = curve.schema.get_field_index("recall_frac") + 1
    return curve.add_column(place, "recall", pa.array(bars, pa.string()))
