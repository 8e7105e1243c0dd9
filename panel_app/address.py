"""Reads what an address asks; foreign text goes into the question as values or as known names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb

from leadline import clock
from leadline.catalog import View
from leadline.clock import BEGINNING, Span
from leadline.errors import LeadlineError, first_line, nearest
from leadline.quote import named
from leadline.warehouse import Warehouse
from panel_app.answers import Answers, Tick
from panel_app.cursors import MOST, Cursor, Order, Page, beyond, digest_of, own_order, total
from panel_app.faults import wrong
from panel_app.values import kind_of

FORMS = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OWN = {
    "since": "First moment, which is in: 2024-03-01 or 2024-03-01T15:00Z. Else all of time.",
    "until": "The moment before which to stop. Else, and at most, what the dashboard shows.",
    "as_of": "Answer as the store would have at this moment: what was loaded later is not there.",
    "columns": "Which columns, with commas between. Else all.",
    "order": "By which columns, with commas between; -column is the largest first. Else by all; "
    "`any` leaves rows as they come, in constant memory however many there are.",
    "limit": f"At most so many rows. Else all. Up to {MOST:,} make a page, which names the next.",
    "offset": "Leave so many rows out first.",
    "cursor": "Go on after a page: what its header leadline-next said, of the same question.",
    "format": f"One of {', '.join(FORMS)}. Else json.",
}
COMPARED = {
    "eq": "=", "ne": "is distinct from", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "in": "in",
    "null": "is null",
}  # fmt: skip
ANY = "any"  # order
_SHOWN = "which is shown now; leave it out"
_JUST_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True)
class Asked:
    """What an address asks for.

    sql is what is asked; where it is a page's, plain is without what the page takes beside it.
    """

    view: str
    sql: str
    plain: str
    binds: Mapping[str, str]
    span: Span
    recorded_until: datetime
    is_now: bool  # it ends at the shown moment, which moves on
    form: str
    page: Page | None
    is_ordered: bool  # by all columns in the end
    skipped: int = 0  # rows that the address leaves out first, where it takes any


@dataclass(frozen=True)
class _Told:
    """An address in parts: its own parameters, and tests of columns with their values."""

    own: Mapping[str, str]
    tests: Sequence[str]
    binds: dict[str, str]


class Reader:
    """Reads addresses of the views of one warehouse."""

    def __init__(self, warehouse: Warehouse, answers: Answers, routes: Mapping[str, str]) -> None:
        self._warehouse, self._answers, self._routes = warehouse, answers, routes
        self._columns: dict[str, dict[str, tuple[str, str]]] = {}

    def columns(self, view: str) -> dict[str, tuple[str, str]]:
        """Return type and comment of each column."""
        if view not in self._columns:
            described = self._warehouse.described(view)
            self._columns[view] = {name: (kind, said or "") for name, kind, said in described}
        return self._columns[view]

    def asked(self, name: str, given: Iterable[tuple[str, str]]) -> Asked:
        """Read an address; an HTTPException says what is wrong with it."""
        view = self._view(name)
        told = self._told(view, given)
        own, binds, columns = told.own, told.binds, self.columns(view)
        form = own.get("format", "json")
        if form not in FORMS:
            raise wrong(f"format: '{form}' is none of {', '.join(FORMS)}{nearest(form, FORMS)}")
        chosen = _chosen(view, columns, own.get("columns"))
        limit, offset = _count("limit", own), _count("offset", own)
        skipped = offset if offset and limit != 0 else 0
        is_any = own.get("order") == ANY and ANY not in columns
        order = [] if is_any else _ordered(view, columns, own.get("order"))
        question = digest_of(
            view, self._print(view), told.tests, binds, chosen, own.get("order"), own.get("since")
        )
        cursor = _cursor(own, question)
        tick = self._answers.tick()
        span, recorded, is_now = self._span(view, own, cursor, tick)
        page, tests = None, [*told.tests]
        if is_paged := cursor is not None or (limit is not None and 0 < limit <= MOST):
            order = order or own_order(self._file(view), columns)
        if cursor:
            tests += self._behind(columns, order, cursor, binds)
            offset = cursor.n_same
        if is_paged and limit and limit <= MOST:
            page = Page(question, order, limit, cursor, offset or 0)
        if is_paged:
            order = total(order, columns)
        rest = f" from {view}"
        if tests:
            rest += f" where {' and '.join(tests)}"
        if order:
            rest += f" order by {', '.join(each.sql for each in order)}"
        plain = f"select {', '.join(map(named, chosen)) or '*'}{rest}"
        sql = plain
        if page:
            sql = f"select {', '.join([*map(named, chosen or columns), *page.hidden()])}{rest}"
        behind = f" offset {offset}" if offset else ""
        if limit is not None:
            plain += f" limit {limit}"
            sql += f" limit {limit + 1 if page else limit}"
        return Asked(
            view, sql + behind, plain + behind, binds, span, recorded, is_now, form, page,
            is_ordered=is_paged or not is_any, skipped=skipped,
        )  # fmt: skip

    def _told(self, view: str, given: Iterable[tuple[str, str]]) -> _Told:
        columns = self.columns(view)
        own: dict[str, str] = {}
        told = _Told(own, tests := [], {})
        seen: set[str] = set()
        for key, value in given:
            if key in seen:
                raise wrong(f"{key}: it stands there twice; say it once")
            seen.add(key)
            if key in OWN:
                own[key] = value
            else:
                tests.append(self._test(view, columns, key, value, told.binds))
        return told

    def _behind(
        self,
        columns: Mapping[str, tuple[str, str]],
        order: Sequence[Order],
        cursor: Cursor,
        binds: dict[str, str],
    ) -> list[str]:
        """Return what is true of the rows from a cursor's place on."""
        if not cursor.values:
            return []
        if len(cursor.values) != len(order):
            raise wrong("cursor: it is of another order; begin with the first page")
        kinds = {column: kind for column, (kind, _) in columns.items()}
        return [beyond(order, kinds, cursor, binds)]

    def _view(self, name: str) -> str:
        view = self._routes.get(name, name)
        if view in (names := self._warehouse.names()):
            return view
        near = nearest(name[:100], [*self._routes, *names])
        raise wrong(f"{name[:100]}: there is no such view{near or '; /api lists them'}", 404)

    def _file(self, view: str) -> View | None:
        catalog = self._warehouse.catalog
        if view in catalog.views or view.startswith("detectors.") or "_v" in view:
            try:
                return catalog.in_force(view) if view in catalog.views else catalog.find(view)
            except LeadlineError:
                return None
        return None

    def _print(self, view: str) -> str:
        return self._warehouse.fingerprint(view).fingerprint if self._file(view) else view

    def _span(
        self, view: str, own: Mapping[str, str], cursor: Cursor | None, tick: Tick
    ) -> tuple[Span, datetime, bool]:
        """Return the span, what the store may know, and whether it ends at the shown moment."""
        moments = {key: _moment(key, own[key]) for key in ("since", "until", "as_of") if key in own}
        shown = max(tick.until, self._answers.end([view], tick.until))
        known = max(tick.until, tick.recorded_until)
        as_of = moments.get("as_of")
        if cursor:
            if any(
                key in moments and moments[key] != clock.moment(value)
                for key, value in (("until", cursor.until), ("as_of", cursor.as_of))
            ):
                raise wrong("cursor: it is of another moment; leave out until and as_of")
            moments["until"] = clock.moment(cursor.until)
            as_of = clock.moment(cursor.as_of)
        if as_of and as_of > known:
            raise wrong(f"as_of: {clock.stamp(as_of)} is after {clock.stamp(known)}, {_SHOWN}")
        until = moments.get("until", min(shown, as_of + _JUST_AFTER) if as_of else shown)
        if until > shown:
            raise wrong(f"until: {clock.stamp(until)} is after {clock.stamp(shown)}, {_SHOWN}")
        try:
            span = Span(moments.get("since", BEGINNING), until)
        except LeadlineError as error:
            raise wrong(str(error)) from error
        return span, as_of or tick.recorded_until, "until" not in moments and as_of is None

    def _test(
        self, view: str, columns: Mapping[str, Any], key: str, value: str, binds: dict[str, str]
    ) -> str:
        column, _, how = key.rpartition("__") if key not in columns else (key, "", "eq")
        if not column or how not in COMPARED:
            column, how = key, "eq"
        if column not in columns:
            raise _no_column(view, column, columns, OWN)
        if how == "null":
            if value not in ("true", "false"):
                raise wrong(f"{key}: '{value[:100]}' is neither true nor false")
            return f"{named(column)} is {'' if value == 'true' else 'not '}null"
        kind = columns[column][0]
        places = []
        for each in value.split(",") if how == "in" else [value]:
            places.append(f"cast($v{len(binds)} as {kind})")
            binds[f"v{len(binds)}"] = self._read(key, each, kind)
        right = f"({', '.join(places)})" if how == "in" else places[0]
        return f"{named(column)} {COMPARED[how]} {right}"

    def _read(self, key: str, value: str, kind: str) -> str:
        """Return a value as DuckDB casts it."""
        found = kind_of(kind)
        if found.read is not None:
            try:
                return found.read(value)
            except (ValueError, ArithmeticError) as error:
                raise wrong(f"{key}: '{value[:100]}' is not {found.says}") from error
        with self._warehouse.connect() as cursor:
            try:
                cursor.execute(f"select cast(? as {kind})", [value])
            except duckdb.Error as error:
                raise wrong(f"{key}: {first_line(error)}; the column is {kind}") from error
            except UnicodeDecodeError as error:  # DuckDB quotes a text and cuts it within a letter
                raise wrong(f"{key}: '{value[:100]}' is not a value of {kind}") from error
        return value


def _moment(key: str, text: str) -> datetime:
    try:
        return clock.moment(text)
    except LeadlineError as error:
        raise wrong(f"{key}: {error}") from error


def _cursor(own: Mapping[str, str], question: str) -> Cursor | None:
    if "cursor" not in own:
        return None
    if "offset" in own:
        raise wrong("offset: the cursor says already where to go on; leave it out")
    try:
        found = Cursor.of(own["cursor"])
    except (ValueError, TypeError) as error:
        raise wrong(
            "cursor: it is not whole; take the header leadline-next as it stands"
        ) from error
    if found.question != question:
        raise wrong(
            "cursor: it is of another question, or its view has changed; begin with the first page"
        )
    return found


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",")]


def _chosen(view: str, columns: Mapping[str, Any], text: str | None) -> list[str]:
    chosen = [] if text is None else _listed(text)
    for name in chosen:
        if name not in columns:
            raise _no_column(view, name, columns)
        if chosen.count(name) > 1:
            raise wrong(f"columns: '{name}' stands there twice; say it once")
    return chosen


def _ordered(view: str, columns: Mapping[str, Any], text: str | None) -> list[Order]:
    found: list[Order] = []
    for each in [] if text is None else _listed(text):
        name = each.removeprefix("-")
        if name not in columns:
            raise _no_column(view, name, columns)
        if name in [order.column for order in found]:
            raise wrong(f"order: '{name}' stands there twice; say it once")
        found.append(Order(name, each.startswith("-")))
    return found


def _no_column(
    view: str, name: str, columns: Mapping[str, Any], besides: Iterable[str] = ()
) -> Exception:
    near = nearest(name[:100], [*columns, *besides]) or f"; it has {', '.join(columns)}"
    return wrong(f"{view}: it has no column '{name[:100]}'{near}")


def _count(key: str, own: Mapping[str, str]) -> int | None:
    text = own.get(key)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise wrong(f"{key}: '{text[:100]}' is no count; write a whole number")
    return int(text)
