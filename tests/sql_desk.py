"""A database for the cases of a file, whose inputs are bounded as the store's door bounds them.

What the tested view reads is a table of the true columns and types, seen through a view that shows
events from `needs` before the question's begin, nothing known at or after its end, and withdrawn_at
only once it has happened. The real door adds the needs of the views between.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow as pa

from leadline.catalog import Catalog, View, time_column
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.engine import scratch
from leadline.errors import LeadlineError, ViewError, nearest
from leadline.feed import Http
from leadline.params import overridden
from leadline.quote import literal, named
from leadline.span import NOTHING
from tests.doors import door, one_core
from tests.sql_cases import Case, Query
from tests.sql_rows import Answer, answer

CLOCK = "ops.clock"
RAW_SESSIONS, US_SESSIONS = "raw.sessions", "curated.us_sessions"
SESSIONS = "curated.sessions"
CALENDARS = (RAW_SESSIONS, SESSIONS, US_SESSIONS)
MOMENT = "timestamp with time zone"
PLACE = "place_in_given"
# Rows are few: a seeded order may happen to be the given one, the reverse never is.
REVERSED = f"{PLACE} desc"
_NEVER_EVENT = ("known_at", "withdrawn_at", "late_at")


class House:
    """What every case of a project shares: the true columns, and the real calendar."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.catalog = Catalog(root)
        self.closes = closes()
        with (
            tempfile.TemporaryDirectory(prefix="leadline-") as place,
            door(Path(place), self.catalog, one_core()) as warehouse,
        ):
            self.types: dict[str, dict[str, str]] = {
                name: dict(warehouse.types(name)) for name in warehouse.names()
            }
        self._lent = ExitStack()
        self._desk: Desk | None = None

    def desk(self, case: Case, order: str) -> "Desk":
        """Return a case's rows in this order; cases of one view, asked alike, share a desk."""
        if self._desk is None or not self._desk.is_for(case):
            self._lent.close()
            self._desk = None
            self._desk = Desk(self, case, self._lent.enter_context(self.database()))
        self._desk.hold(case, order)
        return self._desk

    def view(self, path: Path) -> View:
        """Return the view that a case file tests."""
        place = self.root / "sql" / path.relative_to(self.root / "tests" / "sql")
        for view in self.catalog.all():
            if view.path == place:
                return view
        known = [str(view.path) for view in self.catalog.all()]
        raise ViewError(f"{path}: there is no {place}{nearest(str(place), known)}")

    @contextmanager
    def database(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a fresh database set up as the warehouse's, with the real calendar."""
        with one_core().lend() as con:
            for name, rows in self._calendars.items():
                con.register(f"real {name}", rows)
            schemas = {name.partition(".")[0] for name in self.types} | {"given"}
            con.execute("; ".join(f"create schema {schema}" for schema in sorted(schemas)))
            con.execute(
                "create view ops.clock as select getvariable('asked_since') as since, "
                "getvariable('until') as until, getvariable('recorded_until') as recorded_until"
            )
            for name in CALENDARS:
                con.execute(real(name))
            yield con

    @cached_property
    def _calendars(self) -> Mapping[str, pa.Table]:
        """Compute what the views of calendars hold, each over the one before."""
        values = {"recorded_at": "known_at", "source": "'given'", "load_id": "'given'"}
        values |= {"is_gone": "false", "known_date": "cast(timezone('UTC', known_at) as date)"}
        columns = self.types[RAW_SESSIONS].items()
        said = ", ".join(f"cast({values.get(n, n)} as {kind}) as {n}" for n, kind in columns)
        found: dict[str, pa.Table] = {}
        with scratch() as con:
            con.execute("create schema raw; create schema curated")
            con.register("loaded", calendar())
            for name in CALENDARS:
                text = f"select {said} from loaded"
                if name != RAW_SESSIONS:
                    text = self.catalog.in_force(name).text
                con.execute(f"create table {name} as {text}")
                found[name] = con.sql(f"from {name}").to_arrow_table()
        return found


class Desk:
    """The view of a case file over given rows, to be asked as often as a run likes."""

    def __init__(self, house: House, case: Case, con: duckdb.DuckDBPyConnection) -> None:
        self._house, self._case, self._order = house, case, ""
        self._said: Mapping[str, datetime] = {}
        self._filled: set[str] = set()
        self._whole: Answer | None = None
        self.view, self.con = house.view(case.path), con
        self._reads = [name for name in self.view.reads if name != CLOCK]
        for name in self._reads:
            self._clear(name)
            if name not in CALENDARS:
                self.con.execute(over(name, self._bounded(name)))
        self._set(case.span)
        try:
            sql, _ = overridden(self.view.text, self.view.params, case.params)
            self.con.execute(f"create view tested as {sql}")
            self.columns: Sequence[str] = self.con.sql("from tested").columns
        except (LeadlineError, duckdb.Error) as error:
            raise ViewError(f"{case.at()}: {first(error)}") from error

    def is_for(self, case: Case) -> bool:
        """Say whether a case asks the same view with the same parameters."""
        return self._case.path == case.path and self._case.params == case.params

    def hold(self, case: Case, order: str) -> None:
        """Take a case's given rows in this order in place of those before."""
        if self._case is case and self._order == order:
            return
        self._case, self._order, self._whole = case, "", None
        self._check_names()
        calendars = [name for name in self._reads if name in CALENDARS]
        for name in calendars:  # a given query reads the real ones
            self.con.execute(real(name))
        for name in self._reads:
            if query := case.given.get(name):
                self._filled.add(name)
                self._fill(name, query, order)
            elif name in self._filled:
                self._clear(name)
                self._filled.remove(name)
        for name in calendars:
            if name in case.given:
                self.con.execute(over(name, self._bounded(name)))
        self._order = order

    def ask(self, span: Span, columns: str = "*") -> Answer:
        """Return the view's answer to a question with this span."""
        self._set(span)
        time = time_column(self._house.types[self.view.pinned])
        is_state = all(self._house.catalog.is_state(name) for name in self.view.reads)
        is_cut = self.view.is_detector or self.view.is_check or not is_state
        where = ""
        if time and is_cut and span.since > BEGINNING:
            where = f" where {time} >= {literal(span.since)}"
        return answer(self.con, f"select {columns} from tested{where}")

    def whole(self) -> list[dict[str, Any]]:
        """Return the answer to the case's own question, asked once for all runs of a case."""
        if self._whole is None:
            self._whole = self.ask(self._case.span)
        return named_rows(self._whole)

    def rows(self, span: Span) -> list[dict[str, Any]]:
        """Return every column of the answer, by name."""
        return named_rows(self.ask(span))

    def moments(self) -> set[datetime]:
        """Return every moment at which a given row became known or was withdrawn."""
        found: set[datetime] = set()
        for name in self._case.given:
            for column in ("known_at", "fired_at", "withdrawn_at"):
                if column in self._house.types[name]:
                    said = f"select distinct {column} from {_given(name)}"
                    values = self.con.sql(said).to_arrow_table().column(0).to_pylist()
                    found |= {value for value in values if value is not None}
        return found

    def _check_names(self) -> None:
        known: set[str] = set()
        for name in self._reads:
            known |= self._house.types[name].keys()
        for name, query in self._case.given.items():
            if name not in self._reads:
                raise ViewError(
                    f"{self._case.at(query.line)}: {self.view.path.name} does not read '{name}'"
                    f"{nearest(name, self._reads)}"
                )
        for column in self._case.defaults:
            if column not in known:
                raise ViewError(
                    f"{self._case.path}:1: default: no input has a column '{column}'"
                    f"{nearest(column, known)}"
                )

    def _clear(self, name: str) -> None:
        types = self._house.types[name].items()
        own = ", ".join(f"{named(column)} {kind}" for column, kind in types)
        self.con.execute(f"create or replace table {_given(name)} ({own})")

    def _fill(self, name: str, query: Query, order: str) -> None:
        types = self._house.types[name]
        where = self._case.at(query.line)
        try:
            staged = self.con.sql(query.text).columns
            for column in staged:
                if column not in types:
                    raise ViewError(
                        f"{where}: {name} has no column '{column}'{nearest(column, types)}"
                    )
            values = self._values(name, staged, where)
            said = ", ".join(
                f"cast({values.get(column, 'null')} as {kind}) as {named(column)}"
                for column, kind in types.items()
            )
            self.con.execute(
                f"create or replace table {_given(name)} as select {said} from (select *, "
                f"row_number() over () as {PLACE} from ({query.text}\n) as given_rows) as staged "
                f"order by {order}"
            )
        except duckdb.Error as error:
            raise ViewError(f"{where}: {first(error)}") from error
        if "known_at" in types:
            said = f"select count(*) from {_given(name)} where known_at is null"
            if found := self.con.execute(said).fetchall()[0][0]:
                raise ViewError(f"{where}: {found} rows of {name} have no known_at; give it")

    def _values(self, name: str, staged: Sequence[str], where: str) -> Mapping[str, str]:
        """Return an expression over the staged rows for every column that is not null."""
        types = self._house.types[name]
        values = {c: said for c, said in self._case.defaults.items() if c in types}
        values |= {column: f"staged.{named(column)}" for column in staged}
        if "is_gone" in types:
            values.setdefault("is_gone", "false")
        if "known_at" in types and "known_at" not in values:
            moments = [c for c in values if c in staged] + [c for c in values if c not in staged]
            moments = [c for c in moments if types[c] == MOMENT and c not in _NEVER_EVENT]
            if name.startswith("raw.") and "recorded_at" in moments:
                moments = ["recorded_at"]  # the store's own rows are known when it records them
            if not moments:
                raise ViewError(f"{where}: {name} has no event time here; give known_at")
            values["known_at"] = values[moments[0]]
        if name.startswith("raw."):
            known = f"cast({values['known_at']} as timestamptz)"
            values.setdefault("recorded_at", known)
            values.setdefault("known_date", f"cast(timezone('UTC', {known}) as date)")
            values.setdefault("source", "'given'")
            values.setdefault("load_id", "'given'")
            if "sequence" not in self._own(name):
                values.setdefault("sequence", PLACE)
        return values

    def _own(self, name: str) -> Sequence[str]:
        return self._house.catalog.contracts[name.removeprefix("raw.")].names

    def _bounded(self, name: str) -> str:
        """Return what a question sees of a table of given rows."""
        types, bounds, replaced = self._house.types[name], ["true"], ""
        time = time_column(types)
        # The store's own rows are bounded by what is recorded, and every case has recorded all.
        if time and name not in ("raw.loads", "raw.rejected"):
            bounds.append(f"{time} < getvariable('until')")
            if not self._house.catalog.is_state(name):
                bounds.append(f"{time} >= getvariable('{self._opened(name)}')")
        if "withdrawn_at" in types:
            replaced = (
                " replace (case when withdrawn_at < getvariable('until') then withdrawn_at end "
                "as withdrawn_at)"
            )
        return f"select *{replaced} from {_given(name)} where {' and '.join(bounds)}"

    def _opened(self, name: str) -> str:
        """Return the variable that holds from when an input is seen."""
        return f"since_{self._reads.index(name)}"

    def _set(self, span: Span) -> None:
        values = {"until": span.until, "asked_since": span.since, "recorded_until": FOREVER}
        for name in self._reads:
            needs = self.view.needs_of(name) if span.since > BEGINNING else NOTHING
            values[self._opened(name)] = needs.before(span.since, self._house.closes)
        new = {key: value for key, value in values.items() if self._said.get(key) != value}
        for key, value in new.items():
            self.con.execute(f"set variable {key} = {literal(value)}")
        self._said = values


@cache
def house_of(root: Path) -> House:
    """Return the house of a project, built once a process."""
    return House(root)


@cache
def calendar() -> pa.Table:
    """Return the sessions of every calendar as their loader yields them."""
    from loaders import sessions  # with pandas it takes long, and not every run asks it

    # The loader asks nobody, so that it needs no Http.
    batches = sessions.pull(Span(BEGINNING, FOREVER.replace(year=2026)), cast(Http, None))
    return pa.concat_tables([cast(pa.Table, rows) for _, rows in batches])


@cache
def closes() -> Mapping[str, Sequence[datetime]]:
    """Return when each session of each calendar closes, in order."""
    columns = (calendar().column(name).to_pylist() for name in ("calendar", "closes_at"))
    found: dict[str, list[datetime]] = {}
    for name, at in zip(*columns, strict=True):
        found.setdefault(name, []).append(at)
    return found


def real(name: str) -> str:
    """Return what makes a calendar's view the real one."""
    return over(name, f"select * from {named(f'real {name}')}")


def over(name: str, sql: str) -> str:
    """Return what makes a view answer what some SQL does."""
    return f"create or replace view {name} as {sql}"


def named_rows(answer: Answer) -> list[dict[str, Any]]:
    """Return an answer's rows, every column by its name."""
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _given(name: str) -> str:
    return f"given.{named(name)}"


def first(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]
