"""Writes warehouse.duckdb: every view in one file that any DuckDB opens, whole or not at all."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import duckdb
import pyarrow as pa

from leadline import raw, schema, whole
from leadline.catalog import ALL_LIVE, sentence, time_column
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.errors import StoreError, ViewError, first_line, inner
from leadline.example import Example, Holding, Partial
from leadline.header import renamed
from leadline.home import Home
from leadline.quote import literal, named, quoted
from leadline.reach import Reach, reaches
from leadline.span import NOTHING
from leadline.store import Snapshot
from leadline.warehouse import Warehouse

STORAGE = "v1.2.0"  # the oldest DuckDB that opens it
_OWN = ("loads", "rejected")  # the store's own word, known when it was recorded
_MOMENT = timedelta(microseconds=1)
_BLOCK = 16_384  # bytes, the smallest; larger ones are filled less


@dataclass(frozen=True)
class Built:
    """What became of the file; where `is_new` is false it was already what it should be."""

    span: Span
    n_views: int
    n_bytes: int
    is_new: bool


@dataclass(frozen=True)
class Statement:
    """One statement, and the file under sql/ that it comes from."""

    sql: str
    path: Path | None = None
    rows: pa.Table | None = None  # what the statement reads as `given`


def build(warehouse: Warehouse, path: Path, span: Span, example: Example | None = None) -> Built:
    """Write every view over the span to a file, unless the file is that already.

    Of an example the rows are inside; else the file names the store's files.
    A file in use is replaced beside its readers, who go on with what they opened.
    """
    snapshot = warehouse.refresh()
    n_views = len(warehouse.names())
    target = path.resolve()  # a link stays a link
    if example:
        statements = list(_statements(warehouse, snapshot, span, Holding(warehouse, example, span)))
    else:
        statements = list(_statements(warehouse, snapshot, span))
        text = "\x1f".join(each.sql for each in statements)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if _digest(target) == digest:
            return Built(span, n_views, target.stat().st_size, False)
        kept = f"create table engine.built as select {quoted(digest)} as digest"
        statements.append(Statement(kept))
    part = target.with_name(f".leadline-{token_hex(8)}.part")
    try:
        with duckdb.connect(config=dict(warehouse.engine.settings)) as con:
            warehouse.store.place.mount(con)
            if example:
                con.execute("set threads = 1")  # several fill its blocks differently every time
            _attach(con, part, path)
            con.execute("begin")
            for each in statements:
                _run(con, each, warehouse.store.place)
            con.execute("commit; use memory; detach built")
        part.replace(target)
    except (OSError, duckdb.TransactionException, duckdb.FatalException) as error:
        why = getattr(error, "strerror", None) or first_line(error)
        raise StoreError(f"{path}: {why}; write it elsewhere with -o") from error
    finally:
        whole.drop(part, part.with_name(f"{part.name}.wal"))
    return Built(span, n_views, target.stat().st_size, True)


def span_of(
    warehouse: Warehouse, days: int, since: datetime | None = None, until: datetime | None = None
) -> Span:
    """Return the last days before the newest row; it ends behind all that the store knows."""
    snapshot = warehouse.refresh()
    if not snapshot.files["loads"]:
        raise StoreError(f"{warehouse.store.place}: it holds no loads yet; run leadline load FEED")
    newest = _newest(warehouse)
    end = until or max(newest, snapshot.recorded_until) + _MOMENT
    begin = since or max(min(newest, end) - timedelta(days=days), BEGINNING)
    return Span(begin, end)


def _newest(warehouse: Warehouse) -> datetime:
    """Return the newest moment at which a row became known."""
    cursor = warehouse.cursor(None, BEGINNING, FOREVER)
    last: dict[str, list[date]] = {}
    for each in warehouse.store.ledger.touched(BEGINNING):
        if each.until_date:
            last.setdefault(each.dataset, []).append(each.until_date)
    newest = BEGINNING
    for name in last.keys() & warehouse.catalog.contracts.keys() - set(_OWN):
        # The newest day alone, unless what was loaded of it has been forgotten.
        for day in (f"known_date >= {literal(max(last[name]))}", "true"):
            found = cursor.sql(f"select max(known_at) as at_ from raw.{name} where {day}")
            (row,) = found.to_arrow_table().to_pylist()
            if row["at_"] is not None:
                newest = max(newest, row["at_"])
                break
    return newest


def _statements(
    warehouse: Warehouse, snapshot: Snapshot, span: Span, held: Holding | None = None
) -> Iterator[Statement]:
    """Yield all that makes the file, in order; the same store and settings give the same text."""
    catalog, bound, pins = warehouse.catalog, warehouse.bound, warehouse.pins
    reach = reaches(warehouse, span.since)
    asked = raw.Bounds(
        *(_variable(name, moment) for name, moment in (
            ("since", span.since), ("until", span.until),
            ("recorded_until", span.until if held else snapshot.recorded_until),
        ))
    )  # fmt: skip

    def since(datasets: list[str]) -> str:
        begin = held.answers_since(datasets) if held else span.since
        return asked.since if begin == span.since else f"greatest({asked.since}, {literal(begin)})"

    yield from map(Statement, schema.schemas(bound))
    sources: dict[str, list[str]] = {}
    for name, contract in catalog.contracts.items():
        files = sources[name] = [] if held else list(snapshot.files[name])
        if not files:
            yield Statement(raw.table(contract))
        if held and snapshot.files[name] and name != "rejected":
            yield Statement(held.statement(contract, snapshot))
    yield Statement(raw.stamps(raw.source(catalog.contracts["loads"], sources["loads"])))
    inner: dict[str, str] = {}
    for name, contract in catalog.contracts.items():
        shown = replace(asked, since=since([name]))
        yield Statement(raw.view(contract, sources[name], shown))
        yield Statement(schema.raw_comments(contract))
        if contract.is_event:
            inner[f"raw.{name}"] = _whole(f"raw.{name}")
            opened = replace(asked, since=_opened(reach.get(f"raw.{name}"), span.since, held, name))
            yield Statement(raw.view(contract, sources[name], opened, _whole(f"raw.{name}")))
    yield Statement(schema.clock(asked))
    yield from map(Statement, schema.in_force(catalog, bound))
    if held:
        yield from map(Statement, held.told())
    union = [
        Statement(f"create or replace view {ALL_LIVE} as {schema.all_live(catalog, bound, pins)}")
    ]
    for each in bound:
        view = each.view
        if ALL_LIVE in view.reads and union:  # every live detector is there by now
            yield union.pop()
        name = schema.own_name(view, catalog, pins)
        column = time_column(warehouse.columns(name))
        is_cut = column is not None and warehouse.is_cut_below(name)
        # What is cut itself, or looks back, reads what is not cut; anything else reads the span.
        looks_back = is_cut or any(needs != NOTHING for needs in view.needs)
        sql = renamed(view.path, each.sql, inner) if looks_back else each.sql
        if held and name in held.partials:
            partial = held.partials[name]
            yield from _partial(warehouse, partial, inner)
            sql = partial.answer(asked.until)
        if is_cut:
            inner[name] = _whole(name)
            yield Statement(f"create view {_whole(name)} as {sql}", view.path)
            raws = warehouse.datasets(name)
            begin = since(sorted(each.removeprefix("raw.") for each in raws))
            sql = f"select * from {_whole(name)} where {column} >= {begin}"
        yield Statement(f"create view {name} as {sql}", view.path)
        if name != view.pinned:
            yield Statement(f"create view {view.pinned} as from {name}", view.path)
    yield from union
    columns = {name: warehouse.columns(name) for name in warehouse.names()}
    yield from map(Statement, schema.comments(catalog, bound, columns, pins))


def _partial(
    warehouse: Warehouse, partial: Partial, inner: Mapping[str, str]
) -> Iterator[Statement]:
    columns = ", ".join(
        f"cast({named(name)} as {kind}) as {named(name)}"
        for name, kind in warehouse.types(partial.kept.view).items()
    )
    made = f"create table {partial.table} as select {columns} from given"
    yield Statement(made, rows=partial.rows)
    yield from map(Statement, partial.chain(inner))


def _whole(name: str) -> str:
    """Return the name under which a view stands that no span cuts."""
    return f"engine.{named(name)}"


def _variable(name: str, moment: datetime) -> str:
    return f"coalesce(cast(getvariable({quoted(name)}) as timestamptz), {literal(moment)})"


def _opened(reach: Reach | None, since: datetime, held: Holding | None, dataset: str) -> str:
    """Return from when a dataset's rows are read, wherever the span is moved to."""
    reach = reach or Reach(since, timedelta())
    if held and dataset in held.rows:  # what it holds is all there is
        return literal(min(reach.opened, held.rows[dataset].opened))
    if reach.at_most is None:
        return literal(BEGINNING)
    moved = "cast(getvariable('since') as timestamptz)"
    seconds = int(reach.at_most.total_seconds()) + 1
    return f"coalesce({moved} - interval '{seconds} seconds', {literal(reach.opened)})"


def _attach(con: duckdb.DuckDBPyConnection, part: Path, path: Path) -> None:
    how = f"storage_version {quoted(STORAGE)}, block_size {_BLOCK}"
    try:
        con.execute(f"attach {quoted(str(part))} as built ({how})")
    except duckdb.Error as error:
        raise StoreError(f"{path}: {first_line(error)}; write it elsewhere with -o") from error
    con.execute("use built; set timezone = 'UTC'")


def _run(con: duckdb.DuckDBPyConnection, statement: Statement, store: Home) -> None:
    try:
        if statement.rows is not None:
            con.register("given", statement.rows)
        con.execute(statement.sql)
    except duckdb.IOException as error:
        raise StoreError(f"{store}: {first_line(error)}; run leadline store verify") from error
    except duckdb.Error as error:
        if (away := inner(error)) or statement.path is None:
            raise away or error from error
        raise ViewError(sentence(statement.path, error)) from error


def _digest(path: Path) -> str | None:
    """Return the digest of what a file was made of; None where it is none of ours."""
    with suppress(duckdb.Error), duckdb.connect() as con:
        con.execute(f"attach {quoted(str(path))} as built (read_only)")
        ((digest,),) = con.execute("select digest from built.engine.built").fetchall()
        return str(digest)
    return None
