"""Lets DuckDB read a store that lies in a bucket: through Python, and through the kept blocks."""

import io
from datetime import UTC, datetime
from typing import Any, Protocol

import duckdb
from fsspec import AbstractFileSystem

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # no file changes once it is there


class Reads(Protocol):
    """What brings the bytes of an address."""

    def size(self, address: str) -> int:
        """Return how many bytes it has."""
        ...

    def read(self, address: str, start: int, end: int) -> bytes:
        """Return those from start to before end."""
        ...


class Mount(AbstractFileSystem):  # type: ignore[misc]
    """The file system of all stores that this process has open, each by its address."""

    protocol = "s3"
    cachable = False

    def __init__(self) -> None:
        super().__init__()
        self._stores: dict[str, Reads] = {}

    def add(self, address: str, store: Reads) -> None:
        """Read what lies below an address through a store."""
        self._stores[address] = store

    def _of(self, path: str) -> Reads:
        found = [address for address in self._stores if path.startswith(f"{address}/")]
        if not found:
            raise FileNotFoundError(path)
        return self._stores[max(found, key=len)]

    def open(self, path: str, mode: str = "rb", *_: Any, **__: Any) -> "_File":
        """Open a file to be read; the store writes in its own way."""
        if mode not in ("rb", "r"):
            raise PermissionError(f"{path}: it is read only")
        store = self._of(path)
        return _File(store, path, store.size(path))

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Return what is known of a file."""
        return {"name": path, "size": self._of(path).size(path), "type": "file"}

    def size(self, path: str) -> int:
        """Return how many bytes a file has."""
        return self._of(path).size(path)

    def modified(self, path: str) -> datetime:
        """Return the same for every file."""
        return _NEVER

    def exists(self, path: str, **_: Any) -> bool:
        """Say so of what the log names; what is not there tells when it is read."""
        return True

    def glob(self, path: str, *_: Any, **__: Any) -> list[str]:
        """Return the path: a list of files is named whole."""
        return [path]


class _File(io.RawIOBase):
    def __init__(self, store: Reads, path: str, size: int) -> None:
        self.path, self.mode, self.size = path, "rb", size
        self._store, self._at = store, 0

    def read(self, n: int = -1) -> bytes:
        end = self.size if n is None or n < 0 else min(self._at + n, self.size)
        body = self._store.read(self.path, self._at, end)
        self._at += len(body)
        return body

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self.size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


MOUNT = Mount()


def mount(con: duckdb.DuckDBPyConnection, address: str, store: Reads) -> None:
    """Let the DuckDB of a connection read what lies below an address."""
    MOUNT.add(address, store)
    if not con.filesystem_is_registered(MOUNT.protocol):
        con.register_filesystem(MOUNT)
