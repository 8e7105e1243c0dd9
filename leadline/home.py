"""Where a store lies: a folder of this machine, or one of a bucket; nobody else asks which.

A folder is a path that can do a little more. What a bucket does instead is in `cloud.py`.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PosixPath
from stat import S_ISREG
from typing import Any, Protocol, Self
from uuid import uuid4

import duckdb

from leadline.errors import StoreError

_SETTLED_NS = 1_000_000_000  # a folder's time may be as coarse


@dataclass(frozen=True)
class Found:
    """A file that lies there: its path below the folder that was asked, and what is said of it."""

    name: str
    size: int
    modified_at: datetime


class Home(Protocol):
    """A folder, or a file, of a store."""

    settles_s: float  # how long what others did may go unseen where no load tells of it

    @property
    def name(self) -> str:
        """The last part of it."""
        ...

    @property
    def parent(self) -> Self:
        """The folder it lies in."""
        ...

    def __truediv__(self, name: str) -> Self: ...

    @property
    def own(self) -> Path:
        """The folder of this machine for what is kept beside the store, and may be deleted."""
        ...

    @property
    def options(self) -> dict[str, str] | None:
        """What Delta needs to come in."""
        ...

    def is_there(self) -> bool:
        """Say whether there is a store."""
        ...

    def has_file(self, name: str) -> bool:
        """Say whether a file lies in it."""
        ...

    def size(self, name: str) -> int | None:
        """Return how many bytes a file in it has; None where there is none."""
        ...

    def has_folder(self, name: str) -> bool:
        """Say whether anything lies in a folder of it."""
        ...

    def found(self, ending: str = ".parquet") -> Iterator[Found]:
        """Yield every file below it whose name ends so."""
        ...

    def listing(self, mark: object) -> tuple[object, list[str]] | None:
        """Return a mark and the names in it; None where they are still those of this mark."""
        ...

    def lent(self, name: str) -> AbstractContextManager[Path]:
        """Lend the files of a folder in it on this machine; it may lack any."""
        ...

    def move(self, name: str, to: str) -> None:
        """Move a file, or all of a folder, to another name below it."""
        ...

    def desk(self) -> Path:
        """Return the folder in which files are made before they are published."""
        ...

    def publish(self, name: str) -> None:
        """Lay a file of the desk into its place; twice is once."""
        ...

    def drop(self, name: str) -> None:
        """Delete a file, published or not."""
        ...

    def write(self, name: str, make: Callable[[Path], object]) -> None:
        """Let a file be made; it is whole or not there."""
        ...

    def begin(self, name: str, text: str) -> None:
        """Make the first file of a folder, unless another writer was there first."""
        ...

    def first(self, name: str, text: str) -> bool:
        """Write a file, whole or not at all; say whether nobody else has written it."""
        ...

    def local(self, name: str) -> AbstractContextManager[Path]:
        """Lend a file on this machine that is what lies there now."""
        ...

    def note(self, sizes: dict[str, int]) -> None:
        """Hear the sizes of files that never change."""
        ...

    def mount(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let a DuckDB read what lies there."""
        ...

    def each(self, names: Iterable[str], act: Callable[[str], object]) -> None:
        """Act for each name, several at once where that is quicker."""
        ...

    def refused(self, error: BaseException) -> StoreError | None:
        """Return what an error says if it comes from the way there and not from what lies there."""
        ...

    def told(self) -> dict[str, Any]:
        """Return what another process of ours needs to open it."""
        ...


class Folder(PosixPath):
    """A folder of this machine: all that is asked of it is done where it lies."""

    __slots__ = ()
    settles_s = 0.0
    options = None

    @property
    def own(self) -> Path:
        """Itself."""
        return self

    def is_there(self) -> bool:
        """Say whether it is a folder."""
        return self.is_dir()

    def has_file(self, name: str) -> bool:
        """Say whether a file lies in it; this is asked often."""
        return os.path.exists(f"{self}/{name}")

    has_folder = has_file

    def size(self, name: str) -> int | None:
        """Return how many bytes a file in it has."""
        try:
            return (self / name).stat().st_size
        except FileNotFoundError:
            return None

    def found(self, ending: str = ".parquet") -> Iterator[Found]:
        """Yield every file below it whose name ends so."""
        for path in self.rglob(f"*{ending}"):
            try:
                stat = path.stat()
            except FileNotFoundError:  # it has just gone
                continue
            if not S_ISREG(stat.st_mode):
                continue
            at = datetime.fromtimestamp(stat.st_mtime, UTC)
            yield Found(str(path.relative_to(self)), stat.st_size, at)

    def listing(self, mark: object) -> tuple[object, list[str]] | None:
        """Mark the names in it by the moment when it changed."""
        try:
            changed_at = os.stat(self).st_mtime_ns
        except (FileNotFoundError, NotADirectoryError):
            changed_at = 0
        if changed_at == mark:
            return None
        is_settled = time.time_ns() - changed_at > _SETTLED_NS  # the next file may come unseen
        return changed_at if is_settled else None, os.listdir(self) if changed_at else []

    @contextmanager
    def lent(self, name: str) -> Iterator[Path]:
        """Lend itself."""
        yield self / name

    def move(self, name: str, to: str) -> None:
        """Rename it."""
        target = self / to
        target.parent.mkdir(parents=True, exist_ok=True)
        (self / name).rename(target)

    def desk(self) -> Path:
        """Return itself."""
        return self

    def publish(self, name: str) -> None:
        """Do nothing: it was written into its place."""

    def drop(self, name: str) -> None:
        """Delete a file."""
        (self / name).unlink(missing_ok=True)

    def write(self, name: str, make: Callable[[Path], object]) -> None:
        """Let a file be made beside its place and moved there."""
        path = self / name
        part = path.with_name(f"{uuid4()}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            make(part)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def begin(self, name: str, text: str) -> None:
        """Make the folder of a file aside and move it to its place, whole; one writer is first."""
        aside = self / f"_made-{uuid4()}"
        folder = os.path.dirname(name)
        try:
            (aside / folder).mkdir(parents=True)
            (aside / name).write_text(text)
            (aside / folder).rename(self / folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def first(self, name: str, text: str) -> bool:
        """Write a file beside its place and link it there, which only one can."""
        part = (self / name).with_name(f"_{uuid4()}.part")
        try:
            part.write_text(text)
            os.link(part, self / name)
        except FileExistsError:
            return False
        finally:
            part.unlink(missing_ok=True)
        return True

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Lend itself."""
        yield self / name

    def note(self, sizes: dict[str, int]) -> None:
        """Do nothing: the disk says them."""

    def mount(self, con: duckdb.DuckDBPyConnection) -> None:
        """Do nothing: DuckDB reads disks."""

    def each(self, names: Iterable[str], act: Callable[[str], object]) -> None:
        """Act for one after the other."""
        for name in names:
            act(name)

    def refused(self, error: BaseException) -> StoreError | None:
        """Return None: the way to a disk says what it says."""
        return None

    def told(self) -> dict[str, Any]:
        """Return where it lies."""
        return {"store": str(self)}
