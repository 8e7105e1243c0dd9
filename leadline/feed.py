"""What a loader works with: its card, its spans, its rows and the files that it reads."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, TypeAlias, TypeVar

import pyarrow as pa

from leadline.clock import BEGINNING, Span
from leadline.delimited import Relation
from leadline.errors import FeedError
from leadline.file import File, Files, Zips, files
from leadline.http import Http
from leadline.socket import Connection, Socket
from leadline.stream import streamed

__all__ = [
    "ALL", "Batch", "Connection", "Extract", "Feed", "File", "Files", "Http", "Json", "Line",
    "Relation", "Row", "Rows", "Socket", "Span", "files", "from_ms", "meaning", "streamed", "to_ms",
    "understood",
]  # fmt: skip

Json = Any
Row = Mapping[str, Any]
Plain: TypeAlias = "Sequence[Row] | pa.RecordBatch | pa.Table"
Rows: TypeAlias = "Plain | Extract | Relation"
Batch = tuple[str, Rows]
ALL = ("all",)  # the pairs of a feed that takes every one that its venue trades
_MS = timedelta(milliseconds=1)
# A part that is missing, a shape or a number that is none.
_ODD = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError)

T = TypeVar("T")


@dataclass(frozen=True)
class Extract:
    """Rows that a loader read out of a file by itself; that file is what they cover.

    beside: other files that they depend on, so that the rows are new where one of them is.
    """

    file: File
    rows: Plain
    beside: tuple[File, ...] = ()


@dataclass(frozen=True)
class Line:
    """One of a feed's connections: its address, and what `listen` is given beside its socket.

    silence_s: as on the card, where it is another one.
    """

    address: str
    given: Mapping[str, Any] = field(default_factory=dict)
    silence_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The card of a loader.

    writes: the datasets it fills, in the order in which a load commits them; children before
    parents. files: which names in a folder or an archive are the source's own. parts: how many
    parts of its path name a file; more than one where folders tell files of one name apart.
    zips: `opened`, each member of a zip is a file; `joined`, the zip is one, of its members' lines,
    each behind its member's name and a comma.
    step: what one network load covers, in days, 0 for everything at once; a span is widened to
    whole steps. per_second: requests that a host is asked at most, by all processes together.
    source: the name under which hosts share that pace, with those of every feed that says it.
    has_contact: the source refuses whoever does not say whom to write to. wants: the view that
    says what there is to ask for, whose rows `Http.wanted` returns. bucket: the address of
    a bucket over S3, https://endpoint/bucket, from which a span's files are fetched for `read`.
    objects: what a day's files are called there, as strftime writes it, so that they sort by
    their days; beside: those that `read` wants with them, and which are no loads of their own.
    schedule: when it is loaded, as cron in its zone, or as `close + 30m` of New York's sessions.
    socket: the address at which it is listened to. silence_s: how long its socket may say nothing,
    heartbeats included, before the connection is given up and made again. lifetime_s: after how
    long another connection takes its place, where its address says all that it is asked for.
    connects: how many connections may be made a minute, and at once before that.
    """

    writes: tuple[str, ...]
    files: str | tuple[str, ...] = "*"
    parts: int = 1
    zips: Zips = "opened"
    step: int = 1
    per_second: float = 5.0
    source: str | None = None
    has_contact: bool = False
    wants: str | None = None
    bucket: str | None = None
    objects: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    schedule: str | None = None
    zone: str = "America/New_York"
    socket: str | None = None
    silence_s: float | None = None
    lifetime_s: float | None = None
    connects: tuple[float, float] = (30, 10)

    @property
    def patterns(self) -> tuple[str, ...]:
        """What the names of its files look like."""
        return (self.files,) if isinstance(self.files, str) else self.files

    def coverage(self, path: str) -> str:
        """Return what a load of a file at a path of the source covers."""
        return "/".join(PurePosixPath(path).parts[-self.parts :]).removesuffix(".gz")

    def knows(self, name: str) -> bool:
        """Say whether a file of this name looks like this source's."""
        return any(fnmatch.fnmatch(name, pattern) for pattern in self.patterns)


class understood:
    """Make what is odd about something said a FeedError, which shows how that begins.

    What a loader finds out by itself it says by itself.
    """

    __slots__ = ("_mend", "_said", "_where")

    def __init__(self, where: str, said: bytes | str, mend: str = "mend the loader") -> None:
        self._where, self._said, self._mend = where, said, mend

    def __enter__(self) -> None:
        """Begin to read."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: object
    ) -> None:
        """Say what was odd."""
        if kind is None or not isinstance(error, _ODD):
            return
        what = str(error)
        if isinstance(error, KeyError):
            what = f"no {error} in it"
        elif isinstance(error, ArithmeticError):
            what = "a number that it can't count with"
        elif isinstance(error, RecursionError):
            what = "nested too deeply"
        elif isinstance(error, AttributeError | LookupError | TypeError):
            what = "not of a shape that it knows"
        start = self._said[:60]
        start = start if isinstance(start, str) else start.decode(errors="replace")
        raise FeedError(f"{self._where}: {what}: '{start}'; {self._mend}") from error


def meaning(where: str, words: Mapping[str, T], said: str) -> T:
    """Return what a source's word means; one that nobody has met is a FeedError."""
    if said not in words:
        have = ", ".join(sorted(filter(None, words)))
        raise FeedError(f"{where}: '{said}' is none of {have}; mend the loader")
    return words[said]


def from_ms(value: int) -> datetime:
    """Return the moment of Unix milliseconds."""
    return BEGINNING + value * _MS


def to_ms(when: datetime) -> int:
    """Return a moment as Unix milliseconds, rounded down."""
    return (when - BEGINNING) // _MS


def batches(feed: str, card: Feed, yielded: Iterator[Batch]) -> Iterator[Batch]:
    """Pass on what a loader yields; stop it where it writes a dataset that its card leaves out."""
    for dataset, rows in yielded:
        if dataset not in card.writes:
            raise KeyError(f"{feed} writes {dataset}, which its card does not name")
        yield dataset, rows
