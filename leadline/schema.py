"""Lays a catalog out in DuckDB: empty datasets, every view on them, and what is said of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import duckdb

from leadline import project, raw
from leadline.catalog import ALL_LIVE, DETECTOR, SEVERITY, Bound, Catalog, View, sentence
from leadline.contract import Contract
from leadline.engine import Engine
from leadline.errors import ViewError
from leadline.fold import folded
from leadline.kept import answers
from leadline.layout import Layout
from leadline.quote import named, quoted

_CLOCK_SAYS = {
    "": "The span of the question that is being answered.",
    "since": "its begin, which is in",
    "until": "its end, which is out",
    "recorded_until": "what the store may know",
}
_LIVE = {
    "detector": "its id, as in the rules and in the settings",
    "version": "the version in force",
    "fingerprint": "digest of its text, its parameters and of all that it reads",
    "severity": "info, low, medium, high or critical: the score's cut",
}
# What every check returns, and what is said of it.
CHECK = {
    "dataset": ("varchar", "where the bad row is, as in raw.*"),
    "entity": ("varchar", "what the row is about: a symbol, a contract, a pair, a filing"),
    "known_at": ("timestamp with time zone", "when the bad row, or that one is missing, was known"),
    "reason": ("varchar", "what is wrong with it, in one sentence"),
    "evidence": ("json", "the numbers that show it, and what leads back to the row"),
}
_STAMPS = """
create table engine.stamps (load_id text, recorded_at timestamptz, forgotten_at timestamptz)
"""
_TABLES = {
    "ops.params": {
        "view": "text", "version": "integer", "name": "text", "value": "text",
        "default_value": "text", "is_overridden": "boolean",
    },
    "ops.views": {
        "view": "text", "version": "integer", "status": "text", "what": "text", "grain": "text",
        "misses": "text", "noisy": "text", "every": "text", "severity": "text",
        "fingerprint": "text", "inputs": "json", "path": "text",
    },
}  # fmt: skip
_COLUMNS: dict[Path, dict[str, dict[str, str]]] = {}  # of layouts that this process has seen
Found: TypeAlias = Literal["nothing", "bare", "whole"]
Made: TypeAlias = tuple[Path | None, str, str]
_UNBOUND = "timestamptz '1970-01-01 00:00Z'"


def create(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    bound: Sequence[Bound],
    pins: Mapping[str, int],
) -> tuple[dict[str, dict[str, str]], Found]:
    """Bind every version on empty datasets; return name and type of every column, by view.

    A version in force stands under both its names, any other under its pinned one; `complete`
    adds the comments; it is also returned what was there already. A view that does not bind, and a
    detector without the eleven columns, is a ViewError.
    """
    ground, views = list(_ground(catalog, bound)), list(_views(catalog, bound, pins))
    bare, whole = _layouts(catalog, bound, ground, views)
    _unbind(con)
    found: Found = "whole" if whole.fetch(con) else "bare" if bare.fetch(con) else "nothing"
    if found == "nothing":
        con.begin()  # as one transaction it is a little faster, too
        con.execute("; ".join(ground))
        _bind(con, views)
        con.commit()
        bare.keep(con)
    con.execute("; ".join(in_force(catalog, bound)))
    names = {each.view.pinned: own_name(each.view, catalog, pins) for each in bound}
    if bare.path not in _COLUMNS:
        _COLUMNS[bare.path] = _columns(con)
    columns = dict(_COLUMNS[bare.path])
    for each in bound:
        columns[each.view.pinned] = columns[names[each.view.pinned]]
        if each.view.is_detector:
            _has(DETECTOR, "eleven", each.view, columns[each.view.pinned])
        if each.view.is_check:
            _has(CHECK, "five of a check", each.view, columns[each.view.pinned])
        if "partials" in each.view.keeps and "known_date" not in columns[each.view.pinned]:
            raise ViewError(f"{each.view.path}: it keeps partials without known_date; give it")
        if "rolling" in each.view.keeps and "withdrawn_at" in columns[each.view.pinned]:
            raise ViewError(
                f"{each.view.path}: it keeps rolling rows, and withdrawn_at changes them later; "
                f"give it in a view of its own"
            )
    return columns, found


def _bind(con: duckdb.DuckDBPyConnection, views: Sequence[Made]) -> None:
    """Make views that follow what they read, each bound over tables alone.

    DuckDB binds a view with all that is below it, and so the lowest a hundred times. Here what is
    below is a table of the same columns, until from the last to the first each becomes a view.
    """
    for path, name, sql in views:
        try:
            answer = _asked(con, name, sql)
        except duckdb.Error as error:
            if path is None:
                raise
            raise ViewError(sentence(path, error)) from error
        columns = list(zip(answer.columns, answer.types, strict=True))
        seen: set[str] = set()
        for column in answer.columns:
            if column.lower() in seen and path is not None:
                raise ViewError(f"{path}: it has '{column}' twice; say it once, or name one anew")
            seen.add(column.lower())
        said = ", ".join(f"{named(column)} {kind}" for column, kind in columns)
        con.execute(f"create table {name} ({said})")
    for _, name, sql in reversed(views):
        con.execute(f"drop table {name}; create view {name} as {sql}")


def _asked(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> duckdb.DuckDBPyRelation:
    """Bind a view's text."""
    try:
        return con.sql(sql)
    except duckdb.Error:
        con.execute(f"create view {name} as {sql}")  # its error says the line, too
        raise


def _layouts(
    catalog: Catalog, bound: Sequence[Bound], ground: Sequence[str], views: Sequence[Made]
) -> tuple[Layout, Layout]:
    """Return where an empty catalog is kept, alone and with what completes it."""
    sql = [*ground, *(f"{name} as {text}" for _, name, text in views)]
    said = [*map(raw_comments, catalog.contracts.values()), *(each.view.text for each in bound)]
    own = [repr(DETECTOR), Path(__file__).read_text()]
    return Layout("; ".join(sql)), Layout("; ".join([*sql, *said, *own]))


def _unbind(con: duckdb.DuckDBPyConnection) -> None:
    """Give the question's variables their type, without which no view binds."""
    for key in raw.VARIABLES:
        con.execute(f"set variable {key} = {_UNBOUND}")


def _ground(catalog: Catalog, bound: Sequence[Bound]) -> Iterator[str]:
    """Yield what makes all that a catalog's views stand on."""
    yield from schemas(bound)
    yield _STAMPS
    for contract in catalog.contracts.values():
        yield raw.table(contract)
        yield raw.view(contract, ())
    yield clock(replace(raw.ASKED, since="getvariable('asked_since')"))


def _views(catalog: Catalog, bound: Sequence[Bound], pins: Mapping[str, int]) -> Iterator[Made]:
    """Yield file, name and text of what a catalog's views are in DuckDB."""
    alerts = (None, ALL_LIVE, all_live(catalog, bound, pins))
    readers = [each.view.pinned for each in bound if ALL_LIVE in each.view.reads]
    for each in bound:
        if each.view.pinned in readers[:1]:  # all detectors come before it
            yield alerts
        name = own_name(each.view, catalog, pins)
        if each.view.keeps and name == each.view.stable:
            yield each.view.path, answers(name), folded(each.sql, each.params)
            yield each.view.path, name, f"from {answers(name)}"
        else:
            yield each.view.path, name, folded(each.sql, each.params)
        if name != each.view.pinned:
            yield None, each.view.pinned, f"from {name}"
    if not readers:
        yield alerts


def complete(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    bound: Sequence[Bound],
    columns: Mapping[str, Iterable[str]],
    pins: Mapping[str, int],
) -> None:
    """Add what few questions need, the comments on views and columns.

    It takes as long as binding every view does; `keep_complete` spares it the next process.
    """
    con.execute("; ".join(map(raw_comments, catalog.contracts.values())))
    con.execute("; ".join(comments(catalog, bound, columns, pins)))


def keep_complete(
    engine: Engine,
    catalog: Catalog,
    bound: Sequence[Bound],
    columns: Mapping[str, Iterable[str]],
    pins: Mapping[str, int],
) -> None:
    """Keep a complete layout; it is made aside, for the one in use names the files of a store."""
    ground, views = list(_ground(catalog, bound)), list(_views(catalog, bound, pins))
    bare, whole = _layouts(catalog, bound, ground, views)
    with engine.lend() as con:
        _unbind(con)
        if bare.fetch(con):
            complete(con, catalog, bound, columns, pins)
            whole.keep(con)


def answered(name: str, by: str | None = None) -> str:
    """Return the statement by which a view that keeps something answers from there."""
    return f"create or replace view {name} as from {by or answers(name)}"


def holds(name: str) -> str:
    """Return where the rows of a view lie while a tick holds them."""
    return f"engine.{named(f'{name} held')}"


def own_name(view: View, catalog: Catalog, pins: Mapping[str, int]) -> str:
    """Return the name under which a version's own SQL stands."""
    return view.stable if view is catalog.in_force(view.stable, pins) else view.pinned


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return name and type of every view's columns, in their order."""
    found = con.execute(
        "select schema_name || '.' || table_name, column_name, lower(data_type) "
        "from duckdb_columns() where database_name = current_database() "
        "and not internal and schema_name not in ('engine', 'contract') "
        "order by table_oid, column_index"
    ).fetchall()
    columns: dict[str, dict[str, str]] = {}
    for view, name, kind in found:
        columns.setdefault(view, {})[name] = kind
    return columns


def raw_comments(contract: Contract) -> str:
    """Return what is said of raw.<dataset> and of its columns."""
    held = {
        column: comment
        for column, comment in contract.comments.items()
        if column != "sequence" or contract.is_event or column in contract.names
    }
    return _comments(f"raw.{contract.name}", contract.header["what"], held)


def schemas(bound: Sequence[Bound]) -> Iterator[str]:
    """Yield what makes every schema, and the tables of ops."""
    own = {each.view.schema for each in bound}
    for schema in sorted(own | {"engine", "contract", "raw", "ops", "detectors"}):
        yield f"create schema if not exists {schema}"
    for name, columns in _TABLES.items():
        said = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        yield f"create table {name} ({said})"


def clock(bounds: raw.Bounds) -> str:
    """Return the statement that makes ops.clock."""
    return (
        f"create or replace view ops.clock as select {bounds.since} as since, "
        f"{bounds.until} as until, {bounds.recorded_until} as recorded_until"
    )


def _has(
    said: Mapping[str, tuple[str, str]], what: str, view: View, found: Mapping[str, str]
) -> None:
    path = view.path
    wanted = {column: kind for column, (kind, _) in said.items()}
    if list(found) != list(wanted):
        odd = sorted(set(found) ^ set(wanted)) or list(found)
        raise ViewError(
            f"{path}: its columns are not the {what} in their order; look at {', '.join(odd)}"
        )
    for column, kind in wanted.items():
        if found[column] != kind:
            raise ViewError(f"{path}: {column} is {found[column]}; cast it to {kind}")


def all_live(catalog: Catalog, bound: Sequence[Bound], pins: Mapping[str, int]) -> str:
    """Return the union of the live detectors among these."""
    prints = {each.view.pinned: each.fingerprint for each in bound}
    live = [(view, prints[view.pinned]) for view in catalog.all_live(pins) if view.pinned in prints]
    union = [
        f"select *, {quoted(view.id)} as detector, {view.version} as version, "
        f"{quoted(fingerprint)} as fingerprint, {SEVERITY} as severity from {view.stable}"
        for view, fingerprint in live
    ]
    if not union:
        nothing = ", ".join(f"cast(null as {kind}) as {n}" for n, (kind, _) in DETECTOR.items())
        added = "'' as detector, 0 as version, '' as fingerprint, '' as severity"
        union = [f"select {nothing}, {added} where false"]
    return " union all ".join(union)


def in_force(catalog: Catalog, bound: Sequence[Bound]) -> Iterator[str]:
    """Yield what fills ops.params and ops.views."""
    params, views = [], []
    for each in bound:
        view = each.view
        for param in view.params:
            value = each.params[param.name]
            said = (view.id, view.version, param.name, value, param.text, value != param.text)
            params.append(said)
        path = project.said(catalog.root, view.path)
        keys = ("what", "grain", "misses", "noisy", "every", "severity")
        header = (view.status, *map(view.header.get, keys))
        inputs = json.dumps(each.inputs)
        views.append((view.id, view.version, *header, each.fingerprint, inputs, path))
    for name, rows in (("ops.params", params), ("ops.views", views)):
        columns = _TABLES[name]
        told = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
        shape = json.dumps([columns])  # values would take ten times as long to parse
        yield (
            f"insert into {name} "
            f"select unnest(from_json({quoted(told)}, {quoted(shape)}), max_depth := 2)"
        )


def comments(
    catalog: Catalog,
    bound: Sequence[Bound],
    columns: Mapping[str, Iterable[str]],
    pins: Mapping[str, int],
) -> Iterator[str]:
    """Yield what says in DuckDB what every view and column is."""
    heard = said(catalog, bound, columns, pins)
    yield _comments("ops.clock", _CLOCK_SAYS[""], _CLOCK_SAYS, columns["ops.clock"])
    for each in bound:
        for name in {each.view.pinned, own_name(each.view, catalog, pins)}:
            yield _comments(name, each.view.header["what"], heard[name])
    what = "Every row of every live detector, with its version and its severity."
    yield _comments(ALL_LIVE, what, heard[ALL_LIVE])


def said(
    catalog: Catalog,
    bound: Sequence[Bound],
    columns: Mapping[str, Iterable[str]],
    pins: Mapping[str, int],
) -> dict[str, dict[str, str]]:
    """Return what each column of each view is: its file says it, else what the view reads."""
    heard = {f"raw.{name}": dict(each.comments) for name, each in catalog.contracts.items()}
    eleven = {name: comment for name, (_, comment) in DETECTOR.items()}
    five = {name: comment for name, (_, comment) in CHECK.items()}
    heard |= {ALL_LIVE: eleven | _LIVE, "ops.clock": _CLOCK_SAYS}
    for each in bound:
        view = each.view
        known: dict[str, str] = {}
        for read in view.reads:
            known |= heard.get(read, {})
        known |= eleven if view.is_detector else five if view.is_check else view.comments
        for name in {view.pinned, own_name(view, catalog, pins)}:
            heard[name] = {column: known[column] for column in columns[name] if column in known}
    return heard


def _comments(
    view: str, what: str, known: Mapping[str, str], columns: Iterable[str] | None = None
) -> str:
    said = [f"comment on view {view} is {quoted(what)}"]
    said += [
        f"comment on column {view}.{named(column)} is {quoted(known[column])}"
        for column in (known if columns is None else columns)
    ]
    return "; ".join(said)
