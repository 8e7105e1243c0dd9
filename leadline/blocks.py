"""What was read of a bucket, kept on this machine: blocks of files that never change.

A block is named by its file's address and size. So what compaction writes has names of its own,
and what vacuum deletes is asked for no more: nothing here is ever out of date. It may be deleted
at any time; processes share it, and a block is whole or not there.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import time
from uuid import uuid4

BLOCK = 4_194_304  # bytes; a small file is one block, and a column of a large one a few
_FULL, _LEFT = 20, 0.9  # of the bound: how much more comes before it is looked at, what then stays
_USED_S = 3_600  # a block is said to be in use so often
_BROKEN_S = 3_600  # what a killed process left is older than this

Fetch = Callable[[int, int], bytes]


class Blocks:
    """Blocks below a folder, at most so many bytes of them; of no bytes nothing is kept."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most = folder, most_bytes
        self._lock = Lock()
        self._written = most_bytes  # so that the first block has the folder looked at

    def read(self, address: str, size: int, start: int, end: int, fetch: Fetch) -> bytes:
        """Return the bytes from start to before end of a file; `fetch` brings what is missing.

        Blocks that are missing side by side are brought at once.
        """
        start, end = max(0, start), min(end, size)
        if start >= end:
            return b""
        if not self._most:
            return fetch(start, end)
        first, last = start // BLOCK, (end - 1) // BLOCK
        held: dict[int, bytes] = {}
        missing: list[int] = []
        for n in range(first, last + 1):
            body = self._kept(self._path(address, size, n), min(BLOCK, size - n * BLOCK))
            if body is None:
                missing.append(n)
            else:
                held[n] = body
        while missing:
            run = [missing.pop(0)]
            while missing and missing[0] == run[-1] + 1:
                run.append(missing.pop(0))
            begin = run[0] * BLOCK
            body = fetch(begin, min((run[-1] + 1) * BLOCK, size))
            for n in run:
                held[n] = body[n * BLOCK - begin : (n + 1) * BLOCK - begin]
                self._keep(self._path(address, size, n), held[n])
        whole = b"".join(held[n] for n in range(first, last + 1))
        return whole[start - first * BLOCK : end - first * BLOCK]

    def take(self, address: str, path: Path) -> None:
        """Keep a small file that was just published, so that it need not be fetched."""
        with suppress(OSError):
            size = path.stat().st_size
            if self._most and 0 < size <= BLOCK:
                self._keep(self._path(address, size, 0), path.read_bytes())

    def _path(self, address: str, size: int, n: int) -> Path:
        digest = sha256(f"{address}\x1f{size}\x1f{BLOCK}".encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest[2:34]}.{n}"

    def _kept(self, path: Path, size: int) -> bytes | None:
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                body = file.read()
            if status.st_mtime < time() - _USED_S:
                with suppress(OSError):  # it has just gone
                    os.utime(path)
        except OSError:
            return None
        return body if len(body) == size else None

    def _keep(self, path: Path, body: bytes) -> None:
        """Store a block; where that can't be, it is fetched again the next time."""
        part = path.with_name(f".{uuid4()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_bytes(body)
            os.replace(part, path)
        except OSError:
            with suppress(OSError):
                part.unlink()
            return
        with self._lock:
            self._written += len(body)
            is_full = self._written > self._most // _FULL
            if is_full:
                self._written = 0
        if is_full:
            self._sweep()

    def _sweep(self) -> None:
        """Delete what was used longest ago, until the rest is under the bound."""
        found: list[tuple[float, int, str]] = []
        with suppress(OSError):
            for folder in os.scandir(self._folder):
                for each in os.scandir(folder):
                    with suppress(OSError):
                        status = each.stat()
                        if each.name.startswith("."):
                            if status.st_mtime < time() - _BROKEN_S:
                                os.unlink(each)
                        else:
                            found.append((status.st_mtime, status.st_size, each.path))
        whole = sum(size for _, size, _ in found)
        if whole <= self._most:
            return
        for _, size, path in sorted(found):
            if whole <= self._most * _LEFT:
                return
            with suppress(OSError):
                os.unlink(path)
            whole -= size
