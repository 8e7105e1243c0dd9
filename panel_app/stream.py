"""Pours an answer into a response, as fast as it is read; who leaves stops it.

A whole answer ends as HTTP says that it ends. One that breaks off says so in its last line, where
the form has words, and the connection is cut before that end: every client takes it for an error.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextvars import copy_context
from functools import partial
from threading import Thread

import pyarrow as pa

from leadline import export
from leadline.provenance import Provenance

_PIECE = 65_536  # bytes; Parquet writes many small ones
_AHEAD = 4  # pieces that wait for a slow reader


async def begun(
    rows: pa.RecordBatchReader, form: str, made: Provenance | None = None
) -> AsyncIterator[bytes]:
    """Return the answer once its first piece is there; what breaks it off before that is raised.

    So it can be told as an error, not as half an answer. A sheet is one piece: it is there, whole,
    or refused.
    """
    pieces = poured(rows, form, made)
    first = await anext(pieces, b"")
    return _joined(first, pieces)


async def _joined(first: bytes, pieces: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    try:
        yield first
        async for piece in pieces:
            yield piece
    finally:
        await pieces.aclose()


async def poured(
    rows: pa.RecordBatchReader, form: str, made: Provenance | None = None
) -> AsyncGenerator[bytes, None]:
    """Yield the answer in a form, in pieces; raise what breaks it off."""
    pipe = _Pipe()
    # The act in hand is known to the context, which a thread does not have by itself.
    pour = partial(copy_context().run, pipe.pour, rows, form, made)
    thread = Thread(target=pour, daemon=True)
    thread.start()
    try:
        while (piece := await pipe.pieces.get()) is not None:
            yield piece
    finally:
        pipe.leave()
    if pipe.error is not None:
        raise pipe.error


class _Pipe:
    """What the writing thread takes for a file."""

    def __init__(self) -> None:
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)
        self.error: BaseException | None = None
        self._loop = asyncio.get_running_loop()
        self._held = bytearray()
        self._has_left = False

    def pour(self, rows: pa.RecordBatchReader, form: str, made: Provenance | None) -> None:
        """Write everything, from a thread."""
        try:
            export.write(rows, form, None, self, made)  # type: ignore[arg-type]
        except BrokenPipeError:
            pass  # nobody is left to be told
        except BaseException as error:
            self.error = error
        finally:
            rows.close()
            if not self._has_left:
                self._put(None)

    def leave(self) -> None:
        """Let the writing thread find that nobody reads any more."""
        self._has_left = True
        while not self.pieces.empty():
            self.pieces.get_nowait()

    def write(self, piece: memoryview) -> int:
        """Take some bytes; wait while the reader is behind."""
        self._held += piece
        if len(self._held) >= _PIECE:
            self.flush()
        return len(piece)

    def flush(self) -> None:
        """Hand on what is held."""
        if self._has_left:
            raise BrokenPipeError
        if self._held:
            self._put(bytes(self._held))
            self._held.clear()

    def isatty(self) -> bool:
        """Say that nobody looks at it."""
        return False

    def _put(self, piece: bytes | None) -> None:
        asyncio.run_coroutine_threadsafe(self.pieces.put(piece), self._loop).result()
