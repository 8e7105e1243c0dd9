"""Pours an answer into a response, as fast as it is read; who leaves stops it."""

import asyncio
from collections.abc import AsyncIterator
from threading import Thread

import pyarrow as pa

from leadline import export

_PIECE = 65_536  # bytes; Parquet writes many small ones
_AHEAD = 4  # pieces that wait for a slow reader


async def poured(rows: pa.RecordBatchReader, form: str) -> AsyncIterator[bytes]:
    """Yield the answer in a form, in pieces; raise what breaks it off."""
    pipe = _Pipe()
    thread = Thread(target=pipe.pour, args=(rows, form), daemon=True)
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

    def pour(self, rows: pa.RecordBatchReader, form: str) -> None:
        """Write everything, from a thread."""
        try:
            export.write(rows, form, None, self)  # type: ignore[arg-type]
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
