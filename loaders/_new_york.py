"""New York's clock and sessions, as feeds of US options and stocks need them."""

import warnings
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from leadline import clock
from leadline.clock import BEGINNING, Span
from leadline.errors import FeedError

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar

NEW_YORK = ZoneInfo("America/New_York")
SHOWS = time(9, 45)  # the open and a delay of 15 min: before it a chain shows the session before
_INTEREST_AT = time(6, 30)
_FIRST = 1990  # as the sessions of a store begin
_PRESENT = timedelta(minutes=5)  # a span that is said to end now has ended when we look


class Session(NamedTuple):
    """When a session opens and closes."""

    opens_at: datetime
    closes_at: datetime


@cache
def session_before(session: date) -> date | None:
    """Return New York's session before one; None where the day is none."""
    days = list(sessions(session - timedelta(days=30), session))
    return days[-2] if days[-1] == session else None


@cache
def sessions(first: date, last: date) -> Mapping[date, Session]:
    """Return New York's sessions from one day to another, both of them in."""
    years = min(first.year, _FIRST), max(last.year, clock.now().year) + 1
    found = _calendar(*years).schedule.loc[first.isoformat() : last.isoformat()]
    told = zip(found.index, found["open"], found["close"], strict=True)
    return {
        day.date(): Session(opens.to_pydatetime(), closes.to_pydatetime())
        for day, opens, closes in told
    }


@cache
def _calendar(first: int, last: int) -> "ExchangeCalendar":
    """Return the sessions of some years; those of forty take as long as those of a month."""
    from exchange_calendars import get_calendar  # it takes a second, and few feeds need it

    with warnings.catch_warnings():
        # Under pandas 3.1 the library asks for a dtype by a name that is going away.
        warnings.simplefilter("ignore")
        return get_calendar("XNYS", start=f"{first}-01-01", end=f"{last}-12-31")


@lru_cache(maxsize=4_096)
def day_of(minute: int) -> date:
    """Return the day in New York of a minute since 1970."""
    return (BEGINNING + timedelta(minutes=minute)).astimezone(NEW_YORK).date()


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in New York."""
    return datetime(day.year, day.month, day.day, tzinfo=NEW_YORK).astimezone(UTC)


def touched(span: Span, now: datetime) -> tuple[date, date]:
    """Return the first and the last date whose session a span touches by now.

    A session lies within its UTC day, so `--since` a day does not touch the evening before.
    """
    days = clock.days(Span(span.since, max(min(span.until, now), span.since + _PRESENT)))
    return days[0], days[-1]


@cache
def sessions_after(day: date, n: int) -> date:
    """Return New York's nth session after a day."""
    following = sessions(day + timedelta(days=1), day + timedelta(days=2 * n + 14))
    return list(following)[n - 1]


def interest_known_at(session: date) -> datetime:
    """Return when open interest of the session before is published on a session's morning."""
    return datetime.combine(session, _INTEREST_AT, NEW_YORK)


def need_present(feed: str, who: str, span: Span) -> None:
    """Raise a FeedError unless a span holds now, for a source that tells nothing else."""
    if not span.since <= clock.now() < span.until + _PRESENT:
        raise FeedError(
            f"{feed}: {clock.stamp(span.since)} to {clock.stamp(span.until)} is not the "
            f"present, which is all that {who} tells; leave --since and --until out"
        )
