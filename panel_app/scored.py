"""Answers what pages ask of scores: all that these have in common is held for some minutes.

It is held in a warehouse of its own, as the loop does; the one that is served is asked by many at
once, about many spans, and holds nothing.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from threading import Condition
from time import monotonic

import duckdb
import pyarrow as pa

from leadline.clock import Span, midnight
from leadline.errors import QueryError, first_line
from leadline.held import Held
from leadline.names import tables_of
from leadline.question import Questions, whole
from panel_app.answers import Answers, Query, Tick
from panel_app.beside import warehouse_beside

SHARED = "features.score_components"
READERS = ("scores.smart_money_index", "scores.accumulation")  # what two of these read is held
REACH = timedelta(days=92)  # three months of sessions are little dearer than one
_OLD = timedelta(minutes=10)  # scores come once a session; loads meanwhile count that much later
_LATE = timedelta(days=2)  # behind the newest day no session's scores are told
_LIMIT_S = 180  # a whole market of a year is read


class Scored:
    """Answers threads at once; whoever asks of another moment waits for them, and holds anew."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._turn = Condition()
        self._n_asking = 0
        self._open = ExitStack()
        self._questions: Questions | None = None
        self._ready: tuple[Questions, Span] | None = None
        self._version, self._held_at = -1, 0.0

    def serves(self, query: Query) -> bool:
        """Say whether a question reads what is held, and of no longer than is held."""
        if query.last is None or query.last > REACH:
            return False
        return SHARED in self._answers.warehouse.below(tables_of(query.sql))

    def ask(self, query: Query, tick: Tick) -> tuple[pa.Table, datetime]:
        """Return the answer, and the moment that it is of: at most some minutes before the tick."""
        with self._held(tick) as (questions, span):
            since = span.until - (query.last or REACH)
            rows = questions.answer(query.sql, since, span.until, query.binds)
            return whole(rows), span.until

    @contextmanager
    def _held(self, tick: Tick) -> Iterator[tuple[Questions, Span]]:
        until = self._end(tick)
        with self._turn:
            while not (found := self._fit(until, tick.version)):
                if self._n_asking:
                    self._turn.wait()
                else:
                    self._hold(until, tick.version)
            self._n_asking += 1
        try:
            yield found
        finally:
            with self._turn:
                self._n_asking -= 1
                self._turn.notify_all()

    def _end(self, tick: Tick) -> datetime:
        """Return where the question ends: behind the newest day nothing is told any more."""
        day = self._answers.newest_day([READERS[0]], tick)
        return min(tick.until, midnight(day) + _LATE) if day else tick.until

    def _fit(self, until: datetime, version: int) -> tuple[Questions, Span] | None:
        """Return what is held, if it may answer about that moment."""
        if not self._ready or not timedelta(0) <= until - self._ready[1].until < _OLD:
            return None
        is_young = monotonic() - self._held_at < _OLD.total_seconds()
        return self._ready if is_young or version == self._version else None

    def _hold(self, until: datetime, version: int) -> None:
        if self._questions is None:
            house = warehouse_beside(self._answers.warehouse, self, self._open)
            self._questions = Questions(house, limit_s=_LIMIT_S)
        self._ready = None
        self._open.close()
        span = Span(until - REACH, until)
        held = Held(self._questions.warehouse)
        try:
            self._open.enter_context(held.over(dict.fromkeys(READERS, span.since), until))
        except duckdb.Error as error:
            raise QueryError(f"scores: {first_line(error)}; ask again later") from error
        self._ready = self._questions, span
        self._version, self._held_at = version, monotonic()

    def interrupt(self) -> None:
        """Stop what is being asked and held: the server ends."""
        if self._questions is not None:
            self._questions.warehouse.interrupt()
