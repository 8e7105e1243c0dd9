"""Small answers, kept until what they are of moves on; and the tag by which a client asks that.

Rows that are loaded into what a question reads move its answer at once. Where its views read the
clock it is given again for a while, longer the longer it took, and renewed behind whoever asks.

A tag is weak: two answers under it hold the same rows, but a sum of doubles may differ in its last
digit, and where nothing is ordered the order is any.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from threading import Lock, Thread
from typing import Any

from leadline.clock import BEGINNING, FOREVER
from leadline.question import Questions
from panel_app.address import Asked

LARGEST = 262_144  # bytes of one answer that is kept
ROOM = 64 * 1_048_576  # bytes of all of them
TIMES = 30  # as long as it took is an answer given again: so a question costs a core 3 % at most
OLDEST = timedelta(minutes=1)  # however long it took; twice that until it is renewed
_JUST_AFTER = timedelta(microseconds=1)
_STATES = 8  # of the store, which are asked about in a row: now, and by as_of
_OF_THE_STORE = ("raw.loads", "raw.rejected")  # whose rows are known as they are recorded
_NEWEST = """
with written as (
    select unnest(datasets) as part, recorded_at
    from raw.loads
    where action = 'load'
)

select
    'raw.' || part.dataset as name, max(recorded_at) as recorded_at,
    max(coalesce(part.newest_at, $never)) as known_at
from written
group by part.dataset
union all
select action as name, max(recorded_at) as recorded_at, max(recorded_at) as known_at
from raw.loads
where action = 'forget'
group by action
"""
_LOG = logging.getLogger("leadline")


@dataclass(frozen=True)
class Key:
    """What tells an answer from others: its question and the state of what it reads."""

    question: str
    moves: bool  # with the clock

    def tag(self, until: datetime) -> str:
        """Return what stays the same for as long as the answer does."""
        return _digest(self.question, until if self.moves else None)


@dataclass(frozen=True)
class Body:
    """A whole answer, its moment, how long it took, its own headers, and the next page's cursor."""

    content: bytes
    until: datetime
    took_s: float
    says: Mapping[str, str] = field(default_factory=dict)
    after: str | None = None

    @property
    def lasts(self) -> timedelta:
        """How long it is given again where the clock moves it."""
        return min(timedelta(seconds=TIMES * self.took_s), OLDEST)


@dataclass(frozen=True)
class _Newest:
    """When a dataset was written last, and when its newest row is known."""

    recorded_at: datetime
    known_at: datetime


class Kept:
    """The small answers of one server. Threads may ask at once."""

    def __init__(self, questions: Questions) -> None:
        self._questions, self._warehouse = questions, questions.warehouse
        self._lock = Lock()
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._n_bytes = 0
        self._asking: dict[str, tuple[Lock, int]] = {}
        self._renewing = Lock()
        self._newest: OrderedDict[datetime, Mapping[str, _Newest]] = OrderedDict()
        self._below: dict[str, set[str]] = {}
        prints = sorted((each.view.pinned, each.fingerprint) for each in self._warehouse.bound)
        self._prints = _digest(prints)

    def key(self, asked: Asked) -> Key:
        """Return what tells the answer from others.

        One that ends now moves on with the clock only if its views read the clock, or if rows are
        loaded that are not known yet.
        """
        read, newest = self._reads(asked.view), self._newest_at(asked.recorded_until)
        found = {name: newest[name] for name in sorted(read & newest.keys())}
        state = max((each.recorded_at for each in found.values()), default=BEGINNING)
        if read & set(_OF_THE_STORE):
            state = asked.recorded_until
        elif "forget" in newest:
            state = max(state, newest["forget"].recorded_at)
        moves = asked.is_now and (
            "ops.clock" in read or any(e.known_at >= asked.span.until for e in found.values())
        )
        until = None if asked.is_now else asked.span.until
        binds = sorted(asked.binds.items())
        said = self._prints, asked.sql, binds, asked.span.since, until, state, asked.form
        return Key(_digest(said, moves), moves)

    @contextmanager
    def turn(self, key: Key, until: datetime) -> Iterator[Body | None]:
        """Lend what is kept and not too old; of many who find nothing, one asks at a time."""
        name = key.question
        with self._lock:
            lock, n_waiting = self._asking.get(name, (Lock(), 0))
            self._asking[name] = lock, n_waiting + 1
        try:
            with lock:
                body = self.found(name)
                yield body if body and self._is_good(key, body, until, 2) else None
        finally:
            with self._lock:
                lock, n_waiting = self._asking[name]
                self._asking[name] = lock, n_waiting - 1
                if n_waiting == 1:
                    del self._asking[name]

    def renew(self, key: Key, body: Body, until: datetime, ask: Callable[[], Any]) -> None:
        """Ask again behind whoever was given an answer that has lasted, one at a time."""
        if self._is_good(key, body, until, 1) or not self._renewing.acquire(blocking=False):
            return

        def run() -> None:
            try:
                ask()
            except Exception as error:  # whoever waits for it next is told
                _LOG.warning("kept: %s", error)
            finally:
                self._renewing.release()

        Thread(target=run, daemon=True).start()

    def found(self, name: str) -> Body | None:
        """Return what is kept under a name."""
        with self._lock:
            if name in self._bodies:
                self._bodies.move_to_end(name)
            return self._bodies.get(name)

    def keep(self, name: str, body: Body) -> None:
        """Keep an answer, and let go those that nobody has asked for longest."""
        with self._lock:
            before = self._bodies.pop(name, None)
            self._n_bytes -= len(before.content) if before else 0
            if len(body.content) <= LARGEST:
                self._bodies[name] = body
                self._n_bytes += len(body.content)
            while self._n_bytes > ROOM:
                _, oldest = self._bodies.popitem(last=False)
                self._n_bytes -= len(oldest.content)

    def _is_good(self, key: Key, body: Body, until: datetime, times: int) -> bool:
        """Say whether the clock lets an answer be given again, for so many times what it lasts."""
        return not key.moves or timedelta() <= until - body.until <= times * body.lasts

    def _reads(self, view: str) -> set[str]:
        if view not in self._below:
            self._below[view] = self._warehouse.below([view])
        return self._below[view]

    def _newest_at(self, recorded_until: datetime) -> Mapping[str, _Newest]:
        """Return what is newest of each dataset, and the newest forget, of a state of the store."""
        with self._lock:
            if recorded_until in self._newest:
                return self._newest[recorded_until]
        until = recorded_until + _JUST_AFTER
        binds = {"never": FOREVER}
        rows = self._questions.answer(_NEWEST, BEGINNING, until, binds, recorded_until)
        found = {
            row["name"]: _Newest(row["recorded_at"], row["known_at"])
            for row in rows.read_all().to_pylist()
        }
        with self._lock:
            self._newest[recorded_until] = found
            while len(self._newest) > _STATES:
                self._newest.popitem(last=False)
        return found


def _digest(*said: Any) -> str:
    return blake2b(json.dumps(said, default=str).encode(), digest_size=12).hexdigest()
