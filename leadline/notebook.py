"""A DuckDB in memory with every view of a store, as it is now, for whoever works in Python.

The views of a question find their span in variables, which a cursor does not hand on. Here the span
is written into what reads the files, so that any cursor of any thread has the same answers.
"""

import weakref
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from leadline import clock, config, homes, raw, schema
from leadline import project as projects
from leadline.catalog import Catalog, time_column
from leadline.clock import BEGINNING, Span
from leadline.engine import Engine
from leadline.errors import LeadlineError, QueryError
from leadline.quote import literal, named, quoted
from leadline.store import Store
from leadline.warehouse import Warehouse

_LAID_OUT = "notebook"  # the database that is copied


def connect(
    project: str | Path | None,
    store: str | Path | None,
    since: str | date | None,
    until: str | date | None,
    as_of: str | date | None,
    pins: Mapping[str, int] | None,
    params: Mapping[str, Mapping[str, Any]] | None,
) -> duckdb.DuckDBPyConnection:
    """Lay the views of a store out over a span; see leadline.connect."""
    begin, end, known = (_moment(*each) for each in
                         (("since", since), ("until", until), ("as_of", as_of)))  # fmt: skip
    root = projects.named("project", str(project)) if project else projects.root()
    settings = config.read(root, {"store": str(store) if store else None})
    merged = {name: dict(values) for name, values in settings.params.items()}
    for name, values in (params or {}).items():
        merged[name] = merged.get(name, {}) | dict(values)
    catalog, engine = Catalog(root), Engine(settings.engine())
    try:
        opened = Store(homes.of(settings, root), catalog.contracts, engine)
        warehouse = Warehouse(catalog, opened, engine, merged, pins)
        newest = warehouse.refresh().recorded_until
        last = end or known or max(clock.now(), newest + timedelta(microseconds=1))
        span = Span(begin or BEGINNING, last)
        for name in warehouse.names():
            warehouse.need_sessions(name)
        _freeze(warehouse, span, known or newest)
        con = engine.connect()
        _lay_out(warehouse, engine, con, span.since)
    except BaseException:
        engine.close()
        raise
    weakref.finalize(con, engine.close)  # the folder that it spills to goes with it
    return con


def _moment(name: str, said: str | date | None) -> datetime | None:
    if said is None:
        return None
    if isinstance(said, datetime):
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    if isinstance(said, date):
        return clock.midnight(said)
    try:
        return clock.moment(said)
    except (LeadlineError, TypeError) as error:
        raise QueryError(
            f"{name}: '{said}' is no moment; write 2024-03-01 or 2024-03-01T15:00Z"
        ) from error


def _freeze(warehouse: Warehouse, span: Span, recorded_until: datetime) -> None:
    """Write the span into what reads the snapshot's files, as far back as the views need."""
    snapshot = warehouse.refresh()
    names = dict.fromkeys(warehouse.names(), span.since)
    begins = warehouse.begins(names) if span.since > BEGINNING else {}
    until, recorded = literal(span.until), literal(recorded_until)
    for name, contract in warehouse.catalog.contracts.items():
        since = begins.get(f"raw.{name}", span.since)
        bounds = raw.Bounds(literal(since), until, recorded)
        warehouse.con.execute(raw.view(contract, snapshot.files[name], bounds))
    warehouse.con.execute(schema.clock(raw.Bounds(literal(span.since), until, recorded)))


def _lay_out(
    warehouse: Warehouse, engine: Engine, con: duckdb.DuckDBPyConnection, since: datetime
) -> None:
    """Put every view, cut to the span, into the database that cursors begin in.

    DuckDB binds a view with all that is below it, which takes long a hundred times. So they are
    made aside, over tables of the same columns, and copied, which binds nothing.
    """
    ((inner,),) = warehouse.con.execute("select current_database()").fetchall()
    path = engine.spill / f"{_LAID_OUT}.duckdb"
    with duckdb.connect(config=dict(engine.settings)) as aside:
        aside.execute(f"attach ':memory:' as {inner}")
        aside.execute(f"attach {quoted(str(path))} as {_LAID_OUT}")
        aside.execute("; ".join(_statements(warehouse, inner, since)))
        aside.execute(f"detach {_LAID_OUT}")
    con.execute(f"attach {quoted(str(path))} as {_LAID_OUT} (read_only)")
    con.execute(f"copy from database {_LAID_OUT} to memory (schema)")
    con.execute(f"detach {_LAID_OUT}")


def _statements(warehouse: Warehouse, inner: str, since: datetime) -> Iterator[str]:
    for place in (inner, _LAID_OUT):
        for each in sorted({name.partition(".")[0] for name in warehouse.names()}):
            yield f"create schema if not exists {place}.{named(each)}"
    for name in warehouse.names():
        columns = ", ".join(f"{named(each)} {kind}" for each, kind in warehouse.types(name).items())
        yield f"create table {inner}.{name} ({columns})"
        where = ""
        if since > BEGINNING and warehouse.is_cut_below(name):
            column = time_column(warehouse.columns(name))
            where = f" where {column} >= {literal(since)}" if column else ""
        yield f"create view {_LAID_OUT}.{name} as select * from {inner}.{name}{where}"
