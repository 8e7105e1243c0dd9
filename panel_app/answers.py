"""Answers what pages ask: once a tick, however many look at it."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import inf
from threading import Lock
from time import monotonic
from typing import Any

import pyarrow as pa

from leadline.catalog import View
from leadline.clock import BEGINNING, Span, midnight
from leadline.errors import LeadlineError
from leadline.names import tables_of
from leadline.question import Questions, whole
from leadline.store import Snapshot

_LEDGER = {"raw.loads", "raw.rejected"}  # what the store itself says, by its own clock
_BESIDE = {"raw.sessions", "raw.feed_gaps", "raw.check_results"}  # and what it is held against
_JUST_AFTER = timedelta(microseconds=1)
MOST = 500  # answers that are kept; foreigners may ask ever new things
_SILENT_S = 300.0  # how long what had no rows is taken to have none
_AGAIN_S, _OLD_S = 0.05, 1.0  # how often the store is looked at, and how old what was seen may be
_NEWEST_DAY = """
select max(least(part.until_date, $day)) as newest_date
from (select unnest(datasets) as part from raw.loads where action = 'load')
where 'raw.' || part.dataset in (select unnest($datasets)) and part.since_date <= $day
"""


@dataclass(frozen=True)
class Tick:
    """What is shown: the moment, and the state of the store."""

    until: datetime
    version: int
    recorded_until: datetime


@dataclass(frozen=True)
class Query:
    """A page's question; `last` is how much time before the shown moment it is about."""

    sql: str
    binds: Mapping[str, Any] = field(default_factory=dict)
    last: timedelta | None = None


class Answers:
    """The questions of all pages of one server. Threads may ask at once."""

    def __init__(
        self, questions: Questions, now: Callable[[], datetime], *, most: int = MOST
    ) -> None:
        self.warehouse, self._questions, self._now = questions.warehouse, questions, now
        self._most = most
        self._lock, self._looking = Lock(), Lock()
        self._snapshot: Snapshot | None = None
        self._looked_at = -inf
        self._tick: Tick | None = None
        # A span that ends elsewhere than now is answered once, one that ends now once a tick.
        self._past: dict[Any, Future[pa.Table]] = {}
        self._fresh: dict[Any, Future[pa.Table]] = {}
        self._bases: dict[str, set[str]] = {}
        # What had no rows in its span: when, over which files, and which was the newest day.
        self._silent: dict[Any, tuple[float, int, date]] = {}
        self._states: dict[frozenset[str], tuple[int, int]] = {}  # datasets: version, their state

    def tick(self) -> Tick:
        """Return what is shown now, to the second."""
        snapshot = self._seen()
        until = self._now().replace(microsecond=0)
        tick = Tick(until, snapshot.version, snapshot.recorded_until)
        with self._lock:
            if tick != self._tick:
                if self._tick is None or self._tick.version != tick.version:
                    self._past = {}
                self._tick, self._fresh = tick, {}
        return tick

    def _seen(self) -> Snapshot:
        """Return the state of the store; one looks at a time, and others go on with what he saw.

        Fifty who look at once wait for one another longer than for the store.
        """
        age_s = monotonic() - self._looked_at
        seen = self._snapshot
        if seen and (age_s < _AGAIN_S or not self._looking.acquire(blocking=age_s > _OLD_S)):
            return seen
        if not seen:
            self._looking.acquire()
        try:
            if self._snapshot is None or monotonic() - self._looked_at >= _AGAIN_S:
                self._snapshot = self.warehouse.refresh()
                self._looked_at = monotonic()
            return self._snapshot
        finally:
            self._looking.release()

    def ask(self, query: Query, tick: Tick) -> pa.Table:
        """Return the answer at a tick; whoever asks the same meanwhile waits for it."""
        return self.over(query, self.span(query, tick), tick)

    def span(self, query: Query, tick: Tick) -> Span:
        """Return what a question is about at a tick.

        Where nothing is known in the last stretch before the moment, the newest day answers.
        """
        views = tables_of(query.sql)
        until = self.end(views, tick.until)
        if query.last is None:
            return Span(BEGINNING, until)
        span = Span(until - query.last, until)
        day = self._silent_since(query, span, views, tick)
        if day is None:
            if self._once(query, span.since, span.until, tick).num_rows:
                return span
            if not (day := self.newest_day(views, tick)):
                return span
            self._note(query, day)
        begin = midnight(day)
        # Nothing is new in the last minute, so one answer serves for a minute.
        end = min(begin + timedelta(days=1), until.replace(second=0, microsecond=0))
        return Span(begin, max(end, begin + _JUST_AFTER))

    def _silent_since(self, query: Query, span: Span, views: list[str], tick: Tick) -> date | None:
        """Return the newest day where a question had no rows a while ago, and so has none now.

        So it is while nothing was loaded that it reads, and nothing became known meanwhile.
        """
        found = self._silent.get(_key(query))
        if found is None or monotonic() - found[0] > _SILENT_S or found[1] != self.state(query):
            return None
        day = self.newest_day(views, tick)
        return day if day == found[2] and day < span.since.date() else None

    def _note(self, query: Query, day: date) -> None:
        with self._lock:
            self._silent.pop(_key(query), None)
            self._silent[_key(query)] = monotonic(), self.state(query), day
            if len(self._silent) > self._most:
                del self._silent[next(iter(self._silent))]

    def over(self, query: Query, span: Span, tick: Tick) -> pa.Table:
        """Return the answer over a span that somebody else has chosen."""
        return self._once(query, span.since, span.until, tick)

    def state(self, query: Query) -> int:
        """Return what stands for the files that a question reads; it is another once they are."""
        read = frozenset().union(*map(self._base, tables_of(query.sql)))
        seen = self._seen()
        if (known := self._states.get(read)) and known[0] == seen.version:
            return known[1]
        names = sorted(name.removeprefix("raw.") for name in read)
        state = hash(tuple((name, tuple(seen.files.get(name, ()))) for name in names))
        self._states[read] = seen.version, state
        return state

    def end(self, views: list[str], moment: datetime) -> datetime:
        """Return where a question over these views ends.

        A ledger is asked by the store's own clock, so that a replay shows what is loaded, too.
        """
        read = set().union(*map(self._base, views))
        if read & _LEDGER and read <= _LEDGER | _BESIDE:
            return self.warehouse.refresh().recorded_until + _JUST_AFTER
        return moment

    def detector(self, name: str, version: int) -> View | None:
        """Return the file of a detector's version; None if this project has it no more."""
        for view in self.warehouse.catalog.all():
            if view.is_detector and (view.id, view.version) == (name, version):
                return view
        return None

    def newest_day(self, views: list[str], tick: Tick) -> date | None:
        """Return the newest loaded day of what these views read, as of the tick."""
        read = sorted(set().union(*map(self._base, views)))
        binds = {"day": tick.until.date(), "datasets": read}
        found = self.ask(Query(_NEWEST_DAY, binds), tick).column("newest_date")
        day: date | None = found[0].as_py()
        return day

    def _once(self, query: Query, since: datetime, until: datetime, tick: Tick) -> pa.Table:
        key = (tick.version, since, until, query.sql, repr(sorted(query.binds.items())))
        with self._lock:
            kept = self._fresh if until == tick.until else self._past
            known = kept.get(key)
            answer = known or kept.setdefault(key, Future())
            if len(kept) > self._most:
                del kept[next(iter(kept))]  # who waits for it has it in hand
        if known is None:
            try:
                rows = self._questions.answer(query.sql, since, until, query.binds)
                answer.set_result(whole(rows))
            except BaseException as error:
                with self._lock:
                    kept.pop(key, None)  # the next one tries again
                answer.set_exception(error)
                if not isinstance(error, LeadlineError):
                    raise
        return answer.result()

    def _base(self, view: str) -> set[str]:
        if view not in self._bases:
            self._bases[view] = self.warehouse.datasets(view)
        return self._bases[view]


def _key(query: Query) -> Any:
    return query.sql, repr(sorted(query.binds.items())), query.last
