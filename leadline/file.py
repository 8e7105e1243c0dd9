"""Files of a source: plain, gzip, zip and tar members alike, each read whole or refused."""

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TypeAlias

from leadline import archive
from leadline.delimited import Csv
from leadline.errors import FeedError
from leadline.spill import Spill

if TYPE_CHECKING:  # a question asks no source
    from leadline.http import Download

Zips: TypeAlias = Literal["opened", "joined"]
MOST_OF_JSON = 256 << 20  # its values take some ten times as much
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Body:
    """A file's bytes, checked to the end: where they lie, their digest, and a footer cut off."""

    path: Path
    digest: str
    size: int
    lines: int
    footer: str


class File:
    """One file of a source, wherever it lies; its name says what a load of it covers."""

    def __init__(
        self,
        name: str,
        origin: str,
        opened: Callable[[], IO[bytes]],
        *,
        path: Path | None = None,
        packed: int = 0,
        modified_at: datetime | None = None,
        is_whole: bool = True,
    ) -> None:
        self.name = name
        self.origin = origin
        self.packed = packed
        self.modified_at = modified_at
        self.is_whole = is_whole  # it lies there by itself, not inside an archive
        self._opened = opened
        self._path = path
        self._folder: Spill | None = None
        self._bodies: dict[bool, Body] = {}
        self._digest: str | None = None

    @classmethod
    def of(cls, download: "Download") -> "File":
        """Return what came over the network; its Last-Modified comes along."""
        path = download.path
        return cls(
            path.name.removesuffix(".gz"),
            download.url,
            partial(archive.plain, path),
            path=path,
            packed=path.stat().st_size,
            modified_at=download.modified_at,
        )

    def bytes(self, most: int = archive.MOST) -> bytes:
        """Return the whole content, unpacked; raise a FeedError where there is more than most.

        What is too much is counted, and never held.
        """
        if self._path is None or self._path.suffix or self.packed > most:
            size = 0
            with self._reading() as source:
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise FeedError(
                            f"{self.origin}: over {most >> 20:,} MiB, more than there is of its "
                            f"kind; look at it"
                        )
        with self._reading() as source:
            return source.read()

    def text(self, most: int = archive.MOST) -> str:
        """Return the whole content as UTF-8 text."""
        try:
            return self.bytes(most).decode()
        except UnicodeDecodeError as error:
            raise FeedError(f"{self.origin}: byte {error.start} is no UTF-8 text") from error

    def json(self) -> Any:
        """Return the content as JSON; numbers with a fraction are decimals."""
        try:
            return json.loads(self.text(MOST_OF_JSON), parse_float=Decimal)
        except json.JSONDecodeError as error:
            raise FeedError(f"{self.origin}:{error.lineno}: no JSON; {error.msg}") from error
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, or a well
            what = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            raise FeedError(f"{self.origin}: no JSON that can be read; {what}") from error

    def first_line(self) -> str:
        """Return the first line without its end, of 64 KiB at most; no more of the file is read."""
        with self._reading() as source:
            line = source.read(1 << 16).split(b"\n", 1)[0].decode(errors="replace")
        return line.rstrip("\r")

    @property
    def digest(self) -> str:
        """The SHA-256 of the unpacked bytes."""
        if self._digest is None:
            self._digest = self.body().digest
        return self._digest

    def csv(
        self,
        columns: str,
        *,
        delimiter: str = ",",
        footer: int = 0,
        header: bool = True,
        quote: str = '"',
    ) -> Csv:
        """Return the file as rows of these columns; raise a FeedError where its header differs.

        footer=1 takes a last line away that says how many rows there are, and compares;
        header=False reads a file that has none; quote="" takes quotation marks as they are.
        """
        return Csv(self, columns, delimiter, footer, header, quote)

    def body(self, *, footer: bool = False) -> Body:
        """Read the file to its end, once; what is cut short or damaged is refused."""
        if footer not in self._bodies:
            self._bodies[footer] = self._checked(footer)
            self._digest = self._bodies[footer].digest
        return self._bodies[footer]

    def close(self) -> None:
        """Delete what had to be unpacked."""
        if self._folder:
            self._folder.cleanup()
        self._folder, self._bodies = None, {}

    def _checked(self, footer: bool) -> Body:
        copy = self._path is None or footer
        if copy and self._folder is None:
            self._folder = Spill()
        path = Path(self._folder.name, f"body{footer:d}") if copy and self._folder else self._path
        assert path is not None
        digest, size, lines, last = hashlib.sha256(), 0, 0, b""
        with self._reading() as source, path.open("wb") if copy else io.BytesIO() as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if copy:
                    target.write(chunk)
                if footer:
                    lines += chunk.count(b"\n")
                    last = (last + chunk)[-_CHUNK:]
            if footer:
                filled = last.rstrip(b"\r\n")
                body, _, last_line = filled.rpartition(b"\n")
                lines -= last.count(b"\n", len(filled))
                target.truncate(size - len(last) + len(body) + 1)
                found = last_line.decode(errors="replace").strip()
        return Body(path, digest.hexdigest(), size, lines, found if footer else "")

    def _reading(self) -> "_Whole":
        return _Whole(self.origin, self._opened)


class _Whole:
    """An opened file whose damage is told in one sentence."""

    def __init__(self, origin: str, opened: Callable[[], IO[bytes]]) -> None:
        self.origin, self.opened = origin, opened

    def __enter__(self) -> "_Whole":
        with self._told():
            self.source = self.opened()
        return self

    def __exit__(self, *_: object) -> None:
        self.source.close()

    def read(self, size: int = -1) -> bytes:
        with self._told():
            return self.source.read(size)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except archive.BROKEN as error:
            raise FeedError(f"{self.origin}: cut short or damaged; fetch it again") from error
        except OSError as error:
            raise FeedError(f"{self.origin}: {error.strerror or error}") from error
        except RuntimeError as error:  # of zipfile alone
            raise FeedError(f"{self.origin}: {error}; unpack it first") from error


class Files(Sequence[File]):
    """The files of one run, in the order of their names."""

    def __init__(self, found: Sequence[File]) -> None:
        self._found = list(found)
        self.reading: File | None = None  # the one that whoever goes through them is at

    def __iter__(self) -> Iterator[File]:
        for file in self._found:
            self.reading = file
            yield file
        self.reading = None

    def __getitem__(self, index: Any) -> Any:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)


def files(
    paths: Sequence[Path],
    knows: Callable[[str], bool],
    parts: int = 1,
    zips: Zips = "opened",
) -> tuple[Files, list[str]]:
    """Open folders, gzip, zip and tar files; return them, and which names were passed over.

    A file that is named is taken; inside folders and archives only those that `knows` accepts.
    The last `parts` of a file's path are its name; two files of one name are refused. Of a zip
    that is `opened` each member is a file; one that is `joined` is a file itself, the lines of
    its members, each behind its member's name and a comma.
    """
    taken: dict[str, File] = {}
    passed: list[str] = []
    for path in paths:
        if not path.exists():
            raise FeedError(f"{path}: there is no such file or folder")
        inside = path.is_dir()
        members = sorted(p for p in path.rglob("[!.]*") if p.is_file()) if inside else [path]
        for member in members:
            for file in _opened(member, parts, zips):
                if not (knows(Path(file.name).name) or (file.is_whole and not inside)):
                    passed.append(file.origin)
                elif file.name in taken:
                    raise FeedError(
                        f"{file.origin}: {taken[file.name].origin} has the same name; "
                        f"load one of them"
                    )
                else:
                    taken[file.name] = file
    return Files(sorted(taken.values(), key=lambda file: file.name)), passed


def _opened(path: Path, parts: int, zips: Zips) -> Iterator[File]:
    try:
        if path.suffix == ".zip" and zips == "opened":
            with zipfile.ZipFile(path) as members:
                for part in members.infolist():
                    if not part.is_dir():
                        opened = partial(archive.zipped, path, part.filename)
                        yield _member(path, part.filename, parts, opened, part.file_size)
        elif path.name.endswith((".tar", ".tar.gz", ".tgz")):
            with tarfile.open(path) as tar:
                for entry in tar:
                    if entry.isfile():
                        opened = partial(archive.tarred, path, entry.name)
                        yield _member(path, entry.name, parts, opened, entry.size)
        else:
            name = "/".join(path.with_name(path.name.removesuffix(".gz")).parts[-parts:])
            size = path.stat().st_size
            if path.suffix == ".zip":
                yield File(name, str(path), partial(archive.joined, path), packed=size)
            else:
                yield File(name, str(path), partial(archive.plain, path), path=path, packed=size)
    except archive.BROKEN as error:
        raise FeedError(f"{path}: cut short or damaged; fetch it again") from error
    except OSError as error:
        raise FeedError(f"{path}: {error.strerror or error}") from error


def _member(
    path: Path, member: str, parts: int, opened: Callable[[], IO[bytes]], size: int
) -> File:
    name = "/".join((path / member).parts[-parts:])
    return File(name, f"{path}::{member}", opened, packed=size, is_whole=False)
