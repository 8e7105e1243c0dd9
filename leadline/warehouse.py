"""The door: every question has a span, and sees no row that was not known by its end."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import Any

import duckdb

from leadline import raw
from leadline.catalog import DETECTOR, SEVERITY, Bound, Catalog, sentence, time_column
from leadline.clock import BEGINNING, Span
from leadline.errors import QueryError, StoreError, ViewError, nearest
from leadline.quote import literal, named, quoted
from leadline.span import Closes
from leadline.store import Snapshot, Store

_CLOCK = """
create or replace view ops.clock as
select
    getvariable('asked_since') as since,
    getvariable('until') as until,
    getvariable('recorded_until') as recorded_until
"""
_UNBOUND = "timestamptz '1970-01-01 00:00Z'"


class Warehouse:
    """Views over one store, created once; each question takes a cursor of its own."""

    def __init__(
        self,
        catalog: Catalog,
        store: Store,
        engine: Mapping[str, str],
        params: Mapping[str, Mapping[str, Any]] | None = None,
        pins: Mapping[str, int] | None = None,
    ) -> None:
        self.catalog, self.store = catalog, store
        self._engine, self._params, self._pins = engine, dict(params or {}), dict(pins or {})
        self._spill = tempfile.TemporaryDirectory(prefix="leadline-")
        self._lock = RLock()
        self._others: dict[str, Warehouse] = {}
        self._files: dict[str, tuple[str, ...]] = {}
        self._columns: dict[str, list[str]] = {}
        self._closes: Closes = {}
        self.snapshot: Snapshot | None = None
        self.con = duckdb.connect(config={**engine, "temp_directory": self._spill.name})
        # A small filtered left side must not turn an as-of join into a nested loop.
        self.con.execute("set global asof_loop_join_threshold = 0; set global timezone = 'UTC'")
        self.bound: list[Bound] = catalog.bind(self._params, self._pins)
        self._create()

    def close(self) -> None:
        """Give back memory and disk."""
        for other in self._others.values():
            other.close()
        self.con.close()
        self._spill.cleanup()

    def ask(
        self,
        view: str,
        since: datetime,
        until: datetime,
        recorded_until: datetime | None = None,
        pins: Mapping[str, int] | None = None,
        params: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> duckdb.DuckDBPyRelation:
        """Return the rows of a view for a span: since is in, until is out.

        Detectors are cut by fired_at, other views by known_at; state is cut above only. Events
        are opened as far before since as the view needs. recorded_until is what the store may
        know, as an old alert's loop did; pins and params bind other versions and parameters.
        """
        if pins or params:
            return self._other(pins or {}, params or {}).ask(view, since, until, recorded_until)
        Span(since, until)
        name = self.stable(view)
        self.refresh()
        self.need_sessions(name)
        cursor = self.cursor(name, since, until, recorded_until)
        return cursor.sql(f"select * from {self.cut(name, since)}")

    def stable(self, view: str) -> str:
        """Return a view's name in DuckDB, from that name or from a detector's id."""
        if view in self._columns:
            return view
        if view.startswith(("raw.", "ops.")) or view == "detectors.all_live":
            raise QueryError(f"{view}: no such view{nearest(view, self._columns)}")
        found = self.catalog.find(view)
        return found.stable if view != found.pinned else view

    def columns(self, view: str) -> list[str]:
        """Return the columns of a view by its stable or pinned name."""
        return self._columns[view]

    def names(self) -> list[str]:
        """Return every name that a question may read."""
        return sorted(self._columns)

    def cut(self, name: str, since: datetime) -> str:
        """Return a view cut to a span's begin, as a thing to select from."""
        column = time_column(self._columns[name])
        if column is None or since <= BEGINNING or not self._is_cut_below(name):
            return name
        return f"(select * from {name} where {column} >= {literal(since)})"

    def opened(self, name: str, since: datetime) -> datetime:
        """Return the moment from which events are opened, needs added up along dependencies."""
        known: dict[tuple[str, datetime], datetime] = {}

        def begin(view: str, at: datetime) -> datetime:
            if (view, at) not in known:
                moments = [at]
                for read, needs in self.catalog.reads(view, self._pins):
                    moments.append(begin(read, needs.before(at, self._closes)))
                known[view, at] = min(moments)
            return known[view, at]

        pinned = [bound.view for bound in self.bound if bound.view.pinned == name]
        if pinned:
            moments = [
                (read, pinned[0].needs.before(since, self._closes)) for read in pinned[0].reads
            ]
            return min((begin(read, at) for read, at in moments), default=since)
        return begin(name, since)

    def cursor(
        self,
        name: str | list[str],
        since: datetime,
        until: datetime,
        recorded_until: datetime | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Return a cursor whose variables are set for a question over these views."""
        assert self.snapshot is not None
        names = [name] if isinstance(name, str) else name
        opened = since
        if since > BEGINNING:
            opened = min((self.opened(each, since) for each in names), default=since)
        cursor = self.con.cursor()
        recorded = recorded_until or self.snapshot.recorded_until
        values = {"since": opened, "until": until, "asked_since": since, "recorded_until": recorded}
        for key in raw.VARIABLES:
            cursor.execute(f"set variable {key} = {literal(values[key])}")
        return cursor

    def need_sessions(self, name: str) -> None:
        """Raise a StoreError if a view counts sessions and the store holds none."""
        if not self._closes and self._counts_sessions(name):
            raise StoreError(
                f"{self.store.place}: it holds no sessions; run leadline load sessions"
            )

    def refresh(self) -> Snapshot:
        """Look for new loads; raw.* is made again where its files have changed."""
        with self._lock:
            moved = self.store.ledger.refresh()
            if self.snapshot is not None and not moved:
                return self.snapshot
            snapshot = self.store.snapshot()
            with self._transaction():
                self._stamp(snapshot)
                for name, files in snapshot.files.items():
                    if self._files.get(name) != tuple(files):
                        self._make_raw(name, tuple(files))
            if snapshot.files["sessions"]:
                self._closes = self._read_closes()
            self.snapshot = snapshot
            return snapshot

    def fingerprint(self, name: str) -> Bound:
        """Return what is in force under a stable or pinned name."""
        view = self.catalog.find(name)
        if name != view.pinned:
            view = self.catalog.in_force(view.stable, self._pins)
        return next(bound for bound in self.bound if bound.view.pinned == view.pinned)

    def _counts_sessions(self, name: str) -> bool:
        reads = self._reads(name)
        return "raw.sessions" in reads or any(map(self._counts_sessions, reads))

    def _reads(self, name: str) -> list[str]:
        view = next((bound.view for bound in self.bound if bound.view.pinned == name), None)
        return list(view.reads) if view else [r for r, _ in self.catalog.reads(name, self._pins)]

    def _is_cut_below(self, name: str) -> bool:
        if name.startswith(("raw.", "ops.")):
            return False
        return not all(self.catalog.is_state(read) for read in self._reads(name))

    def _other(
        self, pins: Mapping[str, int], params: Mapping[str, Mapping[str, Any]]
    ) -> "Warehouse":
        key = json.dumps([pins, params], sort_keys=True, default=str)
        with self._lock:
            if key not in self._others:
                both = {k: {**self._params.get(k, {}), **v} for k, v in params.items()}
                merged = {**self._params, **both}
                self._others[key] = Warehouse(
                    self.catalog, self.store, self._engine, merged, {**self._pins, **pins}
                )
            return self._others[key]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.con.execute("begin")
        try:
            yield
        except BaseException:
            self.con.execute("rollback")
            raise
        self.con.execute("commit")

    def _create(self) -> None:
        """Make every view on empty datasets; a view that does not bind is a ViewError."""
        schemas = {bound.view.schema for bound in self.bound}
        for schema in sorted(schemas | {"engine", "contract", "raw", "ops", "detectors"}):
            self.con.execute(f"create schema if not exists {schema}")
        for key in raw.VARIABLES:
            self.con.execute(f"set variable {key} = {_UNBOUND}")
        self.con.execute(
            "create table engine.stamps "
            "(load_id text, recorded_at timestamptz, forgotten_at timestamptz)"
        )
        for name, contract in self.catalog.contracts.items():
            self.con.execute(contract.table(f"contract.{name}"))
            if contract.partition:
                self.con.execute(
                    f"alter table contract.{name} add column {contract.partition} date"
                )
            self._make_raw(name, ())
        self.con.execute(_CLOCK)
        self._make_params()
        for bound in self.bound:
            self._make_view(bound)
        self._make_stable()
        self._make_all_live()
        described = self.con.execute(
            "select schema_name || '.' || table_name, list(column_name order by column_index) "
            "from duckdb_columns() "
            "where not internal and schema_name not in ('engine', 'contract') group by all"
        ).fetchall()
        self._columns = dict(described)
        self._comment()

    def _make_view(self, bound: Bound) -> None:
        view = bound.view
        try:
            self.con.execute(f"create view {view.pinned} as {bound.sql}")
            if view is self.catalog.in_force(view.stable, self._pins):
                self.con.execute(f"create view {view.stable} as select * from {view.pinned}")
        except duckdb.Error as error:
            raise ViewError(sentence(view.path, bound.sql, error)) from error

    def _make_stable(self) -> None:
        for view in self.catalog.all():
            if view.is_detector:
                self._has_eleven(view.pinned, str(view.path))

    def _has_eleven(self, name: str, path: str) -> None:
        rows = self.con.execute(f"describe {name}").fetchall()
        found = {column: kind.lower() for column, kind, *_ in rows}
        wanted = {column: kind for column, (kind, _) in DETECTOR.items()}
        if list(found) != list(wanted):
            odd = sorted(set(found) ^ set(wanted)) or list(found)
            raise ViewError(
                f"{path}: its columns are not the eleven in their order; look at {', '.join(odd)}"
            )
        for column, kind in wanted.items():
            if found[column] != kind:
                raise ViewError(f"{path}: {column} is {found[column]}; cast it to {kind}")

    def _make_all_live(self) -> None:
        union = []
        for view in self.catalog.all_live(self._pins):
            bound = self.fingerprint(view.stable)
            union.append(
                f"select *, {quoted(view.id)} as detector, {view.version} as version, "
                f"{quoted(bound.fingerprint)} as fingerprint, {SEVERITY} as severity "
                f"from {view.stable}"
            )
        if not union:
            nothing = ", ".join(f"cast(null as {kind}) as {n}" for n, (kind, _) in DETECTOR.items())
            added = "'' as detector, 0 as version, '' as fingerprint, '' as severity"
            union = [f"select {nothing}, {added} where false"]
        self.con.execute(f"create view detectors.all_live as {' union all '.join(union)}")

    def _make_params(self) -> None:
        self.con.execute(
            "create table ops.params (view text, version integer, name text, value text, "
            "default_value text, is_overridden boolean)"
        )
        self.con.execute(
            "create table ops.views (view text, version integer, status text, what text, "
            "grain text, fingerprint text, inputs json, path text)"
        )
        for bound in self.bound:
            view = bound.view
            for param in view.params:
                value = bound.params[param.name]
                row = [view.id, view.version, param.name, value, param.text, value != param.text]
                self.con.execute("insert into ops.params values (?, ?, ?, ?, ?, ?)", row)
            said = [view.header["what"], view.header.get("grain"), bound.fingerprint]
            path = str(view.path.relative_to(self.catalog.root))
            self.con.execute(
                "insert into ops.views values (?, ?, ?, ?, ?, ?, ?, ?)",
                [view.id, view.version, view.status, *said, json.dumps(bound.inputs), path],
            )

    def _make_raw(self, name: str, files: tuple[str, ...]) -> None:
        contract = self.catalog.contracts[name]
        self.con.execute(raw.view(contract, files))
        comments = [f"comment on view raw.{name} is {quoted(contract.header['what'])}"]
        comments += [
            f"comment on column raw.{name}.{named(column)} is {quoted(comment)}"
            for column, comment in contract.comments.items()
            if column != "sequence" or contract.is_event or column in contract.names
        ]
        self.con.execute("; ".join(comments))
        self._files[name] = files

    def _comment(self) -> None:
        """Say of every view and column what it is, where the file or a contract says it."""
        shared = {
            column: comment
            for contract in self.catalog.contracts.values()
            for column, comment in contract.comments.items()
        }
        said = []
        for bound in self.bound:
            view = bound.view
            known = {**shared, **view.comments}
            if view.is_detector:
                known |= {name: comment for name, (_, comment) in DETECTOR.items()}
            names = [view.pinned]
            if view is self.catalog.in_force(view.stable, self._pins):
                names.append(view.stable)
            for name in names:
                said.append(f"comment on view {name} is {quoted(view.header['what'])}")
                said += [
                    f"comment on column {name}.{named(column)} is {quoted(known[column])}"
                    for column in self._columns[name]
                    if column in known
                ]
        self.con.execute("; ".join(said))

    def _stamp(self, snapshot: Snapshot) -> None:
        """Lay out when each load was recorded and when it was forgotten."""
        lines = f"read_parquet([{', '.join(map(quoted, snapshot.files['loads']))}])"
        if not snapshot.files["loads"]:
            lines = "contract.loads"
        self.con.execute(f"""
            create or replace table engine.stamps as
            select loads.load_id, loads.recorded_at, forgets.recorded_at as forgotten_at
            from {lines} as loads left join {lines} as forgets on loads.load_id = forgets.forgets
        """)

    def _read_closes(self) -> Closes:
        cursor = self.con.cursor()
        for key in raw.VARIABLES:
            cursor.execute(f"set variable {key} = timestamptz '9999-01-01 00:00Z'")
        rows = cursor.sql(
            "select calendar, list(closes_at order by sequence) as closes "
            "from (select * from raw.sessions qualify row_number() over "
            "(partition by calendar, session_date order by recorded_at desc) = 1) "
            "where not is_gone group by calendar"
        ).to_arrow_table()
        return {row["calendar"]: row["closes"] for row in rows.to_pylist()}
