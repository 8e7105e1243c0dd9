"""Opens what files are packed in: gzip, members of zip and tar archives, a zip as one text."""

import gzip
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

from isal import igzip, isal_zlib

from leadline.errors import FeedError

MOST = 2 << 30  # bytes of a file, or of a member of a joined zip, that is held at once
BROKEN: tuple[type[Exception], ...] = (
    EOFError, zlib.error, cast(type[Exception], isal_zlib.error), gzip.BadGzipFile,
    zipfile.BadZipFile, tarfile.ReadError,
)  # fmt: skip


def plain(path: Path) -> IO[bytes]:
    """Open a file that lies there by itself, gzipped or not."""
    if path.suffix == ".gz":
        return cast(IO[bytes], igzip.open(path))  # type: ignore[no-untyped-call]
    return path.open("rb")


def zipped(path: Path, member: str) -> IO[bytes]:
    """Open a member of a zip, which is unpacked while it is read."""
    with zipfile.ZipFile(path) as archive:
        return archive.open(member)


def tarred(path: Path, member: str) -> IO[bytes]:
    """Open a member of a tar, unpacked beside the memory."""
    with ExitStack() as undo:
        text = undo.enter_context(tempfile.TemporaryFile())
        with tarfile.open(path) as archive:
            if found := archive.extractfile(member):
                shutil.copyfileobj(found, text)
        text.seek(0)
        undo.pop_all()
    return text


def joined(path: Path) -> IO[bytes]:
    """Open a zip as one text: the lines of its members, each behind its member's name and a comma.

    Members come in the order of their names, so that it is the same text however it was packed.
    """
    with ExitStack() as undo:
        text = undo.enter_context(tempfile.TemporaryFile())
        with zipfile.ZipFile(path) as archive:
            for part in sorted(archive.infolist(), key=lambda part: part.filename):
                if set(part.filename) & set(',"\r\n'):
                    raise FeedError(
                        f"{path}: its member {part.filename!r} has a name that no line can begin "
                        f"with; mend the loader"
                    )
                if part.file_size > MOST:
                    raise FeedError(
                        f"{path}: its member {part.filename!r} has over {MOST >> 20:,} MiB; "
                        f"look at it"
                    )
                begin = f"{part.filename},".encode()
                # A last line may have no end; an empty member has no line.
                if lines := archive.read(part).replace(b"\r\n", b"\n").rstrip(b"\n"):
                    text.write(begin + lines.replace(b"\n", b"\n" + begin) + b"\n")
        text.seek(0)
        undo.pop_all()
    return text
