"""Asks again what pages show: seldom what takes long, and once for all who look at it.

Where something was loaded that it reads it is asked sooner than where time has passed alone.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from leadline.clock import BEGINNING
from leadline.errors import LeadlineError, QueryError, first_line, inner
from panel_app.answers import Answers, Query, Tick
from panel_app.scored import Scored

LOADED, PASSED = 5, 30  # what took a second waits for so many: 20 % of a core, and 3 %
_SOON_S, _FAULT_S = 0.9, 5.0  # at the soonest, and after an error
_SHOWN_S = 3_600.0  # what is older is not shown, however shortly
MOST = 500  # answers that are kept
AT_ONCE = 4  # questions of all pages
Out = TypeVar("Out")


@dataclass(frozen=True)
class Answer:
    """Rows, or the sentence why there are none, and the moment that they are of."""

    rows: pa.Table | LeadlineError
    until: datetime
    took_s: float
    ended: float = 0.0  # when it was answered, by the monotonic clock


@dataclass
class _Kept:
    future: "Future[Answer]"
    state: int
    until: datetime
    before: "Answer | None" = None  # what was answered the time before
    ended: float = 0.0  # by the monotonic clock; 0 while it is being asked


class Paced:
    """The questions of all pages of one server. Threads may ask at once."""

    def __init__(self, answers: Answers, *, most: int = MOST) -> None:
        self.answers, self._most = answers, most
        self._scored = Scored(answers)
        self._lock = Lock()
        self._kept: dict[Any, _Kept] = {}
        self._told: dict[str, datetime] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, "desk")
        self._clock = ThreadPoolExecutor(1, "clock")
        self._running: set[Future[Any]] = set()
        self._is_closed = False

    async def later(self, do: Callable[..., Out], *given: Any) -> Out:
        """Do something that takes a while beside the loop, a few of all desks' at a time."""
        return await self._beside(self._pool, do, *given)

    async def ticked(self, at: datetime | None = None) -> Tick:
        """Return what `tick` does, beside the loop; it waits for nothing that is asked."""
        return await self._beside(self._clock, self.tick, at)

    async def _beside(self, pool: ThreadPoolExecutor, do: Callable[..., Out], *given: Any) -> Out:
        return await asyncio.wrap_future(self._started(pool, do, *given))

    def _started(
        self, pool: ThreadPoolExecutor, do: Callable[..., Out], *given: Any
    ) -> "Future[Out]":
        running = pool.submit(do, *given)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return running

    def warm(self, queries: Iterable[Query]) -> None:
        """Ask some one after another, before anybody does; whoever asks meanwhile goes beside."""
        ahead = iter(queries)

        def next_one() -> None:
            if not self._is_closed and (query := next(ahead, None)):
                self.ask(query)
                with suppress(RuntimeError):  # it was closed just now
                    self._started(self._pool, next_one)

        self._started(self._pool, next_one)

    def close(self) -> None:
        """Stop what is being asked: the server has ended, and its warehouse is to be closed."""
        self._is_closed = True
        for pool in (self._pool, self._clock):
            pool.shutdown(wait=False, cancel_futures=True)
        while self._running:
            self.answers.warehouse.interrupt()
            self._scored.interrupt()
            wait(list(self._running), timeout=0.05)

    def tick(self, at: datetime | None = None) -> Tick:
        """Return what is shown: now, or a moment of the past with what is known of it today."""
        try:
            tick = self.answers.tick()
        except duckdb.Error as error:
            raise _told(error) from error
        return (
            tick if at is None or at >= tick.until else Tick(at, tick.version, tick.recorded_until)
        )

    def ask(self, query: Query, at: datetime | None = None) -> Answer:
        """Return the answer; one that is young for what it took serves again."""
        try:
            tick, state = self.tick(at), self.answers.state(query)
        except (LeadlineError, duckdb.Error) as error:
            return Answer(_told(error), at or BEGINNING, 0.0)
        key = _key(query, at)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and (not kept.ended or self._serves(query.sql, kept, tick, state)):
                mine = False
            else:
                before = self._last(kept)
                mine, kept = True, _Kept(Future(), state, tick.until, before)
                self._kept.pop(key, None)
                self._kept[key] = kept
                if len(self._kept) > self._most:
                    del self._kept[next(iter(self._kept))]
        if mine:
            self._fill(kept, query, tick)
        return kept.future.result()

    def last(self, query: Query, at: datetime | None = None) -> Answer | None:
        """Return what was answered last, within an hour, to be shown until `ask` has answered."""
        with self._lock:
            answer = self._last(self._kept.get(_key(query, at)))
        if answer is None or isinstance(answer.rows, LeadlineError):
            return None
        return answer if monotonic() - answer.ended < _SHOWN_S else None

    def _last(self, kept: _Kept | None) -> Answer | None:
        if kept is None or not kept.future.done() or kept.future.exception():
            return kept.before if kept else None
        return kept.future.result()

    def told(self, name: str, at: datetime) -> None:
        """Ask at once what names this, until an answer is of after a moment: a hand changed it."""
        with self._lock:
            self._told[name] = at

    def _serves(self, sql: str, kept: _Kept, tick: Tick, state: int) -> bool:
        if (kept.state, kept.until) == (state, tick.until):
            return True
        if kept.until != tick.until and any(
            kept.until <= at and name in sql for name, at in self._told.items()
        ):
            return False
        answer = kept.future.result()
        share = PASSED if kept.state == state else LOADED
        pause_s = max(_SOON_S, share * answer.took_s)
        if isinstance(answer.rows, LeadlineError):
            pause_s = _FAULT_S
        return monotonic() - kept.ended < pause_s

    def _fill(self, kept: _Kept, query: Query, tick: Tick) -> None:
        begun = monotonic()
        rows: pa.Table | LeadlineError
        until = tick.until
        try:
            if self._scored.serves(query):
                rows, until = self._scored.ask(query, tick)
            else:
                rows = self.answers.ask(query, tick)
        except (LeadlineError, duckdb.Error) as error:
            rows = _told(error)
        except BaseException as error:
            kept.ended = monotonic()
            kept.future.set_exception(error)
            raise
        kept.ended = monotonic()
        kept.future.set_result(Answer(rows, until, kept.ended - begun, kept.ended))


def _key(query: Query, at: datetime | None) -> Any:
    return query.sql, repr(sorted(query.binds.items())), query.last, at


def _told(error: LeadlineError | duckdb.Error) -> LeadlineError:
    """Return the sentence of what went wrong; a server that ends interrupts DuckDB anywhere."""
    if told := inner(error):  # ours, or of the store's service
        return told
    return QueryError(f"query: {first_line(error)}; ask again")
