"""Lays a catalog out in DuckDB: empty datasets, every view on them, and what is said of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import duckdb

from leadline import raw
from leadline.catalog import ALL_LIVE, DETECTOR, SEVERITY, Bound, Catalog, View, sentence
from leadline.contract import Contract
from leadline.engine import Engine
from leadline.errors import ViewError
from leadline.kept import answers
from leadline.layout import Layout
from leadline.quote import literal, named, quoted

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
_STAMPS = """
create table engine.stamps (load_id text, recorded_at timestamptz, forgotten_at timestamptz)
"""
_TABLES = """
create table ops.params (
    view text, version integer, name text, value text, default_value text, is_overridden boolean
);
create table ops.views (
    view text, version integer, status text, what text, grain text, misses text, noisy text,
    fingerprint text, inputs json, path text
)
"""
Found: TypeAlias = Literal["nothing", "bare", "whole"]
_UNBOUND = "timestamptz '1970-01-01 00:00Z'"


def create(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    bound: Sequence[Bound],
    pins: Mapping[str, int],
) -> tuple[dict[str, dict[str, str]], Found]:
    """Bind every version on empty datasets; return name and type of every column, by view.

    A version in force stands under its stable name, any other under its pinned one; `complete`
    adds the rest; it is also returned what was there already. A view that does not bind, and a
    detector without the eleven columns, is a ViewError.
    """
    made = list(_made(catalog, bound, pins))
    bare, whole = _layouts(catalog, bound, made)
    _unbind(con)
    found: Found = "whole" if whole.fetch(con) else "bare" if bare.fetch(con) else "nothing"
    if found == "nothing":
        con.begin()  # as one transaction it is a little faster, too
        for path, sql in made:
            try:
                con.execute(sql)
            except duckdb.Error as error:
                if path is None:
                    raise
                raise ViewError(sentence(path, error)) from error
        con.commit()
        bare.keep(con)
    con.execute("; ".join(in_force(catalog, bound)))
    names = {each.view.pinned: own_name(each.view, catalog, pins) for each in bound}
    columns = _columns(con)
    for each in bound:
        columns[each.view.pinned] = columns[names[each.view.pinned]]
        if each.view.is_detector:
            _has_eleven(each.view, columns[each.view.pinned])
        if "partials" in each.view.keeps and "known_date" not in columns[each.view.pinned]:
            raise ViewError(f"{each.view.path}: it keeps partials without known_date; give it")
        if "rolling" in each.view.keeps and "withdrawn_at" in columns[each.view.pinned]:
            raise ViewError(
                f"{each.view.path}: it keeps rolling rows, and withdrawn_at changes them later; "
                f"give it in a view of its own"
            )
    return columns, found


def _layouts(
    catalog: Catalog, bound: Sequence[Bound], made: Sequence[tuple[Path | None, str]]
) -> tuple[Layout, Layout]:
    """Return where these statements' work is kept, alone and with what completes it."""
    sql = [statement for _, statement in made]
    said = [*map(raw_comments, catalog.contracts.values()), *(each.view.text for each in bound)]
    own = [repr(DETECTOR), Path(__file__).read_text()]
    return Layout("; ".join(sql)), Layout("; ".join([*sql, *said, *own]))


def _unbind(con: duckdb.DuckDBPyConnection) -> None:
    """Give the question's variables their type, without which no view binds."""
    for key in raw.VARIABLES:
        con.execute(f"set variable {key} = {_UNBOUND}")


def _made(
    catalog: Catalog, bound: Sequence[Bound], pins: Mapping[str, int]
) -> Iterator[tuple[Path | None, str]]:
    """Yield each statement that lays a catalog out, with the file that it is of."""
    yield None, "; ".join((*schemas(bound), _STAMPS))
    for contract in catalog.contracts.values():
        yield None, raw.table(contract)
        yield None, raw.view(contract, ())
    yield None, clock(replace(raw.ASKED, since="getvariable('asked_since')"))
    # Without a row until somebody asks: binding every detector again takes as long as the first.
    yield None, all_live(catalog, (), pins)
    for each in bound:
        name = own_name(each.view, catalog, pins)
        if each.view.keeps and name == each.view.stable:
            yield each.view.path, f"create view {answers(name)} as {each.sql}"
            yield each.view.path, answered(name)
        else:
            yield each.view.path, f"create view {name} as {each.sql}"


def complete(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    bound: Sequence[Bound],
    columns: Mapping[str, Iterable[str]],
    pins: Mapping[str, int],
) -> None:
    """Add what few questions need: pinned names, the union of all alerts, and comments.

    It takes as long as binding every view does; `keep_complete` spares it the next process.
    """
    for each in bound:
        name = own_name(each.view, catalog, pins)
        if name != each.view.pinned:
            con.execute(f"create view {each.view.pinned} as from {name}")
    con.execute(all_live(catalog, bound, pins))
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
    bare, whole = _layouts(catalog, bound, list(_made(catalog, bound, pins)))
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
    yield _TABLES


def clock(bounds: raw.Bounds) -> str:
    """Return the statement that makes ops.clock."""
    return (
        f"create or replace view ops.clock as select {bounds.since} as since, "
        f"{bounds.until} as until, {bounds.recorded_until} as recorded_until"
    )


def _has_eleven(view: View, found: Mapping[str, str]) -> None:
    path = view.path
    wanted = {column: kind for column, (kind, _) in DETECTOR.items()}
    if list(found) != list(wanted):
        odd = sorted(set(found) ^ set(wanted)) or list(found)
        raise ViewError(
            f"{path}: its columns are not the eleven in their order; look at {', '.join(odd)}"
        )
    for column, kind in wanted.items():
        if found[column] != kind:
            raise ViewError(f"{path}: {column} is {found[column]}; cast it to {kind}")


def all_live(catalog: Catalog, bound: Sequence[Bound], pins: Mapping[str, int]) -> str:
    """Return the statement that makes the union of the live detectors among these."""
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
    return f"create or replace view {ALL_LIVE} as {' union all '.join(union)}"


def in_force(catalog: Catalog, bound: Sequence[Bound]) -> Iterator[str]:
    """Yield what fills ops.params and ops.views."""
    params, views = [], []
    for each in bound:
        view = each.view
        for param in view.params:
            value = each.params[param.name]
            said = (view.id, view.version, param.name, value, param.text, value != param.text)
            params.append(said)
        path = str(view.path.relative_to(catalog.root))
        told = (view.header.get(key) for key in ("what", "grain", "misses", "noisy"))
        header = (view.status, *told)
        inputs = json.dumps(each.inputs)
        views.append((view.id, view.version, *header, each.fingerprint, inputs, path))
    for name, rows in (("ops.params", params), ("ops.views", views)):
        if rows:  # in one statement: a hundred would take longer than a third of the views
            values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
            yield f"insert into {name} values {values}"


def comments(
    catalog: Catalog,
    bound: Sequence[Bound],
    columns: Mapping[str, Iterable[str]],
    pins: Mapping[str, int],
) -> Iterator[str]:
    """Yield what every view and column is: its file says it, else what the view reads."""
    heard = {f"raw.{name}": dict(each.comments) for name, each in catalog.contracts.items()}
    eleven = {name: comment for name, (_, comment) in DETECTOR.items()}
    heard[ALL_LIVE] = eleven | _LIVE
    yield _comments("ops.clock", _CLOCK_SAYS[""], _CLOCK_SAYS, columns["ops.clock"])
    for each in bound:
        view = each.view
        known: dict[str, str] = {}
        for read in view.reads:
            known |= heard.get(read, {})
        known |= eleven if view.is_detector else view.comments
        for name in {view.pinned, own_name(view, catalog, pins)}:
            heard[name] = {column: known[column] for column in columns[name] if column in known}
            yield _comments(name, view.header["what"], heard[name])
    what = "Every row of every live detector, with its version and its severity."
    yield _comments(ALL_LIVE, what, eleven | _LIVE)


def _comments(
    view: str, what: str, known: Mapping[str, str], columns: Iterable[str] | None = None
) -> str:
    said = [f"comment on view {view} is {quoted(what)}"]
    said += [
        f"comment on column {view}.{named(column)} is {quoted(known[column])}"
        for column in (known if columns is None else columns)
    ]
    return "; ".join(said)
