"""The desk of one open page: what it asks, what it shows, and how that is kept up to date."""

import asyncio
from datetime import timedelta
from typing import Any

import panel as pn
import pyarrow as pa

from leadline.errors import LeadlineError
from panel_app import parts
from panel_app.answers import Answers, Query, Tick


class Desk:
    """What a page asks, at one moment for all its parts, and again at each tick."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._tick: Tick | None = None
        self._followed: list[tuple[parts.Part, Query]] = []
        self._clock = parts.Clock()
        try:
            self._tick = answers.tick()
            self._clock.show(self._tick.until)
        except LeadlineError as error:
            self._clock.fail(error)

    @property
    def clock(self) -> pn.viewable.Viewable:
        """The moment that the page shows."""
        return self._clock.view

    def query(self, sql: str, last: timedelta | None = None, **binds: Any) -> Query:
        """Return a question for the parts of this page; `binds` fill `$name`."""
        return Query(sql, binds, last)

    def ask(self, query: Query) -> pa.Table:
        """Return the answer at the moment that the page shows."""
        if self._tick is None:
            self._tick = self._answers.tick()
        return self._answers.ask(query, self._tick)

    def tiles(self, query: Query, *columns: str) -> pn.viewable.Viewable:
        """Lay out some columns of one row as large figures."""
        return self._follow(parts.Tiles(columns), query)

    def alerts(self, query: Query, empty: str) -> pn.viewable.Viewable:
        """Lay out alerts, of which each opens what explains it."""
        return self._follow(
            parts.Alerts(self._answers.detector, self._answers.warehouse.store.place, empty), query
        )

    def chart(self, query: Query, line: str, bars: str, empty: str) -> pn.viewable.Viewable:
        """Draw one column as a line and another as bars below it, over the first column."""
        return self._follow(parts.Chart(line, bars, empty), query)

    def table(self, query: Query, empty: str) -> pn.viewable.Viewable:
        """Lay out an answer as a table."""
        return self._follow(parts.Table(empty), query)

    async def refresh(self) -> None:
        """Ask again if the moment or the store has moved, and show what has changed."""
        try:
            tick = await asyncio.to_thread(self._answers.tick)
        except LeadlineError as error:
            self._clock.fail(error)
            return
        if tick == self._tick:
            return
        queries = [query for _, query in self._followed]
        found = await asyncio.to_thread(lambda: [self._found(query, tick) for query in queries])
        self._tick = tick
        self._clock.show(tick.until)
        for (part, _), answer in zip(self._followed, found, strict=True):
            part.take(answer)

    def _follow(self, part: parts.Part, query: Query) -> pn.viewable.Viewable:
        self._followed.append((part, query))
        part.take(self._found(query, self._tick))
        return part.view

    def _found(self, query: Query, tick: Tick | None) -> Any:
        try:
            return self._answers.ask(query, tick or self._answers.tick())
        except LeadlineError as error:
            return error
