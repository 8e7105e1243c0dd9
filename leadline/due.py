"""When something is due: at times of a wall clock, or beside the open or the close of sessions."""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from itertools import takewhile
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from croniter import CroniterBadDateError, CroniterError, croniter

from leadline.errors import ConfigError, nearest
from leadline.span import stretch

NEW_YORK = "America/New_York"
XNYS = "XNYS"
_EDGE = re.compile(r"(?P<edge>open|close)(?: *(?P<sign>[+-]) *(?P<stretch>\w+))?")
_PLAIN = re.compile(r"[\d*/,\-#a-z]+", re.IGNORECASE)
_RANDOM = re.compile(r"(?<![a-z])[hr](?![a-z])", re.IGNORECASE)  # croniter draws lots for them
_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_LOOKS = tuple(timedelta(hours=hours) for hours in (2, 25, 8 * 24, 100 * 24, 9 * 366 * 24))
_MINUTE = timedelta(minutes=1)
_TRIED_FROM = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Calendar:
    """The sessions of one exchange, in order."""

    days: tuple[date, ...]
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "Calendar":
        """Lay out the sessions of one calendar from their rows."""
        told = sorted((row["session_date"], row["opens_at"], row["closes_at"]) for row in rows)
        return cls(*(tuple(each) for each in zip(*told, strict=True)))

    def has(self, day: date) -> bool:
        """Say whether a day is a session."""
        place = bisect_left(self.days, day)
        return place < len(self.days) and self.days[place] == day


Calendars = Mapping[str, Calendar]


@dataclass(frozen=True)
class Times:
    """The moments at which something is due.

    cron: five fields, read in a zone; with a calendar only on the days of its sessions. edge: the
    open or the close of each session of the calendar, and how long after it, if not before.
    An hour that the clock goes through twice counts once; a time that it leaves out in spring is
    due when it goes on. Where the hours are a star, what counts is the time that really passes.
    """

    cron: str | None = None
    zone: tzinfo = field(default_factory=lambda: ZoneInfo(NEW_YORK))
    calendar: str | None = None
    edge: Literal["open", "close"] | None = None
    offset: timedelta = timedelta()

    def after(self, moment: datetime, calendars: Calendars) -> Iterator[datetime]:
        """Yield the due times later than a moment, in order, as far as the sessions are known."""
        if self.edge and self.calendar:
            own = calendars[self.calendar]
            edges = own.opens if self.edge == "open" else own.closes
            first = bisect_right(edges, moment - self.offset)
            yield from (edge + self.offset for edge in edges[first:])
        else:
            yield from self._of_clock(moment, calendars)

    def next(self, moment: datetime, calendars: Calendars) -> datetime | None:
        """Return the first due time later than a moment; None where no session is known so far."""
        return next(self.after(moment, calendars), None)

    def last(self, moment: datetime, calendars: Calendars) -> datetime | None:
        """Return the newest due time that is not later than a moment."""
        for look in _LOOKS:
            found = deque(self.between(moment - look, moment, calendars), maxlen=1)
            if found:
                return found[0]
        return None

    def between(self, after: datetime, until: datetime, calendars: Calendars) -> Iterator[datetime]:
        """Yield the due times later than a moment and not later than another one."""
        return takewhile(lambda due: due <= until, self.after(after, calendars))

    @cached_property
    def _is_hourly(self) -> bool:
        return str(self.cron).split()[1].startswith("*")

    def _of_clock(self, moment: datetime, calendars: Calendars) -> Iterator[datetime]:
        own = calendars[self.calendar] if self.calendar else None
        times = croniter(str(self.cron), moment.astimezone(self.zone), ret_type=datetime)
        while True:
            try:
                due = times.get_next()
            except CroniterBadDateError:
                return
            if own and due.date() > own.days[-1]:
                return
            if (own and not own.has(due.date())) or not self._is_own(due):
                continue
            yield due.astimezone(UTC)

    def _is_own(self, due: datetime) -> bool:
        """Leave out what comes twice in autumn, and what is moved in spring."""
        if not self._is_hourly:
            return not due.fold
        before = (due.astimezone(UTC) - _MINUTE).astimezone(self.zone)
        is_shift = before.utcoffset() != due.utcoffset()
        return not is_shift or croniter.match(str(self.cron), due.replace(tzinfo=None))


def clock_times(where: str, cron: str, zone: str = NEW_YORK, calendar: str | None = None) -> Times:
    """Read five fields of cron; what is none, or never comes, is a ConfigError that says where."""
    fields = cron.split()
    if len(fields) != 5:
        raise ConfigError(
            f"{where} '{cron}' has {len(fields)} fields; it takes five, as 30 18 * * 1-5"
        )
    for each in fields:
        if not _PLAIN.fullmatch(each) or _RANDOM.search(each):
            raise ConfigError(f"{where} '{cron}' has '{each}', which says no time; write a number")
    if zone not in available_timezones():
        near = nearest(zone, available_timezones())
        raise ConfigError(f"{where} '{cron}' is of zone '{zone}', which nobody knows{near}")
    times = Times(cron, ZoneInfo(zone), calendar)
    try:
        # That it can be read does not mean that it comes: 31 February can.
        croniter(cron, _TRIED_FROM, ret_type=datetime).get_next()
    except CroniterBadDateError as error:
        raise ConfigError(
            f"{where} '{cron}' never fires; no such day is in any year, write another"
        ) from error
    except CroniterError as error:
        odd = next((pair for pair in zip(fields, _FIELDS, strict=True) if _is_odd(*pair)), None)
        what = f"has '{odd[0]}', which is no {odd[1]}" if odd else "can't be read"
        raise ConfigError(f"{where} '{cron}' {what}; write it as 30 18 * * 1-5") from error
    return times


def session_times(where: str, said: str, calendar: str = XNYS) -> Times:
    """Read `close + 30m`, `open - 10m` or `close`."""
    found = _EDGE.fullmatch(said.strip())
    offset = stretch(found["stretch"]) if found and found["stretch"] else timedelta()
    if found is None or offset is None:
        raise ConfigError(f"{where} is '{said}'; it takes close + 30m or open - 10m")
    edge: Literal["open", "close"] = "open" if found["edge"] == "open" else "close"
    return Times(
        None, calendar=calendar, edge=edge, offset=-offset if found["sign"] == "-" else offset
    )


def is_beside_sessions(said: str) -> bool:
    """Say whether a schedule is one of sessions, and none of cron."""
    return said.strip().startswith(("open", "close"))


def _is_odd(said: str, of: str) -> bool:
    """Say whether a field can't be read, whatever the others say."""
    fields = [said if each == of else "*" for each in _FIELDS]
    try:
        croniter(" ".join(fields), _TRIED_FROM)
    except CroniterError:
        return True
    return False
