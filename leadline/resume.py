"""How a download goes on where it broke off; the part of a file has one writer at a time."""

import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import stamina

_HEAD = 4_096  # a page that stands in for a file says so in its title


class Taken(Exception):
    """Another download of the same file holds its part."""


class Broken(Exception):
    """What came is not all of it, or not of this file; asking again goes on from what is here."""


@dataclass(frozen=True)
class Piece:
    """What a source sends of a file, from a place in it on, with the marks of the whole.

    total is the length of the whole file, None where the source does not say it.
    """

    chunks: Iterable[bytes]
    etag: str
    modified: str
    start: int = 0
    total: int | None = None


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

    def proof(self) -> str:
        """Return the mark that the rest must have; empty where nothing is here or has a mark."""
        etag, modified = self.marks() if self.size() else ("", "")
        return etag if etag.startswith('"') else modified  # a weak ETag allows other bytes

    def marks(self) -> tuple[str, str]:
        """Return the ETag and the Last-Modified of what is here, as its source wrote them."""
        marks = self._marks.read_text() if self._marks.exists() else ""
        etag, _, modified = marks.partition("\n")
        return etag, modified

    def keep(self, piece: Piece) -> None:
        """Add what came; whatever is not the rest of this very file starts over."""
        marks = [piece.etag, piece.modified]
        if piece.start:
            is_same = not any(marks) or self.proof() in marks
            if not (is_same and piece.start == self.size()):
                self.drop()
                raise Broken("the rest of another file")
        else:
            self.drop()
            self._marks.write_text("\n".join(marks))
        with self._bytes.open("ab") as file:
            file.writelines(piece.chunks)
        if piece.total is not None and piece.total != self.size():
            raise Broken(f"{self.size():,} of {piece.total:,} bytes")

    def drop(self) -> None:
        """Start over."""
        self._bytes.unlink(missing_ok=True)

    def finish(self, name: str) -> Path:
        """Give the whole file its name; return its path."""
        path = self.path(name)
        self._bytes.replace(path)
        self._marks.unlink()
        return path

    def path(self, name: str) -> Path:
        """Return where a whole file of this name lies, if it does."""
        return self._folder / name

    def clear(self) -> None:
        """Delete all that is here, whole files too."""
        for path in self._folder.iterdir():
            path.unlink()
