"""Foreign SQL from elsewhere: answered in processes of their own, so many at once, and limited."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock, Timer
from time import monotonic
from typing import Any

import pyarrow as pa

from leadline import cell, errors, homes
from leadline.config import Config
from leadline.errors import LeadlineError, QueryError
from leadline.home import Home
from leadline.question import stopped
from leadline.serving import Limits
from leadline.spill import Spill

_GRACE_S = 1.0  # in which a question may stop by itself; then its process ends
_START_S = 60.0
# What a process needs to run; keys, tokens and passwords stay here.
_ENVIRONMENT = (
    "PATH", "HOME", "LANG", "LC_ALL", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LD_LIBRARY_PATH",
    # Where AWS's own libraries look for keys; none of them is one.
    "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
)  # fmt: skip
# An allocator that sets gigabytes aside would meet the limit of memory before a question does.
_FRUGAL = {
    "ARROW_DEFAULT_MEMORY_POOL": "system", "ARROW_IO_THREADS": "1", "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}  # fmt: skip
_ENDED = "query: the process that answered it has ended; it takes too much, ask for less"


class BusyError(QueryError):
    """There are as many questions already as there may be."""


@dataclass(frozen=True)
class Question:
    """One SELECT, and what it may see and take."""

    sql: str
    since: datetime
    until: datetime
    limit_s: float
    max_rows: int
    recorded_until: datetime | None = None
    binds: Mapping[str, Any] = field(default_factory=dict)
    is_measured: bool = False  # whether it is also told what it took


class Sandbox:
    """Answers over the views of a project; a process that was ended is replaced by a new one."""

    def __init__(
        self,
        root: Path,
        place: Path | Home,
        params: Mapping[str, Mapping[str, Any]],
        limits: Limits,
        environment: Mapping[str, str] = os.environ,
        *,
        is_ready: bool = True,
    ) -> None:
        """Start a process, so that who asks first need not wait; or only when one is needed."""
        self.limits = limits
        memory = _bytes(limits.memory)
        self.max_bytes = memory // 8  # of an answer, which who asks may have to hold
        engine = Config("", memory=limits.memory, threads=limits.threads).engine()
        self._how = {
            "root": str(root), "place": homes.at(place).told(), "params": params,
            "engine": engine | {"max_temp_directory_size": limits.memory},
            # What DuckDB counts, what it does not, and what its answers are put into.
            "memory_bytes": 2 * memory + 2 * self.max_bytes,
        }  # fmt: skip
        self._environment = {
            name: environment[name] for name in _ENVIRONMENT if name in environment
        }
        self._lock, self._n_taken, self._is_closed = Lock(), 0, False
        self._idle = [_Cell(self._how, self._environment)] if is_ready else []

    def warm(self) -> None:
        """Start a process for who is about to ask, unless one stands ready."""
        with self._lock:
            if not self._idle and not self._n_taken and not self._is_closed:
                self._idle.append(_Cell(self._how, self._environment))

    def take(self, question: Question) -> "Running":
        """Return a question that is to be opened; a BusyError where there are too many."""
        with self._lock:
            if self._n_taken >= self.limits.at_once:
                n = self.limits.at_once
                raise BusyError(f"sql: {n} question{'s are' if n > 1 else ' is'} being answered; "
                                f"wait for one, or cancel one")  # fmt: skip
            self._n_taken += 1
            idle = None
            while self._idle and idle is None:
                idle = self._idle.pop()
                if not idle.is_well:
                    idle.end()
                    idle = None
        return Running(self, question, idle)

    def close(self) -> None:
        """End all its processes."""
        with self._lock:
            idle, self._idle, self._is_closed = self._idle, [], True
        for each in idle:
            each.end()

    def make(self) -> "_Cell":
        """Start a process."""
        return _Cell(self._how, self._environment)

    def give_back(self, used: "_Cell | None") -> None:
        """Take a process back that is ready for the next question, or start one in its place."""
        with self._lock:
            self._n_taken -= 1
            if not self._is_closed and (used or not self._idle):
                self._idle.append(used or _Cell(self._how, self._environment))
                used = None
        if used is not None:
            used.end()


class Running:
    """A question that is being answered, until it is ended."""

    def __init__(self, sandbox: Sandbox, question: Question, idle: "_Cell | None") -> None:
        self.question, self.n_rows = question, 0
        self.measure: Mapping[str, Any] | None = None  # of one that is read to its end
        self._sandbox, self._cell = sandbox, idle
        self._lock, self._ending, self._started_at = Lock(), Lock(), monotonic()
        self._timers: list[Timer] = []
        self._cut: str | None = None
        self._is_late = self._is_cancelled = self._is_done = self._has_ended = False
        self._is_again = True

    @property
    def seconds(self) -> float:
        """Return for how long it has run."""
        return monotonic() - self._started_at

    @property
    def is_cancelled(self) -> bool:
        """Say whether somebody has stopped it."""
        return self._is_cancelled

    def open(self) -> pa.RecordBatchReader:
        """Return the rows, once there are some; a LeadlineError says why there are none."""
        try:
            found = self._cell or self._sandbox.make()
            with self._lock:
                self._cell = found
            if self._is_cancelled:
                found.end()
            found.ready()
            self._later(self.question.limit_s + _GRACE_S, self._be_late)
            self._is_again = False
            found.ask(self.question, self._sandbox.max_bytes)
            pieces = self._pieces(found)
            stream = pa.ipc.open_stream(_Pipe(pieces))
            batches = self._batches(stream, pieces)
            first = next(batches, None)
        except BaseException as error:
            self.end()
            if self._is_cancelled or isinstance(error, OSError | pa.ArrowException):
                raise self._ended() from error
            raise

        def rows() -> Iterator[pa.RecordBatch]:
            if first is not None:
                yield first
            yield from batches

        return pa.RecordBatchReader.from_batches(stream.schema, rows())

    def cancel(self) -> None:
        """Stop it, from another thread."""
        with self._lock:
            if self._has_ended or self._is_cancelled or self._is_done:
                return
            self._is_cancelled = True
            found = self._cell
        if found is not None:
            with suppress(OSError, ValueError):
                found.tell(cell.CANCEL)
            self._later(_GRACE_S, found.end)

    def end(self) -> None:
        """Stop it if it still runs, and make room for another; twice is once."""
        with self._ending:
            if self._has_ended:
                return
            self._has_ended = True
            for timer in self._timers:
                timer.cancel()
            if self._cell is not None and not (self._is_again and self._cell.is_well):
                self._cell.end()
                self._cell = None
            self._sandbox.give_back(self._cell)

    def _pieces(self, found: "_Cell") -> Iterator[bytes]:
        for kind, body in found.messages:
            if kind == cell.ROWS:
                yield body
                continue
            self._is_done, said = True, json.loads(body)
            self._is_again = said["again"]
            if kind == cell.END:
                self._cut, self.measure = said["cut"], said["measure"]
                return
            if self._is_cancelled:
                raise self._ended()
            raise _error(said)
        raise self._ended()

    def _batches(
        self, stream: pa.RecordBatchReader, pieces: Iterator[bytes]
    ) -> Iterator[pa.RecordBatch]:
        try:
            for batch in stream:
                self.n_rows += batch.num_rows
                yield batch
            for _ in pieces:  # what is said after the rows
                pass
        except (OSError, pa.ArrowException) as error:
            raise self._ended() from error
        if self._cut:
            raise QueryError(f"query: {self._cut}")

    def _ended(self) -> LeadlineError:
        """Return why nothing more comes."""
        if self._is_cancelled:
            return QueryError("query: it was cancelled")
        return stopped(self.question.limit_s) if self._is_late else QueryError(_ENDED)

    def _be_late(self) -> None:
        self._is_late = True
        self.end()

    def _later(self, seconds: float, act: Any) -> None:
        timer = Timer(seconds, act)
        timer.daemon = True
        self._timers.append(timer)
        timer.start()


class _Pipe:
    """What Arrow reads from: pieces, whole until they are read."""

    closed = False

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def read(self, size: int = -1) -> bytes:
        found = [self._held]
        n_bytes = len(self._held)
        while size < 0 or n_bytes < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            found.append(piece)
            n_bytes += len(piece)
        whole = b"".join(found)
        size = len(whole) if size < 0 else size
        self._held = whole[size:]
        return whole[:size]

    def readable(self) -> bool:
        """Say that it is read."""
        return True

    def close(self) -> None:
        """Do nothing: the pipe stays for the next answer."""


class _Cell:
    """One process, with a folder of its own to spill to."""

    def __init__(self, how: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._folder = Spill()
        own = {"TMPDIR": self._folder.name, "PYTHONPATH": str(Path(cell.__file__).parents[1])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "leadline.cell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**environment, **_FRUGAL, **own}, cwd=self._folder.name, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._mouth = self._process.stdin
        self.messages = cell.heard(self._process.stdout)
        self._is_ready = False
        self._lock = Lock()
        with suppress(BrokenPipeError):
            self.tell(cell.ASK, json.dumps(how, default=str).encode())

    @property
    def is_well(self) -> bool:
        """Say whether it can be asked once more."""
        return self._process.poll() is None

    def ready(self) -> None:
        """Wait until it can be asked."""
        if self._is_ready:
            return
        timer = Timer(_START_S, self.end)
        timer.start()
        kind, body = next(self.messages, (b"", b""))
        timer.cancel()
        if kind == cell.ERROR:
            raise _error(json.loads(body))
        if kind != cell.READY:
            raise QueryError("sql: the process that answers did not start; try again")
        self._is_ready = True

    def ask(self, question: Question, max_bytes: int) -> None:
        """Tell it a question."""
        said = asdict(question) | {"max_bytes": max_bytes}
        for name in ("since", "until", "recorded_until"):
            said[name] = said[name].isoformat() if said[name] else None
        self.tell(cell.ASK, json.dumps(said).encode())

    def tell(self, kind: bytes, body: bytes = b"") -> None:
        """Send it a message."""
        with self._lock:
            cell.send(self._mouth, kind, body)

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._mouth, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        self._folder.cleanup()


def _error(said: Mapping[str, str]) -> LeadlineError:
    found: type[LeadlineError] = getattr(errors, said["kind"], QueryError)
    return found(said["said"])


def _bytes(size: str) -> int:
    number = float(size.rstrip("GgMmIiBb "))
    return int(number * (1e9 if "g" in size.lower() else 1e6))
