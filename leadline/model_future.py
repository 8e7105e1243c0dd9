"""Proves that no model looks ahead: what it says by a moment needs no row that came after it.

A model of a day computes it from the rows that were there by then, a model that is fitted walks
its months in a store of its own where nothing became known from then on.
"""

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from leadline import fitted, model
from leadline.clock import Span, midnight, stamp
from leadline.contrast import Change, Told
from leadline.errors import LeadlineError, MissingError, first_line
from leadline.feed import Feed, batches
from leadline.future import Looked, Plan
from leadline.quote import quoted
from leadline.store import Store
from leadline.walk import month_of
from leadline.warehouse import Warehouse
from leadline.world import World

_TICK = timedelta(microseconds=1)
_TRIES = 20  # days without a row of input, before a model is left out
NO_INPUT = "the store has no row of its input"


def look(house: Warehouse, models: Mapping[str, ModuleType], asked: Plan) -> Iterator[Looked]:
    """Look at one model after the other; yield what was found."""
    for name, module in models.items():
        found = Looked(f"models/{name}")
        try:
            with closing(World(house)) as whole, closing(World(house)) as cut:
                whole.refresh()
                cut.refresh()
                if hasattr(module, "FITTED"):
                    _of_months(found, name, module, (whole, cut), asked)
                else:
                    _of_days(found, name, module, (whole, cut), asked)
            if not found.n_cuts:
                found.reason = NO_INPUT
        except MissingError as error:
            found.reason = str(error)
        except LeadlineError as error:
            found.reason, found.is_broken = first_line(error), True
        yield found


def _of_days(
    found: Looked, name: str, module: ModuleType, worlds: tuple[World, World], asked: Plan
) -> None:
    """Compute a few days from what was known just after one of their rows, and from all of them."""
    card: model.Model = module.MODEL
    model.library_version(name, card.library, card.extra)
    choice, (whole, cut) = random.Random(asked.seed), worlds
    for day in _drawn(choice, list(model.stamps(whole, card.reads))):
        if found.n_cuts >= len(asked.cuts):
            return
        given = model.inputs(whole, card.reads, day)
        if at := _moment(choice, given, asked.span):
            cut.ends_at = at
            rows = [
                _computed(name, module, each)
                for each in (given, model.inputs(cut, card.reads, day))
            ]
            for dataset in card.writes:
                these, those = (each[dataset] for each in rows)
                _compare(found, whole, these, those, Span(midnight(day), at))


def _of_months(
    found: Looked, name: str, module: ModuleType, worlds: tuple[World, World], asked: Plan
) -> None:
    """Walk from the month of a moment on, with what was known by then and with all of it."""
    card: fitted.Fitted = module.FITTED
    choice, (whole, cut) = random.Random(asked.seed), worlds
    days = list(model.stamps(whole, card.reads))
    for day in _drawn(choice, days[len(days) // 2 :]):  # before it there may be no fit yet
        if at := _moment(choice, model.inputs(whole, card.reads, day), asked.span):
            break
    else:
        return
    cut.ends_at = at
    since = midnight(month_of(day))
    these, those = (_walked(name, module, each, since, asked.span.until) for each in worlds)
    for dataset in fitted.WRITES:
        _compare(found, whole, these[dataset], those[dataset], Span(since, at))


def _computed(name: str, module: ModuleType, given: pa.Table) -> dict[str, pa.Table]:
    """Return what a model makes of rows, by dataset."""
    card: model.Model = module.MODEL
    rows: dict[str, list[dict[str, Any]]] = {dataset: [] for dataset in card.writes}
    yielded: Any = module.compute(given)
    for dataset, made in batches(name, Feed(writes=card.writes), yielded):
        rows[dataset] += made if isinstance(made, list) else pa.table(made).to_pylist()
    return {dataset: pa.Table.from_pylist(made) for dataset, made in rows.items()}


def _walked(
    name: str, module: ModuleType, world: World, since: datetime, until: datetime
) -> dict[str, pa.Table]:
    """Return what a fitted model says in a world, from a month on, by dataset."""
    with (
        tempfile.TemporaryDirectory(prefix="leadline-future-") as place,
        closing(Store(str(Path(place) / "store"), world.catalog.contracts, world.engine)) as store,
    ):
        for _ in fitted.run(world, store, name, module, since, until):
            pass
        return {dataset: _stored(store, dataset) for dataset in fitted.WRITES}


def _stored(store: Store, dataset: str) -> pa.Table:
    """Return what a store holds of a dataset, but for what is of the loading itself."""
    files = store.snapshot().files[dataset]
    own = ", ".join([*store.contracts[dataset].names, "known_at"])
    if not files:
        return store.contracts[dataset].arrow.empty_table()
    listed = ", ".join(map(quoted, files))
    return store.con.sql(f"select {own} from read_parquet([{listed}])").to_arrow_table()


def _compare(found: Looked, world: World, these: pa.Table, those: pa.Table, span: Span) -> None:
    """Hold the rows of two worlds against each other that were known in a span."""
    if not len(these) and not len(those):
        return
    shape = (these if len(these) else those).schema
    with world.connect() as con:
        for name, rows in (("these", these), ("those", those)):
            con.register(name, rows if len(rows) else shape.empty_table())
        told = Told(con, "these", "those", shape.names, "known_at")
        found.n_cuts += 1
        found.n_rows += told.n_rows(span)
        what = f"cut at {stamp(span.until)}"
        change: Change | None = told.change(span, what)
        if change:
            found.changes.append(change)


def _drawn(choice: random.Random, days: Sequence[date]) -> list[date]:
    return choice.sample(days, min(len(days), _TRIES))


def _moment(choice: random.Random, given: pa.Table, span: Span) -> datetime | None:
    """Return the moment just after one of the rows of a span became known, if there is one."""
    known = sorted(at for at in pc.unique(given["known_at"]).to_pylist())
    known = [at for at in known if span.since <= at < span.until]
    return choice.choice(known) + _TICK if known else None
