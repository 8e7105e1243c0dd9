"""Tells people what happened to alerts: composed in the store first, then sent at least once.

A notice keeps its id however often it is sent, so a receiver that counts ids counts each once.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from hashlib import sha256
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Self

import duckdb
from filelock import FileLock, Timeout

from leadline import clock
from leadline.errors import LeadlineError, NoticeError, StoreError, first_line
from leadline.publication import Publication
from leadline.store import Store
from live.channel import Channel
from live.letters import Letter
from live.news import News
from live.notice import Notice
from live.outbox import Outbox

FEED = "deliveries"
_ACTS = "acted_at, action in ('resolved', 'retracted', 'data_back', 'expired'), action_id"
_STEPS = "tried_at, attempt, notice_id"
_AT_ONCE = 20  # notices of a channel that are sent before it is written down
_IDLE_S = 30.0  # it looks by itself what is due, if nobody asks it to
_LAST_S = 10.0  # at the end, for what is on its way

_log = logging.getLogger("leadline.live")

Row = dict[str, Any]
Sent = tuple[list[Row], datetime | None]  # what happened, and until when the channel rests


class Notifier:
    """The channels, and a store of its own to read from and to append to.

    `send` may be called every few seconds: it returns at once and never raises, for a thread does
    the work, and each channel has another. Only one of several on a store tells anybody.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        now: Callable[[], datetime] = clock.now,
        took: Callable[[float], None] | None = None,
    ) -> None:
        """Tell `took` the seconds from an act's being stored to its notice's being taken."""
        for name in ("alert_actions", FEED):
            if name not in store.contracts:
                raise StoreError(f"sql/tables/{name}.sql: notices need it; bring it back")
        self._store, self._channels = store, channels
        self._now, self._took = now, took
        self._outbox = Outbox(channels)
        self._acts = News(store, "alert_actions", _ACTS)
        self._steps = News(store, FEED, _STEPS)
        self._flights: dict[str, Future[Sent]] = {}
        self._results: list[Row] = []  # of what was sent, and is not written down yet
        self._lock = FileLock(store.place.own / "_notices.lock", thread_local=False)
        self._wake, self._ends = Event(), Event()
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Tell what is due, wait a little for what is on its way, and end."""
        self._ends.set()
        self._wake.set()
        if self._thread:
            self._thread.join()
        self._lock.release()

    def send(self) -> None:
        """Have whatever is due by now told."""
        if self._thread is None and self._channels:
            self._thread = Thread(target=self._run, name="notices", daemon=True)
            self._thread.start()
        self._wake.set()

    def finish(self, patience_s: float = _LAST_S) -> None:
        """Tell what is due, and wait so long for what is on its way."""
        deadline = monotonic() + patience_s
        while self.look() and (left := deadline - monotonic()) > 0:
            self._wake.wait(left)
            self._wake.clear()

    def look(self) -> bool:
        """Write down what was sent, compose what is due, and send it; say if some is on its way."""
        if not self._has_turn():
            return False
        self._gather()
        self._hear()
        if steps := [*self._results, *self._outbox.compose(self._now())]:
            self._append(steps)
            self._results.clear()
            self._hear()
        self._launch()
        return bool(self._flights)

    def _run(self) -> None:
        while not self._ends.is_set():
            self._wake.wait(_IDLE_S)
            self._wake.clear()
            if not self._ends.is_set():
                self._safely(self.look)
        self._safely(self.finish)

    def _safely(self, work: Callable[[], object]) -> None:
        """Do a piece of work; what stands in its way is logged, and left for the next time."""
        try:
            work()
        except (LeadlineError, duckdb.Error, OSError) as error:
            _log.warning("notices left for later reason=%s", first_line(error))
        except Exception:  # an alert that nobody is told of is worse than a bug that is logged
            _log.exception("notices left for later")

    def _has_turn(self) -> bool:
        """Say whether it is this process that tells."""
        if not self._lock.is_locked:
            self._store.place.own.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                return False
        return True

    def _hear(self) -> None:
        """Read what is new; deliveries first, for an act that was told is not told again."""
        self._store.ledger.refresh()
        for step in self._steps.rows():
            self._outbox.hear_step(step)
        for act in self._acts.rows():
            self._outbox.hear_act(act)

    def _append(self, steps: Sequence[Row]) -> None:
        said = "\n".join(f"{row['notice_id']} {row['attempt']} {row['outcome']}" for row in steps)
        coverage = f"{clock.stamp(self._now())} {sha256(said.encode()).hexdigest()[:12]}"
        self._store.load(Publication(FEED, coverage, (FEED,), [(FEED, steps)], "notices"))

    def _gather(self) -> None:
        """Take in what the channels' threads have done."""
        for name in [name for name, flight in self._flights.items() if flight.done()]:
            rows, rests_until = self._flights.pop(name).result()
            self._results += rows
            if rests_until:
                self._outbox.letters.rest(name, rests_until)
            for row in rows:
                if row["outcome"] == "dead":
                    _log.warning(
                        "notice given up channel=%s notice=%s reason=%s",
                        name, row["notice_id"], row["reason"],
                    )  # fmt: skip

    def _launch(self) -> None:
        """Send what is due, a thread a channel: one that is slow holds up no other."""
        due = self._outbox.letters.due(self._now())
        fresh = {name: letters for name, letters in due.items() if name not in self._flights}
        if fresh and (missing := self._outbox.missing()):
            for act in self._acts.having("action_id", missing):
                self._outbox.know(act)
        for name, letters in fresh.items():
            bag = [(letter, self._outbox.notice(letter)) for letter in letters[:_AT_ONCE]]
            flight: Future[Sent] = Future()
            self._flights[name] = flight
            work = Thread(target=self._fly, args=(self._channels[name], bag, flight), daemon=True)
            work.start()

    def _fly(
        self, channel: Channel, bag: Sequence[tuple[Letter, Notice]], flight: "Future[Sent]"
    ) -> None:
        try:
            flight.set_result(self._carried(channel, bag))
        except BaseException as error:
            flight.set_exception(error)
        finally:
            self._wake.set()

    def _carried(self, channel: Channel, bag: Sequence[tuple[Letter, Notice]]) -> Sent:
        """Send notices, the oldest first, until the channel does not take one."""
        rows: list[Row] = []
        for letter, notice in bag:
            at, began = self._now(), monotonic()
            error, said = _carry(channel, notice)
            lasted = round((monotonic() - began) * 1_000)
            if error is None:
                rows.append(letter.sent(at, lasted, said))
                self._tell(at.timestamp() + lasted / 1_000, notice)
                continue
            rows.append(letter.missed(at, lasted, error, channel.tries))
            if not error.is_final:
                return rows, at + error.wait if error.wait else None
        return rows, None

    def _tell(self, at_s: float, notice: Notice) -> None:
        if self._took and notice.acts:
            self._took(at_s - min(act["recorded_at"] for act in notice.acts).timestamp())


def again(store: Store, notice_id: str, now: datetime) -> None:
    """Have a dead notice sent again, under its id; a LeadlineError says why it can't be."""
    store.ledger.refresh()
    steps = News(store, FEED, _STEPS).having("notice_id", [notice_id])
    queued = [step for step in steps if step["outcome"] == "queued"]
    if not queued:
        raise StoreError(f"{notice_id}: no notice has this id; ops.deliveries lists them")
    if steps[-1]["outcome"] != "dead":
        raise StoreError(
            f"{notice_id}: it is {steps[-1]['outcome']}; only a dead one is sent again"
        )
    names = ("notice_id", "channel", "action_ids", "rule", "subject", "follows")
    step = {name: queued[0][name] for name in names} | {
        "attempt": steps[-1]["attempt"], "outcome": "queued", "reason": "asked for again",
        "tried_at": now, "due_at": now, "known_at": now,
    }  # fmt: skip
    coverage = f"{clock.stamp(now)} {notice_id}"
    store.load(Publication(FEED, coverage, (FEED,), [(FEED, [step])], "asked for again"))


def _carry(channel: Channel, notice: Notice) -> tuple[NoticeError | None, str | None]:
    """Send one notice once; return why it was not taken, or what is worth saying of it."""
    try:
        return None, channel.carrier.carry(notice)
    except NoticeError as error:
        return error, None
    except Exception as error:  # of a library; its text may hold a secret
        return NoticeError(f"{channel.name}: {type(error).__name__}"), None
