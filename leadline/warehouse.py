"""The door: every question has a span, and sees no row that was not known by its end."""

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from threading import RLock
from time import monotonic
from typing import Any
from weakref import ReferenceType, WeakKeyDictionary, ref

import duckdb

from leadline import raw, schema
from leadline.catalog import ALL_LIVE, Bound, Catalog, time_column
from leadline.clock import BEGINNING, Span
from leadline.engine import Engine
from leadline.errors import QueryError, StoreError, first_line, nearest
from leadline.keeper import Keeper
from leadline.kept import Kept, all_kept
from leadline.listing import Listing
from leadline.older import is_any
from leadline.opening import EVER, Opening
from leadline.quote import literal
from leadline.span import Closes, Needs, closes_of
from leadline.steps import Steps, all_steps
from leadline.store import Snapshot, Store

_LOOK_AGAIN_S = 3_600  # compacted files are deleted after a day, also where nothing is loaded
# One store serves one thread at a time, however many warehouses read it.
_locks: WeakKeyDictionary[Store, Any] = WeakKeyDictionary()


class Warehouse:
    """Views over one store, created once; each question takes a cursor of its own.

    Threads may ask at once, also through several warehouses of one store; a relation belongs to
    the thread that asked for it. Whoever loads beside them takes another Store of the same place.
    """

    later = timedelta()  # by how much rows become known later than their files say

    def __init__(
        self,
        catalog: Catalog,
        store: Store,
        engine: Engine,
        params: Mapping[str, Mapping[str, Any]] | None = None,
        pins: Mapping[str, int] | None = None,
    ) -> None:
        self.catalog, self.store, self.engine = catalog, store, engine
        self._params, self.pins = dict(params or {}), dict(pins or {})
        self._lock = _locks.setdefault(store, RLock())
        self._others: dict[str, Warehouse] = {}
        self._listings = {name: Listing(each) for name, each in catalog.contracts.items()}
        self._sessions: tuple[str, ...] = ()  # what says when sessions close
        self._closes: tuple[tuple[str, ...], Closes] = ((), {})  # what was read, from what
        self._cursors: list[ReferenceType[duckdb.DuckDBPyConnection]] = []
        self._looked_at = 0.0
        self._held: dict[str, Span] = {}
        self._is_resting = True
        self.snapshot: Snapshot | None = None
        self.bound: list[Bound] = catalog.bind(self._params, self.pins)
        self._by_name = {each.view.pinned: each for each in self.bound}
        self.kept: dict[str, Kept] = all_kept(catalog, self.bound, self.pins, store.place)
        self._keeper = Keeper(self.kept)
        self._laid: set[str] = set()
        self.steps = Steps(all_steps(catalog, self.bound, self.pins), self._is_laid)
        self._database = engine.attach()
        self.con = self.connect()
        try:
            self._columns, self._found = schema.create(self.con, catalog, self.bound, self.pins)
            self._is_complete = self._found == "whole"
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give back what it holds of the engine, which others may go on with."""
        for other in self._others.values():
            other.close()
        self.con.close()
        self.engine.detach(self._database)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a connection on which its views stand under their own names."""
        return self.engine.connect(self._database)

    def interrupt(self) -> None:
        """Stop every question that is being answered, from another thread."""
        for other in list(self._others.values()):
            other.interrupt()
        for cursor in [self.con, *(found() for found in list(self._cursors))]:
            if cursor is not None:
                cursor.interrupt()

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
        cursor = self.cursor(name, since, until, recorded_until)
        return cursor.sql(f"select * from {self.cut(name, since)}")

    def pinned(
        self, pins: Mapping[str, int], params: Mapping[str, Mapping[str, Any]]
    ) -> "Warehouse":
        """Return a door to the same store with other versions and parameters in force."""
        return self._other(pins, params) if pins or params else self

    def stable(self, view: str) -> str:
        """Return a view's name in DuckDB, from that name or from a detector's id."""
        if view in self._columns:
            return view
        if view.startswith(("raw.", "ops.")) or view == ALL_LIVE:
            raise QueryError(f"{view}: no such view{nearest(view, self._columns)}")
        found = self.catalog.find(view)
        return found.stable if view != found.pinned else view

    def columns(self, view: str) -> list[str]:
        """Return the columns of a view by its stable or pinned name."""
        return list(self._columns[view])

    def types(self, view: str) -> Mapping[str, str]:
        """Return the type of each column of a view by its stable or pinned name."""
        return self._columns[view]

    def described(self, view: str) -> list[tuple[str, str, str | None]]:
        """Return name, type and comment of a view's columns, by its stable or pinned name."""
        said = self._said.get(view, {})
        return [(name, kind, said.get(name)) for name, kind in self._columns[view].items()]

    @cached_property
    def _said(self) -> Mapping[str, Mapping[str, str]]:
        return schema.said(self.catalog, self.bound, self._columns, self.pins)

    def names(self) -> list[str]:
        """Return every name that a question may read."""
        return sorted(self._columns)

    def datasets(self, name: str) -> set[str]:
        """Return every raw.* that a view goes back to."""
        return {read for read in self.below([name]) if read.startswith("raw.")}

    def cut(self, name: str, since: datetime, source: str | None = None) -> str:
        """Return a view cut to a span's begin, as a thing to select from.

        source is where its rows are, if not in the steps by which it is computed.
        """
        column, source = time_column(self._columns[name]), source or self.steps.select(name)
        if column is None or since <= BEGINNING or not self.is_cut_below(name):
            return source
        return f"(select * from {source} where {column} >= {literal(since)})"

    def _is_laid(self, name: str) -> bool:
        """Say whether DuckDB's view reads rows that are ready, and not what its file says."""
        kept = self.kept.get(name)
        return name in self._held or name in self._laid or bool(kept and kept.files)

    def is_cut_below(self, name: str) -> bool:
        """Say whether a span's begin cuts a view's rows: it reads events and is none of ops."""
        if name.startswith(("raw.", "ops.")):
            return False
        if name.startswith(("detectors.", "checks.")):  # of the span in which it became known
            return True
        return not all(self.catalog.is_state(read) for read, _ in self._reads(name))

    def complete(self) -> None:
        """Lay out what a listing shows: comments on views and columns."""
        with self._lock:
            if not self._is_complete:
                said = self.catalog, self.bound, self._columns, self.pins
                with self._transaction():
                    schema.complete(self.con, *said)
                self._is_complete = True
                if self._found == "bare":  # a text that is asked once is not worth the time
                    schema.keep_complete(self.engine, *said)

    def opened(self, name: str, since: datetime) -> datetime:
        """Return the moment from which events are opened, needs added up along dependencies."""
        return min(self.begins({name: since}).values())

    def begins(
        self,
        asked: Mapping[str, datetime],
        inputs_from: Callable[[str, datetime], datetime | None] | None = None,
    ) -> dict[str, datetime]:
        """Return from when each view below these is read, where they are asked from a moment.

        inputs_from says from when the inputs of a view are read that is read from a moment, or
        that they are not; else from the same, or from where what is held of the view ends.
        """
        further = inputs_from or self._inputs_from
        begins: dict[str, datetime] = {}
        todo = list(asked.items())
        while todo:
            name, at = todo.pop()
            if name not in begins or at < begins[name]:
                begins[name] = at
                if start := further(name, at):
                    todo += [
                        (r, needs.before(start, self.closes if needs.sessions else {}))
                        for r, needs in self._reads(name)
                    ]
        return begins

    def _inputs_from(self, name: str, since: datetime) -> datetime:
        span = self._held.get(name)
        return max(since, span.until) if span else since

    def hold(self, name: str, span: Span, *, is_cut: bool = False) -> None:
        """Answer a view from the table that holds its rows of a span, until it is let go.

        Only the loop may ask meanwhile, and about no more than that. is_cut: each question sees
        the rows of its own span alone.
        """
        self._is_resting = False
        if name not in self._held:
            cut = f" where {raw.bounded(name)}" if is_cut else ""
            self.con.execute(schema.answered(name, f"{schema.holds(name)}{cut}"))
        self._held[name] = span

    def let_go(self, names: Iterable[str]) -> None:
        """Answer views anew; what was held of them may stay in its table."""
        for name in [name for name in names if name in self._held]:
            self.con.execute(schema.answered(name))
            del self._held[name]

    def rest(self, still: Container[str]) -> None:
        """Hold only these, and none of them for anybody else who asks."""
        for name in [name for name in self._held if name not in still]:
            self.let_go([name])
            self.con.execute(f"drop table if exists {schema.holds(name)}")
        self._is_resting = True

    def cursor(
        self,
        name: str | list[str] | None,
        since: datetime,
        until: datetime,
        recorded_until: datetime | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Return a cursor for a question over these views, on the newest snapshot.

        None opens every dataset. What is not below the views can't be read.
        A StoreError says so if one of them counts sessions and the store holds none.
        """
        names = [name] if isinstance(name, str) else name or []
        with self._lock:
            snapshot = self.refresh()
            if self._is_resting and self._held:
                self.let_go(self.below(names))
            for each in names:
                self.need_sessions(each)
            begins = self.begins(dict.fromkeys(names, since)) if since > BEGINNING else {}
            opened = min(begins.values(), default=since)
            cursor = self.connect()
            self._cursors = [*(each for each in self._cursors if each() is not None), ref(cursor)]
            below, listings = self.below(names), self._listings
            if name is None:
                below |= {f"raw.{each}" for each in listings}
        recorded = recorded_until or snapshot.recorded_until
        opening = Opening(since, opened, until, recorded, begins, self.later)
        kept = [self.kept[each] for each in sorted(below & self.kept.keys())]
        cursor.execute("; ".join(opening.settings(below, listings, kept, self._held)))
        return cursor

    def refresh(self) -> Snapshot:
        """Look for new loads; raw.* is made again where its files have changed."""
        with self._lock:
            ledger = self.store.ledger
            ledger.refresh()
            is_new = monotonic() - self._looked_at < _LOOK_AGAIN_S
            if self.snapshot is not None and self.snapshot.version == ledger.version and is_new:
                return self.snapshot
            snapshot = self.store.snapshot()
            try:
                with self._transaction():
                    lines = raw.source(self.catalog.contracts["loads"], snapshot.files["loads"])
                    self.con.execute(raw.stamps(lines))
                    listings = dict(self._listings)
                    for name, files in snapshot.files.items():
                        if listings[name].files != tuple(files):
                            listings[name] = Listing.of(self.catalog.contracts[name], files)
                            self._open_raw(name, files)
                    self._keeper.look(self.con, ledger, listings)
            except duckdb.Error as error:
                raise self.store.unreadable(error) from error
            self._listings = listings
            self._sessions = (*snapshot.files["sessions"], str(ledger.n_forgotten))
            self.snapshot, self._looked_at = snapshot, monotonic()
            return snapshot

    def _open_raw(self, name: str, files: Sequence[str]) -> None:
        """Open other files from now on: each question names its own, a view is bound to one."""
        self.con.execute(raw.opens(raw.listed(name), files[:1]))
        before = self._listings[name].files
        if not before or not files or is_any(before) or is_any(files):
            self._make_raw(name, files)

    def _make_raw(self, name: str, files: Sequence[str]) -> None:
        contract = self.catalog.contracts[name]
        try:
            self.con.execute(raw.view(contract, files))
            if self._is_complete:
                self.con.execute(schema.raw_comments(contract))
        except duckdb.BinderException as error:
            raise StoreError(
                f"{self.store.place / name}: {first_line(error)}; run leadline store verify"
            ) from error

    def look_at_kept(self) -> None:
        """Look for days of partial aggregates that have been stored meanwhile."""
        with self._lock, self._transaction():
            self._keeper.look(self.con, self.store.ledger, self._listings)

    def need_sessions(self, name: str) -> None:
        """Raise a StoreError if a view counts sessions and the store holds none.

        What the store says of itself goes without them.
        """
        if "raw.sessions" in self.below([name], but_for="ops.") and not self.closes:
            raise StoreError(
                f"{self.store.place}: it holds no sessions; run leadline load sessions"
            )

    def fingerprint(self, name: str) -> Bound:
        """Return what is in force under a stable or pinned name."""
        view = self.catalog.find(name)
        if name != view.pinned:
            view = self.catalog.in_force(view.stable, self.pins)
        return self._by_name[view.pinned]

    def _reads(self, name: str) -> Iterable[tuple[str, Needs]]:
        """Return what a view reads, by its stable or pinned name, and how far back."""
        if name not in self._by_name:
            return self.catalog.reads(name, self.pins)
        view = self._by_name[name].view
        return [(read, view.needs_of(read)) for read in view.reads]

    def below(self, names: Iterable[str], but_for: str = "-") -> set[str]:
        """Return these views and all that they are computed from; but for those of a schema."""
        todo, seen = list(names), set[str]()
        while todo:
            name = todo.pop()
            if name not in seen and not name.startswith(but_for):
                seen.add(name)
                todo += [read for read, _ in self._reads(name)]
        return seen

    def another(self, store: Store, engine: Engine) -> "Warehouse":
        """Return the same views in a DuckDB of their own, to be asked apart from these."""
        return Warehouse(self.catalog, store, engine, self._params, self.pins)

    def _other(
        self, pins: Mapping[str, int], params: Mapping[str, Mapping[str, Any]]
    ) -> "Warehouse":
        key = json.dumps([pins, params], sort_keys=True, default=str)
        with self._lock:
            if key not in self._others:
                both = {k: {**self._params.get(k, {}), **v} for k, v in params.items()}
                merged = {**self._params, **both}
                self._others[key] = Warehouse(
                    self.catalog, self.store, self.engine, merged, {**self.pins, **pins}
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

    @property
    def closes(self) -> Closes:
        """When each session closes, by calendar; it is read where a question counts sessions."""
        with self._lock:
            if self._closes[0] != self._sessions:
                said = "; ".join(EVER.settings(["raw.sessions"], self._listings, (), ()))
                self._closes = self._sessions, closes_of(self.connect().execute(said))
            return self._closes[1]
