"""Writes warehouse.duckdb: every view in one file that any DuckDB opens, whole or not at all."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

import duckdb

from leadline import raw, schema
from leadline.catalog import ALL_LIVE, sentence, time_column
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.contract import Contract
from leadline.errors import StoreError, ViewError, first_line
from leadline.header import renamed
from leadline.quote import literal, named, quoted
from leadline.span import NOTHING
from leadline.store import Snapshot
from leadline.warehouse import Warehouse

STORAGE = "v1.2.0"  # the oldest DuckDB that opens it
_OWN = ("loads", "rejected")  # the store's own word, known when it was recorded
_MOMENT = timedelta(microseconds=1)
_BLOCK = 16_384  # bytes, the smallest: views alone need no more
_BLOCK_OF_ROWS = 262_144  # bytes; smaller ones are not compressed
_MOST = 100_000  # rows before the span that an example holds of one dataset


@dataclass(frozen=True)
class Built:
    """What became of the file; where `is_new` is false it was already what it should be."""

    span: Span
    n_views: int
    n_bytes: int
    is_new: bool


@dataclass(frozen=True)
class Reach:
    """How far before a span a dataset is read: from when, and at most how long; None is all."""

    opened: datetime
    at_most: timedelta | None


@dataclass(frozen=True)
class Statement:
    """One statement, and the file under sql/ that it comes from."""

    sql: str
    path: Path | None = None


def build(warehouse: Warehouse, path: Path, span: Span, *, holds_rows: bool = False) -> Built:
    """Write every view over the span to a file, unless the file is that already.

    With `holds_rows` the rows that the span needs are inside; else it names the store's files.
    A file in use is replaced beside its readers, who go on with what they opened.
    """
    statements = list(_statements(warehouse, warehouse.refresh(), span, holds_rows))
    digest = hashlib.sha256("\x1f".join(each.sql for each in statements).encode()).hexdigest()
    n_views = len(warehouse.names())
    target = path.resolve()  # a link stays a link
    if _digest(target) == digest:
        return Built(span, n_views, target.stat().st_size, False)
    part = target.with_name(f".leadline-{token_hex(8)}.part")
    kept = Statement(f"create table engine.built as select {quoted(digest)} as digest")
    try:
        with duckdb.connect(config=dict(warehouse.settings)) as con:
            _attach(con, part, path, _BLOCK_OF_ROWS if holds_rows else _BLOCK)
            con.execute("begin")
            for each in (*statements, kept):
                _run(con, each, warehouse.store.place)
            con.execute("commit; use memory; detach built")
        part.replace(target)
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror or error}; write it elsewhere with -o"
        ) from error
    finally:
        part.unlink(missing_ok=True)
        part.with_name(f"{part.name}.wal").unlink(missing_ok=True)
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
    cursor = warehouse.cursor([], BEGINNING, FOREVER)
    last: dict[str, list[object]] = {}
    for line in warehouse.store.ledger.lines:
        for each in line["datasets"]:
            if each["until_date"]:
                last.setdefault(each["dataset"], []).append(each["until_date"])
    newest = BEGINNING
    for name in last.keys() & warehouse.catalog.contracts.keys() - set(_OWN):
        # The newest day alone, unless what was loaded of it has been forgotten.
        for day in (f"known_date >= {literal(max(last[name]))}", "true"):  # type: ignore[type-var]
            found = cursor.sql(f"select max(known_at) as at_ from raw.{name} where {day}")
            (row,) = found.to_arrow_table().to_pylist()
            if row["at_"] is not None:
                newest = max(newest, row["at_"])
                break
    return newest


def _statements(
    warehouse: Warehouse, snapshot: Snapshot, span: Span, holds_rows: bool
) -> Iterator[Statement]:
    """Yield all that makes the file, in order; the same store and settings give the same text."""
    catalog, bound, pins = warehouse.catalog, warehouse.bound, warehouse.pins
    reach = reaches(warehouse, span.since)
    asked = raw.Bounds(
        *(_variable(name, moment) for name, moment in (
            ("since", span.since), ("until", span.until),
            ("recorded_until", snapshot.recorded_until),
        ))
    )  # fmt: skip
    yield from map(Statement, schema.schemas(bound))
    if holds_rows:
        reach, held = _affordable(warehouse, reach, span)
        yield from map(Statement, held)
    sources: dict[str, list[str]] = {}
    for name, contract in catalog.contracts.items():
        files = sources[name] = [] if holds_rows else list(snapshot.files[name])
        if not files:
            yield Statement(raw.table(contract))
        if holds_rows and snapshot.files[name] and name != "rejected":
            yield Statement(_held(contract, snapshot.files[name], reach.get(name), span))
    yield Statement(raw.stamps(raw.source(catalog.contracts["loads"], sources["loads"])))
    inner: dict[str, str] = {}
    for name, contract in catalog.contracts.items():
        yield Statement(raw.view(contract, sources[name], asked))
        yield Statement(schema.raw_comments(contract))
        if contract.is_event:
            inner[f"raw.{name}"] = _whole(f"raw.{name}")
            opened = replace(asked, since=_opened(reach.get(name), span.since))
            yield Statement(raw.view(contract, sources[name], opened, _whole(f"raw.{name}")))
    yield Statement(schema.clock(asked))
    yield from map(Statement, schema.in_force(catalog, bound))
    union = [Statement(schema.all_live(catalog, bound, pins))]
    for each in bound:
        view = each.view
        if ALL_LIVE in view.reads and union:  # every live detector is there by now
            yield union.pop()
        name = schema.own_name(view, catalog, pins)
        column = time_column(warehouse.columns(name))
        is_cut = column is not None and warehouse.is_cut_below(name)
        # What is cut itself, or looks back, reads what is not cut; anything else reads the span.
        looks_back = is_cut or view.needs != NOTHING
        sql = renamed(view.path, each.sql, inner) if looks_back else each.sql
        if is_cut:
            inner[name] = _whole(name)
            yield Statement(f"create view {_whole(name)} as {sql}", view.path)
            sql = f"select * from {_whole(name)} where {column} >= {asked.since}"
        yield Statement(f"create view {name} as {sql}", view.path)
        if name != view.pinned:
            yield Statement(f"create view {view.pinned} as from {name}", view.path)
    yield from union
    columns = {name: warehouse.columns(name) for name in warehouse.names()}
    yield from map(Statement, schema.comments(catalog, bound, columns, pins))


def reaches(warehouse: Warehouse, since: datetime) -> Mapping[str, Reach]:
    """Return how far before a span each dataset is read, needs added up on the way to it.

    `at_most` holds wherever a span begins: of sessions it takes the longest stretch of them.
    """
    found: dict[str, Reach] = {}
    seen: set[tuple[str, Reach]] = set()
    for each in warehouse.bound:
        warehouse.need_sessions(each.view.pinned)
    todo = [(each.view.needs, read, Reach(since, timedelta()))
            for each in warehouse.bound for read in each.view.reads]  # fmt: skip
    while todo:
        needs, name, after = todo.pop()
        more = needs.at_most(warehouse.closes)
        at_most = None if after.at_most is None or more is None else after.at_most + more
        reach = Reach(needs.before(after.opened, warehouse.closes), at_most)
        if (name, reach) in seen:
            continue
        seen.add((name, reach))
        if name.startswith("raw."):
            dataset = name.removeprefix("raw.")
            found[dataset] = _further(found.get(dataset, reach), reach)
        reads = warehouse.catalog.reads(name, warehouse.pins)
        todo += [(further, read, reach) for read, further in reads]
    return found


def _affordable(
    warehouse: Warehouse, reach: Mapping[str, Reach], span: Span
) -> tuple[Mapping[str, Reach], Sequence[str]]:
    """Leave out what is too much before the span; return what is held, and what tells of it."""
    cursor = warehouse.cursor([], BEGINNING, span.until)
    kept, rows = dict(reach), []
    for name, contract in warehouse.catalog.contracts.items():
        if not contract.is_event or name == "rejected":
            continue
        opened = reach.get(name, Reach(span.since, timedelta())).opened
        before = f"known_at >= {literal(opened)} and known_at < {literal(span.since)}"
        ((n_before,),) = cursor.sql(f"select count(*) from raw.{name} where {before}").fetchall()
        is_whole = n_before <= _MOST
        if not is_whole:
            kept[name] = replace(reach[name], opened=span.since)
            opened = span.since
        rows.append(f"({quoted(name)}, {literal(opened)}, {literal(is_whole)})")
    says = {
        "dataset": "the dataset", "since": "from when its rows are in this file",
        "is_whole": "false: what its views need before the span was too much to be in this file",
    }  # fmt: skip
    held = ["create table ops.held (dataset text, since timestamptz, is_whole boolean)"]
    held += [f"insert into ops.held values {', '.join(rows)}"] if rows else []
    held.append("comment on table ops.held is 'Which rows of events this file holds.'")
    held += [f"comment on column ops.held.{name} is {quoted(text)}" for name, text in says.items()]
    return kept, held


def _further(one: Reach, other: Reach) -> Reach:
    longest = None
    if one.at_most is not None and other.at_most is not None:
        longest = max(one.at_most, other.at_most)
    return Reach(min(one.opened, other.opened), longest)


def _whole(name: str) -> str:
    """Return the name under which a view stands that no span cuts."""
    return f"engine.{named(name)}"


def _variable(name: str, moment: datetime) -> str:
    return f"coalesce(cast(getvariable({quoted(name)}) as timestamptz), {literal(moment)})"


def _opened(reach: Reach | None, since: datetime) -> str:
    """Return from when a dataset's rows are read, wherever the span is moved to."""
    reach = reach or Reach(since, timedelta())
    if reach.at_most is None:
        return literal(BEGINNING)
    moved = "cast(getvariable('since') as timestamptz)"
    seconds = int(reach.at_most.total_seconds()) + 1
    return f"coalesce({moved} - interval '{seconds} seconds', {literal(reach.opened)})"


def _held(contract: Contract, files: Sequence[str], reach: Reach | None, span: Span) -> str:
    """Return the statement that puts the rows that a span needs into the file."""
    columns = [*contract.stored, *([contract.partition] if contract.partition else [])]
    known = "recorded_at" if contract.is_ledger else "known_at"
    limits = [] if contract.is_ledger else [f"{known} < {literal(span.until)}"]
    if contract.is_event:
        limits.append(f"{known} >= {literal(reach.opened if reach else span.since)}")
    order = ", ".join((*contract.key, known, "load_id"))
    return (
        f"insert into contract.{contract.name} by name select {', '.join(map(named, columns))} "
        f"from {raw.source(contract, files)} as stored "
        f"where {' and '.join(limits) or 'true'} order by {order}"
    )


def _attach(con: duckdb.DuckDBPyConnection, part: Path, path: Path, block: int) -> None:
    how = f"storage_version {quoted(STORAGE)}, block_size {block}"
    try:
        con.execute(f"attach {quoted(str(part))} as built ({how})")
    except duckdb.Error as error:
        raise StoreError(f"{path}: {first_line(error)}; write it elsewhere with -o") from error
    con.execute("use built; set timezone = 'UTC'")


def _run(con: duckdb.DuckDBPyConnection, statement: Statement, store: Path) -> None:
    try:
        con.execute(statement.sql)
    except duckdb.IOException as error:
        raise StoreError(f"{store}: {first_line(error)}; run leadline store verify") from error
    except duckdb.Error as error:
        if statement.path is None:
            raise
        raise ViewError(sentence(statement.path, error)) from error


def _digest(path: Path) -> str | None:
    """Return the digest of what a file was made of; None where it is none of ours."""
    with suppress(duckdb.Error), duckdb.connect() as con:
        con.execute(f"attach {quoted(str(path))} as built (read_only)")
        ((digest,),) = con.execute("select digest from built.engine.built").fetchall()
        return str(digest)
    return None
