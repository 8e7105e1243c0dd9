"""How a download goes on where it broke off; the part of a file has one writer at a time."""

import fcntl
import os
from pathlib import Path
from typing import Self

import httpx
import stamina

_HEAD = 4_096  # a page that stands in for a file says so in its title


class Taken(Exception):
    """Another download of the same file holds its part."""


class Part:
    """What has come of one file, and the marks by which its source knows the file again."""

    def __init__(self, folder: Path, patience_s: float) -> None:
        """Keep the part in a folder of its own; patience bounds the wait for another writer."""
        self._folder, self._patience_s = folder, patience_s
        self._bytes, self._marks = folder / ".part", folder / ".marks"

    def __enter__(self) -> Self:
        """Hold the folder, which stays when its files come and go; raise Taken if another does."""
        self._folder.mkdir(exist_ok=True)
        self._lock = os.open(self._folder, os.O_RDONLY)
        wait = stamina.RetryingCaller(
            None, self._patience_s, wait_initial=0.1, wait_max=1, wait_jitter=0.1
        )
        try:
            wait(BlockingIOError, fcntl.flock, self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise Taken from error
        return self

    def __exit__(self, *_: object) -> None:
        """Let go; a process that dies lets go too."""
        os.close(self._lock)

    def size(self) -> int:
        """Return how many bytes are here."""
        return self._bytes.stat().st_size if self._bytes.exists() else 0

    def head(self) -> str:
        """Return how the file begins, as text."""
        with self._bytes.open("rb") as file:
            return file.read(_HEAD).decode(errors="replace")

    def headers(self) -> dict[str, str]:
        """Return what asks for the rest of the file, or for all of it where no proof is kept."""
        etag, modified = self._kept() if self.size() else ("", "")
        proof = etag if etag.startswith('"') else modified  # a weak ETag allows other bytes
        rest = {"Range": f"bytes={self.size()}-", "If-Range": proof} if proof else {}
        return {"Accept-Encoding": "identity"} | rest

    def keep(self, answer: httpx.Response) -> None:
        """Add the answer's bytes; whatever is not the rest of this very file starts over."""
        size, span = self.size(), answer.headers.get("content-range", "")
        marks = [answer.headers.get(name, "") for name in ("etag", "last-modified")]
        if answer.status_code == 206:
            is_same = not any(marks) or answer.request.headers.get("if-range") in marks
            if not (is_same and span.startswith(f"bytes {size}-")):
                self.drop()
                raise httpx.RemoteProtocolError("the rest of another file")
        else:
            span = answer.headers.get("content-length", "")
            self.drop()
            self._marks.write_text("\n".join(marks))
        with self._bytes.open("ab") as file:
            file.writelines(answer.iter_raw())
        total = span.rpartition("/")[2]
        if total.isdecimal() and int(total) != self.size():
            raise httpx.RemoteProtocolError(f"{self.size():,} of {int(total):,} bytes")

    def drop(self) -> None:
        """Start over."""
        self._bytes.unlink(missing_ok=True)

    def finish(self, name: str) -> tuple[Path, str]:
        """Give the whole file its name; return its path and its Last-Modified."""
        path, (_, modified) = self._folder / name, self._kept()
        self._bytes.replace(path)
        self._marks.unlink()
        return path, modified

    def _kept(self) -> tuple[str, str]:
        marks = self._marks.read_text() if self._marks.exists() else ""
        etag, _, modified = marks.partition("\n")
        return etag, modified
