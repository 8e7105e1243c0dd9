"""The scheduler: runs what is due, one try of a job at a time among all processes of a store.

What runs is a row and holds a lock. A kill lets go of the lock and leaves the row, so that the
next one who looks sees it and runs it again.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Timer
from time import monotonic

from filelock import FileLock, Timeout

from leadline import clock
from leadline.due import Calendars
from leadline.errors import FeedError, LeadlineError, StoreError
from leadline.runs import Began, Runs
from leadline.schedule import Job, Outcome, Owed, next_at, owed, retry_at

FOLDER = "_schedule"
_LOOK = timedelta(minutes=1)  # a machine that slept, or another scheduler, is noticed by then

_log = logging.getLogger("leadline.live")


class Stopped(Exception):
    """A run ended before it was done, since it was told to."""


class Hold:
    """What a run looks at between its steps: whether it was told to stop, or takes too long."""

    def __init__(self, job: Job, stop: Event) -> None:
        self.interrupt: Callable[[], None] = lambda: None  # stops what the run is at
        self._job, self._stop = job, stop
        self._is_late = Event()

    def step(self) -> None:
        """Raise where a step is over and the next must not begin."""
        self.in_time()
        if self._stop.is_set():
            raise Stopped(f"{self._job.name}: it was told to stop, and what came before is in")

    def in_time(self) -> None:
        """Raise a FeedError once the run has taken longer than it may."""
        if self._is_late.is_set():
            seconds = self._job.timeout.total_seconds()
            raise FeedError(
                f"{self._job.name}: it took longer than its timeout of {seconds:,g} s; "
                f"what came before is in",
                try_again=True,
            )

    def run(self, act: "Act", owed: Owed) -> int | None:
        """Run it to its end, or until it takes too long."""
        timer = Timer(self._job.timeout.total_seconds(), self._end)
        timer.daemon = True
        timer.start()
        try:
            return act(owed, self)
        except Stopped:
            raise
        except Exception as error:
            self.in_time()  # what was interrupted says only that it was
            if self._stop.is_set() and not isinstance(error, LeadlineError):
                raise Stopped(f"{self._job.name}: it was interrupted") from error
            raise
        finally:
            timer.cancel()

    def _end(self) -> None:
        self._is_late.set()
        with suppress(Exception):  # it has just ended
            self.interrupt()


Act = Callable[[Owed, Hold], int | None]  # runs a job; returns how many rows it added
Say = Callable[[str], None]


@dataclass
class Tally:
    """How the runs of a scheduler ended."""

    done: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    is_worth_it: bool = False  # one of them is tried again


@dataclass
class _Running:
    began: Began
    lock: FileLock
    ending: "Future[int | None]"


@dataclass
class Scheduler:
    """Runs jobs as they fall due, a few side by side, and each once among all processes.

    `act` runs in a thread of its own, and may use nothing of others; all rows are written here.
    """

    jobs: Sequence[Job]
    calendars: Callable[[], Calendars]
    runs: Runs
    act: Act
    say: Say
    now: Callable[[], datetime] = clock.now
    beside: int = 2
    tally: Tally = field(default_factory=Tally)
    _running: dict[str, _Running] = field(default_factory=dict)
    _wake: Event = field(default_factory=Event)
    _stop: Event = field(default_factory=Event)

    def stop(self) -> None:
        """Let nothing begin any more, and what runs end after its step; safe in a signal."""
        self._stop.set()
        self._wake.set()

    def run(self, span: timedelta | None = None, *, once: bool = False) -> Tally:
        """Run what is due until told to stop, for so long, or once until nothing is due now."""
        ends = monotonic() + span.total_seconds() if span else None
        with ThreadPoolExecutor(self.beside) as pool:
            try:
                while not self._is_over(pool, ends, once):
                    self._wake.wait(self._patience(ends, once))
            finally:
                self._stop.set()
                pool.shutdown()
                self._collect()
        return self.tally

    def _is_over(self, pool: ThreadPoolExecutor, ends: float | None, once: bool) -> bool:
        """Write what ended and begin what is due; say whether there is nothing left to do."""
        self._wake.clear()
        if ends is not None and monotonic() >= ends:
            self._stop.set()
        try:
            self._collect()
            if not self._stop.is_set():
                self._begin(pool)
        except StoreError as error:
            if once or self._stop.is_set():
                raise
            _log.warning("look at the schedule left out reason=%s", error)
        return not self._running and (once or self._stop.is_set())

    def _patience(self, ends: float | None, once: bool) -> float | None:
        """Return for how many seconds nothing can be due."""
        if once or self._stop.is_set():
            return None  # a run that ends wakes it
        now, looks = self.now(), []
        with suppress(StoreError):  # it is told when it is looked at again
            past, known = self.runs.past(), self.calendars()
            looks = [next_at(job, past.get(job.name), now, known) for job in self.jobs]
        first = min([now + _LOOK, *(look for look in looks if look)])
        seconds = (first - now).total_seconds()
        return max(0.0, min(seconds, ends - monotonic()) if ends is not None else seconds)

    def _begin(self, pool: ThreadPoolExecutor) -> None:
        """Begin what is owed, the oldest first, as far as there is room."""
        now, known, past = self.now(), self.calendars(), self.runs.past()
        due = [
            found
            for job in self.jobs
            if job.name not in self._running
            and (found := owed(job, past.get(job.name), now, known))
        ]
        for each in sorted(due, key=lambda each: (each.due_at, each.job.name)):
            if len(self._running) >= self.beside:
                return
            self._try(pool, each.job, known)

    def _try(self, pool: ThreadPoolExecutor, job: Job, known: Calendars) -> None:
        """Begin a job's run unless another process is at it, or was just now."""
        folder = self.runs.store.place.own / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{job.name}.lock", thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return
        try:
            began = self._written(job, known)
        except BaseException:
            lock.release()
            raise
        if began is None:
            lock.release()
            return
        hold = Hold(job, self._stop)
        self.say(f"{job.name}: {_told(began.owed)}")
        ending = pool.submit(hold.run, self.act, began.owed)
        self._running[job.name] = _Running(began, lock, ending)
        ending.add_done_callback(lambda _: self._wake.set())

    def _written(self, job: Job, known: Calendars) -> Began | None:
        """Write that a run begins, if it is owed still; whoever asks holds the lock."""
        past = self.runs.past().get(job.name)
        now = self.now()
        if past and past.outcome == "running":
            self.runs.killed(job.name, now)
            self.say(f"{job.name}: its last run was killed")
            past = self.runs.past().get(job.name)
        found = owed(job, past, now, known)
        return self.runs.began(found, now) if found else None

    def _collect(self) -> None:
        """Write how the runs ended that have."""
        for name, each in [pair for pair in self._running.items() if pair[1].ending.done()]:
            self._write_end(each)
            del self._running[name]
            each.lock.release()

    def _write_end(self, each: _Running) -> None:
        began, now = each.began, self.now()
        job = began.owed.job
        outcome: Outcome = "failed"
        error = each.ending.exception()
        if error is None:
            rows = each.ending.result()
            self.runs.ended(began, "done", now, n_rows=rows)
            self.tally.done += 1
            self.tally.failed.pop(job.name, None)
            return
        again = None
        if isinstance(error, Stopped):
            outcome = "stopped"
        elif isinstance(error, LeadlineError):
            again = retry_at(job, began.owed.attempt, now) if error.exit_code == 3 else None
        reason = str(error) if isinstance(error, LeadlineError | Stopped) else repr(error)
        self.runs.ended(began, outcome, now, reason=reason, retry_at=again)
        if outcome == "failed":
            self.tally.failed[job.name] = reason
            self.tally.is_worth_it |= again is not None
            told = reason if job.name in reason else f"{job.name}: {reason}"
            if again:
                told += f"; it is tried again at {clock.stamp(again.replace(microsecond=0))}"
            self.say(told)


def _told(owed: Owed) -> str:
    """Say what a run is."""
    said = f"due {clock.stamp(owed.due_at)}"
    if owed.n_due > 1:
        said += f", with {owed.n_due - 1:,} that were missed"
    if owed.attempt > 1:
        said += f", try {owed.attempt}"
    if owed.span:
        begin, end = (each.replace(microsecond=0) for each in (owed.span.since, owed.span.until))
        said += f", from {clock.stamp(begin)} to {clock.stamp(end)}"
    return said
