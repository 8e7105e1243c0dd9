"""Asks views what a route of the founding system is about, as of the newest that is known."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from fastapi import HTTPException

from leadline.clock import BEGINNING, Span, midnight
from leadline.errors import nearest
from leadline.names import tables_of
from panel_app.answers import Answers, Query, Tick
from panel_app.founding.scores import ASKED, Row, Scores

DAY = timedelta(days=1)
SETTLED = 2 * DAY  # what a session tells is known by the end of the day after it
_LONGEST = 20  # letters of a symbol
_PACE_S = 10  # an answer serves so long while loads go on
_SYMBOLS = "select symbol from reports.symbols"

__all__ = ["DAY", "SETTLED", "Asking", "Row", "spelt"]


def spelt(symbol: str) -> str:
    """Return a symbol in our spelling: brk-b is BRK.B."""
    return symbol.strip().upper().replace("-", ".")


class Asking:
    """The questions of the founding routes. Threads may ask at once.

    They end with the newest day that is loaded of what their views read, so that a weekend, or a
    store of old samples, shows what was last and not nothing.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lock = Lock()
        self._known: frozenset[str] = frozenset()
        self._looked_at: tuple[int, datetime] | None = None
        self.scores = Scores(answers.warehouse)

    def rows(
        self,
        sql: str,
        binds: Mapping[str, Any],
        last: timedelta | None = None,
        *,
        until_day: date | None = None,
        reach: timedelta = DAY,
    ) -> list[Row]:
        """Return the rows of a question over the last stretch of time, or over all of it.

        It ends with until_day if one is given. reach is how long after that day's begin its rows
        are known.
        """
        tick = self._answers.tick()
        until = self._until(tables_of(sql), tick, until_day, reach)
        since = until - last if last else BEGINNING
        found = self._answers.over(Query(sql, binds), Span(since, until), tick)
        rows: list[Row] = found.to_pylist(maps_as_pydicts="strict")
        return rows

    def row(self, sql: str, binds: Mapping[str, Any], *given: Any, **how: Any) -> Row:
        """Return the one row of a question that always has one."""
        (found,) = self.rows(sql, binds, *given, **how)
        return found

    def scored(self, symbol: str, day: date | None = None) -> Row:
        """Return a stock's scores of a day, or its newest ones; neutral where it has none."""
        tick = self._answers.tick()
        return self.scores.of(symbol, self._until(list(ASKED), tick, day, SETTLED), day, tick)

    def day(self, given: date | None) -> date | None:
        """Return the day that is asked about; one that is to come is refused."""
        today = self._answers.tick().until.date()
        if given and given > today:
            raise HTTPException(422, f"date: {given} is still to come; the last day is {today}")
        return given

    def symbol(self, given: str) -> str:
        """Return a symbol in our spelling; one that no dataset has ever named is refused."""
        name = spelt(given)
        if len(name) > _LONGEST:
            raise HTTPException(404, f"symbol: '{name[:_LONGEST]}…' is too long to be one")
        if name not in self._known and name not in self._look():
            raise HTTPException(
                404, f"symbol: nothing has ever named '{name}'{nearest(name, self._known)}"
            )
        return name

    def learn(self, symbol: str) -> None:
        """Know a symbol at once that was just loaded, and ask its scores anew."""
        with self._lock:
            self._known |= {symbol}
        self.scores.forget()

    def _look(self) -> frozenset[str]:
        """Read the symbols again if the store moved on; what was named once stays named."""
        tick = self._answers.tick()
        with self._lock:
            if self._looked_at is None or (
                self._looked_at[0] != tick.version
                and tick.until - self._looked_at[1] >= timedelta(seconds=_PACE_S)
            ):
                found = self._answers.over(Query(_SYMBOLS), Span(BEGINNING, tick.until), tick)
                self._known |= frozenset(found.column("symbol").to_pylist())
                self._looked_at = (tick.version, tick.until)
            return self._known

    def _until(
        self, views: list[str], tick: Tick, until_day: date | None, reach: timedelta
    ) -> datetime:
        day = until_day or self._answers.newest_day(views, tick)
        if day and (end := midnight(day) + reach) < tick.until:
            return end
        # The same for all who ask within a few seconds, so that one of them is enough.
        return tick.until.replace(second=tick.until.second // _PACE_S * _PACE_S)
