"""Moments and spans: UTC, half-open, in microseconds; the only file that reads the wall clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic

from leadline.errors import QueryError

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """Two moments: since is in, until is out."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise QueryError(f"span: {stamp(self.since)} is not before {stamp(self.until)}")


def now() -> datetime:
    """Return the wall clock's moment, which the command line, the store and receivers need."""
    return datetime.now(UTC)


def replay(span: Span, speed: float = 1) -> Callable[[], datetime]:
    """Return a clock that goes through a span from its first call on, and stands at its end."""
    started: list[float] = []

    def at() -> datetime:
        started[:] = started or [monotonic()]
        return min(span.since + timedelta(seconds=speed * (monotonic() - started[0])), span.until)

    return at


def moment(text: str) -> datetime:
    """Read a day or a moment; without a zone it is UTC."""
    try:
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryError(f"'{text}' is no moment; write 2024-03-01 or 2024-03-01T15:00Z") from error


def of_header(text: str) -> datetime | None:
    """Return the moment that a header of HTTP says, if it says one."""
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def midnight(day: date) -> datetime:
    """Return the moment at which a UTC day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def stamp(when: datetime) -> str:
    """Write a moment as people read it, to the second unless it holds more."""
    style = "%Y-%m-%d %H:%M:%S.%fZ" if when.microsecond else "%Y-%m-%d %H:%M:%SZ"
    return when.astimezone(UTC).strftime(style)


def days(span: Span) -> list[date]:
    """Return every UTC day that the span touches."""
    first = span.since.astimezone(UTC).date()
    last = (span.until.astimezone(UTC) - timedelta(microseconds=1)).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
