"""A process of its own in which foreign SQL is answered: it may be stopped or die, and nobody else.

DuckDB's limits are not enough: it computes constants before it counts memory, and some of its
functions hear of no interrupt. So the machine limits the memory, and who asks ends the process.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from queue import Queue
from struct import Struct
from threading import Thread
from typing import IO, Any

import pyarrow as pa

from leadline import homes, plan
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.errors import LeadlineError, QueryError, first_line
from leadline.question import Questions, stopped
from leadline.store import Store
from leadline.warehouse import Warehouse

ASK, CANCEL = b"q", b"c"  # what it is told
READY, ROWS, ERROR, END = b"r", b"d", b"e", b"z"  # what it tells
PIECE = 4_194_304  # bytes of rows that are sent at once
_HEAD = Struct(">cI")
_BATCH = 2_048  # rows at once; long texts add up
_LONGEST = 500  # letters of a sentence
_NICE = 10  # pages and the loop go first


def send(pipe: IO[bytes], kind: bytes, body: bytes = b"") -> None:
    """Write one message."""
    pipe.write(_HEAD.pack(kind, len(body)) + body)
    pipe.flush()


def heard(pipe: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield each message until the other is gone."""
    while len(head := pipe.read(_HEAD.size)) == _HEAD.size:
        kind, size = _HEAD.unpack(head)
        yield kind, pipe.read(size)


def main() -> None:
    """Answer questions until who asks them is gone."""
    told = os.fdopen(os.dup(0), "rb")
    tells = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)  # what else is printed is no answer
    # DuckDB prints each profile that it makes, and can't be told not to once it is locked.
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    os.dup2(nowhere, 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks hears it, too
    os.nice(_NICE)
    messages = heard(told)
    how = json.loads(next(messages)[1])
    try:
        with _opened(how) as questions:
            full = _size() + how["memory_bytes"] // 2
            _bound(how["memory_bytes"])
            send(tells, READY)
            asked: Queue[bytes] = Queue()
            ear = Thread(target=_listen, args=(messages, asked, questions.warehouse), daemon=True)
            ear.start()
            while True:
                kind, said = _answer(questions, json.loads(asked.get()), tells)
                # What it has not given back the next question would lack.
                send(tells, kind, json.dumps({**said, "again": _size() <= full}).encode())
    except LeadlineError as error:
        send(tells, ERROR, json.dumps(_said(error)).encode())


@contextmanager
def _opened(how: Mapping[str, Any]) -> Iterator[Questions]:
    catalog = Catalog(Path(how["root"]))
    with (
        closing(Engine(how["engine"])) as engine,
        closing(Store(homes.told(how["place"]), catalog.contracts, engine)) as store,
        closing(Warehouse(catalog, store, engine, how["params"])) as warehouse,
    ):
        yield Questions(warehouse, shows_paths=False)


def _bound(more: int) -> None:
    """Let this process have so much more memory than it has now, and leave no core."""
    most = _size() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _size() -> int:
    """Return how much memory this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _listen(
    messages: Iterator[tuple[bytes, bytes]], asked: "Queue[bytes]", warehouse: Warehouse
) -> None:
    for kind, body in messages:
        if kind == CANCEL:
            warehouse.interrupt()
        else:
            asked.put(body)
    os._exit(0)  # whatever DuckDB is at


def _answer(
    questions: Questions, asked: Mapping[str, Any], tells: IO[bytes]
) -> tuple[bytes, dict[str, Any]]:
    """Send the rows of an answer; return what is to be said at its end."""
    try:
        measures: list[Mapping[str, Any]] = []
        cut = _tell(questions, asked, tells, measures)
        return END, {"cut": cut, "measure": plan.measure(measures[0]) if measures else None}
    except LeadlineError as error:
        return ERROR, _said(error)
    except (MemoryError, pa.ArrowMemoryError):
        return ERROR, _said(QueryError("query: it takes more memory than it may; ask for less"))
    except Exception as error:
        late = "interrupt" in str(error).lower()
        return ERROR, _said(
            stopped(asked["limit_s"])
            if late
            else QueryError(f"query: {first_line(error)}; ask for less")
        )


def _tell(
    questions: Questions,
    asked: Mapping[str, Any],
    tells: IO[bytes],
    measures: list[Mapping[str, Any]],
) -> str | None:
    """Send the rows; return what is said where there are more of them than may be."""
    since, until, recorded = (
        datetime.fromisoformat(asked[name]) if asked[name] else None
        for name in ("since", "until", "recorded_until")
    )
    assert since is not None
    assert until is not None
    rows = questions.answer(
        asked["sql"], since, until, asked["binds"], recorded_until=recorded,
        limit_s=asked["limit_s"], batch=_BATCH,
        measured=measures.append if asked["is_measured"] else None,
    )  # fmt: skip
    sink = _Sink(tells)
    n_rows = n_bytes = 0
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        for batch in rows:
            step = max(1, int(batch.num_rows * PIECE / max(PIECE, batch.nbytes)))
            for start in range(0, batch.num_rows, step):
                piece = batch.slice(start, min(step, asked["max_rows"] - n_rows))
                n_bytes += piece.nbytes
                if n_bytes > asked["max_bytes"]:
                    return f"{asked['max_bytes']:,} bytes are the most; ask for less"
                if piece.num_rows:
                    writer.write_batch(piece)
                    n_rows += piece.num_rows
                if start + piece.num_rows < batch.num_rows and n_rows == asked["max_rows"]:
                    return f"{n_rows:,} rows are the most; ask for less, or part by part"
    return None


class _Sink:
    """What Arrow writes to: each of its pieces is a message."""

    closed = False

    def __init__(self, tells: IO[bytes]) -> None:
        self._tells = tells

    def write(self, piece: Any) -> int:
        held = bytes(piece)
        send(self._tells, ROWS, held)
        return len(held)

    def flush(self) -> None:
        """Do nothing: a message is sent at once."""

    def close(self) -> None:
        """Do nothing: the pipe stays for the next answer."""


def _said(error: LeadlineError) -> dict[str, Any]:
    said = str(error)
    if len(said) > _LONGEST:  # it repeats what was asked
        said = f"{said[: _LONGEST - 100]} … {said[-100:]}"
    return {"kind": type(error).__name__, "said": said}


if __name__ == "__main__":
    main()
