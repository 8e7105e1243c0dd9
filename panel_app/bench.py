"""The analyst's questions of one open page: asked in the sandbox, one at a time, and cancelled."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any

import pyarrow as pa

from leadline import clock, draft, queries
from leadline.catalog import DETECTOR
from leadline.errors import ConfigError, LeadlineError, QueryError, nearest
from leadline.params import read_value
from leadline.quote import named
from leadline.sandbox import Question, Running, Sandbox
from panel_app.address import FORMS
from panel_app.desk import Desk
from panel_app.stream import poured

SHOWN = 500  # rows that a page lists; an export has all
HELD = 10_000  # rows that it holds, to draw and to sort them
OFF = (
    "SQL of your own is closed here: this server is open to others, or its settings say so. Write "
    "`sql = true` below `[serve]` in leadline.toml and start it again; docs/security.md says what "
    "that opens."
)


@dataclass(frozen=True)
class Found:
    """The first rows of an answer, how many there were, what it took, and what cut it."""

    rows: pa.Table
    n_rows: int
    seconds: float
    measure: Mapping[str, Any] | None
    cut: str

    @property
    def is_whole(self) -> bool:
        """Whether all rows of the answer are here."""
        return self.n_rows == self.rows.num_rows and not self.cut


class Bench:
    """Asks what the page's settings say; whatever is asked runs in the sandbox."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._running: Running | None = None

    @property
    def root(self) -> Any:
        """The project's folder."""
        return self._desk.warehouse.catalog.root

    async def ask(self) -> Found:
        """Answer the question, in its own order; a LeadlineError says why it can't be."""
        return await self._asked(self._only(), is_measured=True)

    async def sorted(self, found: Found, sort: str) -> Found:
        """Return an answer in another order; what is not all here is asked for once more."""
        name, is_down = sort.removeprefix("-"), sort.startswith("-")
        if (n := found.rows.schema.names.count(name)) != 1:
            near = nearest(name, found.rows.schema.names)
            many = f"it has {n} of them; name one otherwise" if n else f"it has none{near}"
            raise QueryError(f"sort: the answer can't be sorted by '{name}', {many}")
        if found.is_whole and not pa.types.is_nested(found.rows.schema.field(name).type):
            order = "descending" if is_down else "ascending"
            return replace(found, rows=found.rows.sort_by([(name, order)]))  # nulls last
        by = f"{named(name)}{' desc' if is_down else ''} nulls last"
        return await self._asked(f"{_inner(self._only())} order by {by}", is_measured=True)

    def _only(self) -> str:
        """Return the question, of the rows alone that the page is set to."""
        sql, only = self._desk.settings["sql"], self._desk.settings["only"]
        return f"{_inner(sql)} where (\n{only}\n)" if only and sql.strip() else sql

    async def file(self, form: str) -> AsyncIterator[bytes]:
        """Yield all rows as a file, in the query's own order; raise where they are not all."""
        if form not in FORMS:
            raise QueryError(f"export: '{form}' is none of {', '.join(FORMS)}")
        sql = self._desk.settings["sql"]
        question = self._question(sql)
        with self._desk.seat.doing("sql", "workbench", query=sql) as act:
            self._running = running = self._sandbox().take(question)
            try:
                rows = await asyncio.to_thread(running.open)
                async for piece in poured(rows, form):
                    yield piece
                act.n_rows = running.n_rows
            finally:
                self._running = None
                await asyncio.to_thread(running.end)

    def cancel(self) -> None:
        """Stop what runs, if anything does."""
        if self._running is not None:
            self._running.cancel()

    def save(self, name: str, what: str) -> str:
        """Save the question under a name; return the file's path within the project."""
        settings = self._desk.settings
        binds = queries.binds_of(settings["binds"])
        self._sandbox()
        saved = queries.Saved(
            name.strip(), settings["sql"], what, binds, settings["since"], settings["until"]
        )
        with self._desk.seat.doing("save query", saved.name, query=saved.sql):
            path = queries.write(self.root, saved, is_known=saved.name == settings["saved"])
        return str(path.relative_to(self.root))

    async def draft(self, name: str, what: str) -> tuple[str, str]:
        """Write a draft of a detector; return its path and its text.

        Nothing is written before the draft itself was bound in the sandbox.
        """
        sql = self._desk.settings["sql"].strip().rstrip(";")
        binds = queries.binds_of(self._desk.settings["binds"])
        about = await self._asked(f"select * from (\n{sql}\n) limit 0")
        columns = {each.name: _kind(each.type) for each in about.rows.schema}
        texts = draft.draft(self.root, name.strip(), what, sql, binds, columns)
        path, text = next(iter(texts.items()))
        bound = await self._asked(f"select * from (\n{text}\n) limit 0", binds={})
        if bound.rows.schema.names != list(DETECTOR):
            raise QueryError("draft: it returns other columns than a detector; write it by hand")
        with self._desk.seat.doing("draft detector", name.strip(), query=sql):
            await asyncio.to_thread(draft.write, texts)
        return str(path.relative_to(self.root)), text

    def _sandbox(self) -> Sandbox:
        if self._desk.sandbox is None:
            raise ConfigError("sql: it is not open here; write sql = true below [serve]")
        return self._desk.sandbox

    async def _asked(
        self, sql: str, *, binds: Mapping[str, Any] | None = None, is_measured: bool = False
    ) -> Found:
        question = self._question(sql, binds, is_measured=is_measured)
        if not is_measured:  # it only looks at what a draft would be
            return await self._read(question)
        with self._desk.seat.doing("sql", "workbench", query=sql) as act:
            found = await self._read(question)
            act.n_rows = found.n_rows
            if found.cut:
                act.end("interrupted", found.cut)
            return found

    def _question(
        self, sql: str, binds: Mapping[str, Any] | None = None, *, is_measured: bool = False
    ) -> Question:
        limits = self._sandbox().limits
        if self._running is not None:
            raise QueryError("query: one runs already; cancel it, or wait for it")
        if not sql.strip():
            raise QueryError("query: it is empty; write one SELECT")
        since, until = self._span()
        if binds is None:
            said = queries.binds_of(self._desk.settings["binds"])
            binds = {name: read_value(said.get(name, "")) for name in draft.names_in(sql)}
        return Question(
            sql, since, until, limits.time.total_seconds(), limits.max_rows, binds=binds,
            is_measured=is_measured,
        )  # fmt: skip

    async def _read(self, question: Question) -> Found:
        self._running = running = self._sandbox().take(question)
        try:
            return await asyncio.to_thread(_read, running)
        finally:
            self._running = None

    def _span(self) -> tuple[datetime, datetime]:
        said = self._desk.settings.binds
        shown = self._desk.paced.tick(self._desk.at).until
        since, until = said["since"] or clock.BEGINNING, min(said["until"] or shown, shown)
        clock.Span(since, until)
        return since, until


def _read(running: Running) -> Found:
    begun = monotonic()
    kept: list[pa.RecordBatch] = []
    n_rows, n_kept, cut = 0, 0, ""
    try:
        reader = running.open()
        try:
            for batch in reader:
                n_rows += batch.num_rows
                if n_kept < HELD and batch.num_rows:
                    kept.append(batch.slice(0, HELD - n_kept))
                    n_kept += kept[-1].num_rows
        except LeadlineError as error:
            if not n_rows or running.is_cancelled:
                raise
            cut = str(error)
        rows = pa.Table.from_batches(kept, reader.schema)
        return Found(rows, n_rows, monotonic() - begun, running.measure, cut)
    finally:
        running.end()


def _inner(sql: str) -> str:
    """Return a question as one that others are asked of; its lines keep their numbers."""
    return f"select * from ({sql.rstrip().removesuffix(';')}\n)"


def _kind(kind: pa.DataType) -> str:
    is_moment = pa.types.is_timestamp(kind) and kind.tz is not None
    return "TIMESTAMP WITH TIME ZONE" if is_moment else str(kind)
